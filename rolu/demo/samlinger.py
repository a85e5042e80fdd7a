"""Demo: two gatherings that have been, with notes, decisions and attendance, one of them with its summary
shared; one that is coming, and one that lasts two days."""

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from kommuner.gyldighet import idag
from nettverk.arbeid import jobber
from nettverk.demo.folk import PER_NOEKKEL
from nettverk.models import Gruppe, Mottakere, Nettverk, Person
from rolu.demo import evaluering
from rolu.demo.dager import gathering_day, school_day
from rolu.models import Deltakelse, Oppsummering, Programpost, Samling, Samlingsserie, Utfall
from rolu.samlinger import oppsummering
from rolu.samlinger.dager import Tid, set_days
from rolu.samlinger.publisering import add_participations, keep_audience
from rolu.samlinger.samlingsbrev import queue_invitations

_A = Programpost.Arbeidsform
_U = Utfall.Type


@dataclass(frozen=True)
class Demoutfall:
    """What came of an item. A commitment (oppfølging) is taken on by the group of that function, to be done
    so many days from today."""

    type: str
    tekst: str
    gruppe: str = ""
    dager: int = 0

    def felt(self, samling: Samling) -> dict[str, Any]:
        """Its fields; none when the network has no such group."""
        if not self.gruppe:
            return {"type": self.type, "tekst": self.tekst}
        gruppe = Gruppe.objects.filter(nettverk=samling.nettverk, type=self.gruppe).first()
        if gruppe is None:
            return {}
        return {
            "type": self.type,
            "tekst": self.tekst,
            "gruppe": gruppe,
            "frist": idag() + datetime.timedelta(days=self.dager),
        }


@dataclass(frozen=True)
class Demopost:
    minutter: int
    tittel: str
    arbeidsform: str = _A.PLENUM
    leder: str = ""
    rom: str = ""
    beskrivelse: str = ""
    notat: str = ""
    utfall: tuple[Demoutfall, ...] = ()
    materiell: str = ""
    internt: str = ""
    spor: str = ""
    # Begins with the one before it, in another track.
    samtidig: bool = False
    # Begins the next day, at this hour.
    neste_dag: int | None = None


@dataclass(frozen=True)
class Demosamling:
    tittel: str
    tema: str
    sted: str
    om: str
    poster: list[Demopost] = field(default_factory=list)
    type: str = Samling.Type.ROLU
    fra: int = 9
    plasser: int | None = None
    i_serien: bool = True


