"""What an MP3 tells of itself, forgotten: its labels lie before the sound and after it, and are filled with nothing
where they lie."""

from typing import IO

from nettverk.filer.film import overwrite

_ID3, _FOT = 10, 32


def forget_place(fil: IO[bytes]) -> None:
    """Empty the labels of every kind. Changes the file; leaves it at its beginning."""
    fil.seek(0, 2)
    til = fil.tell()
    begynnelse = 0
    while slutt := _id3(fil, begynnelse, til):
        # A label with nothing but room in it; how long it is stands.
        fil.seek(begynnelse + 5)
        fil.write(b"\0")
        overwrite(fil, begynnelse + _ID3, slutt)
        begynnelse = slutt
    while (fra := _last(fil, begynnelse, til)) < til:
        overwrite(fil, fra, til)
        til = fra
    fil.seek(0)


def _id3(fil: IO[bytes], fra: int, til: int) -> int:
    """Where the ID3 label that begins there ends; 0 when none does."""
    hode = _read(fil, fra, _ID3)
    if len(hode) < _ID3 or hode[:3] != b"ID3":
        return 0
    fot = _ID3 if hode[5] & 0x10 else 0
    return min(fra + _ID3 + _seven(hode[6:10]) + fot, til)


def _last(fil: IO[bytes], fra: int, til: int) -> int:
    """Where the label that ends there begins; `til` when none does."""
    hale = _read(fil, max(fra, til - 128), min(128, til - fra))
    if len(hale) == 128 and hale[:3] == b"TAG":
        # The longer kind lies before it.
        return til - 355 if til - 355 >= fra and _read(fil, til - 355, 4) == b"TAG+" else til - 128
    fot = hale[-_FOT:]
    if fot[:8] == b"APETAGEX":
        hode = _FOT if fot[23] & 0x80 else 0
        return max(fra, til - max(int.from_bytes(fot[12:16], "little") + hode, _FOT))
    if hale[-_ID3:][:3] == b"3DI":
        return max(fra, til - _seven(hale[-4:]) - 2 * _ID3)
    if hale[-9:] == b"LYRICS200" and hale[-15:-9].isdigit():
        return max(fra, til - int(hale[-15:-9]) - 15)
    return til


def _seven(tegn: bytes) -> int:
    """A number with seven bits in each byte."""
    tall = 0
    for byte in tegn:
        tall = tall << 7 | byte & 0x7F
    return tall


def _read(fil: IO[bytes], sted: int, antall: int) -> bytes:
    fil.seek(sted)
    return fil.read(antall)
