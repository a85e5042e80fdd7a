"""Jobs that are over and done with: their files are copies of what the database can make again."""

import datetime

from django.db.models import Q

from nettverk.arbeid.jobber import JOBBER_BEHOLDES, kinds
from nettverk.models.jobb import Jobb


def purge_old(naa: datetime.datetime) -> int:
    """Delete the jobs that ended longer before `naa` than their kind is kept, with their files; how many."""
    gamle = Jobb.objects.exclude(status__in=Jobb.Status.aktive()).filter(_outlived(naa))
    antall = 0
    for jobb in gamle.iterator():
        jobb.resultat.delete(save=False)
        jobb.delete()
        antall += 1
    return antall


def _outlived(naa: datetime.datetime) -> Q:
    gamle = Q(avsluttet__lt=naa - JOBBER_BEHOLDES)
    for hva in kinds():
        gamle |= Q(slag=hva.navn, avsluttet__lt=naa - hva.beholdes)
    return gamle
