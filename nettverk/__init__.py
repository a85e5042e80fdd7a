"""Nettverket: who we are. Also the project package: settings, addresses, Celery, the machine room."""

from nettverk.celery import app as celery_app

__all__ = ["celery_app"]
