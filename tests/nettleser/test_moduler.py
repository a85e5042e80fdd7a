"""The fagmiljø writes a module where it stands, puts modules in order, and a unit says that it has used one."""

import re

from playwright.sync_api import expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.vakt import check_page

LOYPA = "/nordmore/laeringsloyper/matematikk/"


def test_the_fagansvarlig_makes_a_module_edits_it_in_place_and_moves_it(lesere: Lesere):
    side = lesere.som("fagansvarlig", LOYPA)
    side.get_by_role("link", name=re.compile("Ny modul.*3")).click()
    side.get_by_label("Tittel").fill("Tall i skogen")
    check_page(side)
    side.get_by_role("button", name="Lag modulen").click()
    expect(side.get_by_role("heading", level=1, name="Tall i skogen")).to_be_visible()

    side.get_by_role("link", name=re.compile("Legg til ressurs")).click()
    side.get_by_label("Tittel").fill("Uteskole")
    side.get_by_label("Lenke").fill("https://www.youtube.com/watch?v=1")
    check_page(side)
    side.get_by_role("button", name="Legg til", exact=True).click()
    expect(side.get_by_text("Ressursen er lagt til.")).to_be_visible()
    side.get_by_role("link", name=re.compile("Legg til på leselista")).click()
    side.get_by_label("Forfatter").fill("Jo Boaler")
    side.get_by_label("Tittel").fill("Mathematical Mindsets")
    side.get_by_label("ISBN").fill("978-0-470-89452-2")
    side.get_by_role("button", name="Legg til", exact=True).click()
    expect(side.get_by_role("link", name=re.compile("ikke et gyldig ISBN"))).to_be_visible()
    side.get_by_label("ISBN").fill("978-0-470-89452-1")
    side.get_by_role("button", name="Legg til", exact=True).click()
    expect(side.get_by_text("9780470894521")).to_be_visible()
    check_page(side)

    side.goto(LOYPA)
    side.get_by_role("link", name="Endre Tall i skogen").click()
    side.get_by_label("Formål").fill("Se tallene der barna er.")
    check_page(side)
    side.get_by_role("button", name="Lagre", exact=True).click()
    expect(side.get_by_text("Se tallene der barna er.")).to_be_visible()
    side.get_by_role("button", name="Flytt Tall i skogen opp").click()
    rekken = side.locator("details[open] .app-moduler__rekke h4")
    expect(rekken.nth(1)).to_have_text("Tall i skogen")
    # By hand, to the first place.
    rad = side.locator(".app-moduler__rekke > li", has_text="Tall i skogen")
    forste = side.locator("details[open] .app-moduler__rekke > li").first
    nederst = {"x": 60, "y": (forste.bounding_box() or {})["height"] - 15}
    rad.locator("[data-grep]").drag_to(forste, target_position=nederst)
    expect(rekken.first).to_have_text("Tall i skogen")
    check_page(side)


def test_a_unit_says_in_one_tap_that_it_has_used_a_resource(lesere: Lesere):
    side = lesere.som("enhetsleder", "/nordmore/laeringsloyper/sprak-og-skriving/")
    knapp = side.get_by_role("button", name="Brukt hos oss : Læreplan i norsk")
    expect(knapp).to_have_attribute("aria-pressed", "false")
    knapp.click()
    expect(knapp).to_have_attribute("aria-pressed", "true")
    check_page(side)
    knapp.click()
    expect(knapp).to_have_attribute("aria-pressed", "false")


def test_a_module_is_read_as_it_was(lesere: Lesere):
    side = lesere.som("enhetsleder", "/nordmore/laeringsloyper/laeringsmiljo/?per=2021-01-01")
    side.get_by_role("link", name="Relasjoner som bærer").click()
    expect(side.get_by_text("Slik modulen var 1. januar 2021")).to_be_visible()
    expect(side.get_by_text("Vi ser på hvordan vi møter hvert barn.")).to_be_visible()
    check_page(side)
