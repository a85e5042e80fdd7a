"""Themes that the cards suggest: forms of one word, without the small ones, taken in one tap and undone."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fremtidsbilder.models import Bidrag, Samtalesporsmaal
from fremtidsbilder.tankesmier import forslag, klynger
from fremtidsbilder.tankesmier.vegg import read_wall
from nettverk.skriving.svar import undo_of
from tests.fremtidsbilder.tankesmiefabrikk import BidragFactory, KlyngeFactory, SporsmaalFactory
from tests.nettverk.factories import kog, koordinator
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db


def _write(sporsmaal, *tekster: str) -> list[Bidrag]:
    return [BidragFactory(sporsmaal=sporsmaal, tekst=t) for t in tekster]


@pytest.fixture
def sporsmaal():
    return SporsmaalFactory(tankesmie__frittstaaende=True)


def _suggested(sporsmaal) -> list[tuple[str, list[str]]]:
    return [(f.navn, [k.tekst for k in f.kort]) for f in forslag.suggest(sporsmaal)]


def test_cards_with_forms_of_one_word_are_suggested_as_a_theme_of_its_name(sporsmaal):
    _write(
        sporsmaal,
        "Mer lek ute",
        "Leken er viktig for alle",
        "Leker vi sammen, lærer vi",
        "God mat",
        "Ro til å lese",
    )

    [(navn, tekster)] = _suggested(sporsmaal)

    assert navn.lower().startswith("lek")
    assert tekster == ["Mer lek ute", "Leken er viktig for alle", "Leker vi sammen, lærer vi"]


def test_small_words_in_either_norwegian_make_no_theme(sporsmaal):
    _write(sporsmaal, "Ikkje meir bråk", "Ikkje skjerm", "Ikkje lekser", "Vi vil ha ro", "Vi er få")

    assert _suggested(sporsmaal) == []


def test_a_card_is_suggested_once_and_what_has_a_theme_or_is_hidden_never(sporsmaal):
    lek = KlyngeFactory(sporsmaal=sporsmaal)
    kort = _write(sporsmaal, *(f"Uteskole nummer {n} med bålpanne" for n in "abcd"))
    BidragFactory(sporsmaal=sporsmaal, tekst="Uteskole", klynge=lek)
    BidragFactory(sporsmaal=sporsmaal, tekst="Uteskole", skjult=True)

    [ett] = forslag.suggest(sporsmaal)

    assert [k.pk for k in ett.kort] == [k.pk for k in kort]


def test_a_word_that_nearly_all_use_tells_none_from_another(sporsmaal):
    _write(sporsmaal, *(f"Barna skal {o}" for o in ["klatre"] * 4 + ["synge"] * 4 + ["bygge"] * 4))

    assert sorted(len(tekster) for _n, tekster in _suggested(sporsmaal)) == [4, 4, 4]


def test_it_is_two_queries_for_a_thousand_cards(sporsmaal, django_assert_num_queries):
    Bidrag.objects.bulk_create(
        Bidrag(sporsmaal=sporsmaal, tekst=f"Uteskole og lek, ord{n} og tall") for n in range(1000)
    )

    with django_assert_num_queries(2):
        forslag.suggest(sporsmaal)


def test_what_is_put_elsewhere_meanwhile_stays_there(sporsmaal):
    kort = _write(sporsmaal, "Uteskole a", "Uteskole b", "Uteskole c")
    ro = KlyngeFactory(sporsmaal=sporsmaal, navn="Ro")
    klynger.place(sporsmaal, [kort[0].pk], tema=ro.pk)

    klynge, fikk = forslag.take(sporsmaal, navn="Uteskole", kort=[k.pk for k in kort])

    assert fikk == [kort[1].pk, kort[2].pk]
    forslag.undo(sporsmaal, tema=klynge.pk, kort=fikk)
    vegg = read_wall(sporsmaal)
    assert [(t.navn, len(t.kort)) for t in vegg.temaer] == [("Ro", 1)]
    assert len(vegg.uten_tema) == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_same_suggestion_make_one_theme():
    sporsmaal = SporsmaalFactory(tankesmie__frittstaaende=True)
    kort = [k.pk for k in _write(sporsmaal, "Uteskole a", "Uteskole b", "Uteskole c")]

    def take() -> list[int]:
        naa = Samtalesporsmaal.objects.select_related("tankesmie").get()
        return forslag.take(naa, navn="Uteskole", kort=kort)[1]

    svar = at_once(take, take, holding=sporsmaal)

    assert sorted(map(len, svar)) == [0, 3]
    assert [(t.navn, len(t.kort)) for t in read_wall(sporsmaal).temaer] == [("Uteskole", 3)]


# --- the page


def _page(sporsmaal, person=None) -> tuple[Client, str]:
    klient = Client()
    klient.force_login(
        person or koordinator(sporsmaal.nettverk),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    sted = [sporsmaal.nettverk.slug, sporsmaal.tankesmie.pk, sporsmaal.pk]
    return klient, reverse("fremtidsbilder:temaforslag", args=sted)


def test_a_suggestion_is_taken_in_one_tap_and_undone_in_one(sporsmaal):
    kort = _write(sporsmaal, "Uteskole a", "Uteskole b", "Uteskole c")
    klient, adresse = _page(sporsmaal)
    assert "Lag temaet med 3 bidrag" in klient.get(adresse).text

    svar = klient.post(adresse, {"navn": "Ut i naturen", "kort": "-".join(str(k.pk) for k in kort)})
    [melding] = get_messages(svar.wsgi_request)
    assert "Ut i naturen" in str(melding)
    assert [t.navn for t in read_wall(sporsmaal).temaer] == ["Ut i naturen"]
    angre = undo_of(melding)
    assert angre is not None
    klient.post(angre.url, angre.felt)

    assert read_wall(sporsmaal).temaer == []


def test_the_page_costs_the_same_with_one_and_many_suggestions(sporsmaal):
    klient, adresse = _page(sporsmaal)

    def cost() -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            assert klient.get(adresse).status_code == 200
        return len(spoerringer)

    _write(sporsmaal, "Uteskole a", "Uteskole b", "Uteskole c")
    cost()
    en = cost()
    _write(sporsmaal, *(f"{ord_} {n}" for ord_ in ("Musikk", "Svømming") for n in "abc"))

    assert cost() == en


def test_only_those_who_lead_it_and_never_the_wall_of_a_gathering(sporsmaal):
    klient, adresse = _page(sporsmaal, kog(sporsmaal.nettverk))
    assert klient.get(adresse).status_code == 403
    paa_samling = SporsmaalFactory(tankesmie__nettverk=sporsmaal.nettverk)
    klient, adresse = _page(paa_samling, koordinator(sporsmaal.nettverk))
    assert klient.get(adresse).status_code == 404
