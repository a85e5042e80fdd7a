"""What has an end date goes when the date has come. Runs nightly; safe to run twice.

What that is, each app says itself (`Portal.rydd`).
"""

import logging

from django.utils import timezone

from nettverk.flater import portaler

logger = logging.getLogger(__name__)


def rydd() -> dict[str, int]:
    """Delete what has run out; returns how many of each, never who.

    What one app cannot clear stops no other; the fault is logged, and the next night tries again.
    """
    naa = timezone.now()
    antall: dict[str, int] = {}
    for portal in portaler():
        try:
            antall |= portal.rydd(naa)
        except Exception:
            logger.exception("Rydding feilet i %s", type(portal).__module__)
    logger.info("Ryddet %s", ", ".join(f"{hva}: {n}" for hva, n in antall.items()))
    return antall
