"""Every list that is sent in – units, people, tracks, kommuner – is opened by the one reader."""

import ast
import codecs
import io
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import openpyxl
import pytest

from kommuner.enhetsimport.aapning import open_kilde
from kommuner.kommuneimport.filer import read_files
from kommuner.tabellfil.celler import LeseFeil, clean
from laeringsloyper.folgefil import read_rader
from nettverk.folkeimport.tabell import open_table

LISTER: dict[str, tuple[Callable[[IO[bytes]], Any], list[str], list[list[str]]]] = {
    "enheter": (
        lambda fil: [list(r.verdier.values()) for r in open_kilde(fil).rader],
        ["Organisasjonsnummer", "Navn", "Kommune"],
        [["974760673", "Ærfuglen barnehage", "Averøy"]],
    ),
    "folk": (
        lambda fil: [celler for _nr, celler in open_table(fil).rader],
        ["Navn", "E-post", "Gruppe", "Rolle"],
        [["Bjørn-Åge Øye", "b@a.example", "Fagnettverket", "medlem"]],
    ),
    "loyper": (
        lambda fil: [[r.navn, r.loype, r.grunn] for r in read_rader(fil)],
        ["Enhet", "Læringsløype", "Begrunnelse"],
        [["Ærfuglen barnehage", "Språk på småbarn", "Vi ønsker det"]],
    ),
    "kommuner": (
        lambda fil: [
            [k.nummer, k.siste_navn, k.fra.isoformat(), k.til.isoformat() if k.til else ""]
            for k in read_files(fil).kommuner
        ],
        ["kommunenummer", "navn", "gyldig_fra", "gyldig_til"],
        [["1554", "Averøy på øya", "2020-01-01", "2024-01-01"]],
    ),
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def _csv(topp: list[str], rader: list[list[str]], skille: str = ";") -> str:
    return "\r\n".join(skille.join(rad) for rad in (topp, *rader)) + "\r\n"


@pytest.mark.parametrize("slag", LISTER)
@pytest.mark.parametrize(
    ("innhold", "sier"),
    [
        (b"", "Fila er tom"),
        (codecs.BOM_UTF8 + b"\r\n \r\n", "Fila er tom"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<html><table></table></html>", "nettside"),
        (_OLE, "eldre Excel-ark"),
        (_OLE + "EncryptedPackage".encode("utf-16-le"), "passord"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "ikke en tabell"),
        (b"PK\x03\x04 ikke en zip", "skadet"),
    ],
)
def test_what_is_no_list_is_refused_in_the_same_words_everywhere(slag, innhold, sier):
    les, _topp, _rader = LISTER[slag]

    with pytest.raises(LeseFeil, match=sier):
        les(io.BytesIO(innhold))


@pytest.mark.parametrize("slag", LISTER)
@pytest.mark.parametrize(
    "koding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman", "cp850", "dobbelt"]
)
def test_letters_are_read_right_however_they_were_written(slag: str, koding: str):
    les, topp, rader = LISTER[slag]
    tekst = _csv(topp, rader)
    dobbelt = tekst.encode().decode("cp1252", errors="replace").encode()
    innhold = dobbelt if koding == "dobbelt" else tekst.encode(koding)

    assert les(io.BytesIO(innhold)) == rader


@pytest.mark.parametrize("slag", LISTER)
@pytest.mark.parametrize("skille", [",", ";", "\t", "|"])
def test_a_title_above_and_any_separator(slag: str, skille: str):
    les, topp, rader = LISTER[slag]

    innhold = "Det vi har, per i dag\n\n" + _csv(topp, rader, skille)

    assert les(io.BytesIO(innhold.encode())) == rader


@pytest.mark.parametrize("slag", LISTER)
def test_the_sheet_with_the_list_is_found_and_merged_cells_hold_for_all_their_rows(slag: str):
    les, topp, (rad,) = LISTER[slag]
    bok = openpyxl.Workbook()
    bok.active.append(["Om lista"])
    ark = bok.create_sheet("Lista")
    ark.append(["Oversikt"])
    ark.append(topp)
    # The last cell is merged over both rows; where it must differ (a kommune), the first is another.
    andre = [rad[0].replace("1554", "1555"), *rad[1:-1], None]
    ark.append(rad)
    ark.append(andre)
    bokstav = openpyxl.utils.get_column_letter(len(topp))
    ark.merge_cells(f"{bokstav}3:{bokstav}4")
    ut = io.BytesIO()
    bok.save(ut)

    lest = les(ut)

    assert [r[-1] for r in lest] == [rad[-1], rad[-1]]


def test_a_heading_in_two_rows_is_known_for_people_too():
    innhold = "Person;;Hvor;\nNavn;E-post;Gruppe;Rolle\nKari Nes;k@a.example;FN;medlem\n"

    lest = open_table(io.BytesIO(innhold.encode()))

    assert list(lest.kjente.values()) == ["navn", "epost", "gruppe", "rolle"]
    assert lest.rader == [(3, ["Kari Nes", "k@a.example", "FN", "medlem"])]


def test_a_cell_is_plain_text():
    assert clean("A\x00B\u0301\ufeff\ud800 C") == "A B\u0301 C"
    assert clean(" En \r\n To\x07\n", linjeskift=True) == "En\nTo"
    assert clean(" En \r\n To ") == "En To"


def test_nobody_else_opens_a_spreadsheet_or_a_csv_file():
    """One way of reading lists; nothing else than the reader knows the formats."""
    rot = Path(__file__).resolve().parent.parent
    for fil in rot.glob("*/**/*.py"):
        navn = fil.relative_to(rot).as_posix()
        if navn.split("/")[0] not in {"kommuner", "nettverk", "laeringsloyper", "rolu"}:
            continue
        if navn.startswith("kommuner/tabellfil/"):
            continue
        kilde = fil.read_text()
        if "csv" in kilde or "load_workbook" in kilde:
            for node in ast.walk(ast.parse(kilde)):
                kalt = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
                assert kalt not in {"csv.reader", "csv.DictReader"}, navn
                assert not kalt.endswith("load_workbook"), navn
