"""Norwegian order: æ ø å last, aa as å – in PostgreSQL and in memory alike."""

import pytest
from django.db import connection

from kommuner.models import Kommune
from kommuner.sortering import norsk_nokkel
from tests.kommuner.factories import KommuneFactory

pytestmark = pytest.mark.django_db

RIKTIG = [
    "Aure",
    "averøy",
    "Émile",
    "Zeta",
    "Ærø",
    "Ørskog",
    "Øye",
    "Ål",
    "Ålesund",
    "Aasen",
    "Åsnes",
]


def test_kommuner_come_in_norwegian_order():
    for navn in reversed(RIKTIG):
        KommuneFactory(navn=navn)

    assert [k.navn for k in Kommune.objects.all()] == RIKTIG


def test_names_in_memory_sort_as_in_the_database():
    bakvendt = RIKTIG[::-1]

    assert sorted(bakvendt, key=norsk_nokkel) == RIKTIG


@pytest.mark.parametrize(
    "navn",
    [
        *RIKTIG,
        "Hábmer – Hamarøy",
        "Sørfold – Fuolldá",
        "O'Neil",
        "Čáhcesuolu",
        "Ørsta/Volda 2",
        "Šiŋŧŋa",
    ],
)
def test_both_make_the_same_key(navn: str):
    with connection.cursor() as cursor:
        cursor.execute("SELECT norsk_sortering(%s)", [navn])
        (fra_databasen,) = cursor.fetchone()

    assert norsk_nokkel(navn) == fra_databasen
