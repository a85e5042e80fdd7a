"""Backup and restore when the files lie in a store (S3) and not in a folder: the same promises, by its own means.

A store has no links to hold a file by. What is deleted between the moment of the database and its turn to be
copied, is told of as missing, as what was gone before.
"""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

from django.core.files.storage import default_storage

from nettverk.filer.lager import LagerBorte
from nettverk.sikkerhetskopi.arkiv import BIT, FILER, Kopi, Kopifeil, Skriver, sum_in

_FORSOK = 3
_PAUSE = 2  # seconds


def store() -> Any:
    """The store that the portal's files lie in; None when it is the disk."""
    return default_storage if hasattr(default_storage, "put_as") else None


def add_files(
    lager: Any, skriver: Skriver, navnene: dict[str, tuple[str, str] | None]
) -> list[str]:
    """The files into the archive, one by one; those that rows name and that are not there."""
    mangler = []
    for navn, hvor in navnene.items():
        try:
            with _fetched(lager, navn) as fil:
                skriver.add_open(f"{FILER}{navn}", fil, fil.size)
        except FileNotFoundError:
            if hvor is not None:
                mangler.append(navn)
    return mangler


def _fetched(lager: Any, navn: str) -> Any:
    for forsok in range(1, _FORSOK + 1):
        try:
            return lager.open(navn)
        except LagerBorte as feil:
            if forsok == _FORSOK:
                raise Kopifeil(f"Lageret svarer ikke, så kopien er ikke tatt ({navn}).") from feil
            time.sleep(_PAUSE)
    raise AssertionError


def contents(lager: Any, *ikke: str) -> list[str]:
    """What the portal keeps there; not what lies under these names."""
    return [navn for navn in lager.names() if not navn.startswith(ikke)]


@contextmanager
def staged(lager: Any, kopi: Kopi, rot: str) -> Iterator[None]:
    """The files of the backup beside those in use, each read back and compared; gone again afterwards."""
    try:
        for navn, ventet in kopi.manifest.filer.items():
            with kopi.open(f"{FILER}{navn}") as fil:
                lager.put_as(f"{rot}/{navn}", fil)
            with closing(lager.stream(f"{rot}/{navn}")) as lest:
                if sum_in(iter(lambda: lest.read(BIT), b"")) != ventet:
                    raise Kopifeil(f"{navn} ble ikke som i kopien.")
        yield
    except LagerBorte as feil:
        raise Kopifeil("Gjenopprettingen stoppet: lageret svarer ikke.") from feil
    finally:
        with suppress(LagerBorte):
            delete_under(lager, rot)


@contextmanager
def in_place(
    lager: Any, gamle: list[str], nye: list[str], *, rot: str, foer: str
) -> Iterator[None]:
    """What is there is put aside, and the new put there; back again if anything fails."""
    flyttet: list[tuple[str, str]] = []
    try:
        for fra, til in [(n, f"{foer}/{n}") for n in gamle] + [(f"{rot}/{n}", n) for n in nye]:
            lager.move(fra, til)
            flyttet.append((fra, til))
        yield
    except BaseException:
        for fra, til in reversed(flyttet):
            with suppress(FileNotFoundError, LagerBorte):
                lager.move(til, fra)
        raise


def put_aside(lager: Any, merke: str) -> list[str]:
    """The names of what restores have put aside, each once."""
    return sorted({navn.partition("/")[0] for navn in lager.names(merke)})


def delete_under(lager: Any, mappe: str) -> None:
    for navn in list(lager.names(f"{mappe}/")):
        lager.delete_now(navn)
