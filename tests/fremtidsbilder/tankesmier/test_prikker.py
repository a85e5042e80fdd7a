"""When dots can be given."""

import uuid

import pytest

from fremtidsbilder.models import Prikk
from fremtidsbilder.tankesmier import prikker, styring
from nettverk.skriving.konflikt import KanIkke
from tests.fremtidsbilder.tankesmiefabrikk import BidragFactory, SporsmaalFactory

pytestmark = pytest.mark.django_db


def test_no_dot_is_given_or_taken_back_when_the_tankesmie_is_closed():
    sporsmaal = SporsmaalFactory()
    styring.open_question(sporsmaal)
    styring.give_dots(sporsmaal, prikker=2)
    gitt, annet = BidragFactory.create_batch(2, sporsmaal=sporsmaal)
    velger = uuid.uuid4()
    prikker.give(sporsmaal, bidrag=gitt.pk, velger=velger)

    styring.close(sporsmaal.tankesmie)
    for act, kort in ((prikker.give, annet), (prikker.take_back, gitt)):
        with pytest.raises(KanIkke, match="Prikkene er stengt nå"):
            act(sporsmaal, bidrag=kort.pk, velger=velger)

    assert [p.bidrag for p in Prikk.objects.all()] == [gitt]
