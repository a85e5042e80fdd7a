"""Change what a network says about itself."""

from typing import Any

from nettverk.models import Nettverk

TEKSTFELT = (
    "visjon",
    "undertittel",
    "hovedmaal",
    "om",
    "fokus_overskrift",
    "fokus_innledning",
    "fokusomraader",
    "arbeidsmaater",
    "nettsted",
)


def change_text(nettverk: Nettverk, **tekster: Any) -> Nettverk:
    """Write the texts of a network that is held (`nettverk.skriving.laas.locked`)."""
    for felt, verdi in tekster.items():
        setattr(nettverk, felt, verdi)
    nettverk.save(update_fields=list(tekster))
    return nettverk
