"""One entry of a unit's log: written on a phone in three minutes, saved while it is written."""

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kommuner.gyldighet import idag
from nettverk.models import Nettverk
from nettverk.side.innhold import innhold
from nettverk.skriving.autolagring import is_discarded, posted, save_text, saves_itself
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from rolu.forms.mellomarbeid import LoggpostForm
from rolu.mellomarbeid import logg
from rolu.mellomarbeid.faser import LEDETEKSTER, phase
from rolu.models import Loggpost, Mellomarbeid
from rolu.views.mellomarbeid import fetch


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def loggpost(
    request: PortalRequest, nettverk: Nettverk, pk: int, noekkel: uuid.UUID
) -> HttpResponse:
    """Write or change an entry. With X-Autolagre the answer is JSON (see static/js/autolagre.js)."""
    arbeid = fetch(request, nettverk, pk)
    krev(request.user, "rolu.write_mellomarbeid", arbeid)
    post = arbeid.loggposter.select_related("skrevet_av").filter(noekkel=noekkel).first()
    if request.method == "POST" and is_discarded(request):
        return redirect("rolu:mellomarbeid", nettverk.slug, pk)
    if request.method == "POST":
        return _save(request, arbeid, post, noekkel)
    if arbeid.er_levert:
        messages.info(request, logg.ER_LEVERT)
        return redirect("rolu:mellomarbeid", nettverk.slug, pk)
    return _page(request, arbeid, post, LoggpostForm(initial=_initial(request, post)))


def _initial(request: PortalRequest, post: Loggpost | None) -> dict[str, Any]:
    if post:
        return {
            "fase": post.fase,
            "tekst": post.tekst,
            "dato": post.dato,
            "hvem": post.hvem,
            "versjon": post.versjon,
        }
    return {"fase": phase(request.GET.get("fase", "")), "dato": idag(), "versjon": 0}


def _page(
    request: PortalRequest,
    arbeid: Mellomarbeid,
    post: Loggpost | None,
    form: LoggpostForm,
    *,
    status: int = 200,
    konflikt: dict[str, Any] | None = None,
) -> HttpResponse:
    if post is None and not form.is_bound:
        # Nothing but to write. After an error the summary has the focus.
        form.fields["tekst"].widget.attrs["autofocus"] = True
    return render(
        request,
        "rolu/mellomarbeid_logg.html",
        {
            "arbeid": arbeid,
            "oppdrag": arbeid.oppdrag,
            "loype": arbeid.oppdrag.laeringsloype
            if request.nettverk.uses("laeringsloyper")
            else None,
            "post": post,
            "sist": logg.last_written(arbeid, besides=post),
            "form": form,
            "ledetekster": [(fase.value, LEDETEKSTER[fase]) for fase in Loggpost.Fase],
            "se_over": form.worth_a_look,
            "konflikt": konflikt,
        },
        status=status,
    )


def _save(
    request: PortalRequest, arbeid: Mellomarbeid, post: Loggpost | None, noekkel: uuid.UUID
) -> HttpResponse:
    """«Ferdig», or the page saving itself while the person writes: then nothing is demanded yet."""
    kladd = saves_itself(request)

    def save(felt: dict[str, Any]) -> Loggpost | None:
        if kladd and post is None and not (felt["tekst"] or felt["hvem"]):
            return None  # nothing written makes no entry
        return logg.save(mellomarbeid=arbeid, noekkel=noekkel, by=request.user, **felt)

    def done(lagret: Loggpost) -> HttpResponse:
        adresse = reverse("rolu:mellomarbeid", args=[arbeid.oppdrag.nettverk.slug, arbeid.pk])
        return redirect(f"{adresse}#notat-{lagret.pk}")

    try:
        return save_text(
            request,
            LoggpostForm(posted(request), kladd=kladd),
            save=save,
            page=partial(_page, request, arbeid, post),
            done=done,
        )
    except Loggpost.DoesNotExist:
        raise Http404 from None


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def loggpost_slett(
    request: PortalRequest, nettverk: Nettverk, pk: int, noekkel: uuid.UUID
) -> HttpResponse:
    """Ask, then remove an entry."""
    arbeid = fetch(request, nettverk, pk)
    post = get_object_or_404(arbeid.loggposter, noekkel=noekkel)
    post.mellomarbeid = arbeid
    krev(request.user, "rolu.remove_loggpost", post)
    if request.method == "POST":
        with told(request, _("Notatet er slettet.")):
            logg.remove(post)
        return redirect("rolu:mellomarbeid", nettverk.slug, pk)
    return render(
        request,
        "bekreft.html",
        {
            "tittel": _("Slette notatet?"),
            "tekst": innhold(post.tekst[:300], nettverk),
            "knapp": _("Slett notatet"),
            "avbryt_url": reverse("rolu:loggpost", args=[nettverk.slug, pk, noekkel]),
        },
    )
