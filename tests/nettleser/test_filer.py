"""Pictures and files in an entry, on a phone: sent one by one, told of when they are wrong, asked about."""

import io
import re
import zipfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.steg import wait_for_saved
from tests.nettleser.vakt import TELEFON, UTEN_NETT, check_page

OPPDRAG = "Utforsk matematikken ute"


def _picture(farge: str) -> bytes:
    ut = io.BytesIO()
    Image.new("RGB", (900, 600), farge).save(ut, "JPEG")
    return ut.getvalue()


def _file(navn: str, innhold: bytes) -> dict:
    return {"name": navn, "mimeType": "", "buffer": innhold}


def _entry(lesere: Lesere, tekst: str) -> Page:
    """The first entry of a phone, with words in it."""
    side = lesere.som("gruppemedlem", "/nordmore/mellomarbeid/?vis=mine")
    side.set_viewport_size({"width": TELEFON[0], "height": TELEFON[1]})
    side.get_by_role("link", name=re.compile(OPPDRAG)).first.click()
    side.wait_for_url(re.compile(r"/mellomarbeid/\d+/$"))
    side.goto(f"{side.url}logg/ny/?fase=proeve")
    side.get_by_label("Fortell").fill(tekst)
    return side


def _add(side: Page, *filer: dict | Path) -> None:
    side.locator("[data-kilde=alle]").set_input_files(list(filer))


def _rows(side: Page) -> Locator:
    return side.locator("li[data-fil]")


def test_pictures_are_sent_with_the_words_one_wrote_and_asked_about(lesere: Lesere):
    side = _entry(lesere, "Barna la pinner i rekke. De talte høyt sammen.")
    _add(side, _file("pinner.jpg", _picture("teal")), _file("spor.jpg", _picture("olive")))
    expect(_rows(side)).to_have_count(2)
    wait_for_saved(side)
    expect(side.get_by_label("Hva viser bildet?").first).to_have_value("Barna la pinner i rekke.")
    expect(side.get_by_label("Hva viser bildet?").last).to_have_value("De talte høyt sammen.")
    check_page(side)

    # The one without faces, at one tap; the other only with the tick.
    side.get_by_role("button", name="Nei, ingen").first.click()
    expect(side.get_by_text("Ingen ansikter. Svart av")).to_be_visible()
    side.get_by_role("button", name="Ja", exact=True).click()
    side.get_by_role("button", name="Vi har samtykke").click()
    expect(side.get_by_text("Kryss av for at dere har samtykke")).to_be_visible()
    check_page(side)
    side.get_by_label("De som vises, har sagt ja").check()
    side.get_by_role("button", name="Vi har samtykke").click()
    expect(side.get_by_text("Ansikter, med samtykke. Svart av")).to_be_visible()

    # Another order, another description; both are there on the entry's own place.
    side.get_by_label("Hva viser bildet?").first.fill("Pinner i snø")
    with side.expect_response(re.compile("/beskriv/")):
        side.get_by_label("Hva viser bildet?").first.press("Tab")
    with side.expect_response(re.compile("/flytt/")):
        side.get_by_role("button", name="Flytt spor.jpg opp").click()
    expect(_rows(side).first).to_contain_text("spor.jpg")
    side.get_by_role("button", name="Ferdig").click()
    side.wait_for_url(re.compile(r"#notat-\d+$"))
    notat = side.locator("article", has_text="Barna la pinner i rekke.").last
    expect(notat.locator("img").last).to_have_attribute("alt", "Pinner i snø")
    expect(notat.locator("img").first).to_have_js_property("complete", True)
    check_page(side)


