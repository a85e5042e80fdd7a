"""A whole gathering, from *Ny samling etter denne* to the published summary, by all who take part in it at once.

The coordinator, three unit leaders, one who answers for himself, a substitute, and two desks of which one loses the
network. Each function is a step that one of them takes.
"""

import datetime
import re
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from kommuner.gyldighet import idag
from tests.nettleser.lesere import Lesere
from tests.nettleser.steg import (
    check_archivable,
    expect_network,
    fetch_pdf,
    open_desk,
    read_code,
    tick_in,
    wait_for_saved,
)
from tests.nettleser.vakt import UTEN_NETT, check_page

TITTEL = "Samlingen fra først til sist"
SPOR = "Verksted for barnehagene"
# Three from each of three units, and two pupils.
PLASSER = 11
KOG = "Sverre Måkestad"
FRIST = idag() + datetime.timedelta(days=40)
VEDTAK = "Alle enheter prøver faste tider for observasjon."
OPPFOLGING = "Lage en oversikt over lokalene som kan brukes."
OPPDRAG = "Prøv observasjonsskjemaet"
UFERDIG = "Veien videre"
SKREVET = "Mange var hjemme med influensa."
VARA = ("Vigdis Varamo", "vigdis.varamo@demo.example")


@dataclass
class Leder:
    """A unit leader in a browser of their own, with the form of the group, and whom they answer for."""

    side: Page
    folk: list[str] = field(default_factory=list)


# --- before


def _begin_from_the_last(side: Page) -> str:
    """The last gathering's programme, audience and texts, on another day. The address of the new one."""
    side.goto("/nordmore/samlinger/?vis=tidligere")
    side.locator("main").get_by_role("link").filter(has_text="Trygge fellesskap").first.click()
    side.get_by_role("link", name="Ny samling etter denne").click()
    expect(side.get_by_text("Dette blir med: programmet")).to_be_visible()
    check_page(side)
    side.get_by_label("Tittel").fill(TITTEL)
    for nummer, verdi in enumerate((idag().isoformat(), "00.00", "23.59")):
        side.locator(f"[name=dag_1_{nummer}]").fill(verdi)
    side.locator("[name=paameldingsfrist]").fill(idag().isoformat())
    side.get_by_label("Antall plasser").fill(str(PLASSER))
    side.get_by_role("button", name="Lagre utkast").click()
    side.wait_for_url(re.compile(r"/samlinger/\d+/program/"))
    return side.url.partition("program/")[0]


def _add_a_track(side: Page, samling: str) -> None:
    """One item more, beside another; what those who hold it need, is not in the programme of all."""
    post = side.locator(".app-post", has_text="Verksted: fra observasjon til tiltak")
    klokka = post.locator(".app-post__tid").inner_text().partition("–")[0]
    side.locator(".app-nypost__mer summary").click()
    side.get_by_label("Starter kl.").fill(klokka)
    side.get_by_label("Varighet").fill("75")
    side.get_by_label("Tittel").fill(SPOR)
    side.get_by_label("Ledes av").fill("Sverre Måkestad")
    side.get_by_label("Rom").fill("Biblioteket")
    side.get_by_label("Spor").fill("Barnehage")
    side.get_by_label("Materiell").fill("Tolv lupar")
    side.get_by_label("Interne notater").fill("Hent nøkkelen i resepsjonen.")
    side.get_by_role("button", name="Legg til", exact=True).click()
    side.locator(".app-post", has_text=SPOR).wait_for()
    side.get_by_role("link", name="Kjøreplan", exact=True).click()
    expect(side.locator("main")).to_contain_text("Tolv lupar")
    check_page(side)
    side.goto(f"{samling}program/")
    expect(side.locator("main")).not_to_contain_text("Tolv lupar")


