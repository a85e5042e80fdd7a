"""What a WebM tells of itself besides pictures and sound, forgotten.

Its names, its tags and what is attached lie in elements of their own. They are given the name of empty room (`Void`)
and filled with nothing, where they lie: so nothing else is moved, and it is played as before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from nettverk.filer.film import kan_ikke_leses, overwrite, tells_on_its_own

# Looked into: the file's one segment, what is said of it, and its tracks; and a piece of film that does not say how
# long it is, as browsers write.
_SEGMENT, _KLYNGE, _SPOR = 0x18538067, 0x1F43B675, 0xAE
_SES_INN_I = {_SEGMENT, 0x1549A966, 0x1654AE6B, _SPOR}
# Tags, attachments and chapters; title, date and file names of the segment, and the name of a track. With them the
# sums, which hold no more.
_FORTELLER = {0x1254C367, 0x1941A469, 0x1043A770}
_FORTELLER |= {0x7BA9, 0x4461, 0x7384, 0x3C83AB, 0x3E83BB, 0x536E, 0xBF}
_SPORTYPE, _KODING = 0x83, 0x86
# Pictures, sound, both, a logo, subtitles.
_SES_OG_HOERES = {1, 2, 3, 0x10, 0x11}
_TOM = b"\xec"
# An hour in a piece that does not say how long it is has some three hundred thousand.
_MANGE = 1_000_000


@dataclass(frozen=True, slots=True)
class _Element:
    """Its name, and where it begins, its content begins, and it ends; None when it does not say."""

    slag: int
    fra: int
    inni: int
    slutt: int | None


def forget_place(fil: IO[bytes]) -> None:
    """Empty what it tells. Changes the file; leaves it at its beginning. Raises ValidationError, in plain words, for
    one that cannot be read, or that has a track of something else than what is seen and heard."""
    for element in _walk(fil):
        if element.slutt is None:
            continue
        lengde = element.slutt - element.inni
        if element.slag in _FORTELLER:
            _empty(fil, element)
        elif element.slag == _SPORTYPE and lengde <= 8:
            fil.seek(element.inni)
            if int.from_bytes(fil.read(lengde), "big") not in _SES_OG_HOERES:
                raise tells_on_its_own()
        elif element.slag == _KODING and lengde <= 100:
            fil.seek(element.inni)
            if b"METADATA" in fil.read(lengde).upper():
                raise tells_on_its_own()
    fil.seek(0)


def _empty(fil: IO[bytes], element: _Element) -> None:
    assert element.slutt is not None
    lengde = element.slutt - element.fra
    # As much room as before: the length in one byte, or in eight.
    hode = bytes([0x80 | lengde - 2]) if lengde < 9 else (1 << 56 | lengde - 9).to_bytes(8, "big")
    fil.seek(element.fra)
    fil.write(_TOM + hode)
    overwrite(fil, element.fra + 1 + len(hode), element.slutt)


def _walk(fil: IO[bytes]) -> Iterator[_Element]:
    """Every element of the file, those of what is looked into after it. Stops where the file is cut."""
    fil.seek(0, 2)
    til, sted, i_segmentet = fil.tell(), 0, False
    for antall in range(_MANGE + 1):
        if sted + 2 > til:
            return
        element = _element(fil, sted)
        if element is None or antall == _MANGE:
            if i_segmentet:
                raise kan_ikke_leses()
            return
        if element.slutt is not None and element.slutt > til:
            return
        yield element
        i_segmentet = i_segmentet or element.slag == _SEGMENT
        if element.slutt is None or element.slag in _SES_INN_I:
            if element.slag not in {*_SES_INN_I, _KLYNGE}:
                raise kan_ikke_leses()
            sted = element.inni
        else:
            sted = element.slutt


def _element(fil: IO[bytes], sted: int) -> _Element | None:
    fil.seek(sted)
    hode = fil.read(12)
    bredde = 9 - hode[0].bit_length()
    if bredde > 4 or len(hode) <= bredde:
        return None
    bredde2 = 9 - hode[bredde].bit_length()
    if bredde2 > 8 or len(hode) < bredde + bredde2:
        return None
    inni = sted + bredde + bredde2
    lengde = int.from_bytes(hode[bredde : bredde + bredde2], "big") - (1 << 7 * bredde2)
    ukjent = lengde == (1 << 7 * bredde2) - 1
    slag = int.from_bytes(hode[:bredde], "big")
    return _Element(slag, sted, inni, None if ukjent else inni + lengde)
