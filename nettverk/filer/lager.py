"""Where files are kept: each is there whole, or not at all."""

import datetime
import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.translation import gettext_lazy as _

from nettverk.filer.filnavn import cut
from nettverk.skriving.konflikt import KanIkke

# On the same disk as the files, so that a finished one is moved into place in one step.
_UNDERVEIS = ".underveis"
_GLEMT_ETTER = datetime.timedelta(days=1)
# The storage adds eight when a name is taken, and a disk takes 255.
_MAKS_BYTE_I_NAVN = 120
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

IKKE_PLASS = _("Det er ikke plass til flere filer hos oss akkurat nå. Prøv igjen senere.")

BORTE = _("Vi når ikke stedet der filene ligger akkurat nå. Prøv igjen om litt.")

_nye: ContextVar[list[str] | None] = ContextVar("nye_filer", default=None)


class IkkePlass(KanIkke):
    """There is no room for the file. Nothing of it is kept."""

    om_fila = True


class LagerBorte(KanIkke):
    """The place that files are kept does not answer, or answers no. Nothing of the file is kept, or sent."""

    om_fila = True


class KorteNavn:
    """What people call files may be longer than a disk takes: æ is two bytes, an emoji four."""

    def get_valid_name(self, name: str) -> str:
        name = str(super().get_valid_name(name))  # type: ignore[misc]  # the storage's own
        if name.startswith("."):  # it was nothing but emoji
            name = f"fil{name}"
        stamme, endelse = os.path.splitext(name)
        endelse = cut(endelse, 12)
        return cut(stamme, _MAKS_BYTE_I_NAVN - len(endelse.encode())) + endelse


class HeltLager(KorteNavn, FileSystemStorage):
    """The portal's disk. A file is written beside its place and moved there when all of it is safe."""

    def _save(self, name: str, content: File) -> str:
        try:
            name = self._place(self._write(content), name)
        except OSError as feil:
            if is_full(feil):
                raise IkkePlass(str(IKKE_PLASS)) from feil
            raise
        note_new(name)
        return name

    def _write(self, content: File) -> Path:
        """All of it, on the disk and not only on its way there."""
        sti = Path(self.path(_UNDERVEIS)) / uuid4().hex
        sti.parent.mkdir(parents=True, exist_ok=True)
        try:
            with sti.open("xb") as fil:
                for bit in content.chunks():
                    fil.write(bit.encode() if isinstance(bit, str) else bit)
                fil.flush()
                os.fsync(fil.fileno())
            if self.file_permissions_mode is not None:
                sti.chmod(self.file_permissions_mode)
        except BaseException:
            sti.unlink(missing_ok=True)
            raise
        return sti

    def _place(self, ferdig: Path, name: str) -> str:
        """Move it to a name that is its own, also when two come at once."""
        try:
            while True:
                sti = Path(self.path(name))
                sti.parent.mkdir(parents=True, exist_ok=True)
                try:
                    sti.open("xb").close()
                    break
                except FileExistsError:
                    name = self.get_available_name(name)
            ferdig.replace(sti)
        finally:
            ferdig.unlink(missing_ok=True)
        return name.replace("\\", "/")


def purge_unfinished(naa: datetime.datetime) -> int:
    """Remove what somebody was killed while writing, a day before `naa` or more; how many."""
    antall = 0
    grense = (naa - _GLEMT_ETTER).timestamp()
    for sti in (Path(settings.MEDIA_ROOT) / _UNDERVEIS).glob("*"):
        if sti.stat().st_mtime < grense:
            sti.unlink(missing_ok=True)
            antall += 1
    return antall


def note_new(navn: str) -> None:
    """A storage has kept a file: `all_or_nothing` takes it away again if the rest fails."""
    if (nye := _nye.get()) is not None:
        nye.append(navn)


def is_full(feil: OSError) -> bool:
    """The disk, or the part of it we may use, has no room for more."""
    return feil.errno in _FULL


@contextmanager
def all_or_nothing(foer: Iterable[str] = ()) -> Iterator[None]:
    """What is kept inside goes again when something inside fails; and what was written for it before (`foer`).

    Stands inside the transaction. When the end of that fails, nobody knows whether the row stands, and a
    file too many does less harm than one too few.
    """
    nye: list[str] = [*foer]
    merke = _nye.set(nye)
    try:
        yield
    except BaseException:
        for navn in nye:
            default_storage.delete(navn)
        raise
    finally:
        _nye.reset(merke)
