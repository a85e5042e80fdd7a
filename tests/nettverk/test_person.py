"""The page of a person: Verv over time in this network, and the address for those who may see it."""

import datetime

import pytest

from kommuner.gyldighet import idag, periode
from laeringsloyper.models import Laeringsloype
from nettverk.models import Gruppe, Rolle, Verv
from rolu.models import Samling
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    enhetsleder,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import SamlingFactory

pytestmark = pytest.mark.django_db
I_FJOR = datetime.timedelta(days=400)


@pytest.fixture
def her(client):
    nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)
    return client, nettverk, gruppe, leder


def test_what_a_person_is_has_been_and_leads(her):
    client, nettverk, gruppe, leder = her
    fag = GruppeFactory(nettverk=nettverk, navn="Fagnettverket", type=Gruppe.Type.ANNEN)
    VervFactory(
        person=leder,
        gruppe=fag,
        rolle=Rolle.MEDLEM,
        gyldig=periode(idag() - I_FJOR, idag() - datetime.timedelta(days=30)),
    )
    samling = SamlingFactory(nettverk=nettverk, tittel="Mattedagen", status=Samling.Status.INVITERT)
    samling.prosessledere.add(leder)
    client.force_login(koordinator(nettverk))

    html = client.get(f"/{nettverk.slug}/folk/{leder.pk}/").content.decode()

    assert html.index(gruppe.navn) < html.index("Mattedagen") < html.index("Fagnettverket")
    assert f"mailto:{leder.postadresse}" in html


def test_a_member_of_another_group_sees_who_but_not_the_address(her):
    client, nettverk, _gruppe, leder = her
    fag = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.ANNEN)
    client.force_login(VervFactory(gruppe=fag, rolle=Rolle.MEDLEM).person)

    html = client.get(f"/{nettverk.slug}/folk/{leder.pk}/").content.decode()

    assert leder.navn in html
    assert leder.postadresse not in html


def test_the_name_leads_here_from_the_unit_the_kommune_and_the_track(her):
    client, nettverk, gruppe, leder = her
    kommune = gruppe.enhet.kommune_per()
    fag = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGMILJO)
    VervFactory(person=leder, gruppe=fag, rolle=Rolle.MEDLEM, representerer=kommune)
    Laeringsloype.objects.create(
        nettverk=nettverk, slug="matte", navn="Matematikk", ansvarlig_gruppe=fag
    )
    client.force_login(koordinator(nettverk))

    for sted in (
        f"enheter/{gruppe.enhet.referanse}",
        f"kommuner/{kommune.kommunenummer}",
        "laeringsloyper/matte",
    ):
        html = client.get(f"/{nettverk.slug}/{sted}/").content.decode()
        assert f'href="/{nettverk.slug}/folk/{leder.pk}/"' in html, sted


def test_somebody_without_a_verv_here_is_not_found(her):
    client, nettverk, _gruppe, leder = her
    _annet, annen_gruppe = nettverk_med_enhet()
    fremmed = enhetsleder(annen_gruppe)
    client.force_login(koordinator(nettverk))
    assert client.get(f"/{nettverk.slug}/folk/{fremmed.pk}/").status_code == 404
    # Nor what they are elsewhere.
    Verv.objects.create(
        person=leder, gruppe=annen_gruppe, rolle=Rolle.MEDLEM, gyldig=periode(idag())
    )
    assert annen_gruppe.navn not in client.get(f"/{nettverk.slug}/folk/{leder.pk}/").text


def test_the_search_leads_to_the_person(her):
    client, nettverk, _gruppe, leder = her
    client.force_login(koordinator(nettverk))
    html = client.get(f"/{nettverk.slug}/sok/", {"q": leder.navn}).text
    assert f"/{nettverk.slug}/folk/{leder.pk}/" in html


def test_who_has_left_is_neither_written_to_nor_called(her):
    client, nettverk, gruppe, leder = her
    leder.telefon = "+4791234567"
    leder.save()
    client.force_login(koordinator(nettverk))
    side = f"/{nettverk.slug}/folk/{leder.pk}/"
    assert "tel:+4791234567" in client.get(side).text
    slutt = idag() - datetime.timedelta(days=3)
    Verv.objects.filter(person=leder).update(gyldig=periode(idag() - I_FJOR, slutt))

    paa_siden = client.get(side).text
    i_gruppa = client.get(
        f"/{nettverk.slug}/grupper/{gruppe.pk}/",
        {"per": (slutt - datetime.timedelta(days=9)).isoformat()},
    ).text

    assert "tel:" not in paa_siden
    assert leder.navn in i_gruppa
    assert leder.postadresse not in paa_siden + i_gruppa
