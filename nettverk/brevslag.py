"""The kinds of mail that the portal itself sends: about the account, to one person, at once."""

from nettverk.innlogging import adapter

__all__ = ["adapter"]
