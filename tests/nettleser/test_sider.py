"""Every page that a person can reach from where they start: usable, whole and in the right language."""

import re
from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page

from nettverk.demo.folk import DEMOFOLK
from tests.nettleser.lesere import Lesere
from tests.nettleser.vakt import (
    MINST,
    STOR,
    TELEFON,
    check_accessible,
    check_frame,
    check_width,
    show,
)

# How many links away from the start. Where a role mostly sees what others see, the nearest is enough.
DYBDE = {
    None: 2,
    "koordinator": 2,
    "kog": 2,
    "kommune": 2,
    "enhetsleder": 2,
    "salten-koordinator": 2,
}
VANLIG_DYBDE = 1
NETTVERK = {person.nettverk for person in DEMOFOLK}
# What stands under these is one thing of a kind, though its address may have no number.
SAMLEMAPPER = {"enheter", "laeringsloyper"}
# Not the portal's own pages, or an act.
UTENFOR = re.compile(r"^/(admin|demo|static|konto/(logg-ut|logout))/")
# What is already known good is not asked again: from page to page most of what is shown is the same.
# One element, by what decides how it looks and what it means to a screen reader.
_ELEMENTER = """() => [...new Set([...document.querySelectorAll("body *")].map((e) =>
  [e.parentElement.tagName, e.tagName, e.className.baseVal ?? e.className, ...[...e.attributes]
    .filter((a) => /^(data-(variant|color|size)|role|type|scope|aria-current|hidden|popover)$/.test(a.name))
    .map((a) => a.name + a.value)].join(" ")))]"""
# A drawn map's links carry their address in another way than a.href.
_ADRESSER = "lenker => lenker.map((a) => new URL(a.getAttribute('href'), location).href)"
_sett: set[str] = set()


@pytest.mark.parametrize(
    "person", [None, *(p.noekkel for p in DEMOFOLK)], ids=lambda p: p or "gjest"
)
def test_every_page_in_reach(lesere: Lesere, person: str | None):
    nettverk = next((p.nettverk for p in DEMOFOLK if p.noekkel == person), "nordmore")
    start = f"/{nettverk}/hjem/" if person else f"/{nettverk}/"
    side = lesere.som(person) if person else lesere.gjest()
    show(side, MINST)
    feil: list[str] = []
    titler: dict[str, str] = {}
    for moenster in _crawl(side, start, DYBDE.get(person, VANLIG_DYBDE), feil):
        annen = titler.setdefault(side.title(), moenster)
        if annen != moenster:
            feil.append(f"{moenster} og {annen} heter begge «{side.title()}»")
        # One page that fails does not hide the next.
        for sjekk in (check_width, _check_looks, partial(_check_language, nettverk=nettverk)):
            try:
                sjekk(side)
            except AssertionError as ett:
                feil.append(str(ett))
    side.goto(start)
    assert not feil, "\n\n".join(feil)
    assert len(titler) >= (8 if person else 3), titler


def _check_language(side: Page, nettverk: str) -> None:
    """Nordre Sunnmøre speaks nynorsk; its people meet it on the pages that belong to no network too."""
    slug = urlsplit(side.url).path.split("/")[1]
    hvor = slug if slug in NETTVERK else nettverk
    check_frame(side, spraak="nn" if hvor == "nordre-sunnmore" else "nb")


def _check_looks(side: Page) -> None:
    """Where the page shows something new: axe, in the dark on a phone and in the light on a big screen."""
    elementer = set(side.evaluate(_ELEMENTER))
    if elementer <= _sett:
        return
    _sett.update(elementer)
    try:
        show(side, TELEFON, "dark")
        check_accessible(side)
        show(side, STOR)
        check_width(side)
        check_accessible(side)
    finally:
        show(side, MINST)


def _crawl(side: Page, start: str, dypest: int, feil: list[str]) -> Iterator[str]:
    """Go to one page of each kind within reach, and give its pattern each time."""
    koe, sett, besokt = [(start, 0)], {_pattern(start)}, set()
    while koe:
        adresse, dybde = koe.pop(0)
        if not _visit(side, adresse, feil):
            continue
        if (
            urlsplit(side.url).path != urlsplit(adresse).path
            and _pattern(side.url) in sett & besokt
        ):
            continue  # sent on to a page we have been on
        besokt.add(_pattern(side.url))
        yield _pattern(side.url)
        if dybde == dypest:
            continue
        for lenke in _links(side):
            moenster = _pattern(lenke)
            if moenster not in sett and not UTENFOR.match(moenster):
                sett.add(moenster)
                koe.append((lenke, dybde + 1))


def _links(side: Page) -> list[str]:
    """Addresses on this page that lead to other pages of the portal."""
    adresser = side.locator("a[href]").evaluate_all(_ADRESSER)
    opphav = f"{urlsplit(side.url).scheme}://{urlsplit(side.url).netloc}"
    return [a.split("#")[0] for a in adresser if a.startswith(f"{opphav}/")]


def _pattern(adresse: str) -> str:
    """The same for all pages of a kind: /*/enheter/*/ for every unit of every network."""
    deler = urlsplit(adresse).path.split("/")
    return "/".join(
        "*"
        if del_ in NETTVERK
        or re.search(r"\d", del_)
        or (del_ and deler[i - 1] in (*SAMLEMAPPER, "i"))
        else del_
        for i, del_ in enumerate(deler)
    )


def _visit(side: Page, adresse: str, feil: list[str]) -> bool:
    """True when it is a page. In a file, shown or saved, there is nothing to press."""
    try:
        svar = side.goto(adresse)
    except Error as stoppet:
        if "Download is starting" not in stoppet.message:
            raise
        return False
    if svar is None or not svar.ok:
        feil.append(f"{adresse}: {svar.status if svar else 'ikke noe svar'}")
        return False
    return "text/html" in svar.headers.get("content-type", "")
