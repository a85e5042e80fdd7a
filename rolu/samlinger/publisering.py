"""Publish a gathering, invite the groups, tell the leaders; call it off.

Inviting makes one Deltakelse per Verv that holds on the day of the gathering. The letters go through a
job, one per person, and each Deltakelse remembers that its letter was sent: everything here is safe to
run twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import BigIntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kommuner.models import Plassering
from nettverk.arbeid.epost import hel_adresse, send
from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag, order_jobb
from nettverk.arbeid.utsending import Utsending
from nettverk.models import Gruppe, Jobb, Person, Rolle, Verv
from rolu.models import Deltakelse, Samling

INVITASJON = "samling.invitasjon"
AVLYSNING = "samling.avlysning"


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

    Sets in motion the letters to the leaders (a job, after commit).
    """
    laast = Samling.objects.select_for_update().get(pk=samling.pk)
    if laast.er_avlyst:
        raise ValidationError(_("Samlingen er avlyst og kan ikke publiseres."))
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
        raise ValidationError(
            _("Bare en publisert samling som ikke er over, kan sende invitasjoner.")
        )
    return _invite(laast, by=by)


def _invite(samling: Samling, *, by: Person, grupper: Iterable[Gruppe] = ()) -> int:
    antall = add_participations(samling, grupper=grupper)
    if not samling.er_over and letters(samling, INVITASJON).exists():
        order_jobb(
            nettverk=samling.nettverk, slag=INVITASJON, gjelder=f"samling:{samling.pk}", by=by
        )
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
    """Call the gathering off. Those who were told of it, are told of this (a job, after commit)."""
    laast = Samling.objects.select_for_update().get(pk=samling.pk)
    if laast.er_avlyst:
        return
    if not laast.er_publisert or laast.er_over:
        raise ValidationError(_("Bare en publisert samling som ikke er over, kan avlyses."))
    laast.status = samling.status = Samling.Status.AVLYST
    laast.save(update_fields=["status"])
    Jobb.objects.filter(
        nettverk=laast.nettverk, slag=INVITASJON, gjelder=f"samling:{laast.pk}"
    ).filter(status=Jobb.Status.VENTER).update(
        status=Jobb.Status.FEILET, feil=_("Samlingen ble avlyst."), avsluttet=timezone.now()
    )
    if letters(laast, AVLYSNING).exists():
        order_jobb(nettverk=laast.nettverk, slag=AVLYSNING, gjelder=f"samling:{laast.pk}", by=by)


def delete_draft(samling: Samling) -> None:
    """Delete a draft with its programme. What has been published is called off instead."""
    with transaction.atomic():
        laast = Samling.objects.select_for_update().get(pk=samling.pk)
        if not laast.er_utkast or laast.oppdrag.exists():
            raise ValidationError(_("Bare et utkast uten oppdrag kan slettes."))
        laast.delete()


# --- the letters


@dataclass(frozen=True)
class Brevslag:
    """A kind of letter: whom it concerns, and where it is remembered that it went."""

    merke: str
    mal: str


BREV = {
    INVITASJON: Brevslag("invitasjon_sendt", "rolu/epost/invitasjon.txt"),
    AVLYSNING: Brevslag("avlysning_sendt", "rolu/epost/avlysning.txt"),
}


def letters(samling: Samling, slag: str) -> QuerySet[Deltakelse]:
    """The participations whose letter has not gone: one row per group that a leader leads, and each
    member of the network groups. The call-off goes to all who got the invitation or signed up."""
    rader = Deltakelse.objects.filter(samling=samling, **{f"{BREV[slag].merke}__isnull": True})
    if slag == AVLYSNING:
        return rader.filter(
            Q(invitasjon_sendt__isnull=False) | Q(status=Deltakelse.Status.PAAMELDT)
        )
    return rader.filter(
        ~Q(verv__gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE) | Q(verv__rolle=Rolle.FORMELL_LEDER)
    )


