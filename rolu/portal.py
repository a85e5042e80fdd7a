"""What rolu shows on the portal's shared surfaces: gatherings, attendance and between-gathering work."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from nettverk.flater import Gjoremaal, Kapittel, Menypunkt, Opplysninger, Portal, Seksjon, register
from rolu import opplysninger
from rolu.demo import mellomarbeid as demo_mellomarbeid
from rolu.demo import samlinger as demo_samlinger
from rolu.demo import testdata
from rolu.mellomarbeid import flater as mellomarbeidsflater
from rolu.samlinger import flater as samlingsflater

if TYPE_CHECKING:
    from kommuner.models import Enhet, Kommune
    from nettverk.models import Nettverk, Person
    from nettverk.tilgang.roller import Roller


@register
class RoluPortal(Portal):
    """Gatherings (rolu/samlinger/flater.py) and mellomarbeid (rolu/mellomarbeid/flater.py)."""

    def meny(self, roller: "Roller") -> Iterable[Menypunkt]:
        slug = roller.nettverk.slug
        yield Menypunkt(_("Samlinger"), reverse("rolu:samling_list", args=[slug]), "samling", 20)
        yield from mellomarbeidsflater.meny(roller)

    def gjoremaal(self, roller: "Roller") -> Iterable[Gjoremaal]:
        yield from samlingsflater.gjoremaal(roller)
        yield from mellomarbeidsflater.gjoremaal(roller)

    def hjem(self, roller: "Roller") -> Iterable[Seksjon]:
        yield from samlingsflater.hjem(roller)
        yield from mellomarbeidsflater.hjem(roller)

    def offentlig(self, nettverk: "Nettverk") -> Iterable[Seksjon]:
        yield from samlingsflater.offentlig(nettverk)

    def enhet(self, enhet: "Enhet", roller: "Roller", dato: datetime.date) -> Iterable[Seksjon]:
        yield from mellomarbeidsflater.enhet(enhet, roller, dato)

    def kommune(
        self, kommune: "Kommune", roller: "Roller", dato: datetime.date
    ) -> Iterable[Seksjon]:
        yield from mellomarbeidsflater.kommune(kommune, roller, dato)

    def kapitler(self, nettverk: "Nettverk", aar: int) -> Iterable[Kapittel]:
        yield from samlingsflater.kapitler(nettverk, aar)
        yield from mellomarbeidsflater.kapitler(nettverk, aar)

    def make_demo(self, nettverk: "Nettverk") -> None:
        demo_samlinger.make(nettverk)
        demo_mellomarbeid.make(nettverk)

    def make_testdata(self, nettverk: "Nettverk") -> None:
        testdata.make(nettverk)

    def delete_testdata(self, nettverk: "Nettverk") -> None:
        testdata.remove(nettverk)

    def opplysninger(self, person: "Person") -> Iterable[Opplysninger]:
        yield from opplysninger.gather(person)
