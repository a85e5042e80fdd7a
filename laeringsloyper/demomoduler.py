"""Demo: what the tracks teach. The modules are made up; the works and the addresses are real."""

import datetime
import random
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils import timezone

from kommuner.gyldighet import idag
from laeringsloyper import leseliste, loyper, moduler, ressurser
from laeringsloyper.flater import DEL
from laeringsloyper.models import (
    Enhetsloype,
    Laeringsloype,
    Leseverk,
    Modul,
    Periode,
    Ressurs,
    Ressursbruk,
)
from nettverk.models import Gruppe, Nettverk, Person, Rolle, Verv
from nettverk.portaldeler import turn_on
from nettverk.tilgang.roller import coordinators


@dataclass(frozen=True)
class Planmodul:
    """A module: its words, links (title, address) and works (author, year, title, pages, ISBN)."""

    tittel: str
    formaal: str
    forslag: str = ""
    lenker: tuple[tuple[str, str], ...] = ()
    verk: tuple[tuple[str, int | None, str, str, str], ...] = ()


@dataclass(frozen=True)
class Loypeplan:
    """A track: its aims, and its modules by the number of the period."""

    maal: str
    staasted: str
    foeringer: str
    perioder: dict[int, tuple[Planmodul, ...]] = field(default_factory=dict)


_RAMMEPLAN = ("Rammeplan for barnehagen", "https://www.udir.no/rammeplan")
_OVERORDNET = ("Overordnet del av læreplanverket", "https://www.udir.no/lk20/overordnet-del/")
_TILLER = ("Tom Tiller", 1999, "Aksjonslæring. Forskende partnerskap i skolen", "", "")

