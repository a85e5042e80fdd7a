"""Organisation numbers are checked by MOD11, in forms and in the database alike."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from stdnum.no import orgnr

from kommuner.orgnr import normalise
from tests.kommuner.factories import EnhetFactory, gyldig_orgnr

pytestmark = pytest.mark.django_db


def test_spaces_are_taken_away():
    assert normalise("974 760 673") == "974760673"


@pytest.mark.parametrize("verdi", ["974760674", "97476067", "9747606733", "abcdefghi", ""])
def test_wrong_number_is_refused_in_plain_words(verdi: str):
    with pytest.raises(ValidationError, match="ikke et gyldig organisasjonsnummer"):
        normalise(verdi)


def test_the_database_agrees_with_the_register_on_every_check_digit():
    numre = [
        f"{rot}{siffer}" for rot in ("97476067", "80000001", "91234567") for siffer in range(10)
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT n, orgnr_gyldig(n) FROM unnest(%s::text[]) n", [numre])
        svar = dict(cursor.fetchall())

    assert svar == {n: orgnr.is_valid(n) for n in numre}


def test_the_database_refuses_a_wrong_check_digit():
    riktig = gyldig_orgnr(5)
    galt = riktig[:-1] + str((int(riktig[-1]) + 1) % 10)

    with pytest.raises(IntegrityError, match="enhet_orgnr_mod11"), transaction.atomic():
        EnhetFactory(organisasjonsnummer=galt)
