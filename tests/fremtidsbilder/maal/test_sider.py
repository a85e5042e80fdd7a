"""The pages of the goals: who sees what, the files, and where else they are shown."""

import datetime
import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fremtidsbilder.models import Maal, Tegn
from fremtidsbilder.portal import MaalPortal
from kommuner.gyldighet import periode
from nettverk.models import Gruppe, Nettverk, Person
from nettverk.tilgang.roller import roller_for
from tests.fremtidsbilder.factories import MaalFactory, TemaFactory
from tests.fremtidsbilder.tankesmiefabrikk import BidragFactory, KlyngeFactory
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    MedlemskapFactory,
    NettverkFactory,
    koordinator,
    medlem,
)

pytestmark = pytest.mark.django_db

T = Maal.Tilstand


@pytest.fixture
def nettverk() -> Nettverk:
    return NettverkFactory(slug="her")


def _som(person: Person) -> Client:
    klient = Client()
    klient.force_login(person)
    return klient


def _leser(nettverk: Nettverk) -> Client:
    return _som(medlem(nettverk, gruppetype=Gruppe.Type.NY_PRAKSIS))


def _adresse(navn: str = "maal_list", *mer) -> str:
    return reverse(f"fremtidsbilder:{navn}", args=["her", *mer])


def test_a_draft_is_its_writers_alone(nettverk):
    utkast = MaalFactory(nettverk=nettverk, tekst="Kladden", tilstand=T.UTKAST)
    MaalFactory(nettverk=nettverk, over=utkast, tekst="Under kladden")
    leser, skriver = _leser(nettverk), _som(koordinator(nettverk))

    for klient, ser in ((leser, False), (skriver, True)):
        assert ("Kladden" in klient.get(_adresse()).content.decode()) == ser
        assert klient.get(_adresse("maal", utkast.pk)).status_code == (200 if ser else 404)
    html = leser.get(_adresse()).content.decode()
    assert "Under kladden" in html
    assert "Nytt mål" not in html


def test_the_goals_of_another_network_are_not_there(nettverk):
    andres = MaalFactory(tekst="Andres mål")
    klient = _leser(nettverk)

    assert klient.get(_adresse("maal", andres.pk)).status_code == 404
    assert "Andres mål" not in klient.get(_adresse()).content.decode()
    fremmed = _som(koordinator(andres.nettverk))
    assert [fremmed.get(_adresse(n)).status_code for n in ("maal_list", "maal_pdf")] == [403, 403]


def test_a_part_that_is_off_is_closed():
    nettverk = NettverkFactory(slug="her", uten_deler=["maal"])
    maal = MaalFactory(nettverk=nettverk)
    klient = _leser(nettverk)

    assert klient.get(_adresse()).status_code == 404
    assert klient.get(_adresse("maal", maal.pk)).status_code == 404


def test_the_list_open_at_a_goal_marks_the_way_to_it(nettverk):
    kommune = MedlemskapFactory(nettverk=nettverk).kommune
    felles = MaalFactory(nettverk=nettverk)
    MaalFactory(nettverk=nettverk)
    under = MaalFactory(nettverk=nettverk, nivaa="kommune", kommune=kommune, over=felles)

    html = _leser(nettverk).get(_adresse(), {"valgt": under.pk}).content.decode()

    assert html.count("data-paa") == 2
    assert "data-paa" not in _leser(nettverk).get(_adresse(), {"valgt": "æ"}).content.decode()


def test_the_page_of_a_goal_on_hearing_begins_with_the_hearing(nettverk):
    maal = MaalFactory(nettverk=nettverk, tilstand=T.HOERING, hoering_til="2099-01-01")

    html = _leser(nettverk).get(_adresse("maal", maal.pk)).content.decode()

    assert html.index('id="hoering"') < html.index('id="henger"')
    assert 'id="vurdering"' not in html


