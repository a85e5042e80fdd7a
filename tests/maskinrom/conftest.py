"""Data folders and supervisors of their own for the tests of the machine room."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nettverk.maskinrom.miljo import ROT, read_running

FRA_TESTKJORINGEN = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "MEDIA_ROOT")


@pytest.fixture
def uten_adresser(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine where no database or queue is set."""
    for navn in FRA_TESTKJORINGEN:
        monkeypatch.delenv(navn, raising=False)


@pytest.fixture
def datamappe(uten_adresser: None) -> Iterator[Path]:
    """An empty data folder; right under the temporary folder, where root's service account can go."""
    mappe = Path(tempfile.mkdtemp(prefix="nettverk-test-"))
    mappe.chmod(0o755)
    yield mappe / "var"
    shutil.rmtree(mappe, ignore_errors=True)


class Overvaaker:
    """A real supervisor process, and what it has said."""

    def __init__(self, mappe: Path, *kommando: str) -> None:
        self.mappe = mappe
        self.utskrift = mappe.parent / "utskrift.txt"
        miljo = {navn: v for navn, v in os.environ.items() if navn not in FRA_TESTKJORINGEN}
        with self.utskrift.open("ab") as ut:
            self.prosess = subprocess.Popen(
                [sys.executable, "-m", "nettverk.maskinrom", *kommando],
                cwd=ROT,
                env={**miljo, "NETTVERK_VAR": str(mappe), "DEMO": "0"},
                stdout=ut,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def sagt(self) -> str:
        return self.utskrift.read_text()

    def wait_until_ready(self, tegn: str, sekunder: float = 300) -> None:
        wait_for(lambda: tegn in self.sagt() or self.prosess.poll() is not None, sekunder)
        assert tegn in self.sagt(), self.sagt()

    def wait(self, sekunder: float = 60) -> int:
        return self.prosess.wait(sekunder)

    def running(self) -> dict[str, str] | None:
        return read_running(self.mappe)

    def descendants(self) -> set[int]:
        """The supervisor's children and theirs, as Linux lists them."""
        funnet: set[int] = set()
        venter = [self.prosess.pid]
        while venter:
            barn = set(children_of(venter.pop()))
            venter += barn - funnet
            funnet |= barn
        return funnet

    def children(self) -> set[int]:
        return alive(set(children_of(self.prosess.pid)))


def children_of(pid: int) -> list[int]:
    lister = Path(f"/proc/{pid}/task").glob("*/children")
    return sorted(int(tall) for liste in lister for tall in liste.read_text().split())


def wait_for(sant: Callable[[], bool], sekunder: float = 30) -> None:
    slutt = time.monotonic() + sekunder
    while not sant() and time.monotonic() < slutt:
        time.sleep(0.05)


def alive(pider: set[int]) -> set[int]:
    """Those that still run; a process that only waits to be reaped does not."""

    def runs(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    return {pid for pid in pider if runs(pid)}


@pytest.fixture
def overvaaker(datamappe: Path) -> Iterator[Callable[..., Overvaaker]]:
    startet: list[Overvaaker] = []

    def start(*kommando: str, mappe: Path | None = None) -> Overvaaker:
        startet.append(Overvaaker(mappe or datamappe, *kommando))
        return startet[-1]

    yield start
    for en in startet:
        if en.prosess.poll() is None:
            en.prosess.send_signal(signal.SIGTERM)
            en.prosess.wait(60)


@pytest.fixture
def ledig_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as tjener:
        port: int = tjener.getsockname()[1]
    return port


@pytest.fixture
def portal(overvaaker: Callable[..., Overvaaker], ledig_port: int) -> Overvaaker:
    """The whole portal, and all of it well."""
    portal = overvaaker("kjor", "--port", str(ledig_port))
    portal.wait_until_ready(f"Portalen er klar: http://localhost:{ledig_port}")
    wait_for(lambda: health(ledig_port) == 200)
    assert health(ledig_port) == 200, portal.sagt()
    return portal


def health(port: int, sti: str = "/helse/") -> int:
    """What the address answers; 0 when nobody does."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{sti}", timeout=10) as svar:
            return svar.status
    except urllib.error.HTTPError as feil:
        return feil.code
    except OSError:
        return 0
