"""What all the apps contribute to one surface, put together. Pages ask here."""

import datetime
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from kommuner.sortering import folded
from nettverk.flater.deler import (
    Blokk,
    Gjoremaal,
    Handling,
    Oppstartssteg,
    Seksjon,
    Side,
    Sideinnhold,
    Tekst,
    Treff,
    Treffgruppe,
)
from nettverk.flater.portal import Portal, portaler

if TYPE_CHECKING:
    from nettverk.models import Nettverk
    from nettverk.tilgang.roller import Roller


def gjoremaalene(roller: "Roller") -> list[Gjoremaal]:
    """What waits for this person, in the order of `Gjoremaal`."""
    sist = datetime.date.max
    alle = (
        gjoremaal for portal in portaler(roller.nettverk) for gjoremaal in portal.gjoremaal(roller)
    )
    return sorted(alle, key=lambda g: (not g.er_i_dag, g.ved or g.frist or sist, g.haster))


def oppstartsstegene(roller: "Roller") -> list[Oppstartssteg]:
    """What a new network must have, in order."""
    alle = (steg for portal in portaler(roller.nettverk) for steg in portal.oppstartssteg(roller))
    return sorted(alle, key=lambda steg: steg.rekkefolge)


def sideinnholdet(roller: "Roller") -> dict[str, Sideinnhold]:
    """How much stands on each page below «Nettverket», by its key; figures that are zero are left out. Two
    parts may share a page."""
    samlet: dict[str, Sideinnhold] = {}
    for portal in portaler(roller.nettverk):
        for nytt in portal.sideinnhold(roller):
            foer = samlet.get(nytt.noekkel, Sideinnhold(nytt.noekkel, (), nytt.kommer))
            tall = tuple((n, ord_) for n, ord_ in nytt.tall if n)
            samlet[nytt.noekkel] = Sideinnhold(nytt.noekkel, foer.tall + tall, foer.kommer)
    return samlet


def seksjonene(nettverk: "Nettverk", hent: Callable[[Portal], Iterable[Seksjon]]) -> list[Seksjon]:
    """The pieces of the home page or the public page of `nettverk`, in order."""
    alle = (seksjon for portal in portaler(nettverk) for seksjon in hent(portal))
    return sorted(alle, key=lambda s: s.rekkefolge)


def seksjoner_paa(ting: Model, *, roller: "Roller", dato: datetime.date) -> list[Seksjon]:
    """What all the apps put on the page of `ting` on `dato`, in order."""
    side = Side(roller, dato)
    biter: list[Any] = []
    for portal in portaler(roller.nettverk):
        for navn in portal.paa_sider.get(ting._meta.label, ()):
            biter += getattr(portal, navn)(ting, side)
    return sorted(biter, key=lambda bit: bit.rekkefolge)


def blokkene(nettverk: "Nettverk", aar: int) -> list[Blokk]:
    """The chapters that the apps offer for `aar`, none of them built. `evaluering` orders them."""
    return [blokk for portal in portaler(nettverk) for blokk in portal.kapitler(nettverk, aar)]


def sok_overalt(roller: "Roller", q: str) -> list[Treffgruppe]:
    """What `q` finds, by kind, of what these roles may see: the kind with the nearest hit first. Kinds
    without hits are left out."""
    grupper = (gruppe for portal in portaler(roller.nettverk) for gruppe in portal.sok(roller, q))
    return sorted((gruppe for gruppe in grupper if gruppe.treff), key=lambda gruppe: gruppe.rang)


def listene() -> list[tuple[str, Tekst]]:
    """Every list one works in: its name, and what people call it."""
    return [liste for portal in portaler() for liste in portal.lister]


def snarveiene(roller: "Roller") -> list[Treff]:
    """What is the person's own, in the order of `rang`: the unit, what waits to be written, the next gathering."""
    alle = (treff for portal in portaler(roller.nettverk) for treff in portal.snarveier(roller))
    return sorted(alle, key=lambda treff: treff.rang)


def handlingene(roller: "Roller", ting: Model | None = None, *, q: str = "") -> list[Handling]:
    """What these roles may do with `ting`, or in the network when there is none; with `q` only those
    that are called something with its words."""
    ordene = folded(q).split()
    alle = [
        handling
        for portal in portaler(roller.nettverk)
        for handling in portal.handlinger(roller, ting)
        if all(ord_ in folded(str(handling.label)) for ord_ in ordene)
    ]
    return sorted(alle, key=lambda handling: handling.rekkefolge)