def test_the_list_folds_the_principles_with_their_count(nettverk):
    MaalFactory(nettverk=nettverk)
    for tekst in ("Vi deler", "Vi lytter"):
        MaalFactory(nettverk=nettverk, type=Maal.Type.PRINSIPP, tekst=tekst)

    html = _leser(nettverk).get(_adresse()).content.decode()

    foldet = html[html.index("2 prinsipper for hvordan vi arbeider") :]
    assert [t in foldet for t in ("Vi deler", "Vi lytter")] == [True, True]


def test_htmx_gets_the_list_alone_and_what_is_not_known_is_left_out(nettverk):
    MaalFactory(nettverk=nettverk, tekst="Alle er med")
    klient = _leser(nettverk)

    del_ = klient.get(_adresse(), {"nivaa": "enhet"}, headers={"HX-Request": "true"})

    html = del_.content.decode()
    assert "<html" not in html
    assert "Ingen mål passer med det du har valgt" in html
    svar = klient.get(_adresse(), {"nivaa": "x", "kommune": "0000", "tema": "y", "tilstand": "z"})
    assert "Alle er med" in svar.content.decode()


def test_the_empty_list_says_what_to_do(nettverk):
    assert "Begynn med ett mål" in _som(koordinator(nettverk)).get(_adresse()).content.decode()
    assert "Når nettverket har satt seg mål" in _leser(nettverk).get(_adresse()).content.decode()


def test_closed_goals_are_folded(nettverk):
    MaalFactory(nettverk=nettverk, tekst="Gammelt", tilstand=T.AVSLUTTET)
    klient = _leser(nettverk)

    assert "1 avsluttet mål" in klient.get(_adresse()).content.decode()
    assert klient.get(_adresse(), {"tilstand": "avsluttet"}).context["tre"].avsluttet


def test_a_goal_tells_where_it_belongs_and_how_it_goes(nettverk):
    kommune = MedlemskapFactory(nettverk=nettverk).kommune
    felles = MaalFactory(nettverk=nettverk, tekst="Alle er med")
    tema = TemaFactory(nettverk=nettverk, navn="Livsmestring")
    ett = MaalFactory(
        nettverk=nettverk,
        nivaa="kommune",
        kommune=kommune,
        over=felles,
        overtatt=True,
        tekst="Alle barn er med",
        periode=periode(datetime.date(2026, 1, 1), datetime.date(2029, 1, 1)),
        status=Maal.Status.PAA_VEI,
        vurdering="Vi ser det ute.",
        vurdert=datetime.date(2026, 11, 1),
        kilde=Maal.Kilde.SAMSKAPT,
    )
    ett.temaer.add(tema)
    Tegn.objects.create(maal=ett, tekst="Ingen står alene.")
    MaalFactory(
        nettverk=nettverk,
        nivaa="enhet",
        enhet=EnhetFactory(kommune=kommune),
        over=ett,
        tekst="Hos oss",
    )

    html = _leser(nettverk).get(_adresse("maal", ett.pk)).content.decode()

    for ventet in (
        "Alle barn er med",
        "Alle er med",
        kommune.navn,
        "Livsmestring",
        "Ingen står alene.",
        "Vi ser det ute.",
        "31. desember 2028",
        "Hos oss",
        "Tatt inn fra målet over, med egne ord",
    ):
        assert ventet in html
    assert "Alle barn er med" in _leser(nettverk).get(_adresse("maal", felles.pk)).content.decode()


def test_the_page_of_a_goal_costs_the_same_whatever_is_below(nettverk):
    klient = _leser(nettverk)
    ett = MaalFactory(nettverk=nettverk)
    kommuner = [MedlemskapFactory(nettverk=nettverk).kommune for _ in range(4)]

    def queries() -> int:
        with CaptureQueriesContext(connection) as fanget:
            klient.get(_adresse("maal", ett.pk))
        return len(fanget)

    MaalFactory(nettverk=nettverk, nivaa="kommune", kommune=kommuner[0], over=ett)
    klient.get(_adresse())  # the first page of a session says who is in
    foer = queries()
    for kommune in kommuner[1:]:
        MaalFactory(nettverk=nettverk, nivaa="kommune", kommune=kommune, over=ett)

    assert queries() == foer


