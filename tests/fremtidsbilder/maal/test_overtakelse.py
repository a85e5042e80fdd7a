"""A kommune or a unit takes a goal in, once; and says how far it has come."""

import pytest

from fremtidsbilder.maal import runder
from fremtidsbilder.maal.overtakelse import places_to_take, take_in
from fremtidsbilder.maal.vurdering import assess
from fremtidsbilder.models import Maal
from fremtidsbilder.sted import Hjemsted, kommune_of_units
from kommuner.gyldighet import idag
from nettverk.skriving.konflikt import KanIkke
from tests.fremtidsbilder.factories import MaalFactory, TemaFactory
from tests.nettverk.factories import (
    MedlemskapFactory,
    koordinator,
    nettverk_med_enhet,
)
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db


def test_it_is_taken_in_as_it_is_with_its_themes_and_is_in_force():
    nettverk, gruppe = nettverk_med_enhet()
    maal, tema = MaalFactory(nettverk=nettverk), TemaFactory(nettverk=nettverk)
    maal.temaer.add(tema)

    eget = take_in(maal, sted=Hjemsted("enhet", enhet=gruppe.enhet), by=koordinator(nettverk))

    assert (eget.tekst, eget.over, eget.overtatt) == (maal.tekst, maal, True)
    assert eget in Maal.objects.in_force()
    assert list(eget.temaer.all()) == [tema]
    assert eget.runder.get().slag == "vedtatt"


def test_it_is_taken_in_once_and_again_when_the_first_is_closed():
    nettverk, gruppe = nettverk_med_enhet()
    by, sted = koordinator(nettverk), Hjemsted("enhet", enhet=gruppe.enhet)
    maal = MaalFactory(nettverk=nettverk)

    eget = take_in(maal, sted=sted, tekst="Våre ord", by=by)
    assert take_in(maal, sted=sted, by=by) == eget
    runder.close(eget, grunn="Feil", by=by)
    nytt = take_in(maal, sted=sted, by=by)

    assert nytt != eget
    with pytest.raises(KanIkke):
        runder.reopen(eget, grunn="Likevel", by=by)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_take_it_in_once():
    nettverk, gruppe = nettverk_med_enhet()
    by, maal = koordinator(nettverk), MaalFactory(nettverk=nettverk)
    sted = Hjemsted("enhet", enhet=gruppe.enhet)

    svar = at_once(*[lambda: take_in(maal, sted=sted, by=by)] * 20, holding=nettverk)

    assert kinds(svar) == ["ok"] * 20
    assert Maal.objects.filter(over=maal).count() == 1


@pytest.mark.parametrize("tilstand", ["utkast", "hoering", "avsluttet"])
def test_only_what_is_decided_is_taken_in(tilstand: str):
    nettverk, gruppe = nettverk_med_enhet()
    maal = MaalFactory(nettverk=nettverk, tilstand=tilstand, hoering_til=idag())
    sted = Hjemsted("enhet", enhet=gruppe.enhet)

    assert places_to_take(maal, [sted], {}) == []
    with pytest.raises(KanIkke):
        take_in(maal, sted=sted, by=koordinator(nettverk))


def test_a_unit_takes_in_the_goals_of_its_own_kommune_and_of_no_other():
    nettverk, gruppe = nettverk_med_enhet()
    by, sted = koordinator(nettverk), Hjemsted("enhet", enhet=gruppe.enhet)
    egen, annen = nettverk.kommuner().get(), MedlemskapFactory(nettverk=nettverk).kommune
    i_egen = MaalFactory(nettverk=nettverk, nivaa="kommune", kommune=egen)
    i_annen = MaalFactory(nettverk=nettverk, nivaa="kommune", kommune=annen)
    kommuner = kommune_of_units([sted])

    assert places_to_take(i_egen, [sted], kommuner) == [sted]
    assert places_to_take(i_annen, [sted], kommuner) == []
    assert take_in(i_egen, sted=sted, by=by).over == i_egen
    with pytest.raises(KanIkke):
        take_in(i_annen, sted=sted, by=by)


def test_nobody_takes_in_a_goal_of_another_network():
    _nettverk, gruppe = nettverk_med_enhet()
    fremmed = MaalFactory()

    # The unit is in no network but its own; its goal would stand in the other's.
    kommune = Hjemsted("kommune", kommune=MedlemskapFactory().kommune)
    with pytest.raises(KanIkke):
        take_in(
            MaalFactory(nettverk=fremmed.nettverk, nivaa="kommune", kommune=kommune.kommune),
            sted=Hjemsted("enhet", enhet=gruppe.enhet),
            by=koordinator(fremmed.nettverk),
        )


# --- how far


def test_people_say_how_far_they_have_come_with_a_sentence():
    maal = MaalFactory()
    by = koordinator(maal.nettverk)

    assess(maal, status="paa_vei", vurdering="Vi er i gang.", by=by)

    maal.refresh_from_db()
    assert (maal.status, maal.vurdering, maal.vurdert) == ("paa_vei", "Vi er i gang.", idag())
    with pytest.raises(KanIkke):
        assess(maal, status="naadd", vurdering="", by=by)
    assess(maal, status="", vurdering="", by=by)
    maal.refresh_from_db()
    assert (maal.status, maal.vurdering, maal.vurdert) == ("", "", None)


@pytest.mark.parametrize("tilstand", ["utkast", "avsluttet"])
def test_only_a_goal_in_force_is_assessed(tilstand: str):
    maal = MaalFactory(tilstand=tilstand)

    with pytest.raises(KanIkke):
        assess(maal, status="naadd", vurdering="Ja.", by=koordinator(maal.nettverk))
