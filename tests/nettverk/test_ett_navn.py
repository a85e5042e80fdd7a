"""What stood before a network's name, and a group's within it, had to be the only one."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from nettverk.models import Gruppe, Nettverk
from tests.nettverk.factories import GruppeFactory, NettverkFactory

pytestmark = pytest.mark.django_db
LANGT = "Fagnettverk for alle " * 7  # 147 characters
# In capitals it is another letter than «K», in small letters the same.
KELVIN = "\u212a"


@pytest.fixture
def uten_krav():
    """As the tables were before the migration; afterwards the constraints must hold again."""
    krav = [
        (modell, next(c for c in modell._meta.constraints if c.name == navn))
        for modell, navn in ((Gruppe, "gruppe_ett_navn"), (Nettverk, "nettverk_ett_navn"))
    ]

    def all_(gjor: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with connection.schema_editor() as tabeller:
            for modell, ett in krav:
                getattr(tabeller, gjor)(modell, ett)

    all_("remove_constraint")
    yield
    all_("add_constraint")


def _migrate() -> None:
    import_module("nettverk.migrations.0025_ett_navn").number_namesakes(apps, None)


def test_of_groups_that_share_a_name_the_others_get_a_number_and_lose_no_more_than_they_must(
    uten_krav,
):
    nettverk = NettverkFactory()
    navnene = [LANGT.strip(), LANGT.strip().upper(), "Kroken", f"{KELVIN}roken", "Kroken 2"]
    rader = [GruppeFactory(nettverk=nettverk, navn=navn) for navn in navnene]
    annet = GruppeFactory(nettverk=NettverkFactory(), navn="Kroken")

    _migrate()

    for rad in (*rader, annet):
        rad.refresh_from_db()
    assert [rad.navn for rad in rader] == [
        LANGT.strip(),
        LANGT.strip().upper() + " 2",
        "Kroken",
        f"{KELVIN}roken 2",
        "Kroken 2 2",
    ]
    assert annet.navn == "Kroken"


def test_a_name_is_cut_when_there_is_no_room_for_the_number(uten_krav):
    rader = [NettverkFactory(navn="N" * 100), NettverkFactory(navn="n" * 100)]

    _migrate()

    for rad in rader:
        rad.refresh_from_db()
    assert [rad.navn for rad in rader] == ["N" * 100, "n" * 98 + " 2"]
