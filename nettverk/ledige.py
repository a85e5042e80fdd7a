"""What is vacant: the units whose utviklingsgruppe lacks a role, has no leader, or is not confirmed.

One answer, from the units that lie in the network: on the home page, on the list with an act beside each, in
the spreadsheet, on «Kom i gang», and among the groups per a date.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag
from kommuner.models import Enhet, Plassering
from kommuner.models.enhet import EnhetQuerySet
from nettverk.bekreftelse import is_confirmed, last_reminded
from nettverk.filer.regneark import make_regneark
from nettverk.flater import Seksjon
from nettverk.invitasjon import has_been_in
from nettverk.models import Gruppe, Nettverk, Rolle, Verv
from nettverk.side.innhold import fill_in, roller_i
from nettverk.tilgang.roller import Roller

# --- which units


def units(nettverk: Nettverk) -> EnhetQuerySet:
    """The units of the network today, each with `gruppe_pk` (its utviklingsgruppe today), `roller_da` (the
    roles held in it today) and `er_bekreftet`."""
    gruppen = (
        Gruppe.objects.filter(nettverk=nettverk, enhet=OuterRef("pk")).utviklingsgrupper().gyldig()
    )
    verv = Verv.objects.filter(gruppe=OuterRef("gruppe_pk")).gyldig()
    enheter: EnhetQuerySet = nettverk.enheter()
    return enheter.annotate(gruppe_pk=Subquery(gruppen.values("pk")[:1])).annotate(
        roller_da=ArraySubquery(verv.values("rolle")),
        er_bekreftet=is_confirmed(nettverk, OuterRef("gruppe_pk")),
    )


def followed_by(roller: Roller) -> EnhetQuerySet:
    """As `units`, those whose groups the person follows up: all of them as koordineringsgruppe, one's own
    kommune's as kommuneansvarlig."""
    alle = units(roller.nettverk)
    if roller.er_kog:
        return alle
    return alle.in_kommuner(list(roller.kommuner_ansvar))


def answered_for(roller: Roller) -> EnhetQuerySet:
    """Of these, those whose groups the person may change, and whose leaders they may remind."""
    alle = units(roller.nettverk)
    return alle if roller.er_koordinator else alle.in_kommuner(list(roller.kommuner_ansvar))


def group_lacks_role(nettverk: Nettverk, dato: datetime.date) -> Q:
    """Asked of groups `with_roller(dato)`: it belongs to a unit in the network on the day, and a required role
    in it is vacant."""
    return lacks_role(nettverk) & Q(enhet__in=nettverk.enheter(dato).values("pk"))


def lacks_role(nettverk: Nettverk) -> Q:
    """A required role is held by nobody, or there is no group: asked of `units`, or of groups
    `with_roller`."""
    if not nettverk.paakrevde_roller:
        return _INGEN
    return ~Q(roller_da__contains=nettverk.paakrevde_roller)


def lacks_leader(nettverk: Nettverk) -> Q:
    """Nobody leads, where the network says that a group must have a leader."""
    if Rolle.FORMELL_LEDER not in nettverk.paakrevde_roller:
        return _INGEN
    return ~Q(roller_da__contains=[Rolle.FORMELL_LEDER])


def unconfirmed(nettverk: Nettverk) -> Q:
    """There is a group, which nobody has confirmed for the school year the network asks about. One that was
    confirmed earlier in that year, before the day the network asks from, is not asked again."""
    return Q(gruppe_pk__isnull=False, er_bekreftet=False)


_INGEN = Q(pk__in=[])


@dataclass(frozen=True)
class Ledigtall:
    """How many units lack something, and of which kind."""

    rolle: int
    leder: int
    ubekreftet: int
    alle: int

    def __bool__(self) -> bool:
        return bool(self.alle)


def count(enheter: EnhetQuerySet, nettverk: Nettverk) -> Ledigtall:
    """One query."""
    rolle, leder, ubekreftet = (
        lacks_role(nettverk),
        lacks_leader(nettverk),
        unconfirmed(nettverk),
    )
    return Ledigtall(
        **enheter.order_by().aggregate(
            rolle=Count("pk", filter=rolle),
            leder=Count("pk", filter=leder),
            ubekreftet=Count("pk", filter=ubekreftet),
            alle=Count("pk", filter=rolle | leder | ubekreftet),
        )
    )


def count_without_role(nettverk: Nettverk) -> int:
    """How many of all the units lack a required role today."""
    return units(nettverk).filter(lacks_role(nettverk)).count()


# --- the home page


def hjem(roller: Roller) -> Iterable[Seksjon]:
    """What is vacant where the person follows up, in a kommune by name, and the way to the list. One query,
    for these alone.

    Not while the network is set up: «Kom i gang» says it then.
    """
    if roller.nettverk.satt_opp is None or not (roller.er_kog or roller.kommuner_ansvar):
        return
    if not roller.er_kog:
        yield from _by_name(roller)
    elif antall := count(followed_by(roller), roller.nettverk):
        # A coordinator's other column is full.
        yield Seksjon(
            "nettverk/flater/ledige.html", {"antall": antall}, 30, smal=roller.er_koordinator
        )


# So many groups stand by name; the list has them all.
_VED_NAVN = 5


