"""How near a name is to what is typed: the same answer in the database and in memory."""

import pytest
from django.db.models import F, Value

from kommuner.models import Enhet
from kommuner.sortering import LAVESTE_RANG, Sokenokler, norsk_nokkel, rank, rank_in_memory, ranker
from tests.kommuner.factories import EnhetFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("navn", "q", "rang"),
    [
        ("Åse Skodde", "Åse", 0),
        ("Aase Skodde", "åse", 0),
        ("Søren Bø", "soeren", 0),
        ("Åse Skodde", "åse skodde", 0),
        ("Ase Moe", "åse", 1),
        ("Åse Skodde", "ase", 1),
        ("Kari Åseth", "åse", 2),
        ("Kari Nes", "nes kari", 2),
        ("Kari Asebak", "åse", 3),
        ("Blåse skole", "åse", 6),
        ("Rognebærklasen", "åse", LAVESTE_RANG),
        ("Kari Nes", "", LAVESTE_RANG),
    ],
)
def test_a_name_has_one_rank_in_the_database_and_in_memory(navn, q, rang):
    EnhetFactory(navn=navn)

    [i_basen] = Enhet.objects.annotate(rang=rank(q, F("sortering"))).values_list("rang", flat=True)

    assert (i_basen, rank_in_memory(navn, q)) == (rang, rang)


@pytest.mark.parametrize(
    ("navn", "q", "rang"),
    [
        ("Kari Nes", "kari tjeld", 4),
        ("Kari Nes", "boel", 4),
        ("Kari Nes", "bol", 5),
        ("Kari Nes", "berget", 6),
        ("Kari Nes", "olge", LAVESTE_RANG),
        ("Kari Nes", "sverre", None),
    ],
)
def test_where_it_is_counts_after_what_it_is_called(navn, q, rang):
    sted = "Tjeldberget Bølgebarnehage"
    EnhetFactory(navn=navn)
    noekkel = Value(norsk_nokkel(sted))

    assert ranker(q)(Sokenokler.of(navn, sted)) == rang
    rader = Enhet.objects.annotate(rang=rank(q, F("sortering"), noekkel))
    assert rader.values_list("rang", flat=True)[0] == (LAVESTE_RANG if rang is None else rang)
