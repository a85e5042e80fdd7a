"""A file about units, of any kind we read, as rows of text under known columns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kommuner.enhetsimport.kolonner import mangler, recognise
from kommuner.sortering import composed

# The largest register there is (all Norwegian schools and kindergartens) has some 20 000 rows.
MAKS_RADER = 100_000
# A title or a few lines about the file may stand above the headings.
OVERSKRIFT_INNEN = 15
_MAKS_CELLE = 2_000

_KONTROLLTEGN = re.compile(r"[\x00-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]+")


class LeseFeil(Exception):
    """The file cannot be read, for a reason the person can understand and mend."""


@dataclass(frozen=True)
class Raarad:
    """One row as it stands in the file. `celler` are all of them, to be given back when refused.

    `avvist` is a reason the source itself gives for leaving it out: (code, plain words).
    """

    nummer: int
    verdier: dict[str, str]
    celler: list[str]
    avvist: tuple[str, str] | None = None


@dataclass
class Kilde:
    """An opened file: what its headings are, which we know, and its rows one at a time."""

    slag: str
    overskrifter: list[str]
    kjente: dict[int, str]
    rader: Iterator[Raarad]
    # How many rows there seem to be, for the progress bar; 0 when not known.
    antall: int = 0
    # The register's own files name things a person's file would not (closed units, owners).
    fra_register: bool = False
    merknader: list[str] = field(default_factory=list)

    @property
    def ukjente(self) -> list[str]:
        """Headings we leave alone."""
        return [o for nr, o in enumerate(self.overskrifter) if o and nr not in self.kjente]


def clean(verdi: object) -> str:
    """A cell as text: composed letters, no control characters (PostgreSQL refuses NUL), whole numbers without .0."""
    if verdi is None:
        return ""
    if isinstance(verdi, bool):
        return "ja" if verdi else "nei"
    if isinstance(verdi, float) and verdi.is_integer():
        verdi = int(verdi)
    tekst = _KONTROLLTEGN.sub(" ", composed(str(verdi)[:_MAKS_CELLE]))
    return " ".join(tekst.split())


def med_overskrifter(
    slag: str, linjer: Iterator[tuple[int, list[str]]], *, antall: int = 0
) -> Kilde:
    """A table: finds the row of headings near the top, and refuses one without what it must have."""
    beste: dict[int, str] = {}
    overskrifter: list[str] = []
    for tell, (_nr, celler) in enumerate(linjer, start=1):
        kjente = recognise(celler)
        if len(kjente) > len(beste) or not overskrifter:
            beste, overskrifter = kjente, celler
        if not mangler(kjente.values()):
            return Kilde(
                slag=slag,
                overskrifter=overskrifter,
                kjente=kjente,
                rader=_rader(linjer, kjente),
                antall=antall,
            )
        if tell == OVERSKRIFT_INNEN:
            break
    raise LeseFeil(_missing_columns(overskrifter, beste))


def _rader(linjer: Iterator[tuple[int, list[str]]], kjente: dict[int, str]) -> Iterator[Raarad]:
    antall = 0
    for nummer, celler in linjer:
        if not any(celler):
            continue
        antall += 1
        if antall > MAKS_RADER:
            raise LeseFeil(
                _("Fila har mer enn %(maks)s rader. Del den i flere filer.") % {"maks": MAKS_RADER}
            )
        verdier = {navn: celler[nr] if nr < len(celler) else "" for nr, navn in kjente.items()}
        yield Raarad(nummer, verdier, celler)


def _missing_columns(overskrifter: list[str], kjente: dict[int, str]) -> str:
    savnet = mangler(kjente.values())
    navn = [
        "organisasjonsnummer (eller nsr_id)" if k == "organisasjonsnummer" else k for k in savnet
    ]
    fant = ", ".join(f"«{o[:40]}»" for o in overskrifter if o)[:400] or _("ingen overskrifter")
    tekst = ngettext(
        "Fila mangler kolonnen %(mangler)s. Overskriftene vi fant, er: %(fant)s.",
        "Fila mangler kolonnene %(mangler)s. Overskriftene vi fant, er: %(fant)s.",
        len(navn),
    )
    return tekst % {"mangler": ", ".join(navn), "fant": fant}
