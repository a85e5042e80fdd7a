"""Uploads: limited in size while they stream in, checked by content before they are kept."""

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from nettverk.filer import bilder, mp3, webm
from nettverk.filer import film as film_
from nettverk.filer.filnavn import file_name
from nettverk.filer.filtyper import (
    FILM,
    HEIC_ENDELSER,
    TILLATTE_TYPER,
    heic_told,
    refuse_other_kind,
)
from nettverk.filer.lager import IKKE_PLASS, is_full

_Visning = TypeVar("_Visning", bound=Callable[..., Any])
# A whole request of files above this many times the limit is too much, however many they share it.
_SAMLET = 4


# Kinds in which a telephone or a camera writes where it was, and what empties them.
_FORTELLER_STED: dict[str, Callable[[IO[bytes]], None]] = {
    "video/mp4": film_.forget_place,
    "video/quicktime": film_.forget_place,
    "audio/mp4": film_.forget_place,
    "video/webm": webm.forget_place,
    "audio/mpeg": mp3.forget_place,
}


def takes_film(view: _Visning) -> _Visning:
    """Decorate a view whose form takes films: to others the limit of a film is that of the rest. Outermost."""
    view.tar_film = True  # type: ignore[attr-defined]
    return view


def _takes_film(request: HttpRequest | None) -> bool:
    """That films are taken at the address, from one who is signed in."""
    treff = getattr(request, "resolver_match", None)
    if treff is None or not getattr(treff.func, "tar_film", False):
        return False
    return bool(getattr(request, "user", None) and request.user.is_authenticated)  # type: ignore[union-attr]


def size_limit(navn: str, *, film: bool = True) -> int:
    """How many bytes a file with this name may have: a film more than the rest, where films are taken (`film`)."""
    er_film = film and PurePath(navn).suffix.lower() in FILM
    return settings.OPPLASTING_FILM_MAKS if er_film else settings.OPPLASTING_MAKS


class ForStorFil(UploadedFile):
    """Stands in request.FILES for a file that was not kept: its name and size, without its content.

    So the form can tell of it at the right field, with every other field as the person wrote it.
    """

    def __init__(self, *, samlet: bool, grense: int, **felt: Any) -> None:
        super().__init__(file=io.BytesIO(), **felt)
        self.samlet, self.grense = samlet, grense


class StoerrelsesgrenseHandler(FileUploadHandler):
    """Lets a file past the limit stream by without keeping it, so 200 MB never fills memory or disk.

    The request is read to its end: a browser that is cut off while sending shows its own error page,
    and the person loses what they wrote. Must stand first in FILE_UPLOAD_HANDLERS.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None) -> None:  # noqa: N803
        self.film = _takes_film(self.request)
        film = settings.OPPLASTING_MAKS + settings.OPPLASTING_FILM_MAKS if self.film else 0
        self.samlet = content_length > max(_SAMLET * settings.OPPLASTING_MAKS, film)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.grense = size_limit(self.file_name or "", film=self.film)
        self.lest = 0
        self.sluppet = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.lest += len(raw_data)
        if not self.samlet and self.lest <= self.grense:
            return raw_data
        if not self.sluppet:
            self.sluppet = True
            self._slipp()
        return None

    def file_complete(self, file_size: int) -> ForStorFil | None:
        if not self.sluppet:
            return None
        return ForStorFil(
            samlet=self.samlet and self.lest <= self.grense,
            grense=self.grense,
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
    # A picture's smaller copy, for lists; None where none was asked for.
    liten: File | None = None


def accept(fil: UploadedFile, *, film: bool = False, smaa: bool = False) -> GodkjentFil:
    """Check a file by its content and prepare it. Raises ValidationError in plain words.

    `film`: films too. `smaa`: with a smaller copy of a picture.
    """
    navn, mimetype = _check(fil, film=film)
    if mimetype == "audio/mp4" and film_.has_pictures(fil):
        raise ValidationError(
            _(
                "«%(navn)s» er en film, ikke bare lyd. Gi den et navn som slutter på .mp4, og prøv igjen."
            ),
            code="innhold",
            params={"navn": navn},
        )
    if glem := _FORTELLER_STED.get(mimetype):
        glem(fil)
    if mimetype not in bilder.FORMATER:
        return _accepted(fil, navn, mimetype)
    innhold = ContentFile(bilder.make_upright(fil, mimetype=mimetype))
    liten = None
    if smaa:
        liten = ContentFile(bilder.make_small(innhold, mimetype=mimetype))
        liten.name = f"{PurePath(navn).stem}-liten.webp"
        innhold.seek(0)
    return _accepted(innhold, navn, mimetype, liten)


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


def _check(fil: UploadedFile, *, film: bool = False) -> tuple[str, str]:
    """The file's name and type, when its content is what its name says."""
    navn = file_name(fil.name or "")
    endelse = PurePath(navn).suffix.lower()
    refuse_unkept(fil)
    if fil.size == 0:
        raise ValidationError(_("Fila er tom."), code="tom")
    if endelse in HEIC_ENDELSER:
        raise heic_told(navn)
    mimetype = TILLATTE_TYPER.get(endelse) or (FILM.get(endelse) if film else None)
    if mimetype is None:
        raise _other_kind(navn, film=film)
    refuse_other_kind(fil, endelse=endelse, navn=navn)
    return navn, mimetype


def _other_kind(navn: str, *, film: bool) -> ValidationError:
    tekst = (
        _(
            "«%(navn)s» kan ikke lastes opp. Velg et bilde, en film, en lydfil, en PDF, et dokument eller et regneark."
        )
        if film
        else _(
            "«%(navn)s» kan ikke lastes opp. Velg et bilde, en PDF, et dokument, et regneark eller en lydfil."
        )
    )
    return ValidationError(tekst, code="filtype", params={"navn": navn})


def _accepted(innhold: File, navn: str, mimetype: str, liten: File | None = None) -> GodkjentFil:
    innhold.name = navn
    return GodkjentFil(innhold, navn, mimetype, innhold.size, _sha256(innhold), liten)


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
    grense = fil.grense if isinstance(fil, ForStorFil) else size_limit(fil.name or "")
    if fil.size is not None and fil.size > grense:
        raise ValidationError(
            _("Fila er for stor. «%(navn)s» er %(bytes)s, og grensen er %(maks)s."),
            code="for_stor",
            params={
                "navn": file_name(fil.name or ""),
                "bytes": stoerrelse(fil.size),
                "maks": stoerrelse(grense),
            },
        )
