"""The drill: a backup taken while people write, upload and delete, brought back on a clean server."""

import contextlib
import hashlib
import os
import random
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.db import connection

from nettverk.maskinrom.miljo import ROT
from nettverk.maskinrom.servere import Servere
from nettverk.models import Brev, Jobb, Nettverk, Person
from nettverk.sikkerhetskopi.arkiv import Manifest, opened
from nettverk.sikkerhetskopi.innhold import tables_without_rows
from tests.maskinrom.conftest import wait_for
from tests.nettverk.factories import NettverkFactory, PersonFactory, koordinator


def manage(miljo: dict[str, str], *argumenter: str | Path, **mer) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, argumenter)],
        cwd=ROT, env=miljo, capture_output=True, text=True, **mer,
    )  # fmt: skip


def ok(svar: subprocess.CompletedProcess) -> str:
    assert svar.returncode == 0, svar.stderr
    return svar.stdout


@pytest.fixture
def kilde(barnemiljo: dict[str, str], settings, tmp_path: Path) -> dict[str, str]:
    """The portal that is backed up: this test's own database and folder of files."""
    settings.MEDIA_ROOT = str(tmp_path / "kilde")
    return {**barnemiljo, "MEDIA_ROOT": settings.MEDIA_ROOT}


@pytest.fixture
def maal(egne_servere: Servere, kilde: dict[str, str]) -> dict[str, str]:
    """A clean machine: servers that nobody has used."""
    return {**kilde, **egne_servere.addresses()}


class Trafikk(threading.Thread):
    """Somebody who makes files, deletes some of them, and changes names, until told to stop."""

    def __init__(self, nummer: int, nettverk: Nettverk, person: Person) -> None:
        super().__init__(daemon=True)
        self.nummer, self.nettverk, self.person = nummer, nettverk, person
        self.slutt = threading.Event()
        self.laget = 0
        self.feil: Exception | None = None

    def run(self) -> None:
        tilfeldig = random.Random(self.nummer)
        mine: list[Jobb] = []
        try:
            while not self.slutt.wait(0.005):
                mine.append(new_file(self.nettverk, self.person, tilfeldig.randbytes(40_000)))
                self.laget += 1
                if len(mine) > 5:
                    gammel = mine.pop(tilfeldig.randrange(5))
                    lager, navn = gammel.resultat.storage, gammel.resultat.name
                    gammel.delete()
                    lager.delete(navn)
                self.person.navn = f"Åse {self.laget}"
                self.person.save(update_fields=["navn"])
        except Exception as feil:
            self.feil = feil
        finally:
            connection.close()


def new_file(nettverk: Nettverk, person: Person, innhold: bytes) -> Jobb:
    """A finished job with its file, which the row tells the sum of."""
    jobb = Jobb(
        nettverk=nettverk, slag="proeve.rask", gjelder="1", bestilt_av=person, status="ferdig",
        resultat_data={"sha256": hashlib.sha256(innhold).hexdigest()},
    )  # fmt: skip
    jobb.resultat.save("rapport æøå.pdf", ContentFile(innhold), save=False)
    jobb.save()
    return jobb


@contextlib.contextmanager
def traffic() -> Iterator[list[Trafikk]]:
    nettverk = NettverkFactory()
    folk = [Trafikk(n, nettverk, PersonFactory()) for n in range(4)]
    for en in folk:
        en.start()
    try:
        yield folk
    finally:
        for en in folk:
            en.slutt.set()
        for en in folk:
            en.join()
    assert [en.feil for en in folk] == [None] * 4


def read_manifest(kopi: Path) -> Manifest:
    with opened(kopi) as arkiv:
        return arkiv.manifest


def counts(miljo: dict[str, str]) -> dict[str, int]:
    with psycopg.connect(miljo["DATABASE_URL"]) as database:
        return {
            tabell: database.execute(f'SELECT count(*) FROM "{tabell}"').fetchone()[0]
            for tabell in _tables(database)
        }


def fingerprints(miljo: dict[str, str]) -> dict[str, str]:
    """A sum of every row of every table."""
    sporring = (
        "SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{}\" t"
    )
    with psycopg.connect(miljo["DATABASE_URL"]) as database:
        return {
            tabell: database.execute(sporring.format(tabell)).fetchone()[0]
            for tabell in _tables(database)
        }


