"""Permissions: who may do what, said once and asked everywhere.

Each app's `rules.py` combines small predicates into a table with `tillat`. Pages, acts, templates and
the 403 page ask here. Not `user.has_perm`: Django lets a superuser through everywhere, while the
administrator of this portal has the Django admin only (docs/tilgang.md).

A permission is asked of one kind of thing, and `tillat` says which: what holds for a whole network
(`rolu.give_oppdrag`: any assignment) and for one thing in it (`rolu.give_oppdrag_i_loype`: this one)
are two permissions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import rules
from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise

from nettverk.models.nettverk import Nettverk

if TYPE_CHECKING:
    from nettverk.models.gruppe import VervQuerySet
    from nettverk.models.person import Person


class Ting(Protocol):
    """What a permission is asked of: anything that belongs to a network, and the network itself."""

    @property
    def nettverk(self) -> Nettverk: ...


class TingPaaSted(Ting, Protocol):
    """A thing that is about one unit or one kommune; both are None when it is about neither.

    For a unit's thing `kommune_id` may be None: then it is where the unit lies today.
    """

    @property
    def enhet_id(self) -> int | None: ...

    @property
    def kommune_id(self) -> int | None: ...


@dataclass(frozen=True)
class INettverk:
    """A place from a floor that knows no networks (a unit, a kommune), seen in one network."""

    nettverk: Nettverk
    enhet_id: int | None = None
    kommune_id: int | None = None


# Contravariant: what holds for any thing of a network, holds for a Samling.
T_contra = TypeVar("T_contra", bound=Ting, contravariant=True)
Slags = TypeVar("Slags", bound=Ting)


@dataclass(frozen=True)
class Krav(Generic[T_contra]):
    """One way to be allowed: a role, the question that decides it, and who holds it now.

    `rolle` is words, or finds them for a thing: groups and roles have their network's own names.
    `innehavere(ting)` are the Verv shown on the 403 page. `ikke_ennaa(ting)` is what must happen first,
    when it is the state of the thing and no person that opens it: nobody can be asked for that.
    """

    rolle: str | Promise | Callable[[T_contra], str]
    test: Callable[["Person", T_contra], bool]
    innehavere: "Callable[[T_contra], VervQuerySet] | None" = None
    ikke_ennaa: Callable[[T_contra], str] | None = None

    def rollenavn(self, ting: T_contra) -> str:
        """The role in words, as the network of `ting` says it."""
        return self.rolle(ting) if callable(self.rolle) else str(self.rolle)


@dataclass(frozen=True)
class RolleSomKan:
    """A role that may do what was refused, and the people who hold it (at most five)."""

    rolle: str
    personer: list[str]


class Avslag(PermissionDenied):
    """Refused: signed in, but no role of this person may do it. The 403 page explains."""

    def __init__(self, tillatelse: str, ting: Ting) -> None:
        super().__init__(tillatelse)
        self.tillatelse = tillatelse
        self.ting = ting


@dataclass(frozen=True)
class Tillatelse:
    """What it is asked of, and the ways to be allowed, any one of which is enough."""

    om: type
    krav: tuple[Krav[Any], ...]


_TILLATELSER: dict[str, Tillatelse] = {}


def tillat(tillatelse: str, *krav: Krav[Slags], om: type[Slags]) -> None:
    """Say that any one of `krav` is enough for `tillatelse` (`app.verb_model`), asked of an `om`."""
    _TILLATELSER[tillatelse] = Tillatelse(om, krav)
    rules.add_perm(tillatelse, reduce(or_, (rules.predicate(k.test) for k in krav)))


def asked_of(tillatelse: str) -> type:
    """The kind of thing that `tillatelse` is asked of."""
    if tillatelse not in _TILLATELSER:
        raise LookupError(f"Ukjent tillatelse: {tillatelse}")
    return _TILLATELSER[tillatelse].om


def kan(person: "Person", tillatelse: str, ting: Ting) -> bool:
    """Whether `person` may do it to `ting` today."""
    om = asked_of(tillatelse)
    if not isinstance(ting, om):
        raise TypeError(f"{tillatelse} spørres om {om.__name__}, ikke {type(ting).__name__}")
    if person.is_authenticated and not person.is_active:
        return False
    return rules.has_perm(tillatelse, person, ting)


def krev(person: "Person", tillatelse: str, ting: Ting) -> None:
    """Raises Avslag (403) unless `person` may do it to `ting`."""
    if not kan(person, tillatelse, ting):
        raise Avslag(tillatelse, ting)


def hvem_kan(tillatelse: str, ting: Ting) -> list[RolleSomKan]:
    """The roles that may do it to `ting`, each with the names of up to five who hold it.

    Without what no role gives: being a member, having sent it, or having written it oneself.
    """
    svar = []
    for k in _TILLATELSER[tillatelse].krav:
        if k.innehavere is None:
            continue
        verv = k.innehavere(ting).gyldig().select_related("person")[:20]
        navn = list(dict.fromkeys(v.person.navn for v in verv))[:5]
        svar.append(RolleSomKan(k.rollenavn(ting), navn))
    return svar


def ikke_ennaa(tillatelse: str, ting: Ting) -> str:
    """What must happen before the thing opens by itself; nothing when nothing will open it."""
    grunner = (k.ikke_ennaa(ting) for k in _TILLATELSER[tillatelse].krav if k.ikke_ennaa)
    return next((grunn for grunn in grunner if grunn), "")
