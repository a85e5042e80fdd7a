"""Children that go on dying, under a supervisor's eye: real processes, short pauses."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from nettverk.maskinrom.feil import Maskinromfeil
from nettverk.maskinrom.prosess import Barn
from nettverk.maskinrom.tilsyn import Tilsyn, watch
from tests.maskinrom.conftest import alive, wait_for


@dataclass
class Del:
    barn: Barn

    def start(self) -> None:
        self.barn.start()


def barn(tmp_path: Path, *kommando: str) -> Barn:
    return Barn("Prøven", kommando, logg=tmp_path / "logg.txt", miljo=dict(os.environ))


def test_one_that_goes_on_dying_is_given_up_with_its_own_last_words(tmp_path: Path):
    ett = barn(tmp_path, "sh", "-c", "echo Fant ikke fila; exit 3")
    ett.start()
    sagt: list[str] = []
    tilsyn = Tilsyn(Del(ett), si=sagt.append, pauser=(0.0, 0.1, 0.2))

    with pytest.raises(Maskinromfeil, match=r"(?s)kode 3.*4\. gang.*Fant ikke fila"):
        watch([tilsyn])

    assert (tmp_path / "logg.txt").read_text().count("Fant ikke fila") == 4
    assert [s for s in sagt if s.startswith("Prøven er startet")] == [
        "Prøven er startet igjen."
    ] * 3


def test_one_that_dies_now_and_then_is_always_started_again(tmp_path: Path):
    ett = barn(tmp_path, "sleep", "60")
    ett.start()
    tilsyn = Tilsyn(Del(ett), si=lambda tekst: None, pauser=(0.0,), frisk_etter=0.05)
    for _ in range(3):
        time.sleep(0.1)
        forrige = ett.pid
        assert forrige
        os.kill(forrige, signal.SIGKILL)
        wait_for(lambda: not ett.is_running())
        tilsyn.look()
        assert ett.is_running()
        assert ett.pid != forrige
    ett.stop()


def test_children_of_a_dead_leader_are_ended_before_it_is_started_again(tmp_path: Path):
    """As granian's workers, which held the port and answered 500."""
    ett = barn(tmp_path, "sh", "-c", "sleep 60 & echo $!; wait")
    ett.start()
    wait_for(lambda: bool((tmp_path / "logg.txt").read_text().strip()))
    foreldreloest = int((tmp_path / "logg.txt").read_text())
    assert ett.pid
    os.kill(ett.pid, signal.SIGKILL)
    wait_for(lambda: not ett.is_running())
    assert alive({foreldreloest})

    ett.stop()

    assert alive({foreldreloest}) == set()


def test_a_group_that_ignores_the_first_signals_is_killed(tmp_path: Path):
    kode = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('klar', flush=True); time.sleep(60)"
    ett = barn(tmp_path, sys.executable, "-c", kode)
    ett.stopp = ((signal.SIGTERM, 0.2),)
    ett.start()
    wait_for(lambda: "klar" in (tmp_path / "logg.txt").read_text())

    ett.stop()

    assert ett.exit_code() == -signal.SIGKILL
    assert subprocess.run(["ps", "-p", str(ett.pid)], capture_output=True).returncode
