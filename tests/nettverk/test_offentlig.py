"""The public face: open to everyone, in the network's own language."""

import datetime
import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kommuner.gyldighet import periode
from nettverk.models import Gruppe, Nettverk, Noekkeltall, Prosjekt
from nettverk.nettverksdata import load_all
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    MedlemskapFactory,
    NettverkFactory,
    kog,
    koordinator,
    medlem,
)

pytestmark = pytest.mark.django_db


def test_front_page_shows_the_networks_but_not_those_made_for_measuring(client: Client):
    load_all()
    NettverkFactory(navn="Målenettverket", er_testdata=True)
    NettverkFactory(navn="Lukket nettverk", er_offentlig=False)

    html = client.get("/").content.decode()

    assert "Oppvekstnettverk Nordmøre" in html
    assert "Sunnmøre regionråd oppvekst" in html
    assert "Oppvekstforum Salten" in html
    assert "Målenettverket" not in html
    assert "Lukket nettverk" not in html


def test_front_page_shows_the_product_to_each_and_offers_the_demo_where_there_is_one(
    client: Client, settings
):
    settings.DEMO = False
    html = client.get("/").content.decode()
    for bilde in re.findall(r"img/forside/([a-z]+)\.webp", html):
        assert (settings.BASE_DIR / "static" / "img" / "forside" / f"{bilde}.webp").is_file()
    assert len(re.findall(r'<img[^>]+alt="[^"]{40,}"', html)) == 3
    assert 'href="#begynn"' in html
    assert "/demo/" not in html

    settings.DEMO = True
    assert 'href="/demo/"' in client.get("/").content.decode()


def test_public_page_counts_what_is_in_the_network_on_the_day(client: Client):
    medlemskap = MedlemskapFactory()
    EnhetFactory(kommune=medlemskap.kommune, type="barnehage")
    EnhetFactory(kommune=medlemskap.kommune, type="barnehage")
    EnhetFactory(kommune=medlemskap.kommune, type="grunnskole")

    tallene = client.get(f"/{medlemskap.nettverk.slug}/").context["tallene"]

    assert tallene == [(1, "kommune"), (2, "barnehager"), (1, "skole")]


def test_front_page_without_networks_says_what_to_do(client: Client):
    assert "Ingen nettverk ennå" in client.get("/").content.decode()


def test_front_page_takes_the_same_queries_with_one_and_three_networks(
    client: Client, django_assert_num_queries
):
    MedlemskapFactory()
    with django_assert_num_queries(2):
        client.get("/")
    MedlemskapFactory()
    MedlemskapFactory()
    with django_assert_num_queries(2):
        client.get("/")


def test_public_page_tells_what_the_document_says(client: Client):
    load_all()

    html = client.get("/nordmore/").content.decode()

    assert "Sammen skaper vi fremtiden" in html
    assert "8 kommuner" in html
    assert "Bygge kapasitet i oppvekstsektoren" in html
    assert "Skrivesenteret" in html
    assert "ICSEI 2019" in html
    assert "Hvordan ønsker vi at det skal være i våre barnehager og skoler i 2040?" in html


def test_public_page_per_a_date(client: Client):
    load_all()

    html = client.get("/nordmore/?per=2018-01-01").content.decode()

    assert "10 kommuner per 1. januar 2018" in html
    assert "Halsa" in html
    assert "Rindal" in html


def test_a_date_before_the_network_offers_today(client: Client):
    load_all()

    html = client.get("/nordmore/?per=1999-01-01").content.decode()

    assert "Ingen kommuner på denne datoen" in html


def test_wrong_date_is_explained(client: Client):
    load_all()

    html = client.get("/nordmore/?per=i+går").content.decode()

    assert "er ikke en dato" in html
    assert "8 kommuner" in html


def test_nordre_sunnmore_speaks_nynorsk(client: Client):
    load_all()

    svar = client.get("/nordre-sunnmore/")

    html = svar.content.decode()
    assert '<html lang="nn"' in html
    assert "Prioritere arbeidet med relasjonsbygging" in html


def test_salten_shows_its_arenas_with_signs_and_method(client: Client):
    load_all()

    html = client.get("/salten/").content.decode()

    assert "Lokale nettverk" in html
    assert "Barn som har behov, får raskt hjelp" in html
    assert "Kollegabasert veiledning" in html
    assert '<span lang="smj">Hábmer</span> – Hamarøy' in html


def test_network_without_a_public_page_is_not_found_by_others(client: Client):
    nettverk = NettverkFactory(er_offentlig=False)

    assert client.get(f"/{nettverk.slug}/").status_code == 404

    client.force_login(koordinator(nettverk))
    assert client.get(f"/{nettverk.slug}/").status_code == 200


def test_unknown_network_is_not_found(client: Client):
    assert client.get("/finnes-ikke/").status_code == 404


def test_no_style_attribute_and_no_inline_script(client: Client):
    load_all()

    for adresse in ("/", "/nordmore/", "/nordre-sunnmore/", "/salten/"):
        html = client.get(adresse).content.decode()
        assert " style=" not in html
        assert "<style" not in html


def test_only_the_koordinator_is_offered_to_edit(client: Client):
    nettverk = NettverkFactory()
    rediger = f"/{nettverk.slug}/rediger/"
    assert rediger not in client.get(f"/{nettverk.slug}/").content.decode()

    client.force_login(koordinator(nettverk))

    assert rediger in client.get(f"/{nettverk.slug}/").content.decode()


