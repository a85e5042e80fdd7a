"""`manage.py testdata --skala N`: N networks of Nordmøre's size, for measuring."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from nettverk.demo import testnettverk
from nettverk.models import Nettverk


class Command(BaseCommand):
    help = "Lag N nettverk på størrelse med Nordmøre til måling. De som finnes, blir stående."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--skala", type=int, default=1, help="hvor mange nettverk (1, 10, 40)")
        parser.add_argument("--slett", action="store_true", help="fjern alle testnettverkene")

    def handle(self, *args: Any, skala: int, slett: bool, **options: Any) -> None:
        start = time.monotonic()
        if slett:
            self._delete()
        elif 1 <= skala <= testnettverk.FLEST:
            self._make(skala)
        else:
            raise CommandError(f"--skala må være fra 1 til {testnettverk.FLEST}.")
        with connection.cursor() as cursor:
            # So that the planner knows the tables before anybody measures.
            cursor.execute("ANALYZE")
        self.stdout.write(f"Ferdig på {time.monotonic() - start:.0f} s.")

    def _make(self, skala: int) -> None:
        for nummer in range(1, skala + 1):
            ny = testnettverk.make(nummer)
            self.stdout.write(f"{testnettverk.slug_of(nummer)}: {'laget' if ny else 'finnes'}")

    def _delete(self) -> None:
        for nettverk in Nettverk.objects.filter(er_testdata=True):
            testnettverk.delete(nettverk)
            self.stdout.write(f"{nettverk.slug}: slettet")
