"""What one who is there may do now, and what is taken away for good."""

import datetime
import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluering.undersokelser import skjemaer
from fremtidsbilder.models import Bidrag
from fremtidsbilder.tankesmier import bidrag, styring
from nettverk.arbeid.gjelder import gjelder
from nettverk.arbeid.jobber import order_jobb
from nettverk.models import Gruppe, Jobb
from nettverk.sikkerhet.grenser import Grense
from nettverk.tilgang.roller import roller_for
from rolu.models import Bordplass, Deltakelse, Oppsummering, Samling
from rolu.samlinger import (
    blokker,
    evaluering,
    isalen,
    programplan,
    samtaler,
    sletting,
    tilstand,
)
from rolu.samlinger.bord import bordkart
from rolu.samlinger.dagen import there_today
from tests.fremtidsbilder.tankesmiefabrikk import BidragFactory
from tests.nettverk.factories import VervFactory, koordinator, medlem, nettverk_med_enhet
from tests.rolu.factories import (
    BordkartFactory,
    DeltakelseFactory,
    ProgrampostFactory,
    SamlingFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def samtale():
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, i_dag=True, tittel="Høstsamlingen")
    post = ProgrampostFactory(samling=samling)
    return samtaler.make(samling, programpost=post, antall_bord=4, sporsmaal=["Hva virker?"])


def client_of(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(navn: str, samling: Samling, *mer) -> str:
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk, *mer])


@pytest.fixture
def deltaker(samtale):
    verv = VervFactory(gruppe__nettverk=samtale.nettverk)
    DeltakelseFactory(samling=samtale.samling, verv=verv, status=Deltakelse.Status.PAAMELDT)
    return verv.person


def test_who_is_there_finds_the_open_question_at_their_table_and_the_evaluation(samtale, deltaker):
    samling = samtale.samling
    kart = BordkartFactory(samling=samling, satt_=True, delt=timezone.now())
    Bordplass.objects.create(bordkart=kart, person=deltaker, bord=3)
    client = client_of(deltaker)
    assert "Hva virker?" not in client.get(url("samling", samling)).text
    samtaler.start(samtale, samtale.tankesmie.sporsmaal.get())
    evaluering.start(samling, undersokelse := evaluering.make(samling))

    side = client.get(url("samling", samling)).text
    hjem = [g.url for g in isalen.gjoremaal(roller_for(deltaker, samling.nettverk))]

    blokka = f"/b/{samtale.tankesmie.kode}/?bord=3"
    assert f'href="{blokka}"' in side
    assert f'href="/e/{undersokelse.kode}/"' in side
    assert hjem == [blokka]
    assert blokka not in client_of(koordinator(samling.nettverk)).get(url("samling", samling)).text


def test_ending_the_gathering_says_and_freezes_what_is_open(samtale):
    samtaler.start(samtale, sporsmaal := samtale.tankesmie.sporsmaal.get())
    samling, by = samtale.samling, koordinator(samtale.nettverk)

    side = client_of(by).get(url("samling_avslutt", samling))
    tilstand.finish(samling, by=by)

    sporsmaal.refresh_from_db()
    assert "Spørsmålet «Hva virker?» stenges" in side.text
    assert sporsmaal.status == "frosset"


def test_a_text_that_is_erased_is_gone_from_the_draft_of_the_summary_and_told_when_it_is_made(
    samtale,
):
    sporsmaal = samtale.tankesmie.sporsmaal.get()
    styring.open_question(sporsmaal)
    kort = BidragFactory(sporsmaal=sporsmaal, tekst="Om Kari i 3B", valgt=True)
    blokker.make_ready(samtale.samling)
    assert "Om Kari" in json.dumps([b.data for b in blokker.of(samtale.samling)])
    vegg = url("samtale_vegg", samtale.samling, samtale.pk, sporsmaal.pk)

    client_of(koordinator(samtale.nettverk)).post(vegg, {"handling": "slett", "kort": [kort.pk]})

    assert "Om Kari" not in json.dumps([b.data for b in blokker.of(samtale.samling)])
    assert not Bidrag.objects.exclude(tekst="").exists()
    assert not sletting.quoted(samtale.samling, ["Om Kari i 3B"])


def test_a_made_summary_that_quotes_an_erased_text_is_told_whatever_signs_it_has(samtale):
    sporsmaal = samtale.tankesmie.sporsmaal.get()
    styring.open_question(sporsmaal)
    tekst = "Kari sa: det's bra"
    kort = BidragFactory(sporsmaal=sporsmaal, tekst=tekst)
    Oppsummering.objects.create(
        samling=samtale.samling, innhold=[{"biter": [f'«{tekst}», og "mer"']}]
    )
    vegg = url("samtale_vegg", samtale.samling, samtale.pk, sporsmaal.pk)

    svar = client_of(koordinator(samtale.nettverk)).post(
        vegg, {"handling": "slett", "kort": [kort.pk]}, follow=True
    )

    assert "Oppsummeringen som er laget, siterer teksten." in svar.text


