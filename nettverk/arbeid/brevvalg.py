"""When a person wants which letters: at once, in the letter of the week, or not at all."""

from collections.abc import Collection, Mapping

from django.db import transaction

from nettverk.arbeid.brev import choosable_kinds, slag
from nettverk.models.brevvalg import Brevvalg, Naar, Nyhet
from nettverk.models.person import Person


def choices_of(person: Person) -> dict[str, Naar]:
    """The person's choice for each kind that is theirs to choose, also those that they have not touched."""
    valgt = dict(person.brevvalg.values_list("slag", "naar"))
    return {
        slaget.navn: Naar(valgt.get(slaget.navn, slaget.naar))
        for slaget in choosable_kinds()
        if slaget.naar
    }


def chosen_by(personer: Collection[Person], navn: str) -> dict[int, Naar]:
    """What each of them has chosen for that kind of letter. One query."""
    valgt = dict(
        Brevvalg.objects.filter(slag=navn, person__in=personer).values_list("person", "naar")
    )
    ellers = slag(navn).naar or Naar.STRAKS
    return {person.pk: Naar(valgt.get(person.pk, ellers)) for person in personer}


@transaction.atomic
def choose(person: Person, valg: Mapping[str, str]) -> None:
    """Keep the choices. What waits for the letter of the week of a kind that is no longer wanted, goes."""
    for navn, naar in valg.items():
        Brevvalg.objects.update_or_create(person=person, slag=navn, defaults={"naar": naar})
    uoensket = [navn for navn, naar in valg.items() if naar == Naar.ALDRI]
    Nyhet.objects.filter(til=person, slag__in=uoensket).delete()


def forget_all(person: Person) -> None:
    """Of somebody who closes the account."""
    Brevvalg.objects.filter(person=person).delete()
    Nyhet.objects.filter(til=person).delete()
