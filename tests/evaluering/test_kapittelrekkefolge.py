"""The chapters have one order, and none is built before it is asked for."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from evaluering import aarsrapport
from evaluering.kapittelrekkefolge import KAPITTELREKKEFOLGE, in_order
from laeringsloyper.models import Laeringsloype
from nettverk.flater import Blokk, blokkene
from tests.nettverk.factories import NettverkFactory

pytestmark = pytest.mark.django_db


def test_every_chapter_has_one_place():
    nettverk = NettverkFactory()
    Laeringsloype.objects.create(nettverk=nettverk, slug="mat", navn="Matematikk")

    noekler = [blokk.noekkel for blokk in in_order(blokkene(nettverk, 2026))]

    assert noekler == list(KAPITTELREKKEFOLGE)
    assert len(set(KAPITTELREKKEFOLGE)) == len(KAPITTELREKKEFOLGE)


def test_a_chapter_without_a_place_is_told_of():
    with pytest.raises(ImproperlyConfigured, match="uten-plass"):
        in_order([Blokk("uten-plass", "Uten plass")])


def test_one_chapters_first_save_builds_no_chapter(django_assert_max_num_queries):
    rapport = aarsrapport.find_or_new(NettverkFactory(), 2026)

    with django_assert_max_num_queries(2):
        assert aarsrapport.is_chapter(rapport, "planer")


def test_a_chapter_that_no_app_has_is_none():
    assert not aarsrapport.is_chapter(aarsrapport.find_or_new(NettverkFactory(), 2026), "annet")
