"""The dress of a PDF: the network's colour in the style, and in every drawing.

WeasyPrint reads no style in a drawing but the drawing's own, and does not mix colours. So the shades are
worked out here, and each drawing is given them under the same names as on the screen.
"""

import base64
import json
import re
from functools import cache

from django.conf import settings

_STANDARD = "hav"
_FJERNT = ("1", "2", "sol", "glod", "sno")
_HVIT, _SVART = "#ffffff", "#000000"


@cache
def farger() -> dict[str, str]:
    """The accents a network may have, by name."""
    fil = settings.BASE_DIR / "nettverk" / "frontend" / "aksenter.json"
    innhold: dict[str, str] = json.loads(fil.read_text(encoding="utf-8"))
    return innhold


def mix(farge: str, andel: float, andre: str = _HVIT) -> str:
    """`andel` of the colour, the rest of the other: what `color-mix` does on the screen."""
    deler = zip(_rgb(farge), _rgb(andre), strict=True)
    return "#" + "".join(f"{round(a * andel + b * (1 - andel)):02x}" for a, b in deler)


def _rgb(farge: str) -> list[int]:
    return [int(farge[n : n + 2], 16) for n in (1, 3, 5)]


@cache
def style_of(aksent: str) -> str:
    """The colours of the document, as CSS variables (static/css/pdf.css has the sea's where none is)."""
    farge = farger().get(aksent, farger()[_STANDARD])
    verdier = {
        "aksent": farge,
        "aksent-dyp": mix(farge, 0.82, _SVART),
        "aksent-strek": mix(farge, 0.34),
        "aksent-flate": mix(farge, 0.17),
        "aksent-grunn": mix(farge, 0.085),
    }
    return ":root{" + "".join(f"--{navn}:{verdi};" for navn, verdi in verdier.items()) + "}"


@cache
def _drawing_style(aksent: str) -> str:
    farge = farger().get(aksent, farger()[_STANDARD])
    fyll = {
        "app-diagram__del": farge,
        "app-diagram__hele": mix(farge, 0.17),
        "app-hjul__maaned": mix(farge, 0.085),
        "app-hjul__punkt": farge,
        "app-kart__flate": mix(farge, 0.86),
        "app-kart__flate--1": mix(farge, 0.17),
        "app-kart__flate--2": mix(farge, 0.34),
        "app-kart__flate--4": farge,
        "app-kart__navn": _HVIT,
        "app-horisont__1": mix(farge, 0.22),
        "app-horisont__2": mix(farge, 0.48),
        "app-horisont__3": mix(farge, 0.78),
        "app-horisont__sjo": mix(farge, 0.94, _SVART),
        "app-horisont__5": mix(farge, 0.72, _SVART),
        "app-horisont__lys": _HVIT,
        "app-horisont__sno": _HVIT,
        "app-horisont__sol": "#ffd98a",
        "app-horisont__glod": mix("#ffd98a", 0.4),
    }
    streker = {
        "app-horisont__strek": (mix(farge, 0.94, _SVART), 4),
        "app-horisont__solstreif": ("#ffd98a", 3),
        "app-horisont__glimt": (mix(_HVIT, 0.35, farge), 2),
    }
    navn_paa_kart = ".app-kart__navn{font-family:Inter;font-size:18px;font-weight:600;text-anchor:middle;dominant-baseline:central}"
    # Before a photograph only the nearest is drawn.
    fjernt = "".join(f".app-horisont--naer .app-horisont__{lag}{{fill:none}}" for lag in _FJERNT)
    return (
        navn_paa_kart
        + "".join(f".{navn}{{fill:{verdi}}}" for navn, verdi in fyll.items())
        + "".join(
            f".{navn}{{fill:none;stroke:{verdi};stroke-width:{bredde}}}"
            for navn, (verdi, bredde) in streker.items()
        )
        + fjernt
    )


_TEGNING = re.compile(r'<svg\b[^>]*class="app-(?:kart|diagram)[^>]*>')
_PYNT = re.compile(
    r"<svg\b(?P<hode>[^>]*\baria-hidden=\"true\"[^>]*)>(?P<innhold>.*?)</svg>", re.DOTALL
)
_KLASSE = re.compile(r'class="([^"]*)"')


def dress(html: str, aksent: str) -> str:
    """The page with the network's colour in each of its charts, its map and its horizon.

    What is decoration becomes a background, which no reader meets: a picture in a PDF must have words.
    """
    stil = f"<style>{_drawing_style(aksent)}</style>"
    html = _PYNT.sub(lambda treff: _as_background(treff, stil), html)
    return _TEGNING.sub(lambda treff: treff[0] + stil, html)


def _as_background(treff: re.Match[str], stil: str) -> str:
    funnet = _KLASSE.search(treff["hode"])
    klasse = funnet[1] if funnet else ""
    if "app-ikon" in klasse:  # the sprite is not in the document
        return ""
    tegning = (
        f'<svg xmlns="http://www.w3.org/2000/svg"{treff["hode"]}>{stil}{treff["innhold"]}</svg>'
    )
    kode = base64.b64encode(tegning.encode()).decode()
    return f'<span class="{klasse}" style="background-image:url(data:image/svg+xml;base64,{kode})"></span>'
