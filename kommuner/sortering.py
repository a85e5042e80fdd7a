"""Norwegian order: æ, ø, å last and in that order, aa as å, case and accents ignored; and search by it.

One SQL function, `norsk_sortering(text)`, made by the first migration, serves every list. It needs no
ICU (no embedded server has it) and gives the same order in PostgreSQL 17, 18 and in the tests.
Source: Språkrådet's alphabetical order.
"""

import re
import sys
import unicodedata
from functools import cache, reduce
from operator import and_, or_
from typing import Any, TypeVar

from django.db import models
from django.db.models.functions import Concat, Replace

Rader = TypeVar("Rader", bound=models.QuerySet)

# «aa» is å in place names (Aasen). ä sorts as æ, ö as ø, ü as y; other accents as the bare letter. Letters
# are composed first: A with a ring after it is Å.
NORSK_SORTERING_SQL = """
CREATE OR REPLACE FUNCTION norsk_sortering(tekst text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(
    replace(lower(normalize(tekst, NFC) COLLATE "pg_c_utf8"), 'aa', 'å'),
    'æäøöåéèêëàáâãçíìîïñóòôõúùûüýčđŋšŧž''’-–.',
    '{{||}eeeeaaaaciiiinoooouuuyycdnstz'
);
"""
NORSK_SORTERING_FJERN_SQL = "DROP FUNCTION norsk_sortering(text);"


def composed_sql(tabell: str, felt: str) -> str:
    """For a migration: the column's texts with composed letters. Sort keys follow."""
    return f"UPDATE {tabell} SET {felt} = normalize({felt}, NFC) WHERE {felt} IS NOT NFC NORMALIZED"


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


def composed(tekst: str) -> str:
    """The letters as one sign each: a Mac may write Å as A and a ring, and nobody would find it.

    Marks beyond the thirtieth on one letter are left out: no language has them, and to put them in order
    takes the square of their number.
    """
    if tekst.isascii():
        return tekst
    return unicodedata.normalize("NFC", _mange_merker().sub(r"\1", tekst))


@cache
def _mange_merker() -> re.Pattern[str]:
    alle = map(chr, range(0x300, sys.maxunicode + 1))
    merker = "".join(tegn for tegn in alle if unicodedata.combining(tegn))
    return re.compile(f"([{merker}]{{30}})[{merker}]+")


def norsk_nokkel(tekst: str) -> str:
    """The same key for the few lists that are sorted in memory."""
    return composed(tekst).lower().replace("aa", "å").translate(_TABELL)


# --- search: the one way to compare what is typed with what things are called


def folded(tekst: str) -> str:
    """What is compared: Åsen, Aasen, åsen and asen are alike; so are Sæther and saether, Bø and bo."""
    nokkel = norsk_nokkel(tekst)
    return nokkel.replace("|", "o").replace("}", "a").replace("{", "ae")


def folded_key(nokkel: Any) -> models.Func:
    """The same in the database, of a `norsk_sortering` key."""
    oversatt = models.Func(
        nokkel,
        models.Value("|}"),
        models.Value("oa"),
        function="translate",
        output_field=models.TextField(),
    )
    return Replace(oversatt, models.Value("{"), models.Value("ae"), output_field=models.TextField())


def typed_words(q: str) -> list[str]:
    """The words of a search as they were typed; five are enough, and signs alone are no word."""
    return [ord_ for ord_ in composed(q).split()[:5] if folded(ord_)]


def search_words(q: str) -> list[str]:
    """The words of a search, folded."""
    return [folded(ord_) for ord_ in typed_words(q)]


def named(rader: Rader, q: str, *nokler: Any) -> Rader:
    """The rows in which every word of `q` stands in one of the sort keys `nokler` (a field's name, or
    NorskSortering of one). Averøy is found as averoy and as averoey. None when there is no word.
    """
    ordene = typed_words(q)
    if not ordene:
        return rader.none()
    deler = [bit for nokkel in nokler for bit in (models.Value(" "), nokkel)]
    tekst = folded_key(Concat(*deler, output_field=models.TextField()))
    return rader.alias(soketekst=tekst).filter(
        reduce(and_, (word_in("soketekst", ord_) for ord_ in ordene))
    )


def word_variants(ord_: str) -> set[str]:
    """What a word may be looked for as: itself folded, and with oe for ø."""
    return {folded(ord_), folded(ord_.lower().replace("oe", "ø"))}


def word_in(felt: str, ord_: str, *, begins: bool = False) -> models.Q:
    """That the word stands in `felt`, a folded key; with `begins`, that a word there begins so (then
    `felt` must have a space before its first word)."""
    foran = " " if begins else ""
    return reduce(
        or_, (models.Q(**{f"{felt}__contains": foran + ledd}) for ledd in word_variants(ord_))
    )
