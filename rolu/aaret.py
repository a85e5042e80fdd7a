"""A school year at home: a unit's own as one line – what it was asked, what it has delivered, where it met
others – and the network's as a wheel."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluering.hjem import writing_season
from kommuner.gyldighet import idag
from nettverk.flater import Seksjon
from nettverk.models.bekreftelse import skoleaar
from nettverk.side.diagram import Aarspunkt, aarshjul
from nettverk.side.innhold import innhold
from nettverk.side.skrivemaate import kort_dag
from rolu.mellomarbeid.eget import own_work
from rolu.mellomarbeid.frister import followed
from rolu.models import Deltakelse, Gjest, Loggpost, Mellomarbeid, Samling
from rolu.models.deltakelse import persons

if TYPE_CHECKING:
    from nettverk.models import Nettverk
    from nettverk.tilgang.roller import Roller

# So many stand on the line: what lies ahead first, then the latest of what has been.
_MAKS = 8


@dataclass(frozen=True)
class Punkt:
    """Something on the line: `slag` gives its shape, `stand` how it is filled; both are said in `under`."""

    dag: datetime.date
    tittel: Any
    under: str
    url: str
    slag: str
    stand: str


def hjem(roller: "Roller") -> Iterable[Seksjon]:
    """The line of those who sit in a unit's group, a query for the gatherings; the wheel of
    those who plan the year of all of them."""
    if roller.er_kog and not roller.er_koordinator:
        yield from _wheel(roller)
    if not roller.enheter or not roller.nettverk.uses("samlinger"):
        return
    punkter = [*_gatherings(roller)]
    if roller.nettverk.uses("mellomarbeid"):
        punkter += _assignments(roller)
    data = {
        "punkter": _on_the_line(punkter),
        "har_mellomarbeid": roller.nettverk.uses("mellomarbeid"),
    }
    yield Seksjon("rolu/flater/aaret.html", data, 50, smal=True)


def _on_the_line(punkter: list[Punkt]) -> list[Punkt]:
    """Those that there is room for, by day."""
    punkter.sort(key=lambda p: p.dag)
    foran = [p for p in punkter if p.dag >= idag() or p.stand == "forfalt"][:_MAKS]
    bak = [p for p in punkter if p.dag < idag() and p.stand != "forfalt"]
    plass = _MAKS - len(foran)
    return sorted([*(bak[-plass:] if plass else []), *foran], key=lambda p: p.dag)


def _begin() -> datetime.date:
    """The first day of the school year."""
    return datetime.date(skoleaar(idag()), 8, 1)


def _assignments(roller: "Roller") -> Iterable[Punkt]:
    """One for each assignment of the year that is asked or delivered, however many units the person sits in. No query but the one of
    `own_work`."""
    arbeider = sorted(
        (m for m in own_work(roller) if m.oppdrag.frist >= _begin() and _is_told(m)),
        key=lambda arbeid: (arbeid.oppdrag.frist, arbeid.oppdrag_id, arbeid.pk),
    )
    for _oppdrag, gruppe in groupby(arbeider, key=lambda m: m.oppdrag_id):
        egne: list[Any] = list(gruppe)
        oppdrag = egne[0].oppdrag
        levert = sum(m.er_levert for m in egne)
        liste = reverse("rolu:mellomarbeid_list", args=[roller.nettverk.slug])
        if len(egne) == 1:
            url = reverse("rolu:mellomarbeid", args=[roller.nettverk.slug, egne[0].pk])
            under = _own_state(egne[0])
        else:
            url = f"{liste}?vis=mine&oppdrag={oppdrag.pk}"
            under = _("%(levert)s av %(alle)s enheter har levert") % {
                "levert": levert,
                "alle": len(egne),
            }
        yield Punkt(
            oppdrag.frist,
            innhold(oppdrag.tittel, roller.nettverk),
            under,
            url,
            "oppdrag",
            _standing(egne, forfalt=oppdrag.er_forfalt),
        )


def _is_told(arbeid: Any) -> bool:
    """What the unit is asked and what it has delivered: of what is withdrawn, and of a unit that is no more, nothing
    is waited for."""
    return arbeid.er_levert or not (arbeid.trukket or arbeid.er_borte)


def _standing(egne: list[Mellomarbeid], *, forfalt: bool) -> str:
    if all(m.er_levert for m in egne):
        return "levert"
    if forfalt:
        return "forfalt"
    begynt = any(m.status != Mellomarbeid.Status.IKKE_STARTET for m in egne)
    return "i-gang" if begynt else "venter"


def _own_state(arbeid: Any) -> str:
    if arbeid.levert:
        dato = {"dato": kort_dag(timezone.localtime(arbeid.levert))}
        return (
            _("levert %(dato)s, oppdraget er trukket") if arbeid.trukket else _("levert %(dato)s")
        ) % dato
    frist = kort_dag(arbeid.oppdrag.frist)
    if arbeid.oppdrag.er_forfalt:
        return _("fristen var %(dato)s, dere kan fortsatt levere") % {"dato": frist}
    if arbeid.faser:
        return _("i gang, %(faser)s av %(alle)s faser · frist %(dato)s") % {
            "faser": len(arbeid.faser),
            "alle": len(Loggpost.Fase),
            "dato": frist,
        }
    return _("ikke begynt · frist %(dato)s") % {"dato": frist}


def _gatherings(roller: "Roller") -> Iterable[Punkt]:
    """The gatherings that the unit or the person is invited to: to a leader how many of the group come, to
    the others their own answer."""
    # Who comes in somebody's place, comes.
    varaer = (
        Gjest.objects.filter(
            samling=OuterRef("samling"),
            status=Gjest.Status.PAAMELDT,
            gruppe__enhet__in=roller.enheter_ledet,
        )
        .order_by()
        .values("samling")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rader: Iterable[Any] = (
        Deltakelse.objects.visible_to(roller)
        .with_svar()
        .filter(
            Q(verv__gruppe__enhet__in=roller.enheter) | Q(verv__person=roller.person),
            samling__status__in=Samling.HOLDES,
            samling__start__date__gte=_begin(),
            # A place whose Verv has ended by then was closed: nobody said no.
            verv__gyldig__contains=TruncDate("samling__start"),
        )
        .values("samling", "samling__tittel", "samling__start", "samling__slutt", "samling__status")
        .annotate(
            frist=Max("samling__paameldingsfrist"),
            inviterte=persons(),
            paameldte=persons(svar="paameldt"),
            avmeldte=persons(svar="avmeldt"),
            moett_antall=persons(moett__isnull=False),
            varaer=Coalesce(Subquery(varaer), 0),
            egne_ja=persons(verv__person=roller.person, svar="paameldt"),
            egne_venter=persons(verv__person=roller.person, svar="venter"),
            egne_nei=persons(verv__person=roller.person, svar="avmeldt"),
        )
        .order_by("samling__start", "samling")
    )
    for rad in rader:
        avsluttet = rad["samling__status"] in Samling.AVSLUTTET
        er_over = avsluttet or rad["samling__slutt"] < timezone.now()
        svar, stand = _over(rad, roller) if er_over else _ahead(rad, roller)
        dag = timezone.localtime(rad["samling__start"]).date()
        yield Punkt(
            dag,
            innhold(rad["samling__tittel"], roller.nettverk),
            " · ".join(filter(None, [kort_dag(dag), svar])),
            reverse("rolu:samling", args=[roller.nettverk.slug, rad["samling"]]),
            "samling",
            stand,
        )


def _over(rad: dict[str, Any], roller: "Roller") -> tuple[str, str]:
    """Who was there, when anybody's attendance was noted."""
    if roller.enheter_ledet and rad["moett_antall"]:
        return _("%(moett)s av %(alle)s møtte") % {
            "moett": rad["moett_antall"],
            "alle": rad["inviterte"],
        }, "levert"
    return "", "levert"


