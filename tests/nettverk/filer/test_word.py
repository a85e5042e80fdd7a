"""Word out: what a screen reader needs, and nothing that a document cannot hold."""

import io
import time
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from nettverk.filer.diagrambilde import draw
from nettverk.filer.word import Worddokument, clean
from nettverk.side.diagram import grupperte_stolper


def _open(fil: Worddokument) -> docx.document.Document:
    return docx.Document(io.BytesIO(fil.save()))


def _texts(lest, stil: str) -> list[str]:
    return [p.text for p in lest.paragraphs if p.style.name == stil]


def test_headings_are_headings_and_the_document_has_a_name_and_a_language():
    fil = Worddokument("Oppsummering", spraak="nn", forfatter="Nordmøre", under="Lek")
    fil.heading("Kapittel")
    fil.heading("Under", 2)

    lest = _open(fil)

    om = lest.core_properties
    assert (om.title, om.author, om.language) == ("Oppsummering", "Nordmøre", "nn-NO")
    assert _texts(lest, "Title") == ["Oppsummering"]
    assert _texts(lest, "Heading 1") == ["Kapittel"]
    assert _texts(lest, "Heading 2") == ["Under"]
    spraak = lest.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert spraak.get(qn("w:val")) == "nn-NO"


def test_a_numbered_list_begins_with_its_own_number():
    fil = Worddokument("T", spraak="nb")
    fil.list([(1, "a"), (2, "b")])
    fil.list([(1, "c"), (4, "d")])
    fil.list([(None, "e")])

    lest = _open(fil)

    numre = [p._p.pPr.numPr.numId.val for p in lest.paragraphs if p.style.name == "List Number"]
    assert numre[0] == numre[1]
    assert len(set(numre)) == 3
    assert _texts(lest, "List Bullet") == ["e"]


def test_the_row_of_headings_is_repeated_and_the_table_has_a_name():
    fil = Worddokument("T", spraak="nb")
    fil.table("Oppmøte", ["Hvem", "Antall"], [["Surnadal", "12"]], tall=[1])

    [tabell] = _open(fil).tables

    assert [[c.text for c in rad.cells] for rad in tabell.rows] == [
        ["Hvem", "Antall"],
        ["Surnadal", "12"],
    ]
    foran = [rad._tr.find(f".//{qn('w:tblHeader')}") is not None for rad in tabell.rows]
    assert foran == [True, False]
    assert tabell._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Oppmøte"


def test_a_picture_says_what_it_shows():
    fil = Worddokument("T", spraak="nb")
    tegning = grupperte_stolper(
        [("Kommune", [("Surnadal", 12, 20)])],
        tittel="12 av 20",
        radnavn="Hvem",
        verdinavn="Var der",
    )
    fil.picture(draw(tegning), tekst=tegning.beskrivelse)

    lest = _open(fil)

    [bilde] = lest.inline_shapes
    assert bilde._inline.docPr.get("descr").strip() == "Kommune: Surnadal 12 av 20."


@pytest.mark.parametrize(
    ("tekst", "ren"),
    [
        ("a\x00\x07\x1bb", "ab"),
        ("linje\x0bskift\r\nog\rny", "linje\nskift\nog\nny"),
        ("halvt \ud83d par", "halvt  par"),
        ("\ufffe\uffff", ""),
        ("😀 שלום <script> & \u202e", "😀 שלום <script> & \u202e"),
    ],
)
def test_what_xml_cannot_hold_is_left_out_and_the_rest_stands(tekst, ren):
    fil = Worddokument(tekst, spraak="nb", forfatter=tekst, under=tekst)
    fil.heading(tekst)
    fil.paragraph(tekst)
    fil.list([(1, tekst), (None, tekst)])
    fil.facts([(tekst, tekst)])
    fil.table(tekst, [tekst], [[tekst]])

    lest = _open(fil)

    assert clean(tekst) == ren
    assert _texts(lest, "Heading 1") == [ren]


def test_a_long_text_is_paragraphs_and_nothing_is_lost():
    fil = Worddokument("T", spraak="nb")
    fil.paragraph("\n\n".join(["ord " * 3_000] * 5))

    assert len([p for p in _texts(_open(fil), "Normal") if p]) == 5


def test_seven_hundred_rows_take_no_time():
    fil = Worddokument("T", spraak="nb")
    start = time.monotonic()

    fil.table("Folk", ["Navn", "Fra", "Svar"], [["Kari", "Skolen", "Ja"]] * 700)
    fil.save()

    assert time.monotonic() - start < 10


def test_the_document_holds_no_macro_and_nothing_from_elsewhere():
    fil = Worddokument("T", spraak="nb")
    fil.paragraph("https://eksempel.no/x")

    with zipfile.ZipFile(io.BytesIO(fil.save())) as arkiv:
        navn = arkiv.namelist()
        forhold = b"".join(arkiv.read(n) for n in navn if n.endswith(".rels"))

    assert not [n for n in navn if "vba" in n.lower()]
    assert b'TargetMode="External"' not in forhold


def test_short_columns_are_narrow_and_the_others_share_the_rest():
    fil = Worddokument("T", spraak="nb")
    fil.table("Program", ["Tid", "Hva", "Hvem"], [["09.00", "Lek", "Kari"]], bredder={0: 2.6})

    (tabell,) = _open(fil).tables
    tid, hva, hvem = (celle.width.cm for celle in tabell.rows[1].cells)
    assert round(tid, 1) == 2.6
    assert round(hva, 1) == round(hvem, 1) == 7.0


def test_the_pages_are_numbered_and_the_name_stands_over_all_but_the_first():
    (side,) = _open(Worddokument("Oppsummering", spraak="nb", forfatter="Nordmøre")).sections

    assert side.header.paragraphs[0].text == "Nordmøre · Oppsummering"
    assert side.first_page_header.paragraphs[0].text == ""
    for fot in (side.footer, side.first_page_footer):
        assert fot._element.find(f".//{qn('w:fldSimple')}").get(qn("w:instr")) == "PAGE"
