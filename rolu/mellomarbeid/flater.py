"""What mellomarbeid shows on the portal's shared surfaces; called from rolu/portal.py."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kommuner.gyldighet import idag
from kommuner.sortering import NorskSortering, named, ranked
from laeringsloyper.merke import draw_merke
from nettverk.flater import (
    Blokk,
    Gjoremaal,
    Innhold,
    Portaldel,
    Seksjon,
    Side,
    Tekst,
    Treff,
    Treffgruppe,
    first_hits,
)
from nettverk.side.diagram import Stolpediagram, stolper
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.skrivemaate import kort_dag
from nettverk.tilgang.tillatelser import kan
from rolu.mellomarbeid.eget import own_work
from rolu.mellomarbeid.faser import LEDETEKSTER
from rolu.mellomarbeid.frister import HENGER_IGJEN, recent, with_unanswered
from rolu.mellomarbeid.kommende import passed
from rolu.mellomarbeid.mellomarbeidsliste import UTEN_SVAR
from rolu.mellomarbeid.oppdrag import UTE, VARSLE
from rolu.mellomarbeid.paaminnelse import FRIST
from rolu.mellomarbeid.paaminnelse import VALG as PAAMINNELSER
from rolu.mellomarbeid.praksis import BRUKT
from rolu.mellomarbeid.tilbakemelding import TILBAKEMELDING
from rolu.models import Loggpost, Mellomarbeid, Oppdrag, Praksisfortelling
from rolu.stoette.handlinger import HILSEN

if TYPE_CHECKING:
    from kommuner.models import Enhet, Kommune
    from laeringsloyper.models import Laeringsloype, Modul
    from nettverk.models import Nettverk
    from nettverk.tilgang.roller import Roller

_EKSEMPLER = 2
_LOYPE_MAKS = 6
_MODUL_MAKS = 12
_SNARVEIER = 3
# How long before its deadline it is told who has not delivered an assignment.
_NAERMER_SEG = datetime.timedelta(days=14)


DEL = Portaldel(
    "mellomarbeid",
    gettext_lazy("Mellomarbeid"),
    gettext_lazy("Oppdrag til enhetene mellom samlingene, med logg og levering."),
    gettext_lazy("Ingen kan gi oppdrag, skrive logg eller levere, og ingen ser det som er levert."),
    ("mellomarbeid/", "oppdrag/", "vedlegg/", "stoette/", "samlinger/<int:pk>/oppdrag/"),
    rekkefolge=20,
    # An assignment is given at a gathering.
    krever=("samlinger",),
    brev=(VARSLE, UTE, TILBAKEMELDING, FRIST, HILSEN),
    valg=PAAMINNELSER,
    valg_navn=gettext_lazy("Påminnelse på e-post til dem som ikke har levert"),
    valg_trengs=False,
)
PRAKSIS = Portaldel(
    "praksis",
    gettext_lazy("Praksis"),
    gettext_lazy("Det enhetene har prøvd og delt med hele nettverket."),
    gettext_lazy(
        "Det enhetene har delt, kan ikke leses av andre og står ikke i utkastet til årsrapport."
    ),
    ("praksis/", "mellomarbeid/<int:pk>/del/"),
    rekkefolge=30,
    krever=("mellomarbeid",),
    brev=(BRUKT,),
    ellers=gettext_lazy("Enhetene ser fortsatt sitt eget."),
)


def del_innhold(nettverk: "Nettverk") -> Iterable[Tekst]:
    """How many assignments, and how much is delivered."""
    if antall := Oppdrag.objects.filter(nettverk=nettverk).count():
        yield ngettext("%(n)s oppdrag", "%(n)s oppdrag", antall) % {"n": antall}
    levert = Mellomarbeid.objects.filter(
        oppdrag__nettverk=nettverk, status=Mellomarbeid.Status.LEVERT
    )
    if antall := levert.count():
        yield ngettext("%(n)s levert mellomarbeid", "%(n)s leverte mellomarbeid", antall) % {
            "n": antall
        }


def del_underveis(nettverk: "Nettverk") -> Iterable[Tekst]:
    """The assignments that are asked and whose deadline is ahead, with how many units have not delivered."""
    alle = Mellomarbeid.objects.filter(oppdrag__nettverk=nettverk)
    egne = Oppdrag.objects.asked().filter(nettverk=nettverk)
    for oppdrag in egne.with_status(alle).current():
        yield fill_in(
            _("Oppdraget «%(oppdrag)s» har frist %(dato)s. %(levert)s av %(antall)s har levert."),
            oppdrag=innhold(oppdrag.tittel, nettverk),
            dato=date_format(oppdrag.frist),
            levert=str(oppdrag.levert),
            antall=str(oppdrag.antall),
        )


def praksis_innhold(nettverk: "Nettverk") -> Iterable[Tekst]:
    """How much is told."""
    fortalt = Praksisfortelling.objects.filter(mellomarbeid__oppdrag__nettverk=nettverk).shown()
    if antall := fortalt.count():
        yield ngettext("%(n)s praksisfortelling", "%(n)s praksisfortellinger", antall) % {
            "n": antall
        }


# --- what waits


def gjoremaal(roller: "Roller") -> Iterable[Gjoremaal]:
    """A unit's own assignments first; then, for those who follow up, who has not delivered when the deadline is near
    or has passed; and, for kommune and fagmiljø, what is delivered and nobody has answered."""
    if roller.enheter:
        yield from _own_work(roller)
    if roller.er_koordinator or roller.er_kog or roller.kommuner_ansvar:
        yield from _follow_up(roller)
    yield from _without_answer(roller)


def _own_work(roller: "Roller") -> Iterable[Gjoremaal]:
    siden = idag() - HENGER_IGJEN
    venter = [
        arbeid
        for arbeid in own_work(roller)
        if not (arbeid.er_levert or arbeid.trukket or arbeid.er_borte)
        and arbeid.oppdrag.frist >= siden
    ]
    for arbeid in venter:
        yield from passed(arbeid, roller)
        knapp, url = _where_to_go_on(arbeid, roller.nettverk, bare_ett=len(venter) == 1)
        yield Gjoremaal(
            tittel=innhold(arbeid.oppdrag.tittel, roller.nettverk),
            tekst=_own_state(arbeid),
            url=url,
            knapp=knapp,
            ogsaa=_to_deliver(arbeid, roller),
            frist=arbeid.oppdrag.frist,
            haster=10,
            trinn=_steps(arbeid),
            **_track(arbeid.oppdrag, roller.nettverk),
        )


def _where_to_go_on(arbeid: Any, nettverk: "Nettverk", *, bare_ett: bool) -> tuple[str, str]:
    """Straight to writing in the next phase, when there is one assignment and one thing to do with it; else to
    its page, by the words that lead there elsewhere."""
    naa = arbeid.neste_fase
    if bare_ett and naa:
        skriv = reverse("rolu:loggpost_ny", args=[nettverk.slug, arbeid.pk]) + f"?fase={naa}"
        knapp = _("Skriv et nytt notat") if arbeid.har_innhold else _("Skriv det første notatet")
        return knapp, skriv
    url = reverse("rolu:mellomarbeid", args=[nettverk.slug, arbeid.pk])
    if arbeid.status == Mellomarbeid.Status.IKKE_STARTET:
        return _("Start mellomarbeidet"), url
    return _("Fortsett mellomarbeidet"), url


def _to_deliver(arbeid: Any, roller: "Roller") -> tuple[str, str] | None:
    """Where who leads the unit delivers, when something is written."""
    if not arbeid.har_innhold or arbeid.gruppe.enhet_id not in roller.enheter_ledet:
        return None
    url = reverse("rolu:mellomarbeid", args=[roller.nettverk.slug, arbeid.pk])
    return _("Lever"), f"{url}#lever-tittel"


def _steps(arbeid: Any) -> tuple[tuple[Tekst, str], ...]:
    """The phases of action learning, with those written in, and the one that comes next."""
    return tuple(
        (navn, "gjort" if fase in arbeid.faser else "naa" if fase == arbeid.neste_fase else "")
        for fase, navn in Loggpost.Fase.choices
    )


def _track(oppdrag: Oppdrag, nettverk: "Nettverk") -> dict[str, Any]:
    """The track of an assignment, as it is drawn everywhere; nothing in a network without tracks."""
    loype = oppdrag.laeringsloype
    if loype is None or not nettverk.uses("laeringsloyper"):
        return {}
    merke = draw_merke(loype.farge, loype.tegn, innhold(loype.navn, nettverk))
    return {"merke": merke, "farge": loype.farge}


def _own_state(arbeid: Any) -> str:
    felt = {"enhet": arbeid.gruppe.enhet, "naar": arbeid.oppdrag.frist_om}
    if arbeid.oppdrag.er_forfalt:
        return _("Oppdrag til %(enhet)s. Dere kan fortsatt levere.") % felt
    if arbeid.status == Mellomarbeid.Status.IKKE_STARTET:
        return _("Oppdrag til %(enhet)s. Fristen er %(naar)s, og dere har ikke begynt.") % felt
    if arbeid.stand == Mellomarbeid.Stand.PLANLAGT:
        return _("Oppdrag til %(enhet)s. Fristen er %(naar)s, og dere har planlagt.") % felt
    naa = arbeid.neste_fase
    if naa and arbeid.faser:
        return _("Oppdrag til %(enhet)s. %(spoersmaal)s") % {
            **felt,
            "spoersmaal": LEDETEKSTER[naa],
        }
    return _("Oppdrag til %(enhet)s. Fristen er %(naar)s, og dere er i gang.") % felt


def _follow_up(roller: "Roller") -> Iterable[Gjoremaal]:
    slug = roller.nettverk.slug
    for oppdrag in recent(roller):
        if oppdrag.levert == oppdrag.antall or oppdrag.frist > idag() + _NAERMER_SEG:
            continue
        yield Gjoremaal(
            tittel=fill_in(
                ngettext(
                    "%(mangler)s enhet har ikke levert «%(oppdrag)s»",
                    "%(mangler)s enheter har ikke levert «%(oppdrag)s»",
                    oppdrag.antall - oppdrag.levert,
                ),
                mangler=oppdrag.antall - oppdrag.levert,
                oppdrag=innhold(oppdrag.tittel, roller.nettverk),
            ),
            tekst=_("%(levert)s av %(antall)s har levert.")
            % {"levert": oppdrag.levert, "antall": oppdrag.antall},
            url=reverse("rolu:mellomarbeid_mangler", args=[slug]) + f"?oppdrag={oppdrag.pk}",
            knapp=_("Se hvem som mangler"),
            frist=oppdrag.frist,
            haster=40,
        )


def _without_answer(roller: "Roller") -> Iterable[Gjoremaal]:
    """What is delivered and nobody has answered, an assignment at a time. It is fetched with the assignments."""
    liste = reverse("rolu:mellomarbeid_list", args=[roller.nettverk.slug])
    for oppdrag in with_unanswered(roller):
        yield Gjoremaal(
            tittel=ngettext(
                "%(n)s levering venter på tilbakemelding",
                "%(n)s leveringer venter på tilbakemelding",
                oppdrag.uten_svar,
            )
            % {"n": oppdrag.uten_svar},
            tekst=fill_in(
                _("«%(oppdrag)s». Den første kom %(dato)s."),
                oppdrag=innhold(oppdrag.tittel, roller.nettverk),
                dato=kort_dag(timezone.localdate(oppdrag.uten_svar_siden)),
            ),
            url=f"{liste}?oppdrag={oppdrag.pk}&status={UTEN_SVAR}",
            knapp=_("Se dem som venter"),
            # After what is late, before what comes.
            ved=idag(),
            haster=30,
        )


# --- the unit's and the kommune's page


def enhet(enhet: "Enhet", side: Side) -> Iterable[Seksjon]:
    """The unit's mellomarbeid, as much of it as the person may see."""
    synlige = list(
        Mellomarbeid.objects.visible_to(side.roller)
        .filter(gruppe__enhet=enhet, oppdrag__gitt__date__lte=side.dato)
        .with_stage()
        .select_related("oppdrag")
        .order_by("-oppdrag__frist", "-pk")[:10]
    )
    if synlige:
        yield Seksjon("rolu/flater/mellomarbeid_enhet.html", {"mellomarbeid": synlige}, 60)


