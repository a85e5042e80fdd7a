"""The embedded servers: they keep the data, refuse company and leave nothing behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis

from nettverk.maskinrom import miljo
from nettverk.maskinrom.feil import Maskinromfeil
from nettverk.maskinrom.servere import SOKKELSTI_MAKS, Opptatt, Servere, socket_folder
from tests.maskinrom.conftest import Overvaaker, alive, wait_for


def test_data_is_kept_from_one_start_to_the_next(datamappe: Path):
    with Servere(datamappe) as servere:
        with psycopg.connect(servere.addresses()["DATABASE_URL"]) as database:
            database.execute("CREATE TABLE kommune (navn text)")
            database.execute("INSERT INTO kommune VALUES ('Ørsta')")
        with redis.Redis.from_url(servere.addresses()["REDIS_URL"]) as koe:
            koe.set("kommune", "Ørsta")

    with Servere(datamappe) as servere:
        with psycopg.connect(servere.addresses()["DATABASE_URL"]) as database:
            assert database.execute("SELECT navn FROM kommune").fetchall() == [("Ørsta",)]
        with redis.Redis.from_url(servere.addresses()["REDIS_URL"]) as koe:
            assert koe.get("kommune") == "Ørsta".encode()


def test_a_database_that_is_killed_has_all_it_had_confirmed(datamappe: Path):
    with Servere(datamappe) as servere:
        with psycopg.connect(servere.addresses()["DATABASE_URL"]) as database:
            database.execute("CREATE TABLE tall AS SELECT generate_series(1, 20000) AS n")
        (postgres, _) = servere.children()
        os.kill(postgres.pid, signal.SIGKILL)
        postgres.prosess.wait(10)

    with (
        Servere(datamappe) as servere,
        psycopg.connect(servere.addresses()["DATABASE_URL"]) as database,
    ):
        assert database.execute("SELECT count(*) FROM tall").fetchone() == (20000,)


def test_norwegian_letters_count_in_the_database(egne_servere: Servere):
    with psycopg.connect(egne_servere.addresses()["DATABASE_URL"]) as database:
        database.execute("CREATE EXTENSION pg_trgm")
        svar = database.execute(
            "SELECT lower('ÆØÅ'), 'Å' ILIKE 'å', similarity('Ås', 'ås'), similarity('Ås', 's') < 1"
        ).fetchone()
    assert svar == ("æøå", True, 1.0, True)


def test_a_second_supervisor_is_refused(datamappe: Path):
    with Servere(datamappe) as servere:
        servere.announce(adresse="http://127.0.0.1:8000")
        with pytest.raises(Opptatt, match=r"går alt på http://127\.0\.0\.1:8000 .*NETTVERK_VAR"):
            Servere(datamappe).__enter__()
        assert miljo.read_running(datamappe) is not None


def test_servers_named_in_the_environment_are_used_instead(
    datamappe: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DATABASE_URL", "postgresql://en-annen/portal")
    monkeypatch.setenv("REDIS_URL", "redis://en-annen:6379/0")

    with Servere(datamappe) as servere:
        assert servere.children() == []
        assert servere.addresses() == {
            "DATABASE_URL": "postgresql://en-annen/portal",
            "REDIS_URL": "redis://en-annen:6379/0",
            "CELERY_BROKER_URL": "redis://en-annen:6379/1",
            "MEDIA_ROOT": str(datamappe / "filer"),
        }


def test_servers_named_in_parts_are_used_as_well(datamappe: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("POSTGRES_HOST", "en-annen")
    monkeypatch.setenv("POSTGRES_PASSORD", "a/b#c")
    monkeypatch.setenv("REDIS_HOST", "en-annen")

    with Servere(datamappe) as servere:
        assert servere.children() == []
        assert servere.addresses() == {
            "DATABASE_URL": "postgresql://portal:a%2Fb%23c@en-annen:5432/portal",
            "REDIS_URL": "redis://en-annen:6379/0",
            "CELERY_BROKER_URL": "redis://en-annen:6379/1",
            "MEDIA_ROOT": str(datamappe / "filer"),
        }


def test_a_deep_data_folder_gets_a_short_folder_for_its_sockets(datamappe: Path):
    dyp = datamappe / ("et-langt-navn-" * 8)
    with Servere(dyp) as servere:
        run = servere.postgres.run
        assert len(str(run / ".s.PGSQL.5432")) <= SOKKELSTI_MAKS
        assert run.stat().st_mode & 0o777 == 0o700
        servere.postgres.connect().close()
    assert socket_folder(dyp, servere.konto) == run
    run.rmdir()


def test_data_of_another_postgresql_is_left_alone(datamappe: Path):
    with Servere(datamappe, hurtig=True):
        pass
    (datamappe / "pg" / "PG_VERSION").write_text("12\n")

    with pytest.raises(Maskinromfeil, match=r"laget av PostgreSQL 12.*pg_dump"):
        Servere(datamappe).__enter__()


def test_a_killed_supervisor_takes_its_servers_with_it(overvaaker: Callable[..., Overvaaker]):
    forste = overvaaker("servere")
    forste.wait_until_ready("Stopp med Ctrl-C")
    servere = forste.descendants()
    assert len(alive(servere)) >= 2

    forste.prosess.kill()
    forste.wait()

    wait_for(lambda: not alive(servere))
    assert alive(servere) == set()
    assert forste.running() is None
    neste = overvaaker("servere")
    neste.wait_until_ready("Stopp med Ctrl-C")


def test_ctrl_c_stops_the_servers(overvaaker: Callable[..., Overvaaker]):
    en = overvaaker("servere")
    en.wait_until_ready("Stopp med Ctrl-C")
    servere = en.descendants()

    en.prosess.send_signal(signal.SIGINT)

    assert en.wait() == 0
    assert alive(servere) == set()
    assert "shut down" in (en.mappe / "logg" / "postgres.log").read_text()


def test_a_command_gets_the_running_servers(overvaaker: Callable[..., Overvaaker]):
    en = overvaaker("servere")
    en.wait_until_ready("Stopp med Ctrl-C")

    kommando = overvaaker("med", "--", "env")

    assert kommando.wait() == 0
    assert f"DATABASE_URL={en.running()['DATABASE_URL']}" in kommando.sagt()


def test_a_command_gets_servers_of_its_own_when_none_run(overvaaker: Callable[..., Overvaaker]):
    kommando = overvaaker("med", "--", "sh", "-c", "echo svar=$REDIS_URL; exit 7")

    assert kommando.wait() == 7
    assert "svar=unix://" in kommando.sagt()
    assert kommando.running() is None


@pytest.mark.parametrize("mappe", ["/proc/finnes-ikke/var", "/dev/null/var", "/dev/full"])
@pytest.mark.parametrize("kommando", [["kjor", "--port", "0"], ["med", "--", "true"]])
def test_a_data_folder_that_cannot_be_used_is_named_without_a_traceback(
    uten_adresser: None, mappe: str, kommando: list[str]
):
    svar = subprocess.run(
        [sys.executable, "-m", "nettverk.maskinrom", *kommando],
        cwd=miljo.ROT, env={**os.environ, "NETTVERK_VAR": mappe}, capture_output=True, text=True,
    )  # fmt: skip

    assert svar.returncode == 1
    assert mappe in svar.stderr
    assert "NETTVERK_VAR" in svar.stderr
    assert "Traceback" not in svar.stderr


def test_a_data_folder_with_norwegian_letters_is_used_where_nothing_but_ascii_is_expected(
    overvaaker: Callable[..., Overvaaker], monkeypatch: pytest.MonkeyPatch, datamappe: Path
):
    monkeypatch.setenv("LC_ALL", "C")
    en = overvaaker("servere", mappe=datamappe.with_name("prøve æøå"))
    en.wait_until_ready("Stopp med Ctrl-C")

    kommando = overvaaker("med", "--", "sh", "-c", "echo Sti: $NETTVERK_VAR", mappe=en.mappe)

    assert kommando.wait() == 0
    assert f"Sti: {en.mappe}" in kommando.sagt()
