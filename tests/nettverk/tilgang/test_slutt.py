"""A page is open when the Verv ends: it says so, and what was typed is not lost."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from kommuner.gyldighet import idag, periode
from nettverk.annullering import annul
from nettverk.models import Gruppe, Rolle
from nettverk.verv import end
from tests.kommuner.factories import LENGE_SIDEN
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    VervFactory,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import SamlingFactory

pytestmark = pytest.mark.django_db

I_GAAR = idag() - datetime.timedelta(days=1)


def _left(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    verv = VervFactory(gruppe=gruppe, rolle=Rolle.FORMELL_LEDER)
    by = koordinator(nettverk)
    client.force_login(verv.person)
    end(verv=verv, siste_dag=I_GAAR, by=by)
    return nettverk, gruppe, by


def test_a_form_that_is_sent_comes_back_with_what_was_typed(client: Client):
    nettverk, gruppe, by = _left(client)
    url = reverse("nettverk:verv_ny", args=[nettverk.slug, gruppe.pk])

    svar = client.post(url, {"navn": "Kari Nordmann-Hansen", "rolle": "medlem"})

    html = svar.content.decode()
    assert svar.status_code == 403
    assert "Vervet ditt som" in html
    assert "Siste dag var" in html
    assert by.navn in html
    assert "Kari Nordmann-Hansen</textarea>" in html
    assert "skal noen andre ha teksten" in html
    # Only where there is a text.
    assert "skal noen andre ha teksten" not in client.get(url).content.decode()


@pytest.mark.parametrize("hode", ["X-Autolagre", "HX-Request"])
def test_what_saves_itself_is_told_which_verv_in_words(client: Client, hode: str):
    nettverk, gruppe, by = _left(client)
    url = reverse("nettverk:gruppe", args=[nettverk.slug, gruppe.pk])

    svar = client.get(url, headers={hode: "true"})

    assert svar.status_code == 403
    assert svar.headers["X-Verv-Slutt"] == "1"
    data = svar.json()
    assert data["status"] == "slutt"
    assert by.navn in data["tekst"]
    assert "<" not in data["tekst"]


def test_a_role_that_is_lost_is_said_though_one_is_still_a_member(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    leder = VervFactory(gruppe=gruppe, rolle=Rolle.FORMELL_LEDER)
    VervFactory(person=leder.person, gruppe=GruppeFactory(nettverk=nettverk))
    client.force_login(leder.person)
    end(verv=leder, siste_dag=I_GAAR, by=koordinator(nettverk))

    tapt = client.get(reverse("nettverk:verv_ny", args=[nettverk.slug, gruppe.pk]))
    aldri_hatt = client.get(reverse("nettverk:gruppe_ny", args=[nettverk.slug]))

    assert "er slutt" in tapt.content.decode()
    # What the Verv never opened is refused as before.
    assert aldri_hatt.status_code == 403
    assert "er slutt" not in aldri_hatt.content.decode()


def test_long_after_it_is_an_ordinary_refusal(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    verv = VervFactory(gruppe=gruppe, gyldig=periode(LENGE_SIDEN, idag() - datetime.timedelta(60)))
    client.force_login(verv.person)

    svar = client.get(reverse("nettverk:gruppe", args=[nettverk.slug, gruppe.pk]))

    assert svar.status_code == 403
    assert "er slutt" not in svar.content.decode()


def test_what_does_not_exist_is_not_told_apart_by_it(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    verv = VervFactory(gruppe=gruppe)
    VervFactory(person=verv.person, gruppe=GruppeFactory(nettverk=nettverk))
    fremmed = GruppeFactory(type=Gruppe.Type.ANNEN)
    client.force_login(verv.person)
    end(verv=verv, siste_dag=I_GAAR, by=koordinator(nettverk))

    svar = [
        client.get(reverse("nettverk:gruppe", args=[nettverk.slug, pk]))
        for pk in (fremmed.pk, 999_999)
    ]

    assert [ett.status_code for ett in svar] == [404, 404]


def test_an_annulled_verv_is_told_of_too(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    verv = VervFactory(gruppe=gruppe, rolle=Rolle.FORMELL_LEDER)
    client.force_login(verv.person)
    annul(verv, by=koordinator(nettverk))

    html = client.get(reverse("nettverk:verv_ny", args=[nettverk.slug, gruppe.pk])).text

    assert "er slutt" in html
    assert "Vervet ble annullert" in html


def test_what_is_deleted_is_not_explained_by_a_verv_that_is_lost(client: Client):
    nettverk = NettverkFactory()
    kog = VervFactory(
        gruppe=GruppeFactory(nettverk=nettverk, type=Gruppe.Type.KOORDINERINGSGRUPPE),
        rolle=Rolle.KOORDINATOR,
    )
    VervFactory(person=kog.person, gruppe=GruppeFactory(nettverk=nettverk))
    utkast, slettet = SamlingFactory(nettverk=nettverk), SamlingFactory(nettverk=nettverk)
    adresser = [reverse("rolu:samling", args=[nettverk.slug, s.pk]) for s in (utkast, slettet)]
    slettet.delete()
    client.force_login(kog.person)
    end(verv=kog, siste_dag=I_GAAR, by=koordinator(nettverk))

    svar = [client.get(adresse, headers={"HX-Request": "true"}) for adresse in adresser]

    # The draft is there, and was seen by the Verv; the other is seen by nobody.
    assert [ett.status_code for ett in svar] == [403, 404]
    assert "er slutt" in svar[0].json()["tekst"]
