"""The kinds of long work that rolu can do; importing a module registers its own."""

from rolu.samlinger import oppsummering, serieoppsummering, utskrifter

__all__ = ["oppsummering", "serieoppsummering", "utskrifter"]
