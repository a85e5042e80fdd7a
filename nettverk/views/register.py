"""The register pages: the network's kommuner and units, today or as they were on a day."""

import datetime
from collections.abc import Iterable
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kommuner.enhetstall import set_enhetstall
from kommuner.gyldighet import idag
from kommuner.models import Enhet, Kommune, Kommuneendring
from nettverk import enhetsliste, lister
from nettverk.filer.utlevering import send_regneark
from nettverk.flater import seksjoner_paa
from nettverk.forms.register import TYPER, EnhetstallForm, RegistersokForm
from nettverk.models import Medlemskap, Nettverk
from nettverk.register import (
    enheter_visible_to,
    heter_noe_med,
    known_since,
    kommuner_visible_to,
    medlemskap_per,
)
from nettverk.side.kart import Kartverdi, draw_kart
from nettverk.side.liste import FORMAT, Brikke, chips, chosen, fetched, read_liste
from nettverk.side.perdato import read_per
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import whole_number
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import INettverk, kan, krev


def _per_query(per: datetime.date) -> str:
    """What keeps the date in a link; nothing when it is today."""
    return "" if per == idag() else "?" + urlencode({"per": per.isoformat()})


@nettverksside("nettverk.view_register")
@require_safe
def kommune_list(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The kommuner on a map and in a list, and all units with search and filter."""
    per = read_per(request)
    medlemskap = list(
        medlemskap_per(per, med_enheter=True, med_grense=True).filter(nettverk=nettverk)
    )
    form = RegistersokForm(request.GET, medlemskap=medlemskap)
    enheter = form.filter(enhetsliste.enheter_in(medlemskap, per), per)
    type_ = chosen(request, "type", Enhet.Type.values)
    rader = enhetsliste.as_rows(enheter.filter(type=type_) if type_ else enheter, per)
    if request.GET.get(FORMAT) == "xlsx":
        return send_regneark(
            f"enheter-{nettverk.slug}.xlsx",
            enhetsliste.as_sheet(rader, medlemskap=medlemskap, tittel=_("Enheter")),
        )
    if request.GET.get(FORMAT) == "utskrift":
        return _print(request, medlemskap, rader, per)
    antall = enhetsliste.per_type(enheter)
    liste = read_liste(
        request,
        lister.ENHETER,
        rader,
        form=form,
        brikker=[_type_chips(request, antall, type_)],
        lenker=[fetched(request, "xlsx"), fetched(request, "utskrift")],
        antall=antall.get(type_, 0) if type_ else sum(antall.values()),
        beholdes=["per"],
    )
    side = liste.side
    mal = "nettverk/kommune_list.html"
    kartet = draw_kart(
        medlemskap,
        nettverk=nettverk,
        per=_per_query(per),
        # Real borders have no room for a figure on each.
        verdier=None
        if all(m.kommune.grense for m in medlemskap)
        else {
            m.kommune_id: Kartverdi(
                None,
                str(m.antall_enheter),
                _units(m.antall_enheter),
                antall=m.antall_enheter,
            )
            for m in medlemskap
        },
    )
    return render(
        request,
        f"{mal}#liste" if request.htmx else mal,
        {
            "per": per,
            "er_idag": per == idag(),
            "per_query": _per_query(per),
            "medlemskap": medlemskap,
            "kart": kartet,
            # Where the borders are known, nobody sees the tiles.
            "kan_flytte": kartet is not None
            and not kartet.er_ekte
            and kan(request.user, "nettverk.change_nettverk", nettverk),
            "form": form,
            "liste": liste,
            "side": side,
            "rader": enhetsliste.draw_rows(
                side.object_list,
                nettverk=nettverk,
                medlemskap=medlemskap,
                per_query=_per_query(per),
            ),
            "kilder": _sources(rad["er_demo"] for rad in side.object_list),
            "kommunetreff": [
                m for m in medlemskap if form.sok and heter_noe_med(m.navn_da, form.sok)
            ],
            "kan_importere": kan(request.user, "nettverk.import_enheter", nettverk),
            "kjent_fra": None if side.object_list else known_since(medlemskap, per),
        },
    )


def _type_chips(request: PortalRequest, antall: dict[str, int], valgt: str) -> list[Brikke]:
    """The types there are any of, and the one that is chosen."""
    return chips(
        request,
        "type",
        [
            ("", _("Alle"), sum(antall.values())),
            *((t, ord_, antall.get(t, 0)) for t, ord_ in TYPER if t in antall or t == valgt),
        ],
    )


def _print(
    request: PortalRequest,
    medlemskap: list[Medlemskap],
    rader: QuerySet,
    per: datetime.date,
) -> HttpResponse:
    """All the units as they are chosen, on one page for paper."""
    return render(
        request,
        "nettverk/enheter_utskrift.html",
        {
            "per": per,
            "rader": enhetsliste.draw_rows(
                rader,
                nettverk=request.nettverk,
                medlemskap=medlemskap,
                per_query=_per_query(per),
            ),
        },
    )


@nettverksside("nettverk.view_register")
@require_safe
def kommune(request: PortalRequest, nettverk: Nettverk, kommunenummer: str) -> HttpResponse:
    """One kommune: its units, what it was and became, and what each app knows of it."""
    synlige = kommuner_visible_to(request.roller).defer("grense")
    kommunen = get_object_or_404(synlige, kommunenummer=kommunenummer)
    medlemskap = list(nettverk.medlemskap.filter(kommune=kommunen))
    per = read_per(request) if request.GET.get("per") else _siste_dag(kommunen)
    enheter = list(
        Enhet.objects.gyldig(per).in_kommuner([kommunen.pk], per).with_tall(per).with_eier(per)
    )
    return render(
        request,
        "nettverk/kommune.html",
        {
            "kommune": kommunen,
            "navn_da": _navn_per(kommunen, per),
            "medlemskap": medlemskap,
            "er_medlem": any(m.er_gyldig(per) for m in medlemskap),
            "per": per,
            "er_idag": per == idag(),
            "per_query": _per_query(per),
            "enhetsgrupper": _by_type(enheter),
            "antall_enheter": len(enheter),
            "antall_barn": _sum(enheter, "antall_barn"),
            "antall_ansatte": _sum(enheter, "antall_ansatte"),
            "kjent_fra": None if enheter else known_since(medlemskap, per),
            "endringer": _endringer(kommunen),
            "kilder": _sources(enhet.er_demo for enhet in enheter),
            "seksjoner": seksjoner_paa(kommunen, roller=request.roller, dato=per),
            "kan_importere": kan(request.user, "nettverk.import_enheter", nettverk),
        },
    )


def _units(antall: int) -> str:
    return ngettext("%(n)s enhet", "%(n)s enheter", antall) % {"n": antall}


def _sources(oppdiktet: Iterable[bool], *, kommuner: bool = True) -> dict[str, bool]:
    """Where the units on the page come from; a page without units shows what the registers know."""
    slag = set(oppdiktet)
    return {"register": slag != {True}, "oppdiktet": True in slag, "kommuner": kommuner}


def _sum(enheter: list[Enhet], felt: str) -> int | None:
    """The figures that are known, together; None when none is. `felt` is annotated by `with_tall`."""
    kjente = [tall for enhet in enheter if (tall := getattr(enhet, felt)) is not None]
    return sum(kjente) if kjente else None


def _siste_dag(kommune: Kommune) -> datetime.date:
    """Today, or the last day of a kommune that is no more: else its page would be empty."""
    return min(idag(), kommune.siste_dag or idag())


def _navn_per(kommune: Kommune, per: datetime.date) -> str:
    navn = kommune.navn_list.gyldig(per).first()
    return navn.navn if navn else kommune.navn


def _by_type(enheter: list[Enhet]) -> list[dict[str, Any]]:
    """The units by type, kindergartens first; each group in Norwegian order as it came."""
    orden = Enhet.Type.values
    sortert = sorted(enheter, key=lambda e: orden.index(e.type))
    return [
        {"type": Enhet.Type(type_), "enheter": list(gruppe)}
        for type_, gruppe in groupby(sortert, lambda e: e.type)
    ]


def _endringer(kommune: Kommune) -> list[dict[str, Any]]:
    """What the kommune came from and became: one line per day and direction, oldest first."""
    rader = (
        Kommuneendring.objects.filter(Q(fra=kommune) | Q(til=kommune))
        .select_related("fra", "til")
        .defer("fra__grense", "til__grense")
        .order_by("dato", "fra__sortering", "til__sortering")
    )
    linjer: dict[tuple, dict[str, Any]] = {}
    for rad in rader:
        ble_til = rad.fra_id == kommune.pk
        linje = linjer.setdefault(
            (rad.dato, ble_til), {"dato": rad.dato, "ble_til": ble_til, "andre": []}
        )
        linje["andre"].append({"kommune": rad.til if ble_til else rad.fra, "type": rad.type})
    return list(linjer.values())


@nettverksside("nettverk.view_register")
@require_safe
def enhet(request: PortalRequest, nettverk: Nettverk, referanse: str) -> HttpResponse:
    """One unit: where it lies and has lain, its figures, its group, and what each app knows of it."""
    per = read_per(request)
    enheten = get_object_or_404(
        enheter_visible_to(request.roller).with_eier(per).select_related("etterfolger"),
        referanse=referanse,
    )
    plasseringer = list(
        enheten.plasseringer.select_related("kommune").defer("kommune__grense").order_by("gyldig")
    )
    her = next((p for p in plasseringer if p.er_gyldig(per)), plasseringer[-1])
    return render(
        request,
        "nettverk/enhet.html",
        {
            "enhet": enheten,
            "per": per,
            "er_idag": per == idag(),
            "kommune": her.kommune,
            "plasseringer": plasseringer,
            "tall": [t for t in enheten.tall.all() if per >= idag() or t.aar <= per.year][:6],
            "eierskap": _eierskap(enheten),
            "eiere": list(enheten.eierskap.all()),
            "kilder": _sources([enheten.er_demo], kommuner=False),
            "seksjoner": seksjoner_paa(enheten, roller=request.roller, dato=per),
            "kan_endre_tall": kan(
                request.user, "nettverk.change_enhetstall", INettverk(nettverk, enhet_id=enheten.pk)
            ),
        },
    )


def _eierskap(da: Any) -> dict[str, str]:
    """Who owned the unit that day (`with_eier`); nothing when nobody has told."""
    navn = dict(Enhet.Eierform.choices).get(da.eierform_da, "")
    return {"eierform": str(navn), "eier": da.eier_da}


@nettverksside("nettverk.view_register")
@require_http_methods(["GET", "HEAD", "POST"])
def enhet_tall(request: PortalRequest, nettverk: Nettverk, referanse: str) -> HttpResponse:
    """Write a unit's figures for a year."""
    enheten = get_object_or_404(enheter_visible_to(request.roller), referanse=referanse)
    krev(request.user, "nettverk.change_enhetstall", INettverk(nettverk, enhet_id=enheten.pk))
    form = EnhetstallForm(
        **sent(request),
        initial=_figures_of(enheten, request.GET.get("aar")),
    )
    if form.is_valid():
        tall = set_enhetstall(enheten, **form.cleaned_data)
        messages.success(request, _("Tallene for %(aar)s er lagret.") % {"aar": tall.aar})
        return redirect("nettverk:enhet", nettverk.slug, referanse)
    return render(
        request,
        "nettverk/enhet_tall.html",
        {"enhet": enheten, "form": form},
        status=form_status(form),
    )


def _figures_of(enhet: Enhet, aar: str | None) -> dict[str, Any]:
    """What the form opens with: the year asked for, else this year."""
    spurt = whole_number(aar)
    valgt = spurt if spurt and 1000 <= spurt <= 9999 else idag().year
    tall = enhet.tall.filter(aar=valgt).values(
        "aar", "antall_barn", "antall_ansatte", "antall_foresatte"
    )
    return dict(tall.first() or {"aar": valgt})
