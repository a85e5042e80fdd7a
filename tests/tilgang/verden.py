"""Two networks with one of everything, and one person per role, for the walk of every address.

Nettverk A has two kommuner. In the first lie «own» and «other_unit», in the second «other_kommune».
Nettverk B has one kommune with one unit. The people all belong to A, except the stranger.
"""

import datetime
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from evaluering.models import Aarsrapport, Sporsmaal
from evaluering.undersokelser import runder, skjemaer
from fremtidsbilder.models import (
    Fremtidsbilde,
    Maal,
    Maalkommentar,
    Samtalesporsmaal,
    Skannebunke,
    Skanneside,
    Tankesmie,
    Tema,
)
from fremtidsbilder.tankesmier import styring
from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet, Kommune
from laeringsloyper.models import (
    Enhetsloype,
    Laeringsloype,
    Leseverk,
    Modul,
    Periode,
    Ressurs,
    Ressursbruk,
)
from nettverk.arbeid.gjelder import gjelder
from nettverk.models import (
    Brev,
    Deling,
    Gruppe,
    Jobb,
    Listevisning,
    Medlemskap,
    Nettverk,
    Omslag,
    Partner,
    Person,
    Rolle,
    Verv,
)
from rolu.models import (
    Bordkart,
    Bordplass,
    Bordskille,
    Deltakelse,
    Endringsoenske,
    Loggpost,
    Mellomarbeid,
    Nestesteg,
    Oppdrag,
    Oppsummeringsblokk,
    Praksisbruk,
    Praksisfortelling,
    Programpost,
    Saksvedlegg,
    Samling,
    Samlingsevaluering,
    Samlingsserie,
    Samtale,
    Stoettehandling,
    Stoettesignal,
    Tilbakemelding,
    Utfall,
    Vedlegg,
)
from rolu.samlinger import samtaler
from tests.kommuner.factories import EnhetFactory, EnhetstallFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    kog,
    kommuneansvarlig,
    koordinator,
    medlem,
)

STEDER = ("own", "other_unit", "other_kommune", "other_network")


@dataclass
class Sted:
    """A unit and what hangs on it."""

    enhet: Enhet
    kommune: Kommune
    gruppe: Gruppe
    verv: Verv
    deltakelse: Deltakelse
    mellomarbeid: Mellomarbeid
    loggpost: Loggpost
    tilbakemelding: Tilbakemelding
    nestesteg: Nestesteg
    vedlegg: Vedlegg
    bilde: Vedlegg
    fortelling: Praksisfortelling
    maal: Maal
    maalkommentar: Maalkommentar
    tankesmie: Tankesmie
    tankesmiesporsmaal: Samtalesporsmaal
    skanneside: Skanneside
    enhetsloype: Enhetsloype
    ressursbruk: Ressursbruk
    stoettesignal: Stoettesignal
    stoettehandling: Stoettehandling


@dataclass
class Felles:
    """What a network has one of."""

    nettverk: Nettverk
    gruppe: Gruppe
    verv: Verv
    medlemskap: Medlemskap
    partner: Partner
    deling: Deling
    loype: Laeringsloype
    periode: Periode
    modul: Modul
    ressurs: Ressurs
    leseverk: Leseverk
    fremtidsbilde: Fremtidsbilde
    fremtidsbilde_utkast: Fremtidsbilde
    tema: Tema
    tema_publisert: Tema
    maal: Maal
    samling: Samling
    serie: Samlingsserie
    samling_utkast: Samling
    oppsummeringsblokk: Oppsummeringsblokk
    programpost: Programpost
    bordkart: Bordkart
    bordplass: Bordplass
    bordskille: Bordskille

    samtale: Samtale
    samtalesporsmaal: Samtalesporsmaal
    tankesmie: Tankesmie
    saksvedlegg: Saksvedlegg
    oenske: Endringsoenske
    utfall: Utfall
    oppdrag: Oppdrag
    jobb: Jobb
    brev: Brev
    aarsrapport: Aarsrapport
    listevisning: Listevisning
    omslag: Omslag
    sporsmaal: Sporsmaal
    evaluering: Samlingsevaluering


