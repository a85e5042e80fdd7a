"""docs/slik-bygger-du.md is true: what it shows is built in a copy of the house, and its own tests are run."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servere import MILJO

ROT = Path(__file__).resolve().parent.parent
SIDEN = ROT / "docs" / "slik-bygger-du.md"

_BLOKK = re.compile(
    r"^`(?P<fil>[^`\n]+)` (?P<hvordan>ny|etter|før|i stedet for)(?: `(?P<linje>[^`\n]+)`)?\n\n```\w+\n(?P<innhold>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
# What a copy needs none of, or links to: made by the set-up, and large.
_LAGES_IKKE = shutil.ignore_patterns(
    ".git", ".venv", ".verktoy", "node_modules", "build", "var", "__pycache__", ".*_cache"
)
_LENKES = (".venv", ".verktoy", "node_modules", "build")


@dataclass(frozen=True)
class Blokk:
    """A piece of the page: where it goes."""

    fil: str
    hvordan: str
    linje: str | None
    innhold: str

    def put_in(self, rot: Path) -> None:
        """Put it in the copy at `rot`; fails when its place is not there, or there twice."""
        fil = rot / self.fil
        if self.hvordan == "ny":
            assert not fil.exists(), f"{self.fil} finnes alt"
            fil.parent.mkdir(parents=True, exist_ok=True)
            fil.write_text(self.innhold)
            return
        linjer = fil.read_text().split("\n")
        steder = [nr for nr, linje in enumerate(linjer) if linje == self.linje]
        assert len(steder) == 1, f"«{self.linje}» står {len(steder)} ganger i {self.fil}"
        fra = steder[0] + (self.hvordan == "etter")
        til = fra + (self.hvordan == "i stedet for")
        linjer[fra:til] = self.innhold.removesuffix("\n").split("\n")
        fil.write_text("\n".join(linjer))


def pieces() -> list[Blokk]:
    return [Blokk(**treff.groupdict()) for treff in _BLOKK.finditer(SIDEN.read_text())]


@pytest.fixture(scope="module")
def huset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house in which the page's example is built."""
    kopi = tmp_path_factory.mktemp("bygd") / "huset"
    shutil.copytree(ROT, kopi, ignore=_LAGES_IKKE)
    for navn in _LENKES:
        if (ROT / navn).exists():
            (kopi / navn).symlink_to(ROT / navn)
    for blokk in pieces():
        blokk.put_in(kopi)
    _run(kopi, "manage.py", "makemigrations", "rolu", "-n", "huskelapp")
    _run(kopi, "manage.py", "spraak")
    return kopi


def _run(mappe: Path, *kommando: str) -> str:
    """Run Python in the copy, with servers of its own where it needs them."""
    uten = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "MEDIA_ROOT", "NETTVERK_VAR")
    miljo = {k: v for k, v in os.environ.items() if k not in uten and not k.startswith("PYTEST")}
    ingen = {"DATABASE_URL": "postgresql:///ingen", "REDIS_URL": "redis://ingen/0"}
    adresser = {} if "pytest" in kommando else ingen
    svar = subprocess.run(
        [sys.executable, *kommando],
        cwd=mappe,
        env={**miljo, **MILJO, **adresser, "PYTHONPATH": str(mappe)},
        capture_output=True,
        text=True,
        # Every address is walked once more: on a busy machine it takes its time.
        timeout=2700,
    )
    assert svar.returncode == 0, (svar.stdout + svar.stderr)[-4000:]
    return svar.stdout


def test_the_page_has_its_pieces():
    assert len(pieces()) == SIDEN.read_text().count("\n```") // 2 - 1  # the last shows commands


def test_the_example_is_laid_out_and_typed_as_the_rest(huset: Path):
    filer = [b.fil for b in pieces() if b.fil.endswith(".py")]
    maler = [b.fil for b in pieces() if b.fil.endswith(".html")]

    _run(huset, "-m", "ruff", "format", "--check", *filer)
    _run(huset, "-m", "ruff", "check", *filer)
    subprocess.run(
        [ROT / ".venv/bin/djangofmt", "--check", *maler], cwd=huset, check=True, capture_output=True
    )
    _run(huset, "-m", "mypy", "--cache-dir", str(huset / ".mypy_cache"))


def test_the_example_works_in_all_its_own_tests_and_in_the_browser(huset: Path):
    filer = [b.fil for b in pieces() if b.hvordan == "ny" and "/test_" in b.fil]

    uten = "--ignore=tests/tilgang/test_fuzz.py"  # long, and asks nothing of the example alone
    svar = _run(
        huset, "-m", "pytest", "-q", *filer, "tests/tilgang", uten, "tests/test_konsistens.py"
    )

    assert " passed" in svar
    assert " failed" not in svar
