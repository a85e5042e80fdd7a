"""An autumn between two gatherings, by those who live it: a unit's leader on a phone, in both written forms, with the
rest of the group, the kommune and another unit; a week of the kommune; a week of who answers for a track. Each
function is a step that one of them takes."""

import datetime
import gettext
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from playwright.sync_api import Error, Locator, Page, expect

from kommuner.gyldighet import idag
from tests.nettleser import pdftekst
from tests.nettleser.lesere import Lesere
from tests.nettleser.portal import Portal
from tests.nettleser.steg import (
    check_archivable,
    fetch_pdf,
    open_what_waits,
    read_code,
    wait_for_saved,
)
from tests.nettleser.vakt import TELEFON, UTEN_NETT, check_page, show

ROT = Path(__file__).resolve().parents[2]
DAG = datetime.timedelta(days=1)
# The demo's leader, and who follows up the units of the kommune.
LEDER = "enhetsleder@demo.example"
KOMMUNEN = "Torbjørn Fyrland"

INGENTING_VENTER = "() => !Object.keys(localStorage).some((navn) => navn.startsWith('kladd:'))"

Si = Callable[[str], str]


def _words(maalform: str) -> Si:
    """What the portal says, in the written form one reads it in."""
    if maalform == "nb":
        return str
    with (ROT / f"locale/{maalform}/LC_MESSAGES/django.mo").open("rb") as fil:
        return gettext.GNUTranslations(fil).gettext


@dataclass(frozen=True)
class Historie:
    """What the unit does this autumn, in its own words."""

    oppdrag: str
    plan: str
    skjedde: str
    merket: str
    deltok: str
    rettet: str
    lederens: str
    laererens: str
    steg: tuple[tuple[str, str], ...]
    ros: str
    svar: str
    tittel: str
    sok: str


HISTORIER = {
    "nb": Historie(
        oppdrag="Mål verden med kroppen",
        plan="Vi måler gangen med føttene.",
        skjedde="Barna bygde et måletårn av esker. Alle ville måle seg mot det.",
        merket="De som er stille i ringen, førte ordet ved tårnet.",
        deltok="2 ansatte, 14 barn eller elever",
        rettet="Barna bygde et måletårn av esker og målte seg mot det hele uka.",
        lederens="De minste sto øverst.",
        laererens="Vi tegnet streker på veggen.",
        steg=(
            ("Lage flere esker", "Oss"),
            ("Vise oss gode målespill", "PPT"),
            ("Låne oss bussen til skogen", "Kommunen"),
        ),
        ros="Så fint at de stille fikk ordet.",
        svar="Takk! Vi bygger videre på mandag.",
        tittel="Vi bygde et måletårn",
        sok="måletårnene",
    ),
    "nn": Historie(
        oppdrag="Mål verda med kroppen",
        plan="Vi måler gangen med føtene.",
        skjedde="Borna bygde ei vektskål av bøtter. Alle ville vege steinar.",
        merket="Dei som er stille i ringen, førte ordet ved vekta.",
        deltok="2 tilsette, 14 barn eller elevar",
        rettet="Borna bygde ei vektskål av bøtter og vog steinar heile veka.",
        lederens="Dei minste stod øvst.",
        laererens="Vi teikna strekar på veggen.",
        steg=(
            ("Finne fleire bøtter", "Oss"),
            ("Vise oss gode vegespel", "PPT"),
            ("Låne oss bussen til fjøra", "Kommunen"),
        ),
        ros="Så fint at dei stille fekk ordet.",
        svar="Takk! Vi byggjer vidare på måndag.",
        tittel="Vi laga vektskåler",
        sok="vektskåla",
    ),
}


# --- who they are


@dataclass(frozen=True)
class Leder:
    """The unit's leader, with the portal on a phone in the written form that is theirs."""

    side: Page
    si: Si
    maalform: str

    @property
    def historie(self) -> Historie:
        return HISTORIER[self.maalform]

    def link(self, navn: str) -> Locator:
        return self.side.get_by_role("link", name=self.si(navn), exact=True)

    def button(self, navn: str) -> Locator:
        return self.side.get_by_role("button", name=self.si(navn), exact=True)

    def field(self, navn: str) -> Locator:
        return self.side.get_by_label(self.si(navn))

    def check(self) -> None:
        check_page(self.side, spraak=self.maalform)
        show(self.side, TELEFON)

    def check_others(self, side: Page) -> None:
        """What somebody else reads is the same in both autumns: looked over in one of them."""
        if self.maalform == "nb":
            check_page(side)


