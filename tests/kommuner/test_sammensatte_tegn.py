"""Å may be written as A and a ring, and a Mac does: it is found, sorted and kept as any other Å."""

import sys
import unicodedata

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from kommuner import sortering
from kommuner.gyldighet import idag
from kommuner.models import Enhet
from kommuner.sortering import composed, composed_sql, folded, named, norsk_nokkel, search_words
from kommuner.tabellfil.celler import clean
from nettverk.models import Person, Verv
from nettverk.register import search_enheter
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import GruppeFactory, PersonFactory, VervFactory, koordinator

pytestmark = pytest.mark.django_db

SAMMENSATT = "Åse Bøåsen"
DELT = unicodedata.normalize("NFD", SAMMENSATT)


def test_the_key_is_the_same_in_memory_and_in_the_database():
    assert DELT != SAMMENSATT
    assert norsk_nokkel(DELT) == norsk_nokkel(SAMMENSATT)
    assert (folded(DELT), search_words(DELT)) == (folded(SAMMENSATT), search_words(SAMMENSATT))
    for navn in (DELT, SAMMENSATT):
        person = PersonFactory(navn=navn)
        person.refresh_from_db()
        assert person.sortering == norsk_nokkel(SAMMENSATT)


@pytest.mark.parametrize("lagret", [DELT, SAMMENSATT])
@pytest.mark.parametrize("sokt", [DELT, SAMMENSATT, "åse", unicodedata.normalize("NFD", "åse")])
def test_it_is_found_however_it_is_written(lagret: str, sokt: str):
    person, enhet = PersonFactory(navn=lagret), EnhetFactory(navn=lagret)

    assert list(named(Person.objects.all(), sokt, "sortering")) == [person]
    assert list(search_enheter(Enhet.objects.all(), sokt)) == [enhet]


def test_a_name_typed_on_a_mac_is_kept_composed(client: Client):
    gruppe = GruppeFactory()
    client.force_login(koordinator(gruppe.nettverk))

    client.post(
        reverse("nettverk:verv_ny", args=[gruppe.nettverk.slug, gruppe.pk]),
        {
            "navn": DELT,
            "epost": "aase@demo.example",
            "rolle": "leder",
            "fra": idag().isoformat(),
            "tittel": unicodedata.normalize("NFD", "rådgiver"),
        },
    )

    verv = Verv.objects.get(gruppe=gruppe)
    assert (verv.person.navn, verv.tittel) == (SAMMENSATT, "rådgiver")


def test_the_search_of_the_header_finds_it(client: Client):
    verv = VervFactory(person__navn=SAMMENSATT)
    client.force_login(verv.person)

    svar = client.get(
        reverse("nettverk:sok", args=[verv.gruppe.nettverk.slug]), {"q": DELT.split()[0]}
    )

    assert [t.tittel for g in svar.context["grupper"] for t in g.treff] == [SAMMENSATT]


def test_a_cell_of_a_file_comes_in_composed():
    assert clean(f"  {DELT} ") == SAMMENSATT


def test_what_was_kept_apart_is_put_together_by_the_migration():
    person, annen = PersonFactory(navn=DELT), PersonFactory(navn="Ola")

    with connection.cursor() as cursor:
        cursor.execute(composed_sql("nettverk_person", "navn"))
        assert cursor.rowcount == 1

    person.refresh_from_db()
    annen.refresh_from_db()
    assert (person.navn, annen.navn) == (SAMMENSATT, "Ola")


def test_a_thousand_marks_on_one_letter_are_not_put_in_order():
    assert len(composed("a" + "\u0301\u0316" * 100_000)) <= 31
    assert composed("a" + "\u0316\u0301") == "\u00e1\u0316"


def test_no_mark_stands_beyond_those_that_are_asked_for():
    alle = map(chr, range(sortering._SISTE_MERKE, sys.maxunicode + 1))

    assert not [tegn for tegn in alle if unicodedata.combining(tegn)]
