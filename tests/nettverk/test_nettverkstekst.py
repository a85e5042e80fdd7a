"""Changing what the network says about itself: one save, and two at once."""

import pytest
from django.test import Client

from nettverk.models import Nettverk
from tests.nettverk.factories import NettverkFactory, kog, koordinator

pytestmark = pytest.mark.django_db

TEKST = {
    "visjon": "Ny visjon",
    "undertittel": "",
    "hovedmaal": "Nytt mål",
    "om": "Om oss.\r\n\r\nMer om oss.",
    "fokus_innledning": "",
    "fokusomraader": "- Første\r\n\r\n• Andre \r\n",
    "arbeidsmaater": "",
    "nettsted": "",
}


@pytest.fixture
def nettverk() -> Nettverk:
    return NettverkFactory(hovedmaal="Målet", visjon="Visjonen")


def _aapnet(client: Client, nettverk: Nettverk) -> str:
    """The mark of what the page showed when it was opened."""
    return client.get(f"/{nettverk.slug}/rediger/").context["form"]["stand"].value()


def _lagre(client: Client, nettverk: Nettverk, stand: str, **annet: str):
    return client.post(f"/{nettverk.slug}/rediger/", {**TEKST, "stand": stand, **annet})


def test_koordinator_saves(client: Client, nettverk: Nettverk):
    client.force_login(koordinator(nettverk))

    svar = _lagre(client, nettverk, _aapnet(client, nettverk))

    nettverk.refresh_from_db()
    assert svar.url == f"/{nettverk.slug}/"
    assert nettverk.visjon == "Ny visjon"
    assert nettverk.om == "Om oss.\n\nMer om oss."
    assert nettverk.fokusomraader == ["Første", "Andre"]


def test_others_are_refused_and_told_who_can(client: Client, nettverk: Nettverk):
    leder = koordinator(nettverk)
    client.force_login(kog(nettverk))

    svar = _lagre(client, nettverk, "")

    assert svar.status_code == 403
    assert leder.navn in svar.content.decode()
    nettverk.refresh_from_db()
    assert nettverk.visjon == "Visjonen"


def test_two_at_once_gets_both_texts_and_loses_none(client: Client, nettverk: Nettverk):
    client.force_login(koordinator(nettverk))
    stand = _aapnet(client, nettverk)
    _lagre(client, nettverk, stand, visjon="Den førstes visjon")

    svar = _lagre(client, nettverk, stand, visjon="Den andres visjon")

    html = svar.content.decode()
    nettverk.refresh_from_db()
    assert svar.status_code == 409
    assert nettverk.visjon == "Den førstes visjon"
    assert "Noen andre har endret dette mens du skrev" in html
    assert "Den førstes visjon" in html
    assert 'value="Den andres visjon"' in html


def test_saving_again_after_the_conflict_writes_over(client: Client, nettverk: Nettverk):
    client.force_login(koordinator(nettverk))
    stand = _aapnet(client, nettverk)
    _lagre(client, nettverk, stand, visjon="Den førstes visjon")
    konflikt = _lagre(client, nettverk, stand, visjon="Den andres visjon")
    ny_stand = konflikt.context["form"]["stand"].value()

    svar = _lagre(client, nettverk, ny_stand, visjon="Den andres visjon")

    nettverk.refresh_from_db()
    assert svar.status_code == 302
    assert nettverk.visjon == "Den andres visjon"


def test_the_same_text_twice_is_no_conflict(client: Client, nettverk: Nettverk):
    client.force_login(koordinator(nettverk))
    stand = _aapnet(client, nettverk)
    _lagre(client, nettverk, stand)

    assert _lagre(client, nettverk, stand).status_code == 302


@pytest.mark.parametrize(
    ("felt", "verdi", "melding"),
    [
        ("hovedmaal", "", "Fyll ut «Hovedmål»."),
        ("nettsted", "ikke en adresse", "Skriv en hel nettadresse"),
        ("fokusomraader", "x" * 401, "Bruk høyst 400 tegn på hver linje."),
    ],
)
def test_wrong_text_is_explained_and_kept_in_the_form(
    client: Client, nettverk: Nettverk, felt: str, verdi: str, melding: str
):
    client.force_login(koordinator(nettverk))

    svar = _lagre(client, nettverk, _aapnet(client, nettverk), **{felt: verdi})

    html = svar.content.decode()
    assert svar.status_code == 422
    assert melding in html
    assert verdi in html
    nettverk.refresh_from_db()
    assert nettverk.visjon == "Visjonen"