def _ahead(rad: dict[str, Any], roller: "Roller") -> tuple[str, str]:
    if roller.enheter_ledet and rad["paameldte"] + rad["varaer"]:
        return _("%(kommer)s av %(alle)s kommer") % {
            "kommer": rad["paameldte"] + rad["varaer"],
            "alle": rad["inviterte"],
        }, "i-gang"
    eget = [
        (rad["egne_ja"], _("du er påmeldt"), "i-gang"),
        (rad["egne_venter"], _("du står på venteliste"), "venter"),
        (rad["egne_nei"], _("du er avmeldt"), "venter"),
    ]
    for gjelder, svar, stand in eget:
        if gjelder:
            return svar, stand
    frist = rad["frist"]
    if frist and frist < idag():
        return "", "venter"
    if not frist:
        return _("ikke svart ennå"), "venter"
    return _("svar innen %(dato)s") % {"dato": kort_dag(frist)}, "venter"


# --- the network's year


def _wheel(roller: "Roller") -> Iterable[Seksjon]:
    """The gatherings, the assignments and the time for the report. One query for each of the two first."""
    nettverk, fra = roller.nettverk, _begin()
    hendelser: list[Aarspunkt] = []
    if nettverk.uses("samlinger"):
        hendelser += _days_together(nettverk, fra)
    if nettverk.uses("mellomarbeid"):
        hendelser += _times_to_try(roller, fra)
    if nettverk.uses("aarsrapport"):
        hendelser.append(_time_to_write(nettverk, fra))
    if hendelser:
        tittel = _next_on_the_wheel(hendelser)
        hjul = aarshjul(hendelser, fra=fra, idag=idag(), tittel=tittel)
        yield Seksjon("rolu/flater/aarshjul.html", {"hjul": hjul}, 18)


