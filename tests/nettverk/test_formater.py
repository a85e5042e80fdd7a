"""How dates, times, numbers and money are written (norske konvensjoner, in three languages)."""

import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from psycopg.types.range import DateRange

from kommuner.gyldighet import idag
from nettverk.side import skrivemaate
from nettverk.templatetags import portal

NBSP = "\u00a0"
OSLO = ZoneInfo("Europe/Oslo")


@pytest.fixture(autouse=True)
def bokmaal():
    with translation.override("nb"):
        yield


def dato(tekst):
    return datetime.date.fromisoformat(tekst)


@pytest.mark.parametrize(
    ("fra", "til", "tekst"),
    [
        ("2026-06-03", "2026-06-07", "3.–6. juni 2026"),
        ("2026-05-28", "2026-06-04", "28. mai–3. juni 2026"),
        ("2025-12-01", "2026-02-01", "1. desember 2025–31. januar 2026"),
        ("2026-06-03", "2026-06-04", "3. juni 2026"),
        ("2025-01-01", "2029-01-01", "2025–2028"),
        ("2025-01-01", "2026-01-01", "2025"),
        ("2018-01-01", None, "fra 1. januar 2018"),
        (None, "2020-01-01", "til 31. desember 2019"),
    ],
)
def test_periode(fra, til, tekst):
    assert skrivemaate.periode(DateRange(fra and dato(fra), til and dato(til))) == tekst


def test_tidsrom():
    start = datetime.datetime(2026, 3, 3, 9, tzinfo=OSLO)
    samme_dag = datetime.datetime(2026, 3, 3, 15, 30, tzinfo=OSLO)
    dagen_etter = datetime.datetime(2026, 3, 4, 12, tzinfo=OSLO)

    assert skrivemaate.tidsrom(start) == f"tirsdag 3. mars 2026 kl.{NBSP}09.00"
    assert skrivemaate.tidsrom(start, samme_dag) == f"tirsdag 3. mars 2026 kl.{NBSP}09.00–15.30"
    assert (
        skrivemaate.tidsrom(start, dagen_etter)
        == f"3. mars kl.{NBSP}09.00 – 4. mars 2026 kl.{NBSP}12.00"
    )


def test_tidsrom_over_new_year_says_both_years():
    start = datetime.datetime(2026, 12, 31, 22, tzinfo=OSLO)
    slutt = datetime.datetime(2027, 1, 1, 2, tzinfo=OSLO)

    assert (
        skrivemaate.tidsrom(start, slutt)
        == f"31. desember 2026 kl.{NBSP}22.00 – 1. januar 2027 kl.{NBSP}02.00"
    )


def test_tidsrom_of_several_days_in_english():
    start = datetime.datetime(2026, 11, 10, 10, tzinfo=OSLO)
    slutt = datetime.datetime(2026, 11, 11, 15, tzinfo=OSLO)

    with translation.override("en"):
        assert skrivemaate.tidsrom(start, slutt) == "10 November 10:00 – 11 November 2026 15:00"


def test_klokke_follows_norwegian_time():
    assert (
        skrivemaate.klokke(datetime.datetime(2026, 7, 1, 7, 30, tzinfo=datetime.UTC))
        == f"kl.{NBSP}09.30"
    )


@pytest.mark.parametrize(
    ("verdi", "tekst"),
    [
        (9999, "9999"),
        (10000, f"10{NBSP}000"),
        (-12345, f"\u221212{NBSP}345"),
        (None, ""),
    ],
)
def test_tall(verdi, tekst):
    assert skrivemaate.tall(verdi) == tekst


def test_prosent_and_andel():
    assert skrivemaate.prosent(skrivemaate.andel(23, 25)) == f"92{NBSP}%"
    assert skrivemaate.andel(3, 0) == 0


@pytest.mark.parametrize(
    ("nummer", "tekst"),
    [
        ("71574000", f"71{NBSP}57{NBSP}40{NBSP}00"),
        ("+47 915 41 234", f"915{NBSP}41{NBSP}234"),
        ("0047 71574000", f"71{NBSP}57{NBSP}40{NBSP}00"),
        ("112", "112"),
    ],
)
def test_telefon(nummer, tekst):
    assert skrivemaate.telefon(nummer) == tekst


def test_orgnr():
    assert skrivemaate.orgnr("974760673") == f"974{NBSP}760{NBSP}673"


@pytest.mark.parametrize(
    ("fra", "til", "nb", "en"),
    [
        ("2027-01-12T09", "2027-01-12T15", "12. januar 2027", "12 January 2027"),
        ("2027-01-12T09", "2027-01-13T15", "12.–13. januar 2027", "12–13 January 2027"),
        (
            "2027-01-31T09",
            "2027-02-01T15",
            "31. januar–1. februar 2027",
            "31 January–1 February 2027",
        ),
    ],
)
def test_dager(fra, til, nb, en):
    start, slutt = (datetime.datetime.fromisoformat(t).replace(tzinfo=OSLO) for t in (fra, til))
    samling = SimpleNamespace(start=start, slutt=slutt)

    assert skrivemaate.dager(samling) == nb
    with translation.override("en"):
        assert skrivemaate.dager(samling) == en


def test_kort_dag_says_the_year_only_of_another_year():
    i_aar = idag().replace(month=10, day=29)

    assert skrivemaate.kort_dag(i_aar) == "29. oktober"
    assert skrivemaate.kort_dag(dato("2020-10-29")) == "29. oktober 2020"


@pytest.mark.parametrize(
    ("dager", "tekst"), [(0, "i dag"), (1, "i morgen"), (2, "om 2 dager"), (21, "om 21 dager")]
)
def test_om_dager(dager: int, tekst: str):
    assert skrivemaate.om_dager(idag() + datetime.timedelta(days=dager)) == tekst


def test_english():
    with translation.override("en"):
        assert (skrivemaate.tall(950), skrivemaate.tall(9798)) == ("950", "9,798")
        assert skrivemaate.prosent(92) == "92%"
        assert skrivemaate.klokke(datetime.time(9, 30)) == "09:30"
        assert skrivemaate.ukedag(dato("2026-01-01")) == "Thursday 1 January 2026"


def test_numbers_in_templates_are_left_alone():
    assert (
        Template("{{ aar }} {{ pk }}").render(Context({"aar": 2026, "pk": 123456})) == "2026 123456"
    )


def test_dates_in_templates():
    mal = Template("{{ d|date }} {{ t|date:'DATETIME_FORMAT' }}")
    tid = datetime.datetime(2026, 1, 1, 9, 30, tzinfo=OSLO)

    assert mal.render(Context({"d": dato("2026-01-01"), "t": tid})) == (
        "1. januar 2026 1. januar 2026 kl. 09.30"
    )


def test_pagination_keeps_the_filters():
    request = RequestFactory().get("/", {"q": "lek", "side": "2"})
    side = Paginator(range(100), 10).page(2)

    innhold = portal.sidetall({"request": request}, side)

    assert innhold["neste"] == "?q=lek&side=3"
    assert [nummer for nummer, _url in innhold["sider"]] == [1, 2, 3, 0, 10]
