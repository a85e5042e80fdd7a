"""The kinds of letters that rolu writes; importing a module registers its own."""

from rolu.mellomarbeid import oppdrag
from rolu.samlinger import etterbrev, samlingsbrev

__all__ = ["etterbrev", "oppdrag", "samlingsbrev"]