def _choose_language(side: Page, navn: str, maalform: str) -> None:
    """In one's own menu, as it is for this person from now on."""
    side.goto("/nordmore/hjem/")
    meny = side.locator("details.app-nedtrekk", has=side.locator(".app-nedtrekk__spraak"))
    meny.locator("> summary").click()
    meny.get_by_role("button", name=navn).click()
    expect(side.locator("html")).to_have_attribute("lang", maalform)


@pytest.fixture(params=["nb", "nn"])
def leder(lesere: Lesere, request: pytest.FixtureRequest) -> Iterator[Leder]:
    """The demo's leader; the written form is given back when the autumn is over."""
    maalform: str = request.param
    side = lesere.gjest(has_touch=True)
    lesere.allow(side, UTEN_NETT)
    lesere.sign_in(side, "enhetsleder")
    show(side, TELEFON)
    if maalform == "nn":
        _choose_language(side, "Nynorsk", "nn")
    yield Leder(side, _words(maalform), maalform)
    if maalform == "nn":
        side.context.set_offline(False)
        _choose_language(lesere.open(side.context), "Bokmål", "nb")


def _sign_in_by_code(lesere: Lesere, epost: str) -> Page:
    """Somebody who is not among the demo's few, at home."""
    side = lesere.gjest("/nordmore/hjem/")
    side.get_by_label("E-post").fill(epost)
    side.get_by_role("button", name="Send meg en kode").click()
    side.get_by_text("E-posten er sendt").wait_for()
    side.get_by_label("Kode").fill(read_code(lesere.gjest(), epost))
    side.get_by_role("button", name="Logg inn", exact=True).click()
    side.wait_for_url("**/hjem/")
    return side


def _another_leader(lesere: Lesere, oppdrag: str) -> Page:
    """The leader of another unit that got the assignment by e-mail, when the worker has sent it."""
    post = lesere.gjest()
    brevene = post.locator("a.app-kortliste__rad", has_text=oppdrag)
    adresser: set[str] = set()
    for _forsok in range(60):
        post.goto("/demo/post/?til=@")
        adresser = set(re.findall(r"Til (\S+@\S+)", "\n".join(brevene.all_inner_texts()))) - {LEDER}
        if adresser:
            break
        post.wait_for_timeout(500)
    return _sign_in_by_code(lesere, min(adresser))


def _leader_of(koordinator: Page, gruppe: str) -> str:
    """The address of the first in a group."""
    koordinator.goto("/nordmore/grupper/")
    koordinator.get_by_role("link", name=re.compile(rf"^{gruppe}\b")).click()
    epost = koordinator.locator("a[href^='mailto:']").first
    return str(epost.get_attribute("href")).removeprefix("mailto:")


# --- the assignment, and a plan


def _give(side: Page, tittel: str) -> None:
    """The koordinator asks the units of a kommune, with the deadline that is nearest."""
    side.goto("/nordmore/oppdrag/ny/")
    side.get_by_label("Tittel").fill(tittel)
    side.get_by_label("Hva skal gjøres?").fill("Mål noe uten linjal, og skriv ned det dere ser.")
    side.locator("[name=frist]").fill((idag() + 3 * DAG).isoformat())
    side.get_by_label("Læringsløype").select_option(label="Matematikk")
    side.get_by_label("Averøy").check()
    side.get_by_role("button", name="Se over og gi").click()
    side.get_by_role("button", name="Gi oppdraget").click()
    expect(side.locator(".app-ma-oppdrag", has_text=tittel)).to_be_visible()


def _open_from_home(leder: Leder) -> str:
    """The assignment is the biggest thing on the home page, and leads to the unit's own log: its address."""
    side = leder.side
    side.goto("/nordmore/hjem/")
    stort = side.locator("article.app-gjoremaal--stor")
    expect(stort).to_have_count(1)
    expect(stort).to_contain_text(leder.historie.oppdrag)
    leder.check()
    stort.get_by_role("link").first.click()
    side.wait_for_url(re.compile(r"/mellomarbeid/\d+/"))
    expect(side.get_by_role("heading", level=1, name=leder.historie.oppdrag)).to_be_visible()
    leder.check()
    return side.url


