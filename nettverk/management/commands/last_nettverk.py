"""`manage.py last_nettverk nordmore …`: networks from their data files, and the kommuner they need."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from nettverk.nettverksdata import Datafeil, load_named, named_data, nettverksdata


class Command(BaseCommand):
    help = "Last nettverkene du nevner, fra datafilene deres. Trygt å kjøre flere ganger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "nettverk", nargs="*", help="adressen til et nettverk vi har data om, eller en datafil"
        )

    @translation.override("nb")
    def handle(self, *args: Any, nettverk: Sequence[str], **options: Any) -> None:
        try:
            if not nettverk:
                self._list()
                return
            lastet = load_named(named_data(nettverk))
        except Datafeil as feil:
            raise CommandError(str(feil)) from feil
        for rad in lastet:
            antall = rad.medlemskap.gyldig().count()
            self.stdout.write(f"{rad.navn}: {antall} kommuner i dag")

    def _list(self) -> None:
        self.stdout.write("Ingen nettverk er lastet. Nevn dem du vil ha. Vi har data om:")
        for data in nettverksdata():
            self.stdout.write(f"  {data['slug']}: {data['navn']}")
        self.stdout.write(
            "Et nettverk som ikke står her, lager administratoren i portalen, under «Nytt nettverk»."
        )
