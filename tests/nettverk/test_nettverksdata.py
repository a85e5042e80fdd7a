"""The three networks as the documents tell of them."""

import datetime
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import translation
from psycopg.types.range import DateRange

from fremtidsbilder.models import Fremtidsbilde, Innspill, Maal
from laeringsloyper.models import Laeringsloype, Periode
from nettverk.models import Gruppe, Medlemskap, Nettverk, Noekkeltall, Prosjekt, Rolle
from nettverk.nettverksdata import load_all
from nettverk.side.innhold import rolle_i, roller_i

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
            sorted(n.fremtidsbilder.values_list("innspill"), key=str),
            sorted(n.prosjekter.values_list("pk", "noekkeltall", "summer"), key=str),
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
    assert [(b.tegn.count(), str(b.gruppe or "")) for b in arenaer] == [
        (5, ""),
        (3, ""),
        (4, ""),
        (0, "Oppvekstforum"),
        (0, "Regionale ledernettverk"),
    ]


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

    call_command("last_nettverk", "nordmore", stdout=ut)

    assert "Oppvekstnettverk Nordmøre: 8 kommuner i dag" in ut.getvalue()


def test_no_two_kommuner_share_a_tile_on_the_same_day(lastet):
    for nettverk in Nettverk.objects.all():
        for dag in (datetime.date(2018, 1, 1), datetime.date(2020, 1, 1), IDAG):
            plasser = list(nettverk.medlemskap.gyldig(dag).values_list("kart_kolonne", "kart_rad"))
            assert len(set(plasser)) == len(plasser)


def _tall(prosjekt: Prosjekt, del_av: str) -> list[tuple[str, int]]:
    return list(prosjekt.noekkeltall.filter(del_av=del_av).values_list("etikett", "tall"))


def test_target_groups_of_the_application_with_year_and_document(lastet):
    prosjekt = Prosjekt.objects.get(navn__startswith="Hovedprosjektet")

    assert _tall(prosjekt, "Barnehager") == [
        ("barnehager", 75),
        ("barn", 3000),
        ("ansatte", 850),
        ("foresatte", 5000),
    ]
    assert _tall(prosjekt, "Grunnskoler") == [
        ("grunnskoler", 45),
        ("elever", 6800),
        ("ansatte", 1050),
        ("foreldre", 10000),
    ]
    assert set(prosjekt.noekkeltall.values_list("aar", "aar_antatt", "kilde")) == {
        (2017, True, "Søknaden til hovedprosjektet 2018–19")
    }
    assert len(prosjekt.forskningsmaal) == 11
    assert (prosjekt.fra, prosjekt.siste_dag) == (
        datetime.date(2017, 7, 1),
        datetime.date(2020, 12, 31),
    )


def test_sums_that_were_applied_for_and_granted(lastet):
    summer = Prosjekt.objects.get(navn__startswith="Hovedprosjektet").summer
    assert list(summer.values_list("status", "belop", "aar")) == [
        ("faatt", 4_700_000, 2017),
        ("sokt", 950_000, 2018),
    ]


def test_region_in_figures_of_the_strategy_plan(lastet):
    prosjekt = Prosjekt.objects.get(nettverk__slug="nordre-sunnmore")
    assert list(prosjekt.noekkeltall.values_list("tall", flat=True)) == [68, 81, 1370, 1132, 11]


def test_group_input_of_february_2017_is_input_and_not_the_picture(lastet):
    bilde = Fremtidsbilde.objects.get(nettverk__slug="nordmore")
    innspill = list(bilde.innspill.all())
    assert [(i.fra, len(i.punkter)) for i in innspill] == [
        ("Gruppe 1", 5),
        ("Gruppe 2", 5),
        ("Gruppe 3", 5),
        ("Gruppe 4", 5),
    ]
    assert not any(punkt in bilde.tekst for i in innspill for punkt in i.punkter)