def _publish(side: Page, samling: str) -> None:
    """The page before tells how many get the letter, and shows it."""
    side.goto(f"{samling}publiser/")
    expect(side.locator("main")).to_contain_text(re.compile(r"\d+ får e-post"))
    brevet = side.locator("#mottakere-brev")
    expect(brevet).to_contain_text(f"Meld på gruppa til «{TITTEL}»")
    check_page(side)
    side.get_by_role("button", name="Publiser og inviter").click()
    expect(side.get_by_text("Samlingen er publisert")).to_be_visible()


# --- the letters


def _letter(side: Page, til: str, emne: str) -> str:
    """The newest letter to somebody with these words in its subject, when the worker has sent it."""
    rad = side.locator("a.app-kortliste__rad", has_text=emne)
    for _forsok in range(60):
        side.goto(f"/demo/post/?til={til}")
        if rad.count():
            break
        side.wait_for_timeout(500)
    rad.first.click()
    return side.locator(".app-brev").inner_text()


# --- the answers


def _open_from_letter(lesere: Lesere, post: Page, epost: str) -> Page:
    """Somebody follows the address in their letter, signs in with a code, and is at the form."""
    brevet = _letter(post, epost, f"Meld på gruppa til «{TITTEL}»")
    sti = re.search(r"http://[^/]+(/\S+)", brevet)[1]  # type: ignore[index]
    side = lesere.gjest(sti)
    side.get_by_label("E-post").fill(epost)
    side.get_by_role("button", name="Send meg en kode").click()
    side.get_by_text("E-posten er sendt").wait_for()
    side.get_by_label("Kode").fill(read_code(post, epost))
    side.get_by_role("button", name="Logg inn", exact=True).click()
    side.wait_for_url(f"**{sti}")
    return side


def _at_the_form(side: Page) -> Leder:
    linjer = side.locator("fieldset.app-svar__rad legend")
    return Leder(
        side, linjer.evaluate_all("alle => alle.map((e) => e.firstChild.textContent.trim())")
    )


def _leaders(lesere: Lesere, post: Page, samling: str) -> list[Leder]:
    """Three leaders with their forms open: the one of the demo, and two who came by their letters."""
    ledere = [_at_the_form(lesere.som("enhetsleder", f"{samling}paamelding/"))]
    # Nobody who is in two of the groups, and would count once.
    opptatt = set(ledere[0].folk)
    post.goto("/demo/post/?til=@")
    rader = post.locator("a.app-kortliste__rad", has_text=f"Meld på gruppa til «{TITTEL}»")
    adresser = re.findall(r"Til (\S+@\S+)", "\n".join(rader.all_inner_texts()))
    for epost in adresser:
        if epost == "enhetsleder@demo.example":
            continue
        leder = _at_the_form(_open_from_letter(lesere, post, epost))
        if len(leder.folk) >= 3 and not opptatt & set(leder.folk):
            ledere.append(leder)
            opptatt |= set(leder.folk)
        if len(ledere) == 3:
            break
    return ledere


def _line(leder: Leder, nr: int) -> Locator:
    return leder.side.locator("fieldset.app-svar__rad").nth(nr)


def _choose(leder: Leder, nr: int, svar: str) -> None:
    _line(leder, nr).get_by_text(svar, exact=True).click()


def _fill_in(leder: Leder, *, kommer: int) -> None:
    """So many come, the first of them; the others cannot."""
    for nr in range(kommer, len(leder.folk)):
        _choose(leder, nr, "Kan ikke")


def _answer_at_once(ledere: list[Leder]) -> None:
    """Three forms, pressed in the same instant: one with a substitute, one with pupils, one with neither."""
    med_vara, med_elever, _tredje = ledere
    for leder in ledere:
        _fill_in(leder, kommer=3)
    _choose(med_vara, 1, "Vara")
    for felt, verdi in zip(("Varaens navn", "Varaens e-post"), VARA, strict=True):
        _line(med_vara, 1).get_by_label(felt).fill(verdi)
    check_page(med_vara.side)
    med_elever.side.get_by_text("Elever og foresatte", exact=True).click()
    med_elever.side.get_by_label(re.compile("^Elever")).fill("2")
    for leder in ledere:
        leder.side.get_by_role("button", name="Meld på gruppa").evaluate(
            "knapp => setTimeout(() => knapp.click(), 300)"
        )
    for leder in ledere:
        # Of the group's own: the substitute stands beside.
        selv = 2 if leder is med_vara else 3
        expect(leder.side.get_by_text(re.compile(rf"{selv} av \d kommer")).first).to_be_visible()
    expect(med_vara.side.locator(".app-skinne__svar")).to_contain_text("1 vara")
    med_elever.side.get_by_role("link", name="Endre svaret").click()
    expect(med_elever.side.get_by_text(f"Alle de {PLASSER} plassene er tatt.")).to_be_visible()
    check_page(med_elever.side)


