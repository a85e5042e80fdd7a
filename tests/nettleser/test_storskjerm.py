"""The hall: the coordinator steers by phone, the projector follows, also when its network has been away."""

import datetime
import re

import pytest
from playwright.sync_api import Page, expect

from kommuner.gyldighet import idag
from tests.nettleser.lesere import Lesere
from tests.nettleser.steg import add_item, fill_in_gathering, move_to_today, publish
from tests.nettleser.vakt import (
    TELEFON,
    UTEN_NETT,
    check_accessible,
    check_frame,
    check_page,
    check_width,
    show,
)

PROSJEKTORER = [(1280, 720), (1920, 1080), (1024, 768)]


@pytest.fixture(scope="module")
def samling(alle_lesere: Lesere) -> str:
    """The address of a gathering today, with a programme that lasts the whole day."""
    side = alle_lesere.som("koordinator", "/nordmore/samlinger/ny/")
    fill_in_gathering(side, tittel="Samlingen i salen", dag=idag())
    add_item(side, klokka="00.00", minutter=1439, tittel="Begreper vi møter ute")
    samling = publish(side)
    # Else it is over, for the screen too, from half past three in the afternoon.
    move_to_today(side, samling)
    return samling


@pytest.fixture
def projektor(lesere: Lesere, samling: str) -> Page:
    """The projector: a browser of its own, signed in, whose network may go."""
    side = lesere.gjest()
    lesere.allow(side, UTEN_NETT, "htmx:(sendError|afterRequest)", "status of 502|Error Code 502")
    lesere.sign_in(side, "koordinator")
    side.goto(f"{samling}storskjerm/")
    show(side, (1280, 720))
    return side


@pytest.fixture
def telefon(lesere: Lesere, samling: str) -> Page:
    side = _steering(lesere, samling)
    show(side, TELEFON)
    return side


def _steering(lesere: Lesere, samling: str) -> Page:
    side = lesere.som("koordinator", f"{samling}dagen/")
    # A press takes the place of a question that is under way, and htmx tells of it in the console.
    lesere.allow(side, "htmx:(sendAbort|afterRequest)")
    return side


def _press(telefon: Page, navn: str) -> None:
    telefon.get_by_role("button", name=navn, exact=True).click()


