"""«Per dato»: what is written in the address is a day, or the page says that it is not."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from kommuner.gyldighet import idag
from nettverk.side.perdato import read_per


def _read(skrevet: str | None) -> tuple[datetime.date, list[str]]:
    request = RequestFactory().get("/", {} if skrevet is None else {"per": skrevet})
    request.session = {}
    request._messages = FallbackStorage(request)
    with translation.override("nb"):
        dato = read_per(request)
    return dato, [str(m) for m in get_messages(request)]


@pytest.mark.parametrize(
    "skrevet", ["2018-01-31", "31.01.2018", "31.1.2018", " 2018-01-31 ", "2018-1-31"]
)
def test_a_day_is_read_as_people_and_machines_write_it(skrevet: str):
    assert _read(skrevet) == (datetime.date(2018, 1, 31), [])


def test_a_year_is_its_first_day():
    assert _read("2018") == (datetime.date(2018, 1, 1), [])


@pytest.mark.parametrize("skrevet", [None, "", "   "])
def test_nothing_written_is_today_without_a_word(skrevet: str | None):
    assert _read(skrevet) == (idag(), [])


@pytest.mark.parametrize(
    "skrevet",
    [
        "2018-02-30",
        "31.02.2018",
        "201",
        "0000",
        "i går",
        "01/31/2018",
        "0000-00-00",
        "10000-01-01",
        "1 2",
    ],
)
def test_a_day_that_does_not_exist_is_today_and_told_of(skrevet: str):
    dato, [melding] = _read(skrevet)

    assert dato == idag()
    assert melding.startswith(f"«{skrevet}» er ikke en dato. Siden viser hvordan det er i dag.")


def test_a_long_text_is_not_given_back_whole():
    _dato, [melding] = _read("x" * 5000)

    assert "x" * 20 + "»" in melding
    assert len(melding) < 200


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=40))
def test_whatever_is_written_the_page_has_a_day(skrevet: str):
    assert isinstance(_read(skrevet)[0], datetime.date)