def _plan(leder: Leder) -> None:
    """Something for tomorrow."""
    leder.link(" ".join(map(leder.si, ("Skriv", "i", "Planlegge")))).click()
    leder.field("Fortell").fill(leder.historie.plan)
    leder.side.locator("[name=dato]").fill((idag() + DAG).isoformat())
    wait_for_saved(leder.side)
    leder.check()
    leder.button("Ferdig").click()
    expect(leder.side.get_by_text(leder.historie.plan)).to_be_visible()


def _say_what_came_of_it(leder: Leder) -> None:
    """One tap on the home page."""
    side = leder.side
    side.goto("/nordmore/hjem/")
    spoersmaal = side.locator("article", has_text=leder.si("Ble det noe av?"))
    expect(spoersmaal).to_contain_text(leder.historie.plan)
    leder.check()
    spoersmaal.get_by_role("button", name=re.compile(f"^{leder.si('Ja')}")).click()
    side.wait_for_url("**/logg/**")
    expect(leder.field("Fortell")).to_have_value(leder.historie.plan)
    side.goto("/nordmore/hjem/")
    expect(side.get_by_role("heading", level=1)).to_be_visible()
    expect(spoersmaal).to_have_count(0)


# --- what happened


def _write(leder: Leder, arbeid: str) -> str:
    """What happened, with figures, two pictures from the camera, a link and what comes next. The entry's address."""
    side, historie = leder.side, leder.historie
    side.goto(arbeid)
    leder.link("Hva skjedde?").click()
    leder.field("Fortell").fill(historie.skjedde)
    for nr, farge in enumerate(("seagreen", "peru"), start=1):
        _photograph(leder, f"esker-{nr}.jpg", farge)
    _unfold(leder, "Hvem var med, og hvor lenge?")
    for felt, tall in (("Ansatte", 2), ("Barn eller elever", 14), ("Minutter", 45)):
        leder.field(felt).fill(str(tall))
    _unfold(leder, "Neste steg")
    for nr, (hva, hvem) in enumerate(historie.steg):
        rad = side.locator("[data-rader=steg] [data-rad]").nth(nr)
        rad.get_by_label(leder.si("Hva"), exact=True).fill(hva)
        rad.get_by_label(leder.si("Hvem"), exact=True).select_option(label=leder.si(hvem))
        # What others are asked is wanted first.
        frist = idag() + (5 * DAG if hvem == "Oss" else DAG)
        rad.locator("[name$=frist]").fill(frist.isoformat())
    _unfold(leder, "Lenker")
    leder.field("Lenke").first.fill("https://www.udir.no/esker")
    wait_for_saved(side)
    leder.check()
    return side.url


def _unfold(leder: Leder, navn: str) -> None:
    leder.side.locator("summary").filter(
        has_text=re.compile(rf"^\s*{re.escape(leder.si(navn))}\s*$")
    ).click()


def _photograph(leder: Leder, navn: str, farge: str) -> None:
    bilde = io.BytesIO()
    Image.new("RGB", (640, 480), farge).save(bilde, "JPEG")
    with leder.side.expect_file_chooser() as kamera:
        leder.button("Ta bilde").click()
    kamera.value.set_files({"name": navn, "mimeType": "image/jpeg", "buffer": bilde.getvalue()})
    expect(leder.side.locator("li[data-fil]", has_text=navn)).to_be_visible()


def _go_on_without_network(lesere: Lesere, leder: Leder, adresse: str) -> Leder:
    """In the middle of the text the network goes. More is typed, the page cannot be loaded anew and is closed, and
    when it is opened with the network back, all is there."""
    side, historie = leder.side, leder.historie
    side.context.set_offline(True)
    leder.field("Hva la vi merke til?").fill(historie.merket)
    leder.field("Minutter").fill("60")
    status = side.locator("[data-autolagre-status]")
    expect(status).to_have_attribute("data-tilstand", "venter")
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        side.reload()
    side.close(run_before_unload=False)

    side.context.set_offline(False)
    igjen = Leder(lesere.open(side.context), leder.si, leder.maalform)
    lesere.allow(igjen.side, UTEN_NETT)
    show(igjen.side, TELEFON)
    igjen.side.goto(adresse)
    expect(igjen.field("Fortell")).to_have_value(historie.skjedde)
    expect(igjen.field("Hva la vi merke til?")).to_have_value(historie.merket)
    expect(igjen.field("Minutter")).to_have_value("60")
    # Nothing waits in the browser any more: the portal has it.
    igjen.side.wait_for_function(INGENTING_VENTER)
    igjen.side.reload()
    expect(igjen.field("Hva la vi merke til?")).to_have_value(historie.merket)
    expect(igjen.field("Minutter")).to_have_value("60")
    expect(igjen.field("Lenke").first).to_have_value("https://www.udir.no/esker")
    stegene = igjen.side.locator("[data-rader=steg]").get_by_label(leder.si("Hva"), exact=True)
    for nr, (hva, _hvem) in enumerate(historie.steg):
        expect(stegene.nth(nr)).to_have_value(hva)
    expect(igjen.side.locator("li[data-fil]")).to_have_count(2)
    return igjen


