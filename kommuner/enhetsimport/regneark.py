"""XLSX: read one, and write the two we give out (the empty template and the refused rows)."""

import io
from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.utils.translation import gettext as _

from kommuner.enhetsimport.kilde import Kilde, LeseFeil, clean, med_overskrifter
from kommuner.enhetsimport.kolonner import KOLONNER
from kommuner.kontorfil import Kontorfilfeil, inspect

MAKS_KOLONNER = 200
# The sheets are read a row at a time, and these not at all.
_IKKE_HELE = ("xl/worksheets/", "xl/media/", "xl/pivotcache/", "xl/embeddings/")
# The rest is read whole, and grows five to twenty times in memory. Twenty thousand units have some
# 4 MB of words.
MAKS_ORD = 32 * 1024 * 1024
MAKS_OPPSETT = 8 * 1024 * 1024


def open_kilde(fil: IO[bytes]) -> Kilde:
    _refuse_bombs(fil)
    fil.seek(0)
    import openpyxl

    try:
        bok = openpyxl.load_workbook(fil, read_only=True, data_only=True, keep_links=False)
    except Exception as feil:  # openpyxl raises whatever the broken part happened to raise
        raise LeseFeil(_odelagt()) from feil
    return _best_sheet(bok)


def _best_sheet(bok: Any) -> Kilde:
    """The first sheet that has the headings; else the message about the first one with any cells."""
    feil: LeseFeil | None = None
    for ark in bok.worksheets:
        # What the file says of its own size is not to be trusted, and may be wrong in good faith.
        meldt = ark.max_row or 0
        ark.reset_dimensions()
        try:
            return med_overskrifter("xlsx", _linjer(ark), antall=max(min(meldt, 1_048_576) - 1, 0))
        except LeseFeil as denne:
            if feil is None:
                feil = denne
    raise feil or LeseFeil(_("Regnearket har ingen ark med celler."))


def _linjer(ark: Any) -> Iterator[tuple[int, list[str]]]:
    try:
        for nummer, rad in enumerate(ark.iter_rows(values_only=True), start=1):
            yield nummer, [clean(celle) for celle in rad[:MAKS_KOLONNER]]
    except LeseFeil:
        raise
    except Exception as feil:  # a broken part of the archive is met while reading
        raise LeseFeil(_odelagt()) from feil


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