def _tables(database: psycopg.Connection) -> list[str]:
    sporring = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    return [rad[0] for rad in database.execute(sporring).fetchall()]


def left_behind(miljo: dict[str, str]) -> list[Path]:
    """Folders of ours among the files. `.underveis` is the storage's own, for what is being uploaded."""
    return [sti for sti in Path(miljo["MEDIA_ROOT"]).glob(".*") if sti.name != ".underveis"]


def files(mappe: str) -> dict[str, str]:
    rot = Path(mappe)
    return {
        str(sti.relative_to(rot)): hashlib.sha256(sti.read_bytes()).hexdigest()
        for sti in rot.rglob("*")
        if sti.is_file() and not sti.relative_to(rot).parts[0].startswith((".foer-", "helse"))
    }


def test_a_backup_under_load_is_whole_and_comes_back_on_a_clean_server(
    kilde: dict[str, str], maal: dict[str, str], tmp_path: Path
):
    kopier = tmp_path / "kopier"
    with traffic() as folk:
        wait_for(lambda: all(en.laget > 10 for en in folk))
        foer = sum(en.laget for en in folk)
        ok(manage(kilde, "sikkerhetskopi", kopier))
        assert sum(en.laget for en in folk) > foer + 20  # it was not quiet meanwhile

    (kopi,) = kopier.iterdir()
    assert stat.S_IMODE(kopi.stat().st_mode) == 0o600
    assert left_behind(kilde) == []
    manifest = read_manifest(kopi)
    assert manifest.mangler == []

    ok(manage(maal, "gjenopprett", kopi))

    uten = dict.fromkeys(tables_without_rows(), 0)
    assert counts(maal) == manifest.tabeller | uten
    with psycopg.connect(maal["DATABASE_URL"]) as database:
        rader = database.execute(
            "SELECT resultat, resultat_data->>'sha256' FROM nettverk_jobb"
        ).fetchall()
    assert len(rader) >= 4 * 5  # what each of the four keeps
    assert files(maal["MEDIA_ROOT"]) == dict(rader)
    ok(manage(maal, "migrate", "--check"))
    ok(manage(maal, "check"))

    # And once more in the quiet, in place of what is there: now each row and byte is the same.
    _letters_wait()
    ok(manage(kilde, "sikkerhetskopi", kopier, "--behold", "1"))
    (siste,) = kopier.iterdir()
    assert siste != kopi
    gammelt = fingerprints(maal)
    nei = manage(maal, "gjenopprett", siste)
    assert (nei.returncode, "ikke tom" in nei.stderr, "--erstatt" in nei.stderr) == (1, True, True)
    assert fingerprints(maal) == gammelt

    sagt = ok(manage(maal, "gjenopprett", siste, "--erstatt"))

    assert "--slett-gammelt" in sagt
    forskjell = fingerprints(kilde).items() ^ fingerprints(maal).items()
    assert {tabell for tabell, _sum in forskjell} <= {*uten, "nettverk_brev"}
    assert files(maal["MEDIA_ROOT"]) == files(kilde["MEDIA_ROOT"])
    # The letters may have gone since; nobody is to get two.
    with psycopg.connect(maal["DATABASE_URL"]) as database:
        brev = database.execute(
            "SELECT noekkel, tilstand, grunn, tekst FROM nettverk_brev ORDER BY 1"
        ).fetchall()
    assert brev == [("en", "feilet", "uvisst", "Hei"), ("to", "feilet", "uvisst", "")]

    ok(manage(maal, "gjenopprett", "--slett-gammelt"))
    assert left_behind(maal) == []
    with psycopg.connect(maal["DATABASE_URL"]) as database:
        navn = database.execute("SELECT datname FROM pg_database").fetchall()
    assert {n for (n,) in navn} == {"portal", "postgres", "template0", "template1"}


def _letters_wait() -> None:
    """One to a person, and one with a code for signing in."""
    felles = {"epost": "ase@proeve.no", "slag": "proeve", "spraak": "nb"}
    felles["sending"] = "00000000-0000-0000-0000-000000000001"
    Brev.objects.create(**felles, tekst="Hei", melding_id="<en@proeve>", noekkel="en")
    Brev.objects.create(
        **felles, hemmelig=True, tekst="forseglet", melding_id="<to@proeve>", noekkel="to"
    )


