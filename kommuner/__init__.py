"""Kommuner: the public register underneath – municipalities through time, units, their figures."""
