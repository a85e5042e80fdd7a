"""Short codes that open a page without signing in: drawn, typed from paper, and shown as a QR code.

A code is the whole right: whoever has it may do what its page lets them, and nothing else. What keeps it from being
guessed is its length: there are 27⁸, few of which open anything. `nettverk.sikkerhet.feilkoder` counts the wrong ones
of an address and says when they are too many, but a right one opens also then.
"""

import re
import secrets
from typing import Any, TypeVar

import zxingcpp
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

# No sign that looks like another when it is read from paper, and no vowels: no code is a word.
ALFABET = "23456789BCDFGHJKMNPQRSTVWXZ"
LENGDE = 8

M = TypeVar("M", bound=Model)

RAND = 2  # squares of white around a QR code


def draw() -> str:
    """A new code. That nobody has it already is the table's to say (`make_coded`)."""
    return "".join(secrets.choice(ALFABET) for _ in range(LENGDE))


def make_coded(modell: type[M], **felt: Any) -> M:
    """A row of `modell` with a code that nobody has; its table says no to one of two who draw the same at once."""
    while True:
        kode = draw()
        try:
            with transaction.atomic():
                return modell._default_manager.create(kode=kode, **felt)
        except IntegrityError:
            # Taken: draw another. Whatever else was wrong with the row, is no better with another.
            if not modell._default_manager.filter(kode=kode).exists():
                raise


def read(skrevet: str) -> str:
    """A code as it was typed or read: small letters, with a dash or a space in the middle."""
    return "".join(t for t in skrevet.upper() if t.isascii() and t.isalnum())[: LENGDE + 4]


def shown(kode: str) -> str:
    """As it is written for people: K7MR-2XWP."""
    return f"{kode[:4]}-{kode[4:]}"


def whole(sti: str) -> str:
    """The whole address of a path inside the portal, for a QR code and for paper."""
    return f"{settings.PORTAL_ADRESSE}{sti}"


def spoken(sti: str) -> str:
    """The same as people read and type it: without https://."""
    return whole(sti).partition("://")[2]


def keep_private(svar: HttpResponse) -> HttpResponse:
    """The page of one who has a code: no cache keeps it, and no search finds it."""
    svar["Cache-Control"] = "private, no-store"
    svar["X-Robots-Tag"] = "noindex"
    return svar


def qr(adresse: str, *, tittel: str) -> SafeString:
    """The address as a picture (SVG) that takes its size and colour from where it stands, with `tittel` for who does
    not see it."""
    strek = zxingcpp.create_barcode(adresse, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    # It is a buffer; its types do not say so.
    bilde = memoryview(strek.to_image(scale=1, add_quiet_zones=False))  # type: ignore[arg-type]
    antall = len(bilde)  # squares, across and down
    ruter = bilde.tobytes()
    linjer = [ruter[nr * antall : (nr + 1) * antall] for nr in range(antall)]
    # Each row of squares as the lines that are black in it.
    streker = (
        f"M{svart.start()} {nr}.5h{svart.end() - svart.start()}"
        for nr, linje in enumerate(linjer)
        for svart in re.finditer(rb"\x00+", linje)
    )
    return format_html(
        '<svg role="img" class="app-qr" viewBox="-{rand} -{rand} {alt} {alt}">'
        '<title>{tittel}</title><path stroke="currentColor" d="{streker}"/></svg>',
        rand=RAND,
        alt=antall + 2 * RAND,
        tittel=tittel,
        streker="".join(streker),
    )
