"""What people need at a gathering: written by each for oneself, shown as totals to those who order."""

import secrets
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from nettverk.models import Person
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Behov, Deltakelse, Samling
from rolu.samlinger.tilstand import writing


def keep(samling: Samling, *, valg: Collection[str], annet: str, by: Person) -> Behov | None:
    """Keep what the person needs, in place of what stood there; nothing leaves nothing. KanIkke for who is not
    to be there, and when it is over."""
    with writing(samling) as naa:
        if naa.er_avlyst:
            raise KanIkke(_("Samlingen er avlyst."))
        if not naa.er_publisert or naa.er_over:
            raise KanIkke(_("Samlingen er over."))
        if not may_write(naa, by):
            raise KanIkke(_("Bare de som er invitert, kan skrive hva de trenger."))
        if not valg and not annet:
            Behov.objects.filter(samling=naa, person=by).delete()
            return None
        rad, _ny = Behov.objects.update_or_create(
            samling=naa, person=by, defaults={"valg": sorted(set(valg)), "annet": annet}
        )
    return rad


def may_write(samling: Samling, person: Person) -> bool:
    """Whether the person is invited, and has not declined."""
    egne = Deltakelse.objects.filter(samling=samling, verv__person=person)
    return egne.exclude(status=Deltakelse.Status.AVMELDT).exists()


def forget_needs(samling: Samling, personer: Iterable[int]) -> None:
    """Who has declined, or has no place any more, has no needs there. Twice is once."""
    forget_needs_of([(samling.pk, person) for person in personer])


def forget_needs_of(plasser: Collection[tuple[int, int]]) -> None:
    """The same at several gatherings: ids of gathering and person. One query."""
    kommer_kanskje = Deltakelse.objects.filter(
        samling=OuterRef("samling"), verv__person=OuterRef("person")
    ).exclude(status=Deltakelse.Status.AVMELDT)
    # Who still has a place at one of the others, keeps what they need there.
    Behov.objects.filter(
        ~Exists(kommer_kanskje),
        samling__in={samling for samling, _p in plasser},
        person__in={person for _s, person in plasser},
    ).delete()


def move_needs(samling: Samling, *, fra: int, til: int) -> None:
    """The same human by another address needs the same; the ids of the people."""
    har = Behov.objects.filter(samling=samling, person=til)
    Behov.objects.filter(~Exists(har), samling=samling, person=fra).update(person=til)


@dataclass(frozen=True)
class Behovstall:
    """How many need each thing, the most needed first; and what else is written, in no order, of nobody."""

    tall: list[tuple[str, int]]
    annet: list[str]


def totals(samling: Samling) -> Behovstall:
    """For those who order the food and the room: what they need who may still come. One query; nobody's name is
    read."""
    rader = list(_who_may_come(samling).values_list("valg", "annet"))
    antall = Counter(valg for valgte, _annet in rader for valg in valgte)
    tekster = [annet for _valgte, annet in rader if annet]
    secrets.SystemRandom().shuffle(tekster)
    return Behovstall(in_words(antall), tekster)


def chosen(samling: Samling) -> list[tuple[int, list[str]]]:
    """The person's id and what they have chosen, of those who may still come; for what is counted by where they sit.
    One query."""
    return list(_who_may_come(samling).exclude(valg=[]).values_list("person", "valg"))


def in_words(antall: Counter[str]) -> list[tuple[str, int]]:
    """How many need each thing, the most needed first."""
    return [(str(Behov.Valg(valg).label), n) for valg, n in antall.most_common()]


def _who_may_come(samling: Samling) -> QuerySet[Behov]:
    kommer_kanskje = Deltakelse.objects.filter(
        samling=samling, verv__gyldig__contains=samling.dato
    ).exclude(status=Deltakelse.Status.AVMELDT)
    return Behov.objects.filter(samling=samling, person__in=kommer_kanskje.values("verv__person"))
