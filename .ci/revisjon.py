"""`make revisjon`: asks the advisory services about every locked package, and fails when it cannot.

Nothing unasked passes as clean: an answer counts only when it names as many packages as the locks do.
Needs the outside, so it is no part of `make check`.
"""

import argparse
import datetime
import json
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
OSV = "https://api.osv.dev/v1/query"


class IkkeSpurt(Exception):
    """The service did not answer for all of it; the message says what it said instead."""


@dataclass(frozen=True)
class Funn:
    """One known fault in one package, under all the names it goes by."""

    pakke: str
    navn: frozenset[str]
    hva: str

    def __str__(self) -> str:
        return f"{self.pakke}: {', '.join(sorted(self.navn))} {self.hva}".rstrip()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unntak", type=Path, default=ROT / ".ci" / "revisjon-unntak.toml")
    parser.add_argument("--osv", default=OSV)
    valg = parser.parse_args()
    unntak = tomllib.loads(valg.unntak.read_text()).get("unntak", [])
    feil = [
        f"Unntaket for {u['id']} gikk ut {u['til']}: {u['hvorfor']}" for u in unntak if expired(u)
    ]
    gyldige = {u["id"] for u in unntak if not expired(u)}
    alle: list[Funn] = []
    for navn, spor in (("Python", lambda: ask_python(valg.osv)), ("npm", ask_npm)):
        try:
            antall, funn = spor()
        except IkkeSpurt as grunn:
            feil.append(f"{navn}: ikke undersøkt. {grunn}")
            continue
        print(f"{navn}: spurte om {antall} pakker, {len(funn)} kjente feil")
        alle += funn
    feil += [str(funn) for funn in alle if not funn.navn & gyldige]
    for navn in sorted(gyldige - {navn for funn in alle for navn in funn.navn}):
        print(f"Unntaket for {navn} gjelder ingenting lenger.")
    print(*feil, sep="\n", file=sys.stderr)
    return 1 if feil else 0


def expired(unntak: dict[str, Any]) -> bool:
    return unntak["til"] < datetime.datetime.now(datetime.UTC).date()


def ask_python(osv: str) -> tuple[int, list[Funn]]:
    # Production's packages are all in the development lock; a test sees to that.
    laaser = [ROT / "requirements" / navn for navn in ("utvikling.txt", "node.txt")]
    kommando = [str(BIN / "pip-audit"), "--strict", "--disable-pip", "--require-hashes"]
    kommando += ["--vulnerability-service", "osv", "--osv-url", osv]
    kommando += ["--format", "json", "--progress-spinner", "off"]
    for laas in laaser:
        kommando += ["--requirement", str(laas)]
    svar = answer(kommando)
    spurt = {pakke["name"].lower() for pakke in svar.get("dependencies", []) if "vulns" in pakke}
    if mangler := set().union(*map(locked_here, laaser)) - spurt:
        raise IkkeSpurt(f"Svaret mangler {', '.join(sorted(mangler))}.")
    return len(spurt), [
        Funn(
            pakke["name"], frozenset({feil["id"], *feil["aliases"]}), _rettet(feil["fix_versions"])
        )
        for pakke in svar["dependencies"]
        for feil in pakke["vulns"]
    ]


def _rettet(utgaver: list[str]) -> str:
    return f"(rettet i {', '.join(utgaver)})" if utgaver else "(ikke rettet)"


def locked_here(laas: Path) -> set[str]:
    """The names in a lock that this Python on this system would install."""
    linjer = re.findall(r"^([a-z0-9].*?) \\$", laas.read_text(), flags=re.MULTILINE)
    krav = map(Requirement, linjer)
    return {k.name.lower() for k in krav if k.marker is None or k.marker.evaluate()}


def ask_npm() -> tuple[int, list[Funn]]:
    svar = answer(["npm", "audit", "--json", "--package-lock-only"])
    laaste = len(json.loads((ROT / "package-lock.json").read_text())["packages"]) - 1
    spurt = svar.get("metadata", {}).get("dependencies", {}).get("total", 0)
    if spurt < laaste:
        raise IkkeSpurt(f"Svaret gjelder {spurt} av {laaste} pakker. {svar.get('message', '')}")
    funn = []
    for navn, pakke in svar["vulnerabilities"].items():
        for feil in pakke["via"]:
            if isinstance(feil, dict):  # a plain name points to another package in the same list
                navnene = frozenset({feil["url"].rpartition("/")[2]})
                funn.append(Funn(navn, navnene, f"{feil['title']} ({feil['range']})"))
    return spurt, funn


def answer(kommando: list[str]) -> dict[str, Any]:
    """What the program answers as JSON. It also ends with an error when it finds something."""
    # npm is the machine's own, or beside Python where the machine has none.
    miljo = {**os.environ, "PATH": f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{BIN}"}
    try:
        svar = subprocess.run(
            kommando, cwd=ROT, env=miljo, capture_output=True, text=True, check=False
        )
        innhold: dict[str, Any] = json.loads(svar.stdout)
    except FileNotFoundError as feil:
        raise IkkeSpurt(f"Fant ikke {kommando[0]}.") from feil
    except json.JSONDecodeError as feil:
        slutten = (svar.stderr or svar.stdout).strip().splitlines()[-1:]
        raise IkkeSpurt(f"{Path(kommando[0]).name} svarte: {' '.join(slutten)}") from feil
    return innhold


if __name__ == "__main__":
    sys.exit(main())
