"""How near a name is to what is typed: the same answer in the database and in memory."""

import pytest
from django.db.models import F

from kommuner.models import Enhet
from kommuner.sortering import LAVESTE_RANG, rank, rank_in_memory
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
