"""The smallest valid reports, forms and surveys."""

import datetime

import factory
from django.utils import timezone

from evaluering.models import Aarsrapport, Kapitteltekst, Skjema, Sporsmaal, Undersokelse
from nettverk.side.kode import draw
from tests.nettverk.factories import NettverkFactory

FROSSENT_KAPITTEL = {
    "nummer": 1,
    "noekkel": "sammendrag",
    "tittel": "Innledning og sammendrag",
    "mal": "",
    "data": {},
    "tekst": "Slik var det da.",
}


class AarsrapportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Aarsrapport

    nettverk = factory.SubFactory(NettverkFactory)
    aar = 2026
    # What an approved report always has. `approve` keeps a real one.
    frosset = factory.LazyAttribute(
        lambda rapport: (
            None
            if rapport.status == Aarsrapport.Status.UTKAST
            else {"forside": ["Kommuner", "Aure"], "kapitler": [FROSSENT_KAPITTEL]}
        )
    )
    status = Aarsrapport.Status.UTKAST

    class Params:
        godkjent = factory.Trait(status=Aarsrapport.Status.GODKJENT)


class KapitteltekstFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Kapitteltekst

    aarsrapport = factory.SubFactory(AarsrapportFactory)
    noekkel = "sammendrag"
    tekst = "Et godt år."
    versjon = 1


class SkjemaFactory(factory.django.DjangoModelFactory):
    """A form of the network, without questions; `sporsmaal` adds them."""

    class Meta:
        model = Skjema

    nettverk = factory.SubFactory(NettverkFactory)
    slag = Skjema.Slag.FRITT
    noekkel = factory.Sequence(lambda n: f"skjema{n}")
    tittel = "Hva syntes du?"
    maalform = "nb"


class SporsmaalFactory(factory.django.DjangoModelFactory):
    """A scale of four; traits: tekst_, valg_, flervalg_, naa_og_oensket_."""

    class Meta:
        model = Sporsmaal

    skjema = factory.SubFactory(SkjemaFactory)
    noekkel = factory.Sequence(lambda n: f"sp{n}")
    type = Sporsmaal.Type.SKALA
    tekst = factory.Sequence(lambda n: f"Spørsmål {n}")
    valg = factory.LazyAttribute(
        lambda ett: ["En", "To", "Tre", "Fire"] if ett.type in Sporsmaal.MED_VALG else []
    )
    rekkefolge = factory.Sequence(lambda n: n % 30_000)

    class Params:
        tekst_ = factory.Trait(type=Sporsmaal.Type.TEKST)
        valg_ = factory.Trait(type=Sporsmaal.Type.VALG)
        flervalg_ = factory.Trait(type=Sporsmaal.Type.FLERVALG)
        naa_og_oensket_ = factory.Trait(type=Sporsmaal.Type.NAA_OG_OENSKET, trinn=6)


class UndersokelseFactory(factory.django.DjangoModelFactory):
    """A round that is not opened, of a form without questions; traits: aapen, stengt_."""

    class Meta:
        model = Undersokelse

    nettverk = factory.SubFactory(NettverkFactory)
    skjema = factory.SubFactory(SkjemaFactory, nettverk=factory.SelfAttribute("..nettverk"))
    tittel = factory.Sequence(lambda n: f"Samling {n}")
    kode = factory.LazyFunction(draw)

    class Params:
        aapen = factory.Trait(aapnet=factory.LazyFunction(timezone.now))
        stengt_ = factory.Trait(
            aapnet=factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(hours=3)),
            stengt=factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(hours=2)),
        )
