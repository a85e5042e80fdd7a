"""A worker that only sends letters, in a process that a test may kill: `python -m … <gjelder>`."""

import sys

import django

django.setup()

from nettverk.arbeid.utsending import send_waiting  # noqa: E402 (Django first)
from nettverk.models import Brev  # noqa: E402

if __name__ == "__main__":
    send_waiting(Brev.objects.filter(gjelder=sys.argv[1]))
