"""Plain data kept as JSON and read again as it was: what an approved report is made of.

Dates, times and exact numbers keep their kind. A dataclass becomes a dict of its fields and properties,
which a template reads alike. Anything else that is not plain is refused: a block that holds a row of the
database cannot be kept.
"""

import dataclasses
import datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

_DATO, _TID, _TALL = "$dato", "$tid", "$tall"


def freeze(verdi: Any) -> Any:
    """The value as JSON can hold it."""
    frosset: Any
    match verdi:
        case None | bool() | int() | float():
            frosset = verdi
        case str() | Promise():
            frosset = str(verdi)
        case datetime.datetime():
            frosset = {_TID: verdi.isoformat()}
        case datetime.date():
            frosset = {_DATO: verdi.isoformat()}
        case Decimal():
            frosset = {_TALL: str(verdi)}
        case dict():
            frosset = {str(noekkel): freeze(innhold) for noekkel, innhold in verdi.items()}
        case list() | tuple():
            frosset = [freeze(bit) for bit in verdi]
        case _ if dataclasses.is_dataclass(verdi):
            frosset = {navn: freeze(getattr(verdi, navn)) for navn in _readable(type(verdi))}
        case _:
            hva = type(verdi).__qualname__
            raise TypeError(f"Et kapittel kan bare holde enkle data, ikke {hva}.")
    return frosset


def _readable(klasse: type) -> list[str]:
    felt = [f.name for f in dataclasses.fields(klasse)]
    return felt + [navn for navn in dir(klasse) if isinstance(getattr(klasse, navn), property)]


def thaw(verdi: Any) -> Any:
    """The value as it was before `freeze`, tuples as lists and dataclasses as dicts."""
    if isinstance(verdi, list):
        return [thaw(bit) for bit in verdi]
    if not isinstance(verdi, dict):
        return verdi
    match verdi:
        case {"$dato": tekst}:
            return datetime.date.fromisoformat(tekst)
        case {"$tid": tekst}:
            return datetime.datetime.fromisoformat(tekst)
        case {"$tall": tekst}:
            return Decimal(tekst)
    return {noekkel: thaw(innhold) for noekkel, innhold in verdi.items()}
