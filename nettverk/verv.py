"""Appointments: who takes a place in a group, and who leaves it. History is never deleted."""

import datetime

from django.db import transaction

from kommuner.gyldighet import idag
from kommuner.models import Kommune
from nettverk.models import Gruppe, Person, Verv


@transaction.atomic
def appoint(
    *,
    gruppe: Gruppe,
    navn: str,
    epost: str,
    rolle: str,
    gyldig: object,
    tittel: str = "",
    representerer: Kommune | None = None,
) -> Verv:
    """Give a person a place in `gruppe`; makes the person (and so the account) when the e-mail is new.

    A known person keeps the name they have. `gyldig` is a DateRange. Raises IntegrityError when the
    person already has that role in the group at the time (the form asks first).
    """
    person = Person.objects.filter(epost=epost.strip().lower()).first()
    if person is None:
        person = Person.objects.create_user(epost, navn=navn)
    return Verv.objects.create(
        person=person,
        gruppe=gruppe,
        rolle=rolle,
        tittel=tittel,
        representerer=representerer,
        gyldig=gyldig,
    )


def end(*, verv: Verv, siste_dag: datetime.date) -> Verv:
    """End an appointment after `siste_dag`; access ends with it, the history stays."""
    verv.end(siste_dag + datetime.timedelta(days=1))
    return verv


def can_end(verv: Verv) -> bool:
    """Whether it still holds, or will."""
    return verv.til is None or verv.til > idag()
