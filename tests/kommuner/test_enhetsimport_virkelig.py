"""Files as people and registers really send them: pages, headings, letters, likely the same, divisions."""

import datetime
import io
import json

import openpyxl
import pytest

from kommuner.enhetsimport.aapning import open_kilde
from kommuner.enhetsimport.deling import place, undecided
from kommuner.enhetsimport.inndeling import Inndeling
from kommuner.enhetsimport.kilde import Kilde, Raarad
from kommuner.enhetsimport.kolonner import KJENTE
from kommuner.enhetsimport.sammenligning import Endringsslag, Importutfall, assess
from kommuner.enhetsimport.skriving import write
from kommuner.enhetsimport.tolking import Post, Rammer, Tolker
from kommuner.enhetsimport.udir import join
from kommuner.gyldighet import periode
from kommuner.models import Enhet, Kommune, Kommuneendring, Plassering
from kommuner.tabellfil.celler import LeseFeil
from kommuner.tabellfil.tegn import is_broken, repair
from tests.kommuner.factories import EnhetFactory, KommuneFactory, gyldig_orgnr

PER = datetime.date(2026, 3, 1)
UTGAATT = {"Id": "A", "Navn": "Ingen utgåttype"}


def _les(innhold: bytes, **valg: str) -> Kilde:
    return open_kilde(io.BytesIO(innhold), valg)


def _side(nr: int, *navn: str, av: int = 2) -> bytes:
    enheter = [
        {
            "Organisasjonsnummer": gyldig_orgnr(100 * nr + n),
            "Navn": x,
            "ErAktiv": True,
            "ErBarnehage": True,
        }
        for n, x in enumerate(navn)
    ]
    return json.dumps({"AntallSider": av, "Sidenummer": nr, "EnhetListe": enheter}).encode()


# --- the registers' JSON


@pytest.mark.parametrize(
    ("felt", "nedlagt"),
    [
        ({"ErAktiv": True, "Utgaattype": UTGAATT}, False),
        ({"Utgaattype": UTGAATT}, False),
        ({"Utgaattype": "Ingen utgåttype"}, False),
        ({"Utgaattype": {"Id": "N", "Navn": "Nedlagt"}}, True),
        ({"ErAktiv": False, "Utgaattype": UTGAATT}, True),
        ({"UtgaattDato": "2023-08-01", "Utgaattype": None}, True),
    ],
)
def test_active_units_have_a_kind_of_closing_too(felt: dict, nedlagt: bool):
    enhet = {"Organisasjonsnummer": "975310140", "Navn": "Dale", "ErBarnehage": True, **felt}

    (rad,) = _les(json.dumps([enhet]).encode()).rader

    assert bool(rad.avvist and rad.avvist[0] == "nedlagt") is nedlagt


def test_a_page_of_a_longer_list_says_what_it_lacks():
    assert _les(_side(1, "Sol")).mangler_sider == (1, 2)


def test_several_pages_become_one_list_and_a_page_given_twice_counts_once():
    sider = [io.BytesIO(s) for s in (_side(1, "Sol"), _side(2, "Regn"), _side(1, "Sol"))]

    kilde = _les(join(sider))

    assert ([r.verdier["navn"] for r in kilde.rader], kilde.mangler_sider) == (
        ["Sol", "Regn"],
        None,
    )


def test_only_pages_of_a_register_are_taken_together():
    with pytest.raises(LeseFeil, match="én om gangen"):
        join([io.BytesIO(_side(1, "Sol")), io.BytesIO(b"navn;kommune\n")])


# --- headings


def test_headings_are_known_in_three_languages_and_shortened():
    overskrifter = ["Org. nr.", "Skulenamn", "Kommune", "Ant. barn", "Tal på tilsette"]
    engelske = ["Organisation number", "Unit name", "Municipality", "Number of children", "Staff"]
    kjente = ["organisasjonsnummer", "navn", "kommunenavn", "antall_barn", "antall_ansatte"]

    assert list(KJENTE.recognise(overskrifter).values()) == kjente
    assert list(KJENTE.recognise(engelske).values()) == kjente
    assert list(KJENTE.recognise(["Antall barn (15.12.2025)"]).values()) == ["antall_barn"]


def test_headings_may_stand_in_two_rows_below_a_title():
    kilde = _les(
        "Våre barnehager;;;\nKommune;Navn;Antall;\n;;barn;tilsette\nAure;Sol;12;3\n".encode()
    )

    (rad,) = kilde.rader
    assert rad.verdier == {
        "kommunenavn": "Aure",
        "navn": "Sol",
        "antall_barn": "12",
        "antall_ansatte": "3",
    }


