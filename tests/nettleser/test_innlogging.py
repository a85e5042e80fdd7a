"""Signing in with a code by e-mail, out again, and the demo's own pages."""

import re

from playwright.sync_api import expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.steg import read_code
from tests.nettleser.vakt import check_page


def test_a_code_by_mail_signs_a_person_in(lesere: Lesere):
    side = lesere.gjest("/nordmore/hjem/")
    expect(side).to_have_url(re.compile("/konto/"))
    check_page(side)
    side.get_by_label("E-post").fill("eva@demo.example")
    side.get_by_role("button", name="Send meg en kode").click()
    side.get_by_role("heading", name="Skriv koden").wait_for()
    side.get_by_label("Kode").fill("1234")
    check_page(side)

    # The page follows the mail by itself, and what is written meanwhile stays.
    side.get_by_text("E-posten er sendt").wait_for()
    check_page(side)
    expect(side.get_by_label("Kode")).to_have_value("1234")

    post = lesere.open(side.context, "/demo/post/?til=eva@demo.example")
    check_page(post)
    kode = read_code(post, "eva@demo.example")
    check_page(post)

    side.get_by_label("Kode").fill(kode)
    side.get_by_role("button", name="Logg inn", exact=True).click()
    expect(side).to_have_url(re.compile(r"^[^?]+/nordmore/hjem/$"))

    side.get_by_text("Menyen din").locator("..").click()
    side.get_by_role("button", name="Logg ut").click()
    side.goto("/nordmore/hjem/")
    expect(side).to_have_url(re.compile("/konto/"))


def test_signed_out_in_another_tab_a_piece_of_the_page_leads_to_the_sign_in(lesere: Lesere):
    side = lesere.gjest()
    lesere.sign_in(side, "kog")
    side.goto("/nordmore/mellomarbeid/")
    side.context.clear_cookies()

    side.locator("#liste .app-brikke", has_text="Levert").first.click()

    expect(side).to_have_url(re.compile(r"/konto/logg-inn/\?next=/nordmore/mellomarbeid/"))


def test_the_demo_people_are_one_press_away(lesere: Lesere):
    side = lesere.gjest("/demo/")
    check_page(side)
    knapper = side.locator("button[name=person]")
    assert knapper.count() == 12


def test_the_language_follows_the_network_until_a_person_chooses(lesere: Lesere):
    side = lesere.gjest("/nordre-sunnmore/")
    html = side.locator("html")
    expect(html).to_have_attribute("lang", "nn")
    side.goto("/nordmore/")
    expect(html).to_have_attribute("lang", "nb")
    side.get_by_text("Velg språk").locator("..").click()
    side.get_by_role("button", name="English").click()
    expect(html).to_have_attribute("lang", "en")
    side.goto("/nordre-sunnmore/")
    expect(html).to_have_attribute("lang", "en")
