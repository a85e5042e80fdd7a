"""Letters whose time has come: reminders and the letter of the week. On weekdays, in daytime.

Which, each app says itself (`Portal.faste_brev`). Tried often, so that a machine that was down at eight
sends at nine; each letter is written once.
"""

import datetime
import logging

from django.utils import timezone

from nettverk.flater import portaler
from nettverk.models import Nettverk

logger = logging.getLogger(__name__)

_FRA_KLOKKA, _TIL_KLOKKA = 7, 17
_LOERDAG = 5


def send_due(naa: datetime.datetime | None = None) -> int:
    """Write them; returns how many. What one app cannot write stops no other; the fault is logged."""
    naa = naa or timezone.now()
    her = timezone.localtime(naa)
    if her.weekday() >= _LOERDAG or not _FRA_KLOKKA <= her.hour < _TIL_KLOKKA:
        return 0
    antall = 0
    for nettverk in Nettverk.objects.filter(er_testdata=False):
        for portal in portaler(nettverk):
            try:
                antall += portal.faste_brev(nettverk, naa)
            except Exception:
                logger.exception("Faste brev feilet i %s", type(portal).__module__)
    return antall
