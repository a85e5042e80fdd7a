"""Whether two names may be the same person's. To show, never to merge."""

from collections.abc import Iterable
from itertools import islice

from rapidfuzz import fuzz, process

from kommuner.sortering import folded

_LIKE = 90.0
# Of two words: «Kristin» and «Kristine» are alike, «Bjørn» and «Jon» are not.
_LIKT_ORD = 85.0
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
    """The keys among `blant` that are nearly `noekkel` word by word, the likest first; three at most."""
    # The whole first: it is quick, and few are left to be looked at by the word.
    nesten = process.extract(
        noekkel, blant, scorer=fuzz.ratio, score_cutoff=_LIKE, limit=None, processor=None
    )
    like = (funnet for funnet, *_likhet in nesten if _are_alike_by_word(noekkel, funnet))
    return list(islice(like, 3))


def _are_alike_by_word(en: str, annen: str) -> bool:
    """Whether each word of one key has its like in the other: a shared surname alone makes nobody alike."""
    if en.replace(" ", "") == annen.replace(" ", ""):
        return True  # «Anne Marie» and «Annemarie»
    ordene, igjen = en.split(), annen.split()
    if len(ordene) != len(igjen):
        return False
    for ord_ in ordene:
        funnet = process.extractOne(
            ord_, igjen, scorer=fuzz.ratio, score_cutoff=_LIKT_ORD, processor=None
        )
        if funnet is None:
            return False
        igjen.remove(funnet[0])
    return True
