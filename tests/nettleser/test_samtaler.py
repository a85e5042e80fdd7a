"""A tankesmie in the room: phones at two tables, one of them without network, the coordinator and the wall."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.vakt import UTEN_NETT, check_page

TELEFON = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def samtale(alle_lesere: Lesere) -> str:
    """The address of the demo's open tankesmie, for those who hold it."""
    side = alle_lesere.som("koordinator", "/nordmore/samlinger/")
    side.locator("main a[href*='/samlinger/']", has_text="Uteområdet").first.click()
    side.get_by_role("link", name="Tankesmier").click()
    side.get_by_role("link", name=re.compile("Utviklingsgruppene planlegger")).click()
    side.wait_for_url(re.compile(r"/samtaler/\d+/$"))
    return side.url


def _pad(lesere: Lesere, samtale: str, bord: int) -> Page:
    """A phone at a table, by the code that stands on the page of those who hold it."""
    kode = lesere.som("koordinator", samtale).locator(".app-samtalekode__kode").inner_text()
    side = lesere.gjest(f"/b/{kode}/")
    side.set_viewport_size(TELEFON["viewport"])
    side.get_by_role("button", name=f"Bord {bord}", exact=True).click()
    expect(side.get_by_label("Skriv her")).to_be_visible()
    return side


def _write(side: Page, tekst: str) -> None:
    side.get_by_label("Skriv her").fill(tekst)
    side.get_by_role("button", name="Send", exact=True).click()


def _card(side: Page, tekst: str):
    return side.locator("[data-egne] li", has_text=tekst)


def test_what_is_written_without_network_is_kept_over_a_reload_and_sent_when_it_is_back(
    lesere: Lesere, samtale: str
):
    telefon, vegg = _pad(lesere, samtale, 3), lesere.gjest()
    lesere.allow(telefon, UTEN_NETT, "htmx:(sendError|afterRequest)")
    check_page(telefon)
    vegg.goto(telefon.url.split("?")[0] + "vegg/")
    _write(telefon, "Klatretreet bak låven")
    expect(_card(telefon, "Klatretreet")).to_contain_text("Sendt")

    telefon.context.set_offline(True)
    _write(telefon, "Bekken, også når den er frosset")
    expect(_card(telefon, "Bekken")).to_contain_text("Venter på nett")
    telefon.get_by_label("Skriv her").fill("Midt i en tek")
    expect(telefon.locator("p[data-nett]")).to_contain_text("Uten nett")
    telefon.context.set_offline(False)
    telefon.reload()

    expect(telefon.get_by_label("Skriv her")).to_have_value("Midt i en tek")
    expect(_card(telefon, "Bekken")).to_contain_text("Sendt")
    expect(vegg.get_by_text("Bekken, også når den er frosset")).to_have_count(1)
    expect(vegg.get_by_text("Klatretreet bak låven")).to_have_count(1)
    check_page(vegg)


_MIST_KOEEN = """async () => {
  const base = await new Promise((yes) => {
    indexedDB.open("sendeko").onsuccess = ({ target }) => yes(target.result);
  });
  const rader = base.transaction("rader", "readwrite").objectStore("rader");
  await new Promise((yes) => {
    rader.openCursor().onsuccess = ({ target: { result: en } }) => {
      if (!en) return yes();
      if (!en.value.adresse.startsWith("beholdt ")) en.delete();
      en.continue();
    };
  });
  base.close();
}"""


def test_a_card_whose_row_was_lost_with_the_page_is_sent_when_it_is_opened_again(
    lesere: Lesere, samtale: str
):
    telefon = _pad(lesere, samtale, 8)
    lesere.allow(telefon, UTEN_NETT, "htmx:(sendError|afterRequest)")
    telefon.context.set_offline(True)
    _write(telefon, "Haugen bak garasjen")
    expect(_card(telefon, "Haugen")).to_contain_text("Venter på nett")
    telefon.evaluate(_MIST_KOEEN)
    telefon.context.set_offline(False)

    telefon.reload()

    expect(_card(telefon, "Haugen")).to_contain_text("Sendt")


