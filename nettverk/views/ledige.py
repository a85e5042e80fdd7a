"""What is vacant in the units' groups, with an act beside each; and the letter that reminds the leaders."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kommuner.gyldighet import idag
from kommuner.models.enhet import EnhetQuerySet
from nettverk import bekreftelse, ledige
from nettverk.bekreftelse import Sak
from nettverk.filer.utlevering import note_export, send_regneark
from nettverk.forms.bekreftelse import PaaminnForm
from nettverk.forms.ledige import LEDER, ROLLE, UBEKREFTET, LedigeFilterForm
from nettverk.invitasjon import has_been_in
from nettverk.ledige import Ledigtall
from nettverk.models import Nettverk, Person
from nettverk.side.liste import Brikke, chips
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import came_from, whole_number
from nettverk.sikkerhet.fersk import fersk_for_fil
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan

PER_SIDE = 25
# As many names as one reads before sending; the rest are counted.
_NAVN_VIST = 200
_FILTER = ("slag", "kommune")


@nettverksside("nettverk.view_ledige")
@require_safe
def ledige_list(request: PortalRequest, nettverk: Nettverk) -> HttpResponseBase:
    """The units that lack a role, a leader or a confirmation; the kommune sees its own."""
    form = LedigeFilterForm(request.GET, roller=request.roller)
    enheter = form.in_kommune(ledige.followed_by(request.roller))
    if request.GET.get("format") == "xlsx":
        return _sheet(request, form.lacking(enheter))
    filter_ = "" if form.er_ukjent else _query(request)
    antall = ledige.count(enheter, nettverk)
    sider = Paginator(ledige.most_lacking_first(form.lacking(enheter), nettverk), PER_SIDE)
    sider.count = getattr(antall, form.slaget or "alle")  # known from the figures
    side = sider.get_page(request.GET.get("side"))
    return render(
        request,
        "nettverk/ledige.html",
        {
            "form": form,
            "kommuner": _kommune_chips(request, form),
            "faner": _tabs(request, antall, form.slaget),
            "side": side,
            "rader": ledige.rows(side.object_list, request.roller),
            "slag": form.slaget,
            "er_filtrert": bool(filter_),
            "er_ukjent": form.er_ukjent,
            "filter": filter_,
            "neste": urlencode({"neste": request.get_full_path()}),
            "kan_minne": kan(request.user, "nettverk.remind_ledere", nettverk),
            "kan_invitere": kan(request.user, "nettverk.invite_folk", nettverk),
            "kan_lage": kan(request.user, "nettverk.add_gruppe", nettverk),
        },
    )


def _kommune_chips(request: PortalRequest, form: LedigeFilterForm) -> list[Brikke]:
    """The kommuner the person follows, when they are more than one."""
    felt = form.fields.get("kommune")
    return (
        chips(request, "kommune", [(pk, navn, None) for pk, navn in felt.choices]) if felt else []
    )


def _tabs(request: PortalRequest, antall: Ledigtall, valgt: str) -> list[dict[str, Any]]:
    """By what is lacking, each with how many; the kommune that is chosen stands."""
    felt = request.GET.copy()
    felt.pop("side", None)
    faner = []
    for slag, label, n in (
        ("", _("Alt"), antall.alle),
        (ROLLE, _("Ledige roller"), antall.rolle),
        (LEDER, _("Uten leder"), antall.leder),
        (UBEKREFTET, _("Ikke bekreftet"), antall.ubekreftet),
    ):
        felt["slag"] = slag
        faner.append(
            {"label": label, "url": f"?{felt.urlencode()}", "aktiv": slag == valgt, "antall": n}
        )
    return faner


def _query(request: PortalRequest) -> str:
    felt = request.GET.copy()
    for navn in [navn for navn in felt if navn not in _FILTER or not felt[navn]]:
        del felt[navn]
    return felt.urlencode()


@fersk_for_fil
def _sheet(request: PortalRequest, enheter: EnhetQuerySet) -> HttpResponse:
    rader = ledige.rows(ledige.most_lacking_first(enheter, request.nettverk), request.roller)
    note_export(request, hva="nettverk.ledige", antall=len(rader), nettverk=request.nettverk)
    return send_regneark(
        f"ledige-roller-{request.nettverk.slug}.xlsx", ledige.as_sheet(rader, request.nettverk)
    )


# --- the letter


@nettverksside("nettverk.remind_ledere")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ledige_paaminn(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Which leaders get it and what it says; then it is sent to just those."""
    form = PaaminnForm(**sent(request))
    if adresse := form.once(request.user, lambda: _sent_to(request, form)):
        return redirect(adresse)
    if request.method == "POST":
        numre = _own(request, map(whole_number, request.POST.get("grupper", "").split(",")))
    elif request.GET.get("gruppe"):
        numre = _own(request, map(whole_number, request.GET.getlist("gruppe")))
    else:
        filter_ = LedigeFilterForm(request.GET, roller=request.roller)
        if filter_.er_ukjent:
            messages.warning(request, _("Et valg i filteret finnes ikke. Velg på nytt."))
            return redirect("nettverk:ledige", nettverk.slug)
        enheter = filter_.lacking(filter_.in_kommune(ledige.answered_for(request.roller)))
        numre = _groups(enheter)
    alle = bekreftelse.to_remind(nettverk, grupper=numre)
    sist = bekreftelse.last_reminded(nettverk, [person.pk for person in alle])
    hvem = {person: saker for person, saker in alle.items() if sist.get(person.pk) != idag()}
    if not hvem:
        messages.info(
            request,
            _("Lederne har fått påminnelse i dag. Vent til i morgen med en ny.")
            if alle
            else _("Ingen av gruppene har en leder som kan få påminnelse."),
        )
        return redirect(_back(request))
    if not form.is_bound:
        form = PaaminnForm(initial={"grupper": ",".join(map(str, _groups_of(hvem.values())))})
    foerste, saker = next(iter(hvem.items()))
    return render(
        request,
        "nettverk/ledige_paaminn.html",
        {
            "form": form,
            "antall": len(hvem),
            "fikk_i_dag": len(alle) - len(hvem),
            "aldri_inne": sum(not has_been_in(person) for person in hvem),
            "tilbake": _back(request),
            "per_kommune": _per_kommune(request, hvem),
            "navnene": [person.navn for person in list(hvem)[:_NAVN_VIST]],
            "flere": max(len(hvem) - _NAVN_VIST, 0),
            "eposten": bekreftelse.preview(foerste, saker, nettverk=nettverk, by=request.user),
            "eksempel": foerste.navn,
        },
        status=form_status(form),
    )


