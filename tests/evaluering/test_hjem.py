"""The annual report on the home page: its state to those who write and approve, the reports to the rest."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from evaluering.hjem import reporting_year
from nettverk.models import Gruppe, Nettverk, Person, Rolle
from tests.evaluering.factories import AarsrapportFactory, KapitteltekstFactory
from tests.nettverk.factories import (
    MedlemskapFactory,
    NettverkFactory,
    PersonFactory,
    kog,
    koordinator,
    medlem,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def nettverk() -> Nettverk:
    cache.clear()
    return NettverkFactory()


def home(person: Person, nettverk: Nettverk) -> str:
    client = Client()
    client.force_login(person)
    return client.get(reverse("nettverk:hjem", args=[nettverk.slug])).text


def test_kog_sees_the_report_chapter_by_chapter_and_who_wrote(nettverk):
    rapport = AarsrapportFactory(nettverk=nettverk, aar=reporting_year())
    KapitteltekstFactory(
        aarsrapport=rapport,
        noekkel="avvik",
        tekst="Vi utsatte en samling.",
        endret_av=PersonFactory(navn="Sverre Måkestad"),
    )

    html = home(kog(nettverk), nettverk)

    assert f"Årsrapporten for {rapport.aar}: 1 av" in html
    assert "Sverre Måkestad ·" in html
    assert "ingen tekst ennå" in html
    assert "Vi utsatte en samling" not in html
    side = reverse("evaluering:aarsrapport", args=[nettverk.slug, rapport.aar])
    assert f'href="{side}?kapittel=avvik"' in html


def test_the_steering_group_is_led_to_the_draft_and_then_to_what_was_approved(nettverk):
    person = medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE)
    aar = reporting_year()
    html = home(person, nettverk)
    assert f"Ingen har begynt på årsrapporten for {aar}" in html
    assert reverse("evaluering:forhaandsvis", args=[nettverk.slug, aar]) in html

    AarsrapportFactory(nettverk=nettverk, aar=aar, godkjent=True)

    html = home(person, nettverk)
    assert f"Årsrapporten for {aar} er godkjent" in html
    assert "Les rapporten" in html
    assert "ingen tekst ennå" not in html


@pytest.mark.parametrize(
    ("gruppetype", "rolle"),
    [
        (Gruppe.Type.EVALUERINGSNETTVERK, Rolle.MEDLEM),
        (Gruppe.Type.ANNEN, Rolle.FOLGEFORSKER),
    ],
)
def test_who_evaluates_reads_approved_reports_and_is_told_what_to_take_out_and_whom_to_ask(
    nettverk, gruppetype, rolle
):
    MedlemskapFactory(nettverk=nettverk)
    person = medlem(nettverk, gruppetype=gruppetype, rolle=rolle)
    sjef = koordinator(nettverk)
    AarsrapportFactory(nettverk=nettverk, aar=2024)
    AarsrapportFactory(nettverk=nettverk, aar=2025, godkjent=True)

    html = home(person, nettverk)

    assert "Årsrapport 2025" in html
    assert "Årsrapport 2024" not in html  # a draft
    assert "1 kommune med 0 enheter er med i nettverket i dag." in html
    assert "Hva du kan hente ut" in html
    assert sjef.navn in html
