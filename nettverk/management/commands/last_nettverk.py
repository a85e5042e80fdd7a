"""`manage.py load_nettverk`: the networks, their kommuner and what the documents say of them."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from nettverk.nettverksdata import load_all


class Command(BaseCommand):
    help = "Last nettverkene fra datafilene. Trygt å kjøre flere ganger."

    @translation.override("nb")
    def handle(self, *args: Any, **options: Any) -> None:
        for nettverk in load_all():
            antall = nettverk.medlemskap.gyldig().count()
            self.stdout.write(f"{nettverk.navn}: {antall} kommuner i dag")
