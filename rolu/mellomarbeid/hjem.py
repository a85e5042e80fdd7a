"""Mellomarbeid on the home page: to each role the part of it that they came to see."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    Subquery,
    When,
    Window,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kommuner.gyldighet import idag
from laeringsloyper.models import Enhetsloype
from nettverk.flater import Seksjon
from nettverk.models.bekreftelse import skoleaar
from nettverk.side.diagram import smaa
from rolu.mellomarbeid import tilbakemeldingshjem
from rolu.mellomarbeid.framdrift import progress
from rolu.mellomarbeid.frister import followed, latest, nearest, recent
from rolu.mellomarbeid.mellomarbeidsliste import standing
from rolu.mellomarbeid.utdrag import first_sentence
from rolu.models import Mellomarbeid, Oppdrag, Praksisbruk, Praksisfortelling
from rolu.models.tilbakemelding import answered

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller

# Assignments that have room beside each other on a phone, units before the rest is folded, and cards.
_MAKS_OPPDRAG = 4
_MAKS_RADER = 12
_MAKS_KORT = 4
_MAKS_LEVERINGER = 5
_NYTT = datetime.timedelta(days=7)
_BRUKT_NYLIG = datetime.timedelta(days=30)


def hjem(roller: "Roller") -> Iterable[Seksjon]:
    """What others have said to the person; then, to a koordinator the bars of the current assignment, to a kommuneansvarlig the own units one by
    one, to styringsgruppa the kommuner beside each other, to a fagmiljø what is delivered in its track."""
    yield from tilbakemeldingshjem.hjem(roller)
    if roller.er_kog:
        # The others of the group have the same figures on the wheel of the year.
        if roller.er_koordinator:
            yield from _bars(roller)
    elif roller.kommuner_ansvar:
        yield from _dots(roller)
    elif roller.er_stg and roller.nettverk.uses("aarsrapport"):
        yield from _per_kommune(roller)
    if roller.fagmiljo and not roller.er_kog and roller.nettverk.uses("laeringsloyper"):
        yield from _deliveries(roller)


def _bars(roller: "Roller") -> Iterable[Seksjon]:
    naa = nearest(reversed(recent(roller))) or latest(roller)
    if naa:
        foelges = Mellomarbeid.objects.followed_by(roller)
        yield Seksjon(
            "rolu/flater/mellomarbeid_framdrift.html",
            {
                "oppdrag": naa,
                "framdrift": progress(
                    naa, foelges.filter(oppdrag=naa).per_kommune(), slug=roller.nettverk.slug
                ),
            },
            60,
        )


# --- the kommune's units, one by one


@dataclass(frozen=True)
class Enhetsprikk:
    """Where a unit is with an assignment: `stand` gives its shape, `ord` says it."""

    pk: int
    stand: str
    ord: str


@dataclass(frozen=True)
class Enhetsrad:
    """A unit, with a dot for each assignment; None where it was not asked."""

    enhet: str
    referanse: str
    prikker: list[Enhetsprikk | None]

    def count(self, *stander: str) -> int:
        return sum(p is not None and p.stand in stander for p in self.prikker)


def _dots(roller: "Roller") -> Iterable[Seksjon]:
    """Those of the units that have most left come first, the rest is folded. One query more than what
    waits has asked, whatever there is."""
    oppdragene = recent(roller)[-_MAKS_OPPDRAG:] or list(followed(roller)[:_MAKS_OPPDRAG])[::-1]
    rader = _rows(roller, oppdragene) if oppdragene else []
    # To fold a few saves nobody anything.
    synlige = _MAKS_RADER if len(rader) > _MAKS_RADER + 4 else len(rader)
    yield Seksjon(
        "rolu/flater/mellomarbeid_prikker.html",
        {
            "funn": _finding(rader, oppdragene),
            "oppdragene": oppdragene,
            "rader": rader[:synlige],
            "flere": rader[synlige:],
        },
        15,
    )


def _rows(roller: "Roller", oppdragene: list[Oppdrag]) -> list[Enhetsrad]:
    plass = {oppdrag.pk: nummer for nummer, oppdrag in enumerate(oppdragene)}
    frister = {oppdrag.pk: oppdrag.frist for oppdrag in oppdragene}
    enheter: dict[int, Enhetsrad] = {}
    arbeidene: Iterable[Any] = (
        Mellomarbeid.objects.followed_by(roller)
        .filter(oppdrag__in=oppdragene)
        .with_stage()
        .select_related("gruppe__enhet")
        .in_order()
    )
    for m in arbeidene:
        enhet: Any = m.gruppe.enhet  # what is asked of is the group of a unit
        rad = enheter.setdefault(
            enhet.pk, Enhetsrad(str(enhet), enhet.referanse, [None] * len(oppdragene))
        )
        stand = standing(m.stand, m.levert, frist=frister[m.oppdrag_id], trukket=m.trukket)
        rad.prikker[plass[m.oppdrag_id]] = Enhetsprikk(m.pk, stand.merke, stand.ord)
    # Sorted once more, so it stays in Norwegian order among those that have as much left.
    return sorted(
        enheter.values(),
        key=lambda r: (-r.count("forfalt"), -r.count("vet-ikke"), -r.count("planlagt", "i-gang")),
    )


def _finding(rader: list[Enhetsrad], oppdragene: list[Oppdrag]) -> str:
    """What one sees in the dots, as a sentence: who is late, else what is done and what comes next."""
    if not rader:
        return _("Enhetene i kommunen")
    alle = len(rader)
    over = sum(bool(rad.count("forfalt")) for rad in rader)
    if over:
        return ngettext(
            "%(over)s av %(alle)s enhet er over fristen",
            "%(over)s av %(alle)s enheter er over fristen",
            alle,
        ) % {"over": over, "alle": alle}
    ferdige = sum(not rad.count("vet-ikke", "planlagt", "i-gang") for rad in rader)
    if ferdige == alle:
        return ngettext("Enheten har levert alt", "Alle %(alle)s enheter har levert alt", alle) % {
            "alle": alle
        }
    neste = min(o.frist for o in oppdragene if not o.er_forfalt)
    felt = {
        "ferdige": ferdige,
        "alle": alle,
        "dato": date_format(neste, "MONTH_DAY_FORMAT"),
    }
    if any(o.er_forfalt for o in oppdragene):
        setning = ngettext(
            "Enheten har levert alt med frist til nå. Neste frist %(dato)s.",
            "Alle %(alle)s enheter har levert alt med frist til nå. Neste frist %(dato)s.",
            alle,
        )
    else:
        setning = ngettext(
            "%(ferdige)s av %(alle)s enhet har levert. Neste frist %(dato)s.",
            "%(ferdige)s av %(alle)s enheter har levert. Neste frist %(dato)s.",
            alle,
        )
    return setning % felt


# --- the kommuner beside each other


def _per_kommune(roller: "Roller") -> Iterable[Seksjon]:
    """How many units have delivered in each kommune, assignment by assignment: the figures of the annual
    report, as they are now. One query."""
    tall: dict[str, dict[int, tuple[int, int]]] = {}
    oppdragene: dict[int, tuple[datetime.date, str]] = {}
    siden = datetime.date(skoleaar(idag()), 8, 1)
    arbeid = Mellomarbeid.objects.asked().filter(
        oppdrag__nettverk=roller.nettverk, oppdrag__frist__gte=siden, kommune__isnull=False
    )
    for rad in arbeid.per_kommune("oppdrag", "oppdrag__tittel", "oppdrag__frist"):
        oppdragene[rad["oppdrag"]] = (rad["oppdrag__frist"], rad["oppdrag__tittel"])
        her = tall.setdefault(rad["kommune__navn"], {})
        her[rad["oppdrag"]] = (rad["levert"], rad["antall"])
    if not tall:
        return
    rekke = sorted(oppdragene, key=lambda pk: (oppdragene[pk][0], pk))[-_MAKS_OPPDRAG:]
    # The last whose deadline is over says most; until one is, the one that goes on.
    om = next((pk for pk in reversed(rekke) if oppdragene[pk][0] < idag()), rekke[-1])
    data = smaa(
        [(navn, "", [her.get(pk) for pk in rekke]) for navn, her in tall.items()],
        tittel=_delivered_in([her[om] for her in tall.values() if om in her], oppdragene[om][1]),
        radnavn=_("Kommune"),
        kolonner=[
            _("«%(oppdrag)s», frist %(dato)s")
            % {
                "oppdrag": oppdragene[pk][1],
                "dato": date_format(oppdragene[pk][0], "MONTH_DAY_FORMAT"),
            }
            for pk in rekke
        ],
        om=rekke.index(om),
    )
    yield Seksjon("rolu/flater/mellomarbeid_smaa.html", {"smaa": data}, 30)


def _delivered_in(kommunene: list[tuple[int, int]], oppdrag: str) -> str:
    """The finding of an assignment, of how many of how many in each kommune."""
    felt = {
        "n": sum(levert == antall for levert, antall in kommunene),
        "alle": len(kommunene),
        "oppdrag": oppdrag,
    }
    return (
        ngettext(
            "Alle enhetene har levert «%(oppdrag)s» i %(n)s av %(alle)s kommune",
            "Alle enhetene har levert «%(oppdrag)s» i %(n)s av %(alle)s kommuner",
            len(kommunene),
        )
        % felt
    )


# --- a fagmiljø's track


def _deliveries(roller: "Roller") -> Iterable[Seksjon]:
    """What the units have delivered in the track lately: what nobody has replied to first, then the newest. One query."""
    siden = timezone.now() - _NYTT
    levert: list[Any] = list(
        Mellomarbeid.objects.delivered()
        .filter(
            oppdrag__nettverk=roller.nettverk,
            oppdrag__laeringsloype__ansvarlig_gruppe__in=roller.fagmiljo,
        )
        .with_excerpt()
        .annotate(
            alle=Window(Count("pk")),
            nye=Window(Count("pk", filter=Q(levert__gte=siden))),
            besvart=ExpressionWrapper(Q(pk__in=answered()), BooleanField()),
        )
        .select_related("oppdrag__laeringsloype", "gruppe__enhet", "kommune")
        .defer("kommune__grense", "oppdrag__tekst")
        .order_by("besvart", "-levert", "-pk")[:_MAKS_LEVERINGER]
    )
    yield Seksjon(
        "rolu/flater/mellomarbeid_levert.html",
        {
            "funn": _delivered_lately(levert),
            "alle": levert[0].alle if levert else 0,
            "leveringer": [(m, first_sentence(m.utdrag)[0], m.levert >= siden) for m in levert],
        },
        15,
    )


def _delivered_lately(levert: list[Any]) -> str:
    if not levert:
        return _("Ingen har levert i løypa di ennå")
    alle = ngettext("%(n)s levering i løypa di", "%(n)s leveringer i løypa di", levert[0].alle) % {
        "n": levert[0].alle
    }
    if nye := levert[0].nye:
        return ngettext("%(alle)s, %(n)s ny siste uke", "%(alle)s, %(n)s nye siste uke", nye) % {
            "alle": alle,
            "n": nye,
        }
    return _("%(alle)s, den siste kom %(dato)s") % {
        "alle": alle,
        "dato": date_format(timezone.localtime(levert[0].levert), "MONTH_DAY_FORMAT"),
    }


# --- what others tell


def practice(roller: "Roller") -> Iterable[Seksjon]:
    """What other units tell, for who sits in a unit's group, and for those whose reading it is: first
    from the assignments that they are at themselves, then from the own tracks, the newest first. And that other units
    have taken into use what the own unit told, the last month. One query for both."""
    har_sitt = roller.er_kog or roller.er_stg or roller.er_pro or roller.kommuner_ansvar
    if not roller.er_medlem or not (roller.enheter or not (har_sitt or roller.fagmiljo)):
        return
    bruker_loyper = roller.nettverk.uses("laeringsloyper")
    naermest = ["-samme", "-i_loypa"] if bruker_loyper else ["-samme"]
    # Who is in no unit, is at nothing of it themselves.
    fortalt = _told(roller, [*(naermest if roller.enheter else []), "-delt", "-pk"])
    delte = [f for f in fortalt if not f.nye]
    naere = [f for f in delte if f.samme or (bruker_loyper and f.i_loypa)]
    # Two of what is one's own say more than four, of which two are not.
    delte = naere if len(naere) > 1 else delte
    yield Seksjon(
        "rolu/flater/praksis_nytt.html",
        {
            "i_loypa": bool(delte) and all(f.i_loypa for f in delte) and bruker_loyper,
            "kort": delte,
            "har_loyper": bruker_loyper,
            "egne": bool(roller.enheter),
        },
        40,
    )
    if brukt := sorted((f for f in fortalt if f.nye), key=lambda f: (-f.nye, -f.pk)):
        yield Seksjon("rolu/flater/praksis_brukt.html", {"fortellinger": brukt}, 38)


def _told(roller: "Roller", rekkefolge: list[str]) -> list[Any]:
    """The first of what others tell, as cards, in that order; and those of the own that others have taken into use
    lately, known by `nye`, which is how many have. One query."""
    fulgt = Enhetsloype.objects.followed().filter(
        enhet__in=roller.enheter,
        periode__loype=OuterRef("mellomarbeid__oppdrag__laeringsloype"),
    )
    eget = Mellomarbeid.objects.missing().filter(
        gruppe__enhet__in=roller.enheter, oppdrag=OuterRef("mellomarbeid__oppdrag")
    )
    egne = Q(mellomarbeid__gruppe__enhet__in=roller.enheter)
    bruk = (
        Praksisbruk.objects.filter(
            fortelling=OuterRef("pk"), brukt__gte=timezone.now() - _BRUKT_NYLIG
        )
        .order_by()
        .values("fortelling")
        .annotate(n=Count("pk"))
    )
    fortalt = (
        Praksisfortelling.objects.visible_to(roller)
        .shown()
        .annotate(
            i_loypa=Exists(fulgt),
            samme=Exists(eget),
            nye=Case(When(egne, then=Coalesce(Subquery(bruk.values("n")), 0)), default=0),
        )
    )
    andres = fortalt.exclude(egne).order_by(*rekkefolge)[:_MAKS_KORT]
    vises = Q(pk__in=andres.values("pk"))
    if roller.enheter:
        brukt = fortalt.filter(egne, nye__gt=0).order_by("-nye", "-pk")[:_MAKS_KORT]
        vises |= Q(pk__in=brukt.values("pk"))
    return list(fortalt.filter(vises).as_cards().order_by(*rekkefolge))
