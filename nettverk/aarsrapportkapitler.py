"""The annual report's chapters about who the network is: kommuner, groups, partners, dissemination.

Everything is asked per 31 December of the year: the report for 2018 shows the ten kommuner of 2018.
"""

import datetime
from collections import Counter, defaultdict
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kommuner.gyldighet import idag
from kommuner.models import Enhet, Enhetstall, Plassering
from nettverk.flater import Innhold, Tekst
from nettverk.models import Gruppe, Nettverk, Rolle, Verv
from nettverk.side.innhold import fill_in, innhold, join, rolle_i

# A group with more members than this is told by roles; a page of names says nothing more.
_NAVNGIS_OPPTIL = 30
_MAA_HA_LEDER = (Gruppe.Type.KOORDINERINGSGRUPPE, Gruppe.Type.STYRINGSGRUPPE)


def aarsslutt(aar: int) -> datetime.date:
    return datetime.date(aar, 12, 31)


def rapportdato(aar: int) -> datetime.date:
    """The day the report is told per: the last of the year, today while the year lasts."""
    return min(aarsslutt(aar), idag())


def nettverket(nettverk: Nettverk, aar: int) -> Innhold:
    """Vision, main goal, and the kommuner with their units at the end of the year."""
    dato = rapportdato(aar)
    kommuner = _kommuner(nettverk, dato)
    barnehager = sum(k["barnehager"] for k in kommuner)
    skoler = sum(k["skoler"] for k in kommuner)
    mangler: list[Tekst] = []
    if not kommuner:
        mangler.append(
            _("Ingen kommuner var med i nettverket %(dato)s.") % {"dato": date_format(dato)}
        )
    return Innhold(
        mal="nettverk/kapitler/nettverket.html",
        data={
            "dato": dato,
            "visjon": nettverk.visjon,
            "hovedmaal": nettverk.hovedmaal,
            "kommuner": kommuner,
            "barnehager": barnehager,
            "skoler": skoler,
            "andre": sum(k["andre"] for k in kommuner),
            "barn": _barn(kommuner, aar, dato),
            "endringer": _endringer(nettverk, aar),
            "nokkeltall": [
                (len(kommuner), ngettext("kommune", "kommuner", len(kommuner))),
                (barnehager, ngettext("barnehage", "barnehager", barnehager)),
                (skoler, ngettext("skole", "skoler", skoler)),
            ],
        },
        mangler=mangler,
    )


def _kommuner(nettverk: Nettverk, dato: datetime.date) -> list[dict[str, Any]]:
    per_kommune: dict[int, Counter[str]] = defaultdict(Counter)
    kommuner = list(nettverk.kommuner(dato).with_navn(dato).defer("grense").order_by("sortering"))
    for kommune, type_, antall in (
        Plassering.objects.filter(kommune__in=kommuner, enhet__gyldig__contains=dato)
        .gyldig(dato)
        .values_list("kommune", "enhet__type")
        .annotate(antall=Count("pk"))
    ):
        per_kommune[kommune][type_] += antall
    return [_kommune(kommune, per_kommune[kommune.pk]) for kommune in kommuner]


def _kommune(kommune: Any, typer: Counter[str]) -> dict[str, Any]:
    barnehager, skoler = typer[Enhet.Type.BARNEHAGE], typer[Enhet.Type.GRUNNSKOLE]
    return {
        "pk": kommune.pk,
        "navn_da": kommune.navn_da,
        "kommunenummer": kommune.kommunenummer,
        "barnehager": barnehager,
        "skoler": skoler,
        "andre": typer.total() - barnehager - skoler,
    }


def _barn(kommuner: list[dict[str, Any]], aar: int, dato: datetime.date) -> int | None:
    """Children and pupils that the units reported for the year; None when nobody did."""
    enheter = Enhet.objects.gyldig(dato).in_kommuner([k["pk"] for k in kommuner], dato)
    return Enhetstall.objects.filter(aar=aar, enhet__in=enheter).aggregate(sum=Sum("antall_barn"))[
        "sum"
    ]


def _endringer(nettverk: Nettverk, aar: int) -> list[str]:
    """Kommuner that joined or left during the year, in words."""
    dag = datetime.timedelta(days=1)
    forste, siste = datetime.date(aar, 1, 1), aarsslutt(aar)
    kom = Q(gyldig__startswith__range=(forste, siste))
    gikk = Q(gyldig__endswith__range=(forste + dag, siste + dag))
    linjer = []
    for m in nettverk.medlemskap.filter(kom | gikk).in_order().defer("kommune__grense"):
        if m.fra and forste <= m.fra <= siste:
            linjer.append(
                _("%(kommune)s ble med %(dato)s.")
                % {"kommune": m.kommune.navn, "dato": date_format(m.fra)}
            )
        if m.siste_dag and forste <= m.siste_dag <= siste:
            linjer.append(
                _("%(kommune)s var med til og med %(dato)s.")
                % {"kommune": m.kommune.navn, "dato": date_format(m.siste_dag)}
            )
    return linjer


