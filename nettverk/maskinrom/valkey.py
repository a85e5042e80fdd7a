"""The embedded Valkey (Redis protocol): queue and cache on a Unix socket, written to disk."""

import signal
import time
from pathlib import Path

import redis

from nettverk.maskinrom.binaerer import valkey_program
from nettverk.maskinrom.feil import Maskinromfeil, log_tail
from nettverk.maskinrom.konto import Konto, own
from nettverk.maskinrom.prosess import Barn, stop_orphan

TAALMODIGHET = 60  # seconds, for reading its file in


class Valkey:
    """Valkey in `mappe/valkey`, reached through a socket in `run`."""

    def __init__(
        self, mappe: Path, *, run: Path, konto: Konto | None = None, hurtig: bool = False
    ) -> None:
        self.mappe, self.konto, self.hurtig = mappe, konto, hurtig
        self.data = mappe / "valkey"
        self.sokkel = run / "valkey.sock"
        self.pidfil = run / "valkey.pid"
        self.logg = mappe / "logg" / "valkey.log"
        self.barn: Barn | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.sokkel}?db=0"

    def start(self) -> None:
        own(self.data, self.konto)
        program = valkey_program(self.mappe, self.konto)
        stop_orphan(self.pidfil, "valkey-server", signal.SIGTERM)
        self.sokkel.unlink(missing_ok=True)
        self.barn = Barn(
            "Valkey",
            [program, *self._valg()],
            logg=self.logg,
            miljo={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            konto=self.konto,
        )
        self.barn.start()
        self._wait()

    def stop(self) -> None:
        if self.barn:
            self.barn.stop()

    def _valg(self) -> list[str | Path]:
        # At most a second of the queue can be lost to a power cut; the truth about a job is in
        # PostgreSQL. noeviction: a full memory refuses new work rather than dropping waiting work.
        valg: list[str | Path] = ["--port", "0", "--unixsocket", self.sokkel]
        valg += ["--unixsocketperm", "700", "--dir", self.data, "--pidfile", self.pidfil]
        valg += ["--appendonly", "no" if self.hurtig else "yes", "--appendfsync", "everysec"]
        # 64 databases: a pair for each of the test processes.
        return [*valg, "--save", "", "--maxmemory-policy", "noeviction", "--databases", "64"]

    def _wait(self) -> None:
        assert self.barn
        slutt = time.monotonic() + TAALMODIGHET
        with redis.Redis(unix_socket_path=str(self.sokkel)) as klient:
            while True:
                try:
                    klient.ping()
                    return
                except (redis.ConnectionError, redis.BusyLoadingError) as feil:
                    if not self.barn.is_running():
                        raise Maskinromfeil(
                            f"Valkey stoppet under oppstart. Slutten av {self.logg}:\n"
                            f"{log_tail(self.logg)}"
                        ) from feil
                    if time.monotonic() > slutt:
                        raise Maskinromfeil(f"Valkey svarer ikke: {feil}") from feil
                    time.sleep(0.02)
