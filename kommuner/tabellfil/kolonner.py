"""Which columns a kind of list has, and all that they are called."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from django.utils.functional import Promise

from kommuner.tabellfil.celler import MAKS_CELLE

MAKS_KOLONNER = 200

_FOLDING = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "é": "e"})
# «Ant. barn», «Tal på barn», «No. of children»: one way of saying «antall».
_ANTALL = re.compile(r"^(antall|antal|ant|tal pa|talet pa|tal|number of|no of|nr of)(?= )")
# No heading is longer; a text that begins as one is looked no further into.
MAKS_OVERSKRIFT = 200
# What a heading may say besides: the day, the unit of measure, a note.
_TILLEGG = re.compile(
    r"\([^()]*\)|\[[^\[\]]*\]|\b(?:per|pr|for|as of)?\.? ?\d{1,2}\.\d{1,2}\.\d{2,4}|\b(?:19|20)\d\d\b|\*"
)


def fold(tekst: str) -> str:
    """«Målform», «MAALFORM» and «mål-form» are one column; so are «Ant. barn» and «Antall barn»."""
    tekst = tekst[:MAKS_OVERSKRIFT].lower().translate(_FOLDING)
    ord_ = re.sub(r"[^a-z0-9]+", " ", tekst).strip()
    return _ANTALL.sub("antall", ord_).replace(" ", "").replace("aa", "a")


@dataclass(frozen=True)
class Kolonne:
    """A column: its own name, what it holds, an example, and other names for it, with | between."""

    navn: str
    forklaring: str | Promise
    eksempel: str = ""
    andre_navn: str = ""


def names(kolonner: Iterable[Kolonne]) -> dict[str, str]:
    """Folded heading → the column's own name."""
    return {
        fold(annet): k.navn
        for k in kolonner
        for annet in (*k.andre_navn.split("|"), k.navn)
        if annet
    }


def nothing_missing(_har: Iterable[str]) -> list[str]:
    return []


@dataclass(frozen=True)
class Kolonner:
    """The columns of one kind of list, and how much of a list is read.

    `navn` is folded heading → column; `missing` says which columns a list cannot do without, of those it
    has. `valg` is what people have answered before: folded heading → column, or nothing for «not used».
    """

    navn: Mapping[str, str]
    missing: Callable[[Iterable[str]], list[str]] = nothing_missing
    maks_rader: int = 100_000
    # None: as large as an upload may be.
    maks_bytes: int | None = None
    maks_celle: int = MAKS_CELLE
    # The lines of a cell stay lines.
    linjeskift: bool = False
    valg: Mapping[str, str] = field(default_factory=dict)

    def answered(self, valg: Mapping[str, str]) -> Self:
        """The same, with what people have answered."""
        return replace(self, valg=valg)

    def known(self, overskrift: str) -> str | None:
        """Our column for one heading; None when we do not know it."""
        hel = fold(overskrift)
        if not hel:
            return None
        if hel in self.valg:
            return self.valg[hel] or None
        kort = _TILLEGG.sub(" ", overskrift[:MAKS_OVERSKRIFT])
        return self.navn.get(hel) or self.navn.get(fold(kort))

    def recognise(self, overskrifter: Iterable[str]) -> dict[int, str]:
        """Position → our column, for the headings we know. A column's own name wins over its other names."""
        funnet: dict[str, int] = {}
        for nr, overskrift in enumerate(overskrifter):
            kolonne = self.known(overskrift)
            if kolonne and (kolonne not in funnet or fold(overskrift) == fold(kolonne)):
                funnet[kolonne] = nr
        return {nr: kolonne for kolonne, nr in sorted(funnet.items(), key=lambda par: par[1])}
