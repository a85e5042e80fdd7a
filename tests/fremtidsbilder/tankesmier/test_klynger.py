"""Themes on a wall: merged ones keep what was put in each."""

import pytest

from fremtidsbilder.tankesmier import klynger
from fremtidsbilder.tankesmier.vegg import read_wall
from nettverk.skriving.konflikt import KanIkke
from tests.fremtidsbilder.tankesmiefabrikk import BidragFactory, KlyngeFactory, SporsmaalFactory

pytestmark = pytest.mark.django_db


def _shown(sporsmaal) -> dict[str, list[str]]:
    vegg = read_wall(sporsmaal)
    temaer = {tema.navn: sorted(k.tekst for k in tema.kort) for tema in vegg.temaer}
    return temaer | {"": sorted(k.tekst for k in vegg.uten_tema)}


@pytest.fixture
def sporsmaal():
    return SporsmaalFactory()


def test_a_theme_takes_the_cards_and_its_name_twice_is_one_theme(sporsmaal):
    a, b = (BidragFactory(sporsmaal=sporsmaal, tekst=t) for t in "ab")

    klynger.make(sporsmaal, navn="Lek", kort=[a.pk])
    klynger.make(sporsmaal, navn="Lek", kort=[b.pk])

    assert _shown(sporsmaal) == {"Lek": ["a", "b"], "": []}


def test_merged_themes_are_shown_as_one_and_can_be_parted_with_their_own_cards(sporsmaal):
    lek, ute = (KlyngeFactory(sporsmaal=sporsmaal, navn=n) for n in ("Lek", "Ute"))
    BidragFactory(sporsmaal=sporsmaal, tekst="a", klynge=lek)
    BidragFactory(sporsmaal=sporsmaal, tekst="b", klynge=ute)

    klynger.merge(sporsmaal, ute.pk, inn_i=lek.pk)
    assert _shown(sporsmaal) == {"Lek": ["a", "b"], "": []}
    klynger.part(sporsmaal, ute.pk)

    assert _shown(sporsmaal) == {"Lek": ["a"], "Ute": ["b"], "": []}


def test_a_card_dragged_into_a_theme_that_was_merged_meanwhile_is_where_that_went(sporsmaal):
    lek, ute = (KlyngeFactory(sporsmaal=sporsmaal, navn=n) for n in ("Lek", "Ute"))
    kort = BidragFactory(sporsmaal=sporsmaal, tekst="a")

    klynger.merge(sporsmaal, ute.pk, inn_i=lek.pk)
    klynger.place(sporsmaal, [kort.pk], tema=ute.pk)

    assert _shown(sporsmaal) == {"Lek": ["a"], "": []}


def test_merging_in_a_row_and_back_makes_no_ring(sporsmaal):
    en, to, tre = (KlyngeFactory(sporsmaal=sporsmaal, navn=n) for n in ("En", "To", "Tre"))
    for klynge in (en, to, tre):
        BidragFactory(sporsmaal=sporsmaal, tekst=klynge.navn, klynge=klynge)

    klynger.merge(sporsmaal, en.pk, inn_i=to.pk)
    klynger.merge(sporsmaal, to.pk, inn_i=tre.pk)
    assert _shown(sporsmaal) == {"Tre": ["En", "To", "Tre"], "": []}
    klynger.merge(sporsmaal, tre.pk, inn_i=en.pk)

    assert _shown(sporsmaal) == {"En": ["En", "To", "Tre"], "": []}


def test_a_theme_is_not_merged_into_itself(sporsmaal):
    lek = KlyngeFactory(sporsmaal=sporsmaal)

    with pytest.raises(KanIkke):
        klynger.merge(sporsmaal, lek.pk, inn_i=lek.pk)


def test_a_theme_taken_away_leaves_its_cards_and_dragging_into_it_is_told(sporsmaal):
    lek = KlyngeFactory(sporsmaal=sporsmaal)
    kort = BidragFactory(sporsmaal=sporsmaal, tekst="a", klynge=lek)

    klynger.remove(sporsmaal, lek.pk)
    with pytest.raises(KanIkke):
        klynger.place(sporsmaal, [kort.pk], tema=lek.pk)

    assert _shown(sporsmaal) == {"": ["a"]}


def test_a_name_that_another_theme_has_is_told(sporsmaal):
    KlyngeFactory(sporsmaal=sporsmaal, navn="Lek")
    ute = KlyngeFactory(sporsmaal=sporsmaal, navn="Ute")

    with pytest.raises(KanIkke):
        klynger.rename(sporsmaal, ute.pk, navn="Lek")


def test_cards_and_themes_of_another_question_are_not_reached(sporsmaal):
    fremmed = BidragFactory(klynge=None)
    fremmed_tema = KlyngeFactory()
    lek = KlyngeFactory(sporsmaal=sporsmaal)

    assert klynger.place(sporsmaal, [fremmed.pk], tema=lek.pk) == 0
    with pytest.raises(KanIkke):
        klynger.place(sporsmaal, [], tema=fremmed_tema.pk)


def test_the_number_is_raised_by_each_change(sporsmaal):
    lek = klynger.make(sporsmaal, navn="Lek")
    klynger.rename(sporsmaal, lek.pk, navn="Leik")

    sporsmaal.tankesmie.refresh_from_db()
    assert sporsmaal.tankesmie.versjon == 2