def _write_at_once(lesere: Lesere, leder: Leder, adresse: str) -> None:
    """A second of the group in the same entry: each sees that the other is there, and neither loses a word."""
    historie = leder.historie
    laerer = lesere.som("gruppemedlem", adresse)
    expect(laerer.locator("[data-tilstede]")).to_contain_text("Åse skriver her nå")
    felles = laerer.get_by_label("Fortell")
    expect(felles).to_have_value(historie.skjedde)
    min_, deres = (
        f"{historie.skjedde} {historie.lederens}",
        f"{historie.skjedde} {historie.laererens}",
    )
    leder.field("Fortell").fill(min_)
    wait_for_saved(leder.side)
    felles.fill(deres)
    konflikt = laerer.locator("[data-autolagre-konflikt]")
    expect(konflikt).to_contain_text(min_)
    expect(felles).to_have_value(deres)
    leder.check_others(laerer)
    begge = f"{min_} {historie.laererens}"
    felles.fill(begge)
    konflikt.get_by_role("button", name="Lagre teksten min").click()
    expect(laerer.get_by_text(begge)).to_be_visible()
    leder.side.reload()
    expect(leder.field("Fortell")).to_have_value(begge)


def _answer_about_faces(leder: Leder) -> None:
    """Of one picture that nobody is seen, of the other that those who are seen have said yes. Then the entry is
    done, and is read as it was written."""
    ingen, noen = (leder.side.locator("li[data-fil]", has_text=f"esker-{nr}.jpg") for nr in (1, 2))
    ingen.get_by_role("button", name=leder.si("Nei, ingen")).click()
    expect(ingen).to_contain_text(leder.si("Endre svaret"))
    noen.get_by_role("button", name=leder.si("Ja"), exact=True).click()
    noen.get_by_role("checkbox").check()
    noen.get_by_role("button", name=leder.si("Vi har samtykke")).click()
    expect(noen).to_contain_text(leder.si("Endre svaret"))
    leder.check()
    leder.button("Ferdig").click()
    notat = leder.side.locator(".app-ma-post", has_text=leder.historie.skjedde)
    for ordene in (leder.historie.merket, leder.historie.deltok, "1 time", "udir.no/esker"):
        expect(notat).to_contain_text(ordene)


def _see_what_is_asked(lesere: Lesere, leder: Leder, koordinator: Page) -> None:
    """What comes next stands on the home page of whom it was asked of, and the leader's own on theirs."""
    eget, av_ppt, av_kommunen = (hva for hva, _hvem in leder.historie.steg)
    leder.side.goto("/nordmore/hjem/")
    expect(leder.side.locator("article", has_text=eget)).to_be_attached()
    hos_ppt = _sign_in_by_code(lesere, _leader_of(koordinator, "PPT"))
    for side, hva in ((hos_ppt, av_ppt), (lesere.som("kommune", "/nordmore/hjem/"), av_kommunen)):
        steget = side.locator("article", has_text=hva)
        expect(steget).to_contain_text("trenger dere")
        leder.check_others(side)
    steget.get_by_role("button", name=re.compile("^Gjort")).click()
    expect(side.get_by_text("Krysset av som gjort.", exact=True)).to_be_visible()


# --- delivered


def _deliver(leder: Leder, arbeid: str) -> None:
    leder.side.goto(arbeid)
    leder.button("Lever mellomarbeidet").click()
    expect(
        leder.side.get_by_role("heading", name=leder.si("Takk! Mellomarbeidet er levert."))
    ).to_be_visible()


