"""A page of gatherings, drawn at once: how the answers stand or who came, for those who see all of them; for
others their own answer. Coming ones by day, the next one first; those that have been by year."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any, TypeAlias

from django.db.models import Case, Count, F, QuerySet, Value, When
from django.db.models.functions import ExtractYear, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nettverk.models import Nettverk
from nettverk.side.diagram import stabel
from nettverk.side.jinja import draw
from nettverk.side.skrivemaate import fristfarge, klokke, om_dager
from nettverk.tilgang.roller import Roller
from rolu.models import Deltakelse, Samling
from rolu.models.deltakelse import RANG, sees_all
from rolu.models.samling import SamlingQuerySet
from rolu.samlinger.dager import times_of_rows, written
from rolu.samlinger.oppmoete import Tall, besides, counted_each
from rolu.samlinger.svar import came, coming, coming_then, have_come, see_missing

# Who comes by several Verv has one answer: that they met, else the best of what they have said.
_TYNGST = Case(When(moett__isnull=False, then=-1), default=RANG)

Type: TypeAlias = str
Aar: TypeAlias = int


@dataclass(frozen=True)
class Samlingsantall:
    """How many gatherings there are of each type: those that come, and those that have been, by year."""

    kommende: Counter[Type]
    tidligere: Counter[tuple[Type, Aar]]

    def of_types(self, *, tidligere: bool) -> Counter[Type]:
        if not tidligere:
            return self.kommende
        antall: Counter[Type] = Counter()
        for (type_, _aar), n in self.tidligere.items():
            antall[type_] += n
        return antall

    def of_years(self, type_: Type = "") -> Counter[Aar]:
        """Of those that have been; of one type, or of all."""
        antall: Counter[Aar] = Counter()
        for (slag, aar), n in self.tidligere.items():
            if not type_ or slag == type_:
                antall[aar] += n
        return antall


def how_many(samlinger: SamlingQuerySet) -> Samlingsantall:
    """One query."""
    rader = (
        samlinger.order_by()
        .with_er_over()
        .annotate(aar=ExtractYear("start"))
        .values_list("type", "over", "aar")
        .annotate(n=Count("pk"))
    )
    antall = Samlingsantall(Counter(), Counter())
    for type_, har_vaert, aar, n in rader:
        if har_vaert:
            antall.tidligere[type_, aar] += n
        else:
            antall.kommende[type_] += n
    return antall


def as_rows(samlinger: QuerySet[Samling]) -> QuerySet:
    """One dict per gathering."""
    return samlinger.values(
        "pk", "tittel", "start", "slutt", "sted", "type", "status", "paameldingsfrist"
    )


@dataclass(frozen=True)
class Listetall:
    """The one count of a gathering on the list, and whether it goes on or is over: then it is asked who came."""

    telt: Tall
    gaar: bool = False
    er_over: bool = False

    @property
    def kommer(self) -> bool:
        """It is to come, so each may still answer."""
        return not (self.gaar or self.er_over)


def _figures(rad: dict[str, Any], tall: dict[int, Tall], *, tidligere: bool) -> Listetall | None:
    telt = tall.get(rad["pk"])
    if telt is None or not telt.inviterte:
        return None
    gaar = not tidligere and rad["status"] == Samling.Status.PAAGAAR
    return Listetall(telt, gaar=gaar, er_over=tidligere)


def with_answers(
    rader: Iterable[dict[str, Any]], *, roller: Roller, tidligere: bool
) -> list[dict[str, Any]]:
    """The rows of a page with `tall`, how many people are invited, come and came, to who sees them all; to
    others `mitt`, their own answer: møtt, or a status, and `leder`, whether they answer for the group; and
    `tider`, their days. Three queries at most, and one when any is over several days."""
    rader = list(rader)
    deltakelser = Deltakelse.objects.filter(samling__in=[rad["pk"] for rad in rader])
    ser_alle = sees_all(roller)
    tall = counted_each(rad["pk"] for rad in rader) if ser_alle else {}
    egne = {} if ser_alle else _own(deltakelser, roller, tidligere=tidligere)
    tider = times_of_rows(rader)
    for rad in rader:
        rad["tider"] = tider[rad["pk"]]
        rad["tall"] = _figures(rad, tall, tidligere=tidligere)
        rad["mitt"], rad["leder"] = egne.get(rad["pk"], (None, False))
    return rader


def _own(
    deltakelser: QuerySet[Deltakelse], roller: Roller, *, tidligere: bool
) -> dict[int, tuple[str, bool]]:
    egne = deltakelser.filter(verv__person=roller.person)
    if not tidligere:
        # A place whose Verv has ended by then was closed: nobody said no.
        egne = egne.filter(verv__gyldig__contains=TruncDate("samling__start"))
    svar: Any = Case(When(moett__isnull=False, then=Value("moett")), default=F("status"))
    rader = egne.annotate(svar=svar, tyngst=_TYNGST).order_by("-tyngst", "-pk")
    return {
        samling: (hva, enhet in roller.enheter_ledet)
        for samling, hva, enhet in rader.values_list("samling", "svar", "verv__gruppe__enhet")
    }


def next_of(rader: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The first that people are invited to; None when there is none."""
    return next((rad for rad in rader if rad["status"] in Samling.HOLDES), None)


def draw_coming(
    rader: list[dict[str, Any]], *, nettverk: Nettverk, neste: dict[str, Any] | None
) -> SafeString:
    """Those that come as HTML, with much made of the next one (`next_of`), if any."""
    return _draw(
        nettverk,
        tidligere=False,
        neste=neste,
        neste_om=_about(neste) if neste else "",
        grupper=[{"aar": None, "rader": [rad for rad in rader if rad is not neste]}],
    )