_SPRAAK = Demosamling(
    "ROLU-samling: Samtaler om bøker",
    "Språk og skriving i hverdagen",
    "Tingvoll kulturhus",
    "Vi deler erfaringer med lesestunder og planlegger det neste mellomarbeidet.",
    [
        Demopost(15, "Velkommen og mål for dagen", leder="Gunnhild Tarevik", rom="Storsalen"),
        Demopost(
            45,
            "Hva gjør en god samtale om en bok?",
            leder="Marit Rogneskar",
            rom="Storsalen",
            beskrivelse="Innlegg med eksempler fra barnehage og småtrinn.",
            notat="Åpne spørsmål og tid til å tenke går igjen i alle eksemplene. Flere pekte på at gjentatt lesing av samme bok gir lengre samtaler.",
        ),
        Demopost(15, "Pause", _A.PAUSE),
        Demopost(
            75,
            "Verksted: lag en lesestund",
            _A.VERKSTED,
            leder="Sunniva Lyngskjær",
            rom="Gruppebord",
            beskrivelse="Hver utviklingsgruppe lager et opplegg for egen enhet.",
            notat="Gruppene med både barnehage og skole kom lengst. Noen ønsker en felles bokliste for overgangen.",
            utfall=(
                Demoutfall(
                    _U.BESLUTNING,
                    "Alle enheter prøver ut lesestund i små grupper før neste samling.",
                ),
                Demoutfall(_U.INNSIKT, "Korte økter hver dag gir mer enn én lang i uka."),
            ),
        ),
        Demopost(45, "Lunsj", _A.PAUSE),
        Demopost(
            60,
            "Gruppearbeid på tvers av kommunene",
            _A.GRUPPE,
            rom="Gruppebord",
            notat="Private og kommunale barnehager har ulike rammer for planleggingstid. Det må vi ta hensyn til når vi gir oppdrag.",
        ),
        Demopost(
            30,
            "Oppsummering og oppdrag",
            leder="Gunnhild Tarevik",
            rom="Storsalen",
            utfall=(
                Demoutfall(
                    _U.BESLUTNING,
                    "Koordineringsgruppa lager en felles bokliste for overgangen mellom barnehage og skole.",
                ),
                Demoutfall(
                    _U.OPPFOLGING,
                    "Sende utkastet til boklista på høring til skolene.",
                    Gruppe.Type.KOORDINERINGSGRUPPE,
                    -3,
                ),
            ),
        ),
    ],
)
_LAERINGSMILJOE = Demosamling(
    "ROLU-samling: Trygge fellesskap",
    "Læringsmiljø og psykososial helse",
    "Sunndal kulturhus",
    "Vi ser på hva observasjonene fra lesestundene forteller om fellesskapet i gruppa.",
    [
        Demopost(20, "Velkommen", leder="Gunnhild Tarevik", rom="Kultursalen"),
        Demopost(
            60,
            "Hva har vi prøvd? Deling fra tre enheter",
            leder="Sverre Måkestad",
            rom="Kultursalen",
            notat="To av tre enheter så at stille barn deltok mer etter hvert. Alle tre brukte den samme boka flere dager på rad.",
        ),
        Demopost(15, "Pause", _A.PAUSE),
        Demopost(
            60,
            "Refleksjon i utviklingsgruppene",
            _A.REFLEKSJON,
            rom="Gruppebord",
            notat="Gruppene ønsker bedre tid til å observere. Flere vil bytte på hvem som noterer.",
            utfall=(
                Demoutfall(
                    _U.BESLUTNING, "Utviklingsgruppene avtaler faste tidspunkt for observasjon."
                ),
                Demoutfall(
                    _U.OPPFOLGING,
                    "Lage et felles skjema for observasjon.",
                    Gruppe.Type.FAGNETTVERK,
                    12,
                ),
            ),
        ),
        Demopost(45, "Lunsj", _A.PAUSE),
        Demopost(
            75,
            "Verksted: fra observasjon til tiltak",
            _A.VERKSTED,
            leder="Sunniva Lyngskjær",
            rom="Gruppebord",
            utfall=(
                Demoutfall(_U.BESLUTNING, "Neste oppdrag handler om uteområdet som læringsarena."),
                Demoutfall(
                    _U.OPPDRAG,
                    "Velg ett sted ute som dere bruker hver uke, og skriv hva barna gjør der.",
                ),
            ),
        ),
        Demopost(20, "Veien videre", leder="Gunnhild Tarevik", rom="Kultursalen"),
    ],
)
_KOMMENDE = Demosamling(
    "ROLU-samling: Uteområdet som læringsarena",
    "Matematikk og språk ute",
    "Averøy kultursenter",
    "Ta med ett bilde av uteområdet deres, uten barn på bildet.",
    [
        Demopost(15, "Velkommen og mål for dagen", leder="Gunnhild Tarevik", rom="Salen"),
        Demopost(45, "Begreper vi møter ute", leder="Marit Rogneskar", rom="Salen"),
        Demopost(15, "Pause", _A.PAUSE),
        Demopost(
            90,
            "Verksted ute",
            _A.VERKSTED,
            leder="Sunniva Lyngskjær",
            rom="Skolegården",
            beskrivelse="Vi er ute uansett vær. Kle dere etter forholdene.",
        ),
        Demopost(45, "Lunsj", _A.PAUSE),
        Demopost(60, "Utviklingsgruppene planlegger", _A.GRUPPE, rom="Grupperom"),
        Demopost(15, "Oppsummering", leder="Gunnhild Tarevik", rom="Salen"),
    ],
)
_FAGDAGER = Demosamling(
    "Fagdager for veiledere: spørsmål som åpner",
    "Å veilede utviklingsgrupper",
    "Smøla, Hopen samfunnshus",
    "To dager fra lunsj til lunsj. Ta med en samtale du gjerne skulle hatt en gang til.",
    [
        Demopost(60, "Lunsj og innsjekk", _A.PAUSE, rom="Kafeen"),
        Demopost(
            75,
            "Spørsmål som åpner, og spørsmål som lukker",
            leder="Marit Rogneskar",
            rom="Storsalen",
            materiell="Samtalekort, ett sett per bord",
            internt="Marit trenger en håndholdt mikrofon. Kortene ligger i esken bak scenen.",
        ),
        Demopost(15, "Pause", _A.PAUSE),
        Demopost(
            90,
            "Verksted: veiledning i barnehagen",
            _A.VERKSTED,
            leder="Sunniva Lyngskjær",
            rom="Peisestua",
            materiell="Flippover, tusjer",
            spor="Barnehage",
        ),
        Demopost(
            90,
            "Verksted: veiledning i skolen",
            _A.VERKSTED,
            leder="Sverre Måkestad",
            rom="Klasserom 2",
            spor="Skole",
            samtidig=True,
        ),
        Demopost(30, "Dagen i tre setninger", _A.REFLEKSJON, rom="Storsalen"),
        Demopost(
            15,
            "God morgen, og kart over dagen",
            leder="Gunnhild Tarevik",
            rom="Storsalen",
            neste_dag=9,
        ),
        Demopost(
            90,
            "Vi øver: én veileder, én gruppe, én observatør",
            _A.GRUPPE,
            rom="Grupperom",
            internt="Del i grupper på tvers av kommunene. Lista henger ved inngangen.",
        ),
        Demopost(15, "Pause", _A.PAUSE),
        Demopost(
            60,
            "Hva tar vi med til utviklingsgruppene?",
            leder="Gunnhild Tarevik",
            rom="Storsalen",
        ),
        Demopost(60, "Lunsj før hjemreise", _A.PAUSE, rom="Kafeen"),
    ],
    type=Samling.Type.FAGDAG,
    fra=12,
    plasser=40,
    i_serien=False,
)


