"""Search in running text by Norwegian word forms, bokmål and nynorsk alike.

Three SQL functions, made by a migration, are the one way: `sokeform(text)` brings the written forms together before
PostgreSQL's stemmer, `sokevektor(title, text)` is what is kept of a row, in a generated column with a GIN index, and
`sokesporring(text)` is what is asked. Names are compared in another way (`kommuner/sortering.py`).
"""

from functools import reduce
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import models

# (what is written, what is searched for), in order: nynorsk to bokmål, what the stemmer knows no rule for, endings.
# Plain letters are replaced without a regexp: PostgreSQL keeps 32 regexps compiled, and one more in a row of rules
# makes it compile them all anew for every text. What stands before an ending is taken along and given back (`\1`),
# since to look behind is slow.
_REGLER = [
    (r"skul(?=e|a|ar|en|er|i|$)", "skol"),
    (r"leiar", "leder"),
    (r"(rett|veg)leiing", "veiledning"),
    (r"\m(u|ve)k(e|a|as|en|ens|er|ene|ane)\M", "uke"),
    (r"oppgåv", "oppgav"),
    (r"heim", "hjem"),
    (r"leik", "lek"),
    (r"\mborna?\M", "barn"),
    (r"framtid", "fremtid"),
    (r"frå", "fra"),
    (r"sjølv", "selv"),
    (r"saman", "sammen"),
    (r"høyr", "hør"),
    (r"heil", "hel"),
    (r"vaks", "voks"),
    (r"eining", "enhet"),
    (r"forståing", "forståelse"),
    (r"mogleg", "mulig"),
    (r"leg(e|t|are|ast)?\M", r"lig\1"),
    (r"\mmorgon", "morgen"),
    (r"bøk(er|ene|ane)", "bok"),
    (r"\mbok(a|en|as|ens)\M", "bok"),
    (r"foreld(re|ra|rene|rer|rerne)\M", "foreldre"),
    (r"reg(el|elen|ler|lene|lar|lane)\M", "regel"),
    (r"(hånd|hand|hend)(a|en|er|ene)?\M", "hånd"),
    (r"\mf(øtter|øttene|ot|oten)\M", "fot"),
    (r"(\w{3})arane\M", r"\1erne"),
    (r"(\w{3})ar(ar|en)\M", r"\1er"),
    (r"(\w{3})ane\M", r"\1ene"),
    (r"(\w{4})ar\M", r"\1er"),
    (r"(\w{3})er(en|e|er|ne|ene|ens|nes|es|s)\M", r"\1er"),
    # What was done: the stemmer knows the endings of nouns better than those of verbs.
    (r"\m(lær|hør|kjør|lek|mål|les|tenk|bruk|virk|øk|vis|svar|spis|møt|smak)te\M", r"\1e"),
    (r"\m(prøv|øv|lev)de\M", r"\1e"),
    (r"\m(begyn|kjen)te\M", r"\1ne"),
    (r"\m(mål|skriv|øv)ing(a|en|er|ene|ar|ane)?\M", r"\1e"),
    # The stemmer takes a leader for a joint.
    (r"leder\M", "lederskap"),
]


def _with_rule(sql: str, regel: tuple[str, str]) -> str:
    skrevet, form = regel
    if skrevet.isalpha():
        return f"replace({sql}, '{skrevet}', '{form}')"
    return f"regexp_replace({sql}, '{skrevet}', '{form}', 'g')"


def _sokeform_sql() -> str:
    return reduce(_with_rule, _REGLER, 'lower(normalize(tekst, NFC) COLLATE "pg_c_utf8")')


SOKEFORM_SQL = f"""
CREATE OR REPLACE FUNCTION sokeform(tekst text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN {_sokeform_sql()};

CREATE OR REPLACE FUNCTION sokevektor(tittel text, tekst text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN setweight(to_tsvector('norwegian'::regconfig, sokeform(tittel)), 'A')
    || setweight(to_tsvector('norwegian'::regconfig, sokeform(tekst)), 'B');

CREATE OR REPLACE FUNCTION sokesporring(q text) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN websearch_to_tsquery('norwegian'::regconfig, sokeform(q));
"""
SOKEFORM_FJERN_SQL = """
DROP FUNCTION sokesporring(text);
DROP FUNCTION sokevektor(text, text);
DROP FUNCTION sokeform(text);
"""


class Sokevektor(models.Func):
    """What is kept of a title and a text."""

    function = "sokevektor"
    output_field = SearchVectorField()


@SearchVectorField.register_lookup
class Finner(models.Lookup):
    """`sok__finner=q`: every word of `q` stands there, in any of its forms; «two words» in a row, -not this one."""

    lookup_name = "finner"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        return f"{lhs} @@ sokesporring({rhs})", (*lhs_params, *rhs_params)


def nearness(vektor: str, q: str) -> models.Func:
    """How much of what a row tells is about `q`; the title weighs most."""
    sporring = models.Func(models.Value(q), function="sokesporring")
    return models.Func(
        models.F(vektor), sporring, function="ts_rank", output_field=models.FloatField()
    )