@dataclass
class Verden:
    a: Felles
    b: Felles
    steder: dict[str, Sted]
    folk: dict[str, Person | None] = field(default_factory=dict)

    def felles(self, sted: str) -> Felles:
        return self.b if sted == "other_network" else self.a


def lag_verden() -> Verden:
    """Build it. The stranger (`fremmed`) coordinates network B."""
    a, b = NettverkFactory(slug="en"), NettverkFactory(slug="to")
    en, to = MedlemskapFactory(nettverk=a).kommune, MedlemskapFactory(nettverk=a).kommune
    tre = MedlemskapFactory(nettverk=b).kommune
    skriver = PersonFactory()
    felles = {n.slug: _felles(n, skriver) for n in (a, b)}
    steder = {
        "own": _sted(felles["en"], en, skriver),
        "other_unit": _sted(felles["en"], en, skriver),
        "other_kommune": _sted(felles["en"], to, skriver),
        "other_network": _sted(felles["to"], tre, skriver),
    }
    verden = Verden(felles["en"], felles["to"], steder)
    verden.folk = _folk(verden)
    return verden


def _felles(nettverk: Nettverk, skriver: Person) -> Felles:
    naa = timezone.now()
    fagmiljo = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGMILJO)
    loype = Laeringsloype.objects.create(
        nettverk=nettverk, slug="matematikk", navn="Matematikk", ansvarlig_gruppe=fagmiljo
    )
    loypas_periode = Periode.objects.create(
        loype=loype,
        nummer=1,
        gyldig=periode(
            idag() - datetime.timedelta(days=400), idag() + datetime.timedelta(days=400)
        ),
    )
    modul = Modul.objects.create(periode=loypas_periode, tittel="Tall")
    ressurs = Ressurs.objects.create(
        modul=modul,
        slag=Ressurs.Slag.FIL,
        tittel="Hefte",
        fil=ContentFile(b"ok", "hefte.txt"),
        navn="hefte.txt",
        mimetype="text/plain",
        bytes=2,
        sha256="0" * 64,
        lastet_opp_av=skriver,
    )
    verv = VervFactory(gruppe=GruppeFactory(nettverk=nettverk, type=Gruppe.Type.NY_PRAKSIS))
    tid = {"start": naa - datetime.timedelta(hours=1), "slutt": naa + datetime.timedelta(hours=5)}
    samling = Samling.objects.create(
        nettverk=nettverk,
        tittel="Samling",
        sted="Salen",
        status=Samling.Status.INVITERT,
        publisert=naa,
        er_offentlig=True,
        **tid,
    )
    programpost = Programpost.objects.create(
        samling=samling, start=tid["start"], varighet=30, tittel="Åpning"
    )
    bordkart = Bordkart.objects.create(samling=samling, satt=naa)
    en, annen = sorted([verv.person, skriver], key=lambda person: person.pk)

    evaluering = _evaluering(samling)

    samtale = samtaler.make(samling, programpost=programpost, sporsmaal=["Hva virker?"])
    return Felles(
        nettverk=nettverk,
        gruppe=verv.gruppe,
        verv=verv,
        medlemskap=nettverk.medlemskap.first(),
        partner=Partner.objects.create(nettverk=nettverk, navn="NTNU", gyldig=periode(None)),
        deling=Deling.objects.create(nettverk=nettverk, tittel="ICSEI"),
        loype=loype,
        periode=loypas_periode,
        modul=modul,
        ressurs=ressurs,
        leseverk=Leseverk.objects.create(modul=modul, forfatter="Ukjent", tittel="Boka"),
        fremtidsbilde=Fremtidsbilde.objects.create(
            nettverk=nettverk, nivaa="nettverk", tittel="Bildet", publisert=True
        ),
        fremtidsbilde_utkast=Fremtidsbilde.objects.create(
            nettverk=nettverk, nivaa="nettverk", tittel="Utkastet"
        ),
        tema=Tema.objects.create(nettverk=nettverk, navn="Temaet"),
        tema_publisert=Tema.objects.create(
            nettverk=nettverk, navn="Det publiserte", offentlig=True, beskrivelse="Om det."
        ),
        maal=Maal.objects.create(
            nettverk=nettverk, type="effekt", tekst="Målet", tilstand="vedtatt"
        ),
        samling=samling,
        serie=Samlingsserie.objects.create(nettverk=nettverk, navn="Serien"),
        samling_utkast=Samling.objects.create(
            nettverk=nettverk, tittel="Utkast", sted="Salen", **tid
        ),
        utfall=Utfall.objects.create(
            samling=samling,
            type=Utfall.Type.OPPFOLGING,
            tekst="Lage bokliste",
            gruppe=verv.gruppe,
        ),
        oppsummeringsblokk=Oppsummeringsblokk.objects.create(
            samling=samling, slag="fakta", rekkefolge=1, hentet=naa
        ),
        programpost=programpost,
        bordkart=bordkart,
        bordplass=Bordplass.objects.create(bordkart=bordkart, person=verv.person, bord=1),
        bordskille=Bordskille.objects.create(bordkart=bordkart, en=en, annen=annen),
        samtale=samtale,
        samtalesporsmaal=samtale.tankesmie.sporsmaal.get(),
        tankesmie=styring.make(
            nettverk, tittel="Rom", sporsmaal=["Hva?"], frittstaaende=True, deles=True
        ),
        saksvedlegg=Saksvedlegg.objects.create(
            programpost=programpost,
            fil=ContentFile(b"ok", "sak.txt"),
            navn="sak.txt",
            mimetype="text/plain",
            bytes=2,
            sha256="0" * 64,
            lastet_opp_av=verv.person,
        ),
        # For somebody who walks nowhere.
        oenske=Endringsoenske.objects.create(
            deltakelse=Deltakelse.objects.create(
                samling=samling,
                verv=VervFactory(
                    gruppe=GruppeFactory(nettverk=nettverk, type=Gruppe.Type.STYRINGSGRUPPE)
                ),
            ),
            oensker="ja",
        ),
        oppdrag=Oppdrag.objects.create(
            nettverk=nettverk,
            samling=samling,
            laeringsloype=loype,
            tittel="Prøv",
            tekst="Prøv noe",
            frist=idag() + datetime.timedelta(days=20),
        ),
        jobb=Jobb.objects.create(
            nettverk=nettverk,
            slag="evaluering.aarsrapport_pdf",
            gjelder="evaluering.Aarsrapport:1",
            parametre={"aar": 2026},
            status=Jobb.Status.FEILET,
            feil="Gikk ikke",
        ),
        brev=Brev.objects.create(
            nettverk=nettverk,
            epost="a@demo.example",
            slag="rolu.invitasjon",
            gjelder=gjelder(samling),
            sending=uuid.uuid4(),
            spraak="nb",
            melding_id=f"<{nettverk.slug}@demo.example>",
            noekkel=f"{nettverk.slug}",
            tilstand=Brev.Tilstand.AVVIST,
            grunn=Brev.Grunn.ADRESSE,
        ),
        aarsrapport=Aarsrapport.objects.create(nettverk=nettverk, aar=2026),
        # Nobody's who walks: a view is its owner's alone.
        listevisning=Listevisning.objects.create(
            person=skriver, nettverk=nettverk, liste="rolu.deltakere", navn="Mine"
        ),
        omslag=_omslag(nettverk, skriver),
        evaluering=evaluering,
        sporsmaal=skjemaer.questions(evaluering.undersokelse.skjema)[0],
    )


