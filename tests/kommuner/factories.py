"""The smallest valid things of the register."""

import datetime

import factory
from stdnum.no import orgnr

from kommuner.gyldighet import periode
from kommuner.models import Enhet, Enhetstall, Kommune, Plassering

LENGE_SIDEN = datetime.date(2000, 1, 1)


def gyldig_orgnr(n: int) -> str:
    """The n-th organisation number from 800000000 that passes MOD11."""
    kandidat = 80_000_000 + n * 2
    while True:
        rot = str(kandidat)
        for siffer in "0123456789":
            if orgnr.is_valid(rot + siffer):
                return rot + siffer
        kandidat += 1


class KommuneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Kommune

    kommunenummer = factory.Sequence(lambda n: f"{6000 + n:04d}")
    navn = factory.Sequence(lambda n: f"Kommune {n}")
    gyldig = periode(LENGE_SIDEN)


class EnhetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enhet
        skip_postgeneration_save = True

    organisasjonsnummer = factory.Sequence(gyldig_orgnr)
    navn = factory.Sequence(lambda n: f"Enhet {n} barnehage")
    type = Enhet.Type.BARNEHAGE
    eierform = Enhet.Eierform.KOMMUNAL
    gyldig = periode(LENGE_SIDEN)

    @factory.post_generation
    def kommune(self, create: bool, extracted: Kommune | None, **kwargs: object) -> None:
        """`EnhetFactory(kommune=k)` places the unit in `k`."""
        if create and extracted:
            Plassering.objects.create(enhet=self, kommune=extracted, gyldig=periode(LENGE_SIDEN))


class EnhetstallFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enhetstall

    enhet = factory.SubFactory(EnhetFactory)
    aar = 2026
    antall_barn = 40
    antall_ansatte = 12
