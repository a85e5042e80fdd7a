"""Backup and restore as one does it on one's own machine, beside and after `make run`."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from nettverk.maskinrom.miljo import ROT
from tests.maskinrom.conftest import FRA_TESTKJORINGEN, Overvaaker, health, wait_for


def manage(mappe: Path, *argumenter: str | Path) -> subprocess.CompletedProcess:
    """As `make manage` does it."""
    miljo = {navn: verdi for navn, verdi in os.environ.items() if navn not in FRA_TESTKJORINGEN}
    kommando = [sys.executable, "-m", "nettverk.maskinrom", "med", "--", sys.executable]
    return subprocess.run(
        [*kommando, "manage.py", *map(str, argumenter)],
        cwd=ROT, env={**miljo, "NETTVERK_VAR": str(mappe), "DEMO": "0"},
        capture_output=True, text=True,
    )  # fmt: skip


def test_a_backup_is_taken_of_the_running_portal_and_brought_back_when_it_is_stopped(
    portal: Overvaaker, overvaaker: Callable[..., Overvaaker], ledig_port: int
):
    kopiert = manage(portal.mappe, "sikkerhetskopi")
    assert kopiert.returncode == 0, kopiert.stderr
    (kopi,) = (portal.mappe / "kopier").iterdir()

    nei = manage(portal.mappe, "gjenopprett", kopi, "--erstatt")
    assert nei.returncode == 1
    assert f"Portalen går på http://localhost:{ledig_port}" in nei.stderr
    assert "Traceback" not in nei.stderr
    assert health(ledig_port) == 200

    portal.prosess.send_signal(signal.SIGINT)
    portal.wait()
    gjort = manage(portal.mappe, "gjenopprett", kopi, "--erstatt")
    assert gjort.returncode == 0, gjort.stderr

    igjen = overvaaker("kjor", "--port", str(ledig_port))
    wait_for(lambda: igjen.sagt().count("Portalen er klar") == 2, 300)
    assert health(ledig_port) == 200
    assert igjen.sagt().count("endringer av tabellene") == 1  # the tables came with the backup
