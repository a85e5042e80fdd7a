"""All kommuner from SSB's files or its API: names and numbers per date, and nothing twice."""

import datetime
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kommuner.gyldighet import periode
from kommuner.kommuneimport.filer import read_files
from kommuner.kommuneimport.inndeling import Inndelingskilde
from kommuner.kommuneimport.klass import IkkeSvar, fetch
from kommuner.kommuneimport.skriving import compare, write
from kommuner.lasting import load_kommuner
from kommuner.models import Kommune, Kommuneendring, Kommunenavn
from kommuner.tabellfil.celler import LeseFeil
from tests.samtidig import at_once, kinds

# Three that became one, one that was renamed, one that got a new number twice, and one divided again.
KOMMUNER = """\
kommunenummer,navn,gyldig_fra,gyldig_til,organisasjonsnummer
0901,Vesle,1964-01-01,2020-01-01,
0902,Midtre,1964-01-01,2020-01-01,
0903,Søre,1964-01-01,2020-01-01,
0990,Store,2020-01-01,2024-01-01,911111111
0991,Store,2024-01-01,,
0992,Søre,2024-01-01,,
0950,Fjell,1964-01-01,2023-01-01,
0950,Fjell - Várri,2023-01-01,,922222222
0101,Gammelby,1838-01-01,2020-01-01,
3001,Gammelby,2020-01-01,2024-01-01,
3101,Gammelby,2024-01-01,,
"""
ENDRINGER = """\
dato,fra_kommunenummer,til_kommunenummer
2020-01-01,0901,0990
2020-01-01,0902,0990
2020-01-01,0903,0990
2024-01-01,0990,0991
2024-01-01,0990,0992
2020-01-01,0101,3001
2024-01-01,3001,3101
2023-01-01,0950,0950
2020-01-01,7777,8888
"""


def _kilde(kommuner: str = KOMMUNER, endringer: str = ENDRINGER) -> Inndelingskilde:
    return read_files(io.BytesIO(kommuner.encode()), io.BytesIO(endringer.encode()))


def _dag(aar: int) -> datetime.date:
    return datetime.date(aar, 1, 1)


def _names(aar: int) -> list[str]:
    return sorted(
        Kommune.objects.gyldig(_dag(aar)).with_navn(_dag(aar)).values_list("navn_da", flat=True)
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("aar", "navn"),
    [
        (2018, ["Fjell", "Gammelby", "Midtre", "Søre", "Vesle"]),
        (2020, ["Fjell", "Gammelby", "Store"]),
        (2024, ["Fjell – Várri", "Gammelby", "Store", "Søre"]),
    ],
)
def test_names_and_numbers_follow_the_date(aar: int, navn: list[str]):
    write(_kilde())

    assert _names(aar) == navn


@pytest.mark.django_db
def test_what_kind_of_change_it_was_is_counted():
    write(_kilde())

    typer = {
        (e.fra.kommunenummer, e.til.kommunenummer): e.type
        for e in Kommuneendring.objects.select_related("fra", "til")
    }
    assert typer == {
        ("0901", "0990"): "sammenslaaing",
        ("0902", "0990"): "sammenslaaing",
        ("0903", "0990"): "sammenslaaing",
        ("0990", "0991"): "deling",
        ("0990", "0992"): "deling",
        ("0101", "3001"): "nytt_nummer",
        ("3001", "3101"): "nytt_nummer",
    }


@pytest.mark.django_db
def test_written_twice_nothing_changes_and_the_unknown_number_is_told():
    foerste = write(_kilde())
    navn = list(Kommunenavn.objects.order_by("pk").values_list("pk", flat=True))

    andre = compare(_kilde())

    assert len(foerste.nye) == 10
    assert not andre
    assert andre.uendret == 10
    assert [e.til for e in andre.ukjente] == ["8888"]
    assert list(Kommunenavn.objects.order_by("pk").values_list("pk", flat=True)) == navn


