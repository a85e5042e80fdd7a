"""Demo: one assignment that most units have delivered, and one that has just begun; on nynorsk only the first."""

import datetime
import hashlib
import itertools
import random
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db.models import DateTimeField
from django.db.models.functions import Cast
from django.utils import timezone

from fremtidsbilder.models import Tema
from kommuner.gyldighet import idag
from kommuner.models import Enhet
from laeringsloyper.models import Laeringsloype, Modul
from nettverk.demo.folk import PER_NOEKKEL
from nettverk.filer.lager import all_or_nothing
from nettverk.models import Gruppe, Mottakere, Nettverk, Rolle, Verv
from nettverk.portaldeler import turn_on
from rolu.demo import delt, nynorsk
from rolu.demo.dager import school_day
from rolu.demo.tegninger import tegn
from rolu.mellomarbeid.flater import PRAKSIS
from rolu.mellomarbeid.oppdrag import kommune_per_enhet
from rolu.mellomarbeid.utdrag import after_first, first_sentence
from rolu.models import (
    Loggpost,
    Mellomarbeid,
    Oppdrag,
    Praksisbruk,
    Praksisfortelling,
    Samling,
    Vedlegg,
)

_F = Loggpost.Fase

# (phase, texts for kindergartens, texts for schools): «lesestund» – the assignment that is over. What they
# write to share stands in `rolu.demo.delt`.
_LESESTUND = [
    (
        _F.PLANLEGGE,
        [
            "Vi vil lese samme bok med en liten gruppe fem dager på rad. Vi tror at flere tør å snakke når boka er kjent.",
            "Personalet delte seg i to. Den ene gruppa planla lesing i garderoben, den andre lesing ute. Vi er spente på om barna tar initiativ til bok selv.",
            "Vi valgte tre bøker med få ord og store bilder. Målet er at alle barn skal ha vært med i en samtale om en bok hver uke.",
        ],
        [
            "Vi setter av tolv minutter lesing etter storefriminutt på alle trinn. Vi tror roen etterpå gir bedre samtaler i timen.",
            "Fjerde trinn leser for første trinn hver onsdag. Vi tror begge trinn får mer lyst til å lese.",
            "Lærerne på mellomtrinnet velger én felles bok og lager samtalekort til den. Vi vil se om flere elever deltar i samtalen.",
        ],
    ),
    (
        _F.PROEVE,
        [
            "Vi leste den samme boka mandag til fredag. Fra onsdag lot vi barna fortelle siden før vi leste den.",
            "Boka ble med ut i skogen. Vi leste i gapahuken og fant ting fra boka på veien hjem.",
            "En av oss leste, en annen noterte hva barna sa. Vi byttet på annenhver dag.",
        ],
        [
            "Alle klasser har hatt lesestund fire dager i uka. Læreren leste selv, høyt eller stille, sammen med elevene.",
            "Vi prøvde lesevenner i seks uker. Parene fikk velge bok på biblioteket sammen først.",
            "Vi brukte samtalekortene i grupper på fire. Hver gruppe hadde en ordstyrer.",
        ],
    ),
    (
        _F.OBSERVERE,
        [
            "Flere barn begynte å bla i bøker på eget initiativ. Noen leste for hverandre med våre ord og tonefall.",
            "De stilleste barna pekte først og snakket fra tredje dag. Gjentakelsen så ut til å gjøre dem trygge.",
            "Samtalene ble lengre. I begynnelsen svarte barna med ett ord, mot slutten stilte de spørsmål til oss.",
        ],
        [
            "Elevene spurte etter lesestunden når den falt bort. Det er roligere på gangen etterpå.",
            "De eldste tok ansvar og forklarte ord. De yngste valgte lengre bøker enn før.",
            "Rundt to av tre deltok muntlig, mot om lag halvparten før. De som ikke deltar, lytter mer enn vi trodde.",
        ],
    ),
    (
        _F.REFLEKTERE,
        [
            "Vi har snakket for mye selv. Når vi venter litt lenger, kommer svarene. Det overrasket oss hvor lang en pause på fem sekunder føles.",
            "Det var ikke boka som avgjorde, men hvor mange som satt sammen. Grupper på fire fungerte klart best.",
        ],
        [
            "Tiden vi «mistet», fikk vi tilbake i arbeidsro. Vi må bli enige om hva vi gjør når vi har vikar.",
            "Samtalekortene hjalp, men noen ble bundet av dem. Vi vil lage åpnere spørsmål neste gang.",
        ],
    ),
]

