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
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nettverk.models import Nettverk
from nettverk.side.jinja import draw
from nettverk.side.skrivemaate import dager_over
from nettverk.tilgang.roller import Roller
from rolu.models import Mellomarbeid, Tilbakemelding
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
            "fortalt",
            "bare_planlagt",
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


# The mark of each state: filled is delivered, half begun, a ring not begun.
MERKE = {"levert": "ja", "kladd": "i-gang", "ikke_startet": "vet-ikke"}


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
        return _("enheten skrev sist")
    if som:
        return _("har fått svar")
    return _("uten svar") if status == Mellomarbeid.Status.LEVERT else ""


def _notes_in_words(antall: int) -> str:
    return ngettext("%(n)d notat", "%(n)d notater", antall) % {"n": antall} if antall else ""


class Stand(NamedTuple):
    """How far a mellomarbeid has come: its mark (`app-prikk`), in words, and its colour."""

    merke: str
    ord: str
    farge: str


def standing(
    status: str,
    levert: datetime.datetime | None = None,
    *,
    frist: datetime.date,
    delt: bool = False,
    planlagt: bool = False,
) -> Stand:
    """How far it has come, as every page says it: not begun, planned, at it, delivered, shared. What is late says by
    how much."""
    if levert:
        dato = format_date(timezone.localtime(levert), "MONTH_DAY_FORMAT")
        ord_ = _("Delt, levert %(dato)s") if delt else _("Levert %(dato)s")
        return Stand(MERKE["levert"], ord_ % {"dato": dato}, "success")
    if status == Mellomarbeid.Status.LEVERT:
        return Stand(MERKE[status], _("Levert"), "success")
    begynt = status == Mellomarbeid.Status.KLADD
    ord_ = _("Ikke begynt")
    if begynt:
        ord_ = _("Planlagt") if planlagt else _("I gang")
    if over := dager_over(frist):
        sent = ngettext(
            "%(status)s, %(n)s dag over fristen", "%(status)s, %(n)s dager over fristen", over
        )
        return Stand("forfalt", sent % {"status": ord_, "n": over}, "danger")
    return Stand(MERKE[status], ord_, "info" if begynt else "neutral")


def chip_marks(frist: datetime.date) -> dict[str, str]:
    """The mark of each state among the choices, as the rows have it."""
    return {status: standing(status, frist=frist).merke for status in MERKE}
