"""Excel out: plain lists as sheets that open well and that nobody's text can turn into formulas."""

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.functional import Promise

# What Excel refuses in the name of a sheet; a network may be called «Nord/Sør».
_IKKE_I_ARKNAVN = re.compile(r"[\\*?:/\[\]]")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def make_regneark(
    tittel: str, kolonner: Sequence[tuple[str, int]], rader: Iterable[Sequence]
) -> bytes:
    """One sheet: columns as (heading, width in characters), then the rows in the order given."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    bok = openpyxl.Workbook(write_only=True)
    ark = bok.create_sheet(_IKKE_I_ARKNAVN.sub(" ", tittel)[:31])
    ark.freeze_panes = "A2"
    for nummer, (_overskrift, bredde) in enumerate(kolonner, start=1):
        ark.column_dimensions[get_column_letter(nummer)].width = bredde

    def celle(verdi: Any, *, fet: bool = False) -> Any:
        if isinstance(verdi, str | Promise):
            svar = WriteOnlyCell(ark, value=ILLEGAL_CHARACTERS_RE.sub("", str(verdi)))
            svar.data_type = "s"
        else:
            svar = WriteOnlyCell(ark, value=verdi)
        if fet:
            svar.font = Font(bold=True)
        return svar

    ark.append([celle(overskrift, fet=True) for overskrift, _bredde in kolonner])
    for rad in rader:
        ark.append([celle(verdi) for verdi in rad])
    ut = io.BytesIO()
    bok.save(ut)
    return ut.getvalue()