def test_text_with_html_is_shown_as_text(client: Client):
    Nettverk.objects.create(
        slug="n",
        navn="N",
        kortnavn="N",
        hovedmaal="<b>x</b>",
        om="<script>alert(1)</script>\n\n**ja**",
    )

    html = client.get("/n/").content.decode()

    assert "<script>alert(1)" not in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "<strong>ja</strong>" in html


def _text(svar: HttpResponse) -> str:
    """What is written on the page, in one line."""
    html = svar.content.decode().replace("&nbsp;", " ").replace("\xad", "")
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_figures_stand_with_year_and_document(client: Client):
    load_all()

    nordmore, sunnmore = (_text(client.get(f"/{n}/")) for n in ("nordmore", "nordre-sunnmore"))

    assert "barn ca. 3000" in nordmore
    assert "barnehager 75" in nordmore
    assert "hovedtillitsvalgte (HTV) fra Utdanningsforbundet og Fagforbundet 10–15" in nordmore
    assert "2017 (antatt år). Kilde: Søknaden til hovedprosjektet 2018–19" in nordmore
    assert "Søkt om: 950 000 kr i prosjektskjønnsmidler fra Fylkesmannen" in nordmore
    assert "11 mål med bakgrunn i forskning" in nordmore
    assert "tilsette i barnehage 1132" in sunnmore
    assert "2018 (antatt år). Kjelde: Strategiplanen for Sunnmøre regionråd oppvekst" in sunnmore


@pytest.mark.parametrize("per", ["2018-01-01", "2018-12-31"])
def test_page_of_2018_does_not_say_eight(client: Client, per: str):
    load_all()

    tekst = _text(client.get(f"/nordmore/?per={per}"))

    assert "10 kommuner per" in tekst
    assert "åtte kommuner" not in tekst.lower()
    assert "8 kommuner" not in tekst


def test_what_is_inferred_is_said_in_words(client: Client):
    load_all()

    nordmore = _text(client.get("/nordmore/"))
    sunnmore = _text(client.get("/nordre-sunnmore/"))

    assert "Datoene for medlemskapet er antatt for 8 kommuner" in nordmore
    assert "Periodene er antatt. Brosjyren sier 3 × 3 år, uten datoer." in nordmore
    assert "At han er med i nettverket, er antatt." in sunnmore


def test_kommune_page_marks_an_inferred_date(client: Client):
    load_all()
    nettverk = Nettverk.objects.get(slug="nordre-sunnmore")
    client.force_login(koordinator(nettverk))

    tekst = _text(client.get("/nordre-sunnmore/kommuner/1580/"))

    assert "frå 1. januar 2024 (antatt start) Vart eigen kommune igjen" in tekst


def test_who_sits_in_an_utviklingsgruppe_is_told(client: Client):
    load_all()

    tekst = _text(client.get("/nordmore/"))

    assert "tillitsvalgt, utviklingslærer og pedagogisk og psykologisk rådgiver" in tekst


def test_projects_cost_the_same_queries_whether_two_or_ten(
    client: Client, django_assert_num_queries
):
    nettverk = NettverkFactory()

    def ny() -> None:
        prosjekt = Prosjekt.objects.create(
            nettverk=nettverk,
            navn=f"Prosjekt {Prosjekt.objects.count()}",
            kilde="Dokumentet",
            gyldig=periode(datetime.date(2017, 7, 1)),
        )
        Noekkeltall.objects.create(
            prosjekt=prosjekt, etikett="skoler", tall=5, aar=2017, kilde="Dokumentet"
        )

    ny()
    with CaptureQueriesContext(connection) as en:
        client.get(f"/{nettverk.slug}/")
    for _nummer in range(4):
        ny()
    with django_assert_num_queries(len(en)):
        client.get(f"/{nettverk.slug}/")


def test_refused_in_sunnmore_names_the_arbeidsutval(client: Client):
    load_all()
    nettverk = Nettverk.objects.get(slug="nordre-sunnmore")
    client.force_login(medlem(nettverk, gruppetype=Gruppe.Type.LEDERNETTVERK))

    svar = client.get("/nordre-sunnmore/aarsrapport/2020/")

    assert svar.status_code == 403
    tekst = _text(svar)
    assert "medlem av arbeidsutvalet" in tekst
    assert "pedagogisk koordinator" in tekst
    assert "koordineringsgruppa" not in tekst


def test_every_page_inside_leads_by_nettverket_to_the_public_one_and_the_koordinator_to_its_text(
    client: Client,
):
    nettverk = NettverkFactory()
    offentlig, formes = f'href="/{nettverk.slug}/"', f'href="/{nettverk.slug}/nettverket/"'
    endre = f'href="/{nettverk.slug}/rediger/"'

    for person, kan_endre in ((kog(nettverk), False), (koordinator(nettverk), True)):
        client.force_login(person)
        for side in ("hjem/", "grupper/", ""):
            assert formes in client.get(f"/{nettverk.slug}/{side}").content.decode()
        html = client.get(f"/{nettverk.slug}/nettverket/").content.decode()
        assert offentlig in html
        assert (endre in html) is kan_endre
        assert ("Teksten om nettverket" in html) is kan_endre
