"""Publish a gathering, invite the groups, tell the leaders; call it off.

Inviting makes one Deltakelse per Verv that holds on the day of the gathering, and one letter per person
(`samlingsbrev`). Everything here is safe to run twice.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from kommuner.models import Plassering
from nettverk.models import Gruppe, Person, Rolle, Verv
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Deltakelse, Samling
from rolu.samlinger import samlingsbrev
from rolu.samlinger.datovarsel import warnings_for
from rolu.samlinger.programplan import make_plan


def utviklingsgrupper(samling: Samling) -> QuerySet[Gruppe]:
    """The utviklingsgrupper of every unit and kommune that is in the network on the day."""
    dato = samling.dato
    return (
        Gruppe.objects.filter(nettverk=samling.nettverk)
        .utviklingsgrupper()
        .gyldig(dato)
        .filter(
            Q(enhet__in=samling.nettverk.enheter(dato).values("pk"))
            | Q(kommune__in=samling.nettverk.kommuner(dato).values("pk"))
        )
    )


def nettverksgrupper(samling: Samling) -> QuerySet[Gruppe]:
    """The network's own groups that may be invited besides: KOG, STG, Fagnettverket …"""
    return Gruppe.objects.filter(nettverk=samling.nettverk).nettverksgrupper().gyldig(samling.dato)


def verv_to_invite(samling: Samling, grupper: Iterable[Gruppe] = ()) -> QuerySet[Verv]:
    """The appointments that hold on the day in all utviklingsgrupper, in `grupper`, and in the network
    groups that were invited before."""
    for_fra_for = nettverksgrupper(samling).filter(verv__deltakelser__samling=samling)
    return (
        Verv.objects.gyldig(samling.dato)
        .filter(
            Q(gruppe__in=utviklingsgrupper(samling).values("pk"))
            | Q(gruppe__in=[gruppe.pk for gruppe in grupper])
            | Q(gruppe__in=for_fra_for.values("pk"))
        )
        .filter(person__is_active=True)
    )


def reach(samling: Samling) -> dict[str, int]:
    """How many groups and people publishing would invite."""
    return verv_to_invite(samling).aggregate(
        grupper=Count("gruppe", distinct=True), personer=Count("person", distinct=True)
    )


def leaders_to_invite(samling: Samling) -> QuerySet[Verv]:
    """The appointments of `verv_to_invite` that get an e-mail (`samlingsbrev.uninvited`): the leaders of
    the utviklingsgrupper."""
    return verv_to_invite(samling).filter(
        gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE, rolle=Rolle.FORMELL_LEDER
    )


def doubts(samling: Samling) -> list[str]:
    """What one would be sorry to discover after publishing."""
    varsler = warnings_for(samling.dato)
    poster = list(samling.programposter.all())
    if not poster:
        varsler.append(_("Programmet er tomt."))
    varsler += make_plan(samling, poster).varsler
    if samling.er_over:
        varsler.append(_("Samlingen er over. Ingen får e-post."))
    elif samling.siste_svardag < timezone.localdate():
        varsler.append(_("Påmeldingsfristen har gått ut."))
    return varsler


def missing(samling: Samling) -> QuerySet[Verv]:
    """Appointments that came after the invitation went out."""
    return verv_to_invite(samling).exclude(deltakelser__samling=samling)


def participations(samling: Samling, verv: QuerySet[Verv], **felt: Any) -> list[Deltakelse]:
    """Unsaved rows for `verv`, each with the kommune it belongs to on the day: where the unit lies,
    else that of the group, else the one the Verv represents."""
    plassering = Plassering.objects.filter(enhet=OuterRef("gruppe__enhet")).gyldig(samling.dato)
    rader = verv.annotate(
        kommune_da=Coalesce(
            Subquery(plassering.values("kommune")[:1]),
            "gruppe__kommune",
            "representerer",
            output_field=BigIntegerField(),
        )
    ).values_list("pk", "kommune_da")
    return [
        Deltakelse(samling=samling, verv_id=pk, kommune_id=kommune, **felt) for pk, kommune in rader
    ]


@transaction.atomic
def publish(samling: Samling, *, by: Person, grupper: Iterable[Gruppe] = ()) -> int:
    """Publish and invite; returns how many were invited. A second press invites only those missing.

    Writes the letters to the leaders, and sets their sending in motion.
    """
    laast = Samling.objects.select_for_update().get(pk=samling.pk)
    if laast.er_avlyst:
        raise KanIkke(_("Samlingen er avlyst og kan ikke publiseres."))
    if laast.er_utkast:
        laast.status = Samling.Status.PUBLISERT
        laast.publisert = timezone.now()
        laast.save(update_fields=["status", "publisert"])
    samling.status, samling.publisert = laast.status, laast.publisert
    return _invite(laast, by=by, grupper=grupper)


@transaction.atomic
def invite_new(samling: Samling, *, by: Person) -> int:
    """Invite those who came into a group after the invitation; returns how many."""
    laast = Samling.objects.select_for_update().get(pk=samling.pk)
    if not laast.er_publisert or laast.er_over:
        raise KanIkke(_("Bare en publisert samling som ikke er over, kan sende invitasjoner."))
    return _invite(laast, by=by)


def _invite(samling: Samling, *, by: Person, grupper: Iterable[Gruppe] = ()) -> int:
    antall = add_participations(samling, grupper=grupper)
    if not samling.er_over:
        samlingsbrev.queue_invitations(samling, by=by)
    return antall


def add_participations(samling: Samling, *, grupper: Iterable[Gruppe] = ()) -> int:
    """One Deltakelse for each who should be there and is not, without any letter; returns how many."""
    verv = verv_to_invite(samling, grupper)
    if not samling.er_over:
        # Those who left the group before they answered, are not expected any more.
        Deltakelse.objects.filter(
            samling=samling, status=Deltakelse.Status.INVITERT, moett__isnull=True
        ).exclude(verv__in=Verv.objects.gyldig(samling.dato).values("pk")).delete()
    nye = verv.exclude(deltakelser__samling=samling)
    lagt_til = Deltakelse.objects.bulk_create(participations(samling, nye), ignore_conflicts=True)
    return len(lagt_til)


@transaction.atomic
def cancel(samling: Samling, *, by: Person) -> None:
    """Call the gathering off. Those who were told of it, are told of this; what has not gone of other
    letters about it, is stopped."""
    laast = Samling.objects.select_for_update().get(pk=samling.pk)
    if laast.er_avlyst:
        return
    require_cancellable(laast)
    laast.status = samling.status = Samling.Status.AVLYST
    laast.sekvens += 1
    laast.save(update_fields=["status", "sekvens"])
    samlingsbrev.queue_call_off(laast, by=by)


def require_cancellable(samling: Samling) -> None:
    if not samling.er_forestaaende:
        raise KanIkke(_("Bare en publisert samling som ikke er over, kan avlyses."))


def require_deletable(samling: Samling) -> None:
    if not samling.er_utkast or samling.oppdrag.exists():
        raise KanIkke(_("Bare et utkast uten oppdrag kan slettes."))


def delete_draft(samling: Samling) -> None:
    """Delete a draft with its programme. What has been published is called off instead."""
    with transaction.atomic():
        laast = Samling.objects.select_for_update().get(pk=samling.pk)
        require_deletable(laast)
        laast.delete()
