"""The two spreadsheets we give out: the empty template and the refused rows."""

import io
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from kommuner.enhetsimport.kolonner import KOLONNER
from kommuner.filtegn import lawful


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
    from openpyxl.styles import Alignment, Font

    bok = openpyxl.Workbook(write_only=True)
    ark = bok.create_sheet(_("Avviste rader"))
    ark.freeze_panes = "A2"
    ark.column_dimensions["A"].width = 8
    ark.column_dimensions["B"].width = 60

    def celle(verdi: str | int | None, *, fet: bool = False) -> Any:
        tekst = lawful(verdi) if isinstance(verdi, str) else verdi
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
