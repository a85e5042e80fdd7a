"""What every page may show: nothing of a network to those who are not in it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from nettverk.flater.meny import Menylinje, TegnetMeny
from nettverk.models import Nettverk, Person
from nettverk.side.kontekst import portal
from nettverk.tilgang.roller import roller_for
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    kog,
    koordinator,
)

pytestmark = pytest.mark.django_db


def _kontekst(person, nettverk, sti: str = "/") -> dict:
    request = RequestFactory().get(sti)
    request.nettverk = nettverk
    request.roller = roller_for(person, nettverk)
    return portal(request)


def _linjer(meny: TegnetMeny) -> list[Menylinje]:
    """All of the menu: the line at the top, and what has its place under «Nettverket»."""
    return [*meny.for_alle, *meny.etter_rolle, *meny.under_nettverket]


@pytest.mark.parametrize("adresse", ["/", "/konto/"])
def test_a_page_outside_the_networks_has_neither_network_nor_menu(adresse: str):
    svar = portal(RequestFactory().get(adresse))

    assert (svar["nettverk"], svar["roller"], svar["meny"]) == (None, None, None)


def test_the_pages_of_the_account_keep_the_frame_of_the_only_network():
    nettverk, annet = NettverkFactory(), NettverkFactory()
    ett, to = kog(nettverk), kog(nettverk)
    VervFactory(person=to, gruppe=GruppeFactory(nettverk=annet))

    def frame(person: Person) -> Nettverk | None:
        request = RequestFactory().get("/konto/")
        request.user = person
        svar = portal(request)
        assert (svar["meny"] is None) == (svar["nettverk"] is None)
        return svar["nettverk"]

    assert frame(ett) == nettverk
    assert frame(to) is None
    assert frame(PersonFactory()) is None


@pytest.mark.parametrize("hvem", ["ute", "fremmed", "uten verv", "administrator"])
def test_those_who_are_not_members_get_no_menu(hvem: str):
    person = {
        "ute": AnonymousUser,
        "fremmed": lambda: koordinator(NettverkFactory()),
        "uten verv": PersonFactory,
        "administrator": lambda: PersonFactory(is_superuser=True, is_staff=True),
    }[hvem]()

    assert _kontekst(person, NettverkFactory())["meny"] is None


def test_a_member_has_the_menu_with_the_place_one_is_in_marked():
    nettverk = NettverkFactory(slug="her")

    meny = _kontekst(kog(nettverk), nettverk, "/her/laeringsloyper/matematikk/")["meny"]

    linjer = _linjer(meny)
    # The page itself has its place under «Nettverket», which is marked on the line with it.
    aktive = [linje.punkt.url for linje in linjer if linje.aktiv]
    assert aktive == ["/her/nettverket/", "/her/laeringsloyper/"]
    assert [linje.punkt.url for linje in linjer if linje.her] == []
    assert all(linje.punkt.url.startswith("/her/") for linje in linjer)


def test_what_a_phone_has_no_room_for_is_behind_more():
    nettverk = NettverkFactory(slug="her")

    for person in (kog(nettverk), koordinator(nettverk)):
        meny = _kontekst(person, nettverk, "/her/laeringsloyper/")["meny"]
        paa_mobil = [*meny.paa_mobil, *meny.bak_mer]

        assert sorted(p.punkt.url for p in paa_mobil) == sorted(p.punkt.url for p in _linjer(meny))
        assert {p.punkt.url for p in paa_mobil if p.aktiv} == {
            "/her/nettverket/",
            "/her/laeringsloyper/",
        }


def test_no_two_places_of_the_menu_lead_to_the_same():
    nettverk = NettverkFactory()

    meny = _kontekst(koordinator(nettverk), nettverk)["meny"]
    adresser = [linje.punkt.url for linje in _linjer(meny)]

    assert len(adresser) == len(set(adresser)) >= 5


def test_the_menu_costs_no_query_beyond_the_roles(django_assert_num_queries):
    nettverk = NettverkFactory()
    roller = roller_for(kog(nettverk), nettverk)
    request = RequestFactory().get("/")
    request.nettverk, request.roller = nettverk, roller

    with django_assert_num_queries(0):
        portal(request)


def test_whether_it_is_a_demo_is_known_everywhere(settings):
    settings.DEMO = False

    assert portal(RequestFactory().get("/"))["er_demo"] is False
