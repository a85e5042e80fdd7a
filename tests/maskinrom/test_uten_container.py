"""Production without a container: what lies in drift/ is read, verified, and started as systemd would."""

import contextlib
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from nettverk.maskinrom import miljo, miljofil, oppsett
from nettverk.maskinrom.drift import refuse_unready
from nettverk.maskinrom.feil import Maskinromfeil
from nettverk.maskinrom.miljo import ROT
from tests.maskinrom.bygg import free_port
from tests.maskinrom.conftest import FRA_TESTKJORINGEN, health, wait_for
from tests.nettleser.portal import _empty_queue, _own_database
from tests.smtp import posttjener

MAPPE = ROT / "drift" / "systemd"
EKSEMPEL = ROT / "drift" / "portal.env.example"
TJENESTER = sorted(fil.name for fil in MAPPE.glob("*.service"))
ALLTID = {"portal-web.service", "portal-worker.service", "portal-beat.service"}
# Where the README puts things.
KODEN, DATAENE, MILJOET = (
    "/srv/nettverksportalen",
    "/var/lib/nettverksportalen",
    "/etc/nettverksportalen/portal.env",
)

VERN = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ProtectKernelModules": "yes",
    "RestrictNamespaces": "yes",
    "RestrictSUIDSGID": "yes",
    "CapabilityBoundingSet": "",
    "SystemCallFilter": "@system-service",
    "ReadWritePaths": DATAENE,
    "EnvironmentFile": MILJOET,
    "WorkingDirectory": KODEN,
    "User": "portal",
    "UMask": "0027",
}


def unit(navn: str) -> dict[str, list[str]]:
    """The lines of a unit by name: systemd lets many of them stand more than once."""
    funnet: dict[str, list[str]] = {}
    for linje in (MAPPE / navn).read_text().splitlines():
        if linje and not linje.startswith(("#", "[")):
            navn_, _, verdi = linje.partition("=")
            funnet.setdefault(navn_, []).append(verdi)
    return funnet


# --- the files themselves


@pytest.mark.parametrize("navn", TJENESTER)
def test_a_service_has_no_rights_but_to_its_own_folder_and_limits_on_the_rest(navn: str):
    linjer = unit(navn)
    assert {vern: linjer.get(vern) for vern in VERN} == {v: [verdi] for v, verdi in VERN.items()}
    assert re.fullmatch(r"\d+[MG]", linjer["MemoryMax"][0])
    assert 0 < int(linjer["TasksMax"][0]) <= 300
    # PostgreSQL of the same user would lose its memory when another service stops.
    assert "RemoveIPC" not in linjer
    assert ("Restart" in linjer) == (navn != "portal-kopi.service")


