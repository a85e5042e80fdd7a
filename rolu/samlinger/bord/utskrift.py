"""The seating as it is printed: a card for each table, a list by name for the wall, and what the kitchen must know."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from kommuner.sortering import norsk_nokkel
from rolu.models import Bordkart, Bordplass, Samling
from rolu.samlinger import behov
from rolu.samlinger.bord.side import Bordkort, for_print
from rolu.samlinger.hvem_kommer import Utskriftsperson
from rolu.samlinger.skrankesok import key_of


@dataclass(frozen=True)
class Listelinje:
    """A line of the list: who, from where, and the table."""

    navn: str
    sted: str
    bord: int


def cards(samling: Samling) -> list[Bordkort]:
    """The tables, in order; none where nobody is seated."""
    kart = Bordkart.objects.filter(samling=samling, satt__isnull=False).first()
    if kart is None:
        return []
    kart.samling = samling
    return for_print(kart)


def by_letter(samling: Samling) -> list[tuple[str, list[Listelinje]]]:
    """Everybody who has a table, by the first letter of the name as it is looked for."""
    alle = [
        Listelinje(rad.gjest.navn, rad.gjest.sted, kort.nummer)
        for kort in cards(samling)
        for rad in kort.rader
    ]
    per: dict[str, list[Listelinje]] = {}
    for linje in sorted(alle, key=lambda linje: norsk_nokkel(linje.navn)):
        per.setdefault(_letter(linje.navn), []).append(linje)
    return list(per.items())


def _letter(navn: str) -> str:
    """The letter a name is sorted under: Aagot is looked for under Å."""
    return "Å" if navn[:2].lower() == "aa" else navn[:1].upper()


@dataclass(frozen=True)
class Bordbehov:
    """A table and how many there need each thing; `bord` is None for those who have no table yet."""

    bord: int | None
    tall: list[tuple[str, int]]


def needs(samling: Samling) -> list[Bordbehov]:
    """What is needed at each table where something is, for the kitchen: nobody's name, and nothing that somebody has
    written in their own words. Two queries."""
    rader = Bordplass.objects.filter(bordkart__samling=samling, person__isnull=False)
    ved = dict(rader.values_list("person", "bord"))
    per: dict[int | None, Counter[str]] = defaultdict(Counter)
    for person, valg in behov.chosen(samling):
        per[ved.get(person)].update(valg)
    return [
        Bordbehov(bord, behov.in_words(per[bord]))
        for bord in sorted(per, key=lambda nr: (nr is None, nr or 0))
        if per[bord]
    ]


def seated(samling: Samling, alle: Sequence[Utskriftsperson]) -> int:
    """How many of those who come have a table. One query."""
    rader = Bordplass.objects.filter(bordkart__samling=samling)
    har = {key_of(person, gjest) for person, gjest in rader.values_list("person", "gjest")}
    return sum(key_of(d.person, d.gjest) in har for d in alle)
