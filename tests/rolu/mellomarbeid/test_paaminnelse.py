"""Reminders of a deadline: to whom, when, once, and turned off by the person and by the network."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet, Plassering
from nettverk import portaldeler
from nettverk.arbeid import brevvalg
from nettverk.arbeid.brev import slag
from nettverk.models import Brev, Medlemskap, Mottakere, Naar, Person, Rolle
from rolu.mellomarbeid.flater import DEL
from rolu.mellomarbeid.oppdrag import give_to_newcomers
from rolu.mellomarbeid.paaminnelse import FRIST, dates_of, remind
from rolu.models import Mellomarbeid, Oppdrag
from tests.kommuner.factories import LENGE_SIDEN
from tests.nettverk.factories import (
    MedlemskapFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
)
from tests.rolu.factories import MellomarbeidFactory, OppdragFactory

pytestmark = pytest.mark.django_db
_NAA = timezone.now().astimezone(ZoneInfo("Europe/Oslo")).replace(hour=9)
# A Friday, so that neither fourteen days nor two days before is in a weekend.
NAA = _NAA + datetime.timedelta(days=(4 - _NAA.weekday()) % 7)


def at(dager: int) -> datetime.datetime:
    return NAA + datetime.timedelta(days=dager)


@pytest.fixture
def oppdrag() -> Oppdrag:
    """Given a month ago, with a deadline in fourteen days."""
    oppdrag = OppdragFactory(
        nettverk=NettverkFactory(),
        tittel="Utforsk ute",
        frist=timezone.localdate(NAA) + datetime.timedelta(days=14),
    )
    Oppdrag.objects.filter(pk=oppdrag.pk).update(gitt=at(-30))
    oppdrag.refresh_from_db()
    return oppdrag


def unit(oppdrag: Oppdrag, **felt) -> Mellomarbeid:
    arbeid = MellomarbeidFactory(oppdrag=oppdrag, **felt)
    if not oppdrag.nettverk.enheter().filter(pk=arbeid.enhet_id).exists():
        kommune = MedlemskapFactory(nettverk=oppdrag.nettverk).kommune
        Plassering.objects.create(enhet=arbeid.enhet, kommune=kommune, gyldig=periode(LENGE_SIDEN))
    return arbeid


def written(oppdrag: Oppdrag, dager: int) -> list[Person | None]:
    foer = set(Brev.objects.values_list("pk", flat=True))
    remind(oppdrag.nettverk, at(dager))
    return [brev.til for brev in Brev.objects.exclude(pk__in=foer).order_by("til")]


def test_everyone_in_the_group_is_reminded_twice_and_no_more(oppdrag):
    gruppe = unit(oppdrag).gruppe
    folk = [enhetsleder(gruppe), gruppemedlem(gruppe)]
    levert = enhetsleder(unit(oppdrag, levert_=True).gruppe)
    koordinator(oppdrag.nettverk)

    ganger = {dager: written(oppdrag, dager) for dager in range(-2, 16)}

    assert {dager: hvem for dager, hvem in ganger.items() if hvem} == {0: folk, 12: folk}
    assert not Brev.objects.filter(til=levert).exists()
    tekst = Brev.objects.filter(til=folk[0]).latest("pk").tekst
    assert "Utforsk ute" in tekst


def test_who_sits_in_eight_groups_gets_one_letter_with_all_of_them(oppdrag):
    raadgiver = PersonFactory()
    enheter = []
    for _nr in range(8):
        arbeid = unit(oppdrag)
        VervFactory(gruppe=arbeid.gruppe, person=raadgiver, rolle=Rolle.PP_RAADGIVER)
        enheter.append(str(arbeid.enhet))

    assert written(oppdrag, 0) == [raadgiver]
    tekst = Brev.objects.get().tekst
    assert all(enhet in tekst for enhet in enheter)
    assert Brev.objects.get().emne == "8 mellomarbeid har frist snart"


def test_two_assignments_on_the_same_day_are_one_letter(oppdrag):
    gruppe = unit(oppdrag).gruppe
    leder = enhetsleder(gruppe)
    annet = OppdragFactory(nettverk=oppdrag.nettverk, tittel="Les mer", frist=oppdrag.frist)
    Oppdrag.objects.filter(pk=annet.pk).update(gitt=at(-30))
    MellomarbeidFactory(oppdrag=annet, gruppe=gruppe)

    assert written(oppdrag, 0) == [leder]
    assert written(oppdrag, 0) == []
    assert "Les mer" in Brev.objects.get().tekst


def test_a_weekend_is_caught_up_with_but_not_a_week(oppdrag):
    leder = enhetsleder(unit(oppdrag).gruppe)
    assert written(oppdrag, 4) == []
    assert written(oppdrag, 3) == [leder]


def test_what_was_just_given_is_not_reminded_of_at_once(oppdrag):
    leder = enhetsleder(unit(oppdrag).gruppe)
    Oppdrag.objects.filter(pk=oppdrag.pk).update(gitt=at(0))

    assert written(oppdrag, 1) == []
    assert written(oppdrag, 12) == [leder]


def test_a_deadline_that_is_moved_is_reminded_of_anew(oppdrag):
    leder = enhetsleder(unit(oppdrag).gruppe)
    written(oppdrag, 0)
    Oppdrag.objects.filter(pk=oppdrag.pk).update(frist=oppdrag.frist + datetime.timedelta(days=20))

    assert written(oppdrag, 12) == []
    assert written(oppdrag, 20) == [leder]


def test_whoever_has_left_is_not_reminded_and_whoever_came_is(oppdrag):
    arbeid = unit(oppdrag)
    enhetsleder(arbeid.gruppe)
    arbeid.gruppe.verv.update(
        gyldig=periode(idag() - datetime.timedelta(days=9), idag() - datetime.timedelta(days=1))
    )
    ny = enhetsleder(arbeid.gruppe)

    assert written(oppdrag, 0) == [ny]


def test_the_person_turns_it_off(oppdrag):
    gruppe = unit(oppdrag).gruppe
    uten, med = enhetsleder(gruppe), gruppemedlem(gruppe)
    brevvalg.choose(uten, {FRIST: Naar.ALDRI})

    assert written(oppdrag, 0) == [med]


def test_the_network_turns_one_or_both_off(oppdrag):
    leder = enhetsleder(unit(oppdrag).gruppe)
    portaldeler.choose(oppdrag.nettverk, DEL, ["paaminnelse2"])

    assert written(oppdrag, 0) == []
    assert written(oppdrag, 12) == [leder]
    portaldeler.choose(oppdrag.nettverk, DEL, [])
    assert dates_of(oppdrag) == []


def test_it_is_written_in_the_language_of_the_person(oppdrag):
    leder = enhetsleder(unit(oppdrag).gruppe)
    Person.objects.filter(pk=leder.pk).update(spraak="en")

    written(oppdrag, 0)

    assert Brev.objects.get().spraak == "en"


def test_what_is_delivered_while_the_letter_waits_is_not_reminded_of(oppdrag):
    oppdrag.frist = idag() + datetime.timedelta(days=14)
    oppdrag.save()
    enhetsleder(unit(oppdrag).gruppe)
    remind(oppdrag.nettverk, timezone.now())
    brevet = Brev.objects.get()
    hindrer = slag(brevet.slag).hindrer
    assert hindrer(oppdrag.nettverk, brevet) == ""

    Mellomarbeid.objects.update(status="levert", levert=timezone.now())

    assert hindrer(oppdrag.nettverk, brevet)


def test_another_network_is_not_reminded(oppdrag):
    enhetsleder(unit(oppdrag).gruppe)

    assert remind(NettverkFactory(), at(0)) == 0


def test_it_costs_the_same_for_one_and_three_units(oppdrag):
    def cost(til: Oppdrag, enheter: int) -> int:
        for _nr in range(enheter):
            enhetsleder(unit(til).gruppe)
        with CaptureQueriesContext(connection) as spoerringer:
            assert remind(til.nettverk, at(0)) == enheter
        return len(spoerringer)

    annet = OppdragFactory(nettverk=NettverkFactory(), frist=oppdrag.frist)
    Oppdrag.objects.filter(pk=annet.pk).update(gitt=at(-30))
    annet.refresh_from_db()

    assert cost(oppdrag, 1) == cost(annet, 3)


# --- weekends, units that are no more, and those who came today


@pytest.mark.parametrize(
    ("ukedag", "ventet"),
    [
        ("mandag", {14: "mandag", 2: "fredag"}),
        ("tirsdag", {14: "tirsdag", 2: "fredag"}),
        ("onsdag", {14: "onsdag", 2: "mandag"}),
        ("lørdag", {14: "fredag", 2: "torsdag"}),
        ("søndag", {14: "fredag", 2: "fredag"}),
    ],
)
def test_nothing_falls_on_a_weekend_and_all_of_it_before_the_deadline(oppdrag, ukedag, ventet):
    dager = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]
    mandag = timezone.localdate(NAA) + datetime.timedelta(days=17)
    oppdrag.frist = mandag + datetime.timedelta(days=dager.index(ukedag))
    oppdrag.save()

    datoer = dates_of(oppdrag)

    assert [dager[dato.weekday()] for dato in datoer] == list(ventet.values())
    assert all(dato < oppdrag.frist for dato in datoer)


def test_a_monday_is_reminded_of_on_the_friday_and_once(oppdrag):
    leder = enhetsleder(unit(oppdrag).gruppe)
    # A Monday: what comes on Friday is of «2 days before».
    Oppdrag.objects.update(frist=timezone.localdate(NAA) + datetime.timedelta(days=3))

    assert written(oppdrag, -1) == []
    assert written(oppdrag, 0) == [leder]
    assert written(oppdrag, 3) == []


def test_fourteen_days_before_a_sunday_is_the_friday_before(oppdrag):
    leder = enhetsleder(unit(oppdrag).gruppe)
    Oppdrag.objects.update(frist=timezone.localdate(NAA) + datetime.timedelta(days=16))

    assert written(oppdrag, 0) == [leder]


def test_a_unit_that_is_closed_or_has_left_is_not_reminded(oppdrag):
    stengt, gaatt, blir = unit(oppdrag), unit(oppdrag), unit(oppdrag)
    for arbeid in (stengt, gaatt):
        enhetsleder(arbeid.gruppe)
    leder = enhetsleder(blir.gruppe)
    over = periode(LENGE_SIDEN, idag() - datetime.timedelta(days=1))
    Enhet.objects.filter(pk=stengt.enhet_id).update(gyldig=over)
    kommune = Plassering.objects.get(enhet=gaatt.enhet_id).kommune_id
    Medlemskap.objects.filter(nettverk=oppdrag.nettverk, kommune=kommune).update(gyldig=over)

    assert written(oppdrag, 0) == [leder]


def test_who_is_given_it_today_is_not_reminded_of_it_too(oppdrag):
    gammel = enhetsleder(unit(oppdrag).gruppe)
    oppdrag.mottakere = Mottakere.objects.create(nettverk=oppdrag.nettverk, enheter=True)
    oppdrag.frist = idag() + datetime.timedelta(days=14)
    oppdrag.save()
    # Told when it was given, some time ago.
    give_to_newcomers(oppdrag.nettverk)
    Brev.objects.update(opprettet=timezone.now() - datetime.timedelta(days=10))
    ny = unit(OppdragFactory(nettverk=oppdrag.nettverk))
    nyleder = enhetsleder(ny.gruppe)

    give_to_newcomers(oppdrag.nettverk)
    remind(oppdrag.nettverk, timezone.now())
    remind(oppdrag.nettverk, timezone.now() + datetime.timedelta(days=1))

    assert [b.slag for b in Brev.objects.filter(til=nyleder)] == ["rolu.oppdrag"]
    assert Brev.objects.filter(til=gammel, slag=FRIST).count() == 1


def test_a_unit_that_leaves_while_the_letter_waits_is_not_reminded(oppdrag):
    enhetsleder(unit(oppdrag).gruppe)
    Oppdrag.objects.update(frist=idag() + datetime.timedelta(days=14))
    remind(oppdrag.nettverk, timezone.now())
    brevet = Brev.objects.get()
    hindrer = slag(brevet.slag).hindrer
    assert hindrer(oppdrag.nettverk, brevet) == ""

    oppdrag.nettverk.medlemskap.all().delete()

    assert hindrer(oppdrag.nettverk, brevet)
