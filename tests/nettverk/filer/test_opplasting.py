"""Uploads: what is too big, wrong or dangerous gets a plain message at the field; pictures lose their traces."""

import io
import zipfile

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from PIL import Image

from nettverk.filer.opplasting import ForStorFil, accept, stoerrelse
from nettverk.side.filfelt import FilerField
from nettverk.side.portalform import PortalForm

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
GPS_IFD, LATITUDE, ARTIST = 0x8825, 2, 0x013B


class FilForm(PortalForm):
    navn = forms.CharField(label="Navn")
    filer = FilerField(label="Filer")
    etter = forms.CharField(label="Etter")


def fil(navn: str, innhold: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(navn, innhold)


def post(**felt: object):
    """A request as the server gets it: parsed by the real handlers."""
    request = RequestFactory().post("/", felt)
    return FilForm(request.POST, request.FILES), request


def bilde(format_: str = "JPEG", stoerrelse: tuple[int, int] = (60, 30), **info: object) -> bytes:
    ut = io.BytesIO()
    Image.new("RGB", stoerrelse, "teal").save(ut, format=format_, **info)
    return ut.getvalue()


def test_a_file_above_the_limit_is_told_of_at_its_field_and_the_other_fields_stay(settings):
    settings.OPPLASTING_MAKS = 100_000

    form, request = post(navn="Før", filer=fil("stor.pdf", PDF + b"x" * 200_000), etter="Etter")

    assert not form.is_valid()
    assert list(form.errors) == ["filer"]
    assert form.errors["filer"] == [
        "Fila er for stor. «stor.pdf» er 196\xa0kB, og grensen er 98\xa0kB."
    ]
    assert (form["navn"].value(), form["etter"].value()) == ("Før", "Etter")
    assert request.FILES["filer"].read() == b""


def test_where_films_are_not_taken_a_film_has_the_limit_of_the_rest(settings):
    settings.OPPLASTING_MAKS, settings.OPPLASTING_FILM_MAKS = 100_000, 900_000

    form, request = post(navn="Før", filer=fil("tur.mp4", b"x" * 200_000), etter="Etter")

    assert form.errors["filer"] == [
        "Fila er for stor. «tur.mp4» er 196\xa0kB, og grensen er 98\xa0kB."
    ]
    assert request.FILES["filer"].read() == b""


def test_a_file_that_had_begun_on_the_disk_is_given_back(settings):
    settings.OPPLASTING_MAKS = 100_000
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10

    form, request = post(navn="a", filer=fil("stor.pdf", PDF + b"x" * 300_000), etter="b")

    assert not form.is_valid()
    paa_disk = [h for h in request.upload_handlers if hasattr(h, "file") and h.file]
    assert paa_disk
    assert all(h.file.closed for h in paa_disk)


def test_files_that_are_too_big_together_are_refused_before_any_is_kept(settings):
    settings.OPPLASTING_MAKS = settings.OPPLASTING_FILM_MAKS = 50_000

    form, request = post(
        navn="a", filer=[fil(f"{n}.pdf", PDF + b"x" * 45_000) for n in range(6)], etter="b"
    )

    assert set(form.errors["filer"]) == {
        "Filene er for store til sammen. Legg ved færre om gangen."
    }
    assert all(isinstance(f, ForStorFil) for f in request.FILES.getlist("filer"))


def test_every_form_of_the_portal_refuses_a_file_above_the_limit(settings):
    settings.OPPLASTING_MAKS = 1000

    class EnFil(PortalForm):
        fil = forms.FileField(label="Fil")

    request = RequestFactory().post("/", {"fil": fil("enheter.csv", b"x" * 5000)})
    form = EnFil(request.POST, request.FILES)

    assert form.errors["fil"][0].startswith("Fila er for stor.")


def test_several_files_are_kept_in_order_and_each_bad_one_is_named():
    form, _request = post(
        navn="a",
        filer=[fil("a.pdf", PDF), fil("b.exe", b"MZ"), fil("c.pdf", b"MZ\x90\x00" + b"\0" * 200)],
        etter="b",
    )

    assert form.errors["filer"] == [
        "«b.exe» kan ikke lastes opp. Velg et bilde, en PDF, et dokument, et regneark eller en lydfil.",
        "«c.pdf» er ikke det endelsen sier. Åpne fila, lagre den på nytt og prøv igjen.",
    ]


def test_no_file_asks_for_one():
    form, _request = post(navn="a", etter="b")

    assert form.errors["filer"] == ["Legg ved en fil i «Filer»."]


def test_more_than_ten_files_at_once_is_too_many():
    form, _request = post(navn="a", filer=[fil(f"{n}.pdf", PDF) for n in range(11)], etter="b")

    assert form.errors["filer"] == ["Legg ved høyst 10 filer om gangen."]


def kontorfil(*deler: str) -> bytes:
    ut = io.BytesIO()
    with zipfile.ZipFile(ut, "w") as arkiv:
        for del_ in deler:
            arkiv.writestr(del_, "x")
    return ut.getvalue()


@pytest.mark.parametrize(
    ("navn", "innhold", "mimetype"),
    [
        ("notat.pdf", PDF, "application/pdf"),
        ("bilde.JPG", bilde(), "image/jpeg"),
        ("bilde.png", bilde("PNG"), "image/png"),
        ("bilde.webp", bilde("WEBP"), "image/webp"),
        (
            "brev.docx",
            kontorfil("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "liste.xlsx",
            kontorfil("xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("notat.txt", "Blåbærskogen på Smøla".encode("latin-1"), "text/plain"),
        ("lyd.mp3", b"ID3\x03\x00" + b"\0" * 100, "audio/mpeg"),
        (
            "lyd.m4a",
            b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00M4A mp42isom" + b"\0" * 100,
            "audio/mp4",
        ),
        ("opptak.m4a", b"\x00\x00\x00\x18ftypqt  \0\0\0\0mp42isom" + b"\0" * 100, "audio/mp4"),
        ("uten-merke.mp3", (b"\xff\xfb\x90\x00" + b"\0" * 413) * 2, "audio/mpeg"),
        ("bom.pdf", b"\xef\xbb\xbf" + PDF, "application/pdf"),
    ],
)
def test_what_people_add_is_taken(navn: str, innhold: bytes, mimetype: str):
    assert accept(fil(navn, innhold)).mimetype == mimetype


@pytest.mark.parametrize(
    ("navn", "innhold"),
    [
        ("virus.pdf", b"MZ\x90\x00\x03\x00\x00\x00" + b"\0" * 200),
        ("side.pdf", b"<html><script>alert(1)</script></html>"),
        ("side.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("arkiv.docx", kontorfil("virus.exe")),
        ("oedelagt.docx", b"PK\x03\x04ikke en zip"),
        ("binaer.txt", b"\x00\x01\x02"),
        ("tegning.svg", b"<svg/>"),
        ("uten-endelse", PDF),
        ("tom.pdf", b""),
        # What no table knows was once taken for what it was called.
        ("ukjent.pdf", bytes(range(256)) * 40),
        ("ukjent.pdf", b"Dette er bare litt tekst."),
        ("ukjent.png", bytes(range(256)) * 40),
        ("ukjent.m4a", bytes(range(256)) * 40),
        # Two bytes that noise may begin with, and a film.
        ("stoey.mp3", b"\xff\xfb" + bytes(range(256)) * 40),
        ("stoey.mp3", b"ID3\xff" + b"\xff" * 100),
        ("film.m4a", b"\x00\x00\x00\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100),
        ("ark.docx", kontorfil("[Content_Types].xml", "xl/workbook.xml")),
    ],
)
def test_what_is_not_what_it_says_is_refused(navn: str, innhold: bytes):
    with pytest.raises(ValidationError):
        accept(fil(navn, innhold))


@pytest.mark.parametrize(
    ("del_", "sier"),
    [
        ("word/vbaProject.bin", "«plan.docx»: Fila har makroer"),
        ("../../.bashrc", "«plan.docx»: Fila er skadet"),
    ],
)
def test_what_an_office_file_may_not_hold_is_told_of_with_its_name(del_: str, sier: str):
    with pytest.raises(ValidationError, match=sier):
        accept(fil("plan.docx", kontorfil("word/document.xml", del_)))


def test_a_broken_picture_is_refused_in_plain_words():
    with pytest.raises(ValidationError, match="Bildet kan ikke åpnes"):
        accept(fil("bilde.jpg", bilde()[:200]))


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a_picture_loses_place_camera_and_comments_and_stands_upright(format_: str):
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: lies on its side
    exif[ARTIST] = "Kari Nordmann"
    exif.get_ifd(GPS_IFD)[LATITUDE] = (63.0, 6.0, 0.0)
    innhold = bilde(
        format_, exif=exif, **({"comment": b"Kari var her"} if format_ == "JPEG" else {})
    )

    godkjent = accept(fil(f"bilde.{format_.lower()}", innhold))

    data = godkjent.innhold.read()
    ut = Image.open(io.BytesIO(data))
    assert ut.size == (30, 60)
    assert not ut.getexif()
    assert b"Kari" not in data


def test_a_big_picture_is_made_smaller():
    godkjent = accept(fil("bilde.jpg", bilde(stoerrelse=(5000, 2500))))

    assert Image.open(godkjent.innhold).size == (2400, 1200)


def test_a_size_is_said_in_the_unit_that_fits_it():
    assert [stoerrelse(n) for n in (1, 1_500_000, 5 * 1024**3, 1_400_000_000)] == [
        "1\xa0kB",
        "2\xa0MB",
        "5\xa0GB",
        "1,4\xa0GB",
    ]


def test_a_name_with_a_path_keeps_only_its_end():
    assert accept(fil("../../etc/notat.pdf", PDF)).navn == "notat.pdf"
