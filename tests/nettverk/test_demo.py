"""The demo's pages: people to sign in as, and the mailbox. Only when DEMO=1."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client

from nettverk.demo import post
from nettverk.demo.folk import DEMOFOLK, PER_NOEKKEL
from tests.nettverk.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mailbox(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def send(til: str, emne: str = "Innkalling", tekst: str = "Velkommen til samling.") -> None:
    backend = get_connection("nettverk.demo.post.PostkasseBackend")
    backend.send_messages([EmailMessage(emne, tekst, "portal@demo.example", [til])])


def test_the_page_lists_every_demo_person_as_a_button(client: Client):
    svar = client.get("/demo/")

    for person in DEMOFOLK:
        assert f'<button name="person" value="{person.noekkel}">' in svar.text


def test_keys_are_those_that_guides_and_tests_use():
    assert list(PER_NOEKKEL) == [
        *("koordinator", "kog", "stg", "kommune", "enhetsleder", "gruppemedlem"),
        *("fagansvarlig", "eva", "pro", "forsker", "sunnmore-koordinator", "salten-koordinator"),
    ]


def test_one_press_signs_in_and_leads_home(client: Client):
    person = PersonFactory(epost="enhetsleder@demo.example")

    svar = client.post("/demo/logg-inn/", {"person": "enhetsleder"})

    assert svar["Location"] == "/nordmore/hjem/"
    assert client.session["_auth_user_id"] == str(person.pk)


def test_only_demo_people_can_be_chosen(client: Client):
    PersonFactory(epost="andre@demo.example")

    assert client.post("/demo/logg-inn/", {"person": "andre"}).status_code == 404
    assert client.get("/demo/logg-inn/").status_code == 405
    assert "_auth_user_id" not in client.session


def test_missing_demo_data_is_told(client: Client):
    svar = client.post("/demo/logg-inn/", {"person": "kog"}, follow=True)

    assert "Demodata mangler." in svar.text


def test_mailbox_shows_the_newest_first_and_opens_one(client: Client):
    send("kari@demo.example", "Første brev")
    send("ola@demo.example", "Andre brev: på tide å møtes, æøå")

    svar = client.get("/demo/post/")
    assert svar.text.index("Andre brev") < svar.text.index("Første brev")
    (brev,) = post.letters("kari")
    side = client.get(f"/demo/post/{brev.noekkel}/").text
    assert "Første brev" in side
    assert "Velkommen til samling." in side


@pytest.mark.parametrize(
    "til",
    [
        "sjef@kommune.no",
        "Sjef <SJEF@kommune.no>",
        "sjef@demo.example.kommune.no",
        '"a@demo.example" <sjef@kommune.no>',
        "kari@demo.example, sjef@kommune.no",
    ],
)
def test_an_open_demo_shows_no_code_of_somebody_who_exists(client: Client, settings, til: str):
    settings.DEBUG = False
    send(til, "Koden din er 314159", "Skriv 314159.")
    send("kari@demo.example", "Koden din er 271828")
    noekler = [brev.noekkel for brev in post.letters() if "314159" in brev.emne]

    svar = client.get("/demo/post/")

    assert "271828" in svar.text
    assert "314159" not in svar.text
    assert "314159" not in client.get("/demo/post/?til=sjef").text
    assert [client.get(f"/demo/post/{n}/").status_code for n in noekler] == [404]


@pytest.mark.parametrize("felt", ["is_staff", "is_superuser"])
def test_the_buttons_sign_nobody_in_as_an_administrator(client: Client, felt: str):
    PersonFactory(epost="kog@demo.example", **{felt: True})

    client.post("/demo/logg-inn/", {"person": "kog"})

    assert "_auth_user_id" not in client.session


def test_mailbox_narrows_to_an_address(client: Client):
    send("kari@demo.example", "Til Kari")
    send("ola@demo.example", "Til Ola")

    svar = client.get("/demo/post/?til=OLA@").text
    assert "Til Ola" in svar
    assert "Til Kari" not in svar


def test_text_of_a_mail_is_not_markup(client: Client):
    send("kari@demo.example", "<b>Emne</b>", "<script>alert(1)</script>")
    (brev,) = post.letters()

    side = client.get(f"/demo/post/{brev.noekkel}/").text
    assert "<script>alert" not in side
    assert "<b>Emne" not in side


def test_mailbox_can_be_emptied(client: Client):
    send("kari@demo.example")
    (brev,) = post.letters()

    assert client.get("/demo/post/toem/").status_code == 405
    client.post("/demo/post/toem/")

    assert list(post.letters()) == []
    assert client.get(f"/demo/post/{brev.noekkel}/").status_code == 404
    assert "Ingen e-poster" in client.get("/demo/post/").text


def test_an_address_outside_the_mailbox_is_not_read(client: Client, settings):
    (Path(settings.MEDIA_ROOT) / "hemmelig.eml").write_text("Subject: hemmelig")

    assert client.get("/demo/post/..%2Fhemmelig/").status_code == 404


def test_old_mail_goes_when_there_is_too_much(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(post, "BEHOLDES", 3)
    for n in range(5):
        send(f"person{n}@demo.example")

    assert [brev.til for brev in post.letters()] == [
        "person4@demo.example",
        "person3@demo.example",
        "person2@demo.example",
    ]


def test_without_demo_there_are_no_demo_addresses_and_mail_goes_out():
    program = (
        "import django; django.setup()\n"
        "from django.urls import resolve\n"
        "from django.conf import settings\n"
        "for sti in ('/demo/logg-inn/', '/demo/post/', '/demo/'):\n"
        "    print(resolve(sti).view_name if sti == '/demo/' else '', end=' ')\n"
        "    try: print(resolve(sti).namespace)\n"
        "    except Exception as feil: print(type(feil).__name__)\n"
        "print(settings.EMAIL_BACKEND)"
    )
    miljo = {**os.environ, "DEMO": "0", "DJANGO_SETTINGS_MODULE": "nettverk.settings"}

    svar = subprocess.run(
        [sys.executable, "-c", program], env=miljo, capture_output=True, text=True, check=True
    )

    # /demo/ is read as a network's address, and no network may be called that.
    assert "demo:" not in svar.stdout
    assert svar.stdout.count("Resolver404") == 2
    assert "nettverk:offentlig" in svar.stdout
    assert "SmtpBackend" in svar.stdout
