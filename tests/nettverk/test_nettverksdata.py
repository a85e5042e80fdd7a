"""The three networks as the documents tell of them."""

import datetime
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from fremtidsbilder.models import Fremtidsbilde, Maal
from laeringsloyper.models import Laeringsloype
from nettverk.models import Gruppe, Nettverk
from nettverk.nettverksdata import load_all

pytestmark = pytest.mark.django_db

IDAG = datetime.date(2026, 11, 22)


@pytest.fixture(scope="module")
def lastet(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The networks as the files tell of them, loaded once; what a test does to them is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_all()
        yield
        transaction.set_rollback(True)


def _navn(slug: str, dato: datetime.date) -> list[str]:
    kommuner = Nettverk.objects.get(slug=slug).kommuner(dato)
    return list(kommuner.values_list("navn", flat=True))


def test_nordmore_has_eight_kommuner_today_and_ten_in_2018(lastet):
    assert _navn("nordmore", IDAG) == [
        "Aure",
        "Averøy",
        "Gjemnes",
        "Kristiansund",
        "Smøla",
        "Sunndal",
        "Surnadal",
        "Tingvoll",
    ]
    assert _navn("nordmore", datetime.date(2018, 1, 1)) == [
        "Aure",
        "Averøy",
        "Gjemnes",
        "Halsa",
        "Kristiansund",
        "Rindal",
        "Smøla",
        "Sunndal",
        "Surnadal",
        "Tingvoll",
    ]


@pytest.mark.parametrize(
    ("dag", "antall"),
    [("2018-12-31", 10), ("2019-01-01", 10), ("2019-12-31", 10), ("2020-01-01", 8)],
)
def test_rindal_is_counted_once_when_its_number_changes(lastet, dag: str, antall: int):
    assert len(_navn("nordmore", datetime.date.fromisoformat(dag))) == antall


def test_nordre_sunnmore_before_and_after_the_mergers(lastet):
    assert _navn("nordre-sunnmore", datetime.date(2018, 1, 1)) == [
        "Giske",
        "Haram",
        "Norddal",
        "Sandøy",
        "Skodje",
        "Stordal",
        "Stranda",
        "Sula",
        "Sykkylven",
        "Ørskog",
        "Ålesund",
    ]
    assert _navn("nordre-sunnmore", datetime.date(2020, 1, 1)) == [
        "Fjord",
        "Giske",
        "Stranda",
        "Sula",
        "Sykkylven",
        "Ålesund",
    ]
    assert _navn("nordre-sunnmore", datetime.date(2024, 1, 1)) == [
        "Fjord",
        "Giske",
        "Haram",
        "Stranda",
        "Sula",
        "Sykkylven",
        "Ålesund",
    ]


def test_salten_today(lastet):
    assert _navn("salten", IDAG) == [
        "Beiarn",
        "Bodø",
        "Fauske – Fuossko",
        "Gildeskål",
        "Hábmer – Hamarøy",
        "Meløy",
        "Saltdal",
        "Steigen",
        "Sørfold – Fuolldá",
    ]


def test_hamaroey_changes_number_in_2020(lastet):
    salten = Nettverk.objects.get(slug="salten")

    numre = [
        salten.kommuner(dag).get(navn__contains="Hamarøy").kommunenummer
        for dag in (datetime.date(2019, 12, 31), datetime.date(2020, 1, 1))
    ]

    assert numre == ["1849", "1875"]


def test_loading_twice_changes_nothing(lastet):
    foer = _alt()

    load_all()

    assert _alt() == foer


def _alt() -> list[tuple[object, ...]]:
    return [
        (
            n.slug,
            sorted(n.medlemskap.values_list("pk", flat=True)),
            sorted(n.grupper.values_list("pk", flat=True)),
            sorted(n.partnere.values_list("pk", flat=True)),
            sorted(n.delinger.values_list("pk", flat=True)),
            sorted(n.temaer.values_list("pk", flat=True)),
            sorted(n.maal.values_list("pk", flat=True)),
            sorted(n.utviklingsomraader.values_list("pk", flat=True)),
            sorted(n.fremtidsbilder.values_list("pk", "tegn")),
            sorted(n.laeringsloyper.values_list("pk", "perioder")),
        )
        for n in Nettverk.objects.all()
    ]


def test_text_changed_in_the_portal_stands(lastet):
    Nettverk.objects.filter(slug="salten").update(visjon="Ny visjon")

    load_all()

    assert Nettverk.objects.get(slug="salten").visjon == "Ny visjon"


def test_every_network_has_a_coordinating_a_steering_and_a_professional_group(lastet):
    for nettverk in Nettverk.objects.all():
        typer = set(nettverk.grupper.values_list("type", flat=True))
        assert typer >= {
            Gruppe.Type.KOORDINERINGSGRUPPE,
            Gruppe.Type.STYRINGSGRUPPE,
            Gruppe.Type.FAGNETTVERK,
        }


def test_what_the_documents_say_of_each(lastet):
    nordmore, sunnmore, salten = Nettverk.objects.all()

    assert nordmore.visjon == "Sammen skaper vi fremtiden"
    assert len(nordmore.fokusomraader) == 8
    assert sunnmore.maalform == "nn"
    assert sunnmore.visjon == "Saman bygger vi kompetanse for framtida"
    assert sunnmore.utviklingsomraader.count() == 4
    assert len(sunnmore.arbeidsmaater) == 5
    arenaer = salten.fremtidsbilder.filter(nivaa=Fremtidsbilde.Nivaa.ARENA)
    assert [b.tegn.count() for b in arenaer] == [5, 3, 4]


def test_three_tracks_of_three_periods_of_three_years(lastet):
    loyper = {
        loype.navn: (
            str(loype.ansvarlig_gruppe),
            [p.til.year - p.fra.year for p in loype.perioder.all()],
        )
        for loype in Laeringsloype.objects.filter(nettverk__slug="nordmore")
    }

    assert loyper == {
        "Læringsmiljø": ("PPT", [3, 3, 3]),
        "Språk og skriving": ("Skrivesenteret", [3, 3, 3]),
        "Matematikk": ("Matematikksenteret", [3, 3, 3]),
    }


def test_result_goals_point_to_the_effect_goal(lastet):
    over = set(
        Maal.objects.filter(nettverk__slug="nordmore", type=Maal.Type.RESULTAT).values_list(
            "over__type", flat=True
        )
    )

    assert over == {Maal.Type.EFFEKT}


def test_command_says_how_many_kommuner():
    ut = StringIO()

    call_command("last_nettverk", stdout=ut)

    assert "Oppvekstnettverk Nordmøre: 8 kommuner i dag" in ut.getvalue()


def test_no_two_kommuner_share_a_tile_on_the_same_day(lastet):
    for nettverk in Nettverk.objects.all():
        for dag in (datetime.date(2018, 1, 1), datetime.date(2020, 1, 1), IDAG):
            plasser = list(nettverk.medlemskap.gyldig(dag).values_list("kart_kolonne", "kart_rad"))
            assert len(set(plasser)) == len(plasser)
