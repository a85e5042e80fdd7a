"""What may be chosen from a wall, and how much it holds."""

import pytest

from fremtidsbilder.tankesmier import bidrag, klynger, moderering
from fremtidsbilder.tankesmier.vegg import read_wall, voices
from nettverk.skriving.konflikt import KanIkke
from tests.fremtidsbilder.tankesmiefabrikk import BidragFactory, SporsmaalFactory

pytestmark = pytest.mark.django_db


def test_what_is_hidden_or_taken_back_is_not_picked_for_the_summary():
    sporsmaal = SporsmaalFactory()
    vist = BidragFactory(sporsmaal=sporsmaal)
    skjult = BidragFactory(sporsmaal=sporsmaal, skjult=True)
    tatt_tilbake = BidragFactory(sporsmaal=sporsmaal, tekst="")

    antall = bidrag.pick(sporsmaal, [vist.pk, skjult.pk, tatt_tilbake.pk])
    moderering.show(sporsmaal, [skjult.pk])

    assert antall == 1
    assert [kort.pk for kort in voices(read_wall(sporsmaal))] == [vist.pk]


def test_a_wall_has_room_for_so_many_themes_and_no_more():
    sporsmaal = SporsmaalFactory()
    kort = BidragFactory(sporsmaal=sporsmaal)
    for nr in range(klynger.MAKS_TEMAER):
        klynger.make(sporsmaal, navn=f"Tema {nr}")

    with pytest.raises(KanIkke, match="60 temaer"):
        klynger.make(sporsmaal, navn="Ett til", kort=[kort.pk])
    klynger.make(sporsmaal, navn="Tema 7", kort=[kort.pk])

    assert sporsmaal.klynger.count() == klynger.MAKS_TEMAER
