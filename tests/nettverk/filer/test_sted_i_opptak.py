"""Where a camera or a telephone was, in what a WebM, an MP3 and a track of its own in a film tell."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from nettverk.filer import webm
from nettverk.filer.opplasting import accept
from tests.nettverk.filer.test_film import box

STED = b"+63.1234+007.5678/"
LYD = bytes.fromhex("fffb9064") + b"\x11" * 413  # a frame of an MP3


def taken(navn: str, innhold: bytes) -> bytes:
    """As it is kept."""
    return accept(SimpleUploadedFile(navn, innhold), film=True).innhold.read()


# --- MP3


def id3(ramme: bytes, *, flagg: int = 0, fot: bytes = b"") -> bytes:
    lengde = len(ramme)
    sju = bytes(lengde >> 7 * nr & 0x7F for nr in (3, 2, 1, 0))
    return b"ID3\x04\x00" + bytes([flagg]) + sju + ramme + fot


def ape(innhold: bytes) -> bytes:
    lengde = (len(innhold) + 32).to_bytes(4, "little")
    fot = b"APETAGEX" + (2000).to_bytes(4, "little") + lengde + (1).to_bytes(4, "little")
    return innhold + fot + (0).to_bytes(4, "little") + b"\0" * 8


@pytest.mark.parametrize(
    ("foran", "bak"),
    [
        (id3(b"GEOB\x00\x00\x00\x20\x00\x00" + STED + b"\0" * 300), b""),
        (id3(b"TXXX" + STED) + id3(b"TIT2Per" + STED, flagg=0x40), b""),
        (id3(b"TXXX" + STED, flagg=0x10, fot=b"3DI\x04\x00\x10\x00\x00\x00\x16"), b""),
        (b"", b"TAG" + STED.ljust(125, b"\0")),
        (b"", b"TAG+" + STED.ljust(223, b"\0") + b"TAG" + b"Per".ljust(125, b"\0")),
        (b"", ape(b"LOCATION" + STED) + b"TAG" + b"Per".ljust(125, b"\0")),
        (b"", b"LYRICSBEGIN" + STED + b"000029LYRICS200"),
        (b"", id3(b"TXXX" + STED, flagg=0x10)[:] + b"3DI\x04\x00\x10\x00\x00\x00\x16"),
        # It lies about how long it is.
        (b"ID3\x03\x00\x00\x7f\x7f\x7f\x7f" + STED, b""),
    ],
)
def test_the_labels_of_a_sound_are_emptied_and_the_sound_is_as_it_was(foran: bytes, bak: bytes):
    lyd = LYD * 4 if not foran.startswith(b"ID3\x03") else b""

    etter = taken("opptak.mp3", foran + lyd + bak)

    assert STED not in etter
    assert b"Per" not in etter
    assert len(etter) == len(foran + lyd + bak)
    assert etter[len(foran) : len(foran) + len(lyd)] == lyd


def test_a_sound_without_labels_is_kept_as_it_is():
    assert taken("opptak.mp3", LYD * 4) == LYD * 4


# --- WebM


def element(slag: str, innhold: bytes, *, ukjent: bool = False) -> bytes:
    lengde = b"\x01" + b"\xff" * 7 if ukjent else (1 << 56 | len(innhold)).to_bytes(8, "big")
    return bytes.fromhex(slag) + lengde + innhold


HODE = element("1a45dfa3", element("4282", b"webm"))
BILDE = element("a3", b"\x81\x00\x00\x80" + b"bilde" * 20)
KLYNGE = element("e7", b"\x00") + BILDE
INFO = element("2ad7b1", b"\x0f\x42\x40") + element("7ba9", b"Per") + element("bf", b"\1\2\3\4")
TAGGER = element("7373", element("67c8", element("45a3", b"LOCATION") + element("4487", STED)))


def spor(*, type_: int = 1, koding: bytes = b"V_VP8") -> bytes:
    felt = element("83", bytes([type_])) + element("86", koding) + element("536e", b"Per")
    return element("1654ae6b", element("ae", felt))


@pytest.mark.parametrize("ukjent", [False, True])
def test_the_tags_of_a_film_from_a_browser_are_emptied_and_nothing_is_moved(ukjent: bool):
    innhold = HODE + element(
        "18538067",
        element("1549a966", INFO)
        + spor()
        + element("1f43b675", KLYNGE, ukjent=ukjent)
        + element("1254c367", TAGGER)
        + element("1f43b675", KLYNGE, ukjent=ukjent)
        + element("1941a469", STED),
        ukjent=ukjent,
    )

    etter = taken("skjerm.webm", innhold)

    assert STED not in etter
    assert b"Per" not in etter
    assert b"LOCATION" not in etter
    assert len(etter) == len(innhold)
    assert etter.count(BILDE) == 2
    assert etter.index(BILDE) == innhold.index(BILDE)
    # It is read to its end as before: what was emptied has the length it had.
    assert [e.slutt for e in webm._walk(io.BytesIO(etter))] == [
        e.slutt for e in webm._walk(io.BytesIO(innhold))
    ]


@pytest.mark.parametrize("annet", [spor(type_=0x21), spor(type_=0x11, koding=b"D_WEBVTT/METADATA")])
def test_a_webm_with_a_track_of_something_else_is_refused_in_plain_words(annet: bytes):
    innhold = HODE + element("18538067", spor() + annet + element("1f43b675", KLYNGE))

    with pytest.raises(ValidationError, match="et eget spor som kan fortelle hvor"):
        taken("skjerm.webm", innhold)


def test_a_webm_that_cannot_be_read_is_refused_and_one_that_is_cut_is_not():
    helt = HODE + element("18538067", spor() + element("1f43b675", KLYNGE), ukjent=True)

    assert len(taken("skjerm.webm", helt[:-10])) == len(helt) - 10
    with pytest.raises(ValidationError, match="bygd opp på en måte"):
        taken("skjerm.webm", helt + b"\0" * 20 + element("1254c367", TAGGER))


def test_more_than_a_webm_has_is_refused(monkeypatch):
    monkeypatch.setattr(webm, "_MANGE", 50)

    with pytest.raises(ValidationError, match="bygd opp på en måte"):
        taken("skjerm.webm", HODE + element("18538067", element("ec", b"") * 60))


def test_other_films_in_the_same_wrapping_are_another_kind():
    with pytest.raises(ValidationError, match="kan ikke lastes opp") as feil:
        taken("tur.mkv", HODE)
    assert feil.value.code == "filtype"
    with pytest.raises(ValidationError, match="ikke det endelsen sier"):
        taken("tur.webm", element("1a45dfa3", element("4282", b"matroska")))


# --- a track of its own in an MP4


def tall(*alle: int) -> bytes:
    return b"".join(ett.to_bytes(4, "big") for ett in alle)


def mp4_spor(slag: bytes, steder: list[int], biter: list[int], *, like: int = 0) -> bytes:
    """Two samples in the first piece, one in each of the rest; `like`: all are as long."""
    stoerrelser = [] if like else biter
    stsc = [1, 2, 1] + ([2, 1, 1] if len(steder) > 1 else [])
    tabell = (
        box(b"stsc", tall(0, len(stsc) // 3, *stsc))
        + box(b"stsz", tall(0, like, len(biter), *stoerrelser))
        + box(b"stco", tall(0, len(steder), *steder))
    )
    hdlr = box(b"hdlr", b"\0" * 8 + slag + b"\0" * 12)
    return box(b"trak", box(b"mdia", hdlr + box(b"minf", box(b"stbl", tabell))))


MERKE = box(b"ftyp", b"mp42\x00\x00\x00\x00isom")
BILDER = b"bilder" * 30
FRA = len(MERKE) + 8


def film(slag: bytes, maaling: bytes = STED, *, like: bool = False, bak: bytes = b"") -> bytes:
    """Pictures, two measurements, pictures, and one more."""
    data = BILDER + maaling * 2 + BILDER + maaling
    steder = [FRA + len(BILDER), FRA + 2 * len(BILDER) + 2 * len(maaling)]
    lengde = len(maaling)
    vide = mp4_spor(b"vide", [FRA, FRA + len(BILDER) + 2 * lengde], [90, 90, 180])
    annet = mp4_spor(slag, steder, [lengde] * 3, like=lengde if like else 0)
    return MERKE + box(b"mdat", data) + box(b"moov", vide + annet) + bak


@pytest.mark.parametrize("like", [False, True])
@pytest.mark.parametrize("slag", [b"meta", b"camm", b"text", b"sbtl"])
def test_a_track_that_tells_where_the_camera_was_is_emptied(slag: bytes, like: bool):
    innhold = film(slag, like=like)

    etter = taken("tur.mp4", innhold)

    assert STED not in etter
    assert len(etter) == len(innhold)
    # What is seen stands, where it stood.
    assert etter.count(BILDER) == 2
    assert etter.index(b"vide") == innhold.index(b"vide")
    assert (etter.count(b"trak"), slag in etter) == (1, False)


def test_subtitles_that_tell_no_place_stand():
    innhold = film(b"sbtl", b"Barna teller steiner.")

    assert taken("tur.mp4", innhold) == innhold


def test_a_track_that_cannot_be_emptied_is_refused_in_plain_words():
    with pytest.raises(ValidationError, match="et eget spor som kan fortelle hvor"):
        taken("tur.mp4", film(b"meta", bak=box(b"moof")))


def test_a_track_that_lies_about_itself_is_refused_and_a_film_that_is_cut_is_not():
    # The same piece again and again would be emptied for hours.
    loegn = MERKE + box(b"moov", mp4_spor(b"meta", [0] * 90, [50] * 91)) + b"\0" * 40
    with pytest.raises(ValidationError, match="bygd opp på en måte"):
        taken("tur.mp4", loegn)

    foerst = MERKE + box(b"moov", mp4_spor(b"meta", [500], [9, 9]))
    assert b"meta" not in taken("tur.mp4", foerst)
