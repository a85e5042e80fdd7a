"""What the floors above tell of a track: how far its modules have come, and what happens along its line.

An app above registers a function of its own in its `portal.py`; nothing here knows who it is:

    @modultall
    def delivered(loype): ...

Both are asked for one network's tracks, with one query each. A part of the portal that the network does not use
tells nothing.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from laeringsloyper.models import Laeringsloype
    from nettverk.tilgang.roller import Roller


@dataclass(frozen=True)
class Modultall:
    """In one kommune (None when the unit lay in none): how many units were asked to do something of the module, and
    how many of them have delivered; each unit once."""

    modul: int
    kommune: int | None
    spurt: int
    levert: int


@dataclass(frozen=True)
class Linjemerke:
    """Something that happens on a day along the line of a track."""

    loype: int
    dato: datetime.date
    tittel: str
    url: str


_modultall: list[Callable[["Laeringsloype"], Iterable[Modultall]]] = []
_linjemerker: list[Callable[[Sequence["Laeringsloype"], "Roller"], Iterable[Linjemerke]]] = []


def modultall(
    funksjon: Callable[["Laeringsloype"], Iterable[Modultall]],
) -> Callable[["Laeringsloype"], Iterable[Modultall]]:
    """Decorator: it tells how far the modules of a track have come. `loype` has its `nettverk`."""
    _modultall.append(funksjon)
    return funksjon


def linjemerker(
    funksjon: Callable[[Sequence["Laeringsloype"], "Roller"], Iterable[Linjemerke]],
) -> Callable[[Sequence["Laeringsloype"], "Roller"], Iterable[Linjemerke]]:
    """Decorator: it tells what happens along the tracks, as far as `roller` may see it."""
    _linjemerker.append(funksjon)
    return funksjon


def figures_of(loype: "Laeringsloype") -> list[Modultall]:
    return [tall for funksjon in _modultall for tall in funksjon(loype)]


def marks_along(loyper: Sequence["Laeringsloype"], roller: "Roller") -> list[Linjemerke]:
    """The nearest in time first."""
    alle = [merke for funksjon in _linjemerker for merke in funksjon(loyper, roller)]
    return sorted(alle, key=lambda merke: (merke.dato, merke.tittel))
