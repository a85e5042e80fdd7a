"""Loading the tracks: once, with their periods; what people have changed stands."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from laeringsloyper.lasting import load_loyper
from laeringsloyper.models import Laeringsloype, Periode
from nettverk.models import Gruppe
from tests.nettverk.factories import GruppeFactory, NettverkFactory

pytestmark = pytest.mark.django_db


def _aar(aar: int) -> datetime.date:
    return datetime.date(aar, 8, 1)


def _fila(**annet: object) -> dict[str, object]:
    rad = {
        "slug": "matematikk",
        "navn": "Matematikk",
        "ansvarlig": "Matematikksenteret",
        "perioder": [
            {"fra": _aar(2020), "til": _aar(2023), "tittel": "Begynne"},
            {"fra": _aar(2023), "til": _aar(2026)},
        ],
        **annet,
    }
    return {"laeringsloyper": [rad]}


def test_a_track_comes_with_its_periods_and_its_fagmiljo():
    nettverk = NettverkFactory()
    fag = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGMILJO, navn="Matematikksenteret")
    # The same name in another network does not answer for it.
    GruppeFactory(type=Gruppe.Type.FAGMILJO, navn="Matematikksenteret")

    load_loyper(nettverk, _fila())

    loype = Laeringsloype.objects.get()
    assert (loype.nettverk, loype.ansvarlig_gruppe) == (nettverk, fag)
    assert [(p.nummer, p.tittel, p.fra, p.til) for p in loype.perioder.all()] == [
        (1, "Begynne", _aar(2020), _aar(2023)),
        (2, "", _aar(2023), _aar(2026)),
    ]


def test_nobody_answers_for_a_track_whose_fagmiljo_is_not_there():
    load_loyper(NettverkFactory(), _fila())

    assert Laeringsloype.objects.get().ansvarlig_gruppe is None


def test_loading_twice_changes_nothing():
    nettverk = NettverkFactory()
    load_loyper(nettverk, _fila())
    foer = list(Periode.objects.values_list())

    load_loyper(nettverk, _fila())

    assert list(Periode.objects.values_list()) == foer
    assert Laeringsloype.objects.count() == 1


def test_a_changed_file_does_not_write_over_the_portal():
    nettverk = NettverkFactory()
    load_loyper(nettverk, _fila())
    Laeringsloype.objects.update(navn="Realfag")
    Periode.objects.filter(nummer=2).delete()

    load_loyper(nettverk, _fila(navn="Matte"))

    assert Laeringsloype.objects.get().navn == "Realfag"
    assert list(Periode.objects.values_list("nummer", flat=True)) == [1]


def test_periods_that_overlap_are_refused():
    perioder = [{"fra": _aar(2020), "til": _aar(2023)}, {"fra": _aar(2022), "til": _aar(2025)}]

    with pytest.raises(IntegrityError, match="periode_ikke_samtidig"), transaction.atomic():
        load_loyper(NettverkFactory(), _fila(perioder=perioder))

    assert not Laeringsloype.objects.exists()


def test_a_file_without_tracks_loads_none():
    load_loyper(NettverkFactory(), {})

    assert not Laeringsloype.objects.exists()