def _mend(leder: Leder, arbeid: str) -> None:
    """Taken back, one sentence mended, delivered again."""
    _deliver(leder, arbeid)
    leder.check()
    leder.button("Åpne igjen").click()
    notat = leder.side.locator(".app-ma-post", has_text=leder.historie.skjedde)
    notat.locator("a[href*='/logg/']").click()
    leder.field("Fortell").fill(leder.historie.rettet)
    wait_for_saved(leder.side)
    leder.button("Ferdig").click()
    expect(leder.side.get_by_text(leder.historie.rettet)).to_be_visible()
    _deliver(leder, arbeid)
    expect(leder.side.get_by_text(leder.historie.rettet)).to_be_visible()


def _talk_it_over(lesere: Lesere, leder: Leder, arbeid: str) -> None:
    """The kommune has read it and says so; the leader replies from the home page; the kommune sees the reply."""
    kommune = lesere.som("kommune", arbeid)
    kommune.get_by_role("button", name="Jeg har lest dette").click()
    kommune.get_by_label("Hva vil du si?").fill(leder.historie.ros)
    kommune.get_by_role("button", name="Send tilbakemelding").click()
    expect(kommune.locator("#traad")).to_contain_text("Enheten har ikke svart")

    side = leder.side
    side.goto("/nordmore/hjem/")
    svar = side.locator("section[aria-labelledby=svar-til-deg] li", has_text=leder.historie.ros)
    expect(svar).to_be_visible()
    leder.check()
    svar.get_by_role("link", name=f"{leder.si('Svar')} {KOMMUNEN}").click()
    traad = side.locator("#traad")
    expect(traad).to_contain_text(f"{leder.si('Lest av')} {KOMMUNEN}")
    leder.field("Hva vil du si?").fill(leder.historie.svar)
    leder.button("Svar").click()
    expect(traad).to_contain_text(leder.historie.svar)
    leder.check()
    side.goto("/nordmore/hjem/")
    expect(side.get_by_role("heading", level=1)).to_be_visible()
    expect(svar).to_have_count(0)

    kommune.reload()
    expect(kommune.locator("#traad")).to_contain_text("Enheten har svart")
    expect(kommune.locator("#traad")).to_contain_text(leder.historie.svar)


# --- told to the others


def _share(leder: Leder, arbeid: str) -> str:
    """A shortened version with one of the pictures. The address of what is told."""
    side = leder.side
    side.goto(arbeid)
    leder.link("Del med hele nettverket").click()
    leder.field("Tittel").fill(leder.historie.tittel)
    fortellingen = leder.field("Fortellingen").first
    expect(fortellingen).to_have_value(re.compile(re.escape(leder.historie.merket)))
    fortellingen.fill(leder.historie.merket)
    bilder = side.locator(".app-bildevalg").get_by_role("checkbox")
    expect(bilder).to_have_count(2)
    bilder.first.check()
    leder.check()
    leder.button("Del med hele nettverket").click()
    side.wait_for_url(re.compile(r"/praksis/\d+/$"))
    expect(side.get_by_role("heading", level=1, name=leder.historie.tittel)).to_be_visible()
    expect(side.locator("figure img")).to_have_count(1)
    leder.check()
    return side.url


def _take_into_use(leder: Leder, annen: Page) -> None:
    """Found by another form of a word in it, and planned in the log of one's own unit."""
    historie = leder.historie
    annen.goto("/nordmore/praksis/")
    annen.get_by_label("Søk", exact=True).fill(historie.sok)
    annen.keyboard.press("Enter")
    kortet = annen.locator(".app-praksiskort", has_text=historie.tittel)
    expect(kortet).to_be_visible()
    leder.check_others(annen)
    kortet.get_by_role("link", name=historie.tittel).click()
    expect(annen.locator("figure img")).to_have_js_property("complete", True)
    annen.get_by_role("link", name="Bruk hos oss").click()
    annen.get_by_label(historie.oppdrag).check()
    leder.check_others(annen)
    annen.get_by_role("button", name="Planlegg ideen").click()
    expect(annen.get_by_text("Ideen er planlagt i loggen deres.")).to_be_visible()


def _see_that_it_is_used(leder: Leder, fortelling: str) -> None:
    side = leder.side
    side.goto("/nordmore/hjem/")
    brukt = side.locator("section[aria-labelledby=praksis-brukt]")
    expect(brukt).to_contain_text(leder.historie.tittel)
    brukt.get_by_role("link", name=leder.historie.tittel).click()
    expect(side).to_have_url(fortelling)
    expect(side.locator("section[aria-labelledby=brukt]")).to_be_visible()
    leder.check()


