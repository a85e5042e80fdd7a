"""The check-in desk: find a person by three letters, tick them in, undo, add a walk-in.

A person is ticked in once, whatever the number of Verv they come by: all their rows are met together.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import (
    Case,
    CharField,
    F,
    IntegerField,
    Min,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, NullIf
from django.utils import timezone
from django.utils.translation import gettext as _

from kommuner.sortering import folded_key, rank, search_words, typed_words, word_in
from nettverk.models import Gruppe, Person, Verv
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Deltakelse, Samling
from rolu.samlinger.publisering import participations

MAKS_TREFF = 12


def place(forstavelse: str) -> Coalesce:
    """Where a person comes from, in words: the unit's name, else the group's."""
    return Coalesce(
        NullIf(f"{forstavelse}gruppe__enhet__visningsnavn", Value("")),
        f"{forstavelse}gruppe__enhet__navn",
        f"{forstavelse}gruppe__navn",
        output_field=CharField(),
    )


def _source(forstavelse: str) -> Any:
    """What is searched: the person's name and the unit's or group's, folded, each word after a space."""
    enhet, gruppe = f"{forstavelse}gruppe__enhet__sortering", f"{forstavelse}gruppe__sortering"
    return folded_key(
        Concat(
            Value(" "),
            F(f"{forstavelse}person__sortering"),
            Value(" "),
            Coalesce(F(enhet), F(gruppe)),
            output_field=TextField(),
        )
    )


def matching(queryset: QuerySet, q: str, *, forstavelse: str) -> QuerySet:
    """Rows whose person or unit has every word of `q` in its name."""
    queryset = queryset.alias(soketekst=_source(forstavelse))
    for ord_ in typed_words(q):
        queryset = queryset.filter(word_in("soketekst", ord_))
    return queryset


def _rank(q: str, forstavelse: str) -> Min:
    """Of a person's rows, the nearest (`kommuner.sortering.rank`)."""
    sted = Coalesce(
        F(f"{forstavelse}gruppe__enhet__sortering"), F(f"{forstavelse}gruppe__sortering")
    )
    return Min(rank(q, F(f"{forstavelse}person__sortering"), sted))


@dataclass(frozen=True)
class Skranketreff:
    """A line at the desk: a person, where they come from, and whether they have met."""

    person: int
    navn: str
    steder: str
    kommune: str
    status: str
    moett: Any
    er_invitert: bool = True


# Whom the desk most likely looks for: those who said they come.
_VENTET = Case(
    When(status=Deltakelse.Status.PAAMELDT, then=0),
    When(status=Deltakelse.Status.AVMELDT, then=2),
    default=1,
    output_field=IntegerField(),
)
_STATUS = (Deltakelse.Status.PAAMELDT, Deltakelse.Status.INVITERT, Deltakelse.Status.AVMELDT)


def _as_people(deltakelser: QuerySet[Deltakelse]) -> QuerySet[Any, Any]:
    """One row per person, with all their places and the best of their answers."""
    return deltakelser.values("verv__person", navn=F("verv__person__navn")).annotate(
        steder=ArrayAgg(place("verv__"), distinct=True),
        kommuner=ArrayAgg("kommune__navn", distinct=True, filter=Q(kommune__isnull=False)),
        ventet=Min(_VENTET),
        moett_naar=Min("moett"),
    )


def _as_skranketreff(rad: dict[str, Any]) -> Skranketreff:
    return Skranketreff(
        rad["verv__person"],
        rad["navn"],
        ", ".join(rad["steder"]),
        ", ".join(rad["kommuner"] or []),
        _STATUS[rad["ventet"]],
        rad["moett_naar"],
    )


def search(samling: Samling, q: str, *, maks: int = MAKS_TREFF) -> list[Skranketreff]:
    """The expected people who match `q`: the nearest first, and of those alike who
    signed up, then invited, then declined; already met last."""
    if not search_words(q):
        return []
    passer = matching(Deltakelse.objects.filter(samling=samling), q, forstavelse="verv__")
    rader = (
        _as_people(passer)
        .annotate(rang=_rank(q, "verv__"))
        .order_by(
            F("moett_naar").asc(nulls_first=True),
            "rang",
            "ventet",
            "verv__person__sortering",
            "verv__person",
        )[:maks]
    )
    return [_as_skranketreff(rad) for rad in rader]


def expected(samling: Samling, person: int) -> Skranketreff | None:
    """One person among the expected; None when the person is not."""
    egne = Deltakelse.objects.filter(samling=samling, verv__person=person)
    rader = _as_people(egne).order_by("verv__person")
    return next(map(_as_skranketreff, rader), None)