_MATTE_UTE = [
    (
        _F.PLANLEGGE,
        [
            "Vi vil måle alt vi finner på turområdet: med tau, skritt og kongler. Vi tror barna finner egne måter å måle på.",
            "Vi tar med vekt og bøtter i skogen og lar barna gjette før de prøver.",
        ],
        [
            "Femte trinn skal finne høyden på flaggstanga på tre måter. Vi tror uenigheten blir det mest lærerike.",
            "Vi planlegger en uteøkt i uka der elevene lager oppgaver til hverandre.",
        ],
    ),
    (
        _F.PROEVE,
        [
            "Vi gjettet og veide. Den største steinen var ikke den tyngste, og det ble det mye snakk om.",
        ],
        [
            "Vi hadde første uteøkt. Gruppene laget hver sin oppgave med ting de fant i skolegården.",
        ],
    ),
    (
        _F.OBSERVERE,
        ["Barna brukte ord som «lengre enn» og «like mange» uten at vi spurte etter dem."],
        ["Elever som sjelden tar ordet inne, forklarte for gruppa hvordan de hadde tenkt."],
    ),
]

_HVEM_BARNEHAGE = ["Hele avdelingen", "To voksne og seks barn", "Utviklingsgruppa", ""]
_HVEM_SKOLE = ["Alle lærerne på trinnet", "To lærere og 22 elever", "Utviklingsgruppa", ""]


@dataclass(frozen=True)
class _Plan:
    """An assignment of the demo, given at the last gathering that has been or the one before it (`paa`, from the
    end), with its deadline before the next; in a network without them by days from today (`gitt`, `frist`). `levert`
    and `begynt` are shares of the units, `andel_delt` of those that have delivered; `delt` and `hvem` are for
    kindergartens and for schools."""

    tittel: str
    tekst: str
    loype: str
    paa: int
    gitt: int
    frist: int
    levert: float
    begynt: float
    tekster: list
    delt: tuple[list[str], list[str]]
    andel_delt: float
    hvem: tuple[list[str], list[str]] = (_HVEM_BARNEHAGE, _HVEM_SKOLE)


_PLANER = [
    _Plan(
        tittel="Les og snakk sammen hver dag",
        tekst="Prøv ut en fast lese- eller samtalestund i fire uker.\n\nBli enige om hvordan dere gjør det, prøv, og legg merke til hva som skjer med barnas språk. Skriv kort underveis – noen linjer etter hver økt er nok.",
        loype="Språk",
        paa=-2,
        gitt=-95,
        frist=-24,
        levert=0.88,
        begynt=0.06,
        tekster=_LESESTUND,
        delt=delt.LESESTUND,
        andel_delt=0.2,
    ),
    _Plan(
        tittel="Utforsk matematikken ute",
        tekst="Ta matematikken med ut minst tre ganger før neste samling.\n\nLa barna måle, sammenlikne, gjette og forklare. Skriv hva dere prøvde, og hva dere så og hørte. Ta gjerne bilder av hender, spor og ting – ikke av ansikter.",
        loype="Matematikk",
        paa=-1,
        gitt=-14,
        frist=21,
        levert=0.05,
        begynt=0.3,
        tekster=_MATTE_UTE,
        delt=delt.MATTE_UTE,
        andel_delt=0.7,
    ),
]
_PLANER_NN = [
    _Plan(
        tittel="Les og samtal kvar dag",
        tekst="Prøv ut ei fast lese- eller samtalestund i fire veker.\n\nBli samde om korleis de gjer det, prøv, og legg merke til kva som skjer med språket til barna. Skriv kort undervegs – nokre linjer etter kvar økt er nok.",
        loype="Språk",
        paa=-1,
        gitt=-70,
        frist=-10,
        levert=0.8,
        begynt=0.12,
        tekster=nynorsk.LESESTUND,
        delt=delt.LESESTUND_NN,
        andel_delt=0.7,
        hvem=(nynorsk.HVEM_BARNEHAGE, nynorsk.HVEM_SKOLE),
    ),
]


