"""Whom the papers of a gathering are about: those who come, each once, with what is said of them."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Case, Q, When
from django.utils.translation import gettext as _

from kommuner.sortering import norsk_nokkel
from rolu.models import Deltakelse, Gjest, Samling
from rolu.models.deltakelse import RANG
from rolu.samlinger.dager import days_met_by


@dataclass(frozen=True)
class Utskriftsperson:
    """A person, or a guest, as they are printed: who comes, as what and from where."""

    navn: str
    rolle: str
    sted: str
    kommune: str
    person: int | None = None
    gjest: int | None = None
    moett: bool = False
    dager: frozenset[datetime.date] = frozenset()


def participants(samling: Samling) -> list[Utskriftsperson]:
    """Those who are signed up or have met, guests included, by name; each once, by the place they have met by, else
    are signed up by. Four queries at most."""
    rader = (
        Deltakelse.objects.filter(samling=samling)
        .with_svar()
        .filter(Q(svar=Deltakelse.Status.PAAMELDT) | Q(moett__isnull=False))
        .select_related("verv__person", "verv__gruppe__enhet", "kommune")
        .defer("kommune__grense")
        .order_by(
            "verv__person__sortering",
            "verv__person",
            Case(When(moett__isnull=False, then=0), default=1),
            RANG,
            "verv__gruppe__rekkefolge",
            "pk",
        )
    )
    dager = days_met_by(samling)
    per: dict[int, Utskriftsperson] = {}
    for rad in rader:
        person, gruppe = rad.verv.person, rad.verv.gruppe
        per.setdefault(
            person.pk,
            Utskriftsperson(
                person.navn,
                samling.nettverk.rollenavn(rad.verv.rolle),
                str(gruppe.enhet or gruppe.navn),
                rad.kommune.navn if rad.kommune else "",
                person=person.pk,
                moett=rad.moett is not None,
                dager=frozenset(dager.get(("p", person.pk), ())),
            ),
        )
    gjester = Gjest.objects.filter(samling=samling, status=Gjest.Status.PAAMELDT).exclude(navn="")
    alle = [*per.values(), *(_as_guest(g, dager) for g in gjester.with_sted())]
    return sorted(alle, key=lambda d: norsk_nokkel(d.navn))


def _as_guest(
    gjest: Gjest, dager: Mapping[tuple[str, int], Iterable[datetime.date]]
) -> Utskriftsperson:
    vara = gjest.for_verv
    return Utskriftsperson(
        gjest.navn,
        _("vara for %(navn)s") % {"navn": vara.person.navn} if vara else _("gjest"),
        gjest.sted,
        gjest.kommune.navn if gjest.kommune else "",
        gjest=gjest.pk,
        moett=gjest.moett is not None,
        dager=frozenset(dager.get(("g", gjest.pk), ())),
    )
