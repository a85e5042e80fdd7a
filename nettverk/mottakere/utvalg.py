"""Whom an audience reaches on a day: the appointments, how many in each kommune, and what is gone."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    BigIntegerField,
    Count,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag
from kommuner.models import Plassering
from nettverk.models import Gruppe, Mottakere, Person, Verv
from nettverk.models.gruppe import GruppeQuerySet, VervQuerySet
from nettverk.mottakere.slag import kind
from nettverk.side.innhold import fill_in, innhold

# What is chosen in a row.
CHOSEN = (
    "enheter",
    "filtre",
    "roller",
    "grupper",
    "personer",
    "uten_grupper",
    "uten_personer",
)


def chosen(mottakere: Mottakere) -> list[Any]:
    """What is chosen in the row, to be compared: two are the same choice when this is the same."""
    return [getattr(mottakere, felt) for felt in CHOSEN]


def units_groups(mottakere: Mottakere, dato: datetime.date | None = None) -> GruppeQuerySet:
    """The utviklingsgrupper that are meant: of the units and kommuner that are in the network on the day
    and fulfil every filter, without those left out. One query."""
    dato, nettverk = dato or idag(), mottakere.nettverk
    grupper = Gruppe.objects.filter(nettverk=nettverk).utviklingsgrupper().gyldig(dato)
    if not mottakere.enheter:
        return grupper.none()
    grupper = grupper.filter(
        Q(enhet__in=nettverk.enheter(dato).values("pk"))
        | Q(kommune__in=nettverk.kommuner(dato).values("pk"))
    ).exclude(pk__in=mottakere.uten_grupper)
    for kode, verdier in mottakere.filtre.items():
        grupper = grupper.filter(_fits(mottakere, kode, verdier, dato))
    return grupper


def _fits(mottakere: Mottakere, kode: str, verdier: list[str], dato: datetime.date) -> Q:
    slag = kind(kode)
    if slag is None:
        return Q(pk__in=[])
    passer = Q(enhet__in=slag.units(mottakere.nettverk, verdier, dato).values("pk"))
    if slag.kommuner:
        passer |= Q(kommune__in=slag.kommuner(mottakere.nettverk, verdier, dato).values("pk"))
    return passer


def own_groups(mottakere: Mottakere, dato: datetime.date | None = None) -> GruppeQuerySet:
    """The network's own groups that are ticked and hold on the day, without those left out."""
    return (
        Gruppe.objects.filter(nettverk=mottakere.nettverk, pk__in=mottakere.grupper)
        .nettverksgrupper()
        .gyldig(dato)
        .exclude(pk__in=mottakere.uten_grupper)
    )


def resolve(mottakere: Mottakere, dato: datetime.date | None = None) -> VervQuerySet:
    """The appointments that are reached on the day, of people who can sign in. One query.

    A person may be reached by several, and is one person (`count`). Somebody who is chosen alone and
    reached by no group, is reached by the eldest of their appointments in the network.
    """
    dato = dato or idag()
    her = (
        Verv.objects.filter(gruppe__nettverk=mottakere.nettverk, person__is_active=True)
        .gyldig(dato)
        .exclude(person__in=mottakere.uten_personer)
    )
    enhetenes = Q(gruppe__in=units_groups(mottakere, dato).values("pk"))
    if mottakere.roller:
        enhetenes &= Q(rolle__in=mottakere.roller)
    gjennom_grupper = enhetenes | Q(gruppe__in=own_groups(mottakere, dato).values("pk"))
    if not mottakere.personer:
        return her.filter(gjennom_grupper)
    alene = (
        her.filter(person__in=mottakere.personer)
        .exclude(person__in=her.filter(gjennom_grupper).values("person"))
        .order_by("person_id", "gyldig", "pk")
        .distinct("person_id")
    )
    return her.filter(gjennom_grupper | Q(pk__in=alene.values("pk")))


def with_kommune(verv: VervQuerySet, dato: datetime.date) -> VervQuerySet:
    """Adds `kommune_da`, an id: where the unit lies on the day, else the kommune of the group, else the
    one the Verv represents.

    A join, not a subquery per row: over 80,000 Verv it is twelve times as fast. A unit lies in one
    kommune at a time, so no row becomes two.
    """
    da = Q(gruppe__enhet__plasseringer__gyldig__contains=dato)
    return verv.alias(her=FilteredRelation("gruppe__enhet__plasseringer", condition=da)).annotate(
        kommune_da=Coalesce(
            "her__kommune", "gruppe__kommune", "representerer", output_field=BigIntegerField()
        )
    )


@dataclass(frozen=True)
class Antall:
    """How many groups and people are reached, in one kommune or in all."""

    grupper: int
    personer: int
    navn: str = ""


@dataclass(frozen=True)
class Opptelling:
    """How many in all, and per kommune: those of no kommune last.

    A person in two kommuner is counted in both; `i_flere` is how many they are.
    """

    alle: Antall
    per_kommune: list[Antall] = field(default_factory=list)
    i_flere: int = 0


