"""What fremtidsbilder puts on shared pages, and who may read."""

import pytest
from django.contrib.auth.models import AnonymousUser

from fremtidsbilder.models import Fremtidsbilde
from fremtidsbilder.portal import FremtidsbilderPortal, MaalPortal
from nettverk.models import Gruppe, Nettverk
from nettverk.tilgang.roller import roller_for
from nettverk.tilgang.tillatelser import kan
from tests.fremtidsbilder.factories import (
    FremtidsbildeFactory,
    TegnFactory,
    TemaFactory,
    UtviklingsomraadeFactory,
)
from tests.nettverk.factories import (
    NettverkFactory,
    PersonFactory,
    VervFactory,
    koordinator,
    medlem,
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
