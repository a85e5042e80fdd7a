"""KOG writes the annual report on top of the portal's figures, and gets it as a PDF."""

import io

import pikepdf
from playwright.sync_api import expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.steg import check_archivable, fetch_pdf, wait_for_saved
from tests.nettleser.vakt import check_page

INNLEDNING = "I år møttes vi oftere, og vi lærte mer av hverandre."


def test_kog_writes_an_introduction_and_gets_the_pdf(lesere: Lesere):
    side = lesere.som("kog", "/nordmore/aarsrapport/2026/")
    kapitler = side.locator(".app-rapport__innhold a")
    assert kapitler.count() >= 6
    kapitler.filter(has_text="Mellomarbeid").click()
    expect(side.locator(".app-rapporttall__ramme")).to_be_visible()
    check_page(side)
    side.locator(".app-rapport__innhold a").first.click()
    side.wait_for_url("**kapittel=sammendrag")
    innledning = side.locator("form[data-autolagre]").first
    innledning.locator("textarea").fill(INNLEDNING)
    wait_for_saved(side, f"#{innledning.get_attribute('id')}")
    side.reload()
    expect(innledning.locator("textarea")).to_have_value(INNLEDNING)

    side.get_by_role("button", name="Lag PDF").click()
    lenke = side.locator("#pdf .app-jobb__resultat a")
    lenke.wait_for(timeout=90_000)
    check_page(side)
    innhold = fetch_pdf(side, lenke)
    check_archivable(innhold)
    with pikepdf.open(io.BytesIO(innhold)) as pdf:
        assert len(pdf.pages) >= 4
        assert "2026" in str(pdf.docinfo["/Title"])
        assert str(pdf.Root.Lang) == "nb"
