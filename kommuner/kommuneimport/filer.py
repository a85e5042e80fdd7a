"""The division from two files: the kommuner with their names from–to, and what became of them.

The columns are those of a plain table, or the ones SSB's own files have.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import IO

from django.utils.translation import gettext as _

from kommuner.kommuneimport.inndeling import Inndelingskilde, Navneperiode, Overlapp, put_together
from kommuner.tabellfil.celler import LeseFeil
from kommuner.tabellfil.kolonner import Kolonner, fold
from kommuner.tabellfil.lesing import open_table

# SSB's files: what they call the columns. Elsewhere they have the names on the right.
_SSB = {
    "code": "kommunenummer",
    "name": "navn",
    "validfrominrequestedrange": "gyldig_fra",
    "validtoinrequestedrange": "gyldig_til",
    "oldcode": "fra_kommunenummer",
    "newcode": "til_kommunenummer",
    "changeoccurred": "dato",
}
_KOMMUNER = ("kommunenummer", "navn", "gyldig_fra", "gyldig_til")
_ENDRINGER = ("dato", "fra_kommunenummer", "til_kommunenummer")
_KOLONNER = Kolonner(
    navn=_SSB | {fold(k): k for k in (*_KOMMUNER, *_ENDRINGER, "organisasjonsnummer")},
    maks_rader=20_000,
    maks_bytes=5_000_000,
)
_NUMMER = re.compile(r"\d{3,4}", re.ASCII)

Rad = dict[str, str]


def read_files(kommuner: IO[bytes], endringer: IO[bytes] | None = None) -> Inndelingskilde:
    """The source that the two files are; the second may be left out. Raises LeseFeil, with the row."""
    rader, fra_ssb = _table(kommuner, _KOMMUNER, _("kommunene"))
    perioder = [_periode(nr, rad) for nr, rad in rader]
    if not perioder:
        raise LeseFeil(_("Fila har ingen kommuner."))
    skifter = []
    if endringer:
        skifter = [
            _skifte(nr, rad) for nr, rad in _table(endringer, _ENDRINGER, _("endringene"))[0]
        ]
    try:
        return from_range(perioder, skifter) if fra_ssb else put_together(perioder, skifter)
    except Overlapp as feil:
        raise LeseFeil(
            _("Rad %(rad)s: perioden overlapper den i rad %(annen)s, for kommune %(nummer)s.")
            % {"rad": feil.sist.rad, "annen": feil.foerst.rad, "nummer": feil.sist.nummer}
        ) from feil


def from_range(
    perioder: list[Navneperiode], skifter: list[tuple[str, str, datetime.date]]
) -> Inndelingskilde:
    """The source when SSB was asked about a range: its ends are those of the question, not of the facts."""
    sist = max((p.til for p in perioder if p.til), default=None)
    return put_together(
        [replace(p, til=None if p.til == sist else p.til) for p in perioder],
        skifter,
        tidligst=min(p.fra for p in perioder),
    )


def _table(
    fil: IO[bytes], kreves: tuple[str, ...], hva: str
) -> tuple[Iterator[tuple[int, Rad]], bool]:
    """The rows under known columns, with the row numbers of the file; whether the file is SSB's own."""
    tabell = open_table(fil, replace(_KOLONNER, missing=partial(_without, kreves)))
    if mangler := _without(kreves, tabell.kjente.values()):
        raise LeseFeil(
            _("Fila med %(hva)s mangler kolonnen %(kolonner)s.")
            % {"hva": hva, "kolonner": ", ".join(mangler)}
        )
    fra_ssb = any(fold(tabell.overskrifter[nr]) in _SSB for nr in tabell.kjente)
    return ((nummer, tabell.values(celler)) for nummer, celler in tabell.rader), fra_ssb


def _without(kreves: tuple[str, ...], kolonner: Iterable[str]) -> list[str]:
    har = set(kolonner)
    return [k for k in kreves if k not in har]


def _periode(nr: int, rad: Rad) -> Navneperiode:
    fra, til = _dato(nr, rad["gyldig_fra"]), rad["gyldig_til"]
    slutt = _dato(nr, til) if til else None
    if slutt and slutt <= fra:
        raise LeseFeil(_("Rad %(rad)s: perioden slutter før den begynner.") % {"rad": nr})
    navn = rad["navn"]
    if not navn or len(navn) > 100:
        raise LeseFeil(_("Rad %(rad)s: navnet mangler eller er for langt.") % {"rad": nr})
    if navn[0] in "=#+@" or not any(map(str.isalpha, navn)):
        raise LeseFeil(
            _("Rad %(rad)s: «%(tekst)s» er ikke et navn.") % {"rad": nr, "tekst": navn[:40]}
        )
    orgnr = rad.get("organisasjonsnummer", "")
    if orgnr and not re.fullmatch(r"\d{9}", orgnr, re.ASCII):
        raise LeseFeil(_("Rad %(rad)s: organisasjonsnummeret har ikke ni sifre.") % {"rad": nr})
    return Navneperiode(_nummer(nr, rad["kommunenummer"]), navn, fra, slutt, orgnr, nr)


def _skifte(nr: int, rad: Rad) -> tuple[str, str, datetime.date]:
    return (
        _nummer(nr, rad["fra_kommunenummer"]),
        _nummer(nr, rad["til_kommunenummer"]),
        _dato(nr, rad["dato"]),
    )


def _nummer(nr: int, tekst: str) -> str:
    if not _NUMMER.fullmatch(tekst):
        raise LeseFeil(
            _("Rad %(rad)s: «%(tekst)s» er ikke et kommunenummer.")
            % {"rad": nr, "tekst": tekst[:40]}
        )
    return tekst.zfill(4)  # a spreadsheet takes the leading zero


def _dato(nr: int, tekst: str) -> datetime.date:
    try:
        dato = datetime.date.fromisoformat(tekst)
    except ValueError:
        dato = None
    if dato is None or not 1000 < dato.year < 2200:
        raise LeseFeil(
            _("Rad %(rad)s: «%(tekst)s» er ikke en dato. Skriv den som 2020-01-01.")
            % {"rad": nr, "tekst": tekst[:40]}
        )
    return dato
