"""What was not finished: marked, shown before it is carried, carried once, and remembered where from."""

import datetime

import pytest
from django.urls import reverse

from nettverk.models import Gruppe
from nettverk.skriving.konflikt import KanIkke, Lukket
from nettverk.tilgang.roller import roller_for
from rolu.models import Programpost, Samling, Samlingsserie
from rolu.samlinger import videre
from tests.nettverk.factories import (
    NettverkFactory,
    PersonFactory,
    gruppemedlem,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import ProgrampostFactory, SamlingFactory, klokken
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return PersonFactory()


@pytest.fixture
def som(client):
    def inn(person):
        client.force_login(person)
        return client

    return inn


def adresse(navn: str, samling: Samling, *mer: object) -> str:
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk, *mer])


@pytest.fixture
def scene():
    """A gathering with two items that were not finished and one that was, and the next."""
    nettverk = NettverkFactory()
    var = SamlingFactory(nettverk=nettverk, avholdt=True)
    for tittel, uferdig in (("Språk", True), ("Lunsj", False), ("Tall", True)):
        ProgrampostFactory(samling=var, tittel=tittel, uferdig=uferdig, notat="Sagt", rom="B12")
    return var, SamlingFactory(nettverk=nettverk)


def test_it_is_put_last_one_after_another_and_points_back(scene, by):
    var, neste = scene
    siste = ProgrampostFactory(samling=neste, start=neste.start, varighet=60)

    nye = videre.carry(var, til=neste, by=by)

    poster = list(neste.programposter.all())
    assert [p.tittel for p in poster] == [siste.tittel, "Språk", "Tall"]
    assert [p.start - neste.start for p in poster] == [
        datetime.timedelta(minutes=m) for m in (0, 60, 90)
    ]
    assert [p.fra.tittel for p in nye] == ["Språk", "Tall"]
    assert {(p.notat, p.rom, p.uferdig) for p in poster[1:]} == {("", "", False)}


def test_both_layers_and_the_track_come_along(scene, by):
    var, neste = scene
    var.programposter.filter(uferdig=True).update(
        spor="Barnehage", materiell="Tusj", internt="Hent nøkkel"
    )

    nye = videre.carry(var, til=neste, by=by)

    assert {(p.spor, p.materiell, p.internt) for p in nye} == {("Barnehage", "Tusj", "Hent nøkkel")}


def test_it_is_never_carried_twice_also_to_another_gathering(scene, by):
    var, neste = scene
    videre.carry(var, til=neste, by=by)

    assert videre.carry(var, til=neste, by=by) == []
    assert videre.carry(var, til=SamlingFactory(nettverk=var.nettverk), by=by) == []
    assert Programpost.objects.filter(fra__isnull=False).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_carry_at_once_to_two_gatherings_carry_once():
    var = SamlingFactory(avholdt=True)
    post = ProgrampostFactory(samling=var, uferdig=True)
    til, by = SamlingFactory.create_batch(2, nettverk=var.nettverk), PersonFactory()

    svar = at_once(*[lambda s=s: videre.carry(var, til=s, by=by) for s in til], holding=post)

    assert sorted(len(nye) for nye in svar) == [0, 1]


def test_one_that_was_not_finished_there_either_goes_on(scene, by):
    var, neste = scene
    videre.carry(var, til=neste, by=by)
    videre.set_unfinished(neste.programposter.first(), uferdig=True, by=by)

    nye = videre.carry(neste, til=SamlingFactory(nettverk=var.nettverk), by=by)

    assert [p.fra.fra.samling for p in nye] == [var]


def test_what_was_taken_out_of_the_next_can_be_carried_again(scene, by):
    var, neste = scene
    videre.carry(var, til=neste, by=by)
    neste.programposter.all().delete()

    assert len(videre.carry(var, til=neste, by=by)) == 2


@pytest.mark.parametrize("stand", [{"avholdt": True}, {"avlyst": True}, {"laast": True}])
def test_nothing_is_carried_to_what_is_over_called_off_or_locked(scene, by, stand):
    var, _neste = scene

    with pytest.raises(KanIkke):
        videre.carry(var, til=SamlingFactory(nettverk=var.nettverk, **stand), by=by)


def test_the_mark_is_not_set_in_a_locked_gathering_and_what_is_marked_is_carried_from_it(scene, by):
    var, neste = scene
    Samling.objects.filter(pk=var.pk).update(status=Samling.Status.LAAST)

    with pytest.raises(Lukket):
        videre.set_unfinished(var.programposter.first(), uferdig=False, by=by)

    assert len(videre.carry(var, til=neste, by=by)) == 2