def make(nettverk: Nettverk) -> None:
    """Make the gatherings that are not there yet. Deterministic for a given day."""
    forste, andre, kommende, to_dager = _days(idag())
    _held(nettverk, _SPRAAK, forste, andel=0.78)
    _held(nettverk, _LAERINGSMILJOE, andre, andel=0.74)
    _coming(nettverk, kommende)
    _two_days(nettverk, to_dager)


def _days(dag: datetime.date) -> tuple[datetime.date, ...]:
    """Two days behind us – in this year, when it is old enough to have held two – one ahead, and the first of
    two after that."""
    gaatt = dag.timetuple().tm_yday
    lenge, kort = (round(gaatt * 0.7), round(gaatt * 0.25)) if gaatt >= 60 else (100, 35)
    kommende = gathering_day(dag + datetime.timedelta(days=24))
    return (
        gathering_day(dag - datetime.timedelta(days=lenge), bakover=True),
        gathering_day(dag - datetime.timedelta(days=max(kort, 14)), bakover=True),
        kommende,
        gathering_day(kommende + datetime.timedelta(days=14), dager=2),
    )


def _deadline(dag: datetime.date) -> datetime.date:
    """The last day to answer: a school day about ten days before."""
    return school_day(dag - datetime.timedelta(days=10), bakover=True)


def _publishing(dag: datetime.date) -> datetime.datetime:
    """Six weeks before, in the morning of a school day; what comes soon was told of the other day."""
    lenge = school_day(dag - datetime.timedelta(weeks=6))
    nylig = school_day(idag() - datetime.timedelta(days=2), bakover=True)
    return _at(min(lenge, nylig), 9)


def _at(dag: datetime.date, time: int, minutt: int = 0) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(dag, datetime.time(time, minutt)))


