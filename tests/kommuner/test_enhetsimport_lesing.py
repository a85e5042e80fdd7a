"""Files about units, as people and registers make them: each is read, or refused in plain words."""

import codecs
import io
import json
import time
import zipfile

import openpyxl
import pytest

from kommuner import kontorfil
from kommuner.enhetsimport import regneark
from kommuner.enhetsimport.aapning import open_kilde
from kommuner.enhetsimport.kilde import Kilde
from kommuner.enhetsimport.kolonner import KJENTE, NAVN
from kommuner.tabellfil import kolonner, xlsx
from kommuner.tabellfil.celler import LeseFeil
from kommuner.tabellfil.lesing import read_text

CSV = "organisasjonsnummer,navn,kommunenummer,eierform\n974760673,Ærlig barnehage,1505,Kommunal\n"


def _les(innhold: bytes) -> Kilde:
    return open_kilde(io.BytesIO(innhold))


def _navn(innhold: bytes) -> list[str]:
    return [rad.verdier["navn"] for rad in _les(innhold).rader]


def _xlsx(*rader: list[object], ark: str = "Ark1") -> bytes:
    bok = openpyxl.Workbook()
    bok.active.title = ark
    for rad in rader:
        bok.active.append(rad)
    ut = io.BytesIO()
    bok.save(ut)
    return ut.getvalue()


@pytest.mark.parametrize(
    "innhold",
    [
        CSV.encode(),
        codecs.BOM_UTF8 + CSV.encode(),
        CSV.replace(",", ";").encode("cp1252"),
        CSV.replace(",", ";").encode("latin-1"),
        CSV.replace(",", "\t").encode("utf-16"),
        CSV.replace(",", "|").replace("\n", "\r\n").encode(),
        ("sep=;\n" + CSV.replace(",", ";")).encode(),
        ("Barnehager i kommunen\n\n" + CSV).encode(),
    ],
    ids=["utf-8", "bom", "cp1252", "latin-1", "utf-16", "strek", "sep", "tittel over"],
)
def test_csv_is_read_whatever_its_encoding_and_separator(innhold: bytes):
    assert _navn(innhold) == ["Ærlig barnehage"]


def test_row_numbers_are_those_of_the_spreadsheet():
    innhold = "navn,orgnr,knr\n\nEn,974760673,1505\nTo,974760673,1505\n"

    assert [(r.nummer, r.verdier["navn"]) for r in _les(innhold.encode()).rader] == [
        (3, "En"),
        (4, "To"),
    ]


def test_headings_go_by_many_names_and_unknown_ones_are_told():
    kilde = _les("Org.nr;Namn;Kommunenr;Målform;Årsverk;Fritekst\n".encode("cp1252"))

    assert list(kilde.kjente.values()) == [
        "organisasjonsnummer",
        "navn",
        "kommunenummer",
        "maalform",
    ]
    assert kilde.ukjente == {4: "Årsverk", 5: "Fritekst"}


def test_a_columns_own_name_wins_over_its_other_names():
    assert KJENTE.recognise(["barnehage", "navn"]) == {1: "navn"}


def test_a_file_without_what_it_must_have_says_what_somebody_must_tell():
    kilde = _les(b"fornavn;etternavn;navn\nKari;Nordmann;x\n")

    assert kilde.mangler == ["kommunenummer"]
    assert list(kilde.ukjente.values()) == ["fornavn", "etternavn"]


def test_a_file_without_any_heading_we_know_is_refused_with_what_was_found():
    with pytest.raises(LeseFeil) as feil:
        _les(b"fornavn;etternavn\nKari;Nordmann\n")

    assert "«fornavn», «etternavn»" in str(feil.value)


def test_xlsx_is_read_with_numbers_as_excel_keeps_them():
    innhold = _xlsx(
        ["Enheter i 2026"],
        ["organisasjonsnummer", "navn", "kommunenummer", "breddegrad"],
        [974760673, "Ærlig barnehage", 1505, 63.1],
        [None, None, None, None],
        [974760673.0, "To", "0301", None],
    )

    rader = [(r.nummer, *r.verdier.values()) for r in _les(innhold).rader]

    assert rader == [
        (3, "974760673", "Ærlig barnehage", "1505", "63.1"),
        (5, "974760673", "To", "0301", ""),
    ]


def test_the_sheet_with_the_headings_is_found():
    bok = openpyxl.Workbook()
    bok.active.append(["Om fila"])
    ark = bok.create_sheet("Data")
    ark.append(["orgnr", "navn", "knr"])
    ark.append(["974760673", "En", "1505"])
    ut = io.BytesIO()
    bok.save(ut)

    assert _navn(ut.getvalue()) == ["En"]


