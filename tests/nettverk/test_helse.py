"""/helse/: 200 when everything works, 503 that names what does not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from nettverk.arbeid.brev import queue_account
from nettverk.innlogging import adapter
from nettverk.mellomlager import klient
from nettverk.models import Brev
from nettverk.signaler import HJERTESLAG_NOEKKEL, beat

pytestmark = pytest.mark.django_db


@pytest.fixture
def hjerteslag():
    beat()
    yield
    klient().delete(HJERTESLAG_NOEKKEL)


def test_all_is_well(client: Client, hjerteslag: None):
    svar = client.get("/helse/")

    assert (svar.status_code, svar.json()["mangler"]) == (200, [])


def test_worker_without_heartbeat_is_named(client: Client):
    klient().delete(HJERTESLAG_NOEKKEL)

    svar = client.get("/helse/")

    assert (svar.status_code, svar.json()["mangler"]) == (503, ["arbeider"])


def test_queue_that_does_not_answer_is_named_with_the_worker_behind_it(client: Client, settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }

    svar = client.get("/helse/")

    assert (svar.status_code, svar.json()["mangler"]) == (503, ["koe", "arbeider"])


def test_storage_that_cannot_be_written_is_named(client: Client, hjerteslag: None, settings):
    settings.MEDIA_ROOT = "/proc/finnes-ikke"

    svar = client.get("/helse/")

    assert (svar.status_code, svar.json()["mangler"]) == (503, ["lager"])


def test_account_letters_that_wait_are_named(client: Client, hjerteslag: None):
    brev = queue_account(
        til=None,
        epost="kari@demo.example",
        slag=adapter.KODE,
        emne="Kode",
        tekst="Kode",
        hemmelig=True,
    )
    assert client.get("/helse/").status_code == 200

    Brev.objects.filter(pk=brev.pk).update(opprettet=timezone.now() - timedelta(seconds=61))

    assert client.get("/helse/").json()["mangler"] == ["kontopost"]
