"""Make the database ready: migrations, and demo data the first time. Run as a process of its own.

One process for all of it, since starting Django is most of the time it takes.
"""

import hashlib
import io
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands

from nettverk.maskinrom.utvikling import DEMOFOLK


def main() -> None:
    try:
        django.setup()
    except ImproperlyConfigured as feil:
        sys.exit(str(feil))
    _migrate()
    if settings.DEMO:
        mappe = Path(os.environ["NETTVERK_VAR"])
        _load_demo_data(mappe)
        _list_demo_people(mappe)


def _migrate() -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print(f"Database: {len(plan)} endringer av tabellene …", flush=True)
        call_command("migrate", interactive=False, verbosity=0)


def _load_demo_data(mappe: Path) -> None:
    """Once for each database; the command may be run again by hand."""
    database = hashlib.sha256(os.environ["DATABASE_URL"].encode()).hexdigest()
    merke = mappe / "demodata.lest"
    if "demodata" not in get_commands() or (merke.exists() and merke.read_text() == database):
        return
    print("Demodata: lager tre nettverk med oppdiktede folk …", flush=True)
    call_command("demodata")
    merke.write_text(database)


def _list_demo_people(mappe: Path) -> None:
    """For the supervisor, which shows them when the portal answers."""
    if "demofolk" in get_commands():
        liste = io.StringIO()
        call_command("demofolk", stdout=liste)
        (mappe / DEMOFOLK).write_text(liste.getvalue())


if __name__ == "__main__":
    main()
