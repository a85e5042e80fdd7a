"""The script that runs a command every night in a container: at its hour, at once when late, again when it fails."""

import os
import runpy
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nettverk.maskinrom.miljo import ROT
from tests.maskinrom.conftest import wait_for

# Run from its path: the folder's name is also that of a Python package the tests have.
due = runpy.run_path(str(ROT / "docker" / "hver_natt.py"))["due"]
TELLER = "import pathlib, sys; open(sys.argv[1], 'a').write('x'); sys.exit(int(sys.argv[2]))"


class Natt:
    """The script as a real process, with a command that leaves a sign each time it is run."""

    def __init__(self, mappe: Path, klokka: str, kode: int = 0) -> None:
        self.merke, self.ganger, self.sagt = (mappe / navn for navn in ("merke", "ganger", "sagt"))
        kommando = [
            sys.executable,
            "-u",
            str(ROT / "docker" / "hver_natt.py"),
            str(self.merke),
            klokka,
        ]
        kommando += [sys.executable, "-c", TELLER, str(self.ganger), str(kode)]
        with self.sagt.open("w") as ut:
            self.prosess = subprocess.Popen(kommando, stdout=ut, stderr=ut)

    def count(self) -> int:
        return len(self.ganger.read_text()) if self.ganger.exists() else 0

    def end(self) -> int:
        self.prosess.terminate()
        return self.prosess.wait(5)


def test_the_first_start_takes_a_copy_at_once_and_only_one(tmp_path: Path):
    natt = Natt(tmp_path, "02:30")
    wait_for(natt.merke.exists)
    time.sleep(0.5)
    assert natt.count() == 1
    assert natt.end() == 0


def test_a_machine_that_was_off_at_night_takes_it_when_it_starts(tmp_path: Path):
    (tmp_path / "merke").touch()
    i_forgaars = time.time() - 2 * 24 * 3600
    os.utime(tmp_path / "merke", (i_forgaars, i_forgaars))
    natt = Natt(tmp_path, "02:30")
    wait_for(lambda: natt.merke.stat().st_mtime > i_forgaars + 1)
    assert natt.count() == 1
    natt.end()


def test_what_was_done_since_the_hour_is_not_done_again(tmp_path: Path):
    (tmp_path / "merke").touch()
    natt = Natt(tmp_path, f"{datetime.now() - timedelta(minutes=5):%H:%M}")  # noqa: DTZ005
    time.sleep(1)
    assert natt.count() == 0
    natt.end()


def test_a_copy_that_fails_is_told_and_not_counted(tmp_path: Path):
    natt = Natt(tmp_path, "02:30", kode=3)
    wait_for(lambda: "feilet (kode 3)" in natt.sagt.read_text())
    assert not natt.merke.exists()
    assert natt.end() == 0


def test_a_time_that_is_none_stops_it_at_once(tmp_path: Path):
    natt = Natt(tmp_path, "halv tre")
    assert natt.prosess.wait(20) == 1
    assert natt.count() == 0


@pytest.mark.parametrize(
    ("sist", "neste"),
    [
        ("2026-11-24 02:31", "2026-11-25 02:30"),
        ("2026-11-24 02:29", "2026-11-24 02:30"),
        ("2026-11-24 23:00", "2026-11-25 02:30"),
    ],
)
def test_the_next_time_is_the_first_after_the_last(sist: str, neste: str):
    assert due(datetime.fromisoformat(sist), "02:30") == datetime.fromisoformat(neste)
