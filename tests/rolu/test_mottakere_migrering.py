"""What was sent before there were audiences gets the one it went to."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from nettverk.models import Gruppe, Mottakere
from rolu.models import Oppdrag, Samling
from tests.nettverk.factories import GruppeFactory, VervFactory, enhetsleder, nettverk_med_enhet
from tests.rolu.factories import DeltakelseFactory, OppdragFactory, SamlingFactory

pytestmark = pytest.mark.django_db


def test_what_was_sent_keeps_its_people_and_a_draft_is_asked_about():
    nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)
    fag = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGNETTVERK)
    med_fag = SamlingFactory(nettverk=nettverk, publisert_=True, type="fagdag")
    DeltakelseFactory(samling=med_fag, verv=VervFactory(gruppe=fag))
    DeltakelseFactory(samling=med_fag, verv=leder.verv.get())
    avlyst, utkast = (
        SamlingFactory(nettverk=nettverk, avlyst=True),
        SamlingFactory(nettverk=nettverk),
    )
    oppdrag = OppdragFactory(nettverk=nettverk)
    steget = import_module("rolu.migrations.0009_mottakere")

    for _ in range(2):
        with connection.schema_editor() as redigerer:
            steget.give_audiences(apps, redigerer)

    valgt = {s.pk: s.mottakere for s in Samling.objects.select_related("mottakere")}
    assert (valgt[med_fag.pk].enheter, valgt[med_fag.pk].grupper) == (True, [fag.pk])
    assert (valgt[avlyst.pk].enheter, valgt[avlyst.pk].grupper) == (True, [])
    assert valgt[utkast.pk] is None
    assert Oppdrag.objects.get(pk=oppdrag.pk).mottakere.enheter
    assert Mottakere.objects.count() == 3