def _evaluering(samling: Samling) -> Samlingsevaluering:
    """Not opened, so that its questions can be changed."""
    nettverk = samling.nettverk
    skjema = skjemaer.newest(nettverk, "samlingsevaluering")
    return Samlingsevaluering.objects.create(
        samling=samling,
        undersokelse=runder.make(skjema, nettverk=nettverk, tittel=samling.tittel),
    )


def _omslag(nettverk: Nettverk, skriver: Person) -> Omslag:
    omslag = Omslag(
        nettverk=nettverk,
        navn="fjorden.webp",
        mimetype="image/webp",
        bytes=2,
        sha256="0" * 64,
        alternativ_tekst="Fjorden en morgen",
        lastet_opp_av=skriver,
    )
    omslag.fil.save("fjorden.webp", ContentFile(b"ok"))
    return omslag


def _sted(felles: Felles, kommune: Kommune, skriver: Person) -> Sted:
    enhet = EnhetFactory(kommune=kommune)
    EnhetstallFactory(enhet=enhet)
    gruppe = GruppeFactory(nettverk=felles.nettverk, utviklingsgruppe=True, enhet=enhet)
    verv = VervFactory(gruppe=gruppe, rolle=Rolle.TILLITSVALGT)
    mellomarbeid = Mellomarbeid.objects.create(
        oppdrag=felles.oppdrag,
        gruppe=gruppe,
        kommune=kommune,
        status=Mellomarbeid.Status.LEVERT,
        levert=timezone.now(),
        levert_av=skriver,
    )
    vedlegg = Vedlegg(
        mellomarbeid=mellomarbeid,
        navn="notat.txt",
        mimetype="text/plain",
        bytes=2,
        sha256="0" * 64,
        lastet_opp_av=skriver,
    )
    vedlegg.fil.save("notat.txt", ContentFile(b"ok"))
    # The unit has said that there are no faces in it.
    bilde = Vedlegg(
        mellomarbeid=mellomarbeid,
        navn="spor.webp",
        mimetype="image/webp",
        bytes=2,
        sha256="1" * 64,
        lastet_opp_av=skriver,
        ansikter=Vedlegg.Ansikter.INGEN,
        ansikter_av=skriver,
        ansikter_svart=timezone.now(),
    )
    bilde.fil.save("spor.webp", ContentFile(b"ok"))
    loggpost = _loggpost(mellomarbeid, skriver)
    maal = Maal.objects.create(
        nettverk=felles.nettverk,
        nivaa=Maal.Nivaa.ENHET,
        enhet=enhet,
        type=Maal.Type.EFFEKT,
        tekst="Enhetens mål",
        tilstand=Maal.Tilstand.VEDTATT,
    )
    tankesmie = styring.make(
        felles.nettverk,
        tittel="Enhetens",
        sporsmaal=["Hva?"],
        nivaa=Tankesmie.Nivaa.ENHET,
        enhet=enhet,
        frittstaaende=True,
    )
    return Sted(
        tankesmie=tankesmie,
        tankesmiesporsmaal=tankesmie.sporsmaal.get(),
        skanneside=_skanneside(tankesmie, skriver),
        enhet=enhet,
        kommune=kommune,
        gruppe=gruppe,
        verv=verv,
        deltakelse=Deltakelse.objects.create(samling=felles.samling, verv=verv, kommune=kommune),
        mellomarbeid=mellomarbeid,
        tilbakemelding=Tilbakemelding.objects.create(
            mellomarbeid=mellomarbeid,
            som=Tilbakemelding.Som.KOORDINATOREN,
            tekst="Fint",
            skrevet_av=skriver,
        ),
        loggpost=loggpost,
        nestesteg=Nestesteg.objects.create(loggpost=loggpost, tekst="Øve mer"),
        vedlegg=vedlegg,
        bilde=bilde,
        fortelling=_fortelling(mellomarbeid),
        maal=maal,
        maalkommentar=Maalkommentar.objects.create(maal=maal, tekst="Fint", skrevet_av=skriver),
        enhetsloype=Enhetsloype.objects.create(enhet=enhet, periode=felles.periode, grunn="Valgt"),
        ressursbruk=Ressursbruk.objects.create(
            ressurs=felles.ressurs, enhet=enhet, sagt_av=skriver
        ),
        stoettesignal=Stoettesignal.objects.create(
            nettverk=felles.nettverk,
            enhet=enhet,
            slag=Stoettesignal.Slag.STILLE,
            siden=idag() - datetime.timedelta(days=20),
            sett=idag() - datetime.timedelta(days=20),
        ),
        stoettehandling=Stoettehandling.objects.create(
            nettverk=felles.nettverk,
            enhet=enhet,
            slag=Stoettehandling.Slag.SAMTALE,
            tekst="Snakket om høsten",
            laget_av=skriver,
        ),
    )


