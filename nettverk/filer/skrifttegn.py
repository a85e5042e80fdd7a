"""The letters that the portal's own fonts can draw, for documents that must hold their font themselves."""

import unicodedata
from functools import cache
from pathlib import Path

_TOMROM = frozenset("\n\r\t")


def drawable(tekst: str, *skrifter: Path) -> str:
    """The text with only what the fonts have: emoji and control characters go, a foreign letter becomes □.

    A PDF with a character that no embedded font can draw is neither archivable nor accessible.
    """
    # What a Mac pastes as a + ring is å.
    tekst = unicodedata.normalize("NFC", tekst)
    mangler = set(tekst).difference(*map(_tegn_i, skrifter))
    if not mangler:
        return tekst
    return tekst.translate({ord(tegn): _erstatning(tegn) for tegn in mangler})


def _erstatning(tegn: str) -> str:
    return "□" if unicodedata.category(tegn)[0] in "LN" else ""


@cache
def _tegn_i(skrift: Path) -> frozenset[str]:
    from fontTools.ttLib import TTFont

    with TTFont(skrift, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap())) | _TOMROM
