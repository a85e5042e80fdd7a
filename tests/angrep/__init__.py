"""Hostile input: values, and the walk of every address and field with them.

Knows nothing of Django's test client: what it needs of a client is `Spoerrer`, so that the same walk
goes against the test client and against a server that runs.
"""
