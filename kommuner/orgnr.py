"""Organisation numbers: nine digits, the last a MOD11 check digit (Brønnøysundregistrene)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.no import orgnr

# The same rule for the database: weights 3 2 7 6 5 4 3 2 over the first eight digits.
ORGNR_GYLDIG_SQL = """
CREATE FUNCTION orgnr_gyldig(nummer text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN nummer ~ '^[0-9]{9}$' AND (
    3 * substr(nummer, 1, 1)::int + 2 * substr(nummer, 2, 1)::int + 7 * substr(nummer, 3, 1)::int
    + 6 * substr(nummer, 4, 1)::int + 5 * substr(nummer, 5, 1)::int + 4 * substr(nummer, 6, 1)::int
    + 3 * substr(nummer, 7, 1)::int + 2 * substr(nummer, 8, 1)::int + substr(nummer, 9, 1)::int
) % 11 = 0;
"""
ORGNR_GYLDIG_FJERN_SQL = "DROP FUNCTION orgnr_gyldig(text);"


def normalise(verdi: str) -> str:
    """The nine digits of `verdi`, which may hold spaces. Raises ValidationError in plain words."""
    try:
        return orgnr.validate(verdi)
    except StdnumError as feil:
        raise ValidationError(
            _(
                "«%(verdi)s» er ikke et gyldig organisasjonsnummer. Det har ni sifre og et kontrollsiffer."
            ),
            code="orgnr",
            params={"verdi": verdi},
        ) from feil


def validate_orgnr(verdi: str) -> None:
    """Validator for a model or form field."""
    normalise(verdi)
