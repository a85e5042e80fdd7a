"""A disk that is full: what cannot be kept whole is not kept, and the person is told where they are."""

import datetime
import io
import os
import threading
from pathlib import Path

import pytest
from django import forms
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.utils import timezone

from nettverk.filer.lager import IkkePlass, all_or_nothing, purge_unfinished
from nettverk.filer.opplasting import FilUtenPlass
from nettverk.side.portalform import PortalForm
from tests.disk import files_in, full_disk

IKKE_PLASS = "Det er ikke plass til flere filer hos oss akkurat nå. Prøv igjen senere."


@pytest.fixture
def mappe(tmp_path: Path, settings) -> Path:
    settings.MEDIA_ROOT = tmp_path / "filer"
    return settings.MEDIA_ROOT


def test_a_file_that_does_not_fit_leaves_nothing_behind(mappe: Path):
    default_storage.save("vedlegg/plan.pdf", ContentFile(b"x" * 5000))

    with full_disk(50_000), pytest.raises(IkkePlass, match=IKKE_PLASS):
        default_storage.save("vedlegg/stor.pdf", ContentFile(b"x" * 200_000))

    assert files_in(mappe) == ["vedlegg/plan.pdf"]


def test_the_health_probe_leaves_nothing_behind(client, mappe: Path):
    with full_disk(0):
        svar = client.get("/helse/")

    assert (svar.status_code, svar.json()["lager"]) == (503, "feil")
    assert files_in(mappe) == []


def test_two_of_the_same_name_at_once_are_both_kept(mappe: Path):
    navn: list[str] = []
    start = threading.Barrier(8)

    def save(nummer: int) -> None:
        start.wait()
        navn.append(default_storage.save("v/plan.txt", ContentFile(str(nummer).encode() * 100)))

    traader = [threading.Thread(target=save, args=[nummer]) for nummer in range(8)]
    for traad in traader:
        traad.start()
    for traad in traader:
        traad.join()

    assert sorted(files_in(mappe)) == sorted(navn)
    assert {(mappe / ett).read_bytes() for ett in navn} == {str(n).encode() * 100 for n in range(8)}


@pytest.mark.parametrize(
    "stamme", ["a" * 300, "æ" * 150, "🎉" * 100], ids=["lang", "to byte", "bare emoji"]
)
def test_a_name_longer_than_a_disk_takes_is_kept_under_a_shorter_one(mappe: Path, stamme: str):
    navn = default_storage.save(
        default_storage.generate_filename(f"vedlegg/{stamme}.pdf"), ContentFile(b"x")
    )
    igjen = default_storage.save(navn, ContentFile(b"y"))

    assert navn.endswith(".pdf")
    assert igjen != navn
    assert len(os.path.basename(igjen).encode()) <= 255
    with default_storage.open(navn) as fil:
        assert fil.read() == b"x"


def test_what_was_kept_goes_again_when_the_rest_fails(mappe: Path):
    @all_or_nothing()
    def keep_three() -> None:
        default_storage.save("a.txt", ContentFile(b"a"))
        default_storage.save("b.txt", ContentFile(b"b"))
        raise IkkePlass("c")

    default_storage.save("foer.txt", ContentFile(b"x"))
    with pytest.raises(IkkePlass):
        keep_three()

    assert files_in(mappe) == ["foer.txt"]


def test_what_somebody_was_killed_while_writing_goes_the_night_after(mappe: Path):
    default_storage.save("hel.txt", ContentFile(b"x"))
    halv = mappe / ".underveis" / "halv"
    halv.write_bytes(b"x")

    assert purge_unfinished(timezone.now()) == 0
    assert purge_unfinished(timezone.now() + datetime.timedelta(days=2)) == 1
    assert files_in(mappe) == ["hel.txt"]


def test_a_file_that_there_is_no_room_for_on_its_way_in_is_told_of_at_its_field(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)

    class Skjema(PortalForm):
        navn = forms.CharField(label="Navn")
        fil = forms.FileField(label="Fil")
        liten = forms.FileField(label="Liten")
        etter = forms.CharField(label="Etter")

    stor = SimpleUploadedFile("plan.pdf", b"%PDF-" + b"x" * 6_000_000)
    liten = SimpleUploadedFile("liten.txt", b"her")
    felt = {"navn": "Før", "fil": stor, "liten": liten, "etter": "Etter"}
    request = RequestFactory().post("/", felt)
    with full_disk(1_000_000):
        form = Skjema(request.POST, request.FILES)

        assert form.errors == {"fil": [IKKE_PLASS]}
    assert isinstance(request.FILES["fil"], FilUtenPlass)
    assert (form["navn"].value(), form["etter"].value()) == ("Før", "Etter")
    assert io.BytesIO(request.FILES["liten"].read()).getvalue() == b"her"
    request.close()
    assert list(tmp_path.iterdir()) == []
