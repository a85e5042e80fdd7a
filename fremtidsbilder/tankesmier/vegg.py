"""The wall of a question as plain data: themes with their cards, the cards outside, and the words they use."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef

from fremtidsbilder.models import Bidrag, Klynge, Samtalesporsmaal
from fremtidsbilder.tankesmier.ord import words_of
from kommuner.sortering import norsk_nokkel
from nettverk.skriving.barnesjekk import look_for_children


# A wall of two thousand cards is drawn again for one new: the others are not looked through anew.
@lru_cache(maxsize=20_000)
def may_name_a_child(tekst: str) -> bool:
    """It should be read once more."""
    return bool(look_for_children(tekst))


@dataclass(frozen=True, slots=True)
class Kort:
    pk: int
    tekst: str
    bord: int | None
    prikker: int
    valgt: bool
    skjult: bool

    @property
    def nevner_barn(self) -> bool:
        """It should be read once more."""
        return may_name_a_child(self.tekst)


@dataclass(slots=True)
class Veggtema:
    """A theme, the cards shown in it, and the themes that were merged into it."""

    pk: int
    navn: str
    kort: list[Kort] = field(default_factory=list)
    slaatt_inn: list[Klynge] = field(default_factory=list)

    @property
    def prikker(self) -> int:
        return sum(kort.prikker for kort in self.kort)


@dataclass(slots=True)
class Vegg:
    temaer: list[Veggtema]
    uten_tema: list[Kort]
    skjulte: list[Kort] = field(default_factory=list)

    @property
    def kort(self) -> list[Kort]:
        """Each of them once, though it stands in several themes."""
        alle = (*(kort for tema in self.temaer for kort in tema.kort), *self.uten_tema)
        return list({kort.pk: kort for kort in alle}.values())

    @property
    def antall(self) -> int:
        return len(self.kort)

    @property
    def hver_en_gang(self) -> "Vegg":
        """The same with each card in the first of its themes: where one does something with a card, and not with its
        place."""
        sett: set[int] = set()
        temaer = []
        for tema in self.temaer:
            nye = [kort for kort in tema.kort if kort.pk not in sett]
            sett.update(kort.pk for kort in nye)
            temaer.append(Veggtema(tema.pk, tema.navn, nye, tema.slaatt_inn))
        return Vegg(temaer, self.uten_tema, self.skjulte)

    @property
    def antall_prikker(self) -> int:
        return sum(kort.prikker for kort in self.kort)


def read_wall(sporsmaal: Samtalesporsmaal, *, med_skjulte: bool = False) -> Vegg:
    """What stands on it now: in a theme those with most dots first, outside the newest first. What is hidden is in
    `skjulte` for those who arrange it, and nowhere for others. Two queries."""
    return read_walls([sporsmaal], med_skjulte=med_skjulte)[sporsmaal.pk]


def read_walls(
    sporsmaalene: Iterable[Samtalesporsmaal], *, med_skjulte: bool = False
) -> dict[int, Vegg]:
    """The walls of many questions (`read_wall`), by the question. Two queries for all of them."""
    vegger = {s.pk: Vegg([], []) for s in sporsmaalene}
    # The cards that stand there beside in the theme they were put in.
    ogsaa = Bidrag.andre_klynger.through.objects.filter(klynge=OuterRef("pk")).order_by("pk")
    klynger: list[Any] = list(
        Klynge.objects.filter(sporsmaal__in=vegger).annotate(
            ogsaa_kort=ArraySubquery(ogsaa.values("bidrag"))
        )
    )
    temaer = {k.pk: Veggtema(k.pk, k.navn) for k in klynger if k.inn_i_id is None}
    # A card is shown in the theme that its own was merged into.
    vises_i = {k.pk: temaer[k.inn_i_id or k.pk] for k in klynger}
    for k in klynger:
        if k.inn_i_id:
            vises_i[k.pk].slaatt_inn.append(k)
        else:
            vegger[k.sporsmaal_id].temaer.append(temaer[k.pk])
    bidrag = Bidrag.objects.filter(sporsmaal__in=vegger)
    bidrag = bidrag.exclude(tekst="") if med_skjulte else bidrag.shown()
    rader = bidrag.annotate(n=Count("prikker")).order_by("-pk")
    felt = ("pk", "tekst", "bord", "n", "valgt", "skjult", "klynge_id", "sporsmaal_id")
    andre: dict[int, list[int]] = {}
    for k in klynger:
        for pk in k.ogsaa_kort:
            andre.setdefault(pk, []).append(k.pk)
    for *verdier, klynge, sporsmaal in rader.values_list(*felt):
        kort, vegg = Kort(*verdier), vegger[sporsmaal]
        # Two of its themes may have been merged: it is shown once in each.
        egne = {
            vises_i[k].pk: vises_i[k] for k in (klynge, *andre.get(kort.pk, ())) if k in vises_i
        }
        if kort.skjult:
            vegg.skjulte.append(kort)
        for tema in egne.values() if not kort.skjult else ():
            tema.kort.append(kort)
        if not egne and not kort.skjult:
            vegg.uten_tema.append(kort)
    for tema in temaer.values():
        tema.kort.sort(key=lambda kort: (-kort.prikker, kort.pk))
    return vegger


@lru_cache(maxsize=32)
def wall_at(sporsmaal: Samtalesporsmaal, versjon: int) -> Vegg:
    """The wall to those who only look, as it was when the number of its tankesmie was `versjon`, or newer: a screen
    asks every other second, and a wall that stands still is not read again. Nothing in it is to be changed."""
    return read_wall(sporsmaal)


def voices(vegg: Vegg, *, hoyst: int = 3) -> list[Kort]:
    """Those that are picked for the summary; when nobody has picked, those with most dots."""
    if valgte := [kort for kort in vegg.kort if kort.valgt]:
        return valgte
    med_prikker = [kort for kort in vegg.kort if kort.prikker]
    return sorted(med_prikker, key=lambda kort: (-kort.prikker, kort.pk))[:hoyst]


# --- the cloud


@dataclass(frozen=True, slots=True)
class Ord:
    """A word, in how many cards it stands, and how large it is drawn (1 to 5)."""

    ord: str
    antall: int
    trinn: int


def cloud(tekster: Iterable[str], *, hoyst: int = 40) -> list[Ord]:
    """The words that most cards use, the most used first; a word that stands in one card alone is not among them."""
    telling: Counter[str] = Counter()
    for tekst in tekster:
        telling.update(words_of(tekst))
    vanligst = [(ord_, n) for ord_, n in telling.most_common(hoyst) if n > 1]
    if not vanligst:
        return []
    mest = vanligst[0][1]
    return [Ord(ord_, n, 1 + round(4 * (n - 1) / max(mest - 1, 1))) for ord_, n in vanligst]


def by_alphabet(ordene: Iterable[Ord]) -> list[Ord]:
    """As they are drawn in the cloud: nobody reads a rank out of it."""
    return sorted(ordene, key=lambda ett: norsk_nokkel(ett.ord))


@lru_cache(maxsize=32)
def cloud_at(sporsmaal: Samtalesporsmaal, versjon: int, hoyst: int) -> list[Ord]:
    """The cloud of the wall (`wall_at`), by the alphabet."""
    ordene = cloud((kort.tekst for kort in wall_at(sporsmaal, versjon).kort), hoyst=hoyst)
    return by_alphabet(ordene)
