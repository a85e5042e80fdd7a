"""/helse/: 200 when everything works, 503 that names what does not – whoever asks, whatever is away."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from nettverk.arbeid.brev import queue_account
from nettverk.innlogging import adapter
from nettverk.maskinrom.miljo import ROT
from nettverk.mellomlager import klient
from nettverk.models import Brev
from nettverk.signaler import HJERTESLAG_NOEKKEL, beat
from nettverk.views.helse import DELER
from tests.nettverk.factories import NettverkFactory

# The parts are asked in threads of their own, which see only what is saved.
pytestmark = pytest.mark.django_db(transaction=True)


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


@pytest.mark.parametrize(
    ("ventet", "gaar", "mangler"),
    [
        (timedelta(minutes=5), False, []),
        (timedelta(minutes=15), False, ["brev"]),
        (timedelta(minutes=15), True, []),
        (timedelta(days=2), False, []),
    ],
    ids=["a-while", "too-long", "too-long-but-others-go", "given-up"],
)
def test_letters_that_wait_while_none_goes_are_named(
    client: Client, hjerteslag: None, ventet: timedelta, gaar: bool, mangler: list[str]
):
    _brev("en", opprettet=timezone.now() - ventet)
    if gaar:
        _brev("to", tilstand="sendt", sendt=timezone.now())

    assert client.get("/helse/").json()["mangler"] == mangler


def _brev(navn: str, **felt) -> Brev:
    return Brev.objects.create(
        nettverk=NettverkFactory(), epost=f"{navn}@proeve.no", slag="proeve", sending="00000000-0000-0000-0000-000000000001",
        spraak="nb", melding_id=navn, noekkel=navn, **felt,
    )  # fmt: skip


def test_the_web_servers_own_health_does_not_ask_for_worker_or_queue(client: Client, settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }

    svar = client.get("/helse/web/")

    assert (svar.status_code, svar.json()) == (
        200,
        {"status": "ok", "database": "ok", "lager": "ok", "mangler": []},
    )


# --- with the database really away, in a process of its own

SPOER = """
import json, sys, time, django
django.setup()
from django.conf import settings
from django.test import Client
svarene = []
for metode, sti in json.loads(sys.argv[1]):
    klient = Client(raise_request_exception=False, headers={"host": "localhost"})
    klient.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    begynt = time.monotonic()
    svar = klient.generic(metode, sti, secure=True)
    svarene.append({"status": svar.status_code, "tekst": svar.content.decode(), "tid": time.monotonic() - begynt,
                    "hoder": dict(svar.headers)})
print(json.dumps(svarene))
"""


def _ask_without_database(*stier: tuple[str, str], **miljo: str) -> list[dict]:
    svar = subprocess.run(
        [sys.executable, "-c", SPOER, json.dumps(stier)],
        cwd=ROT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "nettverk.settings",
            "DATABASE_URL": "postgresql://portal@127.0.0.1:1/portal",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "ALLOWED_HOSTS": "localhost",
            **miljo,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert svar.returncode == 0, svar.stderr
    funnet: list[dict] = json.loads(svar.stdout)
    return funnet


@pytest.fixture
def taus_tjener() -> Iterator[int]:
    """A machine that takes the call and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as tjener:
        yield tjener.getsockname()[1]


@pytest.mark.parametrize("debug", ["0", "1"])
def test_health_is_json_with_a_session_while_database_queue_and_disk_are_away(debug: str):
    """The attack: a browser that was signed in got an HTML error of 500."""
    helse, web = _ask_without_database(
        ("GET", "/helse/"),
        ("GET", "/helse/web/"),
        DEBUG=debug,
        DEMO="0",
        STATIC_ROOT=str(ROT / "build" / "static"),
        MEDIA_ROOT="/proc/finnes-ikke",
    )

    assert (helse["status"], web["status"]) == (503, 503)
    assert json.loads(helse["tekst"])["mangler"] == list(DELER)
    assert json.loads(web["tekst"])["mangler"] == ["database", "lager"]
    assert helse["tid"] < 3


def test_health_does_not_wait_for_a_database_that_hangs(taus_tjener: int):
    (forste, andre) = _ask_without_database(
        ("GET", "/helse/"),
        ("GET", "/helse/"),
        DATABASE_URL=f"postgresql://portal@127.0.0.1:{taus_tjener}/portal",
        REDIS_URL=f"redis://127.0.0.1:{taus_tjener}/0",
    )

    assert (forste["status"], andre["status"]) == (503, 503)
    assert forste["tid"] < 4
    assert andre["tid"] < 4


@pytest.fixture(scope="module")
def statiske(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the pages need in production."""
    mappe = str(tmp_path_factory.mktemp("statiske"))
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
        cwd=ROT,
        env={**os.environ, "DEBUG": "0", "DEMO": "0", "STATIC_ROOT": mappe},
        check=True,
    )
    return mappe


@pytest.mark.parametrize("debug", ["0", "1"])
def test_every_page_says_plainly_that_the_portal_is_away(debug: str, statiske: str):
    sider = [("GET", "/"), ("GET", "/konto/"), ("GET", "/nordmore/hjem/")]
    sider += [("GET", "/admin/"), ("GET", "/nordmore/"), ("POST", reverse("account_login"))]
    svarene = _ask_without_database(*sider, DEBUG=debug, DEMO="0", STATIC_ROOT=statiske)
    for side, svar in zip(sider, svarene, strict=True):
        if side[0] == "POST" and svar["status"] == 403:
            continue  # the form's own guard, which needs no database, came first
        assert svar["status"] == 503, side
        assert "<h1" in svar["tekst"], side
        assert "Portalen er borte et øyeblikk" in svar["tekst"], side
        assert "Traceback" not in svar["tekst"], side
        assert svar["hoder"]["Retry-After"] == "10", side
        assert svar["hoder"]["Content-Length"] == str(len(svar["tekst"].encode())), side
        assert svar["tid"] < 3, side
