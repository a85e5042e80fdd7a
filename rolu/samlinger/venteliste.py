"""The places of a gathering, and who waits for one.

A place is a person, a guest, a pupil or a parent. Who does not fit waits, one by one and not as a group: the
longest waiting comes in first, by itself, when a place is free. Everything here is called by an act that holds
the gathering's row (`rolu.samlinger.tilstand.writing`), so that no two see the same free place.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Min
from django.utils.translation import ngettext

from nettverk.models import Person
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Deltakelse, Gjest, Samling
from rolu.samlinger import bekreftelse
from rolu.samlinger.oppmoete import counted

S = Deltakelse.Status


@dataclass(frozen=True)
class Inne:
    """Who got a place from the waiting list: the ids of people and of guests."""

    personer: set[int] = field(default_factory=set)
    gjester: set[int] = field(default_factory=set)


def free(samling: Samling) -> int | None:
    """How many places are free, never below none; None when there is no limit."""
    if samling.kapasitet is None:
        return None
    return max(samling.kapasitet - counted(samling).opptatt, 0)


def require_places(samling: Samling, plasser: int | None) -> None:
    """Raises KanIkke when `plasser` are fewer than are taken: nobody who has a place loses it."""
    opptatt = counted(samling).opptatt if plasser is not None else 0
    if plasser is not None and plasser < opptatt:
        raise KanIkke(
            ngettext(
                "%(n)s har fått plass. Skriv %(n)s eller mer.",
                "%(n)s har fått plass. Skriv %(n)s eller mer.",
                opptatt,
            )
            % {"n": opptatt}
        )


def queue(samling: Samling) -> list[tuple[datetime.datetime, str, int]]:
    """Who waits, the longest first: since when, «person» or «gjest», and whose id. By a Verv that holds on the
    day. Two queries."""
    personer = (
        Deltakelse.objects.filter(
            samling=samling, status=S.VENTER, verv__gyldig__contains=samling.dato
        )
        .order_by()
        .values("verv__person")
        .annotate(siden=Min("venter_siden"))
        .values_list("siden", "verv__person")
    )
    gjester = Gjest.objects.filter(samling=samling, status=Gjest.Status.VENTER).order_by()
    return sorted(
        [(siden or samling.start, "person", pk) for siden, pk in personer]
        + [
            (siden or samling.start, "gjest", pk)
            for siden, pk in gjester.values_list("venter_siden", "pk")
        ]
    )


def let_in(samling: Samling) -> Inne:
    """Give the free places to those who have waited longest. Tells nobody: `fill` does, and the acts that change
    answers tell everybody at once. A gathering that has begun lets nobody in."""
    inne = Inne()
    if not samling.er_forestaaende:
        return inne
    koe = queue(samling)
    if not koe:
        return inne
    for _siden, slag, pk in koe[: free(samling)]:
        (inne.personer if slag == "person" else inne.gjester).add(pk)
    Deltakelse.objects.filter(
        samling=samling, status=S.VENTER, verv__person__in=inne.personer
    ).update(status=S.PAAMELDT, venter_siden=None)
    Gjest.objects.filter(pk__in=inne.gjester).update(
        status=Gjest.Status.PAAMELDT, venter_siden=None
    )
    return inne


def fill(
    samling: Samling,
    *,
    by: Person | None,
    personer: Collection[int] = (),
    gjester: Collection[int] = (),
) -> Inne:
    """Let in those there is room for, and tell them; and those in `personer` and `gjester`, whose answers were
    changed in the same act."""
    inne = let_in(samling)
    tell(samling, inne, personer=personer, gjester=gjester, by=by)
    return inne


def tell(
    samling: Samling,
    inne: Inne,
    *,
    by: Person | None,
    personer: Collection[int] = (),
    gjester: Collection[int] = (),
) -> None:
    """Tell those in `personer` and `gjester`, on behalf of who changed their answers. Who moved up because of it is
    told by the portal: who waited is not for the leader of another group to read in the outbox."""
    bekreftelse.tell(samling, personer=personer, gjester=gjester, by=by)
    bekreftelse.tell(
        samling,
        personer=inne.personer.difference(personer),
        gjester=inne.gjester.difference(gjester),
        by=None,
    )
