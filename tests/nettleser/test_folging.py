"""A kommune chooses which of its units follow a track, sees what changes, and does it."""

import re

from playwright.sync_api import expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.vakt import check_page


def test_a_kommune_sets_many_units_at_once_and_takes_one_off_again(lesere: Lesere):
    side = lesere.som("kommune", "/nordmore/laeringsloyper/matematikk/")
    side.get_by_role("link", name="Velg enheter").click()
    check_page(side)
    side.get_by_label("Type").select_option("grunnskole")
    side.get_by_role("button", name="Vis", exact=True).click()
    side.get_by_label(re.compile(r"^(Alle \d+ enhetene|Den ene enheten) under$")).check()
    expect(side.get_by_label("Læringsløype og periode").locator("option:checked")).to_contain_text(
        "Matematikk"
    )
    side.get_by_label("Begrunnelse").fill("Valgt sammen")
    side.get_by_role("button", name="Se hva som endres").click()
    expect(side.get_by_text("Ingenting er lagret ennå.")).to_be_visible()
    check_page(side)
    side.get_by_role("button", name="Lagre", exact=True).click()
    expect(side.get_by_text(re.compile("(følger læringsløypa fra|endret)"))).to_be_visible()

    side.locator("main summary", has_text="Enhetene, kommune for kommune").click()
    her = side.locator("main details[open] h3:has-text('Averøy') + ul")
    her.get_by_role("link", name=re.compile("skole")).first.click()
    expect(side.get_by_text("Begrunnelse: Valgt sammen")).to_be_visible()
    check_page(side)
    side.locator("main a", has_text="Avslutt").first.click()
    check_page(side)
    side.get_by_role("button", name="Lagre", exact=True).click()
    expect(side.get_by_text(re.compile("Enheten slutter å følge"))).to_be_visible()


def test_a_koordinator_makes_a_track_and_moves_it_up(lesere: Lesere):
    side = lesere.som("koordinator", "/nordmore/laeringsloyper/")
    side.get_by_role("link", name="Ny læringsløype").click()
    side.get_by_label("Navn").fill("Dybdelæring")
    side.get_by_role("textbox", name="Første dag").fill("2027-08-01")
    check_page(side)
    side.get_by_role("button", name="Lag læringsløypa").click()
    expect(side.get_by_text("«Dybdelæring» er laget.")).to_be_visible()
    expect(side.get_by_text("2033–2036")).to_be_visible()
    check_page(side)
    side.goto("/nordmore/laeringsloyper/")
    side.get_by_role("button", name="Flytt opp Dybdelæring").click()
    expect(side.get_by_role("button", name="Flytt ned Dybdelæring")).to_be_visible()
    check_page(side)
