"""A person's own page: what they change, what they see of themselves, and how they leave."""

import io
import json
import zipfile

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from nettverk.models import Person
from tests.nettverk.factories import GruppeFactory, PersonFactory, VervFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kari(client: Client) -> Person:
    gruppe = GruppeFactory(navn="Utviklingsgruppa ved Tangen")
    verv = VervFactory(person__navn="Kari Tang", person__telefon="99000000", gruppe=gruppe)
    client.force_login(verv.person)
    return verv.person


def test_person_changes_name_phone_and_language(client: Client, kari: Person):
    svar = client.post("/konto/", {"navn": "Kari Vik", "telefon": "", "spraak": "nn"})

    assert svar["Location"] == "/konto/"
    kari.refresh_from_db()
    assert (kari.navn, kari.telefon, kari.spraak) == ("Kari Vik", "", "nn")


def test_person_cannot_change_what_decides_access(client: Client, kari: Person):
    epost = kari.epost
    client.post(
        "/konto/",
        {"navn": "Kari", "epost": "sjef@demo.example", "is_staff": "1", "is_superuser": "1"},
    )

    kari.refresh_from_db()
    assert (kari.epost, kari.is_staff, kari.is_superuser) == (epost, False, False)


def test_missing_name_is_told_and_nothing_changes(client: Client, kari: Person):
    svar = client.post("/konto/", {"navn": " ", "telefon": "1", "spraak": ""})

    assert "Fyll ut «Navn»." in svar.text
    kari.refresh_from_db()
    assert kari.telefon == "99000000"


def test_own_verv_are_listed(client: Client, kari: Person):
    assert "Utviklingsgruppa ved Tangen" in client.get("/konto/").text


def test_own_data_as_page_and_file(client: Client, kari: Person):
    VervFactory(person=PersonFactory(navn="Ola Annen"), gruppe=kari.verv.get().gruppe)

    side = client.get("/konto/mine-opplysninger/").text
    svar = client.post("/konto/mine-opplysninger/fil/")

    arkiv = zipfile.ZipFile(io.BytesIO(svar.content))
    data = json.loads(arkiv.read("mine-opplysninger.json"))
    html = arkiv.read("mine-opplysninger.html").decode()
    assert data["Kontoen"][0]["telefon"] == "99000000"
    assert data["Verv"][0]["gruppe"] == "Utviklingsgruppa ved Tangen"
    for tekst in (side, html):
        assert kari.epost in tekst
        assert "Utviklingsgruppa ved Tangen" in tekst
        assert "Ola Annen" not in tekst


def test_secrets_are_not_in_the_file(client: Client, kari: Person):
    Authenticator.objects.create(user=kari, type="totp", data={"secret": "HEMMELIGNOEKKEL"})

    svar = client.post("/konto/mine-opplysninger/fil/")

    arkiv = zipfile.ZipFile(io.BytesIO(svar.content))
    alt = b"".join(arkiv.read(navn) for navn in arkiv.namelist())
    assert b"HEMMELIGNOEKKEL" not in alt
    assert kari.password.encode() not in alt or kari.password == "!"


def test_closing_the_account_ends_sign_in_everywhere_and_keeps_the_verv(
    client: Client, kari: Person
):
    andre = Client()
    andre.force_login(kari)
    assert andre.get("/konto/").status_code == 200
    Authenticator.objects.create(user=kari, type="totp", data={"secret": "x"})
    assert client.get("/konto/avslutt/").status_code == 200

    client.post("/konto/avslutt/")

    kari.refresh_from_db()
    assert (kari.is_active, kari.telefon) == (False, "")
    assert kari.verv.count() == 1
    assert not Authenticator.objects.exists()
    assert not Person.pgh_event_model.objects.filter(telefon="99000000").exists()
    for leser in (client, andre):
        assert leser.get("/konto/")["Location"].startswith("/konto/logg-inn/")


def test_own_pages_need_sign_in(client: Client):
    for sti in ("/konto/", "/konto/mine-opplysninger/", "/konto/avslutt/", "/konto/videre/"):
        assert client.get(sti)["Location"] == f"/konto/logg-inn/?next={sti}"


def test_privacy_page_tells_the_times_that_are_set(client: Client, settings):
    settings.SESSION_COOKIE_AGE = 3 * 24 * 3600

    svar = client.get("/personvern/")

    assert "3 dager etter siste bruk" in svar.text
    assert "sessionid" in svar.text
    assert "csrftoken" in svar.text


def test_accessibility_page_links_the_statements(client: Client):
    assert "Ingen av nettverkene her har lagt inn lenken" in client.get("/tilgjengelighet/").text
    GruppeFactory(
        nettverk__navn="Fjordnett",
        nettverk__tilgjengelighetserklaering_url="https://uustatus.no/nb/1",
    )
    assert 'href="https://uustatus.no/nb/1"' in client.get("/tilgjengelighet/").text
