"""What somebody wrote, as much of it as a card or a line holds."""

import re
from collections.abc import Iterable
from typing import Any

_LENGST = 180
_SETNINGSSLUTT = re.compile(r"(?<=[.!?])\s+(?=[A-ZÆØÅ«–-])")


def first_sentence(tekst: str) -> tuple[str, str]:
    """The first sentence, and what follows; a long one is cut between two words, and nothing follows."""
    linje = " ".join(tekst.split())
    deler = _SETNINGSSLUTT.split(linje, maxsplit=1)
    forste, resten = deler[0], "".join(deler[1:])
    if len(forste) > _LENGST:
        forste = forste[:_LENGST].rsplit(" ", 1)[0].rstrip(",;:– ") + " …"
        resten = ""
    return forste, resten


def add_sentences(kort: Iterable[Any]) -> None:
    """Gives each card (`MellomarbeidQuerySet.as_cards`) its `setning` and the `resten` of what it tells."""
    for arbeid in kort:
        arbeid.setning, arbeid.resten = first_sentence(arbeid.utdrag)


def after_first(tekst: str) -> str:
    """What follows the sentence of `first_sentence`, in its own lines; all of it when that one was cut."""
    forste, *resten = _SETNINGSSLUTT.split(tekst.strip(), maxsplit=1)
    return "".join(resten) if len(" ".join(forste.split())) <= _LENGST else tekst
