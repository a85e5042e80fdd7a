"""Where every unit is with an assignment: plain rows, drawn fifty at a time."""

import datetime
from collections import Counter
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
from rolu.models.tilbakemelding import last_word, unanswered


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


# Among the states: what is delivered, and nobody has answered.
UTEN_SVAR = "uten_svar"


def in_state(
    mellomarbeid: MellomarbeidQuerySet, status: str, roller: Roller
) -> MellomarbeidQuerySet:
    """Those that have come so far, or all of them; of what is delivered also those that wait for an answer."""
    if status == UTEN_SVAR:
        return mellomarbeid.filter(unanswered(roller))
    return mellomarbeid.with_stage().filter(stand=status) if status else mellomarbeid


def per_kommune(mellomarbeid: MellomarbeidQuerySet, roller: Roller) -> list[dict[str, Any]]:
    """As `MellomarbeidQuerySet.per_kommune`, with how many in each have come how far (`stander`). One query."""
    samlet: dict[int | None, dict[str, Any]] = {}
    for rad in _counted(mellomarbeid.with_stage().per_kommune("stand"), roller):
        stand, uten_svar = rad.pop("stand"), rad.pop("uten_svar")
        her = samlet.setdefault(
            rad["kommune"], {**rad, **dict.fromkeys(_TALL, 0), "stander": Counter()}
        )
        her["stander"].update({stand: rad["antall"], UTEN_SVAR: uten_svar})
        for felt in _TALL:
            her[felt] += rad[felt]
    return list(samlet.values())


_TALL = ("antall", "begynt", "levert", "ikke_startet")


def _counted(rader: QuerySet, roller: Roller) -> QuerySet:
    return rader.annotate(uten_svar=Count("pk", filter=unanswered(roller)))


def how_many(mellomarbeid: MellomarbeidQuerySet, roller: Roller) -> Counter[str]:
    """How many units have come how far, and how many wait for an answer. One query."""
    antall: Counter[str] = Counter()
    rader = mellomarbeid.with_stage().order_by().values("stand").annotate(n=Count("pk"))
    for rad in _counted(rader, roller):
        antall.update({rad["stand"]: rad["n"], UTEN_SVAR: rad["uten_svar"]})
    return antall


def states_seen_by(roller: Roller) -> list[Mellomarbeid.Stand]:
    """Those that the person can find a unit in: a fagmiljø meets its track's work when it is delivered."""
    if roller.er_kog or roller.kommuner_ansvar or roller.enheter:
        return states(roller.nettverk)
    return [s for s in states(roller.nettverk) if s in _LEVERT]


def states(nettverk: Nettverk) -> list[Mellomarbeid.Stand]:
    """Nothing is shared in a network without Praksis."""
    alle = list(Mellomarbeid.Stand)
    return [s for s in alle if s != Mellomarbeid.Stand.DELT or nettverk.uses("praksis")]


_LEVERT = (Mellomarbeid.Stand.LEVERT, Mellomarbeid.Stand.DELT)


def sum_up(rader: list[dict[str, Any]], kommune: int | None) -> Counter[str]:
    """The same as `how_many`, of the rows of `per_kommune`, which are at hand; of one of them, or all."""
    antall: Counter[str] = Counter()
    for rad in rader:
        if not kommune or rad["kommune"] == kommune:
            antall.update(rad["stander"])
    return antall


# The mark of each (`app-prikk`): filled is delivered, half begun, a ring not begun.
MERKE = {
    Mellomarbeid.Stand.IKKE_BEGYNT: "vet-ikke",
    Mellomarbeid.Stand.PLANLAGT: "planlagt",
    Mellomarbeid.Stand.I_GANG: "i-gang",
    Mellomarbeid.Stand.LEVERT: "ja",
    Mellomarbeid.Stand.DELT: "delt",
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
    if stand in _LEVERT:
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
    trukket = oppdrag.trukket is not None
    return {
        stand.value: standing(stand, frist=oppdrag.frist, trukket=trukket).merke
        for stand in Mellomarbeid.Stand
    }
