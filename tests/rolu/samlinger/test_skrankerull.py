"""The roll of the desk: names are read once in a while, what has changed since is seen by the next letter."""

import datetime
import time

import pytest
from django.utils import timezone

from rolu.models import Deltakelse, Gjest, Samling
from rolu.samlinger import innsjekk, skrankerull
from rolu.samlinger.dager import set_days
from tests.nettverk.factories import VervFactory, koordinator, nettverk_med_enhet
from tests.rolu.factories import DeltakelseFactory, SamlingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, i_dag=True)
    for navn in ("Ane Dal", "Bo Dal"):
        verv = VervFactory(gruppe=gruppe, person__navn=navn)
        DeltakelseFactory(samling=samling, verv=verv, status="paameldt")
    return nettverk, gruppe, samling


def found(samling, q: str, **valg) -> list[tuple[str, str, bool]]:
    return [(t.navn, t.status, bool(t.moett)) for t in skrankerull.search(samling, q, **valg)]


def test_a_letter_more_asks_for_two_things(scene, django_assert_num_queries):
    _nettverk, _gruppe, samling = scene
    skrankerull.search(samling, "da")

    with django_assert_num_queries(2):
        assert len(skrankerull.search(samling, "dal")) == 2


def test_an_answer_a_tick_and_a_guest_are_seen_by_the_next_letter(scene):
    nettverk, gruppe, samling = scene
    by = koordinator(nettverk)
    assert found(samling, "dal") == [
        ("Ane Dal", "paameldt", False),
        ("Bo Dal", "paameldt", False),
    ]

    ane, bo = samling.deltakelser.order_by("pk")
    Deltakelse.objects.filter(pk=ane.pk).update(status="avmeldt")
    assert found(samling, "dal") == [("Bo Dal", "paameldt", False), ("Ane Dal", "avmeldt", False)]

    innsjekk.check_in(samling, person=bo.verv.person, by=by)
    assert found(samling, "dal") == [("Ane Dal", "avmeldt", False), ("Bo Dal", "paameldt", True)]
    innsjekk.undo(samling, person=bo.verv.person, by=by)
    assert found(samling, "dal")[0] == ("Bo Dal", "paameldt", False)

    gjest = Gjest.objects.create(samling=samling, navn="Gro Dal")
    assert found(samling, "gro") == [("Gro Dal", "paameldt", False)]
    Gjest.objects.filter(pk=gjest.pk).update(navn="Siri Dal")
    assert found(samling, "siri") == [("Siri Dal", "paameldt", False)]
    Gjest.objects.filter(pk=gjest.pk).update(status=Gjest.Status.AVMELDT)
    assert not found(samling, "siri")

    ny = VervFactory(gruppe=gruppe, person__navn="Tor Dal").person
    innsjekk.check_in(samling, person=ny, by=by)
    assert found(samling, "tor") == [("Tor Dal", "paameldt", True)]


def test_a_name_is_read_anew_after_some_seconds(scene, monkeypatch):
    _nettverk, _gruppe, samling = scene
    person = samling.deltakelser.order_by("pk")[0].verv.person
    skrankerull.search(samling, "dal")
    person.navn = "Ane Fjell"
    person.save()

    monkeypatch.setattr(skrankerull, "FERSK", 0)
    assert [navn for navn, _status, _moett in found(samling, "fjell")] == ["Ane Fjell"]


def test_an_old_roll_leaves_the_memory_though_nobody_looks_again(scene, monkeypatch):
    _nettverk, _gruppe, samling = scene
    monkeypatch.setattr(skrankerull, "FERSK", 0.05)
    skrankerull.search(samling, "dal")

    for _gang in range(100):
        if not skrankerull._ruller:
            break
        time.sleep(0.02)
    assert not skrankerull._ruller


def test_each_day_has_those_who_met_that_day(scene):
    nettverk, _gruppe, samling = scene
    i_dag = timezone.localdate()
    i_gaar = i_dag - datetime.timedelta(days=1)
    sju, fire = datetime.time(7), datetime.time(16)
    set_days(samling, [(i_gaar, sju, fire), (i_dag, sju, fire)])
    samling = Samling.objects.get(pk=samling.pk)
    ane, _bo = samling.deltakelser.order_by("pk")
    innsjekk.check_in(samling, person=ane.verv.person, by=koordinator(nettverk), dag=i_gaar)

    assert found(samling, "ane", dag=i_gaar) == [("Ane Dal", "paameldt", True)]
    assert found(samling, "ane", dag=i_dag) == [("Ane Dal", "paameldt", False)]
