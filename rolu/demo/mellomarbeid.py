"""Demo: one assignment that most units have delivered, and one that has just begun."""

import datetime
import random
from dataclasses import dataclass

from django.utils import timezone

from kommuner.gyldighet import idag
from kommuner.models import Enhet
from laeringsloyper.models import Laeringsloype
from nettverk.demo.folk import PER_NOEKKEL
from nettverk.models import Gruppe, Mottakere, Nettverk, Rolle, Verv
from rolu.demo.dager import school_day
from rolu.mellomarbeid.oppdrag import kommune_per_enhet
from rolu.models import Loggpost, Mellomarbeid, Oppdrag, Samling

_F = Loggpost.Fase

# (phase, texts for kindergartens, texts for schools): «lesestund» – the assignment that is over.
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
            "Boka ble med ut i skogen. Vi leste på gapahuken og fant ting fra boka på veien hjem.",
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
    (
        _F.DELE,
        [
            "Start med én bok og en liten gruppe. Les den samme boka flere ganger, og la barna ta over mer og mer.",
            "Heng opp en liste der alle voksne noterer ett ord barna lurte på. Vi tar ordene opp på avdelingsmøtet.",
        ],
        [
            "La lesevennene velge bok selv. Sett av tid til å øve på å lese høyt før de møtes.",
            "Tolv minutter er nok. Det viktigste er at det skjer hver dag, og at læreren leser selv.",
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
    """An assignment of the demo; `levert` and `begynt` are shares of the units."""

    tittel: str
    tekst: str
    loype: str
    gitt: int
    frist: int
    levert: float
    begynt: float
    tekster: list


_PLANER = [
    _Plan(
        tittel="Les og snakk sammen hver dag",
        tekst="Prøv ut en fast lese- eller samtalestund i fire uker.\n\nBli enige om hvordan dere gjør det, prøv, og legg merke til hva som skjer med barnas språk. Skriv kort underveis – noen linjer etter hver økt er nok.",
        loype="Språk",
        gitt=-95,
        frist=-24,
        levert=0.88,
        begynt=0.06,
        tekster=_LESESTUND,
    ),
    _Plan(
        tittel="Utforsk matematikken ute",
        tekst="Ta matematikken med ut minst tre ganger før neste samling.\n\nLa barna måle, sammenlikne, gjette og forklare. Skriv hva dere prøvde, og hva dere så og hørte. Ta gjerne bilder av hender, spor og ting – ikke av ansikter.",
        loype="Matematikk",
        gitt=-14,
        frist=21,
        levert=0.05,
        begynt=0.14,
        tekster=_MATTE_UTE,
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
    for plan in _PLANER:
        if not Oppdrag.objects.filter(nettverk=nettverk, tittel=plan.tittel).exists():
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


def _make(
    plan: _Plan,
    nettverk: Nettverk,
    *,
    grupper: list[Gruppe],
    kommuner: dict[int, int],
    folk: dict[int, list[int]],
    egne: set[int],
) -> None:
    naa = timezone.now()
    gitt = naa + datetime.timedelta(days=plan.gitt)
    oppdrag = Oppdrag.objects.create(
        nettverk=nettverk,
        mottakere=Mottakere.objects.create(nettverk=nettverk, enheter=True),
        samling=Samling.objects.filter(nettverk=nettverk, start__lte=gitt).past().first(),
        laeringsloype=Laeringsloype.objects.filter(
            nettverk=nettverk, navn__startswith=plan.loype
        ).first(),
        tittel=plan.tittel,
        tekst=plan.tekst,
        frist=school_day(idag() + datetime.timedelta(days=plan.frist), bakover=plan.frist < 0),
    )
    Oppdrag.objects.filter(pk=oppdrag.pk).update(gitt=gitt)
    valg = random.Random(plan.tittel)
    arbeid, poster = [], []
    # The last day one can have delivered: yesterday, or the deadline.
    dager = min(plan.frist, -1) - plan.gitt
    for gruppe in grupper:
        status = _status(plan, valg, er_egen=gruppe.pk in egne)
        levert = gitt + datetime.timedelta(days=dager - valg.randint(0, min(9, dager - 3)))
        er_levert = status == Mellomarbeid.Status.LEVERT
        delt = er_levert and valg.random() < 0.12
        m = Mellomarbeid(
            oppdrag=oppdrag,
            gruppe=gruppe,
            kommune_id=kommuner.get(gruppe.enhet_id or 0),
            status=status,
            levert=levert if er_levert else None,
            levert_av_id=folk[gruppe.pk][0] if er_levert else None,
            delt=delt,
            offentlig=delt,
        )
        arbeid.append(m)
        poster += _entries(plan, m, folk[gruppe.pk], valg, levert)
    Mellomarbeid.objects.bulk_create(arbeid)
    Loggpost.objects.bulk_create(poster)


def _status(plan: _Plan, valg: random.Random, *, er_egen: bool) -> Mellomarbeid.Status:
    """The demo leader's own unit has delivered what is over, and not begun what is new."""
    terning = valg.random()
    if er_egen:
        return Mellomarbeid.Status.LEVERT if plan.frist < 0 else Mellomarbeid.Status.IKKE_STARTET
    if terning < plan.levert:
        return Mellomarbeid.Status.LEVERT
    if terning < plan.levert + plan.begynt:
        return Mellomarbeid.Status.KLADD
    return Mellomarbeid.Status.IKKE_STARTET


def _entries(
    plan: _Plan,
    arbeid: Mellomarbeid,
    folk: list[int],
    valg: random.Random,
    sist: datetime.datetime,
) -> list[Loggpost]:
    if arbeid.status == Mellomarbeid.Status.IKKE_STARTET:
        return []
    er_levert = arbeid.status == Mellomarbeid.Status.LEVERT
    faser = plan.tekster if er_levert else plan.tekster[: valg.randint(1, 2)]
    enhet = arbeid.gruppe.enhet
    skole = enhet is not None and enhet.type != Enhet.Type.BARNEHAGE
    siste = timezone.localtime(sist).date()
    return [
        Loggpost(
            mellomarbeid=arbeid,
            fase=fase,
            dato=_weekday(siste - datetime.timedelta(days=2 * (len(faser) - nummer))),
            tekst=valg.choice(i_skole if skole else i_barnehage),
            hvem=valg.choice(_HVEM_SKOLE if skole else _HVEM_BARNEHAGE),
            versjon=1,
            skrevet_av_id=valg.choice(folk),
        )
        for nummer, (fase, i_barnehage, i_skole) in enumerate(faser)
    ]


def _weekday(dag: datetime.date) -> datetime.date:
    """The Friday of a weekend: nobody tries things out with children on a Sunday."""
    return dag - datetime.timedelta(days=max(0, dag.weekday() - 4))
