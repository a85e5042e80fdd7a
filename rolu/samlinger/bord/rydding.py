"""Who sat where goes when it has done its work. Runs nightly; safe to run twice.

A month after the gathering the table cards are thrown and nobody asks where a guest sat: the guests' places, who was
to be kept apart, and what was changed by hand go. The places of persons are kept for one thing more: that the next
gathering of the same people can give them new neighbours. So they stay until that one is over, or, when none comes,
for 400 days: a network that meets once a year has met again by then.
"""

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from rolu.models import Bordkart, Bordplass, Bordskille, Samling

BORD_BEHOLDES = datetime.timedelta(days=30)
NABOER_BEHOLDES = datetime.timedelta(days=400)


def purge(naa: datetime.datetime) -> int:
    """Delete what is old enough; how many places and pairs."""
    gammelt = naa - BORD_BEHOLDES
    antall = _delete(
        Bordplass.objects.filter(bordkart__samling__slutt__lt=gammelt, gjest__isnull=False)
    )
    antall += _delete(Bordskille.objects.filter(bordkart__samling__slutt__lt=gammelt))
    _forget_changes(gammelt)
    neste = Samling.objects.filter(
        Q(forrige=OuterRef("bordkart__samling"))
        | Q(
            serie=OuterRef("bordkart__samling__serie"),
            start__gt=OuterRef("bordkart__samling__start"),
        ),
        slutt__lt=naa,
        status__in=Samling.HOLDES,
    )
    personer = Bordplass.objects.filter(bordkart__samling__slutt__lt=gammelt)
    return antall + _delete(
        personer.filter(Exists(neste) | Q(bordkart__samling__slutt__lt=naa - NABOER_BEHOLDES))
    )


def _delete(rader: Any) -> int:
    pks = list(rader.values_list("pk", flat=True))
    rader.model.objects.filter(pk__in=pks).delete()
    return len(pks)


def _forget_changes(gammelt: datetime.datetime) -> None:
    """What was done by hand tells where people sat, and whom somebody wanted to keep apart."""
    gamle = Bordkart.objects.filter(samling__slutt__lt=gammelt)
    finnes = Bordkart.objects.filter(pk=OuterRef("bordkart_id"))
    for modell in (Bordplass, Bordskille):
        historie: Any = modell
        hendelser = historie.pgh_event_model.objects
        hendelser.filter(Q(bordkart_id__in=gamle.values("pk")) | ~Exists(finnes)).delete()
