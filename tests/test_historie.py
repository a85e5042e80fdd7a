"""The history that the database keeps: what is written, by whom, and that bulk stays quick."""

import datetime

import pghistory
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhetstall, Plassering
from nettverk.models import Deling
from rolu.mellomarbeid import vedlegg
from rolu.models import Oppsummering, Vedlegg
from rolu.models.samling import Prosesslederoppdrag
from tests.fremtidsbilder.factories import (
    TegnFactory,
    TemaFactory,
    UtviklingsomraadeFactory,
)
from tests.kommuner.factories import EnhetFactory, EnhetstallFactory, KommuneFactory
from tests.laeringsloyper.factories import PeriodeFactory
from tests.nettverk.factories import NettverkFactory, PersonFactory
from tests.rolu.factories import MellomarbeidFactory, SamlingFactory

pytestmark = pytest.mark.django_db


def _history(rad: Model, felt: str) -> list[tuple[str, object]]:
    rader = type(rad).pgh_event_model.objects.filter(pgh_obj_id=rad.pk).order_by("pgh_id")
    return list(rader.values_list("pgh_label", felt))


def _placement() -> Plassering:
    return Plassering.objects.create(
        enhet=EnhetFactory(), kommune=KommuneFactory(), gyldig=periode(datetime.date(2020, 1, 1))
    )


@pytest.mark.parametrize(
    ("make", "felt", "verdi"),
    [
        (_placement, "gyldig", periode(datetime.date(2020, 1, 1), datetime.date(2021, 1, 1))),
        (EnhetstallFactory, "antall_barn", 41),
        (lambda: Deling.objects.create(nettverk=NettverkFactory(), tittel="ICSEI"), "tittel", "Ny"),
        (TemaFactory, "navn", "Nytt navn"),
        (TegnFactory, "tekst", "Nytt tegn"),
        (UtviklingsomraadeFactory, "tittel", "Ny tittel"),
        (PeriodeFactory, "tittel", "Ny tittel"),
        (
            lambda: Oppsummering.objects.create(samling=SamlingFactory()),
            "publisert",
            datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        ),
    ],
)
def test_what_was_there_before_is_kept(make, felt: str, verdi: object):
    rad = make()
    foer = getattr(rad, felt)

    setattr(rad, felt, verdi)
    rad.save()
    rad.save()  # nothing changed: nothing written

    assert _history(rad, felt) == [("insert", foer), ("update", verdi)]


def test_who_did_it_stands_with_it():
    person = PersonFactory()

    with pghistory.context(user=person.pk, url="/en/"):
        rad = EnhetstallFactory()

    [hendelse] = Enhetstall.pgh_event_model.objects.filter(pgh_obj_id=rad.pk)
    assert hendelse.pgh_context.metadata["user"] == person.pk


def test_a_file_that_was_removed_is_remembered_as_added_and_removed(
    settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    fil = Vedlegg.objects.create(
        mellomarbeid=MellomarbeidFactory(),
        fil=ContentFile(b"x", "x.txt"),
        navn="x.txt",
        mimetype="text/plain",
        bytes=1,
        sha256="b" * 64,
        lastet_opp_av=PersonFactory(),
    )
    pk = fil.pk

    with django_capture_on_commit_callbacks(execute=True):
        vedlegg.remove(fil)

    historie = Vedlegg.pgh_event_model.objects.filter(pgh_obj_id=pk).order_by("pgh_id")
    assert [h.pgh_label for h in historie] == ["insert", "delete"]


def test_who_was_given_a_gathering_to_lead_and_who_lost_it_is_known():
    samling, person = SamlingFactory(), PersonFactory()

    samling.prosessledere.add(person)
    samling.prosessledere.remove(person)

    rader = Prosesslederoppdrag.pgh_event_model.objects.order_by("pgh_id")
    assert [(h.pgh_label, h.samling_id, h.person_id) for h in rader] == [
        ("insert", samling.pk, person.pk),
        ("delete", samling.pk, person.pk),
    ]


@pytest.mark.parametrize("modell", [Plassering, Enhetstall])
def test_a_bulk_of_rows_writes_its_history_in_one_go(modell: type[Model]):
    """An import of 20 000 units must not call a trigger for each row."""
    triggere = [t for t in modell._meta.triggers if t.name in {"insert_insert", "update_update"}]

    assert [str(t.level) for t in triggere] == ["STATEMENT", "STATEMENT"]


def test_a_bulk_of_rows_has_a_history_for_each():
    enheter, kommune = [EnhetFactory() for _n in range(3)], KommuneFactory()
    rader = [Plassering(enhet=e, kommune=kommune, gyldig=periode(idag())) for e in enheter]

    with CaptureQueriesContext(connection) as fanget:
        Plassering.objects.bulk_create(rader)
    for rad in rader[:2]:
        rad.gyldig = periode(idag(), idag() + datetime.timedelta(days=9))
    Plassering.objects.bulk_update(rader, ["gyldig"])

    assert len([q for q in fanget if "INSERT" in q["sql"]]) == 1
    assert [[hva for hva, _g in _history(rad, "gyldig")] for rad in rader] == [
        ["insert", "update"],
        ["insert", "update"],
        ["insert"],
    ]
