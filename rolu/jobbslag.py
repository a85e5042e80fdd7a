"""The kinds of long work that rolu can do; importing a module registers its own."""

from rolu.samlinger import oppsummering, samtaleark, serieoppsummering, utskrifter
from rolu.samlinger.bord import bordkart

__all__ = ["bordkart", "oppsummering", "samtaleark", "serieoppsummering", "utskrifter"]
