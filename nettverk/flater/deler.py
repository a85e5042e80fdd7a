"""What an app may put on a shared surface: plain pieces, each with all that it needs to be drawn."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from kommuner.sortering import LAVESTE_RANG

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller

Tekst = str | Promise


@dataclass(frozen=True)
class Portaldel:
    """A part of the portal that a network may do without; its pieces stand in a `Portal` of its own.

    `navn` is what the network reads, `om` what the part is for, `skjules` what nobody sees while it is off,
    and `ellers` what goes on all the same while only this part is off. `adresser` are the beginnings of its
    addresses, after the network's own; an address belongs to those with the longest beginning, and is
    closed when they are all off (`nettverk.flater.bruk`). `krever` are the parts it is nothing without.
    `valg` are choices within it, key and label, that a network may also do without
    (`Nettverk.uses("samlinger.rolu")`); `valg_navn` heads them, and one at least is used when `valg_trengs`. `brev` and `jobber` are its kinds of letters
    and of long work: what waits of them is told before it is turned off, and what came of the work is
    closed with it.
    """

    noekkel: str
    navn: Tekst
    om: Tekst
    skjules: Tekst
    adresser: tuple[str, ...]
    rekkefolge: int
    krever: tuple[str, ...] = ()
    valg: tuple[tuple[str, Tekst], ...] = ()
    valg_navn: Tekst = ""
    valg_trengs: bool = True
    ellers: Tekst = ""
    brev: tuple[str, ...] = ()
    jobber: tuple[str, ...] = ()


@dataclass(frozen=True)
class Side:
    """The page that asks for pieces: who reads it, and the day it is told per."""

    roller: "Roller"
    dato: datetime.date


@dataclass(frozen=True)
class Menypunkt:
    """A page in the menu. `noekkel` has its place in `nettverk.flater.meny`; `url` is whole.

    `kort` is what it is called in the bar at the foot of a phone, when `label` is too long there; `om` says
    in one sentence what is found there, for the pages that stand under «Nettverket».
    """

    noekkel: str
    label: Tekst
    url: str
    ikon: str
    kort: Tekst = ""
    om: Tekst = ""


@dataclass(frozen=True)
class Sideinnhold:
    """How much stands on a page below «Nettverket» (`noekkel` of its `Menypunkt`): figures with their words,
    and what comes there, told while all of them are zero."""

    noekkel: str
    tall: tuple[tuple[int, Tekst], ...]
    kommer: Tekst = ""


@dataclass(frozen=True)
class Seksjon:
    """A piece of a shared page: a template and the plain data it shows. `smal` at home: it has room enough
    in the narrow column, under what waits."""

    mal: str
    data: dict[str, Any] = field(default_factory=dict)
    rekkefolge: int = 100
    smal: bool = False


@dataclass(frozen=True)
class Gjoremaal:
    """Something that waits for this person on the home page, one tap from done.

    The first is the biggest thing on the page: what goes on today (`er_i_dag`), then by deadline with the
    overdue first, then what has none. What belongs with something else stands by the deadline of that
    (`ved`). `haster` (0 most) orders what the deadline leaves equal. `merke` is
    what it belongs to, drawn, in `farge`; `trinn` is the way to done, each step a name and `gjort`, `naa` or
    nothing (components/trinn.html). `ogsaa` is another way on, its words and address. What can be answered where
    it stands has `svar`: the hidden fields of a form to `url`, and its buttons, each with name, value and words.
    """

    tittel: Tekst
    tekst: Tekst
    url: str
    knapp: Tekst
    frist: datetime.date | None = None
    ved: datetime.date | None = None
    haster: int = 100
    er_i_dag: bool = False
    merke: Tekst = ""
    farge: str = ""
    trinn: tuple[tuple[Tekst, str], ...] = ()
    ogsaa: tuple[Tekst, str] | None = None
    svar: "Gjoremaalssvar | None" = None


@dataclass(frozen=True)
class Gjoremaalssvar:
    """An answer in one tap: the form's hidden fields, and the buttons that send it. `i_rad`: also where it is only
    a line; else the line leads to `url`."""

    felt: tuple[tuple[str, str], ...]
    knapper: tuple[tuple[str, str, Tekst], ...]
    i_rad: bool = False


@dataclass(frozen=True)
class Oppstartssteg:
    """One thing a new network must have before it is in use, on the koordinator's list «Kom i gang».

    `stand` says how far it is («0 av 17 enheter har en leder»); `url` is where it is done. Lowest
    `rekkefolge` first.
    """

    tittel: Tekst
    stand: Tekst
    url: str
    knapp: Tekst
    ferdig: bool
    rekkefolge: int = 100


@dataclass(frozen=True)
class Innhold:
    """What a block holds when it is built: plain data, and the template that draws it on the screen and
    in the PDF alike. `mangler` says what is not in the figures yet."""

    mal: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    mangler: list[Tekst] = field(default_factory=list)


@dataclass(frozen=True)
class Blokk:
    """A chapter that an app offers the annual report, not built until `bygg` is called.

    Its place stands in `evaluering.kapittelrekkefolge`. `ledetekst` helps whoever writes.
    """

    noekkel: str
    tittel: Tekst
    bygg: Callable[[], Innhold] = Innhold
    ledetekst: Tekst = ""


@dataclass(frozen=True)
class Opplysninger:
    """What the portal keeps about a person, of one kind: a heading and rows of plain values. `tett` when
    there are many that are alike: a line each, the first three values foremost, and the rest folded."""

    tittel: Tekst
    rader: list[dict[str, Any]]
    tett: bool = False


@dataclass(frozen=True)
class Treff:
    """One thing that was found, and what tells it from others of the same name. `rang` is how near it is
    to what was searched for, 0 the nearest (`kommuner.sortering.rank`); `ikon` when it is not the group's."""

    tittel: Tekst
    url: str
    detaljer: str = ""
    ikon: str = ""
    rang: int = LAVESTE_RANG


@dataclass(frozen=True)
class Treffgruppe:
    """What was found of one kind. `flere` when there is more than what is shown; `alle_url` is where a
    list of all of them stands, when there is one."""

    tittel: Tekst
    ikon: str
    treff: list[Treff]
    flere: bool = False
    alle_url: str = ""

    @property
    def rang(self) -> int:
        """How near the nearest of them is."""
        return min((treff.rang for treff in self.treff), default=LAVESTE_RANG)


@dataclass(frozen=True)
class Handling:
    """Something this person may do here and now, with a page of its own where it is done. Lowest
    `rekkefolge` first."""

    label: Tekst
    url: str
    ikon: str
    rekkefolge: int = 100
