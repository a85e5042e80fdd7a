"""Who gets a letter about a gathering, for the page that is looked at before it goes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from nettverk.models import Gruppe, Person
from nettverk.models.gruppe import VervQuerySet
from rolu.models import Deltakelse, Gjest, Samling

_NAVN_VIST = 60


@dataclass(frozen=True)
class Epostmottakere:
    """How many there are, how many come by each group (the units' are one), and the names; `flere` are not
    named."""

    antall: int
    per_gruppe: list[tuple[str, int]]
    navn: list[str]
    flere: int


def of_people(
    samling: Samling, folk: Iterable[Person], *, gjester: Iterable[Gjest] = ()
) -> Epostmottakere:
    """People that the gathering has invited, each in one of the groups they came by; and those who come without a
    Verv. One query."""
    alle = list(folk)
    rader = Deltakelse.objects.filter(samling=samling, verv__person__in=alle)
    grupper = rader.order_by("-verv__gruppe__rekkefolge", "-pk").values_list(
        "verv__person", "verv__gruppe__type", "verv__gruppe__navn"
    )
    alle += [Person(navn=gjest.navn) for gjest in gjester]
    return _gathered(alle, {person: _name(type_, navn) for person, type_, navn in grupper})


def of_verv(verv: VervQuerySet) -> Epostmottakere:
    """The holders of `verv`. One query."""
    rader = list(verv.select_related("person", "gruppe").order_by("-gruppe__rekkefolge", "-pk"))
    folk = {rad.person_id: rad.person for rad in rader}
    return _gathered(
        sorted(folk.values(), key=lambda person: (person.sortering, person.pk)),
        {rad.person_id: _name(rad.gruppe.type, rad.gruppe.navn) for rad in rader},
    )


def _name(type_: str, navn: str) -> str:
    return _("Utviklingsgruppene") if type_ == Gruppe.Type.UTVIKLINGSGRUPPE else navn


def _gathered(folk: list[Person], grupper: dict[int, str]) -> Epostmottakere:
    antall = Counter(grupper.get(person.pk, _("Andre")) for person in folk)
    return Epostmottakere(
        len(folk),
        antall.most_common(),
        [person.navn for person in folk[:_NAVN_VIST]],
        max(len(folk) - _NAVN_VIST, 0),
    )