def _gathering(
    nettverk: Nettverk, mal: Demosamling, dag: datetime.date, frist: datetime.date
) -> Samling | None:
    """The gathering with its programme; None when it was there already."""
    start = _at(dag, mal.fra)
    tider = list(_times(mal.poster, start))
    samling, er_ny = Samling.objects.get_or_create(
        nettverk=nettverk,
        tittel=mal.tittel,
        defaults={
            "type": mal.type,
            "tema": mal.tema,
            "sted": mal.sted,
            "om": mal.om,
            "start": start,
            "slutt": max(slutt for _start, slutt in tider),
            "kapasitet": mal.plasser,
            "paameldingsfrist": frist,
            "status": Samling.Status.INVITERT if dag >= idag() else Samling.Status.OPPSUMMERING,
            "publisert": _publishing(dag),
            "serie": _series(nettverk) if mal.i_serien else None,
            # Everybody may read about the one that is coming.
            "er_offentlig": mal.i_serien and dag >= idag(),
        },
    )
    if not er_ny:
        return None
    pro = Person.objects.filter(epost=PER_NOEKKEL["pro"].epost).first()
    if pro:
        samling.prosessledere.add(pro)
    _set_days(samling, tider)
    poster = [
        Programpost(
            samling=samling,
            start=begynner,
            varighet=post.minutter,
            tittel=post.tittel,
            arbeidsform=post.arbeidsform,
            leder=post.leder,
            rom=post.rom,
            spor=post.spor,
            beskrivelse=post.beskrivelse,
            materiell=post.materiell,
            internt=post.internt,
            notat=post.notat,
        )
        for post, (begynner, _slutt) in zip(mal.poster, tider, strict=True)
    ]
    Programpost.objects.bulk_create(poster)
    _outcomes(samling, mal.poster, poster)
    return samling


def _times(poster: list[Demopost], start: datetime.datetime) -> Iterator[Tid]:
    """When each of them begins and ends: the one after the other, from `start`."""
    forrige = slutt = start
    for post in poster:
        begynner = forrige if post.samtidig else slutt
        if post.neste_dag is not None:
            begynner = _at(forrige.date() + datetime.timedelta(days=1), post.neste_dag)
        forrige, slutt = begynner, begynner + datetime.timedelta(minutes=post.minutter)
        yield begynner, slutt


def _set_days(samling: Samling, tider: list[Tid]) -> None:
    """The days of the programme, each with its own hours."""
    datoer = sorted({timezone.localdate(start) for start, _slutt in tider})
    dagens = {dato: [tid for tid in tider if timezone.localdate(tid[0]) == dato] for dato in datoer}
    dager = [
        (
            dato,
            timezone.localtime(min(start for start, _ in tidene)).time(),
            timezone.localtime(max(slutt for _, slutt in tidene)).time(),
        )
        for dato, tidene in dagens.items()
    ]
    set_days(samling, dager)


def _series(nettverk: Nettverk) -> Samlingsserie:
    serie, _er_ny = Samlingsserie.objects.get_or_create(
        nettverk=nettverk,
        navn="ROLU-samlinger",
        defaults={"om": "To ganger i året samles utviklingsgruppene fra alle kommunene."},
    )
    return serie


def _outcomes(samling: Samling, maler: list[Demopost], poster: list[Programpost]) -> None:
    """What came of each item; the decisions numbered as they were made."""
    utfall = [
        Utfall(samling=samling, programpost=post, **felt)
        for mal, post in zip(maler, poster, strict=True)
        for ett in mal.utfall
        if (felt := ett.felt(samling))
    ]
    beslutninger = [u for u in utfall if u.type == Utfall.Type.BESLUTNING]
    for nummer, ett in enumerate(beslutninger, start=1):
        ett.nummer = nummer
    Utfall.objects.bulk_create(utfall)


def _audience(nettverk: Nettverk, *, enheter: bool) -> Mottakere:
    """Those who run the network, and every unit or none."""
    typer = [Gruppe.Type.KOORDINERINGSGRUPPE, Gruppe.Type.FAGNETTVERK, Gruppe.Type.PROSESSNETTVERK]
    grupper = Gruppe.objects.filter(nettverk=nettverk, type__in=typer)
    return Mottakere(
        nettverk=nettverk, enheter=enheter, grupper=list(grupper.values_list("pk", flat=True))
    )


def _invited(samling: Samling, *, enheter: bool = True) -> list[Deltakelse]:
    keep_audience(samling, _audience(samling.nettverk, enheter=enheter))
    add_participations(samling)
    queue_invitations(samling, by=None, sendt=samling.publisert)
    rader = Deltakelse.objects.filter(samling=samling)
    return list(rader.select_related("verv__gruppe", "verv__person").order_by("pk"))


