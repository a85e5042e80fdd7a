"""Who has not answered is asked once more: one letter each, at most one a day."""

import datetime
from collections.abc import Collection
from dataclasses import replace

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag
from nettverk.arbeid import brev
from nettverk.models import Brev, Gruppe, Person, Rolle
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Deltakelse, Samling
from rolu.samlinger.samlingsbrev import PURRING, asks_for_letter, reminder
from rolu.samlinger.tilstand import hold, require_not_begun, require_unlocked


def to_remind(samling: Samling) -> dict[Person, list[Gruppe]]:
    """Those who can answer where an answer is missing: who leads an utviklingsgruppe, for the people of it,
    and others for themselves (then without groups). Nobody is asked about who comes by another place. By
    name. One query."""
    ubesvart = Deltakelse.Status.INVITERT
    mangler = Deltakelse.objects.with_svar().filter(
        Q(svar=ubesvart), samling=samling, status=ubesvart
    )
    for_seg = Q(pk__in=mangler) & asks_for_letter(samling.mottakere, foran="verv__")
    for_gruppa = Q(
        verv__rolle=Rolle.FORMELL_LEDER,
        verv__gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE,
        verv__gruppe__in=mangler.values("verv__gruppe"),
    )
    rader = (
        Deltakelse.objects.filter(for_seg | for_gruppa, samling=samling)
        .filter(verv__gyldig__contains=samling.dato, verv__person__is_active=True)
        .select_related("verv__person", "verv__gruppe")
        .order_by("verv__person__sortering", "verv__person", "verv__gruppe__sortering", "pk")
    )
    hvem: dict[Person, list[Gruppe]] = {}
    for rad in rader:
        grupper = hvem.setdefault(rad.verv.person, [])
        if rad.verv.rolle == Rolle.FORMELL_LEDER and rad.verv.gruppe.er_utviklingsgruppe:
            grupper.append(rad.verv.gruppe)
    return hvem


def reminded(samling: Samling) -> dict[int, datetime.date]:
    """The day each was last reminded, of those who have been. One query."""
    brevene = Brev.objects.about(samling).filter(slag=PURRING).order_by("opprettet")
    return {
        pk: timezone.localdate(tid)
        for pk, tid in brevene.values_list("til", "opprettet")
        if pk is not None
    }


def not_today(
    hvem: dict[Person, list[Gruppe]], sist: dict[int, datetime.date]
) -> dict[Person, list[Gruppe]]:
    """Those who have not been reminded today."""
    return {person: grupper for person, grupper in hvem.items() if sist.get(person.pk) != idag()}


def all_are_reminded(samling: Samling) -> bool:
    """Whether everybody who can be reminded has been, today: another letter goes tomorrow. Two queries."""
    hvem = to_remind(samling)
    return bool(hvem) and not not_today(hvem, reminded(samling))


@transaction.atomic
def remind(samling: Samling, *, by: Person) -> Collection[Brev]:
    """Write to those who have not answered; returns the new letters. Raises KanIkke."""
    laast = hold(samling)
    require_open(laast)
    utkast = [
        reminder(laast, person, grupper, by=by) for person, grupper in to_remind(laast).items()
    ]
    return brev.queue_many(utkast, nettverk=laast.nettverk, slag=PURRING, om=laast, by=by)


@transaction.atomic
def rewrite(samling: Samling) -> None:
    """Reminders that have not gone, tell the time and place of now; what waits for somebody whom the
    gathering no longer asks, is taken back."""
    usendt = Brev.objects.about(samling).filter(slag=PURRING).unsent()
    hvem = to_remind(samling)
    gjelder = [b for b in usendt.select_related("til", "bestilt_av") if b.til in hvem]
    brev.withdraw(usendt.exclude(pk__in=[b.pk for b in gjelder]))
    brev.rewrite(
        [
            replace(reminder(samling, b.til, hvem[b.til], by=b.bestilt_av), noekkel=b.noekkel)
            for b in gjelder
            if b.til and b.bestilt_av
        ],
        nettverk=samling.nettverk,
    )


def require_open(samling: Samling) -> None:
    require_unlocked(samling)
    require_not_begun(samling)
    if not samling.er_aapen_for_paamelding:
        raise KanIkke(_("Svarfristen har gått ut, så ingen kan få påminnelse nå."))
