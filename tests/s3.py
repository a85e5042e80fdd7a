"""A real S3 server on this machine, and settings that keep the portal's files in it.

A pytest plugin, as tests.servere. The server is started for the file of tests that asks for it.
"""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

NOEKKEL, HEMMELIGHET = "proeve", "hemmelig-proeve"


@dataclass
class S3:
    """One bucket, and what is in it."""

    port: int
    bucket: str
    prosess: subprocess.Popen

    @property
    def miljo(self) -> dict[str, str]:
        return {
            "LAGER_S3_BUCKET": self.bucket,
            "LAGER_S3_ADRESSE": f"http://127.0.0.1:{self.port}",
            "LAGER_S3_REGION": "eu-north-1",
            "LAGER_S3_NOEKKEL": NOEKKEL,
            "LAGER_S3_HEMMELIGHET": HEMMELIGHET,
            "LAGER_S3_MAPPE": "portalen",
        }

    @property
    def klient(self):
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3", endpoint_url=f"http://127.0.0.1:{self.port}", region_name="eu-north-1",
            aws_access_key_id=NOEKKEL, aws_secret_access_key=HEMMELIGHET,
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )  # fmt: skip

    def contents(self) -> dict[str, bytes]:
        klient = self.klient
        return {
            ett["Key"]: klient.get_object(Bucket=self.bucket, Key=ett["Key"])["Body"].read()
            for ett in klient.list_objects_v2(Bucket=self.bucket).get("Contents", ())
        }

    @contextmanager
    def away(self, settings) -> Iterator[None]:
        """Nobody answers at the store's address."""
        from nettverk.filer import lagervalg

        foer = settings.STORAGES
        miljo = {**self.miljo, "LAGER_S3_ADRESSE": "http://127.0.0.1:1"}
        settings.STORAGES = {**foer, "default": lagervalg.storage(miljo)}
        try:
            yield
        finally:
            settings.STORAGES = foer


@pytest.fixture(scope="module")
def _s3_tjener() -> Iterator[tuple[int, subprocess.Popen]]:
    from tests.maskinrom.conftest import wait_for

    with socket.create_server(("127.0.0.1", 0)) as ledig:
        port = ledig.getsockname()[1]
    program = Path(sys.executable).with_name("moto_server")
    prosess = subprocess.Popen(
        [program, "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def answers() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return False
        return True

    wait_for(answers, 60)
    yield port, prosess
    prosess.terminate()
    prosess.wait(10)


@pytest.fixture
def s3(_s3_tjener, settings) -> S3:
    """The portal's files are in a new bucket, and this machine's disk is no place for them."""
    from nettverk.filer import lagervalg

    port, prosess = _s3_tjener
    lager = S3(port, f"b-{uuid4().hex}", prosess)
    lager.klient.create_bucket(
        Bucket=lager.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"}
    )
    settings.MEDIA_ROOT = "/proc/finnes-ikke"
    settings.STORAGES = {**settings.STORAGES, "default": lagervalg.storage(lager.miljo)}
    return lager
