"""The whole portal on one machine: servers, web, worker and beat under one supervisor."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nettverk.maskinrom.feil import Maskinromfeil, log_tail
from nettverk.maskinrom.miljo import ROT
from nettverk.maskinrom.prosess import Barn
from nettverk.maskinrom.servere import Servere
from nettverk.maskinrom.tilsyn import Tilsyn, watch
from nettverk.maskinrom.utvikling import DEMOFOLK, environment

VERT = "127.0.0.1"
WEB_PROSESSER = 2
WEB_TRAADER = 8
WEB_MAKS_MB = 512  # a web process has some 150; what makes it grow past this, it will not give back
OPPSTART = 60  # seconds the web server may take before we say that something is wrong


def say(tekst: str) -> None:
    print(tekst, flush=True)


def run(port: int) -> int:
    """Start everything, say where it is, and watch over it until Ctrl-C. The process's exit code."""
    refuse_taken_port(port)
    refuse_unready(os.environ)
    adresse = f"http://{known_as(os.environ)}:{port}"
    with stopped_by_signals(), Servere(si=say) as servere:
        miljo = environment(servere.mappe, servere.addresses())
        servere.announce(adresse=adresse)
        # Its own session: on Ctrl-C we end it, instead of it printing a traceback of its own.
        subprocess.run(
            [sys.executable, "-m", "nettverk.maskinrom.klargjor"],
            env=miljo,
            cwd=ROT,
            check=True,
            start_new_session=True,
        )
        portal = [web(port, miljo, servere.mappe), worker(miljo, servere.mappe)]
        portal.append(beat(miljo, servere.mappe))
        try:
            for barn in portal:
                barn.start()
            wait_for_web(adresse, [*portal, *servere.children()])
            say_welcome(adresse, miljo, servere.mappe)
            # The servers first: the others need them when all were killed at once.
            watch([*servere.watched(), *(Tilsyn(Portalprosess(barn), si=say) for barn in portal)])
        finally:
            stop(portal)
    return 0


@dataclass(frozen=True)
class Portalprosess:
    """One of the portal's own processes, as the supervisor looks after it."""

    barn: Barn

    def start(self) -> None:
        self.barn.start()


def web(port: int, miljo: dict[str, str], mappe: Path) -> Barn:
    kommando = [_program("granian"), "--interface", "wsgi", "--host", VERT, "--port", str(port)]
    kommando += ["--workers", str(WEB_PROSESSER), "--blocking-threads", str(WEB_TRAADER)]
    kommando += ["--no-ws", "--workers-kill-timeout", "5", "--log-level", "warning"]
    # A worker that dies is replaced, and one that has grown too large.
    kommando += ["--respawn-failed-workers", "--workers-max-rss", str(WEB_MAKS_MB)]
    kommando += ["--rss-sample-interval", "10"]
    kommando += ["nettverk.wsgi:application"]
    return Barn("Webtjeneren", kommando, logg=mappe / "logg" / "web.log", miljo=miljo, cwd=ROT)


def worker(miljo: dict[str, str], mappe: Path) -> Barn:
    kommando = [_program("celery"), "-A", "nettverk", "worker", "--concurrency", "2"]
    kommando += ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    if not os.access("/dev/shm", os.W_OK) and sys.platform == "linux":
        # Celery's processes share semaphores there; threads manage without.
        kommando += ["--pool", "threads"]
    return Barn(
        "Arbeideren",
        kommando,
        logg=mappe / "logg" / "worker.log",
        miljo=miljo,
        cwd=ROT,
        # Let it finish what it does; if that takes long, the next worker does the job again.
        stopp=((signal.SIGTERM, 15), (signal.SIGQUIT, 5)),
    )


def beat(miljo: dict[str, str], mappe: Path) -> Barn:
    kommando = [_program("celery"), "-A", "nettverk", "beat", "--loglevel", "INFO"]
    kommando += ["--schedule", str(mappe / "beat"), "--pidfile", ""]
    return Barn("Klokka", kommando, logg=mappe / "logg" / "beat.log", miljo=miljo, cwd=ROT)


def _program(navn: str) -> str:
    """A program of the same environment as this Python."""
    return str(Path(sys.executable).with_name(navn))


