"""The smallest valid reports."""

import factory

from evaluering.models import Aarsrapport, Kapitteltekst
from tests.nettverk.factories import NettverkFactory


class AarsrapportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Aarsrapport

    nettverk = factory.SubFactory(NettverkFactory)
    aar = 2026

    class Params:
        godkjent = factory.Trait(status=Aarsrapport.Status.GODKJENT)


class KapitteltekstFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Kapitteltekst

    aarsrapport = factory.SubFactory(AarsrapportFactory)
    noekkel = "sammendrag"
    tekst = "Et godt år."
    versjon = 1
