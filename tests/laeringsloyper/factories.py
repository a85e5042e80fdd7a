"""The smallest valid tracks and periods."""

import datetime

import factory

from kommuner.gyldighet import periode
from laeringsloyper.models import Enhetsloype, Laeringsloype, Periode
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import NettverkFactory


class LaeringsloypeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Laeringsloype

    nettverk = factory.SubFactory(NettverkFactory)
    slug = factory.Sequence(lambda n: f"loype-{n}")
    navn = factory.Sequence(lambda n: f"Løype {n}")


class PeriodeFactory(factory.django.DjangoModelFactory):
    """Three years from 2020."""

    class Meta:
        model = Periode

    loype = factory.SubFactory(LaeringsloypeFactory)
    nummer = 1
    gyldig = periode(datetime.date(2020, 1, 1), datetime.date(2023, 1, 1))


class EnhetsloypeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enhetsloype

    enhet = factory.SubFactory(EnhetFactory)
    periode = factory.SubFactory(PeriodeFactory)
