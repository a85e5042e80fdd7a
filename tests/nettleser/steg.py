"""Steps that several tests take, as a person would take them. With and without JavaScript."""

import datetime
import re

import page
from playwright.sync_api import Locator, Page, expect

_PDF_PROFILER = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)


def fill_in_gathering(side: Page, *, tittel: str, dag: datetime.date) -> None:
    """On the page of a new gathering: fill it in, save the draft, and come to its programme."""
    side.get_by_label("Tittel").fill(tittel)
    side.get_by_label("Sted").fill("Surnadal kulturhus")
    for nummer, verdi in enumerate((dag.isoformat(), "09.00", "15.30")):
        side.locator(f"[name=dag_1_{nummer}]").fill(verdi)
    side.get_by_role("button", name="Lagre utkast").click()
    side.wait_for_url(re.compile(r"/samlinger/\d+/program/"))


def move_to_today(side: Page, samling: str) -> None:
    """Let a gathering be today, all day long."""
    side.goto(f"{samling}rediger/")
    dag = datetime.date.today()  # noqa: DTZ011 - the portal's machine
    for nummer, verdi in enumerate((dag.isoformat(), "00.00", "23.59")):
        side.locator(f"[name=dag_1_{nummer}]").fill(verdi)
    side.get_by_role("button", name="Lagre", exact=True).click()
    # Asked for when somebody has got the invitation already.
    uten_beskjed = side.get_by_role("button", name="Lagre uten å gi beskjed")
    expect(uten_beskjed.or_(side.locator(".app-faner").first)).to_be_visible()
    if uten_beskjed.is_visible():
        uten_beskjed.click()
    side.wait_for_url(samling)


def add_item(side: Page, *, klokka: str, minutter: int, tittel: str) -> None:
    """On the programme's page: one more item."""
    side.get_by_label("Starter kl.").fill(klokka)
    side.get_by_label("Varighet").fill(str(minutter))
    side.get_by_label("Tittel").fill(tittel)
    side.get_by_role("button", name="Legg til", exact=True).click()
    side.locator(".app-post", has_text=tittel).wait_for()


def publish(side: Page) -> str:
    """From the programme of a draft: publish it and invite. The gathering's address."""
    samling = side.url.split("program/", maxsplit=1)[0]
    side.goto(f"{samling}publiser/")
    side.get_by_role("button", name="Publiser og inviter").click()
    expect(side).to_have_url(samling)
    expect(side.get_by_text("Samlingen er publisert")).to_be_visible()
    return samling


def give_assignment(side: Page, samling: str, tittel: str, frist: datetime.date) -> None:
    side.goto(f"{samling}oppdrag/")
    side.get_by_label("Tittel").fill(tittel)
    side.get_by_label("Hva skal gjøres?").fill(
        "Prøv det ut i én gruppe, og skriv ned det dere ser."
    )
    side.locator("[name=frist]").fill(frist.isoformat())
    side.get_by_role("button", name="Se over og gi").click()
    side.get_by_role("button", name="Gi oppdraget").click()
    side.locator(".app-kortliste__rad", has_text=tittel).wait_for()


def open_what_waits(side: Page, tittel: str) -> None:
    """On the home page: go to what waits and is called that; what comes last is folded away."""
    oppgave = side.locator("article", has_text=tittel)
    expect(oppgave).to_be_attached()
    if not oppgave.is_visible():
        side.locator("summary", has_text=re.compile(r"^\s*\d+ til\s*$")).click()
    oppgave.get_by_role("link").click()


def open_desk(side: Page, samling: str) -> Page:
    """The desk with its names and its page kept, so that it goes on without network."""
    side.goto(f"{samling}innsjekk/")
    expect(side.locator("#skranke")).to_have_attribute("data-klar", "2")
    return side


def tick_in(side: Page, navn: str) -> None:
    side.get_by_label("Navn eller enhet").fill(navn)
    side.locator("#treff li", has_text=navn).get_by_role("button", name="Møtt").first.click()
    expect(side.locator("#treff")).to_contain_text(f"{navn} er registrert som møtt.")


def expect_network(side: Page, tekst: str) -> None:
    """What the desk says of the network, and of what waits for it."""
    expect(side.locator("#skranke-nett")).to_contain_text(tekst)


def count_of(side: Page, kommune: str) -> int:
    """How many from a kommune have met, in the table of the check-in desk."""
    moett_av = side.locator("#tall tr", has_text=kommune).locator("td").last.inner_text()
    return int(re.split(r"\D", moett_av)[0])


def wait_for_saved(side: Page, skjema: str = "") -> None:
    """Until the form that saves itself says that it has."""
    expect(side.locator(f"{skjema} [data-autolagre-status][data-tilstand=lagret]")).to_be_visible()


def delivered(side: Page, oppdrag: str) -> tuple[int, int]:
    """On the coordinator's list: how many units of how many have delivered an assignment."""
    tekst = side.locator(".app-ma-oppdrag a", has_text=oppdrag).inner_text()
    levert, alle = re.search(r"(\d+) av (\d+) levert", tekst).groups()  # type: ignore[union-attr]
    return int(levert), int(alle)


def fetch_pdf(side: Page, lenke: Locator) -> bytes:
    """What the browser gets when the link is pressed."""
    svar = side.request.get(str(lenke.get_attribute("href")))
    assert svar.ok, svar.status
    assert svar.headers["content-type"] == "application/pdf"
    return svar.body()


def check_archivable(innhold: bytes) -> None:
    """PDF/A-3a and PDF/UA-1 at once."""
    for profil in _PDF_PROFILER:
        svar = page.validate_pdf_bytes(innhold, profile=profil)
        assert svar.is_compliant, [(feil.rule_id, feil.message) for feil in svar.failures]


def read_code(side: Page, epost: str) -> str:
    """The newest sign-in code that was mailed to somebody."""
    side.goto(f"/demo/post/?til={epost}")
    rad = side.locator("a.app-kortliste__rad", has_text="er koden din")
    # The worker sends it within a second or two.
    for _forsok in range(20):
        if rad.count():
            break
        side.wait_for_timeout(500)
        side.reload()
    rad.first.click()
    kode = re.search(r"\b\d{4} \d{4} \d{4}\b", side.locator(".app-brev").inner_text())
    return kode[0]  # type: ignore[index]
