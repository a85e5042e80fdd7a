"""What is kept about people at a gathering goes when it has done its work. Runs nightly; safe to run twice."""

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from nettverk.arbeid.gjelder import gjelder
from nettverk.models import Brev
from rolu.models import Behov, Endringsoenske, Gjest, Samling
from rolu.samlinger import oppsummering, utskrifter

# A month: the bill for the food has come, and nobody needs to know who eats what.
BEHOV_BEHOLDES = datetime.timedelta(days=30)
# Somebody may have written why they cannot come: it goes with what they needed.
ENDRING_BEHOLDES = BEHOV_BEHOLDES
# A term's length: the list of who was there, the course certificates and the summary are done by then.
GJEST_BEHOLDES = datetime.timedelta(days=90)
# Two years: the next gatherings and the yearly report are done by then, and the attendance itself stays.
NAVNELISTER_BEHOLDES = datetime.timedelta(days=2 * 365)
# Files are made anew, so only so many in a night; the rest the next.
_PER_NATT = 20


def purge_needs(naa: datetime.datetime) -> int:
    """Delete what people needed; returns how many."""
    antall, _per_modell = Behov.objects.filter(samling__slutt__lt=naa - BEHOV_BEHOLDES).delete()
    return antall


def purge_wishes(naa: datetime.datetime) -> int:
    """Delete the wishes for another answer, and what was written in them; the answers themselves stay. Returns
    how many."""
    gamle = Endringsoenske.objects.filter(deltakelse__samling__slutt__lt=naa - ENDRING_BEHOLDES)
    pks = list(gamle.values_list("pk", flat=True))
    gamle.delete()
    historie: Any = Endringsoenske
    hendelser = historie.pgh_event_model.objects
    # Also of those that went with their place.
    uten_oenske = ~Exists(Endringsoenske.objects.filter(pk=OuterRef("pgh_obj_id")))
    gammelt = Q(pgh_created_at__lt=naa - ENDRING_BEHOLDES)
    hendelser.filter(Q(pgh_obj_id__in=pks) | (gammelt & uten_oenske)).delete()
    return len(pks)


def purge_guests(naa: datetime.datetime) -> int:
    """Take away who the guests were: their name and address and where they came from, from the history, the
    prints and the letters of that gathering too. That somebody came, from which kommune, stays for the figures.
    Returns how many."""
    borte = {"navn": "", "epost": "", "fra": ""}
    gjester = Gjest.objects.filter(samling__slutt__lt=naa - GJEST_BEHOLDES).exclude(**borte)
    pks = list(gjester.values_list("pk", flat=True))
    om = [gjelder(s) for s in Samling.objects.filter(gjester__in=pks).distinct()]
    # All of the gathering's letters to somebody without an account: an address may have been changed since.
    brevene = Brev.objects.filter(til=None, gjelder__in=om, slag__startswith="rolu.")
    brevene.exclude(tilstand__in=[Brev.Tilstand.VENTER, Brev.Tilstand.SENDER]).update(
        epost="slettet@nettverksportalen.invalid", tekst="", kalender="", metode="", svar=""
    )
    utskrifter.forget_prints(om)
    Gjest.objects.filter(pk__in=pks).update(**borte)
    # The change itself is history too, so the history is cleared after it.
    historie: Any = Gjest
    historie.pgh_event_model.objects.filter(pgh_obj_id__in=pks).update(**borte)
    return len(pks)


def purge_named_lists(naa: datetime.datetime) -> int:
    """Take the lists of names out of old summaries, also of locked gatherings; the figures, the decisions and
    what was written stay. Returns how many summaries."""
    gamle = Samling.objects.filter(oppsummering.has_names(), slutt__lt=naa - NAVNELISTER_BEHOLDES)
    rader = list(gamle.select_related("nettverk").order_by("slutt", "pk")[:_PER_NATT])
    for samling in rader:
        oppsummering.forget_names(samling)
    return len(rader)
