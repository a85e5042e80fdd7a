"""Agenda items and evaluations on the red thread: what they came from, what they have led to, and who follows it."""

import datetime
import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fremtidsbilder.maal.arbeid import without_work
from fremtidsbilder.maal.tre import Filter, read_tree
from kommuner.gyldighet import idag
from nettverk.flater import find_part
from nettverk.models import Gruppe
from nettverk.portaldeler import turn_off
from nettverk.roedtraad import koblinger
from nettverk.roedtraad.lesing import read
from nettverk.roedtraad.slag import kind_of, kinds
from nettverk.tilgang.roller import roller_for
from rolu.models import Programpost, Samling, Samtale
from rolu.samlinger import evaluering
from tests.fremtidsbilder.factories import MaalFactory, TemaFactory
from tests.fremtidsbilder.tankesmiefabrikk import (
    BidragFactory,
    KlyngeFactory,
    SporsmaalFactory,
    TankesmieFactory,
)
from tests.nettverk.factories import koordinator, medlem
from tests.rolu.factories import (
    LoggpostFactory,
    MellomarbeidFactory,
    OppdragFactory,
    ProgrampostFactory,
    SamlingFactory,
    UtfallFactory,
)

pytestmark = pytest.mark.django_db


def som(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def ende(ting):
    return kind_of(ting, ting.nettverk), ting.pk


def foer(ting, roller) -> dict[str, int]:
    return {g.slag.noekkel: g.antall for g in read(*ende(ting), roller).kommer_fra}


def etter(ting, roller) -> dict[str, int]:
    return {g.slag.noekkel: g.antall for g in read(*ende(ting), roller).har_foert_til}


@pytest.fixture
def posten():
    """An item of a published gathering, that ended in an assignment."""
    samling = SamlingFactory(status=Samling.Status.INVITERT)
    post = ProgrampostFactory(samling=samling, tittel="Hva sier barna?", beskrivelse="")
    oppdrag = OppdragFactory(nettverk=samling.nettverk)
    UtfallFactory(samling=samling, programpost=post, type="oppdrag", oppdrag=oppdrag)
    return post


def _ask(samling):
    """Its evaluation, opened."""
    undersokelse = evaluering.make(samling)
    evaluering.start(samling, undersokelse)
    return samling.evaluering


def test_from_an_item_one_reaches_its_gathering_and_the_assignment_it_ended_in(posten):
    roller = roller_for(koordinator(posten.nettverk), posten.nettverk)
    (oppdrag,) = posten.nettverk.oppdrag.all()

    assert foer(posten, roller) == {"samling": 1}
    assert etter(posten, roller) == {"oppdrag": 1}
    assert foer(oppdrag, roller) == {"samling": 1, "programpost": 1}
    assert etter(posten.samling, roller) == {"programpost": 1, "oppdrag": 1}


def test_an_item_that_was_carried_on_came_of_the_first(posten):
    senere = SamlingFactory(nettverk=posten.nettverk, status=Samling.Status.INVITERT)
    videre = ProgrampostFactory(samling=senere, fra=posten)
    roller = roller_for(koordinator(posten.nettverk), posten.nettverk)

    assert foer(videre, roller) == {"samling": 2, "programpost": 1}
    assert etter(posten, roller) == {"programpost": 1, "oppdrag": 1}


@pytest.mark.parametrize("med_post", [True, False])
def test_the_voices_of_a_tankesmie_at_a_gathering_lead_back_to_where_it_was_held(posten, med_post):
    nettverk = posten.nettverk
    tankesmie = TankesmieFactory(nettverk=nettverk)
    Samtale.objects.create(
        samling=posten.samling, programpost=posten if med_post else None, tankesmie=tankesmie
    )
    tema = TemaFactory(nettverk=nettverk)
    maal = MaalFactory(nettverk=nettverk)
    maal.temaer.add(tema)
    sporsmaal = SporsmaalFactory(tankesmie=tankesmie)
    BidragFactory(sporsmaal=sporsmaal, klynge=KlyngeFactory(sporsmaal=sporsmaal, tema=tema))
    roller = roller_for(koordinator(nettverk), nettverk)

    held = {"samling": 1} | ({"programpost": 1} if med_post else {})
    assert foer(maal, roller) == {"tankesmie": 1, "stemme": 1, "tema": 1} | held


def test_a_break_is_not_on_the_thread(posten):
    pause = ProgrampostFactory(samling=posten.samling, arbeidsform=Programpost.Arbeidsform.PAUSE)
    person = koordinator(posten.nettverk)

    assert etter(posten.samling, roller_for(person, posten.nettverk))["programpost"] == 1
    sti = reverse("nettverk:roedtraad", args=[posten.nettverk.slug, "programpost", pause.pk])
    assert som(person).get(sti).status_code == 404
    side = reverse("rolu:samling_program", args=[posten.nettverk.slug, posten.samling_id])
    assert sti not in som(person).get(side, {"post": pause.pk}).text


def test_an_evaluation_comes_of_its_gathering_when_people_have_been_asked(posten):
    roller = roller_for(koordinator(posten.nettverk), posten.nettverk)
    evaluering.make(posten.samling)
    assert "evaluering" not in etter(posten.samling, roller)

    ett = _ask(posten.samling)

    assert etter(posten.samling, roller)["evaluering"] == 1
    assert foer(ett, roller) == {"samling": 1}
    maal = MaalFactory(nettverk=posten.nettverk, tekst="Mer tid til å snakke")
    koblinger.link(posten.nettverk, fra=ende(ett), til=ende(maal), by=roller.person)
    assert foer(maal, roller) == {"samling": 1, "evaluering": 1}


def _without(nettverk) -> set[str]:
    roller = roller_for(koordinator(nettverk), nettverk)
    return {gren.maal.tekst for gren in without_work(read_tree(roller, Filter()), nettverk)}


def test_a_goal_that_nothing_has_come_of_for_a_year_is_told_of(posten):
    nettverk = posten.nettverk
    k = koordinator(nettverk)

    def goal(tekst: str, *ting, **felt):
        maal = MaalFactory(nettverk=nettverk, tekst=tekst, **felt)
        for ett in ting:
            koblinger.link(nettverk, fra=ende(maal), til=ende(ett), by=k)
        return maal

    gammel = SamlingFactory(
        nettverk=nettverk,
        start=timezone.now() - datetime.timedelta(days=500),
        slutt=timezone.now() - datetime.timedelta(days=499),
        status=Samling.Status.LAAST,
    )
    utkast = SamlingFactory(nettverk=nettverk)
    goal("Samtalt om", posten)
    goal("Lenge siden", gammel, ProgrampostFactory(samling=gammel))
    goal("Bare påtenkt", utkast)
    goal("Ingenting")
    goal("Nådd", status="naadd", vurdering="Ja.", vurdert=idag())
    goal("Prinsipp", type="prinsipp")
    over = goal("Over")
    arbeid = MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=nettverk, frist=idag() - datetime.timedelta(days=400))
    )
    goal("Under", arbeid.oppdrag, over=over)

    venter = {"Lenge siden", "Bare påtenkt", "Ingenting"}
    assert _without(nettverk) == venter | {"Over", "Under"}
    LoggpostFactory(mellomarbeid=arbeid)
    type(arbeid).objects.filter(pk=arbeid.pk).update(status="kladd")
    # What a unit writes, counts for its goal and for those above it.
    assert _without(nettverk) == venter

    side = som(k).get(reverse("fremtidsbilder:maal_list", args=[nettverk.slug])).text
    assert 'id="uten-arbeid"' in side
    svar = som(k).get(reverse("fremtidsbilder:maal_regneark", args=[nettverk.slug]))
    rader = list(openpyxl.load_workbook(io.BytesIO(svar.content)).active.values)
    uten = rader[0].index("Uten arbeid det siste året")
    assert {rad[2] for rad in rader[1:] if rad[uten]} == venter
    # Where the network uses none of the parts that have work, no goal is said to be without it.
    for del_ in ("mellomarbeid", "samlinger"):
        turn_off(nettverk, find_part(del_))
    assert _without(nettverk) == set()


