"""docker/Caddyfile, read by Caddy itself: how large a request it lets through, and what it tells of who asks."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nettverk.filer import opplasting
from nettverk.maskinrom.miljo import ROT
from tests.maskinrom.bygg import free_port
from tests.maskinrom.conftest import wait_for

MIB = 1024 * 1024
MAKS_MB = 2


class Bak(BaseHTTPRequestHandler):
    """A web server that reads all it is sent and says what came."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        rest, lest = int(self.headers["Content-Length"]), 0
        while rest > lest and (del_ := self.rfile.read(min(MIB, rest - lest))):
            lest += len(del_)
        hoder = {
            navn: self.headers.get_all(navn) for navn in ("X-Forwarded-For", "X-Forwarded-Proto")
        }
        svar = json.dumps({"lest": lest, **hoder}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(svar)))
        self.end_headers()
        self.wfile.write(svar)

    def log_message(self, *args: object) -> None:
        """Silent."""


class Baktjener(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args: object) -> None:
        """The proxy hangs up on us in the middle of what is too much."""


@pytest.fixture(scope="module")
def caddy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The proxy before such a server; its port. The largest file is two megabytes here."""
    mappe, port = tmp_path_factory.mktemp("caddy"), free_port()
    bak = Baktjener(("127.0.0.1", 0), Bak)
    threading.Thread(target=bak.serve_forever, daemon=True).start()
    miljo = {"DOMENE": f"http://127.0.0.1:{port}", "OPPLASTING_FILM_MAKS_MB": str(MAKS_MB)}
    miljo |= {"WEB": "127.0.0.1", "WEB_PORT": str(bak.server_address[1])}
    miljo |= {"XDG_CONFIG_HOME": str(mappe), "XDG_DATA_HOME": str(mappe), "HOME": str(mappe)}
    miljo["CADDY_ADMIN"] = f"127.0.0.1:{free_port()}"
    with (mappe / "logg").open("wb") as ut:
        prosess = subprocess.Popen(
            [
                Path(sys.executable).with_name("caddy"),
                "run",
                "--config",
                ROT / "docker" / "Caddyfile",
                "--adapter",
                "caddyfile",
            ],
            env=miljo,
            stderr=ut,
        )
    wait_for(lambda: answers(port) or prosess.poll() is not None)
    assert prosess.poll() is None, (mappe / "logg").read_text()
    yield port
    prosess.terminate()
    prosess.wait(30)
    bak.shutdown()
    bak.server_close()


def answers(port: int) -> bool:
    with socket.socket() as sokkel:
        return sokkel.connect_ex(("127.0.0.1", port)) == 0


def post(port: int, antall: int, **hoder: str) -> tuple[int, dict]:
    forbindelse = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        forbindelse.request("POST", "/", body=bytes(antall), headers=hoder)
        svar = forbindelse.getresponse()
        innhold = svar.read()
        return svar.status, json.loads(innhold) if svar.status == 200 else {}
    except (BrokenPipeError, ConnectionResetError):
        return 413, {}  # it hung up in the middle of what was too much
    finally:
        forbindelse.close()


def test_all_that_a_form_takes_comes_through(caddy: int):
    # Four files of the largest size, and the words beside them.
    skjema = opplasting._SAMLET * MAKS_MB * MIB + MIB
    assert post(caddy, skjema)[1]["lest"] == skjema


def test_what_is_far_above_is_stopped_before_the_portal(caddy: int):
    assert post(caddy, 10 * MAKS_MB * MIB)[0] == 200
    assert post(caddy, 10 * MAKS_MB * MIB + 1)[0] == 413


def test_an_address_that_the_asker_made_up_is_not_passed_on(caddy: int):
    _status, fikk = post(caddy, 1, **{"X-Forwarded-For": "10.9.8.7", "X-Forwarded-Proto": "https"})
    assert fikk["X-Forwarded-For"] == ["127.0.0.1"]
    assert fikk["X-Forwarded-Proto"] == ["http"]
