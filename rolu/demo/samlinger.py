"""Demo: two gatherings that have been, with notes, decisions and attendance, and one that is coming."""

import datetime
import random
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from kommuner.gyldighet import idag
from nettverk.demo.folk import PER_NOEKKEL
from nettverk.models import Gruppe, Mottakere, Nettverk, Person
from rolu.demo.dager import gathering_day, school_day
from rolu.models import Deltakelse, Programpost, Samling, Samlingsserie, Utfall
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


@dataclass(frozen=True)
class Demosamling:
    tittel: str
    tema: str
    sted: str
    om: str
    poster: list[Demopost] = field(default_factory=list)


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


def make(nettverk: Nettverk) -> None:
    """Make the three gatherings that are not there yet. Deterministic for a given day."""
    forste, andre, kommende = _days(idag())
    _held(nettverk, _SPRAAK, forste, andel=0.78)
    _held(nettverk, _LAERINGSMILJOE, andre, andel=0.74)
    _coming(nettverk, kommende)


def _days(dag: datetime.date) -> tuple[datetime.date, datetime.date, datetime.date]:
    """Two days behind us – in this year, when it is old enough to have held two – and one ahead."""
    gaatt = dag.timetuple().tm_yday
    lenge, kort = (round(gaatt * 0.7), round(gaatt * 0.25)) if gaatt >= 60 else (100, 35)
    return (
        gathering_day(dag - datetime.timedelta(days=lenge), bakover=True),
        gathering_day(dag - datetime.timedelta(days=max(kort, 14)), bakover=True),
        gathering_day(dag + datetime.timedelta(days=24)),
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
    start = _at(dag, 9)
    samling, er_ny = Samling.objects.get_or_create(
        nettverk=nettverk,
        tittel=mal.tittel,
        defaults={
            "tema": mal.tema,
            "sted": mal.sted,
            "om": mal.om,
            "start": start,
            "slutt": start + datetime.timedelta(minutes=sum(p.minutter for p in mal.poster)),
            "paameldingsfrist": frist,
            "status": Samling.Status.INVITERT if dag >= idag() else Samling.Status.OPPSUMMERING,
            "publisert": _publishing(dag),
            "serie": _series(nettverk),
            # Everybody may read about the one that is coming.
            "er_offentlig": dag >= idag(),
        },
    )
    if not er_ny:
        return None
    pro = Person.objects.filter(epost=PER_NOEKKEL["pro"].epost).first()
    if pro:
        samling.prosessledere.add(pro)
    poster = []
    for post in mal.poster:
        poster.append(
            Programpost(
                samling=samling,
                start=start,
                varighet=post.minutter,
                tittel=post.tittel,
                arbeidsform=post.arbeidsform,
                leder=post.leder,
                rom=post.rom,
                beskrivelse=post.beskrivelse,
                notat=post.notat,
            )
        )
        start += datetime.timedelta(minutes=post.minutter)
    Programpost.objects.bulk_create(poster)
    _outcomes(samling, mal.poster, poster)
    return samling


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


def _audience(nettverk: Nettverk) -> Mottakere:
    """Every unit, and those who run the network."""
    typer = [Gruppe.Type.KOORDINERINGSGRUPPE, Gruppe.Type.FAGNETTVERK, Gruppe.Type.PROSESSNETTVERK]
    grupper = Gruppe.objects.filter(nettverk=nettverk, type__in=typer)
    return Mottakere(
        nettverk=nettverk, enheter=True, grupper=list(grupper.values_list("pk", flat=True))
    )


def _invited(samling: Samling) -> list[Deltakelse]:
    keep_audience(samling, _audience(samling.nettverk))
    add_participations(samling)
    queue_invitations(samling, by=None, sendt=samling.publisert)
    rader = Deltakelse.objects.filter(samling=samling)
    return list(rader.select_related("verv__gruppe").order_by("pk"))


def _held(nettverk: Nettverk, mal: Demosamling, dag: datetime.date, *, andel: float) -> None:
    """A gathering that has been: most signed up, and about `andel` of all of them met."""
    samling = _gathering(nettverk, mal, dag, _deadline(dag))
    if samling is None:
        return
    tilfeldig = random.Random(mal.tittel)
    svart, doera = _at(_deadline(dag) - datetime.timedelta(days=3), 13), _at(dag, 8, 40)
    rader = _invited(samling)
    trekkene: dict[int, float] = {}  # one per person: who sits in several groups meets once
    enheter = sorted({rad.verv.gruppe_id for rad in rader if rad.verv.gruppe.enhet_id})
    borte = set(
        enheter[7::21]
    )  # a few units that none came from, so that there is somebody to miss
    for rad in rader:
        trekk = trekkene.setdefault(rad.verv.person_id, tilfeldig.random())
        if rad.verv.gruppe_id in borte:
            trekk = 1.0
        if trekk < andel + 0.1:
            rad.status = Deltakelse.Status.PAAMELDT
        elif trekk < andel + 0.18:
            rad.status = Deltakelse.Status.AVMELDT
        if rad.status != Deltakelse.Status.INVITERT:
            rad.svart = svart
        if trekk < andel:
            rad.moett = doera + datetime.timedelta(seconds=tilfeldig.randrange(1500))
    Deltakelse.objects.bulk_update(rader, ["status", "svart", "moett"], batch_size=500)


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
    rader = _invited(samling)
    har_svart: dict[int, bool] = {}
    svarene = []
    for rad in rader:
        gruppe = rad.verv.gruppe_id
        har_svart.setdefault(gruppe, gruppe not in venter and tilfeldig.random() < 0.4)
        if har_svart[gruppe]:
            kommer = tilfeldig.random() < 0.9
            rad.status = Deltakelse.Status.PAAMELDT if kommer else Deltakelse.Status.AVMELDT
            rad.svart = timezone.now() - datetime.timedelta(days=1)
            svarene.append(rad)
    Deltakelse.objects.bulk_update(svarene, ["status", "svart"], batch_size=500)
