"""How many have come, by kommune and by day, and what has changed since a desk last asked."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, F, Max, Q, QuerySet, TextField, Value
from django.db.models.functions import MD5, Cast, Coalesce, Concat

from kommuner.sortering import norsk_nokkel
from rolu.models import Deltakelse, Gjest, Innsjekkhendelse, Samling
from rolu.models.deltakelse import persons
from rolu.samlinger.dager import days, days_met_by
from rolu.samlinger.skrankesok import (
    Skranketreff,
    as_people,
    as_skranketreff,
    guests,
    guests_if_none,
)
from rolu.samlinger.svar import each_counts


def counts(
    samling: Samling,
    *,
    dag: datetime.date | None = None,
    gjester: list[Skranketreff] | None = None,
) -> list[dict[str, Any]]:
    """How many are expected and met, guests included, per kommune that anybody is expected or has come from; on
    `dag` of a gathering over several. All kommuner together are `totals`."""
    rader = Deltakelse.objects.filter(samling=samling).comes_on(dag).per_kommune()
    if dag:
        rader = rader.annotate(
            moett_dag=persons(dagsoppmoeter__dato=dag), kommer_dag=persons(kommer=True)
        )
    per: dict[str, dict[str, Any]] = {}
    for rad in rader:
        if dag:
            rad["moett_antall"], rad["paameldte"] = rad["moett_dag"], rad["kommer_dag"]
        per[rad["kommune__navn"] or ""] = rad
    ukjent = len(per)
    for gjest in guests_if_none(samling, dag, gjester):
        tom = {"kommune__navn": gjest.kommune or None, "paameldte": 0, "moett_antall": 0}
        rad = per.setdefault(gjest.kommune, tom)
        rad["paameldte"] += gjest.kommer
        rad["moett_antall"] += bool(gjest.moett)
    valgte = list(per.values())
    if len(per) > ukjent:
        valgte.sort(
            key=lambda rad: (
                rad["kommune__navn"] is None,
                norsk_nokkel(rad["kommune__navn"] or ""),
            )
        )
    return [rad for rad in valgte if rad["paameldte"] or rad["moett_antall"]]


def totals(
    samling: Samling,
    *,
    dag: datetime.date | None = None,
    gjester: list[Skranketreff] | None = None,
) -> dict[str, int]:
    """How many people and guests are signed up (`paameldte`), have met (`moett_antall`), and either of the two
    (`ventet`); on `dag` of a gathering over several. Two queries, three with a day."""
    kommer, moett = Q(kommer=True), Q(dagsoppmoeter__dato=dag) if dag else Q(moett__isnull=False)
    rader = Deltakelse.objects.filter(samling=samling).comes_on(dag)
    tall: dict[str, int] = rader.aggregate(
        paameldte=_people(kommer), moett_antall=_people(moett), ventet=_people(kommer | moett)
    )
    alle = guests_if_none(samling, dag, gjester)
    tall["paameldte"] += sum(t.kommer for t in alle)
    tall["moett_antall"] += sum(bool(t.moett) for t in alle)
    tall["ventet"] += sum(t.kommer or bool(t.moett) for t in alle)
    return tall


def in_several(
    samling: Samling,
    per_kommune: Iterable[Mapping[str, Any]],
    totalt: Mapping[str, int],
    *,
    dag: datetime.date | None = None,
) -> str:
    """Why the kommuner hold more than `totals`; nothing when they do not. No query then, else one."""
    rader = list(per_kommune)
    if all(
        sum(rad[tall] for rad in rader) == totalt[tall] for tall in ("paameldte", "moett_antall")
    ):
        return ""
    moett = Q(dagsoppmoeter__dato=dag) if dag else Q(moett__isnull=False)
    egne = Deltakelse.objects.filter(samling=samling)
    ventet = egne.comes_on(dag).filter(Q(kommer=True) | moett)
    folk = egne.filter(verv__person__in=ventet.values("verv__person")).order_by()
    # Who comes by none stands in a row of its own.
    ulike = Count(Coalesce("kommune", 0), distinct=True)
    return each_counts(folk.values("verv__person").alias(n=ulike).filter(n__gt=1).count())


def _people(vilkaar: Q) -> Count:
    return Count("verv__person", distinct=True, filter=vilkaar)


# What a desk has seen that has seen nothing.
FOER_ALT = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def last_change(samling: Samling) -> datetime.datetime:
    """When the last thing done at a desk was registered. It is the desk's place in the log: what comes after is
    registered later (`rolu.samlinger.innsjekk`), also what is being written now. One query."""
    sist = Innsjekkhendelse.objects.filter(samling=samling).aggregate(sist=Max("registrert"))
    return sist["sist"] or FOER_ALT


def roll_mark(samling: Samling) -> str:
    """A mark of who is expected, and of what they have answered: another when anything of it is. A tick does not
    change it, nor who came on the list by one: that a desk is told by the log (`changed_since`). Two queries."""
    logg = Innsjekkhendelse.objects.filter(samling=samling)
    skrevet = logg.filter(handling=Innsjekkhendelse.Handling.GJEST)
    # What a desk answers for somebody has the tick's own time (`Skrankebok`).
    folk = Deltakelse.objects.filter(samling=samling).exclude(svart__in=logg.values("registrert"))
    gjester = Gjest.objects.filter(samling=samling).exclude(pk__in=skrevet.values("gjest"))
    return _mark_of(folk, "verv_id", "status", "dager") + _mark_of(
        gjester, "pk", "status", "dager", "navn", "fra"
    )


def _mark_of(rader: QuerySet, *felt: str) -> str:
    """The database makes it: a desk asks often, and of hundreds."""
    deler = [del_ for navn in felt for del_ in (Value("|"), Cast(F(navn), TextField()))]
    alle = StringAgg(Concat(*deler, output_field=TextField()), Value(""), order_by="pk")
    return str(rader.order_by().aggregate(alle=MD5(alle))["alle"] or "")[:12]


@dataclass(frozen=True)
class Sidensist:
    """What a desk has not seen: those concerned as they now stand, those who are no longer on the list
    (`Skranketreff.noekkel`), and how far it has then seen."""

    nr: datetime.datetime
    treff: list[Skranketreff]
    borte: list[str]


def changed_since(
    samling: Samling, etter: datetime.datetime, *, dag: datetime.date | None = None
) -> Sidensist:
    """Those who were ticked, undone or written down after `etter`. One query when nothing was, six otherwise."""
    nytt = Innsjekkhendelse.objects.filter(samling=samling, registrert__gt=etter)
    rader = list(nytt.values_list("registrert", "person", "gjest"))
    if not rader:
        return Sidensist(etter, [], [])
    folk = {person for _naar, person, _gjest in rader if person}
    gjester = {gjest for _naar, _person, gjest in rader if gjest}
    if gjester:  # whom a substitute came in the place of, does not come
        varaer = Gjest.objects.filter(pk__in=gjester, for_verv__isnull=False)
        folk |= set(varaer.values_list("for_verv__person", flat=True))
    treff: list[Skranketreff] = []
    if folk:
        egne = Deltakelse.objects.filter(samling=samling, verv__person__in=folk)
        treff += map(as_skranketreff, as_people(egne, dag).order_by("verv__person"))
    if gjester:
        treff += [t for t in guests(samling, dag=dag) if t.gjest in gjester]
    alle = {f"p{person}" for person in folk} | {f"g{gjest}" for gjest in gjester}
    return Sidensist(rader[-1][0], treff, sorted(alle - {t.noekkel for t in treff}))


def per_day(samling: Samling) -> list[tuple[datetime.date, int]]:
    """How many people and guests met on each day of a gathering over several; none for one of a day. Two
    queries."""
    if not samling.varer_flere_dager:
        return []
    moett = days_met_by(samling).values()
    return [(d.dato, sum(d.dato in egne for egne in moett)) for d in days(samling)]
