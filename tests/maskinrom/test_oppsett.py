"""What the set-up promises: locked packages from anywhere, and a clear word when something is missing."""

import re
import subprocess
import venv
from pathlib import Path

import pytest

from nettverk.maskinrom import oppsett

KRAVFILER = sorted(oppsett.KRAV.glob("*.txt"))


@pytest.mark.parametrize("fil", KRAVFILER, ids=lambda fil: fil.name)
def test_every_package_is_locked_by_sum_and_no_address_is_named(fil: Path):
    tekst = fil.read_text()
    pakker = [blokk for blokk in re.split(r"\n(?=\S)", tekst) if "==" in blokk]
    assert pakker
    assert [blokk.splitlines()[0] for blokk in pakker if "--hash=sha256:" not in blokk] == []
    assert re.findall(r"https?:|file:|--index|--extra|--find-links", tekst) == []


def test_production_packages_are_the_same_in_development():
    def laaste(navn: str) -> set[str]:
        return set(
            re.findall(r"^([a-z0-9].*==\S+)", (oppsett.KRAV / navn).read_text(), re.MULTILINE)
        )

    assert laaste("produksjon.txt") <= laaste("utvikling.txt")


def test_a_step_is_done_again_only_when_its_sources_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(oppsett, "ROT", tmp_path)
    monkeypatch.setattr(oppsett, "MERKER", tmp_path / "oppsett.json")
    kilde = tmp_path / "kilde.txt"
    kilde.write_text("en")
    assert not oppsett.unchanged("steg", oppsett.fingerprint([kilde]))

    oppsett.remember("steg", oppsett.fingerprint([kilde]))
    assert oppsett.unchanged("steg", oppsett.fingerprint([kilde]))

    kilde.write_text("to")
    assert not oppsett.unchanged("steg", oppsett.fingerprint([kilde]))


def test_a_missing_browser_fails_and_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(oppsett, "VERKTOY", tmp_path)
    monkeypatch.setattr(oppsett, "CHROMIUM_MAC", str(tmp_path / "finnes-ikke"))
    with pytest.raises(oppsett.Oppsettsfeil, match="apt-get install chromium libatomic1"):
        oppsett.chromium()


def test_without_pango_and_apt_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(oppsett, "has_pango", lambda: False)
    with pytest.raises(oppsett.Oppsettsfeil, match="brew install pango"):
        oppsett.install_pango()


def test_the_checkout_is_found_in_a_folder_with_norwegian_letters_under_lc_all_c(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The attack: with the folder's own name in the file, no Python of the environment would start."""
    rot = tmp_path / "prøve æøå"
    monkeypatch.setattr(oppsett, "ROT", rot)
    monkeypatch.setattr(oppsett, "VENV", rot / ".venv")
    venv.create(rot / ".venv", symlinks=True)
    (rot / "proevemodul.py").write_text("print('fant den')")

    oppsett.put_on_path()

    svar = subprocess.run(
        [rot / ".venv" / "bin" / "python", "-c", "import proevemodul"],
        cwd="/", env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
    )  # fmt: skip
    assert (svar.stdout, svar.stderr) == ("fant den\n", "")