def test_the_spreadsheet_has_every_goal_and_is_not_for_all(nettverk):
    kommune = MedlemskapFactory(nettverk=nettverk).kommune
    felles = MaalFactory(nettverk=nettverk, tekst="=1+1")
    MaalFactory(
        nettverk=nettverk,
        nivaa="kommune",
        kommune=kommune,
        over=felles,
        overtatt=True,
        tekst="=1+1",
    )

    svar = _som(koordinator(nettverk)).get(_adresse("maal_regneark"))

    rader = list(openpyxl.load_workbook(io.BytesIO(svar.content)).active.values)
    assert [rad[:5] for rad in rader[1:]] == [
        ("Nettverk", None, "=1+1", None, "Effektmål"),
        ("Kommune", kommune.navn, "=1+1", "=1+1", "Effektmål"),
    ]
    assert rader[2][6] == "Tatt inn"
    assert _leser(nettverk).get(_adresse("maal_regneark")).status_code == 403


def test_the_publication_is_a_pdf_for_all_who_may_read(nettverk):
    MaalFactory(nettverk=nettverk)

    svar = _leser(nettverk).get(_adresse("maal_pdf"))

    assert svar["Content-Type"] == "application/pdf"
    assert svar.content.startswith(b"%PDF")


def test_the_goals_are_counted_alike_wherever_they_are_counted(nettverk):
    for felt in ({}, {"tilstand": T.UTKAST}, {"tilstand": T.AVSLUTTET}, {"type": "prinsipp"}):
        MaalFactory(nettverk=nettverk, **felt)

    leser = medlem(nettverk, gruppetype=Gruppe.Type.NY_PRAKSIS)

    for person, antall in ((koordinator(nettverk), 2), (leser, 1)):
        klient = _som(person)
        [innhold] = MaalPortal().sideinnhold(roller_for(person, nettverk))
        bilder = klient.get(_adresse("fremtidsbilde_list")).context["antall_maal"]
        alle = klient.get(_adresse()).context["brikker"][0].antall
        assert (innhold.tall[0][0], bilder, alle) == (antall, antall, antall)


def test_the_states_to_choose_are_in_the_readers_language(nettverk):
    klient = _leser(nettverk)
    klient.cookies["django_language"] = "en"

    assert ">Decided<" in re.sub(r"\s+", "", klient.get(_adresse()).content.decode())


def test_the_card_and_the_page_say_the_same_of_those_below(nettverk):
    kommune = MedlemskapFactory(nettverk=nettverk).kommune
    effekt = MaalFactory(nettverk=nettverk)
    resultat = MaalFactory(nettverk=nettverk, over=effekt)
    MaalFactory(nettverk=nettverk, nivaa="kommune", kommune=kommune, over=resultat)
    klient = _leser(nettverk)

    for adresse in (_adresse(), _adresse("maal", effekt.pk)):
        assert "1 kommune har mål under" in klient.get(adresse).content.decode()


def test_a_theme_without_a_goal_leads_to_its_page_for_those_who_may_read_it(nettverk):
    MaalFactory(nettverk=nettverk)
    tema = TemaFactory(nettverk=nettverk, navn="Livsmestring")
    adresse = _adresse("tema", tema.pk)
    skriver, leser = _som(koordinator(nettverk)), _leser(nettverk)
    assert "Temaer uten et mål" not in skriver.get(_adresse()).content.decode()
    BidragFactory(klynge=KlyngeFactory(tema=tema), tekst="Vi leker")

    assert "Temaer uten et mål" in leser.get(_adresse()).content.decode()
    assert [adresse in k.get(_adresse()).content.decode() for k in (skriver, leser)] == [
        True,
        False,
    ]
