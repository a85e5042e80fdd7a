"""The draw: people in, tables out. Plain data and no database.

Every wish but one is about labels: two who share a label (a kommune, a group, a table last time, a quarrel) are to
sit apart, or together. What a seating costs is then how many pairs at a table share a label, and what a swap of two
people changes is a few look-ups. The one that is not, is that somebody of a kind sits at every so many tables.

The seating is found by simulated annealing: swaps of two at random, first almost all of them, then fewer and fewer of
those that make it worse. The rules weigh so differently that the heaviest is settled first. Why no solver is used:
docs/valg/bordkart-uten-solver.md.
"""

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

FAKTOR = 10.0  # how much a rule weighs against the next
FLYTT = 0.45  # to leave one's table when a seating is mended: two may, to mend one break of a rule that can hold
VARM_JUSTERING, KALD = 0.1, 0.15
JEVNT = (
    2.0  # two of a kind that is to sit at every so many tables share a table; less than any rule
)
NYTT_BORD = 4  # so many without a seat are worth a table of their own

Merker = Sequence[tuple[int, ...]]
Meld = Callable[[float], None]


@dataclass(frozen=True)
class Merkeregel:
    """Those who share one of the labels (by person) sit apart; with `samle` they sit together."""

    merker: Merker
    samle: bool = False

    def sizes(self) -> Counter[int]:
        """How many have each label."""
        return Counter(merke for egne in self.merker for merke in egne)


@dataclass(frozen=True)
class Dekningsregel:
    """At least one of those who `har` it sits at every `per` tables, counted from the first."""

    har: Sequence[bool]
    per: int


Regel = Merkeregel | Dekningsregel


