"""Withdraw an assignment that units may have begun on: what they have written stands, and nothing new is written."""

from django.db import transaction
from django.utils import timezone

from nettverk.arbeid.brev import send_after_all
from nettverk.arbeid.brev import withdraw as withdraw_letters
from nettverk.models import Person
from nettverk.tilgang.roller import roller_for
from rolu.mellomarbeid.oppdrag import VARSLE, hold_all, letters, require_own_audience
from rolu.models import Oppdrag


@transaction.atomic
def withdraw(oppdrag: Oppdrag, *, grunn: str, by: Person) -> Oppdrag:
    """Say that it is not asked any more, and why. Letters that wait are not sent, and nobody is waited for. Twice
    changes nothing: the first reason stands. Raises KanIkke when it is for more units than `by` may write to."""
    naa = hold_all(oppdrag)
    require_own_audience(naa, roller_for(by, naa.nettverk))
    if naa.trukket is None:
        naa.trukket, naa.trukket_grunn = timezone.now(), grunn
        naa.save(update_fields=["trukket", "trukket_grunn"])
        withdraw_letters(letters(naa))
    return naa


@transaction.atomic
def restore(oppdrag: Oppdrag, *, by: Person) -> Oppdrag:
    """It is asked after all: the units go on where they were, and the letters that were stopped are sent. Raises
    KanIkke as `withdraw`."""
    naa = hold_all(oppdrag)
    require_own_audience(naa, roller_for(by, naa.nettverk))
    if naa.trukket is not None:
        naa.trukket, naa.trukket_grunn = None, ""
        naa.save(update_fields=["trukket", "trukket_grunn"])
        send_after_all(letters(naa).filter(slag=VARSLE), by=by)
    return naa
