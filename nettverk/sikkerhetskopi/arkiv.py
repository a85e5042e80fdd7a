"""The backup's file: a tar with the dump, the files, and last a manifest with the sum of each of them.

Without its manifest, or with one byte changed, it is no backup and nothing is done with it.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

FORMAT = 1
DUMP = "database.dump"
FILER = "filer/"
MANIFEST = "manifest.json"
BIT = 1024 * 1024


class Kopifeil(Exception):
    """Why there is no backup, or why it is not restored, in words for the person at the keyboard."""


@dataclass(frozen=True)
class Sum:
    """What a member of the archive must be."""

    sha256: str
    bytes: int


@dataclass
class Manifest:
    """What the backup holds, and what is needed to use it."""

    laget: str
    postgres: int
    pg_dump: int
    # [app, name] of each that the database has had.
    migreringer: list[list[str]]
    # Rows of each table, in the moment of the dump.
    tabeller: dict[str, int]
    # Tables that the dump has without their rows.
    utelatt: list[str]
    # Files that rows point to, but that were already gone.
    mangler: list[str]
    format: int = FORMAT
    deler: dict[str, Sum] = field(default_factory=dict)

    @property
    def filer(self) -> dict[str, Sum]:
        """The uploaded and made files, by their name in MEDIA_ROOT."""
        return {
            navn.removeprefix(FILER): sum_
            for navn, sum_ in self.deler.items()
            if navn.startswith(FILER)
        }

    @classmethod
    def read(cls, tekst: bytes) -> "Manifest":
        try:
            innhold = json.loads(tekst)
            if innhold["format"] != FORMAT:
                raise Kopifeil(
                    f"Kopien har format {innhold['format']}, men denne portalen leser format {FORMAT}."
                )
            deler = {navn: Sum(**sum_) for navn, sum_ in innhold.pop("deler").items()}
            return cls(**innhold, deler=deler)
        except (ValueError, KeyError, TypeError, AttributeError) as feil:
            raise Kopifeil("Kopien er skadet: oversikten i den kan ikke leses.") from feil


class _Sumleser:
    """Reads from a file, and sums what is read."""

    def __init__(self, fil: IO[bytes]) -> None:
        self.fil = fil
        self.sum = hashlib.sha256()

    def read(self, antall: int = -1) -> bytes:
        bit = self.fil.read(antall)
        self.sum.update(bit)
        return bit


class Skriver:
    """Writes an archive, member by member, and nothing of it is held in memory."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.deler: dict[str, Sum] = {}

    def add(self, navn: str, sti: Path) -> None:
        with sti.open("rb") as fil:
            stat = os.fstat(fil.fileno())
            self.add_open(navn, fil, stat.st_size, int(stat.st_mtime))

    def add_open(self, navn: str, fil: IO[bytes], antall: int, endret: int = 0) -> None:
        """What is open, which is so many bytes."""
        info = tarfile.TarInfo(navn)
        info.size, info.mtime, info.mode = antall, endret, 0o600
        leser = _Sumleser(fil)
        self.tar.addfile(info, leser)
        self.deler[navn] = Sum(leser.sum.hexdigest(), info.size)

    def finish(self, manifest: Manifest) -> None:
        manifest.deler = self.deler
        tekst = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(tekst), 0o600
        self.tar.addfile(info, io.BytesIO(tekst))


@contextmanager
def written(fil: IO[bytes]) -> Iterator[Skriver]:
    with tarfile.open(fileobj=fil, mode="w", format=tarfile.PAX_FORMAT) as tar:
        yield Skriver(tar)


class Kopi:
    """A backup that is read."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.deler = {info.name: info for info in tar.getmembers()}
        if MANIFEST not in self.deler:
            raise Kopifeil("Kopien er ikke hel: oversikten, som står sist i den, mangler.")
        self.manifest = Manifest.read(self._read(MANIFEST))

    def _read(self, navn: str) -> bytes:
        with self.open(navn) as fil:
            return fil.read()

    def open(self, navn: str) -> IO[bytes]:
        fil = self.tar.extractfile(self.deler[navn])
        if fil is None:
            raise Kopifeil(f"Kopien er skadet: {navn} er ikke en fil.")
        return fil

    def pieces(self, navn: str) -> Iterator[bytes]:
        with self.open(navn) as fil:
            while bit := fil.read(BIT):
                yield bit

    def check(self) -> None:
        """Read all of it: every part must be there and be what the manifest says."""
        if set(self.deler) != {*self.manifest.deler, MANIFEST} or DUMP not in self.deler:
            raise Kopifeil("Kopien er skadet: den har ikke de delene som oversikten nevner.")
        for navn, ventet in self.manifest.deler.items():
            _refuse_odd_name(navn)
            if self.deler[navn].isreg() and sum_in(self.pieces(navn)) == ventet:
                continue
            raise Kopifeil(f"Kopien er skadet: {navn} er ikke som da den ble tatt.")


@contextmanager
def opened(sti: Path) -> Iterator[Kopi]:
    try:
        with tarfile.open(sti, "r:") as tar:
            yield Kopi(tar)
    except (tarfile.TarError, EOFError) as feil:
        raise Kopifeil(f"{sti} er ikke en hel sikkerhetskopi ({feil}).") from feil
    except OSError as feil:
        raise Kopifeil(f"Får ikke lest kopien: {feil}") from feil


def _refuse_odd_name(navn: str) -> None:
    deler = PurePosixPath(navn).parts
    if navn != DUMP and (not navn.startswith(FILER) or ".." in deler or "\0" in navn):
        raise Kopifeil(f"Kopien er skadet: den har en del som heter {navn!r}.")


def sum_of(sti: Path) -> Sum:
    with sti.open("rb") as fil:
        return sum_in(iter(lambda: fil.read(BIT), b""))


def sum_in(biter: Iterator[bytes]) -> Sum:
    sum_, antall = hashlib.sha256(), 0
    for bit in biter:
        sum_.update(bit)
        antall += len(bit)
    return Sum(sum_.hexdigest(), antall)
