"""Five phones at a tankesmie that asks whose voice it is, one of them with a drawing and without network."""

import io
import re

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.vakt import TELEFON, UTEN_NETT, check_page

_HVEM = ["Barnehagebarn", "Elever", "Foresatte", "Ansatte", "Noen andre"]


def _drawing() -> dict:
    ut = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(ut, "JPEG")
    return {"name": "hytta.jpg", "mimeType": "image/jpeg", "buffer": ut.getvalue()}


def _open_tankesmie(lesere: Lesere) -> tuple[Page, str]:
    """The page of the one who leads it, and its code."""
    leder = lesere.som("koordinator", "/nordmore/tankesmier/ny/")
    leder.get_by_label("Tittel").fill("Hytta i skogen")
    leder.get_by_label("Spørsmål", exact=True).fill("Hvor vil dere være?")
    for hvem in _HVEM[:-1]:
        leder.get_by_label(hvem, exact=True).check()
    leder.get_by_role("button", name="Lag tankesmia").click()
    leder.get_by_role("button", name="Åpne spørsmålet").click()
    expect(leder.get_by_role("heading", name="Folk kan svare nå")).to_be_visible()
    return leder, leder.locator(".app-samtalekode__kode").inner_text()


def _phone(lesere: Lesere, kode: str, hvem: str) -> Page:
    telefon = lesere.gjest(f"/b/{kode}/")
    telefon.set_viewport_size({"width": TELEFON[0], "height": TELEFON[1]})
    expect(telefon.get_by_text("Hvem er dere?")).to_be_visible()
    telefon.get_by_role("button", name=hvem, exact=True).click()
    expect(telefon.get_by_label("Skriv her")).to_be_visible()
    return telefon


def _write(side: Page, tekst: str) -> None:
    side.get_by_label("Skriv her").fill(tekst)
    side.get_by_role("button", name="Send", exact=True).click()


def _card(side: Page, tekst: str) -> Locator:
    return side.locator("[data-egne] li", has_text=tekst)


def test_five_phones_say_who_they_are_and_one_sends_a_drawing_when_the_network_is_back(
    lesere: Lesere,
):
    leder, kode = _open_tankesmie(lesere)
    barnet, *andre = [_phone(lesere, kode, hvem) for hvem in _HVEM]
    lesere.allow(barnet, UTEN_NETT, "htmx:(sendError|afterRequest)")
    check_page(barnet)
    for nr, telefon in enumerate(andre):
        _write(telefon, f"Ved bekken {nr} 🌳")
        expect(_card(telefon, f"Ved bekken {nr}")).to_contain_text("Sendt")

    # A picture alone says nothing to those who do not see it.
    barnet.get_by_label("Legg ved en tegning eller et bilde").set_input_files(_drawing())
    barnet.get_by_role("button", name="Send", exact=True).click()
    expect(barnet.get_by_text("Skriv hva bildet viser.")).to_be_visible()
    barnet.context.set_offline(True)
    _write(barnet, "Hytta vår av kvister")
    kortet = _card(barnet, "Hytta vår")
    expect(kortet).to_contain_text("Bildet venter på nett")
    expect(barnet.get_by_label("Skriv her")).to_have_value("")
    barnet.context.set_offline(False)
    barnet.reload()
    expect(kortet).to_contain_text("Sendt")
    expect(kortet).to_contain_text("Bildet er med.")
    check_page(barnet)

    # Who leads it sees it; the wall shows it when it is approved.
    veggen = lesere.gjest(f"/b/{kode}/vegg/")
    expect(veggen.locator(".app-veggkort", has_text="Hytta vår")).to_have_count(1)
    expect(veggen.locator(".app-veggkort img")).to_have_count(0)
    leder.goto(re.sub(r"(/tankesmier/\d+/).*", r"\1stemmer/", leder.url))
    raden = leder.locator("tr", has_text="Hytta vår")
    expect(raden).to_contain_text("Barnehagebarn")
    expect(raden.get_by_role("img", name="Hytta vår av kvister")).to_be_visible()
    check_page(leder)
    raden.get_by_role("button", name=re.compile("^Godkjenn")).click()
    expect(veggen.locator(".app-veggkort", has_text="Hytta vår").locator("img")).to_be_visible()
    check_page(veggen)


def test_what_no_one_can_open_is_told_at_once_and_the_text_stands(lesere: Lesere):
    _leder, kode = _open_tankesmie(lesere)
    telefon = _phone(lesere, kode, "Elever")
    telefon.get_by_label("Skriv her").fill("Huska bak skolen")
    bildet = telefon.get_by_label("Legg ved en tegning eller et bilde")
    bildet.set_input_files({"name": "a.heic", "mimeType": "image/heic", "buffer": b"x" * 99})
    expect(telefon.get_by_text("i formatet HEIC")).to_be_visible()
    telefon.get_by_role("button", name="Send", exact=True).click()
    expect(telefon.get_by_label("Skriv her")).to_have_value("Huska bak skolen")
    check_page(telefon)

    # What only the server can tell: the card is in, and another picture may be sent with it.
    bildet.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 99})
    telefon.get_by_role("button", name="Send", exact=True).click()
    kortet = _card(telefon, "Huska bak skolen")
    expect(kortet).to_contain_text("er ikke det endelsen sier")
    kortet.get_by_label("Legg ved et annet bilde").set_input_files(_drawing())
    expect(kortet).to_contain_text("Bildet er med.")
    telefon.get_by_role("link", name="Bytt hvem dere er").click()
    telefon.get_by_role("button", name="Foresatte", exact=True).click()
    expect(telefon.get_by_text("Foresatte", exact=True)).to_be_visible()
