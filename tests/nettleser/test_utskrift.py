"""What comes out of the printer: the page alone, without what one presses or fills in."""

import io
import re

import pikepdf
import pytest
from playwright.sync_api import Page

from tests.nettleser.lesere import Lesere

# What of these has a place on the paper.
_SYNLIG = """() => [...document.querySelectorAll(
    "button, .ds-button, nav, .app-topp, .app-bunn, .app-demo, input:not([type=hidden]), select"
  )].filter((e) => e.checkVisibility()).map((e) => e.outerHTML.slice(0, 120))"""


def _samling(side: Page) -> str:
    side.goto("/nordmore/samlinger/")
    lenke = side.get_by_role("link", name="Uteområdet som læringsarena").first
    return str(lenke.get_attribute("href"))


def _sheets(side: Page) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(side.pdf(format="A4")))


@pytest.mark.parametrize("del_", ["", "program/", "deltakere/", "deltakere/utskrift/"])
def test_a_printed_page_has_nothing_to_press_or_fill_in(lesere: Lesere, del_: str):
    side = lesere.som("koordinator")
    side.goto(_samling(side) + del_)

    side.emulate_media(media="print")

    try:
        assert side.evaluate(_SYNLIG) == []
    finally:
        side.emulate_media(media="null")


def test_the_printed_list_of_participants_names_the_groups(lesere: Lesere):
    side = lesere.som("koordinator")
    side.goto(_samling(side) + "deltakere/")
    navn = side.locator(".app-liste__fold").first.inner_text()

    side.emulate_media(media="print")

    try:
        hode = side.locator(".app-liste__gruppe > th").first
        skrevet = hode.evaluate("e => getComputedStyle(e, '::before').content")
        assert skrevet == f'"{navn}"'
        assert not side.get_by_text("Svar for gruppa").first.is_visible()
        assert side.get_by_text("deltakere/utskrift/").is_visible()
    finally:
        side.emulate_media(media="null")


def test_the_list_for_the_door_begins_on_the_first_page_and_is_short(lesere: Lesere):
    side = lesere.som("koordinator")
    side.goto(_samling(side) + "deltakere/utskrift/")

    with _sheets(side) as pdf:
        lengder = [len(ark.Contents.read_bytes()) for ark in pdf.pages]

    assert len(lengder) <= 12
    assert lengder[0] > 0.5 * max(lengder), "the first page is nearly blank"


@pytest.mark.parametrize(
    ("person", "adresse"),
    [
        (None, "/"),
        (None, "/nordmore/"),
        (None, "/salten/"),
        ("koordinator", "/nordmore/hjem/"),
        ("koordinator", "/nordmore/samlinger/ny/"),
        ("koordinator", "/nordmore/kommuner/"),
        ("enhetsleder", "/nordmore/mellomarbeid/"),
        ("sunnmore-koordinator", "/nordre-sunnmore/nettverket/"),
    ],
)
def test_a_dark_screen_gives_light_paper_with_the_page_alone(
    lesere: Lesere, person: str | None, adresse: str
):
    side = lesere.som(person, adresse) if person else lesere.gjest(adresse)

    side.emulate_media(media="print", color_scheme="dark")

    try:
        assert side.evaluate(_SYNLIG) == []
        # The sum of red, green and blue in what is written and in what it stands on.
        farger = side.evaluate(
            """() => ["h1", "body", "main"].map((hva) => {
              const stil = getComputedStyle(document.querySelector(hva));
              return [stil.color, stil.backgroundColor];
            })"""
        )
        for skrift, grunn in farger:
            assert sum(_rgb(skrift)) < 300, farger
            assert grunn == "rgba(0, 0, 0, 0)" or sum(_rgb(grunn)) > 700, farger
    finally:
        side.emulate_media(media="null", color_scheme="null")


def _rgb(farge: str) -> list[float]:
    return [float(tall) for tall in re.findall(r"[\d.]+", farge)[:3]]
