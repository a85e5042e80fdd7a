"""What has an end date goes when the date has come. Runs nightly; safe to run twice."""

import logging
from datetime import timedelta

from django.utils import timezone

from nettverk.arbeid import brev
from nettverk.enhetsimport import purge_old
from nettverk.innlogging.okter import purge_sessions
from nettverk.models.jobb import Jobb

logger = logging.getLogger(__name__)

# Finished jobs' files are copies of what the database can make again.
JOBBER_BEHOLDES = timedelta(days=365)


def rydd() -> dict[str, int]:
    """Delete what has run out; returns how many of each, never who."""
    gamle = Jobb.objects.exclude(status__in=Jobb.Status.aktive()).filter(
        avsluttet__lt=timezone.now() - JOBBER_BEHOLDES
    )
    antall = 0
    for jobb in gamle.iterator():
        jobb.resultat.delete(save=False)
        jobb.delete()
        antall += 1
    okter = purge_sessions()
    importer = purge_old()
    brevene = brev.purge()
    logger.info("Ryddet %s gamle jobber og %s gamle økter", antall, okter)
    return {"jobber": antall, "okter": okter, "enhetsimporter": importer, "brev": brevene}
