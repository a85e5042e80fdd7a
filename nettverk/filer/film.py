"""Where a film or a sound was recorded, forgotten: a phone writes it in the file itself.

What it says of place, time and telephone lies in boxes of their own (`udta`, `meta`, `uuid`), in the table of contents
(`moov`) and beside it. They are given the name of empty room (`free`) and filled with nothing, where they lie: so
nothing else is moved, and it is played as before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# The boxes that are looked into, and what each of them lies in; "" is the file.
_LIGGER_I = {b"moov": b"", b"trak": b"moov", b"mdia": b"trak", b"moof": b"", b"traf": b"moof"}
_FORTELLER = {b"udta", b"meta", b"uuid"}
# A film of an hour in pieces of half a second has some thirty thousand.
_MANGE = 100_000
_BIT = 1 << 16


@dataclass(frozen=True, slots=True)
class _Boks:
    """A box: what it lies in, its name, and where it begins, its content begins, and it ends."""

    rundt: bytes
    slag: bytes
    fra: int
    inni: int
    slutt: int


def forget_place(fil: IO[bytes]) -> None:
    """Empty what an MP4 or a QuickTime film tells of itself. Changes the file; leaves it at its beginning. Raises
    ValidationError, in plain words, for one that no camera writes."""
    for boks in _walk(fil):
        if boks.slag in _FORTELLER:
            fil.seek(boks.fra + 4)
            fil.write(b"free")
            for sted in range(boks.inni, boks.slutt, _BIT):
                fil.seek(sted)
                fil.write(b"\0" * min(_BIT, boks.slutt - sted))
    fil.seek(0)


def has_pictures(fil: IO[bytes]) -> bool:
    """Whether one of its tracks is moving pictures. Raises ValidationError as `forget_place`."""
    try:
        return any(_handles(fil, boks) == b"vide" for boks in _walk(fil))
    finally:
        fil.seek(0)


def _handles(fil: IO[bytes], boks: _Boks) -> bytes:
    """What the track is of, in the box that says so."""
    if (boks.rundt, boks.slag) != (b"mdia", b"hdlr"):
        return b""
    fil.seek(boks.inni + 8)
    return fil.read(4)


def _walk(fil: IO[bytes]) -> Iterator[_Boks]:
    """Every box of the file, and of those that hold others of use, one at a time."""
    fil.seek(0, 2)
    venter = [(b"", 0, fil.tell())]
    antall = 0
    while venter:
        rundt, fra, til = venter.pop()
        for boks in _boxes(fil, rundt, fra, til):
            antall += 1
            if antall > _MANGE or _LIGGER_I.get(boks.slag, rundt) != rundt:
                raise ValidationError(
                    _(
                        "Fila er bygd opp på en måte som portalen ikke kan lese. Lagre den på nytt fra telefonen eller programmet den kommer fra, og prøv igjen."
                    ),
                    code="oppbygning",
                )
            yield boks
            if boks.slag in _LIGGER_I:
                venter.append((boks.slag, boks.inni, boks.slutt))


def _boxes(fil: IO[bytes], rundt: bytes, fra: int, til: int) -> Iterator[_Boks]:
    """The boxes between two places. Stops at what is none."""
    while fra + 8 <= til:
        fil.seek(fra)
        hode = fil.read(8)
        lengde, slag, inni = int.from_bytes(hode[:4], "big"), hode[4:], fra + 8
        if lengde == 1:  # too long for four bytes
            lengde, inni = int.from_bytes(fil.read(8), "big"), fra + 16
        slutt = til if lengde == 0 else fra + lengde
        if slutt < inni or slutt > til:
            return
        yield _Boks(rundt, slag, fra, inni, slutt)
        fra = slutt
