"""Counts the pages of one PDF, or draws one of them, in a process that does nothing else and knows nothing else.

Started by `nettverk.filer.pdfsider`, which gives the document as standard input, says which page is drawn and how
large, and has the picture from standard output. As `bildeprosess` it limits its own memory and processor time before
it has read a byte. Knows neither Django nor the portal.
"""

import io
import resource
import sys
from typing import Any

MINNE = 640 * 1024 * 1024
SEKUNDER = 10
# What it ends with when the document is broken or is no PDF, and when it asks for a password.
UBRUKELIG, LAAST = 3, 4
_PASSORD = 4  # FPDF_ERR_PASSWORD


def main(nummer: int, lang_side: int) -> int:
    """The number of pages in figures with `nummer` 0; else page `nummer` as WebP, `lang_side` pixels the long way."""
    _limit()
    import pypdfium2 as pdfium

    try:
        dokument = pdfium.PdfDocument(sys.stdin.buffer)
        ut = _drawn(dokument[nummer - 1], lang_side) if nummer else str(len(dokument)).encode()
    except pdfium.PdfiumError as feil:
        sys.stderr.write(f"{feil}\n")
        return LAAST if getattr(feil, "err_code", None) == _PASSORD else UBRUKELIG
    except Exception as feil:  # what the broken part happened to raise
        sys.stderr.write(f"{type(feil).__name__}: {feil}\n")
        return UBRUKELIG
    sys.stdout.buffer.write(ut)
    sys.stdout.buffer.flush()
    return 0


def _drawn(side: Any, lang_side: int) -> bytes:
    ut = io.BytesIO()
    # It rounds up.
    bilde = side.render(scale=(lang_side - 0.5) / max(side.get_size())).to_pil()
    bilde.convert("RGB").save(ut, format="WEBP", quality=75)
    return ut.getvalue()


def _limit() -> None:
    """Also where the system keeps only some of them."""
    for hva, antall in (
        (resource.RLIMIT_AS, MINNE),
        (resource.RLIMIT_CPU, SEKUNDER),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        try:
            resource.setrlimit(hva, (antall, antall))
        except (OSError, ValueError):
            continue


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
