"""Every `visible_to` × every kind of person: the whole answer, with things that would have leaked.

One world, the one of the walk of every address, with what makes a difference added: drafts, what is
approved and published, what is delivered and shared, in both networks. Each set is asked as network A.
"""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django.utils import timezone

from evaluering.models import Aarsrapport, Skjema, Undersokelse
from fremtidsbilder.models import (
    Bidrag,
    Bidragsbilde,
    Fremtidsbilde,
    Maal,
    Maalkommentar,
    Samtalesporsmaal,
    Tankesmie,
)
from kommuner.gyldighet import idag
from laeringsloyper.models import (
    Enhetsloype,
    Laeringsloype,
    Leseverk,
    Modul,
    Ressurs,
    Ressursbruk,
)
from nettverk.models import (
    Brev,
    Enhetsimport,
    Flytteforslag,
    Folkeimport,
    Gruppe,
    Jobb,
    Listevisning,
    Omslag,
    Verv,
)
from nettverk.register import enheter_visible_to, kommuner_visible_to
from nettverk.tilgang.roller import Roller, roller_for
from rolu.models import (
    Behov,
    Bordkart,
    Bordplass,
    Bordregel,
    Bordskille,
    Deltakelse,
    Endringsoenske,
    Gjest,
    Gruppetall,
    Kvittering,
    Logglenke,
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
    Stoettehandling,
    Stoettesignal,
    Tilbakemelding,
    Vedlegg,
)
from rolu.models.serie import Samlingsserie
from rolu.models.utfall import Utfall
from tests.evaluering.factories import AarsrapportFactory, UndersokelseFactory
from tests.nettverk.factories import NettverkFactory, medlem
from tests.rolu.factories import DeltakelseFactory, LoggpostFactory, SamlingFactory
from tests.tilgang.verden import Felles, Verden, lag_verden

pytestmark = pytest.mark.django_db

Ting = dict[str, Model]
# A row of the table: what there is by name, who sees what by person; who is not named sees nothing.
Ser = dict[str, set[str]]

KOG = {"kog", "koordinator"}
ENHETEN = {"gruppemedlem", "enhetsleder"}
MEDLEMMER = KOG | ENHETEN | {"medlem", "kommune", "fagansvarlig", "pro", "eva", "stg", "forsker"}
# Nobody of these holds a Verv in network A today.
UTENFOR = {"offentlig", "administrator", "utgaatt", "fremmed", "nabo", "fremmed_leder"}


def _for_each(hvem: set[str], ser: set[str]) -> Ser:
    return dict.fromkeys(hvem, ser)


@pytest.fixture
def verden() -> Verden:
    verden = lag_verden()
    verden.folk["nabo"] = medlem(
        verden.b.nettverk, gruppetype=Gruppe.Type.OPPVEKSTNETTVERK
    )  # member elsewhere
    verden.folk["fremmed_leder"] = verden.steder["other_network"].verv.person
    return verden


def _roller(verden: Verden) -> dict[str, Roller]:
    return {
        navn: roller_for(person or AnonymousUser(), verden.a.nettverk)
        for navn, person in verden.folk.items()
    }


# --- evaluering