def _days_together(nettverk: "Nettverk", fra: datetime.date) -> Iterable[Aarspunkt]:
    samlinger = Samling.objects.filter(
        nettverk=nettverk,
        status__in=Samling.HOLDES,
        start__date__gte=fra,
        start__date__lt=fra.replace(year=fra.year + 1),
    ).only("tittel", "start", "slutt", "status", "nettverk")
    for samling in samlinger.order_by("start", "pk"):
        yield Aarspunkt(
            innhold(samling.tittel, nettverk),
            samling.dato,
            url=reverse("rolu:samling", args=[nettverk.slug, samling.pk]),
        )


def _times_to_try(roller: "Roller", fra: datetime.date) -> Iterable[Aarspunkt]:
    slug = roller.nettverk.slug
    for oppdrag in followed(roller).filter(frist__gte=fra).order_by("gitt", "pk"):
        yield Aarspunkt(
            innhold(oppdrag.tittel, roller.nettverk),
            timezone.localtime(oppdrag.gitt).date(),
            oppdrag.frist,
            _("%(levert)s av %(alle)s har levert")
            % {"levert": oppdrag.levert, "alle": oppdrag.antall},
            reverse("rolu:mellomarbeid_list", args=[slug]) + f"?oppdrag={oppdrag.pk}",
        )


def _time_to_write(nettverk: "Nettverk", fra: datetime.date) -> Aarspunkt:
    forste, siste = writing_season(fra.year)
    return Aarspunkt(
        _("Årsrapport %(aar)s") % {"aar": fra.year},
        forste,
        siste,
        _("skrives og godkjennes"),
        reverse("evaluering:aarsrapport", args=[nettverk.slug, fra.year]),
    )


def _next_on_the_wheel(hendelser: list[Aarspunkt]) -> str:
    """What comes next, as a sentence: a day, or a deadline."""
    foran = [(h.til or h.fra, h) for h in hendelser if (h.til or h.fra) >= idag()]
    if not foran:
        return _("Alt på hjulet er gjort")
    dag, neste = min(foran, key=lambda par: par[0])
    felt = {"hva": neste.navn, "dato": kort_dag(dag)}
    if neste.til:
        return _("Neste frist er %(dato)s: %(hva)s") % felt
    return _("Neste gang dere møtes, er %(dato)s: %(hva)s") % felt
