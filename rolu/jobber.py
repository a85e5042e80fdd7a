"""The kinds of long work that rolu can do; importing a module registers its own."""

from rolu import oppdrag, oppsummering, publisering

__all__ = ["oppdrag", "oppsummering", "publisering"]
