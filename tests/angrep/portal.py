"""The portal that is attacked: the supervisor of `make run` with production's switches, over servers of our own.

PostgreSQL and Redis belong to this process, so that they can be stopped and killed; web, worker and clock
belong to the supervisor, which is what must get them up again. Mail goes to a real mail server here.
"""

import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django

from nettverk.maskinrom.feil import log_tail
from nettverk.maskinrom.miljo import ROT
from nettverk.maskinrom.servere import Servere
from tests.angrep.klient import Borte, Heng, Klient
from tests.smtp import Posttjener, posttjener

OPPSTART = 240
# Short, so that what a dead worker held is found while we look.
FRISTER = {
    "JOBB_SVEIP_SEKUNDER": "2",
    "JOBB_LEIETID_SEKUNDER": "6",
    "BREV_LEIETID_SEKUNDER": "12",
}


@dataclass
class Minne:
    mest: int = 0


def _megabytes(pid: int) -> int:
    with contextlib.suppress(OSError, StopIteration, ValueError):
        status = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(linje for linje in status if linje.startswith("VmRSS")).split()[1]) // 1024
    return 0


@dataclass
class Portal:
    """The running portal, and what an attack needs to know of it."""

    adresse: str
    mappe: Path
    servere: Servere
    post: Posttjener
    miljo: dict[str, str]
    tilsyn: subprocess.Popen[bytes]

    def klient(self, **felt: object) -> Klient:
        from django.conf import settings

        return Klient(self.adresse, csrf_kake=settings.CSRF_COOKIE_NAME, **felt)

    def signed_in(self, person: object, **felt: object) -> Klient:
        """A browser in which the person is signed in, as the sign-in page leaves it."""
        from django.test import Client

        klient = self.klient(**felt)
        if person is not None:
            indre = Client()
            indre.force_login(person)
            klient.kaker = {navn: kake.value for navn, kake in indre.cookies.items()}
        return klient

    def processes(self, merke: str) -> list[int]:
        """The supervisor's descendants whose command line has `merke` in it, parents first."""
        barn: dict[int, list[int]] = {}
        linjer: dict[int, str] = {}
        for sti in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                felt = (sti / "stat").read_text().rpartition(")")[2].split()
                if felt[0] == "Z":
                    continue
                pid = int(sti.name)
                barn.setdefault(int(felt[1]), []).append(pid)
                linjer[pid] = (sti / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        funnet, neste = [], [self.tilsyn.pid]
        while neste:
            pid = neste.pop(0)
            neste += sorted(barn.get(pid, []))
            if merke in linjer.get(pid, ""):
                funnet.append(pid)
        return funnet

    def web_master(self) -> int:
        return self.processes("granian")[0]

    def web_workers(self) -> list[int]:
        """The web server's own processes, without the one that starts them."""
        return self.processes("granian")[1:]

    def kill_worker(self) -> None:
        """kill -9 of the Celery worker with its children at once, as when the machine loses power."""
        os.killpg(self.processes("nettverk worker")[0], signal.SIGKILL)

    @contextlib.contextmanager
    def watched_memory(self) -> Iterator["Minne"]:
        """The most that one process of the portal has held while it lasts."""
        minne, ferdig = Minne(), threading.Event()

        def look() -> None:
            while not ferdig.wait(0.05):
                minne.mest = max(minne.mest, *map(_megabytes, self.processes("")), 0)

        traad = threading.Thread(target=look, daemon=True)
        traad.start()
        try:
            yield minne
        finally:
            ferdig.set()
            traad.join()

    def is_up(self, *, deler: str = "") -> bool:
        """Whether the health page answers; with `deler`, whether that part is well."""
        klient = self.klient(taalmod=3.0)
        try:
            svar = klient.get("/helse/")
        except (Borte, Heng):
            return False
        finally:
            klient.close()
        return svar.status == 200 if not deler else f'"{deler}": "ok"' in svar.tekst

    def wait_until_up(self, sekunder: float = 60.0) -> float:
        """Seconds until all of it is well; raises when that takes too long."""
        t0 = time.monotonic()
        while not self.is_up():
            if time.monotonic() - t0 > sekunder:
                raise TimeoutError(f"Portalen kom ikke opp igjen på {sekunder:.0f} s.")
            time.sleep(0.2)
        return time.monotonic() - t0

    def log(self) -> str:
        filer = sorted((self.mappe / "var" / "logg").glob("*.log"))
        return "\n".join(f"{fil.name}:\n{log_tail(fil, 40)}" for fil in filer)


@contextlib.contextmanager
def running_portal() -> Iterator[Portal]:
    """Started, migrated and empty; stopped and thrown away afterwards."""
    for navn in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "MEDIA_ROOT"):
        os.environ.pop(navn, None)  # never the developer's own
    with (
        tempfile.TemporaryDirectory(prefix="nettverk-angrep-") as navn,
        posttjener() as post,
    ):
        post.handle_error = lambda *_hvem: None  # those who hang up are those we kill
        mappe = Path(navn)
        mappe.chmod(0o755)
        with Servere(mappe / "servere") as servere:
            port = _free_port()
            miljo = _environment(mappe, servere.addresses(), port, post.port)
            os.environ.update(miljo)
            django.setup()
            logging.disable(logging.INFO)  # what the signing in of our own browsers tells
            _manage(miljo, "collectstatic", "--noinput", "-v0")
            tilsyn = _start(mappe, miljo, port)
            portal = Portal(f"http://127.0.0.1:{port}", mappe, servere, post, miljo, tilsyn)
            try:
                portal.wait_until_up(OPPSTART)
                yield portal
            except TimeoutError:
                print((mappe / "tilsyn.log").read_text()[-3000:], portal.log(), sep="\n")
                raise
            finally:
                _stop(portal)


