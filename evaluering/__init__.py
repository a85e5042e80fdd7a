"""Evaluering: how we know, what we plan, what we report."""
