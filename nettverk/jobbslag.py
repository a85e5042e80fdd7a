"""The kinds of long work that the network itself can do; importing a module registers its own."""

from nettverk import enhetsimport
from nettverk.arbeid import utsending
from nettverk.folkeimport import handlinger as folkeimport
from nettverk.oppstart import kommuner

__all__ = ["enhetsimport", "folkeimport", "kommuner", "utsending"]
