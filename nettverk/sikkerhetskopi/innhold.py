"""What belongs in a backup: the database but for what should not come back, and the files its rows name."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from pghistory.models import Event

# Not what should not come alive again: who was signed in, and how many tries somebody had left.
UTEN_RADER = ("sessions.Session", "usersessions.UserSession", "nettverk.Teller")

MELLOMSTASJON = ".sikkerhetskopi-"


def tables_without_rows() -> list[str]:
    return sorted(apps.get_model(merke)._meta.db_table for merke in UTEN_RADER)


def file_columns() -> Iterator[tuple[type[models.Model], models.FileField]]:
    """Every column that names a file."""
    for modell in apps.get_models(include_auto_created=True):
        if modell._meta.proxy or not modell._meta.managed:
            continue
        for felt in modell._meta.local_concrete_fields:
            if isinstance(felt, models.FileField):
                yield modell, felt


def named_files() -> dict[str, tuple[str, str] | None]:
    """The files that rows name, and in which table and column. None for one that only the history names:
    an earlier file may be gone for good."""
    navnene: dict[str, tuple[str, str] | None] = {}
    for modell, felt in file_columns():
        bare_historie = issubclass(modell, Event)
        rader = modell._base_manager.exclude(**{felt.name: ""}).exclude(**{felt.name: None})
        for navn in rader.values_list(felt.name, flat=True).distinct().iterator():
            if bare_historie:
                navnene.setdefault(navn, None)
            else:
                navnene[navn] = (modell._meta.db_table, str(felt.column))
    return navnene


def is_named(navn: str) -> bool:
    """Whether a row names the file now; the history does not count."""
    return any(
        modell._base_manager.filter(**{felt.name: navn}).exists()
        for modell, felt in file_columns()
        if not issubclass(modell, Event)
    )


@contextmanager
def held_files(navnene: list[str]) -> Iterator[dict[str, Path]]:
    """The files by name, held by a link of their own: one that is deleted meanwhile is still here.

    It costs no room, and takes a moment also for very many.
    """
    rot = Path(settings.MEDIA_ROOT)
    rot.mkdir(parents=True, exist_ok=True)
    for gammel in rot.glob(f"{MELLOMSTASJON}*"):  # of one that was killed
        shutil.rmtree(gammel, ignore_errors=True)
    mappe = rot / f"{MELLOMSTASJON}{os.getpid()}"
    mappe.mkdir(mode=0o700)
    try:
        holdt = {}
        for nummer, navn in enumerate(navnene):
            holder = mappe / str(nummer)
            try:
                _link_or_copy(rot / navn, holder)
            except FileNotFoundError:
                continue
            holdt[navn] = holder
        yield holdt
    finally:
        shutil.rmtree(mappe, ignore_errors=True)


def _link_or_copy(fra: Path, til: Path) -> None:
    try:
        os.link(fra, til)
    except FileNotFoundError:
        raise
    except OSError:  # a file system without links
        shutil.copyfile(fra, til)


def still_named(navn: str, hvor: tuple[str, str]) -> bool:
    """Whether a row names the file now, and not only in the moment of the dump."""
    tabell, kolonne = hvor
    andre = connection.copy()
    try:
        with andre.cursor() as cursor:
            cursor.execute(f'SELECT 1 FROM "{tabell}" WHERE "{kolonne}" = %s LIMIT 1', [navn])
            return cursor.fetchone() is not None
    finally:
        andre.close()
