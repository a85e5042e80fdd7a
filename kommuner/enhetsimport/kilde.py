"""A file about units, of any kind we read, as rows of text under known columns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kommuner.enhetsimport.kolonner import mangler
from kommuner.tabellfil.celler import LeseFeil
from kommuner.tabellfil.kolonner import fold
from kommuner.tabellfil.overskrifter import Tabell


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


def from_table(tabell: Tabell, valg: Mapping[str, str]) -> Kilde:
    """Refuses a table without any heading that we know. What the file must have and we did not find, is in
    `mangler`: a person is asked which column it is."""
    if not tabell.kjente:
        raise LeseFeil(
            _(
                "Vi fant ikke overskriftene i fila. Øverst må fila ha en rad med minst navn og kommune. Det som står øverst nå, er: %(fant)s."
            )
            % {"fant": tabell.found()}
        )
    return Kilde(
        slag=tabell.slag,
        overskrifter=tabell.overskrifter,
        kjente=tabell.kjente,
        rader=(Raarad(nr, tabell.values(celler), celler) for nr, celler in tabell.rader),
        antall=tabell.antall,
        tegn=tabell.tegn,
        valg=valg,
    )
