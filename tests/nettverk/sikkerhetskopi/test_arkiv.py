"""A backup that is not whole, or not for this portal, is refused before anything is done."""

import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps

from nettverk.sikkerhetskopi import gjenoppretting, innhold, kopiering
from nettverk.sikkerhetskopi.arkiv import DUMP, MANIFEST, Kopifeil, Manifest, opened, written


def manifest(**felt) -> Manifest:
    grunn = {"laget": "2026-11-25T12:00:00+00:00", "postgres": 17, "pg_dump": 18, "migreringer": []}
    return Manifest(**{**grunn, "tabeller": {}, "utelatt": [], "mangler": [], **felt})


@pytest.fixture
def kopi(tmp_path: Path) -> Path:
    """A small whole one."""
    del_ = tmp_path / "del"
    del_.write_bytes(b"innhold" * 1000)
    fil = tmp_path / "kopi.tar"
    with fil.open("wb") as ut, written(ut) as skriver:
        skriver.add(DUMP, del_)
        skriver.add("filer/vedlegg/æ.pdf", del_)
        skriver.finish(manifest())
    return fil


def check(fil: Path) -> None:
    with opened(fil) as kopi:
        kopi.check()


def test_a_whole_one_is_read(kopi: Path):
    check(kopi)
    with opened(kopi) as arkiv:
        assert list(arkiv.manifest.filer) == ["vedlegg/æ.pdf"]


def _cut(fil: Path) -> None:
    fil.write_bytes(fil.read_bytes()[:9000])


def _cut_in_the_last(fil: Path) -> None:
    innhold = fil.read_bytes()
    fil.write_bytes(innhold[: innhold.index(b'"laget"')])


def _turn_a_bit(fil: Path) -> None:
    innhold = bytearray(fil.read_bytes())
    innhold[innhold.index(b"innhold") + 5000] ^= 1
    fil.write_bytes(innhold)


def _rewrite(endre: Callable[[dict[str, bytes]], None]) -> Callable[[Path], None]:
    def rewrite(fil: Path) -> None:
        with tarfile.open(fil) as tar:
            deler = {info.name: tar.extractfile(info).read() for info in tar.getmembers()}
        endre(deler)
        with tarfile.open(fil, "w") as tar:
            for navn, innhold in deler.items():
                info = tarfile.TarInfo(navn)
                info.size = len(innhold)
                tar.addfile(info, io.BytesIO(innhold))

    return rewrite


def _in_manifest(**felt) -> Callable[[Path], None]:
    def endre(deler: dict[str, bytes]) -> None:
        deler[MANIFEST] = json.dumps({**json.loads(deler[MANIFEST]), **felt}).encode()

    return _rewrite(endre)


def _escaping(deler: dict[str, bytes]) -> None:
    innhold = json.loads(deler[MANIFEST])
    innhold["deler"]["filer/../../ute"] = innhold["deler"][DUMP]
    deler["filer/../../ute"] = deler[DUMP]
    deler[MANIFEST] = json.dumps(innhold).encode()


@pytest.mark.parametrize(
    ("skade", "grunn"),
    [
        (lambda fil: fil.write_bytes(b"ikke en kopi" * 200), "ikke en hel sikkerhetskopi"),
        (lambda fil: fil.write_bytes(b""), "ikke en hel sikkerhetskopi"),
        (lambda fil: fil.unlink(), "Får ikke lest"),
        (_cut, "ikke hel|ikke en hel"),
        (_cut_in_the_last, "skadet|ikke en hel"),
        (_turn_a_bit, "skadet: database.dump"),
        (_rewrite(lambda deler: deler.pop(MANIFEST)), "oversikten"),
        (_rewrite(lambda deler: deler.pop("filer/vedlegg/æ.pdf")), "skadet"),
        (_rewrite(lambda deler: deler.update({"filer/ukjent": b""})), "skadet"),
        (_rewrite(_escaping), "skadet"),
        (_in_manifest(format=2), "format 2"),
        (_in_manifest(deler=7), "skadet"),
    ],
)  # fmt: skip
def test_a_broken_one_is_refused(kopi: Path, skade: Callable[[Path], None], grunn: str):
    skade(kopi)
    with pytest.raises(Kopifeil, match=grunn):
        check(kopi)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("felt", "grunn"),
    [
        ({"postgres": 99}, "fra PostgreSQL 99"),
        ({"migreringer": [["rolu", "9999_fra_fremtiden"]]}, "rolu.9999_fra_fremtiden"),
    ],
)
def test_one_of_a_newer_portal_or_server_is_refused(felt: dict, grunn: str):
    gjenoppretting.refuse_versions(manifest())
    with pytest.raises(Kopifeil, match=grunn):
        gjenoppretting.refuse_versions(replace(manifest(), **felt))


def test_the_newest_are_kept_and_nothing_else_is_touched(tmp_path: Path):
    navn = [f"portal-2026010{n}T000000Z.tar" for n in range(1, 6)]
    for ett in [*navn, "portal-gammel.tar", "notat.txt"]:
        (tmp_path / ett).touch()

    slettet = kopiering.keep_newest(tmp_path, 2)

    assert [fil.name for fil in slettet] == navn[:3]
    assert {fil.name for fil in tmp_path.iterdir()} == {*navn[3:], "portal-gammel.tar", "notat.txt"}


def test_every_model_with_files_is_asked_for_them():
    modeller = {modell._meta.label for modell, _felt in innhold.file_columns()}
    assert {"rolu.Vedlegg", "nettverk.Jobb", "evaluering.Aarsrapport"} <= modeller
    assert all(apps.get_model(merke) for merke in innhold.UTEN_RADER)
