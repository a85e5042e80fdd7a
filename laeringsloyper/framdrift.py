"""How far the modules of a track have come: per module, and kommune by kommune for those who follow up."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kommuner.models import Kommune
from kommuner.sortering import norsk_nokkel
from laeringsloyper.kilder import Modultall, figures_of
from laeringsloyper.models import Laeringsloype
from laeringsloyper.modulstand import Modulstand, Periodestand
from nettverk.tilgang.roller import Roller
from nettverk.tilgang.tillatelser import kan


@dataclass(frozen=True)
class Andel:
    """How many units were asked, and how many have delivered."""

    spurt: int = 0
    levert: int = 0

    @property
    def trinn(self) -> int:
        """0–4: how much of it is done, for the shade of a cell."""
        return -(-4 * self.levert // self.spurt) if self.spurt else 0

    def __add__(self, annen: "Andel") -> "Andel":
        return Andel(self.spurt + annen.spurt, self.levert + annen.levert)


@dataclass(frozen=True)
class Framdriftsrad:
    """One kommune: its name, and for each of the modules how far its units have come."""

    navn: str
    andeler: list[Andel]
    sum: Andel


@dataclass(frozen=True)
class Modulframdrift:
    """Kommune × module. `totalt` is for the whole track, by the number of the module."""

    moduler: list[Modulstand] = field(default_factory=list)
    rader: list[Framdriftsrad] = field(default_factory=list)
    totalt: dict[int, Andel] = field(default_factory=dict)

    @property
    def sum(self) -> list[Andel]:
        return [self.totalt.get(m.pk, Andel()) for m in self.moduler]

    @property
    def alt(self) -> Andel:
        return sum(self.sum, Andel())


def progress_of(
    loype: Laeringsloype, stander: Iterable[Periodestand], roller: Roller
) -> Modulframdrift:
    """Of the modules in which somebody was asked to do something. The rows are those that the person follows up
    (`kommuner_followed`); the totals are everybody's. Two queries."""
    tallene = figures_of(loype)
    totalt: dict[int, Andel] = defaultdict(Andel)
    per: dict[int | None, dict[int, Andel]] = defaultdict(lambda: defaultdict(Andel))
    for tall in tallene:
        andel = Andel(tall.spurt, tall.levert)
        totalt[tall.modul] += andel
        per[tall.kommune][tall.modul] += andel
    moduler = [m for stand in stander for m in stand.moduler if m.pk in totalt]
    for modul in moduler:
        modul.spurt, modul.levert = totalt[modul.pk].spurt, totalt[modul.pk].levert
    navn = _names(tallene, loype, roller)
    rader = [_row(navn[pk], per[pk], moduler) for pk in per if pk in navn]
    rader.sort(key=lambda rad: norsk_nokkel(rad.navn))
    return Modulframdrift(moduler, rader, dict(totalt))


def _names(
    tallene: Sequence[Modultall], loype: Laeringsloype, roller: Roller
) -> dict[int | None, str]:
    """The kommuner that the person follows up in the track, by number."""
    med = {tall.kommune for tall in tallene if tall.kommune is not None}
    if not kan(roller.person, "laeringsloyper.view_framdrift", loype):
        med &= roller.kommuner_ansvar
    if not med:
        return {}
    return dict(Kommune.objects.filter(pk__in=med).values_list("pk", "navn"))


def _row(navn: str, per_modul: dict[int, Andel], moduler: Sequence[Modulstand]) -> Framdriftsrad:
    andeler = [per_modul.get(m.pk, Andel()) for m in moduler]
    return Framdriftsrad(navn, andeler, sum(andeler, Andel()))


@dataclass(frozen=True)
class Modulrapport:
    """One module today: its words, how far it has come, and who has used what."""

    dato: datetime.date
    modul: Modulstand
    andel: Andel
    rader: list[tuple[str, Andel]]


def report_of(
    loype: Laeringsloype, stand: Modulstand, roller: Roller, *, dato: datetime.date
) -> Modulrapport:
    """The report of a module, with the kommuner that the person follows up. Two queries."""
    tallene = [tall for tall in figures_of(loype) if tall.modul == stand.pk]
    navn = _names(tallene, loype, roller)
    rader = [
        (navn[tall.kommune], Andel(tall.spurt, tall.levert))
        for tall in tallene
        if tall.kommune in navn
    ]
    rader.sort(key=lambda rad: norsk_nokkel(rad[0]))
    totalt = sum((Andel(tall.spurt, tall.levert) for tall in tallene), Andel())
    stand.spurt, stand.levert = totalt.spurt, totalt.levert
    return Modulrapport(dato, stand, totalt, rader)