def test_a_card_is_changed_and_taken_back_on_the_phone(lesere: Lesere, samtale: str):
    telefon = _pad(lesere, samtale, 4)
    _write(telefon, "Eleven Kari viste oss hula")
    kort = _card(telefon, "hula")
    expect(kort).to_contain_text("nevne et barn ved navn")
    kort.get_by_role("button", name="Endre").click()
    kort.get_by_label("Endre det du skrev").fill("En elev viste oss hula")
    check_page(telefon)
    kort.get_by_role("button", name="Send endringen").click()
    expect(kort).to_contain_text("En elev viste oss hula")
    expect(kort).to_contain_text("Sendt")
    expect(kort.locator("[data-varsel]")).to_be_hidden()
    kort.get_by_role("button", name="Fjern").click()

    expect(_card(telefon, "hula")).to_have_count(0)
    telefon.reload()
    expect(telefon.get_by_label("Skriv her")).to_be_visible()
    expect(_card(telefon, "hula")).to_have_count(0)


def test_a_question_frozen_while_somebody_writes_loses_nothing_and_the_next_follows(
    lesere: Lesere, samtale: str
):
    leder, telefon = lesere.som("koordinator", samtale), _pad(lesere, samtale, 5)
    annen = _pad(lesere, samtale, 6)
    telefon.get_by_label("Skriv her").fill("Det siste vi kom på")
    leder.get_by_role("button", name=re.compile("^Åpne.*undre seg over")).click()

    expect(telefon.get_by_role("heading", name="Hva skal barna få undre seg over?")).to_be_visible()
    expect(telefon.get_by_text("hører til spørsmålet som nettopp ble stengt")).to_be_visible()
    expect(telefon.get_by_label("Skriv her")).to_have_value("Det siste vi kom på")
    telefon.get_by_role("button", name="Send", exact=True).click()
    kort = _card(telefon, "Det siste vi kom på")
    expect(kort).to_contain_text("Hvilket sted ute")
    expect(kort).to_contain_text("Sendt")
    expect(telefon.get_by_text("hører til spørsmålet som nettopp ble stengt")).to_be_hidden()
    expect(annen.get_by_role("heading", name="Hva skal barna få undre seg over?")).to_be_visible()
    leder.get_by_role("button", name="Tell ned to minutter").click()
    expect(annen.locator("[data-nedtelling]")).to_contain_text(re.compile(r"[12]:\d\d igjen"))
    check_page(leder)


def test_cards_are_arranged_with_the_mouse_and_with_the_keyboard_alone(
    lesere: Lesere, samtale: str
):
    leder = lesere.som("koordinator", samtale)
    leder.get_by_role("link", name=re.compile("bidrag.*Hvilket sted ute")).click()
    boks = leder.get_by_role("checkbox", name="Fjæra. Der er det alltid noe å telle.")
    boks.focus()
    leder.keyboard.press("Space")
    valg = leder.get_by_role("group", name="Med det som er krysset av")
    valg.get_by_label("Nytt tema").fill("Ved sjøen")
    valg.get_by_role("button", name="Lag tema").focus()
    leder.keyboard.press("Enter")
    tema = leder.locator(
        "[data-tema]", has=leder.get_by_role("heading", name=re.compile("^Ved sjøen"))
    )
    expect(tema).to_contain_text("Fjæra")
    leder.locator(".app-modkort", has_text="Skolehagen").drag_to(tema)
    expect(tema).to_contain_text("Skolehagen")
    expect(leder.get_by_text("1 bidrag er flyttet.")).to_be_visible()
    check_page(leder)


def test_dots_are_given_on_the_phone(lesere: Lesere, samtale: str):
    leder, telefon = lesere.som("koordinator", samtale), _pad(lesere, samtale, 7)
    leder.get_by_role("link", name=re.compile("bidrag.*Hvilket sted ute")).click()
    leder.get_by_label("Prikker til hver telefon").fill("1")
    leder.get_by_role("button", name="Åpne for prikker").click()
    telefon.get_by_role("link", name="Gi prikker til det viktigste").click()
    lapp = telefon.locator(".app-stemmekort", has_text="Skogen bak skolen")
    lapp.get_by_role("button", name="Gi prikk").click()
    expect(telefon.get_by_text("Du har 0 prikker igjen")).to_be_visible()
    expect(lapp.get_by_role("button", name="Fjern prikken")).to_be_visible()
    check_page(telefon)


def test_a_card_is_sent_without_script(lesere: Lesere, samtale: str):
    kode = lesere.som("koordinator", samtale).locator(".app-samtalekode__kode").inner_text()
    side = lesere.gjest(f"/b/{kode}/?bord=2", java_script_enabled=False)
    side.get_by_label("Skriv her").fill("Skrevet uten skript")
    side.get_by_role("button", name="Send", exact=True).click()

    expect(side.get_by_text("Takk, det er sendt.")).to_be_visible()
    side.get_by_role("link", name="Se det alle har skrevet").click()
    expect(side.get_by_text("Skrevet uten skript")).to_be_visible()