@pytest.mark.django_db
def test_what_differs_is_told_before_it_is_written_and_the_border_is_kept():
    write(_kilde())
    grense = {"type": "MultiPolygon", "coordinates": []}
    Kommune.objects.filter(kommunenummer="0950").update(grense=grense, organisasjonsnummer="9")
    nyere = KOMMUNER.replace("0992,Søre,2024-01-01,,", "0992,Søre,2024-01-01,2027-01-01,")

    forskjell = compare(_kilde(nyere))

    assert {e.rad.nummer: e.hva for e in forskjell.endrede} == {
        "0950": ["organisasjonsnummer: 922222222"],
        "0992": ["gjelder: 1. januar 2024– → 1. januar 2024–31. desember 2026"],
    }
    write(_kilde(nyere))
    assert Kommune.objects.get(kommunenummer="0950").grense == grense
    assert Kommune.objects.get(kommunenummer="0992").til == _dag(2027)


@pytest.mark.django_db
def test_an_older_file_does_not_undo_what_a_newer_one_told():
    write(_kilde())
    eldre = KOMMUNER.replace("0990,Store,2020-01-01,2024-01-01,", "0990,Store,2020-01-01,,")

    forskjell = write(_kilde(eldre, "dato,fra_kommunenummer,til_kommunenummer\n"))

    assert [k.kommunenummer for k in forskjell.nyere] == ["0990"]
    assert Kommune.objects.get(kommunenummer="0990").til == _dag(2024)


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_write_it_once():
    svar = at_once(lambda: write(_kilde()), lambda: write(_kilde()))

    assert kinds(svar) == ["ok", "ok"]
    assert sorted(len(s.nye) for s in svar) == [0, 10]


