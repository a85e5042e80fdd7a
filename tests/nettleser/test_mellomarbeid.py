"""Between two gatherings: a unit writes its log, loses nothing, and delivers."""

import re

from playwright.sync_api import Page, expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.steg import delivered, read_code, wait_for_saved
from tests.nettleser.vakt import TELEFON, check_page, show

# The demo's assignment that has just begun.
OPPDRAG = "Utforsk matematikken ute"
# The smallest picture there is.
PIKSEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)

# Whether one sees the whole of it without scrolling, and nothing lies over it.
I_SYNE = """knapp => {
  const { left, right, top, bottom } = knapp.getBoundingClientRect();
  const midten = (left + right) / 2;
  return [top + 2, bottom - 2].every(y => document.elementFromPoint(midten, y) === knapp) && scrollY === 0;
}"""


def test_a_unit_writes_adds_a_file_and_delivers(lesere: Lesere):
    koordinator = lesere.som("koordinator", "/nordmore/mellomarbeid/")
    levert, alle = delivered(koordinator, OPPDRAG)

    side = lesere.som("enhetsleder", "/nordmore/hjem/")
    # What other tests of the folder have given the unit may stand before it, and fold it.
    for brettet in side.locator("section[aria-labelledby=ogsaa] summary").all():
        brettet.click()
    oppdraget = side.locator("article.app-gjoremaal", has_text=OPPDRAG).first
    oppdraget.get_by_role("link").first.click()
    side.wait_for_url(re.compile(r"/mellomarbeid/\d+/"))
    check_page(side)
    arbeid = side.url.split("logg/", maxsplit=1)[0]
    side.goto(arbeid)
    check_page(side)

    _write(side, "Skriv i Observere", "Barna talte steiner og la dem i rekker.")
    wait_for_saved(side)
    check_page(side)
    side.get_by_role("button", name="Ferdig").click()
    expect(side.get_by_text("Barna talte steiner")).to_be_visible()

    _attach(side)
    check_page(side)
    side.goto(arbeid)
    side.get_by_role("button", name="Lever mellomarbeidet").click()
    expect(side.get_by_role("heading", name="Takk! Mellomarbeidet er levert.")).to_be_visible()
    check_page(side)

    koordinator.reload()
    assert delivered(koordinator, OPPDRAG) == (levert + 1, alle)
    check_page(koordinator)
    # The rest of the folder's tests write in it too.
    side.get_by_role("button", name="Åpne igjen").click()
    expect(side.get_by_role("button", name="Lever mellomarbeidet")).to_be_visible()


def test_a_new_entry_asks_first_what_happened(lesere: Lesere):
    side = lesere.som("gruppemedlem")
    _open_log(side, "Skriv i Prøve")
    adresse = side.url.split("?")[0]

    for bredde in (1280, 390):
        side.set_viewport_size({"width": bredde, "height": 900})
        side.goto(adresse)
        expect(side.get_by_label("Fortell")).to_be_focused()
        expect(side.get_by_role("radio", name="Prøve")).to_be_checked()
        # The phases stand in one line above.
        topper = side.locator(".app-ma-velgfase label").evaluate_all(
            "fasene => fasene.map(fase => fase.getBoundingClientRect().top)"
        )
        assert topper == [topper[0]] * 5
        expect(side.get_by_role("heading", level=1)).to_have_text(
            "Hva skjedde?", use_inner_text=True
        )
        expect(side.get_by_label("Hva la vi merke til?")).to_be_visible()
        # The way out is in sight, and the menu at the foot does not take the room.
        expect(side.locator(".app-bunnlinje")).to_be_hidden()
        assert side.get_by_role("button", name="Ferdig").evaluate(I_SYNE)

    side.keyboard.press("Shift+Tab")
    side.keyboard.press("ArrowRight")
    expect(side.get_by_role("radio", name="Observere")).to_be_checked()
    expect(side.get_by_text("Hva så og hørte vi?")).to_be_visible()

    lesere.allow(side, "status of 422")
    side.get_by_role("button", name="Ferdig").click()
    expect(side.locator("[data-feiloppsummering]")).to_be_focused()


