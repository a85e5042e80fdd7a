"""The smallest valid tankesmie, with a question and a card."""

import factory

from fremtidsbilder.models import Bidrag, Klynge, Samtalesporsmaal, Tankesmie
from nettverk.side.kode import draw
from tests.nettverk.factories import NettverkFactory


class TankesmieFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Tankesmie

    nettverk = factory.SubFactory(NettverkFactory)
    tittel = "Rom for læring"
    kode = factory.LazyFunction(draw)
    antall_bord = 8


class SporsmaalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Samtalesporsmaal

    tankesmie = factory.SubFactory(TankesmieFactory)
    tekst = factory.Sequence(lambda n: f"Hva virker? {n}")
    rekkefolge = factory.Sequence(lambda n: n)


class KlyngeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Klynge

    sporsmaal = factory.SubFactory(SporsmaalFactory)
    navn = factory.Sequence(lambda n: f"Tema {n}")


class BidragFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Bidrag

    sporsmaal = factory.SubFactory(SporsmaalFactory)
    tekst = factory.Sequence(lambda n: f"Vi ser barn som leker {n}")