def test_the_next_of_the_same_series_is_proposed_first(scene):
    var, foerst = scene
    var.serie = Samlingsserie.objects.create(nettverk=var.nettverk, navn="ROLU")
    var.save()
    seinere = SamlingFactory(
        nettverk=var.nettverk, serie=var.serie, start=klokken(40, 9), slutt=klokken(40, 15)
    )
    SamlingFactory(nettverk=var.nettverk, avholdt=True)
    SamlingFactory(nettverk=var.nettverk, avlyst=True)
    SamlingFactory()

    roller = roller_for(koordinator(var.nettverk), var.nettverk)

    assert list(videre.later(var, roller)) == [seinere, foerst]


def test_a_process_leader_carries_only_to_what_they_lead(scene):
    var, neste = scene
    annen = SamlingFactory(nettverk=var.nettverk)
    person = medlem(var.nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK)
    annen.prosessledere.add(person)

    assert list(videre.later(var, roller_for(person, var.nettverk))) == [annen]
    assert neste != annen


# --- the pages


def test_an_item_is_marked_on_its_note_page_and_leads_to_the_next(scene, som):
    var, neste = scene
    lunsj = var.programposter.get(tittel="Lunsj")
    person = som(koordinator(var.nettverk))

    svar = person.post(adresse("programpost_uferdig", var, lunsj.pk), {"uferdig": "1"})
    foer = person.get(adresse("samling_ta_med", var)).text
    person.post(adresse("samling_ta_med", var), {"til": neste.pk})
    etter = person.get(adresse("samling_ta_med", var)).text
    notatet = person.get(adresse("notat", neste, neste.programposter.first().pk)).text

    assert svar.url == adresse("notat", var, lunsj.pk) + "#uferdig"
    assert all(tittel in foer for tittel in ("Språk", "Lunsj", "Tall"))
    assert "Ta med 3 poster" in foer
    assert "Allerede tatt med" in etter
    assert "Ingenting å ta med" in etter
    assert "Tatt med fra" in notatet
    assert var.tittel in notatet


def test_the_note_says_where_the_item_was_taken(scene, som, by):
    var, neste = scene
    post = var.programposter.get(tittel="Tall")
    [_spraak, ny] = videre.carry(var, til=neste, by=by)

    side = som(koordinator(var.nettverk)).get(adresse("notat", var, post.pk)).text

    assert "Tatt med til" in side
    assert f"{adresse('samling_program', neste)}?post={ny.pk}#post-{ny.pk}" in side
    assert "Posten kan tas med" not in side


def test_on_the_day_an_item_is_marked_and_one_is_back_on_the_day(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True, i_dag=True)
    post = ProgrampostFactory(samling=samling)
    person = som(koordinator(nettverk))

    side = person.get(adresse("innsjekk", samling), {"notat": post.pk}).text
    svar = person.post(
        adresse("programpost_uferdig", samling, post.pk), {"uferdig": "1", "dagen": "1"}
    )

    assert "Ble ikke ferdig" in side
    assert svar.url == f"{adresse('innsjekk', samling)}?notat={post.pk}#uferdig"
    assert "Posten ble ferdig" in person.get(svar.url).text


def test_a_gathering_of_another_network_and_one_that_is_gone_are_refused_at_the_field(scene, som):
    var, neste = scene
    fremmed = SamlingFactory()
    person = som(koordinator(var.nettverk))
    pk = neste.pk
    neste.delete()

    for til in (fremmed.pk, pk, ""):
        assert person.post(adresse("samling_ta_med", var), {"til": til}).status_code == 422
    assert not fremmed.programposter.exists()


def test_the_page_says_so_when_there_is_no_later_gathering(scene, som):
    var, neste = scene
    neste.delete()

    side = som(koordinator(var.nettverk)).get(adresse("samling_ta_med", var)).text

    assert "ingen senere samling" in side
    assert f"?fra={var.pk}" in side


def test_the_gathering_leads_there_only_those_who_may(som):
    nettverk, gruppe = nettverk_med_enhet()
    var = SamlingFactory(nettverk=nettverk, avholdt=True)
    ProgrampostFactory(samling=var, uferdig=True)
    side = adresse("samling", var)

    assert adresse("samling_ta_med", var) in som(koordinator(nettverk)).get(side).text
    assert adresse("samling_ta_med", var) not in som(gruppemedlem(gruppe)).get(side).text
