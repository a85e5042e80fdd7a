"""What is kept of the support lens goes a year after. Runs nightly; safe to run twice."""

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from nettverk.models import Nettverk
from rolu.models import Stoettehandling, Stoettesignal
from rolu.stoette import signaler
from rolu.stoette.handlinger import BEHOLDES


def note_all(naa: datetime.datetime) -> int:
    """Each network that uses Mellomarbeid: what is new, and what is over. Returns how many are over."""
    dag = timezone.localdate(naa)
    return sum(
        signaler.note(nettverk, dag)
        for nettverk in Nettverk.objects.all()
        if nettverk.uses("mellomarbeid")
    )


def purge(naa: datetime.datetime) -> int:
    """What was done for units, and signals that are over, a year after; from the history too. Returns how many."""
    foer = timezone.localdate(naa) - BEHOLDES
    return _forget(Stoettehandling, Q(dato__lt=foer), naa) + _forget(
        Stoettesignal, Q(borte__lt=foer), naa
    )


def _forget(modell: Any, gamle: Q, naa: datetime.datetime) -> int:
    antall = modell.objects.filter(gamle).delete()[0]
    uten_rad = ~Exists(modell.objects.filter(pk=OuterRef("pgh_obj_id")))
    # What was removed by hand leaves its history as long.
    eldre = Q(pgh_created_at__lt=naa - BEHOLDES)
    modell.pgh_event_model.objects.filter(uten_rad & (eldre | gamle)).delete()
    return antall
