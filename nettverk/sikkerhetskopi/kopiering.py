"""Take a backup while the portal is in use: one moment of the database, and the files of that moment."""

import datetime
import errno
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from nettverk.sikkerhetskopi import i_lageret, innhold, postgres
from nettverk.sikkerhetskopi.arkiv import DUMP, FILER, Kopifeil, Manifest, written

_NAVN = re.compile(r"portal-\d{8}T\d{6}Z\.tar")
_UFERDIG = ".portal-"
_FORSOK = 5
_LAASFORSOK = 150
_LAAS = 0x706F7274616C6B6F  # an advisory lock of PostgreSQL: one backup at a time, from whatever machine


class _Forandret(Exception):
    """A file was deleted between the moment of the database and ours; another moment is tried."""


def take(mappe: Path, *, si: Callable[[str], None] = lambda tekst: None) -> Path:
    """Make a backup in the folder; returns it. Whole or not at all, and for the owner alone."""
    try:
        mappe.mkdir(mode=0o700, parents=True, exist_ok=True)
        for forsok in range(1, _FORSOK + 1):
            try:
                return _take_once(mappe, si)
            except _Forandret:
                if forsok == _FORSOK:
                    raise
    except _Forandret as feil:
        raise Kopifeil(
            f"Fila {feil} ble slettet mens kopien ble tatt, {_FORSOK} ganger på rad. Prøv igjen."
        ) from feil
    except OSError as feil:
        raise Kopifeil(f"Kopien kunne ikke skrives i {mappe}: {feil}") from feil
    raise AssertionError


def keep_newest(mappe: Path, antall: int) -> list[Path]:
    """Delete all but the newest; returns what was deleted."""
    kopier = sorted(fil for fil in mappe.iterdir() if _NAVN.fullmatch(fil.name))
    gamle = kopier[:-antall] if antall else []
    for fil in gamle:
        fil.unlink()
    return gamle


def _take_once(mappe: Path, si: Callable[[str], None]) -> Path:
    with _one_at_a_time(), _unfinished(mappe) as (ny, dump), ExitStack() as holder:
        with ExitStack() as oeyeblikk:
            with _no_file_is_let_go():
                snapshot = oeyeblikk.enter_context(_moment())
                filer = _hold_files(holder, si)
            manifest = _manifest(filer.mangler)
            _dump(dump, snapshot, manifest)
        # The moment is let go before the long part: a long transaction is in the others' way.
        return _pack(mappe, ny, dump, manifest, filer=filer, si=si)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LAAS])
        if not cursor.fetchone()[0]:
            raise Kopifeil("En annen sikkerhetskopi blir tatt akkurat nå.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LAAS])


@contextmanager
def _no_file_is_let_go() -> Iterator[None]:
    """For some tenths of a second no row that names a file is written, and so no file deleted: the
    portal deletes the row first. We never stand in the queue for it, where others would wait behind us;
    if it is never free, we go on without, and what happened meanwhile is found."""
    andre = connection.copy()
    tabeller = sorted({modell._meta.db_table for modell, _felt in innhold.file_columns()})
    navn = ", ".join(f'"{tabell}"' for tabell in tabeller)
    try:
        andre.set_autocommit(False)
        with andre.cursor() as cursor:
            for _ in range(_LAASFORSOK):
                try:
                    cursor.execute(f"LOCK TABLE {navn} IN SHARE MODE NOWAIT")
                    break
                except OperationalError:
                    andre.rollback()
                    time.sleep(0.02)
            yield
    finally:
        andre.close()


@contextmanager
def _moment() -> Iterator[str]:
    """One moment of the database; all that is read meanwhile is of it. The name is for pg_dump."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


@dataclass
class _Filer:
    """The files of the moment: held on the disk, or named in a store; and those that were gone before it."""

    holdt: dict[str, Path] = field(default_factory=dict)
    i_lageret: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    mangler: list[str] = field(default_factory=list)


def _hold_files(holder: ExitStack, si: Callable[[str], None]) -> _Filer:
    navnene = innhold.named_files()
    if i_lageret.store():
        return _Filer(i_lageret=navnene)
    filer = _Filer(holdt=holder.enter_context(innhold.held_files(list(navnene))))
    for navn, hvor in navnene.items():
        if navn in filer.holdt or hvor is None:
            continue
        if not innhold.still_named(navn, hvor):
            raise _Forandret(navn)
        filer.mangler.append(navn)
        si(f"Merk: {navn} var borte fra før.")
    return filer


def _manifest(mangler: list[str]) -> Manifest:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        migreringer = [list(rad) for rad in cursor.fetchall()]
    major = postgres.server_major()
    return Manifest(
        laget=timezone.now().isoformat(timespec="seconds"),
        postgres=major,
        pg_dump=postgres.program("pg_dump", minst=major)[1],
        migreringer=migreringer,
        tabeller=postgres.tables(connection),
        utelatt=innhold.tables_without_rows(),
        mangler=sorted(mangler),
    )


@contextmanager
def _unfinished(mappe: Path) -> Iterator[tuple[Path, Path]]:
    """Two files for what is being made; gone afterwards, whatever happens."""
    for gammel in mappe.glob(
        f"{_UFERDIG}*"
    ):  # of one that was killed; the lock says that it is not at work
        gammel.unlink()
    filer = []
    try:
        for _ in range(2):
            fd, sti = tempfile.mkstemp(prefix=_UFERDIG, dir=mappe)  # 0600
            os.close(fd)
            filer.append(Path(sti))
        yield filer[0], filer[1]
    finally:
        for fil in filer:
            fil.unlink(missing_ok=True)


def _dump(til: Path, snapshot: str, manifest: Manifest) -> None:
    program, _major = postgres.program("pg_dump", minst=manifest.postgres)
    kommando: list[str | Path] = [program, "--format=custom", "--no-owner", "--no-privileges"]
    kommando += [f"--snapshot={snapshot}"]
    kommando += [f"--exclude-table-data=public.{tabell}" for tabell in manifest.utelatt]
    with til.open("wb") as ut:
        svar = subprocess.run(
            kommando,
            env=postgres.environment(postgres.name()),
            stdin=subprocess.DEVNULL,
            stdout=ut,
            stderr=subprocess.PIPE,
        )
    if svar.returncode == -signal.SIGXFSZ:  # stopped at the size a file may have, without a word
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    if svar.returncode:
        raise Kopifeil(f"pg_dump feilet: {svar.stderr.decode(errors='replace').strip()}")


def _pack(
    mappe: Path,
    ny: Path,
    dump: Path,
    manifest: Manifest,
    *,
    filer: _Filer,
    si: Callable[[str], None],
) -> Path:
    with ny.open("wb") as ut:
        with written(ut) as skriver:
            skriver.add(DUMP, dump)
            for navn, sti in filer.holdt.items():
                skriver.add(f"{FILER}{navn}", sti)
            borte = i_lageret.add_files(i_lageret.store(), skriver, filer.i_lageret)
            for navn in borte:
                si(f"Merk: {navn} var borte, eller ble slettet mens kopien ble tatt.")
            manifest.mangler = sorted([*manifest.mangler, *borte])
            skriver.finish(manifest)
        ut.flush()
        os.fsync(ut.fileno())
    ferdig = mappe / f"portal-{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%SZ}.tar"
    os.replace(ny, ferdig)
    _sync_folder(mappe)
    return ferdig


def _sync_folder(mappe: Path) -> None:
    fd = os.open(mappe, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
