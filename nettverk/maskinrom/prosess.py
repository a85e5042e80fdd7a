"""A child process of the supervisor: it never outlives us, and it stops in the way it likes best."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nettverk.maskinrom.konto import Konto, run_as

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


@dataclass
class Barn:
    """One long-lived child.

    `stopp` lists the signals of an orderly stop and how many seconds each gets. What is left of its
    process group then, is killed: also children whose parent is gone, since they would keep the port.
    """

    navn: str
    kommando: Sequence[str | Path]
    logg: Path
    miljo: Mapping[str, str]
    stopp: Sequence[tuple[signal.Signals, float]] = ((signal.SIGTERM, 10),)
    konto: Konto | None = None
    cwd: Path = Path("/")
    prosess: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start in an own session, so that Ctrl-C reaches the supervisor alone."""
        self.logg.parent.mkdir(parents=True, exist_ok=True)
        with self.logg.open("ab") as logg:
            self.prosess = subprocess.Popen(
                [str(del_) for del_ in self.kommando],
                env=dict(self.miljo),
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=logg,
                stderr=logg,
                start_new_session=True,
                preexec_fn=die_with_parent(self.stopp[0][0]),  # noqa: PLW1509 -- one system call
                **run_as(self.konto),
            )

    @property
    def pid(self) -> int | None:
        return self.prosess.pid if self.prosess else None

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self.prosess.poll() if self.prosess else None

    def is_running(self) -> bool:
        return self.prosess is not None and self.prosess.poll() is None

    def ask_to_stop(self) -> None:
        """Send the first signal without waiting, so that several can stop at once."""
        if self.prosess and self.prosess.poll() is None:
            self.prosess.send_signal(self.stopp[0][0])

    def stop(self) -> None:
        """Stop and wait, with firmer signals as patience runs out."""
        if self.prosess is None:
            return
        for signalet, sekunder in self.stopp:
            if self.prosess.poll() is not None:
                break
            self.prosess.send_signal(signalet)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.prosess.wait(sekunder)
        self.end_group()

    def end_group(self) -> None:
        """Kill what is left of the process group, and wait until nobody is in it any more."""
        if self.prosess is None:
            return
        gruppe = self.prosess.pid
        # Those that only wait for pid 1 to reap them hold nothing, so we do not wait for them long.
        slutt = time.monotonic() + 3
        while _kill_group(gruppe) and time.monotonic() < slutt:
            self.prosess.poll()
            time.sleep(0.02)


def _kill_group(gruppe: int) -> bool:
    """False when nobody is in it. macOS refuses the signal when all in it are dead."""
    try:
        os.killpg(gruppe, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def die_with_parent(signalet: signal.Signals) -> Callable[[], None] | None:
    """Ask Linux to send the child a signal when the supervisor is gone, even by kill -9.

    Elsewhere there is no such thing; the next start then stops what was left (`stop_orphan`).
    """
    if _libc is None:
        return None
    libc, forelder = _libc, os.getpid()

    def prepare() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(signalet), 0, 0, 0)
        if os.getppid() != forelder:  # it died before we could ask
            os._exit(1)

    return prepare


def stop_orphan(pidfil: Path, program: str, signalet: signal.Signals, sekunder: float = 30) -> None:
    """Stop a server that outlived its supervisor; we hold the lock, so nobody else uses it."""
    try:
        pid = int(pidfil.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return
    slutt = time.monotonic() + sekunder
    while _program_of(pid) == program and time.monotonic() < slutt:
        os.kill(pid, signalet)
        time.sleep(0.2)


def _program_of(pid: int) -> str | None:
    """The name of a living process; None when it is gone or only waits to be reaped."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.parent.parent.joinpath("self").exists():
        try:
            tekst = stat.read_text()
        except OSError:
            return None
        navn, rest = tekst[tekst.index("(") + 1 : tekst.rindex(")")], tekst[tekst.rindex(")") + 2 :]
        return None if rest.startswith("Z") else navn
    svar = subprocess.run(
        ["ps", "-o", "state=,comm=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    deler = svar.stdout.split(maxsplit=1)
    if len(deler) < 2 or deler[0].startswith("Z"):
        return None
    return Path(deler[1].strip()).name
