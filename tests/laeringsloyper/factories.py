"""The smallest valid tracks and periods."""

import datetime

import factory

from kommuner.gyldighet import periode
from laeringsloyper.models import (
    Enhetsloype,
    Laeringsloype,
    Leseverk,
    Modul,
    Periode,
    Ressurs,
)
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import NettverkFactory, PersonFactory


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


class ModulFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Modul

    periode = factory.SubFactory(PeriodeFactory)
    tittel = factory.Sequence(lambda n: f"Modul {n}")
    rekkefolge = factory.Sequence(lambda n: n * 10)


class RessursFactory(factory.django.DjangoModelFactory):
    """A link."""

    class Meta:
        model = Ressurs

    modul = factory.SubFactory(ModulFactory)
    slag = Ressurs.Slag.LENKE
    tittel = factory.Sequence(lambda n: f"Ressurs {n}")
    url = factory.Sequence(lambda n: f"https://eksempel.no/{n}")
    lastet_opp_av = factory.SubFactory(PersonFactory)


class LeseverkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Leseverk

    modul = factory.SubFactory(ModulFactory)
    forfatter = "Tom Tiller"
    tittel = factory.Sequence(lambda n: f"Bok {n}")
