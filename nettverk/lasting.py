"""Rows from a network's data file: what is missing is added, what is empty is filled, the rest stands.

What a later version of the portal has come to keep is thus filled when the file is loaded again, and
what people have written is never overwritten.
"""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

Rad = TypeVar("Rad", bound=Model)

_TOMT: tuple[Any, ...] = (None, "", [], {})
_ENDER = {"fra_antatt": "lower", "til_antatt": "upper"}


def add_or_fill(
    rader: "QuerySet[Rad]", *, defaults: dict[str, Any], **noekkel: Any
) -> tuple[Rad, bool]:
    """The row that `noekkel` names, and whether it is new. One that is there is filled by `fill`."""
    rad, er_ny = rader.get_or_create(defaults=defaults, **noekkel)
    if not er_ny:
        fill(rad, defaults)
    return rad, er_ny


def fill(rad: Model, data: dict[str, Any]) -> list[str]:
    """Fill the fields of `rad` that are empty and that `data` sets; their names."""
    felt = {
        navn: verdi
        for navn, verdi in data.items()
        if navn not in {"merknad", *_ENDER} and verdi not in _TOMT and getattr(rad, navn) in _TOMT
    }
    felt |= _inferred(rad, data)
    for navn, verdi in felt.items():
        setattr(rad, navn, verdi)
    if felt:
        rad.save(update_fields=list(felt))
    return list(felt)


def _inferred(rad: Any, data: dict[str, Any]) -> dict[str, Any]:
    """The marks of inferred dates and their note, for a row that has none of them, and only for a date
    that is still the file's: one that somebody has corrected is not inferred."""
    if "gyldig" not in data or not hasattr(rad, "merknad"):
        return {}
    if rad.merknad or rad.fra_antatt or rad.til_antatt:
        return {}
    felt: dict[str, Any] = {
        navn: True
        for navn, ende in _ENDER.items()
        if data.get(navn) and getattr(rad.gyldig, ende) == getattr(data["gyldig"], ende)
    }
    if data.get("merknad") and rad.gyldig == data["gyldig"]:
        felt["merknad"] = data["merknad"]
    return felt