_NORDMORE = {
    "laeringsmiljo": Loypeplan(
        maal="Alle barn og unge har minst én voksen som ser dem, og et fellesskap de hører til i.",
        staasted="Ståstedsanalysen viste at de voksne ser ulikt på hva et godt læringsmiljø er, og at vi snakker lite om egen praksis.",
        foeringer="Rammeplan for barnehagen\nOverordnet del av læreplanverket\nMeld. St. 6 (2019–2020) Tett på",
        perioder={
            1: (
                Planmodul(
                    "Relasjoner som bærer",
                    "Vi ser på hvordan vi møter hvert barn, og blir enige om hva vi vil gjøre likt.",
                    "Velg to barn som dere ser lite til. Møt dem med navn og et spørsmål hver dag i to uker. Skriv hva dere la merke til.",
                    (_RAMMEPLAN, _OVERORDNET),
                    (
                        (
                            "May Britt Drugli",
                            2017,
                            "Liten i barnehagen. Forskning, teori og praksis",
                            "",
                            "",
                        ),
                    ),
                ),
                Planmodul(
                    "Å lede et fellesskap",
                    "Felles forventninger til ledelse av barnegruppa og klassen.",
                    "Observer en kollega i overgangen mellom to aktiviteter. Snakk sammen om hva som ga ro.",
                    (),
                    (
                        (
                            "Terje Ogden",
                            2012,
                            "Klasseledelse. Praksis, teori og forskning",
                            "",
                            "",
                        ),
                    ),
                ),
            ),
            2: (
                Planmodul(
                    "Trygt og inkluderende miljø",
                    "Vi oppdager tidligere når noen står utenfor, og vet hva vi gjør da.",
                    "Kartlegg hvor barna er i friminutt og utelek i én uke. Hvor er det få voksne?",
                    (("Nullmobbing", "https://nullmobbing.no"),),
                    (
                        (
                            "NOU 2015: 2",
                            2015,
                            "Å høre til. Virkemidler for et trygt psykososialt skolemiljø",
                            "",
                            "",
                        ),
                    ),
                ),
            ),
            3: (
                Planmodul(
                    "Barnets stemme",
                    "Barn og unge er med og bestemmer hvordan læringsmiljøet skal være.",
                    "La barna vise dere tre steder de har det godt, og ett de vil endre. Gjør noe med det ene.",
                    (_RAMMEPLAN, _OVERORDNET),
                    (
                        (
                            "Kunnskapsdepartementet",
                            2019,
                            "Meld. St. 6 (2019–2020) Tett på – tidlig innsats og inkluderende fellesskap",
                            "",
                            "",
                        ),
                    ),
                ),
                Planmodul(
                    "Laget rundt barnet",
                    "Enhetene og PPT bruker hverandre før sakene blir store.",
                    "Inviter PP-rådgiveren inn i én vanlig dag. Hva så dere sammen som dere ikke så hver for dere?",
                    (("Statped", "https://www.statped.no/"),),
                ),
            ),
        },
    ),
    "sprak-og-skriving": Loypeplan(
        maal="Barn og unge har et rikt språk, og skriver for å tenke, huske og bli hørt.",
        staasted="Vi leser mye for barna, men de snakker lite. Skriving er mest noe en gjør i norsktimen.",
        foeringer="Rammeplan for barnehagen\nLæreplan i norsk\nSpråkløyper, nasjonal strategi for språk, lesing og skriving",
        perioder={
            1: (
                Planmodul(
                    "Samtalen som støtter språket",
                    "Vi blir bevisste på hvem som snakker, hvor lenge vi venter, og hva vi spør om.",
                    "Ta opp lyd av én samtale på fem minutter. Hvem snakker mest? Prøv igjen med lengre ventetid.",
                    (("Språkløyper", "https://sprakloyper.uis.no/"), _RAMMEPLAN),
                    (
                        (
                            "Liv Gjems",
                            2009,
                            "Å samtale seg til kunnskap. Sosiokulturelle teorier om barns læring om språk og gjennom språk",
                            "",
                            "",
                        ),
                        (
                            "Anne Høigård",
                            2013,
                            "Barns språkutvikling. Muntlig og skriftlig",
                            "",
                            "",
                        ),
                    ),
                ),
            ),
            2: (
                Planmodul(
                    "Skrive for å lære",
                    "Skriving får plass i alle fag og i leken.",
                    "Finn tre steder i uka der barna har grunn til å skrive noe til noen. Prøv i tre uker.",
                    (("Skrivesenteret", "https://www.skrivesenteret.no/"),),
                    (
                        (
                            "Kjell Lars Berge, Lars Sigfred Evensen og Ragnar Thygesen",
                            2016,
                            "The Wheel of Writing. A model of the writing domain for the teaching and assessing of writing as a key competency",
                            "",
                            "",
                        ),
                    ),
                ),
                Planmodul(
                    "Tekster som virker",
                    "Vi vurderer tekst etter om den virker, og gir tilbakemelding mens den skrives.",
                    "Gi tilbakemelding på ett sted i teksten, og la eleven skrive videre samme dag.",
                    (("Skrivesenteret", "https://www.skrivesenteret.no/"),),
                ),
            ),
            3: (
                Planmodul(
                    "Lesestund og samtale hver dag",
                    "En fast stund der alle er med i samtalen, og bøkene blir kjent.",
                    "Les den samme boka med ei lita gruppe fem dager på rad. La barna fortelle siden før dere leser den.",
                    (
                        ("Språkløyper", "https://sprakloyper.uis.no/"),
                        ("Læreplan i norsk", "https://www.udir.no/lk20/nor01-06"),
                    ),
                    (
                        (
                            "Utdanningsdirektoratet",
                            2013,
                            "Språk i barnehagen. Mye mer enn bare prat",
                            "",
                            "",
                        ),
                    ),
                ),
                Planmodul(
                    "Skrivehjulet i bruk",
                    "Vi planlegger etter hvorfor og til hvem det skrives.",
                    "Velg én handling i Skrivehjulet som dere bruker lite. Lag en oppgave om noe barna er opptatt av nå.",
                    (("Skrivesenteret", "https://www.skrivesenteret.no/"),),
                    (_TILLER,),
                ),
            ),
        },
    ),
    "matematikk": Loypeplan(
        maal="Barn og unge utforsker, undrer seg og forklarer. Matematikk er noe alle kan få til.",
        staasted="Mange voksne er usikre på egen matematikk. Elevene regner, men forklarer sjelden hvordan de tenker.",
        foeringer="Rammeplan for barnehagen: antall, rom og form\nLæreplan i matematikk 1.–10. trinn\nTett på realfag, nasjonal strategi",
        perioder={
            1: (
                Planmodul(
                    "Antall, rom og form i hverdagen",
                    "Vi ser matematikken som allerede er i leken og i rutinene.",
                    "Skriv ned ti ting barna gjør på en dag som er matematikk. Hvilke av dem snakket dere om?",
                    (("Matematikksenteret", "https://www.matematikksenteret.no/"), _RAMMEPLAN),
                    (
                        (
                            "Ida Heiberg Solem og Elin Kirsti Lie Reikerås",
                            2017,
                            "Det matematiske barnet",
                            "",
                            "",
                        ),
                    ),
                ),
            ),
            2: (
                Planmodul(
                    "Å lede en matematisk samtale",
                    "Barna forklarer for hverandre, og den voksne vet hvilke forklaringer som skal fram.",
                    "Planlegg én samtale: Hvilke svar venter dere, og hvilke to vil dere ha fram? Hva kom?",
                    (("Mattelist", "https://www.mattelist.no/"),),
                    (
                        (
                            "Margaret S. Smith og Mary Kay Stein",
                            2011,
                            "5 Practices for Orchestrating Productive Mathematics Discussions",
                            "",
                            "9780873536776",
                        ),
                        (
                            "Suzanne H. Chapin, Catherine O'Connor og Nancy Canavan Anderson",
                            2009,
                            "Classroom Discussions. Using Math Talk to Help Students Learn",
                            "",
                            "",
                        ),
                    ),
                ),
            ),
            3: (
                Planmodul(
                    "Utforsk ute",
                    "Barna måler, sammenlikner, gjetter og forklarer der de er.",
                    "Ta matematikken med ut minst tre ganger. La barna stille det første spørsmålet.",
                    (
                        ("Mattelist", "https://www.mattelist.no/"),
                        ("Læreplan i matematikk", "https://www.udir.no/lk20/mat01-05"),
                    ),
                    (
                        ("Jo Boaler", 2016, "Mathematical Mindsets", "", "9780470894521"),
                        _TILLER,
                    ),
                ),
                Planmodul(
                    "Feil som gjør oss klokere",
                    "Vi bruker det som ble feil, til å forstå mer, også de voksne.",
                    "Samle fem feil fra uka. Velg den mest interessante, og la barna finne ut hva som var klokt i den.",
                    (("Matematikksenteret", "https://www.matematikksenteret.no/"),),
                ),
            ),
        },
    ),
}

