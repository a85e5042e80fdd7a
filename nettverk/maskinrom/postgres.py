"""The embedded PostgreSQL: one data folder, a Unix socket and no network port."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from nettverk.maskinrom.binaerer import postgres_folder
from nettverk.maskinrom.feil import Maskinromfeil, log_tail
from nettverk.maskinrom.konto import Konto, run_as
from nettverk.maskinrom.prosess import Barn, stop_orphan

BRUKER = "portal"
DATABASE = "portal"
# No wheel has ICU; the portal sorts by a function of its own. C.UTF-8 gives case folding of æ, ø
# and å, and without --lc-ctype the trigram search would silently drop them.
SPRAAK = [
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--lc-ctype=C.UTF-8",
]
# For tests only: the data is thrown away, so nothing waits for the disk.
HURTIG = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
TAALMODIGHET = 120  # seconds; recovery after a crash reads through the log


class Postgres:
    """PostgreSQL in `mappe/pg`, reached through a socket in `run`."""

    def __init__(
        self, mappe: Path, *, run: Path, konto: Konto | None = None, hurtig: bool = False
    ) -> None:
        self.mappe, self.run, self.konto, self.hurtig = mappe, run, konto, hurtig
        self.data = mappe / "pg"
        self.passordfil = mappe / "pg.passord"
        self.logg = mappe / "logg" / "postgres.log"
        self.barn: Barn | None = None

    @property
    def url(self) -> str:
        passord = quote(self.passordfil.read_text(), safe="")
        return f"postgresql://{BRUKER}:{passord}@{quote(str(self.run), safe='')}/{DATABASE}"

    def start(self) -> None:
        """Make the data folder the first time, start the server and wait until it answers."""
        programmer = postgres_folder(self.mappe, self.konto)
        # Without a path of its own it would look for the account's home folder.
        miljo = {"PATH": f"{programmer}:/usr/bin:/bin", "LC_ALL": "C", "HOME": "/", "TZ": "UTC"}
        if not (self.data / "PG_VERSION").exists():
            self._initdb(programmer, miljo)
        self._refuse_other_major(programmer)
        stop_orphan(self.data / "postmaster.pid", "postgres", signal.SIGINT)
        self.barn = Barn(
            "PostgreSQL",
            [programmer / "postgres", "-D", self.data, *self._valg()],
            logg=self.logg,
            miljo=miljo,
            # SIGINT drops the clients; SIGTERM would wait for every one of them.
            stopp=((signal.SIGINT, 30), (signal.SIGQUIT, 10)),
            konto=self.konto,
        )
        self.barn.start()
        self._wait()

    def stop(self) -> None:
        if self.barn:
            self.barn.stop()

    def connect(self, database: str = DATABASE) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.run),
            user=BRUKER,
            password=self.passordfil.read_text(),
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def _initdb(self, programmer: Path, miljo: dict[str, str]) -> None:
        """Into a folder beside, renamed when done: an interrupted first start leaves nothing."""
        if not self.passordfil.exists():
            fd = os.open(self.passordfil, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(fd, "w") as f:
                f.write(secrets.token_urlsafe(24))
        if self.konto:
            os.chown(self.passordfil, self.konto.uid, self.konto.gid)
        ny = self.mappe / "pg.ny"
        shutil.rmtree(ny, ignore_errors=True)
        kommando: list[str | Path] = [programmer / "initdb", "-D", ny, "-U", BRUKER, *SPRAAK]
        kommando += ["--data-checksums"]
        kommando += ["--auth=scram-sha-256", f"--pwfile={self.passordfil}", "--no-instructions"]
        if self.hurtig:
            kommando.append("--no-sync")
        svar = subprocess.run(
            kommando,
            env=miljo,
            cwd="/",
            capture_output=True,
            text=True,
            start_new_session=True,
            **run_as(self.konto),
        )
        if svar.returncode:
            raise Maskinromfeil(f"PostgreSQL kunne ikke lage datamappa {self.data}:\n{svar.stderr}")
        ny.rename(self.data)

    def _refuse_other_major(self, programmer: Path) -> None:
        har = (self.data / "PG_VERSION").read_text().strip()
        svar = subprocess.run(
            [programmer / "postgres", "--version"], capture_output=True, text=True, cwd="/"
        )
        kan = svar.stdout.split()[-1].partition(".")[0]
        if har != kan:
            raise Maskinromfeil(
                f"Dataene i {self.data} er laget av PostgreSQL {har}, men dette er PostgreSQL {kan}. "
                "Ta sikkerhetskopi med den gamle utgaven (pg_dump), flytt mappa bort og les kopien inn."
            )

    def _valg(self) -> list[str]:
        valg = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.run),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": "128MB",
        }
        if self.hurtig:
            valg |= HURTIG
        return [ledd for navn, verdi in valg.items() for ledd in ("-c", f"{navn}={verdi}")]

    def _wait(self) -> None:
        assert self.barn
        slutt = time.monotonic() + TAALMODIGHET
        while True:
            try:
                with self.connect("postgres") as forbindelse:
                    self._create_database(forbindelse)
                return
            except psycopg.OperationalError as feil:
                if not self.barn.is_running():
                    raise Maskinromfeil(
                        f"PostgreSQL stoppet under oppstart. Slutten av {self.logg}:\n"
                        f"{log_tail(self.logg)}"
                    ) from feil
                if time.monotonic() > slutt:
                    raise Maskinromfeil(f"PostgreSQL svarer ikke: {feil}") from feil
                time.sleep(0.02)

    def _create_database(self, forbindelse: psycopg.Connection) -> None:
        finnes = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not forbindelse.execute(finnes, [DATABASE]).fetchone():
            forbindelse.execute(f"CREATE DATABASE {DATABASE}")
