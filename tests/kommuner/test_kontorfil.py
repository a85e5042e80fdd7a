"""Office files seen from the outside: what is too much, locked, able to act or wrongly named is never opened."""

import io
import struct
import zipfile

import openpyxl
import pytest

from kommuner import kontorfil
from kommuner.kontorfil import Kontorfilfeil, inspect, sheet_rows

DOCX = "word/document.xml"
INNHOLD = '<Types><Override ContentType="application/vnd.ms-word.document.{}main+xml"/></Types>'


def arkiv(*deler: tuple[str, bytes]) -> bytes:
    ut = io.BytesIO()
    with zipfile.ZipFile(ut, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zip_:
        for navn, innhold in (("[Content_Types].xml", INNHOLD.format("").encode()), *deler):
            zip_.writestr(navn, innhold)
    return ut.getvalue()


def kode(data: bytes) -> str:
    with pytest.raises(Kontorfilfeil) as feil:
        inspect(io.BytesIO(data), kjennetegn=DOCX)
    return feil.value.kode


def _encrypted() -> bytes:
    """Bit 0 of the flags set in the list, as Office and 7-Zip set it."""
    data = bytearray(arkiv((DOCX, b"x")))
    for sted in (data.find(b"PK\x01\x02"), data.rfind(b"PK\x01\x02")):
        data[sted + 8] |= 1
    return bytes(data)


def _half_a_million_parts() -> bytes:
    """A list of empty parts, many to the megabyte, under an end that says there are few."""
    en = b"PK\x01\x02" + bytes([20, 3, 20]) + bytes(39)
    liste = en * 500_000
    slutt = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(liste), 0, 0)
    return liste + slutt


def test_an_ordinary_document_is_taken_and_read_from_its_start_afterwards():
    fil = io.BytesIO(arkiv((DOCX, b"<w/>" * 100_000), ("word/media/bilde.png", b"\x89PNG")))

    navn = [del_.filename for del_ in inspect(fil, kjennetegn=DOCX)]

    assert navn == ["[Content_Types].xml", DOCX, "word/media/bilde.png"]
    assert fil.tell() == 0


@pytest.mark.parametrize(
    ("data", "grunn"),
    [
        (arkiv(("virus.exe", b"MZ")), "slag"),
        (arkiv((DOCX, b"0" * (kontorfil.MAKS_UTPAKKET + 1))), "for_stor"),
        (arkiv((DOCX, b"x"), ("word/bombe.xml", b"0" * 5_000_000)), "for_stor"),
        (arkiv((DOCX, b"x"), *((f"word/{n}.xml", b"") for n in range(2001))), "for_stor"),
        (_half_a_million_parts(), "for_stor"),
        (_encrypted(), "passord"),
        (arkiv((DOCX, b"x"), ("word/vbaProject.bin", b"x")), "makroer"),
        (arkiv((DOCX, b"x"), ("word/activeX/activeX1.xml", b"x")), "makroer"),
        (arkiv((DOCX, b"x"), ("Basic/Standard/Module1.xml", b"x")), "makroer"),
        (
            arkiv((DOCX, b"x"), ("[content_types].xml", INNHOLD.format("macroEnabled.").encode())),
            "makroer",
        ),
        (arkiv((DOCX, b"x"), ("../../etc/cron.d/x", b"x")), "skadet"),
        (arkiv((DOCX, b"x"), ("..\\..\\x", b"x")), "skadet"),
        (arkiv((DOCX, b"x"), ("/etc/passwd", b"x")), "skadet"),
        (arkiv((DOCX, b"x"), ("C:\\x", b"x")), "skadet"),
        (arkiv((DOCX, b"x"))[:-30], "skadet"),
        (b"PK\x03\x04ikke en zip", "skadet"),
        (b"", "skadet"),
    ],
)
def test_what_is_not_taken_is_told_of_by_its_kind(data: bytes, grunn: str):
    assert kode(data) == grunn


def test_a_sheet_that_lies_of_its_rows_ends_where_nothing_stands():
    """The attack: one cell in row two thousand million made the reader yield every row before it."""
    bok = openpyxl.Workbook()
    bok.active.append(["navn", "rolle", "langt ute"])
    bok.active.append(["Kari", "leder", "x"])
    fil = io.BytesIO()
    bok.save(fil)
    langt_nede = b'<row r="2000000000"><c r="A2000000000" t="inlineStr"><is><t>x</t></is></c></row>'
    lyver = _replaced(
        fil, "xl/worksheets/sheet1.xml", b"</sheetData>", langt_nede + b"</sheetData>"
    )

    ark = openpyxl.load_workbook(lyver, read_only=True).worksheets[0]
    rader = list(sheet_rows(ark, kolonner=2))

    assert rader[:2] == [(1, ("navn", "rolle")), (2, ("Kari", "leder"))]
    assert len(rader) < 1_100


def _replaced(fil: io.BytesIO, del_: str, gammelt: bytes, nytt: bytes) -> io.BytesIO:
    ut = io.BytesIO()
    with zipfile.ZipFile(fil) as inn, zipfile.ZipFile(ut, "w") as arkiv:
        for navn in inn.namelist():
            innhold = inn.read(navn)
            arkiv.writestr(navn, innhold.replace(gammelt, nytt) if navn == del_ else innhold)
    ut.seek(0)
    return ut