_SUNNMORE = Loypeplan(
    maal="Alle barn og unge har eit rikt språk, og blir lytta til.",
    staasted="Vi les mykje for barna, men samtalane er korte. Ståstadsanalysen viste at vi spør mest om det vi alt veit.",
    foeringer="Rammeplan for barnehagen\nLæreplan i norsk",
    perioder={
        1: (
            Planmodul(
                "Lesestund kvar dag",
                "Ei fast stund der alle er med i samtalen, og bøkene blir kjende.",
                "Les den same boka med ei lita gruppe fem dagar på rad. La barna fortelje sida før de les ho.",
                (
                    ("Språkløyper", "https://sprakloyper.uis.no/"),
                    ("Rammeplan for barnehagen", "https://www.udir.no/rammeplan"),
                ),
                (
                    (
                        "Liv Gjems",
                        2009,
                        "Å samtale seg til kunnskap. Sosiokulturelle teorier om barns læring om språk og gjennom språk",
                        "",
                        "",
                    ),
                ),
            ),
            Planmodul(
                "Spørsmål som opnar",
                "Vi blir medvitne om kven som snakkar, kor lenge vi ventar, og kva vi spør om.",
                "Ta opp lyd av éin samtale på fem minutt. Kven snakkar mest? Prøv igjen, og vent lenger på svar.",
                (("Læreplan i norsk", "https://www.udir.no/lk20/nor01-06"),),
                (_TILLER,),
            ),
        ),
        2: (
            Planmodul(
                "Skrive for å bli høyrd",
                "Skriving får plass i alle fag og i leiken.",
                "Finn tre stader i veka der barna har grunn til å skrive noko til nokon.",
                (("Skrivesenteret", "https://www.skrivesenteret.no/"),),
            ),
        ),
    },
)

# A purpose that was another before: so there is something to read of a day in the past.
_FOER = {"Relasjoner som bærer": "Vi ser på hvordan vi møter hvert barn."}


def make(nettverk: Nettverk) -> None:
    """What is not there yet, as it was written in each period: the history tells the days."""
    folk = list(
        Verv.objects.filter(gruppe__nettverk=nettverk, gruppe__type=Gruppe.Type.FAGMILJO)
        .gyldig()
        .select_related("person")
        .order_by("pk")
    )
    for loype in Laeringsloype.objects.filter(nettverk=nettverk, slug__in=_NORDMORE):
        svarer = [v.person for v in folk if v.gruppe_id == loype.ansvarlig_gruppe_id]
        if svarer and not Modul.objects.filter(periode__loype=loype).exists():
            loype.nettverk = nettverk
            _make_track(loype, _NORDMORE[loype.slug], by=svarer[0])
    for loype in Laeringsloype.objects.filter(nettverk=nettverk):
        if not Ressursbruk.objects.filter(ressurs__modul__periode__loype=loype).exists():
            _say_used(loype)


