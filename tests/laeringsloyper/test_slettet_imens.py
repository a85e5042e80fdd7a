"""Removed in another tab while the page is open: the other is told so, on a page that is found or not, never 500."""

from collections.abc import Callable

import pytest
from django.db.models import Model
from django.test import Client

from laeringsloyper.models import Laeringsloype, Leseverk, Modul, Ressurs, Ressursbruk
from tests.laeringsloyper.factories import LeseverkFactory, ModulFactory, RessursFactory
from tests.laeringsloyper.test_moduler import _client, _periode, _url
from tests.nettverk.factories import gruppemedlem, koordinator, nettverk_med_enhet
from tests.samtidig import between

pytestmark = pytest.mark.django_db(transaction=True)

VERK = {"forfatter": "Nora Lind", "tittel": "Ute hele året", "aar": "2019", "sider": "", "isbn": ""}
ORD = {"tittel": "Ute", "formaal": "x", "oppdragsforslag": "", "versjon": "1"}
LENKE = {"tittel": "Film", "slag": "film", "url": "https://example.com/film"}


@pytest.fixture
def modul() -> Modul:
    nettverk, _gruppe = nettverk_med_enhet()
    return ModulFactory(periode=_periode(nettverk))


def status(rad: Model | Callable, client: Client, adresse: str, felt: dict, **mer) -> list[int]:
    """What is answered when the row goes after the page has found it, and when it is gone already."""
    remove = type(rad)._base_manager.filter(pk=rad.pk).delete if isinstance(rad, Model) else rad
    svar = between(remove, lambda: client.post(adresse, felt, **mer))
    if isinstance(svar, Exception):
        raise svar
    return [svar.status_code, client.post(adresse, felt, **mer).status_code]


def _loype(modul: Modul) -> Laeringsloype:
    return modul.periode.loype


def test_a_work_on_the_reading_list(modul):
    verk = LeseverkFactory(modul=modul)
    client = _client(koordinator(_loype(modul).nettverk))

    assert status(verk, client, _url("leseverk", _loype(modul), verk.pk), VERK) == [404, 404]


def test_two_take_the_same_work_off_the_list(modul):
    verk = LeseverkFactory(modul=modul)
    en, to = (_client(koordinator(_loype(modul).nettverk)) for _ in "12")
    adresse = _url("leseverk_slett", _loype(modul), verk.pk)

    svar = between(lambda: en.post(adresse), lambda: to.post(adresse))

    assert svar.status_code == 302
    assert to.post(adresse).status_code == 404
    assert not Leseverk.objects.exists()


@pytest.mark.parametrize("htmx", [{}, {"headers": {"HX-Request": "true"}}], ids=["side", "htmx"])
def test_a_resource(modul, htmx):
    ressurs = RessursFactory(modul=modul)
    client = _client(koordinator(_loype(modul).nettverk))
    adresse = _url("ressurs_slett", _loype(modul), ressurs.pk)

    assert status(ressurs, client, adresse, {}, **htmx) == [200 if htmx else 302, 404]
    assert not Ressurs.objects.exists()


@pytest.mark.parametrize("felt", [{}, {"angre": "1"}], ids=["brukt", "angre"])
def test_a_resource_that_a_unit_says_it_has_used(modul, felt):
    nettverk = _loype(modul).nettverk
    gruppe = nettverk.grupper.get(enhet__isnull=False)
    ressurs = RessursFactory(modul=modul)
    client = _client(gruppemedlem(gruppe))
    adresse = _url("ressurs_bruk", _loype(modul), ressurs.pk)

    svar = status(ressurs, client, adresse, {"enhet": gruppe.enhet_id, **felt})

    assert svar == [302 if felt else 404, 404]
    assert not Ressursbruk.objects.exists()


@pytest.mark.parametrize("htmx", [{}, {"headers": {"HX-Request": "true"}}], ids=["side", "htmx"])
@pytest.mark.parametrize(
    ("navn", "felt"),
    [
        ("leseverk_ny", VERK),
        ("ressurs_ny", LENKE),
        ("modul_rediger", ORD),
        ("modul_flytt", {"opp": ""}),
        ("modul_flytt", {"plass": "0"}),
        ("modul_slett", {}),
    ],
)
def test_a_module(modul, navn, felt, htmx):
    ModulFactory(periode=modul.periode)
    client = _client(koordinator(_loype(modul).nettverk))
    felt = {**felt, "periode": modul.periode_id}

    annen = _client(koordinator(_loype(modul).nettverk))
    slett = _url("modul_slett", _loype(modul), modul.pk)

    naa, siden = status(
        lambda: annen.post(slett), client, _url(navn, _loype(modul), modul.pk), felt, **htmx
    )

    assert naa in {200, 302, 404, 409, 422}
    assert siden == 404
    assert not Leseverk.objects.exists()
    assert not Ressurs.objects.exists()


@pytest.mark.parametrize("navn", ["modul_rediger", "modul_flytt", "modul_slett"])
def test_a_module_whose_period_goes_with_it(modul, navn):
    client = _client(koordinator(_loype(modul).nettverk))
    adresse = _url(navn, _loype(modul), modul.pk)

    svar = status(
        modul.periode,
        client,
        adresse,
        {**ORD, "periode": modul.periode_id, "plass": "0"},
        headers={"HX-Request": "true"},
    )

    assert svar[0] in {200, 302, 404, 422}
    assert svar[1] == 404
