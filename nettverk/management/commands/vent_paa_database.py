"""`manage.py vent_paa_database`: until it answers; for services that start before it is ready."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

HVERT = 2  # seconds


class Command(BaseCommand):
    help = "Vent til databasen svarer, for tjenester som starter før den er klar."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sekunder", type=int, default=1200, help="hvor lenge (1200)")

    def handle(self, *args: Any, sekunder: int, **options: Any) -> None:
        slutt = time.monotonic() + sekunder
        while True:
            try:
                connection.ensure_connection()
                return
            except OperationalError as feil:
                if time.monotonic() >= slutt:
                    raise CommandError(
                        f"Databasen svarer ikke: {str(feil).strip().splitlines()[0]}. "
                        "Se at PostgreSQL går, og at adressen i miljøet er riktig."
                    ) from feil
                time.sleep(HVERT)
