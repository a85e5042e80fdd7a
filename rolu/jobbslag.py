"""The kinds of long work that rolu can do; importing a module registers its own."""

from rolu.mellomarbeid import oppdrag
from rolu.samlinger import oppsummering, publisering

__all__ = ["oppdrag", "oppsummering", "publisering"]
