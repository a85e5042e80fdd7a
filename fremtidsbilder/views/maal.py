"""The goals as they are read: from the network to the unit, one by one, as a spreadsheet and on paper."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fremtidsbilder.forms.maalfilter import MaalFilter
from fremtidsbilder.maal import publikasjon, runder
from fremtidsbilder.maal.arbeid import without_work
from fremtidsbilder.maal.sammenheng import sentences
from fremtidsbilder.maal.tre import Filter, Gren, Tre, read_tree
from fremtidsbilder.models import Maal
from fremtidsbilder.sted import where
from fremtidsbilder.views.maalrunder import fetch_maal, round_context
from kommuner.gyldighet import idag
from nettverk.filer.utlevering import send_pdf, send_regneark
from nettverk.flater import seksjoner_paa
from nettverk.models import Nettverk
from nettverk.roedtraad.flate import section
from nettverk.side.liste import Brikke, address, chips
from nettverk.side.utenfra import whole_number
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev

# Of each list of what hangs in the air, before it folds.
KORT = 5


@nettverksside("fremtidsbilder.view_maal")
@require_safe
def maal_list(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The goals from the network to the unit, and what hangs in the air. `?valgt=` is the goal one comes from."""
    form = MaalFilter(request.GET, roller=request.roller)
    tre = read_tree(request.roller, form.valgt, whole_number(request.GET.get("valgt", "")))
    return render(
        request,
        "fremtidsbilder/maal_list.html" + ("#liste" if request.htmx else ""),
        {
            "liste": {"form": form},
            "filter": form.valgt,
            "tre": tre,
            "brikker": _level_chips(request, tre.per_level(form.valgt)),
            "har_bilder": nettverk.uses("fremtidsbilder"),
            "setninger": sentences(tre.sammenheng),
            "lufta": _in_the_air(request, tre),
            "alle_url": address(request, nivaa="", kommune="", tema="", tilstand=""),
            # A page that is not published yet is theirs who write it.
            "kan_endre_temaer": kan(request.user, "fremtidsbilder.change_tema", nettverk),
            "kan_skrive": kan(request.user, "fremtidsbilder.write_fremtid", nettverk),
            "kan_hente": kan(request.user, "fremtidsbilder.export_maal", nettverk),
        },
    )


def _level_chips(request: PortalRequest, antall: Counter[str]) -> list[Brikke]:
    return chips(
        request,
        "nivaa",
        [
            ("", _("Alle"), antall.total()),
            *((n.value, capfirst(str(n.label)), antall[n.value]) for n in Maal.Nivaa),
        ],
    )


def _in_the_air(request: PortalRequest, tre: Tre) -> list[dict[str, Any]]:
    """The lists that have something: a heading, what it means, and the goals. One query."""
    lister = (
        (
            "uten-over",
            _("Mål uten et mål over"),
            _("Kommunen eller enheten har målet for seg selv."),
            tre.uten_over,
        ),
        (
            "ikke-tatt-inn",
            _("Mål ingen har tatt inn"),
            _("Ingen kommune eller enhet har et mål under dette."),
            tre.ikke_tatt_inn,
        ),
        (
            "uten-arbeid",
            _("Mål uten arbeid det siste året"),
            _(
                "Ingen samling, ikke noe oppdrag og ikke noe mellomarbeid er koblet til målet i den røde tråden."
            ),
            without_work(tre, request.nettverk),
        ),
    )
    return [
        {
            "id": id_,
            "tittel": tittel,
            "om": om,
            "foerst": grener[:KORT],
            "resten": grener[KORT:],
            "flere": max(len(grener) - KORT, 0),
        }
        for id_, tittel, om, grener in lister
        if grener
    ]


@nettverksside("fremtidsbilder.view_maal")
@require_safe
def maal(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """One goal: where it belongs, what is above and below it, and how those who have it say that it goes."""
    gren = read_tree(request.roller, Filter()).alle.get(pk)
    if gren is None:
        return _taken_back(request, pk)
    ett = fetch_maal(request, pk)
    return render(
        request,
        "fremtidsbilder/maal.html",
        {
            **round_context(request, ett),
            "gren": gren,
            "under": _by_place(gren),
            "tegn": ett.tegn.all(),
            "har_temaer": nettverk.uses("fremtidsbilder"),
            "kan_endre_tema": kan(request.user, "fremtidsbilder.change_tema", nettverk),
            "kan_telle": kan(request.user, "fremtidsbilder.hold_tankesmie", nettverk),
            "seksjoner": [
                *seksjoner_paa(ett, roller=request.roller, dato=idag()),
                *section(ett, request.roller),
            ],
        },
    )


def _taken_back(request: PortalRequest, pk: int) -> HttpResponse:
    """What the one who was asked finds at the address of the letter, when the hearing has been taken back: that it has,
    and what they said themselves; not the draft. Raises Http404 for everybody else."""
    maal = runder.taken_back_from(request.user, request.nettverk, pk)
    if maal is None:
        raise Http404
    return render(
        request,
        "fremtidsbilder/maal_tatt_tilbake.html",
        {
            "sted": where(maal, request.nettverk.kortnavn),
            "sagt": maal.kommentarer.filter(skrevet_av=request.user),
        },
    )


def _by_place(gren: Gren) -> list[dict[str, Any]]:
    """The goals directly below, by level and place; the closed ones last."""
    ledd: dict[tuple[str, str], list[Gren]] = {}
    for under in sorted(gren.under, key=lambda g: g.maal.er_avsluttet):
        ledd.setdefault((under.maal.nivaa, under.sted), []).append(under)
    return [
        {"nivaa": nivaa, "sted": sted, "grener": grener} for (nivaa, sted), grener in ledd.items()
    ]


@nettverksside("fremtidsbilder.view_maal")
@require_safe
def maal_regneark(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Every goal the person may see, with how each place says that it goes: side by side, so not for all."""
    krev(request.user, "fremtidsbilder.export_maal", nettverk)
    return send_regneark(*publikasjon.sheet(request.roller))


@nettverksside("fremtidsbilder.view_maal")
@require_safe
def maal_pdf(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The goals on paper, for everyone who may read them."""
    return send_pdf(*publikasjon.pdf(request.roller))
