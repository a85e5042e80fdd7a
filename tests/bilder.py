"""`make bilder`: the pictures of the product on the front page and in the README, taken in the demo."""

import base64
import re
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from nettverk.maskinrom.oppsett import chromium
from tests.nettleser.conftest import ARGUMENTER
from tests.nettleser.portal import running_portal

MAPPE = Path(__file__).resolve().parents[1] / "static" / "img" / "forside"
STOR, TELEFON = (1040, 780), (390, 520)
# As large as the page shows them, and a little more: all three come with the first visit (tests/test_vekt.py).
BREDDE = {STOR: 640, TELEFON: 390}
KVALITET = 49


def _report(side: Page) -> None:
    """The newest annual report that this person writes in."""
    side.goto("/nordmore/aarsrapport/")
    aar = re.compile(r"/aarsrapport/\d{4}/$")
    adresser = [a.get_attribute("href") or "" for a in side.locator("main a").all()]
    side.goto(next(a for a in adresser if aar.search(a)))


def _take(
    nettleser: Browser, adresse: str, navn: str, person: str, skjerm: tuple[int, int]
) -> None:
    okt = nettleser.new_context(
        base_url=adresse,
        viewport={"width": skjerm[0], "height": skjerm[1]},
        locale="nb-NO",
        timezone_id="Europe/Oslo",
        reduced_motion="reduce",
        # The line about the demo is hidden by a style of our own.
        bypass_csp=True,
    )
    side = okt.new_page()
    side.goto("/demo/")
    side.locator(f"button[name=person][value={person}]").click()
    side.wait_for_url("**/hjem/")
    if navn == "rapport":
        _report(side)
    side.add_style_tag(content=".app-demo { display: none }")
    side.wait_for_load_state("networkidle")
    bilde = okt.new_cdp_session(side).send(
        "Page.captureScreenshot",
        {
            "format": "webp",
            "quality": KVALITET,
            "clip": {
                "x": 0,
                "y": 0,
                "width": skjerm[0],
                "height": skjerm[1],
                "scale": BREDDE[skjerm] / skjerm[0],
            },
        },
    )
    fil = MAPPE / f"{navn}.webp"
    fil.write_bytes(base64.b64decode(bilde["data"]))
    print(f"{fil.relative_to(MAPPE.parents[2])}: {fil.stat().st_size / 1000:.0f} kB")
    okt.close()


def main() -> None:
    MAPPE.mkdir(parents=True, exist_ok=True)
    with running_portal() as portal, sync_playwright() as p:
        nettleser = p.chromium.launch(executable_path=chromium(), args=ARGUMENTER)
        for navn, person, skjerm in (
            ("leder", "enhetsleder", TELEFON),
            ("koordinator", "koordinator", STOR),
            ("rapport", "kog", STOR),
        ):
            _take(nettleser, portal.adresse, navn, person, skjerm)
        nettleser.close()


if __name__ == "__main__":
    main()
