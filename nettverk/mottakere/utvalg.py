"""Whom an audience reaches on a day: the appointments, how many in each kommune, and what is gone."""

import datetime
from dataclasses import dataclass, field

from django.db.models import BigIntegerField, Count, OuterRef, Q, QuerySet, Subquery
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
    one the Verv represents."""
    plassering = Plassering.objects.filter(enhet=OuterRef("gruppe__enhet")).gyldig(dato)
    return verv.annotate(
        kommune_da=Coalesce(
            Subquery(plassering.values("kommune")[:1]),
            "gruppe__kommune",
            "representerer",
            output_field=BigIntegerField(),
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
    """How many in all, and per kommune: those of no kommune last. A person in two is counted in both."""

    alle: Antall
    per_kommune: list[Antall] = field(default_factory=list)


def count(mottakere: Mottakere, dato: datetime.date | None = None) -> Opptelling:
    """How many are reached on the day. Three queries."""
    dato = dato or idag()
    naadd = resolve(mottakere, dato).order_by()
    antall = {
        "n_grupper": Count("gruppe", distinct=True),
        "n_personer": Count("person", distinct=True),
    }
    alle = naadd.aggregate(**antall)
    per = {
        kommune: (grupper, personer)
        for kommune, grupper, personer in with_kommune(naadd, dato)
        .values("kommune_da")
        .annotate(**antall)
        .values_list("kommune_da", *antall)
    }
    kommuner = mottakere.nettverk.kommuner(dato).with_navn(dato)
    rader = [Antall(*per.pop(k.pk), navn=k.navn_da) for k in kommuner if k.pk in per]
    if per:
        # No kommune, or one that is no longer in the network: counted together.
        rader.append(
            Antall(
                sum(grupper for grupper, _p in per.values()),
                sum(personer for _g, personer in per.values()),
                navn=_("Uten kommune i nettverket"),
            )
        )
    return Opptelling(Antall(alle["n_grupper"], alle["n_personer"]), rader)


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
    kommuner = mottakere.nettverk.kommuner(dato).with_navn(dato)
    rader = [Antall(per[k.pk], 0, navn=k.navn_da) for k in kommuner if k.pk in per]
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
