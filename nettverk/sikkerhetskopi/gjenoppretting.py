"""Bring a backup back: into a new database, checked to the last row and byte, and only then put in place.

Until that moment nothing of what was there is touched, and what was there is kept until somebody says
that it may go (`delete_old`).
"""

import datetime
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import psycopg
import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from nettverk.maskinrom import miljo
from nettverk.mellomlager import klient
from nettverk.models.brev import Brev
from nettverk.signaler import HJERTESLAG_HVERT, HJERTESLAG_NOEKKEL
from nettverk.sikkerhetskopi import i_lageret, postgres
from nettverk.sikkerhetskopi.arkiv import DUMP, FILER, Kopi, Kopifeil, Manifest, opened, sum_of
from nettverk.sikkerhetskopi.innhold import MELLOMSTASJON

_FOER = ".foer-"
_UNDERVEIS = ".gjenopprett-"
# In a store: what we have put aside, and what /helse/ tries with.
_IKKE_INNHOLD = (_FOER, _UNDERVEIS, "helse/")
_DROP = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")


def restore(
    sti: Path, *, replace: bool = False, si: Callable[[str], None] = lambda tekst: None
) -> Manifest:
    """Bring back what the file holds. `replace` when there is a portal there already."""
    with opened(sti) as kopi:
        refuse_versions(kopi.manifest)
        refuse_running()
        if not replace:
            refuse_occupied()
        si("Leser gjennom kopien …")
        kopi.check()
        try:
            _bring_back(kopi, si)
        except psycopg.Error as feil:
            raise Kopifeil(f"Gjenopprettingen stoppet: {str(feil).strip()}") from feil
        except OSError as feil:
            raise Kopifeil(f"Gjenopprettingen stoppet: {feil}") from feil
        return kopi.manifest


# --- what is refused


def refuse_versions(manifest: Manifest) -> None:
    """A backup of a newer portal or a newer PostgreSQL is not for this one."""
    major = postgres.server_major()
    if manifest.postgres > major:
        raise Kopifeil(
            f"Kopien er fra PostgreSQL {manifest.postgres}, men serveren er PostgreSQL {major}."
        )
    kjente = MigrationLoader(None).disk_migrations
    ukjente = [f"{app}.{navn}" for app, navn in manifest.migreringer if (app, navn) not in kjente]
    if ukjente:
        raise Kopifeil(
            "Kopien er fra en annen utgave av portalen enn denne. Denne kjenner ikke "
            f"{ukjente[0]}{f' og {len(ukjente) - 1} til' if ukjente[1:] else ''}. "
            "Bruk utgaven som kopien ble tatt med, og oppgrader etterpå."
        )


def refuse_running() -> None:
    """Nobody may be at work in the database that is put aside."""
    for mappe in miljo.candidate_folders():
        andre = miljo.read_running(mappe) or {}
        if "adresse" in andre and andre.get("DATABASE_URL") == os.environ.get("DATABASE_URL"):
            raise Kopifeil(f"Portalen går på {andre['adresse']}. Stopp den først (Ctrl-C).")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        (andre_tilkoblinger,) = cursor.fetchone()
    if andre_tilkoblinger:
        raise Kopifeil(
            f"Portalen går: {andre_tilkoblinger} andre er koblet til databasen. "
            "Stopp nett, arbeider og klokke først."
        )
    if _worker_lives():
        raise Kopifeil("En arbeider går. Stopp den først.")


def _worker_lives() -> bool:
    """Whether its heart beats; the last beat of a worker that has stopped stands for a while."""
    with suppress(redis.RedisError):
        koe = klient()
        sist = koe.get(HJERTESLAG_NOEKKEL)
        if sist is None:
            return False
        time.sleep(HJERTESLAG_HVERT + 1)
        return koe.get(HJERTESLAG_NOEKKEL) not in {None, sist}
    return False


def refuse_occupied() -> None:
    """A database with tables, or a folder with files, is somebody's portal."""
    if connection.introspection.table_names():
        hva = f"Databasen {postgres.name()} er ikke tom"
    elif lager := i_lageret.store():
        if not i_lageret.contents(lager, *_IKKE_INNHOLD):
            return
        hva = f"Bøtta {lager.bucket_name} er ikke tom"
    elif any(_holds_files(sti) for sti in _contents(Path(settings.MEDIA_ROOT))):
        hva = f"Mappa {settings.MEDIA_ROOT} er ikke tom"
    else:
        return
    raise Kopifeil(
        f"{hva}. Skriv --erstatt for å legge det som er der, til side og sette kopien i stedet."
    )


