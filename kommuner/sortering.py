"""Norwegian order: æ, ø, å last and in that order, aa as å, case and accents ignored.

One SQL function, `norsk_sortering(text)`, made by the first migration, serves every list. It needs no
ICU (no embedded server has it) and gives the same order in PostgreSQL 17, 18 and in the tests.
Source: Språkrådet's alphabetical order.
"""

from django.db import models

# «aa» is å in place names (Aasen). ä sorts as æ, ö as ø, ü as y; other accents as the bare letter.
NORSK_SORTERING_SQL = """
CREATE FUNCTION norsk_sortering(tekst text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(
    replace(lower(tekst COLLATE "pg_c_utf8"), 'aa', 'å'),
    'æäøöåéèêëàáâãçíìîïñóòôõúùûüýčđŋšŧž''’-–.',
    '{{||}eeeeaaaaciiiinoooouuuyycdnstz'
);
"""
NORSK_SORTERING_FJERN_SQL = "DROP FUNCTION norsk_sortering(text);"

_FRA = "æäøöåéèêëàáâãçíìîïñóòôõúùûüýčđŋšŧž"
_TIL = "{{||}eeeeaaaaciiiinoooouuuyycdnstz"
_TABELL = str.maketrans(_FRA, _TIL, "'’-–.")


class NorskSortering(models.Func):
    """The sort key of a name, for `order_by` and generated columns."""

    function = "norsk_sortering"
    output_field = models.TextField(db_collation="C")


def sorteringsfelt(felt: str) -> models.GeneratedField:
    """A stored sort key over the column `felt`; put it first in `Meta.ordering`."""
    return models.GeneratedField(
        expression=NorskSortering(felt),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
        editable=False,
    )


def norsk_nokkel(tekst: str) -> str:
    """The same key for the few lists that are sorted in memory."""
    return tekst.lower().replace("aa", "å").translate(_TABELL)