def test_who_follows_an_item_and_who_an_evaluation(posten):
    ett = _ask(posten.samling)
    nettverk = posten.nettverk
    stier = {
        ting: reverse(
            "nettverk:roedtraad", args=[nettverk.slug, kind_of(ting, nettverk).noekkel, ting.pk]
        )
        for ting in (posten, ett)
    }
    fag = medlem(nettverk, gruppetype=Gruppe.Type.FAGMILJO)
    eva = medlem(nettverk, gruppetype=Gruppe.Type.EVALUERINGSNETTVERK)

    assert som(fag).get(stier[posten]).status_code == 200
    assert "Koble til noe" not in som(fag).get(stier[posten]).text
    assert som(fag).get(stier[ett]).status_code == 404
    assert "evaluering" not in etter(posten.samling, roller_for(fag, nettverk))
    assert "Koble til noe" in som(eva).get(stier[ett]).text
    Samling.objects.filter(pk=posten.samling_id).update(status=Samling.Status.UTKAST)
    assert som(fag).get(stier[posten]).status_code == 404


def test_the_thread_is_reached_from_the_item_the_note_and_the_evaluation(posten):
    ett = _ask(posten.samling)
    slug, samling = posten.nettverk.slug, posten.samling_id
    k, fag = koordinator(posten.nettverk), medlem(posten.nettverk, gruppetype=Gruppe.Type.FAGMILJO)
    om_posten = reverse("nettverk:roedtraad", args=[slug, "programpost", posten.pk])
    programmet = reverse("rolu:samling_program", args=[slug, samling])

    assert f"?post={posten.pk}#post-{posten.pk}" in som(fag).get(programmet).text
    assert om_posten in som(fag).get(programmet, {"post": posten.pk}).text
    notatet = reverse("rolu:notat", args=[slug, samling, posten.pk])
    assert f"{om_posten}?del=side" in som(k).get(notatet).text
    evalueringen = reverse("rolu:samling_evaluering", args=[slug, samling])
    om_den = reverse("nettverk:roedtraad", args=[slug, "evaluering", ett.pk])
    assert f"{om_den}?del=side" in som(k).get(evalueringen).text


def test_a_list_with_every_kind_on_it_is_unfolded_in_twelve_queries(
    posten, django_assert_max_num_queries
):
    nettverk = posten.nettverk
    k = koordinator(nettverk)
    roller = roller_for(k, nettverk)
    _ask(posten.samling)
    maal = MaalFactory(nettverk=nettverk)
    koblinger.link(nettverk, fra=ende(maal), til=ende(posten.samling), by=k)

    with django_assert_max_num_queries(12):
        traad = read(*ende(maal), roller, bare="ned")
    assert {g.slag.noekkel for g in traad.har_foert_til} == {
        "samling",
        "programpost",
        "evaluering",
        "oppdrag",
    }
    assert traad.kommer_fra == []
    # Three, and one for each kind: there are nine that a goal can lead to, goals among them.
    noeklene = list(kinds(nettverk))
    assert len(noeklene) - noeklene.index("maal") <= 9
