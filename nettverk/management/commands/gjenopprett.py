"""`manage.py gjenopprett FIL [--erstatt]`: bring a backup back; `--slett-gammelt` when all is seen to be there."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nettverk.sikkerhetskopi import gjenoppretting
from nettverk.sikkerhetskopi.arkiv import Kopifeil


class Command(BaseCommand):
    help = "Gjenopprett portalen fra en sikkerhetskopi. Portalen må være stoppet."
    # The database may be empty, or of another time than the code.
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("fil", nargs="?", type=Path, help="sikkerhetskopien")
        parser.add_argument(
            "--erstatt", action="store_true", help="legg databasen og filene som er der, til side"
        )
        parser.add_argument(
            "--slett-gammelt", action="store_true", help="slett det som er lagt til side"
        )

    def handle(
        self, *args: Any, fil: Path | None, erstatt: bool, slett_gammelt: bool, **options: Any
    ) -> None:
        if (fil is None) != slett_gammelt:
            raise CommandError("Skriv hvilken fil, eller --slett-gammelt.")
        try:
            if fil is None:
                gjenoppretting.delete_old()
                return
            manifest = gjenoppretting.restore(fil, replace=erstatt, si=self.stdout.write)
            databaser, mapper = gjenoppretting.old()
        except Kopifeil as feil:
            raise CommandError(str(feil)) from feil
        self.stdout.write(
            f"Gjenopprettet: {sum(manifest.tabeller.values())} rader og {len(manifest.filer)} filer, "
            f"som de var {manifest.laget}. Alle må logge inn på nytt."
        )
        if databaser or mapper:
            self.stdout.write(
                f"Det som var der fra før, er lagt til side ({', '.join([*databaser, *mapper])}). "
                "Slett det når alt er som det skal: manage.py gjenopprett --slett-gammelt"
            )
