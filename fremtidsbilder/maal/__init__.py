"""The goals: written, their rounds, taken over, and how far they have come."""
