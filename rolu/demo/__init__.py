"""Rolu's part of the demo, and the rows that measurements are made on. Never loaded in production."""