def kommune(kommune: "Kommune", side: Side) -> Iterable[Seksjon]:
    """How many of the kommune's units have delivered each assignment, for those who follow it up."""
    roller = side.roller
    if not (roller.er_kog or kommune.pk in roller.kommuner_ansvar):
        return
    her = Mellomarbeid.objects.filter(kommune=kommune)
    oppdragene = list(
        Oppdrag.objects.asked()
        .filter(nettverk=roller.nettverk, gitt__date__lte=side.dato)
        .followed_through(her)[:5]
    )
    if oppdragene:
        yield Seksjon(
            "rolu/flater/mellomarbeid_kommune.html",
            {"oppdragene": oppdragene, "kommune": kommune},
            60,
        )


def loype(loype: "Laeringsloype", side: Side) -> Iterable[Seksjon]:
    """The assignments of a track."""
    oppdragene = list(
        Oppdrag.objects.visible_to(side.roller).filter(laeringsloype=loype)[:_LOYPE_MAKS]
    )
    kan_gi = kan(
        side.roller.person,
        "rolu.give_oppdrag_i_loype",
        Oppdrag(nettverk=side.roller.nettverk, laeringsloype=loype),
    )
    if oppdragene or kan_gi:
        data = {"oppdragene": oppdragene, "kan_gi": kan_gi, "loype": loype}
        yield Seksjon("rolu/flater/loype_oppdrag.html", data, 61)