def _sent_to(request: PortalRequest, form: PaaminnForm) -> str:
    nettverk = request.nettverk
    numre = _own(request, form.cleaned_data["grupper"])
    nye = bekreftelse.remind(numre, nettverk=nettverk, by=request.user)
    messages.success(
        request,
        ngettext("%(n)s påminnelse blir sendt.", "%(n)s påminnelser blir sendt.", len(nye))
        % {"n": len(nye)}
        if nye
        else _("Ingen nye påminnelser. Alle har fått en i dag, eller trenger ingen lenger."),
    )
    return _back(request)


def _back(request: PortalRequest) -> str:
    """The list as one came from it, with its filter."""
    return came_from(request) or reverse("nettverk:ledige", args=[request.nettverk.slug])


def _own(request: PortalRequest, numre: Iterable[int | None]) -> list[int]:
    """Those of the groups whose leaders the person may remind."""
    egne = ledige.answered_for(request.roller)
    return _groups(egne.filter(gruppe_pk__in={n for n in numre if n is not None}))


def _groups(enheter: EnhetQuerySet) -> list[int]:
    return [pk for pk in enheter.order_by().values_list("gruppe_pk", flat=True) if pk]


def _groups_of(sakene: Iterable[list[Sak]]) -> list[int]:
    return sorted({sak.gruppe.pk for saker in sakene for sak in saker})


def _per_kommune(request: PortalRequest, hvem: dict[Person, list[Sak]]) -> list[tuple[str, int]]:
    """How many leaders in each kommune; who leads in several, stands in each."""
    numre = _groups_of(hvem.values())
    her = ledige.in_order(ledige.followed_by(request.roller).filter(gruppe_pk__in=numre))
    kommunen_til = {e.gruppe_pk: e.kommune_navn for e in her}
    antall = Counter(
        kommune
        for saker in hvem.values()
        for kommune in {kommunen_til.get(sak.gruppe.pk, "") for sak in saker}
    )
    return [(navn, antall[navn]) for navn in dict.fromkeys(kommunen_til.values()) if navn]
