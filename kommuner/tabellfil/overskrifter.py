"""Where the headings are: near the top, under a title perhaps, in one row or two."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from kommuner.tabellfil.celler import LeseFeil
from kommuner.tabellfil.kolonner import Kolonner

# (row as a spreadsheet would number it, cells)
Linje = tuple[int, list[str]]

# A title or a few lines about the list may stand above the headings.
OVERSKRIFT_INNEN = 15
# A number as long as a kommune's or a unit's stands in a row of the list, not in its headings; so does an
# address of e-mail.
_ER_DATA = re.compile(r"^\d[\d ]{3,}|@")


@dataclass
class Tabell:
    """A table: its headings, which of them we know (position → column), and the rows under them, read as
    they are asked for. Empty rows are no rows. `kjente` is empty when we found no headings; then
    `overskrifter` is the first row with anything in it.
    """

    slag: str
    overskrifter: list[str]
    kjente: dict[int, str]
    rader: Iterator[Linje]
    # How many rows there seem to be, for a progress bar; 0 when not known.
    antall: int = 0
    # How the whole file's letters were wrong, when they were and we read it right: "dobbelt", or a table.
    tegn: str = ""
    # Which sheet of a workbook it is.
    ark: str = ""

    def values(self, celler: list[str]) -> dict[str, str]:
        """Column → what stands in it, for one row."""
        return {navn: celler[nr] if nr < len(celler) else "" for nr, navn in self.kjente.items()}

    def found(self) -> str:
        """The headings as they stand, to be told when they are not the ones that are needed."""
        return ", ".join(f"«{o[:40]}»" for o in self.overskrifter if o)[:400] or _(
            "ingen overskrifter"
        )


def with_headings(
    slag: str, linjer: Iterator[Linje], kolonner: Kolonner, *, antall: int = 0
) -> Tabell:
    """Finds the headings near the top. What must be there and is not, is for the reader's own to refuse or
    to ask about."""
    topp: list[Linje] = []
    hode = _headings(_as_needed(topp, linjer), kolonner)
    tekster = hode.tekster if hode.kjente else next((c for _nr, c in topp if any(c)), [])
    return Tabell(
        slag=slag,
        overskrifter=tekster,
        kjente=hode.kjente,
        rader=_rows(chain(topp[hode.slutt :], linjer), kolonner.maks_rader),
        antall=antall,
    )


@dataclass(frozen=True)
class _Overskrifter:
    """The headings: their texts, which we know, and how many rows from the top they end."""

    tekster: list[str]
    kjente: dict[int, str]
    slutt: int


def _as_needed(topp: list[Linje], linjer: Iterator[Linje]) -> Callable[[int], list[str] | None]:
    """Row number n from the top, read when it is asked for: what is wrong further down is met further down."""

    def row(nr: int) -> list[str] | None:
        topp.extend(islice(linjer, max(0, nr + 1 - len(topp))))
        return topp[nr][1] if nr < len(topp) else None

    return row


def _headings(row: Callable[[int], list[str] | None], kolonner: Kolonner) -> _Overskrifter:
    """The first row, or two rows together, with all that we must have; else the row that has most."""
    best = _Overskrifter([], {}, 0)
    for nr in range(OVERSKRIFT_INNEN):
        if (celler := row(nr)) is None:
            break
        hode = _Overskrifter(celler, kolonner.recognise(celler), nr + 1)
        under = row(nr + 1) or []
        to = _two_rows(celler, under, nr + 2, kolonner)
        if to and len(to.kjente) > len(hode.kjente):
            alene = kolonner.recognise(under)
            # A title above the headings is not a part of them.
            hode = hode if len(alene) == len(to.kjente) else to
        if hode.kjente and not kolonner.missing(hode.kjente.values()):
            return hode
        if len(hode.kjente) > len(best.kjente):
            best = hode
    return best


def _two_rows(
    over: list[str], under: list[str], slutt: int, kolonner: Kolonner
) -> _Overskrifter | None:
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
        elif kolonner.known(nede) and not kolonner.known(begge):
            tekster.append(nede)
        else:
            tekster.append(begge if gruppe != nede else nede)
    return _Overskrifter(tekster, kolonner.recognise(tekster), slutt)


def _rows(linjer: Iterator[Linje], maks: int) -> Iterator[Linje]:
    antall = 0
    for nummer, celler in linjer:
        if not any(celler):
            continue
        antall += 1
        if antall > maks:
            raise LeseFeil(
                _("Fila har mer enn %(maks)s rader. Del den i flere filer.")
                % {"maks": number_format(maks, force_grouping=maks >= 10_000)}
            )
        yield nummer, celler
