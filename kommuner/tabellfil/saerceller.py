"""Cells of a sheet that do not hold the words they show: a formula, or cells merged into one."""

import re
from dataclasses import dataclass
from typing import IO

from kommuner.tabellfil.celler import LeseFeil
from kommuner.tabellfil.kolonner import MAKS_KOLONNER
from kommuner.tabellfil.xlsx import damaged

# Further down, and after so many merged cells, nobody looks.
_MAKS_RADER, _MAKS_FLETTET = 5_000, 2_000
_FLETTET = re.compile(
    rb"<(?:\w+:)?mergeCell\b[^<>]*?\bref=[\"']\$?[A-Z]{1,3}\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})"
)
_BIT, _HALE = 1 << 20, 200


@dataclass(frozen=True)
class Saerceller:
    """Where there are formulas, as (row, position), and which rows have merged cells."""

    formler: frozenset[tuple[int, int]] = frozenset()
    flettet: frozenset[int] = frozenset()


def special_cells(fil: IO[bytes], ark: str) -> Saerceller:
    """Those of the sheet of that name. Call when `xlsx.open_table` has taken the file. Raises LeseFeil."""
    import openpyxl

    fil.seek(0)
    try:
        bok = openpyxl.load_workbook(fil, read_only=True, keep_links=False)
        side = bok[ark]
        side.reset_dimensions()
        formler = {
            (nummer, plass)
            for nummer, rad in enumerate(
                side.iter_rows(max_row=_MAKS_RADER, max_col=MAKS_KOLONNER), start=1
            )
            for plass, celle in enumerate(rad)
            if getattr(celle, "data_type", "") == "f"
        }
        return Saerceller(frozenset(formler), frozenset(_merged_rows(side)))
    except LeseFeil:
        raise
    except Exception as feil:  # a broken part of the archive is met while reading
        raise LeseFeil(damaged()) from feil


def _merged_rows(side: object) -> set[int]:
    """They are told of after all the rows, so the sheet is read once more as text."""
    rader: set[int] = set()
    antall, hale = 0, b""
    with side.parent._archive.open(side._worksheet_path) as xml:  # type: ignore[attr-defined]
        while (bit := xml.read(_BIT)) and antall < _MAKS_FLETTET:
            bit = hale + bit
            slutt = 0
            for treff in _FLETTET.finditer(bit):
                slutt = treff.end()
                antall += 1
                rader.update(range(int(treff[1]), min(int(treff[2]), _MAKS_RADER) + 1))
            hale = bit[max(slutt, len(bit) - _HALE) :]
    return rader
