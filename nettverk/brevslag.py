"""The kinds of letters that the portal itself writes; importing a module registers its own."""

from nettverk import annullert_brev, bekreftelse, flytting, invitasjon, verv
from nettverk.arbeid import nyheter
from nettverk.innlogging import adapter
from nettverk.sikkerhet import nullstilling

__all__ = [
    "adapter",
    "annullert_brev",
    "bekreftelse",
    "flytting",
    "invitasjon",
    "nullstilling",
    "nyheter",
    "verv",
]