def test_the_target_starts_what_is_to_run_and_only_after_the_tables():
    onsket = set(unit("portal.target")["Wants"][0].split())
    assert onsket == ALLTID | {"portal-kopi.timer"}
    for navn in ALLTID:
        assert unit(navn)["Requires"] == ["portal-migrer.service"]
        assert "portal-migrer.service" in unit(navn)["After"][0]
    assert set(TJENESTER) == ALLTID | {
        "portal-kopi.service", "portal-migrer.service", "portal-servere.service",
    }  # fmt: skip


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_itself_understands_every_line(tmp_path: Path):
    for fil in MAPPE.iterdir():
        tekst = fil.read_text().replace(KODEN, str(ROT))
        (tmp_path / fil.name).write_text(tekst)
    svar = subprocess.run(
        ["systemd-analyze", "verify", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:/lib/systemd/system"},
    )
    om_vaare = [linje for linje in svar.stderr.splitlines() if "portal" in linje]
    assert (svar.returncode, om_vaare) == (0, [])


def test_the_example_names_only_what_the_settings_read_and_the_readme_tells_of():
    eksempel = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", EKSEMPEL.read_text(), flags=re.MULTILINE))
    koden = "".join(
        fil.read_text()
        for fil in (ROT / "nettverk").rglob("*.py")
        if fil.name in {"settings.py", "miljo.py", "lagervalg.py"}
    )
    for navn in eksempel:
        assert navn.removeprefix("LAGER_S3_") in koden, navn
        assert f"`{navn}`" in (ROT / "README.md").read_text(), navn
    assert miljofil.read(EKSEMPEL)["DEFAULT_FROM_EMAIL"].endswith("<ikke-svar@portal.example>")


def test_the_readme_uses_the_paths_of_the_units():
    tekst = (ROT / "README.md").read_text()
    for del_ in (KODEN, DATAENE, MILJOET, "make bygg", "make sjekk-drift", "drift/systemd"):
        assert del_ in tekst, del_


# --- the file of environment


@pytest.mark.parametrize(
    ("linje", "sagt"),
    [
        ("SECRET_KEY=a$b", "enkle anførselstegn"),
        ('NAVN="to ord"', "enkle anførselstegn"),
        ("NAVN='a'b'", "kan ikke ha"),
        ("export NAVN=1", "NAVN=verdi"),
        ("NAVN = 1", "NAVN=verdi"),
    ],
)
def test_a_line_that_others_would_read_otherwise_is_refused(tmp_path: Path, linje: str, sagt: str):
    fil = tmp_path / "portal.env"
    fil.write_text(f"# først\nA='$#\" \\x'\n{linje}\n")

    with pytest.raises(miljofil.Miljofeil, match=rf"linje 3.*{sagt}"):
        miljofil.read(fil)

    fil.write_text("# først\nA='$#\" \\x'\nB=\nC=1 2\n")
    assert miljofil.read(fil) == {"A": '$#" \\x', "B": "", "C": "1 2"}


# --- without an environment


def bare(*kommando: str, **mer: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        kommando, cwd=ROT, env={"PATH": os.defpath, "NETTVERK_VAR": "/proc/ingen", **mer},
        capture_output=True, text=True,
    )  # fmt: skip


def test_a_command_without_its_environment_says_what_is_missing_and_how():
    svar = bare(sys.executable, "manage.py", "migrate")

    assert svar.returncode == 1
    assert "mangler SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL, REDIS_URL" in svar.stderr
    assert "drift/portal migrate" in svar.stderr
    assert "Traceback" not in svar.stderr


def test_a_command_that_does_not_reach_the_database_says_so():
    svar = bare(
        sys.executable, "manage.py", "migrate",
        SECRET_KEY="x" * 60, ALLOWED_HOSTS="portal.example", REDIS_URL="redis://127.0.0.1:1/0",
        DATABASE_URL="postgresql://portal@127.0.0.1:1/portal",
    )  # fmt: skip

    assert (svar.returncode, "Traceback" in svar.stderr) == (1, False)
    assert "Får ikke kontakt med databasen" in svar.stderr


def test_a_run_as_in_production_that_lacks_something_stops_before_it_starts(tmp_path: Path):
    with pytest.raises(Maskinromfeil, match="ALLOWED_HOSTS") as feil:
        refuse_unready({"DEBUG": "0", "STATIC_ROOT": str(tmp_path)})
    assert "make bygg" in str(feil.value)

    refuse_unready({})
    (tmp_path / "staticfiles.json").write_text("{}")
    refuse_unready({"DEBUG": "0", "ALLOWED_HOSTS": "127.0.0.1", "STATIC_ROOT": str(tmp_path)})


# --- started as systemd would


@dataclass
class Maskin:
    """A machine set up as the README says, below a folder: its file of environment and its data."""

    rot: Path
    fil: Path
    port: int
    post: object

    def inside(self, tekst: str) -> str:
        return (
            tekst.replace(KODEN, str(ROT))
            .replace(DATAENE, str(self.rot / "data"))
            .replace(MILJOET, str(self.fil))
        )

    def environment(self, navn: str) -> dict[str, str]:
        """What systemd gives the service, and nothing more: the file wins over the unit's own lines."""
        egne = {}
        for linje in unit(navn)["Environment"]:
            egne |= dict(ledd.split("=", 1) for ledd in shlex.split(linje))
        return {"PATH": os.defpath, **egne, **miljofil.read(self.fil)}

    def command(self, navn: str) -> list[str]:
        return shlex.split(self.inside(unit(navn)["ExecStart"][0]))

    def once(self, navn: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            self.command(navn), env=self.environment(navn), cwd=ROT, capture_output=True, text=True
        )

    @contextlib.contextmanager
    def running(self, navn: str) -> Iterator[subprocess.Popen]:
        with (self.rot / f"{navn}.log").open("wb") as logg:
            prosess = subprocess.Popen(
                self.command(navn), env=self.environment(navn), cwd=ROT, stdout=logg, stderr=logg,
                start_new_session=True,
            )  # fmt: skip
        try:
            yield prosess
        finally:
            prosess.send_signal(signal.SIGTERM)
            try:
                assert prosess.wait(60) in {0, -signal.SIGTERM}, self.log(navn)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(prosess.pid, signal.SIGKILL)

    def log(self, navn: str) -> str:
        return (self.rot / f"{navn}.log").read_text(errors="replace")

    def check(self, **mer: str) -> tuple[int, str]:
        """`make sjekk-drift`, with a file in which some variables are others."""
        fil = self.rot / "annen.env"
        fil.write_text(_written(miljofil.read(self.fil) | mer))
        svar = subprocess.run(
            ["make", "--silent", "sjekk-drift", f"MILJO={fil}"],
            cwd=ROT, env={"PATH": os.environ["PATH"], "PORTAL_BRUKER": "root"},
            capture_output=True, text=True,
        )  # fmt: skip
        return svar.returncode, svar.stdout + svar.stderr


def _written(miljoet: dict[str, str]) -> str:
    return "".join(f"{navn}='{verdi}'\n" for navn, verdi in miljoet.items())


@pytest.fixture(scope="module")
def maskin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maskin]:
    rot = tmp_path_factory.mktemp("maskin")
    with ExitStack() as stabel, pytest.MonkeyPatch.context() as patch:
        post = stabel.enter_context(posttjener())
        database = stabel.enter_context(_own_database())
        _empty_queue()
        patch.setenv("STATIC_ROOT", str(rot / "statisk"))
        oppsett.collect_static()
        port = free_port()
        fil = rot / "portal.env"
        satt = miljofil.read(EKSEMPEL) | {
            "SECRET_KEY": "0123456789abcdef" * 6,
            "ALLOWED_HOSTS": "portal.kommune.no",
            "CSRF_TRUSTED_ORIGINS": "https://portal.kommune.no",
            "DATABASE_URL": database,
            "REDIS_URL": os.environ["REDIS_URL"],
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(post.port),
            "EMAIL_USE_TLS": "0",
            "DEFAULT_FROM_EMAIL": "Nettverksportalen <ikke-svar@kommune.no>",
            "NETTVERK_VAR": str(rot / "data"),
            "MEDIA_ROOT": str(rot / "data" / "filer"),
            "STATIC_ROOT": str(rot / "statisk"),
            "GRANIAN_PORT": str(port),
        }
        (rot / "data").mkdir()
        fil.write_text(_written(satt))
        yield Maskin(rot, fil, port, post)