def _rapporter(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {"utkast": verden.a.aarsrapport, "b_utkast": verden.b.aarsrapport}
    for nettverk, hvor in ((verden.a.nettverk, ""), (verden.b.nettverk, "b_")):
        for aar, status in ((2024, "publisert"), (2025, "godkjent")):
            ting[hvor + status] = AarsrapportFactory(nettverk=nettverk, aar=aar, status=status)
    return ting, {
        **_for_each(UTENFOR, {"publisert"}),
        **_for_each(MEDLEMMER, {"publisert", "godkjent"}),
        **_for_each(KOG | {"stg"}, {"publisert", "godkjent", "utkast"}),
    }


# The følgeforsker has a Verv in the evalueringsnettverk.
_SPOR_OG_EVALUERER = {"koordinator", "pro", "eva", "forsker"}


def _skjemaer(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {
        "skjema": verden.a.sporsmaal.skjema,
        "b_skjema": verden.b.sporsmaal.skjema,
    }
    return ting, _for_each(_SPOR_OG_EVALUERER, {"skjema"})


def _undersokelser(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {
        "undersokelse": verden.a.evaluering.undersokelse,
        "b_undersokelse": verden.b.evaluering.undersokelse,
    }
    return ting, _for_each(_SPOR_OG_EVALUERER, {"undersokelse"})


# --- fremtidsbilder


def _tankesmier(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {
        "egen": verden.a.samtale.tankesmie,
        "felles": verden.a.tankesmie,
        "b_egen": verden.b.samtale.tankesmie,
        "b_felles": verden.b.tankesmie,
        **{navn: sted.tankesmie for navn, sted in verden.steder.items()},
    }
    alle = {"egen", "felles", "own", "other_unit", "other_kommune"}
    return ting, {
        **_for_each({"koordinator", "pro", "eva", "forsker"}, alle),
        "enhetsleder": {"own"},
        "kommune": set(),
    }


def _bidragsbilder(verden: Verden) -> tuple[Ting, Ser]:
    def picture(sporsmaal: Samtalesporsmaal, *, godkjent: bool = False) -> Bidragsbilde:
        kort = Bidrag.objects.create(
            sporsmaal=sporsmaal, tekst="Et tre", avgjoerelse="godkjent" if godkjent else ""
        )
        return Bidragsbilde.objects.create(
            bidrag=kort, fil="tre.webp", mimetype="image/webp", bytes=1, sha256="a" * 64
        )

    ting: Ting = {
        "egen": picture(verden.a.samtalesporsmaal),
        "egen_godkjent": picture(verden.a.samtalesporsmaal, godkjent=True),
        "b_egen": picture(verden.b.samtalesporsmaal),
        "b_egen_godkjent": picture(verden.b.samtalesporsmaal, godkjent=True),
        **{navn: picture(sted.tankesmiesporsmaal) for navn, sted in verden.steder.items()},
    }
    alle = {"egen", "egen_godkjent", "own", "other_unit", "other_kommune"}
    return ting, {
        **_for_each(set(verden.folk), {"egen_godkjent"}),
        **_for_each({"koordinator", "pro", "eva", "forsker"}, alle),
        "enhetsleder": {"own", "egen_godkjent"},
        "kommune": {"egen_godkjent"},
    }


def _bidrag(verden: Verden) -> tuple[Ting, Ser]:
    """What is approved is read by every member; what is not, by those who lead the tankesmie; what is hidden, by none."""

    def card(sporsmaal: Samtalesporsmaal, **felt: Any) -> Bidrag:
        return Bidrag.objects.create(sporsmaal=sporsmaal, tekst="Mer lek", **felt)

    ting: Ting = {
        "egen": card(verden.a.samtalesporsmaal),
        "egen_godkjent": card(verden.a.samtalesporsmaal, avgjoerelse="godkjent"),
        "egen_skjult": card(verden.a.samtalesporsmaal, skjult=True),
        "b_egen_godkjent": card(verden.b.samtalesporsmaal, avgjoerelse="godkjent"),
        **{navn: card(sted.tankesmiesporsmaal) for navn, sted in verden.steder.items()},
    }
    alle = {"egen", "egen_godkjent", "own", "other_unit", "other_kommune"}
    return ting, {
        **_for_each(MEDLEMMER, {"egen_godkjent"}),
        **_for_each({"koordinator", "pro", "eva", "forsker"}, alle),
        "enhetsleder": {"own", "egen_godkjent"},
    }


def _bilder(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {
        "publisert": verden.a.fremtidsbilde,
        "utkast": verden.a.fremtidsbilde_utkast,
        "b_publisert": verden.b.fremtidsbilde,
        "b_utkast": verden.b.fremtidsbilde_utkast,
    }
    return ting, {
        **_for_each(UTENFOR, {"publisert"}),
        **_for_each(MEDLEMMER, {"publisert", "utkast"}),
    }


def _maal(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {
        navn: Maal.objects.create(
            nettverk=felles.nettverk, type=Maal.Type.EFFEKT, tekst="Målet", tilstand=tilstand
        )
        for navn, felles, tilstand in (
            ("maal", verden.a, Maal.Tilstand.VEDTATT),
            ("utkast", verden.a, Maal.Tilstand.UTKAST),
            ("b_maal", verden.b, Maal.Tilstand.VEDTATT),
        )
    }
    ting |= {"felles": verden.a.maal, "b_felles": verden.b.maal}
    enhetenes = {f"enhet_{sted}": s.maal for sted, s in verden.steder.items()}
    alle = {"maal", "felles", *enhetenes} - {"enhet_other_network"}
    return ting | enhetenes, {
        **_for_each(MEDLEMMER, alle),
        "koordinator": {*alle, "utkast"},
    }


def _maalkommentarer(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {sted: s.maalkommentar for sted, s in verden.steder.items()}
    return ting, _for_each(MEDLEMMER, set(ting) - {"other_network"})


# --- laeringsloyper


def _loyper(verden: Verden) -> tuple[Ting, Ser]:
    return {"loype": verden.a.loype, "b_loype": verden.b.loype}, _for_each(MEDLEMMER, {"loype"})


def _enhetsloyper(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {navn: sted.enhetsloype for navn, sted in verden.steder.items()}
    return ting, _for_each(MEDLEMMER, {"own", "other_unit", "other_kommune"})


def _moduler(verden: Verden) -> tuple[Ting, Ser]:
    return {"modul": verden.a.modul, "b_modul": verden.b.modul}, _for_each(MEDLEMMER, {"modul"})


def _ressurser(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {"ressurs": verden.a.ressurs, "b_ressurs": verden.b.ressurs}
    return ting, _for_each(MEDLEMMER, {"ressurs"})


def _leseverk(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {"verk": verden.a.leseverk, "b_verk": verden.b.leseverk}
    return ting, _for_each(MEDLEMMER, {"verk"})


def _ressursbruk(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {navn: sted.ressursbruk for navn, sted in verden.steder.items()}
    return ting, _for_each(MEDLEMMER, {"own", "other_unit", "other_kommune"})


# --- nettverk


def _visninger(verden: Verden) -> tuple[Ting, Ser]:
    """Each their own, and only where they were kept."""
    folk = {navn: person for navn, person in verden.folk.items() if person is not None}
    ting: Ting = {
        navn: Listevisning.objects.create(
            person=person, nettverk=verden.a.nettverk, liste="rolu.deltakere", navn="Min"
        )
        for navn, person in folk.items()
    }
    ting["b"] = Listevisning.objects.create(
        person=folk["koordinator"], nettverk=verden.b.nettverk, liste="rolu.deltakere", navn="Min"
    )
    return ting, {navn: {navn} for navn in folk}


def _grupper(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {str(g.pk): g for g in Gruppe.objects.filter(nettverk=verden.a.nettverk)}
    alle = set(ting)
    return ting | {"b": verden.b.gruppe}, _for_each(MEDLEMMER, alle)


def _verv(verden: Verden) -> tuple[Ting, Ser]:
    """Those that have ended too: who sat in a group is no secret to its network."""
    ting: Ting = {str(v.pk): v for v in Verv.objects.filter(gruppe__nettverk=verden.a.nettverk)}
    alle = set(ting)
    assert len(alle) > len(MEDLEMMER)
    return ting | {"b": verden.b.verv}, _for_each(MEDLEMMER, alle)


def _jobber(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {"ingens": verden.a.jobb, "b": verden.b.jobb}
    for hvem in ("pro", "fremmed", "utgaatt"):
        ting[hvem] = Jobb.objects.create(
            nettverk=verden.a.nettverk,
            slag="proeve",
            gjelder=hvem,
            bestilt_av=verden.folk[hvem],
        )
    # One's own stays one's own when the Verv has ended; what it is worth, the job's permission says.
    egne = {hvem: {hvem} for hvem in ("pro", "fremmed", "utgaatt")}
    return ting, egne | _for_each(KOG, {"ingens", "pro", "fremmed", "utgaatt"})


def _brev(verden: Verden) -> tuple[Ting, Ser]:
    """A letter is seen by who sent it, not by who got it; mail about sign-in by nobody here."""

    def send(felles: Felles | None, av: str, til: str = "pro") -> Brev:
        return Brev.objects.create(
            nettverk=felles.nettverk if felles else None,
            slag="proeve",
            gjelder=f"{av}-{til}",
            epost="noen@demo.example",
            sending=uuid.uuid4(),
            melding_id=f"<{uuid.uuid4()}@portal.example>",
            noekkel=str(uuid.uuid4()),
            til=verden.folk[til],
            bestilt_av=verden.folk[av] if av else None,
        )

    ting: Ting = {
        "eva": send(verden.a, "eva"),
        "ingens": send(verden.a, ""),
        "b": send(verden.b, "fremmed"),
        "avvist": verden.a.brev,
        "b_avvist": verden.b.brev,
        "innlogging": send(None, "", "koordinator"),
    }
    return ting, {"eva": {"eva"}, **_for_each(KOG, {"eva", "ingens", "avvist"})}


def _flytteforslag(verden: Verden) -> tuple[Ting, Ser]:
    """What the network has proposed and what it must answer; not what two others have between them."""
    a, b = verden.a.nettverk, verden.b.nettverk
    ting: Ting = {
        navn: Flytteforslag.objects.create(
            enhet=verden.steder[sted].enhet,
            fra_nettverk=fra,
            til_nettverk=til,
            til_kommune=verden.steder["own"].kommune,
            dato=idag(),
            grunn="x",
        )
        for navn, sted, fra, til in (
            ("fra oss", "own", a, b),
            ("til oss", "other_network", b, a),
            ("andres", "other_unit", b, NettverkFactory()),
        )
    }
    return ting, _for_each({"koordinator"}, {"fra oss", "til oss"})


def _folkeimporter(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {
        navn: Folkeimport.objects.create(nettverk=felles.nettverk, filnavn="folk.xlsx")
        for navn, felles in (("import", verden.a), ("b_import", verden.b))
    }
    return ting, _for_each({"koordinator"}, {"import"})


def _importer(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {
        navn: Enhetsimport.objects.create(
            nettverk=felles.nettverk,
            filnavn="enheter.csv",
            per=idag(),
            aar=2026,
            lastet_opp_av=verden.folk["kog"],
        )
        for navn, felles in (("import", verden.a), ("b_import", verden.b))
    }
    return ting, {"koordinator": {"import"}}


def _omslag(verden: Verden) -> tuple[Ting, Ser]:
    """Both networks have a public page. One that has none: tests/nettverk/test_omslag.py."""
    ting: Ting = {"omslag": verden.a.omslag, "b_omslag": verden.b.omslag}
    return ting, _for_each(MEDLEMMER | UTENFOR, {"omslag"})


def _kommuner(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {sted: s.kommune for sted, s in verden.steder.items() if sted != "other_unit"}
    return ting, _for_each(MEDLEMMER, {"own", "other_kommune"})


def _enheter(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {sted: s.enhet for sted, s in verden.steder.items()}
    return ting, _for_each(MEDLEMMER, {"own", "other_unit", "other_kommune"})


# --- rolu


def _samlinger(verden: Verden) -> tuple[Ting, Ser]:
    def samlinger(felles: Felles, hvor: str) -> Ting:
        return {
            hvor + "publisert": felles.samling,
            hvor + "utkast": felles.samling_utkast,
            hvor + "avlyst": SamlingFactory(nettverk=felles.nettverk, avlyst=True),
        }

    ting = samlinger(verden.a, "") | samlinger(verden.b, "b_")
    return ting, {
        **_for_each(MEDLEMMER, {"publisert", "avlyst"}),
        **_for_each(KOG | {"pro"}, {"publisert", "avlyst", "utkast"}),
    }


def _serier(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {"serie": verden.a.serie, "b_serie": verden.b.serie}
    return ting, _for_each(MEDLEMMER, {"serie"})


def _programposter(verden: Verden) -> tuple[Ting, Ser]:
    """As the gathering."""
    utkast = verden.a.samling_utkast
    ting: Ting = {
        "publisert": verden.a.saksvedlegg.programpost,
        "utkast": Programpost.objects.create(
            samling=utkast, start=utkast.start, varighet=30, tittel="Åpning"
        ),
        "b_publisert": verden.b.saksvedlegg.programpost,
    }
    return ting, {
        **_for_each(MEDLEMMER, {"publisert"}),
        **_for_each(KOG | {"pro"}, {"publisert", "utkast"}),
    }


def _saksvedlegg(verden: Verden) -> tuple[Ting, Ser]:
    """As the gathering: those of a draft are for those who see the draft."""
    utkast = verden.a.samling_utkast
    post = Programpost.objects.create(
        samling=utkast, start=utkast.start, varighet=30, tittel="Åpning"
    )
    i_utkast = Saksvedlegg.objects.create(
        programpost=post,
        fil="vedlegg/sak.txt",
        navn="sak.txt",
        bytes=2,
        lastet_opp_av=verden.a.verv.person,
    )
    ting: Ting = {
        "publisert": verden.a.saksvedlegg,
        "utkast": i_utkast,
        "b_publisert": verden.b.saksvedlegg,
    }
    return ting, {
        **_for_each(MEDLEMMER, {"publisert"}),
        **_for_each(KOG | {"pro"}, {"publisert", "utkast"}),
    }


def _oppsummeringsblokker(verden: Verden) -> tuple[Ting, Ser]:
    """The draft. Members read what is published of it."""
    ting: Ting = {"del": verden.a.oppsummeringsblokk, "b_del": verden.b.oppsummeringsblokk}
    return ting, _for_each(KOG | {"pro"}, {"del"})


def _deltakelser(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {sted: s.deltakelse for sted, s in verden.steder.items()}
    eget = Verv.objects.get(person=verden.folk["eva"])
    ting["eva"] = DeltakelseFactory(samling=verden.a.samling, verv=eget)
    # Somebody who has left was invited while they sat there.
    utgaatt = Verv.objects.get(person=verden.folk["utgaatt"])
    ting["utgaatt"] = DeltakelseFactory(samling=verden.a.samling, verv=utgaatt)
    ting |= {"styret": verden.a.oenske.deltakelse, "b_styret": verden.b.oenske.deltakelse}
    alle = {"own", "other_unit", "other_kommune", "eva", "utgaatt", "styret"}
    return ting, {
        "enhetsleder": {"own"},
        "kommune": {"own", "other_unit"},
        "eva": {"eva"},
        "utgaatt": {"utgaatt"},
        **_for_each(KOG | {"pro"}, alle),
    }


def _gjester(verden: Verden) -> tuple[Ting, Ser]:
    """As participations: a substitute for somebody of each unit, and one who walked in from nowhere."""
    ting: Ting = {
        sted: Gjest.objects.create(
            samling=s.deltakelse.samling,
            navn=sted,
            gruppe=s.gruppe,
            for_verv=s.verv,
            kommune=s.kommune,
        )
        for sted, s in verden.steder.items()
    }
    ting["uten"] = Gjest.objects.create(samling=verden.a.samling, navn="Uten")
    return ting, {
        "enhetsleder": {"own"},
        "kommune": {"own", "other_unit"},
        **_for_each(KOG | {"pro"}, {"own", "other_unit", "other_kommune", "uten"}),
    }


def _gruppetall(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {
        sted: Gruppetall.objects.create(
            samling=s.deltakelse.samling,
            gruppe=s.gruppe,
            kommune=s.kommune,
            hva=Gruppetall.Hva.ELEVER,
            antall=3,
        )
        for sted, s in verden.steder.items()
    }
    return ting, {
        "enhetsleder": {"own"},
        "kommune": {"own", "other_unit"},
        **_for_each(KOG | {"pro"}, {"own", "other_unit", "other_kommune"}),
    }


def _endringsoensker(verden: Verden) -> tuple[Ting, Ser]:
    """Each unit's, and one that the gruppemedlem has asked for themselves."""
    ting: Ting = {
        sted: Endringsoenske.objects.create(deltakelse=s.deltakelse, oensker="ja")
        for sted, s in verden.steder.items()
    }
    eget = Verv.objects.get(person=verden.folk["eva"])
    deltakelse = DeltakelseFactory(samling=verden.a.samling, verv=eget)
    ting["eva"] = Endringsoenske.objects.create(
        deltakelse=deltakelse, oensker="nei", av=verden.folk["eva"]
    )
    ting |= {"styret": verden.a.oenske, "b_styret": verden.b.oenske}
    return ting, {
        "enhetsleder": {"own"},
        "eva": {"eva"},
        "koordinator": {"own", "other_unit", "other_kommune", "eva", "styret"},
    }


def _behov(verden: Verden) -> tuple[Ting, Ser]:
    """Nobody's but one's own, not even for those who run the network."""
    ting: Ting = {
        hvem: Behov.objects.create(samling=verden.a.samling, person=verden.folk[hvem])
        for hvem in ("eva", "gruppemedlem")
    }
    ting["own"] = Behov.objects.create(
        samling=verden.a.samling, person=verden.steder["own"].verv.person
    )
    return ting, {"eva": {"eva"}, "gruppemedlem": {"gruppemedlem"}}


def _utfall(verden: Verden) -> tuple[Ting, Ser]:
    """As the gatherings they are of: of a draft only those who run the network."""
    utkast = Utfall.objects.create(
        samling=verden.a.samling_utkast, type=Utfall.Type.INNSIKT, tekst="Fra utkastet"
    )
    ting: Ting = {"utfall": verden.a.utfall, "utkast": utkast, "b_utfall": verden.b.utfall}
    return ting, {
        **_for_each(MEDLEMMER, {"utfall"}),
        **_for_each(KOG | {"pro"}, {"utfall", "utkast"}),
    }


def _bordkart(verden: Verden) -> tuple[Ting, Ser]:
    """Until it is shared, those who seat people alone; then the members, but of a draft."""
    ting: Ting = {"satt": verden.a.bordkart, "b_satt": verden.b.bordkart}
    for navn, felt in (("delt", {"publisert_": True}), ("utkast", {})):
        samling = SamlingFactory(nettverk=verden.a.nettverk, **felt)
        naa = timezone.now()
        ting[navn] = Bordkart.objects.create(samling=samling, satt=naa, delt=naa)
    return ting, {
        **_for_each(MEDLEMMER, {"delt"}),
        **_for_each({"koordinator", "pro"}, {"satt", "delt", "utkast"}),
    }


def _bordplasser(verden: Verden) -> tuple[Ting, Ser]:
    kart, ser = _bordkart(verden)
    hvem = verden.a.verv.person
    ting: Ting = {"satt": verden.a.bordplass, "b_satt": verden.b.bordplass}
    for navn in ("delt", "utkast"):
        ting[navn] = Bordplass.objects.create(bordkart=kart[navn], person=hvem, bord=1)
    return ting, ser


def _bordregler(verden: Verden) -> tuple[Ting, Ser]:
    """How people were seated is not for those who were, shared or not."""
    kart, _ser = _bordkart(verden)
    ting: Ting = {
        navn: Bordregel.objects.create(bordkart=ett, slag="kommuner", rekkefolge=0)
        for navn, ett in kart.items()
    }
    return ting, _for_each({"koordinator", "pro"}, {"satt", "delt", "utkast"})


def _bordskiller(verden: Verden) -> tuple[Ting, Ser]:
    """Never those it is about."""
    kart, _ser = _bordkart(verden)
    en, annen = sorted([verden.folk["eva"], verden.folk["pro"]], key=lambda p: p.pk if p else 0)
    delt = Bordskille.objects.create(bordkart=kart["delt"], en=en, annen=annen)
    ting: Ting = {"satt": verden.a.bordskille, "delt": delt, "b_satt": verden.b.bordskille}
    return ting, _for_each({"koordinator", "pro"}, {"satt", "delt"})


def _evalueringer(verden: Verden) -> tuple[Ting, Ser]:
    """As the gatherings they are of: EVA sees none of a draft."""
    utkast = Samlingsevaluering.objects.create(
        samling=verden.a.samling_utkast,
        undersokelse=UndersokelseFactory(nettverk=verden.a.nettverk),
    )
    ting: Ting = {
        "evaluering": verden.a.evaluering,
        "utkast": utkast,
        "b_evaluering": verden.b.evaluering,
    }
    return ting, {
        **_for_each({"eva", "forsker"}, {"evaluering"}),
        **_for_each({"koordinator", "pro"}, {"evaluering", "utkast"}),
    }


_SER_STOETTE: Ser = {
    "koordinator": {"own", "other_unit", "other_kommune"},
    "kommune": {"own", "other_unit"},
    "gruppemedlem": {"own"},
    "enhetsleder": {"own"},
}


def _stoettesignaler(verden: Verden) -> tuple[Ting, Ser]:
    """The unit's own week: one that is new is seen by the own unit alone, wherever it is."""
    ting: Ting = {sted: s.stoettesignal for sted, s in verden.steder.items()}
    for sted, s in verden.steder.items():
        ting[f"ny_{sted}"] = Stoettesignal.objects.create(
            nettverk=s.gruppe.nettverk, enhet=s.enhet, slag="ny_leder", siden=idag()
        )
    ser = {hvem: set(ser) for hvem, ser in _SER_STOETTE.items()}
    for hvem in ("gruppemedlem", "enhetsleder"):
        ser[hvem].add("ny_own")
    return ting, ser


def _stoettehandlinger(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {sted: s.stoettehandling for sted, s in verden.steder.items()}
    return ting, _SER_STOETTE


def _oppdrag(verden: Verden) -> tuple[Ting, Ser]:
    ting: Ting = {"oppdrag": verden.a.oppdrag, "b_oppdrag": verden.b.oppdrag}
    return ting, _for_each(MEDLEMMER, {"oppdrag"})


def _arbeider(verden: Verden) -> tuple[Ting, Ser]:
    """Own is begun and not delivered, the other unit's delivered, the other kommune's shared too."""
    _set_states(verden)
    ting: Ting = {sted: s.mellomarbeid for sted, s in verden.steder.items()}
    return ting, _SER_ARBEID


def _loggposter(verden: Verden) -> tuple[Ting, Ser]:
    _set_states(verden)
    ting: Ting = {sted: s.loggpost for sted, s in verden.steder.items()}
    ting["elsewhere"] = LoggpostFactory()
    return ting, _SER_ARBEID


def _nestesteg(verden: Verden) -> tuple[Ting, Ser]:
    """Those of each unit, one that a fagmiljø is asked for, and one that the kommuner's group is: for the own
    kommune's unit only."""
    _set_states(verden)
    ting: Ting = {sted: s.nestesteg for sted, s in verden.steder.items()}
    verv = {
        hvem: Verv.objects.get(person=verden.folk[hvem], gruppe__nettverk=verden.a.nettverk)
        for hvem in ("kommune", "fagansvarlig")
    }
    for hvem, sted in (("kommune", "own"), ("kommune", "other_kommune"), ("fagansvarlig", "own")):
        ting[f"{hvem}_{sted}"] = Nestesteg.objects.create(
            loggpost=verden.steder[sted].loggpost, hos=verv[hvem].gruppe, tekst="Hjelp"
        )
    egne = {"kommune_own", "fagansvarlig_own"}
    ser: Ser = {}
    for hvem, steder in _SER_ARBEID.items():
        flere = egne if "own" in steder else set()
        flere = flere | ({"kommune_other_kommune"} if "other_kommune" in steder else set())
        ser[hvem] = set(steder) | flere
    ser["fagansvarlig"] |= {"fagansvarlig_own"}
    return ting, ser


def _logglenker(verden: Verden) -> tuple[Ting, Ser]:
    _set_states(verden)
    ting: Ting = {
        sted: Logglenke.objects.create(loggpost=s.loggpost, url="https://udir.no")
        for sted, s in verden.steder.items()
    }
    return ting, _SER_ARBEID


def _vedlegg(verden: Verden) -> tuple[Ting, Ser]:
    """Documents and pictures as the mellomarbeid; a picture that waits for an answer is the unit's alone."""
    _set_states(verden)
    ting: Ting = {sted: s.vedlegg for sted, s in verden.steder.items()}
    for sted, s in verden.steder.items():
        ting[f"{sted}_bilde"] = s.bilde
        venter = Vedlegg.objects.get(pk=s.bilde.pk)
        venter.pk, venter.ansikter = None, ""
        venter.ansikter_av = venter.ansikter_svart = None
        venter.save()
        ting[f"{sted}_venter"] = venter
    ser: Ser = {
        rolle: {*steder, *(f"{sted}_bilde" for sted in steder)}
        for rolle, steder in _SER_ARBEID.items()
    }
    for rolle in ("enhetsleder", "gruppemedlem"):
        ser[rolle] = {*ser[rolle], "own_venter"}
    return ting, ser


def _tilbakemeldinger(verden: Verden) -> tuple[Ting, Ser]:
    """Not with what is shared: the thread is for those who write in it or follow it up."""
    _set_states(verden)
    return {sted: s.tilbakemelding for sted, s in verden.steder.items()}, _SER_TRAAD


def _kvitteringer(verden: Verden) -> tuple[Ting, Ser]:
    """Who has read it, for those in the thread; whom it is of use to, for all who may read it."""
    _set_states(verden)
    ting: Ting = {
        f"{slag} {sted}": Kvittering.objects.create(
            mellomarbeid=s.mellomarbeid, slag=slag, person=s.verv.person
        )
        for slag in Kvittering.Slag.values
        for sted, s in verden.steder.items()
    }
    ser: Ser = {
        hvem: {f"nyttig {sted}" for sted in _SER_ARBEID[hvem]}
        | {f"lest {sted}" for sted in _SER_TRAAD.get(hvem, set())}
        for hvem in MEDLEMMER
    }
    return ting, ser


def _set_states(verden: Verden) -> None:
    def put(sted: str, **felt: Any) -> None:
        Mellomarbeid.objects.filter(pk=verden.steder[sted].mellomarbeid.pk).update(**felt)

    put("own", status=Mellomarbeid.Status.KLADD, levert=None, levert_av=None)
    for sted in ("other_kommune", "other_network"):
        put(sted, delt=True, levert=timezone.now())


def _fortellinger(verden: Verden) -> tuple[Ting, Ser]:
    """What is told is for every member; what is taken back for its unit, what is hidden for it and the koordinator."""
    _hide_and_take_back(verden)
    return {sted: s.fortelling for sted, s in verden.steder.items()}, _SER_FORTELLINGER


def _bruk(verden: Verden) -> tuple[Ting, Ser]:
    _hide_and_take_back(verden)
    return {sted: s.fortelling.bruk.get() for sted, s in verden.steder.items()}, _SER_FORTELLINGER


def _hide_and_take_back(verden: Verden) -> None:
    for sted, felt in (
        ("own", {"stand": "tilbake"}),
        ("other_unit", {"stand": "skjult", "grunn": "Et navn."}),
    ):
        pk = verden.steder[sted].fortelling.pk
        Praksisfortelling.objects.filter(pk=pk).update(**felt)


_SER_FORTELLINGER: Ser = {
    **_for_each(MEDLEMMER, {"other_kommune"}),
    **_for_each(ENHETEN, {"own", "other_kommune"}),
    "koordinator": {"own", "other_unit", "other_kommune"},
}

_SER_ARBEID: Ser = {
    **_for_each(MEDLEMMER, {"other_kommune"}),
    **_for_each(ENHETEN, {"own", "other_kommune"}),
    "kommune": {"own", "other_unit", "other_kommune"},
    "fagansvarlig": {"other_unit", "other_kommune"},
    **_for_each(KOG, {"own", "other_unit", "other_kommune"}),
}

_SER_TRAAD: Ser = {
    **_for_each(ENHETEN, {"own"}),
    "kommune": {"own", "other_unit"},
    "fagansvarlig": {"other_unit", "other_kommune"},
    **_for_each(KOG, {"own", "other_unit", "other_kommune"}),
}

MENGDER: dict[
    str, tuple[Callable[[Roller], QuerySet[Any]], Callable[[Verden], tuple[Ting, Ser]]]
] = {
    "evaluering.Aarsrapport": (Aarsrapport.objects.visible_to, _rapporter),
    "evaluering.Skjema": (Skjema.objects.visible_to, _skjemaer),
    "evaluering.Undersokelse": (Undersokelse.objects.visible_to, _undersokelser),
    "fremtidsbilder.Tankesmie": (Tankesmie.objects.visible_to, _tankesmier),
    "fremtidsbilder.Bidrag": (Bidrag.objects.visible_to, _bidrag),
    "fremtidsbilder.Bidragsbilde": (Bidragsbilde.objects.visible_to, _bidragsbilder),
    "fremtidsbilder.Fremtidsbilde": (Fremtidsbilde.objects.visible_to, _bilder),
    "fremtidsbilder.Maal": (Maal.objects.visible_to, _maal),
    "fremtidsbilder.Maalkommentar": (Maalkommentar.objects.visible_to, _maalkommentarer),
    "laeringsloyper.Laeringsloype": (Laeringsloype.objects.visible_to, _loyper),
    "laeringsloyper.Enhetsloype": (Enhetsloype.objects.visible_to, _enhetsloyper),
    "laeringsloyper.Modul": (Modul.objects.visible_to, _moduler),
    "laeringsloyper.Ressurs": (Ressurs.objects.visible_to, _ressurser),
    "laeringsloyper.Leseverk": (Leseverk.objects.visible_to, _leseverk),
    "laeringsloyper.Ressursbruk": (Ressursbruk.objects.visible_to, _ressursbruk),
    "nettverk.Gruppe": (Gruppe.objects.visible_to, _grupper),
    "nettverk.Listevisning": (Listevisning.objects.visible_to, _visninger),
    "nettverk.Verv": (Verv.objects.visible_to, _verv),
    "nettverk.Jobb": (Jobb.objects.visible_to, _jobber),
    "nettverk.Brev": (Brev.objects.visible_to, _brev),
    "nettverk.Flytteforslag": (Flytteforslag.objects.visible_to, _flytteforslag),
    "nettverk.Enhetsimport": (Enhetsimport.objects.visible_to, _importer),
    "nettverk.Omslag": (Omslag.objects.visible_to, _omslag),
    "nettverk.Folkeimport": (Folkeimport.objects.visible_to, _folkeimporter),
    "kommuner.Kommune": (kommuner_visible_to, _kommuner),
    "kommuner.Enhet": (enheter_visible_to, _enheter),
    "rolu.Samling": (Samling.objects.visible_to, _samlinger),
    "rolu.Samlingsserie": (Samlingsserie.objects.visible_to, _serier),
    "rolu.Bordkart": (Bordkart.objects.visible_to, _bordkart),
    "rolu.Bordplass": (Bordplass.objects.visible_to, _bordplasser),
    "rolu.Bordregel": (Bordregel.objects.visible_to, _bordregler),
    "rolu.Bordskille": (Bordskille.objects.visible_to, _bordskiller),
    "rolu.Behov": (Behov.objects.visible_to, _behov),
    "rolu.Endringsoenske": (Endringsoenske.objects.visible_to, _endringsoensker),
    "rolu.Gjest": (Gjest.objects.visible_to, _gjester),
    "rolu.Gruppetall": (Gruppetall.objects.visible_to, _gruppetall),
    "rolu.Programpost": (Programpost.objects.visible_to, _programposter),
    "rolu.Saksvedlegg": (Saksvedlegg.objects.visible_to, _saksvedlegg),
    "rolu.Oppsummeringsblokk": (Oppsummeringsblokk.objects.visible_to, _oppsummeringsblokker),
    "rolu.Deltakelse": (Deltakelse.objects.visible_to, _deltakelser),
    "rolu.Samlingsevaluering": (Samlingsevaluering.objects.visible_to, _evalueringer),
    "rolu.Utfall": (Utfall.objects.visible_to, _utfall),
    "rolu.Oppdrag": (Oppdrag.objects.visible_to, _oppdrag),
    "rolu.Mellomarbeid": (Mellomarbeid.objects.visible_to, _arbeider),
    "rolu.Loggpost": (Loggpost.objects.visible_to, _loggposter),
    "rolu.Tilbakemelding": (Tilbakemelding.objects.visible_to, _tilbakemeldinger),
    "rolu.Kvittering": (Kvittering.objects.visible_to, _kvitteringer),
    "rolu.Praksisfortelling": (Praksisfortelling.objects.visible_to, _fortellinger),
    "rolu.Praksisbruk": (Praksisbruk.objects.visible_to, _bruk),
    "rolu.Stoettesignal": (Stoettesignal.objects.visible_to, _stoettesignaler),
    "rolu.Stoettehandling": (Stoettehandling.objects.visible_to, _stoettehandlinger),
    "rolu.Nestesteg": (Nestesteg.objects.visible_to, _nestesteg),
    "rolu.Logglenke": (Logglenke.objects.visible_to, _logglenker),
    "rolu.Vedlegg": (Vedlegg.objects.visible_to, _vedlegg),
}


@pytest.mark.parametrize("mengde", MENGDER)
def test_each_person_sees_all_of_theirs_and_nothing_else(verden: Verden, mengde: str):
    visible_to, lag = MENGDER[mengde]
    ting, venter = lag(verden)
    navn_av = {t.pk: navn for navn, t in ting.items()}
    assert len(navn_av) == len(ting)

    ser = {
        hvem: {navn_av.get(t.pk, f"ukjent {t.pk}") for t in visible_to(roller)}
        for hvem, roller in _roller(verden).items()
    }

    assert ser == {hvem: venter.get(hvem, set()) for hvem in verden.folk}


@pytest.mark.parametrize("mengde", MENGDER)
def test_a_network_without_anything_shows_nothing_even_to_its_own(verden: Verden, mengde: str):
    """Asked as a third network, every set is empty: nothing slips over from where it is."""
    visible_to, lag = MENGDER[mengde]
    lag(verden)
    tomt = NettverkFactory()
    person = medlem(tomt, gruppetype=Gruppe.Type.EVALUERINGSNETTVERK)
    eget = set(Verv.objects.filter(person=person)) | set(tomt.grupper.all())

    assert set(visible_to(roller_for(person, tomt))) - eget == set()


def test_everybody_is_one_or_the_other(verden: Verden):
    assert set(verden.folk) == MEDLEMMER | UTENFOR


def test_a_person_whose_account_is_closed_holds_no_role(verden: Verden):
    sjef = verden.folk["koordinator"]
    assert sjef is not None
    sjef.is_active = False

    assert not roller_for(sjef, verden.a.nettverk).er_medlem


def test_every_visible_to_stands_in_the_table():
    egne = {
        modell._meta.label
        for modell in apps.get_models()
        if hasattr(modell._default_manager, "visible_to")
    }

    assert egne - set(MENGDER) == set()
