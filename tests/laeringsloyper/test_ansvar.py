"""When the last one leaves a fagmiljø, whoever ends it is told of the løyper that have nobody."""

import pytest

from kommuner.gyldighet import idag
from nettverk.models import Gruppe, Rolle
from nettverk.overtakelse import left_behind, succession
from tests.laeringsloyper.factories import LaeringsloypeFactory
from tests.nettverk.factories import GruppeFactory, VervFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def loype():
    fagmiljo = GruppeFactory(type=Gruppe.Type.FAGMILJO)
    return LaeringsloypeFactory(
        nettverk=fagmiljo.nettverk, navn="Språkløypa", ansvarlig_gruppe=fagmiljo
    )


def _left(*verv) -> list[str]:
    return [str(ting.tittel) for ting in left_behind(succession(verv, idag()))]


def test_the_loype_is_named_when_the_last_one_leaves(loype):
    verv = VervFactory(gruppe=loype.ansvarlig_gruppe)

    [ting] = left_behind(succession([verv], idag()))

    assert "Språkløypa" in ting.tittel
    assert loype.slug in ting.url
    assert (ting.til, ting.lukkes) == ("", False)


def test_while_somebody_remains_or_follows_nothing_is_left(loype):
    verv = VervFactory(gruppe=loype.ansvarlig_gruppe, rolle=Rolle.LEDER)
    annen = VervFactory(gruppe=loype.ansvarlig_gruppe)

    assert _left(verv) == []
    assert len(_left(verv, annen)) == 1


def test_another_kind_of_group_answers_for_no_loype(loype):
    Gruppe.objects.filter(pk=loype.ansvarlig_gruppe_id).update(type=Gruppe.Type.ANNEN)
    verv = VervFactory(gruppe=Gruppe.objects.get(pk=loype.ansvarlig_gruppe_id))

    assert _left(verv) == []
