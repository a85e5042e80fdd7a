"""The programme is moved by hand: with a mouse, with a finger, and by two at once."""

import datetime
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from kommuner.gyldighet import idag
from tests.nettleser.lesere import Lesere
from tests.nettleser.steg import add_item, fill_in_gathering
from tests.nettleser.vakt import TELEFON, check_page

DAG = idag() + datetime.timedelta(days=60)


@pytest.fixture
def program(lesere: Lesere) -> Page:
    """The programme of a new gathering: three items after each other."""
    side = lesere.som("koordinator", "/nordmore/samlinger/ny/")
    fill_in_gathering(side, tittel="Samlingen som flyttes", dag=DAG)
    for klokka, minutter, tittel in (
        ("09.00", 30, "Velkommen"),
        ("09.30", 60, "Arbeid"),
        ("10.30", 30, "Avslutning"),
    ):
        add_item(side, klokka=klokka, minutter=minutter, tittel=tittel)
    return side


def _item(side: Page, tittel: str) -> Locator:
    # By its own title: an item names the one it is in the way of.
    return side.locator(".app-post", has=side.locator(".app-post__tittel", has_text=tittel))


def _grab(side: Page, tittel: str, ned: float) -> None:
    """Press on an item and draw it down by so many times its own height, without letting go."""
    post = _item(side, tittel)
    post.scroll_into_view_if_needed()
    boks = post.bounding_box()
    assert boks
    ned *= boks["height"]
    x, y = boks["x"] + boks["width"] / 2, boks["y"] + boks["height"] / 2
    side.mouse.move(x, y)
    side.mouse.down()
    side.mouse.move(x, y + ned / 2, steps=4)
    side.mouse.move(x, y + ned, steps=4)


def _when(side: Page, tittel: str) -> Locator:
    return _item(side, tittel).locator(".app-post__tid")


def test_after_an_item_is_added_one_writes_the_title_of_the_next(program: Page):
    expect(program.get_by_label("Tittel")).to_be_focused()


def test_an_item_goes_to_the_five_minutes_where_it_is_let_go(program: Page):
    _grab(program, "Avslutning", 1)
    # As far as it is long: half an hour. The item says where it would land.
    expect(_when(program, "Avslutning")).to_have_text("11.00–11.30")
    program.mouse.up()

    sagt = "«Avslutning» går nå 11.00–11.30."
    expect(program.locator(".app-flyttet")).to_contain_text(sagt)
    expect(program.locator("#annonsering")).to_have_text(sagt)
    expect(program.locator(".app-post--valgt")).to_have_count(0)
    check_page(program)

    program.get_by_role("button", name="Angre").click()
    expect(_when(program, "Avslutning")).to_have_text("10.30–11.00")
    expect(program.get_by_role("button", name="Angre")).to_be_focused()

    # Onto another: it is let, and said.
    _grab(program, "Avslutning", -0.5)
    program.mouse.up()
    expect(program.locator(".app-flyttet")).to_contain_text("Den kolliderer med en annen post.")
    expect(_item(program, "Avslutning").locator(".app-post__varsel")).to_be_visible()
    program.reload()
    expect(_when(program, "Avslutning")).to_have_text(re.compile(r"^(09|10\.[01])"))


def test_escape_lets_go_and_a_click_opens_as_before(program: Page):
    _grab(program, "Avslutning", 1)
    program.keyboard.press("Escape")
    expect(_when(program, "Avslutning")).to_have_text("10.30–11.00")
    program.mouse.up()
    expect(program.locator(".app-flyttet")).to_have_count(0)

    program.reload()
    _item(program, "Avslutning").get_by_role("link").click()
    expect(program.get_by_role("button", name="Skyv denne og resten 15 min")).to_be_visible()


def test_the_open_item_is_moved_by_the_keys_its_buttons_name(program: Page):
    aapne = _item(program, "Avslutning").locator("[data-post]")
    aapne.press("Enter")
    expect(program.locator(".app-post--valgt")).to_contain_text("Avslutning")

    for tast, tittel, naar in (
        ("Alt+ArrowDown", "Avslutning", "10.45–11.15"),
        ("Alt+ArrowUp", "Avslutning", "10.30–11.00"),
        ("Alt+Shift+ArrowDown", "Avslutning", "10.45–11.15"),
    ):
        aapne.press(tast)
        expect(_when(program, tittel)).to_have_text(naar)
        expect(program.locator("#annonsering")).to_contain_text(naar)
        expect(aapne).to_be_focused()
    expect(program.locator("#meldinger")).not_to_contain_text("Vi forstod ikke")


def test_what_another_has_moved_meanwhile_is_shown_as_it_is(program: Page, lesere: Lesere):
    annen = lesere.open(program.context, program.url)
    _grab(annen, "Avslutning", 1)
    annen.mouse.up()
    expect(_when(annen, "Avslutning")).to_have_text("11.00–11.30")

    _grab(program, "Velkommen", 1)
    program.mouse.up()

    expect(program.locator("#meldinger")).to_contain_text("Noen andre har endret programmet")
    expect(_when(program, "Velkommen")).to_have_text("09.00–09.30")
    expect(_when(program, "Avslutning")).to_have_text("11.00–11.30")


def test_a_finger_moves_what_is_open_by_its_handle(program: Page, lesere: Lesere):
    telefon = lesere.gjest(has_touch=True)
    lesere.sign_in(telefon, "koordinator")
    telefon.set_viewport_size({"width": TELEFON[0], "height": TELEFON[1]})
    telefon.goto(program.url.split("#", maxsplit=1)[0])
    _item(telefon, "Avslutning").get_by_role("link").tap()
    grep = telefon.locator("[data-grep]")
    grep.scroll_into_view_if_needed()
    boks = grep.bounding_box()
    assert boks
    x, y = boks["x"] + boks["width"] / 2, boks["y"] + boks["height"] / 2
    foer = telefon.evaluate("scrollY")
    finger = telefon.context.new_cdp_session(telefon)
    for slag, ned in (("touchStart", 0), *(("touchMove", -n) for n in range(8, 121, 8))):
        punkt = [{"x": x, "y": y + ned}]
        finger.send("Input.dispatchTouchEvent", {"type": slag, "touchPoints": punkt})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    expect(telefon.locator(".app-flyttet")).to_contain_text("«Avslutning» går nå")
    expect(_when(telefon, "Avslutning")).not_to_have_text("10.30–11.00")
    # The page did not scroll away under the finger, and what was open is open.
    assert abs(telefon.evaluate("scrollY") - foer) < 60
    expect(telefon.locator(".app-post--valgt")).to_contain_text("Avslutning")
