"""The image is built in a clean folder and run as in production: real servers, hostile passwords, https outside."""

import re
import shutil
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from email.message import Message
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from nettverk.maskinrom.binaerer import valkey_program
from nettverk.maskinrom.servere import Servere
from tests.maskinrom.bygg import Bilde, build, free_port, health_command, start_command
from tests.maskinrom.conftest import FRA_TESTKJORINGEN, wait_for
from tests.maskinrom.oppskrift import VERDIER, compose, dockerfile

TJENESTER: dict[str, dict[str, Any]] = compose()["services"]
OVER_HTTPS = {"Host": VERDIER["DOMENE"], "X-Forwarded-Proto": "https"}


@pytest.fixture(scope="module")
def bilde(tmp_path_factory: pytest.TempPathFactory) -> Bilde:
    return build(tmp_path_factory.mktemp("bilde"))


@pytest.fixture(scope="module")
def servere() -> Iterator[Servere]:
    """PostgreSQL with a password that a person made, as the image sets it the first time."""
    with pytest.MonkeyPatch.context() as miljo, ExitStack() as slutt:
        for navn in FRA_TESTKJORINGEN:
            miljo.delenv(navn, raising=False)
        mappe = slutt.enter_context(tempfile.TemporaryDirectory(prefix="nettverk-test-"))
        servere = slutt.enter_context(Servere(Path(mappe), hurtig=True))
        with servere.postgres.connect() as database:
            passord = psycopg.sql.Literal(VERDIER["POSTGRES_PASSORD"])
            database.execute(psycopg.sql.SQL("ALTER ROLE portal PASSWORD {}").format(passord))
        yield servere


@pytest.fixture(scope="module")
def koe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Valkey, started by the line in the compose file. Its port."""
    mappe, port = tmp_path_factory.mktemp("koe"), free_port()
    (mappe / "valkey-server").symlink_to(valkey_program(mappe, None))
    tjeneste = TJENESTER["redis"]
    *skall, linje = tjeneste["command"]
    linje = f"{linje} --port {port} --bind 127.0.0.1 --dir {mappe}"
    prosess = subprocess.Popen(
        [*skall, linje],
        env={"PATH": f"{mappe}:/usr/bin:/bin", **tjeneste["environment"]},
        stdout=subprocess.DEVNULL,
    )
    yield port
    prosess.terminate()
    prosess.wait(30)


@pytest.fixture(scope="module")
def drift(bilde: Bilde, servere: Servere, koe: int) -> Bilde:
    """The image with the environment that Compose gives it, and its tables made by `migrer`."""
    bilde.miljo |= TJENESTER["web"]["environment"]
    bilde.miljo |= {"POSTGRES_HOST": str(servere.postgres.run), "REDIS_HOST": "127.0.0.1"}
    bilde.miljo |= {"REDIS_PORT": str(koe), "HOSTNAME": socket.gethostname()}
    bilde.miljo |= {"GRANIAN_HOST": "127.0.0.1", "GRANIAN_PORT": str(free_port())}
    svar = bilde.run(TJENESTER["migrer"]["command"])
    assert svar.returncode == 0, svar.stderr
    return bilde


@pytest.fixture(scope="module")
def web(drift: Bilde) -> Iterator[Bilde]:
    with drift.running(start_command(dockerfile()["bildet"]), "web.log") as prosess:
        wait_for(lambda: well(drift, "web") or prosess.poll() is not None, 60)
        yield drift


def well(drift: Bilde, navn: str) -> bool:
    """What the container's health check says."""
    egen = TJENESTER[navn].get("healthcheck")
    if egen is None:
        kommando = health_command(dockerfile()["bildet"])
    else:
        kommando = ["sh", "-c", egen["test"][1]]
    return drift.run(kommando).returncode == 0


def ask(web: Bilde, sti: str, **hoder: str) -> tuple[int, Message, bytes]:
    sporsmaal = urllib.request.Request(
        f"http://127.0.0.1:{web.miljo['GRANIAN_PORT']}{sti}", headers={**OVER_HTTPS, **hoder}
    )

    class Bli(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: object, **kwargs: object) -> None:
            return None

    try:
        with urllib.request.build_opener(Bli).open(sporsmaal, timeout=20) as svar:
            return svar.status, svar.headers, svar.read()
    except urllib.error.HTTPError as svar:
        return svar.code, svar.headers, svar.read()


