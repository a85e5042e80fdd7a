"""Files in an S3-compatible store, so that several web machines share nothing but it, PostgreSQL and Redis.

The rules are the same as for the disk: a file is there whole or not at all, never written over, and only
let out through a view. The store is asked for nothing but what it is sure to have: put, get, head, delete,
copy and list. No address to it is ever given to anybody.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from celery import current_app
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible
from storages.backends.s3 import S3Storage

from nettverk.filer.lager import BORTE, KorteNavn, LagerBorte, note_new

logger = logging.getLogger(__name__)

# Seconds. A page does not wait for a store that is gone; a large file may take its time to be kept.
KONTAKT, SVAR = 2, 10
# What is read by the portal itself stays in memory up to this, and then on the disk until it is read.
I_MINNET = 5 * 1024 * 1024
_IKKE_DER = {"NoSuchKey", "NotFound", "404"}
_NAVNET_ER_TATT = {"PreconditionFailed", "ConditionalRequestConflict"}
_FORSOK = 10


@deconstructible(path="nettverk.filer.s3lager.S3Lager")
class S3Lager(KorteNavn, S3Storage):
    """The portal's store."""

    def __init__(self, *, addressing_style: str = "path", **valg: Any) -> None:
        config = Config(
            s3={"addressing_style": addressing_style},
            signature_version="s3v4",
            connect_timeout=KONTAKT,
            read_timeout=SVAR,
            retries={"total_max_attempts": 2},
            max_pool_connections=32,
            # Stores that are not Amazon's do not know the newer sums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(
            client_config=config,
            addressing_style=addressing_style,
            file_overwrite=False,
            querystring_auth=False,
            default_acl=None,
            max_memory_size=I_MINNET,
            **valg,
        )
        self._laas = threading.Lock()
        self._klient: Any = None

    @property
    def klient(self) -> Any:
        """One for all threads: it may be shared, and is slow to make."""
        with self._laas:
            if self._klient is None:
                self._klient = self.connection.meta.client
        return self._klient

    def key(self, name: str) -> str:
        return str(self._normalize_name(name.replace("\\", "/")))

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return Storage.get_available_name(self, name, max_length)

    def exists(self, name: str) -> bool:
        try:
            with reached(name):
                self.klient.head_object(Bucket=self.bucket_name, Key=self.key(name))
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        with reached(name):
            svar = self.klient.head_object(Bucket=self.bucket_name, Key=self.key(name))
        return int(svar["ContentLength"])

    def _open(self, name: str, mode: str = "rb") -> File:
        """For the portal's own reading: all of it is here before anything is read."""
        with reached(name):
            fil: File = super()._open(name, mode)
            fil.file  # noqa: B018 - fetched now, where an answer of no is understood
        return fil

    def stream(self, name: str, omraade: tuple[int, int] | None = None) -> "Stroem":
        """For sending on: a piece at a time as the store gives it; `omraade` is the first and the last byte of a
        part. Raises FileNotFoundError and LagerBorte."""
        del_ = {"Range": f"bytes={omraade[0]}-{omraade[1]}"} if omraade else {}
        with reached(name):
            svar = self.klient.get_object(Bucket=self.bucket_name, Key=self.key(name), **del_)
        return Stroem(svar["Body"], name, svar["ContentLength"])

    def _save(self, name: str, content: File) -> str:
        """In one request, so whole or not at all; under a name that is its own, also when two come at once."""
        for _ in range(_FORSOK):
            if self.put_new(name, content):
                note_new(name)
                return name.replace("\\", "/")
            name = self.get_available_name(name)
        raise LagerBorte(str(BORTE))

    def put_new(self, name: str, content: File) -> bool:
        """False when the name is taken."""
        content.seek(0)
        innhold: Any = content
        if isinstance(content.read(1), str):
            content.seek(0)
            innhold = BytesIO(content.read().encode())
        content.seek(0)
        try:
            with reached(name):
                self.klient.put_object(
                    Bucket=self.bucket_name, Key=self.key(name), Body=innhold, IfNoneMatch="*"
                )
        except LagerBorte as feil:
            if _code(feil.__cause__) in _NAVNET_ER_TATT:
                return False
            raise
        return True

    def delete(self, name: str) -> None:
        """What cannot be deleted now is deleted later: the row is gone already, and nobody is to find the
        file again. Never stops the act that it ends."""
        if not name:
            raise ValueError("The name must be given to delete().")
        try:
            self.delete_now(name)
        except LagerBorte:
            logger.warning("Fila %s ble ikke slettet fra lageret. Prøver igjen.", name)
            with suppress(Exception):  # Redis is away too; the line above names the file
                current_app.send_task(
                    "nettverk.tasks.delete_fil", kwargs={"navn": name}, countdown=60, retry=False
                )

    def delete_now(self, name: str) -> None:
        """Raises LagerBorte."""
        with suppress(FileNotFoundError), reached(name):
            self.klient.delete_object(Bucket=self.bucket_name, Key=self.key(name))

    # --- for the backup

    def names(self, mappe: str = "") -> Iterator[str]:
        """Every name below a folder of the store."""
        rot = f"{self.location}/" if self.location else ""
        with reached(mappe):
            sider = self.klient.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket_name, Prefix=rot + mappe
            )
            for side in sider:
                for ett in side.get("Contents", ()):
                    yield ett["Key"].removeprefix(rot)

    def put_as(self, name: str, innhold: Any) -> None:
        """Keep it under just this name, in place of what is there."""
        with reached(name):
            self.klient.put_object(Bucket=self.bucket_name, Key=self.key(name), Body=innhold)

    def move(self, fra: str, til: str) -> None:
        """Inside the store: copied there, and gone here when that is certain. Raises FileNotFoundError."""
        with reached(fra):
            self.klient.copy_object(
                Bucket=self.bucket_name,
                Key=self.key(til),
                CopySource={"Bucket": self.bucket_name, "Key": self.key(fra)},
            )
        self.delete_now(fra)


class Stroem:
    """A file on its way out of the store, read a piece at a time."""

    def __init__(self, kropp: Any, navn: str, lengde: int) -> None:
        self.kropp, self.navn, self.lengde = kropp, navn, lengde

    def read(self, antall: int = -1) -> bytes:
        with reached(self.navn):
            bit: bytes = self.kropp.read(None if antall < 0 else antall)
        return bit

    def close(self) -> None:
        self.kropp.close()


@contextmanager
def reached(navn: str) -> Iterator[None]:
    """The store's no becomes FileNotFoundError or LagerBorte; what is wrong is in the log, for whoever mends it."""
    try:
        yield
    except (BotoCoreError, ClientError) as feil:
        kode = _code(feil)
        if kode in _IKKE_DER:
            raise FileNotFoundError(navn) from feil
        if kode not in _NAVNET_ER_TATT:
            logger.error("Lageret svarer ikke som det skal: %s", feil)
        raise LagerBorte(str(BORTE)) from feil


def _code(feil: BaseException | None) -> str:
    return str(feil.response["Error"]["Code"]) if isinstance(feil, ClientError) else ""
