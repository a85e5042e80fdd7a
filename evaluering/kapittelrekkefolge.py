"""The order of the annual report: one list, so that no two chapters claim the same place.

The apps offer the chapters in their `portal.py`; the numbers follow from which of them a report has.
"""

from collections.abc import Iterable

from django.core.exceptions import ImproperlyConfigured

from nettverk.flater import Blokk

KAPITTELREKKEFOLGE = (
    "sammendrag",
    "nettverket",
    "organisering",
    "samlinger",
    "deltakelse",
    "mellomarbeid",
    "laeringsloyper",
    "spredning",
    "avvik",
    "planer",
)


def in_order(blokker: Iterable[Blokk]) -> list[Blokk]:
    """The blocks as they stand in the report."""
    return sorted(blokker, key=_plass)


def _plass(blokk: Blokk) -> int:
    if blokk.noekkel not in KAPITTELREKKEFOLGE:
        raise ImproperlyConfigured(f"Kapitlet «{blokk.noekkel}» mangler i KAPITTELREKKEFOLGE.")
    return KAPITTELREKKEFOLGE.index(blokk.noekkel)
