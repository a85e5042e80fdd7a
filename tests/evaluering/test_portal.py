"""What evaluering shows on the shared surfaces."""

import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluering import hjem
from evaluering.godkjenning import approve
from nettverk.flater import gjoremaalene, menyen
from nettverk.models import Gruppe
from nettverk.tilgang.roller import roller_for
from tests.evaluering.factories import AarsrapportFactory, KapitteltekstFactory
from tests.nettverk.factories import enhetsleder, kog, koordinator, medlem, nettverk_med_enhet

pytestmark = pytest.mark.django_db


@pytest.fixture
def dato(monkeypatch):
    cache.clear()
    return lambda *deler: monkeypatch.setattr(hjem, "idag", lambda: datetime.date(*deler))


def _rapport_gjoremaal(person, nettverk):
    person = type(person).objects.get(pk=person.pk)  # as the next page asks
    return [g for g in gjoremaalene(roller_for(person, nettverk)) if "rapport" in str(g.tittel)]


def test_menu_has_the_report_for_those_who_write_and_approve():
    nettverk, gruppe = nettverk_med_enhet()

    def har(person) -> bool:
        return "Årsrapport" in {str(m.label) for m in menyen(roller_for(person, nettverk)).alle}

    assert har(kog(nettverk))
    assert har(medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE))
    assert not har(enhetsleder(gruppe))


def test_every_member_finds_the_report_once_one_is_approved():
    nettverk, gruppe = nettverk_med_enhet()
    AarsrapportFactory(nettverk=nettverk, godkjent=True)
    cache.clear()
    roller = roller_for(enhetsleder(gruppe), nettverk)

    assert "Årsrapport" in {str(m.label) for m in menyen(roller).alle}
    with CaptureQueriesContext(connection) as igjen:
        menyen(roller)
    assert not [q for q in igjen if "evaluering_aarsrapport" in q["sql"]]


@pytest.mark.django_db(transaction=True)
def test_the_menu_knows_at_once_that_a_report_is_approved():
    nettverk, gruppe = nettverk_med_enhet()
    leder, rapport = (
        enhetsleder(gruppe),
        KapitteltekstFactory(aarsrapport__nettverk=nettverk).aarsrapport,
    )

    def har() -> bool:
        return "Årsrapport" in {str(m.label) for m in menyen(roller_for(leder, nettverk)).alle}

    assert not har()
    stg = medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE)
    approve(rapport, stand=rapport.stand, by=stg)
    assert har()


def test_what_is_approved_is_for_the_coordinator_to_publish_at_any_time_of_year(dato):
    nettverk, _gruppe = nettverk_med_enhet()
    AarsrapportFactory(nettverk=nettverk, aar=2026, godkjent=True)
    dato(2027, 6, 1)

    [ene] = _rapport_gjoremaal(koordinator(nettverk), nettverk)

    assert (ene.tittel, ene.url) == (
        "Publiser årsrapport 2026",
        f"/{nettverk.slug}/aarsrapport/2026/publiser/",
    )
    assert _rapport_gjoremaal(kog(nettverk), nettverk) == []


def test_the_steering_group_reads_a_draft_that_has_text(dato):
    nettverk, _gruppe = nettverk_med_enhet()
    stg = medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE)
    dato(2026, 11, 20)
    assert _rapport_gjoremaal(stg, nettverk) == []

    KapitteltekstFactory(aarsrapport__nettverk=nettverk, aarsrapport__aar=2026)

    [ene] = _rapport_gjoremaal(stg, nettverk)
    assert (ene.tittel, ene.frist) == ("Les og godkjenn årsrapport 2026", None)


def test_kog_is_reminded_from_november_of_the_chapters_without_text(dato):
    nettverk, gruppe = nettverk_med_enhet()
    person = kog(nettverk)

    dato(2026, 10, 31)
    assert _rapport_gjoremaal(person, nettverk) == []

    dato(2026, 11, 1)
    [forst] = _rapport_gjoremaal(person, nettverk)
    KapitteltekstFactory(aarsrapport__nettverk=nettverk, aarsrapport__aar=2026)
    [saa] = _rapport_gjoremaal(person, nettverk)

    assert forst.tittel == "Årsrapport 2026"
    assert int(str(forst.tekst).split()[0]) - int(str(saa.tekst).split()[0]) == 1
    assert _rapport_gjoremaal(enhetsleder(gruppe), nettverk) == []


def test_in_january_it_is_about_last_year_and_an_approved_report_is_done(dato):
    nettverk, _gruppe = nettverk_med_enhet()
    person = kog(nettverk)
    dato(2027, 1, 10)

    assert [g.tittel for g in _rapport_gjoremaal(person, nettverk)] == ["Årsrapport 2026"]

    AarsrapportFactory(nettverk=nettverk, aar=2026, godkjent=True)
    assert _rapport_gjoremaal(person, nettverk) == []
