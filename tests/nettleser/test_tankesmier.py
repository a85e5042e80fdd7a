"""A tankesmie held for itself: made by the koordinator, answered on a telephone, read, and taken home by a unit."""

import re

from playwright.sync_api import expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.vakt import TELEFON, check_page


def test_it_is_made_opened_answered_and_taken_home(lesere: Lesere):
    koordinator = lesere.som("koordinator", "/nordmore/fremtidsbilder/")
    koordinator.get_by_role("link", name="Tankesmier", exact=True).click()
    check_page(koordinator)
    koordinator.get_by_role("link", name="Ny tankesmie").click()
    check_page(koordinator)
    koordinator.get_by_label("Tittel").fill("Uteplassen vår")
    koordinator.get_by_label("Spørsmål", exact=True).fill("Hva vil du gjøre ute?")
    koordinator.get_by_label("Foresatte").check()
    koordinator.get_by_text("Flere valg").click()
    koordinator.get_by_label("Plan").fill("1. Gå ut.\n2. Snakk to og to.")
    koordinator.get_by_label("andre kan bruke den hos seg", exact=False).check()
    koordinator.get_by_role("button", name="Lag tankesmia").click()

    # The next step is the one to take.
    koordinator.get_by_role("button", name="Åpne spørsmålet").click()
    expect(koordinator.get_by_role("heading", name="Folk kan svare nå")).to_be_visible()
    check_page(koordinator)
    kode = koordinator.locator(".app-samtalekode__kode").inner_text()

    telefon = lesere.gjest(f"/b/{kode}/")
    telefon.set_viewport_size({"width": TELEFON[0], "height": TELEFON[1]})
    expect(telefon.get_by_role("heading", name="Hva vil du gjøre ute?")).to_be_visible()

    leder = lesere.som("enhetsleder", "/nordmore/tankesmier/")
    leder.get_by_role("link", name=re.compile("Uteplassen vår")).click()
    expect(leder.get_by_text("Snakk to og to.")).to_be_visible()
    check_page(leder)
    leder.get_by_role("button", name="Bruk hos oss").click()
    expect(leder.get_by_role("button", name="Åpne spørsmålet")).to_be_visible()
    leder.set_viewport_size({"width": TELEFON[0], "height": TELEFON[1]})
    check_page(leder)

    koordinator.reload()
    expect(koordinator.get_by_role("heading", name="Brukes også av")).to_be_visible()
    koordinator.get_by_role("link", name=re.compile("Les alle svarene på")).click()
    expect(koordinator.get_by_role("heading", name="Hva vil du gjøre ute?")).to_be_visible()
    check_page(koordinator)


def test_the_koordinator_says_whose_voices_are_asked_for(lesere: Lesere):
    side = lesere.som("koordinator", "/nordmore/tankesmier/")
    side.get_by_role("link", name="Hvem dere spør").click()
    check_page(side)
    side.get_by_role("heading", name="Ny gruppe").locator("..").get_by_label("Navn på gruppa").fill(
        "Besteforeldre"
    )
    side.get_by_role("button", name="Legg til gruppa").click()

    expect(side.get_by_role("button", name="Lagre Besteforeldre")).to_be_visible()
    check_page(side)
