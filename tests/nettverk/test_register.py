"""The register pages: kommuner and units, searched, per a date, and by those who may."""

import datetime
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client

from kommuner.gyldighet import periode
from kommuner.lasting import load_kommuner
from kommuner.models import Enhet, Enhetstall, Kommune, Plassering
from nettverk.models import Gruppe, Nettverk, Rolle
from tests.kommuner.factories import EnhetFactory, EnhetstallFactory, KommuneFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    kog,
    kommuneansvarlig,
    koordinator,
    nettverk_med_enhet,
)

pytestmark = pytest.mark.django_db


def _liste(client: Client, nettverk: Nettverk, spoerring: str = "") -> str:
    return client.get(f"/{nettverk.slug}/kommuner/{spoerring}").content.decode()


def _enhetene(svar: Any) -> list[str]:
    """The units that the answer's page lists, by reference."""
    return [rad["referanse"] for rad in svar.context["side"].object_list]


def _i_rekkefolge(html: str, *tekster: str) -> bool:
    steder = [html.find(f">{tekst}<") for tekst in tekster]
    return -1 not in steder and steder == sorted(steder)


def test_units_are_fetched_as_a_sheet(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    client.force_login(koordinator(nettverk))

    svar = client.get(f"/{nettverk.slug}/kommuner/?format=xlsx")

    assert svar.status_code == 200
    ark = openpyxl.load_workbook(io.BytesIO(svar.content)).active
    assert [rad[0] for rad in ark.iter_rows(min_row=2, values_only=True)] == [str(gruppe.enhet)]


# --- who may see it


def test_signed_out_is_asked_to_sign_in(client: Client):
    nettverk = NettverkFactory()

    svar = client.get(f"/{nettverk.slug}/kommuner/")

    assert svar.status_code == 302
    assert "logg" in svar.url or "login" in svar.url


def test_member_of_another_network_is_refused(client: Client):
    client.force_login(koordinator(NettverkFactory()))
    nettverk, _gruppe = nettverk_med_enhet()

    assert client.get(f"/{nettverk.slug}/kommuner/").status_code == 403


def test_units_and_kommuner_of_another_network_are_not_found(client: Client):
    eget, _gruppe = nettverk_med_enhet()
    _annet, fremmed = nettverk_med_enhet()
    client.force_login(koordinator(eget))
    kommune = fremmed.enhet.kommune_per()

    adresser = [
        f"/{eget.slug}/kommuner/{kommune.kommunenummer}/",
        f"/{eget.slug}/enheter/{fremmed.enhet.referanse}/",
        f"/{eget.slug}/enheter/{fremmed.enhet.referanse}/tall/",
    ]

    assert [client.get(a).status_code for a in adresser] == [404, 404, 404]


def test_unit_that_lay_in_a_kommune_only_after_it_left_is_not_found(client: Client):
    nettverk = NettverkFactory()
    kommune = KommuneFactory()
    MedlemskapFactory(
        nettverk=nettverk,
        kommune=kommune,
        gyldig=periode(datetime.date(2010, 1, 1), datetime.date(2020, 1, 1)),
    )
    enhet = EnhetFactory()
    Plassering.objects.create(
        enhet=enhet, kommune=kommune, gyldig=periode(datetime.date(2021, 1, 1))
    )
    client.force_login(koordinator(nettverk))

    assert client.get(f"/{nettverk.slug}/enheter/{enhet.referanse}/").status_code == 404


# --- the list


def test_kommuner_and_units_stand_in_norwegian_order(client: Client):
    nettverk = NettverkFactory()
    for navn in ("Ålesund", "Aure", "Ørskog", "Ærlandet", "Zakarias", "Aasen"):
        MedlemskapFactory(nettverk=nettverk, kommune=KommuneFactory(navn=navn))
    kommune = Kommune.objects.get(navn="Aure")
    for navn in ("Ås skole", "Berg skole", "Øya skole", "Aas barnehage", "Ærfuglen barnehage"):
        EnhetFactory(navn=navn, kommune=kommune)
    client.force_login(koordinator(nettverk))

    html = _liste(client, nettverk)

    assert _i_rekkefolge(html, "Aure", "Zakarias", "Ærlandet", "Ørskog", "Ålesund", "Aasen")
    assert _i_rekkefolge(
        html, "Berg skole", "Ærfuglen barnehage", "Øya skole", "Aas barnehage", "Ås skole"
    )


@pytest.mark.parametrize(
    ("sok", "treff"),
    [
        ("aasen", ["Åsen skole"]),
        ("ÅSEN", ["Åsen skole"]),
        ("oeya", ["Øya barnehage"]),
        ("øya", ["Øya barnehage"]),
        ("krabekloa", ["Krabbekloa barnehage"]),
        ("kloa barnehage", ["Krabbekloa barnehage"]),
        ("finnes ikke", []),
    ],
)
def test_search_forgives_spelling(client: Client, sok: str, treff: list[str]):
    nettverk, gruppe = nettverk_med_enhet()
    kommune = gruppe.enhet.kommune_per()
    for navn in ("Åsen skole", "Øya barnehage", "Krabbekloa barnehage"):
        EnhetFactory(navn=navn, kommune=kommune)
    client.force_login(koordinator(nettverk))

    svar = client.get(f"/{nettverk.slug}/kommuner/", {"q": sok})

    assert [e["navn"] for e in svar.context["side"].object_list] == treff


def test_search_by_organisation_number_and_by_kommune(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    EnhetFactory(kommune=gruppe.enhet.kommune_per())
    client.force_login(koordinator(nettverk))
    nummer = gruppe.enhet.organisasjonsnummer

    etter_nummer = client.get(
        f"/{nettverk.slug}/kommuner/", {"q": f"{nummer[:3]} {nummer[3:6]} {nummer[6:]}"}
    )
    navn = gruppe.enhet.kommune_per().navn
    etter_kommune = client.get(f"/{nettverk.slug}/kommuner/", {"q": navn.upper()})

    assert _enhetene(etter_nummer) == [gruppe.enhet.referanse]
    assert [m.navn_da for m in etter_kommune.context["kommunetreff"]] == [navn]


def test_filters_on_kommune_and_type(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    kommune = gruppe.enhet.kommune_per()
    annen = MedlemskapFactory(nettverk=nettverk).kommune
    skole = EnhetFactory(navn="Skolen", type=Enhet.Type.GRUNNSKOLE, kommune=kommune)
    EnhetFactory(navn="Borte", type=Enhet.Type.GRUNNSKOLE, kommune=annen)
    client.force_login(koordinator(nettverk))

    svar = client.get(
        f"/{nettverk.slug}/kommuner/",
        {"kommune": kommune.kommunenummer, "type": Enhet.Type.GRUNNSKOLE},
    )

    assert _enhetene(svar) == [skole.referanse]


def test_a_filter_that_is_no_choice_is_ignored(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    client.force_login(koordinator(nettverk))

    svar = client.get(f"/{nettverk.slug}/kommuner/", {"kommune": "9999", "side": "tre"})

    assert _enhetene(svar) == [gruppe.enhet.referanse]


def test_list_per_a_date_shows_the_units_and_kommuner_of_that_day(client: Client):
    nettverk = NettverkFactory()
    tidligere = KommuneFactory(navn="Halsa")
    slutt = datetime.date(2020, 1, 1)
    MedlemskapFactory(
        nettverk=nettverk,
        kommune=tidligere,
        gyldig=periode(datetime.date(2016, 1, 1), slutt),
    )
    EnhetFactory(navn="Halsa skole", kommune=tidligere)
    client.force_login(koordinator(nettverk))

    assert "Halsa skole" in _liste(client, nettverk, "?per=2018-01-01")
    assert "Halsa skole" not in _liste(client, nettverk)


def test_htmx_answer_is_the_same_piece_as_the_page_holds(client: Client):
    nettverk, _gruppe = nettverk_med_enhet()
    client.force_login(koordinator(nettverk))
    adresse = f"/{nettverk.slug}/kommuner/"

    bit = client.get(adresse, headers={"HX-Request": "true"}).content.decode().strip()

    assert bit.startswith('<div id="liste">')
    assert bit in client.get(adresse).content.decode()


def test_empty_register_says_what_to_do(client: Client):
    nettverk = NettverkFactory()
    client.force_login(koordinator(nettverk))
    for_koordinator = _liste(client, nettverk)
    client.force_login(kog(nettverk))
    for_andre = _liste(client, nettverk)

    assert f'href="/{nettverk.slug}/kommuner/import/"' in for_koordinator
    assert f'href="/{nettverk.slug}/kommuner/import/"' not in for_andre
    assert "Koordinatoren legger inn barnehagene og skolene." in for_andre


@pytest.mark.parametrize("valg", [{}, {"kommune": "egen"}, {"type": "grunnskole"}, {"q": "skole"}])
def test_the_number_of_units_is_the_number_listed(client: Client, valg: dict[str, str]):
    nettverk, gruppe = nettverk_med_enhet()
    kommune = gruppe.enhet.kommune_per()
    annen = MedlemskapFactory(nettverk=nettverk).kommune
    for sted in (kommune, kommune, annen):
        EnhetFactory(navn="Fjord skole", kommune=sted, type=Enhet.Type.GRUNNSKOLE)
    nedlagt = periode(datetime.date(2010, 1, 1), datetime.date(2020, 1, 1))
    EnhetFactory(kommune=kommune, gyldig=nedlagt)
    client.force_login(koordinator(nettverk))

    valg = {navn: kommune.kommunenummer if v == "egen" else v for navn, v in valg.items()}
    svar = client.get(f"/{nettverk.slug}/kommuner/", valg)

    assert svar.context["side"].paginator.count == len(_enhetene(svar)) > 0


def test_list_takes_the_same_queries_whatever_its_length(client: Client, django_assert_num_queries):
    nettverk, _gruppe = nettverk_med_enhet()
    client.force_login(koordinator(nettverk))
    client.get(f"/{nettverk.slug}/kommuner/")
    with django_assert_num_queries(7):
        client.get(f"/{nettverk.slug}/kommuner/")
    for _n in range(2):
        kommune = MedlemskapFactory(nettverk=nettverk).kommune
        EnhetstallFactory(enhet=EnhetFactory(kommune=kommune))
    with django_assert_num_queries(7):
        svar = client.get(f"/{nettverk.slug}/kommuner/")
    assert len(svar.context["side"].object_list) == 3


def test_kommune_page_takes_the_same_queries_with_one_and_three_units(
    client: Client, django_assert_num_queries
):
    nettverk, gruppe = nettverk_med_enhet()
    kommune = gruppe.enhet.kommune_per()
    adresse = f"/{nettverk.slug}/kommuner/{kommune.kommunenummer}/"
    client.force_login(koordinator(nettverk))
    en = _antall_sporringer(client, adresse)
    for _n in range(2):
        EnhetstallFactory(enhet=EnhetFactory(kommune=kommune))
        VervFactory(gruppe=GruppeFactory(nettverk=nettverk), representerer=kommune)

    assert _antall_sporringer(client, adresse) == en


def _antall_sporringer(client: Client, adresse: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(adresse)
    with CaptureQueriesContext(connection) as fanget:
        assert client.get(adresse).status_code == 200
    return len(fanget)


# --- one kommune, one unit


def test_kommune_that_is_no_more_shows_its_last_day_and_what_it_became(client: Client):
    load_kommuner()
    nettverk = NettverkFactory()
    halsa = Kommune.objects.get(kommunenummer="1571")
    MedlemskapFactory(nettverk=nettverk, kommune=halsa, gyldig=halsa.gyldig)
    EnhetFactory(navn="Halsa skole", kommune=halsa)
    client.force_login(koordinator(nettverk))

    html = client.get(f"/{nettverk.slug}/kommuner/1571/").content.decode()

    assert "Slik det var 31. desember 2019." in html
    assert "Halsa skole" in html
    assert "Ble til" in html
    assert "Heim" in html


def test_unit_page_shows_group_vacancies_and_figures(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    VervFactory(gruppe=gruppe, person=PersonFactory(navn="Åse Prøve"), rolle=Rolle.FORMELL_LEDER)
    EnhetstallFactory(enhet=gruppe.enhet, aar=2025, antall_barn=77)
    client.force_login(koordinator(nettverk))

    html = client.get(f"/{nettverk.slug}/enheter/{gruppe.enhet.referanse}/").content.decode()

    assert "Åse Prøve" in html
    assert "Ledige roller:" in html
    assert "utviklingslærer" in html
    assert ">77<" in html
    assert "norsk lisens for offentlige data (NLOD)" in html


@pytest.mark.parametrize("side", ["enhet", "kommune", "liste"])
@pytest.mark.parametrize("oppdiktet", [True, False])
def test_licence_stands_under_data_from_the_registers_and_not_under_invented(
    client: Client, side: str, oppdiktet: bool
):
    nettverk, gruppe = nettverk_med_enhet()
    Enhet.objects.update(er_demo=oppdiktet)
    client.force_login(koordinator(nettverk))
    kommune = gruppe.enhet.kommune_per()
    sti = {
        "enhet": f"enheter/{gruppe.enhet.referanse}/",
        "kommune": f"kommuner/{kommune.kommunenummer}/",
        "liste": "kommuner/",
    }[side]

    html = client.get(f"/{nettverk.slug}/{sti}").content.decode()

    assert ("Enhetene og tallene for dem er oppdiktet." in html) == oppdiktet
    assert ("norsk lisens for offentlige data (NLOD)" in html) != oppdiktet


def test_unit_without_a_group_says_so(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    enhet = EnhetFactory(kommune=gruppe.enhet.kommune_per())
    client.force_login(koordinator(nettverk))

    html = client.get(f"/{nettverk.slug}/enheter/{enhet.referanse}/").content.decode()

    assert "Enheten har ingen utviklingsgruppe" in html


# --- figures


def _tall(nettverk: Nettverk, gruppe: Gruppe) -> str:
    return f"/{nettverk.slug}/enheter/{gruppe.enhet.referanse}/tall/"


def test_those_who_may_write_figures(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    annen = GruppeFactory(
        nettverk=nettverk,
        utviklingsgruppe=True,
        enhet=EnhetFactory(kommune=MedlemskapFactory(nettverk=nettverk).kommune),
    )
    egen_kommune, annen_kommune = gruppe.enhet.kommune_per(), annen.enhet.kommune_per()
    svar = {}
    for navn, person in {
        "koordinator": koordinator(nettverk),
        "kog": kog(nettverk),
        "egen kommune": kommuneansvarlig(nettverk, egen_kommune),
        "annen kommune": kommuneansvarlig(nettverk, annen_kommune),
        "leder": enhetsleder(gruppe),
        "medlem av gruppa": gruppemedlem(gruppe),
        "leder et annet sted": enhetsleder(annen),
    }.items():
        client.force_login(person)
        svar[navn] = client.get(_tall(nettverk, gruppe)).status_code

    assert svar == {
        "koordinator": 200,
        "kog": 403,
        "egen kommune": 200,
        "annen kommune": 403,
        "leder": 200,
        "medlem av gruppa": 403,
        "leder et annet sted": 403,
    }


def test_leader_saves_figures_and_a_year_is_replaced(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    client.force_login(enhetsleder(gruppe))
    for barn in ("40", "42"):
        svar = client.post(
            _tall(nettverk, gruppe), {"aar": "2026", "antall_barn": barn, "antall_ansatte": "12"}
        )
        assert svar.status_code == 302

    rader = list(Enhetstall.objects.values_list("aar", "antall_barn", "antall_ansatte"))
    assert rader == [(2026, 42, 12)]


@pytest.mark.parametrize(
    ("data", "melding"),
    [
        ({"aar": "", "antall_barn": "4"}, "Fyll ut «År»."),
        ({"aar": "26", "antall_barn": "4"}, "Skriv et år fra 2000 til"),
        ({"aar": "i år", "antall_barn": "4"}, "Skriv årstallet med fire sifre"),
        ({"aar": "2026", "antall_barn": "mange"}, "Skriv et helt tall"),
        ({"aar": "2026", "antall_barn": "-1"}, "Skriv et tall fra 0 til 9999."),
        ({"aar": "2026", "antall_barn": "10000"}, "Skriv et tall fra 0 til 9999."),
        ({"aar": "2026"}, "Fyll ut minst ett av tallene."),
    ],
)
def test_wrong_figures_are_explained_and_nothing_is_saved(
    client: Client, data: dict[str, str], melding: str
):
    nettverk, gruppe = nettverk_med_enhet()
    client.force_login(enhetsleder(gruppe))

    svar = client.post(_tall(nettverk, gruppe), data)

    assert svar.status_code == 422
    assert melding in svar.content.decode()
    assert not Enhetstall.objects.exists()


def test_form_opens_with_the_figures_of_the_year(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    EnhetstallFactory(enhet=gruppe.enhet, aar=2024, antall_barn=31)
    client.force_login(enhetsleder(gruppe))

    html = client.get(_tall(nettverk, gruppe) + "?aar=2024").content.decode()

    assert 'value="31"' in html
