"""Who may read and write the annual report."""

import pytest

from evaluering.models import Aarsrapport
from nettverk.models import Gruppe
from nettverk.tilgang.roller import roller_for
from nettverk.tilgang.tillatelser import kan
from tests.evaluering.factories import AarsrapportFactory
from tests.nettverk.factories import (
    NettverkFactory,
    PersonFactory,
    enhetsleder,
    kog,
    kommuneansvarlig,
    koordinator,
    medlem,
    nettverk_med_enhet,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def folk():
    nettverk, gruppe = nettverk_med_enhet()
    return nettverk, {
        "koordinator": koordinator(nettverk),
        "kog": kog(nettverk),
        "stg": medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE),
        "kommuneansvarlig": kommuneansvarlig(nettverk, gruppe.enhet.kommune_per()),
        "enhetsleder": enhetsleder(gruppe),
        "fremmed koordinator": koordinator(NettverkFactory()),
        "uten verv": PersonFactory(),
    }


SER_UTKAST = {"koordinator", "kog", "stg"}
MEDLEMMER = SER_UTKAST | {"kommuneansvarlig", "enhetsleder"}


@pytest.mark.parametrize(
    ("status", "ser"),
    [
        (Aarsrapport.Status.UTKAST, SER_UTKAST),
        (Aarsrapport.Status.GODKJENT, MEDLEMMER),
    ],
)
def test_a_draft_is_for_those_who_write_and_approve_an_approved_report_for_members(
    folk, status, ser
):
    nettverk, personer = folk
    rapport = AarsrapportFactory(nettverk=nettverk, status=status)
    AarsrapportFactory()  # of another network

    for rolle, person in personer.items():
        assert kan(person, "evaluering.view_aarsrapport", rapport) == (rolle in ser), rolle
        synlige = list(Aarsrapport.objects.visible_to(roller_for(person, nettverk)))
        assert synlige == ([rapport] if rolle in ser else []), rolle


def test_only_koordinator_and_kog_write(folk):
    nettverk, personer = folk
    rapport = AarsrapportFactory(nettverk=nettverk)

    skriver = {r for r, p in personer.items() if kan(p, "evaluering.change_aarsrapport", rapport)}

    assert skriver == {"koordinator", "kog"}


def test_a_year_nobody_has_begun_is_a_draft(folk):
    nettverk, personer = folk

    ser = {r for r, p in personer.items() if kan(p, "evaluering.view_aarsrapport_utkast", nettverk)}

    assert ser == SER_UTKAST
