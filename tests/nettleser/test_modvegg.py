"""The wall for those who arrange it: by keyboard, on a phone, without script, and while others write."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.vakt import TELEFON, check_page

KORT = ["Ved bålet", "I fjæra", "På tur", *(f"Et sted ute {n}" for n in range(9))]


@pytest.fixture(scope="module")
def vegg(alle_lesere: Lesere) -> str:
    """The address of a wall with twelve cards, in the demo's open tankesmie."""
    side = alle_lesere.som("koordinator", "/nordmore/samlinger/")
    side.locator("main a[href*='/samlinger/']", has_text="Uteområdet").first.click()
    side.get_by_role("link", name="Tankesmier").click()
    side.get_by_role("link", name=re.compile("Utviklingsgruppene planlegger")).click()
    side.get_by_label("Nytt spørsmål").fill("Hvor er dere helst?")
    side.get_by_label("Nytt spørsmål").press("Enter")
    side.get_by_role("link", name=re.compile("bidrag.*Hvilket sted ute")).click()
    side.get_by_role("link", name=re.compile("^Hvor er dere helst")).click()
    expect(side.get_by_role("heading", name="Hvor er dere helst?")).to_be_visible()
    _type_in(side, *KORT)
    return side.url.split("#")[0]


def _type_in(side: Page, *kort: str) -> None:
    side.get_by_text("Skriv inn fra papir").click()
    side.get_by_label("Det som står på arket").fill("\n\n".join(kort))
    side.get_by_role("button", name="Legg på veggen").click()
    expect(_box(side, kort[-1])).to_be_visible()


def _box(side: Page, kort: str) -> Locator:
    return side.get_by_role("checkbox", name=kort, exact=True)


def _choices(side: Page) -> Locator:
    return side.get_by_role("group", name="Med det som er krysset av")


def _theme(side: Page, navn: str) -> Locator:
    return side.locator("[data-tema]", has=side.get_by_role("heading", name=re.compile(f"^{navn}")))


def test_enter_leads_from_a_card_to_the_name_and_makes_the_theme_with_what_is_ticked(
    lesere: Lesere, vegg: str
):
    side = lesere.som("koordinator", vegg)
    _box(side, "Ved bålet").focus()
    side.keyboard.press("Space")
    _box(side, "I fjæra").focus()
    side.keyboard.press("Enter")

    expect(_choices(side)).to_contain_text("2 valgt")
    expect(_choices(side).get_by_label("Nytt tema")).to_be_focused()
    side.keyboard.type("Ved vannet")
    side.keyboard.press("Enter")

    expect(_theme(side, "Ved vannet")).to_contain_text("Ved bålet")
    expect(_theme(side, "Ved vannet")).to_contain_text("I fjæra")
    expect(side.get_by_text("Temaet «Ved vannet» er laget.")).to_be_visible()
    expect(_choices(side)).to_be_hidden()
    expect(side.get_by_text("Temaet «Ved vannet» er laget.")).to_be_focused()


def test_what_is_ticked_and_typed_stays_when_it_is_refused_and_when_others_write(
    lesere: Lesere, vegg: str
):
    side, annen = lesere.som("koordinator", vegg), lesere.som("koordinator", vegg)
    _box(side, "Et sted ute 1").check()
    _box(side, "Et sted ute 2").check()
    _choices(side).get_by_label("Nytt tema").press("Enter")
    expect(side.get_by_text("Skriv hva temaet skal hete.")).to_be_visible()
    expect(_box(side, "Et sted ute 1")).to_be_checked()

    _choices(side).get_by_label("Nytt tema").fill("Halvskrevet")
    _box(side, "Et sted ute 3").focus()
    _type_in(annen, "Skrevet imens")

    expect(_box(side, "Skrevet imens")).to_be_visible()
    expect(_choices(side).get_by_label("Nytt tema")).to_have_value("Halvskrevet")
    expect(_choices(side)).to_contain_text("2 valgt")
    expect(_box(side, "Et sted ute 3")).to_be_focused()
    check_page(side)
    _choices(side).get_by_role("button", name="Velg ingen").click()
    expect(_choices(side)).to_be_hidden()


def test_a_theme_given_a_name_leaves_what_is_ticked_among_the_cards(lesere: Lesere, vegg: str):
    side = lesere.som("koordinator", vegg)
    _box(side, "Et sted ute 5").check()
    side.locator("#temaene > summary").click()
    side.locator("#nytt-tomt").fill("Tomt ennå")
    side.locator("#nytt-tomt").press("Enter")

    expect(_theme(side, "Tomt ennå")).to_be_visible()
    expect(_box(side, "Et sted ute 5")).to_be_checked()
    expect(side.locator("#nytt-tomt")).to_have_value("")


def test_on_a_phone_the_choices_follow_as_one_line_above_the_menu(lesere: Lesere, vegg: str):
    side = lesere.som("koordinator", vegg)
    side.set_viewport_size({"width": TELEFON[0], "height": TELEFON[1]})
    expect(_choices(side)).to_be_hidden()
    _box(side, "Et sted ute 8").check()

    expect(_choices(side)).to_be_in_viewport(ratio=1)
    assert _choices(side).bounding_box()["height"] < 90
    expect(_choices(side).get_by_role("button", name="Skjul")).to_be_hidden()
    _choices(side).get_by_text("Hva vil du gjøre?").click()
    expect(_choices(side).get_by_role("button", name="Lag tema")).to_be_in_viewport(ratio=1)
    expect(side.get_by_role("button", name="Slett teksten for godt")).to_be_hidden()
    check_page(side)
    _choices(side).get_by_role("button", name="Til oppsummeringen", exact=True).click()
    expect(side.locator(".app-modkort[data-valgt]")).to_contain_text("Et sted ute 8")


def test_cards_are_arranged_without_script(lesere: Lesere, vegg: str):
    side = lesere.gjest(java_script_enabled=False)
    lesere.sign_in(side, "koordinator")
    side.goto(vegg)
    expect(_choices(side)).to_be_hidden()
    _box(side, "På tur").check()
    _choices(side).get_by_label("Nytt tema").press("Enter")
    expect(side.get_by_text("Skriv hva temaet skal hete.")).to_be_visible()
    expect(_box(side, "På tur")).to_be_checked()
    _choices(side).get_by_label("Nytt tema").fill("Til fots")
    _choices(side).get_by_label("Nytt tema").press("Enter")

    expect(_theme(side, "Til fots")).to_contain_text("På tur")
