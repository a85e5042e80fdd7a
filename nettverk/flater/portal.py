"""What one app contributes to the shared surfaces, and the finding of all of them."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Model

from nettverk.flater.deler import (
    Blokk,
    Gjoremaal,
    Handling,
    Menypunkt,
    Opplysninger,
    Oppstartssteg,
    Portaldel,
    Seksjon,
    Sideinnhold,
    Tekst,
    Treff,
    Treffgruppe,
)
from nettverk.flater.overtakelse import Etterlatt, Overtakelse
from nettverk.flater.paa import marked
from nettverk.flater.traadslag import Traadslag

if TYPE_CHECKING:
    from nettverk.models import Nettverk, Nyhet, Person
    from nettverk.tilgang.roller import Roller


class Portal:
    """What an app contributes. Every method may be left as it is: it contributes nothing.

    Pieces of a thing's page are methods marked `@paa("app.Model")`: `(self, ting, side)`.
    """

    # The part of the portal that it is the pieces of. They are asked for in the networks that use it;
    # without one, in all.
    del_: ClassVar[Portaldel | None] = None

    # The lists one works in, whose views people may keep: the name of each (`Listevisning.liste`) and its words.
    lister: ClassVar[tuple[tuple[str, Tekst], ...]] = ()

    # The marked methods' names, by the model whose pages they are for.
    paa_sider: ClassVar[dict[str, list[str]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.paa_sider = marked(cls)

    # --- what a person meets

    def meny(self, roller: "Roller") -> Iterable[Menypunkt]:
        """Lines of the side navigation that these roles have use for. On every page: no queries but what
        is remembered to the next."""
        return ()

    def sideinnhold(self, roller: "Roller") -> Iterable[Sideinnhold]:
        """How much stands on its pages below «Nettverket», of what these roles may see. A query or two each."""
        return ()

    def gjoremaal(self, roller: "Roller") -> Iterable[Gjoremaal]:
        """What waits for this person."""
        return ()

    def hjem(self, roller: "Roller") -> Iterable[Seksjon]:
        """State of the person's own unit, kommune or network, below what waits."""
        return ()

    def oppstartssteg(self, roller: "Roller") -> Iterable[Oppstartssteg]:
        """What the network must have of this app's things before it is in use. Asked on the koordinator's
        home until it is (`Nettverk.satt_opp`); one query each."""
        return ()

    def offentlig(self, nettverk: "Nettverk") -> Iterable[Seksjon]:
        """Pieces of the public page `/<n>/`. Only what everyone may see."""
        return ()

    def sok(self, roller: "Roller", q: str) -> Iterable[Treffgruppe]:
        """What `q` finds of this app's things, one group a kind, each with one query or two.

        Only what `roller` may see (`visible_to`), folded as all search is (`kommuner.sortering`).
        """
        return ()

    def snarveier(self, roller: "Roller") -> Iterable[Treff]:
        """The person's own, which the search offers before anything is written. A query each."""
        return ()

    def handlinger(self, roller: "Roller", ting: Model | None) -> Iterable[Handling]:
        """What these roles may do with `ting` now; in the network as a whole when it is None."""
        return ()

    # --- the red thread

    def traadslag(self) -> Iterable[Traadslag]:
        """The kinds of this app's things that the red thread goes through. No queries."""
        return ()

    # --- the annual report

    def kapitler(self, nettverk: "Nettverk", aar: int) -> Iterable[Blokk]:
        """Chapters of the annual report for `aar`. Cheap: the figures come when a block is built."""
        return ()

    # --- a Verv ends

    def etterlatt(self, overtakelser: Sequence[Overtakelse]) -> Iterable[Etterlatt]:
        """What these Verv leave behind of this app's things, and where it goes. Changes nothing; as many
        queries for one as for many."""
        return ()

    def overta(self, overtakelser: Sequence[Overtakelse], *, by: "Person | None") -> None:
        """Move it to those who take over, or close it. In the transaction in which the Verv have ended; safe
        to run twice, and as many queries for one as for many."""

    # --- letters whose time comes

    def faste_brev(self, nettverk: "Nettverk", naa: datetime.datetime) -> int:
        """Write the letters of this network whose time has come, such as reminders of a deadline; how many.
        Asked several times a day; safe to run twice."""
        return 0

    def nyheter(self, roller: "Roller", nyhetene: "Sequence[Nyhet]") -> "Iterable[Nyhet]":
        """Of the lines that wait for the person's letter of the week, those of this app's kinds that these roles
        may still read. What no app says this of is not sent. A query for each kind."""
        return ()

    # --- what a person is owed, and what goes

    def opplysninger(self, person: "Person") -> Iterable[Opplysninger]:
        """What this app keeps about `person`, for «Mine opplysninger»."""
        return ()

    def lukk_konto(self, person: "Person") -> None:
        """Let go of what only served `person`, who closes the account. Runs inside its transaction."""

    def rydd(self, naa: datetime.datetime) -> dict[str, int]:
        """Delete what had an end date before `naa`; how many of each kind. Nightly; safe to run twice."""
        return {}

    def lagret(self, nettverk: "Nettverk") -> int:
        """How many bytes this app keeps of files that the network's people have added. One query."""
        return 0

    # --- a part of the portal

    def del_innhold(self, nettverk: "Nettverk") -> Iterable[Tekst]:
        """How much stands in the part now, in the words of whoever may turn it off. A query or two."""
        return ()

    def del_underveis(self, nettverk: "Nettverk") -> Iterable[Tekst]:
        """What somebody waits for in it: told before it is turned off. Letters and jobs are told anyway."""
        return ()

    # --- data

    def load_nettverk(self, nettverk: "Nettverk", data: dict[str, Any]) -> None:
        """Load what a network's data file says of this app's things. Safe to run twice."""

    def make_demo(self, nettverk: "Nettverk") -> None:
        """Make this app's demo data in Nordmøre, and what it has on nynorsk in Nordre Sunnmøre.
        Deterministic, safe to run twice."""

    def make_testdata(self, nettverk: "Nettverk") -> None:
        """Make this app's rows in a network that measurements are made on: many, in bulk."""

    def delete_testdata(self, nettverk: "Nettverk") -> None:
        """Remove them again, before the network's own rows go."""


_portaler: dict[str, list[Portal]] = {}


def register(klasse: type[Portal]) -> type[Portal]:
    """Class decorator: this is a portal of the app, one for each part of it that a network may do without."""
    _portaler.setdefault(klasse.__module__, []).append(klasse())
    return klasse


def portaler(nettverk: "Nettverk | None" = None) -> Iterator[Portal]:
    """The apps' portals, in the order of INSTALLED_APPS (floors from below); with `nettverk` only those
    of what it uses. Every surface asks here, so this is where a part that is off is left out."""
    from django.apps import apps

    for config in apps.get_app_configs():
        for portal in _portaler.get(f"{config.name}.portal", ()):
            if nettverk is None or portal.del_ is None or nettverk.uses(portal.del_.noekkel):
                yield portal
