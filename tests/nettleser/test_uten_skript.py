"""JavaScript is off, or never arrived: forms post, links load, and the work gets done."""

import datetime
import re

from playwright.sync_api import Page, expect

from kommuner.gyldighet import idag
from tests.nettleser.lesere import Lesere
from tests.nettleser.steg import (
    add_item,
    count_of,
    fill_in_gathering,
    give_assignment,
    move_to_today,
    open_what_waits,
    publish,
)

DAG = idag() + datetime.timedelta(days=60)
TITTEL = "Samling uten skript"
OPPDRAG = "Oppdrag uten skript"


def test_the_work_can_be_done_without_javascript(lesere: Lesere):
    koordinator = lesere.gjest(java_script_enabled=False)
    lesere.sign_in(koordinator, "koordinator")
    koordinator.goto("/nordmore/samlinger/ny/")
    fill_in_gathering(koordinator, tittel=TITTEL, dag=DAG)
    add_item(koordinator, klokka="09.00", minutter=45, tittel="Velkommen")
    samling = publish(koordinator)
    give_assignment(koordinator, samling, OPPDRAG, DAG)

    leder = lesere.gjest(java_script_enabled=False)
    lesere.sign_in(leder, "enhetsleder")
    _sign_up(leder)
    _check_in(koordinator, samling)
    _deliver(leder)


def _sign_up(side: Page) -> None:
    side.goto("/nordmore/hjem/")
    open_what_waits(side, TITTEL)
    if "/paamelding/" not in side.url:
        side.get_by_role("link", name="Til påmeldingen").click()
    paameldingen = side.url
    side.locator("label", has_text="Kan ikke").last.click()
    side.locator("summary", has_text="Mat og tilrettelegging").click()
    side.locator("label", has_text=re.compile("vegetarmat", re.I)).click()
    side.get_by_role("button", name="Meld på gruppa").click()
    expect(side.get_by_text("er påmeldt").first).to_be_visible()
    side.goto(paameldingen)
    expect(side.get_by_label(re.compile("vegetarmat", re.I))).to_be_checked()


def _check_in(side: Page, samling: str) -> None:
    # The desk opens on the day.
    move_to_today(side, samling)
    side.goto(f"{samling}innsjekk/")
    foer = count_of(side, "Averøy")
    side.get_by_label("Navn eller enhet").fill("nau")
    side.get_by_role("button", name="Søk").click()
    side.locator("#treff li", has_text="Jonas Naustbakk").get_by_role("button").click()
    expect(side.get_by_text("Jonas Naustbakk er registrert som møtt.")).to_be_visible()
    assert count_of(side, "Averøy") == foer + 1


def _deliver(side: Page) -> None:
    side.goto("/nordmore/mellomarbeid/?vis=mine")
    side.get_by_role("link", name=OPPDRAG).click()
    side.wait_for_url(re.compile(r"/mellomarbeid/\d+/"))
    side.get_by_role("link", name="Skriv i Prøve").click()
    side.get_by_label("Fortell").fill("Vi prøvde uten skript.")
    side.get_by_role("button", name="Ferdig").click()
    expect(side.get_by_text("Vi prøvde uten skript.")).to_be_visible()
    side.get_by_role("button", name="Lever mellomarbeidet").click()
    expect(side.get_by_role("heading", name="Takk! Mellomarbeidet er levert.")).to_be_visible()
