"""The smallest valid networks, groups, people and appointments; roles as traits."""

import factory

from kommuner.gyldighet import periode
from nettverk.models import Gruppe, Medlemskap, Nettverk, Person, Rolle, Verv
from nettverk.models.rolle import ENHETSROLLER
from tests.kommuner.factories import LENGE_SIDEN, EnhetFactory, KommuneFactory


class NettverkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Nettverk

    slug = factory.Sequence(lambda n: f"nettverk-{n}")
    navn = factory.Sequence(lambda n: f"Oppvekstnettverk {n}")
    kortnavn = factory.Sequence(lambda n: f"Region {n}")
    paakrevde_roller = list(ENHETSROLLER)
    satt_opp = LENGE_SIDEN


class MedlemskapFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Medlemskap

    nettverk = factory.SubFactory(NettverkFactory)
    kommune = factory.SubFactory(KommuneFactory)
    gyldig = periode(LENGE_SIDEN)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    epost = factory.Sequence(lambda n: f"person{n}@demo.example")
    navn = factory.Sequence(lambda n: f"Person {n}")
    password = "!"  # sign-in is by e-mailed code


class GruppeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Gruppe

    nettverk = factory.SubFactory(NettverkFactory)
    type = Gruppe.Type.ANNEN
    navn = factory.Sequence(lambda n: f"Gruppe {n}")
    gyldig = periode(LENGE_SIDEN)

    class Params:
        utviklingsgruppe = factory.Trait(
            type=Gruppe.Type.UTVIKLINGSGRUPPE, enhet=factory.SubFactory(EnhetFactory)
        )


class VervFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Verv

    person = factory.SubFactory(PersonFactory)
    gruppe = factory.SubFactory(GruppeFactory)
    rolle = Rolle.MEDLEM
    gyldig = periode(LENGE_SIDEN)


def medlem(
    nettverk: Nettverk, *, gruppetype: str, rolle: str = Rolle.MEDLEM, **verv: object
) -> Person:
    """A person with one Verv in a (new) group of that type in `nettverk`."""
    gruppe = GruppeFactory(nettverk=nettverk, type=gruppetype)
    return VervFactory(gruppe=gruppe, rolle=rolle, **verv).person


def koordinator(nettverk: Nettverk) -> Person:
    return medlem(nettverk, gruppetype=Gruppe.Type.KOORDINERINGSGRUPPE, rolle=Rolle.KOORDINATOR)


def kog(nettverk: Nettverk) -> Person:
    return medlem(
        nettverk, gruppetype=Gruppe.Type.KOORDINERINGSGRUPPE, rolle=Rolle.UTVIKLINGSVEILEDER
    )


def enhetsleder(gruppe: Gruppe) -> Person:
    """The formell leder of an utviklingsgruppe."""
    return VervFactory(gruppe=gruppe, rolle=Rolle.FORMELL_LEDER).person


def gruppemedlem(gruppe: Gruppe) -> Person:
    return VervFactory(gruppe=gruppe, rolle=Rolle.UTVIKLINGSLAERER).person


def kommuneansvarlig(nettverk: Nettverk, kommune: object) -> Person:
    return medlem(
        nettverk,
        gruppetype=Gruppe.Type.FAGNETTVERK,
        rolle=Rolle.OPPVEKSTANSVARLIG,
        representerer=kommune,
    )


def nettverk_med_enhet(**nettverk: object) -> tuple[Nettverk, Gruppe]:
    """A network with one kommune, one unit there, and the unit's utviklingsgruppe."""
    n = NettverkFactory(**nettverk)
    medlemskap = MedlemskapFactory(nettverk=n)
    enhet = EnhetFactory(kommune=medlemskap.kommune)
    gruppe = GruppeFactory(
        nettverk=n, utviklingsgruppe=True, enhet=enhet, navn=f"Utviklingsgruppa {enhet}"
    )
    return n, gruppe
