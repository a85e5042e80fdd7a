"""A form that makes something new is sent twice, twenty times, and after the back button: one thing."""

import datetime
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag
from nettverk.models import Brev, Engangsnoekkel, Enhetsimport, Gruppe, Person, Verv
from nettverk.rydding import rydd
from rolu.models import Oppdrag, Programpost, Samling
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    enhetsleder,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import SamlingFactory
from tests.samtidig import at_once

_TJUE = 20


def _som(person: Person) -> Client:
    klient = Client()
    klient.force_login(person)
    return klient


def _key(svar: HttpResponse) -> str:
    funnet = re.search(r'name="engang" value="([^"]+)"', svar.content.decode())
    assert funnet
    return funnet[1]


def _samling() -> dict[str, Any]:
    dag = (idag() + datetime.timedelta(days=30)).isoformat()
    return {
        "tittel": "Høstsamling",
        "type": "rolu",
        "sted": "Kulturhuset",
        "dag_1_0": dag,
        "dag_1_1": "09.00",
        "dag_1_2": "15.00",
    }


def _assert_all_led_to_one(svarene: list[Any]) -> str:
    """Twenty answers, none a fault, all to the same place."""
    assert {getattr(svar, "status_code", svar) for svar in svarene} == {302}
    (adresse,) = {svar["Location"] for svar in svarene}
    return adresse


def _twenty(person: Person, adresse: str, data: dict[str, Any]) -> list[Any]:
    klienter = [_som(person) for _ in range(_TJUE)]
    return at_once(*(lambda k=klient: k.post(adresse, data) for klient in klienter))


@pytest.mark.django_db(transaction=True)
def test_a_gathering_sent_twenty_times_at_once_is_one():
    person = koordinator(NettverkFactory(slug="en"))
    adresse = reverse("rolu:samling_ny", args=["en"])
    data = {**_samling(), "engang": _key(_som(person).get(adresse))}

    til = _assert_all_led_to_one(_twenty(person, adresse, data))

    assert til == reverse("rolu:samling_program", args=["en", Samling.objects.get().pk])


@pytest.mark.django_db(transaction=True)
def test_an_assignment_given_twenty_times_at_once_is_one_and_each_leader_gets_one_letter():
    nettverk, gruppe = nettverk_med_enhet(slug="en")
    enhetsleder(gruppe)
    person = koordinator(nettverk)
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    adresse = reverse("rolu:samling_oppdrag", args=["en", samling.pk])
    data = {
        "tittel": "Prøv ute",
        "tekst": "Ta det med ut.",
        "frist": (idag() + datetime.timedelta(days=20)).isoformat(),
        "engang": _key(_som(person).get(adresse)),
    }
    # The page that asks carries the key on.
    assert _key(_som(person).post(adresse, data)) == data["engang"]

    _assert_all_led_to_one(_twenty(person, adresse, data | {"gi": "1"}))

    assert (Oppdrag.objects.count(), Brev.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_an_appointment_sent_twenty_times_at_once_is_one_and_nobody_is_told_of_a_fault():
    person = koordinator(NettverkFactory(slug="en"))
    gruppe = GruppeFactory(nettverk=person.verv.get().gruppe.nettverk, type=Gruppe.Type.ANNEN)
    adresse = reverse("nettverk:verv_ny", args=["en", gruppe.pk])
    data = {
        "navn": "Ny Person",
        "epost": "ny@demo.example",
        "rolle": "medlem",
        "fra": idag().isoformat(),
        "engang": _key(_som(person).get(adresse)),
    }

    _assert_all_led_to_one(_twenty(person, adresse, data))

    assert Verv.objects.filter(gruppe=gruppe).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_item_of_the_programme_sent_twenty_times_at_once_is_one():
    person = koordinator(NettverkFactory(slug="en"))
    samling = SamlingFactory(nettverk=person.verv.get().gruppe.nettverk)
    adresse = reverse("rolu:samling_program", args=["en", samling.pk])
    data = {
        "klokkeslett": "09.00",
        "varighet": 45,
        "tittel": "Åpning",
        "arbeidsform": "plenum",
        "engang": _key(_som(person).get(adresse)),
    }

    _assert_all_led_to_one(_twenty(person, adresse, data))

    assert Programpost.objects.count() == 1


@pytest.mark.django_db
def test_a_file_of_units_sent_again_is_one_import():
    person = koordinator(NettverkFactory(slug="en"))
    klient, adresse = _som(person), reverse("nettverk:enhetsimport", args=["en"])
    noekkel = _key(klient.get(adresse))

    def send() -> Any:
        innhold = b"Navn;Organisasjonsnummer;Kommunenummer\nAure barnehage;974760673;1576\n"
        fil = SimpleUploadedFile("enheter.csv", innhold)
        data = {"fil": fil, "type": "barnehage", "per": idag().isoformat(), "engang": noekkel}
        return klient.post(adresse, data)

    assert send()["Location"] == send()["Location"]
    assert Enhetsimport.objects.count() == 1


@pytest.mark.django_db
def test_back_to_the_form_and_sent_with_other_words_asks_before_it_makes_another():
    klient = _som(koordinator(NettverkFactory(slug="en")))
    adresse = reverse("rolu:samling_ny", args=["en"])
    data = {**_samling(), "engang": _key(klient.get(adresse))}
    klient.post(adresse, data)

    svar = klient.post(adresse, data | {"tittel": "Vårsamling"})

    assert svar.status_code == 422
    assert "allerede sendt og lagret" in svar.content.decode()
    assert "Vårsamling" in svar.content.decode()
    klient.post(adresse, data | {"tittel": "Vårsamling", "engang": _key(svar)})
    assert sorted(Samling.objects.values_list("tittel", flat=True)) == ["Høstsamling", "Vårsamling"]


@pytest.mark.django_db
def test_a_key_counts_for_one_person_only():
    nettverk = NettverkFactory(slug="en")
    adresse = reverse("rolu:samling_ny", args=["en"])
    data = {**_samling(), "engang": "6f1f64f8-6ad3-4e4f-9f0b-6f0f0f1f2f3f"}

    til = {_som(koordinator(nettverk)).post(adresse, data)["Location"] for _ in range(2)}

    assert len(til) == 2


@pytest.mark.django_db
def test_an_act_that_fails_leaves_the_key_free(monkeypatch):
    klient = _som(koordinator(NettverkFactory(slug="en")))
    adresse = reverse("rolu:samling_ny", args=["en"])
    data = {**_samling(), "engang": _key(klient.get(adresse))}
    with monkeypatch.context() as m:
        m.setattr(Samling, "save", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            klient.post(adresse, data)
    assert not Engangsnoekkel.objects.exists()

    assert klient.post(adresse, data).status_code == 302
    assert Samling.objects.count() == 1


@pytest.mark.django_db
def test_keys_go_after_a_week():
    person = koordinator(NettverkFactory())
    for dager in (1, 8):
        rad = Engangsnoekkel.objects.create(
            noekkel=f"00000000-0000-4000-8000-00000000000{dager}", person=person, avtrykk="x"
        )
        Engangsnoekkel.objects.filter(pk=rad.pk).update(
            laget=timezone.now() - datetime.timedelta(days=dager)
        )

    assert rydd()["engangsnoekler"] == 1