def test_the_build_makes_what_the_pages_need_and_leaves_the_rest_behind(bilde: Bilde):
    laget = set(bilde.files())
    assert {"locale/nn/LC_MESSAGES/django.mo", "build/staticfiles/staticfiles.json"} <= laget
    assert not [sti for sti in laget if sti.startswith(("node_modules", "build/tema", "tests"))]
    assert [sti for sti in laget if re.search(r"(^|/)\.env|\.dump$", sti)] == []


def test_the_settings_pass_djangos_own_check_for_production(drift: Bilde):
    svar = drift.run(["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"])
    assert svar.returncode == 0, svar.stderr


def test_the_passwords_are_asked_for_and_are_the_hostile_ones(
    drift: Bilde, servere: Servere, koe: int
):
    with redis.Redis(port=koe, password=VERDIER["REDIS_PASSORD"]) as klient:
        assert klient.ping()
    with redis.Redis(port=koe, password="feil") as klient, pytest.raises(redis.AuthenticationError):
        klient.ping()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(
            host=str(servere.postgres.run), user="portal", dbname="portal", password="feil"
        )


def test_web_is_well_without_a_worker(web: Bilde):
    assert well(web, "web"), web.log("web.log")
    status, _hoder, innhold = ask(web, "/helse/")
    assert status == 503
    assert b'"mangler": ["arbeider"]' in innhold


def test_worker_and_clock_are_well_and_then_all_of_it_is(web: Bilde):
    with (
        web.running(TJENESTER["worker"]["command"], "worker.log"),
        web.running(TJENESTER["beat"]["command"], "beat.log"),
    ):
        wait_for(lambda: well(web, "beat"), 30)
        assert well(web, "beat"), web.log("beat.log")
        wait_for(lambda: ask(web, "/helse/")[0] == 200, 60)
        assert ask(web, "/helse/")[0] == 200, web.log("worker.log")
        # Its own check has 15 seconds in Compose, three times.
        assert any(well(web, "worker") for _gang in range(3)), web.log("worker.log")


def test_the_nightly_copy_is_taken_at_the_first_start_and_told_as_well(web: Bilde):
    assert not well(web, "kopi")
    with web.running(TJENESTER["kopi"]["command"], "kopi.log") as prosess:
        wait_for(lambda: well(web, "kopi") or prosess.poll() is not None, 90)
        assert well(web, "kopi"), web.log("kopi.log")
    (kopi,) = (web.rot / "data" / "kopier").glob("portal-*.tar")
    assert kopi.stat().st_mode & 0o777 == 0o600


def test_pages_are_served_as_over_https(web: Bilde):
    status, hoder, innhold = ask(web, "/")
    assert status == 200
    assert hoder["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "script-src 'self'" in hoder["Content-Security-Policy"]
    (stilark,) = re.findall(rb'href="(/static/designsystemet\.[0-9a-f]+\.css)"', innhold)
    status, hoder, _innhold = ask(web, stilark.decode())
    assert status == 200
    assert "immutable" in hoder["Cache-Control"]
    status, hoder, _innhold = ask(web, "/", **{"X-Forwarded-Proto": "http"})
    assert (status, hoder["Location"]) == (301, f"https://{VERDIER['DOMENE']}/")
    assert ask(web, "/", Host="annen.example")[0] == 400


def test_preload_is_for_one_who_asks(drift: Bilde):
    spor = "from nettverk import settings; print(settings.SECURE_HSTS_PRELOAD)"
    svar = {
        valg: Bilde(drift.rot, {**drift.miljo, **valgt}).run(["python", "-c", spor]).stdout
        for valg, valgt in {"av": {}, "på": {"HSTS_PRELOAD": "1"}}.items()
    }
    assert svar == {"av": "False\n", "på": "True\n"}


def test_the_tools_of_the_copy_are_in_the_image(bilde: Bilde):
    spor = (
        "from pathlib import Path; from nettverk.maskinrom.binaerer import postgres_folder as mappe"
    )
    svar = bilde.run(["python", "-c", f"{spor}; print(mappe(Path('/ingen'), None))"])
    assert shutil.which("pg_dump", path=svar.stdout.strip()), svar.stderr


def test_nothing_is_written_where_the_image_is_read_only(web: Bilde):
    """Last, after all that has run here."""
    assert web.files() == web.etter_bygg