def _held(nettverk: Nettverk, mal: Demosamling, dag: datetime.date, *, andel: float) -> None:
    """A gathering that has been: most signed up, and about `andel` of all of them met."""
    samling = _gathering(nettverk, mal, dag, _deadline(dag))
    if samling is None:
        return
    tilfeldig = random.Random(mal.tittel)
    svart, doera = _at(_deadline(dag) - datetime.timedelta(days=3), 13), _at(dag, 8, 40)
    rader = _invited(samling)
    enheter = sorted({rad.verv.gruppe_id for rad in rader if rad.verv.gruppe.enhet_id})
    borte = set(
        enheter[7::21]
    )  # a few units that none came from, so that there is somebody to miss
    # One per person: who sits in several groups meets once, and who sits in one of those away, by none.
    trekkene = {rad.verv.person_id: 1.0 for rad in rader if rad.verv.gruppe_id in borte}
    for rad in rader:
        trekk = trekkene.setdefault(rad.verv.person_id, tilfeldig.random())
        if trekk < andel + 0.1:
            rad.status = Deltakelse.Status.PAAMELDT
        elif trekk < andel + 0.18:
            rad.status = Deltakelse.Status.AVMELDT
        if rad.status != Deltakelse.Status.INVITERT:
            rad.svart = svart
        if trekk < andel:
            rad.moett = doera + datetime.timedelta(seconds=tilfeldig.randrange(1500))
    Deltakelse.objects.bulk_update(rader, ["status", "svart", "moett"], batch_size=500)
    if mal is _LAERINGSMILJOE:
        evaluering.make(samling)


def _coming(nettverk: Nettverk, dag: datetime.date) -> None:
    """A gathering that is invited to: four of ten groups have answered, the demo leader has not."""
    samling = _gathering(nettverk, _KOMMENDE, dag, _deadline(dag))
    if samling is None:
        return
    tilfeldig = random.Random(_KOMMENDE.tittel)
    venter = set(
        Gruppe.objects.filter(
            nettverk=nettverk, verv__person__epost=PER_NOEKKEL["enhetsleder"].epost
        ).values_list("pk", flat=True)
    )
    _answered(_invited(samling), venter, tilfeldig)


def _coordinator() -> Person | None:
    return Person.objects.filter(epost=PER_NOEKKEL["koordinator"].epost).first()


def _two_days(nettverk: Nettverk, dag: datetime.date) -> None:
    """A gathering over two days, for those who guide the others, where there are any."""
    if not _audience(nettverk, enheter=False).grupper:
        return
    samling = _gathering(nettverk, _FAGDAGER, dag, _deadline(dag))
    if samling is None:
        return
    tilfeldig = random.Random(_FAGDAGER.tittel)
    _answered(_invited(samling, enheter=False), set(), tilfeldig)


def _answered(rader: list[Deltakelse], venter: set[int], tilfeldig: random.Random) -> None:
    """Four of ten groups have answered, but none of `venter`."""
    har_svart: dict[int, bool] = {}
    svarene = []
    koordinator = _coordinator()
    for rad in rader:
        gruppe = rad.verv.gruppe_id
        har_svart.setdefault(gruppe, gruppe not in venter and tilfeldig.random() < 0.4)
        if har_svart[gruppe]:
            kommer = tilfeldig.random() < 0.9 or rad.verv.person == koordinator
            rad.status = Deltakelse.Status.PAAMELDT if kommer else Deltakelse.Status.AVMELDT
            rad.svart = timezone.now() - datetime.timedelta(days=1)
            svarene.append(rad)
    Deltakelse.objects.bulk_update(svarene, ["status", "svart"], batch_size=500)


def share_summary(nettverk: Nettverk) -> None:
    """The summary of the first gathering as the portal makes it, shared a week after, without letters. After what
    it tells of is made."""
    samling = Samling.objects.get(nettverk=nettverk, tittel=_SPRAAK.tittel)
    koordinator = _coordinator()
    if koordinator is None or Oppsummering.objects.filter(samling=samling).exists():
        return
    jobb = oppsummering.order(samling, by=koordinator)
    jobber.run(jobb.pk)
    oppsummering.publish(samling, jobb=jobb.pk, by=koordinator)
    delt = _at(school_day(samling.dato + datetime.timedelta(days=7)), 10)
    Oppsummering.objects.filter(samling=samling).update(publisert=delt)
