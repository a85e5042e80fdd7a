"""What kinds of files people may add, and how each is known by its first bytes – never by its name alone."""

from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kommuner.kontorfil import Kontorfilfeil, inspect
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
# Film, where it is taken (`opplasting.accept(film=True)`). A phone's films and a computer's.
FILM = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
}
# A phone's own pictures, which most others cannot open.
HEIC_ENDELSER = frozenset({".heic", ".heif", ".hif"})
_HEIC_MERKER = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
# The part by which each kind of office file is known.
_KONTORFILER = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/workbook.xml",
    ".pptx": "ppt/presentation.xml",
    ".odt": "content.xml",
}
# Sound in an MP4 container, as phones and recorders name it.
_M4A_MERKER = {b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"3gp4", b"3gp5"}
_MP4_MERKER = {
    *(b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42"),
    *(b"avc1", b"M4V ", b"MSNV", b"3gp4", b"3gp5", b"qt  "),
}
_KBIT = {
    # MPEG-1 and MPEG-2, layer III: kilobits a second by the four bits of the frame head.
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_BILDER = frozenset({".jpg", ".jpeg", ".png", ".webp"})
# How a program for Windows begins: no document that is only damaged.
_PROGRAM = b"MZ"
_HODE = 4096
_BIT = 1 << 20


def refuse_other_kind(fil: IO[bytes], *, endelse: str, navn: str) -> None:
    """Raises ValidationError, in plain words, unless the content is what the ending says."""
    try:
        fil.seek(0)
        if endelse in _KONTORFILER and fil.read(2) != _PROGRAM:
            inspect(fil, kjennetegn=_KONTORFILER[endelse])
            return
        fil.seek(0)
        stemmer = (
            _is_text(fil)
            if endelse == ".txt"
            else endelse in _KJENNES and _KJENNES[endelse](fil.read(_HODE))
        )
    except Kontorfilfeil as feil:
        if feil.kode != "slag":
            raise ValidationError(f"«{navn}»: {feil}", code=feil.kode) from feil
        stemmer = False
    finally:
        fil.seek(0)
    if not stemmer and endelse in _BILDER and is_heic(fil.read(_HODE)):
        fil.seek(0)
        raise heic_told(navn)
    fil.seek(0)
    if not stemmer:
        raise ValidationError(
            _("«%(navn)s» er ikke det endelsen sier. Åpne fila, lagre den på nytt og prøv igjen."),
            code="innhold",
            params={"navn": navn},
        )


def heic_told(navn: str) -> ValidationError:
    """In plain words what to do with a HEIC."""
    return ValidationError(
        _(
            "«%(navn)s» er i formatet HEIC, som mange ikke kan åpne. Velg «Mest kompatibel» under Innstillinger, Kamera og Formater på telefonen, eller ta en skjermdump av bildet, og prøv igjen."
        ),
        code="heic",
        params={"navn": navn},
    )


def _is_pdf(hode: bytes) -> bool:
    return hode.lstrip(b"\xef\xbb\xbf\t\r\n ").startswith(b"%PDF-")


def _is_jpeg(hode: bytes) -> bool:
    return hode.startswith(b"\xff\xd8\xff")


def _is_png(hode: bytes) -> bool:
    return hode.startswith(b"\x89PNG\r\n\x1a\n")


def _is_webp(hode: bytes) -> bool:
    return hode[:4] == b"RIFF" and hode[8:12] == b"WEBP"


def _brands(hode: bytes) -> set[bytes]:
    """What an `ftyp` box says it is, and what it is compatible with; none when there is no such box first."""
    if hode[4:8] != b"ftyp":
        return set()
    lengde = min(int.from_bytes(hode[:4], "big"), 256)
    return {hode[8:12], *(hode[nr : nr + 4] for nr in range(16, lengde, 4))}


def is_heic(hode: bytes) -> bool:
    """A phone's HEIC, whatever its name says."""
    return hode[8:12] in _HEIC_MERKER and hode[4:8] == b"ftyp"


def _is_m4a(hode: bytes) -> bool:
    """`ftyp` with a brand for sound, its own or among those it is compatible with."""
    return bool(_brands(hode) & _M4A_MERKER)


def _is_mp4(hode: bytes) -> bool:
    return bool(_brands(hode) & _MP4_MERKER) and not is_heic(hode)


def _is_mov(hode: bytes) -> bool:
    """The newer kind with `ftyp`, and the older that begins with one of its own boxes."""
    return b"qt  " in _brands(hode) or hode[4:8] in {b"moov", b"mdat", b"wide"}


def _is_webm(hode: bytes) -> bool:
    """Matroska's first bytes, and the name it gives itself."""
    return hode.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in hode[:64]


def _is_mp3(hode: bytes) -> bool:
    """A tag, or two frames in a row: two bytes alone are met in any noise."""
    if hode[:3] == b"ID3":
        # The size has seven bits in each byte.
        return len(hode) >= 10 and hode[3] < 0xFF and all(byte < 0x80 for byte in hode[6:10])
    lengde = _frame(hode)
    return lengde > 0 and _frame(hode[lengde:]) > 0


def _frame(data: bytes) -> int:
    """The length of the MP3 frame that `data` begins with; 0 when it is none."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return 0
    utgave, lag = data[1] >> 3 & 3, data[1] >> 1 & 3
    fart, takt = data[2] >> 4, data[2] >> 2 & 3
    if utgave == 1 or lag != 1 or fart in {0, 15} or takt == 3:
        return 0
    mpeg1 = utgave == 3
    kbit, hertz = _KBIT[1 if mpeg1 else 2][fart], _HERTZ[utgave][takt]
    return (144_000 if mpeg1 else 72_000) * kbit // hertz + (data[2] >> 1 & 1)


def _is_text(fil: IO[bytes]) -> bool:
    """Letters of one kind or another; NUL is in everything that is not text."""
    while bit := fil.read(_BIT):
        if b"\x00" in bit:
            return False
    return True


_KJENNES = {
    ".pdf": _is_pdf,
    ".jpg": _is_jpeg,
    ".jpeg": _is_jpeg,
    ".png": _is_png,
    ".webp": _is_webp,
    ".m4a": _is_m4a,
    ".mp3": _is_mp3,
    ".mp4": _is_mp4,
    ".m4v": _is_mp4,
    ".mov": _is_mov,
    ".webm": _is_webm,
}
