"""The whole portal as a person meets it: web server, Celery worker and clock over a database of its own.

Nothing here knows Django. The tests press what a person would press, and read what a person would read.
"""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

from nettverk.maskinrom import drift, miljo
from nettverk.maskinrom.feil import log_tail
from nettverk.maskinrom.prosess import Barn

# The sweep that finds jobs nobody works on, often enough for a test to see it.
SVEIP = "2"


@dataclass(frozen=True)
class Portal:
    """A running portal with demo data."""

    adresse: str
    mappe: Path
    barn: list[Barn]
    database: str

    def let_planned_day_pass(self, mellomarbeid: int) -> None:
        """What no test can wait for: all that is planned in a log was to be yesterday."""
        _sql(
            "UPDATE rolu_loggpost SET dato = current_date - 1 "
            f"WHERE mellomarbeid_id = {mellomarbeid:d} AND stand = 'planlagt'",
            self.database,
        )

    def logger(self) -> str:
        """The end of every process's log, for a test that failed."""
        return "\n".join(f"{ett.navn}:\n{log_tail(ett.logg, 25)}" for ett in self.barn)


@contextlib.contextmanager
def running_portal() -> Iterator[Portal]:
    """Migrated and with demo data; every process stopped and the database dropped afterwards."""
    port = _free_port()
    with (
        tempfile.TemporaryDirectory(prefix="nettverk-nettleser-") as navn,
        _own_database() as database,
    ):
        mappe = Path(navn)
        miljoet = _environment(mappe, database, port)
        _empty_queue()
        _prepare(miljoet)
        barn = [drift.web(port, miljoet, mappe), drift.worker(miljoet, mappe)]
        barn.append(drift.beat(miljoet, mappe))
        try:
            for ett in barn:
                ett.start()
            adresse = f"http://{drift.VERT}:{port}"
            drift.wait_for_web(adresse, barn)
            yield Portal(adresse, mappe, barn, database)
        finally:
            drift.stop(barn)


def _environment(mappe: Path, database: str, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database,
        "NETTVERK_VAR": str(mappe),
        "MEDIA_ROOT": str(mappe / "filer"),
        "PORT": str(port),
        "DEBUG": "1",
        "DEMO": "1",
        "JOBB_SVEIP_SEKUNDER": SVEIP,
        "PYTHONUNBUFFERED": "1",
    }


def _prepare(miljoet: dict[str, str]) -> None:
    """Migrations and demo data, as `make run` does it."""
    kommando = [sys.executable, "-m", "nettverk.maskinrom.klargjor"]
    svar = subprocess.run(kommando, env=miljoet, cwd=miljo.ROT, capture_output=True, text=True)
    assert svar.returncode == 0, svar.stdout + svar.stderr


@contextlib.contextmanager
def _own_database() -> Iterator[str]:
    """A fresh database in the tests' PostgreSQL, by its address."""
    navn = f"nettleser_{os.getpid()}_{secrets.token_hex(3)}"
    deler = urlsplit(os.environ["DATABASE_URL"])
    _sql(f'CREATE DATABASE "{navn}"')
    try:
        yield urlunsplit(deler._replace(path=f"/{navn}"))
    finally:
        _sql(f'DROP DATABASE IF EXISTS "{navn}" WITH (FORCE)')


def _sql(setning: str, database: str = "") -> None:
    with psycopg.connect(database or os.environ["DATABASE_URL"], autocommit=True) as forbindelse:
        forbindelse.execute(setning)  # type: ignore[arg-type]


def _empty_queue() -> None:
    """What another test asked for is not this portal's work."""
    for steg in (0, 1):
        with redis.from_url(miljo.shift_database(os.environ["REDIS_URL"], steg)) as klient:
            klient.flushdb()


def _free_port() -> int:
    with socket.create_server((drift.VERT, 0)) as tjener:
        port: int = tjener.getsockname()[1]
    return port