def test_text_survives_a_sign_out_in_another_window(lesere: Lesere):
    side = lesere.gjest()
    lesere.sign_in(side, "enhetsleder")
    show(side, TELEFON)
    _open_log(side, "Skriv i Reflektere")
    adresse = side.url
    side.get_by_label("Fortell").fill("Først var dette alt.")
    wait_for_saved(side)

    annet_vindu = lesere.open(side.context, "/konto/")
    annet_vindu.get_by_text("Menyen din").locator("..").click()
    annet_vindu.get_by_role("button", name="Logg ut").click()
    annet_vindu.get_by_role("link", name="Logg inn").wait_for()
    lesere.allow(side, "status of 401")
    tekst = "Først var dette alt. Så skrev vi mer, og den setningen skal ikke bli borte."
    side.get_by_label("Fortell").fill(tekst)
    status = side.locator("[data-autolagre-status]")
    expect(status).to_have_attribute("data-tilstand", "utlogget")
    check_page(side)

    show(side, TELEFON)
    status.get_by_role("link", name="Logg inn").click()
    side.get_by_label("E-post").fill("enhetsleder@demo.example")
    side.get_by_role("button", name="Send meg en kode").click()
    side.get_by_label("Kode").fill(read_code(annet_vindu, "enhetsleder@demo.example"))
    side.get_by_role("button", name="Logg inn", exact=True).click()
    side.wait_for_url(adresse)
    expect(side.get_by_label("Fortell")).to_have_value(tekst)
    wait_for_saved(side)
    side.reload()
    expect(side.get_by_label("Fortell")).to_have_value(tekst)


def test_text_survives_a_submit_that_was_sent_to_sign_in(lesere: Lesere):
    side = lesere.gjest()
    lesere.sign_in(side, "enhetsleder")
    _open_log(side, "Skriv i Dele")
    adresse = side.url
    tekst = "Dette vil vi at de andre skal få høre om."
    side.context.clear_cookies(name="sessionid")
    lesere.allow(side, "status of 401")
    side.get_by_label("Fortell").fill(tekst)
    side.get_by_role("button", name="Ferdig").click()
    side.wait_for_url("**/logg-inn/**")

    # Not the way that sign-in would have led back, but round by other pages.
    lesere.sign_in(side, "enhetsleder")
    side.goto(adresse)

    expect(side.get_by_label("Fortell")).to_have_value(tekst)
    wait_for_saved(side)


# Everything that the browser keeps, as one at the machine could look through it.
LAGRET = """() => JSON.stringify([{...localStorage}, {...sessionStorage}])"""


def test_the_next_one_at_the_machine_sees_nothing_of_text_that_was_not_saved(lesere: Lesere):
    side = lesere.gjest()
    lesere.sign_in(side, "gruppemedlem")
    _open_log(side, "Skriv i Observere")
    adresse = side.url.split("?")[0]
    tekst = "Denne setningen rakk ikke frem."
    lesere.allow(side, "Failed to load resource", "ERR_INTERNET_DISCONNECTED")
    side.context.set_offline(True)
    side.get_by_label("Fortell").fill(tekst)
    expect(side.locator("[data-autolagre-status]")).to_have_attribute("data-tilstand", "venter")
    kopi = side.evaluate(LAGRET)
    assert "kladd:" in kopi
    assert "rakk" not in kopi
    # Nor where it was written.
    assert "mellomarbeid" not in side.evaluate("() => Object.keys(localStorage).join()")
    # The session ends while the text waits, and the window is closed before the network is back.
    side.context.clear_cookies(name="sessionid")
    side.close(run_before_unload=False)

    side.context.set_offline(False)
    annen = lesere.open(side.context)
    lesere.allow(annen, "status of 40[34]")
    lesere.sign_in(annen, "enhetsleder")
    annen.goto(adresse)
    assert tekst not in annen.content()
    expect(annen.get_by_label("Fortell")).to_have_value("")
    lagret = annen.evaluate(LAGRET)
    assert "rakk" not in lagret
    annen.goto("/konto/logg-ut/")
    annen.get_by_role("main").get_by_role("button", name="Logg ut").click()
    assert "rakk" not in annen.evaluate(LAGRET)

    lesere.sign_in(annen, "gruppemedlem")
    annen.goto(adresse)
    expect(annen.get_by_label("Fortell")).to_have_value(tekst)
    wait_for_saved(annen)
    # Saved: nothing is left in the browser.
    annen.wait_for_function(
        "() => !Object.keys(localStorage).some((navn) => navn.startsWith('kladd:'))"
    )


