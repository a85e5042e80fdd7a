"""One entry of a unit's log: written on a phone in three minutes, saved while it is written."""

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kommuner.gyldighet import idag
from nettverk.models import Nettverk
from nettverk.side.innhold import innhold
from nettverk.skriving import tilstede
from nettverk.skriving.autolagring import is_discarded, posted, save_text, saves_itself
from nettverk.skriving.svar import Angring, told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from rolu.forms.loggpost import BleDetForm, LoggpostForm, StegGjortForm
from rolu.mellomarbeid import logg, nestesteg
from rolu.mellomarbeid.faser import LEDETEKSTER, phase
from rolu.models import Loggpost, Mellomarbeid, Nestesteg
from rolu.models.mellomarbeid import LoggpostQuerySet
from rolu.views.mellomarbeid import fetch, fetch_to_save
from rolu.views.vedlegg import files_of


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def loggpost(
    request: PortalRequest, nettverk: Nettverk, pk: int, noekkel: uuid.UUID
) -> HttpResponse:
    """Write or change an entry. With X-Autolagre the answer is JSON (see static/js/autolagre.js)."""
    selv = request.method == "POST" and saves_itself(request)
    arbeid = (fetch_to_save if selv else fetch)(request, nettverk, pk)
    krev(request.user, "rolu.write_mellomarbeid", arbeid)
    if request.method == "POST" and is_discarded(request):
        return redirect("rolu:mellomarbeid", nettverk.slug, pk)
    notat = arbeid.loggposter.filter(noekkel=noekkel)
    # What saves itself draws no page: the entry is read where it is written, when it is held.
    post = None if selv else notat.select_related("skrevet_av").first()
    if request.method == "POST":
        return _save(request, arbeid, post, notat, noekkel)
    if lukket := logg.closed(arbeid):
        messages.info(request, lukket)
        return redirect("rolu:mellomarbeid", nettverk.slug, pk)
    form = LoggpostForm(
        initial=_initial(request, post), oppdrag=arbeid.oppdrag, notat=notat if post else None
    )
    return _page(request, arbeid, post, noekkel, form)


def _initial(request: PortalRequest, post: Loggpost | None) -> dict[str, Any]:
    if post:
        felt = ("fase", "dato", "versjon", *LoggpostForm.tekster, *LoggpostForm.tall)
        return {navn: getattr(post, navn) for navn in felt}
    return {"fase": phase(request.GET.get("fase", "")), "dato": idag(), "versjon": 0}


def _page(
    request: PortalRequest,
    arbeid: Mellomarbeid,
    post: Loggpost | None,
    noekkel: uuid.UUID,
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
            "noekkel": noekkel,
            "sist": logg.last_written(arbeid, besides=post),
            **files_of(request, arbeid, post),
            "form": form,
            "tall": [form[navn] for navn in form.tall],
            "aapne": form.used,
            "mer": [form["merket"], form["videre"]],
            "ledetekster": [(fase.value, LEDETEKSTER[fase]) for fase in Loggpost.Fase],
            "se_over": form.worth_a_look,
            "konflikt": konflikt,
        },
        status=status,
    )


def _save(
    request: PortalRequest,
    arbeid: Mellomarbeid,
    post: Loggpost | None,
    notat: LoggpostQuerySet,
    noekkel: uuid.UUID,
) -> HttpResponse:
    """«Ferdig», or the page saving itself while the person writes: then nothing is demanded yet."""
    kladd = saves_itself(request)
    form = LoggpostForm(posted(request), oppdrag=arbeid.oppdrag, notat=notat, kladd=kladd)

    def save(felt: dict[str, Any]) -> Loggpost | None:
        if kladd and not form.says_something and not notat.exists():
            return None  # nothing written makes no entry
        return logg.save(mellomarbeid=arbeid, noekkel=noekkel, by=request.user, **felt)

    def done(lagret: Loggpost) -> HttpResponse:
        adresse = reverse("rolu:mellomarbeid", args=[arbeid.oppdrag.nettverk.slug, arbeid.pk])
        return redirect(f"{adresse}#notat-{lagret.pk}")

    try:
        return save_text(
            request,
            form,
            save=save,
            page=partial(_page, request, arbeid, post, noekkel),
            done=done,
        )
    except Loggpost.DoesNotExist:
        raise Http404 from None


