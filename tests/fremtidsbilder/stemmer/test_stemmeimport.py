"""Voices from a spreadsheet: real workbooks, what each row becomes, and that they come in once."""

import io
import json
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fremtidsbilder.models import Bidrag, Stemmegruppe, Tankesmie
from fremtidsbilder.tankesmier import bidrag, temastemmer
from fremtidsbilder.tankesmier import stemmeimport as importen
from fremtidsbilder.tankesmier.stemmeark import MAKS_RADER, Stemmerad, make_template, read_rader
from kommuner.tabellfil.celler import LeseFeil
from nettverk.models import Person
from tests.fremtidsbilder.tankesmiefabrikk import BidragFactory, SporsmaalFactory, TankesmieFactory
from tests.kommuner.factories import KommuneFactory
from tests.nettverk.factories import enhetsleder, koordinator, nettverk_med_enhet
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db
HODE = ["Spørsmål", "Hvem", "Antall", "Om dem", "Kommune", "Tekst"]


@pytest.fixture
def tankesmie() -> Tankesmie:
    nettverk, _gruppe = nettverk_med_enhet()
    tankesmie = TankesmieFactory(nettverk=nettverk, frittstaaende=True)
    SporsmaalFactory(tankesmie=tankesmie, tekst="Hva er bra?", rekkefolge=1)
    SporsmaalFactory(tankesmie=tankesmie, tekst="Hva mangler?", rekkefolge=2)
    Stemmegruppe.objects.create(nettverk=nettverk, navn="Barn", er_barn=True)
    return tankesmie


@pytest.fixture
def leder(tankesmie) -> Client:
    return _som(koordinator(tankesmie.nettverk))


def _som(person) -> Client:
    klient = Client()
    klient.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return klient


def _url(tankesmie: Tankesmie, navn: str = "stemmeimport") -> str:
    return reverse(f"fremtidsbilder:{navn}", args=[tankesmie.nettverk.slug, tankesmie.pk])


def _bok(*rader: list[Any], flett: str = "") -> bytes:
    bok = openpyxl.Workbook()
    for rad in (HODE, *rader):
        bok.active.append(rad)
    if flett:
        bok.active.merge_cells(flett)
    ut = io.BytesIO()
    bok.save(ut)
    return ut.getvalue()


def _rad(tekst: Any = "Mer ute", *, spm: Any = "1", hvem="", antall: Any = "", om="", kommune=""):
    return [spm, hvem, antall, om, kommune, tekst]


def _les(innhold: bytes) -> list[Stemmerad]:
    return read_rader(io.BytesIO(innhold))


def _lest(tankesmie: Tankesmie, *rader: list[Any], flett: str = "") -> list[importen.Tolketrad]:
    return importen.interpret(tankesmie, _les(_bok(*rader, flett=flett)))


def _upload(leder: Client, tankesmie: Tankesmie, innhold: bytes, navn: str = "stemmer.xlsx"):
    return leder.post(_url(tankesmie), {"fil": SimpleUploadedFile(navn, innhold)})


def _confirm(leder: Client, tankesmie: Tankesmie, side):
    form = side.context["form"]
    felt = {"rader": json.dumps(form.initial["rader"]), "engang": form.initial["engang"]}
    return leder.post(_url(tankesmie), felt)


# --- from file to wall


def test_a_sheet_is_seen_row_by_row_and_comes_in_once(leder, tankesmie):
    kommune = tankesmie.nettverk.kommuner().get()
    innhold = _bok(
        _rad("Flere trær", spm="Hva er bra?", hvem="barn", antall=18, om="4–5 år"),
        _rad("Mer tid", spm=2, kommune=kommune.navn),
        _rad("Noe", spm="Hvem er du?"),
        _rad("Jeg heter Emma"),
    )
    side = _upload(leder, tankesmie, innhold)
    tekst = side.content.decode()
    assert side.status_code == 200
    assert "3 rader kommer inn" in tekst
    assert '<div role="status" tabindex="-1" data-kvittering>' in tekst
    assert "1 rad kan ikke brukes" in tekst
    assert "Tankesmia har ikke spørsmålet «Hvem er du?»." in tekst
    assert "Vises ikke før det er lest" in tekst
    assert not Bidrag.objects.exists()

    svar = _confirm(leder, tankesmie, side)
    kort = list(Bidrag.objects.order_by("pk"))
    assert [(k.tekst, k.sporsmaal.tekst, k.skjult, k.antall, k.om_hvem) for k in kort] == [
        ("Flere trær", "Hva er bra?", False, 18, "4–5 år"),
        ("Mer tid", "Hva mangler?", False, 1, ""),
        ("Jeg heter Emma", "Hva er bra?", True, 1, ""),
    ]
    assert [str(k.gruppe or "") for k in kort] == ["Barn", "", ""]
    assert [k.kommune_id for k in kort] == [None, kommune.pk, None]
    assert {k.kilde for k in kort} == {"regneark"}
    etterpaa = leder.get(svar["Location"]).content.decode()
    assert "3 bidrag er kommet inn." in etterpaa
    assert "data-kvittering" in etterpaa

    # The same page sent again, and the same file.
    _confirm(leder, tankesmie, side)
    igjen = _upload(leder, tankesmie, innhold)
    assert "Ingen rader i fila kommer inn." in igjen.content.decode()
    _confirm(leder, tankesmie, igjen)
    assert Bidrag.objects.count() == 3


