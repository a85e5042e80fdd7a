"""`manage.py driftssjekk`: is the portal ready to be used? A line for each part, and what mends it."""

from typing import Any

from django.core.management.base import BaseCommand

from nettverk import driftssjekk


class Command(BaseCommand):
    help = "Se etter at alt er klart for drift: hver linje sier ok, eller hva som er galt og hvordan det rettes."
    # It runs them itself, and tells of them in its own line.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        feil = antall = 0
        for svar in driftssjekk.run():
            antall += 1
            feil += bool(svar.feil)
            merke = self.style.ERROR("FEIL") if svar.feil else self.style.SUCCESS("ok  ")
            self.stdout.write(f"{merke}  {svar.del_:<15} {svar.feil or svar.merknad}")
        if feil:
            self.stdout.write(f"\n{feil} av {antall} må rettes.")
            raise SystemExit(1)
        self.stdout.write("\nAlt er klart.")