def _wait_for_a_place(side: Page, samling: str) -> None:
    """One who answers for himself comes too late."""
    side.goto(f"{samling}paamelding/")
    side.locator("#eget").locator("..").get_by_role("button", name="Jeg kommer", exact=True).click()
    expect(side.locator(".app-skinne__svar")).to_contain_text("du står på venteliste")
    check_page(side)


def _decline_for_one(leder: Leder) -> None:
    """The last of those who should come, cannot after all."""
    leder.side.get_by_role("link", name="Endre svaret").click()
    _choose(leder, 2, "Kan ikke")
    leder.side.get_by_role("button", name="Lagre svaret").click()
    expect(leder.side.get_by_text(re.compile(r"2 av \d kommer")).first).to_be_visible()


def _read_the_letters(post: Page) -> None:
    """Who came with a group, who came in another's place, and who waited and got in."""
    assert VARA[0].split()[0] in _letter(post, VARA[1], f"Du er påmeldt «{TITTEL}»")
    assert "Program:" in _letter(post, "enhetsleder@demo.example", f"Du er påmeldt «{TITTEL}»")
    _letter(post, "kog@demo.example", "venteliste")
    assert "ledig plass" in _letter(post, "kog@demo.example", f"Du har fått plass på «{TITTEL}»")


# --- the day


def _start(side: Page, samling: str) -> None:
    """What it will do is told before it is done."""
    side.goto(samling)
    side.get_by_role("link", name="Start samlingen").first.click()
    expect(side.get_by_text("Dette skjer:")).to_be_visible()
    check_page(side)
    side.get_by_role("button", name="Start samlingen").click()
    side.wait_for_url(f"{samling}innsjekk/")


def _at_the_door(lesere: Lesere, forste: Page, samling: str, ledere: list[Leder]) -> None:
    """The second desk loses the network, and nobody waits for that. One is ticked in at both desks, one at the
    second and by her own code."""
    andre = lesere.gjest()
    lesere.allow(andre, UTEN_NETT)
    lesere.sign_in(andre, "pro")
    open_desk(andre, samling)
    open_desk(forste, samling)
    andre.context.set_offline(True)
    ledet = [leder.folk[0] for leder in ledere]
    for navn in [*ledet, VARA[0]]:
        tick_in(andre, navn)
    expect_network(andre, "Uten nett: 4 venter på å bli sendt")
    tick_in(forste, ledet[1])
    tick_in(forste, KOG)
    _come_by_code(lesere, ledere[2], samling)
    expect(forste.locator("#oppmoete strong")).to_have_text("3")
    check_page(forste)

    andre.context.set_offline(False)
    expect_network(andre, "Alt er sendt")
    for side in (forste, andre):
        side.bring_to_front()
        expect(side.locator("#oppmoete strong")).to_have_text("5")
        side.reload()
        expect(side.locator("#oppmoete strong")).to_have_text("5")


def _come_by_code(lesere: Lesere, leder: Leder, samling: str) -> None:
    """On a phone where nobody is signed in."""
    leder.side.goto(samling)
    adresse = str(leder.side.locator(".app-skinne__qr").get_attribute("href"))
    telefon = lesere.gjest(re.sub(r"^https?://[^/]+", "", adresse))
    check_page(telefon)
    telefon.get_by_role("button", name="Jeg er her").click()
    expect(telefon.get_by_text("Du er registrert.")).to_be_visible()


