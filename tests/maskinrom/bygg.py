"""The image built as Docker would, in a clean folder, and its programs started as Compose would.

Every line of the Dockerfile is done, but for those that fetch (HENTES): what they fetch is the locked
packages the tests run on already. The environment is put at the image's own paths below the folder,
without what only the tests have.
"""

import importlib.metadata
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from packaging.requirements import Requirement

from nettverk.maskinrom import oppsett
from nettverk.maskinrom.miljo import ROT
from tests.maskinrom.oppskrift import Linje, Steg, dockerfile, image_environment, sent_to_build

# What is fetched, or is about the image's own users: the only commands that are not run.
HENTES = (
    "apt-get ",
    "rm -rf /var/lib/apt/lists/",
    "python -m venv ",
    "pip install --no-cache-dir --quiet --require-hashes ",
    "/opt/node/bin/pip install --no-cache-dir --quiet --require-hashes ",
    "useradd ",
    "install -d ",
    "PATH=/opt/node/bin:$PATH npm ci ",
)
MAPPER = re.compile(r"(?<![\w./])/(app|opt|data|tmp)(?=[/:\s\"']|$)")

SPERRE = '''\
"""In the image the checkout is not on the path, and what only the tests use is not there."""
import sys

class Sperre:
    def find_spec(self, navn, path=None, target=None):
        if navn.partition(".")[0] in {moduler!r}:
            raise ModuleNotFoundError(f"{{navn}} is not in the image", name=navn)

sys.path[:] = [sti for sti in sys.path if sti != {rot!r}]
sys.meta_path.insert(0, Sperre())
'''


@dataclass
class Bilde:
    """The finished image below `rot`, and the environment its programs get."""

    rot: Path
    miljo: dict[str, str]
    etter_bygg: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def app(self) -> Path:
        return self.rot / "app"

    def inside(self, tekst: str) -> str:
        """A path of the image's as it is here."""
        return MAPPER.sub(lambda treff: f"{self.rot}/{treff[1]}", tekst)

    def run(self, kommando: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.inside(ledd) for ledd in kommando],
            env=self.miljo,
            cwd=self.app,
            capture_output=True,
            text=True,
            timeout=180,
        )

    @contextmanager
    def running(self, kommando: list[str], logg: str) -> Iterator[subprocess.Popen[bytes]]:
        """A program of the image's while it lasts; it must end when it is asked to."""
        with (self.rot / logg).open("wb") as ut:
            prosess = subprocess.Popen(
                [self.inside(ledd) for ledd in kommando],
                env=self.miljo,
                cwd=self.app,
                stdout=ut,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield prosess
        finally:
            prosess.terminate()
            try:
                prosess.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(prosess.pid, 9)
                raise

    def log(self, navn: str) -> str:
        return (self.rot / navn).read_text(errors="replace")

    def files(self) -> dict[str, tuple[int, int]]:
        """Everything in the program's folder, to see that nothing of it changes."""
        return {
            str(fil.relative_to(self.app)): (fil.stat().st_size, fil.stat().st_mtime_ns)
            for fil in self.app.rglob("*")
            if fil.is_file()
        }


def build(rot: Path) -> Bilde:
    for mappe in ("app", "opt", "tmp", "data/filer", "data/kopier", "data/midlertidig", "sperre"):
        (rot / mappe).mkdir(parents=True)
    (rot / "opt" / "venv").symlink_to(sys.prefix)
    npm = shutil.which("npm", path=oppsett.node_environment()["PATH"])
    assert npm
    (rot / "opt" / "node").mkdir()
    (rot / "opt" / "node" / "bin").symlink_to(Path(npm).parent)
    (rot / "sperre" / "sitecustomize.py").write_text(
        SPERRE.format(moduler=only_for_tests(), rot=str(ROT))
    )
    bilde = Bilde(rot, {"PYTHONPATH": str(rot / "sperre")})
    bilde.miljo |= {navn: _path(bilde.inside(verdi)) for navn, verdi in image_environment().items()}
    # The build's own place for what is temporary; the image's environment is set after it.
    bygg = {**bilde.miljo, "TMPDIR": str(rot / "tmp"), "HOME": str(rot / "tmp")}
    steg = dockerfile()
    for linje in [*steg["grunn"].linjer, *steg["bygg"].linjer, *steg["bildet"].linjer]:
        do(linje, bilde, bygg)
    bilde.etter_bygg = bilde.files()
    return bilde


def do(linje: Linje, bilde: Bilde, miljo: dict[str, str]) -> None:
    if linje.ord == "COPY" and not linje.resten.startswith("--from="):
        *fra, til = linje.resten.split()
        copy(fra, bilde.app / til)
    elif linje.ord == "RUN":
        kommando = " && ".join(
            "true" if ledd.startswith(HENTES) else ledd for ledd in linje.resten.split(" && ")
        )
        if "npm ci" in linje.resten:
            (bilde.app / "node_modules").symlink_to(ROT / "node_modules")
        svar = subprocess.run(
            ["sh", "-c", bilde.inside(kommando)],
            env=miljo,
            cwd=bilde.app,
            capture_output=True,
            text=True,
        )
        assert svar.returncode == 0, f"RUN {linje.resten}\n{svar.stdout}{svar.stderr}"


def copy(fra: list[str], til: Path) -> None:
    sendt = {fil.relative_to(ROT).as_posix(): fil for fil in sent_to_build()}
    for kilde in fra:
        # A folder's content is put in the target; a file is put under its own name.
        treff = {
            sti.removeprefix(f"{kilde}/") if sti != kilde else sti.rpartition("/")[2]: fil
            for sti, fil in sendt.items()
            if kilde in {".", sti} or sti.startswith(f"{kilde}/")
        }
        assert treff, f"COPY {kilde}: not sent to the build"
        for sti, fil in treff.items():
            (til / sti).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(fil, til / sti)


def only_for_tests() -> set[str]:
    """The modules of the packages that are in the development lock alone."""
    bare = locked("utvikling.txt") - locked("produksjon.txt")
    return {
        modul
        for modul, pakker in importlib.metadata.packages_distributions().items()
        if {_normal(pakke) for pakke in pakker} <= bare
    }


def locked(laas: str) -> set[str]:
    linjer = re.findall(r"^([a-z0-9].*?) \\$", (oppsett.KRAV / laas).read_text(), re.MULTILINE)
    return {_normal(Requirement(linje).name) for linje in linjer}


def _normal(navn: str) -> str:
    return re.sub(r"[-_.]+", "-", navn).lower()


def _path(verdi: str) -> str:
    """`$PATH` in an ENV line is what the base image has."""
    return verdi.replace("$PATH", "/usr/local/bin:/usr/bin:/bin")


def health_command(steg: Steg) -> list[str]:
    """The words of HEALTHCHECK … CMD [...]."""
    (helse,) = steg.of("HEALTHCHECK")
    ordene: list[str] = json.loads(helse.partition("CMD ")[2])
    return ordene


def start_command(steg: Steg) -> list[str]:
    (kommando,) = steg.of("CMD")
    ordene: list[str] = json.loads(kommando)
    return ordene


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as tjener:
        port: int = tjener.getsockname()[1]
    return port
