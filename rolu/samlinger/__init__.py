"""Gatherings: from the draft to the summary."""
