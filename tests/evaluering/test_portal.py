"""What evaluering shows on the shared surfaces."""

import datetime

import pytest
from django.core.cache import cache

from evaluering import portal
from nettverk.flater import gjoremaalene, menyen
from nettverk.models import Gruppe
from nettverk.tilgang.roller import roller_for
from tests.evaluering.factories import AarsrapportFactory, KapitteltekstFactory
from tests.nettverk.factories import enhetsleder, kog, medlem, nettverk_med_enhet

pytestmark = pytest.mark.django_db


@pytest.fixture
def dato(monkeypatch):
    cache.clear()
    return lambda *deler: monkeypatch.setattr(portal, "idag", lambda: datetime.date(*deler))


def _rapport_gjoremaal(person, nettverk):
    return [g for g in gjoremaalene(roller_for(person, nettverk)) if "rapport" in str(g.tittel)]


def test_menu_has_the_report_for_those_who_write_and_approve():
    nettverk, gruppe = nettverk_med_enhet()

    def har(person) -> bool:
        return "Årsrapport" in {str(m.label) for m in menyen(roller_for(person, nettverk))}

    assert har(kog(nettverk))
    assert har(medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE))
    assert not har(enhetsleder(gruppe))


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
