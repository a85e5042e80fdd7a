"""A permission is asked of one kind of thing."""

import pytest

from nettverk.arbeid import jobber
from nettverk.models import Nettverk
from nettverk.tilgang.tillatelser import asked_of, kan
from tests.nettverk.factories import GruppeFactory, NettverkFactory, koordinator

pytestmark = pytest.mark.django_db


def test_a_permission_asked_of_another_kind_of_thing_is_a_mistake_and_not_a_no():
    nettverk = NettverkFactory()
    person = koordinator(nettverk)

    assert kan(person, "nettverk.change_gruppe", GruppeFactory(nettverk=nettverk))
    with pytest.raises(TypeError, match="change_gruppe spørres om Gruppe, ikke Nettverk"):
        kan(person, "nettverk.change_gruppe", nettverk)
    with pytest.raises(LookupError, match="Ukjent tillatelse"):
        kan(person, "nettverk.finnes_ikke", nettverk)


def test_what_long_work_asks_for_is_asked_of_the_network():
    for slag in jobber._slag.values():
        if not slag.resultat_tillatelse:  # the administrator's: it is of no network
            assert not slag.bestill_tillatelse
            continue
        assert asked_of(slag.resultat_tillatelse) is Nettverk, slag.navn
        assert asked_of(slag.bestill_tillatelse) is Nettverk, slag.navn
