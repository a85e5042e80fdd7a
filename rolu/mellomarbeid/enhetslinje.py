"""A unit's own line over the years: the tracks it has followed, who has led its group, the gatherings and the
assignments. Plain data with places in percent of the width; the table beside it says the same. It is told of one unit
alone, and set beside no other."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from laeringsloyper.models import Enhetsloype
from nettverk.flater import Seksjon, Side
from nettverk.models import Rolle, Verv
from nettverk.side.innhold import innhold, rolle_i
from rolu.models import Deltakelse, Mellomarbeid, Samling

if TYPE_CHECKING:
    from kommuner.models import Enhet
    from nettverk.tilgang.roller import Roller

_MAKS = datetime.timedelta(days=9 * 366)
_TOPP, _RADHOYDE = 28, 40
# So many years have room for their number on a phone.
_AARSTALL = 5


@dataclass(frozen=True)
class Linjehendelse:
    """Something on the line: a bar when it has `til`, else a mark; `merke` is how it is filled. What still goes on
    (`loeper`) is drawn until the day, and has no end in words."""

    fra: datetime.date
    til: datetime.date | None
    hva: Any
    ord: str
    merke: str = ""
    farge: str = ""
    loeper: bool = False


@dataclass(frozen=True)
class Plassert:
    """An event where it is drawn."""

    hendelse: Linjehendelse
    x: str
    bredde: str


@dataclass(frozen=True)
class Linjerad:
    navn: Any
    y: int
    plassert: list[Plassert]
    hendelser: list[Linjehendelse]


@dataclass(frozen=True)
class Enhetslinje:
    rader: list[Linjerad]
    hoyde: int
    aar: list[tuple[int, str]]
    fra: int
    til: int


def enhet(enhet: "Enhet", side: Side) -> Iterable[Seksjon]:
    """The line, of what the person may see. Four queries."""
    roller = side.roller
    if not roller.er_medlem:
        return
    rader = [
        *_tracks(enhet, roller, side.dato),
        (_leader_word(roller), _leaders(enhet, roller, side.dato)),
        (_("Samlinger"), _gatherings(enhet, roller, side.dato)),
        (_("Mellomarbeid"), _assignments(enhet, roller, side.dato)),
    ]
    if linje := draw([(navn, h) for navn, h in rader if h], side.dato):
        yield Seksjon("rolu/flater/enhetslinje.html", {"linje": linje}, 15)


def draw(rader: list[tuple[Any, list[Linjehendelse]]], dato: datetime.date) -> Enhetslinje | None:
    """None when there is no more to tell than one thing."""
    alle = [h for _navn, hendelsene in rader for h in hendelsene]
    if len(alle) < 2:
        return None
    fra = max(min(h.fra for h in alle), dato - _MAKS).replace(month=1, day=1)
    til = datetime.date(dato.year + 1, 1, 1)

    def percent(dag: datetime.date) -> float:
        return 100 * (min(max(dag, fra), til) - fra).days / (til - fra).days

    def place(h: Linjehendelse) -> Plassert:
        x = percent(h.fra)
        bredde = max(percent(h.til) - x - 0.3, 0.5) if h.til else 0
        return Plassert(h, f"{x:.2f}%", f"{bredde:.2f}%")

    aarene = range(fra.year, til.year)
    hopp = -(-len(aarene) // _AARSTALL)
    return Enhetslinje(
        rader=[
            Linjerad(navn, _TOPP + nr * _RADHOYDE, [place(h) for h in hendelsene], hendelsene)
            for nr, (navn, hendelsene) in enumerate(rader)
        ],
        hoyde=_TOPP + len(rader) * _RADHOYDE,
        aar=[(aar, f"{percent(datetime.date(aar, 1, 1)):.2f}%") for aar in aarene[::hopp]],
        fra=fra.year,
        til=til.year - 1,
    )


def _tracks(
    enhet: "Enhet", roller: "Roller", dato: datetime.date
) -> Iterable[tuple[Any, list[Linjehendelse]]]:
    """One row for each track, a bar for each of its periods that the unit has followed."""
    if not roller.nettverk.uses("laeringsloyper"):
        return
    rader = (
        Enhetsloype.objects.visible_to(roller)
        .real()
        .filter(enhet=enhet)
        .select_related("periode__loype")
        .order_by("periode__loype__rekkefolge", "periode__loype", "periode__nummer")
    )
    per_loype: dict[Any, list[Linjehendelse]] = {}
    for rad in rader:
        if rad.siden and rad.siden <= dato:
            til = min(rad.slutter or dato, dato)
            ord_ = _("periode %(nummer)s") % {"nummer": rad.periode.nummer}
            loype = rad.periode.loype
            loeper = rad.slutter is None or rad.slutter > dato
            hendelse = Linjehendelse(
                rad.siden, til, str(loype), ord_, farge=loype.farge, loeper=loeper
            )
            per_loype.setdefault(loype, []).append(hendelse)
    for loype, hendelsene in per_loype.items():
        yield innhold(loype.navn, roller.nettverk), hendelsene


def _leader_word(roller: "Roller") -> Any:
    return rolle_i(Rolle.FORMELL_LEDER, roller.nettverk, stor=True)


def _leaders(enhet: "Enhet", roller: "Roller", dato: datetime.date) -> list[Linjehendelse]:
    """Since when each has led the group, without names."""
    verv = (
        Verv.objects.visible_to(roller)
        .filter(gruppe__enhet=enhet, rolle=Rolle.FORMELL_LEDER, gyldig__isempty=False)
        .filter(gyldig__startswith__lte=dato)
        .order_by("gyldig")
    )
    hvem = _("leder for utviklingsgruppa")
    return [
        Linjehendelse(
            v.fra,
            min(v.siste_dag or dato, dato),
            _leader_word(roller),
            hvem,
            loeper=v.siste_dag is None or v.siste_dag > dato,
        )
        for v in verv
        if v.fra
    ]


def _gatherings(enhet: "Enhet", roller: "Roller", dato: datetime.date) -> list[Linjehendelse]:
    """Those the group was invited to that are over: whether anybody was there."""
    if not roller.nettverk.uses("samlinger"):
        return []
    rader = (
        Deltakelse.objects.visible_to(roller)
        .filter(verv__gruppe__enhet=enhet, samling__status__in=Samling.HOLDES)
        .filter(samling__slutt__lt=timezone.now(), samling__start__date__lte=dato)
        .order_by("samling__start")
        .values_list("samling", "samling__start", "samling__tittel")
        .annotate(alle=Count("pk"), moett=Count("pk", filter=Q(moett__isnull=False)))
    )
    return [
        Linjehendelse(
            timezone.localdate(start),
            None,
            tittel,
            _("%(n)s av %(alle)s møtte") % {"n": moett, "alle": alle},
            "ja" if moett else "vet-ikke",
        )
        for _pk, start, tittel, alle, moett in rader
    ]


def _assignments(enhet: "Enhet", roller: "Roller", dato: datetime.date) -> list[Linjehendelse]:
    """On the day it was delivered, else on its deadline; of what is withdrawn only what was delivered."""
    if not roller.nettverk.uses("mellomarbeid"):
        return []
    rader = (
        Mellomarbeid.objects.visible_to(roller)
        .filter(gruppe__enhet=enhet, oppdrag__gitt__date__lte=dato)
        .filter(Q(oppdrag__trukket__isnull=True) | Q(levert__isnull=False))
        .select_related("oppdrag")
        .order_by("oppdrag__frist", "pk")
    )
    return [
        Linjehendelse(
            timezone.localdate(m.levert) if m.levert else min(m.oppdrag.frist, dato),
            None,
            m.oppdrag.tittel,
            _in_words(m),
            "ja" if m.levert else "vet-ikke",
        )
        for m in rader
    ]


def _in_words(arbeid: Mellomarbeid) -> str:
    ord_ = str(capfirst(arbeid.get_status_display()))
    if arbeid.oppdrag.trukket:
        return _("%(status)s. Oppdraget er trukket") % {"status": ord_}
    return ord_
