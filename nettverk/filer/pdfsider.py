"""The pages of a PDF that came in: how many they are, and each as a picture.

A PDF of a few kilobytes can become gigabytes, as a picture can. So the portal itself never opens one: each page is
drawn by a process of its own with limits, one at a time on the machine together with the pictures
(`nettverk.filer.bilder`). What one page costs is that page's alone.
"""

import contextlib
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from nettverk.filer import pdfprosess
from nettverk.filer.bilder import busy, turn
from nettverk.filer.lager import IKKE_PLASS, is_full

logger = logging.getLogger(__name__)

# Handwriting on A4 can be read.
LANG_SIDE = 2000
_MAKS_SEKUNDER = 60  # by the clock, on a machine with much else to do


@contextlib.contextmanager
def on_disk(fil: File) -> Iterator[IO[bytes]]:
    """The document where a process can read it, also when it is kept far away. Raises ValidationError."""
    try:
        with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as disk:
            for bit in fil.chunks():
                disk.write(bit)
            disk.flush()
            yield disk
    except OSError as feil:
        if is_full(feil):
            raise ValidationError(IKKE_PLASS, code="ikke_plass") from feil
        raise


def count_pages(fil: File) -> int:
    """How many pages it has. Raises ValidationError, in plain words, when it cannot be opened."""
    try:
        with on_disk(fil) as disk:
            kode, svar = _run(disk, 0)
    finally:
        fil.seek(0)
    if kode == pdfprosess.LAAST:
        raise ValidationError(
            _("PDF-en er låst med passord. Lagre den uten passord, og prøv igjen."), code="laast"
        )
    antall = int(svar) if kode == 0 and svar.isdigit() else 0
    if not antall:
        raise ValidationError(
            _("PDF-en kan ikke åpnes. Skann på nytt, eller lagre den på nytt, og prøv igjen."),
            code="pdf",
        )
    return antall


def draw_page(disk: IO[bytes], nummer: int) -> bytes | None:
    """The page (from 1) as WebP; None when it cannot be drawn. Raises ValidationError («opptatt») when there is no
    turn to be had just now."""
    kode, svar = _run(disk, nummer)
    return svar if kode == 0 and svar else None


def _run(disk: IO[bytes], nummer: int) -> tuple[int, bytes]:
    """What the process ended with, and what it answered."""
    kommando = [sys.executable, "-I", pdfprosess.__file__, str(nummer), str(LANG_SIDE)]
    with turn() as laas:
        disk.seek(0)
        felt: dict[str, Any] = {
            "stdin": disk,
            "capture_output": True,
            "timeout": _MAKS_SEKUNDER,
            "cwd": "/",
            "env": {"MALLOC_ARENA_MAX": "1"},
            "pass_fds": [laas],
        }
        try:
            svar = subprocess.run(kommando, **felt)
        except subprocess.TimeoutExpired:
            logger.warning("Side %s i en PDF ble stoppet etter %s s", nummer, _MAKS_SEKUNDER)
            return pdfprosess.UBRUKELIG, b""
        except OSError as feil:  # the machine has no room for one more process
            logger.exception("PDF-prosessen lot seg ikke starte")
            raise busy() from feil
    if svar.returncode not in {0, pdfprosess.UBRUKELIG, pdfprosess.LAAST}:
        logger.warning("Side %s i en PDF stoppet prosessen: %s", nummer, svar.returncode)
    return svar.returncode, svar.stdout
