"""Open a table, whatever kind of file it is in; or read the text that was pasted."""

import io
from typing import IO

from django.utils.translation import gettext as _

from kommuner.tabellfil import csvfil, xlsx
from kommuner.tabellfil.celler import LeseFeil
from kommuner.tabellfil.kolonner import Kolonner
from kommuner.tabellfil.overskrifter import Tabell

# What may stand before the first sign of a text.
_FOERST = b"\xef\xbb\xbf \t\r\n"


def open_table(fil: IO[bytes], kolonner: Kolonner) -> Tabell:
    """Open a file by what it holds, whatever its name says. Raises LeseFeil, also while its rows are read."""
    if kolonner.maks_bytes is not None and fil.seek(0, io.SEEK_END) > kolonner.maks_bytes:
        raise LeseFeil(_("Fila er for stor. Del fila i flere."))
    start = beginning(fil)
    if start[:4] == b"PK\x03\x04":
        return xlsx.open_table(fil, kolonner)
    return csvfil.open_table(fil, kolonner)


def read_text(tekst: str, kolonner: Kolonner) -> Tabell:
    """CSV, or what was copied from a spreadsheet: tabs between the cells."""
    if not tekst.strip():
        raise LeseFeil(_("Fila er tom."))
    return csvfil.read_text(tekst, kolonner)


def beginning(fil: IO[bytes]) -> bytes:
    """The first bytes. Raises LeseFeil for an empty file, and for what people upload by mistake."""
    fil.seek(0)
    start = fil.read(8192)
    fil.seek(0)
    if not start.strip(b"\x00" + _FOERST):
        raise LeseFeil(_("Fila er tom."))
    _refuse_other_kinds(fil, start)
    return start


def _refuse_other_kinds(fil: IO[bytes], start: bytes) -> None:
    tekst = start.lstrip(_FOERST)[:200].lower()
    if start[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        innhold = fil.read()
        fil.seek(0)
        if "EncryptedPackage".encode("utf-16-le") in innhold:
            raise LeseFeil(
                _(
                    "Regnearket er beskyttet med passord. Fjern passordet i Excel, lagre fila og last den opp på nytt."
                )
            )
        raise LeseFeil(
            _("Fila er et eldre Excel-ark (.xls). Åpne den i Excel og lagre den som .xlsx.")
        )
    if tekst.startswith(
        (b"<!doctype", b"<html", b"<table", b"<?xml", b"<body", b"<head", b"<meta")
    ):
        raise LeseFeil(
            _(
                "Fila er en nettside eller XML, selv om den kan hete .xls. Åpne den i Excel og lagre den som .xlsx."
            )
        )
    if start[:4] == b"%PDF":
        raise LeseFeil(_("Fila er en PDF. Last opp et regneark (.xlsx) eller en CSV-fil."))
    # UTF-16, which Excel calls «Unicode-tekst», is full of NUL and has its own mark.
    if (
        start[:4] != b"PK\x03\x04"
        and b"\x00" in start
        and start[:2] not in {b"\xff\xfe", b"\xfe\xff"}
    ):
        raise LeseFeil(_("Fila er ikke en tabell. Last opp et regneark (.xlsx) eller en CSV-fil."))
