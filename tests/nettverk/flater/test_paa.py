"""A thing's page is put together of what each app says it has to show there."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from kommuner.gyldighet import idag
from kommuner.models import Enhet
from laeringsloyper.models import Laeringsloype
from nettverk import kontroller
from nettverk.flater import Menypunkt, Portal, Seksjon, menyen, paa, seksjoner_paa
from nettverk.flater import meny as menymodul
from nettverk.flater import portal as portalmodul
from nettverk.flater import samlet as samletmodul
from nettverk.flater.meny import MENYREKKEFOLGE
from nettverk.models import Gruppe, Nettverk
from nettverk.tilgang.roller import roller_for
from rolu.models import Samling
from tests.nettverk.factories import koordinator, medlem, nettverk_med_enhet
from tests.rolu.factories import OppdragFactory, SamlingFactory


class _Oppe(Portal):
    @paa("kommuner.Enhet")
    def sist(self, enhet, side):
        yield Seksjon("sist.html", {"enhet": enhet, "dato": side.dato}, 90)

    @paa("kommuner.Enhet")
    def forst(self, enhet, side):
        yield Seksjon("forst.html", {"medlem": side.roller.er_medlem}, 1)

    @paa("kommuner.Kommune")
    def kommune(self, kommune, side):
        yield Seksjon("kommune.html")


class _Galt(Portal):
    @paa("kommuner.Skole")
    def skole(self, skole, side):
        yield Seksjon("skole.html")


@pytest.fixture
def bare(monkeypatch):
    """Only these portals are there."""

    def sett(*portaler: Portal) -> None:
        for modul in (portalmodul, kontroller, menymodul, samletmodul):
            monkeypatch.setattr(modul, "portaler", lambda *_: iter(portaler))

    return sett


def test_a_page_gets_the_pieces_for_its_model_in_order(bare):
    bare(_Oppe())
    enhet, roller = Enhet(navn="Tangen"), SimpleNamespace(er_medlem=True, nettverk=Nettverk())

    seksjoner = seksjoner_paa(enhet, roller=roller, dato=idag())

    assert [s.mal for s in seksjoner] == ["forst.html", "sist.html"]
    assert seksjoner[0].data == {"medlem": True}
    assert seksjoner[1].data == {"enhet": enhet, "dato": idag()}


def test_a_model_that_does_not_exist_stops_the_start(bare):
    bare(_Oppe(), _Galt())

    [feil] = [f for f in run_checks() if f.id == "nettverk.E002"]

    assert "_Galt.skole" in feil.msg
    assert "kommuner.Skole" in feil.msg


def test_every_app_names_models_that_exist():
    assert kontroller.flatene_finnes(None) == []


def test_every_line_of_the_menu_has_one_place(bare):
    assert len(set(MENYREKKEFOLGE)) == len(MENYREKKEFOLGE)

    class Ukjent(Portal):
        def meny(self, roller):
            yield Menypunkt("uten-plass", "Uten plass", "/", "hjem")

    bare(Ukjent())
    with pytest.raises(ImproperlyConfigured, match="uten-plass"):
        menyen(SimpleNamespace(nettverk=Nettverk()))


@pytest.mark.django_db
def test_the_menu_is_in_order():
    nettverk, _gruppe = nettverk_med_enhet()

    punkter = [m.noekkel for m in menyen(roller_for(koordinator(nettverk), nettverk)).alle]

    assert punkter == list(MENYREKKEFOLGE)


@pytest.mark.django_db
def test_a_tracks_page_shows_its_gatherings_and_assignments_but_no_drafts(client):
    nettverk, _gruppe = nettverk_med_enhet()
    loype = Laeringsloype.objects.create(nettverk=nettverk, slug="mat", navn="Matematikk")
    felles = {"nettverk": nettverk, "laeringsloype": loype}
    SamlingFactory(tittel="Mattedagen", status=Samling.Status.INVITERT, **felles)
    SamlingFactory(tittel="Hemmelig utkast", status=Samling.Status.UTKAST, **felles)
    OppdragFactory(tittel="Tell ute", **felles)
    client.force_login(medlem(nettverk, gruppetype=Gruppe.Type.ANNEN))

    html = client.get(f"/{nettverk.slug}/laeringsloyper/mat/").content.decode()

    assert "Mattedagen" in html
    assert "Tell ute" in html
    assert "Hemmelig utkast" not in html


def test_a_portal_in_use_loads_no_demo_or_test_data():
    kode = (
        "import django, sys; django.setup();"
        "print([m for m in sys.modules if '.demo' in m and 'nettverk.demo.urls' not in m])"
    )
    svar = subprocess.run(
        [sys.executable, "-c", kode],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "nettverk.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    lastet = svar.stdout.strip()
    assert "rolu.demo" not in lastet
    assert "laeringsloyper.demo" not in lastet
