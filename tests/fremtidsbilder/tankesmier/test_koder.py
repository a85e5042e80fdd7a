"""A code that nobody has, for what is opened by one."""

import itertools
import threading

import pytest
from django.db import IntegrityError

from evaluering.models import Undersokelse
from evaluering.undersokelser import runder
from fremtidsbilder.models import Tankesmie
from fremtidsbilder.tankesmier import styring
from nettverk.side import kode as tegnet
from tests.evaluering.factories import SkjemaFactory
from tests.nettverk.factories import NettverkFactory
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def samme(monkeypatch):
    """The first that each draws is the same."""
    egne = threading.local()
    neste = itertools.count(2)

    def draw() -> str:
        if not getattr(egne, "har_trukket", False):
            egne.har_trukket = True
            return "BCDFGHJK"
        return f"BCDFGHJ{next(neste)}"

    monkeypatch.setattr(tegnet, "draw", draw)


def test_two_who_draw_the_same_code_at_once_get_each_their_own(samme):
    nettverk = NettverkFactory()
    skjema = SkjemaFactory(nettverk=nettverk)

    def tankesmie() -> Tankesmie:
        return styring.make(nettverk, tittel="Rundt bordet", sporsmaal=["Hva virker?"])

    def undersokelse() -> Undersokelse:
        return runder.make(skjema, nettverk=nettverk, tittel="Evaluering")

    for act in (tankesmie, undersokelse):
        en, to = at_once(act, act, holding=nettverk)
        assert "BCDFGHJK" in (en.kode, to.kode)
        assert en.kode != to.kode


def test_what_no_other_code_makes_better_is_raised():
    with pytest.raises(IntegrityError):
        styring.make(NettverkFactory(), tittel="Rundt bordet", antall_bord=201)

    assert not Tankesmie.objects.exists()
