"""The koordinator writes an image, adds a picture, sets two versions and compares them; a leader takes it in use for
the unit on a phone."""

import re

from playwright.sync_api import expect

from tests.fremtidsbilder.bilder.bildefiler import HEIC, bildebyte
from tests.nettleser.lesere import Lesere
from tests.nettleser.vakt import check_page

LISTA = "/nordmore/fremtidsbilder/"


def _fil(navn: str, innhold: bytes) -> dict[str, object]:
    return {"name": navn, "mimeType": "image/png", "buffer": innhold}


def test_the_koordinator_writes_illustrates_and_compares(lesere: Lesere):
    side = lesere.som("koordinator", LISTA)
    check_page(side)
    side.get_by_role("link", name="Nytt fremtidsbilde").click()
    check_page(side)
    side.get_by_label("Tittel").fill("Uteskolen 2040")
    side.get_by_role("textbox", name=re.compile("^Fremtidsbilde")).fill(
        "Alle barn er ute hver uke."
    )
    side.get_by_label("Tegn på god praksis").fill("Vi ser barn i skogen")
    side.get_by_role("button", name="Lag fremtidsbildet").click()
    expect(side.get_by_role("heading", level=1, name="Uteskolen 2040")).to_be_visible()
    check_page(side)

    side.get_by_role("link", name="Bilder", exact=True).click()
    side.get_by_label("Hva bildet viser").fill("En grønn flate")
    side.get_by_label("Bilde", exact=True).set_input_files(_fil("a.heic", HEIC))
    side.get_by_role("button", name="Legg til bildet").click()
    expect(side.get_by_role("link", name=re.compile("HEIC"))).to_be_visible()
    side.get_by_label("Bilde", exact=True).set_input_files(_fil("a.png", bildebyte("green")))
    side.get_by_role("button", name="Legg til bildet").click()
    expect(side.get_by_role("img", name="En grønn flate")).to_be_visible()
    check_page(side)
    side.get_by_role("link", name="Ferdig").click()
    expect(side.get_by_role("img", name="En grønn flate")).to_be_visible()

    _set_version(side, "første")
    side.get_by_role("link", name="Uteskolen 2040").click()
    side.get_by_role("link", name="Endre", exact=True).click()
    check_page(side)
    side.get_by_role("textbox", name=re.compile("^Fremtidsbilde")).fill(
        "Alle barn og unge er ute hver uke."
    )
    side.get_by_role("button", name="Lagre", exact=True).click()
    _set_version(side, "andre")
    side.get_by_role("link", name="Uteskolen 2040").click()
    side.get_by_role("link", name="Sammenlign").click()
    expect(side.locator("ins")).to_contain_text("og unge")
    check_page(side)
    side.get_by_role("link", name="Uteskolen 2040").click()
    side.get_by_role("link", name="Publiser", exact=True).click()
    check_page(side)
    side.get_by_role("button", name="Publiser").click()
    expect(side.get_by_text("Fremtidsbildet er publisert.")).to_be_visible()


def _set_version(side, navn: str) -> None:
    side.get_by_role("link", name="Sett en utgave").click()
    check_page(side)
    side.get_by_label("Navn på utgaven").fill(navn)
    side.get_by_role("button", name="Sett utgaven").click()
    expect(side.get_by_text("Utgaven er satt.")).to_be_visible()
    check_page(side)


def test_a_leader_takes_the_image_in_use_for_the_unit_on_a_phone(lesere: Lesere):
    side = lesere.som("enhetsleder", LISTA)
    side.set_viewport_size({"width": 390, "height": 844})
    side.get_by_role("link", name="Ta i bruk «Nordmøre 2040»").click()
    check_page(side)
    side.get_by_role("button", name="Ta i bruk").click()
    expect(side.get_by_text("Teksten er kopiert.")).to_be_visible()
    check_page(side)
    side.get_by_label("Egne temaer").fill("Sjøen")
    side.get_by_role("button", name="Lagre", exact=True).click()
    expect(side.get_by_text("Fremtidsbildet er lagret.")).to_be_visible()
    expect(side.get_by_text("Sjøen")).to_be_visible()
    check_page(side)
    side.goto(LISTA)
    expect(side.get_by_role("heading", name="Hos deg")).to_be_visible()
    check_page(side)