def modul(modul: "Modul", side: Side) -> Iterable[Seksjon]:
    """The way to give what the module proposes as an assignment, and to change those that are given, for those who
    may; and what is delivered in it, the newest first, as far as the person may see it."""
    oppdrag = Oppdrag(nettverk=side.roller.nettverk, laeringsloype=modul.periode.loype)
    kan_endre = kan(side.roller.person, "rolu.give_oppdrag_i_loype", oppdrag)
    if modul.oppdragsforslag and kan_endre:
        yield Seksjon("rolu/flater/modul_forslag.html", {"modul": modul}, 58)
    gitt = Oppdrag.objects.visible_to(side.roller).filter(modul=modul, gitt__date__lte=side.dato)
    if oppdragene := list(gitt[:_MODUL_MAKS]):
        data = {"oppdragene": oppdragene, "kan_endre": kan_endre}
        yield Seksjon("rolu/flater/modul_oppdrag.html", data, 59)
    levert = list(
        Mellomarbeid.objects.visible_to(side.roller)
        .delivered()
        .filter(oppdrag__modul=modul, levert__date__lte=side.dato)
        .select_related("oppdrag", "gruppe__enhet", "kommune")
        .defer("kommune__grense", "oppdrag__tekst")
        .order_by("-levert", "-pk")[: _MODUL_MAKS + 1]
    )
    if levert:
        yield Seksjon(
            "rolu/flater/modul_levert.html",
            {
                "levert": levert[:_MODUL_MAKS],
                "flere": len(levert) > _MODUL_MAKS,
                "loype": modul.periode.loype,
            },
            60,
        )