def organisering(nettverk: Nettverk, aar: int) -> Innhold:
    """Groups and appointments at the end of the year, what changed, and the partners."""
    dato = rapportdato(aar)
    i_nettverket = Gruppe.objects.filter(nettverk=nettverk).gyldig(dato)
    grupper = [
        _gruppe(g, verv, nettverk) for g, verv in _med_verv(i_nettverket.nettverksgrupper(), dato)
    ]
    return Innhold(
        mal="nettverk/kapitler/organisering.html",
        data={
            "dato": dato,
            "grupper": grupper,
            "utviklingsgrupper": i_nettverket.utviklingsgrupper().count(),
            "partnere": list(nettverk.partnere.gyldig(dato).values("navn", "om")),
            **_skifter(nettverk, aar),
        },
        mangler=[tekst for gruppe in grupper for tekst in gruppe["mangler"]],
    )


def _med_verv(grupper: Any, dato: datetime.date) -> list[tuple[Gruppe, list[Verv]]]:
    grupper = list(grupper)
    per_gruppe: dict[int, list[Verv]] = defaultdict(list)
    for verv in (
        Verv.objects.filter(gruppe__in=grupper)
        .gyldig(dato)
        .in_order()
        .select_related("person", "representerer", "representerer_partner")
        .defer("representerer__grense")
    ):
        per_gruppe[verv.gruppe_id].append(verv)
    return [(gruppe, per_gruppe[gruppe.pk]) for gruppe in grupper]


def _gruppe(gruppe: Gruppe, verv: list[Verv], nettverk: Nettverk) -> dict[str, Any]:
    mangler = []
    navn = innhold(gruppe.navn, nettverk)
    if not verv:
        mangler.append(fill_in(_("%(gruppe)s har ingen medlemmer."), gruppe=navn))
    elif gruppe.type in _MAA_HA_LEDER and not any(v.rolle == Rolle.LEDER for v in verv):
        mangler.append(fill_in(_("%(gruppe)s har ingen leder."), gruppe=navn))
    return {
        "navn": gruppe.navn,
        "mandat": gruppe.mandat,
        "antall": len(verv),
        "hvem": join(
            ", ",
            _roller(verv, nettverk)
            if len(verv) > _NAVNGIS_OPPTIL
            else [_hvem(v, nettverk) for v in verv],
        ),
        "mangler": mangler,
    }


def _hvem(verv: Verv, nettverk: Nettverk) -> str:
    """Kari Nordmann (leder, Aure) or (leder, NTNU); a plain member of nowhere in particular only by name."""
    rolle = "" if verv.rolle == Rolle.MEDLEM else rolle_i(verv.rolle, nettverk)
    for_hvem = innhold(verv.representerer_partner, nettverk) or verv.representerer or ""
    mer = join(", ", (bit for bit in (rolle, for_hvem) if bit))
    return (
        fill_in("%(navn)s (%(mer)s)", navn=verv.person.navn, mer=mer) if mer else verv.person.navn
    )


def _roller(verv: list[Verv], nettverk: Nettverk) -> list[str]:
    """leder: 1, medlem: 44"""
    return [
        fill_in("%(rolle)s: %(n)s", rolle=rolle_i(rolle, nettverk), n=n)
        for rolle, n in Counter(v.rolle for v in verv).items()
    ]


def _skifter(nettverk: Nettverk, aar: int) -> dict[str, int]:
    """How many appointments began and ended in the network's own groups during the year."""
    dag = datetime.timedelta(days=1)
    forste, siste = datetime.date(aar, 1, 1), aarsslutt(aar)
    egne = Verv.objects.filter(gruppe__nettverk=nettverk).exclude(
        gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE
    )
    return egne.aggregate(
        nye=Count("pk", filter=Q(gyldig__startswith__range=(forste, siste))),
        avsluttede=Count("pk", filter=Q(gyldig__endswith__range=(forste + dag, siste + dag))),
    )


def spredning(nettverk: Nettverk, aar: int) -> Innhold:
    """Where the network shared its experience during the year."""
    delinger = list(nettverk.delinger.filter(aar=aar).values("tittel", "om"))
    return Innhold(
        mal="nettverk/kapitler/spredning.html" if delinger else "",
        data={"delinger": delinger},
        mangler=[] if delinger else [_("Ingen erfaringsdelinger er registrert dette året.")],
    )
