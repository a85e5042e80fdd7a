"""Whether a text names somebody who has a Verv in the network."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg.types.range import DateRange

from nettverk.models import Nettverk, Verv
from nettverk.skriving.navnesjekk import look_for_staff, looks_like_a_name
from tests.nettverk.factories import NettverkFactory, PersonFactory, koordinator

pytestmark = pytest.mark.django_db


@pytest.fixture
def nettverk() -> Nettverk:
    return NettverkFactory()


def _verv(nettverk: Nettverk, navn: str) -> None:
    person = koordinator(nettverk)
    person.navn = navn
    person.save()


@pytest.mark.parametrize(
    "tekst",
    [
        "Kari Øye-Nordmann er streng",
        "jeg liker kari øye nordmann.",
        "KARI NORDMANN",
        "Nordmann, Kari",
        "Kari Oye Nordmanns timer er best",
        "snakk med (Kari  Nordmann)!",
    ],
)
def test_a_whole_name_is_found_however_it_is_written(nettverk, tekst):
    _verv(nettverk, "Kari Øye-Nordmann")
    assert look_for_staff(nettverk, [tekst]) == [["Kari Øye-Nordmann"]]


@pytest.mark.parametrize(
    "tekst",
    [
        "",
        "Kari er streng",
        "Fru Nordmann",
        "Kari liker Nordmann",
        "Karianne Nordmann",
        "Kari Nordmannsen",
        "Bra lærere 🌳",
    ],
)
def test_a_part_of_a_name_is_nobodys(nettverk, tekst):
    _verv(nettverk, "Kari Nordmann")
    _verv(nettverk, "Bra")
    assert look_for_staff(nettverk, [tekst]) == [[]]


def test_each_text_has_its_own_and_one_may_name_several(nettverk):
    for navn in ("Ola Dahl", "Kari Nordmann", "Åse Vik"):
        _verv(nettverk, navn)
    tekster = ["Ola Dahl og Kari Nordmann", "ingen", "Ola Dahl"]
    assert look_for_staff(nettverk, tekster) == [["Kari Nordmann", "Ola Dahl"], [], ["Ola Dahl"]]
    # As a Mac writes it.
    assert look_for_staff(nettverk, ["hei A\u030ase Vik"]) == [["Åse Vik"]]


def test_only_those_of_the_network_and_not_what_was_given_by_mistake(nettverk):
    _verv(NettverkFactory(), "Fremmed Person")
    PersonFactory(navn="Uten Verv")
    _verv(nettverk, "Feil Person")
    Verv.objects.filter(person__navn="Feil Person").update(
        annullert=timezone.now(), gyldig=DateRange(empty=True)
    )
    tekster = ["Fremmed Person", "Uten Verv", "Feil Person"]
    assert look_for_staff(nettverk, tekster) == [[], [], []]


def test_it_is_one_query_for_many_texts_and_none_for_none(nettverk):
    _verv(nettverk, "Kari Nordmann")
    with CaptureQueriesContext(connection) as spurt:
        look_for_staff(nettverk, ["Kari Nordmann er her"] * 500)
    assert len(spurt) == 1
    with CaptureQueriesContext(connection) as spurt:
        assert look_for_staff(nettverk, []) == []
    assert len(spurt) == 0


@pytest.mark.parametrize(
    ("tekst", "svar"),
    [
        ("Åse Skoddeheim må slutte", True),
        ("spør A\u030ase Vik", True),
        ("Nordmann, Kari", True),
        ("Øye-Nordmann", True),
        ("Mer ute. Det er bra, Kari", False),
        ("åse vik", False),
        ("", False),
    ],
)
def test_two_words_with_a_capital_beside_each_other_may_be_a_name(tekst, svar):
    assert looks_like_a_name(tekst) is svar
