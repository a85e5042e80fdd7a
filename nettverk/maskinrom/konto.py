"""The service account that PostgreSQL and Valkey run as when the portal is started by root.

PostgreSQL refuses to run as root. An ordinary user runs the servers as themself.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nettverk.maskinrom.feil import Maskinromfeil

NAVN = "nettverksportalen"


@dataclass(frozen=True)
class Konto:
    """An account without a login, owner of the data folder."""

    uid: int
    gid: int


def service_account() -> Konto | None:
    """None for an ordinary user; for root the account to drop to, made the first time."""
    if os.geteuid() == 0:
        return _find() or _create()
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        raise Maskinromfeil(
            f"Brukeren med nummer {os.geteuid()} finnes ikke i /etc/passwd, og da vil ikke "
            "PostgreSQL starte. Kjør som en vanlig bruker, eller sett DATABASE_URL."
        ) from None
    return None


def _find() -> Konto | None:
    try:
        oppslag = pwd.getpwnam(NAVN)
    except KeyError:
        return None
    return Konto(oppslag.pw_uid, oppslag.pw_gid)


def _create() -> Konto:
    if not shutil.which("useradd"):
        raise Maskinromfeil(
            "PostgreSQL kan ikke kjøre som root, og «useradd» mangler. "
            f"Lag en systembruker som heter {NAVN}, eller kjør som en vanlig bruker."
        )
    subprocess.run(
        ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        + ["--shell", "/usr/sbin/nologin", NAVN],
        check=True,
    )
    konto = _find()
    assert konto
    return konto


def run_as(konto: Konto | None) -> dict[str, Any]:
    """The arguments that make `subprocess` run as the account."""
    return {"user": konto.uid, "group": konto.gid, "extra_groups": []} if konto else {}


def can_enter(konto: Konto | None, mappe: Path) -> bool:
    """Whether the account gets into the folder, asked by trying."""
    forsok = ["/bin/sh", "-c", 'cd "$1"', "sh", str(mappe)]
    svar = subprocess.run(forsok, cwd="/", capture_output=True, **run_as(konto))
    return svar.returncode == 0


def own(mappe: Path, konto: Konto | None) -> Path:
    """Make a folder that only the account (and root) can open."""
    try:
        mappe.mkdir(parents=True, exist_ok=True)
        if konto:
            os.chown(mappe, konto.uid, konto.gid)
        elif mappe.stat().st_uid != os.geteuid():
            raise Maskinromfeil(
                f"{mappe} eies av en annen bruker. Velg en annen mappe med NETTVERK_VAR, "
                "eller slett den hvis dataene ikke trengs."
            )
        mappe.chmod(0o700)
    except OSError as feil:
        raise Maskinromfeil(
            f"Får ikke brukt mappa {mappe} ({feil.strerror}). Velg en annen med NETTVERK_VAR."
        ) from feil
    return mappe
