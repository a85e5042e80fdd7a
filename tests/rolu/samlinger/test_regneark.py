"""The workbook of a gathering: a sheet for each kind of thing, every column explained, no formulas."""

import datetime
import io

import openpyxl
import pytest
from django.utils import timezone
from django.utils.translation import override

from rolu.models import Dagsoppmoete, Deltakelse, Gjest, Utfall
from rolu.samlinger import deltakerliste
from rolu.samlinger.dager import set_days
from rolu.samlinger.regneark import workbook
from tests.nettverk.factories import GruppeFactory, VervFactory
from tests.rolu.factories import (
    DeltakelseFactory,
    ProgrampostFactory,
    SamlingFactory,
    UtfallFactory,
)

pytestmark = pytest.mark.django_db

T = Utfall.Type


@pytest.fixture
def samling():
    return SamlingFactory(avholdt=True)


DAGENE = [datetime.date(2027, 6, 3), datetime.date(2027, 6, 4)]


def _two_days():
    samling = SamlingFactory(avholdt=True)
    set_days(samling, [(dato, datetime.time(9), datetime.time(15)) for dato in DAGENE])
    return samling


def _book(samling):
    rader = deltakerliste.rows(Deltakelse.objects.filter(samling=samling))
    gjester = Gjest.objects.filter(samling=samling)
    return openpyxl.load_workbook(io.BytesIO(workbook(samling, rader, gjester)))


def _rows(ark) -> list[tuple]:
    return [tuple(c.value for c in rad) for rad in ark.iter_rows(min_row=2)]


def test_each_kind_of_thing_has_its_sheet_with_a_head_that_stays_and_filters(samling):
    bok = _book(samling)

    assert bok.sheetnames == ["Deltakere", "Oppmøte", "Utfall", "Oppfølginger", "Forklaring"]
    assert {ark.freeze_panes for ark in bok} == {"A2"}
    assert [ark.auto_filter.ref for ark in bok][:2] == ["A1:G1", "A1:E1"]


@pytest.mark.parametrize("spraak", ["nb", "nn", "en"])
def test_every_column_is_explained(samling, spraak):
    with override(spraak):
        bok = _book(samling)

    *arkene, forklaring = bok.worksheets
    kolonner = [(ark.title, celle.value) for ark in arkene for celle in ark[1]]
    forklart = _rows(forklaring)
    assert [rad[:2] for rad in forklart] == kolonner
    assert all(rad[2] for rad in forklart)


def test_who_came_stands_with_guests_and_who_did_not_stands_with_the_participants_only(samling):
    gruppe = GruppeFactory(nettverk=samling.nettverk, navn="KOG")
    for navn, kom in (("Anne", True), ("Berit", False)):
        DeltakelseFactory(
            samling=samling, verv=VervFactory(gruppe=gruppe, person__navn=navn), moett_=kom
        )
    Gjest.objects.create(
        samling=samling, navn="Gunnar Gjest", fra="Fylkeskommunen", moett=timezone.now()
    )

    bok = _book(samling)

    assert [rad[0] for rad in _rows(bok["Deltakere"])] == ["Anne", "Berit", "Gunnar Gjest"]
    assert [rad[:2] for rad in _rows(bok["Oppmøte"])] == [
        ("Anne", "KOG"),
        ("Gunnar Gjest", "Fylkeskommunen"),
    ]


def test_outcomes_and_commitments_have_a_row_each_and_nothing_is_a_formula(samling):
    post = ProgrampostFactory(samling=samling, tittel="Lesing")
    gruppe = GruppeFactory(nettverk=samling.nettverk, navn="KOG")
    UtfallFactory(samling=samling, programpost=post, beslutning_=True, tekst="=1+1 📚")
    UtfallFactory(
        samling=samling,
        type=T.OPPFOLGING,
        gruppe=gruppe,
        tekst="Lage bokliste",
        frist=datetime.date(2020, 1, 2),
    )

    bok = _book(samling)

    assert _rows(bok["Utfall"]) == [
        ("Beslutning", 1, "=1+1 📚", "Lesing", None),
        ("Oppfølging", None, "Lage bokliste", None, None),
    ]
    assert bok["Utfall"]["C2"].data_type == "s"
    ((hva, hvem, innen, tilstand, *_mer),) = _rows(bok["Oppfølginger"])
    assert (hva, hvem, innen.date(), tilstand) == (
        "Lage bokliste",
        "KOG",
        datetime.date(2020, 1, 2),
        "over fristen",
    )


def test_attendance_has_a_row_for_each_day_and_each_person_once_for_all_their_groups():
    samling = _two_days()
    verv = VervFactory(gruppe__nettverk=samling.nettverk, person__navn="Anne")
    rader = [
        DeltakelseFactory(samling=samling, verv=v, moett_=True)
        for v in (verv, VervFactory(gruppe__nettverk=samling.nettverk, person=verv.person))
    ]
    gjest = Gjest.objects.create(samling=samling, navn="Gunn", moett=timezone.now())
    for dato in DAGENE:
        for rad in rader:
            Dagsoppmoete.objects.create(
                samling=rad.samling, deltakelse=rad, dato=dato, tid=timezone.now()
            )
    Dagsoppmoete.objects.create(
        samling=gjest.samling, gjest=gjest, dato=DAGENE[1], tid=timezone.now()
    )

    oppmoete = _rows(_book(samling)["Oppmøte"])

    assert [(rad[0], rad[3].date()) for rad in oppmoete] == [
        ("Anne", DAGENE[0]),
        ("Anne", DAGENE[1]),
        ("Gunn", DAGENE[1]),
    ]


def test_the_days_one_comes_have_a_column_when_there_are_several():
    samling = _two_days()
    for navn, dager, status in (
        ("Anne", None, "paameldt"),
        ("Berit", [DAGENE[1]], "paameldt"),
        ("Carl", None, "avmeldt"),
    ):
        DeltakelseFactory(
            samling=samling,
            verv=VervFactory(
                gruppe=samling.nettverk.grupper.first() or GruppeFactory(nettverk=samling.nettverk),
                person__navn=navn,
            ),
            dager=dager,
            status=status,
        )
    Gjest.objects.create(samling=samling, navn="Gunn")

    bok = _book(samling)

    assert [celle.value for celle in bok["Deltakere"][1]][5] == "Dager"
    assert [(rad[0], rad[5]) for rad in _rows(bok["Deltakere"])] == [
        ("Anne", "alle"),
        ("Berit", "4. juni"),
        ("Carl", None),
        ("Gunn", "alle"),
    ]
    *_arkene, forklaring = bok.worksheets
    assert all(rad[2] for rad in _rows(forklaring))


@pytest.mark.parametrize("antall", [1, 4])
def test_it_costs_the_same_with_one_and_many(antall, django_assert_num_queries):
    samling = _two_days()
    UtfallFactory.create_batch(antall, samling=samling, oppfolging_=True)
    for rad in DeltakelseFactory.create_batch(antall, samling=samling, moett_=True):
        Dagsoppmoete.objects.create(
            samling=rad.samling, deltakelse=rad, dato=DAGENE[0], tid=timezone.now()
        )
        Gjest.objects.create(
            samling=samling, navn="Gunn", gruppe=rad.verv.gruppe, moett=timezone.now()
        )
    deltakere = deltakerliste.rows(Deltakelse.objects.filter(samling=samling))
    gjester = list(Gjest.objects.filter(samling=samling).select_related("gruppe", "kommune"))

    # What came of it, and the days.
    with django_assert_num_queries(2):
        workbook(samling, deltakere, gjester)