def test_a_unit_leaders_autumn_on_a_phone(lesere: Lesere, portal: Portal, leder: Leder):
    historie = leder.historie
    koordinator = lesere.som("koordinator")
    _give(koordinator, historie.oppdrag)
    arbeid = _open_from_home(leder)
    _plan(leder)
    portal.let_planned_day_pass(int(re.findall(r"\d+", arbeid)[-1]))
    _say_what_came_of_it(leder)

    notat = _write(leder, arbeid)
    leder = _go_on_without_network(lesere, leder, notat)
    _write_at_once(lesere, leder, notat)
    _answer_about_faces(leder)
    _see_what_is_asked(lesere, leder, koordinator)

    _mend(leder, arbeid)
    _talk_it_over(lesere, leder, arbeid)
    fortelling = _share(leder, arbeid)
    _take_into_use(leder, _another_leader(lesere, historie.oppdrag))
    _see_that_it_is_used(leder, fortelling)


def _download(side: Page, lenke: str) -> openpyxl.Workbook:
    """A spreadsheet, as it lands on the reader's machine, opened."""
    with side.expect_download() as nedlasting:
        side.get_by_role("link", name=lenke).click()
    assert nedlasting.value.suggested_filename.endswith(".xlsx")
    return openpyxl.load_workbook(io.BytesIO(nedlasting.value.path().read_bytes()))


# --- a week of the kommune

ENHETEN = "Steinbitneset skole"
SLIK_ER_DET = "Klubben velger ny tillitsvalgt i desember."
ROS = "Dette må dere vise fram"
HILSEN = "Takk for alt dere deler. Jeg kommer gjerne innom en dag."
SAMTALE = "Vi ble enige om at gruppa møtes annenhver uke."


def _say_how_it_is(lesere: Lesere) -> None:
    """The unit has seen its signal first, and says how it is."""
    side = lesere.som("enhetsleder", "/nordmore/hjem/")
    side.get_by_role("link", name=re.compile("Ledig rolle i gruppa: tillitsvalgt")).click()
    side.locator("summary", has_text=re.compile("Ledig rolle i gruppa: tillitsvalgt")).click()
    svaret = side.locator("details[open]", has_text="Ledig rolle i gruppa: tillitsvalgt")
    svaret.get_by_label("Slik er det").fill(SLIK_ER_DET)
    svaret.get_by_role("button", name="Lagre svaret").click()
    expect(side.get_by_text("Svaret er lagret.")).to_be_visible()


def _units(side: Page) -> list[str]:
    """Those whom the matrix shows, in its order."""
    return side.locator(".app-matrise tbody th").all_inner_texts()


def _look_over(side: Page) -> None:
    """From home to the matrix of units and assignments: sorted, narrowed, and taken along as a spreadsheet."""
    check_page(side)
    side.get_by_role("link", name="Se alt mellomarbeid").click()
    side.get_by_role("link", name="Alle enheter og oppdrag").click()
    expect(side.get_by_role("heading", level=1, name="Alle enheter og oppdrag")).to_be_visible()
    alle = _units(side)
    assert ENHETEN in alle
    check_page(side)

    side.get_by_label("Rekkefølge").select_option(label="Lengst siden aktivitet")
    radene = side.locator(".app-matrise tbody th")
    expect(radene).not_to_have_text(alle)
    assert sorted(_units(side)) == sorted(alle)
    side.get_by_label("Type").select_option(label="Grunnskoler")
    expect(radene.filter(has_text="barnehage")).to_have_count(0)
    brikken = side.locator(".app-brikke", has_text=re.compile("^Levert"))
    antall = int(brikken.locator(".app-brikke__antall").inner_text())
    brikken.click()
    expect(radene).to_have_count(antall)
    expect(radene.filter(has_text=ENHETEN)).to_have_count(1)
    check_page(side)
    _take_along(side, _units(side))


def _take_along(side: Page, enhetene: list[str]) -> None:
    """The spreadsheet opens, and has the units that are shown, in their order."""
    ark = _download(side, "Excel").worksheets[0]
    rader = [[str(verdi or "") for verdi in rad] for rad in ark.iter_rows(values_only=True)]
    i_arket = [verdi for rad in rader for verdi in rad if verdi in enhetene]
    assert i_arket == enhetene


