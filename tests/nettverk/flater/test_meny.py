"""The menu: who meets which pages where, and where one is."""

import pytest

from nettverk.flater import menyen, pages_called
from nettverk.models import Gruppe
from nettverk.tilgang.roller import roller_for
from tests.nettverk.factories import enhetsleder, koordinator, medlem, nettverk_med_enhet

pytestmark = pytest.mark.django_db


def _noekler(linjer) -> list[str]:
    return [linje.punkt.noekkel for linje in linjer]


def test_a_phone_has_four_pages_by_role_and_the_rest_behind_mer():
    nettverk, gruppe = nettverk_med_enhet()

    def paa_mobil(person) -> list[str]:
        return [p.noekkel for p in menyen(roller_for(person, nettverk)).paa_mobil]

    assert paa_mobil(enhetsleder(gruppe)) == ["hjem", "mellomarbeid", "praksis", "samlinger"]
    assert paa_mobil(koordinator(nettverk)) == ["hjem", "samlinger", "mellomarbeid", "nettverket"]
    stg = medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE)
    assert paa_mobil(stg) == ["hjem", "samlinger", "aarsrapport", "nettverket"]

    meny = menyen(roller_for(stg, nettverk))
    tegnet = meny.drawn_at("/")
    assert {*_noekler(tegnet.paa_mobil), *_noekler(tegnet.bak_mer)} == {
        p.noekkel for p in meny.alle
    }


def test_a_page_below_the_network_marks_both_itself_and_the_network():
    nettverk, _gruppe = nettverk_med_enhet()
    meny = menyen(roller_for(koordinator(nettverk), nettverk))

    tegnet = meny.drawn_at(f"/{nettverk.slug}/grupper/17/")

    aktive = [*tegnet.for_alle, *tegnet.under_nettverket]
    assert [linje.punkt.noekkel for linje in aktive if linje.aktiv] == ["nettverket", "grupper"]
    assert not any(linje.her for linje in aktive)


@pytest.mark.parametrize(
    "adresse", ["maal/17/", "tankesmier/1/stemmer/", "temaer/3/", "roed-traad/tema/3/"]
)
def test_a_goal_and_a_voice_lie_below_the_page_of_images_and_goals(adresse):
    nettverk, _gruppe = nettverk_med_enhet()
    meny = menyen(roller_for(koordinator(nettverk), nettverk))

    over = meny.above(f"/{nettverk.slug}/{adresse}")

    assert [punkt.noekkel for punkt in over] == ["nettverket", "fremtidsbilder"]


def test_pages_are_found_by_their_name_without_norwegian_letters():
    nettverk, _gruppe = nettverk_med_enhet()
    roller = roller_for(koordinator(nettverk), nettverk)

    assert [p.noekkel for p in pages_called(roller, "laeringsloyper")] == ["laeringsloyper"]
    assert pages_called(roller, "finnes ikke") == []
