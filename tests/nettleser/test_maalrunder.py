"""A goal goes its way: written, heard, decided, taken in at three levels, and revised; on a phone as well."""

import datetime
import re

from playwright.sync_api import Page, expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.vakt import TELEFON, check_page, show

NYTT = "/nordmore/maal/ny/"


def _comment(side: Page, adresse: str, om: str, tekst: str) -> None:
    side.goto(adresse)
    side.get_by_label("Hva gjelder det?").select_option(label=om)
    side.get_by_label("Kommentar", exact=True).fill(tekst)
    check_page(side)
    side.get_by_role("button", name="Send kommentaren").click()
    # It is told where one lands, and one goes on from there.
    sagt = side.locator("section", has=side.locator("#hoering")).locator("#meldinger")
    expect(sagt).to_contain_text("Kommentaren er lagret.")
    expect(sagt).to_be_focused()
    expect(sagt).to_be_in_viewport()


def _take_in(side: Page, adresse: str) -> str:
    show(side, TELEFON)
    side.goto(adresse)
    side.get_by_role("link", name="Ta inn målet").click()
    side.get_by_label(re.compile("Som det står")).check()
    check_page(side)
    show(side, TELEFON)
    side.get_by_role("button", name="Ta inn målet").click()
    expect(side.get_by_text("Målet er tatt inn.")).to_be_visible()
    return side.url


def test_a_goal_from_draft_to_three_levels(lesere: Lesere):
    side = lesere.som("koordinator", NYTT)
    side.get_by_label("Mål", exact=True).fill("Alle har noen å leke med ute.\nIngen spiser alene.")
    check_page(side)
    side.get_by_role("button", name="Lagre utkastet").click()
    expect(side.get_by_text("Målet er lagret som utkast.")).to_be_visible()
    # One goes on from what came of the act, and not from the top of the page.
    expect(side.locator("#meldinger")).to_be_focused()
    side.keyboard.press("Tab")
    assert side.evaluate("document.activeElement.closest('main') !== null")
    adresse = side.url
    check_page(side)

    side.get_by_role("link", name="Send på høring").click()
    side.get_by_role("textbox", name="Svarfrist").fill(
        f"{datetime.datetime.now().astimezone():%d.%m.%Y}"
    )
    check_page(side)
    side.get_by_role("button", name="Se over").click()
    expect(side.get_by_text("Ingenting er sendt ennå.")).to_be_visible()
    check_page(side)
    side.get_by_role("button", name="Send på høring").click()
    expect(side.get_by_text("Målet er sendt på høring.")).to_be_visible()

    leder = lesere.som("enhetsleder")
    show(leder, TELEFON)
    _comment(leder, adresse, "Ingen spiser alene.", "Hva med dem som vil være i fred?")
    _comment(lesere.som("gruppemedlem"), adresse, "Hele målet", "Dette kjenner vi igjen.")

    for svar in ("Vi har tenkt på det.", "Takk."):
        side.goto(adresse)
        side.get_by_role("link", name=re.compile("^Svar")).first.click()
        side.get_by_role("radio", name=re.compile("^tatt med$", re.I)).check()
        side.get_by_label("Hvorfor?").fill(svar)
        check_page(side)
        side.get_by_role("button", name="Lagre svaret").click()
        expect(side.get_by_text(svar)).to_be_visible()
    check_page(side)
    side.get_by_role("link", name="Ta tilbake som utkast").click()
    check_page(side)
    side.get_by_role("button", name="Ta tilbake som utkast").click()
    side.get_by_role("link", name="Vedta målet").click()
    side.get_by_label("Hvor målet ble vedtatt").fill("Styringsgruppa")
    check_page(side)
    side.get_by_role("button", name="Vedta målet").click()
    expect(side.get_by_text("Målet er vedtatt.")).to_be_visible()

    i_kommunen = _take_in(lesere.som("kommune"), adresse)
    i_enheten = _take_in(leder, i_kommunen)

    side.goto(adresse)
    side.get_by_role("link", name="Revider ordene").click()
    side.get_by_label("Mål", exact=True).fill("Alle har noen å være sammen med.")
    side.get_by_label("Hva er endret, og hvorfor?").fill("Kortere, etter høringen.")
    check_page(side)
    side.get_by_role("button", name="Lagre revisjonen").click()
    expect(side.get_by_text("2 mål med de samme ordene følger med.")).to_be_visible()
    leder.goto(i_enheten)
    expect(
        leder.get_by_role("heading", level=1, name="Alle har noen å være sammen med.")
    ).to_be_visible()
    expect(leder.get_by_text("Kortere, etter høringen.")).to_be_visible()
    check_page(leder)

    # The thread is fetched when one comes to it, also by keyboard: then one stands in it.
    leder.goto(i_enheten)
    leder.get_by_role("link", name="Se hva dette kommer fra").focus()
    expect(leder.get_by_role("heading", name="Den røde tråden")).to_be_visible()
    leder.wait_for_function("document.activeElement.closest('.app-roedtraad') !== null")
