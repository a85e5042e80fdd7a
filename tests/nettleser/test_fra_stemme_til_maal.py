"""From what was said on phones, at tables, on scanned paper and in a spreadsheet, to an image of the future and goals at
three levels; and the thread both ways."""

import io
import re

import openpyxl
from PIL import Image
from playwright.sync_api import Page, expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.vakt import TELEFON, check_page, show

TEMA = "En god venn"
# How long the worker may take to part a small bundle.
LENGE = 90_000


def _start(side: Page) -> tuple[str, str]:
    """A tankesmie of the network with two tables: its address, and its code."""
    side.goto("/nordmore/tankesmier/ny/")
    side.get_by_label("Tittel").fill("Vennskap i 2040")
    side.get_by_label("Spørsmål", exact=True).fill("Hva gjør en god venn?")
    for hvem in ("Elever", "Foresatte"):
        side.get_by_label(hvem, exact=True).check()
    side.get_by_text("Flere valg").click()
    side.get_by_label("Antall bord").fill("2")
    check_page(side)
    side.get_by_role("button", name="Lag tankesmia").click()
    side.get_by_role("button", name="Åpne spørsmålet").click()
    expect(side.get_by_role("heading", name="Folk kan svare nå")).to_be_visible()
    return side.url.split("?")[0], side.locator(".app-samtalekode__kode").inner_text()


def _say(lesere: Lesere, kode: str, hvem: str, bord: str, tekst: str) -> None:
    side = lesere.gjest(f"/b/{kode}/")
    show(side, TELEFON)
    side.get_by_role("button", name=hvem, exact=True).click()
    side.get_by_role("button", name=bord, exact=True).click()
    side.get_by_label("Skriv her").fill(tekst)
    side.get_by_role("button", name="Send", exact=True).click()
    expect(side.locator("[data-egne] li", has_text=tekst)).to_contain_text("Sendt")


def _scanned(sider: int) -> dict[str, object]:
    ark = [Image.new("L", (827, 1169), 255 - 20 * n) for n in range(sider)]
    ut = io.BytesIO()
    ark[0].save(ut, "PDF", save_all=True, append_images=ark[1:])
    return {"name": "skjemaer.pdf", "mimeType": "application/pdf", "buffer": ut.getvalue()}


def _sheet(*rader: tuple[str, ...]) -> dict[str, object]:
    bok = openpyxl.Workbook()
    ark = bok.active
    assert ark is not None
    for rad in (("spørsmål", "hvem", "antall", "om dem", "kommune", "tekst"), *rader):
        ark.append(rad)
    ut = io.BytesIO()
    bok.save(ut)
    slag = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "stemmer.xlsx", "mimeType": slag, "buffer": ut.getvalue()}


def _write_in_what_was_scanned(side: Page, adresse: str, *sagt: str) -> None:
    side.goto(f"{adresse}skann/")
    side.get_by_label("Skannede skjemaer").set_input_files(_scanned(len(sagt)))
    side.get_by_label("Hvem sin stemme").select_option(label="Foresatte")
    check_page(side)
    side.get_by_role("button", name="Last opp").click()
    begynn = side.get_by_role("link", name=f"Skriv inn {len(sagt)} sider")
    lenke = side.get_by_role("link", name="Skriv inn sidene")
    expect(begynn.or_(lenke).first).to_be_visible(timeout=LENGE)
    begynn.or_(lenke).first.click()
    for nummer, tekst in enumerate(sagt, start=1):
        expect(side.get_by_role("img", name=f"Side {nummer}, slik")).to_be_visible()
        check_page(side)
        side.get_by_label("Det som står på arket").fill(tekst)
        side.get_by_role("button", name="Lagre og neste side").click()
    expect(side.get_by_text("Alle sidene er gått gjennom.")).to_be_visible()
    check_page(side)


def _take_in_the_sheet(side: Page, adresse: str, fil: dict[str, object]) -> None:
    side.goto(f"{adresse}hent-inn/")
    side.get_by_label("Fil", exact=True).set_input_files(fil)  # type: ignore[arg-type]
    side.get_by_role("button", name="Les fila").click()
    check_page(side)
    side.get_by_role("button", name="Ta inn bidragene").click()
    check_page(side)


def _make_theme(side: Page, adresse: str, alle: int) -> None:
    """All that was said in one theme on the wall, which is then the network's."""
    side.goto(adresse)
    side.get_by_role("link", name=re.compile("bidrag.*god venn")).click()
    kryss = side.locator(".app-modvegg input[type=checkbox], .app-modkort input[type=checkbox]")
    expect(kryss).to_have_count(alle)
    for ett in kryss.all():
        ett.check()
    valgene = side.get_by_role("group", name="Med det som er krysset av")
    valgene.get_by_label("Nytt tema").fill(TEMA)
    valgene.get_by_role("button", name="Lag tema").click()
    expect(side.get_by_text(f"Temaet «{TEMA}» er laget.")).to_be_visible()
    check_page(side)
    side.goto(f"{adresse}temaer/")
    side.get_by_role("button", name=f"Lagre {TEMA}").click()
    expect(side.get_by_text(f"«{TEMA}» er lagret.", exact=True)).to_be_visible()
    check_page(side)


