"""A card in several themes: shown in each, counted once, and never lost when themes are merged or taken away."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from fremtidsbilder.models import Klynge, Samtalesporsmaal
from fremtidsbilder.tankesmier import klynger
from fremtidsbilder.tankesmier.vegg import read_wall
from tests.fremtidsbilder.tankesmiefabrikk import BidragFactory, KlyngeFactory, SporsmaalFactory
from tests.nettverk.factories import koordinator
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db


def _shown(sporsmaal) -> dict[str, list[str]]:
    vegg = read_wall(sporsmaal)
    temaer = {tema.navn: sorted(k.tekst for k in tema.kort) for tema in vegg.temaer}
    return temaer | {"": sorted(k.tekst for k in vegg.uten_tema)}


@pytest.fixture
def vegg():
    """A question with the themes Lek, Ute and Ro, and a card in the first two."""
    sporsmaal = SporsmaalFactory()
    lek, ute, ro = (KlyngeFactory(sporsmaal=sporsmaal, navn=n) for n in ("Lek", "Ute", "Ro"))
    kort = BidragFactory(sporsmaal=sporsmaal, tekst="a", klynge=lek)
    assert klynger.place(sporsmaal, [kort.pk], tema=ute.pk, ogsaa=True) == 1
    return sporsmaal, kort, lek, ute, ro


def test_it_is_shown_in_each_and_counted_once(vegg):
    sporsmaal, _kort, *_temaer = vegg

    assert _shown(sporsmaal) == {"Lek": ["a"], "Ute": ["a"], "Ro": [], "": []}
    assert read_wall(sporsmaal).antall == 1


def test_one_without_a_theme_is_put_in_it_and_the_same_twice_is_once(vegg):
    sporsmaal, kort, lek, _ute, ro = vegg
    ny = BidragFactory(sporsmaal=sporsmaal, tekst="b")

    for _ in range(2):
        klynger.place(sporsmaal, [ny.pk, kort.pk], tema=lek.pk, ogsaa=True)
        klynger.place(sporsmaal, [ny.pk], tema=ro.pk, ogsaa=True)

    assert _shown(sporsmaal) == {"Lek": ["a", "b"], "Ute": ["a"], "Ro": ["b"], "": []}
    assert read_wall(sporsmaal).antall == 2


def test_merged_themes_show_it_once_and_parted_ones_in_both(vegg):
    sporsmaal, _kort, lek, ute, _ro = vegg

    klynger.merge(sporsmaal, ute.pk, inn_i=lek.pk)
    assert _shown(sporsmaal) == {"Lek": ["a"], "Ro": [], "": []}
    klynger.part(sporsmaal, ute.pk)

    assert _shown(sporsmaal) == {"Lek": ["a"], "Ute": ["a"], "Ro": [], "": []}


def test_it_is_moved_out_of_one_and_stays_in_the_other(vegg):
    sporsmaal, kort, lek, _ute, ro = vegg

    klynger.take_out(sporsmaal, [kort.pk], tema=lek.pk)
    assert _shown(sporsmaal) == {"Lek": [], "Ute": ["a"], "Ro": [], "": []}
    # Moved it is put in another; dragged out of all it is in none.
    klynger.place(sporsmaal, [kort.pk], tema=ro.pk)
    assert _shown(sporsmaal) == {"Lek": [], "Ute": [], "Ro": ["a"], "": []}
    klynger.place(sporsmaal, [kort.pk], tema=lek.pk, ogsaa=True)
    klynger.place(sporsmaal, [kort.pk], tema=None)
    assert _shown(sporsmaal) == {"Lek": [], "Ute": [], "Ro": [], "": ["a"]}


def test_a_theme_that_is_taken_away_leaves_its_cards_in_their_others(vegg):
    sporsmaal, _kort, lek, _ute, _ro = vegg

    klynger.remove(sporsmaal, lek.pk)

    assert _shown(sporsmaal) == {"Ute": ["a"], "Ro": [], "": []}


def test_a_hidden_card_is_shown_in_none(vegg):
    sporsmaal, kort, *_temaer = vegg
    kort.skjult = True
    kort.save()

    assert _shown(sporsmaal) == {"Lek": [], "Ute": [], "Ro": [], "": []}
    assert len(read_wall(sporsmaal, med_skjulte=True).skjulte) == 1


# --- two at once


@pytest.mark.django_db(transaction=True)
def test_dragged_into_a_theme_that_another_merges_it_is_where_that_went():
    sporsmaal = SporsmaalFactory()
    lek, ute, ro = (KlyngeFactory(sporsmaal=sporsmaal, navn=n) for n in ("Lek", "Ute", "Ro"))
    kort = BidragFactory(sporsmaal=sporsmaal, tekst="a", klynge=ro)

    def question() -> Samtalesporsmaal:
        return Samtalesporsmaal.objects.select_related("tankesmie").get()

    svar = at_once(
        lambda: klynger.merge(question(), ute.pk, inn_i=lek.pk),
        lambda: klynger.place(question(), [kort.pk], tema=ute.pk, ogsaa=True),
        holding=sporsmaal,
    )

    assert kinds(svar) == ["ok", "ok"]
    assert _shown(sporsmaal) == {"Lek": ["a"], "Ro": ["a"], "": []}


@pytest.mark.django_db(transaction=True)
def test_dragged_into_a_theme_that_another_takes_away_it_is_told_and_lost_by_neither():
    sporsmaal = SporsmaalFactory()
    lek, ute = (KlyngeFactory(sporsmaal=sporsmaal, navn=n) for n in ("Lek", "Ute"))
    kort = BidragFactory(sporsmaal=sporsmaal, tekst="a", klynge=lek)

    def question() -> Samtalesporsmaal:
        return Samtalesporsmaal.objects.select_related("tankesmie").get()

    svar = at_once(
        lambda: klynger.remove(question(), ute.pk),
        lambda: klynger.place(question(), [kort.pk], tema=ute.pk, ogsaa=True),
        holding=sporsmaal,
    )

    assert kinds(svar) in (["KanIkke", "ok"], ["ok", "ok"])
    assert not Klynge.objects.filter(pk=ute.pk).exists()
    assert _shown(sporsmaal) == {"Lek": ["a"], "": []}


# --- the pages


def test_it_is_done_on_the_wall_by_its_buttons_and_drawn_in_both_without_the_same_id_twice(vegg):
    sporsmaal, kort, _lek, ute, ro = vegg
    sporsmaal.tankesmie.frittstaaende = True
    sporsmaal.tankesmie.save()
    klient = Client()
    klient.force_login(
        koordinator(sporsmaal.nettverk), backend="django.contrib.auth.backends.ModelBackend"
    )
    sted = [sporsmaal.nettverk.slug, sporsmaal.tankesmie.pk, sporsmaal.pk]
    adresse = reverse("fremtidsbilder:tankesmie_vegg", args=sted)

    klient.post(adresse, {"handling": "ogsaa", "kort": [kort.pk], "tema": ro.pk})
    klient.post(adresse, {"handling": "uttema", "kort": [kort.pk], "tema": ute.pk})

    assert _shown(sporsmaal) == {"Lek": ["a"], "Ute": [], "Ro": ["a"], "": []}
    ider = re.findall(r'\bid="([^"]+)"', klient.get(adresse).text)
    assert len(ider) == len(set(ider))


def test_those_who_give_dots_meet_it_once(vegg):
    sporsmaal, *_resten = vegg

    en_gang = read_wall(sporsmaal).hver_en_gang

    assert [[k.tekst for k in tema.kort] for tema in en_gang.temaer] == [["a"], [], []]
