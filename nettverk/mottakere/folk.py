"""The people an audience names, when one row for a person becomes another."""

from django.db.models import Q

from nettverk.models import Mottakere, Nettverk, Person


def replace_person(fra: Person, til: Person, *, nettverk: Nettverk | None = None) -> None:
    """Every audience (of `nettverk`, when given) that names `fra`, or leaves them out, means `til` from now
    on, once.

    The audience keeps its people as numbers, which no foreign key follows.
    """
    nevner = Q(personer__contains=[fra.pk]) | Q(uten_personer__contains=[fra.pk])
    if nettverk is not None:
        nevner &= Q(nettverk=nettverk)
    for rad in Mottakere.objects.select_for_update().filter(nevner).order_by("pk"):
        rad.personer = _replaced(rad.personer, fra, til)
        rad.uten_personer = _replaced(rad.uten_personer, fra, til)
        rad.save(update_fields=["personer", "uten_personer"])


def _replaced(numre: list[int], fra: Person, til: Person) -> list[int]:
    return list(dict.fromkeys(til.pk if nummer == fra.pk else nummer for nummer in numre))
