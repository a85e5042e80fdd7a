"""Limits that protect: counted in PostgreSQL, before the thing is tried, so that forty at once are forty.

A cache would forget them when it is away, and reading before writing would let all of them through.
"""

import datetime
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from nettverk.models.sikkerhet import Teller

_TAKE = """
    INSERT INTO nettverk_teller AS t (noekkel, antall, til) VALUES (%(noekkel)s, %(n)s, %(til)s)
    ON CONFLICT (noekkel) DO UPDATE SET
        antall = CASE WHEN t.til <= %(naa)s THEN %(n)s ELSE t.antall + %(n)s END,
        til = CASE WHEN t.til <= %(naa)s THEN excluded.til ELSE t.til END
    RETURNING antall
"""


@dataclass(frozen=True)
class Grense:
    """At most `antall` in each `vindu`, for each key.

    The window begins with the first and does not slide: over any stretch as long as the window at most
    twice as many can come through.
    """

    navn: str
    antall: int
    vindu: datetime.timedelta


def take(grense: Grense, *noekkel: object, antall: int = 1) -> bool:
    """Count one (or `antall`) for `noekkel`; False when that is too many.

    Counted in the transaction that is open, if one is: call it before, where a refusal must be
    remembered though the rest is rolled back.
    """
    naa = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE,
            {
                "noekkel": _hash(grense, noekkel),
                "naa": naa,
                "til": naa + grense.vindu,
                "n": antall,
            },
        )
        (alle,) = cursor.fetchone()
    return alle <= grense.antall


def give_back(grense: Grense, *noekkel: object, antall: int = 1) -> None:
    """Take back what turned out not to count: what was tried was right, or was not tried."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE nettverk_teller SET antall = greatest(antall - %s, 0) WHERE noekkel = %s",
            [antall, _hash(grense, noekkel)],
        )


def is_full(grense: Grense, *noekkel: object) -> bool:
    """Whether the next would be one too many. To tell a person; what decides is `take`."""
    return Teller.objects.filter(
        noekkel=_hash(grense, noekkel), til__gt=timezone.now(), antall__gte=grense.antall
    ).exists()


def clear(grense: Grense, *noekkel: object) -> None:
    """Begin anew for `noekkel`."""
    Teller.objects.filter(noekkel=_hash(grense, noekkel)).delete()


def purge(naa: datetime.datetime) -> int:
    """Delete counters whose window is over."""
    antall, _detaljer = Teller.objects.filter(til__lte=naa).delete()
    return antall


def _hash(grense: Grense, noekkel: tuple[object, ...]) -> str:
    """With the portal's own key: an address is short enough to be found again from a plain hash."""
    tekst = "\x1f".join([grense.navn, *map(str, noekkel)])
    return salted_hmac("nettverk.sikkerhet.grenser", tekst, algorithm="sha256").hexdigest()
