"""Somebody writes while their Verv ends: the page says so, and the text is there to take along."""

import re

from playwright.sync_api import Page, expect

from tests.nettleser.lesere import TAALMODIGHET, Lesere
from tests.nettleser.steg import read_code
from tests.nettleser.vakt import check_page

# The demo's assignment that has just begun.
OPPDRAG = "Utforsk matematikken ute"
TEKST = "Barna målte snøen med egne føtter, og skrev tallene i sola."


def test_a_page_that_is_open_says_that_the_verv_ended_and_keeps_the_text(lesere: Lesere):
    # Somebody whom no other test is.
    skriver = lesere.gjest()
    _sign_in_by_code(lesere, skriver, "oddvar.nisefjell@demo.example")
    skriver.goto("/nordmore/mellomarbeid/?vis=mine")
    skriver.get_by_role("link", name=OPPDRAG).click()
    skriver.get_by_role("link", name="Skriv i Observere").click()
    felt = skriver.get_by_label("Fortell")
    expect(felt).to_be_visible()

    # The demo's Verv were given today, so this one can be taken back.
    # Just signed in, whatever else has been tried before: ending a Verv asks for it.
    koordinator = lesere.gjest()
    lesere.sign_in(koordinator, "koordinator")
    koordinator.goto(_group_of(lesere))
    rad = koordinator.get_by_role("row", name=re.compile("Oddvar Nisefjell"))
    rad.get_by_role("link", name=re.compile("Avslutt")).click()
    koordinator.get_by_role("link", name="Annuller vervet").click()
    check_page(koordinator)
    koordinator.get_by_role("button", name="Annuller vervet").click()
    expect(
        koordinator.get_by_role("heading", name="Vervet til Oddvar Nisefjell er annullert")
    ).to_be_visible()
    check_page(koordinator)

    lesere.allow(skriver, "status of 403")
    felt.fill(TEKST)
    status = skriver.locator("[data-autolagre-status]").first
    expect(status).to_contain_text("er slutt")
    expect(status).not_to_contain_text("prøver igjen")
    expect(status.get_by_role("button", name="Kopier teksten")).to_be_visible()
    expect(felt).to_have_value(TEKST)
    check_page(skriver)

    # Sent in the ordinary way the page gives the text back.
    skriver.locator("form[data-autolagre]").first.evaluate("skjema => skjema.submit()")
    expect(skriver.get_by_role("heading", name=re.compile("er slutt"))).to_be_visible()
    expect(skriver.get_by_label(re.compile("Det du skrev"))).to_have_value(
        re.compile("egne føtter")
    )
    check_page(skriver)


def _sign_in_by_code(lesere: Lesere, side: Page, epost: str) -> None:
    side.goto("/konto/logg-inn/")
    side.get_by_label("E-post").fill(epost)
    side.get_by_role("button", name="Send meg en kode").click()
    side.get_by_label("Kode").fill(read_code(lesere.open(side.context), epost))
    side.get_by_role("button", name="Logg inn", exact=True).click()
    side.wait_for_url("**/hjem/", timeout=2 * TAALMODIGHET)


def _group_of(lesere: Lesere) -> str:
    """The group of the demo's unit, by way of its leader."""
    leder = lesere.som("enhetsleder", "/nordmore/grupper/")
    lenke = leder.locator("#liste a[href*='/grupper/']").first.get_attribute("href")
    assert lenke is not None
    return lenke
