"""What every page must be, whatever it shows: no error, nothing fetched from elsewhere, usable by all."""

import re
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request

Fargevalg = Literal["light", "dark"]

# Norwegian law asks for WCAG 2.1 AA; we keep 2.2 and axe's own good practice as well.
MERKER = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = Axe()
# A form that is refused, and two who saved the same text: the page itself says so. And the browser
# looks for an icon where it shows a file, which has no page to name one.
_VENTET = re.compile(r"status of (409|422)|/favicon\.ico")
# What a browser writes in its console when it has no network, or loses an answer.
UTEN_NETT = r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to load resource|Failed to fetch"

# Colours fade over to the other theme, one level of elements after another. A window that draws no
# frames just now (another lies in front) is not waited for.
_ROLIG = """async () => {
  const ramme = () => Promise.race([
    new Promise(requestAnimationFrame), new Promise((ok) => setTimeout(ok, 100))]);
  for (let nr = 0; nr < 2 || (nr < 30 && document.getAnimations().length); nr++) await ramme();
}"""

STOR, TELEFON, MINST = (1280, 900), (390, 844), (320, 640)


@dataclass
class Vakt:
    """Listens to one page for as long as it lives, and keeps what must not happen."""

    side: Page
    opphav: str
    funnet: list[str] = field(default_factory=list)
    tillatt: list[re.Pattern[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.side.on("console", self._console)
        self.side.on("pageerror", lambda feil: self._note(f"skriptfeil: {feil}"))
        self.side.on("request", self._request)

    def allow(self, *moenstre: str) -> None:
        """The test provokes this on purpose."""
        self.tillatt += [re.compile(moenster) for moenster in moenstre]

    def complaints(self) -> list[str]:
        """What was noticed since the last time."""
        if not self.side.is_closed():
            self.side.evaluate("0")  # what the browser has told until now, is here after this
        funnet = [f for f in self.funnet if not any(m.search(f) for m in self.tillatt)]
        self.funnet.clear()
        return funnet

    def _note(self, tekst: str) -> None:
        self.funnet.append(f"{self.side.url}: {tekst}")

    def _console(self, melding: ConsoleMessage) -> None:
        # A breach of the Content-Security-Policy comes here as well.
        tekst = f"konsoll: {melding.text} ({melding.location.get('url', '')})"
        if melding.type in {"error", "warning"} and not _VENTET.search(tekst):
            self._note(tekst)

    def _request(self, foresporsel: Request) -> None:
        deler = urlsplit(foresporsel.url)
        if deler.scheme in {"http", "https"} and f"{deler.scheme}://{deler.netloc}" != self.opphav:
            self._note(f"henter {foresporsel.url}")


_BUNNLINJE = """hvor => {
  const linje = document.querySelector(".app-bunnlinje");
  if (linje) linje.style.position = hvor;
}"""


def check_accessible(side: Page) -> None:
    """No violation of axe's rules on the page as it now stands."""
    utvalg = {"type": "tag", "values": MERKER}
    # The bar at the foot of a phone lies over what is to be scrolled past it: that is not a small target.
    side.evaluate(_BUNNLINJE, "static")
    svar = _AXE.run(side, options={"runOnly": utvalg, "resultTypes": ["violations"]})
    side.evaluate(_BUNNLINJE, "")
    assert not svar.violations_count, f"{side.url} ({_how(side)}):\n{_report(svar.response)}"


def _report(svar: dict[str, Any]) -> str:
    linjer = []
    for brudd in svar["violations"]:
        linjer.append(f"{brudd['id']}: {brudd['help']} ({len(brudd['nodes'])} steder)")
        for node in brudd["nodes"][:4]:
            sjekker = [s["message"] for del_ in ("any", "all", "none") for s in node[del_]]
            linjer += [f"    {node['html'][:200]}", f"        {'; '.join(sjekker)}"]
    return "\n".join(linjer)


def _how(side: Page) -> str:
    bredde = side.viewport_size["width"] if side.viewport_size else "?"
    moerk = side.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    return f"{bredde} px, {'mørk' if moerk else 'lys'}"


def show(side: Page, stoerrelse: tuple[int, int], farger: Fargevalg = "light") -> None:
    """The same page on another screen."""
    side.bring_to_front()  # a window behind another draws no frames
    side.emulate_media(color_scheme=farger, reduced_motion="reduce")
    side.set_viewport_size({"width": stoerrelse[0], "height": stoerrelse[1]})
    side.evaluate(_ROLIG)


def check_width(side: Page) -> None:
    """Nothing sticks out to the right: no scrolling in two directions, also at 400 % zoom."""
    maal = side.evaluate(
        """() => {
          const rot = document.documentElement;
          if (rot.scrollWidth <= rot.clientWidth) return null;
          const ute = [...document.body.querySelectorAll("*")].filter(
            (e) => e.getBoundingClientRect().right > rot.clientWidth + 1);
          return [rot.scrollWidth, rot.clientWidth, ute.slice(0, 3).map((e) => e.outerHTML.slice(0, 150))];
        }"""
    )
    assert maal is None, f"{side.url} ({_how(side)}): {maal[0]} px bred på {maal[1]} px: {maal[2]}"


def check_frame(side: Page, *, spraak: str) -> None:
    """One heading, a title, the right language."""
    # The address changes before the page under it has come.
    side.wait_for_load_state()
    overskrifter = side.locator("h1").all_inner_texts()
    assert len(overskrifter) == 1, f"{side.url}: h1 {overskrifter}"
    assert overskrifter[0].strip(), f"{side.url}: tom h1"
    assert side.title().strip(), f"{side.url}: uten tittel"
    lang = side.locator("html").get_attribute("lang")
    assert lang == spraak, f"{side.url}: lang={lang}, ventet {spraak}"


def check_page(side: Page, *, spraak: str = "nb") -> None:
    """All of it at once, light on a big screen and dark on a phone."""
    check_frame(side, spraak=spraak)
    check_accessible(side)
    show(side, MINST)
    check_width(side)
    show(side, TELEFON, "dark")
    check_width(side)
    check_accessible(side)
    show(side, STOR)