def _about(neste: dict[str, Any]) -> str:
    """«Neste samling · om 3 dager», or that it goes on."""
    if neste["status"] == Samling.Status.PAAGAAR:
        return _("Pågår nå")
    return f"{_('Neste samling')} · {om_dager(timezone.localtime(neste['start']).date())}"


def draw_past(
    rader: list[dict[str, Any]], *, nettverk: Nettverk, per_aar: Counter[Aar]
) -> SafeString:
    """Those that have been as HTML, folded by year; the last year is open."""
    grupper = [
        {"aar": aar, "rader": list(egne), "antall": _gatherings(per_aar[aar])}
        for aar, egne in groupby(rader, lambda rad: timezone.localtime(rad["start"]).year)
    ]
    return _draw(nettverk, tidligere=True, neste=None, neste_om="", grupper=grupper)


def _draw(nettverk: Nettverk, *, tidligere: bool, **innhold: Any) -> SafeString:
    return draw(
        "rolu/samlingsrader.jinja",
        maalform=nettverk.maalform,
        rot=reverse("rolu:samling_list", args=[nettverk.slug]),
        lokal=timezone.localtime,
        maaned=lambda tid: date_format(tid, "b"),
        naar=lambda rad: _then(rad) if tidligere else written(rad["tider"]),
        svarfrist=lambda frist: _("Svar innen %(dato)s") % {"dato": date_format(frist)},
        funn=_finding,
        stykker=_parts,
        venter_paa_deg=_may_answer,
        mangler=see_missing,
        svar=partial(_own_answer, tidligere=tidligere),
        type_i=_type_unless_in_title,
        merker={
            Samling.Status.UTKAST.value: (_("Utkast"), "neutral"),
            Samling.Status.AVLYST.value: (_("Avlyst"), "danger"),
        },
        ved_tittelen={
            Samling.Status.PAAGAAR.value: (_("Pågår"), "kyst"),
            Samling.Status.OPPSUMMERING.value: (_("Oppsummering"), "neutral"),
        },
        ord={
            "aapne": _("Åpne samlingen"),
            "svar": _("Svar"),
            "meld_paa": _("Meld på gruppa"),
            "paameldt": _("påmeldt"),
            "venter": _("på venteliste"),
            "avmeldt": _("avmeldt"),
            "ubesvart": _("har ikke svart"),
        },
        **innhold,
    )


def _type_unless_in_title(rad: dict[str, Any]) -> str:
    """«ROLU-samling: Uteområdet» says it already."""
    type_ = str(Samling.Type(rad["type"]).label)
    return "" if rad["tittel"].lower().startswith(type_.lower()) else f"{capfirst(type_)} · "


def _then(rad: dict[str, Any]) -> str:
    """The year stands over it, and the day beside it."""
    start = timezone.localtime(rad["start"])
    if len(rad["tider"]) > 1:
        return written(rad["tider"])
    return f"{date_format(start, 'l')} {klokke(start)}"


def _gatherings(antall: int) -> str:
    return ngettext("%(n)s samling", "%(n)s samlinger", antall) % {"n": antall}


def _finding(tall: Listetall) -> str:
    """How it stands with the invited, and who comes or came besides them."""
    telt = tall.telt
    if tall.kommer:
        return f"{coming(telt)} {besides(telt)}".strip()
    if tall.gaar:
        funn = have_come(telt)
    else:
        funn = came(telt) if telt.var_der else coming_then(telt)
    return f"{funn} {besides(telt.etterpaa)}".strip()


def _parts(tall: Listetall) -> Any:
    """The parts of the bar: who comes, who does not, and who has not said; or who came, of all."""
    telt = tall.telt
    if tall.kommer:
        deler = [
            ("paameldt", telt.paameldte),
            ("halv", telt.ventende),
            ("avmeldt", telt.avmeldte),
            ("mangler", telt.ubesvarte),
        ]
    else:
        kom = telt.moett_antall if telt.var_der or tall.gaar else telt.paameldte
        deler = [("paameldt", kom), ("mangler", max(0, telt.inviterte - kom))]
    return stabel("", deler, ord_="").stykker


def _may_answer(rad: dict[str, Any]) -> bool:
    """Whether the person has not answered, and still may."""
    return rad["mitt"] == Deltakelse.Status.INVITERT and timezone.localdate() <= _last_day(rad)


def _last_day(rad: dict[str, Any]) -> datetime.date:
    """The last day one may answer."""
    siste: datetime.date = rad["paameldingsfrist"] or timezone.localtime(rad["start"]).date()
    return siste


def _own_answer(rad: dict[str, Any], *, tidligere: bool) -> tuple[str, str] | None:
    """The own answer in words, and its colour. Of what is over only that they met or had signed up."""
    svar = {
        "moett": (_("Du møtte"), "success"),
        "paameldt": (_("Du er påmeldt"), "success"),
        "invitert": (
            _("Dere har ikke svart") if rad["leder"] else _("Du har ikke svart"),
            fristfarge(_last_day(rad)),
        ),
        "venter": (_("Du står på venteliste"), "warning"),
        "avmeldt": (_("Du er avmeldt"), "neutral"),
    }
    if tidligere:
        svar = {"moett": svar["moett"], "paameldt": (_("Du var påmeldt"), "neutral")}
    return svar.get(rad["mitt"])
