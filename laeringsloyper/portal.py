"""What laeringsloyper contributes: the nine-year line in public, the unit's track, the report's chapter."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from kommuner.models import Enhet
from laeringsloyper import demo
from laeringsloyper.enheter import status_of_loyper
from laeringsloyper.lasting import load_loyper
from laeringsloyper.linje import draw_linje
from laeringsloyper.models import Enhetsloype, Laeringsloype
from nettverk.flater import Kapittel, Menypunkt, Portal, Seksjon, Tekst, register
from nettverk.models import Nettverk
from nettverk.tilgang.roller import Roller


@register
class LaeringsloyperPortal(Portal):
    def meny(self, roller: Roller) -> Iterable[Menypunkt]:
        yield Menypunkt(_("Læringsløyper"), f"/{roller.nettverk.slug}/laeringsloyper/", "loype", 40)

    def offentlig(self, nettverk: Nettverk) -> Iterable[Seksjon]:
        loyper = list(
            Laeringsloype.objects.filter(nettverk=nettverk)
            .select_related("ansvarlig_gruppe")
            .prefetch_related("perioder")
        )
        if loyper:
            yield Seksjon(
                "laeringsloyper/_offentlig.html", {"linje": draw_linje(loyper, idag())}, 40
            )

    def enhet(self, enhet: Enhet, roller: Roller, dato: datetime.date) -> Iterable[Seksjon]:
        rader = list(
            Enhetsloype.objects.filter(enhet=enhet, periode__loype__nettverk=roller.nettverk)
            .select_related("periode__loype")
            .order_by("-periode__gyldig", "periode__loype__rekkefolge")
        )
        if rader:
            data = {
                "naa": [r for r in rader if r.periode.er_gyldig(dato)],
                "andre": [r for r in rader if not r.periode.er_gyldig(dato)],
            }
            yield Seksjon("laeringsloyper/_enhet.html", data, 20)

    def kapitler(self, nettverk: Nettverk, aar: int) -> Iterable[Kapittel]:
        """The tracks as they were on the last day of the year, or today in the year that runs."""
        dato = min(datetime.date(aar, 12, 31), idag())
        loyper = status_of_loyper(nettverk, dato) if dato.year == aar else []
        if not loyper:
            return
        mangler: list[Tekst] = []
        if not any(loype.antall_enheter for loype in loyper):
            mangler.append(_("Ingen enheter er knyttet til en læringsløype dette året."))
        yield Kapittel(
            "laeringsloyper",
            6,
            _("Læringsløyper"),
            "laeringsloyper/kapittel.html",
            {"loyper": loyper, "dato": dato, "antall": sum(l_.antall_enheter for l_ in loyper)},
            _("Hva har løypene ført til i praksis? Gi gjerne to eksempler fra enhetene."),
            mangler,
        )

    def load_nettverk(self, nettverk: Nettverk, data: dict[str, Any]) -> None:
        load_loyper(nettverk, data)

    def make_demo(self, nettverk: Nettverk) -> None:
        demo.make_demo(nettverk)
