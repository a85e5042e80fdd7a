"""The division into kommuner, held in memory while a file is read: by number, by date, and onwards."""

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass, field

from kommuner.models import Kommune, Kommuneendring
from kommuner.samiske_navn import written_names
from kommuner.tabellfil.kolonner import fold


def fold_kommune(navn: str) -> str:
    """«AVERØY KOMMUNE», «Averøy» and «averoy» are one name."""
    return fold(re.sub(r"\bkommun[ea]\b", "", navn.casefold()))


@dataclass(frozen=True)
class KommuneDa:
    """A kommune with its period; `til` is the first day it no longer is."""

    id: int
    nummer: str
    navn: str
    fra: datetime.date | None
    til: datetime.date | None

    def er_gyldig(self, dato: datetime.date) -> bool:
        return (self.fra is None or self.fra <= dato) and (self.til is None or dato < self.til)


@dataclass
class Inndeling:
    """Every kommune known, and what each became. Two queries, whatever the file."""

    per_nummer: dict[str, KommuneDa] = field(default_factory=dict)
    per_id: dict[int, KommuneDa] = field(default_factory=dict)
    etterfolgere: dict[tuple[int, datetime.date], set[int]] = field(default_factory=dict)
    per_navn: dict[str, list[KommuneDa]] = field(default_factory=dict)
    _slekt: dict[int, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def fetch(cls) -> "Inndeling":
        svar = cls()
        for k in Kommune.objects.only("kommunenummer", "navn", "gyldig"):
            da = KommuneDa(k.pk, k.kommunenummer, k.navn, k.fra, k.til)
            svar.per_nummer[da.nummer] = svar.per_id[da.id] = da
            for navn in {fold_kommune(n) for n in written_names(da.navn)}:
                svar.per_navn.setdefault(navn, []).append(da)
        etter = defaultdict(set)
        for fra, til, dato in Kommuneendring.objects.values_list("fra", "til", "dato"):
            if fra != til:
                etter[fra, dato].add(til)
        svar.etterfolgere = dict(etter)
        return svar

    def kin(self, kommune_id: int) -> frozenset[int]:
        """The kommune with all that it came from and all that it became."""
        if kommune_id not in self._slekt:
            ned: dict[int, set[int]] = defaultdict(set)
            opp: dict[int, set[int]] = defaultdict(set)
            for (fra, _dato), til in self.etterfolgere.items():
                ned[fra] |= til
                for t in til:
                    opp[t].add(fra)
            funnet = {kommune_id}
            for vei in (ned, opp):
                nye = {kommune_id}
                while nye := {n for k in nye for n in vei[k]} - funnet:
                    funnet |= nye
            self._slekt[kommune_id] = frozenset(funnet)
        return self._slekt[kommune_id]

    def parts(self, kommune_id: int) -> list[KommuneDa]:
        """What the kommune was divided into when it ended; nothing when it was not divided."""
        kommune = self.per_id[kommune_id]
        deler = self.etterfolgere.get((kommune_id, kommune.til), set()) if kommune.til else set()
        if len(deler) < 2:
            return []
        return sorted((self.per_id[d] for d in deler if d in self.per_id), key=lambda k: k.nummer)

    def kjede(
        self, kommune_id: int, fra: datetime.date, til: datetime.date | None
    ) -> list[tuple[int, datetime.date, datetime.date | None]]:
        """Where a unit that lies in the kommune on `fra` lies from then until `til`.

        A merger or a new number is followed; at a split it stops, since only the unit's own record
        knows which part it went to.
        """
        biter: list[tuple[int, datetime.date, datetime.date | None]] = []
        kommune = self.per_id[kommune_id]
        while True:
            slutt = kommune.til
            siste = slutt is None or (til is not None and til <= slutt)
            biter.append((kommune.id, fra, til if siste else slutt))
            if siste or slutt is None:
                return biter
            etter = self.etterfolgere.get((kommune.id, slutt), set())
            neste = self.per_id.get(next(iter(etter))) if len(etter) == 1 else None
            if neste is None or not neste.er_gyldig(slutt):
                return biter
            kommune, fra = neste, slutt