def test_the_template_is_filled_in_and_comes_back(leder, tankesmie):
    svar = leder.get(_url(tankesmie, "stemmeimport_mal"))
    bok = openpyxl.load_workbook(
        io.BytesIO(b"".join(svar.streaming_content) if svar.streaming else svar.content)
    )
    side = bok.worksheets[0]
    assert [side.cell(2, 1).value, side.cell(3, 1).value] == ["Hva er bra?", "Hva mangler?"]
    assert "Barn" in str(list(bok.worksheets[1].values))
    side.cell(3, 6).value = "En sandkasse"
    ut = io.BytesIO()
    bok.save(ut)
    [rad] = importen.interpret(tankesmie, _les(ut.getvalue()))
    assert rad.kort.sporsmaal.tekst == "Hva mangler?"

    with pytest.raises(LeseFeil, match="Ingen rader"):
        _les(make_template(tankesmie))


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_bring_in_one_of_each(tankesmie):
    rader = _les(_bok(_rad("Trær"), _rad("Vann", antall=3)))

    def bring() -> int:
        egen = Tankesmie.objects.get(pk=tankesmie.pk)
        return sum(rad.utfall == importen.NY for rad in importen.bring_in(egen, rader))

    assert sorted(at_once(bring, bring, holding=tankesmie.sporsmaal.first())) == [0, 2]
    assert Bidrag.objects.count() == 2


# --- a row


@pytest.mark.parametrize(
    ("rad", "grunn"),
    [
        (_rad("", hvem="Barn"), "Teksten mangler"),
        (_rad("\u200b\u200b"), "Teksten mangler"),
        (_rad("x" * 1001), "for lang"),
        (_rad("x" * 32_000), "for lang"),
        (_rad(spm=""), "hvilket spørsmål"),
        (_rad(spm="3"), "ikke spørsmålet"),
        (_rad(hvem="Romvesen"), "ikke gruppa «Romvesen»"),
        (_rad(kommune="Atlantis"), "ikke kommunen «Atlantis»"),
        (_rad(antall="mange"), "helt tall"),
        (_rad(antall=0), "helt tall"),
        (_rad(antall=2.5), "helt tall"),
        (_rad(antall=10**9), "helt tall"),
        (_rad(om="x" * 81), "Om dem"),
    ],
)
def test_what_is_wrong_with_a_row_is_told(tankesmie, rad, grunn):
    [lest] = _lest(tankesmie, rad)
    assert (lest.utfall, lest.kort) == (importen.FEIL, None)
    assert grunn in lest.grunn


def test_a_kommune_that_left_or_of_another_network_is_unknown(tankesmie):
    KommuneFactory(navn="Langtvekkistan")
    [lest] = _lest(tankesmie, _rad(kommune="Langtvekkistan"))
    assert lest.utfall == importen.FEIL


def test_script_emoji_and_arabic_are_what_was_said(tankesmie):
    tekster = ["<script>alert(1)</script>", "Trær 🌳", "مزيد من اللعب", "+47 er et nummer"]
    assert [r.kort.tekst for r in _lest(tankesmie, *map(_rad, tekster))] == tekster


