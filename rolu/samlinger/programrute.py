"""The programme as it is drawn: days beside each other, and beside each other in a day what goes on at the
same time. Here is what stands where; the sizes are classes in static/css/samling.css."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from django.utils import timezone

from rolu.models import Programpost
from rolu.samlinger.programplan import Linje, Plan

# What the style sheet has classes for.
_MAKS_SPOR = 6
_MAKS_HOYDE = 48  # of five minutes each
_MAKS_RADER = 96
_DAGER_VED_SIDEN_AV_HVERANDRE = 2


@dataclass(frozen=True)
class Plass:
    """Where an item stands in its day: from line to line, and in which of how many tracks."""

    linje: Linje
    fra: int
    til: int
    spor: int = 1
    av: int = 1

    @property
    def minutt(self) -> int:
        """When it begins, in minutes since the day did."""
        return _span(self.linje.post)[0]


@dataclass(frozen=True)
class Opphold:
    """A while without programme."""

    minutter: int
    fra: int
    til: int


@dataclass(frozen=True)
class Rutedag:
    """One day, and all that stands in it in order of time."""

    dato: datetime.date
    innhold: list[Plass | Opphold]


@dataclass(frozen=True)
class Tidsrad:
    """The time between two lines, `fra` and `til` in minutes since the day began, and its height in steps of
    five minutes."""

    nr: int
    hoyde: int
    fra: int
    til: int


@dataclass(frozen=True)
class Rute:
    """Days that are drawn beside each other on the same times. `passer` is False when there is more than
    the drawing has room for: then it is a list."""

    dager: list[Rutedag] = field(default_factory=list)
    tider: list[Tidsrad] = field(default_factory=list)
    passer: bool = True

    @property
    def bunn(self) -> int:
        """The last line of the drawing, whose first row holds the names of the days."""
        return len(self.tider) + 2


def draw(plan: Plan) -> list[Rute]:
    """The programme, two days at a time."""
    dager = [
        (dato, list(linjer))
        for dato, linjer in groupby(plan.linjer, key=lambda linje: _local(linje.post.start).date())
    ]
    ved_siden = _DAGER_VED_SIDEN_AV_HVERANDRE
    return [_rute(dager[nr : nr + ved_siden]) for nr in range(0, len(dager), ved_siden)]


def _local(tid: datetime.datetime) -> datetime.datetime:
    return timezone.localtime(tid)


def _minute(tid: datetime.datetime, dag: datetime.date) -> int:
    """Minutes on the clock since the day began; more than a day for what lasts into the next."""
    lokal = _local(tid)
    return (lokal.date() - dag).days * 1440 + lokal.hour * 60 + lokal.minute


def _span(post: Programpost) -> tuple[int, int]:
    dag = _local(post.start).date()
    fra = _minute(post.start, dag)
    return fra, max(_minute(post.slutt, dag), fra + 1)


def _rute(dager: list[tuple[datetime.date, list[Linje]]]) -> Rute:
    grenser = sorted({t for _dag, linjer in dager for li in linjer for t in _span(li.post)})
    linje_ved = {minutt: nr for nr, minutt in enumerate(grenser, 1)}
    rader = [
        Tidsrad(
            linje_ved[fra],
            min(max(round((til - fra) / 5), 1), _MAKS_HOYDE),
            fra,
            til,
        )
        for fra, til in pairwise(grenser)
    ]
    return Rute(
        [Rutedag(dag, _contents(linjer, linje_ved)) for dag, linjer in dager],
        rader,
        passer=len(rader) <= _MAKS_RADER,
    )


def _contents(linjer: list[Linje], linje_ved: dict[int, int]) -> list[Plass | Opphold]:
    innhold: list[Plass | Opphold] = []
    for gruppe in _at_once(linjer):
        fra = min(_span(li.post)[0] for li in gruppe)
        if gruppe[0].opphold:
            foer = fra - gruppe[0].opphold
            innhold.append(Opphold(gruppe[0].opphold, linje_ved.get(foer, 1), linje_ved[fra]))
        innhold += _in_tracks(gruppe, linje_ved)
    return innhold


def _at_once(linjer: Iterable[Linje]) -> list[list[Linje]]:
    """Items that hang together: each begins before the ones before it have ended."""
    grupper: list[list[Linje]] = []
    til = -1
    for linje in linjer:
        fra, slutt = _span(linje.post)
        if not grupper or fra >= til:
            grupper.append([])
        grupper[-1].append(linje)
        til = max(til, slutt)
    return grupper


def _in_tracks(gruppe: list[Linje], linje_ved: dict[int, int]) -> list[Plass]:
    """Each item in the first track that is free when it begins."""
    ledig: list[int] = []
    plasser = []
    for linje in gruppe:
        fra, til = _span(linje.post)
        spor = next((nr for nr, slutt in enumerate(ledig) if slutt <= fra), len(ledig))
        ledig[spor : spor + 1] = [til]
        plasser.append((linje, fra, til, spor))
    av = min(len(ledig), _MAKS_SPOR)
    return [
        Plass(linje, linje_ved[fra], linje_ved[til], min(spor, av - 1) + 1, av)
        for linje, fra, til, spor in plasser
    ]
