"""Jobs that are over and done with: their files are copies of what the database can make again."""

import datetime
from datetime import timedelta

from nettverk.models.jobb import Jobb

JOBBER_BEHOLDES = timedelta(days=365)


def purge_old(naa: datetime.datetime) -> int:
    """Delete the jobs that ended more than a year before `naa`, with their files; how many."""
    gamle = Jobb.objects.exclude(status__in=Jobb.Status.aktive()).filter(
        avsluttet__lt=naa - JOBBER_BEHOLDES
    )
    antall = 0
    for jobb in gamle.iterator():
        jobb.resultat.delete(save=False)
        jobb.delete()
        antall += 1
    return antall