@dataclass(frozen=True)
class Oppgave:
    """What is asked: how many people, seats at a table, the rules with the heaviest first, and who has a table that
    is not to be touched (person to table, from 0). `staar`: how many sit at each table of a seating that is mended."""

    antall: int
    plasser: int
    regler: Sequence[Regel] = ()
    laaste: Mapping[int, int] = field(default_factory=dict)
    staar: Sequence[int] = ()

    @property
    def bord(self) -> int:
        """Those that stand; else as few as the people need, and all that somebody is locked to. When everybody is,
        there are no others."""
        laast = 1 + max(self.laaste.values(), default=-1)
        trengs = -(-self.antall // self.plasser) if len(self.laaste) < self.antall else 0
        return len(self.staar) or max(trengs, laast)

    @property
    def rom(self) -> list[int]:
        """The seats of each table: more than usual where more are locked to it, or where there is no room for all."""
        laast = Counter(self.laaste.values())
        rom = [max(self.plasser, laast[bord]) for bord in range(self.bord)]
        if not self.staar:
            return rom
        rom = [seter if folk else 0 for seter, folk in zip(rom, self.staar, strict=True)]
        trangt = sum(rom) < self.antall
        return (
            [max(seter, folk) for seter, folk in zip(rom, self.staar, strict=True)]
            if trangt
            else rom
        )


# --- how a seating comes out


def broken(oppgave: Oppgave, bordet: Sequence[int]) -> list[int]:
    """How often each rule is broken: pairs who share a label, or of whom are parted; and stretches of tables that
    nobody of the kind sits at."""
    return [_broken(regel, oppgave.bord, bordet) for regel in oppgave.regler]


def _broken(regel: Regel, bord: int, bordet: Sequence[int]) -> int:
    if isinstance(regel, Dekningsregel):
        return len(uncovered(regel, bord, bordet))
    sammen = Counter(
        (bordet[person], merke) for person, egne in enumerate(regel.merker) for merke in egne
    )
    par = sum(map(_pairs, sammen.values()))
    return sum(map(_pairs, regel.sizes().values())) - par if regel.samle else par


def _pairs(antall: int) -> int:
    return antall * (antall - 1) // 2


def uncovered(regel: Dekningsregel, bord: int, bordet: Sequence[int]) -> list[range]:
    """The stretches of tables where people sit, and nobody of the kind."""
    har = {bordet[person] // regel.per for person, ja in enumerate(regel.har) if ja}
    i_bruk = {ved // regel.per for ved in bordet}
    strekk = [range(fra, min(fra + regel.per, bord)) for fra in range(0, bord, regel.per)]
    return [bordene for nr, bordene in enumerate(strekk) if nr in i_bruk - har]


def together(regel: Merkeregel, bordet: Sequence[int]) -> dict[tuple[int, int], list[int]]:
    """By table and label, those who share it there, where they are two or more."""
    ved: dict[tuple[int, int], list[int]] = {}
    for person, egne in enumerate(regel.merker):
        for merke in egne:
            ved.setdefault((bordet[person], merke), []).append(person)
    return {hvor: folk for hvor, folk in sorted(ved.items()) if len(folk) > 1}


def fewest(oppgave: Oppgave, regel: Regel) -> int:
    """A number that the breaks of the rule cannot go below, whatever else is asked: labels spread evenly over the
    tables, or gathered at as few as can hold them; a stretch of tables for each of the kind."""
    bord, rom = oppgave.bord, max(oppgave.rom, default=0)
    if isinstance(regel, Dekningsregel):
        return max(0, -(-bord // regel.per) - sum(regel.har))
    stoerrelser = regel.sizes().values()
    if regel.samle:
        return sum(_pairs(n) - _shared_out(n, rom) for n in stoerrelser)
    jevnt = 0
    for antall in stoerrelser:
        hver, rest = divmod(antall, bord)
        jevnt += rest * _pairs(hver + 1) + (bord - rest) * _pairs(hver)
    return jevnt


def _shared_out(antall: int, rom: int) -> int:
    """The most pairs that sit together of so many, when a table holds `rom`."""
    fulle, rest = divmod(antall, rom)
    return fulle * _pairs(rom) + _pairs(rest)


# --- the draw


def seat(
    oppgave: Oppgave, *, froe: int, hjem: Sequence[int] | None = None, meld: Meld | None = None
) -> list[int]:
    """The table of each person, from 0. The same seed gives the same. With `hjem`, where each sits now (-1: nowhere),
    the seating is mended: only who must, moves, and the tables that stand, stay. `meld` is told how far it is, from 0
    to 1."""
    if not oppgave.antall:
        return []
    if hjem is not None:
        oppgave = replace(oppgave, staar=_standing(oppgave, hjem))
    sal = _Sal(oppgave, random.Random(froe), hjem)
    sal.anneal(_attempts(oppgave, hjem), meld or (lambda _andel: None))
    return sal.bordet[: oppgave.antall]


def _standing(oppgave: Oppgave, hjem: Sequence[int]) -> list[int]:
    """How many sit at each table when those who have none have got one as late ones do."""
    sitter = {nr: bord for nr, bord in enumerate(hjem) if bord >= 0} | dict(oppgave.laaste)
    uten = [nr for nr in range(oppgave.antall) if nr not in sitter]
    bordet = [sitter.get(nr, -1) for nr in range(oppgave.antall)]
    sitter |= add(replace(oppgave, laaste=sitter), bordet, uten)
    folk = Counter(sitter.values())
    return [folk[bord] for bord in range(1 + max(folk))]


def _attempts(oppgave: Oppgave, hjem: Sequence[int] | None) -> int:
    """Swaps to try. To gather groups takes more: they must be carried past each other."""
    if hjem is not None:
        return max(10_000, 60 * oppgave.antall)
    samles = any(isinstance(r, Merkeregel) and r.samle for r in oppgave.regler)
    return max(20_000, (1_200 if samles else 300) * oppgave.antall)


def add(oppgave: Oppgave, bordet: Sequence[int], nye: Iterable[int]) -> dict[int, int]:
    """A table for each of those who came late, in turn: the empty seat that costs least; when there is none, an extra
    chair where it costs least, and a new table only for several at once. Nobody else moves. `bordet` has -1 for who has
    no table."""
    sene = list(nye)
    sal = _Sal(oppgave, random.Random(0), bordet, bare_hjemme=True)
    ledige = sum(max(0, oppgave.plasser - folk) for folk in sal.folk if folk)
    nytt_bord = len(sene) - ledige >= NYTT_BORD
    return {person: sal.add(person, nytt_bord=nytt_bord) for person in sene}


def by_degree(oppgave: Oppgave, regel: Regel) -> bool:
    """Whether the rule is about more or less, as how well the kommuner are mixed: it cannot be held wholly, so nobody
    who sits is moved for one pair fewer."""
    return isinstance(regel, Merkeregel) and not regel.samle and fewest(oppgave, regel) > 0


def _weigh(regler: Sequence[Regel]) -> list[float]:
    return [FAKTOR ** (len(regler) - plass) for plass in range(len(regler))]


class _Sal:
    """The room while it is drawn. Empty seats are persons too, so that every move is a swap."""

    def __init__(
        self,
        oppgave: Oppgave,
        rng: random.Random,
        hjem: Sequence[int] | None,
        *,
        bare_hjemme: bool = False,
    ) -> None:
        self.oppgave, self.rng = oppgave, rng
        self.n = oppgave.antall
        self.rom = oppgave.rom
        tomme = max(0, sum(self.rom) - self.n)
        self.alle = self.n + tomme
        self.hjem = [*hjem, *[-1] * tomme] if hjem is not None else []
        self.mendes = hjem is not None and not bare_hjemme
        self.dekning = [r for r in oppgave.regler if isinstance(r, Dekningsregel)]
        self._give_labels(tomme)
        self.bordet = [-1] * self.alle
        self.folk = [0] * oppgave.bord
        self.telling = [[0] * len(self.vekt) for _ in range(oppgave.bord)]
        self.dekket = [[0] * -(-oppgave.bord // r.per) for r in self.dekning]
        if bare_hjemme:
            for person in range(self.n):
                if self.hjem[person] >= 0:
                    self._sit(person, self.hjem[person])
        else:
            self._begin()

    def _give_labels(self, tomme: int) -> None:
        """Every label of every rule has its own number, and the weight of its rule. The empty seats share one that
        weighs least: they spread, and with them the people. Those of a kind that is to cover the tables share one too:
        else the stretches are covered by three at one table as well as by one at each."""
        regler = self.oppgave.regler
        vekter = self._weigh_to_mend() if self.mendes else _weigh(regler)
        self.vekt: list[float] = [1.0]
        self.har: list[list[bool]] = []
        self.dekningsvekt: list[float] = []
        self.merker: list[tuple[int, ...]] = []
        egne: list[list[int]] = [[] for _ in range(self.n)]
        for regel, vekt in zip(regler, vekter, strict=True):
            if isinstance(regel, Dekningsregel):
                self.har.append([*regel.har, *[False] * tomme])
                self.dekningsvekt.append(vekt)
                for person, har in enumerate(regel.har):
                    if har:
                        egne[person].append(len(self.vekt))
                self.vekt.append(JEVNT)
                continue
            nummer: dict[int, int] = {}
            for person, merkene in enumerate(regel.merker):
                for merke in merkene:
                    if merke not in nummer:
                        nummer[merke] = len(self.vekt)
                        self.vekt.append(-vekt if regel.samle else vekt)
                    egne[person].append(nummer[merke])
        self.merker = [*map(tuple, egne), *[(0,)] * tomme]
        self.sett = [frozenset(merkene) for merkene in self.merker]
        self.tyngst = FAKTOR ** len(regler)
        self.alene = FAKTOR * self.tyngst

    def _weigh_to_mend(self) -> list[float]:
        """What can be held, is worth moving somebody for; what goes by degree only tells which move is the better."""
        regler = self.oppgave.regler
        grad = [by_degree(self.oppgave, regel) for regel in regler]
        orden = sorted(range(len(regler)), key=lambda nr: grad[nr])
        self.flytt = FLYTT * FAKTOR ** (1 + sum(grad))
        vekt = dict(zip(orden, _weigh(regler), strict=True))
        return [vekt[nr] for nr in range(len(regler))]

    def _begin(self) -> None:
        """The locked at theirs, those who are at home there as far as there is room, the others anywhere."""
        laaste = self.oppgave.laaste
        ledig = list(self.rom)
        for person, bord in laaste.items():
            self._sit(person, bord)
            ledig[bord] -= 1
        resten = []
        for person in range(self.alle):
            if person in laaste:
                continue
            bord = self.hjem[person] if self.hjem else -1
            if 0 <= bord < len(ledig) and ledig[bord] > 0:
                self._sit(person, bord)
                ledig[bord] -= 1
            else:
                resten.append(person)
        stoler = [bord for bord, antall in enumerate(ledig) for _ in range(antall)]
        self.rng.shuffle(stoler)
        for person, bord in zip(resten, stoler, strict=True):
            self._sit(person, bord)

    def _sit(self, person: int, bord: int) -> None:
        self.bordet[person] = bord
        self._count(person, bord, 1)

    def _count(self, person: int, bord: int, en: int) -> None:
        telling = self.telling[bord]
        for merke in self.merker[person]:
            telling[merke] += en
        self.folk[bord] += en if person < self.n else 0
        for har, dekket, regel in zip(self.har, self.dekket, self.dekning, strict=True):
            dekket[bord // regel.per] += en if har[person] else 0

    def anneal(self, forsoek: int, meld: Meld) -> None:
        """Try so many swaps, from warm to cold."""
        fri = [person for person in range(self.alle) if person not in self.oppgave.laaste]
        if len(fri) < 2 or len(self.rom) < 2:
            return
        runder = -(-forsoek // 1000)
        varm = VARM_JUSTERING if self.mendes else self.tyngst
        avkjoeling = (min(KALD, varm / 2) / varm) ** (1 / runder)
        for runde in range(runder):
            meld(runde / runder)
            self._swap_some(fri, varm * avkjoeling**runde)

    def _swap_some(self, fri: list[int], varme: float) -> None:
        tilfeldig, exp, bordet, n, m = self.rng.random, math.exp, self.bordet, self.n, len(fri)
        for _ in range(1000):
            a, b = fri[int(tilfeldig() * m)], fri[int(tilfeldig() * m)]
            if bordet[a] == bordet[b] or (a >= n and b >= n):
                continue
            pris = self._price(a, b)
            if pris <= 0 or tilfeldig() < exp(-pris / varme):
                self._swap(a, b)

    def _price(self, a: int, b: int) -> float:
        """What a swap of the two costs; less than nothing when it makes it better."""
        fra, til = self.bordet[a], self.bordet[b]
        her, der, vekt = self.telling[fra], self.telling[til], self.vekt
        pris = 0.0
        for merke in self.merker[a]:
            pris += vekt[merke] * (der[merke] - her[merke] + 1)
        for merke in self.merker[b]:
            pris += vekt[merke] * (her[merke] - der[merke] + 1)
        if not self.sett[a].isdisjoint(self.sett[b]):
            pris -= 2 * sum(vekt[merke] for merke in self.sett[a] & self.sett[b])
        if self.har:
            pris += self._price_of_cover(a, b, fra, til)
        if a >= self.n:
            pris += self._price_of_alone(til, fra)
        elif b >= self.n:
            pris += self._price_of_alone(fra, til)
        if self.mendes:
            hjem_a, hjem_b = self.hjem[a], self.hjem[b]
            borte = (fra == hjem_a) + (til == hjem_b) - (til == hjem_a) - (fra == hjem_b)
            pris += self.flytt * borte
        return pris

    def _price_of_cover(self, a: int, b: int, fra: int, til: int) -> float:
        pris = 0.0
        for nr, regel in enumerate(self.dekning):
            har = self.har[nr]
            if har[a] == har[b]:
                continue
            tar, faar = (fra, til) if har[a] else (til, fra)
            strekk, annet = tar // regel.per, faar // regel.per
            if strekk != annet:
                dekket = self.dekket[nr]
                pris += self.dekningsvekt[nr] * ((dekket[strekk] == 1) - (dekket[annet] == 0))
        return pris

    def _price_of_alone(self, fra: int, til: int) -> float:
        """Of one who goes to an empty seat: nobody is to sit alone."""
        folk = self.folk
        alene = (folk[fra] == 2) - (folk[fra] == 1) + (folk[til] == 0) - (folk[til] == 1)
        return self.alene * alene

    def _swap(self, a: int, b: int) -> None:
        fra, til = self.bordet[a], self.bordet[b]
        self._count(a, fra, -1)
        self._count(b, til, -1)
        self._sit(a, til)
        self._sit(b, fra)

    def add(self, person: int, *, nytt_bord: bool) -> int:
        """The best hole for one more."""
        i_bruk = [bord for bord, folk in enumerate(self.folk) if folk]
        ledige = [bord for bord in i_bruk if self.folk[bord] < self.oppgave.plasser]
        tomme = [bord for bord, folk in enumerate(self.folk) if not folk]
        mulige = ledige or (tomme if nytt_bord or not i_bruk else i_bruk)
        bord = min(mulige, key=lambda b: (self._price_of_sitting(person, b), self.folk[b], b))
        self._sit(person, bord)
        return bord

    def _price_of_sitting(self, person: int, bord: int) -> float:
        telling = self.telling[bord]
        pris = sum(self.vekt[merke] * telling[merke] for merke in self.merker[person])
        for nr, regel in enumerate(self.dekning):
            mangler = self.har[nr][person] and not self.dekket[nr][bord // regel.per]
            pris -= self.dekningsvekt[nr] * mangler
        # Somebody sits there alone.
        return pris - self.alene * (self.folk[bord] == 1)
