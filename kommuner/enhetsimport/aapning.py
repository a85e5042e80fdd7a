"""Open a file about units, whatever kind it is."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import IO

from django.utils.translation import gettext as _

from kommuner.enhetsimport import regneark, tekstfil, udir
from kommuner.enhetsimport.kilde import Kilde, LeseFeil


def open_kilde(fil: IO[bytes], valg: Mapping[str, str] = MappingProxyType({})) -> Kilde:
    """Open a file by what it holds, whatever its name says. Raises LeseFeil.

    `valg` is what people have said of headings before (`kolonner.recognise`).
    """
    fil.seek(0)
    start = fil.read(8192)
    fil.seek(0)
    if not start.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise LeseFeil(_("Fila er tom."))
    _refuse_other_kinds(fil, start)
    if start[:4] == b"PK\x03\x04":
        return regneark.open_kilde(fil, valg)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return udir.open_kilde(fil)
    return tekstfil.open_kilde(fil, valg)


def _refuse_other_kinds(fil: IO[bytes], start: bytes) -> None:
    """Say what the file is when it is something people upload by mistake."""
    tekst = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
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
        raise LeseFeil(_("Fila er en PDF. Last opp et regneark (.xlsx), en CSV-fil eller JSON."))
    # UTF-16, which Excel calls «Unicode-tekst», is full of NUL and has its own mark.
    if (
        start[:4] != b"PK\x03\x04"
        and b"\x00" in start
        and start[:2] not in {b"\xff\xfe", b"\xfe\xff"}
    ):
        raise LeseFeil(
            _("Fila er ikke en tabell. Last opp et regneark (.xlsx), en CSV-fil eller JSON.")
        )
