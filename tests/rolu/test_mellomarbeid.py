"""The log and its delivery: acts, who sees what, who may do what."""

import datetime
import threading
import uuid

import pytest
from django.db import connection

from kommuner.gyldighet import idag
from laeringsloyper.models import Laeringsloype
from nettverk.models import Gruppe, Rolle
from nettverk.skriving.konflikt import KanIkke, Konflikt, Lukket
from nettverk.tilgang.roller import roller_for
from nettverk.tilgang.tillatelser import kan
from rolu.mellomarbeid import innlevering, logg, praksis
from rolu.models import Loggpost, Mellomarbeid, Oppdrag
from tests.evaluering.factories import AarsrapportFactory
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    kog,
    kommuneansvarlig,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import LoggpostFactory, MellomarbeidFactory, OppdragFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def arbeid() -> Mellomarbeid:
    nettverk, gruppe = nettverk_med_enhet()
    kommune = gruppe.enhet.kommune_per()
    return MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=nettverk), gruppe=gruppe, kommune=kommune
    )


def skriv(arbeid: Mellomarbeid, av, **felt: object) -> Loggpost:
    return logg.save(
        **{
            "mellomarbeid": arbeid,
            "noekkel": uuid.uuid4(),
            "versjon": 0,
            "fase": "planlegge",
            "dato": idag(),
            "tekst": "Vi begynner ute.",
            "hvem": "",
            "by": av,
        }
        | felt
    )


# --- the log


def test_the_first_entry_begins_the_work(arbeid):
    post = skriv(arbeid, enhetsleder(arbeid.gruppe))

    arbeid.refresh_from_db()
    assert arbeid.status == Mellomarbeid.Status.KLADD
    assert (post.versjon, post.tekst) == (1, "Vi begynner ute.")


def test_a_save_that_arrives_twice_makes_one_entry(arbeid):
    leder, noekkel = enhetsleder(arbeid.gruppe), uuid.uuid4()

    skriv(arbeid, leder, noekkel=noekkel)
    skriv(arbeid, leder, noekkel=noekkel)

    assert list(arbeid.loggposter.values_list("versjon", flat=True)) == [1]


def test_two_people_editing_the_same_entry_lose_nothing(arbeid):
    leder, kollega, noekkel = enhetsleder(arbeid.gruppe), gruppemedlem(arbeid.gruppe), uuid.uuid4()
    skriv(arbeid, leder, noekkel=noekkel)
    skriv(arbeid, kollega, noekkel=noekkel, versjon=1, tekst="Kollegaens tekst")

    with pytest.raises(Konflikt) as konflikt:
        skriv(arbeid, leder, noekkel=noekkel, versjon=1, tekst="Lederens tekst")

    assert konflikt.value.deres.tekst == "Kollegaens tekst"
    assert arbeid.loggposter.get().tekst == "Kollegaens tekst"


def test_the_first_writer_stays_the_writer(arbeid):
    leder, kollega, noekkel = enhetsleder(arbeid.gruppe), gruppemedlem(arbeid.gruppe), uuid.uuid4()
    skriv(arbeid, leder, noekkel=noekkel)

    post = skriv(arbeid, kollega, noekkel=noekkel, versjon=1, tekst="Mer")

    assert post.skrevet_av == leder


def test_another_units_entry_cannot_be_taken_over_by_its_key(arbeid):
    annen = LoggpostFactory()

    with pytest.raises(Loggpost.DoesNotExist):
        skriv(arbeid, enhetsleder(arbeid.gruppe), noekkel=annen.noekkel)


