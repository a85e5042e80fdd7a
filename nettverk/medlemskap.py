"""A kommune joins the network from a day, or leaves it after one. What follows is said before."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet, Kommune
from nettverk.grupper import Avsluttet, end_all, require_coordinator_without
from nettverk.models import Gruppe, Medlemskap, Nettverk, Person, Verv
from nettverk.models.gruppe import GruppeQuerySet, VervQuerySet
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import hold
from nettverk.utviklingsgrupper import ensure_utviklingsgrupper

# The network's schematic map is that wide before it grows downwards.
_BREDDE = 5


def may_join() -> QuerySet[Kommune]:
    """The kommuner that exist and are in no network, ours or another, from today on."""
    opptatt = Medlemskap.objects.filter(gyldig__overlap=periode(idag()))
    ledige = Kommune.objects.filter(gyldig__overlap=periode(idag()))
    return ledige.exclude(pk__in=opptatt.values("kommune")).defer("grense")


class KommuneOpptatt(KanIkke):
    """A kommune is in a network at that time."""


def require_free(nettverk: Nettverk, tider: Collection[tuple[Kommune, DateRange]]) -> None:
    """Ask before the kommuner come in at their times; the rule is the same for one as for many.

    Holds their rows until the transaction ends: of two networks that take in the same kommune at once the
    second waits here. Raises KommuneOpptatt when one of them is in a network at that time, ours or another, and
    does not say which.
    """
    kommuner = {kommune.pk: kommune for kommune, _gyldig in tider}
    list(Kommune.objects.select_for_update().only("pk").filter(pk__in=kommuner).order_by("pk"))
    samtidig = [Q(kommune=kommune, gyldig__overlap=gyldig) for kommune, gyldig in tider]
    opptatt = Medlemskap.objects.filter(reduce(or_, samtidig, Q(pk__in=[]))).order_by("pk")
    if egen := opptatt.filter(nettverk=nettverk).first():
        raise KommuneOpptatt(
            _("%(kommune)s er allerede med i nettverket i denne perioden.")
            % {"kommune": kommuner[egen.kommune_id]}
        )
    if annen := opptatt.first():
        raise KommuneOpptatt(
            _("%(kommune)s er med i et annet nettverk i denne perioden, og må gå ut der først.")
            % {"kommune": kommuner[annen.kommune_id]}
        )


def units_of(kommune: Kommune, dato: datetime.date) -> QuerySet[Enhet]:
    """The units that lie in the kommune on `dato`."""
    return Enhet.objects.gyldig(dato).in_kommuner([kommune.pk], dato)


@transaction.atomic
def join(nettverk: Nettverk, *, kommune: Kommune, fra: datetime.date) -> Medlemskap:
    """Take a kommune in from `fra`. Its units get empty utviklingsgrupper when they are the network's today.

    Raises KanIkke when the kommune is in a network at that time, or does not exist then.
    """
    hold(nettverk)
    if not kommune.er_gyldig(fra):
        raise KanIkke(_("%(kommune)s finnes ikke på denne datoen.") % {"kommune": kommune})
    require_free(nettverk, [(kommune, periode(fra))])
    kolonne, rad = free_tile(nettverk)
    medlemskap = Medlemskap.objects.create(
        nettverk=nettverk,
        kommune=kommune,
        kart_kolonne=kolonne,
        kart_rad=rad,
        gyldig=periode(fra),
    )
    ensure_utviklingsgrupper(nettverk)
    return medlemskap


def free_tile(nettverk: Nettverk) -> tuple[int, int]:
    """The first tile of the schematic map in which no kommune has ever lain: column and row."""
    brukt = set(nettverk.medlemskap.values_list("kart_kolonne", "kart_rad"))
    return next(
        (kolonne, rad)
        for rad in range(len(brukt) + 1)
        for kolonne in range(_BREDDE)
        if (kolonne, rad) not in brukt
    )


@dataclass(frozen=True)
class Utgang:
    """What leaves the network with a kommune."""

    enheter: int
    grupper: GruppeQuerySet
    # In those groups, and those who represent the kommune in others.
    verv: VervQuerySet


def what_leaves(medlemskap: Medlemskap, slutt: datetime.date) -> Utgang:
    """What ends when the kommune is no longer in the network on `slutt`."""
    enheter = units_of(medlemskap.kommune, slutt)
    grupper = Gruppe.objects.filter(
        Q(enhet__in=enheter.values("pk")) | Q(kommune=medlemskap.kommune),
        nettverk=medlemskap.nettverk,
        gyldig__overlap=periode(slutt),
    )
    verv = Verv.objects.filter(
        Q(gruppe__in=grupper.values("pk")) | Q(representerer=medlemskap.kommune),
        gruppe__nettverk=medlemskap.nettverk,
        gyldig__overlap=periode(slutt),
    )
    return Utgang(enheter.count(), grupper, verv)


def can_end(medlemskap: Medlemskap) -> bool:
    """Whether it still holds, or will."""
    return medlemskap.til is None or medlemskap.til > idag()


@transaction.atomic
def leave(
    medlemskap: Medlemskap, *, siste_dag: datetime.date, by: Person | None = None
) -> Avsluttet:
    """Let a kommune go after `siste_dag`: the utviklingsgrupper there, and the Verv in them and for the
    kommune, end the same day. What was written stays.

    Raises KanIkke when nobody would coordinate the network afterwards.
    """
    slutt = siste_dag + datetime.timedelta(days=1)
    hold(medlemskap.nettverk)
    ut = what_leaves(medlemskap, slutt)
    grupper = list(ut.grupper.held())
    require_coordinator_without(ut.verv, nettverk=medlemskap.nettverk, fra=slutt)
    # Both asked before the first of them ends.
    gjort = end_all(grupper, ut.verv, slutt, by=by)
    medlemskap.end(slutt)
    return gjort
