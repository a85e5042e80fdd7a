"""Who takes a place in a group and who leaves it; what is refused, and what two at once make."""

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction

from kommuner.gyldighet import idag, periode
from nettverk.models import Person, Rolle, Verv
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for
from nettverk.verv import appoint, can_end, end
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    koordinator,
)
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db

EN_DAG = datetime.timedelta(days=1)


def _appoint(gruppe, epost: str = "kari@demo.example", **annet: object) -> Verv:
    felt = {"navn": "Kari", "rolle": Rolle.MEDLEM, "gyldig": periode(idag()), **annet}
    return appoint(gruppe=gruppe, epost=epost, by=PersonFactory(), **felt)


def test_a_new_address_makes_a_person_who_can_sign_in_by_code_only():
    verv = _appoint(GruppeFactory(), "  Kari@Demo.Example ")

    assert (verv.person.epost, verv.person.navn) == ("kari@demo.example", "Kari")
    assert verv.person.is_active
    assert not verv.person.has_usable_password()
    assert not verv.person.is_staff


def test_a_known_person_keeps_the_name_whatever_the_case_of_the_address():
    kari = PersonFactory(epost="kari@demo.example", navn="Kari Tang")
    nettverk = VervFactory(person=kari).gruppe.nettverk

    gruppe = GruppeFactory(nettverk=nettverk)
    assert _appoint(gruppe, "KARI@demo.example", navn="K. T.").person == kari
    kari.refresh_from_db()
    assert kari.navn == "Kari Tang"
    assert Person.objects.filter(epost__iexact="kari@demo.example").count() == 1


def test_the_same_role_in_the_same_time_is_refused_and_makes_nobody():
    gruppe = GruppeFactory()
    _appoint(gruppe)

    with pytest.raises(IntegrityError, match="verv_ikke_samtidig"), transaction.atomic():
        _appoint(gruppe, gyldig=periode(idag() + 5 * EN_DAG))

    assert Verv.objects.count() == 1


@pytest.mark.parametrize(
    "annet",
    [{"rolle": Rolle.LEDER}, {"gyldig": periode(idag() - 9 * EN_DAG, idag())}],
    ids=["another role", "the time before"],
)
def test_another_role_or_another_time_is_another_verv(annet: dict):
    gruppe = GruppeFactory()
    _appoint(gruppe)

    _appoint(gruppe, **annet)

    assert Verv.objects.count() == 2


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(DataError, match="lower bound"), transaction.atomic():
        _appoint(GruppeFactory(), gyldig=periode(idag(), idag() - EN_DAG))


def test_an_appointment_to_come_opens_nothing_yet():
    verv = _appoint(GruppeFactory(), gyldig=periode(idag() + EN_DAG))

    assert not roller_for(verv.person, verv.gruppe.nettverk).er_medlem


def test_access_ends_with_the_last_day_and_the_history_stays():
    verv = VervFactory()
    nettverk = verv.gruppe.nettverk

    end(verv=verv, siste_dag=idag())
    i_dag = roller_for(Person.objects.get(pk=verv.person_id), nettverk).er_medlem
    end(verv=verv, siste_dag=idag() - EN_DAG)
    i_gaar = roller_for(Person.objects.get(pk=verv.person_id), nettverk).er_medlem

    assert (i_dag, i_gaar) == (True, False)
    assert Verv.objects.get().siste_dag == idag() - EN_DAG
    historie = Verv.pgh_event_model.objects.filter(pgh_obj=verv).order_by("pgh_id")
    assert [h.gyldig.upper for h in historie] == [None, idag() + EN_DAG, idag()]


def test_ending_the_same_day_twice_writes_history_once():
    verv = VervFactory()

    for _n in range(2):
        end(verv=verv, siste_dag=idag())

    assert Verv.pgh_event_model.objects.filter(pgh_obj=verv, pgh_label="update").count() == 1


@pytest.mark.parametrize(
    ("til", "kan"),
    [(None, True), (idag() + EN_DAG, True), (idag(), False), (idag() - EN_DAG, False)],
)
def test_only_what_holds_or_will_can_be_ended(til, kan: bool):
    assert can_end(Verv(gyldig=periode(datetime.date(2020, 1, 1), til))) is kan


def test_the_model_refuses_an_overlap_in_plain_words():
    verv = VervFactory()
    ny = Verv(person=verv.person, gruppe=verv.gruppe, rolle=verv.rolle, gyldig=periode(idag()))

    with pytest.raises(ValidationError, match="allerede denne rollen"):
        ny.full_clean()


@pytest.mark.django_db(transaction=True)
def test_two_who_appoint_the_same_at_once_make_one():
    gruppe, svar = GruppeFactory(), []
    PersonFactory(epost="kari@demo.example")

    def try_it() -> None:
        try:
            _appoint(gruppe)
            svar.append("gikk")
        except IntegrityError:
            svar.append("fantes")
        finally:
            connection.close()

    traader = [threading.Thread(target=try_it) for _ in range(2)]
    for traad in traader:
        traad.start()
    for traad in traader:
        traad.join()

    assert sorted(svar) == ["fantes", "gikk"]
    assert Verv.objects.count() == 1


def test_the_last_who_coordinates_cannot_be_taken_away_by_anybody():
    nettverk = NettverkFactory()
    eneste = koordinator(nettverk).verv.get()
    # One who has not answered cannot do anything yet.
    gruppe = eneste.gruppe
    appoint(
        gruppe=gruppe,
        navn="Ny",
        epost="ny@demo.example",
        rolle=Rolle.KOORDINATOR,
        gyldig=periode(idag()),
        by=eneste.person,
    )

    with pytest.raises(KanIkke):
        end(verv=eneste, siste_dag=idag())

    eneste.refresh_from_db()
    assert eneste.til is None
    koordinator(nettverk)
    end(verv=eneste, siste_dag=idag())
    assert eneste.siste_dag == idag()


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_who_end_each_other_at_once_leave_one():
    nettverk = NettverkFactory()
    begge = [koordinator(nettverk).verv.get() for _n in range(2)]

    svar = at_once(*[lambda v=v: end(verv=v, siste_dag=idag()) for v in begge], holding=nettverk)

    assert kinds(svar) == ["KanIkke", "ok"]
