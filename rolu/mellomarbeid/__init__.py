"""The work between two gatherings: the assignment, the unit's log, its delivery."""