def test_the_phone_steers_and_the_projector_follows(telefon: Page, projektor: Page):
    _press(telefon, "Nå og neste")
    expect(projektor.get_by_role("heading", name="Begreper vi møter ute")).to_be_visible()

    _press(telefon, "Velkommen")
    expect(telefon.get_by_role("button", name="Velkommen")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(projektor.get_by_role("heading", name="Velkommen")).to_be_visible()

    _press(telefon, "To minutter igjen")
    expect(projektor.get_by_text("To minutter igjen")).to_be_visible()
    _press(telefon, "10 min")
    expect(projektor.locator("[data-igjen]").first).to_have_text(re.compile(r"^(10:00|9:5\d)$"))

    _press(telefon, "Fjern beskjeden")
    expect(projektor.get_by_text("To minutter igjen")).to_have_count(0)
    _press(telefon, "Stopp nedtellingen")
    _press(telefon, "Svart skjerm")
    expect(projektor.locator("#skjerm")).to_have_attribute("data-bilde", "svart")
    expect(projektor.get_by_role("heading", name="Velkommen")).to_have_count(0)


def test_what_one_writes_stands_while_the_page_asks_and_another_steers(
    lesere: Lesere, telefon: Page, samling: str
):
    telefon.get_by_text("Skriv en egen beskjed").click()
    field = telefon.get_by_label("Egen beskjed")
    field.fill("<b>Lunsj</b> 🍲")
    annen = _steering(lesere, samling)
    _press(annen, "Velkommen")

    expect(telefon.get_by_role("button", name="Velkommen")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(field).to_have_value("<b>Lunsj</b> 🍲")
    expect(field).to_be_focused()
    _press(telefon, "Vis beskjeden")
    expect(annen.get_by_text("<b>Lunsj</b> 🍲")).to_be_visible()
    expect(telefon.get_by_label("Egen beskjed")).to_have_value("")
    _press(annen, "Fjern beskjeden")


def test_a_number_that_is_none_is_told_at_the_field(telefon: Page):
    telefon.get_by_text("Velg en annen tid").click()
    telefon.get_by_label("Antall minutter").fill("500")
    _press(telefon, "Tell ned")

    expect(
        telefon.locator("#skjermnedtelling").get_by_text("Skriv et tall fra 1 til 240.").first
    ).to_be_visible()


def test_the_projector_stays_when_its_network_goes_and_goes_on_by_itself(
    telefon: Page, projektor: Page
):
    _press(telefon, "Nå og neste")
    tittel = projektor.get_by_role("heading", name="Begreper vi møter ute")
    expect(tittel).to_be_visible()
    projektor.context.set_offline(True)

    expect(projektor.get_by_text("Ingen kontakt. Prøver igjen.")).to_be_visible()
    expect(tittel).to_be_visible()
    _press(telefon, "Velkommen")

    projektor.context.set_offline(False)
    expect(projektor.get_by_role("heading", name="Velkommen")).to_be_visible()
    expect(projektor.get_by_text("Ingen kontakt. Prøver igjen.")).to_be_hidden()
    projektor.reload()
    expect(projektor.get_by_role("heading", name="Velkommen")).to_be_visible()


def test_a_portal_that_does_not_answer_is_no_page_on_the_wall(projektor: Page):
    tittel = projektor.locator("h1")
    projektor.route("**/storskjerm/?etter=*", lambda rute: rute.fulfill(status=502, body="borte"))
    expect(projektor.get_by_text("Ingen kontakt. Prøver igjen.")).to_be_visible()
    expect(tittel).to_have_text("Samlingen i salen")

    projektor.unroute("**/storskjerm/?etter=*")
    expect(projektor.get_by_text("Ingen kontakt. Prøver igjen.")).to_be_hidden()


def test_who_is_signed_out_is_told_so_on_the_screen_as_it_is(projektor: Page):
    projektor.context.clear_cookies()

    expect(
        projektor.get_by_text(
            "Du er logget ut, så skjermen står stille. Logg inn igjen på denne maskinen."
        )
    ).to_be_visible()
    expect(projektor.locator("h1")).to_have_text("Samlingen i salen")


def test_a_message_goes_away_by_itself_without_network(telefon: Page, projektor: Page):
    projektor.clock.install(time=datetime.datetime.now(datetime.UTC))
    projektor.reload()
    _press(telefon, "Fem minutter igjen")
    projektor.clock.run_for(3_000)
    expect(projektor.get_by_text("Fem minutter igjen")).to_be_visible()
    projektor.context.set_offline(True)

    projektor.clock.run_for(125_000)

    expect(projektor.get_by_text("Fem minutter igjen")).to_be_hidden()
    projektor.context.set_offline(False)
    _press(telefon, "Fjern beskjeden")


def test_f_is_full_screen(projektor: Page):
    button = projektor.get_by_role("button", name="Fullskjerm")
    expect(button).to_be_visible()
    projektor.keyboard.press("Tab")
    expect(button).to_be_focused()

    projektor.keyboard.press("f")
    projektor.wait_for_function("document.fullscreenElement")
    projektor.keyboard.press("f")
    projektor.wait_for_function("!document.fullscreenElement")


def test_each_picture_fits_the_projector_and_is_accessible(telefon: Page, projektor: Page):
    _press(telefon, "15 min")
    for navn in ("Nå og neste", "Velkommen", "Svart skjerm"):
        _press(telefon, navn)
        _press(telefon, "To minutter igjen")
        expect(telefon.get_by_role("button", name=navn)).to_have_attribute("aria-pressed", "true")
        projektor.reload()
        check_frame(projektor, spraak="nb")
        for stoerrelse in PROSJEKTORER:
            show(projektor, stoerrelse)
            hoyde = projektor.evaluate("document.documentElement.scrollHeight")
            assert hoyde <= stoerrelse[1], f"{navn} {stoerrelse}: {hoyde}"
            check_width(projektor)
        check_accessible(projektor)
        show(projektor, TELEFON, "dark")
        check_width(projektor)
        check_accessible(projektor)
    _press(telefon, "Stopp nedtellingen")
    _press(telefon, "Nå og neste")


def test_the_page_of_the_hall_is_for_all(telefon: Page):
    check_page(telefon)


def test_it_can_be_steered_without_javascript(lesere: Lesere, samling: str):
    side = lesere.gjest(java_script_enabled=False)
    lesere.sign_in(side, "koordinator")
    side.goto(f"{samling}dagen/")

    _press(side, "Velkommen")
    expect(side.get_by_text("Storskjermen viser «Velkommen».")).to_be_visible()
    side.goto(f"{samling}storskjerm/")
    expect(side.get_by_role("heading", name="Velkommen")).to_be_visible()
    assert side.locator("meta[http-equiv=refresh]").count() == 1


def test_the_panels_follow_by_themselves_and_leave_what_one_writes_and_presses(
    lesere: Lesere, samling: str
):
    side = _steering(lesere, samling)
    _press(side, "Lag evaluering")
    side.get_by_text("Skriv en egen beskjed").click()
    field = side.get_by_label("Egen beskjed")
    field.fill("Midt i en set")
    annen = _steering(lesere, samling)
    _press(annen, "Åpne evalueringen")

    steng = side.get_by_role("button", name="Steng evalueringen")
    expect(steng).to_be_visible()
    expect(field).to_have_value("Midt i en set")
    expect(field).to_be_focused()

    # What comes while a button is held down, waits: the button is pressed.
    _press(annen, "Nå og neste")
    expect(side.get_by_role("button", name="Nå og neste")).to_have_attribute("aria-pressed", "true")
    steng.hover()
    side.mouse.down()
    with side.expect_response(lambda svar: "dagen/?etter=" in svar.url and svar.status == 200):
        _press(annen, "Velkommen")
    expect(side.get_by_role("button", name="Velkommen")).to_have_attribute("aria-pressed", "false")
    side.mouse.up()
    expect(side.get_by_text("Evalueringen er stengt.")).to_be_visible()


def test_what_the_hall_sees_stands_in_small_where_it_is_steered(telefon: Page, projektor: Page):
    for navn in ("Velkommen", "Nå og neste"):
        _press(telefon, navn)
        vist = projektor.locator(".app-storskjerm__bilde h2").first
        smaatt = telefon.locator("#skjermmini h2").first
        expect(vist).to_have_text("Velkommen" if navn == "Velkommen" else "Begreper vi møter ute")
        expect(smaatt).to_have_text(vist.inner_text())
        expect(smaatt).to_be_visible()
    kant = telefon.locator("#skjermmini").bounding_box()
    innhold = telefon.locator("#skjermmini h2").first.bounding_box()
    assert kant["x"] <= innhold["x"]
    assert innhold["x"] + innhold["width"] <= kant["x"] + kant["width"]
    check_width(telefon)
