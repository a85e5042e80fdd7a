"""The kinds of long work that the network itself can do; importing a module registers its own."""

from nettverk import enhetsimport

__all__ = ["enhetsimport"]
