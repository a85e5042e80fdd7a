"""A film comes in without where it was taken."""

import hashlib
import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from nettverk.filer import film
from nettverk.filer.film import forget_place
from nettverk.filer.opplasting import accept


def box(slag: bytes, innhold: bytes = b"", *, lang: bool = False) -> bytes:
    if lang:
        return b"\x00\x00\x00\x01" + slag + (len(innhold) + 16).to_bytes(8, "big") + innhold
    return (len(innhold) + 8).to_bytes(4, "big") + slag + innhold


STED = b"+63.1234+007.5678/"
FTYP = box(b"ftyp", b"qt  \x00\x00\x00\x00qt  ")
SPOR = box(b"trak", box(b"tkhd", b"rotert") + box(b"udta", box(b"\xa9nam", b"Per")))
FILM = (
    FTYP
    + box(b"mdat", b"bilder" * 100, lang=True)
    + box(b"moov", SPOR + box(b"meta", b"keys" + STED) + box(b"udta", box(b"\xa9xyz", STED)))
)


def test_place_and_names_are_gone_and_nothing_else_is_moved():
    fil = io.BytesIO(FILM)

    forget_place(fil)

    etter = fil.getvalue()
    assert fil.tell() == 0
    assert len(etter) == len(FILM)
    assert STED not in etter
    assert b"Per" not in etter
    assert etter.count(b"free") == 3
    assert etter[: FILM.index(b"trak")] == FILM[: FILM.index(b"trak")]
    assert b"rotert" in etter


@pytest.mark.parametrize(
    "innhold", [FILM[:-30], FTYP + b"\xff" * 200, FTYP + b"\x00\x00\x00\x04moov", FTYP, b""]
)
def test_a_film_that_is_cut_or_lies_about_its_size_stops_nothing(innhold: bytes):
    fil = io.BytesIO(innhold)

    forget_place(fil)

    assert len(fil.getvalue()) == len(innhold)


@pytest.mark.parametrize(
    ("navn", "innhold", "mimetype"),
    [
        ("tur.MOV", FILM, "video/quicktime"),
        ("gammel.mov", box(b"moov", SPOR) + b"\0" * 20, "video/quicktime"),
        ("tur.mp4", box(b"ftyp", b"mp42\x00\x00\x00\x00isom") + b"\0" * 50, "video/mp4"),
        ("skjerm.webm", b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + b"\0" * 50, "video/webm"),
    ],
)
def test_films_are_known_by_their_content(navn: str, innhold: bytes, mimetype: str):
    godkjent = accept(SimpleUploadedFile(navn, innhold), film=True)

    assert godkjent.mimetype == mimetype
    assert STED not in godkjent.innhold.read()


def test_what_other_boxes_tell_of_place_is_emptied_too():
    spor = box(b"trak", box(b"mdia", box(b"udta", STED, lang=True) + box(b"hdlr", b"rotert")))
    innhold = FTYP + box(b"moov", spor) + box(b"uuid", b"\xbe\x7a" * 8 + STED)
    fil = io.BytesIO(innhold)

    forget_place(fil)

    etter = fil.getvalue()
    assert STED not in etter
    assert (b"udta" in etter, b"uuid" in etter, etter.count(b"free")) == (False, False, 2)
    # The length of a long box stands, so that what comes after it is found.
    assert etter.index(b"hdlr") == innhold.index(b"hdlr")
    lengde = innhold.index(b"udta") + 4
    assert etter[lengde : lengde + 8] == innhold[lengde : lengde + 8]


@pytest.mark.parametrize("slag", [b"trak", b"mdia", b"moov"])
def test_boxes_within_boxes_of_the_same_kind_are_refused_in_plain_words(slag: bytes):
    innhold = b""
    for _nr in range(1200):
        innhold = box(slag, innhold)

    with pytest.raises(ValidationError, match="bygd opp på en måte"):
        accept(SimpleUploadedFile("dyp.mov", FTYP + box(b"moov", innhold)), film=True)


def test_more_boxes_than_a_film_has_are_refused_without_being_kept(monkeypatch):
    monkeypatch.setattr(film, "_MANGE", 50)
    faa, mange = (FTYP + box(b"moov", box(b"free") * antall) for antall in (40, 5000))

    assert accept(SimpleUploadedFile("tur.mov", faa), film=True).bytes == len(faa)
    with pytest.raises(ValidationError, match="bygd opp på en måte"):
        accept(SimpleUploadedFile("tur.mov", mange), film=True)


def _m4a(*spor: bytes) -> SimpleUploadedFile:
    hoder = [
        box(b"trak", box(b"mdia", box(b"hdlr", b"\0" * 8 + slag + b"\0" * 12))) for slag in spor
    ]
    innhold = b"".join(hoder) + box(b"udta", box(b"\xa9xyz", STED))
    merke = box(b"ftyp", b"mp42\x00\x00\x00\x00isom")
    return SimpleUploadedFile("opptak.m4a", merke + box(b"moov", innhold))


def test_a_sound_comes_in_without_where_it_was_recorded():
    godkjent = accept(_m4a(b"soun"))

    assert godkjent.mimetype == "audio/mp4"
    assert STED not in godkjent.innhold.read()


@pytest.mark.parametrize("taes", [True, False])
def test_a_film_that_is_called_a_sound_is_refused(taes: bool):
    with pytest.raises(ValidationError, match="er en film, ikke bare lyd") as feil:
        accept(_m4a(b"soun", b"vide"), film=taes)

    assert feil.value.code == "innhold"


def test_a_film_that_lies_on_the_disk_on_its_way_is_emptied_too():
    sendt = TemporaryUploadedFile("tur.mov", "video/quicktime", len(FILM), None)
    sendt.write(FILM)
    sendt.seek(0)

    godkjent = accept(sendt, film=True)

    etter = godkjent.innhold.read()
    assert STED not in etter
    assert (len(etter), godkjent.sha256) == (len(FILM), hashlib.sha256(etter).hexdigest())


@pytest.mark.parametrize(
    ("navn", "innhold"),
    [
        ("tur.mp4", b"MZ\x90" + b"\0" * 100),
        ("tur.mov", b"<html>" + b"\0" * 100),
        ("tur.webm", b"\x1a\x45\xdf\xa3" + b"matroska" * 20),
        ("tur.mp4", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 100),
    ],
)
def test_what_is_no_film_is_refused(navn: str, innhold: bytes):
    with pytest.raises(ValidationError) as feil:
        accept(SimpleUploadedFile(navn, innhold), film=True)

    assert feil.value.code == "innhold"


def test_where_films_are_not_taken_they_are_another_kind():
    with pytest.raises(ValidationError) as feil:
        accept(SimpleUploadedFile("tur.mov", FILM))

    assert feil.value.code == "filtype"
