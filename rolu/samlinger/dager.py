"""The days of a gathering, each with its own hours."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nettverk.skriving.konflikt import KanIkke
from rolu.models import Samling, Samlingsdag


def days(samling: Samling) -> list[Samlingsdag]:
    """The days in order: the rows of a gathering over several, else the one day that its start and end say
    (not saved). One query, none when `samlingsdager` is prefetched."""
    if not samling.varer_flere_dager:
        start, slutt = timezone.localtime(samling.start), timezone.localtime(samling.slutt)
        return [Samlingsdag(samling=samling, dato=start.date(), fra=start.time(), til=slutt.time())]
    return list(samling.samlingsdager.all()) or _guessed(samling)


def _guessed(samling: Samling) -> list[Samlingsdag]:
    """Of a gathering whose days nobody has told: each from the hour it begins to the hour it ends."""
    start, slutt = timezone.localtime(samling.start), timezone.localtime(samling.slutt)
    fra, til = start.time(), slutt.time()
    if fra >= til:
        fra, til = min(fra, til), max(fra, til)
    antall = (slutt.date() - start.date()).days + 1
    return [
        Samlingsdag(
            samling=samling, dato=start.date() + datetime.timedelta(days=n), fra=fra, til=til
        )
        for n in range(antall)
    ]


@transaction.atomic
def set_days(
    samling: Samling, dager: Sequence[tuple[datetime.date, datetime.time, datetime.time]]
) -> None:
    """Let the gathering be on these days (date, from, to), and its start and end follow. Saves the days and,
    of the gathering, only start and slutt. KanIkke for no day, a day twice, or an end before the start."""
    if not dager:
        raise KanIkke(_("Samlingen må ha minst én dag."))
    if len({dato for dato, _fra, _til in dager}) < len(dager):
        raise KanIkke(_("Samme dag kan bare stå én gang."))
    if any(fra >= til for _dato, fra, til in dager):
        raise KanIkke(_("Dagen må slutte etter at den starter."))
    rader = [
        Samlingsdag(samling=samling, dato=dato, fra=fra, til=til)
        for dato, fra, til in sorted(dager)
    ]
    samling.start, samling.slutt = rader[0].start, rader[-1].slutt
    samling.save(update_fields=["start", "slutt"])
    samling.samlingsdager.all().delete()
    if len(rader) > 1:
        Samlingsdag.objects.bulk_create(rader)
