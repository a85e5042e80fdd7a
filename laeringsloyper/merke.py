"""A track's own colour and sign, always beside its name: the same on every page and on paper.

The colours stand in static/css (komponenter.css, pdf.css) under `data-farge`; the sign is drawn here.
"""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from laeringsloyper.models import Farge, Loypetegn

# As in static/css/komponenter.css and pdf.css: a PDF knows no colour in a drawing but the drawing's own.
PAA_PAPIR = {
    Farge.BRINGEBAER: "#a92c64",
    Farge.FIOL: "#5f45ad",
    Farge.SJO: "#0a7067",
    Farge.HIMMEL: "#1a5fa3",
    Farge.MOSE: "#566013",
    Farge.KOBBER: "#8b4a1f",
}

# In a square of 16, drawn in the colour of the words around.
_TEGNING = {
    Loypetegn.PRIKKER: '<circle cx="4" cy="8" r="3.25"/><circle cx="12" cy="8" r="3.25"/>',
    Loypetegn.BOBLE: '<path d="M2.5 2h11A1.5 1.5 0 0 1 15 3.5v6a1.5 1.5 0 0 1-1.5 1.5H7.5L3.5 15v-4h-1A1.5 1.5 0 0 1 1 9.5v-6A1.5 1.5 0 0 1 2.5 2z"/>',
    Loypetegn.TREKANT: '<path d="M8 1.5 15.5 14.5H.5z"/>',
    Loypetegn.FIRKANT: '<path d="M2 2h12v12H2z"/>',
    Loypetegn.ROMBE: '<path d="M8 .5 15.5 8 8 15.5.5 8z"/>',
    Loypetegn.RING: '<path fill-rule="evenodd" d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm0 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6z"/>',
}


def draw_tegn(farge: str, tegn: str) -> SafeString:
    """The sign alone. Decoration: the name stands beside it."""
    tegning = _TEGNING.get(Loypetegn(tegn)) if tegn in Loypetegn.values else ""
    return format_html(
        '<svg class="app-loype__tegn" viewBox="0 0 16 16" width="13" height="13" fill="{}"'
        ' aria-hidden="true" focusable="false">{}</svg>',
        PAA_PAPIR[Farge(farge)] if farge in Farge.values else "currentColor",
        mark_safe(tegning or ""),
    )


def draw_merke(farge: str, tegn: str, navn: Any) -> SafeString:
    """The sign and the name in the track's colour."""
    return format_html(
        '<span class="app-loype" data-farge="{}">{}<span>{}</span></span>',
        farge,
        draw_tegn(farge, tegn) if tegn else "",
        navn,
    )
