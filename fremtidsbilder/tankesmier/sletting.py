"""A tankesmie that goes takes with it what it has in the storage."""

from django.db import transaction
from django.db.models import QuerySet

from fremtidsbilder.models import Bidrag, Tankesmie
from fremtidsbilder.tankesmier import bidragsbilder, skanning


@transaction.atomic
def delete(tankesmier: QuerySet[Tankesmie]) -> None:
    """Take them away with the pictures of their cards and their scanned pages. Whether one may, is asked before."""
    for tankesmie in tankesmier:
        for bunke in tankesmie.bunker.all():
            skanning.forget(bunke)
    bidragsbilder.forget(Bidrag.objects.filter(sporsmaal__tankesmie__in=tankesmier))
    tankesmier.delete()