def search_walk_ins(samling: Samling, q: str, *, maks: int = 6) -> list[Skranketreff]:
    """People with a Verv in the network on the day who are not among the expected."""
    if not search_words(q):
        return []
    ventet = Deltakelse.objects.filter(samling=samling)
    verv = (
        Verv.objects.filter(gruppe__nettverk=samling.nettverk, person__is_active=True)
        .gyldig(samling.dato)
        .exclude(person__in=ventet.values("verv__person"))
    )
    rader = (
        matching(verv, q, forstavelse="")
        .values("person", navn=F("person__navn"))
        .annotate(steder=ArrayAgg(place(""), distinct=True), rang=_rank(q, ""))
        .order_by("rang", "person__sortering", "person")[:maks]
    )
    return [
        Skranketreff(rad["person"], rad["navn"], ", ".join(rad["steder"]), "", "", None, False)
        for rad in rader
    ]


def known_people(samling: Samling) -> QuerySet[Person]:
    """Those the desk may name: people who hold, or have held, a Verv in the gathering's network. Not who
    was only written down by mistake, unless they are ticked in already: that may be undone."""
    verv = Verv.objects.filter(gruppe__nettverk=samling.nettverk_id, annullert=None)
    moett = Deltakelse.objects.filter(samling=samling).met()
    return Person.objects.filter(
        Q(pk__in=verv.values("person")) | Q(pk__in=moett.values("verv__person"))
    )


def last_met(samling: Samling, maks: int = 8) -> list[Skranketreff]:
    """The latest who were ticked in, newest first: what one may want to undo."""
    moett = Deltakelse.objects.filter(samling=samling).met()
    rader = _as_people(moett).order_by("-moett_naar", "verv__person")[:maks]
    return [_as_skranketreff(rad) for rad in rader]


def _require_desk(samling: Samling) -> None:
    if not samling.er_publisert:
        raise KanIkke(_("Innsjekken er bare åpen når samlingen er publisert."))


@transaction.atomic
def check_in(samling: Samling, *, person: Person, by: Person) -> bool:
    """Tick the person in; adds a walk-in who has a Verv in the network. False when already in."""
    _require_desk(samling)
    rader = _holding(samling, person).select_for_update(of=["self"]).order_by("pk")
    pker = [(rad.pk, rad.moett) for rad in rader]
    if not pker:
        pker = [(rad.pk, rad.moett) for rad in _add_walk_in(samling, person, by)]
    nye = [pk for pk, moett in pker if moett is None]
    Deltakelse.objects.filter(pk__in=nye).update(moett=timezone.now(), moett_registrert_av=by)
    return bool(nye)


def _holding(samling: Samling, person: Person) -> QuerySet[Deltakelse]:
    """The person's rows whose Verv holds on the day: by the others they do not come."""
    verv = Verv.objects.filter(person=person).gyldig(samling.dato)
    return Deltakelse.objects.filter(samling=samling, verv__in=verv)


def _add_walk_in(samling: Samling, person: Person, by: Person) -> list[Deltakelse]:
    verv = Verv.objects.filter(gruppe__nettverk=samling.nettverk, person=person).gyldig(
        samling.dato
    )
    i_utviklingsgruppe = verv.filter(gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE)
    valgt = i_utviklingsgruppe if i_utviklingsgruppe.exists() else verv
    rader = participations(
        samling,
        valgt.order_by("gruppe__rekkefolge", "pk"),
        status=Deltakelse.Status.PAAMELDT,
        svart=timezone.now(),
        svart_av=by,
    )
    if not rader:
        raise KanIkke(
            _("%(navn)s har ikke verv i nettverket på denne datoen.") % {"navn": person.navn}
        )
    if valgt is verv:
        rader = rader[:1]
    Deltakelse.objects.bulk_create(rader, ignore_conflicts=True)
    return list(_holding(samling, person))


@transaction.atomic
def undo(samling: Samling, *, person: Person) -> bool:
    """Take the tick away again. False when there was none."""
    _require_desk(samling)
    rader = Deltakelse.objects.filter(samling=samling, verv__person=person, moett__isnull=False)
    return bool(rader.update(moett=None, moett_registrert_av=None))


def counts(samling: Samling) -> list[dict[str, Any]]:
    """How many are expected and met, per kommune that anybody is expected or has come from. The whole
    gathering is `totals`."""
    rader = Deltakelse.objects.filter(samling=samling).per_kommune()
    return [rad for rad in rader if rad["paameldte"] or rad["moett_antall"]]


def totals(samling: Samling) -> dict[str, int]:
    return Deltakelse.objects.filter(samling=samling).totals()