@nettverksside("rolu.view_oppdrag")
@require_safe
def loggpost_naa(
    request: PortalRequest, nettverk: Nettverk, pk: int, noekkel: uuid.UUID
) -> HttpResponse:
    """Say that one writes here, and hear who else does."""
    arbeid = fetch(request, nettverk, pk)
    krev(request.user, "rolu.write_mellomarbeid", arbeid)
    if logg.is_anothers(noekkel, arbeid):
        raise Http404
    sted = f"loggpost:{arbeid.pk}:{noekkel}"
    tilstede.note(sted, request.user)
    return JsonResponse({"andre": tilstede.in_words(tilstede.others(sted, request.user))})


_SVAR = {"ja": logg.happened, "flyttet": logg.move, "nei": logg.came_to_nothing}


@nettverksside("rolu.view_oppdrag")
@require_POST
def loggpost_ble(
    request: PortalRequest, nettverk: Nettverk, pk: int, noekkel: uuid.UUID
) -> HttpResponse:
    """«Ble det noe av?», when a planned day has passed: yes, moved, no. After yes one writes what happened."""
    arbeid = fetch(request, nettverk, pk)
    krev(request.user, "rolu.write_mellomarbeid", arbeid)
    post = get_object_or_404(arbeid.loggposter, noekkel=noekkel)
    form = BleDetForm(request.POST)
    if not form.is_valid():  # no button says so
        return redirect("rolu:mellomarbeid", nettverk.slug, pk)
    svar, fra = form.cleaned_data["svar"], form.cleaned_data["fra"]
    with told(request) as utfall:
        naa = _SVAR[svar](post)
        utfall.takk = _what_came_of_it(svar, naa)
    if svar == "ja" and not utfall.nei:
        return redirect("rolu:loggpost", nettverk.slug, pk, noekkel)
    if fra == "hjem":
        return redirect("nettverk:hjem", nettverk.slug)
    return redirect("rolu:mellomarbeid", nettverk.slug, pk)


def _what_came_of_it(svar: str, post: Loggpost) -> str:
    if svar == "ja":
        return _("Så bra. Skriv noen ord om hva som skjedde, eller gjør det senere.")
    if svar == "flyttet":
        dag = date_format(post.dato, "l j. F")
        return _("Flyttet til %(dag)s. Passer ikke dagen, endrer dere den i notatet.") % {
            "dag": dag
        }
    return _("Notatet står som «ble ikke noe av». Dere kan planlegge på nytt når som helst.")


@nettverksside("rolu.view_oppdrag")
@require_POST
def steg_gjort(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Tick a next step, or take the tick away."""
    steg = get_object_or_404(
        Nestesteg.objects.visible_to(request.roller).select_related(
            "loggpost__mellomarbeid__oppdrag__nettverk", "loggpost__mellomarbeid__gruppe", "hos"
        ),
        pk=pk,
    )
    krev(request.user, "rolu.tick_nestesteg", steg)
    adresse = reverse("rolu:mellomarbeid", args=[nettverk.slug, steg.loggpost.mellomarbeid_id])
    form = StegGjortForm(request.POST)
    if not form.is_valid():  # no button says so
        return redirect(adresse)
    gjort = form.cleaned_data["gjort"]
    fra_hjem = form.cleaned_data["fra"] == "hjem"
    takk = _("Krysset av som gjort.") if gjort else _("Krysset er tatt bort.")
    with told(request, takk) as utfall:
        nestesteg.tick(steg, gjort=gjort, by=request.user)
        if gjort and fra_hjem:  # elsewhere the step still stands, with its tick
            utfall.angre = Angring(request.path, {"gjort": "0", "fra": "hjem"})
    if fra_hjem:
        return redirect("nettverk:hjem", nettverk.slug)
    return redirect(f"{adresse}#neste-steg")


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
            "konsekvenser": _goes_with(post.vedlegg.count()),
            "knapp": _("Slett notatet"),
            "avbryt_url": reverse("rolu:loggpost", args=[nettverk.slug, pk, noekkel]),
        },
    )


def _goes_with(filer: int) -> list[str]:
    if not filer:
        return []
    linje = ngettext(
        "%(n)s fil i notatet slettes også, og blir borte for godt.",
        "%(n)s filer i notatet slettes også, og blir borte for godt.",
        filer,
    )
    return [linje % {"n": filer}]
