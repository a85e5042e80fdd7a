"""The letter with the code, as the page tells of it: a mail server that hangs, refuses or is away."""

import socket
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from nettverk.arbeid import kontopost, utsending
from nettverk.models import Brev, Person
from tests import smtp
from tests.nettverk.factories import PersonFactory
from tests.nettverk.innlogging.koder import KODE, ask

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def kari() -> Person:
    return PersonFactory(epost="kari@demo.example", spraak="nb")


@pytest.fixture
def tjener(settings):
    with smtp.posttjener() as tjener:
        smtp.use(settings, tjener)
        yield tjener


def _older(hvor_mye: timedelta) -> None:
    Brev.objects.update(opprettet=timezone.now() - hvor_mye)


def test_a_server_that_hangs_does_not_hold_the_page(client: Client, kari: Person, tjener):
    tjener.tenketid = 30
    begynt = time.monotonic()

    svar = ask(client, kari.epost)

    assert svar["Location"] == KODE
    assert time.monotonic() - begynt < 3
    assert "Vi sender e-posten nå" in client.get(KODE).text


def test_the_page_follows_the_letter_until_it_is_sent_and_then_stops_asking(
    client: Client, kari: Person, tjener
):
    ask(client, kari.epost)
    bit = client.get(KODE, headers=HTMX).text
    assert 'hx-trigger="every 2s"' in bit
    assert "<html" not in bit

    kontopost.send_waiting()

    bit = client.get(KODE, headers=HTMX).text
    assert "E-posten er sendt" in bit
    assert "hx-" not in bit
    assert "E-posten er sendt" in client.get(KODE).text


@pytest.mark.parametrize("epost", ["kari@demo.example", "nils@demo.example"])
def test_a_refused_address_is_told_to_known_and_unknown_alike(
    client: Client, kari: Person, tjener, epost: str
):
    tjener.nekter = {epost: "550 No such user"}
    ask(client, epost)
    kontopost.send_waiting()

    svar = client.get(KODE)

    assert svar.status_code == 200
    assert "Vi får ikke sendt e-post til denne adressen" in svar.text
    assert Brev.objects.get().tekst == ""


def test_a_server_that_is_away_is_told_after_a_while_and_the_code_comes_when_it_is_back(
    client: Client, kari: Person, settings
):
    with socket.create_server(("127.0.0.1", 0)) as ledig:
        settings.EMAIL_PORT = ledig.getsockname()[1]
    settings.EMAIL_BACKEND = "nettverk.arbeid.epost.SmtpBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    ask(client, kari.epost)
    with pytest.raises(utsending.UtenKontakt):
        kontopost.send_waiting()
    _older(timedelta(seconds=21))

    bit = client.get(KODE, headers=HTMX).text
    assert "Vi får ikke sendt e-post nå" in bit
    assert 'hx-trigger="every 10s"' in bit

    with smtp.posttjener() as tjener:
        smtp.use(settings, tjener)
        kontopost.send_waiting()
    assert "E-posten er sendt" in client.get(KODE).text
    assert tjener.til == [kari.epost]


def test_the_page_stops_asking_after_five_minutes(client: Client, kari: Person):
    ask(client, kari.epost)
    okt = client.session
    okt["account_login"]["state"]["stages"]["login_by_code"]["data"]["kode"]["bestilt"] -= 301
    okt.save()

    assert "hx-" not in client.get(KODE, headers=HTMX).text
