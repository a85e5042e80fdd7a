"""Where a film or a sound was recorded, forgotten: a phone writes it in the file itself.

What it says of place, time and telephone lies in boxes of their own (`udta`, `meta`, `uuid`), in the table of contents
(`moov`) and beside it; a camera with a compass in a track of its own, beside those that are seen and heard. They are
given the name of empty room (`free`) and filled with nothing, where they lie: so nothing else is moved, and it is
played as before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# The boxes that are looked into, and what each of them lies in; "" is the file.
_LIGGER_I = {b"moov": b"", b"trak": b"moov", b"mdia": b"trak", b"moof": b"", b"traf": b"moof"}
_FORTELLER = {b"udta", b"meta", b"uuid", b"gps ", b"free", b"skip"}
# What the tracks that are played are of; and those of text, where a drone writes where it flies.
_SPILLES = {b"vide", b"soun", b"auxv", b"pict", b"tmcd", b"hint"}
_TEKST = {b"text", b"sbtl", b"subt", b"clcp"}
_ET_STED = re.compile(rb"gps|latitude|\d\.\d{4}", re.IGNORECASE)
# A film of an hour in pieces of half a second has some thirty thousand.
_MANGE = 100_000
_BIT = 1 << 16
# A track of something a hundred times a second has two million an hour of four bytes each.
_TABELL = 1 << 23


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
    spor, i_biter = [], False
    for boks in _walk(fil):
        i_biter = i_biter or boks.slag == b"moof"
        if boks.slag in _FORTELLER:
            _empty(fil, boks)
        elif boks.slag == b"trak":
            spor.append(boks)
    for boks in spor:
        _forget_track(fil, boks, i_biter=i_biter)
    fil.seek(0)


def _empty(fil: IO[bytes], boks: _Boks) -> None:
    fil.seek(boks.fra + 4)
    fil.write(b"free")
    overwrite(fil, boks.inni, boks.slutt)


def overwrite(fil: IO[bytes], fra: int, til: int) -> None:
    """Fill it with nothing."""
    for sted in range(fra, til, _BIT):
        fil.seek(sted)
        fil.write(b"\0" * min(_BIT, til - sted))


def kan_ikke_leses() -> ValidationError:
    return ValidationError(
        _(
            "Fila er bygd opp på en måte som portalen ikke kan lese. Lagre den på nytt fra telefonen eller programmet den kommer fra, og prøv igjen."
        ),
        code="oppbygning",
    )


def tells_on_its_own() -> ValidationError:
    """For a film with a track that may say where it was, and that cannot be emptied."""
    return ValidationError(
        _(
            "Filmen har et eget spor som kan fortelle hvor den er tatt opp, og som portalen ikke kan ta bort. Lagre den på nytt uten posisjon fra kameraet eller programmet den kommer fra, og prøv igjen."
        ),
        code="posisjon",
    )


# --- the tracks


def _forget_track(fil: IO[bytes], spor: _Boks, *, i_biter: bool) -> None:
    """Empty a track of something else than what is seen and heard: the pieces of it, and what is said of it."""
    hdlr = _find(fil, spor, b"mdia", b"hdlr")
    slag = _handles(fil, hdlr) if hdlr else b""
    if not slag or slag in _SPILLES:
        return
    biter = _pieces(fil, spor)
    if slag in _TEKST and not any(_tells_place(fil, *bit) for bit in biter):
        return
    # In a film in fragments the pieces are told of elsewhere.
    if i_biter:
        raise tells_on_its_own()
    for fra, til in biter:
        overwrite(fil, fra, til)
    _empty(fil, spor)


def _tells_place(fil: IO[bytes], fra: int, til: int) -> bool:
    fil.seek(fra)
    # Longer than anybody reads, it is no text.
    return til - fra > _BIT or bool(_ET_STED.search(fil.read(max(0, til - fra))))


def _find(fil: IO[bytes], boks: _Boks, *sti: bytes) -> _Boks | None:
    """The first that lies so in the box."""
    funnet: _Boks | None = boks
    for slag in sti:
        if funnet is None:
            return None
        inni = _boxes(fil, funnet.slag, funnet.inni, funnet.slutt)
        funnet = next((en for en in inni if en.slag == slag), None)
    return funnet


def _pieces(fil: IO[bytes], spor: _Boks) -> list[tuple[int, int]]:
    """Where in the file what the track holds lies. Raises ValidationError when that is not to be known."""
    fil.seek(0, 2)
    igjen = lengde = fil.tell()
    tabell = _find(fil, spor, b"mdia", b"minf", b"stbl")
    if tabell is None:
        return []
    steder = _numbers(fil, tabell, b"stco", 4) or _numbers(fil, tabell, b"co64", 8)
    alle_like, stoerrelser = _sizes(fil, tabell)
    biter, nr = [], 0
    for antall, sted in zip(_per_piece(fil, tabell, len(steder)), steder, strict=False):
        bit = antall * alle_like if alle_like else sum(stoerrelser[nr : nr + antall])
        nr += antall
        igjen -= bit
        # What a film that is cut has not, is not there.
        biter.append((sted, min(sted + bit, lengde)))
    # Those of a film do not lie over one another.
    if igjen < 0 or len(biter) != len(steder):
        raise kan_ikke_leses()
    return biter


def _content(fil: IO[bytes], tabell: _Boks, slag: bytes) -> bytes:
    boks = _find(fil, tabell, slag)
    if boks is None:
        return b""
    if boks.slutt - boks.inni > _TABELL:
        raise kan_ikke_leses()
    fil.seek(boks.inni)
    return fil.read(boks.slutt - boks.inni)


def _numbers(fil: IO[bytes], tabell: _Boks, slag: bytes, bredde: int) -> list[int]:
    """The numbers of a table: after its four bytes of flags, and how many there are."""
    data = _content(fil, tabell, slag)[8:]
    hele = len(data) - len(data) % bredde
    return [int.from_bytes(data[nr : nr + bredde], "big") for nr in range(0, hele, bredde)]


def _sizes(fil: IO[bytes], tabell: _Boks) -> tuple[int, list[int]]:
    """The size that all samples have, or 0 and that of each."""
    alle_like = int.from_bytes(_content(fil, tabell, b"stsz")[4:8], "big")
    # How many there are stands before them.
    return alle_like, _numbers(fil, tabell, b"stsz", 4)[1:]


def _per_piece(fil: IO[bytes], tabell: _Boks, biter: int) -> Iterator[int]:
    """How many samples each piece has. The table says from which piece on there are how many."""
    tall = _numbers(fil, tabell, b"stsc", 4)
    rader = [(tall[nr], tall[nr + 1]) for nr in range(0, len(tall) - 2, 3)]
    for (fra, antall), (neste, _antall) in zip(rader, [*rader[1:], (biter + 1, 0)], strict=True):
        for _nr in range(min(neste, biter + 1) - fra):
            yield antall


# --- the boxes


def has_pictures(fil: IO[bytes]) -> bool:
    """Whether one of its tracks is moving pictures. Raises ValidationError as `forget_place`."""
    try:
        return any(_handles(fil, boks) == b"vide" for boks in _walk(fil))
    finally:
        fil.seek(0)


def _handles(fil: IO[bytes], boks: _Boks) -> bytes:
    """What the track is of, in the box that says so; nothing in another."""
    if (boks.rundt, boks.slag) != (b"mdia", b"hdlr") or boks.slutt - boks.inni < 12:
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
                raise kan_ikke_leses()
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
