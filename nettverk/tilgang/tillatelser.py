"""Permissions: who may do what, said once and asked everywhere.

Each app's `rules.py` combines small predicates into a table with `tillat`. Pages, acts, templates and
the 403 page ask here. Not `user.has_perm`: Django lets a superuser through everywhere, while the
administrator of this portal has the Django admin only (docs/tilgang.md).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import rules
from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise

from nettverk.models.nettverk import Nettverk

if TYPE_CHECKING:
    from nettverk.models.gruppe import VervQuerySet
    from nettverk.models.person import Person


@dataclass(frozen=True)
class INettverk:
    """A thing from a floor that knows no networks (a unit, a kommune), seen in one network."""

    nettverk: Nettverk
    enhet: Any = None
    kommune: Any = None


def nettverk_of(ting: Any) -> Nettverk:
    """The network a thing belongs to; the network itself for a network."""
    return ting if isinstance(ting, Nettverk) else ting.nettverk


class Krav:
    """One way to be allowed: a role, the question that decides it, and who holds it now.

    `rolle` is words, or finds them for a thing: groups and roles have their network's own names.
    `test(person, ting) -> bool`; `innehavere(ting)` -> queryset of Verv, shown on the 403 page.
    `ikke_ennaa(ting)` -> what must happen first, when it is the state of the thing and no person that
    opens it: nobody can be asked for that.
    """

    def __init__(
        self,
        rolle: "str | Promise | Callable[[Any], str]",
        test: Callable[["Person", Any], bool],
        innehavere: "Callable[[Any], VervQuerySet] | None" = None,
        ikke_ennaa: Callable[[Any], str] | None = None,
    ) -> None:
        self.rolle = rolle
        self.predikat = rules.predicate(test)
        self.innehavere = innehavere
        self.ikke_ennaa = ikke_ennaa

    def rollenavn(self, ting: Any) -> str:
        """The role in words, as the network of `ting` says it."""
        return self.rolle(ting) if callable(self.rolle) else str(self.rolle)


@dataclass(frozen=True)
class RolleSomKan:
    """A role that may do what was refused, and the people who hold it (at most five)."""

    rolle: str
    personer: list[str]
    # Not for «member of the network»: that is too many to name.
    navngis: bool = True


class Avslag(PermissionDenied):
    """Refused: signed in, but no role of this person may do it. The 403 page explains."""

    def __init__(self, tillatelse: str, ting: Any) -> None:
        super().__init__(tillatelse)
        self.tillatelse = tillatelse
        self.ting = ting


_KRAV: dict[str, tuple[Krav, ...]] = {}


def tillat(tillatelse: str, *krav: Krav) -> None:
    """Say that any one of `krav` is enough for `tillatelse` (`app.verb_model`)."""
    _KRAV[tillatelse] = krav
    rules.add_perm(tillatelse, reduce(or_, (k.predikat for k in krav)))


def kan(person: "Person", tillatelse: str, ting: Any) -> bool:
    """Whether `person` may do it to `ting` today."""
    if tillatelse not in _KRAV:
        raise LookupError(f"Ukjent tillatelse: {tillatelse}")
    if person.is_authenticated and not person.is_active:
        return False
    return rules.has_perm(tillatelse, person, ting)


def krev(person: "Person", tillatelse: str, ting: Any) -> None:
    """Raises Avslag (403) unless `person` may do it to `ting`."""
    if not kan(person, tillatelse, ting):
        raise Avslag(tillatelse, ting)


def hvem_kan(tillatelse: str, ting: Any) -> list[RolleSomKan]:
    """The roles that may do it to `ting`, each with the names of up to five who hold it."""
    svar = []
    for k in _KRAV.get(tillatelse, ()):
        if k.ikke_ennaa:
            continue
        verv = k.innehavere(ting).gyldig().select_related("person")[:20] if k.innehavere else []
        navn = list(dict.fromkeys(v.person.navn for v in verv))[:5]
        svar.append(RolleSomKan(k.rollenavn(ting), navn, navngis=k.innehavere is not None))
    return svar


def ikke_ennaa(tillatelse: str, ting: Any) -> str:
    """What must happen before the thing opens by itself; nothing when nothing will open it."""
    grunner = (k.ikke_ennaa(ting) for k in _KRAV.get(tillatelse, ()) if k.ikke_ennaa)
    return next((grunn for grunn in grunner if grunn), "")
