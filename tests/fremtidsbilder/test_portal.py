"""What fremtidsbilder puts on shared pages, and who may read."""

import pytest
from django.contrib.auth.models import AnonymousUser

from fremtidsbilder.maaldemo import _ORD
from fremtidsbilder.models import Fremtidsbilde
from fremtidsbilder.portal import FremtidsbilderPortal, MaalPortal
from kommuner.gyldighet import idag
from kommuner.models import Kommune
from nettverk.flater import Side
from nettverk.models import Gruppe, Nettverk
from nettverk.tilgang.roller import roller_for
from nettverk.tilgang.tillatelser import kan
from tests.fremtidsbilder.factories import (
    FremtidsbildeFactory,
    MaalFactory,
    TegnFactory,
    TemaFactory,
    UtviklingsomraadeFactory,
)
from tests.nettverk.factories import (
    MedlemskapFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    koordinator,
    medlem,
    nettverk_med_enhet,
)

pytestmark = pytest.mark.django_db

N = Fremtidsbilde.Nivaa


def _seksjoner(nettverk: Nettverk) -> dict[str, dict]:
    return {
        s.mal.rpartition("/")[2]: s.data
        for portal in (FremtidsbilderPortal(), MaalPortal())
        for s in portal.offentlig(nettverk)
    }


def test_nothing_made_nothing_shown():
    assert _seksjoner(NettverkFactory()) == {}


def test_the_public_page_has_only_what_is_published():
    nettverk = NettverkFactory()
    FremtidsbildeFactory(nettverk=nettverk, tittel="Utkast")
    FremtidsbildeFactory(nettverk=nettverk, nivaa=N.ARENA, tittel="Utkast på arena")
    FremtidsbildeFactory(publisert=True)  # of another network

    assert _seksjoner(nettverk) == {}


def test_each_level_has_its_section_with_signs_themes_and_areas():
    nettverk = NettverkFactory(arbeidsmaater=["Aksjonslæring"])
    felles = FremtidsbildeFactory(nettverk=nettverk, publisert=True)
    arena = FremtidsbildeFactory(nettverk=nettverk, nivaa=N.ARENA, publisert=True)
    tegn = TegnFactory(fremtidsbilde=arena)
    tema = TemaFactory(nettverk=nettverk)
    omraade = UtviklingsomraadeFactory(nettverk=nettverk)
    TemaFactory()
    UtviklingsomraadeFactory()

    seksjoner = _seksjoner(nettverk)

    assert seksjoner["_offentlig_felles.html"] == {"bilder": [felles], "temaer": [tema]}
    assert seksjoner["_offentlig_arenaer.html"] == {"bilder": [arena]}
    assert list(seksjoner["_offentlig_arenaer.html"]["bilder"][0].tegn.all()) == [tegn]
    assert seksjoner["_offentlig_omraader.html"] == {
        "omraader": [omraade],
        "arbeidsmaater": ["Aksjonslæring"],
    }


def test_the_menu_leads_to_the_list_of_the_network_one_is_in():
    nettverk = NettverkFactory(slug="her")

    [punkt] = FremtidsbilderPortal().meny(roller_for(koordinator(nettverk), nettverk))

    assert punkt.url == "/her/fremtidsbilder/"


def test_members_read_the_images_and_the_goals_and_nobody_else():
    nettverk = NettverkFactory()
    ser = [
        medlem(nettverk, gruppetype=gruppetype)
        for gruppetype in Gruppe.Type
        if gruppetype != Gruppe.Type.UTVIKLINGSGRUPPE
    ]
    utgaatt = VervFactory(gruppe__nettverk=nettverk, gyldig=("2019-01-01", "2020-01-01")).person
    ser_ikke = [
        PersonFactory(),
        PersonFactory(is_superuser=True, is_staff=True),
        koordinator(NettverkFactory()),
        utgaatt,
        AnonymousUser(),
    ]

    def may(person) -> bool:
        return kan(person, "fremtidsbilder.view_fremtidsbilde", nettverk)

    assert [may(p) for p in ser] == [True] * len(ser)
    assert [may(p) for p in ser_ikke] == [False] * len(ser_ikke)


def test_a_network_without_images_is_led_to_its_goals():
    nettverk = NettverkFactory(slug="her", uten_deler=["fremtidsbilder"])

    [punkt] = MaalPortal().meny(roller_for(koordinator(nettverk), nettverk))

    assert punkt.url == "/her/maal/"


def test_the_search_finds_goals_that_one_may_read():
    nettverk = NettverkFactory(slug="her")
    MaalFactory(nettverk=nettverk, tekst="Alle barn er ute hver dag")
    MaalFactory(nettverk=nettverk, tekst="Ute som utkast", tilstand="utkast")
    MaalFactory(tekst="Ute hos andre")

    roller = roller_for(medlem(nettverk, gruppetype=Gruppe.Type.NY_PRAKSIS), nettverk)
    [gruppe] = MaalPortal().sok(roller, "ute")

    assert [str(treff.tittel) for treff in gruppe.treff] == ["Alle barn er ute hver dag"]


def test_a_kommune_and_a_unit_show_the_goals_they_have():
    nettverk, gruppe = nettverk_med_enhet()
    enhet, kommune = gruppe.enhet, nettverk.kommuner().get()
    roller = roller_for(medlem(nettverk, gruppetype=Gruppe.Type.NY_PRAKSIS), nettverk)
    side = Side(roller, idag())
    assert list(MaalPortal().kommune(kommune, side)) == []
    i_kommune = MaalFactory(nettverk=nettverk, nivaa="kommune", kommune=kommune)
    MaalFactory(nettverk=nettverk, nivaa="kommune", kommune=kommune, tilstand="utkast")
    MaalFactory(nettverk=nettverk, nivaa="kommune", kommune=kommune, tilstand="avsluttet")
    i_enhet = MaalFactory(nettverk=nettverk, nivaa="enhet", enhet=enhet)

    [kommunens] = MaalPortal().kommune(kommune, side)
    [enhetens] = MaalPortal().enhet(enhet, side)

    assert (kommunens.data["maal"], enhetens.data["maal"]) == ([i_kommune], [i_enhet])


def test_the_demo_shows_every_kind_of_goal_and_is_made_once():
    nettverk, gruppe = nettverk_med_enhet(maalform="nn")
    for _ in range(3):
        MedlemskapFactory(nettverk=nettverk)
    gruppe.enhet.er_demo = True
    gruppe.enhet.save()
    # First of them by name: the last two take nothing in.
    Kommune.objects.filter(pk=gruppe.enhet.kommune_per().pk).update(navn="Alver")
    MaalFactory(nettverk=nettverk)
    tema = TemaFactory(nettverk=nettverk, navn="Inkluderande oppvekstmiljø")

    for _ in range(2):
        MaalPortal().make_demo(nettverk)

    laget = nettverk.maal.exclude(nivaa="nettverk")
    assert {(m.nivaa, m.tilstand) for m in laget} == {
        ("kommune", "vedtatt"),
        ("kommune", "hoering"),
        ("kommune", "avsluttet"),
        ("enhet", "vedtatt"),
    }
    assert laget.filter(over=None, tilstand="vedtatt").count() == 1
    assert all(list(m.temaer.all()) == [tema] for m in laget.filter(over__isnull=False))
    # What is said of a goal is of that goal.
    sagt = {m.tekst: m.vurdering for m in laget.exclude(status="").filter(nivaa="enhet")}
    assert all(sagt[s.tekst] == s.vurdering for s in _ORD["nn"].eget if s.tekst in sagt)