def _contents(mappe: Path) -> Iterator[Path]:
    """What the portal keeps there; not what we have put aside, nor what /helse/ tries with."""
    if mappe.is_dir():
        yield from (
            sti
            for sti in sorted(mappe.iterdir())
            if not sti.name.startswith((_FOER, _UNDERVEIS, MELLOMSTASJON)) and sti.name != "helse"
        )


def _holds_files(sti: Path) -> bool:
    return sti.is_file() or any(under.is_file() for under in sti.rglob("*"))


# --- what is done


def _bring_back(kopi: Kopi, si: Callable[[str], None]) -> None:
    merke = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dt%H%M%S")
    with _new_database(merke) as ny, _files_ready(kopi, merke, si) as files_in_place:
        si("Leser inn databasen …")
        _load(kopi, ny)
        _check_rows(kopi.manifest, ny)
        _never_send_twice(ny)
        _put_in_place(ny, files_in_place, merke)
    with suppress(redis.RedisError):
        klient().flushdb()  # what was remembered is of another database


@contextmanager
def _new_database(merke: str) -> Iterator[str]:
    """An empty database beside the one in use; gone again if it was not put in place."""
    ny = f"{postgres.name()}_ny_{merke}"
    connection.close()  # ours must not be in the way of the change of names
    with postgres.connect("postgres") as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(ny)))
        try:
            yield ny
        finally:
            server.execute(_DROP.format(sql.Identifier(ny)))


@contextmanager
def _files_ready(
    kopi: Kopi, merke: str, si: Callable[[str], None]
) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """The files of the backup beside those in use, each compared; and how they change places."""
    si(f"Legger ut {len(kopi.manifest.filer)} filer …")
    foer, rot = f"{_FOER}{merke}", f"{_UNDERVEIS}{merke}"
    if lager := i_lageret.store():
        nye = list(kopi.manifest.filer)
        with i_lageret.staged(lager, kopi, rot):
            gamle = i_lageret.contents(lager, *_IKKE_INNHOLD)
            yield lambda: i_lageret.in_place(lager, gamle, nye, rot=rot, foer=foer)
        return
    with _new_folder(merke) as mappe:
        _unpack(kopi, mappe)
        yield lambda: _files_in_place(mappe, Path(settings.MEDIA_ROOT) / foer)


@contextmanager
def _new_folder(merke: str) -> Iterator[Path]:
    rot = Path(settings.MEDIA_ROOT)
    for halvferdig in rot.glob(f"{_UNDERVEIS}*"):
        shutil.rmtree(halvferdig)
    mappe = rot / f"{_UNDERVEIS}{merke}"
    mappe.mkdir(parents=True)
    try:
        yield mappe
    finally:
        shutil.rmtree(mappe, ignore_errors=True)


def _load(kopi: Kopi, ny: str) -> None:
    program, _major = postgres.program("pg_restore", minst=kopi.manifest.pg_dump)
    kommando: list[str | Path] = [program, f"--dbname={ny}", "--single-transaction"]
    kommando += ["--exit-on-error", "--no-owner", "--no-privileges"]
    with tempfile.TemporaryFile() as ord_:
        with (
            subprocess.Popen(
                kommando, env=postgres.environment(ny), stdin=subprocess.PIPE, stderr=ord_
            ) as prosess,
            suppress(BrokenPipeError),  # it says itself why it stopped
        ):
            assert prosess.stdin
            with prosess.stdin as inn:
                for bit in kopi.pieces(DUMP):
                    inn.write(bit)
        if prosess.returncode:
            ord_.seek(0)
            raise Kopifeil(f"pg_restore feilet: {ord_.read().decode(errors='replace').strip()}")


def _check_rows(manifest: Manifest, ny: str) -> None:
    ventet = manifest.tabeller | dict.fromkeys(manifest.utelatt, 0)
    with postgres.connect(ny) as database:
        funnet = postgres.tables(database)
        database.execute("ANALYZE")
    if feil := sorted(t for t in ventet.keys() | funnet.keys() if ventet.get(t) != funnet.get(t)):
        raise Kopifeil(
            f"Databasen ble ikke som kopien: {feil[0]} har {funnet.get(feil[0])} rader, "
            f"og skulle hatt {ventet.get(feil[0])}."
        )


