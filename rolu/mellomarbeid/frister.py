"""Which assignments are looked at now, and in which order: what is overdue, what comes, what is long past."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kommuner.gyldighet import idag
from nettverk.models import Nettverk
from nettverk.models.bekreftelse import skoleaar
from rolu.models import Mellomarbeid, Nestesteg, Oppdrag, Tilbakemelding
from rolu.models.oppdrag import OppdragQuerySet
from rolu.models.tilbakemelding import unanswered

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller

# How long after its deadline an assignment is still waited for.
HENGER_IGJEN = datetime.timedelta(days=45)


def followed(roller: "Roller") -> OppdragQuerySet:
    """The network's assignments that are still asked, with how many of those units these roles follow that have
    delivered."""
    foelges = Mellomarbeid.objects.followed_by(roller)
    aktuelle = Oppdrag.objects.asked().filter(nettverk=roller.nettverk)
    return aktuelle.followed_through(foelges)


def recent(roller: "Roller") -> list[Oppdrag]:
    """Those whose deadline is ahead or not long past, the nearest first."""
    siden = idag() - HENGER_IGJEN
    return [oppdrag for oppdrag in _of_the_year(roller) if oppdrag.frist >= siden]


def latest(roller: "Roller") -> Oppdrag | None:
    """For who follows the whole network: the one with the last deadline, however long ago. Asked along with
    `recent`."""
    return next(reversed(_of_the_year(roller)), None)


def with_unanswered(roller: "Roller") -> list[Any]:
    """The assignments of this school year where something is delivered that waits for an answer from the person: with
    how many (`uten_svar`), and since when (`uten_svar_siden`); what has waited longest first."""
    if roller.er_kog or not (roller.kommuner_ansvar or roller.fagmiljo):
        return []
    siden = _school_year()
    venter = [o for o in _of_the_year(roller) if o.uten_svar and o.frist >= siden]
    return sorted(venter, key=lambda o: (o.uten_svar_siden, o.pk))


def _school_year() -> datetime.date:
    return datetime.date(skoleaar(idag()), 8, 1)


def _of_the_year(roller: "Roller") -> list[Any]:
    """Those of this school year, and those not long past; by deadline, fetched once a page. For who follows the whole
    network the last one too, however old.

    Each also says what else waits – for who follows the whole network (`what_waits`), for kommune and fagmiljø
    (`with_unanswered`) – so that the home page need not ask for it."""
    siden = min(_school_year(), idag() - HENGER_IGJEN)

    def fetch() -> list[Any]:
        alle: QuerySet = followed(roller).order_by("frist", "pk")
        if roller.er_kog:
            siste = followed(roller).order_by("-frist", "-pk").values("pk")[:1]
            alle = alle.filter(Q(frist__gte=siden) | Q(pk__in=siste))
            return list(_with_what_waits(alle, roller))
        alle = alle.filter(frist__gte=siden)
        if roller.kommuner_ansvar or roller.fagmiljo:
            alle = _with_how_many_unanswered(alle, roller)
        return list(alle)

    return roller.remembered("rolu.aarets_oppdrag", fetch)


def _with_how_many_unanswered(oppdragene: QuerySet, roller: "Roller") -> QuerySet:
    venter = (
        Mellomarbeid.objects.followed_by(roller)
        .filter(unanswered(roller), oppdrag=OuterRef("pk"))
        .order_by()
        .values("oppdrag")
        .annotate(n=Count("pk"), siden=Min("levert"))
    )
    return oppdragene.annotate(
        uten_svar=Coalesce(Subquery(venter.values("n")), 0),
        uten_svar_siden=Subquery(venter.values("siden")),
    )


@dataclass(frozen=True)
class Venter:
    """Whether anything in a thread waits for the person, and whether any unit needs the person's groups."""

    usett: bool
    trengs: bool


def what_waits(roller: "Roller") -> Venter:
    """For who follows the whole network, asked along with `recent`; with a query of its own where no assignment is."""

    def fetch() -> Venter:
        rad: Any = (
            latest(roller)
            or _with_what_waits(Nettverk.objects.filter(pk=roller.nettverk.pk), roller)
            .only("pk")
            .get()
        )
        return Venter(rad.usett, rad.trengs)

    return roller.remembered("rolu.hva_venter", fetch)


def _with_what_waits(rader: QuerySet, roller: "Roller") -> QuerySet:
    return rader.annotate(
        usett=Exists(Tilbakemelding.objects.unseen_by(roller)),
        trengs=Exists(Nestesteg.objects.asked_of(roller)),
    )


def is_waited_for(oppdrag: Any) -> bool:
    """Whether it is overdue, not long ago, and some have not delivered. Fetched `with_status`."""
    return (
        oppdrag.er_forfalt
        and not oppdrag.trukket
        and oppdrag.frist >= idag() - HENGER_IGJEN
        and oppdrag.levert < oppdrag.antall
    )


def waits_first(oppdragene: Iterable[Oppdrag]) -> list[Oppdrag]:
    """What is overdue and still waited for first, then what has its deadline ahead, the nearest first; then the
    rest as they came, and what is withdrawn. Of assignments fetched `with_status`."""

    def plass(oppdrag: Any) -> tuple[int, int]:
        if oppdrag.trukket:
            return 3, 0
        if not oppdrag.er_forfalt:
            return 1, oppdrag.dager_igjen
        return (0 if is_waited_for(oppdrag) else 2), 0

    return sorted(oppdragene, key=plass)


def nearest(oppdragene: Iterable[Oppdrag]) -> Oppdrag | None:
    """The one with the nearest deadline ahead, else the first of them."""
    alle = list(oppdragene)
    aapne = [oppdrag for oppdrag in alle if not oppdrag.er_forfalt]
    return min(aapne, key=lambda o: o.frist) if aapne else next(iter(alle), None)
