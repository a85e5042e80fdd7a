"""The side navigation in its order: one list, so that no two lines claim the same place."""

from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

from nettverk.flater.deler import Menypunkt
from nettverk.flater.portal import portaler

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller

MENYREKKEFOLGE = (
    "hjem",
    "samlinger",
    "mellomarbeid",
    "praksis",
    "laeringsloyper",
    "fremtidsbilder",
    "aarsrapport",
    "kommuner",
    "grupper",
    "utboks",
    "nettverket",
)


def menyen(roller: "Roller") -> list[Menypunkt]:
    """The lines that these roles have use for. No queries."""
    return sorted(
        (punkt for portal in portaler(roller.nettverk) for punkt in portal.meny(roller)), key=_plass
    )


def _plass(punkt: Menypunkt) -> int:
    if punkt.noekkel not in MENYREKKEFOLGE:
        raise ImproperlyConfigured(f"Menypunktet «{punkt.noekkel}» mangler i MENYREKKEFOLGE.")
    return MENYREKKEFOLGE.index(punkt.noekkel)
