"""`manage.py sikkerhetskopi [MAPPE] [--behold N]`: the database and the files in one file."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from nettverk.sikkerhetskopi import kopiering
from nettverk.sikkerhetskopi.arkiv import Kopifeil


class Command(BaseCommand):
    help = "Ta sikkerhetskopi av databasen og filene, mens portalen er i bruk."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "mappe",
            nargs="?",
            type=Path,
            default=Path(settings.MEDIA_ROOT).parent / "kopier",
            help="hvor kopien legges (mappa kopier ved siden av filene)",
        )
        parser.add_argument(
            "--behold", type=int, metavar="N", help="slett alle kopier i mappa unntatt de N nyeste"
        )

    def handle(self, *args: Any, mappe: Path, behold: int | None, **options: Any) -> None:
        if behold is not None and behold < 1:
            raise CommandError("--behold: skriv et tall fra 1 og oppover.")
        try:
            kopi = kopiering.take(mappe.absolute(), si=self.stdout.write)
        except Kopifeil as feil:
            raise CommandError(str(feil)) from feil
        self.stdout.write(f"{kopi} ({kopi.stat().st_size / 1e6:.1f} MB)")
        if behold:
            for gammel in kopiering.keep_newest(kopi.parent, behold):
                self.stdout.write(f"Slettet {gammel.name}")
