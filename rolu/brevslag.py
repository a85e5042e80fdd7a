"""The kinds of letters that rolu writes; importing a module registers its own."""

from rolu.mellomarbeid import oppdrag, paaminnelse, tilbakemelding
from rolu.samlinger import etterbrev, samlingsbrev
from rolu.stoette import handlinger

__all__ = ["etterbrev", "handlinger", "oppdrag", "paaminnelse", "samlingsbrev", "tilbakemelding"]
