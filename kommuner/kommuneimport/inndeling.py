"""What a source says of the division into kommuner: plain rows, the same from a file and from SSB."""

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Self

from kommuner.models import Kommuneendring

# Before this the portal knows no division.
FRA = datetime.date(2017, 1, 1)
# Not a kommune, though it stands among them: «Uoppgitt».
_UOPPGITT = "9999"


@dataclass(frozen=True)
class Navneperiode:
    """What a number was called, from–to; the rows of the source are these."""

    nummer: str
    navn: str
    fra: datetime.date
    til: datetime.date | None
    orgnr: str = ""
    # Where it stands in a file.
    rad: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Kommunerad:
    """A kommune with its names in order, the last one its name today. `orgnr` empty: not known."""

    nummer: str
    navn: tuple[Navneperiode, ...]
    orgnr: str = ""

    @property
    def siste_navn(self) -> str:
        return self.navn[-1].navn

    @property
    def fra(self) -> datetime.date:
        return self.navn[0].fra

    @property
    def til(self) -> datetime.date | None:
        return self.navn[-1].til

    @property
    def siste_skifte(self) -> datetime.date:
        """The last day on which the source says that something became otherwise."""
        return self.til or self.navn[-1].fra


@dataclass(frozen=True)
class Endringsrad:
    """One number became another on a day."""

    fra: str
    til: str
    dato: datetime.date
    type: str


@dataclass
class Inndelingskilde:
    """A source as it was read. `tidligst`: what it says began that day, may have begun before."""

    kommuner: list[Kommunerad] = field(default_factory=list)
    endringer: list[Endringsrad] = field(default_factory=list)
    tidligst: datetime.date | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "tidligst": _tekst(self.tidligst),
            "kommuner": [
                [k.nummer, k.orgnr, [[n.navn, _tekst(n.fra), _tekst(n.til)] for n in k.navn]]
                for k in self.kommuner
            ],
            "endringer": [[e.fra, e.til, _tekst(e.dato), e.type] for e in self.endringer],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        dag = datetime.date.fromisoformat
        return cls(
            [
                Kommunerad(
                    nummer,
                    tuple(
                        Navneperiode(nummer, navn, dag(fra), dag(til) if til else None)
                        for navn, fra, til in navnene
                    ),
                    orgnr,
                )
                for nummer, orgnr, navnene in data["kommuner"]
            ],
            [
                Endringsrad(fra, til, dag(dato), type_)
                for fra, til, dato, type_ in data["endringer"]
            ],
            dag(data["tidligst"]) if data["tidligst"] else None,
        )


class Overlapp(ValueError):
    """Two rows say what one number was called on the same day."""

    def __init__(self, foerst: Navneperiode, sist: Navneperiode) -> None:
        super().__init__(foerst.nummer)
        self.foerst, self.sist = foerst, sist


def _tekst(dato: datetime.date | None) -> str:
    return dato.isoformat() if dato else ""


def put_together(
    perioder: Iterable[Navneperiode],
    skifter: Iterable[tuple[str, str, datetime.date]],
    *,
    tidligst: datetime.date | None = None,
) -> Inndelingskilde:
    """The source from its rows: the names of each number in order, and what became of each.

    `skifter` are (from, to, date); those of a number to itself are changes of name, and stand among the
    names. What kind of change it was is counted: one that became several was divided, several that became
    one were merged. Raises Overlapp when the names of a number overlap.
    """
    per_nummer: dict[str, list[Navneperiode]] = defaultdict(list)
    for periode in perioder:
        if periode.nummer != _UOPPGITT:
            per_nummer[periode.nummer].append(periode)
    kommuner = [
        Kommunerad(nummer, tuple(_uten_skjoeter(rader)), _orgnr(rader))
        for nummer, rader in sorted(per_nummer.items())
    ]
    par = sorted({s for s in skifter if s[0] != s[1]}, key=lambda s: (s[2], s[0], s[1]))
    return Inndelingskilde(kommuner, _typede(par), tidligst)


def _orgnr(rader: Iterable[Navneperiode]) -> str:
    return next((rad.orgnr for rad in rader if rad.orgnr), "")


def _uten_skjoeter(rader: list[Navneperiode]) -> list[Navneperiode]:
    """In order, and two rows with the same name after each other as one."""
    svar: list[Navneperiode] = []
    i_orden = sorted(rader, key=lambda r: r.fra)
    for en, neste in pairwise(i_orden):
        if en.til is None or en.til > neste.fra:
            raise Overlapp(*sorted((en, neste), key=lambda r: r.rad))
    for rad in i_orden:
        navn = _parallelle(rad.navn)
        if svar and svar[-1].navn == navn:
            svar[-1] = Navneperiode(rad.nummer, navn, svar[-1].fra, rad.til)
        else:
            svar.append(Navneperiode(rad.nummer, navn, rad.fra, rad.til))
    return svar


def _parallelle(navn: str) -> str:
    """«Fauske - Fuossko» as the portal writes it (`kommuner.samiske_navn`)."""
    return re.sub(r"\s+[-–]\s+", " – ", navn.strip())


def _typede(par: list[tuple[str, str, datetime.date]]) -> list[Endringsrad]:
    maal = Counter((dato, fra) for fra, _til, dato in par)
    opphav = Counter((dato, til) for _fra, til, dato in par)

    def type_of(fra: str, til: str, dato: datetime.date) -> str:
        if maal[dato, fra] > 1:
            return Kommuneendring.Type.DELING.value
        if opphav[dato, til] > 1:
            return Kommuneendring.Type.SAMMENSLAAING.value
        return Kommuneendring.Type.NYTT_NUMMER.value

    return [Endringsrad(fra, til, dato, type_of(fra, til, dato)) for fra, til, dato in par]
