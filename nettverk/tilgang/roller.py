"""What a person is in a network today: derived from Verv, never stored (docs/tilgang.md).

One query answers it for a whole page, and the same query fetches the network itself.
"""

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from kommuner.gyldighet import idag
from kommuner.models import Plassering
from nettverk.models.gruppe import Gruppe, Verv, VervQuerySet
from nettverk.models.nettverk import Nettverk
from nettverk.models.rolle import Rolle

if TYPE_CHECKING:
    from nettverk.models.person import Person

T = TypeVar("T")

_KOORDINATORROLLER = frozenset({Rolle.LEDER, Rolle.NESTLEDER, Rolle.KOORDINATOR})


def coordinators(verv: VervQuerySet) -> VervQuerySet:
    """Those of the appointments that make somebody a coordinator; `Roller.er_koordinator` says the same
    of one person."""
    return verv.filter(gruppe__type=Gruppe.Type.KOORDINERINGSGRUPPE, rolle__in=_KOORDINATORROLLER)


def whom_to_ask(nettverk: Nettverk) -> list[Verv]:
    """The koordinatorer today who can be asked: they have answered, and can sign in. By name, each once."""
    verv = (
        coordinators(Verv.objects.filter(gruppe__nettverk=nettverk))
        .gyldig()
        .filter(person__is_active=True, person__ubesvart__isnull=True)
        .select_related("person", "gruppe__nettverk")
        .order_by("person__sortering", "person", "-pk")
    )
    return list({ett.person_id: ett for ett in verv}.values())


def is_coordinating(gruppetype: str, rolle: str) -> bool:
    """Whether that role in a group of that function makes somebody a coordinator."""
    return gruppetype == Gruppe.Type.KOORDINERINGSGRUPPE and rolle in _KOORDINATORROLLER


@dataclass(frozen=True, slots=True)
class VervINettverk:
    """One appointment, as little of it as access needs."""

    id: int
    gruppe: int
    gruppenavn: str
    type: str
    rolle: str
    enhet: int | None
    representerer: int | None
    enhetsnavn: str | None = None
    enhetsreferanse: str | None = None
    enhetskommune: str | None = None


@dataclass
class Roller:
    """The roles of one person in one network on one day."""

    person: Any
    nettverk: Nettverk
    verv: list[VervINettverk] = field(default_factory=list)
    # Rights over others wait for more than a code by e-mail (`nettverk.sikkerhet.tosteg`).
    tilbakeholdt: bool = False
    _husket: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def remembered(self, hva: str, fetch: Callable[[], T]) -> T:
        """What an app needs in several places of one page, «<app>.<thing>»: fetched the first time."""
        if hva not in self._husket:
            self._husket[hva] = fetch()
        husket: T = self._husket[hva]
        return husket

    def _i(self, *typer: str) -> bool:
        return any(v.type in typer for v in self.verv)

    def gruppenavn(self, type_: str) -> str:
        """What the network calls the person's own group of that function; nothing when in none."""
        return next((v.gruppenavn for v in self.verv if v.type == type_), "")

    @cached_property
    def er_medlem(self) -> bool:
        return bool(self.verv)

    @cached_property
    def er_kog(self) -> bool:
        return not self.tilbakeholdt and self._i(Gruppe.Type.KOORDINERINGSGRUPPE)

    @cached_property
    def er_koordinator(self) -> bool:
        return not self.tilbakeholdt and any(is_coordinating(v.type, v.rolle) for v in self.verv)

    @cached_property
    def er_stg(self) -> bool:
        return self._i(Gruppe.Type.STYRINGSGRUPPE)

    @cached_property
    def er_pro(self) -> bool:
        return self._i(Gruppe.Type.PROSESSNETTVERK)

    @cached_property
    def er_eva(self) -> bool:
        return self._i(Gruppe.Type.EVALUERINGSNETTVERK)

    @cached_property
    def er_forsker(self) -> bool:
        return any(v.rolle == Rolle.FOLGEFORSKER for v in self.verv)

    @cached_property
    def grupper(self) -> frozenset[int]:
        """Ids of every group the person sits in."""
        return frozenset(v.gruppe for v in self.verv)

    @cached_property
    def fagmiljo(self) -> frozenset[int]:
        """Ids of the fagmiljø groups, which answer for læringsløyper."""
        return frozenset(v.gruppe for v in self.verv if v.type == Gruppe.Type.FAGMILJO)

    @cached_property
    def enheter(self) -> frozenset[int]:
        """Ids of the units in whose utviklingsgruppe the person sits."""
        return frozenset(
            v.enhet for v in self.verv if v.type == Gruppe.Type.UTVIKLINGSGRUPPE and v.enhet
        )

    @cached_property
    def egne_enheter(self) -> list[VervINettverk]:
        """The appointments through which the person belongs to a unit, one for each unit."""
        av = {v.enhet: v for v in self.verv if v.enhet in self.enheter}
        return list(av.values())

    @cached_property
    def enheter_ledet(self) -> frozenset[int]:
        """Ids of the units the person leads: formell leder (styrer, rektor)."""
        return frozenset(
            v.enhet
            for v in self.verv
            if v.type == Gruppe.Type.UTVIKLINGSGRUPPE and v.enhet and v.rolle == Rolle.FORMELL_LEDER
        )

    @cached_property
    def egne_kommuner(self) -> frozenset[int]:
        """Ids of the kommuner the person comes from: where their units lie today, and what they or their
        group represent. Not as følgeforsker, who belongs to none. Two queries."""
        verv = [v for v in self.verv if v.rolle != Rolle.FOLGEFORSKER]
        enhetenes = Plassering.objects.filter(enhet__in={v.enhet for v in verv if v.enhet})
        gruppenes = Gruppe.objects.filter(pk__in={v.gruppe for v in verv}, kommune__isnull=False)
        return frozenset(
            [
                *(v.representerer for v in verv if v.representerer),
                *enhetenes.gyldig().values_list("kommune", flat=True),
                *gruppenes.values_list("kommune", flat=True),
            ]
        )

    @cached_property
    def naboenheter(self) -> frozenset[int]:
        """Ids of the units that lie in one of them today."""
        her = Plassering.objects.filter(kommune__in=self.egne_kommuner).gyldig()
        return frozenset(her.values_list("enhet", flat=True))

    @cached_property
    def kommuner_ansvar(self) -> frozenset[int]:
        """Ids of the kommuner the person is oppvekstansvarlig for in the fagnettverk."""
        return frozenset(
            v.representerer
            for v in self.verv
            if v.type == Gruppe.Type.FAGNETTVERK
            and v.rolle == Rolle.OPPVEKSTANSVARLIG
            and v.representerer
        )


