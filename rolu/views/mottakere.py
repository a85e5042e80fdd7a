"""Change whom a gathering or an assignment is for, after it has been sent: choose, see who it is, do it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from nettverk.arbeid.brev import preview
from nettverk.models import Nettverk
from nettverk.mottakere.skjema import (
    MottakereForm,
    answer,
    asks_for_count,
    asks_for_file,
    in_words,
)
from nettverk.side.portalform import form_status, posted_fields, sent
from nettverk.skriving.konflikt import Konflikt
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from rolu.forms.mottakere import OppdragsbytteForm, SamlingsbytteForm
from rolu.mellomarbeid import oppdrag as oppdragene
from rolu.models import Oppdrag, Samling
from rolu.samlinger import mottakerbytte, publisering, samlingsbrev
from rolu.samlinger.tilstand import require_unlocked
from rolu.views.faner import fetch_med_tall, people_file, samlingsside, told_when_locked
from rolu.views.oppdrag import home

_skriver = require_http_methods(["GET", "HEAD", "POST"])
# What the page that asks sends along of its own.
_SVAR = {"stand", "ta_ut", "ta_ut_alle", "beskjed", "lagre", "rett"}


def _goes_on(request: PortalRequest, velger: MottakereForm) -> bool:
    """Whether the choice is made: what changes by it is shown, or done."""
    bare_ser = asks_for_count(request) or asks_for_file(request) or "rett" in request.POST
    return request.method == "POST" and not bare_ser and velger.is_valid()


@nettverksside("rolu.view_samling")
@_skriver
@told_when_locked
def samling_mottakere(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponseBase:
    """Whom a published gathering is for: choose anew, then see who comes in and who falls out."""
    samling = fetch_med_tall(request, nettverk, pk)
    krev(request.user, "rolu.change_samling", samling)
    if samling.er_utkast:
        return redirect("rolu:samling_publiser", nettverk.slug, pk)
    require_unlocked(samling)
    if not samling.er_forestaaende:
        messages.info(
            request, _("Samlingen er over eller avlyst. Du kan ikke endre hvem samlingen er for.")
        )
        return redirect("rolu:samling", nettverk.slug, pk)
    velger = MottakereForm(
        **sent(request), nettverk=nettverk, valgt=publisering.audience(samling), dato=samling.dato
    )
    velger.kan_hentes = kan(request.user, "rolu.export_deltakelser", samling)
    if asks_for_file(request) and velger.is_valid():
        return people_file(request, samling, velger.mottakere)
    if request.htmx and asks_for_count(request):
        return answer(request, velger)
    if _goes_on(request, velger):
        return _change_samling(request, samling, velger)
    return render(
        request,
        "rolu/samling_mottakere.html",
        {**samlingsside(request, samling, "samling"), "velger": velger},
        status=form_status(velger),
    )


def _change_samling(
    request: PortalRequest, samling: Samling, velger: MottakereForm
) -> HttpResponse:
    bytte = mottakerbytte.foresee(samling, velger.mottakere)
    if "lagre" not in request.POST:
        return _show_samling(request, samling, velger, SamlingsbytteForm(bytte=bytte))
    form = SamlingsbytteForm(request.POST, bytte=bytte)
    if not form.is_valid():
        return _show_samling(request, samling, velger, form)
    try:
        with told(request) as utfall:
            gjort = mottakerbytte.change_audience(
                samling,
                mottakere=velger.mottakere,
                stand=form.cleaned_data["stand"],
                ta_ut=form.skal_ut,
                tell=form.skal_ha_beskjed,
                by=request.user,
            )
            utfall.takk = _changed(len(gjort.nye), _("Samlingen er for dem du valgte."))
    except Konflikt as feil:
        return _show_samling(
            request, samling, velger, SamlingsbytteForm(bytte=feil.deres), konflikt=True
        )
    return redirect("rolu:samling", samling.nettverk.slug, samling.pk)


def _changed(nye: int, takk: str) -> str:
    if not nye:
        return takk
    invitert = ngettext("%(n)s ny er invitert.", "%(n)s nye er invitert.", nye) % {"n": nye}
    return f"{takk} {invitert}"


def _show_samling(
    request: PortalRequest,
    samling: Samling,
    velger: MottakereForm,
    form: SamlingsbytteForm,
    *,
    konflikt: bool = False,
) -> HttpResponse:
    bytte, nettverk = form.bytte, samling.nettverk
    return render(
        request,
        "rolu/samling_mottakere_vis.html",
        {
            "samling": samling,
            "form": form,
            "konflikt": konflikt,
            "bytte": bytte,
            "mottakere": in_words(velger.mottakere, samling.dato),
            "tilbake": reverse("rolu:samling", args=[nettverk.slug, samling.pk]),
            "felt": posted_fields(request, uten=_SVAR),
            "eposten": preview(
                "rolu/epost/invitasjon.txt",
                til=request.user,
                nettverk=nettverk,
                data=samlingsbrev.invitation_data(samling, []),
            )
            if bytte.brev
            else None,
            "beskjedene": _no_longer(request, samling, bytte) if "beskjed" in form.fields else [],
        },
        status=409 if konflikt else form_status(form),
    )


def _no_longer(
    request: PortalRequest, samling: Samling, bytte: mottakerbytte.Folkebytte
) -> list[tuple[str, dict[str, str]]]:
    """The letter to those who fall out, and the one to those whose Verv has ended: each that there is
    somebody for, with its heading."""
    utenfor = {person.pk for person in (*bytte.ut, *bytte.paameldte)}
    slagene = [
        (_("Slik blir e-posten til dem som faller ut"), False, utenfor - bytte.uten_verv),
        (_("Slik blir e-posten til dem som ikke har verv lenger"), True, utenfor & bytte.uten_verv),
    ]
    return [
        (
            tittel,
            preview(
                "rolu/epost/ute.txt",
                til=request.user,
                nettverk=samling.nettverk,
                data={"samling": samling, "uten_verv": uten_verv},
            ),
        )
        for tittel, uten_verv, folk in slagene
        if folk
    ]


@nettverksside("rolu.view_oppdrag")
@_skriver
def oppdrag_mottakere(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Which units an assignment is for: choose anew, then see which get it and which lose it."""
    oppdrag = get_object_or_404(
        Oppdrag.objects.visible_to(request.roller).select_related(
            "samling", "laeringsloype", "mottakere"
        ),
        pk=pk,
    )
    oppdrag.nettverk = nettverk
    krev(request.user, "rolu.give_oppdrag_i_loype", oppdrag)
    if oppdrag.er_forfalt:
        messages.info(
            request, _("Fristen har gått ut. Flytt fristen først hvis andre skal få oppdraget.")
        )
        return redirect(home(oppdrag))
    with told(request) as utfall:
        oppdragene.require_own_audience(oppdrag, request.roller)
    if utfall.nei:
        return redirect(home(oppdrag))
    velger = MottakereForm(
        **sent(request),
        nettverk=nettverk,
        valgt=oppdragene.audience(oppdrag),
        bare_enheter=True,
        bundet=oppdragene.bound_to(request.roller),
    )
    if request.htmx and asks_for_count(request):
        return answer(request, velger)
    if _goes_on(request, velger):
        return _change_oppdrag(request, oppdrag, velger)
    return render(
        request,
        "rolu/oppdrag_mottakere.html",
        {"oppdrag": oppdrag, "velger": velger, "tilbake": home(oppdrag)},
        status=form_status(velger),
    )


