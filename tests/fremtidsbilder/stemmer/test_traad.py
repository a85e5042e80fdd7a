"""The voices in the red thread: from the tankesmie by the theme to the goal, and back, of what one may see."""

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fremtidsbilder.models import Bidrag
from fremtidsbilder.tankesmier import klynger
from fremtidsbilder.traadslag import MAAL, STEMME, TANKESMIE
from nettverk.models import Gruppe
from nettverk.roedtraad.lesing import Roedtraad, read
from nettverk.tilgang.roller import roller_for
from tests.fremtidsbilder.factories import MaalFactory, TemaFactory
from tests.fremtidsbilder.tankesmiefabrikk import (
    BidragFactory,
    KlyngeFactory,
    SporsmaalFactory,
    TankesmieFactory,
)
from tests.nettverk.factories import NettverkFactory, koordinator, medlem

pytestmark = pytest.mark.django_db


@pytest.fixture
def verden():
    """A goal of a theme, and a wall whose theme was lifted to it."""
    nettverk = NettverkFactory(slug="her")
    tema = TemaFactory(nettverk=nettverk)
    maal = MaalFactory(nettverk=nettverk)
    maal.temaer.add(tema)
    sporsmaal = SporsmaalFactory(tankesmie=TankesmieFactory(nettverk=nettverk))
    return maal, KlyngeFactory(sporsmaal=sporsmaal, tema=tema)


def _from(traad: Roedtraad) -> dict[str, int]:
    return {g.slag.noekkel: g.antall for g in traad.kommer_fra}


def _fag(nettverk):
    return medlem(nettverk, gruppetype=Gruppe.Type.FAGMILJO)


def test_from_a_goal_one_reaches_the_voices_and_the_tankesmie_and_back(verden):
    maal, klynge = verden
    kort = BidragFactory(sporsmaal=klynge.sporsmaal, klynge=klynge)
    roller = roller_for(koordinator(maal.nettverk), maal.nettverk)

    assert _from(read(MAAL, maal.pk, roller)) == {"tankesmie": 1, "stemme": 1, "tema": 1}
    for slag, pk in ((TANKESMIE, klynge.sporsmaal.tankesmie_id), (STEMME, kort.pk)):
        assert "maal" in {g.slag.noekkel for g in read(slag, pk, roller).har_foert_til}


def test_the_page_of_a_tankesmie_ends_with_its_thread(client: Client, verden):
    _maal, klynge = verden
    tankesmie = klynge.sporsmaal.tankesmie
    type(tankesmie).objects.filter(pk=tankesmie.pk).update(frittstaaende=True)
    client.force_login(koordinator(tankesmie.nettverk))

    side = client.get(reverse("fremtidsbilder:tankesmie", args=["her", tankesmie.pk])).text

    om_den = reverse("nettverk:roedtraad", args=["her", "tankesmie", tankesmie.pk])
    assert f"{om_den}?del=side" in side


def test_a_voice_reaches_the_theme_also_by_a_second_theme_and_by_a_merged_one(verden):
    maal, klynge = verden
    sporsmaal = klynge.sporsmaal
    annen, tredje = KlyngeFactory.create_batch(2, sporsmaal=sporsmaal)
    ogsaa = BidragFactory(sporsmaal=sporsmaal, klynge=annen)
    klynger.place(sporsmaal, [ogsaa.pk], tema=klynge.pk, ogsaa=True)
    BidragFactory(sporsmaal=sporsmaal, klynge=tredje)
    roller = roller_for(koordinator(maal.nettverk), maal.nettverk)
    assert _from(read(MAAL, maal.pk, roller))["stemme"] == 1

    klynger.merge(sporsmaal, tredje.pk, inn_i=klynge.pk)

    assert _from(read(MAAL, maal.pk, roller))["stemme"] == 2


def test_members_see_the_approved_voices_alone_and_hidden_ones_nobody(verden):
    maal, klynge = verden
    felt = {"sporsmaal": klynge.sporsmaal, "klynge": klynge}
    BidragFactory(**felt, avgjoerelse="godkjent")
    BidragFactory(**felt)
    BidragFactory(**felt, skjult=True)
    fag = roller_for(_fag(maal.nettverk), maal.nettverk)
    k = roller_for(koordinator(maal.nettverk), maal.nettverk)

    assert _from(read(MAAL, maal.pk, fag)) == {"stemme": 1, "tema": 1}
    assert _from(read(MAAL, maal.pk, k)) == {"tankesmie": 1, "stemme": 2, "tema": 1}


def test_who_leads_the_tankesmie_links_its_voices_and_others_do_not(verden):
    maal, klynge = verden
    kort = BidragFactory(sporsmaal=klynge.sporsmaal, klynge=klynge, avgjoerelse="godkjent")
    annet = MaalFactory(nettverk=maal.nettverk)
    adresse = reverse("nettverk:roedtraad", args=["her", "stemme", kort.pk])
    data = {"handling": "koble", "retning": "til", "slag": "maal", "pk": annet.pk}

    def post(person) -> int:
        klient = Client()
        klient.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert klient.get(adresse).status_code == 200
        return klient.post(adresse, data).status_code

    assert post(_fag(maal.nettverk)) == 403
    assert post(koordinator(maal.nettverk)) == 302


def test_ten_thousand_voices_within_twelve_queries_and_a_second(verden):
    maal, klynge = verden
    Bidrag.objects.bulk_create(
        Bidrag(
            sporsmaal=klynge.sporsmaal, klynge=klynge, tekst=f"Tekst {n}", avgjoerelse="godkjent"
        )
        for n in range(10_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE fremtidsbilder_bidrag")
    roller = roller_for(koordinator(maal.nettverk), maal.nettverk)
    read(MAAL, maal.pk, roller)

    with CaptureQueriesContext(connection) as spoerringer:
        foer = time.perf_counter()
        traad = read(MAAL, maal.pk, roller)
        brukt = time.perf_counter() - foer

    assert _from(traad)["stemme"] == 10_000
    assert len(spoerringer) <= 12
    assert brukt < 2
