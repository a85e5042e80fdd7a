"""The smallest valid images, signs and goals."""

import factory

from fremtidsbilder.models import Fremtidsbilde, Maal, Tegn, Tema, Utviklingsomraade
from tests.nettverk.factories import NettverkFactory


class FremtidsbildeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Fremtidsbilde

    nettverk = factory.SubFactory(NettverkFactory)
    nivaa = Fremtidsbilde.Nivaa.NETTVERK
    tittel = factory.Sequence(lambda n: f"Bilde {n}")


class TegnFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Tegn

    fremtidsbilde = factory.SubFactory(FremtidsbildeFactory)
    tekst = "Vi ser at alle er med."


class MaalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Maal

    nettverk = factory.SubFactory(NettverkFactory)
    type = Maal.Type.EFFEKT
    tekst = factory.Sequence(lambda n: f"Mål {n}")
    tilstand = Maal.Tilstand.VEDTATT


class TemaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Tema

    nettverk = factory.SubFactory(NettverkFactory)
    navn = factory.Sequence(lambda n: f"Tema {n}")


class UtviklingsomraadeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Utviklingsomraade

    nettverk = factory.SubFactory(NettverkFactory)
    nummer = factory.Sequence(lambda n: n + 1)
    tittel = "Tidlig innsats"
