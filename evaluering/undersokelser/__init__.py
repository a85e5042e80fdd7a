"""Surveys: forms in versions, rounds with codes, the answers, and what may be shown of them."""
