"""What a list says: files of several kinds, headings in three languages, and rows that cannot be used."""

import datetime
import io

import openpyxl
import pytest

from kommuner.tabellfil import csvfil
from kommuner.tabellfil.celler import LeseFeil
from nettverk.folkeimport.kolonner import KJENTE
from nettverk.folkeimport.tabell import open_table, read_text
from nettverk.models import Gruppe, Rolle
from tests.kommuner.factories import EnhetFactory, KommuneFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    NettverkFactory,
    koordinator,
    nettverk_med_enhet,
)
from tests.nettverk.folkeimport.liste import outcomes, paste, preview, reasons

KARI = {"navn": "Kari Nes", "e-post": "kari@a.example", "rolle": "medlem"}


@pytest.mark.parametrize(
    "overskrifter",
    [
        ["Navn", "E-post", "Enhet", "Rolle", "Stilling", "Fra og med", "Til og med"],
        ["Namn", "Epostadresse", "Eining", "Verv", "Stilling", "Frå", "Til"],
        ["Full name", "E-mail address", "Unit", "Role", "Job title", "From", "To"],
    ],
)
def test_the_headings_are_known_in_three_languages(overskrifter: list[str]):
    assert list(KJENTE.recognise(overskrifter).values()) == [
        "navn",
        "epost",
        "enhet",
        "rolle",
        "tittel",
        "fra",
        "til",
    ]


def _xlsx(*rader: tuple[object, ...]) -> io.BytesIO:
    bok = openpyxl.Workbook()
    bok.active.append(["Folk i nettverket"])
    for rad in rader:
        bok.active.append(rad)
    ut = io.BytesIO()
    bok.save(ut)
    return ut


def test_a_workbook_with_a_title_above_and_a_real_date_is_read():
    fil = _xlsx(
        ("Fornavn", "Etternavn", "E-post", "Orgnr", "Rolle", "Fra"),
        ("Kari", "Nes", "kari@a.example", 974760673.0, "rektor", datetime.date(2026, 8, 1)),
    )

    lest = open_table(fil)

    assert list(lest.kjente.values()) == [
        "fornavn",
        "etternavn",
        "epost",
        "organisasjonsnummer",
        "rolle",
        "fra",
    ]
    assert lest.rader == [
        (3, ["Kari", "Nes", "kari@a.example", "974760673", "rektor", "2026-08-01"])
    ]


