"""Uploads: limited in size while they stream in, checked by content before they are kept."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import PurePath

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

# What people add to a log: pictures, documents, sheets, slides, sound. Ending → media type.
TILLATTE_TYPER = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".txt": "text/plain",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
}
_BILDER = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_STOERSTE_SIDE = 2400  # pixels; a phone's picture is four times what a screen needs


class StoerrelsesgrenseHandler(FileUploadHandler):
    """Stops reading a request whose files grow past the limit, so 200 MB never reaches the disk.

    The form then finds no file; `request.fil_for_stor` says why (`nettverk.skjema.Filfelt`).
    """

    def __init__(self, request: object = None) -> None:
        super().__init__(request)
        self.lest = 0

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None) -> None:  # noqa: N803
        if content_length > 4 * settings.OPPLASTING_MAKS:
            # Do not read it to the end; the page answers with the reason.
            self.request.fil_for_stor = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.lest += len(raw_data)
        if self.lest > settings.OPPLASTING_MAKS or getattr(self.request, "fil_for_stor", False):
            self.request.fil_for_stor = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


@dataclass(frozen=True)
class GodkjentFil:
    """A file that may be kept: its content (pictures freed of place and camera), name and type."""

    innhold: ContentFile
    navn: str
    mimetype: str
    bytes: int
    sha256: str


def godkjenn(fil: UploadedFile) -> GodkjentFil:
    """Check a file by its content and prepare it. Raises ValidationError in plain words."""
    navn = PurePath(fil.name or "").name[-140:]
    endelse = PurePath(navn).suffix.lower()
    if fil.size > settings.OPPLASTING_MAKS:
        raise for_stor()
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


def for_stor() -> ValidationError:
    """The error for a file above the limit."""
    return ValidationError(
        _("Fila er for stor. Den kan være opptil %(maks)s MB."),
        code="for_stor",
        params={"maks": settings.OPPLASTING_MAKS // (1024 * 1024)},
    )


def _stemmer(data: bytes, endelse: str, mimetype: str) -> bool:
    if mimetype == "text/plain":
        return _er_tekst(data)
    try:
        funnet = {
            treff.extension.lower()
            for treff in puremagic.magic_string(data[:200_000], filename="x" + endelse)
        }
    except (puremagic.PureError, ValueError):
        return False
    kontorfiler = {".docx", ".xlsx", ".pptx", ".odt"}
    likeverdige = {".jpg", ".jpeg"} if endelse in {".jpg", ".jpeg"} else {endelse}
    if endelse in kontorfiler:
        return data[:4] == b"PK\x03\x04"
    if endelse == ".mp3":
        return data[:3] == b"ID3" or data[:2] in {b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"}
    return bool(funnet & likeverdige)


def _er_tekst(data: bytes) -> bool:
    try:
        tekst = data.decode("utf-8")
    except UnicodeDecodeError:
        tekst = data.decode("latin-1")
    return "\x00" not in tekst


def _uten_metadata(data: bytes, format_: str) -> bytes:
    """The picture turned the right way, at most 2400 pixels, without EXIF (place, time, camera)."""
    try:
        with Image.open(io.BytesIO(data)) as bilde:
            rettet = ImageOps.exif_transpose(bilde)
            rettet.thumbnail((_STOERSTE_SIDE, _STOERSTE_SIDE))
            ut = io.BytesIO()
            if format_ == "JPEG":
                rettet = rettet.convert("RGB")
            rettet.save(ut, format=format_, quality=85)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as feil:
        raise ValidationError(_("Bildet kan ikke åpnes. Prøv et annet."), code="bilde") from feil
    return ut.getvalue()
