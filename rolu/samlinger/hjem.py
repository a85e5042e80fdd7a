"""The next gathering on the home page: as a cockpit, as a programme to lead, or as a day to remember."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kommuner.sortering import folded
from nettverk.flater import Seksjon
from nettverk.side.skrivemaate import om_dager
from rolu.models import Deltakelse, Programpost, Samling
from rolu.samlinger.bord import flater as bordflater
from rolu.samlinger.bord.eget import with_own_table
from rolu.samlinger.overtakelse import choose_leader_url
from rolu.samlinger.programplan import items
from rolu.samlinger.skinne import with_counts
from rolu.samlinger.svar import answers
from rolu.samlinger.tilstandslinje import Trinn, steps

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller


def hjem(roller: "Roller") -> Iterable[Seksjon]:
    """The next gathering that the person is invited to; to those who see all of them, the next. Those who
    sit in a unit's group have it on their year (`rolu.aaret`)."""
    yield from _own_table(roller)
    if roller.er_koordinator:
        yield from _cockpit(roller)
    elif roller.er_pro:
        yield from _to_lead(roller)
    elif (roller.er_kog or not roller.enheter) and (neste := _next(roller)):
        yield Seksjon("rolu/flater/samling_neste.html", {"samling": neste}, 20)


def _own_table(roller: "Roller") -> Iterable[Seksjon]:
    """On the day, first of all. Where the next gathering is fetched anyway, it is asked along with it."""
    if not (roller.er_koordinator or roller.er_pro or roller.er_kog) and roller.enheter:
        yield from bordflater.hjem(roller)
        return
    neste: Any = _next(roller)
    if neste and neste.er_i_dag and neste.eget_bord:
        yield bordflater.own_table(neste, neste.eget_bord)


def _next(roller: "Roller") -> Samling | None:
    """The next gathering, fetched once for a page."""
    return roller.remembered("rolu.neste_samling", lambda: _fetch_next(roller))


def _fetch_next(roller: "Roller") -> Samling | None:
    """With the person's own answer; first what they lead, when they lead gatherings. One query."""
    egne = Deltakelse.objects.filter(samling=OuterRef("pk"), verv__person=roller.person)
    # A place whose Verv has ended by then was closed: nobody said no, and it is no longer theirs.
    gjelder = egne.filter(verv__gyldig__contains=TruncDate("samling__start"))
    ledes = Samling.prosessledere.through.objects.filter(
        samling=OuterRef("pk"), person=roller.person
    )
    samlinger = Samling.objects.visible_to(roller).taking_place()
    if not (roller.er_kog or roller.er_pro):
        samlinger = samlinger.filter(Exists(gjelder))
    neste = (
        samlinger.upcoming()
        .with_uten_leder()
        .annotate(
            er_paameldt=Exists(egne.filter(status=Deltakelse.Status.PAAMELDT)),
            er_paa_venteliste=Exists(gjelder.filter(status=Deltakelse.Status.VENTER)),
            er_avmeldt=Exists(gjelder.filter(status=Deltakelse.Status.AVMELDT)),
            er_leder=Exists(ledes) if roller.er_pro else Value(False),
        )
    )
    if roller.er_pro and not roller.er_kog:
        neste = neste.order_by("-er_leder", "start", "pk")
    samling: Samling | None = with_own_table(with_counts(neste, roller), roller.person).first()
    if samling is not None:
        samling.nettverk = roller.nettverk
    return samling


# --- those who run the network


@dataclass(frozen=True)
class Sjekkpunkt:
    """One of the things that must be in place, and where it is done."""

    tekst: str
    gjort: bool
    url: str