def _by_name(roller: Roller) -> Iterable[Seksjon]:
    """The groups of one's own kommune that lack somebody, by name and what they lack. One query."""
    nettverk = roller.nettverk
    uten = followed_by(roller).filter(lacks_role(nettverk) | unconfirmed(nettverk))
    enheter: list[Any] = list(most_lacking_first(uten, nettverk))
    data = {
        "antall": len(enheter),
        "enheter": [(e, _what_is_missing(e, nettverk)) for e in enheter[:_VED_NAVN]],
    }
    yield Seksjon("nettverk/flater/ledige_navn.html", data, 30)


def _what_is_missing(enhet: Any, nettverk: Nettverk) -> str:
    if enhet.gruppe_pk is None:
        return _("har ingen gruppe")
    roller = [r for r in nettverk.paakrevde_roller if r not in enhet.roller_da]
    if roller:
        return fill_in(_("mangler %(roller)s"), roller=roller_i(roller, nettverk))
    return _("er ikke bekreftet dette skoleåret")


# --- the list


@dataclass
class Ledigrad:
    """A unit that lacks something, whom one may ask, and whether the reader may change its group."""

    enhet: Enhet
    kommune: str
    gruppe: Gruppe | None
    ledige: list[Rolle]
    er_bekreftet: bool
    kan_endre: bool
    ledere: list[Verv] = field(default_factory=list)
    # When one of the leaders was last reminded, of late.
    paaminnet: datetime.date | None = None

    @property
    def ikke_inne(self) -> Verv | None:
        """The leader, when they have not been in the portal yet."""
        return next((v for v in self.ledere if not has_been_in(v.person)), None)


# A reminder is told of beside the group for so long.
_NYLIG = datetime.timedelta(days=180)


def in_order(enheter: EnhetQuerySet) -> EnhetQuerySet:
    """By kommune, then by name."""
    her = Plassering.objects.filter(enhet=OuterRef("pk")).gyldig()
    kommune = Subquery(her.values("kommune__sortering")[:1])
    return enheter.with_kommune().order_by(kommune, "sortering", "pk")


def most_lacking_first(enheter: EnhetQuerySet, nettverk: Nettverk) -> EnhetQuerySet:
    """No group, no leader, not confirmed, another role; then as `in_order`."""
    haster = Case(
        When(gruppe_pk__isnull=True, then=Value(0)),
        When(lacks_leader(nettverk), then=Value(1)),
        When(unconfirmed(nettverk), then=Value(2)),
        default=Value(3),
    )
    i_orden = in_order(enheter)
    return i_orden.order_by(haster, *i_orden.query.order_by)


def rows(enheter: Iterable[Enhet], roller: Roller) -> list[Ledigrad]:
    """The rows of units that come from `in_order`, with their groups and leaders. Three queries."""
    enhetene = list(enheter)
    numre = [e.gruppe_pk for e in enhetene if e.gruppe_pk]  # type: ignore[attr-defined]  # annotated
    grupper = {g.pk: g for g in Gruppe.objects.filter(pk__in=numre)}
    ledere: dict[int, list[Verv]] = defaultdict(list)
    verv = Verv.objects.filter(gruppe__in=numre, rolle=Rolle.FORMELL_LEDER).gyldig()
    for ett in verv.select_related("person__ubesvart").order_by("person__sortering", "pk"):
        ledere[ett.gruppe_id].append(ett)
    personer = [v.person_id for verv_her in ledere.values() for v in verv_her]
    sist = last_reminded(roller.nettverk, personer)
    rader = []
    for enhet in enhetene:
        e: Any = enhet  # annotated
        rad = Ledigrad(
            enhet=enhet,
            kommune=e.kommune_navn,
            gruppe=grupper.get(e.gruppe_pk),
            ledige=[Rolle(r) for r in roller.nettverk.paakrevde_roller],
            er_bekreftet=True,
            kan_endre=roller.er_koordinator or e.kommune_id_da in roller.kommuner_ansvar,
            ledere=ledere.get(e.gruppe_pk, []),
        )
        if rad.gruppe is not None:
            rad.gruppe.nettverk, rad.gruppe.enhet = roller.nettverk, enhet
            rad.ledige = rad.gruppe.ledige_roller(e.roller_da)
            rad.er_bekreftet = e.er_bekreftet
            dager = [sist[v.person_id] for v in rad.ledere if v.person_id in sist]
            rad.paaminnet = max((d for d in dager if d > idag() - _NYLIG), default=None)
        rader.append(rad)
    return rader


def as_sheet(rader: list[Ledigrad], nettverk: Nettverk) -> bytes:
    return make_regneark(
        _("Ledige roller"),
        [
            (_("Kommune"), 20),
            (_("Enhet"), 40),
            (_("Organisasjonsnummer"), 22),
            (_("Ledige roller"), 40),
            (_("Bekreftet dette skoleåret"), 16),
            (_("Leder"), 30),
            (_("E-post"), 36),
        ],
        [
            [
                rad.kommune,
                str(rad.enhet),
                rad.enhet.organisasjonsnummer or "",
                ", ".join(nettverk.rollenavn(rolle) for rolle in rad.ledige),
                _state(rad),
                ", ".join(v.person.navn for v in rad.ledere),
                "; ".join(v.person.postadresse for v in rad.ledere),
            ]
            for rad in rader
        ],
    )


def _state(rad: Ledigrad) -> str:
    if rad.gruppe is None:
        return _("uten gruppe")
    return _("ja") if rad.er_bekreftet else _("nei")
