"""Which parts of the portal there are, which one an address is in, and what each is nothing without.

An app declares its parts on its portals (`Portal.del_`); a network keeps the keys of those it does not
use (`Nettverk.uten_deler`). `portaler(nettverk)` leaves them out of every surface, and `closed_part`
closes their addresses.
"""

from functools import cache
from typing import TYPE_CHECKING

from nettverk.flater.deler import Portaldel
from nettverk.flater.portal import Portal, portaler

if TYPE_CHECKING:
    from nettverk.models import Nettverk

_NETTVERKET = "<slug:nettverk>/"


@cache
def _by_part() -> dict[str, tuple[Portaldel, Portal]]:
    med = [(portal.del_, portal) for portal in portaler() if portal.del_ is not None]
    return {del_.noekkel: (del_, p) for del_, p in sorted(med, key=lambda m: m[0].rekkefolge)}


def portaldeler() -> list[Portaldel]:
    """The parts that a network may do without, in order."""
    return [del_ for del_, _portal in _by_part().values()]


def portal_of(del_: Portaldel) -> Portal:
    """The portal that holds the pieces of the part."""
    return _by_part()[del_.noekkel][1]


def find_part(noekkel: str) -> Portaldel | None:
    """The part with that key; None when no app has it."""
    funnet = _by_part().get(noekkel)
    return funnet[0] if funnet else None


def needs(del_: Portaldel) -> list[Portaldel]:
    """The parts it is nothing without, and what they are nothing without."""
    navnene = set(del_.krever)
    while mer := {k for d in portaldeler() if d.noekkel in navnene for k in d.krever} - navnene:
        navnene |= mer
    return [d for d in portaldeler() if d.noekkel in navnene]


def needed_by(del_: Portaldel) -> list[Portaldel]:
    """The parts that are nothing without it."""
    return [d for d in portaldeler() if del_ in needs(d)]


@cache
def parts_at(route: str) -> tuple[Portaldel, ...]:
    """The parts that an address is in, by its pattern: those with the longest beginning of it."""
    if not route.startswith(_NETTVERKET):
        return ()
    sti = route.removeprefix(_NETTVERKET)
    lengst: dict[str, int] = {
        d.noekkel: max((len(a) for a in d.adresser if sti.startswith(a)), default=0)
        for d in portaldeler()
    }
    mest = max(lengst.values(), default=0)
    return tuple(d for d in portaldeler() if mest and lengst[d.noekkel] == mest)


def closed_part_of_job(slag: str, nettverk: "Nettverk") -> Portaldel | None:
    """The part, off in `nettverk`, that has that kind of long work; None when it is open. No query."""
    return next(
        (d for d in portaldeler() if slag in d.jobber and not nettverk.uses(d.noekkel)), None
    )


def closed_part(route: str, nettverk: "Nettverk") -> Portaldel | None:
    """The part that closes an address in `nettverk`; None when it is open. No query."""
    deler = parts_at(route)
    if any(nettverk.uses(d.noekkel) for d in deler):
        return None
    return next(iter(deler), None)
