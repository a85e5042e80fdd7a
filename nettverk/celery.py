"""The Celery application: one queue, jobs whose truth is a row in the database (`nettverk.arbeid.jobber`)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nettverk.settings")

app = Celery("nettverk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
