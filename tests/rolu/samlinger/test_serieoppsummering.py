"""What came of the gatherings of a series, put together."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nettverk.arbeid import jobber
from nettverk.models import Jobb
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Gjest, Gruppetall, Samlingsserie, Utfall
from rolu.samlinger import serieoppsummering
from tests.nettverk.factories import (
    NettverkFactory,
    enhetsleder,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import DeltakelseFactory, SamlingFactory, klokken

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    nettverk, gruppe = nettverk_med_enhet()
    serie = Samlingsserie.objects.create(nettverk=nettverk, navn="ROLU høsten", om="Fire ganger")
    leder = enhetsleder(gruppe)
    samlinger = []
    for nr, dager in enumerate((-60, -30), start=1):
        samling = SamlingFactory(
            nettverk=nettverk,
            serie=serie,
            oppsummering_=True,
            tittel=f"Samling {nr}",
            start=klokken(dager, 9),
            slutt=klokken(dager, 15),
        )
        DeltakelseFactory(samling=samling, verv=leder.verv.get(), moett_=nr == 2)
        ny = Utfall.objects.create
        ny(samling=samling, type="beslutning", nummer=1, tekst=f"Vedtak {nr}")
        ny(samling=samling, type="innsikt", tekst=f"Innsikt {nr}")
        ny(
            samling=samling,
            type="oppfolging",
            tekst=f"Oppgave {nr}",
            gruppe=gruppe,
            gjort=timezone.now() if nr == 1 else None,
            frist=datetime.date(2027, 1, nr),
        )
        samlinger.append(samling)
    Gjest.objects.create(samling=samlinger[1], navn="Gjest", moett=timezone.now())
    Gjest.objects.create(samling=samlinger[1], navn="Kom ikke")
    Gruppetall.objects.create(samling=samlinger[1], gruppe=gruppe, hva="elever", antall=14)
    utkast = SamlingFactory(nettverk=nettverk, serie=serie, tittel="Utkast")
    Utfall.objects.create(samling=utkast, type="innsikt", tekst="Hemmelig")
    return serie, leder, koordinator(nettverk)


def _adresse(navn, serie):
    return reverse(f"rolu:{navn}", args=[serie.nettverk.slug, serie.pk])


def test_outcomes_stand_by_gathering_and_commitments_by_whether_they_are_done(scene):
    serie, _leder, _k = scene

    dokument = serieoppsummering.collect(serie, med_oppmoete=True)

    deler = {b.slag: b for b in dokument.hoveddel}
    assert list(deler) == ["fakta", "beslutninger", "oppfolginger", "innsikter", "oppmoete"]
    assert [b.punkter for b in deler["beslutninger"].biter if b.er == "liste"] == [
        ((1, "Vedtak 1"),),
        ((1, "Vedtak 2"),),
    ]
    tabeller = {b.tittel: b.rader for b in deler["oppfolginger"].biter}
    assert [rad[1] for rad in tabeller["Gjenstår"]] == ["Oppgave 2"]
    assert [rad[1] for rad in tabeller["Gjort"]] == ["Oppgave 1"]
    [tegning, tabell] = deler["oppmoete"].biter
    assert [s.verditekst for s in tegning.diagram.soyler] == ["0 av 1", "1 av 1"]
    assert [rad[2:] for rad in tabell.rader] == [
        ("1", "0", ""),
        ("1", "1", "1 vara eller gjest\n14 elever"),
    ]


def test_a_series_without_gatherings_says_so(scene):
    serie, _leder, k = scene
    tom = Samlingsserie.objects.create(nettverk=serie.nettverk, navn="Tom")

    [fakta] = serieoppsummering.collect(tom, med_oppmoete=True).hoveddel

    assert "ingen samlinger" in fakta.biter[0].tekst
    with pytest.raises(KanIkke):
        serieoppsummering.order(tom, by=k)


def test_members_read_the_outcomes_and_not_how_many_came(scene, client):
    serie, leder, k = scene
    sider = {}
    for person in (leder, k):
        client.force_login(person)
        sider[person] = client.get(_adresse("serieoppsummering", serie)).content.decode()

    assert "Vedtak 2" in sider[leder]
    assert "Oppmøte over tid" not in sider[leder]
    assert "Lag PDF" not in sider[leder]
    assert "Oppmøte over tid" in sider[k]
    assert "Lag PDF" in sider[k]
    assert "Hemmelig" not in sider[k]


def test_a_worker_makes_the_pdf(scene, client):
    serie, _leder, k = scene
    client.force_login(k)
    adresse = _adresse("serieoppsummering_pdf", serie)
    assert client.get(adresse).status_code == 404

    client.post(adresse)
    jobb = Jobb.objects.get(slag=serieoppsummering.SLAG)
    jobber.run(jobb.pk)

    jobb.refresh_from_db()
    assert (jobb.status, jobb.feil) == (Jobb.Status.FERDIG, "")
    assert b"".join(client.get(adresse).streaming_content).startswith(b"%PDF")
    side = client.get(_adresse("serieoppsummering", serie)).content.decode()
    assert "Åpne PDF-en" in side


def test_members_have_no_pdf_and_strangers_nothing(scene, client):
    serie, leder, _k = scene
    client.force_login(leder)
    adresse = _adresse("serieoppsummering_pdf", serie)
    assert client.get(adresse).status_code == 403
    assert client.post(adresse).status_code == 403

    annet = NettverkFactory()
    client.force_login(koordinator(annet))
    fremmed = reverse("rolu:serieoppsummering", args=[annet.slug, serie.pk])
    assert client.get(fremmed).status_code == 404


def test_at_most_twelve_queries_whatever_the_size(scene, client, django_assert_max_num_queries):
    serie, _leder, k = scene
    client.force_login(k)
    adresse = _adresse("serieoppsummering", serie)
    client.get(adresse)
    with CaptureQueriesContext(connection) as foer:
        client.get(adresse)
    for _ in range(3):
        samling = SamlingFactory(nettverk=serie.nettverk, serie=serie, oppsummering_=True)
        DeltakelseFactory.create_batch(3, samling=samling, moett_=True)
        Utfall.objects.create(samling=samling, type="beslutning", nummer=1, tekst="Ny")

    with django_assert_max_num_queries(len(foer)):
        client.get(adresse)

    assert len(foer) <= 12


def test_what_is_still_to_come_is_told_and_a_column_with_nothing_is_left_out(scene):
    serie, _leder, _k = scene
    assert "2 samlinger fra" in str(serieoppsummering.collect(serie, med_oppmoete=True))
    Gjest.objects.all().delete()
    Gruppetall.objects.all().delete()
    SamlingFactory(nettverk=serie.nettverk, serie=serie, publisert_=True)

    tekst = str(serieoppsummering.collect(serie, med_oppmoete=True))

    assert "3 samlinger (2 holdt, 1 kommer) fra" in tekst
    assert "I tillegg" not in tekst