def loype_praksis(loype: "Laeringsloype", side: Side) -> Iterable[Seksjon]:
    """The newest that units tell of what they tried in a track. One query."""
    fortellinger = list(
        Praksisfortelling.objects.visible_to(side.roller)
        .shown()
        .filter(mellomarbeid__oppdrag__laeringsloype=loype, delt__date__lte=side.dato)
        .with_uses()
        .select_related("mellomarbeid__gruppe__enhet")
        .defer("tekst", "sok")
        .newest_first()[:_LOYPE_MAKS]
    )
    if fortellinger:
        url = reverse("rolu:praksis", args=[side.roller.nettverk.slug]) + f"?loype={loype.pk}"
        yield Seksjon(
            "rolu/flater/loype_praksis.html", {"fortellinger": fortellinger, "url": url}, 62
        )


# --- search


def snarveier(roller: "Roller") -> Iterable[Treff]:
    """The own units' work that is not delivered, the nearest deadline first."""
    for arbeid in (
        Mellomarbeid.objects.missing()
        .of_present_units(roller.nettverk)
        .filter(
            oppdrag__nettverk=roller.nettverk,
            gruppe__enhet__in=roller.enheter,
            oppdrag__frist__gte=idag() - HENGER_IGJEN,
        )
        .select_related("oppdrag", "gruppe__enhet")
        .order_by("oppdrag__frist", "gruppe__enhet__sortering")[:_SNARVEIER]
    ):
        yield Treff(
            innhold(arbeid.oppdrag.tittel, roller.nettverk),
            reverse("rolu:mellomarbeid", args=[roller.nettverk.slug, arbeid.pk]),
            _("Frist %(dato)s") % {"dato": date_format(arbeid.oppdrag.frist)},
            ikon="mellomarbeid",
            rang=1,
        )


def sok(roller: "Roller", q: str) -> Iterable[Treffgruppe]:
    """Assignments, whose answers are read in the list of mellomarbeid."""
    alle = reverse("rolu:mellomarbeid_list", args=[roller.nettverk.slug])
    yield first_hits(
        _("Oppdrag"),
        "oppdrag",
        ranked(
            named(Oppdrag.objects.visible_to(roller), q, NorskSortering("tittel")),
            q,
            NorskSortering("tittel"),
        ),
        lambda oppdrag: Treff(
            innhold(oppdrag.tittel, roller.nettverk),
            f"{alle}?oppdrag={oppdrag.pk}",
            _("Trukket")
            if oppdrag.trukket
            else _("Frist %(dato)s") % {"dato": date_format(oppdrag.frist)},
        ),
        alle_url=alle,
    )


