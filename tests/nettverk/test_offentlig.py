"""The public face: open to everyone, in the network's own language."""

import pytest
from django.test import Client

from nettverk.models import Nettverk
from nettverk.nettverksdata import load_all
from tests.nettverk.factories import MedlemskapFactory, NettverkFactory, koordinator

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