def _reply(side: Page) -> None:
    """Opens what the unit has delivered, and names its leader after an @."""
    rad = side.locator(".app-matrise tbody tr", has_text=ENHETEN)
    rad.get_by_role("link", name=re.compile("^(Levert|Delt)")).last.click()
    traad = side.locator("#traad")
    expect(traad).to_be_visible()
    check_page(side)
    # Who spoke last has read what stands above.
    expect(traad.get_by_role("button", name="Jeg har lest dette")).to_have_count(0)
    felt = traad.get_by_label("Hva vil du si?")
    felt.press_sequentially(f"{ROS}, @Åse")
    forslag = traad.get_by_role("listbox").get_by_role("option", name="Åse Skoddeheim")
    expect(forslag).to_be_visible()
    felt.press("Enter")
    expect(felt).to_have_value(f"{ROS}, @Åse Skoddeheim ")
    traad.get_by_role("button", name="Send tilbakemelding").click()
    expect(traad).to_contain_text("Nevner Åse Skoddeheim")
    check_page(side)


def _support(side: Page) -> None:
    """What the unit has said, a greeting seen as a letter before it goes, and a note of a talk."""
    side.goto("/nordmore/mellomarbeid/matrise/")
    side.get_by_role("link", name="Støttelinsen").click()
    rad = side.locator(".app-stoette > li", has_text=ENHETEN)
    expect(rad).to_contain_text(SLIK_ER_DET)
    check_page(side)
    rad.get_by_role("link", name=re.compile("^Send en hilsen")).click()
    side.get_by_label("Hva vil du si?").fill(HILSEN)
    side.get_by_role("button", name="Se e-posten").click()
    send = side.get_by_role("button", name=re.compile(r"^Send \d+ e-post"))
    expect(send).to_be_visible()
    expect(side.locator(".app-prosa", has_text=HILSEN)).to_be_visible()
    check_page(side)
    send.click()
    expect(side.get_by_text("Hilsenen blir sendt.")).to_be_visible()
    side.get_by_role("link", name=re.compile("^Noter samtale")).click()
    side.get_by_label("Hva ble dere enige om?").fill(SAMTALE)
    check_page(side)
    side.get_by_role("button", name="Lagre", exact=True).click()
    gjort = side.locator(".app-stoette__gjort")
    for ordene in (HILSEN, SAMTALE, SLIK_ER_DET):
        expect(side.get_by_role("main")).to_contain_text(ordene)
    expect(gjort).to_contain_text("Hilsen sendt")
    check_page(side)


def test_a_week_of_the_kommune(lesere: Lesere):
    _say_how_it_is(lesere)
    side = lesere.som("kommune", "/nordmore/hjem/")
    _look_over(side)
    _reply(side)
    _support(side)

    leder = lesere.som("enhetsleder", "/nordmore/hjem/")
    svaret = leder.locator("section[aria-labelledby=svar-til-deg] li", has_text=ROS)
    expect(svaret).to_be_visible()
    svaret.get_by_role("button", name="Jeg har lest dette").click()
    expect(leder.get_by_role("heading", level=1)).to_be_visible()
    expect(svaret).to_have_count(0)


# --- a week of who answers for a track

LOYPA = "/nordmore/laeringsloyper/matematikk/"
MODULEN = "Feil som gjør oss klokere"
FORMAAL = "Feilen er en dør, og barna finner ut hvor den fører."
SVARET = "Vi spurte «hva tenkte du da?» og fikk fem forklaringer."


def _edit_module(side: Page) -> str:
    """Its words where they stand, a resource, and a book whose ISBN is refused until it is right. Its address."""
    side.goto(LOYPA)
    side.get_by_role("link", name=f"Endre {MODULEN}").click()
    side.get_by_label("Formål").fill(FORMAAL)
    check_page(side)
    side.get_by_role("button", name="Lagre", exact=True).click()
    expect(side.get_by_text(FORMAAL)).to_be_visible()
    side.get_by_role("link", name=MODULEN, exact=True).first.click()
    expect(side.get_by_role("heading", level=1, name=MODULEN)).to_be_visible()
    modulen = side.url

    side.get_by_role("link", name=re.compile("^Legg til ressurs")).click()
    side.get_by_label("Tittel").fill("Samtaler om feil")
    side.get_by_label("Lenke").fill("https://www.matematikksenteret.no/feil")
    side.get_by_role("button", name="Legg til", exact=True).click()
    expect(side.get_by_role("link", name="Samtaler om feil", exact=True)).to_be_visible()
    side.get_by_role("link", name=re.compile("^Legg til på leselista")).click()
    side.get_by_label("Forfatter").fill("Jo Boaler")
    side.get_by_label("Tittel").fill("Limitless Mind")
    side.get_by_label("ISBN").fill("978-0-06-285174-0")
    side.get_by_role("button", name="Legg til", exact=True).click()
    expect(side.get_by_role("link", name=re.compile("ikke et gyldig ISBN"))).to_be_visible()
    check_page(side)
    side.get_by_label("ISBN").fill("978-0-06-285174-1")
    side.get_by_role("button", name="Legg til", exact=True).click()
    expect(side.get_by_text("9780062851741")).to_be_visible()
    expect(side).to_have_url(modulen)
    check_page(side)
    return modulen


