"""The days of gatherings from before each had its hours."""

import datetime
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.utils import timezone

_days_of = import_module("rolu.migrations.0010_samlingens_tilstand")._days_of
T = datetime.time


def tid(dag: int, time: int, minutt: int = 0) -> datetime.datetime:
    return datetime.datetime(2026, 3, dag, time, minutt, tzinfo=timezone.get_default_timezone())


def samling(start, slutt, *poster):
    rader = [SimpleNamespace(start=naar, varighet=varighet) for naar, varighet in poster]
    return SimpleNamespace(
        start=start, slutt=slutt, programposter=SimpleNamespace(all=lambda: rader)
    )


@pytest.mark.parametrize(
    ("start", "slutt", "timene"),
    [
        (tid(3, 10), tid(4, 14), [(T(10), T(15)), (T(9), T(14))]),
        (tid(3, 15), tid(4, 9), [(T(15), T(16)), (T(8), T(9))]),
        (tid(3, 18, 30), tid(5, 0, 30), [(T(18, 30), T(19, 30)), (T(9), T(15)), (T(0), T(0, 30))]),
        (tid(3, 23, 30), tid(4, 12), [(T(23, 30), T(23, 59, 59)), (T(9), T(12))]),
    ],
)
def test_the_first_and_the_last_day_are_never_left_out(start, slutt, timene):
    dager = _days_of(samling(start, slutt))

    assert [(dag["fra"], dag["til"]) for dag in dager] == timene
    assert (dager[0]["dato"], dager[-1]["dato"]) == (start.date(), slutt.date())


def test_the_programme_tells_the_hours_in_between():
    dager = _days_of(samling(tid(3, 10), tid(4, 14), (tid(3, 10), 60), (tid(3, 16), 90)))

    assert (dager[0]["fra"], dager[0]["til"]) == (T(10), T(17, 30))
