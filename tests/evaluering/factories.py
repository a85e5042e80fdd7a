"""The smallest valid reports."""

import factory

from evaluering.models import Aarsrapport, Kapitteltekst
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
