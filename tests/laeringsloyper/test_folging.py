"""Which unit follows which track: begin, go on, stop; twice is once; and who follows on a day."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet, Plassering
from laeringsloyper.folging import (
    Folgeutfall,
    Folging,
    changeable_by,
    follow,
    followers,
    foresee,
    stop,
)
from laeringsloyper.models import Enhetsloype, Periode
from nettverk.models import Nettverk
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for
from tests.kommuner.factories import EnhetFactory
from tests.laeringsloyper.factories import LaeringsloypeFactory, PeriodeFactory
from tests.nettverk.factories import (
    MedlemskapFactory,
    NettverkFactory,
    PersonFactory,
    kog,
    kommuneansvarlig,
    koordinator,
)
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db

DAG = datetime.timedelta(days=1)


def _enhet(nettverk: Nettverk) -> Enhet:
    return EnhetFactory(kommune=MedlemskapFactory(nettverk=nettverk).kommune)


def _periode(nettverk: Nettverk | None = None) -> Periode:
    """One that runs from a year ago until a year from now."""
    gyldig = periode(idag() - 365 * DAG, idag() + 365 * DAG)
    return PeriodeFactory(
        loype=LaeringsloypeFactory(nettverk=nettverk or NettverkFactory()), gyldig=gyldig
    )


def _rader() -> list[tuple]:
    return [(r.fra, r.til, r.grunn) for r in Enhetsloype.objects.real().order_by("gyldig")]


def test_a_unit_follows_from_a_day_and_is_said_by_whom_and_why():
    p = _periode()
    enhet, av = _enhet(p.loype.nettverk), PersonFactory()

    gjort = follow([Folging(enhet, p, idag(), "Valgt")], by=av)

    rad = Enhetsloype.objects.get()
    assert gjort == {Folgeutfall.NY: 1}
    assert (rad.enhet, rad.periode, rad.fra, rad.til) == (enhet, p, idag(), None)
    assert (rad.grunn, rad.registrert_av) == ("Valgt", av)


def test_the_same_said_twice_is_once():
    p = _periode()
    folging = Folging(_enhet(p.loype.nettverk), p, idag(), "Valgt")
    follow([folging], by=PersonFactory())
    spor = Enhetsloype.pgh_event_model.objects.count()

    assert foresee([folging]) == [Folgeutfall.UENDRET]
    assert follow([folging], by=PersonFactory()) == {Folgeutfall.UENDRET: 1}
    assert Enhetsloype.pgh_event_model.objects.count() == spor


def test_an_earlier_day_or_another_reason_changes_the_one_that_stands():
    p = _periode()
    enhet = _enhet(p.loype.nettverk)
    follow([Folging(enhet, p, idag(), "Valgt")], by=PersonFactory())

    gjort = follow([Folging(enhet, p, idag() - 9 * DAG, "Ønsket")], by=PersonFactory())

    assert gjort == {Folgeutfall.ENDRET: 1}
    assert _rader() == [(idag() - 9 * DAG, None, "Ønsket")]


def test_a_day_before_the_period_is_its_first_day():
    p = _periode()
    follow([Folging(_enhet(p.loype.nettverk), p, p.fra - 9 * DAG)], by=PersonFactory())

    assert _rader() == [(p.fra, None, "")]


def test_a_period_that_is_over_takes_nobody():
    p = PeriodeFactory()

    with pytest.raises(KanIkke, match=r"Perioden var slutt 31\."):
        follow([Folging(_enhet(p.loype.nettverk), p, idag())], by=PersonFactory())

    assert not Enhetsloype.objects.exists()


def test_a_unit_outside_the_network_is_refused_and_the_others_are_not_written():
    p = _periode()
    her, der = _enhet(p.loype.nettverk), _enhet(NettverkFactory())

    with pytest.raises(KanIkke):
        follow([Folging(her, p, idag()), Folging(der, p, idag())], by=PersonFactory())

    assert not Enhetsloype.objects.exists()


def test_who_stops_followed_until_then_and_may_begin_again():
    p = _periode()
    enhet, av = _enhet(p.loype.nettverk), PersonFactory()
    follow([Folging(enhet, p, idag() - 20 * DAG)], by=av)

    assert stop([Folging(enhet, p, idag() - 10 * DAG, "Byttet")]) == 1
    assert stop([Folging(enhet, p, idag() - 10 * DAG, "Byttet")]) == 0
    follow([Folging(enhet, p, idag(), "Tilbake")], by=av)

    assert _rader() == [
        (idag() - 20 * DAG, idag() - 10 * DAG, ""),
        (idag(), None, "Tilbake"),
    ]
    loyper = [p.loype]
    for dato, folger in ((idag() - 15 * DAG, 1), (idag() - 5 * DAG, 0), (idag(), 1)):
        assert followers(p.loype.nettverk, loyper, dato).count() == folger


def test_who_stops_the_day_it_began_has_never_followed():
    p = _periode()
    enhet = _enhet(p.loype.nettverk)
    follow([Folging(enhet, p, idag())], by=PersonFactory())

    stop([Folging(enhet, p, idag())])

    assert _rader() == []
    assert Enhetsloype.objects.count() == 1


def test_who_was_to_stop_goes_on_when_it_is_said_again():
    p = _periode()
    enhet = _enhet(p.loype.nettverk)
    follow([Folging(enhet, p, idag())], by=PersonFactory())
    stop([Folging(enhet, p, idag() + 30 * DAG)])

    assert follow([Folging(enhet, p, idag() + DAG)], by=PersonFactory()) == {Folgeutfall.ENDRET: 1}
    assert _rader() == [(idag(), None, "")]


def test_the_database_refuses_the_same_period_twice_at_once():
    p = _periode()
    enhet = _enhet(p.loype.nettverk)
    Enhetsloype.objects.create(enhet=enhet, periode=p)

    with pytest.raises(IntegrityError, match="enhetsloype_ikke_samtidig"), transaction.atomic():
        Enhetsloype.objects.create(enhet=enhet, periode=p, gyldig=periode(idag()))


@pytest.mark.django_db(transaction=True)
def test_two_who_say_the_same_at_once_make_one():
    p = _periode()
    enhet, av = _enhet(p.loype.nettverk), PersonFactory()

    def say() -> list[Folgeutfall]:
        return list(follow([Folging(enhet, p, idag(), "Valgt")], by=av))

    svar = at_once(say, say, holding=p)

    assert sorted(svar) == [[Folgeutfall.NY], [Folgeutfall.UENDRET]]
    assert _rader() == [(idag(), None, "Valgt")]


def test_followers_are_each_once_and_lie_in_the_network_on_the_day():
    nettverk = NettverkFactory()
    p, q, annen = _periode(nettverk), _periode(nettverk), _periode(nettverk)
    begge, bare_annen, flyttet = (_enhet(nettverk) for _n in range(3))
    follow([Folging(begge, p, idag()), Folging(begge, q, idag())], by=PersonFactory())
    follow([Folging(bare_annen, annen, idag())], by=PersonFactory())
    follow([Folging(flyttet, p, idag())], by=PersonFactory())
    Plassering.objects.filter(enhet=flyttet).update(
        kommune=MedlemskapFactory(nettverk=NettverkFactory()).kommune
    )

    assert list(followers(nettverk, [p.loype, q.loype])) == [begge]
    assert list(followers(NettverkFactory(), [p.loype])) == []


def test_a_koordinator_sets_all_units_and_a_kommuneansvarlig_those_of_the_kommune():
    nettverk = NettverkFactory()
    en, to = _enhet(nettverk), _enhet(nettverk)
    _enhet(NettverkFactory())

    def may(person) -> list[Enhet]:
        return list(changeable_by(roller_for(person, nettverk)))

    assert may(koordinator(nettverk)) == [en, to]
    assert may(kommuneansvarlig(nettverk, to.kommune_per())) == [to]
    assert may(kog(nettverk)) == []


def test_many_cost_the_same_as_one(django_assert_max_num_queries):
    p = _periode()
    en, *mange = (_enhet(p.loype.nettverk) for _n in range(6))
    follow([Folging(en, p, idag())], by=PersonFactory())

    av = PersonFactory()
    with django_assert_max_num_queries(8):
        follow([Folging(e, p, idag()) for e in mange], by=av)

    assert Enhetsloype.objects.count() == 6