def test_a_copy_from_before_they_were_encrypted_comes_back_and_lies_readable_no_more(
    lesere: Lesere,
):
    side = lesere.gjest()
    lesere.sign_in(side, "gruppemedlem")
    _open_log(side, "Skriv i Dele")
    expect(side.get_by_label("Fortell")).to_be_visible()
    side.evaluate(
        """() => {
          const skjema = document.querySelector("form[data-autolagre]");
          const sti = new URL(skjema.action).pathname;
          const felt = [...new FormData(skjema)]
            .filter(([navn]) => !["csrfmiddlewaretoken", "versjon"].includes(navn))
            .map(([navn, verdi]) => [navn, navn === "tekst" ? "Skrevet i går." : verdi]);
          localStorage.setItem(
            `autolagre:${document.body.dataset.person}:${sti}#${skjema.id}`,
            JSON.stringify({ tid: Date.now(), versjon: "", felt }),
          );
        }"""
    )

    side.reload()

    expect(side.get_by_label("Fortell")).to_have_value("Skrevet i går.")
    wait_for_saved(side)
    assert "Skrevet i går" not in side.evaluate(LAGRET)


def test_two_who_write_in_the_same_entry_both_keep_their_text(lesere: Lesere):
    leder = lesere.som("enhetsleder")
    _open_log(leder, "Skriv i Prøve")
    leder.get_by_label("Fortell").fill("Vi gikk ut.")
    wait_for_saved(leder)
    laerer = lesere.som("gruppemedlem", leder.url)
    expect(laerer.get_by_label("Fortell")).to_have_value("Vi gikk ut.")

    with leder.expect_response(lambda svar: svar.request.method == "POST"):
        leder.get_by_label("Fortell").fill("Vi gikk ut. Lederens setning.")
    laerer.get_by_label("Fortell").fill("Vi gikk ut. Lærerens setning.")
    konflikt = laerer.locator("[data-autolagre-konflikt]")
    expect(konflikt).to_contain_text("Vi gikk ut. Lederens setning.")
    expect(laerer.get_by_label("Fortell")).to_have_value("Vi gikk ut. Lærerens setning.")
    check_page(laerer)

    laerer.get_by_label("Fortell").fill("Vi gikk ut. Lederens setning. Lærerens setning.")
    konflikt.get_by_role("button", name="Lagre teksten min").click()
    expect(laerer.get_by_text("Vi gikk ut. Lederens setning. Lærerens setning.")).to_be_visible()


def test_an_hour_without_network_loses_neither_prompts_nor_steps_nor_links(lesere: Lesere):
    side = lesere.gjest()
    lesere.sign_in(side, "enhetsleder")
    show(side, TELEFON)
    _open_log(side, "Skriv i Prøve")
    side.get_by_label("Fortell").fill("Vi målte snøen.")
    wait_for_saved(side)
    lesere.allow(side, "Failed to load resource", "ERR_INTERNET_DISCONNECTED")
    side.context.set_offline(True)
    side.get_by_label("Hva la vi merke til?").fill("De stille snakket mest.")
    side.get_by_text("Neste steg", exact=True).click()
    hva = side.get_by_label("Hva", exact=True)
    hva.first.fill("Lage målebånd")
    expect(hva).to_have_count(2)
    hva.nth(1).fill("Veilede oss")
    side.get_by_label("Hvem", exact=True).nth(1).select_option(label="Kommunen")
    side.get_by_text("Lenker", exact=True).click()
    side.get_by_label("Lenke", exact=True).first.fill("https://udir.no/film")
    expect(side.locator("[data-autolagre-status]")).to_have_attribute("data-tilstand", "venter")
    adresse = side.url
    side.close(run_before_unload=False)

    # Another day, the network is back.
    annen = lesere.open(side.context)
    side.context.set_offline(False)
    show(annen, TELEFON)
    annen.goto(adresse)
    expect(annen.get_by_label("Hva la vi merke til?")).to_have_value("De stille snakket mest.")
    expect(annen.get_by_label("Hva", exact=True).nth(1)).to_have_value("Veilede oss")
    wait_for_saved(annen)
    check_page(annen)
    annen.get_by_role("button", name="Ferdig").click()
    for ord_ in ("De stille snakket mest.", "Lage målebånd", "Veilede oss", "udir.no/film"):
        expect(annen.get_by_text(ord_).first).to_be_visible()
    check_page(annen)


