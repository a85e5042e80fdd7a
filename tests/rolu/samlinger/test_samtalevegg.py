"""The wall of a tankesmie for those who arrange it, and how what was said is read out of it."""

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fremtidsbilder.models import Bidrag, Prikk
from fremtidsbilder.tankesmier import bidrag, klynger, moderering, styring, vegg
from rolu.models import Samtale
from rolu.samlinger import samtaler
from tests.fremtidsbilder.tankesmiefabrikk import BidragFactory
from tests.nettverk.factories import koordinator
from tests.rolu.factories import ProgrampostFactory, SamlingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def samtale() -> Samtale:
    post = ProgrampostFactory(samling=SamlingFactory(i_dag=True), tittel="Rundt bordet")
    return samtaler.make(post.samling, programpost=post, antall_bord=4, sporsmaal=["Hva virker?"])


@pytest.fixture
def client(samtale) -> Client:
    client = Client()
    client.force_login(
        koordinator(samtale.nettverk), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


@pytest.fixture
def sporsmaal(samtale):
    sporsmaal = samtale.tankesmie.sporsmaal.get()
    styring.open_question(sporsmaal)
    sporsmaal.refresh_from_db()
    return sporsmaal


@pytest.fixture
def adresse(samtale, sporsmaal) -> str:
    sted = [samtale.nettverk.slug, samtale.samling_id, samtale.pk, sporsmaal.pk]
    return reverse("rolu:samtale_vegg", args=sted)


def _ticked(html: str) -> list[int]:
    bokser = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", html)
    return [int(re.search(r'value="(\d+)"', b)[1]) for b in bokser if re.search(r"\schecked", b)]


def _field(html: str, id_: str) -> str:
    felt = re.search(rf'<input[^>]*id="{id_}"[^>]*>', html)[0]
    return re.search(r'value="([^"]*)"', felt)[1]


@pytest.mark.parametrize("hoder", [{}, {"HX-Request": "true"}])
def test_what_was_ticked_and_typed_stays_when_a_theme_cannot_be_made(
    sporsmaal, client, adresse, hoder
):
    en, to, tre = BidragFactory.create_batch(3, sporsmaal=sporsmaal)
    for n in range(klynger.MAKS_TEMAER):
        klynger.make(sporsmaal, navn=f"Tema {n}")

    svar = client.post(
        adresse, {"handling": "nytt", "navn": "Lek", "kort": [en.pk, tre.pk]}, headers=hoder
    )

    assert svar.status_code == 422
    assert "Det er plass til 60 temaer." in svar.text
    assert sorted(_ticked(svar.text)) == [en.pk, tre.pk]
    assert _field(svar.text, "mod-navn") == "Lek"
    assert sporsmaal.klynger.count() == klynger.MAKS_TEMAER
    gjort = client.post(adresse, {"handling": "velg", "kort": [to.pk]}, headers=hoder, follow=True)
    assert _ticked(gjort.text) == []


@pytest.mark.parametrize("hoder", [{}, {"HX-Request": "true"}])
def test_a_name_that_was_refused_stays_where_it_was_typed(sporsmaal, client, adresse, hoder):
    klynger.make(sporsmaal, navn="Lek")
    ute = klynger.make(sporsmaal, navn="Ute")

    svar = client.post(adresse, {"handling": "navn", "tema": ute.pk, "navn": "Lek"}, headers=hoder)

    assert "Et annet tema heter «Lek»" in svar.text
    assert _field(svar.text, f"navn-{ute.pk}") == "Lek"
    assert 'id="temaene" open' in svar.text
    assert _field(svar.text, "nytt-tomt") == ""


def test_a_theme_can_be_made_before_there_is_anything_to_put_in_it(sporsmaal, client, adresse):
    assert 'id="nytt-tomt"' in client.get(adresse).text

    client.post(adresse, {"handling": "nytt", "navn": "Lek"})

    assert [k.navn for k in sporsmaal.klynger.all()] == ["Lek"]


def test_the_tabs_count_the_cards_that_are_shown(samtale, sporsmaal, client, adresse):
    styring.add_question(samtale.tankesmie, tekst="Hva nå?")
    BidragFactory(sporsmaal=sporsmaal)
    BidragFactory(sporsmaal=sporsmaal, skjult=True)
    BidragFactory(sporsmaal=sporsmaal, tekst="")

    assert "Hva virker? (1)" in client.get(adresse).text


def test_a_wall_that_comes_again_is_packed_and_its_cards_are_not_looked_through_anew(
    sporsmaal, client, adresse
):
    Bidrag.objects.bulk_create(
        Bidrag(sporsmaal=sporsmaal, tekst=f"Vi leker i skogen {n}") for n in range(50)
    )
    client.get(adresse)
    sett = vegg.may_name_a_child.cache_info().misses

    bidrag.type_in(sporsmaal, tekst="Eleven Kari var med")
    svar = client.get(
        adresse, {"etter": "0"}, headers={"HX-Request": "true", "Accept-Encoding": "gzip"}
    )

    assert svar.headers["Content-Encoding"] == "gzip"
    assert vegg.may_name_a_child.cache_info().misses == sett + 1
    versjon = sporsmaal.tankesmie.__class__.objects.get().versjon
    assert client.get(adresse, {"etter": versjon}).status_code == 204


# --- many questions


def test_what_was_said_is_read_with_the_same_number_of_queries_for_two_and_ten_questions(
    samtale, sporsmaal
):
    def more(antall: int) -> None:
        for _n in range(antall):
            nytt = styring.add_question(samtale.tankesmie, tekst="Mer?")
            styring.open_question(nytt)
            kort = BidragFactory(sporsmaal=nytt, tekst="Mer lek")
            klynger.make(nytt, navn="Lek", kort=[kort.pk])
            Prikk.objects.create(bidrag=kort, velger=uuid.uuid4())

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as rader:
            list(samtaler.rows(samtale.samling))
        with CaptureQueriesContext(connection) as stemmer:
            samtaler.voices_data(samtale.samling)
        return len(rader), len(stemmer)

    more(1)
    foer = cost()
    more(8)

    assert cost() == foer
    assert len(list(samtaler.rows(samtale.samling))) == 9
    assert len(samtaler.voices_data(samtale.samling)["samtaler"][0]["sporsmaal"]) == 9


def test_walls_read_together_are_as_each_is_alone(samtale, sporsmaal):
    annet = styring.add_question(samtale.tankesmie, tekst="Hva nå?")
    tomt = styring.add_question(samtale.tankesmie, tekst="Og så?")
    for s in (sporsmaal, annet):
        kort = BidragFactory.create_batch(4, sporsmaal=s)
        lek = klynger.make(s, navn="Lek", kort=[kort[0].pk])
        ute = klynger.make(s, navn="Ute", kort=[kort[1].pk])
        klynger.merge(s, ute.pk, inn_i=lek.pk)
        moderering.hide(s, [kort[2].pk])
        Prikk.objects.create(bidrag=kort[1], velger=uuid.uuid4())

    for skjulte in (False, True):
        sammen = vegg.read_walls([sporsmaal, annet, tomt], med_skjulte=skjulte)
        for s in (sporsmaal, annet, tomt):
            assert sammen[s.pk] == vegg.read_wall(s, med_skjulte=skjulte)
    assert sammen[annet.pk].antall == 3
