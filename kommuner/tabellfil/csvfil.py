"""CSV: any usual encoding, comma, semicolon, tab or bar between the cells."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import IO, Any, TextIO

from django.utils.translation import gettext as _

from kommuner.tabellfil import tegn
from kommuner.tabellfil.celler import LeseFeil, clean
from kommuner.tabellfil.kolonner import MAKS_KOLONNER, Kolonner
from kommuner.tabellfil.overskrifter import OVERSKRIFT_INNEN, Linje, Tabell, with_headings

_SKILLETEGN = ",;\t|"
_ASCII = bytes(range(128))


class _Laant(io.RawIOBase):
    """Somebody else's file: it stays open when the reader of text around it is forgotten."""

    def __init__(self, fil: IO[bytes]) -> None:
        self.fil = fil

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        bit = self.fil.read(len(buffer))
        buffer[: len(bit)] = bit
        return len(bit)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.fil.seek(offset, whence)
        return self.fil.tell()

    def tell(self) -> int:
        return self.fil.tell()


def open_table(fil: IO[bytes], kolonner: Kolonner) -> Tabell:
    koding, vridd = _koding(fil)
    antall = _antall_linjer(fil)
    fil.seek(0)
    tekst = io.TextIOWrapper(
        io.BufferedReader(_Laant(fil)), encoding=koding, errors="replace", newline=""
    )
    try:
        tabell = _read(tekst, kolonner, vridd=vridd, antall=max(antall - 1, 0))
    except UnicodeError as feil:
        raise LeseFeil(_("Vi kan ikke lese tegnene i fila. Lagre den som CSV UTF-8.")) from feil
    tabell.tegn = "dobbelt" if vridd else koding if koding in {"mac_roman", "cp850"} else ""
    return tabell


def read_text(tekst: str, kolonner: Kolonner) -> Tabell:
    """What was pasted."""
    return _read(io.StringIO(tekst, newline=""), kolonner)


def _read(tekst: TextIO, kolonner: Kolonner, *, vridd: str = "", antall: int = 0) -> Tabell:
    topp = [linje for linje in (tekst.readline() for _nr in range(OVERSKRIFT_INNEN)) if linje]
    skilletegn = _skilletegn([tegn.untwist(t, vridd) for t in topp] if vridd else topp, kolonner)
    tekst.seek(0)
    linjer: Iterable[str] = tekst
    if vridd:
        linjer = (tegn.untwist(linje, vridd) for linje in tekst)
    return with_headings("csv", _rows(linjer, skilletegn, kolonner), kolonner, antall=antall)


_UTDRAG = 200_000


def _koding(fil: IO[bytes]) -> tuple[str, str]:
    """The table of letters of the whole file; and the table that it was read wrongly by before that.

    UTF-8 (with or without a mark), UTF-16 with a mark, else the one that makes most Norwegian: what
    Norwegian Excel writes (cp1252), an old Mac or DOS.
    """
    start = fil.read(4)
    fil.seek(0)
    if start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return "utf-16", ""
    leser: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8-sig")()
    utdrag: list[str] = []
    lengde = 0
    byte_antall: Counter[int] = Counter()
    try:
        while bit := fil.read(1 << 16):
            if not bit.isascii():
                byte_antall.update(bit.translate(None, _ASCII))
            if leser is not None:
                try:
                    leser_svar = leser.decode(bit)
                except UnicodeDecodeError:
                    leser = None
                    continue
                if lengde < _UTDRAG:
                    lengde += len(leser_svar)
                    utdrag.append(leser_svar)
        if leser is not None:
            leser.decode(b"", final=True)
    except UnicodeDecodeError:
        leser = None
    finally:
        fil.seek(0)
    if leser is None:
        return tegn.best_table(byte_antall), ""
    # Whole lines, for a letter may be cut where the last piece ends.
    hele = "".join(utdrag).rpartition("\n")[0] if lengde >= _UTDRAG else "".join(utdrag)
    return "utf-8-sig", tegn.twice_encoded(hele)


def _antall_linjer(fil: IO[bytes]) -> int:
    antall = 0
    while bit := fil.read(1 << 16):
        antall += bit.count(b"\n")
    return antall


def _skilletegn(topp: list[str], kolonner: Kolonner) -> str:
    """The one that makes most known headings; a lone «sep=;» line is Excel's own word for it."""
    if topp and topp[0].lower().startswith("sep=") and len(topp[0].strip()) == 5:
        return topp[0].strip()[4]

    def kjente(tegn: str) -> tuple[int, int]:
        rader = csv.reader(topp, delimiter=tegn)
        try:
            funnet = [(len(kolonner.recognise(rad[:MAKS_KOLONNER])), len(rad)) for rad in rader]
        except csv.Error:
            return (0, 0)
        return max(funnet, default=(0, 0))

    return max(_SKILLETEGN, key=kjente)


def _rows(tekst: Iterable[str], skilletegn: str, kolonner: Kolonner) -> Iterator[Linje]:
    leser = csv.reader(tekst, delimiter=skilletegn)
    nummer = 0
    while True:
        nummer += 1
        try:
            celler = next(leser)
        except StopIteration:
            return
        except csv.Error as feil:
            raise LeseFeil(
                _(
                    "Rad %(rad)s kan ikke leses. Se etter et hermetegn som ikke er avsluttet, i raden eller rett før den."
                )
                % {"rad": nummer}
            ) from feil
        yield (
            nummer,
            [
                clean(celle, linjeskift=kolonner.linjeskift, maks=kolonner.maks_celle)
                for celle in celler[:MAKS_KOLONNER]
            ],
        )
