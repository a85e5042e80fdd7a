"""The list of participants: on the page, as a spreadsheet, on paper.

A big gathering has 700 rows. They are read as plain values in one query and drawn by a compiled Jinja2
template with autoescape; docs/valg/700-deltakere-paa-en-side.md has the figures. Nothing asks per row.
"""

import datetime
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nettverk.filer.regneark import make_regneark
from nettverk.models import Rolle
from nettverk.side.innhold import rolle_i
from nettverk.side.jinja import draw
from rolu.models import Deltakelse, Samling
from rolu.samlinger.innsjekk import matching, place


@dataclass(frozen=True, slots=True)
class Deltaker:
    """One line of the list."""

    person: int
    navn: str
    sted: str
    kommune: str
    rolle: str
    status: str
    moett: datetime.datetime | None
    gruppe: int
    epost: str


def rows(deltakelser: QuerySet[Deltakelse]) -> list[Deltaker]:
    """The lines, by kommune, unit and name – in Norwegian order. One query."""
    rader = (
        deltakelser.order_by(
            F("kommune__sortering").asc(nulls_last=True),
            F("verv__gruppe__enhet__sortering").asc(nulls_first=True),
            "verv__gruppe__rekkefolge",
            "verv__gruppe__sortering",
            "verv__person__sortering",
            "pk",
        )
        .annotate(sted=place("verv__"))
        .values_list(
            "verv__person_id",
            "verv__person__navn",
            "sted",
            "kommune__navn",
            "verv__rolle",
            "status",
            "moett",
            "verv__gruppe_id",
            "verv__person__postadresse",
        )
    )
    return [
        Deltaker(person, navn, sted, kommune or "", rolle, status, moett, gruppe, epost)
        for person, navn, sted, kommune, rolle, status, moett, gruppe, epost in rader
    ]


def filtered(
    deltakelser: QuerySet[Deltakelse], *, kommune: int | None, status: str, q: str = ""
) -> QuerySet[Deltakelse]:
    """The participations that the filters ask for."""
    if kommune:
        deltakelser = deltakelser.filter(kommune=kommune)
    if status == "moett":
        deltakelser = deltakelser.filter(moett__isnull=False)
    elif status == "ikke_moett":
        deltakelser = deltakelser.filter(status=Deltakelse.Status.PAAMELDT, moett__isnull=True)
    elif status:
        deltakelser = deltakelser.filter(status=status)
    return matching(deltakelser, q, forstavelse="verv__") if q else deltakelser


# --- the table's rows


def draw_rows(deltakere: list[Deltaker], *, samling: Samling, endre_url: str = "") -> SafeString:
    """The table's rows as HTML. `endre_url` (ending in `gruppe=`) makes the unit a link to its sign-up."""
    return draw(
        "rolu/deltakerrader.jinja",
        deltakere=deltakere,
        endre_url=endre_url,
        roller={str(r): rolle_i(r, samling.nettverk, stor=True) for r in Rolle},
        statuser=_status_words(),
        vis_moett=samling.dato <= timezone.localdate(),
        navn={
            "enhet": _("Enhet eller gruppe"),
            "kommune": _("Kommune"),
            "rolle": _("Rolle"),
            "status": _("Status"),
            "moett": _("Møtte"),
            "ja": _("Ja"),
            "nei": _("Nei"),
        },
    )


def _role_words(samling: Samling) -> dict[str, str]:
    """Each role as the gathering's network calls it."""
    return {rolle.value: samling.nettverk.rollenavn(rolle) for rolle in Rolle}


def _status_words() -> dict[str, tuple[str, str]]:
    """Each status in words and its colour."""
    farger = {
        "invitert": "neutral",
        "paameldt": "success",
        "avmeldt": "neutral",
    }
    return {
        str(s.value): (_("ikke svart") if s.value == "invitert" else str(s.label), farger[s.value])
        for s in Deltakelse.Status
    }


# --- on paper, for the door


@dataclass(frozen=True, slots=True)
class Doerlinje:
    """One person on the list for the door: whether they said they come, and the other places the person
    comes from."""

    navn: str
    paameldt: bool
    moett: bool
    ogsaa: list[str]


def door_list(deltakere: list[Deltaker]) -> dict[str, dict[str, list[Doerlinje]]]:
    """Each person once, under the first of their places: kommune, place, people, in the list's order.

    Those who declined one place and come by another stand under the other.
    """
    plasser: dict[int, list[Deltaker]] = {}
    for deltaker in deltakere:
        if deltaker.status != Deltakelse.Status.AVMELDT:
            plasser.setdefault(deltaker.person, []).append(deltaker)
    liste: dict[str, dict[str, list[Doerlinje]]] = {}
    for egne in plasser.values():
        forste = egne[0]
        steder = dict.fromkeys(d.sted for d in egne)
        del steder[forste.sted]
        liste.setdefault(forste.kommune, {}).setdefault(forste.sted, []).append(
            Doerlinje(
                forste.navn,
                any(d.status == Deltakelse.Status.PAAMELDT for d in egne),
                any(d.moett for d in egne),
                list(steder),
            )
        )
    return liste


# --- the spreadsheet


def spreadsheet(deltakere: list[Deltaker], *, samling: Samling) -> bytes:
    """XLSX with a frozen header, one row per participation."""
    statuser, roller = _status_words(), _role_words(samling)
    return make_regneark(
        _("Deltakere"),
        [
            (_("Navn"), 28),
            (_("Enhet eller gruppe"), 36),
            (_("Kommune"), 18),
            (_("Rolle"), 22),
            (_("Status"), 14),
            (_("Møtte"), 18),
            (_("E-post"), 34),
        ],
        (
            (
                d.navn,
                d.sted,
                d.kommune,
                roller[d.rolle],
                statuser[d.status][0],
                _excel_time(d.moett) if d.moett else "",
                d.epost,
            )
            for d in deltakere
        ),
    )


def _excel_time(tid: datetime.datetime) -> datetime.datetime:
    """Excel knows no zones: the time on the wall."""
    return timezone.localtime(tid).replace(tzinfo=None, microsecond=0)
