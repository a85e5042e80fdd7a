"""A kind of thing that the red thread goes through: what an app says of it in its `portal.py`."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, CharField, F, QuerySet, Value
from django.db.models.functions import Cast

from nettverk.flater.deler import Tekst, Treff

if TYPE_CHECKING:
    from nettverk.models import Nettverk
    from nettverk.tilgang.roller import Roller


def _none(_nettverk: "Nettverk") -> Iterable[QuerySet[Any]]:
    return ()


def _itself(rad: Any) -> Any:
    return rad


@dataclass(frozen=True)
class Traadslag:
    """`noekkel` stands in addresses and in the links; it never changes. `navn` is one («mål»), `flere` many.

    `synlige(roller)` are those the person may see, one query; `vis(rad, nettverk)` how one is told, of what it
    fetched. `navngitt`: the sort keys that it is found by when one chooses (`kommuner.sortering.named`).
    Who has `tillatelse` says what it came from and led to; `spoer_om(rad)` is what that is asked of, when it is not the
    row. `kanter(nettverk)`: what follows without being chosen, made with `edges`. `arbeid(nettverk, siden)`: those that
    are work of people, on the day `siden` or after it, also work that is to come; None where nothing of the kind is.
    """

    noekkel: str
    modell: str
    navn: Tekst
    flere: Tekst
    ikon: str
    synlige: "Callable[[Roller], QuerySet[Any]]"
    vis: "Callable[[Any, Nettverk], Treff]"
    navngitt: tuple[Any, ...]
    tillatelse: str
    spoer_om: Callable[[Any], Any] = _itself
    kanter: "Callable[[Nettverk], Iterable[QuerySet[Any]]]" = _none
    arbeid: "Callable[[Nettverk, datetime.date], QuerySet[Any]] | None" = None
    rekkefolge: int = 100


def edges(
    rader: QuerySet[Any], fra: tuple[str, str], til: tuple[str, str]
) -> QuerySet[Any, tuple[str, int, str, int]]:
    """Of each row: the kind and the field of what it came from, and of what it led to."""
    return (
        rader.order_by()
        .annotate(
            kant_fra_slag=Value(fra[0], output_field=CharField()),
            kant_fra=Cast(F(fra[1]), BigIntegerField()),
            kant_til_slag=Value(til[0], output_field=CharField()),
            kant_til=Cast(F(til[1]), BigIntegerField()),
        )
        .values_list("kant_fra_slag", "kant_fra", "kant_til_slag", "kant_til")
    )
