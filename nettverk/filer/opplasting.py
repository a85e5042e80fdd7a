"""Uploads: limited in size while they stream in, checked by content before they are kept."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from nettverk.filer import bilder
from nettverk.filer.filnavn import file_name
from nettverk.filer.filtyper import TILLATTE_TYPER, refuse_other_kind
from nettverk.filer.lager import IKKE_PLASS, is_full

# A whole request of files above this many times the limit is too much, however many they share it.
_SAMLET = 4


class ForStorFil(UploadedFile):
    """Stands in request.FILES for a file that was not kept: its name and size, without its content.

    So the form can tell of it at the right field, with every other field as the person wrote it.
    """

    def __init__(self, *, samlet: bool, **felt: Any) -> None:
        super().__init__(file=io.BytesIO(), **felt)
        self.samlet = samlet


class StoerrelsesgrenseHandler(FileUploadHandler):
    """Lets a file past the limit stream by without keeping it, so 200 MB never fills memory or disk.

    The request is read to its end: a browser that is cut off while sending shows its own error page,
    and the person loses what they wrote. Must stand first in FILE_UPLOAD_HANDLERS.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None) -> None:  # noqa: N803
        self.samlet = content_length > _SAMLET * settings.OPPLASTING_MAKS

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.lest = 0
        self.sluppet = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.lest += len(raw_data)
        if not self.samlet and self.lest <= settings.OPPLASTING_MAKS:
            return raw_data
        if not self.sluppet:
            self.sluppet = True
            self._slipp()
        return None

    def file_complete(self, file_size: int) -> ForStorFil | None:
        if not self.sluppet:
            return None
        return ForStorFil(
            samlet=self.samlet and self.lest <= settings.OPPLASTING_MAKS,
            name=self.file_name,
            content_type=self.content_type,
            size=self.lest,
        )

    def _slipp(self) -> None:
        """Give back what the other handlers have kept of this file so far."""
        for annen in getattr(self.request, "upload_handlers", ()):
            if annen is not self and getattr(annen, "file", None) is not None:
                annen.file.close()


class FilUtenPlass(UploadedFile):
    """Stands in request.FILES for a file that there was no room for while it came in."""


class MidlertidigFilHandler(TemporaryFileUploadHandler):
    """Files on their way in, on the disk. When it is full, the file streams by and the form says so."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.full = False
        with self._noting_full():
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        with self._noting_full():
            if not self.full:
                super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        with self._noting_full():
            if not self.full:
                self.file.flush()
                return super().file_complete(file_size)
        return FilUtenPlass(
            file=io.BytesIO(), name=self.file_name, content_type=self.content_type, size=file_size
        )

    @contextmanager
    def _noting_full(self) -> Iterator[None]:
        try:
            yield
        except OSError as feil:
            if not is_full(feil):
                raise
            self.full = True
            # What stands in its buffer cannot be written either; the file goes all the same.
            with suppress(OSError, AttributeError):
                self.file.close()


@dataclass(frozen=True)
class GodkjentFil:
    """A file that may be kept: its content (pictures freed of place and camera), name and type."""

    innhold: File
    navn: str
    mimetype: str
    bytes: int
    sha256: str


def accept(fil: UploadedFile) -> GodkjentFil:
    """Check a file by its content and prepare it. Raises ValidationError in plain words."""
    navn, mimetype = _check(fil)
    innhold: File = fil
    if mimetype in bilder.FORMATER:
        innhold = ContentFile(bilder.make_upright(fil, mimetype=mimetype))
    return _accepted(innhold, navn, mimetype)


def accept_photograph(fil: UploadedFile) -> GodkjentFil:
    """As `accept`, for a picture that stands large on a page: it becomes a WebP that a phone gets quickly."""
    navn, mimetype = _check(fil)
    if mimetype not in bilder.FORMATER:
        raise ValidationError(
            _("«%(navn)s» er ikke et bilde. Velg et bilde i JPEG, PNG eller WebP."),
            code="ikke_bilde",
            params={"navn": navn},
        )
    innhold = ContentFile(bilder.make_photograph(fil, mimetype=mimetype))
    return _accepted(innhold, f"{PurePath(navn).stem}.webp", "image/webp")


def _check(fil: UploadedFile) -> tuple[str, str]:
    """The file's name and type, when its content is what its name says."""
    navn = file_name(fil.name or "")
    endelse = PurePath(navn).suffix.lower()
    refuse_unkept(fil)
    if fil.size == 0:
        raise ValidationError(_("Fila er tom."), code="tom")
    mimetype = TILLATTE_TYPER.get(endelse)
    if mimetype is None:
        raise ValidationError(
            _(
                "«%(navn)s» kan ikke lastes opp. Velg et bilde, en PDF, et dokument, et regneark eller en lydfil."
            ),
            code="filtype",
            params={"navn": navn},
        )
    refuse_other_kind(fil, endelse=endelse, navn=navn)
    return navn, mimetype


def _accepted(innhold: File, navn: str, mimetype: str) -> GodkjentFil:
    innhold.name = navn
    return GodkjentFil(innhold, navn, mimetype, innhold.size, _sha256(innhold))


def _sha256(fil: File) -> str:
    sum_ = hashlib.sha256()
    for bit in fil.chunks():
        sum_.update(bit)
    fil.seek(0)
    return sum_.hexdigest()


def stoerrelse(antall: int) -> str:
    """25 MB, 1,3 GB: a size as people say it, upwards so that what is too big never looks right."""
    mb = 1024 * 1024
    if antall < mb:
        return f"{-(-antall // 1024)}\u00a0kB"
    if antall < 1024 * mb:
        return f"{-(-antall // mb)}\u00a0MB"
    tideler = -(-antall * 10 // (1024 * mb))
    return f"{number_format(tideler / 10, 1 if tideler % 10 else 0)}\u00a0GB"


def refuse_unkept(fil: UploadedFile) -> None:
    """Raises ValidationError, in plain words, when the file is above the limit or there was no room for it."""
    if isinstance(fil, FilUtenPlass):
        raise ValidationError(IKKE_PLASS, code="ikke_plass")
    if getattr(fil, "samlet", False):
        raise ValidationError(
            _("Filene er for store til sammen. Legg ved færre om gangen."), code="for_store_samlet"
        )
    if fil.size is not None and fil.size > settings.OPPLASTING_MAKS:
        raise ValidationError(
            _("Fila er for stor. «%(navn)s» er %(bytes)s, og grensen er %(maks)s."),
            code="for_stor",
            params={
                "navn": file_name(fil.name or ""),
                "bytes": stoerrelse(fil.size),
                "maks": stoerrelse(settings.OPPLASTING_MAKS),
            },
        )
