"""The goals drawn as columns on a big screen, and as a list by keyboard on a phone."""

import re

from playwright.sync_api import expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.vakt import STOR, TELEFON, check_page, show

MAALENE = "/nordmore/maal/"


def test_the_goals_stand_in_columns_on_a_big_screen(lesere: Lesere):
    side = lesere.som("koordinator", MAALENE)
    check_page(side)

    kort = {
        nivaa: side.locator(f"[data-nivaa={nivaa}] > .app-maalgren__rad > .app-maalkort").first
        for nivaa in ("nettverk", "kommune", "enhet")
    }
    show(side, STOR)
    boksene = [(kort[n].bounding_box() or {}) for n in ("nettverk", "kommune", "enhet")]
    slutter = [b["x"] + b["width"] for b in boksene]
    assert slutter[0] < boksene[1]["x"] < slutter[1] < boksene[2]["x"]

    kort["enhet"].get_by_role("link").click()
    expect(side.get_by_role("heading", name="Slik vurderer vi det selv")).to_be_visible()
    check_page(side)
    side.get_by_role("link", name="Vis blant alle målene").click()
    expect(side.locator("[data-paa]")).to_have_count(3)

    side.get_by_label("Kommune").select_option("Averøy")
    expect(side).to_have_url(re.compile("kommune=1554"))
    expect(
        side.locator(".app-maalgren[data-nivaa=kommune] .app-maalkort__sted").first
    ).to_have_text("Averøy")


def test_the_goals_are_a_list_by_keyboard_on_a_phone(lesere: Lesere):
    side = lesere.som("eva", MAALENE)
    show(side, TELEFON)
    fold = side.locator(".app-maalgren__under > summary").first
    under = side.locator(".app-maalgren__under > ul").first
    expect(under).to_be_visible()

    fold.focus()
    side.keyboard.press("Enter")
    expect(under).to_be_hidden()
    side.keyboard.press("Enter")
    expect(under).to_be_visible()
    side.keyboard.press("Tab")
    side.keyboard.press("Enter")

    expect(side).to_have_url(re.compile(r"/nordmore/maal/\d+/"))
    expect(side.get_by_role("heading", name="Hva målet henger sammen med")).to_be_visible()
