"""`manage.py importer_kommunegrenser fil.geojson`: real borders for the maps."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from kommuner.kommunegrenser import import_grenser


class Command(BaseCommand):
    help = "Les inn kommunegrenser fra Kartverkets GeoJSON. Trygt å kjøre flere ganger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fil", type=Path, help="GeoJSON med kommuner, WGS 84")

    def handle(self, *args: Any, fil: Path, **options: Any) -> None:
        try:
            resultat = import_grenser(fil.read_bytes())
        except OSError as feil:
            raise CommandError(f"Finner ikke fila {fil}.") from feil
        except ValidationError as feil:
            raise CommandError(" ".join(feil.messages)) from feil
        self.stdout.write(f"{len(resultat.oppdatert)} kommuner fikk grense.")
        if resultat.ukjent:
            self.stdout.write(f"{len(resultat.ukjent)} i fila er ikke i portalen.")
