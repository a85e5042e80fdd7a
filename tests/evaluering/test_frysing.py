"""Plain data comes back as it was kept; what is not plain is refused."""

import datetime
import json
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy

from evaluering.frysing import freeze, thaw
from evaluering.models import Aarsrapport


@dataclass(frozen=True)
class _Rad:
    navn: str
    fra: datetime.date

    @property
    def aar(self) -> int:
        return self.fra.year


@pytest.mark.parametrize(
    "verdi",
    [
        None,
        True,
        0,
        2.5,
        "tekst med «æ»",
        datetime.date(2026, 12, 31),
        datetime.datetime(2026, 12, 31, 23, 59, tzinfo=datetime.UTC),
        Decimal("12.50"),
        {"rader": [{"dato": datetime.date(2018, 1, 1), "antall": 3}], "tom": []},
    ],
)
def test_what_is_kept_comes_back_as_it_was(verdi):
    assert thaw(json.loads(json.dumps(freeze(verdi)))) == verdi


def test_a_dataclass_becomes_what_a_template_reads_alike():
    tint = thaw(json.loads(json.dumps(freeze((_Rad("Aure", datetime.date(2020, 1, 1)),)))))

    assert tint == [{"navn": "Aure", "fra": datetime.date(2020, 1, 1), "aar": 2020}]


def test_a_text_is_kept_in_the_language_it_is_read_in():
    assert freeze(gettext_lazy("Kommune")) == "Kommune"


@pytest.mark.parametrize("verdi", [Aarsrapport(aar=2026), {"rapport": Aarsrapport(aar=2026)}, {1}])
def test_a_row_of_the_database_is_refused(verdi):
    with pytest.raises(TypeError, match="enkle data"):
        freeze(verdi)
