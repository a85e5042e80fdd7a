"""Who takes a place in a group and who leaves it; what is refused, and what two at once make."""

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction

from kommuner.gyldighet import idag, periode
from nettverk import grupper
from nettverk.models import Person, Rolle, Ubesvart, Verv
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for
from nettverk.verv import appoint, can_end, end
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    kog,
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

    end(verv=verv, siste_dag=idag(), by=PersonFactory())
    i_dag = roller_for(Person.objects.get(pk=verv.person_id), nettverk).er_medlem
    end(verv=verv, siste_dag=idag() - EN_DAG, by=PersonFactory())
    i_gaar = roller_for(Person.objects.get(pk=verv.person_id), nettverk).er_medlem

    assert (i_dag, i_gaar) == (True, False)
    assert Verv.objects.get().siste_dag == idag() - EN_DAG
    historie = Verv.pgh_event_model.objects.filter(pgh_obj=verv).order_by("pgh_id")
    assert [h.gyldig.upper for h in historie] == [None, idag() + EN_DAG, idag()]


def test_ending_the_same_day_twice_writes_history_once():
    verv = VervFactory()

    for _n in range(2):
        end(verv=verv, siste_dag=idag(), by=PersonFactory())

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


# --- a network always has somebody who coordinates it


def test_the_last_koordinator_cannot_be_ended_not_even_by_themselves():
    nettverk = NettverkFactory()
    en = koordinator(nettverk)
    kog(nettverk)

    with pytest.raises(KanIkke, match="må alltid ha noen som koordinerer"):
        end(verv=en.verv.get(), siste_dag=idag(), by=en)

    assert en.verv.get().til is None


def test_one_of_two_koordinatorer_can_be_ended_and_then_not_the_other():
    nettverk = NettverkFactory()
    en, to = koordinator(nettverk), koordinator(nettverk)

    end(verv=to.verv.get(), siste_dag=idag(), by=en)

    with pytest.raises(KanIkke):
        end(verv=en.verv.get(), siste_dag=idag() + 30 * EN_DAG, by=en)


def test_another_who_stops_first_or_has_not_answered_is_nobody_to_leave_it_to():
    nettverk = NettverkFactory()
    en, to = koordinator(nettverk), koordinator(nettverk)
    Ubesvart.objects.create(person=to, nettverk=nettverk, skrevet_av=en)
    with pytest.raises(KanIkke):
        end(verv=en.verv.get(), siste_dag=idag(), by=en)

    Ubesvart.objects.all().delete()
    to.verv.get().end(idag() + 10 * EN_DAG)
    with pytest.raises(KanIkke):
        end(verv=en.verv.get(), siste_dag=idag() + 20 * EN_DAG, by=en)
    end(verv=en.verv.get(), siste_dag=idag() + 5 * EN_DAG, by=en)


def test_the_administrator_may_end_the_last_one():
    en = koordinator(NettverkFactory())

    end(verv=en.verv.get(), siste_dag=idag(), by=PersonFactory(is_superuser=True))

    assert en.verv.get().til == idag() + EN_DAG


def test_whoever_coordinates_nothing_is_ended_freely():
    nettverk = NettverkFactory()
    en = kog(nettverk)

    end(verv=en.verv.get(), siste_dag=idag(), by=en)

    assert en.verv.get().til == idag() + EN_DAG


@pytest.mark.django_db(transaction=True)
def test_two_who_end_each_other_at_the_same_moment_leave_one():
    nettverk = NettverkFactory()
    en, to = koordinator(nettverk), koordinator(nettverk)

    svar = at_once(
        lambda: end(verv=to.verv.get(), siste_dag=idag(), by=en),
        lambda: end(verv=en.verv.get(), siste_dag=idag(), by=to),
        holding=nettverk,
    )

    assert kinds(svar) == ["KanIkke", "ok"]
    assert Verv.objects.filter(gyldig__endswith=None).count() == 1


# --- a Verv lasts no longer than its group


def test_a_verv_ends_with_its_group_whoever_appoints():
    slutt = idag() + 10 * EN_DAG
    gruppe = GruppeFactory(gyldig=periode(idag() - EN_DAG, slutt))

    assert _appoint(gruppe).til == slutt
    with pytest.raises(KanIkke):
        _appoint(gruppe, "per@demo.example", gyldig=periode(slutt))


@pytest.mark.django_db(transaction=True)
def test_nobody_is_appointed_to_a_group_that_is_ended_at_the_same_moment():
    gruppe = GruppeFactory()

    at_once(
        lambda: _appoint(gruppe),
        lambda: grupper.end(gruppe, siste_dag=idag() - EN_DAG),
        holding=gruppe,
    )

    gruppe.refresh_from_db()
    # Whoever was appointed first keeps the group from ending before that day.
    assert gruppe.til in (None, idag())
    assert Verv.objects.filter(gruppe=gruppe).gyldig().exists() is (gruppe.til is None)
