"""Norwegian order: æ, ø, å last and in that order, aa as å, case and accents ignored; and search by it.

One SQL function, `norsk_sortering(text)`, made by the first migration, serves every list. It needs no
ICU (no embedded server has it) and gives the same order in PostgreSQL 17, 18 and in the tests.
Source: Språkrådet's alphabetical order.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, reduce
from operator import and_, or_
from typing import Any, TypeVar

from django.db import models
from django.db.models.functions import Concat, Replace
from django.db.models.lookups import Contains, StartsWith

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


# Of the two planes that hold letters with marks; to ask of every character there may be, takes a quarter of a second.
_SISTE_MERKE = 0x20000


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
    alle = map(chr, range(0x300, _SISTE_MERKE))
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


def called(rader: Rader, q: str, *nokler: Any) -> Rader:
    """As `named`; all of the rows when `q` has no word, so that an empty field filters nothing."""
    return named(rader, q, *nokler) if search_words(q) else rader


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


# --- what is nearest: the one way to order what a search found

# Places that a name may match in, the nearest first. Each is two ranks: written so, then only folded to it.
_PLASSER = 4
LAVESTE_RANG = 2 * _PLASSER - 1

Variants = Callable[[str], set[str]]


def _written_variants(ord_: str) -> set[str]:
    """What a word is as it was written, å apart from a; oe stands for ø here too."""
    return {norsk_nokkel(ord_), norsk_nokkel(ord_.lower().replace("oe", "ø"))}


def rank(q: str, navn: Any, sted: Any = "") -> models.Case:
    """How near a row is to `q`, 0 the nearest: the name's first words whole, the start of a word in the
    name, the start of a word in `sted`, or inside a word. `navn` and `sted` are sort keys, as in `named`.

    What is written with å, æ or ø comes before what only folds to it: «åse» is Åse before it is Ase.
    """
    ordene = typed_words(q)
    mellomrom = models.Value(" ")
    eget = Concat(mellomrom, navn, mellomrom, output_field=models.TextField())
    steder = [(eget, folded_key(eget), True), (eget, folded_key(eget), False)]
    if sted:
        stedet = Concat(eget, sted, output_field=models.TextField())
        steder.append((stedet, folded_key(stedet), False))
    else:
        stedet = eget
    if not ordene:
        return models.Case(default=LAVESTE_RANG, output_field=models.IntegerField())
    naer = []
    for plass, (skrevet, foldet, helt) in enumerate(steder):
        naer.append((2 * plass, _begins_in(skrevet, ordene, _written_variants, whole=helt)))
        naer.append((2 * plass + 1, _begins_in(foldet, ordene, word_variants, whole=helt)))
    naer.append((LAVESTE_RANG - 1, _all_in(stedet, ordene, _written_variants)))
    return models.Case(
        *(models.When(vilkaar, then=rang) for rang, vilkaar in naer),
        default=LAVESTE_RANG,
        output_field=models.IntegerField(),
    )


def _begins_in(tekst: Any, ordene: list[str], variants: Variants, *, whole: bool) -> models.Q:
    if whole:
        # The whole of what is typed is one phrase, and oe is read alike in all of it.
        hele = variants(" ".join(ordene))
        return reduce(or_, (models.Q(StartsWith(tekst, f" {ledd} ")) for ledd in hele))
    return _all_in(tekst, ordene, variants, foran=" ")


def _all_in(tekst: Any, ordene: list[str], variants: Variants, foran: str = "") -> models.Q:
    def one(ord_: str) -> models.Q:
        return reduce(or_, (models.Q(Contains(tekst, foran + ledd)) for ledd in variants(ord_)))

    return reduce(and_, map(one, ordene))


def ranked(rader: Rader, q: str, navn: Any, *orden: Any, sted: Any = "") -> Rader:
    """The rows with the nearest first, and `rang` on each; then in `orden`, or as they stood."""
    foer = orden or tuple(rader.query.order_by) or tuple(rader.model._meta.ordering)
    return rader.annotate(rang=rank(q, navn, sted)).order_by("rang", *foer)


@dataclass(frozen=True)
class Sokenokler:
    """What something at hand is found by: its name, and its name with where it is, each as it is written and
    folded, with a space before each word. Worked out once for many searches."""

    navn: str
    navn_foldet: str
    alt: str
    alt_foldet: str

    @classmethod
    def of(cls, navn: str, sted: str = "") -> "Sokenokler":
        alt = f" {navn} {sted}" if sted else f" {navn}"
        return cls(norsk_nokkel(f" {navn}"), folded(f" {navn}"), norsk_nokkel(alt), folded(alt))


def ranker(q: str) -> Callable[[Sokenokler], int | None]:
    """What tells how near something at hand is to `q`, as `rank` does in the database; None when it is not found,
    which all is when `q` has no word."""
    ordene = typed_words(q)
    hele = " ".join(ordene)
    hele_skrevet, hele_foldet = _written_variants(hele), word_variants(hele)
    skrevet = [_written_variants(ord_) for ord_ in ordene]
    foldet = [word_variants(ord_) for ord_ in ordene]

    def all_in(tekst: str, alle: list[set[str]], foran: str = "") -> bool:
        return all(any(foran + ledd in tekst for ledd in ett) for ett in alle)

    def whole(tekst: str, alle: set[str]) -> bool:
        return any(f"{tekst} ".startswith(f" {ledd} ") for ledd in alle)

    def nearness(ting: Sokenokler) -> int | None:
        if not ordene or not all_in(ting.alt_foldet, foldet):
            return None
        plasser = (
            whole(ting.navn, hele_skrevet),
            whole(ting.navn_foldet, hele_foldet),
            all_in(ting.navn, skrevet, " "),
            all_in(ting.navn_foldet, foldet, " "),
            all_in(ting.alt, skrevet, " "),
            all_in(ting.alt_foldet, foldet, " "),
            all_in(ting.alt, skrevet),
        )
        return next((rang for rang, er in enumerate(plasser) if er), LAVESTE_RANG)

    return nearness


def rank_in_memory(navn: str, q: str) -> int:
    """The same of one name; the lowest rank when it is not found."""
    rang = ranker(q)(Sokenokler.of(navn))
    return LAVESTE_RANG if rang is None else rang
