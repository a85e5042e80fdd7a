"""What everybody who watches a tankesmie asks for: has anything changed? Its number is raised with each change."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from fremtidsbilder.models import Bidrag, Samtalesporsmaal, Tankesmie
from nettverk.skriving.konflikt import KanIkke


def changed(tankesmie: int) -> None:
    """Raise the number, last in the transaction of what was changed: its row is held from here to the commit, so the
    numbers come in the order of the commits."""
    Tankesmie.objects.filter(pk=tankesmie).update(versjon=F("versjon") + 1)


@contextmanager
def arranging(sporsmaal: Samtalesporsmaal) -> Iterator[Samtalesporsmaal]:
    """Hold the question while its wall is arranged, one at a time, and tell those who watch. Yields it as it stands
    now. Those who write do not wait (`no_key`)."""
    with transaction.atomic():
        rader = Samtalesporsmaal.objects.select_for_update(no_key=True)
        naa = rader.filter(pk=sporsmaal.pk).first()
        if naa is None:
            raise KanIkke(_("Spørsmålet finnes ikke lenger."))
        naa.tankesmie = sporsmaal.tankesmie
        yield naa
        changed(naa.tankesmie_id)


@contextmanager
def steering(tankesmie: Tankesmie) -> Iterator[dict[int, Samtalesporsmaal]]:
    """Hold all its questions while one is opened or closed, and tell those who watch. Yields them as they stand."""
    with transaction.atomic():
        rader = Samtalesporsmaal.objects.select_for_update(no_key=True).filter(tankesmie=tankesmie)
        alle = {rad.pk: rad for rad in rader.order_by("pk")}
        tankesmie.refresh_from_db(fields=["lukket", "aapen_fra", "aapen_til"])
        yield alle
        changed(tankesmie.pk)


def held_cards(kort: QuerySet[Bidrag]) -> QuerySet[Bidrag]:
    """Those of them that stand, held until the end of the transaction, in the order of those who write
    (`bidrag.contribute`): then no two wait for each other."""
    laast = kort.order_by("nokkel", "pk").select_for_update(of=["self"], no_key=True)
    return Bidrag.objects.filter(pk__in=list(laast.values_list("pk", flat=True)))