def test_inferred_dates_are_marked(lastet):
    antatt = Medlemskap.objects.filter(fra_antatt=True, kommune__navn="Haram")
    assert antatt.filter(gyldig__startswith=datetime.date(2024, 1, 1)).exists()
    for nummer in ("1571", "5061"):  # Halsa, Rindal
        assert Medlemskap.objects.get(kommune__kommunenummer=nummer).til_antatt
    assert (
        not Medlemskap.objects.filter(fra_antatt=False)
        .exclude(kommune__kommunenummer="5061")
        .exists()
    )
    assert not Periode.objects.filter(fra_antatt=False).exists()


def test_roles_are_called_what_the_network_calls_them(lastet):
    nordmore, sunnmore, salten = Nettverk.objects.all()

    assert sunnmore.rollenavn(Rolle.KOORDINATOR) == "pedagogisk koordinator"
    assert sunnmore.rollenavn(Rolle.LEDER) == "leiar"
    assert salten.rollenavn(Rolle.OPPVEKSTANSVARLIG) == "barnehage- og skoleeier"
    with translation.override("en"):
        assert nordmore.rollenavn(Rolle.LEDER) == "leder"
        assert rolle_i(Rolle.LEDER, sunnmore, stor=True) == '<span lang="nn">Leiar</span>'
        assert roller_i([Rolle.LEDER, Rolle.MEDLEM], nordmore) == (
            '<span lang="nb">leder og medlem</span>'
        )
    assert set(sunnmore.egne_rollenavn) == set(Rolle)


def test_loading_again_fills_what_an_older_portal_did_not_keep(lastet):
    """And leaves what people have written, and dates they have corrected."""
    nettverk = Nettverk.objects.get(slug="nordre-sunnmore")
    egne, omtaler = nettverk.egne_rollenavn, _values(Gruppe, "omtale")
    antatt, perioder = _values(Medlemskap, "fra_antatt"), _values(Periode, "fra_antatt")
    fokus = _values(Laeringsloype, "fokus")
    innspill = Innspill.objects.count()
    assert all([egne, any(omtaler.values()), any(fokus.values()), innspill])
    Nettverk.objects.update(egne_rollenavn={}, visjon="Vår egen")
    Gruppe.objects.update(omtale="")
    Laeringsloype.objects.update(fokus="")
    for modell in (Medlemskap, Periode):
        modell.objects.update(fra_antatt=False, til_antatt=False, merknad="")
    rettet = Medlemskap.objects.filter(pk__in=[pk for pk, ja in antatt.items() if ja]).first()
    rettet.gyldig = DateRange(datetime.date(2015, 3, 2), rettet.gyldig.upper)
    rettet.save()
    Innspill.objects.all().delete()

    load_all()

    nettverk.refresh_from_db()
    assert (nettverk.egne_rollenavn, nettverk.visjon) == (egne, "Vår egen")
    assert _values(Gruppe, "omtale") == omtaler
    assert _values(Laeringsloype, "fokus") == fokus
    assert _values(Periode, "fra_antatt") == perioder
    assert _values(Medlemskap, "fra_antatt") == antatt | {rettet.pk: False}
    assert Innspill.objects.count() == innspill


def _values(modell: type[Model], felt: str) -> dict[int, Any]:
    return dict(modell.objects.values_list("pk", felt))


def test_required_roles_are_known_roles(lastet):
    assert Nettverk.objects.get(slug="nordmore").paakrevde_roller == [
        "formell_leder",
        "tillitsvalgt",
        "utviklingslaerer",
        "pp_raadgiver",
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Nettverk.objects.update(paakrevde_roller=["sjef"])


def test_a_figure_needs_a_document_and_a_range_the_right_way(lastet):
    prosjekt = Prosjekt.objects.first()

    for feil in ({"kilde": ""}, {"kilde": "Dokumentet", "tall_til": 3}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Noekkeltall.objects.create(
                prosjekt=prosjekt, etikett="skoler", tall=5, aar=2018, **feil
            )


def test_changes_to_a_project_are_kept(lastet):
    prosjekt = Prosjekt.objects.first()

    prosjekt.eier = "Ny eier"
    prosjekt.save()

    assert prosjekt.events.count() == 2