def _zip(navn: str, innhold: bytes = b"x") -> bytes:
    ut = io.BytesIO()
    with zipfile.ZipFile(ut, "w", zipfile.ZIP_DEFLATED) as arkiv:
        arkiv.writestr(navn, innhold)
    return ut.getvalue()


def _stort(navn: str, antall: int) -> bytes:
    """A spreadsheet with a part that unpacks to so many bytes; not so even that it is a bomb by its shape."""
    jevnt = b"".join(b"<t>%d</t>" % n for n in range(100_000))
    ut = io.BytesIO()
    with zipfile.ZipFile(ut, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as arkiv:
        arkiv.writestr("xl/workbook.xml", b"<workbook/>")
        arkiv.writestr(navn, (jevnt * (antall // len(jevnt) + 1))[: antall + 1])
    return ut.getvalue()


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


@pytest.mark.parametrize(
    ("innhold", "sier"),
    [
        (b"", "tom"),
        (codecs.BOM_UTF8 + b" \n", "tom"),
        (b"<html><table><tr><td>orgnr</td></tr></table></html>", "nettside"),
        (b'<?xml version="1.0"?><Workbook></Workbook>', "nettside"),
        (_OLE, "eldre Excel-ark"),
        (_OLE + "EncryptedPackage".encode("utf-16-le"), "passord"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "ikke en tabell"),
        (_zip("word/document.xml"), "ikke et Excel-ark"),
        (b"PK\x03\x04 dette er ikke en zip", "skadet"),
        (_zip("xl/workbook.xml", b"<ikke xml"), "skadet"),
        (b'{"navn": "noe annet"}', "NSR"),
        (b"[1, 2, 3]", "NSR"),
        (b'{"EnhetListe": [{"Organisasjonsn', "ikke hel"),
        (b"[" * 100_000, "ikke hel"),
        (b'navn,orgnr,knr\n"' + b"x" * 200_000, "Rad 2 kan ikke leses"),
    ],
)
def test_what_is_not_a_file_about_units_is_refused_in_plain_words(innhold: bytes, sier: str):
    with pytest.raises(LeseFeil, match=sier):
        list(_les(innhold).rader)


@pytest.mark.parametrize(
    ("navn", "antall"),
    [
        ("xl/worksheets/sheet1.xml", kontorfil.MAKS_UTPAKKET),
        ("xl/sharedStrings.xml", xlsx.MAKS_ORD),
        ("xl/styles.xml", xlsx.MAKS_OPPSETT),
    ],
)
def test_what_would_fill_the_memory_is_refused_before_it_is_unpacked(navn: str, antall: int):
    with pytest.raises(LeseFeil, match="for stort når det pakkes ut"):
        _les(_stort(navn, antall))


@pytest.mark.parametrize(
    ("navn", "sier"), [("xl/vbaProject.bin", "makroer"), ("../../x", "skadet")]
)
def test_the_rules_for_office_files_hold_for_spreadsheets_of_units(navn: str, sier: str):
    ut = io.BytesIO()
    with zipfile.ZipFile(ut, "w") as arkiv:
        arkiv.writestr("xl/workbook.xml", b"<workbook/>")
        arkiv.writestr(navn, b"x")

    with pytest.raises(LeseFeil, match=sier):
        _les(ut.getvalue())


def test_reading_leaves_the_uploaded_file_open():
    fil = io.BytesIO(CSV.encode())

    kilde = open_kilde(fil)
    del kilde

    assert not fil.closed


def test_nul_and_control_characters_never_reach_the_database():
    data = json.dumps(
        {"EnhetListe": [{"Organisasjonsnummer": "974760673", "Navn": "A\u0000B\ud800\tC"}]}
    )

    assert _navn(data.encode()) == ["A B C"]


# --- the registers' own JSON

_LISTE_V4 = {
    "Sidenummer": 1,
    "EnhetListe": [
        {
            "Organisasjonsnummer": "975277194",
            "Navn": "Allanengen skole",
            "Kommunenummer": "1505",
            "ErAktiv": True,
            "ErSkole": True,
            "ErGrunnskole": True,
            "ErOffentligSkole": True,
        },
        {"Organisasjonsnummer": "1", "Navn": "En eier", "ErAktiv": True, "ErSkoleEier": True},
        {"Organisasjonsnummer": "2", "Navn": "Gammel skole", "ErAktiv": False, "ErSkole": True},
        {
            "Organisasjonsnummer": "3",
            "Navn": "En videregående",
            "ErAktiv": True,
            "ErSkole": True,
            "ErVideregaaendeSkole": True,
        },
        {"Organisasjonsnummer": "4", "Navn": "Vikarpool", "ErAktiv": True, "ErBarnehage": True},
    ],
}


def test_nsr_list_gives_units_and_says_why_others_are_left_out():
    rader = list(_les(json.dumps(_LISTE_V4).encode()).rader)

    assert {k: v for k, v in rader[0].verdier.items() if v} == {
        "organisasjonsnummer": "975277194",
        "navn": "Allanengen skole",
        "kommunenummer": "1505",
        "type": "grunnskole",
        "eierform": "kommunal",
    }
    assert [r.avvist and r.avvist[0] for r in rader] == [
        None,
        "annet_slag",
        "nedlagt",
        "annet_slag",
        "annet_slag",
    ]


def test_nbr_detail_gives_all_its_fields():
    detalj = {
        "Organisasjonsnummer": "975310140",
        "Navn": "Dale barnehage",
        "Kommune": {"Navn": "Kristiansund", "Kommunenummer": "1505"},
        "Beliggenhetsadresse": {
            "Adresse": "Dalelia 2",
            "Postnummer": "6518",
            "Poststed": "KRISTIANSUND N",
        },
        "Koordinat": {"Lengdegrad": 7.72, "Breddegrad": 63.11},
        "Maalform": {"Id": "B", "Navn": "Bokmål"},
        "Naeringskoder": [{"Prioritet": 1, "Kode": "88.911"}],
        "AntallBarn": 83,
        "AntallAnsatte": 28,
        "Utgaattype": None,
        "ForeldreRelasjoner": [
            {"Enhet": {"Navn": "KRISTIANSUND KOMMUNE"}, "Relasjonstype": {"Id": 6}}
        ],
    }

    (rad,) = _les(json.dumps(detalj).encode()).rader

    assert {k: v for k, v in rad.verdier.items() if v} == {
        "organisasjonsnummer": "975310140",
        "navn": "Dale barnehage",
        "kommunenummer": "1505",
        "kommunenavn": "Kristiansund",
        "type": "barnehage",
        "eierform": "kommunal",
        "eier": "KRISTIANSUND KOMMUNE",
        "antall_barn": "83",
        "antall_ansatte": "28",
        "besoksadresse": "Dalelia 2",
        "postnummer": "6518",
        "poststed": "KRISTIANSUND N",
        "breddegrad": "63.11",
        "lengdegrad": "7.72",
        "maalform": "Bokmål",
    }


def test_v3_names_are_read_too():
    v3 = {"Enheter": [{"Orgnr": "975310140", "Navn": "Dale", "Kommunenr": "1505"}]}

    (rad,) = _les(json.dumps(v3).encode()).rader

    assert (rad.verdier["organisasjonsnummer"], rad.verdier["kommunenummer"]) == (
        "975310140",
        "1505",
    )


# --- what we give out


def test_the_template_is_read_back_with_every_column_known():
    assert list(_les(regneark.mal()).kjente.values()) == list(NAVN)


def test_refused_rows_are_read_back_as_they_were_and_never_as_formulas():
    overskrifter = ["orgnr", "navn", "knr", "merknad"]
    innhold = regneark.avviste(
        overskrifter, [(7, "orgnr: feil", ["1", "=1+1", "1505", '=HYPERLINK("http://x")'])]
    )

    kilde = _les(innhold)

    assert [r.verdier["navn"] for r in kilde.rader] == ["=1+1"]
    celler = openpyxl.load_workbook(io.BytesIO(innhold)).active[2]
    assert [c.data_type for c in celler] == ["n", "s", "s", "s", "s", "s"]


# --- what is made to keep a web worker busy


@pytest.mark.parametrize(
    "tekst", ["a" + "[" * 120_000, "a" + "(" * 120_000, '{"codes":' + "[" * 120_000]
)
def test_no_more_of_a_cell_is_looked_into_than_a_heading_is_long(tekst, monkeypatch):
    lengder = []

    class Lytter:
        @staticmethod
        def sub(_med: str, overskrift: str) -> str:
            lengder.append(len(overskrift))
            return overskrift

    start = time.monotonic()
    read_text("\n".join([tekst] * 15), KJENTE)
    assert time.monotonic() - start < 5
    monkeypatch.setattr(kolonner, "_TILLEGG", Lytter)
    read_text(tekst, KJENTE)
    assert lengder
    assert max(lengder) <= 200


def test_a_heading_with_a_note_in_brackets_is_known_still():
    assert KJENTE.known("Barn [per 15.12] (antall)") == KJENTE.known("Barn")
    assert KJENTE.known("Navn" + "x" * 300) is None


def test_merged_cells_that_never_end_are_read_once():
    start = time.monotonic()
    assert not list(xlsx._FLETTET.finditer(b"<mergeCell " * 50_000))
    assert time.monotonic() - start < 5
