"""The kinds of letters that the portal itself writes; importing a module registers its own."""

from nettverk import flytting, verv
from nettverk.innlogging import adapter

__all__ = ["adapter", "flytting", "verv"]
