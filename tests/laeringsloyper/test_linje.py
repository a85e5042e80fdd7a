"""The line is drawn to scale, and who follows a track is counted as it was on the day."""

import datetime

import pytest

from kommuner.gyldighet import periode
from kommuner.models import Plassering
from laeringsloyper.enheter import enhetsloyper_per, status_of_loyper
from laeringsloyper.linje import Tilstand, draw_linje, tilstand_of
from laeringsloyper.models import Periode
from tests.kommuner.factories import EnhetFactory, KommuneFactory
from tests.laeringsloyper.factories import (
    EnhetsloypeFactory,
    LaeringsloypeFactory,
    PeriodeFactory,
)
from tests.nettverk.factories import NettverkFactory

pytestmark = pytest.mark.django_db

FRA, TIL = datetime.date(2020, 1, 1), datetime.date(2023, 1, 1)
EN_DAG = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("dato", "tilstand"),
    [
        (FRA - EN_DAG, Tilstand.KOMMER),
        (FRA, Tilstand.NAA),
        (TIL - EN_DAG, Tilstand.NAA),
        (TIL, Tilstand.FERDIG),
    ],
)
def test_a_period_holds_from_its_first_day_until_its_last(dato, tilstand):
    assert tilstand_of(Periode(gyldig=periode(FRA, TIL)), dato) == tilstand


def test_tracks_share_one_scale():
    tidlig, sen = LaeringsloypeFactory(), LaeringsloypeFactory()
    PeriodeFactory(loype=tidlig)
    PeriodeFactory(loype=sen, gyldig=periode(TIL, datetime.date(2026, 1, 1)))

    linje = draw_linje([tidlig, sen], FRA)

    [forst], [sist] = linje.rader[0].stykker, linje.rader[1].stykker
    assert (linje.fra, linje.til, linje.idag) == (FRA, datetime.date(2026, 1, 1), "0.00%")
    assert (forst.x, sist.x) == ("0.00%", "50.00%")
    assert linje.rader[0].y < linje.rader[1].y < linje.bunn < linje.hoyde + 1


@pytest.mark.parametrize("gyldig", [periode(FRA), periode(None, TIL), periode(None)])
def test_a_period_without_both_ends_has_no_place_on_the_line(gyldig):
    loype = LaeringsloypeFactory()
    hel = PeriodeFactory(
        loype=loype, gyldig=periode(datetime.date(2010, 1, 1), datetime.date(2011, 1, 1))
    )
    Periode.objects.bulk_create([Periode(loype=LaeringsloypeFactory(), nummer=1, gyldig=gyldig)])
    apen = Periode.objects.exclude(pk=hel.pk).get().loype

    linje = draw_linje([loype, apen], FRA)

    assert [len(rad.stykker) for rad in linje.rader] == [1, 0]


def test_the_very_shortest_period_can_still_be_seen():
    loype = LaeringsloypeFactory()
    PeriodeFactory(loype=loype, gyldig=periode(FRA, FRA + EN_DAG))
    PeriodeFactory(loype=loype, nummer=2, gyldig=periode(FRA + EN_DAG, datetime.date(2040, 1, 1)))

    kort, _lang = draw_linje([loype], FRA).rader[0].stykker

    assert kort.bredde == "0.10%"


def test_a_unit_is_told_of_in_the_kommune_where_it_lay_that_day():
    foer, etter = KommuneFactory(navn="Skodje"), KommuneFactory(navn="Ålesund")
    enhet = EnhetFactory()
    Plassering.objects.create(
        enhet=enhet, kommune=foer, gyldig=periode(None, datetime.date(2021, 1, 1))
    )
    Plassering.objects.create(enhet=enhet, kommune=etter, gyldig=periode(datetime.date(2021, 1, 1)))
    nettverk = EnhetsloypeFactory(enhet=enhet).periode.loype.nettverk

    def kommune(dato: datetime.date) -> list[str]:
        return [rad.kommune_navn for rad in enhetsloyper_per(nettverk, dato)]

    assert kommune(datetime.date(2020, 12, 31)) == ["Skodje"]
    assert kommune(datetime.date(2021, 1, 1)) == ["Ålesund"]


def test_a_unit_that_is_no_more_follows_nothing():
    lagt_ned = EnhetFactory(gyldig=periode(None, datetime.date(2021, 1, 1)))
    nettverk = EnhetsloypeFactory(enhet=lagt_ned).periode.loype.nettverk

    assert len(enhetsloyper_per(nettverk, datetime.date(2020, 6, 1))) == 1
    assert list(enhetsloyper_per(nettverk, datetime.date(2021, 6, 1))) == []


def test_another_networks_units_are_not_counted():
    egen = EnhetsloypeFactory()
    EnhetsloypeFactory(enhet=egen.enhet)

    assert list(enhetsloyper_per(egen.periode.loype.nettverk, FRA)) == [egen]


def test_a_track_between_two_periods_is_in_none():
    loype = LaeringsloypeFactory()
    PeriodeFactory(loype=loype)

    [status] = status_of_loyper(loype.nettverk, TIL)

    assert (status.periode, status.antall_perioder, status.antall_enheter) == (None, 1, 0)
    assert (status.fra, status.siste_dag, status.ansvarlig) == (None, None, "")


def test_a_network_without_tracks_has_no_status():
    PeriodeFactory()

    assert status_of_loyper(NettverkFactory(), FRA) == []


def test_the_status_takes_four_queries_whatever_there_is(django_assert_num_queries):
    nettverk = NettverkFactory()
    for _n in range(3):
        p = PeriodeFactory(loype__nettverk=nettverk)
        EnhetsloypeFactory(periode=p)
        EnhetsloypeFactory(periode=p)

    with django_assert_num_queries(4):
        assert [s.antall_enheter for s in status_of_loyper(nettverk, FRA)] == [2, 2, 2]
