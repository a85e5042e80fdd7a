"""Uploads: limited in size while they stream in, checked by content before they are kept."""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from nettverk.filer.regneark import XLSX

# What people add to a log: pictures, documents, sheets, slides, sound. Ending → media type.
TILLATTE_TYPER = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": XLSX,
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".txt": "text/plain",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
}
_KONTORFILER = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/workbook.xml",
    ".pptx": "ppt/presentation.xml",
    ".odt": "content.xml",
}
_BILDER = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_STOERSTE_SIDE = 2400  # pixels; a phone's picture is four times what a screen needs
_STOERSTE_BILDE = 120_000_000  # pixels; unpacked, a larger one would fill the memory


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


@dataclass(frozen=True)
class GodkjentFil:
    """A file that may be kept: its content (pictures freed of place and camera), name and type."""

    innhold: ContentFile
    navn: str
    mimetype: str
    bytes: int
    sha256: str


def accept(fil: UploadedFile) -> GodkjentFil:
    """Check a file by its content and prepare it. Raises ValidationError in plain words."""
    navn = PurePath(fil.name or "").name[-140:]
    endelse = PurePath(navn).suffix.lower()
    refuse_too_large(fil)
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
    data = fil.read()
    if not _stemmer(data, endelse, mimetype):
        raise ValidationError(
            _("«%(navn)s» er ikke det endelsen sier. Åpne fila, lagre den på nytt og prøv igjen."),
            code="innhold",
            params={"navn": navn},
        )
    if mimetype in _BILDER:
        data = _uten_metadata(data, _BILDER[mimetype])
    return GodkjentFil(
        ContentFile(data, name=navn), navn, mimetype, len(data), hashlib.sha256(data).hexdigest()
    )


def stoerrelse(antall: int) -> str:
    """25 MB: a size as people say it, upwards so that what is too big never looks right."""
    mb = 1024 * 1024
    return f"{-(-antall // mb)}\u00a0MB" if antall >= mb else f"{-(-antall // 1024)}\u00a0kB"


def refuse_too_large(fil: UploadedFile) -> None:
    """Raises ValidationError, in plain words, when the file is above the limit."""
    if getattr(fil, "samlet", False):
        raise ValidationError(
            _("Filene er for store til sammen. Legg ved færre om gangen."), code="for_store_samlet"
        )
    if fil.size is not None and fil.size > settings.OPPLASTING_MAKS:
        raise ValidationError(
            _("Fila er for stor. «%(navn)s» er %(bytes)s, og grensen er %(maks)s."),
            code="for_stor",
            params={
                "navn": fil.name,
                "bytes": stoerrelse(fil.size),
                "maks": stoerrelse(settings.OPPLASTING_MAKS),
            },
        )


def _stemmer(data: bytes, endelse: str, mimetype: str) -> bool:
    if mimetype == "text/plain":
        return _er_tekst(data)
    if endelse in _KONTORFILER:
        return _er_kontorfil(data, _KONTORFILER[endelse])
    try:
        funnet = {
            treff.extension.lower()
            for treff in puremagic.magic_string(data[:200_000], filename="x" + endelse)
        }
    except (puremagic.PureError, ValueError):
        return False
    likeverdige = {".jpg", ".jpeg"} if endelse in {".jpg", ".jpeg"} else {endelse}
    if endelse == ".mp3":
        return data[:3] == b"ID3" or data[:2] in {b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"}
    return bool(funnet & likeverdige)


def _er_kontorfil(data: bytes, kjennetegn: str) -> bool:
    """A zip archive that holds the part by which the kind of document is known."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as arkiv:
            return kjennetegn in arkiv.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def _er_tekst(data: bytes) -> bool:
    try:
        tekst = data.decode("utf-8")
    except UnicodeDecodeError:
        tekst = data.decode("latin-1")
    return "\x00" not in tekst


def _uten_metadata(data: bytes, format_: str) -> bytes:
    """The picture turned the right way, at most 2400 pixels, without EXIF, XMP and comments.

    They tell of place, time and camera, and sometimes hold a smaller picture of what was cut away.
    """
    try:
        with Image.open(io.BytesIO(data)) as bilde:
            if bilde.width * bilde.height > _STOERSTE_BILDE:
                raise ValidationError(
                    _("Bildet har for mange bildepunkter. Gjør det mindre og prøv igjen."),
                    code="bilde_for_stort",
                )
            bilde.draft("RGB", (_STOERSTE_SIDE, _STOERSTE_SIDE))
            rettet = ImageOps.exif_transpose(bilde)
            rettet.thumbnail((_STOERSTE_SIDE, _STOERSTE_SIDE))
            if format_ == "JPEG":
                rettet = rettet.convert("RGB")
            rettet.info = {
                navn: verdi
                for navn, verdi in rettet.info.items()
                if navn in {"icc_profile", "transparency"}
            }
            ut = io.BytesIO()
            rettet.save(ut, format=format_, quality=85)
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as feil:
        raise ValidationError(_("Bildet kan ikke åpnes. Prøv et annet."), code="bilde") from feil
    return ut.getvalue()
