"""Partners, from–to, and where the network shared its experience: what the public page lists."""

from typing import Any

from django.db.models import Max

from nettverk.models import Deling, Nettverk, Partner


def add(
    modell: type[Partner] | type[Deling], *, nettverk: Nettverk, **felt: Any
) -> Partner | Deling:
    """Make one, last in its list."""
    siste = modell._default_manager.filter(nettverk=nettverk).aggregate(siste=Max("rekkefolge"))
    rekkefolge = min((siste["siste"] or 0) + 10, 32_767)
    return modell._default_manager.create(nettverk=nettverk, rekkefolge=rekkefolge, **felt)


def change(rad: Partner | Deling, **felt: Any) -> None:
    """Write in one that is held (`nettverk.skriving.laas.locked`). A Partner ends by its `gyldig`."""
    for navn, verdi in felt.items():
        setattr(rad, navn, verdi)
    rad.save(update_fields=list(felt))


def remove(deling: Deling) -> None:
    """Take a Deling out of the list. It has no end; what stood there is in its history."""
    deling.delete()
