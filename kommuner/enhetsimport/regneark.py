"""XLSX: read one, and write the two we give out (the empty template and the refused rows)."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import IO, Any

from django.utils.translation import gettext as _

from kommuner.enhetsimport.kilde import Kilde, LeseFeil, clean, med_overskrifter
from kommuner.enhetsimport.kolonner import KOLONNER
from kommuner.kontorfil import Kontorfilfeil, inspect, sheet_rows

MAKS_KOLONNER = 200
# The sheets are read a row at a time, and these not at all.
_IKKE_HELE = ("xl/worksheets/", "xl/media/", "xl/pivotcache/", "xl/embeddings/")
# The rest is read whole, and grows five to twenty times in memory. Twenty thousand units have some
# 4 MB of words.
MAKS_ORD = 32 * 1024 * 1024
MAKS_OPPSETT = 8 * 1024 * 1024


def open_kilde(fil: IO[bytes], valg: Mapping[str, str] = MappingProxyType({})) -> Kilde:
    _refuse_bombs(fil)
    fil.seek(0)
    import openpyxl

    try:
        bok = openpyxl.load_workbook(fil, read_only=True, data_only=True, keep_links=False)
    except Exception as feil:  # openpyxl raises whatever the broken part happened to raise
        raise LeseFeil(_odelagt()) from feil
    return _best_sheet(bok, valg)


def _best_sheet(bok: Any, valg: Mapping[str, str]) -> Kilde:
    """The first sheet that has all it must; else the one with most headings; else what is wrong with the first."""
    feil: LeseFeil | None = None
    beste: Kilde | None = None
    for ark in bok.worksheets:
        # What the file says of its own size is not to be trusted, and may be wrong in good faith.
        meldt = ark.max_row or 0
        try:
            kilde = med_overskrifter(
                "xlsx", _linjer(ark), antall=max(min(meldt, 1_048_576) - 1, 0), valg=valg
            )
        except LeseFeil as denne:
            feil = feil or denne
            continue
        if not kilde.mangler:
            return kilde
        if beste is None or len(kilde.kjente) > len(beste.kjente):
            beste = kilde
    if beste is not None:
        return beste
    raise feil or LeseFeil(_("Regnearket har ingen ark med celler."))


def _linjer(ark: Any) -> Iterator[tuple[int, list[str]]]:
    try:
        ned = _Nedover(_merged_downwards(ark))
        for nummer, rad in sheet_rows(ark, kolonner=MAKS_KOLONNER):
            yield nummer, ned.fill(nummer, [clean(celle) for celle in rad])
    except LeseFeil:
        raise
    except Exception as feil:  # a broken part of the archive is met while reading
        raise LeseFeil(_odelagt()) from feil


# How many merged cells are followed; the rest stay empty below their first row.
_MAKS_FLETTET = 20_000
_FLETTET = re.compile(
    rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=[\"']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})"
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


def _odelagt() -> str:
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
        "skadet": _odelagt(),
        "for_stor": _for_stort(),
    }
    return grunner.get(feil.kode, str(feil))


def _for_stort() -> str:
    return _("Regnearket er for stort når det pakkes ut. Lagre det som CSV og last opp den fila.")


# --- out


def mal() -> bytes:
    """The empty template: our columns on one sheet, what they mean on the next."""
    import openpyxl
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.worksheet import Worksheet

    bok = openpyxl.Workbook()
    enheter, forklaring = bok.active, bok.create_sheet(_("Forklaring"))
    assert isinstance(enheter, Worksheet)
    enheter.title = _("Enheter")
    enheter.append([kolonne.navn for kolonne in KOLONNER])
    enheter.freeze_panes = "A2"
    for nr, kolonne in enumerate(KOLONNER, start=1):
        bokstav = get_column_letter(nr)
        enheter.cell(1, nr).font = Font(bold=True)
        enheter.column_dimensions[bokstav].width = max(12, len(kolonne.navn) + 3)
        # Text, so that Excel keeps leading zeros in numbers that are names.
        enheter.column_dimensions[bokstav].number_format = "@"
    forklaring.append([_("Kolonne"), _("Hva den er"), _("Eksempel")])
    for kolonne in KOLONNER:
        forklaring.append([kolonne.navn, str(kolonne.forklaring), kolonne.eksempel])
    for celle in forklaring[1]:
        celle.font = Font(bold=True)
    for rad in forklaring.iter_rows(min_row=2):
        rad[1].alignment = Alignment(wrap_text=True, vertical="top")
    for bokstav, bredde in (("A", 22), ("B", 70), ("C", 22)):
        forklaring.column_dimensions[bokstav].width = bredde
    return _bytes(bok)


def avviste(overskrifter: list[str], rader: Iterable[tuple[int | None, str, list[str]]]) -> bytes:
    """The refused rows as they stood, each with its number and reason first, to mend and upload again."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    bok = openpyxl.Workbook(write_only=True)
    ark = bok.create_sheet(_("Avviste rader"))
    ark.freeze_panes = "A2"
    ark.column_dimensions["A"].width = 8
    ark.column_dimensions["B"].width = 60

    def celle(verdi: str | int | None, *, fet: bool = False) -> Any:
        tekst = ILLEGAL_CHARACTERS_RE.sub("", verdi) if isinstance(verdi, str) else verdi
        svar = WriteOnlyCell(ark, value=tekst)
        if isinstance(tekst, str):
            # What somebody wrote must never become a formula in the next person's Excel.
            svar.data_type = "s"
            svar.number_format = "@"
        svar.font = Font(bold=fet)
        return svar

    ark.append([celle(o, fet=True) for o in (_("Rad i fila"), _("Hva som er galt"), *overskrifter)])
    for nummer, grunn, celler in rader:
        forklart = celle(grunn)
        forklart.alignment = Alignment(wrap_text=True, vertical="top")
        ark.append([celle(nummer), forklart, *(celle(c) for c in celler)])
    return _bytes(bok)


def _bytes(bok: Any) -> bytes:
    ut = io.BytesIO()
    bok.save(ut)
    return ut.getvalue()
