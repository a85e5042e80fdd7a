"""The answers go when what they say is fixed. Runs nightly; safe to run twice."""

import datetime

from django.db import transaction

from evaluering.models import Svar, Undersokelse
from evaluering.undersokelser.resultat import answered, results

# A year after it closed: the annual report that tells of it is written by then.
SVAR_BEHOLDES = datetime.timedelta(days=365)
# Nobody sits in the room two months later. What nobody remembered to close, closes.
STENGES_ETTER = datetime.timedelta(days=60)


def close_forgotten(naa: datetime.datetime) -> int:
    """Close what has been open for two months; how many."""
    gamle = Undersokelse.objects.open().filter(aapnet__lt=naa - STENGES_ETTER)
    return gamle.update(stengt=naa, viser_resultater=False)


def freeze(naa: datetime.datetime) -> int:
    """Delete the answers to what closed a year ago, the texts too. What could be shown of the others stays, as
    figures: how many gave each answer. Returns how many surveys."""
    gamle = Undersokelse.objects.filter(stengt__lt=naa - SVAR_BEHOLDES, frosset__isnull=True)
    rader = list(gamle.select_related("skjema").order_by("pk"))
    for undersokelse in rader:
        _freeze(undersokelse, naa)
    return len(rader)


@transaction.atomic
def _freeze(undersokelse: Undersokelse, naa: datetime.datetime) -> None:
    results(undersokelse)
    rad = Undersokelse.objects.select_for_update(of=["self"]).get(pk=undersokelse.pk)
    if rad.frosset is not None:
        return
    i_alt = answered(rad)
    for bilde in rad.vist.get("sporsmaal", {}).values():
        bilde["tekster"] = []
    rad.vist = {"svar": 0, "sporsmaal": {}, **rad.vist, "i_alt": i_alt}
    rad.frosset = naa
    rad.save(update_fields=["vist", "frosset"])
    Svar.objects.filter(undersokelse=rad).delete()
