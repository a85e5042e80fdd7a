"""The division from two files: the kommuner with their names from–to, and what became of them.

The columns are those of a plain table, or the ones SSB's own files have.
"""

import csv
import datetime
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from kommuner.enhetsimport.kilde import LeseFeil, clean
from kommuner.kommuneimport.inndeling import Inndelingskilde, Navneperiode, put_together

MAKS_RADER = 20_000
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
_NUMMER = re.compile(r"\d{3,4}", re.ASCII)

Rad = dict[str, str]


def read_files(kommuner: bytes, endringer: bytes = b"") -> Inndelingskilde:
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
    if fra_ssb:
        return from_range(perioder, skifter)
    return put_together(perioder, skifter)


def from_range(
    perioder: list[Navneperiode], skifter: list[tuple[str, str, datetime.date]]
) -> Inndelingskilde:
    """The source when SSB was asked about a range: its ends are those of the question, not of the facts."""
    sist = max((p.til for p in perioder if p.til), default=None)
    return put_together(
        [
            Navneperiode(p.nummer, p.navn, p.fra, None if p.til == sist else p.til, p.orgnr)
            for p in perioder
        ],
        skifter,
        tidligst=min(p.fra for p in perioder),
    )


def _table(fil: bytes, kreves: tuple[str, ...], hva: str) -> tuple[Iterator[tuple[int, Rad]], bool]:
    """The rows under known columns, with the row numbers of a spreadsheet; whether the file is SSB's own."""
    tekst = _decoded(fil)
    topp = tekst.partition("\n")[0]
    skilletegn = max(",;\t", key=topp.count)
    leser = csv.reader(tekst.splitlines(), delimiter=skilletegn)
    overskrifter = [clean(celle).lower() for celle in next(leser, [])]
    navn = [_SSB.get(o, o) for o in overskrifter]
    if mangler := [k for k in kreves if k not in navn]:
        raise LeseFeil(
            _("Fila med %(hva)s mangler kolonnen %(kolonner)s.")
            % {"hva": hva, "kolonner": ", ".join(mangler)}
        )

    def rader() -> Iterator[tuple[int, Rad]]:
        try:
            for nummer, celler in enumerate(leser, start=2):
                if nummer > MAKS_RADER:
                    raise LeseFeil(_("Fila har for mange rader. Velg fila med kommunene i Norge."))
                if any(celler):
                    rad = dict.fromkeys(navn, "") | dict(
                        zip(navn, map(clean, celler), strict=False)
                    )
                    yield nummer, rad
        except csv.Error as feil:
            raise LeseFeil(_("Fila kan ikke leses som CSV.")) from feil

    return rader(), overskrifter != navn


def _decoded(fil: bytes) -> str:
    for koding in ("utf-8-sig", "cp1252"):
        try:
            return fil.decode(koding)
        except UnicodeDecodeError:
            continue
    raise LeseFeil(_("Vi kan ikke lese tegnene i fila. Lagre den som CSV UTF-8."))


def _periode(nr: int, rad: Rad) -> Navneperiode:
    fra, til = _dato(nr, rad["gyldig_fra"]), rad["gyldig_til"]
    slutt = _dato(nr, til) if til else None
    if slutt and slutt <= fra:
        raise LeseFeil(_("Rad %(rad)s: perioden slutter før den begynner.") % {"rad": nr})
    navn = rad["navn"]
    if not navn or len(navn) > 100:
        raise LeseFeil(_("Rad %(rad)s: navnet mangler eller er for langt.") % {"rad": nr})
    orgnr = rad.get("organisasjonsnummer", "")
    if orgnr and not re.fullmatch(r"\d{9}", orgnr, re.ASCII):
        raise LeseFeil(_("Rad %(rad)s: organisasjonsnummeret har ikke ni sifre.") % {"rad": nr})
    return Navneperiode(_nummer(nr, rad["kommunenummer"]), navn, fra, slutt, orgnr)


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