def _open_note(side: Page, samling: str, tittel: str) -> None:
    side.goto(f"{samling}program/")
    side.locator(".app-post__tittel", has_text=tittel).click()
    side.get_by_role("link", name=re.compile("Skriv notat|Endre notatet")).click()


def _write_outcome(side: Page, type_: str, tekst: str) -> None:
    side.locator("#utfall-ny").get_by_text(type_, exact=True).click()
    side.get_by_label("Hva kom dere frem til?").fill(tekst)


def _add_outcome(side: Page, tekst: str) -> None:
    side.locator("#utfall-legg-til").click()
    expect(side.locator(".app-utfall__liste")).to_contain_text(tekst)


def _conclude(side: Page, samling: str) -> None:
    """What came of an item: a decision, what a kommune takes on, and what all units are to do."""
    _open_note(side, samling, "Refleksjon i utviklingsgruppene")
    _write_outcome(side, "Beslutning", VEDTAK)
    _add_outcome(side, VEDTAK)
    _write_outcome(side, "Oppfølging", OPPFOLGING)
    side.get_by_label("Hvem følger opp?").select_option(label="Averøy")
    side.locator("[name=frist]").fill(FRIST.isoformat())
    _add_outcome(side, OPPFOLGING)
    _write_outcome(side, "Oppdrag", OPPDRAG)
    _add_outcome(side, OPPDRAG)
    expect(side.locator(".app-utfallrad--oppfolging")).to_contain_text("Averøy, innen")
    check_page(side)


def _give_to_all(side: Page) -> None:
    side.get_by_role("link", name="Gi oppdraget").click()
    side.get_by_label("Tittel").fill(OPPDRAG)
    side.locator("[name=frist]").fill(FRIST.isoformat())
    side.get_by_role("button", name="Se over og gi").click()
    expect(side.locator("main")).to_contain_text("125 enheter får oppdraget.")
    check_page(side)
    side.get_by_role("button", name="Gi oppdraget").click()
    expect(side.locator(".app-kortliste__rad", has_text=OPPDRAG)).to_contain_text("0 av 125 levert")


def _leave_unfinished(side: Page, samling: str) -> None:
    _open_note(side, samling, UFERDIG)
    side.get_by_role("button", name="Ble ikke ferdig").click()
    expect(side.get_by_text("Posten kan tas med til neste samling.")).to_be_visible()


# --- after


def _finish(side: Page, samling: str) -> None:
    side.goto(samling)
    side.get_by_role("link", name="Avslutt samlingen").first.click()
    side.get_by_role("button", name="Avslutt samlingen").click()
    side.wait_for_url(samling)
    expect(side.get_by_text("Oppsummeringen er ikke laget.")).to_be_visible()
    check_page(side)


def _make(side: Page, knapp: str) -> Locator:
    """Order the files, and wait until they are there."""
    side.get_by_role("button", name=knapp).click()
    lenke = side.get_by_role("link", name="Åpne oppsummeringen")
    lenke.wait_for(timeout=90_000)
    return lenke


def _sum_up(side: Page, samling: str) -> None:
    """What was decided stands first; one part is written in, another left out; then PDF and Word."""
    side.goto(f"{samling}oppsummering/")
    _make(side, "Lag oppsummering")
    deler = side.locator(".app-oppsummeringsdel")
    expect(deler.first).to_contain_text(VEDTAK)
    side.locator("#oppmoete").get_by_role("link", name="Skriv").click()
    side.locator("#oppmoete").get_by_label("Tekst").fill(SKREVET)
    wait_for_saved(side)
    check_page(side)
    side.locator("#oppmoete").get_by_role("button", name="Ferdig").click()
    side.locator("#stemmer").get_by_role("button", name="Ta ut").click()
    expect(side.locator("#stemmer")).to_contain_text("Tatt ut")
    expect(side.get_by_text("Noe er endret etter at filene ble laget")).to_be_visible()
    lenke = _make(side, "Lag PDF og Word på nytt")
    check_archivable(fetch_pdf(side, lenke))
    word = side.get_by_role("link", name="Last ned som Word")
    svar = side.request.get(str(word.get_attribute("href")))
    assert svar.ok
    assert svar.body().startswith(b"PK")