def _never_send_twice(ny: str) -> None:
    """What waited to be sent in the moment of the backup, has gone since, for all we know. A person may
    choose to send it; a code for signing in is of no use any more.

    In the tables as the backup has them, which may be older than the models.
    """
    tilstand, brev = Brev.Tilstand, sql.Identifier(Brev._meta.db_table)
    paa_vei = [tilstand.VENTER.value, tilstand.SENDER.value]
    with postgres.connect(ny) as database, database.transaction():
        kolonner = {kolonne.name for kolonne in _columns(database, brev)}
        uten_kode = "tekst = CASE WHEN hemmelig THEN '' ELSE tekst END, "
        database.execute(
            sql.SQL(
                "UPDATE {} SET {} tilstand = %s, grunn = %s, leie_til = NULL WHERE tilstand = ANY(%s)"
            ).format(brev, sql.SQL(uten_kode if "hemmelig" in kolonner else "")),
            [tilstand.FEILET.value, Brev.Grunn.UVISST.value, paa_vei],
        )


def _columns(database: psycopg.Connection, tabell: sql.Identifier) -> list[psycopg.Column]:
    return database.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(tabell)).description or []


def _unpack(kopi: Kopi, mappe: Path) -> None:
    for navn, ventet in kopi.manifest.filer.items():
        sti = mappe / navn
        sti.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(sti, os.O_WRONLY | os.O_CREAT | os.O_EXCL, settings.FILE_UPLOAD_PERMISSIONS)
        with os.fdopen(fd, "wb") as ut:
            for bit in kopi.pieces(f"{FILER}{navn}"):
                ut.write(bit)
            ut.flush()
            os.fsync(ut.fileno())
        if sum_of(sti) != ventet:
            raise Kopifeil(f"{navn} ble ikke som i kopien.")


def _put_in_place(
    ny: str, files_in_place: Callable[[], AbstractContextManager[None]], merke: str
) -> None:
    """The two databases change names in one transaction, and the files change places before it is over."""
    naa, foer = postgres.name(), f"{postgres.name()}_foer_{merke}"
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with postgres.connect("postgres") as server:
        server.execute("BEGIN")
        try:
            server.execute(rename.format(sql.Identifier(naa), sql.Identifier(foer)))
        except psycopg.errors.ObjectInUse as feil:
            raise Kopifeil(
                "Portalen går: noen bruker databasen. Stopp den, og prøv igjen."
            ) from feil
        server.execute(rename.format(sql.Identifier(ny), sql.Identifier(naa)))
        with files_in_place():
            server.execute("COMMIT")
        with postgres.connect(foer) as gammel:
            tom = not postgres.tables(gammel)
        if tom:
            server.execute(_DROP.format(sql.Identifier(foer)))


@contextmanager
def _files_in_place(mappe: Path, foer: Path) -> Iterator[None]:
    """What is in the folder is put aside, and the new put there; back again if anything fails."""
    flyttet: list[tuple[Path, Path]] = []
    try:
        for sti in _contents(mappe.parent):
            foer.mkdir(exist_ok=True)
            flyttet.append((sti, foer / sti.name))
            sti.rename(foer / sti.name)
        for sti in sorted(mappe.iterdir()):
            flyttet.append((sti, mappe.parent / sti.name))
            sti.rename(mappe.parent / sti.name)
        yield
    except BaseException:
        for fra, til in reversed(flyttet):
            with suppress(FileNotFoundError):
                til.rename(fra)
        raise


# --- afterwards


def old() -> tuple[list[str], list[str]]:
    """The databases and folders that restores have put aside."""
    with postgres.connect("postgres") as server:
        databaser = _databases(server, "_foer_")
    if lager := i_lageret.store():
        return databaser, i_lageret.put_aside(lager, _FOER)
    return databaser, sorted(str(sti) for sti in Path(settings.MEDIA_ROOT).glob(f"{_FOER}*"))


def delete_old() -> None:
    databaser, mapper = old()
    with postgres.connect("postgres") as server:
        for navn in databaser:
            server.execute(_DROP.format(sql.Identifier(navn)))
    lager = i_lageret.store()
    for mappe in mapper:
        if lager:
            i_lageret.delete_under(lager, mappe)
        else:
            shutil.rmtree(mappe)


def _databases(server: psycopg.Connection, slag: str) -> list[str]:
    sporring = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY 1"
    return [rad[0] for rad in server.execute(sporring, [postgres.name() + slag]).fetchall()]
