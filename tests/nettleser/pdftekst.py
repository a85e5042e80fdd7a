"""What stands on the pages of a PDF, as one who copies the text from it gets it."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

_TEGN = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")


def pages(innhold: bytes) -> list[str]:
    """The text of each page, its pieces in the order they are drawn, a single space between words."""
    with pikepdf.open(io.BytesIO(innhold)) as dokument:
        return [" ".join(" ".join(_pieces(side)).split()) for side in dokument.pages]


def _pieces(side: pikepdf.Page) -> Iterator[str]:
    skrifter = {navn: _letters(skrift) for navn, skrift in side.resources.Font.items()}
    tegn: dict[bytes, str] = {}
    for felt, operator in pikepdf.parse_content_stream(side):
        if str(operator) == "Tf":
            tegn = skrifter[str(felt[0])]
        elif str(operator) in {"Tj", "TJ"}:
            yield "".join(_read(felt[0], tegn))


def _letters(skrift: Any) -> dict[bytes, str]:
    """What each glyph of a font says: its code of two bytes, and its letters."""
    kart = skrift.ToUnicode.read_bytes().partition(b"beginbfchar")[2]
    return {
        bytes.fromhex(kode.decode()): bytes.fromhex(bokstav.decode()).decode("utf-16-be")
        for kode, bokstav in _TEGN.findall(kart)
    }


def _read(felt: Any, tegn: dict[bytes, str]) -> Iterator[str]:
    for bit in felt if isinstance(felt, pikepdf.Array) else [felt]:
        if isinstance(bit, pikepdf.String):
            koder = bytes(bit)
            yield from (tegn.get(koder[nr : nr + 2], "") for nr in range(0, len(koder), 2))