def make(nettverk: Nettverk) -> None:
    """Make what is not there yet. The same every time: the choices follow the units' order."""
    kommuner = kommune_per_enhet(nettverk)
    grupper = list(
        Gruppe.objects.filter(nettverk=nettverk, enhet__in=kommuner)
        .utviklingsgrupper()
        .gyldig()
        .select_related("enhet")
        .order_by("enhet__organisasjonsnummer")
    )
    folk = _people(grupper)
    grupper = [gruppe for gruppe in grupper if gruppe.pk in folk]
    egen = Verv.objects.filter(
        person__epost=PER_NOEKKEL["enhetsleder"].epost, gruppe__nettverk=nettverk
    ).values_list("gruppe", flat=True)
    nynorsk_her = nettverk.maalform == "nn"
    for plan in _PLANER_NN if nynorsk_her else _PLANER:
        if not Oppdrag.objects.filter(nettverk=nettverk, tittel=plan.tittel).exists():
            turn_on(nettverk, PRAKSIS)
            _make(plan, nettverk, grupper=grupper, kommuner=kommuner, folk=folk, egne=set(egen))


def _people(grupper: list[Gruppe]) -> dict[int, list[int]]:
    """Ids of the people of each group, the leader first."""
    folk: dict[int, list[int]] = {}
    verv = Verv.objects.filter(gruppe__in=grupper).gyldig().in_order()
    for gruppe, person in verv.filter(
        rolle__in=[Rolle.FORMELL_LEDER, Rolle.TILLITSVALGT, Rolle.UTVIKLINGSLAERER]
    ).values_list("gruppe", "person"):
        folk.setdefault(gruppe, []).append(person)
    return folk


@dataclass(frozen=True)
class _Tid:
    """When an assignment is given, at which gathering if any, and its deadline."""

    gitt: datetime.datetime
    frist: datetime.date
    samling: Samling | None = None

    @property
    def er_over(self) -> bool:
        return self.frist < idag()

    @property
    def dager(self) -> int:
        """From it is given to the last day one can have delivered: the deadline, or yesterday."""
        sist = min(self.frist, idag() - datetime.timedelta(days=1))
        return (sist - timezone.localdate(self.gitt)).days


def _when(plan: _Plan, nettverk: Nettverk) -> _Tid:
    """From a gathering to before the next, when there have been enough of them."""
    samlinger = list(Samling.objects.filter(nettverk=nettverk).order_by("start"))
    holdt = [samling for samling in samlinger if samling.slutt < timezone.now()]
    kommer = samlinger[len(holdt) :]
    if not kommer or len(holdt) < -plan.paa:
        frist = idag() + datetime.timedelta(days=plan.frist)
        return _Tid(
            timezone.now() + datetime.timedelta(days=plan.gitt),
            school_day(frist, bakover=plan.frist < 0),
        )
    samling = holdt[plan.paa]
    neste = [*holdt, kommer[0]][len(holdt) + plan.paa + 1]
    return _Tid(samling.slutt, deadline_between(samling.dato, neste.dato), samling)


