"""The kinds of letters that rolu writes; importing a module registers its own."""

from rolu.mellomarbeid import oppdrag
from rolu.samlinger import samlingsbrev

__all__ = ["oppdrag", "samlingsbrev"]
