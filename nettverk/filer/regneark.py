"""Excel out: plain lists as sheets that open well and that nobody's text can turn into formulas."""

import datetime
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

from django.utils.functional import Promise

from kommuner.filtegn import lawful

# What Excel refuses in the name of a sheet; a network may be called «Nord/Sør».
# A column this wide holds sentences, which go on over several lines.
_SETNINGER = 50
_IKKE_I_ARKNAVN = re.compile(r"[\\*?:/\[\]]")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Ark:
    """One sheet: columns as (heading, width in characters), then the rows in the order given."""

    tittel: str
    kolonner: Sequence[tuple[str, int]]
    rader: Iterable[Sequence]


def make_regneark(
    tittel: str, kolonner: Sequence[tuple[str, int]], rader: Iterable[Sequence]
) -> bytes:
    """A workbook of one sheet."""
    return make_arbeidsbok([Ark(tittel, kolonner, rader)])


def make_arbeidsbok(arkene: Iterable[Ark]) -> bytes:
    """A workbook of several sheets, each with its head kept in sight and a filter on every column."""
    import openpyxl

    bok = openpyxl.Workbook(write_only=True)
    for ark in arkene:
        _write(bok.create_sheet(_IKKE_I_ARKNAVN.sub(" ", ark.tittel)[:31]), ark)
    ut = io.BytesIO()
    bok.save(ut)
    return ut.getvalue()


def _write(side: Any, ark: Ark) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    side.freeze_panes = "A2"
    side.print_title_rows = "1:1"
    over_flere = [bredde >= _SETNINGER for _overskrift, bredde in ark.kolonner]
    oppe, brytes = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
    for nummer, (_overskrift, bredde) in enumerate(ark.kolonner, start=1):
        side.column_dimensions[get_column_letter(nummer)].width = bredde

    def celle(verdi: Any, *, fet: bool = False, stilling: Any = None) -> Any:
        if isinstance(verdi, str | Promise):
            svar = WriteOnlyCell(side, value=lawful(verdi))
            svar.data_type = "s"
        else:
            svar = WriteOnlyCell(side, value=verdi)
            if isinstance(verdi, datetime.date):
                klokka = " hh:mm" if isinstance(verdi, datetime.datetime) else ""
                svar.number_format = f"dd.mm.yyyy{klokka}"
        if fet:
            svar.font = Font(bold=True)
        if stilling:
            svar.alignment = stilling
        return svar

    side.append([celle(overskrift, fet=True) for overskrift, _bredde in ark.kolonner])
    stillinger = [brytes if flere else oppe for flere in over_flere]
    antall = 1
    for rad in ark.rader:
        hver = zip(rad, chain(stillinger, repeat(oppe)), strict=False)
        side.append([celle(verdi, stilling=stilling) for verdi, stilling in hver])
        antall += 1
    side.auto_filter.ref = f"A1:{get_column_letter(len(ark.kolonner))}{antall}"
