"""A cell as text, and what is said when a file or a row cannot be used."""

import datetime
import re
from dataclasses import dataclass

from kommuner.sortering import composed

MAKS_CELLE = 2_000
_KONTROLLTEGN = re.compile(r"[\x00-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]+")


class LeseFeil(Exception):
    """The file cannot be read, for a reason the person can understand and mend."""


@dataclass(frozen=True)
class Radfeil:
    """What is wrong with a row: the column (ours), the kind of reason, and plain words."""

    kolonne: str
    kode: str
    grunn: str


def clean(verdi: object, *, linjeskift: bool = False, maks: int = MAKS_CELLE) -> str:
    """A cell as text: composed letters, no control characters (PostgreSQL refuses NUL), whole numbers
    without .0, days without a time. With `linjeskift` its lines stay lines."""
    if verdi is None:
        return ""
    if isinstance(verdi, bool):
        return "ja" if verdi else "nei"
    if isinstance(verdi, float) and verdi.is_integer():
        verdi = int(verdi)
    if isinstance(verdi, datetime.datetime) and verdi.time() == datetime.time():
        verdi = verdi.date()
    tekst = composed(str(verdi)[:maks])
    if linjeskift and ("\n" in tekst or "\r" in tekst):
        linjer = re.split(r"\r\n?|\n", tekst.strip())
        return "\n".join(_one_line(linje) for linje in linjer)
    return _one_line(tekst)


def _one_line(tekst: str) -> str:
    return " ".join(_KONTROLLTEGN.sub(" ", tekst).split())
