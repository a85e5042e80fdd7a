"""`manage.py demodata`: three networks with invented units and people, and each app's own demo."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from nettverk.demo.nettverkene import build_all
from nettverk.flater import portaler
from nettverk.models import Nettverk, Person
from nettverk.nettverksdata import load_all
from nettverk.oppstart.steg import finish


class Command(BaseCommand):
    help = "Lag demodata: tre nettverk med oppdiktede enheter og folk. Trygg å kjøre flere ganger."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            load_all()
            nettverk = {rad.slug: rad for rad in Nettverk.objects.filter(er_testdata=False)}
            build_all(nettverk)
            for rad in nettverk.values():
                finish(rad)
        nordmore = nettverk["nordmore"]
        for portal in portaler():
            with transaction.atomic():
                portal.make_demo(nordmore)
                portal.make_demo(nettverk["nordre-sunnmore"])
        antall = Person.objects.in_nettverk(nordmore).count()
        self.stdout.write(
            f"Demodata: {nordmore.enheter().filter(er_demo=True).count()} enheter og {antall} personer "
            f"i {nordmore}."
        )
