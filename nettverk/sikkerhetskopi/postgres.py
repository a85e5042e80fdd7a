"""PostgreSQL's own programs and a connection of our own, for the database that the portal uses."""

import os
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from nettverk.maskinrom.binaerer import postgres_programs
from nettverk.maskinrom.feil import Maskinromfeil
from nettverk.sikkerhetskopi.arkiv import Kopifeil

_SSL = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
_SSL |= {"sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}


def name() -> str:
    return str(connection.settings_dict["NAME"])


def connect(database: str) -> psycopg.Connection:
    """Another database of the same server, or the same one in a session of our own."""
    valg = {libpq: verdi for libpq, verdi in _options().items() if verdi}
    return psycopg.connect(dbname=database, autocommit=True, connect_timeout=5, **valg)


def environment(database: str) -> dict[str, str]:
    """How PostgreSQL's programs find the database. The password is in no command line."""
    navn = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", **_SSL}
    adresse = {navn[valg]: str(verdi) for valg, verdi in _options().items() if verdi}
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "PGDATABASE": database,
        "PGCONNECT_TIMEOUT": "5",
        **adresse,
    }


def _options() -> dict[str, Any]:
    satt = connection.settings_dict
    valg = {navn: satt.get(navn.upper()) for navn in ("host", "port", "user", "password")}
    return valg | {navn: (satt.get("OPTIONS") or {}).get(navn) for navn in _SSL}


def server_major() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def program(navn: str, *, minst: int) -> tuple[Path, int]:
    """`pg_dump` or `pg_restore` that is no older than `minst`, and its major version."""
    funnet = [(sti, major) for sti in _candidates(navn) if (major := _major(sti)) >= minst]
    if not funnet:
        raise Kopifeil(
            f"Fant ingen {navn} for PostgreSQL {minst} eller nyere. "
            f"Installer den (på Debian: apt-get install postgresql-client-{minst})."
        )
    return min(funnet, key=lambda funn: funn[1])


def _candidates(navn: str) -> list[Path]:
    kandidater = [shutil.which(navn), *sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{navn}"))]
    # The embedded server's programs do not speak TLS.
    if not _options()["sslmode"]:
        with suppress(Maskinromfeil):  # not installed, where the server is another's
            kandidater.insert(0, str(postgres_programs() / navn))
    return [Path(sti) for sti in kandidater if sti]


def _major(program: Path) -> int:
    try:
        svar = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    funn = re.search(r"\) (\d+)", svar.stdout)
    return int(funn[1]) if funn else 0


def tables(database: Any) -> dict[str, int]:
    """Every table of ours, and how many rows it has."""
    with database.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        navn = [rad[0] for rad in cursor.fetchall()]
        antall = {}
        for ett in navn:
            cursor.execute(f'SELECT count(*) FROM public."{ett}"')
            antall[ett] = cursor.fetchone()[0]
    return antall
