"""Every address × every role × own unit, another unit, another kommune, another network."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.tilgang.tabell import ANDRE_STEDER, EGNE, OFFENTLIGE, RADER, Rad, public_address
from tests.tilgang.verden import STEDER, Verden, lag_verden

pytestmark = pytest.mark.django_db


@pytest.fixture
def verden() -> Verden:
    return lag_verden()


@pytest.fixture
def klienter(verden: Verden) -> dict[str, Client]:
    klienter = {}
    for navn, person in verden.folk.items():
        klienter[navn] = Client(raise_request_exception=False)
        if person is not None:
            klienter[navn].force_login(person)
    return klienter


def _own_addresses(resolver: URLResolver, rom: str = "") -> Iterator[str]:
    """The names of every address that is ours: not the admin's, allauth's or the demo's."""
    for moenster in resolver.url_patterns:
        if isinstance(moenster, URLResolver):
            if moenster.namespace not in {"admin", "demo"}:
                yield from _own_addresses(moenster, f"{moenster.namespace or ''}:")
        elif isinstance(moenster, URLPattern):
            yield f"{rom}{moenster.name}".lstrip(":")


def _ask(klient: Client, rad: Rad, adresse: str) -> int:
    """The answer's status; what the request changed is undone."""
    with transaction.atomic():
        svar = getattr(klient, rad.metode)(adresse, rad.data)
        for lukk in svar._resource_closers:  # a file that was sent; not the database
            lukk()
        transaction.set_rollback(True)
    if svar.status_code == 302 and svar.url.startswith(reverse("account_login")):
        return 401
    return svar.status_code


def test_every_address_stands_in_the_table():
    i_tabellen = {rad.navn for rad in RADER} | OFFENTLIGE | EGNE | set(ANDRE_STEDER)
    vaare = {
        navn
        for navn in _own_addresses(get_resolver())
        if not navn.startswith(("account_", "mfa_", "socialaccount_", "usersessions_", "openid_"))
    }

    assert vaare - i_tabellen == set()
    assert i_tabellen - vaare == set()


# Their addresses hold no number, but a year or a slug, which both networks have.
BARE_NAVN = (
    "evaluering:",
    "laeringsloyper:loype",
    "laeringsloyper:modul_ny",
    "laeringsloyper:periode_ny",
    "nettverk:portaldel",
)


@pytest.mark.parametrize("sted", STEDER)
def test_who_reaches_what(verden: Verden, klienter: dict[str, Client], sted: str):
    galt = []
    for rad in RADER:
        argumenter = rad.argumenter(verden, sted, verden.steder[sted])
        if sted in {"other_unit", "other_kommune"} and argumenter == rad.argumenter(
            verden, "own", verden.steder["own"]
        ):
            continue  # not about a unit: walked as «own»
        slug = "to" if sted == "other_network" and not argumenter else "en"
        adresse = reverse(rad.navn, args=[slug, *argumenter])
        if sted == "other_network" and rad.navn.startswith(BARE_NAVN):
            # So the whole address must be the other one's.
            adresse = reverse(rad.navn, args=["to", *argumenter])
        slipper = rad.slipper(sted)
        for navn, klient in klienter.items():
            if navn == "fremmed" and adresse.startswith("/to/"):
                continue
            status = _ask(klient, rad, adresse)
            sluppet = status not in {401, 403, 404}
            if sluppet != (navn in slipper) or status >= 500:
                galt.append(f"{navn}: {rad.metode.upper()} {adresse} ({rad.navn}) ga {status}")

    assert not galt, "\n".join(galt)


def test_another_networks_things_do_not_exist(verden: Verden, klienter: dict[str, Client]):
    """404, never 403: their existence is not told, not even to those who may do most."""
    fant = []
    for rad in RADER:
        argumenter = rad.argumenter(verden, "other_network", verden.steder["other_network"])
        if not argumenter or rad.navn.startswith(BARE_NAVN):
            continue
        adresse = reverse(rad.navn, args=["en", *argumenter])
        status = _ask(klienter["koordinator"], rad, adresse)
        if status != 404:
            fant.append(f"{rad.metode.upper()} {adresse} ({rad.navn}) ga {status}")

    assert not fant, "\n".join(fant)


def test_signed_out_goes_to_sign_in_and_comes_back(verden: Verden, klienter: dict[str, Client]):
    svar = klienter["offentlig"].get("/en/hjem/")

    assert svar.status_code == 302
    assert svar.url == f"{reverse('account_login')}?next=/en/hjem/"


@pytest.mark.parametrize("navn", sorted(OFFENTLIGE - {"set_language", "helse", "helse_web"}))
def test_public_addresses_are_open(verden: Verden, klienter: dict[str, Client], navn: str):
    adresse = public_address(navn, verden)

    statuser = {}
    for navn_paa, klient in klienter.items():
        svar = klient.get(adresse)
        if svar.streaming:
            svar.getvalue()  # a file that is sent is held open until it has been
        statuser[navn_paa] = svar.status_code
    assert statuser == dict.fromkeys(klienter, 200)


@pytest.mark.parametrize(
    "navn", sorted(EGNE - {"nettverk:mine_opplysninger_fil", "nettverk:tosteg_ikke_naa"})
)
def test_own_pages_need_a_signed_in_person(klienter: dict[str, Client], navn: str):
    assert klienter["offentlig"].get(reverse(navn)).status_code == 302
    assert klienter["utgaatt"].get(reverse(navn)).status_code in {200, 302}
