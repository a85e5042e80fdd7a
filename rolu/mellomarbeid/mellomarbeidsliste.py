"""Where every unit is with an assignment: plain rows, drawn fifty at a time."""

import datetime
from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nettverk.models import Nettverk
from nettverk.side.jinja import draw
from nettverk.side.skrivemaate import dager_over
from nettverk.tilgang.roller import Roller
from rolu.models import Mellomarbeid, Oppdrag, Tilbakemelding
from rolu.models.mellomarbeid import MellomarbeidQuerySet
from rolu.models.tilbakemelding import last_word


def as_rows(mellomarbeid: MellomarbeidQuerySet) -> QuerySet:
    """One dict per unit: cheap to draw many of."""
    return (
        mellomarbeid.least_done_first()
        .with_stage()
        .annotate(notater=Count("loggposter"), sagt=last_word())
        .values(
            "pk",
            "status",
            "levert",
            "stand",
            "trukket",
            "notater",
            "sagt",
            "kommune__navn",
            "gruppe__enhet__navn",
            "gruppe__enhet__visningsnavn",
        )
    )


def how_many(mellomarbeid: MellomarbeidQuerySet) -> dict[str, int]:
    """How many units have come how far: every state, also those nobody is in. One query."""
    rader = mellomarbeid.order_by().values_list("status").annotate(antall=Count("pk"))
    return dict.fromkeys(Mellomarbeid.Status.values, 0) | dict(rader)


def states_seen_by(roller: Roller) -> list[Mellomarbeid.Status]:
    """Those that the person can find a unit in: a fagmiljø meets its track's work when it is delivered."""
    foelger = roller.er_kog or roller.kommuner_ansvar or roller.enheter
    return list(Mellomarbeid.Status) if foelger else [Mellomarbeid.Status.LEVERT]


def sum_up(per_kommune: list[dict[str, Any]], kommune: int | None) -> dict[str, int]:
    """The same from the figures of each kommune, which are at hand; of one of them, or all."""
    felter = {"levert": "levert", "kladd": "begynt", "ikke_startet": "ikke_startet"}
    return {
        status: sum(r[felt] for r in per_kommune if not kommune or r["kommune"] == kommune)
        for status, felt in felter.items()
    }


# The mark of each (`app-prikk`): filled is delivered, half begun, a ring not begun.
MERKE = {
    Mellomarbeid.Stand.IKKE_BEGYNT: "vet-ikke",
    Mellomarbeid.Stand.PLANLAGT: "planlagt",
    Mellomarbeid.Stand.I_GANG: "i-gang",
    Mellomarbeid.Stand.LEVERT: "ja",
    Mellomarbeid.Stand.DELT: "delt",
}
# What one knows of how far it has come by its status alone.
_MINST = {
    Mellomarbeid.Status.LEVERT: Mellomarbeid.Stand.LEVERT,
    Mellomarbeid.Status.KLADD: Mellomarbeid.Stand.I_GANG,
    Mellomarbeid.Status.IKKE_STARTET: Mellomarbeid.Stand.IKKE_BEGYNT,
}


def draw_rows(
    rader: Iterable[dict[str, Any]], *, nettverk: Nettverk, frist: datetime.date, kommune: bool
) -> SafeString:
    """The table's rows as HTML, of an assignment with that deadline; `kommune` when it is told of each."""
    return draw(
        "rolu/mellomarbeidrader.jinja",
        rader=rader,
        rot=reverse("rolu:mellomarbeid_list", args=[nettverk.slug]),
        stand=partial(standing, frist=frist),
        kommune=kommune,
        sagt=_said_last,
        notater=_notes_in_words,
    )


def _said_last(status: str, som: str | None) -> str:
    """Whether what is delivered has had a reply, and whether the unit has said something back."""
    if som == Tilbakemelding.Som.ENHETEN:
        return _("enheten har svart")
    if som:
        return _("har fått tilbakemelding")
    return _("uten tilbakemelding") if status == Mellomarbeid.Status.LEVERT else ""


def _notes_in_words(antall: int) -> str:
    return ngettext("%(n)d notat", "%(n)d notater", antall) % {"n": antall} if antall else ""


class Stand(NamedTuple):
    """How far a mellomarbeid has come: its mark (`app-prikk`), in words, and its colour."""

    merke: str
    ord: str
    farge: str


def standing(
    stand: str,
    levert: datetime.datetime | None = None,
    *,
    frist: datetime.date,
    trukket: bool = False,
) -> Stand:
    """How far it has come (`with_stage`), as every page says it: not begun, planned, at it, delivered, shared. What is
    late says by how much. Of what is withdrawn nobody is late, and what was delivered says that it is withdrawn."""
    stand = Mellomarbeid.Stand(stand)
    merke = MERKE[stand]
    if stand in (Mellomarbeid.Stand.LEVERT, Mellomarbeid.Stand.DELT):
        ord_ = _delivered(levert, delt=stand == Mellomarbeid.Stand.DELT)
        if trukket:
            ord_ = _("%(status)s. Oppdraget er trukket") % {"status": ord_}
        return Stand(merke, ord_, "success")
    if trukket:
        return Stand("nei", _("Trukket"), "neutral")
    ord_ = str(capfirst(stand.label))
    if over := dager_over(frist):
        sent = ngettext(
            "%(status)s, %(n)s dag over fristen", "%(status)s, %(n)s dager over fristen", over
        )
        return Stand("forfalt", sent % {"status": ord_, "n": over}, "danger")
    begynt = stand != Mellomarbeid.Stand.IKKE_BEGYNT
    return Stand(merke, ord_, "info" if begynt else "neutral")


def _delivered(levert: datetime.datetime | None, *, delt: bool) -> str:
    if levert is None:
        return _("Levert")
    dato = format_date(timezone.localtime(levert), "MONTH_DAY_FORMAT")
    ord_ = _("Delt, levert %(dato)s") if delt else _("Levert %(dato)s")
    return ord_ % {"dato": dato}


def chip_marks(oppdrag: Oppdrag) -> dict[str, str]:
    """The mark of each state among the choices, as the rows have it."""
    return {
        status.value: standing(
            stand, frist=oppdrag.frist, trukket=oppdrag.trukket is not None
        ).merke
        for status, stand in _MINST.items()
    }