def test_the_services_start_are_well_and_the_check_says_so_until_something_is_wrong(maskin: Maskin):
    kode, sagt = maskin.check()
    assert kode == 2, sagt  # make's own
    assert "sudo drift/portal migrate" in sagt

    svar = maskin.once("portal-migrer.service")
    assert svar.returncode == 0, svar.stderr
    # Built by root, served by another.
    statiske = [fil for fil in (maskin.rot / "statisk").rglob("*") if fil.is_file()]
    assert [fil for fil in statiske if not fil.stat().st_mode & 0o004] == []
    with ExitStack() as stabel:
        for navn in sorted(ALLTID):
            stabel.enter_context(maskin.running(navn))
        wait_for(lambda: health(maskin.port) == 200, 120)
        assert health(maskin.port) == 200, "".join(map(maskin.log, sorted(ALLTID)))

        kode, sagt = maskin.check()
        assert (kode, "FEIL" in sagt) == (0, False), sagt
        assert sagt.count("\nok") + sagt.startswith("ok") == 14, sagt

        # What the administrator meets, all at once: each line says what, and how it is mended.
        kode, sagt = maskin.check(
            SECRET_KEY="bytt-meg",
            GRANIAN_PORT="1",
            EMAIL_PORT="1",
            MEDIA_ROOT="/proc/finnes-ikke",
            STATIC_ROOT=str(maskin.rot / "ingen"),
            PORTAL_ADRESSE="https://annen.example",
        )
        assert kode == 2
        feil = {linje[6:21].strip(): linje for linje in sagt.splitlines() if "FEIL" in linje}
        assert set(feil) >= {"nøkler", "e-post", "nettet", "lager", "statiske filer", "adressen"}, (
            sagt
        )
        assert "Rett EMAIL_HOST" in feil["e-post"]
        assert "make bygg" in feil["statiske filer"]
        assert "Traceback" not in sagt

        kopi = maskin.once("portal-kopi.service")
        assert kopi.returncode == 0, kopi.stderr
        assert len(list((maskin.rot / "data" / "kopier").glob("portal-*.tar"))) == 1

    wait_for(lambda: "Ingen arbeider går" in maskin.check()[1], 40)
    sagt = maskin.check(REDIS_URL="redis://127.0.0.1:1/0")[1]
    assert "Mellomlageret på 127.0.0.1 svarer ikke" in sagt
    assert "Traceback" not in sagt
    sagt = maskin.check(DATABASE_URL="postgresql://x@127.0.0.1:1/x")[1]
    assert "Se at PostgreSQL går" in sagt
    assert "Traceback" not in sagt


def test_the_portals_own_servers_tell_systemd_when_they_are_there(
    maskin: Maskin, datamappe: Path, monkeypatch: pytest.MonkeyPatch
):
    miljoet = {
        navn: verdi
        for navn, verdi in maskin.environment("portal-servere.service").items()
        if navn not in {*FRA_TESTKJORINGEN, "STATIC_ROOT"}
    }
    sted = datamappe.parent / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sokkel:
        sokkel.bind(str(sted))
        sokkel.settimeout(90)
        prosess = subprocess.Popen(
            maskin.command("portal-servere.service"), cwd=ROT, stdout=subprocess.PIPE,
            env={**miljoet, "NETTVERK_VAR": str(datamappe), "NOTIFY_SOCKET": str(sted)},
        )  # fmt: skip
        try:
            assert sokkel.recv(100) == b"READY=1"
            # The other services find them without any address in the file.
            assert "DATABASE_URL" in (miljo.read_running(datamappe) or {})
        finally:
            prosess.send_signal(signal.SIGTERM)
            assert prosess.wait(60) == 0
            # The log of the services is no place for the database's password.
            assert b"postgresql://" not in prosess.communicate()[0]