def test_a_cell_merged_downwards_counts_for_every_row_it_covers():
    bok = openpyxl.Workbook()
    ark = bok.active
    for rad in (["Kommune", "Navn"], ["Aure", "Sol"], [None, "Regn"], ["Smøla", "Snø"]):
        ark.append(rad)
    ark.merge_cells("A2:A3")
    ut = io.BytesIO()
    bok.save(ut)

    rader = list(_les(ut.getvalue()).rader)

    assert [r.verdier["kommunenavn"] for r in rader] == ["Aure", "Aure", "Smøla"]


def test_what_people_have_said_of_a_heading_is_used():
    kilde = _les(b"Hvor;Hvem;Notat\nAure;Sol;x\n", hvor="kommunenavn", hvem="navn", notat="")

    assert (kilde.kjente, kilde.ukjente, kilde.mangler) == ({0: "kommunenavn", 1: "navn"}, {}, [])


# --- letters


@pytest.mark.parametrize("koding", ["utf-8", "cp1252", "mac_roman", "cp850"])
def test_the_whole_file_decides_how_its_letters_are_read(koding: str):
    tekst = "navn;kommune\nBjørnehi på Averøy;Averøy\nBæverfjord;Ålesund\n"

    rader = list(_les(tekst.encode(koding)).rader)

    assert [r.verdier["navn"] for r in rader] == ["Bjørnehi på Averøy", "Bæverfjord"]


@pytest.mark.parametrize("feil", ["cp1252", "latin-1", "mac_roman"])
def test_a_file_that_was_read_wrongly_once_is_read_right(feil: str):
    vridd = "navn;kommune\nBjørnehi på Averøy;Averøy\n".encode().decode(feil).encode()

    kilde = _les(vridd)

    assert [r.verdier["navn"] for r in kilde.rader] == ["Bjørnehi på Averøy"]
    assert kilde.tegn == "dobbelt"


@pytest.mark.parametrize("tekst", ["BjÃ¸rn", "MÃ¥l", "K√•re", "Averˆy", "Aver\ufffdy", "SÊtra"])
def test_broken_letters_are_recognised(tekst: str):
    assert is_broken(tekst)


@pytest.mark.parametrize(
    "tekst", ["Bjørn", "Hábmer – Hamarøy", "Sørfold - Fuolldá", "Café «Åse»", "Fátmmunstállu"]
)
def test_whole_letters_are_not_called_broken(tekst: str):
    assert not is_broken(tekst)


def test_a_repair_is_proposed_where_one_can_be():
    assert (repair("BjÃ¸rn"), repair("Aver\ufffdy")) == ("Bjørn", "")


# --- a row


def _rammer(*kommuner: Kommune, per: datetime.date = PER) -> Rammer:
    return Rammer(
        per=per,
        aar=per.year,
        inndeling=Inndeling.fetch(),
        kommuner=frozenset(k.pk for k in kommuner),
        type="barnehage",
    )


def _post(kommune: Kommune, **felt: object) -> Post:
    standard = {
        "rad": 2,
        "navn": "Sol barnehage",
        "kommune_id": kommune.pk,
        "kommunenummer": kommune.kommunenummer,
        "type": "barnehage",
        "eierform": "kommunal",
    }
    return Post(**{**standard, **felt})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "skrevet", ["NO 974 760 673 MVA", "974760673.0", "974 760 673", "974.760.673"]
)
def test_numbers_are_read_as_people_write_them(skrevet: str):
    kommune = KommuneFactory(kommunenummer="0301", navn="Oslo")
    verdier = {"organisasjonsnummer": skrevet, "navn": "Sol", "kommunenummer": "301.0"}

    post = Tolker(_rammer(kommune)).interpret(Raarad(2, verdier, []))

    assert isinstance(post, Post)
    assert (post.organisasjonsnummer, post.kommune_id) == ("974760673", kommune.pk)


@pytest.mark.django_db
def test_the_kommune_may_be_told_by_name_and_an_unknown_one_is_collected():
    kommune = KommuneFactory(navn="Hábmer - Hamarøy")
    tolker = Tolker(_rammer(kommune))

    post = tolker.interpret(Raarad(2, {"navn": "Sol", "kommunenavn": "HAMARØY KOMMUNE"}, []))
    ukjent = {"navn": "Regn", "kommunenummer": "1811", "kommunenavn": "Bindal"}
    feil = tolker.interpret(Raarad(3, ukjent, []))

    assert isinstance(post, Post)
    assert post.kommune_id == kommune.pk
    assert isinstance(feil, list)
    assert feil[0].kode == "kommunenummer"
    assert tolker.ukjente_kommuner == {"1811": "Bindal"}


# --- likely the same


