"""How an app answers a search: the first few of a kind, and whether there are more."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from kommuner.sortering import LAVESTE_RANG
from nettverk.flater.deler import Tekst, Treff, Treffgruppe

MAKS_TREFF = 8


def first_hits(
    tittel: Tekst,
    ikon: str,
    rader: QuerySet[Any] | list[Any],
    treff: Callable[[Any], Treff],
    *,
    alle_url: str = "",
) -> Treffgruppe:
    """The group of what `rader` holds, drawn by `treff`, as near as `rader` says (`sortering.ranked`). One
    query, besides what `rader` prefetches; none when they are at hand."""
    funnet = list(rader[: MAKS_TREFF + 1])
    return Treffgruppe(
        tittel,
        ikon,
        [
            replace(treff(rad), rang=getattr(rad, "rang", LAVESTE_RANG))
            for rad in funnet[:MAKS_TREFF]
        ],
        flere=len(funnet) > MAKS_TREFF,
        alle_url=alle_url,
    )
