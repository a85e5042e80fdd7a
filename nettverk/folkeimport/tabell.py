"""The list of people as it was given: headings, which of them we know, and its rows."""

from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kommuner.tabellfil import lesing
from kommuner.tabellfil.celler import LeseFeil
from kommuner.tabellfil.overskrifter import Tabell
from nettverk.folkeimport.kolonner import KJENTE, missing

# 5 000 rows of some 800 letters.
_MAKS_TEGN = 4_000_000


@dataclass(frozen=True)
class Folkeliste:
    """The headings, which of them we know (place to field), and the rows: (number in the file, cells)."""

    overskrifter: list[str]
    kjente: dict[int, str]
    rader: list[tuple[int, list[str]]]
    # How the letters of the whole file were wrong, when they were (`Tabell.tegn`).
    tegn: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "overskrifter": self.overskrifter,
            "kjente": sorted(self.kjente.items()),
            "rader": self.rader,
            "tegn": self.tegn,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Folkeliste":
        rader = [(nummer, celler) for nummer, celler in data.get("rader", [])]
        kjente = dict(data.get("kjente", []))
        return cls(data.get("overskrifter", []), kjente, rader, data.get("tegn", ""))


def open_table(fil: IO[bytes]) -> Folkeliste:
    """Read a file by what it holds, whatever its name says. Raises LeseFeil in plain words."""
    return _whole(lesing.open_table(fil, KJENTE))


def read_text(tekst: str) -> Folkeliste:
    """CSV, or what was copied from a spreadsheet: tabs between the cells."""
    return _whole(lesing.read_text(tekst, KJENTE))


def _whole(tabell: Tabell) -> Folkeliste:
    """Refuses a list without what it must have, or too long."""
    if missing(tabell.kjente.values()):
        raise LeseFeil(_missing_columns(tabell))
    rader: list[tuple[int, list[str]]] = []
    tegn = 0
    for nummer, celler in tabell.rader:
        rader.append((nummer, celler))
        tegn += sum(map(len, celler))
        if tegn > _MAKS_TEGN:
            raise LeseFeil(_("Lista er for lang. Del lista i flere."))
    if not rader:
        raise LeseFeil(_("Lista har overskrifter, men ingen rader."))
    return Folkeliste(tabell.overskrifter, tabell.kjente, rader, tabell.tegn)


def _missing_columns(tabell: Tabell) -> str:
    savnet = missing(tabell.kjente.values())
    tekst = ngettext(
        "Øverste rad må ha overskrifter. Kolonnen %(mangler)s mangler. Vi fant: %(fant)s.",
        "Øverste rad må ha overskrifter. Kolonnene %(mangler)s mangler. Vi fant: %(fant)s.",
        len(savnet),
    )
    return tekst % {"mangler": ", ".join(savnet), "fant": tabell.found()}
