"""The kinds of mail that the portal itself sends: about the account, to one person, at once."""

from nettverk.innlogging import adapter
from nettverk.sikkerhet import nullstilling

__all__ = ["adapter", "nullstilling"]
