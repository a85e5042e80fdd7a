"""The shared surfaces of the portal, and what an app may put on each.

An app subclasses `Portal` once, in its own `portal.py`, and says there what it contributes to the
menu, the home page, the public page, the unit's and the kommune's page, and the annual report. This
module knows none of the apps: it discovers them, as Django discovers `admin.py`.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:
    from kommuner.models import Enhet, Kommune
    from nettverk.models import Nettverk, Person
    from nettverk.tilgang.roller import Roller

Tekst = str | Promise


@dataclass(frozen=True)
class Menypunkt:
    """One line of the side navigation. `url` is whole; `ikon` the name of an icon."""

    label: Tekst
    url: str
    ikon: str
    rekkefolge: int = 100


@dataclass(frozen=True)
class Seksjon:
    """A piece of a shared page: a template and the plain data it shows."""

    mal: str
    data: dict[str, Any] = field(default_factory=dict)
    rekkefolge: int = 100


@dataclass(frozen=True)
class Gjoremaal:
    """Something that waits for this person on the home page, one tap from done.

    The first is the biggest thing on the page: what goes on today (`er_i_dag`), then by deadline with the
    overdue first, then what has none. `haster` (0 most) orders what the deadline leaves equal.
    """

    tittel: Tekst
    tekst: Tekst
    url: str
    knapp: Tekst
    frist: datetime.date | None = None
    haster: int = 100
    er_i_dag: bool = False


@dataclass(frozen=True)
class Kapittel:
    """A chapter of the annual report with its figures already in place (plain data, testable).

    `mal` draws the figures on the screen and in the PDF alike. `ledetekst` helps whoever writes.
    """

    noekkel: str
    nummer: int
    tittel: Tekst
    mal: str
    data: dict[str, Any]
    ledetekst: Tekst = ""
    mangler: list[Tekst] = field(default_factory=list)


@dataclass(frozen=True)
class Opplysninger:
    """What the portal keeps about a person, of one kind: a heading and rows of plain values."""

    tittel: Tekst
    rader: list[dict[str, Any]]


class Portal:
    """What an app contributes. Every method may be left as it is: it contributes nothing."""

    def meny(self, roller: "Roller") -> Iterable[Menypunkt]:
        """Lines of the side navigation that these roles have use for. No queries."""
        return ()

    def gjoremaal(self, roller: "Roller") -> Iterable[Gjoremaal]:
        """What waits for this person."""
        return ()

    def hjem(self, roller: "Roller") -> Iterable[Seksjon]:
        """State of the person's own unit, kommune or network, below what waits."""
        return ()

    def offentlig(self, nettverk: "Nettverk") -> Iterable[Seksjon]:
        """Pieces of the public page `/<n>/`. Only what everyone may see."""
        return ()

    def enhet(self, enhet: "Enhet", roller: "Roller", dato: datetime.date) -> Iterable[Seksjon]:
        """Pieces of a unit's page, on `dato`."""
        return ()

    def kommune(
        self, kommune: "Kommune", roller: "Roller", dato: datetime.date
    ) -> Iterable[Seksjon]:
        """Pieces of a kommune's page, on `dato`."""
        return ()

    def kapitler(self, nettverk: "Nettverk", aar: int) -> Iterable[Kapittel]:
        """Chapters of the annual report for `aar`."""
        return ()

    def load_nettverk(self, nettverk: "Nettverk", data: dict[str, Any]) -> None:
        """Load what a network's data file says of this app's things. Safe to run twice."""

    def make_demo(self, nettverk: "Nettverk") -> None:
        """Make this app's demo data in Nordmøre. Deterministic, safe to run twice."""

    def make_testdata(self, nettverk: "Nettverk") -> None:
        """Make this app's rows in a network that measurements are made on: many, in bulk."""

    def delete_testdata(self, nettverk: "Nettverk") -> None:
        """Remove them again, before the network's own rows go."""

    def opplysninger(self, person: "Person") -> Iterable[Opplysninger]:
        """What this app keeps about `person`, for «Mine opplysninger»."""
        return ()


_portaler: dict[str, Portal] = {}


def register(klasse: type[Portal]) -> type[Portal]:
    """Class decorator: this is the app's portal."""
    _portaler[klasse.__module__] = klasse()
    return klasse


def portaler() -> Iterator[Portal]:
    """The apps' portals, in the order of INSTALLED_APPS (floors from below)."""
    from django.apps import apps

    for config in apps.get_app_configs():
        if (portal := _portaler.get(f"{config.name}.portal")) is not None:
            yield portal


def collect(hent: Callable[[Portal], Iterable[Any]], noekkel: Callable[[Any], Any]) -> list[Any]:
    """Everything the apps contribute to one surface, in order."""
    return sorted((bit for portal in portaler() for bit in hent(portal)), key=noekkel)


def menyen(roller: "Roller") -> list[Menypunkt]:
    return collect(lambda p: p.meny(roller), lambda m: m.rekkefolge)


def gjoremaalene(roller: "Roller") -> list[Gjoremaal]:
    """What waits for this person, in the order of `Gjoremaal`."""
    sist = datetime.date.max
    return collect(
        lambda p: p.gjoremaal(roller), lambda g: (not g.er_i_dag, g.frist or sist, g.haster)
    )


def seksjonene(hent: Callable[[Portal], Iterable[Seksjon]]) -> list[Seksjon]:
    return collect(hent, lambda s: s.rekkefolge)


def kapitlene(nettverk: "Nettverk", aar: int) -> list[Kapittel]:
    """The chapters of the annual report."""
    return collect(lambda p: p.kapitler(nettverk, aar), lambda k: k.nummer)
