"""A soft look for what could tell who a child is. It never stops anybody, and never logs the text."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.no import fodselsnummer

_ELLEVE_SIFRE = re.compile(r"(?<!\d)\d{6}\s?\d{5}(?!\d)")
_BARN_MED_NAVN = re.compile(
    r"\b(?:[Ee]lev(?:en)?|[Bb]arnet|[Gg]utt?en|[Jj]ent[ae])\s+[A-ZÆØÅ][a-zæøåéü]+"
)


def look_for_children(tekst: str) -> list[str | Promise]:
    """What the writer should look at once more, in plain words; empty when nothing was found."""
    funn: list[str | Promise] = []
    if any(fodselsnummer.is_valid(treff.group()) for treff in _ELLEVE_SIFRE.finditer(tekst)):
        funn.append(_("Teksten ser ut til å ha et fødselsnummer i seg. Ta det bort."))
    if _BARN_MED_NAVN.search(tekst):
        funn.append(
            _(
                "Teksten ser ut til å nevne et barn ved navn. Skriv heller «en elev» eller «et barn»."
            )
        )
    return funn
