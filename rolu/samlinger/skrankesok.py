"""Whom the desk looks for: those who are expected, guests, and others of the network."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.contrib.postgres.aggregates import ArrayAgg, BoolOr
from django.db.models import (
    CharField,
    F,
    Min,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce, Concat, NullIf
from django.utils import timezone

from kommuner.sortering import (
    folded,
    folded_key,
    norsk_nokkel,
    rank,
    search_words,
    typed_words,
    word_in,
)
from nettverk.models import Person, Verv
from rolu.models import Dagsoppmoete, Deltakelse, Gjest, Samling
from rolu.models.deltakelse import BEST_FOERST, RANG, comes_by
from rolu.samlinger.dager import days

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
    """A line at the desk: a person, or a guest, where they come from, and whether they have met. `kommer`: they are
    signed up, for the day the desk works for. `dager`: those a guest comes, when it is not all."""

    person: int | None
    navn: str
    steder: str
    kommuner: Sequence[str]  # "" for none
    status: str
    moett: Any
    er_invitert: bool = True
    gjest: int | None = None
    vara_for: str = ""
    kommer: bool = False
    dager: Sequence[datetime.date] = ()

    @property
    def ventes(self) -> bool:
        """They are signed up, or may come still."""
        return self.kommer or self.status in (Deltakelse.Status.VENTER, Deltakelse.Status.INVITERT)

    @property
    def kommune(self) -> str:
        """All of them, in words."""
        return ", ".join(filter(None, self.kommuner))

    @property
    def orden(self) -> tuple[str, int, bool]:
        """The order of those who are alike in all else (as static/js/skranke.js)."""
        return norsk_nokkel(self.navn), self.person or self.gjest or 0, bool(self.gjest)

    @property
    def noekkel(self) -> str:
        """p12 or g3: who it is, among persons and guests."""
        return key_of(self.person, self.gjest)


def key_of(person: int | None, gjest: int | None = None) -> str:
    """Of a person, or a guest, who they are at the desk (`Skranketreff.noekkel`)."""
    return f"g{gjest}" if gjest else f"p{person}"


def _met(dag: datetime.date | None) -> Min:
    """When they met: on `dag` of a gathering over several, else at all."""
    if dag is None:
        return Min("moett")
    return Min("dagsoppmoeter__tid", filter=Q(dagsoppmoeter__dato=dag))


def as_people(
    deltakelser: QuerySet[Deltakelse], dag: datetime.date | None = None
) -> QuerySet[Any, Any]:
    """One row per person, with all their places and the best of their answers."""
    return deltakelser.values("verv__person", navn=F("verv__person__navn")).annotate(
        steder=ArrayAgg(place("verv__"), distinct=True),
        kommuner=ArrayAgg(Coalesce("kommune__navn", Value("")), distinct=True),
        ventet=Min(RANG),
        kommer=BoolOr(comes_by(dag)),
        moett_naar=_met(dag),
    )


def as_skranketreff(rad: dict[str, Any]) -> Skranketreff:
    return Skranketreff(
        rad["verv__person"],
        rad["navn"],
        ", ".join(rad["steder"]),
        rad["kommuner"],
        BEST_FOERST[rad["ventet"]],
        rad["moett_naar"],
        kommer=rad["kommer"],
    )


def the_day(samling: Samling, valgt: datetime.date | None = None) -> datetime.date | None:
    """The day the desk works for: `valgt` when the gathering has it, else today, else the nearest that has been, or
    the first. None for a gathering of one day, which asks nobody. One query."""
    if not samling.varer_flere_dager:
        return None
    alle = [d.dato for d in days(samling)]
    if valgt in alle:
        return valgt
    idag = timezone.localdate()
    return max((d for d in alle if d <= idag), default=alle[0])


def guests_if_none(
    samling: Samling, dag: datetime.date | None, gjester: list[Skranketreff] | None
) -> list[Skranketreff]:
    """`gjester`, when whoever asks has them."""
    return guests(samling, dag=dag) if gjester is None else gjester


def guests(
    samling: Samling, *, dag: datetime.date | None = None, pk: int | None = None
) -> list[Skranketreff]:
    """Who comes without a Verv, by name; not those who were taken off again. One query, two with a day."""
    rader = _on_the_list(samling)
    if pk is not None:
        rader = rader.filter(pk=pk)
    da = None if dag is None else _days_of_guests(samling, dag)
    return sorted(
        (_as_guest(g, g.moett if da is None else da.get(g.pk), dag) for g in rader),
        key=lambda t: t.orden,
    )


def _on_the_list(samling: Samling) -> QuerySet[Gjest]:
    """The guests, but those who were taken off again."""
    rader = Gjest.objects.filter(samling=samling).exclude(navn="")
    return rader.exclude(status=Gjest.Status.AVMELDT, moett=None).with_sted()


def listed(samling: Samling, navn: str, fra: str, *, vara_for: int | None = None) -> int | None:
    """The guest on the list with that name from that place, however the two are written, or who stands in for that
    person. A substitute's place is the group's, and what they once said themselves. One query."""
    for gjest in _on_the_list(samling).order_by("pk"):
        er_vara = gjest.for_verv is not None and gjest.for_verv.person_id == vara_for
        steder = {folded(gjest.sted), folded(gjest.fra or gjest.sted)}
        if folded(gjest.navn) == folded(navn) and (er_vara or folded(fra) in steder):
            return gjest.pk
    return None


def _days_of_guests(samling: Samling, dag: datetime.date) -> dict[int, datetime.datetime]:
    rader = Dagsoppmoete.objects.filter(samling=samling, gjest__isnull=False, dato=dag)
    return dict(rader.values_list("gjest", "tid"))


def _as_guest(
    gjest: Gjest, moett: datetime.datetime | None, dag: datetime.date | None
) -> Skranketreff:
    return Skranketreff(
        None,
        gjest.navn,
        gjest.sted,
        [gjest.kommune.navn if gjest.kommune else ""],
        gjest.status,
        moett,
        gjest=gjest.pk,
        vara_for=gjest.for_verv.person.navn if gjest.for_verv else "",
        kommer=gjest.comes_on(dag),
        dager=gjest.dager or (),
    )


def expected(
    samling: Samling, person: int, *, dag: datetime.date | None = None
) -> Skranketreff | None:
    """One person among the expected; None when the person is not."""
    egne = Deltakelse.objects.filter(samling=samling, verv__person=person)
    rader = as_people(egne, dag).order_by("verv__person")
    return next(map(as_skranketreff, rader), None)


def everybody(samling: Samling, *, dag: datetime.date | None = None) -> list[Skranketreff]:
    """All whom the desk expects, persons and guests, in the order of their names: what a desk keeps to work without
    network. Three queries at most."""
    rader = as_people(Deltakelse.objects.filter(samling=samling), dag)
    rader = rader.order_by("verv__person__sortering", "verv__person")
    return [*map(as_skranketreff, rader), *guests(samling, dag=dag)]


FAA_VENTET = 12


def few_expected(
    samling: Samling,
    *,
    dag: datetime.date | None = None,
    gjester: list[Skranketreff] | None = None,
) -> list[Skranketreff]:
    """All who are expected and have not met, when they are few enough to be seen at once; else none. First who
    signed up, then who waits for a place, then who has not answered, each by name. One query, and those of `guests` when they are not at hand."""
    rader = as_people(Deltakelse.objects.filter(samling=samling), dag).filter(moett_naar=None)
    mulige = [BEST_FOERST.index(svar) for svar in ("venter", "invitert")]
    rader = rader.filter(Q(kommer=True) | Q(ventet__in=mulige)).order_by()
    alle = [as_skranketreff(rad) for rad in rader[: FAA_VENTET + 1]]
    alle += [t for t in guests_if_none(samling, dag, gjester) if t.ventes and not t.moett]
    if len(alle) > FAA_VENTET:
        return []
    return sorted(alle, key=lambda t: (not t.kommer, BEST_FOERST.index(t.status), t.orden))


Dagsvis: TypeAlias = list[tuple[datetime.datetime | None, bool]]


def by_day(samling: Samling, treff: Sequence[Skranketreff]) -> dict[str, Dagsvis]:
    """By `Skranketreff.noekkel`, for each day of a gathering over several: when they met, and whether they come.
    None for a gathering of one day. Three queries at most."""
    if not samling.varer_flere_dager or not treff:
        return {}
    dager = [dag.dato for dag in days(samling)]
    folk, gjester = [t.person for t in treff if t.person], [t.gjest for t in treff if t.gjest]
    moett: dict[tuple[str, datetime.date], datetime.datetime] = {}
    rader = (
        Dagsoppmoete.objects.filter(samling=samling)
        .filter(Q(deltakelse__verv__person__in=folk) | Q(gjest__in=gjester))
        .order_by("-tid")
    )
    for person, gjest, dato, tid in rader.values_list(
        "deltakelse__verv__person", "gjest", "dato", "tid"
    ):
        moett[key_of(person, gjest), dato] = tid
    kommer = {
        t.noekkel: set(t.dager or dager)
        for t in treff
        if t.gjest and t.status == Gjest.Status.PAAMELDT
    }
    egne = Deltakelse.objects.filter(samling=samling, verv__person__in=folk)
    paameldte = egne.filter(status=Deltakelse.Status.PAAMELDT).order_by()
    for person, valgte in paameldte.values_list("verv__person", "dager"):
        kommer.setdefault(f"p{person}", set()).update(dager if valgte is None else valgte)
    return {
        t.noekkel: [
            (moett.get((t.noekkel, dag)), dag in kommer.get(t.noekkel, ())) for dag in dager
        ]
        for t in treff
    }


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
        Skranketreff(rad["person"], rad["navn"], ", ".join(rad["steder"]), [""], "", None, False)
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


def last_met(
    samling: Samling,
    maks: int = 8,
    *,
    dag: datetime.date | None = None,
    gjester: list[Skranketreff] | None = None,
) -> list[Skranketreff]:
    """The latest who were ticked in, newest first: what one may want to undo."""
    moett = Deltakelse.objects.filter(samling=samling).met()
    rader = as_people(moett, dag).exclude(moett_naar=None)
    siste = [as_skranketreff(r) for r in rader.order_by("-moett_naar", "verv__person")[:maks]]
    moett_gjester = [t for t in guests_if_none(samling, dag, gjester) if t.moett]
    return sorted([*siste, *moett_gjester], key=lambda t: t.moett, reverse=True)[:maks]