@pytest.mark.django_db
def test_a_unit_under_another_number_is_asked_about_and_never_doubled():
    kommune = KommuneFactory()
    kjent = EnhetFactory(
        kommune=kommune, navn="Sol Barnehage SA", organisasjonsnummer=None, nsr_id="1016480"
    )
    post = _post(kommune, organisasjonsnummer=gyldig_orgnr(9000))

    (svar,) = assess([post], _rammer(kommune))

    assert (svar.utfall, [k.enhet_id for k in svar.kandidater]) == (Importutfall.SPOR, [kjent.pk])
    assert write([post], _rammer(kommune))[0].feil[0].kode == "ubesvart"
    assert Enhet.objects.count() == 1


@pytest.mark.django_db
def test_the_same_unit_gets_the_number_and_a_new_one_is_made_when_that_is_answered():
    kommune = KommuneFactory()
    kjent = EnhetFactory(
        kommune=kommune, navn="Sol barnehage", organisasjonsnummer=None, nsr_id="1016480"
    )

    write(
        [_post(kommune, organisasjonsnummer=gyldig_orgnr(9000), samme_som=kjent.pk)],
        _rammer(kommune),
    )
    write([_post(kommune, organisasjonsnummer=gyldig_orgnr(9001), er_ny=True)], _rammer(kommune))

    kjent.refresh_from_db()
    assert (kjent.organisasjonsnummer, Enhet.objects.count()) == (gyldig_orgnr(9000), 2)


@pytest.mark.django_db
def test_a_row_without_numbers_is_the_unit_of_that_name_in_the_kommune():
    kommune = KommuneFactory()
    kjent = EnhetFactory(kommune=kommune, navn="Blåbærlia barnehage")

    lik, ukjent = assess(
        [_post(kommune, navn="BLÅBÆRLIA BARNEHAGE"), _post(kommune, rad=3, navn="Regn")],
        _rammer(kommune),
    )

    assert (lik.enhet, ukjent.utfall) == (kjent, Importutfall.AVVIST)


@pytest.mark.django_db
def test_broken_letters_are_no_change_of_name():
    kommune = KommuneFactory()
    kjent = EnhetFactory(kommune=kommune, navn="Bjørnehi")
    rad = Raarad(
        2,
        {
            "organisasjonsnummer": kjent.organisasjonsnummer,
            "navn": "BjÃ¸rnehi",
            "kommunenummer": kommune.kommunenummer,
        },
        [],
    )

    post = Tolker(_rammer(kommune)).interpret(rad)

    assert isinstance(post, Post)
    assert assess([post], _rammer(kommune))[0].utfall == Importutfall.UENDRET


# --- owners, in time


@pytest.mark.django_db
def test_a_new_owner_is_a_change_of_its_own_and_the_old_one_stands_for_the_time_before():
    kommune = KommuneFactory()
    kjent = EnhetFactory(kommune=kommune, navn="Sol barnehage", eierform="kommunal", eier="")
    nummer = kjent.organisasjonsnummer
    i_fjor = datetime.date(2025, 1, 1)
    write([_post(kommune, organisasjonsnummer=nummer)], _rammer(kommune, per=i_fjor))
    post = _post(kommune, organisasjonsnummer=nummer, eierform="privat", eier="Sol AS")

    (svar,) = write([post], _rammer(kommune))

    assert {e.slag for e in svar.endringer} == {Endringsslag.EIER}

    def da(dato: datetime.date) -> tuple[str, str]:
        rad = Enhet.objects.with_eier(dato).get()
        return rad.eierform_da, rad.eier_da

    assert da(datetime.date(2024, 1, 1)) == ("", "")
    assert da(i_fjor) == ("kommunal", "")
    assert da(PER) == ("privat", "Sol AS")


# --- a kommune that was divided


@pytest.mark.django_db
def test_units_of_a_divided_kommune_are_asked_about_once():
    dag = datetime.date(2024, 1, 1)
    gammel = KommuneFactory(navn="Ålesund", gyldig=periode(datetime.date(2020, 1, 1), dag))
    deler = [KommuneFactory(navn=navn, gyldig=periode(dag)) for navn in ("Ålesund", "Haram")]
    for del_ in deler:
        Kommuneendring.objects.create(fra=gammel, til=del_, dato=dag, type="deling")
    enhet = EnhetFactory(kommune=gammel)
    Plassering.objects.filter(enhet=enhet).update(gyldig=periode(datetime.date(2020, 1, 1), dag))

    (delt,) = undecided([gammel.pk], Inndeling.fetch())
    assert (delt.enhet, {d.navn for d in delt.deler}) == (enhet, {"Ålesund", "Haram"})

    assert place({enhet.pk: gammel.pk}, kommuner=[gammel.pk]) == 0  # not one of the parts
    assert place({enhet.pk: deler[1].pk}, kommuner=[gammel.pk]) == 1
    assert enhet.kommune_per(dag) == deler[1]
    assert undecided([gammel.pk], Inndeling.fetch()) == []