def _approve_all(side: Page, adresse: str) -> None:
    side.goto(f"{adresse}stemmer/")
    side.get_by_label("Velg alle på siden").check()
    side.get_by_role("button", name="Godkjenn det du har valgt").click()
    expect(side.get_by_text("Alt er lest")).to_be_visible()
    check_page(side)


def _publish_image(side: Page) -> str:
    side.goto("/nordmore/fremtidsbilder/ny/")
    side.get_by_label("Tittel").fill("Alle har en venn i 2040")
    side.get_by_role("textbox", name=re.compile("^Fremtidsbilde")).fill("Ingen går alene.")
    side.get_by_label(TEMA, exact=True).check()
    side.get_by_role("button", name="Lag fremtidsbildet").click()
    adresse = side.url
    side.get_by_role("link", name="Publiser", exact=True).click()
    side.get_by_role("button", name="Publiser").click()
    expect(side.get_by_text("Fremtidsbildet er publisert.")).to_be_visible()
    check_page(side)
    return adresse


def _decide_goal(side: Page, tekst: str) -> str:
    side.goto("/nordmore/maal/ny/")
    side.get_by_label("Mål", exact=True).fill(tekst)
    side.get_by_text("Temaer, ansvar, periode og kilde").click()
    side.get_by_label(TEMA, exact=True).check()
    side.get_by_role("button", name="Lagre utkastet").click()
    expect(side.get_by_text("Målet er lagret som utkast.")).to_be_visible()
    adresse = side.url
    side.get_by_role("link", name="Vedta målet").click()
    side.get_by_label("Hvor målet ble vedtatt").fill("Styringsgruppa")
    side.get_by_role("button", name="Vedta målet").click()
    expect(side.get_by_text("Målet er vedtatt.")).to_be_visible()
    return adresse


def _take_in(side: Page, adresse: str) -> str:
    show(side, TELEFON)
    side.goto(adresse)
    side.get_by_role("link", name="Ta inn målet").click()
    side.get_by_label(re.compile("Som det står")).check()
    side.get_by_role("button", name="Ta inn målet").click()
    expect(side.get_by_text("Målet er tatt inn.")).to_be_visible()
    return side.url


def test_from_five_phones_two_tables_a_bundle_and_a_sheet_to_an_image_and_two_goals(
    lesere: Lesere,
):
    side = lesere.som("koordinator")
    adresse, kode = _start(side)
    for nr in range(5):
        _say(lesere, kode, "Elever", "Jeg sitter ikke ved et bord", f"Venter på meg {nr}")
    for bord in (1, 2):
        _say(lesere, kode, "Foresatte", f"Bord {bord}", f"Inviterer alle {bord}")
    _write_in_what_was_scanned(side, adresse, "Deler med andre", "Sier unnskyld")
    arket = _sheet(("1", "Elever", "24", "7. trinn", "", "Spør hvordan jeg har det"))
    _take_in_the_sheet(side, adresse, arket)
    _make_theme(side, adresse, alle=10)
    _approve_all(side, adresse)
    bildet = _publish_image(side)
    maalene = [_decide_goal(side, t) for t in ("Alle har noen å gå til.", "Voksne er med ute.")]

    i_kommunen = [_take_in(lesere.som("kommune"), maal) for maal in maalene]
    leder = lesere.som("enhetsleder")
    i_enheten = [_take_in(leder, maal) for maal in i_kommunen]

    # From the unit's goal to what a pupil said.
    leder.goto(i_enheten[0])
    leder.get_by_role("link", name=re.compile("^Se hva dette kommer fra")).click()
    check_page(leder)
    leder.get_by_role("link", name=re.compile("^Vis alle 10")).click()
    check_page(leder)
    stemmen = leder.get_by_role("link", name="Venter på meg 3")
    expect(stemmen).to_be_visible()
    stemmen.click()
    # And from the pupil's words to what they have led to.
    for venter in ("Alle har en venn i 2040", "Alle har noen å gå til.", "Voksne er med ute."):
        expect(leder.get_by_role("link", name=venter).first).to_be_visible()
    check_page(leder)
    gjest = lesere.gjest(bildet)
    expect(gjest.get_by_role("heading", level=1, name="Alle har en venn i 2040")).to_be_visible()
    check_page(gjest)
