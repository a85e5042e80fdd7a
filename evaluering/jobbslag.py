"""The kinds of long work that evaluering can do; importing a module registers its own."""

from evaluering import aarsrapport, godkjenning

__all__ = ["aarsrapport", "godkjenning"]
