"""Which assignments are looked at now, and in which order: what is overdue, what comes, what is long past."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kommuner.gyldighet import idag
from rolu.models import Mellomarbeid, Oppdrag
from rolu.models.oppdrag import OppdragQuerySet

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller

# How long after its deadline an assignment is still waited for.
HENGER_IGJEN = datetime.timedelta(days=45)


def followed(roller: "Roller") -> OppdragQuerySet:
    """The network's assignments, with how many of those units these roles follow that have delivered."""
    foelges = Mellomarbeid.objects.followed_by(roller)
    return Oppdrag.objects.filter(nettverk=roller.nettverk).followed_through(foelges)


def recent(roller: "Roller") -> list[Oppdrag]:
    """Those whose deadline is ahead or not long past, the nearest first; fetched once a page."""
    siden = idag() - HENGER_IGJEN
    return roller.remembered(
        "rolu.nylige_oppdrag",
        lambda: list(followed(roller).filter(frist__gte=siden).order_by("frist", "pk")),
    )


def is_waited_for(oppdrag: Any) -> bool:
    """Whether it is overdue, not long ago, and some have not delivered. Fetched `with_status`."""
    return (
        oppdrag.er_forfalt
        and oppdrag.frist >= idag() - HENGER_IGJEN
        and oppdrag.levert < oppdrag.antall
    )


def waits_first(oppdragene: Iterable[Oppdrag]) -> list[Oppdrag]:
    """What is overdue and still waited for first, then what has its deadline ahead, the nearest first; the
    rest as they came. Of assignments fetched `with_status`."""

    def plass(oppdrag: Any) -> tuple[int, int]:
        if not oppdrag.er_forfalt:
            return 1, oppdrag.dager_igjen
        return (0 if is_waited_for(oppdrag) else 2), 0

    return sorted(oppdragene, key=plass)


def nearest(oppdragene: Iterable[Oppdrag]) -> Oppdrag | None:
    """The one with the nearest deadline ahead, else the first of them."""
    alle = list(oppdragene)
    aapne = [oppdrag for oppdrag in alle if not oppdrag.er_forfalt]
    return min(aapne, key=lambda o: o.frist) if aapne else next(iter(alle), None)