def deadline_between(samling: datetime.date, neste: datetime.date) -> datetime.date:
    """A school day in the week before the next gathering, and after the one it was given at."""
    fristene = [school_day(neste - datetime.timedelta(days=n), bakover=True) for n in (3, 2, 1)]
    tidligst = max(samling, neste - datetime.timedelta(days=8))
    return next((frist for frist in fristene if frist > tidligst), fristene[-1])


@all_or_nothing()
def _make(
    plan: _Plan,
    nettverk: Nettverk,
    *,
    grupper: list[Gruppe],
    kommuner: dict[int, int],
    folk: dict[int, list[int]],
    egne: set[int],
) -> None:
    tid = _when(plan, nettverk)
    gitt = tid.gitt
    loype = Laeringsloype.objects.filter(nettverk=nettverk, navn__startswith=plan.loype).first()
    oppdrag = Oppdrag.objects.create(
        nettverk=nettverk,
        mottakere=Mottakere.objects.create(nettverk=nettverk, enheter=True),
        samling=tid.samling,
        laeringsloype=loype,
        modul=Modul.objects.filter(periode__loype=loype, periode__gyldig__contains=gitt.date())
        .in_order()
        .first(),
        tittel=plan.tittel,
        tekst=plan.tekst,
        frist=tid.frist,
    )
    Oppdrag.objects.filter(pk=oppdrag.pk).update(gitt=gitt)
    valg = random.Random(plan.tittel)
    arbeid = []
    for gruppe in grupper:
        status = _status(plan, valg, er_egen=gruppe.pk in egne, er_over=tid.er_over)
        foer = valg.randint(0, max(0, min(9, tid.dager - 3)))
        levert = gitt + datetime.timedelta(days=max(0, tid.dager - foer))
        er_levert = status == Mellomarbeid.Status.LEVERT
        er_delt = er_levert and valg.random() < plan.andel_delt
        m = Mellomarbeid(
            oppdrag=oppdrag,
            gruppe=gruppe,
            kommune_id=kommuner.get(gruppe.enhet_id or 0),
            status=status,
            levert=levert if er_levert else None,
            levert_av_id=folk[gruppe.pk][0] if er_levert else None,
            delt=er_delt,
        )
        arbeid.append((m, levert))
    Mellomarbeid.objects.bulk_create(m for m, _levert in arbeid)
    ordene = _words_to_share(plan, [m for m, _levert in arbeid])
    poster: list[Loggpost] = []
    for m, levert in arbeid:
        faser = [*plan.tekster]
        if m.levert:
            faser.append((_F.DELE, [ordene[m.pk]], [ordene[m.pk]]))
        poster += _entries(plan, m, faser, folk[m.gruppe_id], valg=valg, tid=(gitt, levert))
    Loggpost.objects.bulk_create(poster)
    # As if each was written on its own day.
    skrevet = Loggpost.objects.filter(mellomarbeid__oppdrag=oppdrag)
    skrevet.update(endret=Cast("dato", DateTimeField()))
    for m, _levert in arbeid:
        if m.delt:
            _draw(m, ordene[m.pk], by=folk[m.gruppe_id][0])
    _tell(nettverk, [m for m, _levert in arbeid if m.delt], ordene, folk, valg=valg)


def _tell(
    nettverk: Nettverk,
    delte: list[Mellomarbeid],
    ordene: dict[int, str],
    folk: dict[int, list[int]],
    *,
    valg: random.Random,
) -> None:
    """What was shared is told in Praksis, with its drawing and a theme; some of it others have taken into use."""
    temaer = list(Tema.objects.filter(nettverk=nettverk))
    for m in delte:
        setning, _resten = first_sentence(ordene[m.pk])
        fortelling = Praksisfortelling.objects.create(
            mellomarbeid=m,
            om_alt=True,
            offentlig=True,
            tittel=setning.removesuffix("."),
            tekst=after_first(ordene[m.pk]),
            delt=m.levert or timezone.now(),
            delt_av_id=folk[m.gruppe_id][0],
        )
        fortelling.bilder.set(m.vedlegg.pictures())
        if temaer:
            fortelling.temaer.set([valg.choice(temaer)])
        andre = [n for n in delte if n != m]
        for n in valg.sample(andre, min(len(andre), valg.choice([0, 0, 0, 1, 2, 4]))):
            Praksisbruk.objects.create(
                fortelling=fortelling, gruppe_id=n.gruppe_id, brukt_av_id=folk[n.gruppe_id][0]
            )


