"""The smallest valid gatherings, participations and assignments."""

import datetime

import factory
from django.utils import timezone

from kommuner.gyldighet import idag
from nettverk.models import Gruppe, Person
from rolu.models import (
    Bordkart,
    Deltakelse,
    Gjest,
    Loggpost,
    Mellomarbeid,
    Oppdrag,
    Praksisfortelling,
    Programpost,
    Samling,
    Utfall,
)
from rolu.models.serie import Samlingsserie
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    nettverk_med_enhet,
)


def klokken(dager: int, time: int, minutt: int = 0) -> datetime.datetime:
    """A point in time so many days from today, where the network is."""
    dato = idag() + datetime.timedelta(days=dager)
    return timezone.make_aware(datetime.datetime.combine(dato, datetime.time(time, minutt)))


class SamlingFactory(factory.django.DjangoModelFactory):
    """A draft two weeks from now; traits: publisert_, i_dag, avholdt, avlyst."""

    class Meta:
        model = Samling

    nettverk = factory.SubFactory(NettverkFactory)
    tittel = factory.Sequence(lambda n: f"ROLU-samling {n}")
    sted = "Surnadal kulturhus"
    start = factory.LazyFunction(lambda: klokken(14, 9))
    slutt = factory.LazyFunction(lambda: klokken(14, 15))

    class Params:
        publisert_ = factory.Trait(
            status=Samling.Status.INVITERT, publisert=factory.LazyFunction(timezone.now)
        )
        i_dag = factory.Trait(
            publisert_=True,
            start=factory.LazyFunction(lambda: klokken(0, 0)),
            slutt=factory.LazyFunction(lambda: klokken(0, 23, 59)),
        )
        avholdt = factory.Trait(
            publisert_=True,
            start=factory.LazyFunction(lambda: klokken(-14, 9)),
            slutt=factory.LazyFunction(lambda: klokken(-14, 15)),
        )
        oppsummering_ = factory.Trait(avholdt=True, status=Samling.Status.OPPSUMMERING)
        laast = factory.Trait(avholdt=True, status=Samling.Status.LAAST)
        avlyst = factory.Trait(
            status=Samling.Status.AVLYST, publisert=factory.LazyFunction(timezone.now)
        )


class SamlingsserieFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Samlingsserie

    nettverk = factory.SubFactory(NettverkFactory)
    navn = factory.Sequence(lambda n: f"Serie {n}")


class ProgrampostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programpost

    samling = factory.SubFactory(SamlingFactory)
    start = factory.SelfAttribute("samling.start")
    varighet = 30
    tittel = factory.Sequence(lambda n: f"Programpost {n}")


class UtfallFactory(factory.django.DjangoModelFactory):
    """An insight of a gathering; traits: beslutning_ (number 1), oppfolging_ (taken on by a group of the
    network)."""

    class Meta:
        model = Utfall

    samling = factory.SubFactory(SamlingFactory, avholdt=True)
    type = Utfall.Type.INNSIKT
    tekst = factory.Sequence(lambda n: f"Utfall {n}")

    class Params:
        beslutning_ = factory.Trait(type=Utfall.Type.BESLUTNING, nummer=1)
        oppfolging_ = factory.Trait(
            type=Utfall.Type.OPPFOLGING,
            gruppe=factory.SubFactory(
                GruppeFactory, nettverk=factory.SelfAttribute("..samling.nettverk")
            ),
        )


class DeltakelseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Deltakelse

    samling = factory.SubFactory(SamlingFactory, publisert_=True)
    verv = factory.SubFactory(
        VervFactory,
        gruppe=factory.SubFactory(
            GruppeFactory, nettverk=factory.SelfAttribute("...samling.nettverk")
        ),
    )

    class Params:
        moett_ = factory.Trait(
            status=Deltakelse.Status.PAAMELDT, moett=factory.LazyFunction(timezone.now)
        )


class BordkartFactory(factory.django.DjangoModelFactory):
    """Nobody is seated yet; trait: satt_."""

    class Meta:
        model = Bordkart

    samling = factory.SubFactory(SamlingFactory, publisert_=True)
    plasser = 4

    class Params:
        satt_ = factory.Trait(satt=factory.LazyFunction(timezone.now))


class OppdragFactory(factory.django.DjangoModelFactory):
    """An assignment with its deadline in four weeks. It makes no Mellomarbeid: `rolu.mellomarbeid.oppdrag.give` does."""

    class Meta:
        model = Oppdrag

    nettverk = factory.SubFactory(NettverkFactory)
    tittel = factory.Sequence(lambda n: f"Oppdrag {n}")
    tekst = "Prøv ut lesestundene og skriv hva dere så."
    frist = factory.LazyFunction(lambda: idag() + datetime.timedelta(days=28))


class MellomarbeidFactory(factory.django.DjangoModelFactory):
    """One unit's answer, not begun; trait: levert_."""

    class Meta:
        model = Mellomarbeid

    oppdrag = factory.SubFactory(OppdragFactory)
    gruppe = factory.SubFactory(
        GruppeFactory, utviklingsgruppe=True, nettverk=factory.SelfAttribute("..oppdrag.nettverk")
    )

    class Params:
        levert_ = factory.Trait(
            status=Mellomarbeid.Status.LEVERT, levert=factory.LazyFunction(timezone.now)
        )


class LoggpostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Loggpost

    mellomarbeid = factory.SubFactory(MellomarbeidFactory)
    fase = Loggpost.Fase.PLANLEGGE
    tekst = "Vi begynner med faste lesestunder."
    skrevet_av = factory.SubFactory(PersonFactory)


class FortellingFactory(factory.django.DjangoModelFactory):
    """What a unit tells of a mellomarbeid that is delivered."""

    class Meta:
        model = Praksisfortelling

    mellomarbeid = factory.SubFactory(MellomarbeidFactory, levert_=True)
    om_alt = factory.LazyAttribute(lambda rad: rad.loggpost is None)
    loggpost = None
    tittel = factory.Sequence(lambda n: f"Vi målte fjæra {n} ganger")
    tekst = "Ingen voksen ga ordet lengde."


class GjestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Gjest

    samling = factory.SubFactory(SamlingFactory, publisert_=True)
    navn = factory.Sequence(lambda n: f"Gjest {n}")
    epost = factory.Sequence(lambda n: f"gjest{n}@skole.example")


def invited_group() -> tuple[Samling, Gruppe, Person, Person]:
    """A published gathering, and a group whose leader and one member are invited to it."""
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    leder, medlem = enhetsleder(gruppe), gruppemedlem(gruppe)
    for person in (leder, medlem):
        DeltakelseFactory(
            samling=samling, verv=person.verv.get(), kommune=gruppe.enhet.kommune_per()
        )
    return samling, gruppe, leder, medlem
