"""Demo: invented people who can be signed in with one press. Exists only when DEMO=1."""
