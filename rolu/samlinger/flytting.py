"""Move a published gathering to another time or place, and tell those who were told of the old one."""

from django.db import transaction
from django.db.models import F

from nettverk.arbeid import brev
from nettverk.models import Brev, Person
from rolu.models import Samling
from rolu.samlinger import samlingsbrev
from rolu.samlinger.samlingsbrev import TidOgSted


@transaction.atomic
def move(samling: Samling, *, fra: TidOgSted, by: Person, tell: bool) -> int:
    """Raise the gathering's SEQUENCE after it was moved away from `fra`; returns how many are told.

    `samling` is saved with its new time and place. Invitations that have not gone, go with the new ones.
    With `tell`, sets in motion a letter to everyone who was told or has signed up. Nothing when it is
    where it was.
    """
    laast = Samling.objects.select_for_update(of=("self",)).get(pk=samling.pk)
    if fra.is_as(laast):
        return 0
    Samling.objects.filter(pk=samling.pk).update(sekvens=F("sekvens") + 1)
    laast.sekvens = samling.sekvens = laast.sekvens + 1
    laast.nettverk = samling.nettverk
    if not laast.er_publisert or laast.er_over:
        return 0
    # What was not sent of an earlier move, is no longer true.
    brev.withdraw(Brev.objects.about(laast).filter(slag=samlingsbrev.FLYTTING))
    samlingsbrev.rewrite_invitations(laast)
    return samlingsbrev.queue_move(laast, fra=fra, by=by) if tell else 0
