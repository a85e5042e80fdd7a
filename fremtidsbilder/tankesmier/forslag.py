"""Themes that the cards themselves suggest: those without a theme that use forms of the same word.

Which forms are the same word, and which words say nothing, PostgreSQL's Norwegian configuration tells; what it does not
know of nynorsk, `ord` does. Nothing is done before a person takes a suggestion.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils.text import capfirst

from fremtidsbilder.models import Bidrag, Klynge, Samtalesporsmaal
from fremtidsbilder.tankesmier import klynger
from fremtidsbilder.tankesmier.ord import words_of
from fremtidsbilder.tankesmier.stand import arranging, held_cards

# So many cards make a theme; a word that stands in more than this share of them, tells none from another.
MINST = 3
_FOR_VANLIG = 0.6
_MANGE_KORT = 10
HOYST = 8


@dataclass(frozen=True)
class Forslag:
    """A theme that is not made: what it might be called, and its cards."""

    navn: str
    kort: list[Bidrag]

    @property
    def antall(self) -> int:
        return len(self.kort)


def suggest(sporsmaal: Samtalesporsmaal, *, hoyst: int = HOYST) -> list[Forslag]:
    """Those with most cards first; a card is suggested for one of them. Two queries, however many cards there are."""
    kortene = list(sporsmaal.bidrag.shown().filter(klynge__isnull=True).order_by("pk"))
    ordene = {kort.pk: words_of(kort.tekst) for kort in kortene}
    stammer = _stems({ord_ for alle in ordene.values() for ord_ in alle})
    bruker: dict[str, set[int]] = defaultdict(set)
    former: dict[str, Counter[str]] = defaultdict(Counter)
    for pk, alle in ordene.items():
        for ord_ in alle:
            if stamme := stammer.get(ord_):
                bruker[stamme].add(pk)
                former[stamme][ord_] += 1
    if len(kortene) >= _MANGE_KORT:
        tak = _FOR_VANLIG * len(kortene)
        for stamme in [s for s, pk_er in bruker.items() if len(pk_er) > tak]:
            del bruker[stamme]
    forslagene: list[Forslag] = []
    rett = {kort.pk: kort for kort in kortene}
    while len(forslagene) < hoyst and bruker:
        stamme = min(bruker, key=lambda s: (-len(bruker[s]), s))
        tatt = bruker.pop(stamme)
        if len(tatt) < MINST:
            break
        navn = min(former[stamme], key=lambda o: (-former[stamme][o], len(o), o))
        forslagene.append(Forslag(capfirst(navn), [rett[pk] for pk in sorted(tatt)]))
        for pk_er in bruker.values():
            pk_er.difference_update(tatt)
    return forslagene


def _stems(ordene: set[str]) -> dict[str, str]:
    """The word of which each is a form; those that say nothing are not among them. One query."""
    if not ordene:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT o.ord, min(l.lexeme)
            FROM unnest(%s::text[]) AS o (ord),
                LATERAL unnest(to_tsvector('norwegian', o.ord)) AS l (lexeme, steder, vekter)
            GROUP BY o.ord HAVING count(*) = 1
            """,
            [sorted(ordene)],
        )
        return dict(cursor.fetchall())


def take(
    sporsmaal: Samtalesporsmaal, *, navn: str, kort: Iterable[int]
) -> tuple[Klynge, list[int]]:
    """Make the theme with those of its cards that still have none: what somebody has put elsewhere meanwhile, stays
    there. The theme, and the cards it got."""
    with arranging(sporsmaal) as naa:
        ledige = naa.bidrag.shown().filter(pk__in=list(kort), klynge__isnull=True)
        pk_er = list(ledige.values_list("pk", flat=True))
        return klynger.make(sporsmaal, navn=navn, kort=pk_er), pk_er


def undo(sporsmaal: Samtalesporsmaal, *, tema: int, kort: Iterable[int]) -> None:
    """Take the cards out of it again, and the theme away when nothing is left in it."""
    with arranging(sporsmaal) as naa:
        klynge = naa.klynger.filter(pk=tema).first()
        if klynge is None:
            return
        held_cards(naa.bidrag.filter(pk__in=list(kort), klynge=klynge)).update(klynge=None)
        er_i_bruk = klynge.bidrag.exists() or klynge.ogsaa.exists() or klynge.slaatt_inn.exists()
        if not er_i_bruk and klynge.tema_id is None:
            klynge.delete()