def send_letters(samling: Samling, *, slag: str, arbeid: Arbeid | None = None) -> int:
    """Send what has not been sent, one letter per person; returns how many letters.

    Goes on until nobody waits: people may be invited while it works. Raises JobbFeil at the end when
    some could not be sent. Stops when the gathering is called off, and with it the invitation.
    """
    utsending = Utsending()
    forsokt: set[int] = set()  # each once, also those whose letter was refused
    nummer = 0
    try:
        while venter := _waiting(samling, slag, forsokt):
            alle = nummer + len(venter)
            for epost, pker in venter:
                forsokt.update(pker)
                utsending.send(epost, partial(_send_one, samling, slag, pker))
                nummer += 1
                if arbeid and (nummer % 5 == 0 or nummer == alle):
                    arbeid.report(
                        100 * nummer // alle,
                        _("%(antall)s av %(alle)s e-poster er sendt")
                        % {"antall": utsending.sendt, "alle": alle},
                    )
    except _Avlyst:
        return utsending.sendt
    utsending.tell()
    return utsending.sendt


class _Avlyst(Exception):
    """The gathering was called off while the invitations went out."""


@transaction.atomic
def _waiting(samling: Samling, slag: str, forsokt: set[int]) -> list[tuple[str, list[int]]]:
    """Those who wait for a letter: the address, and the rows it concerns."""
    if slag == AVLYSNING:
        # An invitation may be on its way this moment; wait for its mark, so that it is called off too.
        alle = Deltakelse.objects.filter(samling=samling).order_by("pk")
        list(alle.select_for_update().values_list("pk"))
    rader = letters(samling, slag).exclude(pk__in=forsokt).order_by("verv__person", "pk")
    felt = rader.values_list("verv__person", "verv__person__epost", "pk")
    return [
        (epost, [pk for *_person, pk in gruppe])
        for (_person, epost), gruppe in groupby(felt, itemgetter(0, 1))
    ]


@transaction.atomic
def _send_one(samling: Samling, slag: str, pker: list[int]) -> bool:
    """One person's letter. The mark and the letter go together: a letter that fails leaves no mark."""
    merke = BREV[slag].merke
    rader = list(
        Deltakelse.objects.select_for_update(skip_locked=True, of=["self"])
        .filter(pk__in=pker, **{f"{merke}__isnull": True})
        .select_related("verv__person", "verv__gruppe")
    )
    if not rader:
        return False
    # Asked after the rows are locked: see _waiting.
    if slag == INVITASJON and not _is_published(samling):
        raise _Avlyst
    Deltakelse.objects.filter(pk__in=[rad.pk for rad in rader]).update(**{merke: timezone.now()})
    _send_letter(samling, slag, rader)
    return True


def _is_published(samling: Samling) -> bool:
    """As it stands now, whatever `samling` was when it was fetched."""
    return Samling.objects.filter(pk=samling.pk, status=Samling.Status.PUBLISERT).exists()


def _send_letter(samling: Samling, slag: str, rader: list[Deltakelse]) -> None:
    ledet = [r.verv.gruppe for r in rader if r.verv.rolle == Rolle.FORMELL_LEDER]
    side = "rolu:paamelding" if slag == INVITASJON else "rolu:samling"
    send(
        til=rader[0].verv.person,
        nettverk=samling.nettverk,
        mal=BREV[slag].mal,
        data={
            "samling": samling,
            "grupper": [gruppe for gruppe in ledet if gruppe.er_utviklingsgruppe],
            "url": hel_adresse(reverse(side, args=[samling.nettverk.slug, samling.pk])),
        },
    )


@jobbslag(INVITASJON, tillatelse="rolu.change_samling")
def _invitasjoner(arbeid: Arbeid) -> None:
    _send_in_job(arbeid, INVITASJON)


@jobbslag(AVLYSNING, tillatelse="rolu.change_samling")
def _avlysninger(arbeid: Arbeid) -> None:
    _send_in_job(arbeid, AVLYSNING)


def _send_in_job(arbeid: Arbeid, slag: str) -> None:
    pk = arbeid.jobb.gjelder.removeprefix("samling:")
    samling = Samling.objects.select_related("nettverk").filter(pk=pk).first()
    if samling is None:
        raise JobbFeil(_("Samlingen finnes ikke lenger."))
    if slag == INVITASJON and not samling.er_publisert:
        raise JobbFeil(_("Samlingen er ikke lenger publisert."))
    arbeid.data = {"brev": send_letters(samling, slag=slag, arbeid=arbeid)}
