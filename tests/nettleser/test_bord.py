"""People are seated at tables, moved by hand and by keyboard, and find their own."""

import datetime
import re

from playwright.sync_api import Page, expect

from kommuner.gyldighet import idag
from tests.nettleser.lesere import Lesere
from tests.nettleser.steg import fill_in_gathering, publish
from tests.nettleser.vakt import check_page

TITTEL = "Samlingen med bord"


def test_people_are_seated_moved_locked_and_find_their_table(lesere: Lesere):
    koordinator = lesere.som("koordinator", "/nordmore/samlinger/ny/")
    fill_in_gathering(koordinator, tittel=TITTEL, dag=idag() + datetime.timedelta(days=60))
    samling = publish(koordinator)
    deltaker = lesere.som("enhetsleder", f"{samling}paamelding/")
    deltaker.get_by_role("button", name="Meld på gruppa").click()
    expect(deltaker.get_by_text("er påmeldt").first).to_be_visible()

    _seat(koordinator, samling)
    navn = _drag(koordinator)
    _move_by_keyboard(koordinator, navn)
    _seat_again(koordinator, samling, navn)
    _share(koordinator, samling)

    deltaker.goto(samling)
    bord = deltaker.get_by_role("link", name=re.compile(r"^Bord \d+$"))
    expect(bord).to_be_visible()
    check_page(deltaker)
    bord.click()
    expect(deltaker.locator(".app-bord:target")).to_be_visible()
    expect(deltaker.locator("[draggable]")).to_have_count(0)
    check_page(deltaker)


def _seat(side: Page, samling: str) -> None:
    side.goto(f"{samling}bord/")
    check_page(side)
    side.get_by_label("Plasser ved hvert bord").fill("4")
    side.get_by_role("button", name="Flytt «Bland kommunene» opp").click()
    side.wait_for_url(re.compile(r"/bord/oppsett/"))
    check_page(side)
    _press_and_wait(side, samling, "Lagre og sett på nytt")
    expect(side.locator(".app-bord")).to_have_count(2)
    check_page(side)


def _press_and_wait(side: Page, samling: str, knapp: str) -> None:
    """Until a worker has seated them."""
    with side.expect_navigation():
        side.get_by_role("button", name=knapp, exact=True).click()
    expect(side.locator("progress")).to_have_count(0)
    side.goto(f"{samling}bord/")


def _drag(side: Page) -> str:
    rad = side.locator("#bord-1 [data-noekkel]").first
    navn = rad.locator("bdi").inner_text()
    rad.drag_to(side.locator("#bord-2 h3"))
    expect(side.get_by_text(f"{navn} sitter ved bord 2, og er låst der.")).to_be_visible()
    expect(side.locator("#bord-2 li", has_text=navn)).to_contain_text("låst")
    return navn


def _move_by_keyboard(side: Page, navn: str) -> None:
    side.locator("#bord-2").get_by_role("link", name=navn).focus()
    side.keyboard.press("Enter")
    side.wait_for_url(re.compile(r"/bord/p\d+/$"))
    bord = side.get_by_label("Bord", exact=True)
    check_page(side)
    bord.select_option("1")
    side.get_by_role("button", name="Flytt hit").focus()
    side.keyboard.press("Enter")
    expect(side.get_by_text(f"{navn} sitter ved bord 1, og er låst der.")).to_be_visible()


def _seat_again(side: Page, samling: str, navn: str) -> None:
    _press_and_wait(side, samling, "Sett på nytt")
    expect(side.locator("#bord-1 li", has_text=navn)).to_contain_text("låst")
    side.get_by_label("Finn noen").fill(navn)
    side.get_by_role("button", name="Finn", exact=True).click()
    expect(side.get_by_text(f"{navn}: bord 1")).to_be_visible()


def _share(side: Page, samling: str) -> None:
    side.goto(f"{samling}bord/")
    side.get_by_role("link", name="Del bordkartet").click()
    expect(side.get_by_text("Ingen får e-post")).to_be_visible()
    check_page(side)
    side.get_by_role("button", name="Del bordkartet").click()
    expect(side.get_by_text("Bordkartet er delt.")).to_be_visible()
