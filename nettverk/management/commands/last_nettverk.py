"""`manage.py last_nettverk`: the networks, their kommuner and what the documents say of them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from nettverk.nettverksdata import Datafeil, load_all


class Command(BaseCommand):
    help = "Last nettverkene fra datafilene. Trygt å kjøre flere ganger."

    @translation.override("nb")
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lastet = load_all()
        except Datafeil as feil:
            raise CommandError(str(feil)) from feil
        for nettverk in lastet:
            antall = nettverk.medlemskap.gyldig().count()
            self.stdout.write(f"{nettverk.navn}: {antall} kommuner i dag")
