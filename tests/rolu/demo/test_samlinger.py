"""The demo: two gatherings that have been, one that is coming, the same however often it is made."""

import datetime

import pytest
from django.utils import timezone

from nettverk.models import Brev
from rolu.demo import samlinger as demo_samlinger
from rolu.models import Deltakelse, Programpost, Samling
from rolu.samlinger.datovarsel import warnings_for
from tests.nettverk.factories import VervFactory, enhetsleder, nettverk_med_enhet

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


@pytest.mark.parametrize("aar", [2026, 2027, 2031])
def test_gatherings_lie_on_days_a_network_would_choose_whatever_day_the_demo_is_made(aar):
    for n in range(365):
        dag = datetime.date(aar, 3, 15) + datetime.timedelta(days=n)

        forste, andre, kommende = demo_samlinger._days(dag)

        assert forste < andre < dag < kommende, dag
        if dag.timetuple().tm_yday >= 74:
            assert forste.year == dag.year, dag
        for samling in (forste, andre, kommende):
            uke = samling.isocalendar().week
            assert uke not in {1, 8, 9, 40, 52, 53}, samling
            assert samling.month != 7, samling
            assert samling.weekday() in {1, 2, 3}, samling
            assert not warnings_for(samling), samling
            assert not warnings_for(demo_samlinger._deadline(samling)), samling


def test_next_gathering_is_not_laid_between_christmas_and_new_year():
    assert demo_samlinger._days(datetime.date(2026, 11, 25))[2] == datetime.date(2027, 1, 12)
