"""The goals: read as a tree and as a publication, written, their rounds, taken over, and how far they have come."""
