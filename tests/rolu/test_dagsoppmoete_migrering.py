"""A day's attendance from before it told of which gathering it is."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from rolu.models import Dagsoppmoete, Gjest
from tests.rolu.factories import DeltakelseFactory, SamlingFactory

pytestmark = pytest.mark.django_db


def test_it_is_the_gathering_of_the_participation_or_of_the_guest():
    en, to = SamlingFactory.create_batch(2)
    felt = {"dato": en.dato, "tid": timezone.now()}
    for samling in (en, to):
        rad = DeltakelseFactory(samling=samling)
        gjest = Gjest.objects.create(samling=samling, navn="Gro")
        Dagsoppmoete.objects.create(samling=samling, deltakelse=rad, **felt)
        Dagsoppmoete.objects.create(samling=samling, gjest=gjest, **felt)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE rolu_dagsoppmoete ALTER COLUMN samling_id DROP NOT NULL")
        cursor.execute("UPDATE rolu_dagsoppmoete SET samling_id = NULL")
    naa = ("rolu", "0019_dagsoppmoetets_samling")
    apper = MigrationExecutor(connection).loader.project_state([naa]).apps

    with connection.schema_editor() as redigerer:
        import_module(f"rolu.migrations.{naa[1]}").fill(apper, redigerer)

    rader = Dagsoppmoete.objects.select_related("samling", "deltakelse", "gjest")
    assert [rad.samling for rad in rader.order_by("pk")] == [en, en, to, to]
    assert all((rad.deltakelse or rad.gjest).samling_id == rad.samling_id for rad in rader)
