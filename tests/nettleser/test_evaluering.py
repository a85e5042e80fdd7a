"""An evaluation lived through: two phones, one of them without network for a while, and a coordinator who opens the
results. The others in the room answer straight to the server."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from kommuner.gyldighet import idag
from tests.nettleser.lesere import Lesere
from tests.nettleser.steg import fill_in_gathering, publish
from tests.nettleser.vakt import UTEN_NETT, check_page

TELEFON = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def evaluering(alle_lesere: Lesere) -> str:
    """The address of the evaluation of a gathering today; its questions are changed, and it is open."""
    side = alle_lesere.som("koordinator", "/nordmore/samlinger/ny/")
    fill_in_gathering(side, tittel="Samlingen som evalueres", dag=idag())
    samling = publish(side)
    side.goto(f"{samling}evaluering/")
    check_page(side)
    side.get_by_role("button", name="Lag evaluering").click()
    side.get_by_role("link", name="Endre spørsmålene").click()
    # By keyboard alone: the last question first.
    knapp = side.get_by_role("button", name="Flytt opp: Hva bør vi gjøre annerledes?")
    for _gang in range(4):
        knapp.focus()
        side.keyboard.press("Enter")
        expect(side.get_by_text("«Hva bør vi gjøre annerledes?» er flyttet.")).to_be_visible()
    side.get_by_role("link", name="Flere valg").click()
    side.get_by_label("Hva spør dere om?").fill("Hva vil du bruke?")
    side.get_by_label("Svaralternativene").fill("Kortene\nFilmen\nSpørsmålene")
    check_page(side)
    side.get_by_role("button", name="Legg til", exact=True).click()
    expect(side.locator(".app-sporsmaalsliste > li")).to_have_count(6)
    check_page(side)
    side.get_by_role("link", name="Se hvordan det blir på telefonen").click()
    check_page(side)
    side.goto(f"{samling}evaluering/")
    side.get_by_role("button", name="Åpne evalueringen").click()
    expect(side.get_by_text("Evalueringen er åpen.")).to_be_visible()
    check_page(side)
    side.close()
    return f"{samling}evaluering/"


@pytest.fixture
def inngang(lesere: Lesere, evaluering: str) -> str:
    """Where the phones answer."""
    side = lesere.som("koordinator", evaluering)
    lenke = side.locator(".app-evaluering__inngang a").get_attribute("href")
    assert lenke
    side.close()
    return re.sub(r"^https?://[^/]+", "", lenke)


def _phone(lesere: Lesere, inngang: str) -> Page:
    side = lesere.gjest()
    side.set_viewport_size(TELEFON)
    lesere.allow(side, UTEN_NETT)
    side.goto(inngang)
    return side


def _fill_in(side: Page, tekst: str) -> None:
    for navn in ("Samlingen var relevant for arbeidet mitt.", "Opplegget var godt."):
        side.get_by_role("group", name=navn).get_by_label("I stor grad", exact=True).check()
    side.get_by_label("Hva tar du med deg?").fill(tekst)
    side.get_by_role("group", name="Hva vil du bruke?").get_by_label("Filmen").check()


def _others(side: Page, inngang: str, antall: int) -> None:
    """Others in the room, each with a phone of their own."""
    token = next(k["value"] for k in side.context.cookies() if k["name"].endswith("csrftoken"))
    for _nr in range(antall):
        rad = {"id": str(uuid.uuid4()), "utgave": 1, "s-relevant": "4", "s-ta_med": "Takk"}
        svar = side.request.post(f"{inngang}svar/", data=[rad], headers={"X-CSRFToken": token})
        assert svar.ok, svar.text()


def test_two_phones_answer_one_without_network_and_the_fifth_opens_the_results(
    lesere: Lesere, evaluering: str, inngang: str
):
    koordinator = lesere.som("koordinator", evaluering)
    en, to = _phone(lesere, inngang), _phone(lesere, inngang)
    check_page(en)

    # The first forgets everything, then answers.
    en.get_by_role("button", name="Send svaret").click()
    expect(en.get_by_role("alert").filter(has_text="Svar på minst ett spørsmål.")).to_be_visible()
    _fill_in(en, "Samtalene")
    expect(en.get_by_text("Du har svart på 4 av 6")).to_be_visible()
    en.get_by_role("button", name="Send svaret").click()
    expect(en.get_by_role("heading", name="Takk for svaret")).to_be_visible()
    check_page(en)

    # The second loses the network in the middle of it, and changes the answer before it comes back.
    _fill_in(to, "Kortene")
    to.context.set_offline(True)
    to.get_by_role("button", name="Send svaret").click()
    expect(to.get_by_role("heading", name="Svaret ligger på telefonen")).to_be_visible()
    check_page(to)
    to.get_by_role("button", name="Endre svaret").click()
    to.get_by_label("Hva tar du med deg?").fill("Kortene og ro")
    to.get_by_role("button", name="Send svaret").click()
    expect(to.get_by_role("heading", name="Svaret ligger på telefonen")).to_be_visible()
    expect(koordinator.locator("#svarantall")).to_contain_text("1 har svart")
    to.context.set_offline(False)
    expect(to.get_by_role("heading", name="Takk for svaret")).to_be_visible()
    expect(koordinator.locator("#svarantall")).to_contain_text("2 har svart")

    _others(to, inngang, 2)
    expect(koordinator.locator("#svarantall")).to_contain_text("4 har svart")
    expect(koordinator.locator("#resultater figure")).to_have_count(0)
    _others(to, inngang, 1)
    expect(koordinator.locator("#svarantall")).to_contain_text("5 har svart")
    expect(koordinator.locator("#resultater figure")).to_have_count(1)
    check_page(koordinator)

    # The same phone again is the same answer, and a page that is opened anew knows it.
    en.reload()
    expect(en.get_by_role("heading", name="Takk for svaret")).to_be_visible()
    en.get_by_role("link", name="Endre svaret").click()
    expect(en.get_by_label("Hva tar du med deg?")).to_have_value("Samtalene")
    check_page(en)
    en.get_by_label("Hva tar du med deg?").fill("Eleven Ola Nordmann lo.")
    en.get_by_role("button", name="Send det nye svaret").click()
    expect(en.get_by_text("nevne et barn ved navn")).to_be_visible()
    expect(koordinator.locator("#svarantall")).to_contain_text("5 har svart")

    koordinator.reload()
    koordinator.get_by_role("button", name="Vis resultatene på storskjermen").click()
    expect(koordinator.get_by_text("Resultatene vises på storskjermen.")).to_be_visible()
    koordinator.get_by_role("button", name="Steng evalueringen").click()
    expect(koordinator.get_by_text("Evalueringen er stengt.")).to_be_visible()
    check_page(koordinator)
    ny = _phone(lesere, "/")
    lesere.allow(ny, r"410")
    ny.goto(inngang)
    expect(ny.get_by_role("heading", name="Skjemaet er stengt")).to_be_visible()
    check_page(ny)
