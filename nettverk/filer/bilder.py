"""Pictures in: how many pixels there are is asked before any of them is unpacked, and they are unpacked
one picture at a time on the machine, in a process of its own.

A picture of half a megabyte can become a gigabyte. So the web server itself never unpacks one, and those
who come while another picture is being made wait for their turn (docs/valg/filer-inn-og-ut.md).
"""

import contextlib
import fcntl
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image

from nettverk.filer import bildeprosess
from nettverk.filer.lager import IKKE_PLASS, is_full

logger = logging.getLogger(__name__)

FORMATER = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
STOERSTE_SIDE = 2400  # pixels; a phone's picture is four times what a screen needs
_LITEN_SIDE = 640  # in a list, on a screen with many dots
_FOTO_SIDE = 1600  # what stands large on a page that everybody opens
# How long a person waits for the pictures before theirs, and how long theirs may take.
VENT = 60.0
_MAKS_SEKUNDER = 30  # by the clock, on a machine with much else to do
_PUST = 0.03
# Half of a web process's threads (GRANIAN_BLOCKING_THREADS).
_venteplasser = threading.BoundedSemaphore(4)

_MILLION = 1_000_000
# By what each kind costs while it is unpacked: at these limits the process took at most 490 MB. An ordinary
# JPEG is made smaller as it is read; one that comes coarse first and fine last (progressive) cannot be.
_PIKSLER = {"JPEG": 120 * _MILLION, "PNG": 50 * _MILLION, "WEBP": 25 * _MILLION}
_PIKSLER_PROGRESSIV = 60 * _MILLION
# Pillow's own limit is the largest of ours: it stops what is far above already while it opens.
Image.MAX_IMAGE_PIXELS = max(_PIKSLER.values())


@dataclass(frozen=True)
class _Hode:
    """What a picture says of itself in its first bytes."""

    format: str
    bredde: int
    hoyde: int
    progressiv: bool

    @property
    def er_for_stort(self) -> bool:
        grense = _PIKSLER_PROGRESSIV if self.progressiv else _PIKSLER[self.format]
        return self.bredde * self.hoyde > grense


def make_upright(fil: IO[bytes], *, mimetype: str) -> bytes:
    """The picture turned the right way, at most 2400 pixels, without EXIF, XMP and comments.

    They tell of place, time and camera, and sometimes hold a smaller picture of what was cut away.
    Raises ValidationError.
    """
    return _remake(fil, FORMATER[mimetype], som=FORMATER[mimetype], side=STOERSTE_SIDE)


def make_photograph(fil: IO[bytes], *, mimetype: str) -> bytes:
    """As `make_upright`, but at most 1600 pixels and as WebP: it is seen by people on phones who did not
    ask for it. Raises ValidationError.
    """
    return _remake(fil, FORMATER[mimetype], som="WEBP", side=_FOTO_SIDE)


def make_small(fil: IO[bytes], *, mimetype: str) -> bytes:
    """The smaller copy of a picture that `make_upright` has made: at most 640 pixels, as WebP. Raises
    ValidationError."""
    return _remake(fil, FORMATER[mimetype], som="WEBP", side=_LITEN_SIDE)


def _remake(fil: IO[bytes], format_: str, *, som: str, side: int) -> bytes:
    hode = _read_head(fil, format_)
    if hode.er_for_stort:
        raise _too_many_pixels()
    with turn() as laas:
        return _unpack(fil, hode, laas, som, side)


def _read_head(fil: IO[bytes], format_: str) -> _Hode:
    fil.seek(0)
    try:
        # A head only: what comes after is not read before `load`.
        with Image.open(fil, formats=[format_]) as bilde:
            return _Hode(format_, *bilde.size, progressiv="progressive" in bilde.info)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as feil:
        raise _too_many_pixels() from feil
    except Exception as feil:  # Pillow raises whatever the broken part happened to raise
        raise _cannot_open() from feil
    finally:
        fil.seek(0)


@contextlib.contextmanager
def turn() -> Iterator[int]:
    """The machine's one place to unpack a picture, as an open lock. Raises ValidationError after a while, and
    at once when so many wait already that there would soon be no threads left for those who read.

    The lock lasts as long as somebody has it open, so it is let go also by one who is killed.
    """
    if not _venteplasser.acquire(blocking=False):
        raise busy()
    try:
        with _locked() as laas:
            yield laas
    finally:
        _venteplasser.release()


@contextlib.contextmanager
def _locked() -> Iterator[int]:
    try:
        laas = os.open(lock_path(), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as feil:
        if is_full(feil):
            raise ValidationError(IKKE_PLASS, code="ikke_plass") from feil
        raise
    try:
        slutt = time.monotonic() + VENT
        while True:
            try:
                fcntl.flock(laas, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > slutt:
                    raise busy() from None
                time.sleep(_PUST)
        yield laas
    finally:
        os.close(laas)


def lock_path() -> Path:
    """Where uploads themselves wait: the same for all of the portal's processes on the machine."""
    mappe = settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir()
    return Path(mappe) / f"nettverksportalen-{os.getuid()}-bilde.laas"


def _unpack(fil: IO[bytes], hode: _Hode, laas: int, som: str, side: int) -> bytes:
    """Let a process of its own do it. It holds the lock too, should this one be killed meanwhile."""
    tall = [str(n) for n in (hode.bredde, hode.hoyde, side)]
    try:
        svar = subprocess.run(
            [sys.executable, "-I", bildeprosess.__file__, hode.format, som, *tall],
            input=fil.read(),
            capture_output=True,
            timeout=_MAKS_SEKUNDER,
            cwd="/",
            # No passwords where a stranger's picture is read; one heap, so that the limit is of use.
            env={"MALLOC_ARENA_MAX": "1"},
            pass_fds=[laas],
        )
    except subprocess.TimeoutExpired as feil:
        logger.warning("Et bilde (%s) ble stoppet etter %s sekunder", hode, _MAKS_SEKUNDER)
        raise _cannot_open() from feil
    except OSError as feil:  # the machine has no room for one more process
        logger.exception("Bildeprosessen lot seg ikke starte")
        raise busy() from feil
    if svar.returncode != 0:
        if svar.returncode != bildeprosess.UBRUKELIG:
            logger.warning("Et bilde (%s) stoppet bildeprosessen: %s", hode, svar.returncode)
        raise _cannot_open()
    return svar.stdout


def busy() -> ValidationError:
    return ValidationError(
        _("Mange legger ved bilder akkurat nå. Vent litt og prøv igjen."), code="opptatt"
    )


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        _("Bildet har for mange bildepunkter. Gjør bildet mindre, og prøv igjen."),
        code="bilde_for_stort",
    )


def _cannot_open() -> ValidationError:
    return ValidationError(_("Bildet kan ikke åpnes. Prøv et annet bilde."), code="bilde")