def test_what_cannot_be_taken_is_told_at_its_own_row_and_the_rest_is_kept(
    lesere: Lesere, tmp_path: Path
):
    side = _entry(lesere, "Vi filmet turen.")
    film = tmp_path / "turen.mp4"
    with film.open("wb") as ut:
        ut.write(b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2")
        ut.truncate(300 * 1024 * 1024)
    plakat = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(plakat, "PNG")
    sendt: list[str] = []
    side.on("request", lambda r: sendt.append(r.url) if r.url.endswith("/filer/") else None)
    # The server's own no of what only it can see.
    lesere.allow(side, "status of 422")

    _add(side, film)
    _add(side, _file("IMG_7.HEIC", b"x" * 99))
    expect(side.get_by_text("«turen.mp4» er 300 MB, og grensen er 200 MB.")).to_be_visible()
    expect(side.get_by_text("«IMG_7.HEIC» er i formatet HEIC")).to_be_visible()
    assert sendt == []

    _add(
        side,
        _file("plan.docx", b"MZ\x90\0" + b"\0" * 200),
        _file("plakat.png", plakat.getvalue()),
        _file("spor.jpg", _picture("teal")),
    )
    expect(_rows(side)).to_have_count(1)
    expect(side.get_by_text("«plan.docx» er ikke det endelsen sier.")).to_be_visible()
    expect(side.get_by_text("Bildet har for mange bildepunkter.")).to_be_visible()
    check_page(side)
    side.get_by_role("button", name="Avbryt plan.docx").click()
    expect(side.get_by_text("plan.docx")).to_have_count(0)

    # What the browser lets through when it runs no script, the server tells of too.
    side.goto(f"{side.url.split('?')[0]}filer/")
    side.get_by_label("Filer", exact=True).set_input_files(film)
    side.get_by_role("button", name="Legg ved").click()
    expect(side.locator("main")).to_contain_text(
        "Fila er for stor. «turen.mp4» er 300 MB, og grensen er 200 MB."
    )
    check_page(side)


def test_a_picture_waits_for_the_network_and_goes_when_it_is_back(lesere: Lesere):
    side = _entry(lesere, "Vi fant spor.")
    wait_for_saved(side)
    lesere.allow(side, UTEN_NETT)
    side.context.set_offline(True)
    _add(side, _file("spor.jpg", _picture("navy")))
    expect(side.get_by_text("Ingen kontakt. Fila ligger klar her")).to_be_visible()

    side.context.set_offline(False)

    expect(_rows(side)).to_have_count(1)
    check_page(side)


def test_a_film_that_somebody_made_can_be_played_and_wound(lesere: Lesere, tmp_path: Path):
    """Recorded by the browser itself, so that it is a real one."""
    side = _entry(lesere, "Vi filmet.")
    opptak = side.evaluate(
        """async () => {
          const lerret = document.createElement("canvas");
          lerret.width = lerret.height = 64;
          const strek = lerret.getContext("2d");
          const film = new MediaRecorder(lerret.captureStream(10), { mimeType: "video/webm" });
          const biter = [];
          film.ondataavailable = (hendelse) => biter.push(hendelse.data);
          const ferdig = new Promise((ok) => (film.onstop = ok));
          film.start();
          for (let nr = 0; nr < 15; nr++) {
            strek.fillStyle = nr % 2 ? "teal" : "olive";
            strek.fillRect(0, 0, 64, 64);
            await new Promise((ok) => setTimeout(ok, 100));
          }
          film.stop();
          await ferdig;
          return [...new Uint8Array(await new Blob(biter).arrayBuffer())];
        }"""
    )
    _add(side, _file("tur.webm", bytes(opptak)))
    film = _rows(side).locator("video")
    expect(film).to_be_visible()
    expect(side.get_by_text("Er det ansikter i filmen?")).to_be_visible()
    bredde = film.evaluate(
        """async (film) => {
          if (film.readyState < 1) await new Promise((ok) => (film.onloadedmetadata = ok));
          return film.videoWidth;
        }"""
    )
    assert bredde == 64
    svar = side.context.request.get(film.evaluate("f => f.src"), headers={"Range": "bytes=10-19"})
    assert (svar.status, svar.body()) == (206, bytes(opptak)[10:20])
    check_page(side)


def test_a_real_document_goes_through(lesere: Lesere):
    side = _entry(lesere, "Vi la ved planen.")
    ut = io.BytesIO()
    with zipfile.ZipFile(ut, "w") as arkiv:
        arkiv.writestr("[Content_Types].xml", "<Types/>")
        arkiv.writestr("word/document.xml", "<w/>")
    _add(side, _file("plan.docx", ut.getvalue()))

    expect(_rows(side)).to_have_count(1)
    expect(side.get_by_text("Er det ansikter")).to_have_count(0)
