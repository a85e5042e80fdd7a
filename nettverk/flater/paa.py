"""The page of a thing, and what other apps put on it: `@paa("kommuner.Enhet")`.

A thing is named by its model's label, so that an app can put a piece on any page, of its own floor or a
lower one, and the page knows none of those who do. A label that is no model stops the portal at start
(`nettverk.kontroller`).
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from nettverk.flater.deler import Seksjon

Metode = TypeVar("Metode", bound=Callable[..., Iterable[Seksjon]])
_MERKE = "_paa"


def paa(modell: str) -> Callable[[Metode], Metode]:
    """Mark a method of a Portal, `(self, ting, side) -> Iterable[Seksjon]`, as pieces of the pages of
    `modell`, `app.Model`."""

    def mark(metode: Metode) -> Metode:
        setattr(metode, _MERKE, modell)
        return metode

    return mark


def marked(klasse: type) -> dict[str, list[str]]:
    """The names of the marked methods of `klasse`, by the model they are for."""
    per_modell: dict[str, list[str]] = {}
    for navn in dir(klasse):
        if modell := getattr(getattr(klasse, navn), _MERKE, None):
            per_modell.setdefault(modell, []).append(navn)
    return per_modell