def _verv_json(person: int, dato: datetime.date) -> QuerySet:
    her = Plassering.objects.filter(enhet=OuterRef("gruppe__enhet")).gyldig(dato)
    return (
        Verv.objects.filter(person=person, gruppe__nettverk=OuterRef("pk"))
        .gyldig(dato)
        .order_by("pk")
        .values(
            json=JSONObject(
                id="pk",
                gruppe="gruppe_id",
                gruppenavn="gruppe__navn",
                type="gruppe__type",
                rolle="rolle",
                enhet="gruppe__enhet_id",
                representerer="representerer_id",
                enhetsnavn=Coalesce(
                    NullIf("gruppe__enhet__visningsnavn", Value("")), "gruppe__enhet__navn"
                ),
                enhetsreferanse="gruppe__enhet__referanse",
                enhetskommune=Subquery(her.values("kommune__navn")[:1]),
            )
        )
    )


def with_roller(queryset: QuerySet[Nettverk], person: "Person") -> QuerySet[Nettverk]:
    """Networks that bring the person's roles today with them, so `roller_for` needs no query."""
    if not person.is_authenticated:
        return queryset
    return queryset.annotate(mine_verv=ArraySubquery(_verv_json(person.pk, idag())))


# Stand in the compiled query where a request's own values go.
_PERSON, _DATO, _SLUG = -1, datetime.date.min, "?"


_asked_along: dict[str, Exists] = {}


def ask_along(navn: str, er_der: Exists) -> None:
    """Let each page know of its network whether something is there (`OuterRef("pk")` is the network), as its attribute
    `navn`: so that the home page need not ask for what is hardly ever there. Said once, as an app is loaded."""
    _asked_along[navn] = er_der


def may_be_there(nettverk: Nettverk, navn: str) -> bool:
    """What was asked along as `navn`; True of a network that was fetched in another way, so that one has to look."""
    return getattr(nettverk, navn, True)


@cache
def _compiled() -> tuple[str, tuple[Any, ...]]:
    """The query of `find_nettverk` as SQL and its parameters.

    Every page asks it, and putting it together cost six times as much as asking (measured): so once.
    """
    mine_verv = ArraySubquery(_verv_json(_PERSON, _DATO))
    funnet = Nettverk.objects.filter(slug=_SLUG).annotate(mine_verv=mine_verv, **_asked_along)
    return funnet.query.sql_with_params()


def find_nettverk(slug: str, person: "Person") -> Nettverk | None:
    """The network of an address, with the person's roles today as by `with_roller`, and what apps ask along
    (`ask_along`). One query."""
    if not person.is_authenticated:
        return Nettverk.objects.filter(slug=slug).first()
    sql, parametre = _compiled()
    verdier = {_PERSON: person.pk, _DATO: idag(), _SLUG: slug}
    for nettverk in Nettverk.objects.raw(sql, [verdier.get(p, p) for p in parametre]):
        verv: list[str] = nettverk.mine_verv  # type: ignore[attr-defined]  # annotated
        nettverk.mine_verv = [json.loads(v) for v in verv]  # type: ignore[attr-defined]
        return nettverk
    return None


def only_nettverk(person: Any) -> Nettverk | None:
    """The network of a person who is in one and no more, with the roles as by `with_roller`. One query."""
    if not person.is_authenticated:
        return None
    verv = Verv.objects.filter(person=person).gyldig()
    mine = Nettverk.objects.filter(pk__in=verv.order_by().values("gruppe__nettverk"))
    funnet = list(with_roller(mine, person)[:2])
    return funnet[0] if len(funnet) == 1 else None


def roller_for(person: "Person", nettverk: Nettverk) -> Roller:
    """The person's roles in `nettverk` today; remembered on the person for the rest of the request."""
    if not person.is_authenticated or not person.is_active:
        return Roller(person, nettverk)
    husket = person.__dict__.setdefault("_roller", {})
    if nettverk.pk not in husket:
        rader = getattr(nettverk, "mine_verv", None)
        if rader is None:
            hentet: Any = with_roller(Nettverk.objects.filter(pk=nettverk.pk), person).get()
            rader = hentet.mine_verv
        roller = Roller(person, nettverk, [VervINettverk(**rad) for rad in rader])
        husket[nettverk.pk] = _hold_back(roller)
    return husket[nettverk.pk]


def _hold_back(roller: Roller) -> Roller:
    """Without rights over others when they need more than the person's session has shown."""
    person = roller.person
    # Who has a key is not who they are without it, else it would guard nothing.
    krevd = roller.nettverk.krever_tosteg or person.is_superuser or person.har_ikke_vist_noekkel
    if krevd and person.svak_okt and roller.er_kog:
        return Roller(person, roller.nettverk, roller.verv, tilbakeholdt=True)
    return roller
