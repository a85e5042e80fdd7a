"""Lists one works in: choices, many ticked at once, groups that fold, the keys, and the way back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.vakt import STOR, TELEFON, check_page, show

FIRE_SKJERMER = 4 * 900


def _deltakere(lesere: Lesere) -> Page:
    side = lesere.som("koordinator", "/nordmore/samlinger/")
    lenke = side.locator("main").get_by_role("link").filter(has_text="Uteområdet").first
    side.goto(lenke.get_attribute("href") + "deltakere/")
    return side


def _brikke(side: Page, ord_: str):
    return side.locator(".app-brikke").filter(has_text=ord_)


def _aapne(side: Page, nr: int = 0):
    """A group that is opened, as its body of the table."""
    gruppe = side.locator("tbody[data-gruppe]").nth(nr)
    gruppe.locator(".app-liste__fold").click()
    return gruppe


@pytest.mark.parametrize("skjerm", [STOR, TELEFON])
def test_choices_keep_each_other_and_back_undoes_the_last(lesere: Lesere, skjerm):
    side = _deltakere(lesere)
    show(side, skjerm)
    assert skjerm == TELEFON or side.evaluate("document.body.scrollHeight") <= FIRE_SKJERMER

    side.get_by_role("searchbox", name="Navn eller enhet").fill("barnehage")
    expect(side).to_have_url(re.compile(r"\?q=barnehage"))
    _brikke(side, "Avmeldt").click()
    expect(side).to_have_url(re.compile(r"q=barnehage&.*status=avmeldt"))
    expect(_brikke(side, "Avmeldt")).to_have_attribute("aria-current", "true")
    # Few are left, so they are seen without opening the groups.
    expect(side.locator("tr[data-rad]").first).to_be_visible()
    expect(side.locator("tr[data-rad]", has_text="ikke svart")).to_have_count(0)
    check_page(side)
    show(side, skjerm)

    side.go_back()
    expect(_brikke(side, "Alle")).to_have_attribute("aria-current", "true")
    expect(side.get_by_role("searchbox", name="Navn eller enhet")).to_have_value("barnehage")
    expect(side.locator("h1")).to_have_count(1)
    side.go_forward()
    expect(_brikke(side, "Avmeldt")).to_have_attribute("aria-current", "true")

    side.get_by_role("searchbox", name="Navn eller enhet").fill("xyzxyz")
    expect(side.get_by_text("Ingen passer med det du har valgt")).to_be_visible()
    side.get_by_role("link", name="Vis alle deltakerne").click()
    expect(side.locator("tbody[data-gruppe]").first).to_be_visible()


@pytest.mark.parametrize("skjerm", [STOR, TELEFON])
def test_many_are_ticked_at_once_and_their_addresses_taken(lesere: Lesere, skjerm):
    side = _deltakere(lesere)
    show(side, skjerm)
    gruppe = side.locator("tbody[data-gruppe]").nth(2)
    rader = gruppe.locator("tr[data-rad]")
    expect(rader.first).to_be_hidden()
    _aapne(side, 2)
    expect(rader.first).to_be_visible()
    antall = rader.count()

    gruppe.locator("[data-velg-gruppe]").check()
    expect(side.locator("[data-antall-valgt]")).to_have_text(str(antall))
    bokser = rader.locator("input")
    bokser.first.uncheck()
    expect(side.locator("[data-antall-valgt]")).to_have_text(str(antall - 1))
    check_page(side)
    show(side, skjerm)

    side.locator("#valgte").get_by_role("button", name="E-postadresser").click()
    expect(side.get_by_role("heading", name=f"{antall - 1} adresser")).to_be_visible()
    adresser = side.get_by_label("Lim inn i blindkopifeltet").input_value().split("; ")
    assert len(adresser) == antall - 1
    check_page(side)


def test_the_list_is_worked_through_by_keys(lesere: Lesere):
    side = _deltakere(lesere)
    show(side, STOR)
    her = side.locator("tr[data-her]")

    # The keys are the list's own: elsewhere they do nothing (WCAG 2.1.4).
    side.get_by_role("heading", level=1).click()
    side.keyboard.press("j")
    expect(her).to_have_count(0)
    side.locator(".app-liste thead th").last.click()
    side.keyboard.press("j")
    expect(her.locator(".app-liste__fold")).to_be_focused()
    side.keyboard.press("Enter")
    expect(side.locator("tbody[data-gruppe]").first).to_have_attribute("data-aapen", "")
    side.keyboard.press("j")
    side.keyboard.press("x")
    expect(her.locator("input")).to_be_checked()
    expect(side.locator("[data-antall-valgt]")).to_have_text("1")
    side.keyboard.press("k")
    expect(her).to_have_class(re.compile("app-liste__gruppe"))
    side.keyboard.press("Escape")
    expect(side.locator("#valgte")).to_be_hidden()


def test_everything_is_reached_without_javascript(lesere: Lesere):
    koordinator = _deltakere(lesere)
    side = lesere.gjest(java_script_enabled=False)
    lesere.sign_in(side, "koordinator")
    side.goto(koordinator.url)

    expect(side.locator("tr[data-rad]").first).to_be_visible()
    side.get_by_role("searchbox", name="Navn eller enhet").fill("barnehage")
    side.get_by_role("button", name="Vis", exact=True).click()
    _brikke(side, "Avmeldt").click()
    expect(side).to_have_url(re.compile("q=barnehage.*status=avmeldt"))
    navn = side.locator("tr[data-rad] th").first.inner_text()
    side.locator("tr[data-rad] input").first.check()
    side.locator("#valgte").get_by_role("button", name="Skriv ut").click()
    expect(side.locator(".app-doer")).to_contain_text(navn)
    expect(side.locator(".app-doer li")).to_have_count(1)


@pytest.mark.parametrize("skjerm", [STOR, TELEFON])
def test_mellomarbeid_is_chosen_by_state_kommune_and_unit(lesere: Lesere, skjerm):
    side = lesere.som("koordinator", "/nordmore/mellomarbeid/")
    # Of those the one that every unit has, whatever else has been given meanwhile.
    side.locator(".app-ma-oppdrag a", has_text="Utforsk matematikken ute").click()
    show(side, skjerm)
    assert skjerm == TELEFON or side.evaluate("document.body.scrollHeight") <= FIRE_SKJERMER
    oppdrag = re.search(r"oppdrag=\d+", side.url).group()

    _brikke(side, "Ikke begynt").click()
    expect(side).to_have_url(re.compile(f"{oppdrag}.*status=ikke_begynt"))
    side.get_by_role("combobox", name="Kommune").select_option(label="Kristiansund")
    expect(side).to_have_url(re.compile(r"kommune=\d+"))
    assert oppdrag in side.url
    assert "status=ikke_begynt" in side.url
    rader = side.locator(".app-liste tbody tr")
    expect(rader.filter(has_not_text="Kristiansund")).to_have_count(0)
    check_page(side)
    show(side, skjerm)
    side.get_by_role("searchbox", name="Enhet").fill("xyzxyz")
    side.get_by_role("link", name="Vis alle enhetene").click()
    expect(rader).to_have_count(50)
    assert oppdrag in side.url


ALLE_LISTER = [
    "mellomarbeid/",
    "mellomarbeid/mangler/",
    "grupper/",
    "kommuner/",
    "folk/",
    "utboks/",
    "praksis/",
    "samlinger/",
    "samlinger/?vis=tidligere",
]


def test_no_list_is_over_four_screens(lesere: Lesere):
    """On a telephone too: it begins with some of the rows, and has the rest when it asks."""
    side = _deltakere(lesere)
    sider = [side.url, *(f"/nordmore/{sti}" for sti in ALLE_LISTER)]
    for bredde, hoyde in ((390, 844), (1280, 800)):
        side.set_viewport_size({"width": bredde, "height": hoyde})
        for adresse in sider:
            side.goto(adresse)
            hoy = side.evaluate("document.documentElement.scrollHeight")
            assert hoy <= 4 * hoyde, f"{adresse} er {hoy / hoyde:.1f} skjermer på {bredde}"


def test_a_telephone_asks_for_the_rest_of_the_rows(lesere: Lesere):
    side = lesere.som("koordinator", "/nordmore/kommuner/")
    show(side, TELEFON)
    rader = side.locator(".app-liste tbody tr")
    expect(rader).to_have_count(50)
    assert sum(rad.is_visible() for rad in rader.all()) == 20
    expect(side.get_by_text("Viser 1–20 av")).to_be_visible()
    # One way on at a time.
    expect(side.get_by_role("link", name="Neste")).to_be_hidden()

    side.get_by_role("button", name="Vis 30 til").click()

    expect(side.get_by_role("link", name="Neste")).to_be_visible()
    expect(side.get_by_text("Viser 1–50 av")).to_be_visible()
    assert all(rad.is_visible() for rad in rader.all())
    expect(rader.nth(20).get_by_role("link").first).to_be_focused()
    check_page(side)
    show(side, STOR)
    side.goto("/nordmore/kommuner/")
    assert all(rad.is_visible() for rad in rader.all())
    expect(side.locator("[data-vis-resten]")).to_be_hidden()


def test_choices_and_head_stay_and_never_lie_over_what_has_the_focus(lesere: Lesere):
    side = lesere.som("koordinator", "/nordmore/kommuner/")
    side.set_viewport_size({"width": 1280, "height": 800})
    side.mouse.wheel(0, 1800)
    valg, hode, tabell = (
        side.locator(sti) for sti in (".app-listevalg", ".app-listehode", ".app-liste thead th")
    )
    expect(valg).to_be_in_viewport()
    expect(hode).to_be_in_viewport()
    bunn = tabell.first.bounding_box()
    assert valg.bounding_box()["y"] >= 0
    assert bunn["y"] >= hode.bounding_box()["y"] + hode.bounding_box()["height"] - 1

    # Backwards by Tab, each link stands below what stays.
    side.locator(".app-liste tbody tr").nth(40).get_by_role("link").first.focus()
    for _ in range(30):
        side.keyboard.press("Shift+Tab")
        topp = side.evaluate("document.activeElement.getBoundingClientRect().top")
        if not side.evaluate("!!document.activeElement.closest('tbody')"):
            break
        assert topp >= tabell.first.bounding_box()["y"] + tabell.first.bounding_box()["height"] - 1


def test_on_a_telephone_the_list_begins_on_the_first_screen_with_the_kommune_behind_a_filter(
    lesere: Lesere,
):
    side = _deltakere(lesere)
    show(side, TELEFON)
    assert side.locator(".app-liste").bounding_box()["y"] <= 480
    kommune = side.get_by_role("combobox", name="Kommune")
    expect(kommune).to_be_hidden()
    side.locator(".app-listefilter summary").click()
    kommune.select_option(label="Averøy")
    expect(side).to_have_url(re.compile(r"kommune=\d+"))


def test_the_map_is_a_choice_beside_the_list(lesere: Lesere):
    side = _deltakere(lesere)
    show(side, STOR)
    kart = side.locator("#deltakerkart")
    expect(kart.locator("svg")).to_be_visible()
    check_page(side)
    flate = kart.get_by_role("link", name=re.compile("^Averøy: "))
    flate.focus()
    side.keyboard.press("Enter")
    expect(side).to_have_url(re.compile(r"kommune=\d+"))
    expect(kart.locator("[aria-current]")).to_have_attribute("aria-label", re.compile("^Averøy: "))

    _brikke(side, "Påmeldt").click()
    expect(side).to_have_url(re.compile("kommune=.*status=paameldt"))
    # Its links keep the choice that came after it.
    expect(kart.locator("a[href*='status=paameldt']").first).to_be_attached()