def refuse_taken_port(port: int) -> None:
    with socket.socket() as sokkel:
        sokkel.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sokkel.bind((VERT, port))
        except (OSError, OverflowError):
            raise Maskinromfeil(
                f"Porten {port} er opptatt eller kan ikke brukes. "
                "Velg en annen, for eksempel: make run PORT=8001"
            ) from None


def refuse_unready(miljo: Mapping[str, str]) -> None:
    """With DEBUG=0, as in production: what would end in an error page is said before anything starts."""
    if miljo.get("DEBUG", "1").strip().lower() not in {"0", "false", "nei", "no", "off"}:
        return
    mangler = []
    if not miljo.get("ALLOWED_HOSTS", "").strip():
        mangler.append("ALLOWED_HOSTS er ikke satt. Skriv vertsnavnet, for eksempel localhost")
    statiske = Path(miljo.get("STATIC_ROOT") or ROT / "build" / "staticfiles")
    if not (statiske / "staticfiles.json").exists():
        mangler.append("De statiske filene er ikke bygd. Kjør først: make bygg")
    if miljo.get("DEMO", "0").strip() == "1" and miljo.get("DEMO_I_PRODUKSJON", "0").strip() != "1":
        mangler.append("DEMO=1 er for utvikling. Fjern DEMO")
    if mangler:
        raise Maskinromfeil("Med DEBUG=0 mangler dette:\n" + "\n".join(f"- {en}" for en in mangler))


def known_as(miljo: Mapping[str, str]) -> str:
    """The host name to open the portal by: passkeys need a name, and refuse an address of numbers."""
    tillatte = miljo.get("ALLOWED_HOSTS", "").replace(",", " ").split()
    return VERT if tillatte and not {"localhost", "*"} & set(tillatte) else "localhost"


def wait_for_web(adresse: str, barn: list[Barn]) -> None:
    """Until the portal says that all of it is well, worker included."""
    slutt = time.monotonic() + OPPSTART
    svar = "ingen svar"
    while time.monotonic() < slutt:
        refuse_dead(barn)
        try:
            urllib.request.urlopen(f"{adresse}/helse/", timeout=5).close()
            return
        except urllib.error.HTTPError as feil:
            tekst = feil.read(500).decode(errors="replace")
            if (
                '"mangler": ["brev"]' in tekst
            ):  # letters from before that nobody takes; not ours to mend
                return
            svar = f"{feil.code}: {tekst}"
        except OSError as feil:
            svar = str(feil)
        time.sleep(0.1)
    say(f"Merk: {adresse}/helse/ sier ikke at alt er i orden ({svar}).")


def say_welcome(adresse: str, miljo: dict[str, str], mappe: Path) -> None:
    say(f"\nPortalen er klar: {adresse}\n")
    if miljo["DEBUG"] == "0" and miljo.get("HTTPS", "1") != "0":
        say("Den svarer på https bak en mellomtjener. Vil du se på den herfra, start med HTTPS=0.")
    folk = mappe / DEMOFOLK
    if miljo["DEMO"] == "1" and folk.exists():
        say(f"Logg inn som en av demofolkene på {adresse}/demo/\n{folk.read_text().rstrip()}")
    say(f"\nData og logger ligger i {mappe}. Stopp med Ctrl-C.")


def refuse_dead(barn: list[Barn]) -> None:
    """One that ends before the portal has answered once will not do better by being started again."""
    for ett in barn:
        if (kode := ett.exit_code()) is not None:
            raise Maskinromfeil(
                f"{ett.navn} stoppet uventet (kode {kode}). Slutten av {ett.logg}:\n"
                f"{log_tail(ett.logg)}"
            )


def stop(portal: list[Barn]) -> None:
    """All are asked at once; the servers they use stop after them."""
    if any(barn.is_running() for barn in portal):
        say("\nStopper portalen …")
    for barn in portal:
        barn.ask_to_stop()
    for barn in portal:  # the dead too: their children may live
        barn.stop()


@contextlib.contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Ctrl-C, a closed terminal and `kill` all mean: stop in the right order, and only once."""

    def interrupt(nummer: int, ramme: object) -> None:
        for signalet in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signalet, signal.SIG_IGN)
        raise KeyboardInterrupt

    for signalet in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signalet, interrupt)
    yield
