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

from evaluering.models import Aarsrapport
from fremtidsbilder.models import Fremtidsbilde
from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet, Kommune
from laeringsloyper.models import Enhetsloype, Laeringsloype, Periode
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
    Deltakelse,
    Endringsoenske,
    Loggpost,
    Mellomarbeid,
    Oppdrag,
    Oppsummeringsblokk,
    Programpost,
    Saksvedlegg,
    Samling,
    Samlingsserie,
    Utfall,
    Vedlegg,
)
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
    vedlegg: Vedlegg
    enhetsloype: Enhetsloype


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
    fremtidsbilde: Fremtidsbilde
    fremtidsbilde_utkast: Fremtidsbilde
    samling: Samling
    serie: Samlingsserie
    samling_utkast: Samling
    oppsummeringsblokk: Oppsummeringsblokk
    programpost: Programpost
    saksvedlegg: Saksvedlegg
    oenske: Endringsoenske
    utfall: Utfall
    oppdrag: Oppdrag
    jobb: Jobb
    brev: Brev
    aarsrapport: Aarsrapport
    listevisning: Listevisning
    omslag: Omslag


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
    return Felles(
        nettverk=nettverk,
        gruppe=verv.gruppe,
        verv=verv,
        medlemskap=nettverk.medlemskap.first(),
        partner=Partner.objects.create(nettverk=nettverk, navn="NTNU", gyldig=periode(None)),
        deling=Deling.objects.create(nettverk=nettverk, tittel="ICSEI"),
        loype=loype,
        periode=loypas_periode,
        fremtidsbilde=Fremtidsbilde.objects.create(
            nettverk=nettverk, nivaa="nettverk", tittel="Bildet", publisert=True
        ),
        fremtidsbilde_utkast=Fremtidsbilde.objects.create(
            nettverk=nettverk, nivaa="nettverk", tittel="Utkastet"
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
    return Sted(
        enhet=enhet,
        kommune=kommune,
        gruppe=gruppe,
        verv=verv,
        deltakelse=Deltakelse.objects.create(samling=felles.samling, verv=verv, kommune=kommune),
        mellomarbeid=mellomarbeid,
        loggpost=_loggpost(mellomarbeid, skriver),
        vedlegg=vedlegg,
        enhetsloype=Enhetsloype.objects.create(enhet=enhet, periode=felles.periode, grunn="Valgt"),
    )


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
