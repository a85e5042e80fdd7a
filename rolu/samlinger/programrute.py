"""The programme as it is drawn: days beside each other, and beside each other in a day what goes on at the
same time. Here is what stands where; the sizes are classes in static/css/samling.css."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils import timezone

from rolu.models import Programpost
from rolu.samlinger.programplan import Dagsplan, Linje, Plan

# What the style sheet has classes for.
_MAKS_SPOR = 6
_MAKS_HOYDE = 48  # of five minutes each
_MAKS_RADER = 96
_DAGER_VED_SIDEN_AV_HVERANDRE = 2
# Beside one that begins much earlier, a day begins with a hole.
_BEGYNNER_SAMTIDIG = 60  # minutes


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
    tid: str = ""  # when the day begins and ends


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


def public_days(plan: Plan) -> list[tuple[datetime.date, list[Programpost]]]:
    """The items day by day, as a list."""
    return [(dag.dato, [linje.post for linje in dag.linjer]) for dag in plan.dager if dag.linjer]


def draw(plan: Plan) -> list[Rute]:
    """The programme, two days at a time, where they begin at about the same time of the day."""
    rekker: list[list[Dagsplan]] = []
    for dag in (dag for dag in plan.dager if dag.linjer):
        if not rekker or not _beside(rekker[-1], dag):
            rekker.append([])
        rekker[-1].append(dag)
    return [_rute(rekke) for rekke in rekker]


def _beside(rekke: list[Dagsplan], dag: Dagsplan) -> bool:
    """Whether there is room for the day beside these, and it begins when they do."""
    begynner = [min(_span(li.post)[0] for li in d.linjer) for d in (*rekke, dag)]
    ledig = len(rekke) < _DAGER_VED_SIDEN_AV_HVERANDRE
    return ledig and max(begynner) - min(begynner) <= _BEGYNNER_SAMTIDIG


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


def _rute(dager: list[Dagsplan]) -> Rute:
    grenser = sorted({t for dag in dager for li in dag.linjer for t in _span(li.post)})
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
        [Rutedag(dag.dato, _contents(dag.linjer, linje_ved), dag.tid) for dag in dager],
        rader,
        passer=len(rader) <= _MAKS_RADER,
    )


def _contents(linjer: list[Linje], linje_ved: dict[int, int]) -> list[Plass | Opphold]:
    innhold: list[Plass | Opphold] = []
    # As they come in the day; what has no track, last.
    spor = list(dict.fromkeys(_track(li.post) for li in linjer if li.post.spor)) + [""]
    for gruppe in _at_once(linjer):
        fra = min(_span(li.post)[0] for li in gruppe)
        if gruppe[0].opphold:
            foer = fra - gruppe[0].opphold
            innhold.append(Opphold(gruppe[0].opphold, linje_ved.get(foer, 1), linje_ved[fra]))
        innhold += _in_tracks(gruppe, linje_ved, spor)
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


def _in_tracks(
    gruppe: list[Linje], linje_ved: dict[int, int], rekkefolge: list[str]
) -> list[Plass]:
    """Each item in its own track, side by side in the order the tracks have all day; what has no track, in
    the first that is free when it begins."""
    ledig: list[tuple[str, int]] = []  # the track of each column, and until when it is taken
    plasser = []
    for linje in gruppe:
        fra, til = _span(linje.post)
        navn = _track(linje.post)
        nr = next(
            (n for n, (eier, slutt) in enumerate(ledig) if eier == navn and slutt <= fra),
            len(ledig),
        )
        ledig[nr : nr + 1] = [(navn, til)]
        plasser.append((linje, fra, til, nr))
    kolonne = sorted(range(len(ledig)), key=lambda n: (rekkefolge.index(ledig[n][0]), n))
    plass_til = {n: plass for plass, n in enumerate(kolonne)}
    av = min(len(ledig), _MAKS_SPOR)
    return [
        Plass(linje, linje_ved[fra], linje_ved[til], min(plass_til[nr], av - 1) + 1, av)
        for linje, fra, til, nr in plasser
    ]


def _track(post: Programpost) -> str:
    return " ".join(post.spor.split()).casefold()
