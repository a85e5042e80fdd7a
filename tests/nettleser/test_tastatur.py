"""Without a mouse: every stop can be seen, in the order of the page, and Escape closes what is open."""

import re

from playwright.sync_api import Page, expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.vakt import TELEFON, check_accessible, show

STOPP_MAKS = 200
# Where the focus is now, and what shows it: the element, or what is drawn around or for it.
_HER = """async () => {
  await Promise.race([
    new Promise(requestAnimationFrame), new Promise((ok) => setTimeout(ok, 100))]);
  const her = document.activeElement;
  if (!her || her === document.body) return null;
  const synlig = (e) => {
    const s = getComputedStyle(e);
    return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none";
  };
  const rundt = [her, her.parentElement, her.nextElementSibling, ...(her.labels || [])];
  const ramme = her.getBoundingClientRect();
  her.dataset.stopp ||= String(window.stopp = (window.stopp || 0) + 1);
  return {
    nr: her.dataset.stopp,
    hva: her.outerHTML.slice(0, 120),
    tekst: (her.innerText || her.getAttribute("aria-label") || "").trim(),
    // The skip link is not there at all until it has the focus.
    synlig: her.matches(".ds-skip-link") || rundt.some((e) => e && synlig(e)),
    paaSkjermen: ramme.bottom > 0 && ramme.top < innerHeight && ramme.right > 0 && ramme.left < innerWidth,
  };
}"""


def test_a_walk_with_the_tab_key(lesere: Lesere):
    side = lesere.som("enhetsleder")
    for adresse in ("/nordmore/hjem/", _first_gathering(side), "/nordmore/mellomarbeid/"):
        side.goto(adresse)
        stopp = _walk(side)
        assert stopp[0]["tekst"] == "Hopp til hovedinnhold", stopp[0]
        usynlige = [s["hva"] for s in stopp if not (s["synlig"] and s["paaSkjermen"])]
        assert not usynlige, f"{side.url}: fokus vises ikke på {usynlige}"
        # A positive tabindex would make the order another than the page's.
        assert side.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count() == 0
        assert len(stopp) > 10


def test_what_has_focus_is_not_under_the_line_at_the_foot(lesere: Lesere):
    side = lesere.som("enhetsleder", "/nordmore/hjem/")
    under = """() => {
      const her = document.activeElement, linja = document.querySelector(".app-bunnlinje");
      if (!her || her === document.body || linja.contains(her)) return null;
      const topp = her.getBoundingClientRect().top;
      return topp >= linja.getBoundingClientRect().top - 1 ? her.outerHTML.slice(0, 120) : null;
    }"""
    for bredde, hoyde in ((640, 450), (390, 844)):
        side.set_viewport_size({"width": bredde, "height": hoyde})
        side.goto("/nordmore/hjem/")
        dekket = []
        for _ in range(40):
            side.keyboard.press("Tab")
            side.wait_for_timeout(30)
            dekket.append(side.evaluate(under))
        assert not [d for d in dekket if d], (bredde, hoyde)


def test_the_skip_link_leads_past_the_menu(lesere: Lesere):
    side = lesere.som("enhetsleder", "/nordmore/hjem/")
    side.keyboard.press("Tab")
    side.keyboard.press("Enter")
    side.keyboard.press("Tab")
    assert side.evaluate("document.activeElement.closest('main') !== null")


def test_escape_closes_what_is_open_and_gives_the_focus_back(lesere: Lesere):
    side = lesere.som("enhetsleder", "/nordmore/hjem/")
    aapner = side.locator("summary", has_text="Menyen din")
    aapner.focus()
    side.keyboard.press("Enter")
    expect(side.get_by_role("button", name="Logg ut")).to_be_visible()
    check_accessible(side)
    side.keyboard.press("Escape")
    expect(side.get_by_role("button", name="Logg ut")).to_be_hidden()
    expect(aapner).to_be_focused()

    show(side, TELEFON)
    mer = side.get_by_role("button", name="Mer", exact=True)
    mer.focus()
    side.keyboard.press("Enter")
    lenke = side.get_by_role("link", name="Kommuner og enheter", exact=True)
    expect(lenke).to_be_visible()
    check_accessible(side)
    side.keyboard.press("Escape")
    expect(lenke).to_be_hidden()
    expect(mer).to_be_focused()


def test_the_search_over_the_page_goes_anywhere_without_a_mouse(lesere: Lesere):
    side = lesere.som("koordinator", "/nordmore/hjem/")
    felt = side.get_by_role("dialog").get_by_label("Søk eller gå til")
    side.keyboard.press("Control+k")
    expect(felt).to_be_focused()
    # Before anything is written: the pages of the menu.
    expect(side.get_by_role("dialog").get_by_role("option", name="Læringsløyper")).to_be_visible()
    check_accessible(side)

    # Ø written as o; the first is chosen, and the arrows choose among what was found.
    felt.fill("averoy")
    kommuner = side.get_by_role("dialog").get_by_role("group", name="Kommuner")
    expect(kommuner.get_by_role("option", name=re.compile(r"^Averøy\b"))).to_be_visible()
    valg = side.get_by_role("dialog").get_by_role("option")
    expect(valg.first).to_have_attribute("aria-selected", "true")
    check_accessible(side)
    side.keyboard.press("ArrowDown")
    expect(valg.nth(1)).to_have_attribute("aria-selected", "true")
    expect(felt).to_be_focused()
    expect(felt).to_have_attribute("aria-activedescendant", re.compile("palett-valg"))
    side.keyboard.press("ArrowUp")
    expect(valg.first).to_have_attribute("aria-selected", "true")
    side.keyboard.press("Escape")
    expect(felt).to_be_hidden()

    side.keyboard.press("/")
    expect(felt).to_be_focused()
    felt.fill("utboks")
    expect(side.locator("#palett-treff [data-sokt=utboks]")).to_be_attached()
    side.keyboard.press("Enter")
    side.wait_for_url("**/nordmore/utboks/")


def test_a_slash_in_a_field_is_a_slash(lesere: Lesere):
    side = lesere.som("koordinator", "/nordmore/sok/")
    side.get_by_label("Hva leter du etter?").press("/")
    expect(side.get_by_role("dialog")).to_have_count(0)
    expect(side.get_by_label("Hva leter du etter?")).to_have_value("/")


def _first_gathering(side: Page) -> str:
    side.goto("/nordmore/samlinger/")
    side.locator("#liste h2 a").first.click()
    side.wait_for_url(re.compile(r"/samlinger/\d+/$"))
    return side.url


def _walk(side: Page) -> list[dict]:
    """Every stop from the top of the page until the walk is round."""
    stopp: dict[str, dict] = {}
    for _ in range(STOPP_MAKS):
        side.keyboard.press("Tab")
        her = side.evaluate(_HER)
        if her is None or her["nr"] in stopp:
            return list(stopp.values())
        stopp[her["nr"]] = her
    raise AssertionError(f"{side.url}: fokus kommer ikke rundt: {list(stopp.values())[-3:]}")