def _fortelling(mellomarbeid: Mellomarbeid) -> Praksisfortelling:
    """Told, and used by the unit itself: what never comes about, but shows who sees that something is used."""
    fortelling = Praksisfortelling.objects.create(mellomarbeid=mellomarbeid, tittel="Vi prøvde")
    Praksisbruk.objects.create(fortelling=fortelling, gruppe=mellomarbeid.gruppe)
    return fortelling


def _skanneside(tankesmie: Tankesmie, person: Person) -> Skanneside:
    bunke = Skannebunke.objects.create(
        tankesmie=tankesmie,
        sporsmaal=tankesmie.sporsmaal.get(),
        navn="skjemaer.pdf",
        bytes=0,
        lagt_inn_av=person,
    )
    bilde = ContentFile(b"ok", "side.webp")
    return Skanneside.objects.create(bunke=bunke, nummer=1, bilde=bilde, bytes=2)


def _loggpost(mellomarbeid: Mellomarbeid, skriver: Person) -> Loggpost:
    felt: dict[str, Any] = {
        "fase": Loggpost.Fase.PROEVE,
        "tekst": "Vi prøvde.",
        "skrevet_av": skriver,
    }
    if any(f.name == "noekkel" for f in Loggpost._meta.fields):
        felt["noekkel"] = uuid.uuid4()
    return Loggpost.objects.create(mellomarbeid=mellomarbeid, **felt)