def count(mottakere: Mottakere, dato: datetime.date | None = None) -> Opptelling:
    """How many are reached on the day. Two queries.

    Each appointment is fetched once, as two numbers in its kommune's lists, and made one here: for
    PostgreSQL to count distinct people per kommune and in all is to find them twice and sort them twice.
    """
    dato = dato or idag()
    kommuner = kommune_names(mottakere, dato)
    naadd = with_kommune(resolve(mottakere, dato).order_by(), dato)
    grupper: defaultdict[int | None, set[int]] = defaultdict(set)
    personer: defaultdict[int | None, set[int]] = defaultdict(set)
    for kommune, p, g in (
        naadd.values("kommune_da")
        .annotate(personene=ArrayAgg("person"), gruppene=ArrayAgg("gruppe"))
        .values_list("kommune_da", "personene", "gruppene")
    ):
        # Of no kommune, or of one that is no longer in the network: counted together.
        her = kommune if kommune in kommuner else None
        personer[her].update(p)
        grupper[her].update(g)
    alle_grupper, _i_flere = _merged(grupper.values())
    alle, i_flere = _merged(personer.values())
    return Opptelling(
        Antall(len(alle_grupper), len(alle)),
        [
            Antall(len(grupper[kommune]), len(personer[kommune]), navn=navn)
            for kommune, navn in [*kommuner.items(), (None, _("Uten kommune i nettverket"))]
            if kommune in grupper
        ],
        i_flere=len(i_flere),
    )


def _merged(mengder: Iterable[set[int]]) -> tuple[set[int], set[int]]:
    """All that are in one of the sets, and those that are in more than one."""
    alle, i_flere = set[int](), set[int]()
    for mengde in mengder:
        i_flere |= alle & mengde
        alle |= mengde
    return alle, i_flere


def kommune_names(mottakere: Mottakere, dato: datetime.date) -> dict[int, str]:
    """The network's kommuner on the day in their order, each with its name then. One query."""
    kommuner = mottakere.nettverk.kommuner(dato).with_navn(dato)
    return dict(kommuner.values_list("pk", "navn_da"))


def count_units(mottakere: Mottakere, dato: datetime.date | None = None) -> Opptelling:
    """How many units are reached on the day, whether or not anybody sits in their groups. Two queries."""
    dato = dato or idag()
    grupper = units_groups(mottakere, dato).filter(enhet__isnull=False).order_by()
    plassering = Plassering.objects.filter(enhet=OuterRef("enhet")).gyldig(dato)
    per = dict(
        grupper.annotate(kommune_da=Subquery(plassering.values("kommune")[:1]))
        .values("kommune_da")
        .annotate(n=Count("pk"))
        .values_list("kommune_da", "n")
    )
    kommuner = kommune_names(mottakere, dato)
    rader = [Antall(per[pk], 0, navn=navn) for pk, navn in kommuner.items() if pk in per]
    return Opptelling(Antall(sum(per.values()), 0), rader)


def keep(valgt: Mottakere, *, over: Mottakere | None = None) -> Mottakere:
    """Keep what was chosen: in the row the thing has, `over`, else in a new one."""
    if over is None or over.pk == valgt.pk:
        valgt.save()
        return valgt
    for felt in CHOSEN:
        setattr(over, felt, getattr(valgt, felt))
    over.save()
    return over


def people(mottakere: Mottakere, dato: datetime.date | None = None) -> QuerySet[Person]:
    """Each person who is reached, once, by name."""
    return Person.objects.filter(pk__in=resolve(mottakere, dato).values("person"))


def places(
    mottakere: Mottakere, folk: Iterable[Person], dato: datetime.date | None = None
) -> dict[int, list[str]]:
    """By person: the units and groups through which each of `folk` is reached. One query."""
    steder: dict[int, list[str]] = defaultdict(list)
    naadd = resolve(mottakere, dato).filter(
        pk__in=Verv.objects.filter(person__in=folk).values("pk")
    )
    for verv in naadd.order_by("gruppe__sortering", "pk").select_related("gruppe__enhet"):
        sted = str(verv.gruppe.enhet or verv.gruppe.navn)
        if sted not in steder[verv.person_id]:
            steder[verv.person_id].append(sted)
    return steder


def gone(mottakere: Mottakere, dato: datetime.date | None = None) -> list[str]:
    """What the audience names that is no more, in words. Constant queries."""
    dato, nettverk = dato or idag(), mottakere.nettverk
    linjer: list[str] = []
    for kode, verdier in mottakere.filtre.items():
        slag = kind(kode)
        finnes = {str(verdi) for verdi, _label in slag.options(nettverk, dato)} if slag else set()
        if borte := [v for v in verdier if v not in finnes]:
            label = str(slag.label) if slag else kode
            linjer.append(
                _("«%(filter)s» har et valg som ikke finnes lenger (%(verdier)s).")
                % {"filter": label, "verdier": ", ".join(borte)}
            )
    if mottakere.grupper:
        naa = set(own_groups(mottakere, dato).values_list("pk", flat=True))
        avsluttet = Gruppe.objects.filter(nettverk=nettverk, pk__in=set(mottakere.grupper) - naa)
        linjer += [
            fill_in(_("«%(gruppe)s» er avsluttet."), gruppe=innhold(gruppe.navn, nettverk))
            for gruppe in avsluttet.exclude(pk__in=mottakere.uten_grupper)
        ]
    if mottakere.personer:
        har_verv = Verv.objects.filter(gruppe__nettverk=nettverk).gyldig(dato).values("person")
        uten = Person.objects.filter(pk__in=mottakere.personer).exclude(
            pk__in=har_verv, is_active=True
        )
        linjer += [
            _("%(navn)s har ikke lenger et verv i nettverket.") % {"navn": p.navn} for p in uten
        ]
    return linjer