def test_nobody_writes_in_what_is_delivered(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    post = skriv(arbeid, leder)
    innlevering.submit(arbeid, by=leder)

    with pytest.raises(Lukket):
        skriv(arbeid, leder, tekst="For sent")
    with pytest.raises(Lukket):
        logg.remove(post)


@pytest.mark.django_db(transaction=True)
def test_two_first_saves_at_once_make_one_entry():
    nettverk, gruppe = nettverk_med_enhet()
    arbeid = MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=nettverk), gruppe=gruppe)
    leder, noekkel, feil = enhetsleder(gruppe), uuid.uuid4(), []

    def lagre() -> None:
        try:
            skriv(arbeid, leder, noekkel=noekkel)
        except Exception as unntak:
            feil.append(unntak)
        finally:
            connection.close()

    traader = [threading.Thread(target=lagre) for _ in range(2)]
    for traad in traader:
        traad.start()
    for traad in traader:
        traad.join()

    assert feil == []
    assert arbeid.loggposter.count() == 1


# --- delivery


def test_delivering_twice_keeps_the_first(arbeid):
    leder, nestleder = enhetsleder(arbeid.gruppe), enhetsleder(arbeid.gruppe)
    skriv(arbeid, leder)

    foerst = innlevering.submit(arbeid, by=leder)
    igjen = innlevering.submit(arbeid, by=nestleder)

    assert (igjen.levert, igjen.levert_av) == (foerst.levert, leder)


def test_an_empty_mellomarbeid_cannot_be_delivered(arbeid):
    LoggpostFactory(mellomarbeid=arbeid, tekst="")

    with pytest.raises(KanIkke):
        innlevering.submit(arbeid, by=enhetsleder(arbeid.gruppe))


def test_it_can_be_delivered_after_the_deadline(arbeid):
    Oppdrag.objects.update(frist=idag() - datetime.timedelta(days=3))
    leder = enhetsleder(arbeid.gruppe)
    skriv(arbeid, leder)

    assert innlevering.submit(arbeid, by=leder).er_levert


def test_opening_again_closes_the_log_until_it_is_delivered_and_leaves_what_is_told(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    skriv(arbeid, leder)
    innlevering.submit(arbeid, by=leder)
    fortelling = praksis.share(arbeid, tittel="Vi leste", hele_loggen=True, by=leder)

    aapnet = innlevering.reopen(arbeid)

    fortelling.refresh_from_db()
    assert fortelling.er_vist
    assert (aapnet.status, aapnet.leses_av_alle, aapnet.levert) == ("kladd", False, None)
    assert innlevering.submit(arbeid, by=leder).leses_av_alle


def test_an_approved_annual_report_locks_what_it_counts(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    skriv(arbeid, leder)
    innlevering.submit(arbeid, by=leder)
    AarsrapportFactory(nettverk=arbeid.nettverk, aar=arbeid.oppdrag.frist.year, godkjent=True)

    with pytest.raises(KanIkke):
        innlevering.reopen(arbeid)


def test_what_is_not_delivered_cannot_be_shared(arbeid):
    with pytest.raises(KanIkke):
        praksis.share(arbeid, tittel="Vi leste", by=enhetsleder(arbeid.gruppe))


# --- who sees what


def test_visible_to_each_role(arbeid):
    nettverk, gruppe = arbeid.nettverk, arbeid.gruppe
    _annet, fremmed_gruppe = nettverk_med_enhet()
    nabo = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True)
    ser = [
        koordinator(nettverk),
        kog(nettverk),
        enhetsleder(gruppe),
        gruppemedlem(gruppe),
        kommuneansvarlig(nettverk, arbeid.kommune),
    ]
    ser_ikke = [
        PersonFactory(),
        enhetsleder(nabo),
        kommuneansvarlig(nettverk, nabo.enhet.kommune_per()),
        medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE),
        medlem(nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK),
        medlem(nettverk, gruppetype=Gruppe.Type.FAGMILJO),
        enhetsleder(fremmed_gruppe),
        koordinator(NettverkFactory()),
        VervFactory(
            gruppe=gruppe, rolle=Rolle.FORMELL_LEDER, gyldig=("2001-01-01", "2002-01-01")
        ).person,
    ]

    def synlig(person) -> bool:
        return (
            Mellomarbeid.objects.visible_to(roller_for(person, nettverk))
            .filter(pk=arbeid.pk)
            .exists()
        )

    assert [synlig(p) for p in ser] == [True] * len(ser)
    assert [synlig(p) for p in ser_ikke] == [False] * len(ser_ikke)