def _share(side: Page, samling: str) -> None:
    """Those who were there get one letter and those who were not another; how many, is told before."""
    side.goto(f"{samling}oppsummering/")
    side.get_by_role("link", name="Del med medlemmene").click()
    hvem = side.locator("main")
    expect(hvem).to_contain_text("5 personer som var der, får den ene e-posten")
    expect(hvem).to_contain_text("E-posten til dem som ikke var der")
    check_page(side)
    side.get_by_role("button", name=re.compile(r"^Del og send \d+ e-poster")).click()
    expect(side.get_by_role("heading", name="Oppsummering av samlingen")).to_be_visible()


def _read_summary(leder: Page, post: Page, samling: str) -> None:
    """One who was there, and one who was not."""
    leder.goto(samling)
    leder.get_by_role("link", name="Les oppsummeringen").click()
    for tekst in (VEDTAK, SKREVET):
        expect(leder.locator("main")).to_contain_text(tekst)
    check_page(leder)
    var_der = _letter(post, "enhetsleder@demo.example", f"Oppsummering av «{TITTEL}»")
    var_ikke = _letter(post, "gruppemedlem@demo.example", f"Dette skjedde på «{TITTEL}»")
    assert "Takk for at du var med" in var_der
    assert "Du var ikke med" in var_ikke
    for brevet in (var_der, var_ikke):
        assert VEDTAK in brevet
        assert OPPDRAG in brevet


def _carry_on(side: Page, samling: str) -> None:
    """What was not finished goes to the next gathering."""
    side.goto(f"{samling}ta-med/")
    expect(side.locator("main")).to_contain_text(UFERDIG)
    valg = side.get_by_label("Til", exact=False).first
    valg.select_option(index=valg.locator("option").count() - 1)
    check_page(side)
    side.get_by_role("button", name="Ta med 1 post").click()
    expect(side.get_by_text("1 post er lagt sist i programmet")).to_be_visible()
    expect(side.locator(".app-post__tittel", has_text=UFERDIG).last).to_be_visible()


def _lock(lesere: Lesere, side: Page, samling: str) -> None:
    """From now on nothing is changed, not even in a window that was open before."""
    aapent = lesere.open(side.context, f"{samling}program/")
    aapent.get_by_label("Tittel").fill("For sent")
    side.goto(samling)
    side.get_by_role("link", name="Lås samlingen").first.click()
    side.get_by_role("button", name="Lås samlingen").click()
    expect(side.get_by_role("link", name="Åpne samlingen")).to_be_visible()
    check_page(side)

    aapent.get_by_label("Varighet").fill("10")
    aapent.get_by_role("button", name="Legg til", exact=True).click()
    expect(aapent.get_by_text("Samlingen er låst, så ingenting kan endres.")).to_be_visible()
    side.goto(f"{samling}program/")
    expect(side.locator("main")).not_to_contain_text("For sent")


def test_a_whole_gathering_by_all_who_take_part(lesere: Lesere):
    koordinator = lesere.som("koordinator")
    samling = _begin_from_the_last(koordinator)
    _add_a_track(koordinator, samling)
    _publish(koordinator, samling)

    post = lesere.som("koordinator")
    ledere = _leaders(lesere, post, samling)
    _answer_at_once(ledere)
    _wait_for_a_place(lesere.som("kog"), samling)
    _decline_for_one(ledere[2])
    _read_the_letters(post)

    _start(koordinator, samling)
    _at_the_door(lesere, koordinator, samling, ledere)
    _conclude(koordinator, samling)
    _give_to_all(koordinator)
    _leave_unfinished(koordinator, samling)

    _finish(koordinator, samling)
    _sum_up(koordinator, samling)
    _share(koordinator, samling)
    _read_summary(ledere[0].side, post, samling)
    _carry_on(koordinator, samling)
    _lock(lesere, koordinator, samling)
