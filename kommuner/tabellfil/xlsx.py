"""XLSX: the rows of the sheet that is a table."""

import re
from collections.abc import Iterator
from typing import IO, Any

from django.utils.translation import gettext as _

from kommuner.kontorfil import Kontorfilfeil, inspect, sheet_rows
from kommuner.tabellfil.celler import LeseFeil, clean
from kommuner.tabellfil.kolonner import MAKS_KOLONNER, Kolonner
from kommuner.tabellfil.overskrifter import Linje, Tabell, with_headings

# The sheets are read a row at a time, and these not at all.
_IKKE_HELE = ("xl/worksheets/", "xl/media/", "xl/pivotcache/", "xl/embeddings/")
# The rest is read whole, and grows five to twenty times in memory. Twenty thousand units have some
# 4 MB of words.
MAKS_ORD = 32 * 1024 * 1024
MAKS_OPPSETT = 8 * 1024 * 1024


def open_table(fil: IO[bytes], kolonner: Kolonner) -> Tabell:
    """The first sheet that has all it must; else the one with most headings; else what is wrong with the first."""
    _refuse_bombs(fil)
    fil.seek(0)
    import openpyxl

    try:
        bok = openpyxl.load_workbook(fil, read_only=True, data_only=True, keep_links=False)
        arkene = list(bok.worksheets)
    except Exception as feil:  # openpyxl raises whatever the broken part happened to raise
        raise LeseFeil(damaged()) from feil
    foerste: LeseFeil | None = None
    beste: Tabell | None = None
    for ark in arkene:
        # What the file says of its own size is not to be trusted, and may be wrong in good faith.
        meldt = ark.max_row or 0
        try:
            tabell = with_headings(
                "xlsx", _rows(ark, kolonner), kolonner, antall=max(min(meldt, 1_048_576) - 1, 0)
            )
        except LeseFeil as feil:
            foerste = foerste or feil
            continue
        tabell.ark = ark.title
        if tabell.kjente and not kolonner.missing(tabell.kjente.values()):
            return tabell
        if beste is None or len(tabell.kjente) > len(beste.kjente):
            beste = tabell
    if beste is not None and (beste.kjente or foerste is None):
        return beste
    raise foerste or LeseFeil(_("Regnearket har ingen ark med celler."))


def _rows(ark: Any, kolonner: Kolonner) -> Iterator[Linje]:
    def text(celle: object) -> str:
        return clean(celle, linjeskift=kolonner.linjeskift, maks=kolonner.maks_celle)

    try:
        ned = _Nedover(_merged_downwards(ark))
        for nummer, rad in sheet_rows(ark, kolonner=MAKS_KOLONNER):
            celler = ned.fill(nummer, [text(celle) for celle in rad])
            while celler and not celler[-1]:
                celler.pop()
            yield nummer, celler
    except LeseFeil:
        raise
    except Exception as feil:  # a broken part of the archive is met while reading
        raise LeseFeil(damaged()) from feil


# How many merged cells are followed; the rest stay empty below their first row.
_MAKS_FLETTET = 20_000
_FLETTET = re.compile(
    rb"<(?:\w+:)?mergeCell\b[^<>]*?\bref=[\"']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})"
)
_BIT, _HALE = 1 << 20, 200


def _merged_downwards(ark: Any) -> dict[int, list[tuple[int, int]]]:
    """Column → (first row, last row) of cells that are merged over several rows.

    They stand after all rows, where a reading row by row comes too late; and a reader that holds the
    whole sheet may be made to fill the memory by one cell far down to the right.
    """
    from openpyxl.utils import column_index_from_string

    funnet: dict[int, list[tuple[int, int]]] = {}
    antall, hale = 0, b""
    with ark.parent._archive.open(ark._worksheet_path) as xml:
        while (bit := xml.read(_BIT)) and antall < _MAKS_FLETTET:
            slutt = 0
            bit = hale + bit
            for treff in _FLETTET.finditer(bit):
                bokstaver, fra, til = treff.group(1).decode(), int(treff[2]), int(treff[3])
                slutt = treff.end()
                antall += 1
                kolonne = column_index_from_string(bokstaver) - 1
                if til > fra and kolonne < MAKS_KOLONNER:
                    funnet.setdefault(kolonne, []).append((fra, til))
            hale = bit[max(slutt, len(bit) - _HALE) :]
    return {kolonne: sorted(biter) for kolonne, biter in funnet.items()}


class _Nedover:
    """Gives the rows under a cell that is merged downwards the value that the cell shows."""

    def __init__(self, flettet: dict[int, list[tuple[int, int]]]) -> None:
        self.igjen = {kolonne: iter(biter) for kolonne, biter in flettet.items()}
        self.naa: dict[int, tuple[int, int]] = {k: next(biter) for k, biter in self.igjen.items()}
        self.verdi: dict[int, str] = {}

    def fill(self, nummer: int, celler: list[str]) -> list[str]:
        for kolonne in list(self.naa):
            while kolonne in self.naa and self.naa[kolonne][1] < nummer:
                if (neste := next(self.igjen[kolonne], None)) is None:
                    del self.naa[kolonne]
                else:
                    self.naa[kolonne] = neste
            if kolonne not in self.naa or self.naa[kolonne][0] > nummer:
                continue
            if self.naa[kolonne][0] == nummer:
                self.verdi[kolonne] = celler[kolonne] if kolonne < len(celler) else ""
            elif verdi := self.verdi.get(kolonne, ""):
                celler += [""] * (kolonne + 1 - len(celler))
                celler[kolonne] = celler[kolonne] or verdi
        return celler


def damaged() -> str:
    return _("Regnearket er skadet og kan ikke leses. Åpne det i Excel, lagre det og prøv igjen.")


def _refuse_bombs(fil: IO[bytes]) -> None:
    try:
        deler = inspect(fil, kjennetegn="xl/workbook.xml")
    except Kontorfilfeil as feil:
        raise LeseFeil(_grunn(feil)) from feil
    for del_ in deler:
        navn = del_.filename.lower()
        if navn.startswith(_IKKE_HELE):
            continue
        if del_.file_size > (MAKS_ORD if navn == "xl/sharedstrings.xml" else MAKS_OPPSETT):
            raise LeseFeil(_for_stort())


def _grunn(feil: Kontorfilfeil) -> str:
    """The reason, in the words of one who has a spreadsheet in front of them."""
    grunner = {
        "slag": _("Fila er ikke et Excel-ark. Åpne den i Excel og lagre den som .xlsx."),
        "passord": _("Regnearket er kryptert. Lagre det uten passord."),
        "skadet": damaged(),
        "for_stor": _for_stort(),
    }
    return grunner.get(feil.kode, str(feil))


def _for_stort() -> str:
    return _("Regnearket er for stort når det pakkes ut. Lagre det som CSV og last opp den fila.")
