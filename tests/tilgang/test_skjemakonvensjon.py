"""The same wrong request gets the same answer everywhere: 405 for the method, 422 for the form."""

from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, reverse

from nettverk.models import Person
from tests.tilgang.tabell import ANDRE_STEDER, EGNE, OFFENTLIGE, RADER, public_address
from tests.tilgang.verden import Verden, lag_verden

pytestmark = pytest.mark.django_db

# Django's own, and a file that is asked for with nothing to fill in.
UTEN_SKJEMA = {
    "set_language",
    "nettverk:mine_opplysninger_fil",
    # No choice is all the units, and what it changes is shown before anything is saved.
    "rolu:oppdrag_mottakere",
    # With nothing ticked they are of the whole list.
    "nettverk:folk_epost",
    "rolu:deltakere_regneark",
    "rolu:deltakere_utskrift",
    "rolu:deltakere_epost",
    # A view is its owner's alone, and nobody who walks owns one.
    "nettverk:visning_glem",
    # What was said is its author's alone to take back, and nobody who walks has said it.
    "rolu:tilbakemelding_slett",
}
GET, POST, BEGGE = {"GET", "HEAD"}, {"POST"}, {"GET", "HEAD", "POST"}


@pytest.fixture
def verden() -> Verden:
    return lag_verden()


def _addresses(verden: Verden) -> dict[str, str]:
    """Each address once, with arguments that exist where the access table has them."""
    adresser = {navn: public_address(navn, verden) for navn in EGNE | OFFENTLIGE}
    for rad in RADER:
        argumenter = rad.argumenter(verden, "own", verden.steder["own"])
        adresser.setdefault(rad.navn, reverse(rad.navn, args=["en", *argumenter]))
    for navn in ANDRE_STEDER:
        adresser[navn] = _elsewhere(navn)
    return adresser


def _elsewhere(navn: str) -> str:
    # Of a network with its numbers, of none, of a network alone, and of none with a number.
    for argumenter in (["en", 1], ["en", 1, 1], [], ["en"], [1]):
        try:
            return reverse(navn, args=argumenter)
        except NoReverseMatch:
            continue
    raise NoReverseMatch(navn)


def _ask(person: Person, metode: str, adresse: str) -> HttpResponseBase:
    """A request with nothing in it; what it changed is undone."""
    klient = Client()
    klient.force_login(person)
    with transaction.atomic():
        svar: Any = getattr(klient, metode)(adresse)
        transaction.set_rollback(True)
    return svar


def _may_post(verden: Verden, navn: str) -> list[Person]:
    """Those who come through to the form, the koordinator first."""
    folk = [verden.folk["koordinator"]]
    for rad in RADER:
        if rad.navn == navn:
            folk += [verden.folk[rolle] for rolle in sorted(rad.own)]
    return [person for person in folk if person is not None]


def test_every_page_says_which_methods_it_takes(verden: Verden):
    koordinator = verden.folk["koordinator"]
    assert koordinator
    galt = []
    for navn, adresse in _addresses(verden).items():
        # Django's own; and a page that leads on when there is nothing to confirm, whatever is asked.
        if navn in {"set_language", "bekreft_med_kode"}:
            continue
        svar = _ask(koordinator, "put", adresse)
        tar = set(svar.get("Allow", "").split(", "))
        if svar.status_code != 405 or tar not in (GET, POST, BEGGE):
            galt.append(f"PUT {adresse} ({navn}) ga {svar.status_code} {tar}")
        elif "POST" not in tar and _ask(koordinator, "post", adresse).status_code != 405:
            galt.append(f"POST {adresse} ({navn}) ga ikke 405")

    assert not galt, "\n".join(galt)


def test_an_empty_form_is_refused_with_422_or_leads_on(verden: Verden):
    """409 where the empty form says that it was opened before somebody else wrote."""
    koordinator = verden.folk["koordinator"]
    assert koordinator
    galt = []
    for navn, adresse in _addresses(verden).items():
        if navn in UTEN_SKJEMA or navn in ANDRE_STEDER:
            continue
        if "POST" not in _ask(koordinator, "put", adresse).get("Allow", ""):
            continue
        for person in _may_post(verden, navn):
            status = _ask(person, "post", adresse).status_code
            if status not in {403, 404}:
                break
        if status not in {302, 409, 422}:
            galt.append(f"POST {adresse} ({navn}) ga {status}")

    assert not galt, "\n".join(galt)