def _words_to_share(plan: _Plan, arbeid: list[Mellomarbeid]) -> dict[int, str]:
    """What each that has delivered wrote to the others: the shared first, the newest before the rest, so
    that none says the same as another as long as there are texts."""
    tekster = [itertools.cycle(noen) for noen in plan.delt]
    leverte = [m for m in arbeid if m.levert]
    leverte.sort(key=lambda m: (m.delt, m.levert), reverse=True)
    return {m.pk: next(tekster[_is_school(m)]) for m in leverte}


def _is_school(arbeid: Mellomarbeid) -> bool:
    enhet = arbeid.gruppe.enhet
    return enhet is not None and enhet.type != Enhet.Type.BARNEHAGE


def _draw(arbeid: Mellomarbeid, ordene: str, *, by: int) -> None:
    """The drawing that goes with what they shared, when there is one."""
    nummer = next((n for begynner, n in delt.TEGNET.items() if ordene.startswith(begynner)), None)
    if nummer is None:
        return
    innhold, navn, viser = tegn(nummer)
    Vedlegg.objects.create(
        mellomarbeid=arbeid,
        fil=ContentFile(innhold, navn),
        navn=navn,
        mimetype="image/webp",
        bytes=len(innhold),
        sha256=hashlib.sha256(innhold).hexdigest(),
        alternativ_tekst=viser,
        lastet_opp_av_id=by,
        ansikter=Vedlegg.Ansikter.INGEN,
        ansikter_av_id=by,
        ansikter_svart=timezone.now(),
    )


def _status(
    plan: _Plan, valg: random.Random, *, er_egen: bool, er_over: bool
) -> Mellomarbeid.Status:
    """The demo leader's own unit has delivered what is over, and not begun what is new."""
    terning = valg.random()
    if er_egen:
        return Mellomarbeid.Status.LEVERT if er_over else Mellomarbeid.Status.IKKE_STARTET
    if terning < plan.levert:
        return Mellomarbeid.Status.LEVERT
    if terning < plan.levert + plan.begynt:
        return Mellomarbeid.Status.KLADD
    return Mellomarbeid.Status.IKKE_STARTET


def _entries(
    plan: _Plan,
    arbeid: Mellomarbeid,
    faser: list,
    folk: list[int],
    *,
    valg: random.Random,
    tid: tuple[datetime.datetime, datetime.datetime],
) -> list[Loggpost]:
    """What the unit wrote, between the day it was given and the day it delivered (`tid`)."""
    if arbeid.status == Mellomarbeid.Status.IKKE_STARTET:
        return []
    if arbeid.status != Mellomarbeid.Status.LEVERT:
        faser = faser[: valg.randint(1, 2)]
    skole = _is_school(arbeid)
    forste, siste = (timezone.localdate(naar) for naar in tid)
    return [
        Loggpost(
            mellomarbeid=arbeid,
            fase=fase,
            dato=max(forste, _weekday(siste - datetime.timedelta(days=2 * (len(faser) - nummer)))),
            tekst=valg.choice(i_skole if skole else i_barnehage),
            hvem=valg.choice(plan.hvem[skole]),
            versjon=1,
            skrevet_av_id=valg.choice(folk),
        )
        for nummer, (fase, i_barnehage, i_skole) in enumerate(faser)
    ]


def _weekday(dag: datetime.date) -> datetime.date:
    """The Friday of a weekend: nobody tries things out with children on a Sunday."""
    return dag - datetime.timedelta(days=max(0, dag.weekday() - 4))
