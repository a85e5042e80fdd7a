"""The menu: five pages for everybody, some by role, the rest on the page «Nettverket».

One list gives each page its place, so that no two claim the same.
"""

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

from kommuner.sortering import folded
from nettverk.flater.deler import Menypunkt
from nettverk.flater.portal import portaler

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller

FOR_ALLE = ("hjem", "samlinger", "mellomarbeid", "praksis", "nettverket")
ETTER_ROLLE = ("aarsrapport",)
UNDER_NETTVERKET = ("kommuner", "grupper", "folk", "laeringsloyper", "fremtidsbilder", "utboks")
MENYREKKEFOLGE = (*FOR_ALLE, *ETTER_ROLLE, *UNDER_NETTVERKET)

# Addresses of their own, after the network's, that have their place below another page of the menu.
_LIGGER_UNDER = {
    "enheter": "kommuner",
    **dict.fromkeys(("maal", "tankesmier", "stemmegrupper", "temaer"), "fremtidsbilder"),
    "oppdrag": "mellomarbeid",
}
# The page of a red thread lies where the thing does that it is of.
_TRAADEN = "roed-traad"
_TRAADEN_UNDER = {
    **dict.fromkeys(("fremtidsbilde", "maal", "stemme", "tankesmie", "tema"), "fremtidsbilder"),
    "mellomarbeid": "mellomarbeid",
    "oppdrag": "mellomarbeid",
}

# What stands at the foot of a phone; the rest is behind «Mer».
_ANTALL_PAA_MOBIL = 4
_PAA_MOBIL_SKRIVER = ("hjem", "mellomarbeid", "praksis", "samlinger")
_PAA_MOBIL_GODKJENNER = ("hjem", "samlinger", "aarsrapport", "nettverket")
_PAA_MOBIL = ("hjem", "samlinger", "mellomarbeid", "nettverket")


@dataclass(frozen=True)
class Meny:
    """The menu of one person: what stands on the line, what has its place under «Nettverket», and what
    a phone has room for."""

    for_alle: list[Menypunkt] = field(default_factory=list)
    etter_rolle: list[Menypunkt] = field(default_factory=list)
    under_nettverket: list[Menypunkt] = field(default_factory=list)
    paa_mobil: list[Menypunkt] = field(default_factory=list)

    @property
    def alle(self) -> list[Menypunkt]:
        return [*self.for_alle, *self.etter_rolle, *self.under_nettverket]

    def drawn_at(self, adresse: str) -> "TegnetMeny":
        """The menu as it is drawn on the page at `adresse`, with where one is."""
        aktive = {punkt.noekkel for punkt in self.above(adresse)}

        def lines(punkter: list[Menypunkt]) -> list[Menylinje]:
            return [Menylinje(p, p.noekkel in aktive, p.url == adresse) for p in punkter]

        return TegnetMeny(
            lines(self.for_alle),
            lines(self.etter_rolle),
            lines(self.under_nettverket),
            lines(self.paa_mobil),
            self,
        )

    def above(self, adresse: str) -> list[Menypunkt]:
        """The pages of the menu that `adresse` is or lies below, the outermost first: «Nettverket», «Folk»
        for a person."""
        treff = [punkt for punkt in self.alle if adresse.startswith(punkt.url)]
        naermest = max(treff, key=lambda punkt: len(punkt.url), default=None)
        if naermest is None:
            flyttet = _moved(adresse.split("/")[2:])
            naermest = next((p for p in self.alle if p.noekkel == flyttet), None)
        if naermest is None:
            return []
        ytterst = [p for p in self.for_alle if p.noekkel == "nettverket"]
        return [*(ytterst if naermest.noekkel in UNDER_NETTVERKET else []), naermest]


def _moved(deler: list[str]) -> str | None:
    """The key of the page that an address has its place below, by what stands after the network's."""
    match deler:
        case [forst, slag, *_] if forst == _TRAADEN:
            return _TRAADEN_UNDER.get(slag)
        case [forst, *_]:
            return _LIGGER_UNDER.get(forst)
    return None


@dataclass(frozen=True)
class Menylinje:
    """A page in the menu as one sees it: `aktiv` when one is on it or below it, `her` when on it."""

    punkt: Menypunkt
    aktiv: bool
    her: bool


@dataclass(frozen=True)
class TegnetMeny:
    """The menu on one page."""

    for_alle: list[Menylinje]
    etter_rolle: list[Menylinje]
    under_nettverket: list[Menylinje]
    paa_mobil: list[Menylinje]
    meny: Meny

    @property
    def bak_mer(self) -> list[Menylinje]:
        """What a phone has behind «Mer»."""
        framme = {linje.punkt.noekkel for linje in self.paa_mobil}
        alle = [*self.for_alle, *self.etter_rolle, *self.under_nettverket]
        return [linje for linje in alle if linje.punkt.noekkel not in framme]


def menyen(roller: "Roller") -> Meny:
    """The pages that these roles have use for. No queries."""
    punkter = {
        punkt.noekkel: punkt
        for portal in portaler(roller.nettverk)
        for punkt in portal.meny(roller)
    }
    if ukjente := punkter.keys() - set(MENYREKKEFOLGE):
        raise ImproperlyConfigured(f"Menypunktene {sorted(ukjente)} mangler i MENYREKKEFOLGE.")

    def those(noekler: tuple[str, ...]) -> list[Menypunkt]:
        return [punkter[noekkel] for noekkel in noekler if noekkel in punkter]

    foerst = _first_on_phone(roller)
    mobil = those((*foerst, *(noekkel for noekkel in FOR_ALLE if noekkel not in foerst)))
    return Meny(
        those(FOR_ALLE), those(ETTER_ROLLE), those(UNDER_NETTVERKET), mobil[:_ANTALL_PAA_MOBIL]
    )


def _first_on_phone(roller: "Roller") -> tuple[str, ...]:
    if roller.enheter and not roller.er_koordinator:
        return _PAA_MOBIL_SKRIVER
    if roller.er_stg and not roller.er_koordinator:
        return _PAA_MOBIL_GODKJENNER
    return _PAA_MOBIL


def pages_called(roller: "Roller", q: str) -> list[Menypunkt]:
    """The pages of the menu that are called something with the words of `q`; all of them when it is empty."""
    ordene = folded(q).split()
    return [p for p in menyen(roller).alle if all(ord_ in folded(str(p.label)) for ord_ in ordene)]


def pages_like(roller: "Roller", q: str, antall: int = 3) -> list[Menypunkt]:
    """The pages whose names are most like `q`, for when nothing is called so."""

    def likeness(punkt: Menypunkt) -> float:
        return SequenceMatcher(None, folded(q), folded(str(punkt.label))).ratio()

    return sorted(menyen(roller).alle, key=likeness, reverse=True)[:antall]
