"""The drill when the files lie in a store: copied into the archive, brought back there, or from the disk to it."""

import os
from pathlib import Path

import pytest

from nettverk.maskinrom.servere import Servere
from tests.nettverk.factories import NettverkFactory, koordinator
from tests.nettverk.sikkerhetskopi.test_drill import counts, manage, new_file, ok, read_manifest
from tests.s3 import S3


@pytest.fixture
def kilde(barnemiljo: dict[str, str], s3: S3) -> dict[str, str]:
    return {**barnemiljo, **s3.miljo, "MEDIA_ROOT": "/proc/finnes-ikke"}


def test_copied_out_of_the_store_and_brought_back_into_it(
    kilde: dict[str, str], egne_servere: Servere, s3: S3, tmp_path: Path
):
    nettverk = NettverkFactory()
    person = koordinator(nettverk)
    jobber = [new_file(nettverk, person, os.urandom(200_000)) for _ in range(4)]
    borte = jobber.pop()
    borte.resultat.storage.delete(borte.resultat.name)
    foer = s3.contents()
    kopier = tmp_path / "kopier"

    sagt = ok(manage(kilde, "sikkerhetskopi", kopier))

    assert f"{borte.resultat.name} var borte, eller ble slettet mens kopien ble tatt" in sagt
    (kopi,) = kopier.iterdir()
    manifest = read_manifest(kopi)
    assert {f"portalen/{navn}" for navn in manifest.filer} == set(foer)
    assert manifest.mangler == [borte.resultat.name]

    # On a clean server: refused where there are files already, and then in their place.
    maal = {**kilde, **egne_servere.addresses(), "MEDIA_ROOT": "/proc/finnes-ikke"}
    s3.klient.put_object(Bucket=s3.bucket, Key="portalen/annet.txt", Body=b"annet")
    s3.klient.put_object(Bucket=s3.bucket, Key="andres.txt", Body=b"andres")
    s3.klient.put_object(Bucket=s3.bucket, Key=next(iter(foer)), Body=b"endret")
    nei = manage(maal, "gjenopprett", kopi)
    assert (nei.returncode, "ikke tom" in nei.stderr) == (1, True), nei.stderr

    sagt = ok(manage(maal, "gjenopprett", kopi, "--erstatt"))

    assert "--slett-gammelt" in sagt
    etter = s3.contents()
    assert {navn: etter[navn] for navn in foer} == foer
    assert counts(maal)["nettverk_jobb"] == 4
    til_side = [navn for navn in etter if "/.foer-" in navn]
    assert sorted(etter[navn] for navn in til_side if navn.endswith("annet.txt")) == [b"annet"]
    assert any(etter[navn] == b"endret" for navn in til_side)
    assert etter["andres.txt"] == b"andres"  # not of ours: outside the portal's folder

    ok(manage(maal, "gjenopprett", "--slett-gammelt"))
    assert set(s3.contents()) == {*foer, "andres.txt"}


def test_files_move_from_the_disk_to_the_store_by_a_copy(
    barnemiljo: dict[str, str], egne_servere: Servere, s3: S3, settings, tmp_path: Path
):
    paa_disk = tmp_path / "filer"
    i_lageret = settings.STORAGES
    settings.STORAGES = {**i_lageret, "default": {"BACKEND": "nettverk.filer.lager.HeltLager"}}
    settings.MEDIA_ROOT = str(paa_disk)
    nettverk = NettverkFactory()
    jobb = new_file(nettverk, koordinator(nettverk), b"fra disken")
    ok(manage({**barnemiljo, "MEDIA_ROOT": str(paa_disk)}, "sikkerhetskopi", tmp_path / "kopier"))
    (kopi,) = (tmp_path / "kopier").iterdir()

    ok(manage({**barnemiljo, **s3.miljo, **egne_servere.addresses()}, "gjenopprett", kopi))

    assert s3.contents() == {f"portalen/{jobb.resultat.name}": b"fra disken"}


def test_a_store_that_does_not_answer_leaves_no_half_copy(
    kilde: dict[str, str], s3: S3, tmp_path: Path
):
    nettverk = NettverkFactory()
    new_file(nettverk, koordinator(nettverk), b"fil")

    svar = manage(
        {**kilde, "LAGER_S3_ADRESSE": "http://127.0.0.1:1"}, "sikkerhetskopi", tmp_path / "kopier"
    )

    assert (svar.returncode, "Lageret svarer ikke" in svar.stderr) == (1, True), svar.stderr
    assert "Traceback" not in svar.stderr
    assert list((tmp_path / "kopier").iterdir()) == []
