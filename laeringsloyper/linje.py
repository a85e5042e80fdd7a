"""The nine-year line: each track as a bar of three periods, with a mark for today.

Plain data with places in percent of the width, so that the drawing fills any screen and its text stays
readable. A template turns it into SVG.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Count

from laeringsloyper.kilder import Linjemerke
from laeringsloyper.merke import PAA_PAPIR
from laeringsloyper.models import Enhetsloype, Farge, Laeringsloype, Periode
from laeringsloyper.modulstand import Periodestand

_RADHOYDE = 74
# Below the bars: how many units, the modules, and what happens.
_ENHETER, _MODULER, _MERKER = 22, 28, 26
_TOPP = 30  # room for the word «i dag»
_LUFT = 0.35  # between two periods, percent


class Tilstand(StrEnum):
    FERDIG = "ferdig"
    NAA = "naa"
    KOMMER = "kommer"


@dataclass(frozen=True)
class Linjepunkt:
    """A module or something that happens: where, and what. `nummer` is the module's in its period."""

    x: str
    tittel: str
    nummer: int = 0
    dato: datetime.date | None = None
    url: str = ""


@dataclass(frozen=True)
class Linjestykke:
    """One period on the line. x, bredde and midt in percent. `antall` is how many units have followed it, None
    where that is not told."""

    periode: Periode
    tilstand: Tilstand
    x: str
    bredde: str
    midt: str
    antall: int | None = None
    moduler: list[Linjepunkt] = field(default_factory=list)
    merker: list[Linjepunkt] = field(default_factory=list)


@dataclass(frozen=True)
class Loyperad:
    """One track on the line, `y` from the top, and the period it is in now, if any. `merker` is what happens outside
    the periods as well."""

    loype: Laeringsloype
    y: int
    stykker: list[Linjestykke]
    naa: Linjestykke | None
    merker: list[Linjepunkt] = field(default_factory=list)
    hoyde: int = _RADHOYDE

    @property
    def har_moduler(self) -> bool:
        return any(stykke.moduler for stykke in self.stykker)

    @property
    def har_merker(self) -> bool:
        """Whether something happens in a period, so that the table has a column for it."""
        return any(stykke.merker for stykke in self.stykker)

    @property
    def merke_y(self) -> int:
        """Below all else in the row."""
        return self.hoyde - 18

    @property
    def farge(self) -> str:
        """Of the drawing itself, for paper."""
        return PAA_PAPIR[Farge(self.loype.farge)]


@dataclass(frozen=True)
class Linjeinnhold:
    """What stands along the line of a track besides its periods: units and modules by period, and what happens."""

    enheter: Mapping[int, int]
    stander: Sequence[Periodestand]
    merker: Sequence[Linjemerke]


@dataclass(frozen=True)
class Loypelinje:
    rader: list[Loyperad]
    hoyde: int
    bunn: int
    fra: datetime.date
    til: datetime.date
    idag: str | None

    @property
    def har_moduler(self) -> bool:
        return any(rad.har_moduler for rad in self.rader)

    @property
    def har_merker(self) -> bool:
        return any(rad.merker for rad in self.rader)

    @property
    def fokus(self) -> list[str]:
        """What the tracks focus on; what several say is said once."""
        return list(dict.fromkeys(rad.loype.fokus for rad in self.rader if rad.loype.fokus))

    @property
    def antatt(self) -> list[str]:
        """Why periods on the line are inferred, each reason once; empty when they stand in a source."""
        perioder = [stykke.periode for rad in self.rader for stykke in rad.stykker]
        return list(dict.fromkeys(p.merknad for p in perioder if p.fra_antatt or p.til_antatt))


def units_per_period(loype: Laeringsloype) -> dict[int, int]:
    """How many units have followed each period of the track, each once. One query."""
    fulgt = Enhetsloype.objects.real().filter(periode__loype=loype).order_by()
    antall = fulgt.values("periode").annotate(n=Count("enhet", distinct=True))
    return dict(antall.values_list("periode", "n"))


def draw_linje(
    loyper: Sequence[Laeringsloype], dato: datetime.date, *, innhold: Linjeinnhold | None = None
) -> Loypelinje | None:
    """The line of tracks that have their `perioder` prefetched; None when no period has dates. With `innhold`, of
    one track, also what stands along it.

    A period without both a beginning and an end has no place on a line, and is left out.
    """
    tidsrom = [t for loype in loyper for t in _tidsrom(loype)]
    if not tidsrom:
        return None
    fra, til = min(t[1] for t in tidsrom), max(t[2] for t in tidsrom)

    def prosent(dag: datetime.date) -> float:
        return 100 * (dag - fra).days / (til - fra).days

    rader: list[Loyperad] = []
    bunn = _TOPP
    for loype in loyper:
        rader.append(_rad(loype, bunn, dato, prosent, innhold))
        bunn += rader[-1].hoyde
    idag = f"{prosent(dato):.2f}%" if fra <= dato < til else None
    return Loypelinje(rader, bunn, bunn - 14, fra, til, idag)


def _tidsrom(loype: Laeringsloype) -> list[tuple[Periode, datetime.date, datetime.date]]:
    return [(p, p.fra, p.til) for p in loype.perioder.all() if p.fra and p.til]


def _rad(
    loype: Laeringsloype,
    y: int,
    dato: datetime.date,
    prosent: Callable[[datetime.date], float],
    innhold: Linjeinnhold | None,
) -> Loyperad:
    moduler: dict[int, list[str]] = defaultdict(list)
    for stand in innhold.stander if innhold else ():
        moduler[stand.periode.pk] = [m.tittel for m in stand.moduler]
    merker = [
        Linjepunkt(f"{prosent(m.dato):.2f}%", m.tittel, dato=m.dato, url=m.url)
        for m in (innhold.merker if innhold else ())
        if 0 <= prosent(m.dato) <= 100
    ]
    stykker = []
    for periode, fra, til in _tidsrom(loype):
        x, slutt = prosent(fra), prosent(til)
        titler = moduler[periode.pk]
        del_ = (slutt - x) / (len(titler) or 1)
        stykker.append(
            Linjestykke(
                periode,
                tilstand_of(periode, dato),
                f"{x:.2f}%",
                f"{max(slutt - x - _LUFT, 0.1):.2f}%",
                f"{(x + slutt) / 2:.2f}%",
                innhold.enheter.get(periode.pk, 0) if innhold else None,
                [
                    Linjepunkt(f"{x + del_ * (n + 0.5):.2f}%", tittel, nummer=n + 1)
                    for n, tittel in enumerate(titler)
                ],
                [m for m in merker if m.dato and fra <= m.dato < til],
            )
        )
    naa = next((s for s in stykker if s.tilstand == Tilstand.NAA), None)
    hoyde = _RADHOYDE
    if innhold:
        hoyde += _ENHETER + _MODULER * any(moduler.values()) + _MERKER * bool(merker)
    return Loyperad(loype, y, stykker, naa, merker, hoyde)


def tilstand_of(periode: Periode, dato: datetime.date) -> Tilstand:
    if periode.er_gyldig(dato):
        return Tilstand.NAA
    return Tilstand.FERDIG if periode.til and periode.til <= dato else Tilstand.KOMMER