def test_a_text_is_erased_also_when_the_gathering_is_called_off(samtale):
    sporsmaal = samtale.tankesmie.sporsmaal.get()
    kort = BidragFactory(sporsmaal=sporsmaal, tekst="Om Kari")
    Samling.objects.filter(pk=samtale.samling_id).update(status=Samling.Status.AVLYST)
    vegg = url("samtale_vegg", samtale.samling, samtale.pk, sporsmaal.pk)

    client_of(koordinator(samtale.nettverk)).post(vegg, {"handling": "slett", "kort": [kort.pk]})

    kort.refresh_from_db()
    assert kort.tekst == ""


def test_home_costs_the_same_with_one_and_several_open_questions(
    samtale, deltaker, django_assert_num_queries
):
    samtaler.start(samtale, samtale.tankesmie.sporsmaal.get())
    samtidig = samtaler.make(
        samtale.samling,
        programpost=ProgrampostFactory(samling=samtale.samling, start=samtale.programpost.start),
        sporsmaal=["Hva mer?"],
    )
    samtaler.start(samtidig, samtidig.tankesmie.sporsmaal.get())
    roller = roller_for(deltaker, samtale.nettverk)
    there_today(roller)

    with django_assert_num_queries(2):
        alle = list(isalen.gjoremaal(roller))

    assert len(alle) == 2


def test_an_item_that_keeps_its_name_changes_nothing_of_its_tankesmie(samtale):
    foer = samtale.tankesmie.versjon

    programplan.change_item(samtale.programpost, felt=["tittel", "rom"])

    samtale.tankesmie.refresh_from_db()
    assert samtale.tankesmie.versjon == foer


def test_a_gathering_that_is_moved_says_which_items_stand_where_it_is_not_held(samtale):
    samling = samtale.samling
    samling.programposter.update(start=samling.start + datetime.timedelta(days=3))
    dag = timezone.localtime(samling.start).date().isoformat()
    skjema = {
        "type": samling.type,
        "tittel": samling.tittel,
        "sted": samling.sted,
        "dag_1_0": dag,
        "dag_1_1": "09.00",
        "dag_1_2": "15.00",
    }

    client = client_of(koordinator(samling.nettverk))
    svar = client.post(url("samling_rediger", samling), skjema, follow=True)

    assert "post i programmet står fortsatt på en dag samlingen ikke holdes" in svar.text


def test_those_who_may_seat_people_see_how_far_a_seating_is_that_another_asked_for(samtale):
    samling = samtale.samling
    deres = order_jobb(
        nettverk=samling.nettverk,
        slag=bordkart.SLAG,
        gjelder=gjelder(samling),
        by=koordinator(samling.nettverk),
    )
    adresse = reverse("nettverk:jobb", args=[samling.nettverk.slug, deres.pk])
    pro = medlem(samling.nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK)

    assert client_of(pro).get(adresse).status_code == 200
    assert (
        client_of(VervFactory(gruppe__nettverk=samling.nettverk).person).get(adresse).status_code
        == 404
    )
    assert Jobb.objects.visible_to(roller_for(pro, samling.nettverk)).count() == 0


def test_one_machine_does_not_fill_an_evaluation(samtale, client, monkeypatch):
    monkeypatch.setattr(
        "nettverk.sikkerhet.ettsted.FRA_ETT_STED",
        Grense("fra_ett_sted", 2, datetime.timedelta(minutes=10)),
    )
    undersokelse = evaluering.make(samtale.samling)
    evaluering.start(samtale.samling, undersokelse)
    skala = next(s for s in skjemaer.questions(undersokelse.skjema) if not s.er_tekst)

    def answer() -> int:
        rad = {"id": str(uuid.uuid4()), "utgave": 1, f"s-{skala.noekkel}": "1"}
        return client.post(
            f"/e/{undersokelse.kode}/svar/", json.dumps([rad]), content_type="application/json"
        ).status_code

    assert [answer() for _nr in range(3)] == [200, 200, 429]


def test_a_text_that_nobody_sees_is_no_card(samtale, client):
    sporsmaal = samtale.tankesmie.sporsmaal.get()
    styring.open_question(sporsmaal)
    rad = {"id": str(uuid.uuid4()), "sporsmaal": sporsmaal.pk, "tekst": "\u200b \u200b"}

    client.post(f"/b/{samtale.tankesmie.kode}/", json.dumps([rad]), content_type="application/json")

    assert not bidrag.Bidrag.objects.shown().exists()


def test_a_programme_that_is_through_before_the_gathering_is_thanks_nobody_for_the_day(samtale):
    samling = samtale.samling
    samling.programposter.update(start=timezone.now() - datetime.timedelta(hours=3), varighet=30)
    Samling.objects.filter(pk=samling.pk).update(
        slutt=timezone.now() + datetime.timedelta(hours=1), status=Samling.Status.PAAGAAR
    )
    client = client_of(koordinator(samling.nettverk))

    skranken = client.get(url("innsjekk", samling)).text
    skjermen = client.get(url("storskjerm", samling)).text

    assert "Ingen flere poster i programmet" in skranken
    assert "Takk for i dag" not in skjermen
    assert "Høstsamlingen" in skjermen