def _environment(mappe: Path, adresser: dict[str, str], port: int, postport: int) -> dict[str, str]:
    return {
        **os.environ,
        **adresser,
        **FRISTER,
        "DJANGO_SETTINGS_MODULE": "nettverk.settings",
        "NETTVERK_VAR": str(mappe / "var"),
        "MEDIA_ROOT": str(mappe / "filer"),
        "STATIC_ROOT": str(mappe / "statisk"),
        "PORT": str(port),
        "DEBUG": "0",
        "DEMO": "0",
        "HTTPS": "1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PORTAL_ADRESSE": f"https://127.0.0.1:{port}",
        "PROXY_ANTALL": "1",
        "SECRET_KEY": "angrep-" + os.urandom(32).hex(),
        "EMAIL_BACKEND": "nettverk.arbeid.epost.SmtpBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(postport),
        "DEFAULT_FROM_EMAIL": "Nettverksportalen <ikke-svar@demo.example>",
        "PYTHONUNBUFFERED": "1",
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as tjener:
        port: int = tjener.getsockname()[1]
    return port


def _manage(miljo: dict[str, str], *kommando: str) -> None:
    subprocess.run([sys.executable, "manage.py", *kommando], env=miljo, cwd=ROT, check=True)


def _start(mappe: Path, miljo: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    kommando = [sys.executable, "-m", "nettverk.maskinrom", "kjor", "--port", str(port)]
    with (mappe / "tilsyn.log").open("ab") as logg:
        return subprocess.Popen(
            kommando, env=miljo, cwd=ROT, stdout=logg, stderr=logg, start_new_session=True
        )


def _stop(portal: Portal) -> None:
    """As Ctrl-C does; what then still lives of what we started, is killed by its own id."""
    igjen = portal.processes("")
    portal.tilsyn.send_signal(signal.SIGTERM)
    try:
        portal.tilsyn.wait(40)
    except subprocess.TimeoutExpired:
        portal.tilsyn.kill()
        portal.tilsyn.wait()
    for pid in igjen:
        with contextlib.suppress(OSError):
            if b"nettverk" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGKILL)
