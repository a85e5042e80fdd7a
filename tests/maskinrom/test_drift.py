"""The whole portal under its supervisor, as `make run` starts it."""

import os
import signal
import socket
import urllib.request
from collections.abc import Callable, Iterator

import pytest

from nettverk.maskinrom.drift import refuse_taken_port
from nettverk.maskinrom.feil import Maskinromfeil
from tests.maskinrom.conftest import Overvaaker, alive, wait_for


@pytest.fixture
def opptatt_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as tjener:
        yield tjener.getsockname()[1]


@pytest.fixture
def ledig_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as tjener:
        port: int = tjener.getsockname()[1]
    return port


def test_a_taken_port_is_named_with_the_way_out(opptatt_port: int):
    with pytest.raises(Maskinromfeil, match=f"{opptatt_port} er opptatt.*make run PORT="):
        refuse_taken_port(opptatt_port)


def test_a_taken_port_stops_before_anything_is_started(
    overvaaker: Callable[..., Overvaaker], opptatt_port: int
):
    portal = overvaaker("kjor", "--port", str(opptatt_port))

    assert portal.wait() == 1
    assert not portal.mappe.exists()


def test_the_portal_answers_and_stops_whole_when_its_worker_dies(
    overvaaker: Callable[..., Overvaaker], ledig_port: int
):
    portal = overvaaker("kjor", "--port", str(ledig_port))
    portal.wait_until_ready(f"Portalen er klar: http://127.0.0.1:{ledig_port}")
    with urllib.request.urlopen(f"http://127.0.0.1:{ledig_port}/helse/") as svar:
        assert svar.status == 200
    alle = portal.descendants()

    os.kill(_worker(alle), signal.SIGKILL)

    assert portal.wait() == 1
    assert "Arbeideren stoppet uventet (kode -9)" in portal.sagt()
    assert alive(alle) == set()

    # The second start finds the data; Ctrl-C ends it in good order.
    igjen = overvaaker("kjor", "--port", str(ledig_port))
    wait_for(lambda: igjen.sagt().count("Portalen er klar") == 2, 60)
    alle = igjen.descendants()
    igjen.prosess.send_signal(signal.SIGINT)
    assert igjen.wait() == 0
    assert igjen.sagt().count("endringer av tabellene") == 1
    assert alive(alle) == set()


def test_a_killed_supervisor_takes_the_whole_portal_with_it(
    overvaaker: Callable[..., Overvaaker], ledig_port: int
):
    portal = overvaaker("kjor", "--port", str(ledig_port))
    portal.wait_until_ready("Portalen er klar")
    alle = portal.descendants()

    portal.prosess.kill()
    portal.wait()

    wait_for(lambda: not alive(alle))
    assert alive(alle) == set()


def _worker(pider: set[int]) -> int:
    """Celery's main process: the lowest number among its kind."""
    return min(pid for pid in pider if b"\0worker\0" in _command(pid))


def _command(pid: int) -> bytes:
    with open(f"/proc/{pid}/cmdline", "rb") as fil:
        return fil.read()
