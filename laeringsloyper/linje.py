"""The nine-year line: each track as a bar of three periods, with a mark for today.

Plain data with places in percent of the width, so that the drawing fills any screen and its text stays
readable. A template turns it into SVG.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from laeringsloyper.models import Laeringsloype, Periode

_RADHOYDE = 74
_TOPP = 30  # room for the word «i dag»
_LUFT = 0.35  # between two periods, percent


class Tilstand(StrEnum):
    FERDIG = "ferdig"
    NAA = "naa"
    KOMMER = "kommer"


@dataclass(frozen=True)
class Linjestykke:
    """One period on the line. x, bredde and midt in percent."""

    periode: Periode
    tilstand: Tilstand
    x: str
    bredde: str
    midt: str


@dataclass(frozen=True)
class Loyperad:
    """One track on the line, `y` from the top, and the period it is in now, if any."""

    loype: Laeringsloype
    y: int
    stykker: list[Linjestykke]
    naa: Linjestykke | None


@dataclass(frozen=True)
class Loypelinje:
    rader: list[Loyperad]
    hoyde: int
    bunn: int
    fra: datetime.date
    til: datetime.date
    idag: str | None

    @property
    def fokus(self) -> list[str]:
        """What the tracks focus on; what several say is said once."""
        return list(dict.fromkeys(rad.loype.fokus for rad in self.rader if rad.loype.fokus))

    @property
    def antatt(self) -> list[str]:
        """Why periods on the line are inferred, each reason once; empty when they stand in a source."""
        perioder = [stykke.periode for rad in self.rader for stykke in rad.stykker]
        return list(dict.fromkeys(p.merknad for p in perioder if p.fra_antatt or p.til_antatt))


def draw_linje(loyper: Sequence[Laeringsloype], dato: datetime.date) -> Loypelinje | None:
    """The line of tracks that have their `perioder` prefetched; None when no period has dates.

    A period without both a beginning and an end has no place on a line, and is left out.
    """
    tidsrom = [t for loype in loyper for t in _tidsrom(loype)]
    if not tidsrom:
        return None
    fra, til = min(t[1] for t in tidsrom), max(t[2] for t in tidsrom)

    def prosent(dag: datetime.date) -> float:
        return 100 * (dag - fra).days / (til - fra).days

    rader = [
        _rad(loype, _TOPP + nummer * _RADHOYDE, dato, prosent)
        for nummer, loype in enumerate(loyper)
    ]
    bunn = _TOPP + len(rader) * _RADHOYDE
    idag = f"{prosent(dato):.2f}%" if fra <= dato < til else None
    return Loypelinje(rader, bunn, bunn - 14, fra, til, idag)


def _tidsrom(loype: Laeringsloype) -> list[tuple[Periode, datetime.date, datetime.date]]:
    return [(p, p.fra, p.til) for p in loype.perioder.all() if p.fra and p.til]


def _rad(
    loype: Laeringsloype, y: int, dato: datetime.date, prosent: Callable[[datetime.date], float]
) -> Loyperad:
    stykker = []
    for periode, fra, til in _tidsrom(loype):
        x, slutt = prosent(fra), prosent(til)
        stykker.append(
            Linjestykke(
                periode,
                tilstand_of(periode, dato),
                f"{x:.2f}%",
                f"{max(slutt - x - _LUFT, 0.1):.2f}%",
                f"{(x + slutt) / 2:.2f}%",
            )
        )
    naa = next((s for s in stykker if s.tilstand == Tilstand.NAA), None)
    return Loyperad(loype, y, stykker, naa)


def tilstand_of(periode: Periode, dato: datetime.date) -> Tilstand:
    if periode.er_gyldig(dato):
        return Tilstand.NAA
    return Tilstand.FERDIG if periode.til and periode.til <= dato else Tilstand.KOMMER
