"""A file about units, of any kind we read, as rows of text under known columns."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from types import MappingProxyType

from django.utils.translation import gettext as _

from kommuner.enhetsimport.kolonner import fold, known, mangler, recognise
from kommuner.sortering import composed

# The largest register there is (all Norwegian schools and kindergartens) has some 20 000 rows.
MAKS_RADER = 100_000
# A title or a few lines about the file may stand above the headings.
OVERSKRIFT_INNEN = 15
_MAKS_CELLE = 2_000
# A number as long as a kommune's or a unit's stands in a row of the file, not in its headings.
_ER_DATA = re.compile(r"^\d[\d ]{3,}")

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
    # (given, in all) when the file is a part of a longer list: nothing is known of what it lacks.
    mangler_sider: tuple[int, int] | None = None

    # How the whole file's letters were wrong, when they were and we read it right: "dobbelt", or a table.
    tegn: str = ""
    # What people have answered about headings before: folded heading → column, or "" for «not used».
    valg: Mapping[str, str] = field(default_factory=dict)

    @property
    def ukjente(self) -> dict[int, str]:
        """Headings that we do not know, and that nobody has said are not used."""
        return {
            nr: o
            for nr, o in enumerate(self.overskrifter)
            if o and nr not in self.kjente and fold(o) not in self.valg
        }

    @property
    def mangler(self) -> list[str]:
        """What the file must have, and that we did not find."""
        return mangler(self.kjente.values())


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
    slag: str,
    linjer: Iterator[tuple[int, list[str]]],
    *,
    antall: int = 0,
    valg: Mapping[str, str] = MappingProxyType({}),
) -> Kilde:
    """A table: finds the headings near the top, in one row or two. Refuses one without any that we know.

    What the file must have and we did not find, is in `mangler`: a person is asked which column it is.
    """
    topp: list[tuple[int, list[str]]] = []
    hode = _headings(_as_needed(topp, linjer), valg)
    if not hode.kjente:
        forste = next((celler for _nr, celler in topp if any(celler)), [])
        raise LeseFeil(_no_headings(forste))
    return Kilde(
        slag=slag,
        overskrifter=hode.tekster,
        kjente=hode.kjente,
        rader=_rader(chain(topp[hode.slutt :], linjer), hode.kjente),
        antall=antall,
        valg=valg,
    )


@dataclass(frozen=True)
class _Hode:
    """The headings: their texts, which we know, and how many rows from the top they end."""

    tekster: list[str]
    kjente: dict[int, str]
    slutt: int

    @property
    def er_helt(self) -> bool:
        return not mangler(self.kjente.values())


def _as_needed(
    topp: list[tuple[int, list[str]]], linjer: Iterator[tuple[int, list[str]]]
) -> Callable[[int], list[str] | None]:
    """Row number n from the top, read when it is asked for: what is wrong further down is met further down."""

    def row(nr: int) -> list[str] | None:
        topp.extend(islice(linjer, max(0, nr + 1 - len(topp))))
        return topp[nr][1] if nr < len(topp) else None

    return row


def _headings(row: Callable[[int], list[str] | None], valg: Mapping[str, str]) -> _Hode:
    """The first row, or two rows together, with all that we must have; else the row that has most."""
    best = _Hode([], {}, 0)
    for nr in range(OVERSKRIFT_INNEN):
        if (celler := row(nr)) is None:
            break
        hode = _Hode(celler, recognise(celler, valg), nr + 1)
        under = row(nr + 1) or []
        to = _two_rows(celler, under, nr + 2, valg)
        if to and len(to.kjente) > len(hode.kjente):
            alene = recognise(under, valg)
            # A title above the headings is not a part of them.
            hode = hode if len(alene) == len(to.kjente) else to
        if hode.er_helt:
            return hode
        if len(hode.kjente) > len(best.kjente):
            best = hode
    return best


def _two_rows(
    over: list[str], under: list[str], slutt: int, valg: Mapping[str, str]
) -> _Hode | None:
    """«Antall» above «barn» and «ansatte» is two columns. A row with a long number in it is no heading."""
    if not any(under) or any(_ER_DATA.search(celle) for celle in under):
        return None
    tekster = []
    gruppe = ""
    for nr in range(max(len(over), len(under))):
        oppe = over[nr] if nr < len(over) else ""
        nede = under[nr] if nr < len(under) else ""
        gruppe = oppe or gruppe
        begge = f"{gruppe} {nede}".strip()
        if not nede:
            tekster.append(oppe)
        elif known(nede, valg) and not known(begge, valg):
            tekster.append(nede)
        else:
            tekster.append(begge if gruppe != nede else nede)
    return _Hode(tekster, recognise(tekster, valg), slutt)


def _rader(linjer: Iterable[tuple[int, list[str]]], kjente: dict[int, str]) -> Iterator[Raarad]:
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


def _no_headings(celler: list[str]) -> str:
    fant = ", ".join(f"«{o[:40]}»" for o in celler if o)[:400] or _("ingen overskrifter")
    return _(
        "Vi fant ikke overskriftene i fila. Øverst må fila ha en rad med minst navn og kommune. Det som står øverst nå, er: %(fant)s."
    ) % {"fant": fant}