def test_a_date_that_does_not_exist_is_told_of_at_its_place_and_the_rest_is_saved(lesere: Lesere):
    side = lesere.gjest()
    lesere.sign_in(side, "enhetsleder")
    show(side, TELEFON)
    _open_log(side, "Skriv i Prøve")
    side.get_by_label("Fortell").fill("Vi målte skyggene.")
    wait_for_saved(side)
    lesere.allow(side, "status of 422")
    status = side.locator("[data-autolagre-status]")

    side.get_by_text("Hvem var med, og hvor lenge?").click()
    side.get_by_label("Minutter").fill("mange")
    side.get_by_role("textbox", name="Når?").fill("31.02.2026")
    # While one writes in it, it is said in the status alone.
    expect(status).to_contain_text("Resten er lagret.")
    side.get_by_label("Fortell").fill("Vi målte skyggene to ganger.")

    dato, minutter = side.get_by_role("textbox", name="Når?"), side.get_by_label("Minutter")
    for felt, ord_ in ((dato, "Skriv en dato som finnes"), (minutter, "Oppgi et heltall")):
        expect(felt).to_have_attribute("aria-invalid", "true")
        expect(felt).to_have_accessible_description(re.compile(ord_))
    check_page(side)
    # Another day: what could be saved is, and what could not stands where it was written.
    adresse = side.url
    side.close(run_before_unload=False)
    annen = lesere.open(side.context)
    lesere.allow(annen, "status of 422")
    show(annen, TELEFON)
    annen.goto(adresse)
    expect(annen.get_by_label("Fortell")).to_have_value("Vi målte skyggene to ganger.")
    expect(annen.get_by_role("textbox", name="Når?")).to_have_value("31.02.2026")
    expect(annen.get_by_label("Minutter")).to_have_value("mange")
    expect(annen.get_by_role("textbox", name="Når?")).to_have_attribute("aria-invalid", "true")

    annen.get_by_role("textbox", name="Når?").fill("28.02.2026")
    annen.get_by_label("Minutter").fill("45")
    annen.get_by_label("Fortell").focus()
    wait_for_saved(annen)
    expect(annen.locator("[aria-invalid=true]")).to_have_count(0)
    check_page(annen)
    annen.reload()
    expect(annen.get_by_role("textbox", name="Når?")).to_have_value("28.02.2026")
    expect(annen.get_by_label("Minutter")).to_have_value("45")


def test_those_who_have_the_same_entry_open_see_each_other(lesere: Lesere):
    leder = lesere.som("enhetsleder")
    _open_log(leder, "Skriv i Dele")
    leder.get_by_label("Fortell").fill("Vi skriver sammen.")
    wait_for_saved(leder)

    laerer = lesere.som("gruppemedlem", leder.url)

    expect(laerer.locator("[data-tilstede]")).to_contain_text("skriver her nå")


def _open_log(side: Page, lenke: str) -> None:
    side.goto("/nordmore/mellomarbeid/?vis=mine")
    side.get_by_role("link", name=OPPDRAG).click()
    side.get_by_role("link", name=lenke).click()


def _write(side: Page, lenke: str, tekst: str) -> None:
    side.get_by_role("link", name=lenke).click()
    side.get_by_label("Fortell").fill(tekst)


def _attach(side: Page) -> None:
    side.get_by_text("Legg ved filer").click()
    side.get_by_label("Filer", exact=True).set_input_files(
        {"name": "steiner.png", "mimeType": "image/png", "buffer": PIKSEL}
    )
    side.get_by_label("Hva viser bildet?").fill("Steiner lagt i rekker på fem.")
    side.get_by_role("button", name="Legg ved", exact=True).click()
    expect(side.get_by_role("link", name="steiner.png", exact=True)).to_be_visible()
