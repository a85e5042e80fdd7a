"""Passkeys in a real browser with a virtual authenticator: made, signed in with, and refused in plain words."""

import datetime
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.vakt import check_page

AUTENTISATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def lesere_paa_localhost(lesere: Lesere, monkeypatch: pytest.MonkeyPatch) -> Lesere:
    """A passkey belongs to a name, never to an IP address."""
    monkeypatch.setattr(lesere, "adresse", lesere.adresse.replace("127.0.0.1", "localhost"))
    return lesere


def with_authenticator(side: Page) -> tuple[Any, str]:
    """A phone or a machine that can keep passkeys, with a person who answers at once."""
    cdp = side.context.new_cdp_session(side)
    cdp.send("WebAuthn.enable")
    svar = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTENTISATOR})
    return cdp, svar["authenticatorId"]


def test_passkey_is_made_and_signs_in(lesere_paa_localhost: Lesere):
    lesere = lesere_paa_localhost
    side = lesere.gjest()
    cdp, nokkel = with_authenticator(side)
    lesere.sign_in(side, "pro")

    side.goto("/konto/sikkerhet/passnokler/ny/")
    check_page(side)
    side.get_by_label("Navn på nøkkelen").fill("Jobbtelefonen")
    side.get_by_role("button", name="Lag passnøkkelen").click()
    expect(side.get_by_text("Passnøkkelen er lagt til.")).to_be_visible()
    side.get_by_role("link", name="Se passnøklene").click()
    expect(side.get_by_text("Jobbtelefonen").first).to_be_visible()
    check_page(side)

    side.goto("/konto/logg-ut/")
    side.locator("main").get_by_role("button", name="Logg ut").click()
    side.goto("/konto/logg-inn/?next=/nordmore/grupper/")
    side.get_by_role("button", name="Logg inn med passnøkkel").click()
    expect(side).to_have_url(re.compile(r"^[^?]+/nordmore/grupper/$"))

    side.goto("/konto/logg-ut/")
    side.locator("main").get_by_role("button", name="Logg ut").click()
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": nokkel, "isUserVerified": False})
    side.goto("/konto/logg-inn/")
    side.get_by_role("button", name="Logg inn med passnøkkel").click()
    expect(
        side.get_by_role("alert").filter(has_text="Passnøkkelen ble ikke brukt.")
    ).to_be_visible()


def test_coordinator_makes_a_key_on_the_way_and_goes_on(lesere_paa_localhost: Lesere):
    """The network requires it from a day: home says which, the page says how, and back to where one was."""
    lesere = lesere_paa_localhost
    side = lesere.gjest()
    with_authenticator(side)
    lesere.sign_in(side, "salten-koordinator")
    check_page(side)
    side.get_by_role("link", name="Nettverket", exact=True).click()
    side.get_by_role("link", name="Sikker innlogging").click()
    check_page(side)
    krav = side.get_by_role("textbox", name="Krev passnøkkel eller app fra")
    om_to_uker = datetime.date.today() + datetime.timedelta(days=14)  # noqa: DTZ011 (as the person's own machine has it)
    krav.fill(om_to_uker.isoformat())
    side.get_by_role("button", name="Lagre").click()
    side.get_by_role("link", name="Hjem", exact=True).click()
    expect(side.get_by_role("heading", name="Legg til en passnøkkel før")).to_be_visible()
    side.locator("main").get_by_role("link", name="Legg til en passnøkkel").click()

    expect(side.get_by_role("heading", level=1)).to_have_text("Legg til en passnøkkel")
    check_page(side)
    side.locator("main").get_by_role("link", name="Legg til en passnøkkel").click()
    side.get_by_role("button", name="Lag passnøkkelen").click()

    expect(side).to_have_url(re.compile(r"/salten/hjem/$"))
    side.get_by_role("link", name="Nettverket", exact=True).click()
    side.get_by_role("link", name="Sikker innlogging").click()
    krav.fill("")
    side.get_by_role("button", name="Lagre").click()
    expect(side.get_by_text("Endringene er lagret.")).to_be_visible()