def test_nothing_is_touched_by_a_backup_that_cannot_be_used(
    kilde: dict[str, str], maal: dict[str, str], tmp_path: Path
):
    nettverk = NettverkFactory()
    new_file(nettverk, koordinator(nettverk), os.urandom(50_000))
    kopier = tmp_path / "kopier"
    ok(manage(kilde, "sikkerhetskopi", kopier))
    (kopi,) = kopier.iterdir()
    ok(manage(maal, "gjenopprett", kopi))
    foer, filer = fingerprints(maal), files(maal["MEDIA_ROOT"])

    innhold = bytearray(kopi.read_bytes())
    innhold[innhold.index(b"PGDMP") + 4000] ^= 1
    kopi.write_bytes(innhold)
    skadet = manage(maal, "gjenopprett", kopi, "--erstatt")
    assert (skadet.returncode, "Kopien er skadet" in skadet.stderr) == (1, True)

    innhold[innhold.index(b"PGDMP") + 4000] ^= 1
    kopi.write_bytes(innhold)
    with psycopg.connect(maal["DATABASE_URL"]):  # a web process, say
        opptatt = manage(maal, "gjenopprett", kopi, "--erstatt")
    assert (opptatt.returncode, "Portalen går" in opptatt.stderr) == (1, True)

    assert "Traceback" not in skadet.stderr + opptatt.stderr
    assert (fingerprints(maal), files(maal["MEDIA_ROOT"])) == (foer, filer)


# --- the backup itself: whole or not at all


# Full in the middle of what the database writes, and in the middle of the files.
@pytest.mark.parametrize("plass", [500_000, 8_000_000])
def test_a_full_disk_leaves_no_half_backup(kilde: dict[str, str], tmp_path: Path, plass: int):
    nettverk = NettverkFactory()
    new_file(nettverk, koordinator(nettverk), os.urandom(9_000_000))

    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (plass, plass))

    svar = manage(kilde, "sikkerhetskopi", tmp_path / "kopier", preexec_fn=small_disk)

    assert (svar.returncode, "Kopien kunne ikke skrives" in svar.stderr) == (1, True), svar.stderr
    assert "Traceback" not in svar.stderr
    assert list((tmp_path / "kopier").iterdir()) == []


def test_a_killed_backup_leaves_nothing_that_looks_like_one(kilde: dict[str, str], tmp_path: Path):
    nettverk = NettverkFactory()
    person = koordinator(nettverk)
    for _ in range(200):
        new_file(nettverk, person, os.urandom(100_000))
    kopier = tmp_path / "kopier"
    prosess = subprocess.Popen(
        [sys.executable, "manage.py", "sikkerhetskopi", kopier], cwd=ROT, env=kilde
    )
    wait_for(lambda: any(fil.stat().st_size > 0 for fil in kopier.glob(".portal-*")))
    prosess.send_signal(signal.SIGKILL)
    prosess.wait()
    assert list(kopier.glob("portal-*")) == []

    slutt = time.monotonic() + 10  # PostgreSQL finds out that it is gone
    while (svar := manage(kilde, "sikkerhetskopi", kopier)).returncode:
        assert time.monotonic() < slutt, svar.stderr

    assert [fil.name[:7] for fil in kopier.iterdir()] == ["portal-"]
    assert left_behind(kilde) == []


@pytest.mark.parametrize("hvor", ["/proc/finnes-ikke", "/dev/null/kopier"])
def test_a_place_that_cannot_be_written_is_named(kilde: dict[str, str], hvor: str):
    svar = manage(kilde, "sikkerhetskopi", hvor)

    assert (svar.returncode, hvor in svar.stderr) == (1, True)
    assert "Traceback" not in svar.stderr


def test_a_file_that_was_gone_before_is_told_of_and_stops_nothing(
    kilde: dict[str, str], tmp_path: Path
):
    nettverk = NettverkFactory()
    jobb = new_file(nettverk, koordinator(nettverk), b"borte")
    jobb.resultat.storage.delete(jobb.resultat.name)

    sagt = ok(manage(kilde, "sikkerhetskopi", tmp_path / "kopier"))

    assert f"{jobb.resultat.name} var borte fra før" in sagt
    (kopi,) = (tmp_path / "kopier").iterdir()
    assert read_manifest(kopi).mangler == [jobb.resultat.name]
