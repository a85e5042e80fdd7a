"""A chart as a picture, for documents that hold no drawing of lines (Word). In black, grey and white."""

import io
from functools import cache
from typing import Any

from nettverk.filer.pdf import static_file
from nettverk.side.diagram import SKRIFT, SOYLE, Stolpediagram

_TETTHET = 3  # pixels for each unit of the drawing
_SVART, _GRAA, _LYS, _STREK = "#1d2a33", "#6b7b86", "#dfe6ea", "#d5dde2"


def draw(diagram: Stolpediagram) -> bytes:
    """The bars as PNG, as components/diagram.html draws them."""
    from PIL import Image, ImageDraw

    bilde = Image.new("RGB", (_px(diagram.bredde), _px(diagram.hoyde + 2)), "white")
    tegner = ImageDraw.Draw(bilde)
    for strek in diagram.streker:
        tegner.line([_px(strek.x), 0, _px(strek.x), _px(diagram.akse_y)], _STREK, _TETTHET)
        sted = (_px(strek.x), _px(diagram.akse_y + 16))
        tegner.text(sted, str(strek.verdi), _GRAA, _font(10.5), anchor="ms")
    for s in diagram.soyler:
        grunnlinje = _px(s.y + 11.5)
        if s.er_overskrift:
            tegner.text((0, grunnlinje), s.etikett, _SVART, _font(SKRIFT, fet=True), anchor="ls")
            continue
        venstre = (_px(diagram.etikett_x), grunnlinje)
        tegner.text(venstre, s.etikett, _SVART, _font(SKRIFT), anchor="rs")
        if s.bakgrunn:
            tegner.rectangle(_box(diagram, s.y, s.bakgrunn), _LYS, _GRAA, 2)
        if s.bredde:
            tegner.rectangle(_box(diagram, s.y, s.bredde), _SVART)
        sted = (_px(s.verdi_x), grunnlinje)
        tegner.text(sted, s.verditekst, _SVART, _font(SKRIFT, fet=True), anchor="ls")
    ut = io.BytesIO()
    bilde.save(ut, "PNG", optimize=True)
    return ut.getvalue()


def _px(verdi: float) -> int:
    return round(verdi * _TETTHET)


def _box(diagram: Stolpediagram, y: float, bredde: float) -> list[int]:
    return [_px(diagram.venstre), _px(y), _px(diagram.venstre + bredde), _px(y + SOYLE)]


@cache
def _font(stoerrelse: float, *, fet: bool = False) -> Any:
    """The portal's own font. What it cannot draw becomes a box, as in the PDF."""
    from PIL import ImageFont

    skrift = ImageFont.truetype(io.BytesIO(_ttf()), round(stoerrelse * _TETTHET))
    skrift.set_variation_by_axes([float(a["default"] or 0) for a in skrift.get_variation_axes()])
    if fet:
        navn = [n.decode() if isinstance(n, bytes) else n for n in skrift.get_variation_names()]
        valgt = next((n for n in ("SemiBold", "Semi Bold", "Bold") if n in navn), None)
        if valgt:
            skrift.set_variation_by_name(valgt)
    return skrift


@cache
def _ttf() -> bytes:
    from fontTools.ttLib import TTFont

    ut = io.BytesIO()
    with TTFont(static_file("inter.woff2")) as font:
        font.flavor = None
        font.save(ut)
    return ut.getvalue()