def _with_answers(innhold: bytes, **svar: str) -> bytes:
    """As Excel saves it: openpyxl keeps the formula without what it shows."""
    inn, ut = zipfile.ZipFile(io.BytesIO(innhold)), io.BytesIO()
    with zipfile.ZipFile(ut, "w", zipfile.ZIP_DEFLATED) as ny:
        for navn in inn.namelist():
            data = inn.read(navn)
            if navn == "xl/worksheets/sheet1.xml":
                for celle, vist in svar.items():
                    data = re.sub(
                        rf'(<c r="{celle}")([^>]*>)(<f>[^<]*</f>)(?:<v\s*/>|<v></v>)'.encode(),
                        rf'\1 t="str"\2\3<v>{vist}</v>'.encode(),
                        data,
                    )
            ny.writestr(navn, data)
    return ut.getvalue()


def test_hidden_signs_that_turn_a_text_around_are_left_out_and_it_comes_in_once(tankesmie):
    rader = _les(_bok(_rad("Mer \u202eetu")))
    importen.bring_in(tankesmie, rader)
    assert Bidrag.objects.get().tekst == "Mer etu"
    Bidrag.objects.update(nokkel=None)
    assert importen.bring_in(tankesmie, rader)[0].utfall == importen.FINNES


def test_a_formula_without_an_answer_is_told_and_is_no_voice(tankesmie):
    lest = _lest(tankesmie, _rad("=A1&B1"), _rad("Trær", antall="=1+1"))
    for rad in lest:
        assert rad.utfall == importen.FEIL
        assert "formel uten resultat" in rad.grunn


def test_what_a_formula_shows_comes_in_and_is_told(tankesmie):
    innhold = _with_answers(_bok(_rad("=A1&B1"), _rad("=A9")), F2="Flere trær", F3="#REF!")
    vist, feil = importen.interpret(tankesmie, _les(innhold))
    assert vist.kort.tekst == "Flere trær"
    assert "formel" in vist.merknader[0]
    assert feil.utfall == importen.FEIL


def test_merged_cells_are_read_and_told(tankesmie):
    ned = _lest(tankesmie, _rad("Trær", hvem="Barn"), _rad("Vann"), flett="B2:B3")
    assert [str(r.kort.gruppe) for r in ned] == ["Barn", "Barn"]
    assert all("flettede" in r.merknader[0] for r in ned)

    [bort] = _lest(tankesmie, ["1", "", "", "Trær og vann", "", "x"], flett="D2:F2")
    assert bort.utfall == importen.FEIL
    assert "flettede" in bort.grunn


def test_a_text_merged_over_two_rows_is_one_voice(tankesmie):
    en, to = _lest(tankesmie, _rad("Trær"), _rad(""), flett="F2:F3")
    assert (en.utfall, to.utfall) == (importen.NY, importen.FINNES)


def test_two_who_say_the_same_are_two_and_a_group_that_says_it_twice_is_one(tankesmie):
    lest = _lest(
        tankesmie,
        _rad("Ute"),
        _rad("Ute"),
        _rad("Ute", antall=18),
        _rad("Ute", antall=18),
    )
    assert [r.utfall for r in lest] == ["ny", "ny", "ny", "finnes"]
    importen.bring_in(tankesmie, [r.filrad for r in lest])
    assert Bidrag.objects.count() == 3
    assert {r.utfall for r in importen.bring_in(tankesmie, [r.filrad for r in lest])} == {"finnes"}


def test_what_somebody_typed_before_is_not_brought_in_again(tankesmie):
    BidragFactory(sporsmaal=tankesmie.sporsmaal.first(), tekst="Trær", kilde="papir")
    assert [r.utfall for r in _lest(tankesmie, _rad("Trær"), _rad("Trær"))] == ["finnes", "ny"]


def test_what_was_erased_does_not_come_back_with_the_same_file(tankesmie):
    rader = _les(_bok(_rad("Emma er så snill")))
    importen.bring_in(tankesmie, rader)
    kort = Bidrag.objects.get()
    bidrag.erase(kort.sporsmaal, [kort.pk])
    [igjen] = importen.bring_in(tankesmie, rader)
    assert igjen.utfall == importen.FINNES
    assert not Bidrag.objects.exclude(tekst="").exists()


def test_the_same_children_in_several_rows_count_once(tankesmie):
    rader = [
        _rad("Trær", hvem="Barn", antall=18, om="4–5 år"),
        _rad("Vann", spm=2, hvem="Barn", antall=18, om="4–5 år"),
        _rad("Lys", hvem="Barn", antall=18, om="3 år"),
        _rad("Ro", hvem="Barn"),
    ]
    importen.bring_in(tankesmie, _les(_bok(*rader)))
    assert temastemmer.count(Bidrag.objects.all()).setning == "37 stemmer: 37 barn"


