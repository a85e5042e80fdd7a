"""One entry of a unit's log: written on a phone in three minutes, saved while it is written."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kommuner.gyldighet import idag
from nettverk.models import Nettverk
from nettverk.skriving.barnesjekk import look_for_children
from nettverk.templatetags.portal import klokke
from nettverk.tilgang.sider import nettverksside
from nettverk.tilgang.tillatelser import krev
from rolu.forms.mellomarbeid import LoggpostForm
from rolu.mellomarbeid import logg
from rolu.mellomarbeid.faser import LEDETEKSTER
from rolu.models import Loggpost, Mellomarbeid
from rolu.views.meldinger import ER_LEVERT, levert_meldinger
from rolu.views.mellomarbeid import fetch


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def loggpost(request: HttpRequest, nettverk: Nettverk, pk: int, noekkel: uuid.UUID) -> HttpResponse:
    """Write or change an entry. With X-Autolagre the answer is JSON (see static/js/autolagre.js)."""
    arbeid = fetch(request, nettverk, pk)
    krev(request.user, "rolu.write_mellomarbeid", arbeid)
    post = arbeid.loggposter.select_related("skrevet_av").filter(noekkel=noekkel).first()
    if request.method == "POST" and "forkast" in request.POST:
        return redirect("rolu:mellomarbeid", nettverk.slug, pk)
    if request.method == "POST":
        save = _autosave if "X-Autolagre" in request.headers else _submit
        return save(request, arbeid, post, noekkel)
    if arbeid.er_levert:
        messages.info(request, ER_LEVERT)
        return redirect("rolu:mellomarbeid", nettverk.slug, pk)
    return _page(request, arbeid, post, LoggpostForm(initial=_initial(request, post)))


def _initial(request: HttpRequest, post: Loggpost | None) -> dict[str, Any]:
    if post:
        return {
            "fase": post.fase,
            "tekst": post.tekst,
            "dato": post.dato,
            "hvem": post.hvem,
            "versjon": post.versjon,
        }
    fase = request.GET.get("fase", "")
    if fase not in Loggpost.Fase.values:
        fase = Loggpost.Fase.PLANLEGGE
    return {"fase": fase, "dato": idag(), "versjon": 0}


def _page(
    request: HttpRequest,
    arbeid: Mellomarbeid,
    post: Loggpost | None,
    form: LoggpostForm,
    *,
    status: int = 200,
    **mer: Any,
) -> HttpResponse:
    tekst = str(form["tekst"].value() or "")
    return render(
        request,
        "rolu/mellomarbeid_logg.html",
        {
            "arbeid": arbeid,
            "enhet": arbeid.gruppe.enhet,
            "post": post,
            "form": form,
            "ledetekster": [(fase.value, LEDETEKSTER[fase]) for fase in Loggpost.Fase],
            "se_over": look_for_children(tekst),
            **mer,
        },
        status=status,
    )


def _submit(
    request: HttpRequest, arbeid: Mellomarbeid, post: Loggpost | None, noekkel: uuid.UUID
) -> HttpResponse:
    """The ordinary way: «Ferdig», with or without JavaScript."""
    form = LoggpostForm(_with_chosen_version(request))
    if not form.is_valid():
        return _page(request, arbeid, post, form, status=422)
    try:
        post = logg.save(mellomarbeid=arbeid, noekkel=noekkel, by=request.user, **form.felt)
    except logg.Konflikt as konflikt:
        return _page(request, arbeid, post, form, status=409, deres=konflikt.deres)
    except Loggpost.DoesNotExist:
        raise Http404 from None
    except logg.ErLevert:
        form.add_error(None, ER_LEVERT)
        return _page(request, arbeid, post, form, status=409)
    for advarsel in look_for_children(f"{post.tekst} {post.hvem}"):
        messages.warning(request, advarsel)
    adresse = reverse("rolu:mellomarbeid", args=[arbeid.oppdrag.nettverk.slug, arbeid.pk])
    return redirect(f"{adresse}#notat-{post.pk}")


def _autosave(
    request: HttpRequest, arbeid: Mellomarbeid, post: Loggpost | None, noekkel: uuid.UUID
) -> JsonResponse:
    """The form saving itself while the person writes. Nothing written makes no entry."""
    form = LoggpostForm(request.POST, kladd=True)
    if not form.is_valid():
        return JsonResponse({"status": "feil", "feil": form.errors}, status=422)
    if post is None and not (form.felt["tekst"] or form.felt["hvem"]):
        return _saved(0)
    try:
        post = logg.save(mellomarbeid=arbeid, noekkel=noekkel, by=request.user, **form.felt)
    except logg.Konflikt as konflikt:
        html = render_to_string(
            "rolu/mellomarbeid_logg.html#konflikt", {"deres": konflikt.deres}, request=request
        )
        return JsonResponse({"status": "konflikt", "html": html}, status=409)
    except Loggpost.DoesNotExist:
        raise Http404 from None
    except logg.ErLevert:
        return JsonResponse({"status": "feil", "feil": {"tekst": [str(ER_LEVERT)]}}, status=409)
    return _saved(post.versjon)


def _with_chosen_version(request: HttpRequest) -> Any:
    """The posted data; after a conflict «Behold min tekst» says on which version it was decided."""
    data = request.POST.copy()
    if "behold" in data:
        data["versjon"] = str(data["behold"])
    return data


def _saved(versjon: int) -> JsonResponse:
    return JsonResponse(
        {"status": "lagret", "versjon": versjon, "lagret": klokke(timezone.localtime())}
    )


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def loggpost_slett(
    request: HttpRequest, nettverk: Nettverk, pk: int, noekkel: uuid.UUID
) -> HttpResponse:
    """Ask, then remove an entry."""
    arbeid = fetch(request, nettverk, pk)
    post = get_object_or_404(arbeid.loggposter, noekkel=noekkel)
    post.mellomarbeid = arbeid
    krev(request.user, "rolu.remove_loggpost", post)
    if request.method == "POST":
        with levert_meldinger(request, _("Notatet er slettet.")):
            logg.remove(post)
        return redirect("rolu:mellomarbeid", nettverk.slug, pk)
    return render(
        request,
        "bekreft.html",
        {
            "tittel": _("Slette notatet?"),
            "tekst": post.tekst[:300],
            "knapp": _("Slett notatet"),
            "avbryt_url": reverse("rolu:loggpost", args=[nettverk.slug, pk, noekkel]),
        },
    )
