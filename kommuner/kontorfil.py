"""Office files (docx, xlsx, pptx, odt) are zip archives: what is seen from the outside before any is opened.

Everything here reads the archive's own table of contents and at most one small part. Whoever opens the
file afterwards may trust that it is not larger than it says: `zipfile` stops a part that lies.
"""

import zipfile
from collections.abc import Iterator
from typing import IO, Any

from django.utils.translation import gettext as _

MAKS_DELER = 2_000
MAKS_UTPAKKET = 200 * 1024 * 1024
# A sheet with the same words in every row shrinks to a hundredth; a bomb to a thousandth and less.
_MAKS_FORHOLD = 200
_FORHOLD_OVER = 1024 * 1024
_MAKS_INNHOLDSLISTE = 1024 * 1024

_DEL_I_LISTA = b"PK\x01\x02"
_INNHOLDSLISTE = "[content_types].xml"
_BIT = 1 << 20


# The last row a sheet can have, and how many empty ones are taken for its end.
_SISTE_RAD = 1_048_576
_TOMME_RADER = 1_000


class Kontorfilfeil(Exception):
    """The file is not taken. `kode` is the kind of reason; the text says what the person can do."""

    def __init__(self, kode: str, tekst: str) -> None:
        super().__init__(tekst)
        self.kode = kode


def inspect(fil: IO[bytes], *, kjennetegn: str) -> list[zipfile.ZipInfo]:
    """The parts of an office file that holds `kjennetegn`, the part by which its kind is known.

    Raises Kontorfilfeil: not such a file, damaged, with a password, with macros, or a bomb.
    """
    # A table of contents of half a million parts would itself fill the memory.
    if _occurrences(fil, _DEL_I_LISTA) > MAKS_DELER:
        raise _too_big()
    fil.seek(0)
    try:
        with zipfile.ZipFile(fil) as arkiv:
            deler = arkiv.infolist()
            _refuse_bombs(deler)
            _refuse_odd_names(deler)
            if not any(del_.filename == kjennetegn for del_ in deler):
                raise Kontorfilfeil("slag", _("Fila er ikke det endelsen sier."))
            if any(del_.flag_bits & 0x1 for del_ in deler):
                raise Kontorfilfeil(
                    "passord", _("Fila er låst med passord. Lagre fila uten passord.")
                )
            if _has_macros(arkiv, deler):
                raise Kontorfilfeil(
                    "makroer", _("Fila har makroer. Lagre fila uten makroer og prøv igjen.")
                )
    except Kontorfilfeil:
        raise
    except Exception as feil:  # zipfile and zlib raise whatever the broken part happened to raise
        raise _damaged() from feil
    finally:
        fil.seek(0)
    return deler


def sheet_rows(ark: Any, *, kolonner: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The rows of an openpyxl sheet with their numbers, the first `kolonner` cells of each.

    What the file says of its own size is not to be trusted. It ends after a thousand empty rows: one cell
    far down would else make the library yield every row in between.
    """
    ark.reset_dimensions()
    rader = ark.iter_rows(max_row=_SISTE_RAD, max_col=kolonner, values_only=True)
    tomme = 0
    for nummer, rad in enumerate(rader, start=1):
        tomme = 0 if any(celle is not None for celle in rad) else tomme + 1
        if tomme > _TOMME_RADER:
            return
        yield nummer, rad


def _occurrences(fil: IO[bytes], hva: bytes) -> int:
    fil.seek(0)
    antall, rest = 0, b""
    while bit := fil.read(_BIT):
        bit = rest + bit
        antall += bit.count(hva)
        rest = bit[-(len(hva) - 1) :]
    return antall


def _refuse_bombs(deler: list[zipfile.ZipInfo]) -> None:
    if len(deler) > MAKS_DELER or sum(del_.file_size for del_ in deler) > MAKS_UTPAKKET:
        raise _too_big()
    for del_ in deler:
        if del_.file_size > max(_FORHOLD_OVER, _MAKS_FORHOLD * del_.compress_size):
            raise _too_big()


def _refuse_odd_names(deler: list[zipfile.ZipInfo]) -> None:
    """A part that would land outside a folder it were unpacked in."""
    for del_ in deler:
        # As it stands in the file: zipfile has cut `filename` at a NUL.
        navn = del_.orig_filename.replace("\\", "/")
        if navn.startswith("/") or ":" in navn or "\0" in navn or ".." in navn.split("/"):
            raise _damaged()


def _has_macros(arkiv: zipfile.ZipFile, deler: list[zipfile.ZipInfo]) -> bool:
    """Visual Basic, ActiveX, or what LibreOffice calls Basic and scripts."""
    for del_ in deler:
        navn = del_.filename.lower()
        if navn.endswith("vbaproject.bin") or "/activex/" in navn:
            return True
        if navn.startswith(("basic/", "scripts/")) and not del_.is_dir():
            return True
        if navn == _INNHOLDSLISTE:
            if del_.file_size > _MAKS_INNHOLDSLISTE:
                raise _too_big()
            if b"macroenabled" in arkiv.read(del_).lower():
                return True
    return False


def _damaged() -> Kontorfilfeil:
    return Kontorfilfeil(
        "skadet", _("Fila er skadet og kan ikke leses. Åpne fila, lagre den på nytt og prøv igjen.")
    )


def _too_big() -> Kontorfilfeil:
    return Kontorfilfeil("for_stor", _("Fila er for stor når den pakkes ut. Del fila i flere."))
