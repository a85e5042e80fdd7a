"""A spreadsheet, a CSV file or what was pasted from one, as headings and rows of text."""

import codecs
import csv
import datetime
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kommuner.enhetsimport.kilde import LeseFeil
from kommuner.kontorfil import Kontorfilfeil, inspect, sheet_rows
from kommuner.sortering import composed
from nettverk.folkeimport.kolonner import missing, recognise
from nettverk.side.utenfra import lines

# The largest networks have some 2 000 appointments.
MAKS_RADER = 5_000
MAKS_KOLONNER = 40
# Fifteen units in one cell are some 600 characters.
_MAKS_CELLE = 2_000
_MAKS_TEGN = 4_000_000
# A title or a few lines about the list may stand above the headings.
_OVERSKRIFT_INNEN = 15
_SKILLETEGN = "\t;,|"
# What is read whole when a workbook is opened; the sheets are read a row at a time.
_MAKS_DEL = 32 * 1024 * 1024

Linjer = Iterable[tuple[int, list[str]]]


@dataclass(frozen=True)
class Tabell:
    """The headings, which of them we know (place to field), and the rows: (number in the file, cells)."""

    overskrifter: list[str]
    kjente: dict[int, str]
    rader: list[tuple[int, list[str]]]

    def as_json(self) -> dict[str, Any]:
        return {
            "overskrifter": self.overskrifter,
            "kjente": sorted(self.kjente.items()),
            "rader": self.rader,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Tabell":
        rader = [(nummer, celler) for nummer, celler in data.get("rader", [])]
        return cls(data.get("overskrifter", []), dict(data.get("kjente", [])), rader)


def open_table(fil: IO[bytes]) -> Tabell:
    """Read a file by what it holds, whatever its name says. Raises LeseFeil in plain words."""
    fil.seek(0)
    start = fil.read(4)
    fil.seek(0)
    if start[:4] == b"PK\x03\x04":
        return _workbook(fil)
    if start[:4] == b"\xd0\xcf\x11\xe0":
        raise LeseFeil(
            _(
                "Fila er et eldre Excel-ark eller låst med passord. Lagre fila som .xlsx uten passord."
            )
        )
    if start[:4] == b"%PDF":
        raise LeseFeil(_("Fila er en PDF. Last opp et regneark (.xlsx) eller en CSV-fil."))
    return read_text(_decoded(fil.read()))


def read_text(tekst: str) -> Tabell:
    """CSV, or what was copied from a spreadsheet: tabs between the cells."""
    if not tekst.strip():
        raise LeseFeil(_("Fila er tom."))
    linjer = tekst.splitlines()[:_OVERSKRIFT_INNEN]
    if linjer and linjer[0].lower().startswith("sep="):  # Excel's own word for it
        tekst = tekst.partition("\n")[2]
    return _with_headings(_csv_rows(tekst, max(_SKILLETEGN, key=lambda t: _known(linjer, t))))


def _known(linjer: list[str], skilletegn: str) -> tuple[int, int]:
    """How many known headings the separator makes, and how many cells."""
    try:
        rader = [
            (len(recognise(rad)), len(rad)) for rad in csv.reader(linjer, delimiter=skilletegn)
        ]
    except csv.Error:
        return (0, 0)
    return max(rader, default=(0, 0))


def _decoded(innhold: bytes) -> str:
    """UTF-8, UTF-16 with a mark, else what Norwegian Excel writes: cp1252."""
    if innhold[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return innhold.decode("utf-16", errors="replace")
    if b"\x00" in innhold[:8192]:
        raise LeseFeil(_("Fila er ikke en tabell. Last opp et regneark (.xlsx) eller en CSV-fil."))
    try:
        return innhold.decode("utf-8-sig")
    except UnicodeDecodeError:
        return innhold.decode("cp1252", errors="replace")


def _csv_rows(tekst: str, skilletegn: str) -> Iterator[tuple[int, list[str]]]:
    leser = csv.reader(io.StringIO(tekst, newline=""), delimiter=skilletegn)
    nummer = 0
    while True:
        nummer += 1
        try:
            yield nummer, [_text(celle) for celle in next(leser)[:MAKS_KOLONNER]]
        except StopIteration:
            return
        except csv.Error as feil:
            raise LeseFeil(
                _("Rad %(rad)s kan ikke leses. Se etter et hermetegn som ikke er avsluttet.")
                % {"rad": nummer}
            ) from feil


def _workbook(fil: IO[bytes]) -> Tabell:
    try:
        for del_ in inspect(fil, kjennetegn="xl/workbook.xml"):
            if not del_.filename.lower().startswith("xl/") or del_.filename.lower().startswith(
                ("xl/worksheets/", "xl/media/")
            ):
                continue
            if del_.file_size > _MAKS_DEL:
                raise LeseFeil(
                    _("Regnearket er for stort. Lagre lista som CSV, og last opp CSV-fila.")
                )
    except Kontorfilfeil as feil:
        raise LeseFeil(str(feil)) from feil
    fil.seek(0)
    import openpyxl

    try:
        bok = openpyxl.load_workbook(fil, read_only=True, data_only=True, keep_links=False)
        arkene = list(bok.worksheets)
    except Exception as feil:  # openpyxl raises whatever the broken part happened to raise
        raise LeseFeil(_damaged()) from feil
    forste: LeseFeil | None = None
    for ark in arkene:
        try:
            return _with_headings(_sheet_rows(ark))
        except LeseFeil as feil:
            forste = forste or feil
    raise forste or LeseFeil(_("Regnearket har ingen ark med celler."))


def _sheet_rows(ark: Any) -> Iterator[tuple[int, list[str]]]:
    try:
        for nummer, rad in sheet_rows(ark, kolonner=MAKS_KOLONNER):
            celler = [_text(celle) for celle in rad]
            while celler and not celler[-1]:
                celler.pop()
            yield nummer, celler
    except Exception as feil:  # a broken part of the archive is met while reading
        raise LeseFeil(_damaged()) from feil


def _damaged() -> str:
    return _("Regnearket er skadet og kan ikke leses. Åpne det i Excel, lagre det og prøv igjen.")


def _text(verdi: object) -> str:
    """A cell as text. Line breaks stay: they part the units in a cell, and betray a false header."""
    if verdi is None:
        return ""
    if isinstance(verdi, datetime.datetime):
        verdi = verdi.date()
    if isinstance(verdi, float) and verdi.is_integer():
        verdi = int(verdi)
    tekst = lines(composed(str(verdi)[:_MAKS_CELLE]))
    return "\n".join(" ".join(linje.split()) for linje in tekst.strip().split("\n"))


def _with_headings(linjer: Linjer) -> Tabell:
    """Finds the row of headings near the top; refuses a table without what it must have, or too long."""
    overskrifter: list[str] = []
    beste: dict[int, str] = {}
    rader: list[tuple[int, list[str]]] = []
    funnet, tegn = False, 0
    for tell, (nummer, celler) in enumerate(linjer, start=1):
        if funnet:
            if not any(celler):
                continue
            rader.append((nummer, celler))
            tegn += sum(map(len, celler))
            if len(rader) > MAKS_RADER or tegn > _MAKS_TEGN:
                raise LeseFeil(
                    _("Lista har mer enn %(maks)s rader. Del lista i flere.")
                    % {"maks": number_format(MAKS_RADER, force_grouping=True)}
                )
            continue
        kjente = recognise(celler)
        if len(kjente) > len(beste) or not overskrifter:
            beste, overskrifter = kjente, celler
        funnet = not missing(kjente.values())
        if tell == _OVERSKRIFT_INNEN and not funnet:
            break
    if not funnet:
        raise LeseFeil(_missing_columns(overskrifter, beste))
    if not rader:
        raise LeseFeil(_("Lista har overskrifter, men ingen rader."))
    return Tabell(overskrifter, beste, rader)


def _missing_columns(overskrifter: list[str], kjente: dict[int, str]) -> str:
    savnet = missing(kjente.values())
    fant = ", ".join(f"«{o[:40]}»" for o in overskrifter if o)[:300] or _("ingen overskrifter")
    tekst = ngettext(
        "Øverste rad må ha overskrifter. Kolonnen %(mangler)s mangler. Vi fant: %(fant)s.",
        "Øverste rad må ha overskrifter. Kolonnene %(mangler)s mangler. Vi fant: %(fant)s.",
        len(savnet),
    )
    return tekst % {"mangler": ", ".join(savnet), "fant": fant}
