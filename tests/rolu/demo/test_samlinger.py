"""The demo: two gatherings that have been, one that is coming, the same however often it is made."""

import datetime

import pytest
from django.utils import timezone

from nettverk.demo.folk import PER_NOEKKEL
from nettverk.models import Brev, Gruppe, Kobling
from rolu.demo import koblinger
from rolu.demo import samlinger as demo_samlinger
from rolu.models import Deltakelse, Oppsummering, Programpost, Samling
from rolu.samlinger.dager import days
from rolu.samlinger.datovarsel import warnings_for
from tests.fremtidsbilder.factories import MaalFactory
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    enhetsleder,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import OppdragFactory

pytestmark = pytest.mark.django_db


def test_demo_is_made_once_with_attendance_notes_and_an_invitation():
    nettverk, gruppe = nettverk_med_enhet()
    enhetsleder(gruppe)
    VervFactory.create_batch(30, gruppe=gruppe)

    demo_samlinger.make(nettverk)
    foer = list(Deltakelse.objects.order_by("pk").values_list("status", "moett"))
    demo_samlinger.make(nettverk)

    assert list(Deltakelse.objects.order_by("pk").values_list("status", "moett")) == foer
    samlinger = Samling.objects.filter(nettverk=nettverk)
    assert (samlinger.past().count(), samlinger.upcoming().count()) == (2, 1)
    for samling in samlinger.past():
        alle, moett = samling.deltakelser.count(), samling.deltakelser.met().count()
        assert 0.5 < moett / alle < 0.95
        assert samling.utfall.filter(type="beslutning").exists()
    assert not Deltakelse.objects.filter(samling__in=samlinger.upcoming()).met().exists()
    assert Programpost.objects.filter(samling__in=samlinger).count() == 21
    for naar in Brev.objects.values_list("sendt", flat=True):
        lokal = timezone.localtime(naar)
        assert (lokal.hour, lokal.weekday() < 5) == (9, True)


def test_demo_says_once_what_led_to_what():
    nettverk, gruppe = nettverk_med_enhet()
    VervFactory.create_batch(5, gruppe=gruppe)
    koordinator(nettverk)
    maal = MaalFactory(nettverk=nettverk, type="effekt")
    OppdragFactory(nettverk=nettverk)
    demo_samlinger.make(nettverk)

    for _ in range(2):
        koblinger.make(nettverk)

    slag = Kobling.objects.order_by("pk").values_list("fra_slag", "til_slag")
    assert list(slag) == [
        ("maal", "oppdrag"),
        ("maal", "programpost"),
        ("evaluering", "samling"),
    ]
    post = Programpost.objects.get(pk=Kobling.objects.get(fra=maal.pk, til_slag="programpost").til)
    assert not post.samling.er_over


def test_demo_has_a_gathering_over_two_days_and_a_summary_that_is_shared():
    nettverk, gruppe = nettverk_med_enhet()
    VervFactory.create_batch(5, gruppe=gruppe)
    prosess = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.PROSESSNETTVERK)
    VervFactory.create_batch(5, gruppe=prosess)
    person = koordinator(nettverk)
    person.epost = PER_NOEKKEL["koordinator"].epost
    person.save()

    for _ in range(2):
        demo_samlinger.make(nettverk)
        demo_samlinger.share_summary(nettverk)

    [to_dager] = Samling.objects.filter(nettverk=nettverk, type=Samling.Type.FAGDAG)
    assert [f"{d.fra:%H.%M}–{d.til:%H.%M}" for d in days(to_dager)] == [
        "12.00–16.30",
        "09.00–13.00",
    ]
    assert to_dager.programposter.values("spor").exclude(spor="").distinct().count() == 2
    [delt] = Oppsummering.objects.filter(samling__nettverk=nettverk)
    assert delt.publisert
    assert delt.fil.size > 10_000


@pytest.mark.parametrize("aar", [2026, 2027, 2031])
def test_gatherings_lie_on_days_a_network_would_choose_whatever_day_the_demo_is_made(aar):
    for n in range(365):
        dag = datetime.date(aar, 3, 15) + datetime.timedelta(days=n)

        forste, andre, kommende, to_dager = demo_samlinger._days(dag)

        assert forste < andre < dag < kommende < to_dager, dag
        if dag.timetuple().tm_yday >= 74:
            assert forste.year == dag.year, dag
        for samling in (forste, andre, kommende, to_dager, to_dager + datetime.timedelta(days=1)):
            uke = samling.isocalendar().week
            assert uke not in {1, 8, 9, 40, 52, 53}, samling
            assert samling.month != 7, samling
            assert samling.weekday() in {1, 2, 3}, samling
            assert not warnings_for(samling), samling
            assert not warnings_for(demo_samlinger._deadline(samling)), samling


def test_next_gathering_is_not_laid_between_christmas_and_new_year():
    assert demo_samlinger._days(datetime.date(2026, 11, 25))[2] == datetime.date(2027, 1, 12)
