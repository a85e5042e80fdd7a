"""The main job: a gathering from the idea to its summary, by the people who do it."""

import datetime
import io

import pikepdf
from playwright.sync_api import Page, expect

from kommuner.gyldighet import idag
from nettverk.side.dato import read_date
from tests.nettleser.lesere import Lesere
from tests.nettleser.steg import (
    add_item,
    check_archivable,
    count_of,
    fetch_pdf,
    fill_in_gathering,
    give_assignment,
    move_to_today,
    open_what_waits,
    publish,
    wait_for_saved,
)
from tests.nettleser.vakt import check_page

DAG = idag() + datetime.timedelta(days=45)
TITTEL = "Nettlesersamlingen i Surnadal"
VEDTAK = "Alle enheter prøver én ny lesestund i uka."


def test_a_gathering_becomes_a_summary(lesere: Lesere):
    koordinator = lesere.som("koordinator")
    samling = _make_and_publish(koordinator)
    _sign_up_the_group(lesere.som("enhetsleder", "/nordmore/hjem/"))
    _check_in(koordinator, samling)
    _note_and_decide(koordinator, samling)
    _give_assignment(koordinator, samling)
    _make_summary(koordinator, samling)


def test_the_end_follows_the_start_until_it_is_written(lesere: Lesere):
    side = lesere.som("koordinator", "/nordmore/samlinger/ny/")
    dato, fra, til = (side.locator(f"[name=dag_1_{del_}]") for del_ in range(3))

    dato.fill("2027-03-16")
    fra.fill("9")
    fra.press("Tab")
    expect(til).to_have_value("15.00")

    til.fill("16.00")
    fra.fill("10.00")
    fra.press("Tab")
    expect(til).to_have_value("16.00")


def test_days_are_added_and_taken_away_in_the_form(lesere: Lesere):
    side = lesere.som("koordinator", "/nordmore/samlinger/ny/")
    for del_, verdi in enumerate(("2027-03-16", "9", "15")):
        side.locator(f"[name=dag_1_{del_}]").fill(verdi)
    side.locator("[name=dag_1_2]").press("Tab")
    expect(side.locator("[name=dag_2_0]")).to_be_hidden()

    ny = side.get_by_role("button", name="Legg til en dag")
    ny.click()
    expect(side.locator("[name=dag_2_0]")).to_be_focused()
    expect(side.locator("[name=dag_2_0]")).to_have_value("17.03.2027")
    expect(side.locator("[name=dag_2_2]")).to_have_value("15")
    ny.click()
    side.locator("[name=dag_3_1]").fill("10.00")
    check_page(side)

    # What is below moves up.
    side.get_by_role("button", name="Fjern dag 2").click()
    expect(side.locator("[name=dag_2_0]")).to_have_value("18.03.2027")
    expect(side.locator("[name=dag_2_1]")).to_have_value("10.00")
    expect(side.locator("[name=dag_3_0]")).to_be_hidden()
    expect(ny).to_be_focused()


def test_what_is_proposed_after_another_moves_with_the_start_until_it_is_written(lesere: Lesere):
    side = lesere.som("koordinator", "/nordmore/samlinger/")
    forrige = side.locator("main").get_by_role("link").filter(has_text="Uteområdet").first
    pk = forrige.get_attribute("href").strip("/").split("/")[2]
    side.goto(f"/nordmore/samlinger/ny/?fra={pk}")
    start, klokka, sluttklokka, frist = (
        side.locator(f"[name={navn}]")
        for navn in ("dag_1_0", "dag_1_1", "dag_1_2", "paameldingsfrist")
    )
    dag, svar = (read_date(felt.input_value()) for felt in (start, frist))
    uka = datetime.timedelta(days=7)

    start.fill((dag + uka).isoformat())
    start.press("Tab")
    expect(frist).to_have_value(f"{svar + uka:%d.%m.%Y}")
    expect(klokka).to_have_value("09.00")
    expect(sluttklokka).to_have_value("13.45")
    klokka.fill("9.30")
    klokka.press("Tab")
    expect(sluttklokka).to_have_value("14.15")

    frist.fill(svar.isoformat())
    frist.press("Tab")
    start.fill(dag.isoformat())
    start.press("Tab")
    expect(frist).to_have_value(f"{svar:%d.%m.%Y}")


def _make_and_publish(side: Page) -> str:
    side.goto("/nordmore/samlinger/")
    side.get_by_role("link", name="Ny samling").first.click()
    check_page(side)
    side.get_by_role("button", name="Lagre utkast").click()
    expect(side.locator("[data-feiloppsummering]")).to_be_focused()
    check_page(side)
    fill_in_gathering(side, tittel=TITTEL, dag=DAG)
    add_item(side, klokka="09.00", minutter=30, tittel="Velkommen")
    add_item(side, klokka="09.30", minutter=60, tittel="Erfaringer fra enhetene")
    expect(side.locator(".app-post")).to_have_count(2)
    check_page(side)
    return publish(side)


