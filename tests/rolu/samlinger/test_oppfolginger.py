"""Commitments: who says that one is done, where they are shown, and what waits on the home page."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kommuner.gyldighet import idag, periode
from nettverk.models import Gruppe
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for
from nettverk.tilgang.tillatelser import kan
from rolu.models import Utfall
from rolu.samlinger import oppfolging
from rolu.samlinger import utfall as utfallene
from tests.kommuner.factories import LENGE_SIDEN
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    PersonFactory,
    VervFactory,
    gruppemedlem,
    kog,
    kommuneansvarlig,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import SamlingFactory, UtfallFactory

pytestmark = pytest.mark.django_db

T = Utfall.Type


@pytest.fixture
def scene():
    nettverk, gruppe = nettverk_med_enhet()
    return SamlingFactory(nettverk=nettverk, avholdt=True), gruppe


@pytest.fixture
def som(client):
    def inn(person):
        client.force_login(person)
        return client

    return inn


def liste(nettverk, valg: str = "") -> str:
    return reverse("rolu:oppfolging_list", args=[nettverk.slug]) + valg


def _days(n: int) -> datetime.date:
    return idag() + datetime.timedelta(days=n)


# --- who


def test_whoever_took_it_on_and_the_koordinator_say_when_it_is_done(scene):
    samling, enhetsgruppe = scene
    nettverk, kommune = samling.nettverk, enhetsgruppe.enhet.kommune_per()
    gruppe = GruppeFactory(nettverk=nettverk)
    gruppas = UtfallFactory(samling=samling, type=T.OPPFOLGING, gruppe=gruppe)
    kommunens = UtfallFactory(samling=samling, type=T.OPPFOLGING, kommune=kommune)
    folk = {
        "i gruppa": VervFactory(gruppe=gruppe).person,
        "var i gruppa": VervFactory(gruppe=gruppe, gyldig=periode(LENGE_SIDEN, idag())).person,
        "i en annen": VervFactory(gruppe=GruppeFactory(nettverk=nettverk)).person,
        "i enheten": gruppemedlem(enhetsgruppe),
        "kommunen": kommuneansvarlig(nettverk, kommune),
        "en annen kommune": kommuneansvarlig(
            nettverk, MedlemskapFactory(nettverk=nettverk).kommune
        ),
        "kog": kog(nettverk),
        "koordinator": koordinator(nettverk),
        "fremmed": koordinator(SamlingFactory().nettverk),
    }

    def can(rad: Utfall) -> set[str]:
        return {hvem for hvem, p in folk.items() if kan(p, "rolu.change_oppfolging", rad)}

    assert can(gruppas) == {"i gruppa", "koordinator"}
    assert can(kommunens) == {"kommunen", "koordinator"}


def test_the_first_who_says_it_is_done_stands_and_it_can_be_taken_back():
    rad, by = UtfallFactory(oppfolging_=True), PersonFactory()

    utfallene.finish(rad, by=by)
    utfallene.finish(rad, by=PersonFactory())
    rad.refresh_from_db()
    gjort_av = rad.gjort_av
    utfallene.reopen(rad, by=by)
    utfallene.reopen(rad, by=by)

    rad.refresh_from_db()
    assert (gjort_av, rad.gjort, rad.gjort_av) == (by, None, None)


def test_it_is_followed_up_after_the_gathering_is_locked():
    rad = UtfallFactory(samling=SamlingFactory(laast=True), oppfolging_=True)

    utfallene.finish(rad, by=PersonFactory())

    rad.refresh_from_db()
    assert rad.gjort is not None


def test_only_a_commitment_is_done():
    with pytest.raises(KanIkke):
        utfallene.finish(UtfallFactory(), by=PersonFactory())


# --- the list


def test_members_see_all_the_overdue_first_and_a_stranger_sees_none(scene, som):
    samling, enhetsgruppe = scene
    for tekst, frist in (("Sist", None), ("Siden", _days(9)), ("Over", _days(-2))):
        UtfallFactory(samling=samling, oppfolging_=True, tekst=tekst, frist=frist)
    UtfallFactory(
        samling=SamlingFactory(nettverk=samling.nettverk), oppfolging_=True, tekst="Fra utkast"
    )
    UtfallFactory(oppfolging_=True, tekst="I et annet nettverk")

    svar = som(gruppemedlem(enhetsgruppe)).get(liste(samling.nettverk))

    assert [u.tekst for u in svar.context["linjer"]] == ["Over", "Siden", "Sist"]
    assert "Over fristen" in svar.text
    assert "oppfolging_gjort" not in svar.text
    assert (
        ">Gjort"
        not in svar.text.replace(" ", "")
        .replace("\n", "")
        .split("<main", 1)[1]
        .split('id="liste"', 1)[1]
        .split("<ul", 1)[-1]
        .split("app-utfall__liste", 1)[-1]
    )


def test_one_filters_on_whose_and_on_what_is_done(scene, som):
    samling, _enhetsgruppe = scene
    a, b = GruppeFactory.create_batch(2, nettverk=samling.nettverk)
    for tekst, gruppe in (("A", a), ("B", b)):
        UtfallFactory(samling=samling, type=T.OPPFOLGING, gruppe=gruppe, tekst=tekst)
    gjort = UtfallFactory(samling=samling, type=T.OPPFOLGING, gruppe=b, tekst="Gjort B")
    utfallene.finish(gjort, by=PersonFactory())
    person = som(VervFactory(gruppe=a).person)

    def lines(valg: str) -> list[str]:
        svar = person.get(liste(samling.nettverk, valg))
        return [u.tekst for u in svar.context["linjer"]]

    assert lines("?vis=egne") == ["A"]
    assert lines(f"?hvem=gruppe-{b.pk}") == ["B"]
    assert lines("?vis=gjort") == ["Gjort B"]
    assert lines("?vis=tull&hvem=kommune-999") == ["A", "B"]


def test_done_leads_back_to_where_it_was_said(scene, som):
    samling, _enhetsgruppe = scene
    rad = UtfallFactory(samling=samling, oppfolging_=True)
    person = som(VervFactory(gruppe=rad.gruppe).person)
    side = reverse("rolu:oppfolging_gjort", args=[samling.nettverk.slug, rad.pk])
    her = liste(samling.nettverk, "?vis=egne")

    svar = person.post(f"{side}?neste={her}", {"gjort": "1"})
    utenfor = person.post(f"{side}?neste=https://ond.example/", {})

    assert svar.url == her
    assert utenfor.url == liste(samling.nettverk)
    rad.refresh_from_db()
    assert rad.gjort is None


def test_the_list_costs_the_same_with_one_and_many(scene, som):
    samling, enhetsgruppe = scene
    person = som(kommuneansvarlig(samling.nettverk, enhetsgruppe.enhet.kommune_per()))
    antall = []
    for ny in (2, 4):
        UtfallFactory.create_batch(ny, samling=samling, oppfolging_=True)
        person.get(liste(samling.nettverk))
        with CaptureQueriesContext(connection) as spurt:
            person.get(liste(samling.nettverk))
        antall.append(len(spurt))

    assert antall[0] == antall[1]


# --- elsewhere


def test_what_one_has_taken_on_waits_on_the_home_page_when_the_deadline_is_near(scene):
    samling, _enhetsgruppe = scene
    gruppe = GruppeFactory(nettverk=samling.nettverk)
    person = VervFactory(gruppe=gruppe).person
    for tekst, frist in (
        ("Over", _days(-3)),
        ("Snart", _days(5)),
        ("Lenge til", _days(60)),
        ("Uten frist", None),
    ):
        UtfallFactory(samling=samling, type=T.OPPFOLGING, gruppe=gruppe, tekst=tekst, frist=frist)
    UtfallFactory(samling=samling, oppfolging_=True, tekst="En annens", frist=_days(1))

    venter = list(oppfolging.gjoremaal(roller_for(person, samling.nettverk)))

    assert [str(g.tittel) for g in venter] == ["Over", "Snart"]


def test_somebody_in_a_unit_only_is_not_asked_about(scene, django_assert_num_queries):
    samling, enhetsgruppe = scene
    roller = roller_for(gruppemedlem(enhetsgruppe), samling.nettverk)
    assert roller.er_medlem

    with django_assert_num_queries(0):
        assert list(oppfolging.gjoremaal(roller)) == []


def test_it_stands_on_the_page_of_the_kommune_and_of_the_group(scene, som):
    samling, enhetsgruppe = scene
    nettverk, kommune = samling.nettverk, enhetsgruppe.enhet.kommune_per()
    gruppe = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGNETTVERK)
    UtfallFactory(samling=samling, type=T.OPPFOLGING, gruppe=gruppe, tekst="Gruppas løfte")
    UtfallFactory(samling=samling, type=T.OPPFOLGING, kommune=kommune, tekst="Kommunens løfte")
    person = som(koordinator(nettverk))

    kommunen = person.get(
        reverse("nettverk:kommune", args=[nettverk.slug, kommune.kommunenummer])
    ).text
    gruppa = person.get(reverse("nettverk:gruppe", args=[nettverk.slug, gruppe.pk])).text

    assert "Kommunens løfte" in kommunen
    assert "Gruppas løfte" not in kommunen
    assert "Gruppas løfte" in gruppa
    assert "Kommunens løfte" not in gruppa


def test_the_gathering_tells_how_many_are_left_and_the_list_of_gatherings_leads_to_them(scene, som):
    samling, enhetsgruppe = scene
    UtfallFactory.create_batch(2, samling=samling, oppfolging_=True)
    person = som(gruppemedlem(enhetsgruppe))

    side = person.get(reverse("rolu:samling", args=[samling.nettverk.slug, samling.pk])).text
    samlinger = person.get(reverse("rolu:samling_list", args=[samling.nettverk.slug])).text

    assert "2 oppfølginger er ikke gjort" in side
    assert liste(samling.nettverk) in side
    assert liste(samling.nettverk) in samlinger
