"""Units of the register that a row is like by name and kommune, when its numbers do not tell which it is.

Two of one name are never merged unasked. A row without any number is the unit of that very name in the
kommune, since it can be nothing else.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q
from rapidfuzz import fuzz, process

from kommuner.enhetsimport.tolking import Post, Rammer
from kommuner.models import Enhet, Plassering

# Ola and Ole are 90; what is nearer is shown, never merged.
LIKT = 90
MAKS_KANDIDATER = 3
_FOLDING = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "é": "e", "ä": "ae", "ö": "o"})


@dataclass(frozen=True)
class Kandidat:
    """A unit of the register that a row is like."""

    enhet_id: int
    navn: str
    referanse: str
    kommunenavn: str
    er_likt: bool


@dataclass(frozen=True)
class Likhet:
    """The unit that a row is, or those that it may be."""

    enhet_id: int | None = None
    kandidater: list[Kandidat] = field(default_factory=list)


def fold_navn(navn: str) -> str:
    """Two ways of writing one name become one: capitals, æ and ae, å and aa, hyphens and the kind of company."""
    ord_ = re.sub(r"[^a-z0-9]+", " ", navn.casefold().translate(_FOLDING).replace("aa", "a"))
    return " ".join(o for o in ord_.split() if o not in {"as", "sa", "ba"})


def find_like(poster: list[Post], rammer: Rammer) -> dict[int, Likhet]:
    """Row → what it is like, for the rows whose numbers no unit has. Two queries, whatever the batch."""
    svar = {p.rad: Likhet(p.samme_som) for p in poster if p.samme_som}
    ukjente = _without_known_number([p for p in poster if not p.samme_som and not p.er_ny])
    if not ukjente:
        return svar
    naboer = _neighbours(ukjente, rammer)
    for post in ukjente:
        if treff := _compare(post, naboer, rammer):
            svar[post.rad] = treff
    return svar


def _without_known_number(poster: list[Post]) -> list[Post]:
    if not poster:
        return []
    kjente = Enhet.objects.filter(
        Q(organisasjonsnummer__in=[p.organisasjonsnummer for p in poster])
        | Q(nsr_id__in=[p.nsr_id for p in poster])
    ).values_list("organisasjonsnummer", "nsr_id")
    numre = {nummer for par in kjente for nummer in par if nummer}
    return [p for p in poster if not {p.organisasjonsnummer, p.nsr_id} & numre]


Naboer = dict[tuple[int, str], dict[int, tuple[Enhet, str]]]


def _neighbours(poster: list[Post], rammer: Rammer) -> Naboer:
    """(kommune, type) → the units that lie or have lain there and exist on the day or later."""
    slekt = {k for p in poster for k in rammer.inndeling.kin(p.kommune_id)}
    rader = (
        Plassering.objects.filter(
            kommune__in=slekt, gyldig__isempty=False, enhet__type__in={p.type for p in poster}
        )
        .select_related("enhet")
        .order_by("enhet", "gyldig")
    )
    # See _may_be. Said to the database too: a long file must not meet all of its own rows in every batch.
    for nummer in ("organisasjonsnummer", "nsr_id"):
        if all(getattr(p, nummer) for p in poster):
            rader = rader.exclude(
                **{f"enhet__{nummer}__isnull": False}, enhet__opplysninger_per=rammer.per
            )
    svar: Naboer = defaultdict(dict)
    for p in rader:
        if p.enhet.til is None or p.enhet.til > rammer.per:
            navn = rammer.inndeling.per_id[p.kommune_id].navn
            svar[p.kommune_id, p.enhet.type][p.enhet_id] = (p.enhet, navn)
    return svar


def _compare(post: Post, naboer: Naboer, rammer: Rammer) -> Likhet | None:
    her: dict[int, tuple[Enhet, str]] = {}
    for kommune in sorted(rammer.inndeling.kin(post.kommune_id)):
        her |= naboer.get((kommune, post.type), {})
    mulige = {pk: fold_navn(e.navn) for pk, (e, _k) in her.items() if _may_be(post, e, rammer)}
    navn = fold_navn(post.navn)
    like = [pk for pk, annet in mulige.items() if annet == navn]
    har_nummer = post.organisasjonsnummer or post.nsr_id
    if not har_nummer and len(like) == 1:
        return Likhet(like[0])
    naere = process.extract(
        navn, mulige, scorer=fuzz.token_sort_ratio, score_cutoff=LIKT, limit=MAKS_KANDIDATER
    )
    kandidater = [
        Kandidat(pk, her[pk][0].navn, her[pk][0].referanse, her[pk][1], mulige[pk] == navn)
        for _navn, _poeng, pk in naere
        if mulige[pk] == navn or not _has_other_number(post, her[pk][0])
    ]
    return Likhet(kandidater=kandidater) if kandidater else None


def _has_other_number(post: Post, enhet: Enhet) -> bool:
    """Both have a number of the same kind, and not the same: only the very same name makes us ask then."""
    return bool(post.organisasjonsnummer and enhet.organisasjonsnummer) or bool(
        post.nsr_id and enhet.nsr_id
    )


def _may_be(post: Post, enhet: Enhet, rammer: Rammer) -> bool:
    """Not a unit that a file about this very day has under a number of its own: that is another unit."""
    return not (_has_other_number(post, enhet) and enhet.opplysninger_per == rammer.per)