def _folk(verden: Verden) -> dict[str, Person | None]:
    a, egen = verden.a.nettverk, verden.steder["own"]
    fagansvarlig = VervFactory(gruppe=verden.a.loype.ansvarlig_gruppe).person
    utgaatt = VervFactory(
        gruppe=GruppeFactory(nettverk=a, type=Gruppe.Type.KOORDINERINGSGRUPPE),
        rolle=Rolle.LEDER,
        gyldig=periode(datetime.date(2019, 1, 1), datetime.date(2020, 1, 1)),
    ).person
    return {
        "offentlig": None,
        "medlem": medlem(a, gruppetype=Gruppe.Type.OPPVEKSTNETTVERK),
        "gruppemedlem": gruppemedlem(egen.gruppe),
        "enhetsleder": enhetsleder(egen.gruppe),
        "kommune": kommuneansvarlig(a, egen.kommune),
        "fagansvarlig": fagansvarlig,
        "pro": medlem(a, gruppetype=Gruppe.Type.PROSESSNETTVERK),
        "eva": medlem(a, gruppetype=Gruppe.Type.EVALUERINGSNETTVERK),
        "stg": medlem(a, gruppetype=Gruppe.Type.STYRINGSGRUPPE),
        "kog": kog(a),
        "koordinator": koordinator(a),
        "forsker": medlem(a, gruppetype=Gruppe.Type.EVALUERINGSNETTVERK, rolle=Rolle.FOLGEFORSKER),
        "administrator": PersonFactory(is_superuser=True, is_staff=True),
        "utgaatt": utgaatt,
        "fremmed": koordinator(verden.b.nettverk),
    }