def _give_the_proposal(side: Page) -> int:
    """What the module proposes, to those of a kommune who follow the track: how many units get it."""
    side.get_by_role("link", name="Gi forslaget som oppdrag").click()
    expect(side.get_by_label("Tittel")).to_have_value(MODULEN)
    side.locator("[name=frist]").fill((idag() + 10 * DAG).isoformat())
    tallet = side.locator("#mottakere-tall strong")
    alle = tallet.inner_text()
    side.get_by_label("Averøy").check()
    expect(tallet).not_to_have_text(alle)
    antall = int(tallet.inner_text().split()[0])
    check_page(side)
    side.get_by_role("button", name="Se over og gi").click()
    expect(side.get_by_text(f"{antall} enheter får oppdraget.")).to_be_visible()
    check_page(side)
    side.get_by_role("button", name="Gi oppdraget").click()
    expect(side.get_by_text(f"Oppdraget er gitt til {antall} enheter.")).to_be_visible()
    return antall


def _answer(side: Page) -> None:
    """A unit's leader, just signed in, writes a note and delivers."""
    open_what_waits(side, MODULEN)
    if "/logg/" not in side.url:
        side.get_by_role("link", name="Skriv det første notatet").click()
    side.get_by_label("Fortell").fill(SVARET)
    wait_for_saved(side)
    side.get_by_role("button", name="Ferdig").click()
    side.get_by_role("button", name="Lever mellomarbeidet").click()
    expect(side.get_by_role("heading", name="Takk! Mellomarbeidet er levert.")).to_be_visible()


def _read_and_reply(side: Page, modulen: str, enhet: str) -> None:
    side.goto("/nordmore/hjem/")
    expect(side.locator("section[aria-labelledby=levert]")).to_contain_text(enhet)
    check_page(side)
    side.goto(modulen)
    levert = side.locator("section[aria-labelledby=modullevert]")
    check_page(side)
    levert.get_by_role("link", name=re.compile(enhet)).click()
    expect(side.get_by_text(SVARET)).to_be_visible()
    side.get_by_label("Hva vil du si?").fill("Det spørsmålet vil vi låne!")
    side.get_by_role("button", name="Send tilbakemelding").click()
    expect(side.locator("#traad")).to_contain_text("Det spørsmålet vil vi låne!")


def _report(side: Page, modulen: str, antall: int) -> None:
    """The module's report on paper and as a spreadsheet tells what was done in it."""
    side.goto(modulen)
    innhold = fetch_pdf(side, side.get_by_role("link", name="Rapport (PDF)"))
    check_archivable(innhold)
    tekst = " ".join(pdftekst.pages(innhold))
    for ordene in (MODULEN, FORMAAL, "Samtaler om feil", "Limitless Mind", "Averøy"):
        assert ordene in tekst, tekst
    bok = _download(side, "Last ned som Excel")
    assert ("Averøy", antall, 1) in bok["Kommuner"].iter_rows(values_only=True)
    assert "Limitless Mind" in [rad[2] for rad in bok["Leseliste"].iter_rows(values_only=True)]


def test_a_week_of_who_answers_for_a_track(lesere: Lesere):
    side = lesere.som("fagansvarlig")
    modulen = _edit_module(side)
    antall = _give_the_proposal(side)
    leder = _another_leader(lesere, MODULEN)
    enhet = leder.locator("main a[href*='/enheter/']").first.inner_text().split("·")[0].strip()
    _answer(leder)
    _read_and_reply(side, modulen, enhet)
    _report(side, modulen, antall)

    leder.goto("/nordmore/hjem/")
    expect(leder.locator("section[aria-labelledby=svar-til-deg]")).to_contain_text(
        "Det spørsmålet vil vi låne!"
    )
    check_page(leder)