@pytest.mark.parametrize("koding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("skille", [";", ",", "\t"])
def test_csv_in_the_usual_encodings_and_with_the_usual_separators(koding: str, skille: str):
    linjer = [["navn", "e-post", "enhet", "rolle"], ["Bjørn Åge", "b@a.example", "Øya", "leder"]]
    innhold = "\r\n".join(skille.join(linje) for linje in linjer).encode(koding)

    assert open_table(io.BytesIO(innhold)).rader == [(2, linjer[1])]


@pytest.mark.parametrize(
    "innhold",
    [b"", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04tull", b"\x00\x01\x02\x03"],
)
def test_what_is_no_list_is_refused_in_plain_words(innhold: bytes):
    with pytest.raises(LeseFeil) as feil:
        open_table(io.BytesIO(innhold))

    assert str(feil.value).endswith(".")


def test_a_list_without_the_columns_it_needs_says_which_and_what_it_found():
    with pytest.raises(LeseFeil, match=r"e-post, rolle.*«Kommentar»"):
        read_text("navn\tenhet\tKommentar\nKari\tSkolen\tHei")


def test_fifty_thousand_rows_are_refused_without_reading_them_all(monkeypatch):
    lest = 0

    def telle(verdi: object, **_regler: object) -> str:
        nonlocal lest
        lest += 1
        return str(verdi)

    monkeypatch.setattr(csvfil, "clean", telle)
    with pytest.raises(LeseFeil, match=r"mer enn 5000 rader"):
        read_text("navn;e-post;enhet;rolle\n" + "Kari;k@a.example;Skolen;leder\n" * 50_000)

    assert lest < 5 * (KJENTE.maks_rader + 100)


# --- rows


@pytest.fixture
def nettverk(db):
    nettverk = NettverkFactory(egne_rollenavn={"utviklingslaerer": "utviklingsrettleiar"})
    kommune = KommuneFactory(navn="Averøy")
    MedlemskapFactory(nettverk=nettverk, kommune=kommune)
    for navn in ("Bruhagen barnehage", "Utheim skole"):
        GruppeFactory(
            nettverk=nettverk,
            utviklingsgruppe=True,
            enhet=EnhetFactory(navn=navn, kommune=kommune),
            navn=f"Utviklingsgruppa ved {navn}",
        )
    GruppeFactory(
        nettverk=nettverk, type=Gruppe.Type.FAGNETTVERK, navn="Fagnettverket", kortnavn="FN"
    )
    return nettverk


def _feil(nettverk, **felt: str) -> list[str]:
    return reasons(preview(nettverk, {**KARI, **felt}, by=koordinator(nettverk)))


@pytest.mark.parametrize(
    ("felt", "grunn"),
    [
        ({"e-post": "kåre@a.example"}, "Foran @ kan ikke adressen ha æ, ø, å"),
        ({"e-post": "kari"}, "«kari» er ikke en e-postadresse"),
        ({"e-post": "a@b.example\nBcc: c@d.example"}, "Skriv bare én e-postadresse"),
        ({"navn": "Kari\nBcc: c@d.example"}, "må stå på én linje"),
        ({"tittel": "rektor\nX-Mine: 1"}, "må stå på én linje"),
        ({"navn": "KÃ¥re Nes"}, "ødelagt"),
        ({"rolle": "trollmann"}, "ingen rolle som heter «trollmann»"),
        ({"rolle": "PP-rådgiver", "enhet": "", "gruppe": "FN"}, "brukes ikke i denne gruppa"),
        ({"enhet": "Ukjent skole"}, "ingen enhet som er «Ukjent skole»"),
        ({"enhet": "", "gruppe": "Ukjent"}, "ingen gruppe som heter «Ukjent»"),
        ({"enhet": ""}, "Skriv en enhet eller en gruppe"),
        ({"kommune": "Oslo"}, "ikke en av kommunene"),
        ({"fra": "01.08.2026", "til": "31.07.2026"}, "Siste dag kan ikke være før første dag"),
        ({"fra": "32.08.2026"}, "er ikke en dato"),
    ],
)
def test_a_row_that_cannot_be_used_says_the_column_and_why(nettverk, felt, grunn):
    (sagt,) = _feil(nettverk, **{"enhet": "Utheim skole", **felt})

    assert grunn in sagt
    assert sagt.partition(":")[0] in {*felt, "enhet"}


def test_a_unit_of_another_network_is_told_of_as_one_that_is_nowhere(nettverk):
    _annet, gruppe = nettverk_med_enhet()
    orgnr = gruppe.enhet.organisasjonsnummer

    (her,) = _feil(nettverk, enhet=orgnr)
    (ingensteds,) = _feil(nettverk, enhet="999999999")

    assert her.replace(orgnr, "X") == ingensteds.replace("999999999", "X")


def test_a_cell_with_many_units_is_one_row_for_each(nettverk):
    rad = preview(
        nettverk,
        {**KARI, "rolle": "PP-rådgiver", "enhet": "Utheim skole;bruhagen barnehage"},
        {**KARI, "rolle": "utviklingsrettleiar", "enhet": "Utheim skole\nBruhagen barnehage"},
        by=koordinator(nettverk),
    )

    assert [(r.nummer, r.utfall) for r in rad.rader.in_order()] == [
        (2, "ny"),
        (2, "ny"),
        (3, "ny"),
        (3, "ny"),
    ]
    assert {r.data["post"]["rolle"] for r in rad.rader.all()} == {
        Rolle.PP_RAADGIVER,
        Rolle.UTVIKLINGSLAERER,
    }


@pytest.mark.parametrize("tekst", ["01.08.2026", "1.8.26", "2026-08-01", "01082026", "46235"])
def test_a_date_is_read_as_people_and_spreadsheets_write_it(nettverk, tekst):
    rad = preview(
        nettverk, {**KARI, "enhet": "Utheim skole", "fra": tekst}, by=koordinator(nettverk)
    )

    assert [r.data["post"]["fra"] for r in rad.rader.all()] == ["2026-08-01"]


def test_the_kommune_tells_whom_one_represents_in_a_group(nettverk):
    rad = preview(
        nettverk,
        {**KARI, "gruppe": "FN", "rolle": "oppvekstansvarlig", "kommune": "Averøy kommune"},
        by=koordinator(nettverk),
    )

    (post,) = [r.data["post"] for r in rad.rader.all()]
    assert (post["kommunenavn"], post["gruppenavn"]) == ("Averøy", "Fagnettverket")


def test_rows_of_the_template_that_nobody_filled_in_are_passed_over(nettverk):
    rad = preview(
        nettverk,
        {"enhet": "Utheim skole", "rolle": "tillitsvalgt"},
        {**KARI, "enhet": "Utheim skole"},
        by=koordinator(nettverk),
    )

    assert outcomes(rad) == [("Kari Nes", "ny")]
    assert rad.oppsummering["tomme"] == 1


def test_the_paste_helper_and_the_reader_agree_on_a_cell_of_two_lines():
    lest = read_text(paste({**KARI, "enhet": "En\nTo"}))

    assert lest.rader[0][1][2] == "En\nTo"
