"""The reading list of a module: add a work, change it, take it off."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from laeringsloyper.models import Leseverk, Modul
from nettverk.skriving.laas import held


@transaction.atomic
def add(modul: Modul, **felt: Any) -> Leseverk:
    """A work, the last on the list. Raises Borte when the module is gone."""
    held(modul, _("Modulen er slettet av noen andre."))
    sist = modul.leseliste.aggregate(sist=Max("rekkefolge"))["sist"] or 0
    return Leseverk.objects.create(modul=modul, rekkefolge=sist + 10, **felt)


def change(verk: Leseverk, **felt: Any) -> Leseverk:
    """Write `felt` in a work that is held (`nettverk.skriving.laas.locked`)."""
    for navn, verdi in felt.items():
        setattr(verk, navn, verdi)
    verk.save(update_fields=list(felt))
    return verk


def remove(verk: Leseverk) -> None:
    """Off the list. What it was stays in the history."""
    verk.delete()