def _sign_up_the_group(side: Page) -> None:
    open_what_waits(side, TITTEL)
    if "/paamelding/" not in side.url:
        side.get_by_role("link", name="Til påmeldingen").click()
    check_page(side)
    side.get_by_role("button", name="Meld på gruppa").click()
    expect(side.get_by_text("er påmeldt").first).to_be_visible()
    check_page(side)


def _check_in(side: Page, samling: str) -> None:
    # The desk opens on the day.
    move_to_today(side, samling)
    side.goto(f"{samling}innsjekk/")
    check_page(side)
    foer = count_of(side, "Averøy")
    side.evaluate("window.sammeSide = true")
    side.get_by_label("Navn eller enhet").press_sequentially("nau")
    treff = side.locator("#treff li", has_text="Jonas Naustbakk")
    treff.get_by_role("button", name="Møtt").click()
    expect(side.locator("#treff")).to_contain_text("Jonas Naustbakk er registrert som møtt")
    felt = side.get_by_label("Navn eller enhet")
    expect(felt).to_have_value("")
    expect(felt).to_be_focused()
    assert count_of(side, "Averøy") == foer + 1
    check_page(side)
    treff.get_by_role("button", name="Angre").click()
    expect(side.locator("#treff")).to_contain_text("ikke lenger registrert")
    assert count_of(side, "Averøy") == foer
    treff.get_by_role("button", name="Møtt").click()
    expect(side.locator("#treff")).to_contain_text("er registrert som møtt")
    assert side.evaluate("window.sammeSide"), "siden ble lastet på nytt"


def _note_and_decide(side: Page, samling: str) -> None:
    side.goto(f"{samling}program/")
    post = side.locator(".app-post", has_text="Erfaringer fra enhetene")
    post.get_by_role("link", name="Erfaringer fra enhetene").click()
    post.get_by_role("link", name="Skriv notat").click()
    side.get_by_label("Notat").fill("Tre enheter fortalte om lesestunden.")
    wait_for_saved(side)
    _write_outcome(side, "Beslutning", VEDTAK)
    _write_outcome(side, "Innsikt", "Korte økter gir mest.")
    check_page(side)
    side.reload()
    expect(side.get_by_label("Notat")).to_have_value("Tre enheter fortalte om lesestunden.")
    side.get_by_role("button", name="Ferdig", exact=True).click()
    expect(side.locator(".app-utfallrad--beslutning")).to_contain_text(VEDTAK)
    check_page(side)


def _write_outcome(side: Page, type_: str, tekst: str) -> None:
    """Enter adds it, and the next can be written at once."""
    side.get_by_text(type_, exact=True).last.click()
    felt = side.get_by_label("Hva kom dere frem til?")
    felt.fill(tekst)
    felt.press("Enter")
    expect(side.locator(".app-utfall__liste")).to_contain_text(tekst)
    expect(felt).to_be_focused()
    expect(felt).to_have_value("")


def _give_assignment(side: Page, samling: str) -> None:
    give_assignment(side, samling, "Prøv lesestunden", DAG + datetime.timedelta(days=30))
    rad = side.locator(".app-kortliste__rad", has_text="Prøv lesestunden")
    expect(rad).to_contain_text("0 av 125 levert")
    check_page(side)


def _make_summary(side: Page, samling: str) -> None:
    side.goto(f"{samling}oppsummering/")
    check_page(side)
    side.get_by_role("button", name="Lag oppsummering").click()
    lenke = side.get_by_role("link", name="Åpne oppsummeringen")
    lenke.wait_for(timeout=90_000)
    check_page(side)
    innhold = fetch_pdf(side, lenke)
    check_archivable(innhold)
    with pikepdf.open(io.BytesIO(innhold)) as pdf:
        assert TITTEL in str(pdf.docinfo["/Title"])
    _write_in_summary(side)


def _write_in_summary(side: Page) -> None:
    """What people said is written in its own part, which is moved by the keyboard; another is left out."""
    stemmer = side.locator("#stemmer")
    stemmer.get_by_role("link", name="Skriv").click()
    stemmer.get_by_label("Tekst").fill("«Vi gleder oss til neste gang.»")
    wait_for_saved(side)
    check_page(side)
    stemmer.get_by_role("button", name="Ferdig").click()
    expect(stemmer).to_contain_text("Vi gleder oss til neste gang.")
    stemmer.get_by_role("button", name="Flytt opp").press("Enter")
    expect(side.locator(".app-oppsummeringsdel").nth(3)).to_contain_text("Vi gleder oss")
    side.locator("#neste").get_by_role("button", name="Ta ut").click()
    expect(side.locator("#neste")).to_contain_text("Tatt ut")
    expect(side.get_by_text("Noe er endret etter at filene ble laget")).to_be_visible()
    check_page(side)
