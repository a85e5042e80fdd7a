"""PostgreSQL and Valkey together in one data folder, with a lock so that only one supervisor runs them."""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from nettverk.maskinrom import miljo
from nettverk.maskinrom.feil import Maskinromfeil
from nettverk.maskinrom.konto import Konto, can_enter, own, service_account
from nettverk.maskinrom.postgres import Postgres
from nettverk.maskinrom.prosess import Barn
from nettverk.maskinrom.tilsyn import Tilsyn
from nettverk.maskinrom.valkey import Valkey

SOKKELSTI_MAKS = 100  # bytes; the system's limit is 104 on macOS and 108 on Linux


class Opptatt(Maskinromfeil):
    """Another supervisor runs the servers of this data folder."""


class Servere:
    """The servers that the environment does not name, started on entry and stopped on exit."""

    def __init__(
        self,
        mappe: Path | None = None,
        *,
        hurtig: bool = False,
        si: Callable[[str], None] = lambda tekst: None,
    ) -> None:
        self.konto = service_account()
        self.mappe = own(mappe or choose_folder(self.konto, si), self.konto)
        if not can_enter(self.konto, self.mappe):
            raise Maskinromfeil(
                f"Systembrukeren som PostgreSQL kjører som, kommer ikke inn i {self.mappe}. "
                "Velg en annen mappe med NETTVERK_VAR."
            )
        self.si = si
        self._laas: IO[str] | None = None
        run = socket_folder(self.mappe, self.konto)
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self.andres = miljo.named()
        if "DATABASE_URL" not in self.andres:
            self.postgres = Postgres(self.mappe, run=run, konto=self.konto, hurtig=hurtig)
        if "REDIS_URL" not in self.andres:
            self.valkey = Valkey(self.mappe, run=run, konto=self.konto, hurtig=hurtig)

    def __enter__(self) -> Self:
        self._lock()
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        feiltype: type[BaseException] | None,
        feil: BaseException | None,
        spor: TracebackType | None,
    ) -> None:
        self.stop()

    def addresses(self) -> dict[str, str]:
        """What the portal's processes need in their environment."""
        database = self.postgres.url if self.postgres else self.andres["DATABASE_URL"]
        redis = self.valkey.url if self.valkey else self.andres["REDIS_URL"]
        koe = "" if self.valkey else self.andres["CELERY_BROKER_URL"]
        return {
            "DATABASE_URL": database,
            "REDIS_URL": redis,
            "CELERY_BROKER_URL": koe or miljo.broker_url(redis),
            "MEDIA_ROOT": os.environ.get("MEDIA_ROOT") or str(self.mappe / "filer"),
        }

    def announce(self, **mer: str) -> None:
        """Let other commands of this checkout find the servers while we run."""
        miljo.write_running(self.mappe, {**self.addresses(), **mer})

    def children(self) -> list[Barn]:
        servere = (self.postgres, self.valkey)
        return [server.barn for server in servere if server and server.barn]

    def watched(self) -> list[Tilsyn]:
        """The servers as the supervisor looks after them: started again in the same place."""
        servere = (self.postgres, self.valkey)
        return [Tilsyn(server, si=self.si) for server in servere if server]

    def stop(self) -> None:
        """Valkey first, then PostgreSQL, then the lock."""
        (self.mappe / miljo.MILJOFIL).unlink(missing_ok=True)
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()
        if self._laas:
            self._laas.close()
            self._laas = None

    def _start(self) -> None:
        for navn, server in (("PostgreSQL", self.postgres), ("Valkey", self.valkey)):
            if server is None:
                self.si(f"{navn}: bruker den som miljøet peker på")
                continue
            forste = not server.data.exists()
            begynt = time.monotonic()
            server.start()
            hvordan = "laget og startet" if forste else "startet"
            self.si(f"{navn}: {hvordan} på {time.monotonic() - begynt:.1f} s")

    def _lock(self) -> None:
        fil = (self.mappe / "laas").open("a")
        try:
            fcntl.flock(fil, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            fil.close()
            raise Opptatt(_already_running(self.mappe)) from None
        self._laas = fil


def _already_running(mappe: Path) -> str:
    andre = miljo.read_running(mappe) or {}
    hvor = f" på {andre['adresse']}" if "adresse" in andre else ""
    hvem = f" (prosess {andre['pid']})" if "pid" in andre else ""
    return (
        f"Portalen går alt{hvor}{hvem} med dataene i {mappe}. "
        "Stopp den først, eller velg en annen datamappe med NETTVERK_VAR."
    )


def choose_folder(konto: Konto | None, si: Callable[[str], None]) -> Path:
    """`var/` in the checkout, unless root's service account cannot get there."""
    forste, *andre = miljo.candidate_folders()
    if konto is None or not andre:
        return forste
    if can_enter(konto, miljo.ROT):
        return forste
    si(f"Systembrukeren kommer ikke inn i {miljo.ROT}. Dataene legges i {andre[0]}")
    return andre[0]


def socket_folder(mappe: Path, konto: Konto | None) -> Path:
    """`run` in the data folder, or a short private folder where that path is too long for a socket."""
    run = mappe / "run"
    if len(os.fsencode(run / ".s.PGSQL.5432")) > SOKKELSTI_MAKS:
        merke = hashlib.sha256(os.fsencode(mappe)).hexdigest()[:10]
        run = Path(tempfile.gettempdir()) / f"nettverk-{os.geteuid()}-{merke}"
    if run.is_symlink():
        raise Maskinromfeil(f"{run} er en lenke. Slett den, og prøv igjen.")
    return own(run, konto)
