"""The gathering after this one: its day, its title; and what speaks against a day."""

import datetime

import pytest
from django.utils import timezone, translation

from rolu.models import Samling
from rolu.samlinger.datovarsel import suggest_next, warnings_for
from rolu.samlinger.neste import next_after, proposed_title
from tests.rolu.factories import SamlingFactory

D = datetime.date


@pytest.mark.parametrize(
    ("dato", "del_"),
    [
        (D(2027, 3, 22), "påskeferien"),  # the Monday before Easter, no holiday itself
        (D(2027, 7, 14), "sommerferien"),
        (D(2026, 12, 29), "juleferien"),  # week 53
        (D(2027, 2, 23), "vinterferie"),
        (D(2026, 9, 30), "høstferie"),
        (D(2027, 5, 17), "helligdag"),
    ],
)
def test_weeks_when_schools_are_on_holiday_are_warned_of(dato, del_):
    assert any(del_ in varsel for varsel in warnings_for(dato))


@pytest.mark.parametrize("dato", [D(2027, 1, 12), D(2027, 5, 4), D(2027, 6, 8), D(2027, 11, 3)])
def test_ordinary_days_are_not_warned_of(dato):
    assert warnings_for(dato) == []


@pytest.mark.parametrize(
    ("forrige", "etter", "neste"),
    [
        (D(2026, 3, 10), D(2026, 4, 1), D(2026, 9, 8)),  # half a year on
        (D(2026, 3, 10), D(2026, 11, 25), D(2027, 3, 9)),  # that is over: a year on
        (D(2026, 3, 31), D(2026, 4, 10), D(2026, 10, 6)),  # over the autumn break, week 40
        (D(2026, 8, 25), D(2026, 9, 1), D(2027, 3, 9)),  # over both weeks of the winter break
    ],
)
def test_next_keeps_the_weekday_and_goes_round_holidays(forrige, etter, neste):
    assert suggest_next(forrige, etter=etter) == neste
    assert neste.weekday() == forrige.weekday()


def test_all_the_days_of_a_gathering_must_be_free():
    # Wednesday 5 May 2027 is free; Ascension Day is the day after.
    assert suggest_next(D(2026, 11, 4), etter=D(2026, 12, 1)) == D(2027, 5, 5)
    assert suggest_next(D(2026, 11, 4), etter=D(2026, 12, 1), dager=2) == D(2027, 5, 12)


@pytest.mark.django_db
def test_next_after_keeps_the_times_and_lets_go_of_what_was_said_of_the_old():
    forrige = SamlingFactory(
        tittel="ROLU-samling høst 2026",
        tema="Samtaler om bøker",
        om="Ta med ei bok.",
        start=datetime.datetime(2026, 9, 15, 7, tzinfo=datetime.UTC),  # 09.00 in summer time
        slutt=datetime.datetime(2026, 9, 15, 13, 30, tzinfo=datetime.UTC),
        paameldingsfrist=D(2026, 9, 5),
    )

    forslag = next_after(forrige, etter=D(2026, 11, 25))

    assert forslag["tittel"] == "ROLU-samling vår 2027"
    assert f"{timezone.localtime(forslag['start']):%Y-%m-%d %H.%M}" == "2027-03-16 09.00"
    assert f"{timezone.localtime(forslag['slutt']):%Y-%m-%d %H.%M}" == "2027-03-16 15.30"
    assert forslag["paameldingsfrist"] == D(2027, 2, 19)  # not a Saturday, not in the winter break
    assert not forslag.keys() & {"tema", "om"}


def test_title_is_the_kind_and_the_season():
    assert proposed_title(Samling.Type.FAGDAG, D(2027, 10, 5), maalform="nb") == "Fagdag høst 2027"
    assert proposed_title(Samling.Type.ANNEN, D(2027, 10, 5), maalform="nb") == ""


def test_the_title_is_written_as_the_network_writes_whoever_reads():
    with translation.override("en"):
        tittel = proposed_title(Samling.Type.FAGDAG, D(2027, 10, 5), maalform="nn")

    assert tittel == "Fagdag haust 2027"
