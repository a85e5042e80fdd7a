"""A soft look for the names of those who work in the network, in what others have written. It never stops anybody, and
never logs the text."""

import re
from collections.abc import Iterable, Sequence

from kommuner.sortering import composed, folded
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person

_ORD = re.compile(r"[^\W\d_]+")
# Two words beside each other that do not begin with a small letter.
_STORT = r"[^\W\d_a-zæøå]"
_TO_STORE = re.compile(rf"(?<![^\W\d_]){_STORT}[^\W\d_]*[\W\d_]+{_STORT}")


def looks_like_a_name(tekst: str) -> bool:
    """Whether a whole name may stand in it, as people write names. Asks nothing."""
    return bool(_TO_STORE.search(composed(tekst)))


def look_for_staff(nettverk: Nettverk, tekster: Sequence[str]) -> list[list[str]]:
    """For each text, whom it names: people who have or have had a Verv in the network, by their whole name, also without
    the names in the middle, or with the last name first. One query, however many texts; none when there is none."""
    if not any(tekster):
        return [[] for _tekst in tekster]
    folk = Person.objects.filter(verv__gruppe__nettverk=nettverk, verv__annullert__isnull=True)
    navnene = folk.order_by().values_list("navn", flat=True).distinct()
    moenstre = _patterns(navnene)
    return [_named(tekst, moenstre) for tekst in tekster]


# First word → the words that may follow it, and whose name it is then.
_Moenstre = dict[str, list[tuple[tuple[str, ...], str]]]


def _patterns(navnene: Iterable[str]) -> _Moenstre:
    moenstre: _Moenstre = {}
    for navn in navnene:
        ordene = _words(navn)
        if len(ordene) < 2:
            # One word alone is a first name, and half the texts have it.
            continue
        foerst, sist = ordene[0], ordene[-1]
        for maate in {tuple(ordene), (foerst, sist), (sist, *ordene[:-1]), (sist, foerst)}:
            moenstre.setdefault(maate[0], []).append((maate[1:], navn))
    return moenstre


def _named(tekst: str, moenstre: _Moenstre) -> list[str]:
    ordene = _words(tekst)
    funnet = {
        navn
        for nummer, ord_ in enumerate(ordene)
        for resten, navn in moenstre.get(ord_, ())
        if _goes_on(ordene[nummer + 1 : nummer + 1 + len(resten)], resten)
    }
    return sorted(funnet)


def _goes_on(ordene: list[str], resten: tuple[str, ...]) -> bool:
    """The same words; the last may be «Nordmanns»."""
    *foran, siste = resten
    return (
        len(ordene) == len(resten) and ordene[:-1] == foran and ordene[-1] in {siste, f"{siste}s"}
    )


def _words(tekst: str) -> list[str]:
    return [folded(ord_) for ord_ in _ORD.findall(composed(tekst))]