def test_entries_and_files_are_visible_as_the_mellomarbeid(arbeid):
    post = LoggpostFactory(mellomarbeid=arbeid)
    LoggpostFactory()

    egen = Loggpost.objects.visible_to(roller_for(enhetsleder(arbeid.gruppe), arbeid.nettverk))
    fremmed = Loggpost.objects.visible_to(roller_for(PersonFactory(), arbeid.nettverk))

    assert (list(egen), list(fremmed)) == ([post], [])


def test_fagansvarlig_sees_what_is_delivered_in_the_own_loype(arbeid):
    fag = GruppeFactory(nettverk=arbeid.nettverk, type=Gruppe.Type.FAGMILJO)
    person = VervFactory(gruppe=fag).person
    loype = Laeringsloype.objects.create(
        nettverk=arbeid.nettverk, slug="matte", navn="Matematikk", ansvarlig_gruppe=fag
    )
    Oppdrag.objects.update(laeringsloype=loype)
    synlige = Mellomarbeid.objects.visible_to(roller_for(person, arbeid.nettverk))
    assert list(synlige) == []

    leder = enhetsleder(arbeid.gruppe)
    skriv(arbeid, leder)
    innlevering.submit(arbeid, by=leder)

    assert list(synlige.all()) == [arbeid]


def test_shared_work_is_seen_by_every_member_and_followed_only_by_its_own(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    skriv(arbeid, leder)
    innlevering.submit(arbeid, by=leder)
    praksis.share(arbeid, tittel="Vi leste", hele_loggen=True, by=leder)
    person = medlem(arbeid.nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE)

    assert list(Mellomarbeid.objects.visible_to(roller_for(person, arbeid.nettverk))) == [arbeid]
    assert list(Mellomarbeid.objects.followed_by(roller_for(person, arbeid.nettverk))) == []
    assert list(Mellomarbeid.objects.visible_to(roller_for(PersonFactory(), arbeid.nettverk))) == []


# --- who may do what

ROLLER = {
    "koordinator": lambda m: koordinator(m.nettverk),
    "kog": lambda m: kog(m.nettverk),
    "kommune": lambda m: kommuneansvarlig(m.nettverk, m.kommune),
    "leder": lambda m: enhetsleder(m.gruppe),
    "gruppe": lambda m: gruppemedlem(m.gruppe),
    "nabo": lambda m: enhetsleder(GruppeFactory(nettverk=m.nettverk, utviklingsgruppe=True)),
    "fremmed": lambda m: PersonFactory(),
}
TABELL = [
    ("rolu.write_mellomarbeid", {"leder", "gruppe"}),
    ("rolu.submit_mellomarbeid", {"leder"}),
    ("rolu.share_mellomarbeid", {"leder"}),
    ("rolu.reopen_mellomarbeid", {"leder", "koordinator"}),
]


@pytest.mark.parametrize(("tillatelse", "kan_dette"), TABELL)
def test_who_may_do_what_with_a_mellomarbeid(arbeid, tillatelse: str, kan_dette: set[str]):
    svar = {navn for navn, lag in ROLLER.items() if kan(lag(arbeid), tillatelse, arbeid)}

    assert svar == kan_dette


def test_a_member_removes_the_own_entries_and_the_leader_all(arbeid):
    skriver, kollega = gruppemedlem(arbeid.gruppe), gruppemedlem(arbeid.gruppe)
    post = LoggpostFactory(mellomarbeid=arbeid, skrevet_av=skriver)

    svar = [
        kan(p, "rolu.remove_loggpost", post)
        for p in (skriver, kollega, enhetsleder(arbeid.gruppe), koordinator(arbeid.nettverk))
    ]

    assert svar == [True, False, True, False]