def begin_on_nynorsk(nettverk: Nettverk) -> None:
    """A network on nynorsk gets a track of its own, when it has none."""
    finnes = Laeringsloype.objects.filter(nettverk=nettverk).exists()
    verv = coordinators(Verv.objects.filter(gruppe__nettverk=nettverk)).gyldig().order_by("pk")
    by = verv.select_related("person").first()
    if finnes or by is None:
        return
    turn_on(nettverk, DEL)
    aar = idag().year - (idag().month < 8)
    loype = loyper.create(
        nettverk=nettverk,
        navn="Språk og samtale",
        om="Korleis vi snakkar, les og skriv saman med barn og unge.",
        forste_dag=datetime.date(aar - 1, 8, 1),
    )
    _make_track(loype, _SUNNMORE, by=by.person)


def _make_track(loype: Laeringsloype, plan: Loypeplan, *, by: Person) -> None:
    loype.maal, loype.staasted, loype.nasjonale_maal = plan.maal, plan.staasted, plan.foeringer
    loype.save(update_fields=["maal", "staasted", "nasjonale_maal"])
    for periode in loype.perioder.all():
        periode.loype = loype
        for planlagt in plan.perioder.get(periode.nummer, ()):
            _make_module(periode, planlagt, by=by)


def _make_module(periode: Periode, plan: Planmodul, *, by: Person) -> None:
    foer = _FOER.get(plan.tittel)
    modul = moduler.add(
        periode,
        tittel=plan.tittel,
        formaal=foer or plan.formaal,
        oppdragsforslag=plan.forslag,
    )
    alle: list[Model] = [modul]
    alle += [
        ressurser.add_link(modul, url=url, tittel=tittel, by=by) for tittel, url in plan.lenker
    ]
    for forfatter, aar, tittel, sider, isbn in plan.verk:
        alle.append(
            leseliste.add(
                modul, forfatter=forfatter, aar=aar, tittel=tittel, sider=sider, isbn=isbn
            )
        )
    dag = min(periode.fra or idag(), idag())
    if foer:
        felt = {
            "tittel": plan.tittel,
            "formaal": plan.formaal,
            "oppdragsforslag": plan.forslag,
        }
        moduler.change(modul, periode=periode, versjon=0, felt=felt)
        _written_on(dag + datetime.timedelta(days=500), "update", [modul])
    _written_on(dag, "insert", alle)


def _written_on(dag: datetime.date, merke: str, rader: list[Model]) -> None:
    naar = timezone.make_aware(datetime.datetime.combine(dag, datetime.time(9)))
    for modell in (Modul, Ressurs, Leseverk):
        numre = [rad.pk for rad in rader if isinstance(rad, modell)]
        hendelser: Any = modell.pgh_event_model  # type: ignore[union-attr]  # history has one for each
        hendelser.objects.filter(id__in=numre, pgh_label=merke).update(pgh_created_at=naar)


def _say_used(loype: Laeringsloype) -> None:
    """Some of the units that have followed the period have used what was in it."""
    ledere = dict(
        Verv.objects.filter(gruppe__nettverk=loype.nettverk, rolle=Rolle.FORMELL_LEDER)
        .gyldig()
        .exclude(gruppe__enhet=None)
        .values_list("gruppe__enhet", "person")
    )
    fulgt = list(
        Enhetsloype.objects.filter(periode__loype=loype)
        .order_by("pk")
        .values_list("periode", "enhet")
    )
    brukt = []
    for ressurs in Ressurs.objects.filter(modul__periode__loype=loype).select_related("modul"):
        terning = random.Random(f"{loype.slug} {ressurs.tittel} {ressurs.modul.tittel}")
        andel = terning.choice([0.2, 0.45, 0.7])
        brukt += [
            Ressursbruk(ressurs=ressurs, enhet_id=enhet, sagt_av_id=ledere[enhet])
            for enhet in dict.fromkeys(e for p, e in fulgt if p == ressurs.modul.periode_id)
            if enhet in ledere and terning.random() < andel
        ]
    Ressursbruk.objects.bulk_create(brukt)
