"""The search in the header: everything that has a name, as far as the person may see it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluering.models import Aarsrapport
from fremtidsbilder.models import Fremtidsbilde
from kommuner.gyldighet import periode
from laeringsloyper.models import Laeringsloype
from nettverk.models import Gruppe, Rolle
from rolu.models import Samling
from tests.evaluering.factories import AarsrapportFactory
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    NettverkFactory,
    VervFactory,
    enhetsleder,
    kog,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import MellomarbeidFactory, OppdragFactory, SamlingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def nettverk():
    nettverk = NettverkFactory()
    kommune = MedlemskapFactory(
        nettverk=nettverk, kommune__navn="Averøy", kommune__kommunenummer="1554"
    ).kommune
    EnhetFactory(kommune=kommune, navn="Bremsnes barnehage")
    gruppe = GruppeFactory(nettverk=nettverk, navn="Prosessgruppa", type=Gruppe.Type.ANNEN)
    VervFactory(gruppe=gruppe, person__navn="Åse Sæther", rolle="raadgiver")
    return nettverk


@pytest.fixture
def sok(client, nettverk):
    client.force_login(medlem(nettverk, gruppetype=Gruppe.Type.ANNEN))

    def spoer(q: str) -> dict[str, list[str]]:
        svar = client.get(f"/{nettverk.slug}/sok/", {"q": q})
        assert svar.status_code == 200
        return {str(g.tittel): [str(t.tittel) for t in g.treff] for g in svar.context["grupper"]}

    return spoer


@pytest.mark.parametrize("q", ["Averøy", "averoy", "averoey", "AVERØY", "1554", "155"])
def test_a_kommune_is_found_by_name_folded_and_by_number(sok, q):
    assert sok(q)["Kommuner"] == ["Averøy"]


@pytest.mark.parametrize("q", ["bremsnes", "barnehage brems"])
def test_a_unit_is_found(sok, q):
    assert sok(q)["Barnehager, skoler og andre enheter"] == ["Bremsnes barnehage"]


@pytest.mark.parametrize("q", ["åse", "aase", "ase", "saether", "Sæther Åse"])
def test_a_person_is_found_with_what_they_are(sok, client, nettverk, q):
    assert sok(q)["Personer"] == ["Åse Sæther"]

    html = client.get(f"/{nettverk.slug}/sok/", {"q": q}).content.decode()
    assert "Rådgiver, Prosessgruppa" in html


def test_a_person_without_a_verv_here_today_is_not_found(sok, nettverk):
    VervFactory(
        gruppe=GruppeFactory(nettverk=nettverk),
        person__navn="Ola Sluttet",
        gyldig=periode(datetime.date(2015, 1, 1), datetime.date(2020, 1, 1)),
    )
    VervFactory(gruppe=GruppeFactory(), person__navn="Ola Annensteds")

    assert sok("ola") == {}


def test_groups_gatherings_assignments_tracks_images_and_reports_are_found(sok, nettverk):
    SamlingFactory(nettverk=nettverk, tittel="Øvingsdag", status=Samling.Status.INVITERT)
    OppdragFactory(nettverk=nettverk, tittel="Øving ute")
    Laeringsloype.objects.create(nettverk=nettverk, slug="oving", navn="Øving og mestring")
    Fremtidsbilde.objects.create(nettverk=nettverk, nivaa="nettverk", tittel="Vi øver sammen")
    GruppeFactory(nettverk=nettverk, navn="Øvingsgruppa", type=Gruppe.Type.ANNEN)
    AarsrapportFactory(nettverk=nettverk, aar=2024, status=Aarsrapport.Status.GODKJENT)

    assert sok("ov") | {} == {
        "Grupper": ["Øvingsgruppa"],
        "Fremtidsbilder": ["Vi øver sammen"],
        "Læringsløyper": ["Øving og mestring"],
        "Samlinger": ["Øvingsdag"],
        "Oppdrag": ["Øving ute"],
    }
    assert sok("årsrapport 2024")["Årsrapporter"] == ["Årsrapport 2024"]


def test_what_one_may_not_see_is_not_found(sok, client, nettverk):
    SamlingFactory(nettverk=nettverk, tittel="Hemmelig samling", status=Samling.Status.UTKAST)
    SamlingFactory(tittel="Hemmelig hos andre", status=Samling.Status.INVITERT)
    AarsrapportFactory(nettverk=nettverk, aar=2025)
    MedlemskapFactory(kommune__navn="Hemmelig kommune")

    assert sok("hemmelig") == {}
    assert sok("2025") == {}

    client.force_login(kog(nettverk))
    assert sok("hemmelig") == {"Samlinger": ["Hemmelig samling"]}
    assert sok("2025") == {"Årsrapporter": ["Årsrapport 2025"]}


def test_an_empty_result_says_what_can_be_searched(client, sok, nettverk):
    for q in ("finnesikke", "", "---", "\x00"):
        assert sok(q) == {}
        html = client.get(f"/{nettverk.slug}/sok/", {"q": q}).content.decode()
        assert "personer, grupper, samlinger" in html
    assert (
        "Ingen treff på «finnesikke»"
        in client.get(f"/{nettverk.slug}/sok/", {"q": "finnesikke"}).content.decode()
    )


def test_eight_of_a_kind_then_the_way_to_all_of_them(client, sok, nettverk):
    kommune = nettverk.kommuner().get()
    for nr in range(10):
        EnhetFactory(kommune=kommune, navn=f"Tangen {nr}")

    assert len(sok("tangen")["Barnehager, skoler og andre enheter"]) == 8
    html = client.get(f"/{nettverk.slug}/sok/", {"q": "tangen"}).content.decode()
    assert f"/{nettverk.slug}/kommuner/?q=tangen" in html


def test_words_that_name_an_act_lead_to_it_for_those_who_may(client, nettverk):
    def html(person) -> str:
        client.force_login(person)
        return client.get(f"/{nettverk.slug}/sok/", {"q": "ny samling"}).content.decode()

    assert f'href="/{nettverk.slug}/samlinger/ny/"' in html(koordinator(nettverk))
    assert f'href="/{nettverk.slug}/samlinger/ny/"' not in html(
        medlem(nettverk, gruppetype=Gruppe.Type.ANNEN)
    )


def test_the_header_searches_here(client, nettverk, sok):
    html = client.get(f"/{nettverk.slug}/hjem/").content.decode()

    assert f'href="/{nettverk.slug}/sok/"' in html


def test_at_most_twelve_queries_whatever_is_found(client, nettverk, sok):
    def spoerringer() -> int:
        with CaptureQueriesContext(connection) as fanget:
            sok("tangen 2026")
            antall_to_ord = len(fanget)
            sok("tangen")
        # Two of them for what is nearest, since nothing is found.
        assert antall_to_ord <= 15
        return len(fanget) - antall_to_ord

    sok("tangen")
    kommune = nettverk.kommuner().get()
    tomt = spoerringer()
    for nr in range(3):
        EnhetFactory(kommune=kommune, navn=f"Tangen {nr}")
        gruppe = GruppeFactory(nettverk=nettverk, navn=f"Tangen {nr}", type=Gruppe.Type.ANNEN)
        verv = VervFactory(gruppe=gruppe, person__navn=f"Tangen {nr}")
        VervFactory(gruppe=GruppeFactory(nettverk=nettverk), person=verv.person)
        SamlingFactory(nettverk=nettverk, tittel=f"Tangen {nr}", status=Samling.Status.INVITERT)

    # The people found bring their Verv with them: one query more, however many they are.
    assert spoerringer() <= tomt - 2 + 1 <= 12


def test_the_nearest_comes_first_and_its_kind_above_the_others(sok, nettverk):
    kommune = nettverk.kommuner().get()
    for navn in ("Rognebærklasen barnehage", "Åsebø skole", "Nedre Åse skole"):
        EnhetFactory(kommune=kommune, navn=navn)
    gruppe = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.ANNEN)
    for navn in ("Ase Berg", "Hans Åse", "Lars Klasen", "Hans Asebak"):
        VervFactory(gruppe=gruppe, person__navn=navn)

    funnet = sok("Åse")

    # The first word whole, then the start of a word, then inside one; as it is written before as it folds.
    assert funnet["Personer"] == [
        "Åse Sæther",
        "Ase Berg",
        "Hans Åse",
        "Hans Asebak",
        "Lars Klasen",
    ]
    assert funnet["Barnehager, skoler og andre enheter"] == [
        "Nedre Åse skole",
        "Åsebø skole",
        "Rognebærklasen barnehage",
    ]
    assert next(iter(funnet)) == "Personer"
    assert next(iter(sok("rogne"))) == "Barnehager, skoler og andre enheter"


def test_who_has_the_same_role_at_many_units_is_told_on_one_line(client, nettverk, sok):
    person = VervFactory(
        gruppe=GruppeFactory(nettverk=nettverk, utviklingsgruppe=True),
        person__navn="Pia Mange",
        rolle=Rolle.PP_RAADGIVER,
    ).person
    for _nr in range(2):
        gruppe = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True)
        VervFactory(gruppe=gruppe, person=person, rolle=Rolle.PP_RAADGIVER)

    html = client.get(f"/{nettverk.slug}/sok/", {"q": "pia"}).content.decode()

    assert "ved 3 enheter" in html


def test_the_empty_palette_begins_with_what_is_the_persons_own_at_a_constant_cost(client):
    nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    client.force_login(leder)
    adresse = f"/{nettverk.slug}/sok/"

    def shortcuts() -> tuple[str, list[str], int]:
        with CaptureQueriesContext(connection) as spurt:
            svar = client.get(adresse, {"q": ""}, headers={"HX-Request": "true"})
        foerst = svar.context["grupper"][0]
        return str(foerst.tittel), [str(t.tittel) for t in foerst.treff], len(spurt)

    shortcuts()
    tittel, egne, ett = shortcuts()
    assert tittel == "Snarveier"
    assert egne == [str(gruppe.enhet), samling.tittel]
    for _nr in range(3):
        MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=nettverk), gruppe=gruppe)
        SamlingFactory(nettverk=nettverk, publisert_=True)

    _tittel, flere, mange = shortcuts()

    assert len(flere) > len(egne)
    assert mange == ett <= 12


def test_the_palette_offers_acts_before_pages_and_pages_like_what_is_not_found(client, nettverk):
    client.force_login(koordinator(nettverk))

    def palette(q: str) -> dict[str, list[str]]:
        svar = client.get(f"/{nettverk.slug}/sok/", {"q": q}, headers={"HX-Request": "true"})
        return {str(g.tittel): [str(t.tittel) for t in g.treff] for g in svar.context["grupper"]}

    assert list(palette("")) == ["Gjør", "Gå til"]
    assert palette("")["Gjør"][0] == "Ny samling"
    assert palette("utboksen")["Kanskje du leter etter"][0] == "Utboks"


@pytest.mark.parametrize(
    ("q", "naermest"),
    [
        ("Averrøi", "Averøy"),
        ("brumsnus barnehagen", "Bremsnes barnehage"),
        ("utboksen", "Utboks"),
    ],
)
def test_the_search_page_says_what_is_nearest_when_nothing_is_found(client, nettverk, q, naermest):
    client.force_login(koordinator(nettverk))

    svar = client.get(f"/{nettverk.slug}/sok/", {"q": q})

    assert svar.context["naermest"].treff[0].tittel == naermest
    assert "Kanskje du leter etter" in svar.text


def test_a_person_is_near_when_a_double_letter_is_written_single(client, nettverk):
    gruppe = nettverk.grupper.get(navn="Prosessgruppa")
    VervFactory(gruppe=gruppe, person__navn="Gunnhild Skoddeheim")
    client.force_login(koordinator(nettverk))

    for q in ("skodeheim", "gunhild"):
        svar = client.get(f"/{nettverk.slug}/sok/", {"q": q})
        assert [t.tittel for t in svar.context["naermest"].treff] == ["Gunnhild Skoddeheim"]


def test_the_crumbs_go_by_the_menu(client, nettverk):
    client.force_login(koordinator(nettverk))
    person = nettverk.grupper.get(navn="Prosessgruppa").verv.get().person

    def crumbs(adresse: str) -> list[str]:
        html = client.get(f"/{nettverk.slug}/{adresse}").text
        sti = html.split('class="ds-breadcrumbs"')[1].split("<ol>")[1].split("</ol>")[0]
        return [bit.split("<")[0] for bit in sti.split('">')[1:]][1:]

    oppdrag = OppdragFactory(nettverk=nettverk, tittel="Lesestund")
    assert crumbs(f"oppdrag/{oppdrag.pk}/rediger/") == ["Mellomarbeid", "Lesestund", "Endre"]
    assert crumbs("folk/") == ["Nettverket", "Folk"]
    assert crumbs(f"folk/{person.pk}/") == ["Nettverket", "Folk", "Åse Sæther"]
    # The network alone would lead where the menu leads.
    assert "ds-breadcrumbs" not in client.get(f"/{nettverk.slug}/samlinger/").text
