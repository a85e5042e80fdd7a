"""The whole portal under its supervisor, as `make run` starts it."""

import os
import re
import signal
import socket
from collections.abc import Callable, Iterator

import pytest

from nettverk.maskinrom.drift import known_as, refuse_taken_port
from nettverk.maskinrom.feil import Maskinromfeil
from tests.maskinrom.conftest import Overvaaker, alive, children_of, health, wait_for


@pytest.fixture
def opptatt_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as tjener:
        yield tjener.getsockname()[1]


def test_a_taken_port_is_named_with_the_way_out(opptatt_port: int):
    with pytest.raises(Maskinromfeil, match=f"{opptatt_port} er opptatt.*make run PORT="):
        refuse_taken_port(opptatt_port)


def test_a_taken_port_stops_before_anything_is_started(
    overvaaker: Callable[..., Overvaaker], opptatt_port: int
):
    portal = overvaaker("kjor", "--port", str(opptatt_port))

    assert portal.wait() == 1
    assert not portal.mappe.exists()


def test_whatever_is_killed_the_portal_answers_again(portal: Overvaaker, ledig_port: int):
    """The attack: kill -9 of a web worker, and of the web server, ended the portal or left it at 500."""
    alt = [
        ("Webtjeneren", lambda: _children(_main(portal, b"granian"))[0]),
        ("Webtjeneren", lambda: _main(portal, b"granian")),
        ("Arbeideren", lambda: _children(_main(portal, b"worker"))[0]),
        ("Arbeideren", lambda: _main(portal, b"worker")),
        ("Klokka", lambda: _main(portal, b"beat")),
        ("PostgreSQL", lambda: _main(portal, b"postgres")),
        ("Valkey", lambda: _main(portal, b"valkey-server")),
    ]
    for navn, finn in alt:
        pid = finn()
        leder = pid in portal.children()
        familie = {pid, *_children(pid)}
        sagt = portal.sagt()

        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not alive(familie))  # noqa: B023 -- used before the next round
        assert alive(familie) == set(), navn
        if leder:
            linje = f"{navn} er startet igjen."
            wait_for(lambda: portal.sagt().count(linje) > sagt.count(linje))  # noqa: B023
            assert portal.sagt().count(linje) > sagt.count(linje)
            assert f"{navn} stoppet uventet (kode -9)" in portal.sagt()

        wait_for(lambda: _well_for_a_while(ledig_port), 90)
        assert _well_for_a_while(ledig_port), f"{navn} {pid}: {portal.sagt()}"

    # The clock, the queue, the worker and the database meet again.
    gjort = _sweeps_done(portal)
    wait_for(lambda: _sweeps_done(portal) > gjort, 60)
    assert _sweeps_done(portal) > gjort

    # Ctrl-C ends it in good order, and leaves nobody.
    alle = portal.descendants()
    portal.prosess.send_signal(signal.SIGINT)
    assert portal.wait() == 0
    assert alive(alle) == set()


def test_web_workers_whose_master_is_gone_do_not_outlive_a_stop(
    portal: Overvaaker, overvaaker: Callable[..., Overvaaker], ledig_port: int
):
    """The supervisor asleep when the master dies, so that the stop itself must find the orphans."""
    portal.prosess.send_signal(signal.SIGSTOP)
    alle = portal.descendants()
    os.kill(_main(portal, b"granian"), signal.SIGKILL)
    portal.prosess.send_signal(signal.SIGINT)
    portal.prosess.send_signal(signal.SIGCONT)

    assert portal.wait() == 0
    assert alive(alle) == set()

    # The second start finds the data, and the port free.
    igjen = overvaaker("kjor", "--port", str(ledig_port))
    wait_for(lambda: igjen.sagt().count("Portalen er klar") == 2, 300)
    igjen.prosess.send_signal(signal.SIGINT)
    assert igjen.wait() == 0
    assert igjen.sagt().count("endringer av tabellene") == 1


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


def _well_for_a_while(port: int) -> bool:
    """Each of the web workers gets some of the questions."""
    return all(health(port, sti) == 200 for _ in range(10) for sti in ("/helse/", "/"))


def _sweeps_done(portal: Overvaaker) -> int:
    logg = (portal.mappe / "logg" / "worker.log").read_text()
    return len(re.findall(r"start_waiting_jobber\[.*succeeded", logg))


def _main(portal: Overvaaker, ord_: bytes) -> int:
    """The supervisor's own child with this word, whole, in its command or as the name of its program."""
    return next(pid for pid in portal.children() if ord_ in _words(pid))


def _children(pid: int) -> list[int]:
    """Not multiprocessing's own helper, which the web server starts beside its workers."""
    return [barn for barn in children_of(pid) if b"resource_tracker" not in _command(barn)]


def _words(pid: int) -> set[bytes]:
    return {ord_.rpartition(b"/")[2] for ord_ in re.split(rb"[\0 ]", _command(pid))}


def _command(pid: int) -> bytes:
    with open(f"/proc/{pid}/cmdline", "rb") as fil:
        return fil.read()


@pytest.mark.parametrize(
    ("tillatte", "vert"),
    [
        ("", "localhost"),
        ("localhost", "localhost"),
        ("*", "localhost"),
        ("portal.example, 127.0.0.1", "127.0.0.1"),
    ],
)
def test_the_address_it_prints_is_one_where_passkeys_work_when_the_portal_answers_there(
    tillatte: str, vert: str
):
    assert known_as({"ALLOWED_HOSTS": tillatte}) == vert
