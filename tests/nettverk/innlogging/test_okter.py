"""Who is in, and what is counted, while Redis hangs, dies and comes back."""

import os
import signal
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nettverk.arbeid import kontopost
from nettverk.demo import post
from nettverk.maskinrom.servere import Servere
from nettverk.models import Person
from tests.nettverk.arbeid.test_arbeider import egen_koe  # noqa: F401 (fixture)
from tests.nettverk.factories import NettverkFactory, PersonFactory, koordinator
from tests.nettverk.innlogging.koder import KODE, ask, newest_code

LOGG_UT = "/konto/logg-ut/"


@pytest.fixture
def redis(transactional_db: None, settings, egen_koe: Servere) -> int:  # noqa: F811
    """A Redis for the portal of this test alone; its process."""
    standard = settings.CACHES["default"]
    adresse = egen_koe.addresses()["REDIS_URL"]
    settings.CACHES = {"default": {**standard, "LOCATION": adresse}}
    assert egen_koe.valkey
    assert egen_koe.valkey.barn
    return egen_koe.valkey.barn.pid


@pytest.fixture
def kari(redis: int) -> Person:
    return PersonFactory(epost="kari@demo.example")


def _old_cookie(client: Client) -> Client:
    """Somebody who has kept the cookie from before."""
    tyv = Client()
    tyv.cookies["sessionid"] = client.cookies["sessionid"].value
    return tyv


def test_signed_out_while_redis_hangs_is_out_when_it_is_back_with_all_it_remembers(
    client: Client, kari: Person, redis: int
):
    client.force_login(kari)
    assert client.get("/konto/").status_code == 200
    tyv = _old_cookie(client)

    os.kill(redis, signal.SIGSTOP)
    try:
        assert client.post(LOGG_UT).status_code == 302
    finally:
        os.kill(redis, signal.SIGCONT)

    assert tyv.get("/konto/").status_code == 302
    assert not Session.objects.exists()


def test_who_is_in_stays_in_and_the_limits_hold_while_redis_is_dead(
    kari: Person,
    redis: int,
    egen_koe: Servere,  # noqa: F811
    settings,
    tmp_path: Path,
):
    settings.EMAIL_BACKEND = "nettverk.demo.post.PostkasseBackend"
    settings.MEDIA_ROOT = tmp_path
    inne = Client()
    inne.force_login(kari)
    assert egen_koe.valkey

    os.kill(redis, signal.SIGKILL)
    svar = [ask(Client(), kari.epost).status_code for _i in range(12)]
    ny = Client()
    ask(ny, PersonFactory(epost="ola@demo.example").epost)
    kode = newest_code("ola@demo.example")

    assert svar == [302] * 5 + [200] * 7
    assert ny.post(KODE, {"code": kode}).status_code == 302
    assert inne.get("/konto/").status_code == 200
    tyv = _old_cookie(inne)
    inne.post(LOGG_UT)
    egen_koe.valkey.stop()
    egen_koe.valkey.start()
    assert tyv.get("/konto/").status_code == 302
    assert ask(Client(), kari.epost).status_code == 200
    kontopost.send_waiting()
    assert len(list(post.letters("kari"))) == 5


@pytest.mark.django_db(transaction=True)
def test_sign_out_that_cannot_be_done_says_so():
    client = Client(raise_request_exception=False)
    client.force_login(PersonFactory())
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION nei() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'disk full'; END $$;"
            "CREATE TRIGGER nei BEFORE DELETE ON django_session EXECUTE FUNCTION nei()"
        )
        try:
            assert client.post(LOGG_UT).status_code == 500
        finally:
            cursor.execute("DROP TRIGGER nei ON django_session; DROP FUNCTION nei()")

    assert client.get("/konto/").status_code == 200


@pytest.mark.django_db
def test_home_asks_the_database_at_most_twelve_times(client: Client):
    nettverk = NettverkFactory(slug="fjordnett")
    client.force_login(koordinator(nettverk))
    client.get("/fjordnett/hjem/")

    with CaptureQueriesContext(connection) as spurt:
        assert client.get("/fjordnett/hjem/").status_code == 200

    assert len(spurt) <= 12, [s["sql"][:120] for s in spurt]