def _cockpit(roller: "Roller") -> Iterable[Seksjon]:
    if neste := _next(roller):
        gaar = neste.status == Samling.Status.PAAGAAR
        # What must be done before it can go on, is asked until it does.
        sjekk = [] if gaar else list(_checklist(neste))
        data = {
            "samling": neste,
            "svar": answers(neste),
            "om": _about(neste),
            "trinn": [_with_the_deadline(trinn, neste) for trinn in steps(neste)],
            # On the day itself one rings.
            "kan_purres": neste.er_aapen_for_paamelding and not neste.er_i_dag,
            "sjekk": sjekk,
            "gaar": gaar,
            "gjort": sum(punkt.gjort for punkt in sjekk),
        }
        yield Seksjon("rolu/flater/samling_svar.html", data, 20)
    elif roller.nettverk.satt_opp:
        yield Seksjon("rolu/flater/samling_ingen.html", {}, 20)


def _about(samling: Samling) -> str:
    """«Neste samling · om 3 dager», or that it goes on."""
    if samling.status == Samling.Status.PAAGAAR:
        return _("Pågår nå")
    return f"{_('Neste samling')} · {om_dager(samling.dato)}"


def _with_the_deadline(trinn: Trinn, samling: Samling) -> Trinn:
    """While answers come in, until when they may."""
    if trinn.stand != "naa" or not samling.er_aapen_for_paamelding or samling.er_i_dag:
        return trinn
    frist = date_format(samling.siste_svardag, "MONTH_DAY_FORMAT")
    return trinn._replace(under=_("svarfrist %(dato)s") % {"dato": frist})


def _checklist(samling: Any) -> Iterable[Sjekkpunkt]:
    """What a published gathering needs before it can go on; what is done stands with what it became."""

    def url(side: str) -> str:
        return reverse(f"rolu:{side}", args=[samling.nettverk.slug, samling.pk])

    poster = samling.antall_poster
    yield Sjekkpunkt(
        ngettext("Program, %(n)s post", "Program, %(n)s poster", poster) % {"n": poster}
        if poster
        else _("Legg inn programmet"),
        bool(poster),
        url("samling_program"),
    )
    frist = samling.paameldingsfrist
    yield Sjekkpunkt(
        _("Svarfrist %(dato)s") % {"dato": date_format(frist, "MONTH_DAY_FORMAT")}
        if frist
        else _("Sett en svarfrist"),
        bool(frist),
        url("samling_rediger"),
    )
    yield Sjekkpunkt(
        _("Invitasjonen er sendt") if samling.inviterte else _("Velg hvem samlingen er for"),
        bool(samling.inviterte),
        url("samling_deltakere" if samling.inviterte else "samling_mottakere"),
    )
    if samling.uten_leder:
        yield Sjekkpunkt(_("Velg hvem som leder"), False, choose_leader_url(samling))
    if samling.nettverk.uses("mellomarbeid"):
        yield Sjekkpunkt(
            _("Oppdraget er gitt") if samling.antall_oppdrag else _("Gi et oppdrag"),
            bool(samling.antall_oppdrag),
            url("samling_oppdrag"),
        )


# --- those who lead what goes on in the room


@dataclass(frozen=True)
class Egenpost:
    """An item of the programme; `egen` when the person is named as the one who leads it."""

    post: Programpost
    egen: bool


def _names(tekst: str, navn: str) -> bool:
    """Whether `tekst` names the person, in whole words: «Kari Lien» and «Kari Li-Moe» are not Kari Li."""
    hele = rf"(?<![\w-]){re.escape(folded(navn))}(?![\w-])"
    return bool(navn) and re.search(hele, folded(tekst)) is not None


def _to_lead(roller: "Roller") -> Iterable[Seksjon]:
    """The programme of the gathering they lead next, with the items in which they are named, and how many
    come. Three queries; nobody's name is asked for."""
    neste = _next(roller)
    poster: list[Egenpost] = []
    totalt: dict[str, int] = {}
    if neste:
        navn = roller.person.navn
        poster = [Egenpost(p, _names(p.leder, navn)) for p in items(neste)]
        totalt = Deltakelse.objects.filter(samling=neste).totals()
    yield Seksjon(
        "rolu/flater/samling_leder.html",
        {
            "samling": neste,
            "om": om_dager(neste.dato) if neste else "",
            "poster": poster,
            "egne": sum(p.egen for p in poster),
            "totalt": totalt,
        },
        20,
    )