@pytest.mark.parametrize(
    ("linje", "grunn"),
    [
        ("kommunenummer,navn\n0901,Vesle", "mangler kolonnen gyldig_fra, gyldig_til"),
        ("0901x,Vesle,2020-01-01,", "Rad 2: «0901x» er ikke et kommunenummer"),
        ("0901,Vesle,1.1.2020,", "Rad 2: «1.1.2020» er ikke en dato"),
        ("0901,Vesle,2020-01-01,2019-01-01", "Rad 2: perioden slutter før den begynner"),
        ("0901,,2020-01-01,", "Rad 2: navnet mangler"),
        ("0901,Vesle,2020-01-01,,12", "Rad 2: organisasjonsnummeret"),
        (
            "0901,Vesle,2020-01-01,\n0902,Store,2020-01-01,\n0901,Litle,2021-01-01,",
            "Rad 4: perioden overlapper den i rad 2, for kommune 0901",
        ),
        (
            "0901,Vesle,2020-01-01,2024-01-01\n0901,Vesle,2019-01-01,2020-01-02",
            "Rad 3: perioden overlapper den i rad 2",
        ),
        ("0901,=A1,2020-01-01,", "Rad 2: «=A1» er ikke et navn"),
        ("0901,#REF!,2020-01-01,", "Rad 2: «#REF!» er ikke et navn"),
        ("", "Fila har ingen kommuner"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(linje: str, grunn: str):
    topp = "" if linje.startswith("kommunenummer") else KOMMUNER.partition("\n")[0] + "\n"

    with pytest.raises(LeseFeil, match=grunn):
        read_files(io.BytesIO((topp + linje).encode()))


def test_a_file_saved_by_norwegian_excel_is_read():
    lagret = (
        KOMMUNER.replace(",", ";").replace("0901", "901").replace(" - Várri", "").encode("cp1252")
    )

    kilde = read_files(io.BytesIO(lagret))

    assert [k.nummer for k in kilde.kommuner if k.siste_navn == "Vesle"] == ["0901"]
    assert "Søre" in [k.siste_navn for k in kilde.kommuner]


# --- SSB's API, as a server that speaks it


class _Klass(ThreadingHTTPServer):
    """Answers as KLASS does; `svar` may be put in place of an answer, and `spurt` is what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Svarer)
        self.svar: dict[str, tuple[int, bytes]] = {}
        self.spurt: list[tuple[str, dict[str, list[str]]]] = []

    @property
    def adresse(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api/klass/v1"


class _Svarer(BaseHTTPRequestHandler):
    server: _Klass

    def do_GET(self) -> None:
        deler = urlsplit(self.path)
        spurt = parse_qs(deler.query)
        self.server.spurt.append((deler.path, spurt))
        hva = deler.path.rpartition("/")[2]
        status, kropp = self.server.svar.get(hva) or (200, json.dumps(_answer(hva, spurt)).encode())
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(kropp)

    def log_message(self, *args: Any) -> None:
        pass


def _answer(hva: str, spurt: dict[str, list[str]]) -> dict[str, Any]:
    [fra], [til] = spurt["from"], spurt["to"]
    if hva == "changes":
        rader = [linje.split(",") for linje in ENDRINGER.splitlines()[1:-1]]
        return {
            "codeChanges": [
                {"oldCode": f, "oldName": "", "newCode": t, "newName": "", "changeOccurred": dato}
                for dato, f, t in rader
            ]
        }
    rader = [linje.split(",") for linje in KOMMUNER.splitlines()[1:]]
    koder = [
        {
            "code": nummer,
            "parentCode": None,
            "level": "1",
            "name": navn,
            "validFrom": None,
            "validTo": None,
            "validFromInRequestedRange": max(fra, fra_),
            "validToInRequestedRange": min(til, til_ or til),
        }
        for nummer, navn, fra_, til_, _orgnr in rader
    ]
    uoppgitt = {**koder[0], "code": "9999", "name": "Uoppgitt", "validToInRequestedRange": til}
    return {"codes": [*koder, uoppgitt]}


@pytest.fixture
def klass(settings: Any) -> Iterator[_Klass]:
    server = _Klass()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SSB_KLASS_ADRESSE = server.adresse
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
def test_what_ssb_answers_is_the_same_as_the_files(klass: _Klass):
    sagt: list[int] = []

    kilde = fetch(til=_dag(2027), report=lambda prosent, _tekst: sagt.append(prosent))
    write(kilde)

    assert [sti.rpartition("/131/")[2] for sti, _sporsmaal in klass.spurt] == ["codes", "changes"]
    assert klass.spurt[0][1]["from"] == ["2017-01-01"]
    assert sagt == [10, 60, 90]
    assert _names(2018) == ["Fjell", "Gammelby", "Midtre", "Søre", "Vesle"]
    assert _names(2024) == ["Fjell – Várri", "Gammelby", "Store", "Søre"]
    assert Kommune.objects.get(kommunenummer="3101").til is None
    assert not Kommune.objects.filter(kommunenummer="9999").exists()
    assert not compare(fetch(til=_dag(2028)))


@pytest.mark.django_db
def test_a_beginning_before_what_ssb_was_asked_about_is_kept(klass: _Klass):
    write(_kilde())

    forskjell = compare(fetch(til=_dag(2027)))

    assert not forskjell
    assert Kommune.objects.get(kommunenummer="0101").fra == _dag(1838)


@pytest.mark.django_db
def test_the_kommuner_that_are_loaded_with_a_network_are_left_by_what_ssb_says_the_same_of(
    klass: _Klass,
):
    load_kommuner()
    foer = Kommune.objects.get(kommunenummer="1845")
    klass.svar["codes"] = (
        200,
        json.dumps(
            {
                "codes": [
                    {
                        "code": "1845",
                        "name": navn,
                        "validFromInRequestedRange": fra,
                        "validToInRequestedRange": til,
                    }
                    for navn, fra, til in [
                        ("Sørfold", "2017-01-01", "2024-01-01"),
                        ("Sørfold - Fuolldá", "2024-01-01", "2027-01-01"),
                    ]
                ]
            }
        ).encode(),
    )
    klass.svar["changes"] = (200, b'{"codeChanges": []}')

    assert not compare(fetch(til=_dag(2027)))
    assert foer.gyldig == periode(_dag(1964))


@pytest.mark.parametrize(
    ("status", "kropp", "grunn"),
    [
        (500, b"", r"SSB svarte ikke som ventet \(500\)"),
        (200, b"<html>", "noe vi ikke kan lese"),
        (200, b'{"codes": [{"code": "1"}]}', "noe vi ikke kan lese"),
        (200, b'{"codes": []}', "noe vi ikke kan lese"),
        (200, b'{"codes": {}}', "noe vi ikke kan lese"),
    ],
)
def test_an_answer_of_another_kind_is_told_in_plain_words(
    klass: _Klass, status: int, kropp: bytes, grunn: str
):
    klass.svar["codes"] = (status, kropp)

    with pytest.raises(IkkeSvar, match=grunn):
        fetch(til=_dag(2027))


def test_ssb_that_is_not_reached_is_told_with_what_one_can_do(settings: Any):
    settings.SSB_KLASS_ADRESSE = "http://127.0.0.1:9/klass"

    with pytest.raises(IkkeSvar, match=r"Vi når ikke SSB herfra.*last opp filene"):
        fetch(til=_dag(2027))
