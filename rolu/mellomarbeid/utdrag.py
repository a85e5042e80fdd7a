"""What somebody wrote, as much of it as a card or a line holds."""

import re

_LENGST = 180
_SETNINGSSLUTT = re.compile(r"(?<=[.!?])\s+(?=[A-ZÆØÅ«–-])")


def first_sentence(tekst: str) -> tuple[str, str]:
    """The first sentence, and what follows; a long one is cut between two words, and nothing follows."""
    linje = " ".join(tekst.split())
    deler = _SETNINGSSLUTT.split(linje, maxsplit=1)
    forste, resten = deler[0], "".join(deler[1:])
    if len(forste) > _LENGST:
        forste = cut(forste, _LENGST)
        resten = ""
    return forste, resten


def cut(tekst: str, lengde: int) -> str:
    """As much of it as there is room for, cut between two words; no full stop or comma stands before the mark."""
    if len(tekst) <= lengde:
        return tekst
    return tekst[:lengde].rsplit(" ", 1)[0].rstrip(".,;:– ") + " …"


def sentences(tekst: str) -> list[str]:
    """Each sentence, a long one cut; a line is at least one."""
    alle = [s for linje in tekst.splitlines() for s in _SETNINGSSLUTT.split(linje.strip()) if s]
    return [first_sentence(s)[0] for s in alle]


def after_first(tekst: str) -> str:
    """What follows the sentence of `first_sentence`, in its own lines; all of it when that one was cut."""
    forste, *resten = _SETNINGSSLUTT.split(tekst.strip(), maxsplit=1)
    return "".join(resten) if len(" ".join(forste.split())) <= _LENGST else tekst