# --- the annual report


def kapitler(nettverk: "Nettverk", aar: int) -> Iterable[Blokk]:
    yield Blokk(
        "mellomarbeid",
        _("Mellomarbeid"),
        partial(chapter, nettverk, aar),
        _(
            "Hva har enhetene prøvd ut mellom samlingene? Hva ser vi av endring i praksis, og hvem strever med å komme i gang?"
        ),
    )


def chapter(nettverk: "Nettverk", aar: int) -> Innhold:
    """The year's assignments with how many delivered, and two examples that units let stand here."""
    return Innhold(
        "rolu/kapitler/mellomarbeid.html",
        {"oppdrag": _report_rows(nettverk, aar), "eksempler": _examples(nettverk, aar)},
    )


def _report_rows(nettverk: "Nettverk", aar: int) -> list[dict[str, Any]]:
    """The year's assignments that are asked, and how many have delivered per kommune. Two queries for all of them."""
    aarets = Oppdrag.objects.asked().filter(nettverk=nettverk, frist__year=aar)
    oppdragene = aarets.order_by("frist", "pk")
    per_oppdrag: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for rad in Mellomarbeid.objects.filter(oppdrag__in=oppdragene.order_by()).per_kommune(
        "oppdrag"
    ):
        per_oppdrag[rad["oppdrag"]].append(rad)
    return [
        {
            "tittel": oppdrag.tittel,
            "forfalt": oppdrag.er_forfalt,
            "frist": oppdrag.frist,
            "antall": sum(rad["antall"] for rad in per_oppdrag[oppdrag.pk]),
            "levert": sum(rad["levert"] for rad in per_oppdrag[oppdrag.pk]),
            "per_kommune": [
                {"kommune": rad["kommune__navn"], "antall": rad["antall"], "levert": rad["levert"]}
                for rad in per_oppdrag[oppdrag.pk]
            ],
            "diagram": _delivered_chart(per_oppdrag[oppdrag.pk]),
        }
        for oppdrag in oppdragene
    ]


def _delivered_chart(rader: list[dict[str, Any]]) -> Stolpediagram | None:
    """How many of each kommune's units have delivered; the table of the chapter stands below it."""
    rader = [rad for rad in rader if rad["antall"]]
    if len(rader) < 2:
        return None
    alle = sum(rad["levert"] == rad["antall"] for rad in rader)
    if alle:
        tittel = ngettext(
            "I %(n)s av %(alle)s kommuner har alle levert",
            "I %(n)s av %(alle)s kommuner har alle levert",
            alle,
        ) % {"n": alle, "alle": len(rader)}
    else:
        begynt = sum(bool(rad["levert"]) for rad in rader)
        tittel = _("Enheter i %(n)s av %(alle)s kommuner har levert") % {
            "n": begynt,
            "alle": len(rader),
        }
    return stolper(
        [
            (rad["kommune__navn"] or _("Uten kommune"), rad["levert"], rad["antall"])
            for rad in rader
        ],
        tittel=tittel,
        radnavn=_("Kommune"),
        verdinavn=_("Levert"),
        av_navn=_("Enheter"),
        andeler=True,
    )


def _examples(nettverk: "Nettverk", aar: int) -> list[dict[str, Any]]:
    """Two praksisfortellinger from units that have said they may stand here.

    Each carries `samtykke`: the template shows no text without it, whatever was kept. None in a network
    without Praksis, where nobody can share or stop sharing.
    """
    if not nettverk.uses(PRAKSIS.noekkel):
        return []
    fortellinger = (
        Praksisfortelling.objects.public()
        .filter(mellomarbeid__oppdrag__nettverk=nettverk, mellomarbeid__oppdrag__frist__year=aar)
        .select_related(
            "mellomarbeid__gruppe__enhet", "mellomarbeid__kommune", "mellomarbeid__oppdrag"
        )
        .defer("mellomarbeid__kommune__grense", "sok")
        .order_by("mellomarbeid__levert", "pk")[:_EKSEMPLER]
    )
    return [
        {
            "enhet": str(f.enhet),
            "kommune": str(f.mellomarbeid.kommune or ""),
            "oppdrag": f.mellomarbeid.oppdrag.tittel,
            "tekst": Truncator("\n\n".join(filter(None, [f.tittel, f.tekst]))).chars(700),
            "samtykke": True,
        }
        for f in fortellinger
    ]