def test_who_names_one_who_works_in_the_network_is_told_of_and_waits(tankesmie):
    ansatt = koordinator(tankesmie.nettverk)
    Person.objects.filter(pk=ansatt.pk).update(navn="Kari Nordmann")
    med, uten = _lest(tankesmie, _rad("Kari Nordmann er streng"), _rad("Læreren er streng"))
    assert "Kari Nordmann" in med.merknader[0]
    assert (med.utfall, med.kort.skjult, uten.merknader) == (importen.NY, True, [])
    assert not uten.kort.skjult


# --- a file


def _upload_says(leder: Client, tankesmie: Tankesmie, innhold: bytes, navn: str) -> str:
    svar = _upload(leder, tankesmie, innhold, navn)
    assert svar.status_code == 422
    assert not Bidrag.objects.exists()
    return svar.content.decode()


def test_one_row_too_many(leder, tankesmie):
    full = [_rad(f"Nummer {n}") for n in range(MAKS_RADER)]
    assert len(_les(_bok(*full))) == MAKS_RADER
    sagt = _upload_says(leder, tankesmie, _bok(*full, _rad("For mye")), "stemmer.xlsx")
    assert "mer enn 500 rader" in sagt


@pytest.mark.parametrize(
    ("innhold", "navn", "sagt"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "stemmer.xlsx", "eldre Excel-ark"),
        (b"%PDF-1.7\n" + b"x" * 200, "stemmer.xlsx", "PDF"),
        (b"PK\x03\x04" + b"\0" * 300, "stemmer.xlsx", "skadet"),
        (b"", "stemmer.xlsx", "tom"),
        (b"Navn;Alder\nA;3\n", "stemmer.csv", "tekst"),
    ],
)
def test_another_kind_of_file_is_told(leder, tankesmie, innhold, navn, sagt):
    assert sagt in _upload_says(leder, tankesmie, innhold, navn)


def test_a_file_that_grows_beyond_all_bounds_is_not_opened(leder, tankesmie):
    ut = io.BytesIO(_bok(_rad()))
    with zipfile.ZipFile(ut, "a", zipfile.ZIP_DEFLATED) as bok:
        bok.writestr("xl/sharedStrings2.xml", b" " * 40_000_000)
    assert "for stort" in _upload_says(leder, tankesmie, ut.getvalue(), "stemmer.xlsx")


def test_csv_is_read_as_well(leder, tankesmie):
    innhold = "spørsmål;hvem;tekst\n1;Barn;Flere trær\n".encode("cp1252")
    side = _upload(leder, tankesmie, innhold, "stemmer.csv")
    _confirm(leder, tankesmie, side)
    assert Bidrag.objects.get().tekst == "Flere trær"


def test_rows_that_somebody_made_up_are_not_trusted(leder, tankesmie):
    for rader in (
        "[1]",
        '[{"rad": 1, "tekst": 5}]',
        '[{"rad": "1"}]',
        "{}x",
        '[{"rad":1,"x":2}]',
        "5",
    ):
        svar = leder.post(_url(tankesmie), {"rader": rader})
        assert svar.status_code == 302
    for_mange = json.dumps([{"rad": n, "tekst": "x"} for n in range(MAKS_RADER + 1)])
    leder.post(_url(tankesmie), {"rader": for_mange})
    assert not Bidrag.objects.exists()


def test_many_rows_ask_no_more_of_the_database(tankesmie):
    def asked(n: int) -> int:
        rader = _les(_bok(*(_rad(f"Nummer {nr}", hvem="Barn") for nr in range(n))))
        with CaptureQueriesContext(connection) as spurt:
            importen.interpret(tankesmie, rader)
        return len(spurt)

    assert asked(1) == asked(200)


def test_the_leader_of_another_unit_does_not_find_it():
    nettverk, gruppe = nettverk_med_enhet()
    _annet, annen = nettverk_med_enhet()
    annen.nettverk = nettverk
    annen.save()
    egen = TankesmieFactory(
        nettverk=nettverk, frittstaaende=True, nivaa="enhet", enhet=gruppe.enhet
    )
    SporsmaalFactory(tankesmie=egen)
    for navn in ("stemmeimport", "stemmeimport_mal"):
        assert _som(enhetsleder(gruppe)).get(_url(egen, navn)).status_code == 200
        assert _som(enhetsleder(annen)).get(_url(egen, navn)).status_code in {403, 404}
