"""What was decided under an item before there were outcomes becomes a numbered decision."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from rolu.models import Utfall
from tests.rolu.factories import ProgrampostFactory, SamlingFactory, klokken

pytestmark = pytest.mark.django_db


def test_decisions_are_numbered_in_the_order_of_the_items_of_each_gathering():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE rolu_programpost ADD COLUMN vedtak text NOT NULL DEFAULT ''")
    en, to = SamlingFactory.create_batch(2)
    vedtak = {
        ProgrampostFactory(samling=en, start=klokken(14, 11)): " Vi fortsetter\n",
        ProgrampostFactory(samling=en, start=klokken(14, 9)): "Vi begynner 📚",
        ProgrampostFactory(samling=en, start=klokken(14, 10)): "  ",
        ProgrampostFactory(samling=en, start=klokken(14, 12)): "",
        ProgrampostFactory(samling=to): "Noe annet",
    }
    with connection.cursor() as cursor:
        for post, tekst in vedtak.items():
            cursor.execute(
                "UPDATE rolu_programpost SET vedtak = %s WHERE id = %s", [tekst, post.pk]
            )
    gamle = MigrationExecutor(connection).loader.project_state([("rolu", "0011_utfall")]).apps

    with connection.schema_editor() as redigerer:
        import_module("rolu.migrations.0016_utfall_i_bruk").move_decisions(gamle, redigerer)

    assert [
        (u.samling, u.nummer, u.tekst, u.type)
        for u in Utfall.objects.order_by("samling__pk", "nummer")
    ] == [
        (en, 1, "Vi begynner 📚", "beslutning"),
        (en, 2, "Vi fortsetter", "beslutning"),
        (to, 1, "Noe annet", "beslutning"),
    ]
    assert Utfall.pgh_event_model.objects.count() == 3
