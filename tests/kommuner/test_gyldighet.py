"""Validity: half-open ranges, asked per a date."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet, Kommune, Kommunenavn, Plassering
from tests.kommuner.factories import EnhetFactory, KommuneFactory

pytestmark = pytest.mark.django_db

NYTTAAR_2020 = datetime.date(2020, 1, 1)


def test_unit_lies_in_the_old_kommune_until_the_day_of_the_merger():
    skodje, aalesund = KommuneFactory(navn="Skodje"), KommuneFactory(navn="Ålesund")
    enhet = EnhetFactory()
    Plassering.objects.create(enhet=enhet, kommune=skodje, gyldig=periode(None, NYTTAAR_2020))
    Plassering.objects.create(enhet=enhet, kommune=aalesund, gyldig=periode(NYTTAAR_2020))

    dagen_foer = NYTTAAR_2020 - datetime.timedelta(days=1)
    assert enhet.kommune_per(dagen_foer) == skodje
    assert enhet.kommune_per(NYTTAAR_2020) == aalesund
    assert list(Enhet.objects.in_kommuner([skodje.pk], dagen_foer)) == [enhet]
    assert list(Enhet.objects.in_kommuner([skodje.pk], NYTTAAR_2020)) == []


def test_unit_cannot_lie_in_two_kommuner_at_once():
    enhet = EnhetFactory(kommune=KommuneFactory())

    with pytest.raises(IntegrityError, match="plassering_ikke_samtidig"), transaction.atomic():
        Plassering.objects.create(
            enhet=enhet, kommune=KommuneFactory(), gyldig=periode(NYTTAAR_2020)
        )


def test_kommune_is_called_what_it_was_called_then():
    kommune = KommuneFactory(navn="Sørfold – Fuolldá")
    Kommunenavn.objects.create(
        kommune=kommune, navn="Sørfold", gyldig=periode(None, datetime.date(2024, 1, 1))
    )

    assert Kommune.objects.with_navn(datetime.date(2018, 1, 1)).get().navn_da == "Sørfold"
    assert Kommune.objects.with_navn(idag()).get().navn_da == "Sørfold – Fuolldá"


def test_what_ends_today_held_until_yesterday():
    enhet = EnhetFactory()

    enhet.end()

    assert not enhet.er_gyldig()
    assert enhet.er_gyldig(idag() - datetime.timedelta(days=1))
    assert enhet.siste_dag == idag() - datetime.timedelta(days=1)


def test_what_ends_before_it_began_never_held():
    enhet = EnhetFactory(gyldig=periode(idag()))

    enhet.end(idag() - datetime.timedelta(days=10))

    enhet.refresh_from_db()
    assert not enhet.er_gyldig()
    assert not Enhet.objects.gyldig().exists()
