"""Rolu: where we meet and what we do in between – gatherings, assignments, between-gathering work."""