def _change_oppdrag(
    request: PortalRequest, oppdrag: Oppdrag, velger: MottakereForm
) -> HttpResponse:
    bytte = oppdragene.foresee_change(oppdrag, velger.mottakere)
    if "lagre" not in request.POST:
        return _show_oppdrag(request, oppdrag, velger, OppdragsbytteForm(bytte=bytte))
    form = OppdragsbytteForm(request.POST, bytte=bytte)
    if not form.is_valid():
        return _show_oppdrag(request, oppdrag, velger, form)
    try:
        with told(request) as utfall:
            gjort = oppdragene.change_audience(
                oppdrag,
                mottakere=velger.mottakere,
                stand=form.cleaned_data["stand"],
                tell=form.skal_ha_beskjed,
                by=request.user,
            )
            utfall.takk = _given(len(gjort.nye))
    except Konflikt as feil:
        return _show_oppdrag(
            request, oppdrag, velger, OppdragsbytteForm(bytte=feil.deres), konflikt=True
        )
    return redirect(home(oppdrag))


def _given(nye: int) -> str:
    takk = _("Oppdraget er for dem du valgte.")
    if not nye:
        return takk
    fikk = ngettext(
        "%(n)s ny enhet har fått oppdraget.", "%(n)s nye enheter har fått oppdraget.", nye
    )
    return f"{takk} {fikk % {'n': nye}}"


def _show_oppdrag(
    request: PortalRequest,
    oppdrag: Oppdrag,
    velger: MottakereForm,
    form: OppdragsbytteForm,
    *,
    konflikt: bool = False,
) -> HttpResponse:
    bytte, nettverk = form.bytte, oppdrag.nettverk
    kontekst: dict[str, Any] = {
        "oppdrag": oppdrag,
        "form": form,
        "konflikt": konflikt,
        "bytte": bytte,
        "enheter": {
            "nye": [gruppe.enhet for gruppe, _kommune in bytte.nye],
            "ut": [m.gruppe.enhet for m in bytte.ut],
            "begynt": [m.gruppe.enhet for m in bytte.begynt],
        },
        "mottakere": in_words(velger.mottakere),
        "felt": posted_fields(request, uten=_SVAR),
        "tilbake": home(oppdrag),
    }
    if bytte.nye:
        kontekst["forespeil"] = oppdragene.foresee(oppdrag, til=request.user, enheter=bytte.nye)
    if "beskjed" in form.fields:
        kontekst["beskjeden"] = preview(
            "rolu/epost/oppdrag_ute.txt",
            til=request.user,
            nettverk=nettverk,
            data={"oppdrag": oppdrag, "enheter": [m.gruppe.enhet for m in bytte.ut[:1]]},
        )
    return render(
        request,
        "rolu/oppdrag_mottakere_vis.html",
        kontekst,
        status=409 if konflikt else form_status(form),
    )
