"""People in front of a browser: demo people who stay signed in, and guests."""

import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.nettleser.vakt import STOR, Vakt

# How long a person would wait; the machine may be busy with other tests.
TAALMODIGHET = 20_000
# Seconds that a sign-in is used by the tests; the portal holds it for fresh somewhat longer.
FERSK = 8 * 60
expect.set_options(timeout=TAALMODIGHET)


@dataclass
class Lesere:
    """Everybody who reads the portal in a test."""

    adresse: str
    nettleser: Browser
    # One browser profile for each demo person, kept from test to test: signing in is the slow part.
    innlogget: dict[str, BrowserContext] = field(default_factory=dict)
    # When each signed in: after a while the portal asks for it anew before what is for few.
    siden: dict[str, float] = field(default_factory=dict)
    egne: list[BrowserContext] = field(default_factory=list)
    vakter: dict[Page, Vakt] = field(default_factory=dict)

    def som(self, person: str, adresse: str = "") -> Page:
        """A new window of a demo person, signed in."""
        if person not in self.innlogget:
            self.innlogget[person] = self._context()
        if time.monotonic() - self.siden.get(person, -FERSK) >= FERSK:
            self.siden[person] = time.monotonic()
            self.sign_in(self.open(self.innlogget[person]), person)
        return self.open(self.innlogget[person], adresse)

    def gjest(self, adresse: str = "", **valg: Any) -> Page:
        """A window in a browser profile of its own, signed out."""
        self.egne.append(self._context(**valg))
        return self.open(self.egne[-1], adresse)

    def sign_in(self, side: Page, person: str) -> None:
        side.goto("/demo/")
        side.locator(f"button[name=person][value={person}]").click()
        side.wait_for_url("**/hjem/")

    def open(self, okt: BrowserContext, adresse: str = "") -> Page:
        """One more window in the same browser profile."""
        side = okt.new_page()
        self.vakter[side] = Vakt(side, self.adresse)
        if adresse:
            side.goto(adresse)
        return side

    def allow(self, side: Page, *moenstre: str) -> None:
        """What this test makes happen on purpose."""
        self.vakter[side].allow(*moenstre)

    def finish(self) -> None:
        """Close the test's windows, and fail if one of them met what no page may do."""
        vakter = list(self.vakter.values())
        self.vakter.clear()
        funnet = [feil for vakt in vakter for feil in vakt.complaints()]
        for vakt in vakter:
            if not vakt.side.is_closed():
                vakt.side.close()
        for okt in self.egne:
            okt.close()
        self.egne.clear()
        assert not funnet, "\n".join(funnet)

    def close_all(self) -> None:
        for okt in [*self.egne, *self.innlogget.values()]:
            okt.close()

    def _context(self, **valg: Any) -> BrowserContext:
        okt = self.nettleser.new_context(
            base_url=self.adresse,
            viewport={"width": STOR[0], "height": STOR[1]},
            locale="nb-NO",
            timezone_id="Europe/Oslo",
            reduced_motion="reduce",
            **valg,
        )
        okt.set_default_timeout(TAALMODIGHET)
        return okt
