"""Whether two names may be the same person's. To show, never to merge."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from kommuner.sortering import folded

_LIKE = 90.0
# Of one address: the same person in another spelling.
_SKRIVEMAATE = 84.0


def name_key(navn: str) -> str:
    """The words of a name, folded and in order: «Bjørn-Åge Øye» and «Øye, Bjorn Aage» are alike."""
    # Parted first: folding takes the hyphen away.
    for skille in "-–,.":
        navn = navn.replace(skille, " ")
    return " ".join(sorted(folded(navn).split()))


def is_same_spelled_otherwise(en: str, annen: str) -> bool:
    """Two names of one address: one person in two spellings, or two people?"""
    a, b = name_key(en), name_key(annen)
    ord_a, ord_b = set(a.split()), set(b.split())
    if len(ord_a & ord_b) > 1 and (ord_a <= ord_b or ord_b <= ord_a):
        return True  # with and without a middle name
    return fuzz.ratio(a, b) >= _SKRIVEMAATE


def may_have_changed_name(en: str, annen: str) -> bool:
    """The same first name of one address: somebody has married."""
    return folded(en).split()[:1] == folded(annen).split()[:1]


def likely_same(noekkel: str, blant: Iterable[str]) -> list[str]:
    """The keys among `blant` that are nearly `noekkel`, the likest first; three at most."""
    return [
        funnet
        for funnet, _likhet, _plass in process.extract(
            noekkel, blant, scorer=fuzz.ratio, score_cutoff=_LIKE, limit=3, processor=None
        )
    ]
