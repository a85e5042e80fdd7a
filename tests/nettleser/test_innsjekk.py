"""The desk without network: what is ticked is kept, sent when the network is back, and counted once at the server."""

import datetime
import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from kommuner.gyldighet import idag
from tests.nettleser.lesere import Lesere
from tests.nettleser.steg import (
    add_item,
    expect_network,
    fill_in_gathering,
    open_desk,
    publish,
    tick_in,
)
from tests.nettleser.vakt import UTEN_NETT, check_page


@pytest.fixture(scope="module")
def samling(alle_lesere: Lesere) -> str:
    """The address of a gathering today, to which everybody is invited."""
    side = alle_lesere.som("koordinator", "/nordmore/samlinger/ny/")
    fill_in_gathering(side, tittel="Samlingen i skranken", dag=idag())
    return publish(side)


@pytest.fixture(scope="module")
def moete(alle_lesere: Lesere) -> str:
    """A meeting of a few today: the network's own first group is invited, and nobody else."""
    side = alle_lesere.som("koordinator", "/nordmore/samlinger/ny/")
    fill_in_gathering(side, tittel="Et lite møte", dag=idag())
    # The page is left while it still counts whom it asks.
    alle_lesere.allow(side, "htmx:(sendAbort|afterRequest)")
    samling = side.url.split("program/", maxsplit=1)[0]
    side.goto(f"{samling}publiser/")
    for boks in side.locator("input[type=checkbox][name^=til-]:checked").all():
        boks.uncheck(force=True)
    side.locator("#mottakere [name=til-grupper]").first.check()
    side.get_by_role("button", name="Publiser og inviter").click()
    expect(side.get_by_text("Samlingen er publisert")).to_be_visible()
    return samling


def _desk_of(lesere: Lesere, samling: str, **valg: Any) -> Page:
    """One more desk, in a browser of its own."""
    side = lesere.gjest(**valg)
    lesere.allow(side, UTEN_NETT)
    lesere.sign_in(side, "koordinator")
    if valg:
        side.goto(f"{samling}innsjekk/")
        return side
    return open_desk(side, samling)


def _write_down(side: Page, navn: str, fra: str) -> None:
    side.locator("#gjest > summary").click()
    side.get_by_label("Navn", exact=True).fill(navn)
    side.get_by_label("Kommer fra").fill(fra)
    side.get_by_role("button", name="Legg til som møtt").click()


@pytest.fixture
def skranke(lesere: Lesere, samling: str) -> Page:
    """A desk in a browser of its own, with its names and its page kept."""
    side = lesere.gjest()
    lesere.allow(side, UTEN_NETT)
    lesere.sign_in(side, "koordinator")
    return open_desk(side, samling)


def _okt(side: Page) -> BrowserContext:
    return side.context


def _names(lesere: Lesere, samling: str) -> list[list[Any]]:
    """What the server has, asked by somebody else."""
    annen = lesere.som("koordinator")
    data: dict[str, Any] = annen.request.get(f"{samling}innsjekk/navn/").json()
    annen.close()
    return list(data["folk"])


def _met(lesere: Lesere, samling: str) -> list[str]:
    return sorted(rad[1] for rad in _names(lesere, samling) if rad[5])


def _not_met(lesere: Lesere, samling: str, antall: int) -> list[str]:
    """Names that only one has."""
    navn = [rad[1] for rad in _names(lesere, samling) if not rad[5]]
    return [n for n in navn if sum(n in annet for annet in navn) == 1][:antall]


def test_what_is_ticked_without_network_is_kept_over_a_reload_and_sent_afterwards(
    lesere: Lesere, skranke: Page, samling: str
):
    foer, nye = _met(lesere, samling), _not_met(lesere, samling, 8)
    _okt(skranke).set_offline(True)

    for navn in nye[:6]:
        tick_in(skranke, navn)
    expect_network(skranke, "Uten nett: 6 venter på å bli sendt")
    field = skranke.get_by_label("Navn eller enhet")
    expect(field).to_have_value("")
    expect(field).to_be_focused()

    skranke.reload()
    expect_network(skranke, "Uten nett: 6 venter på å bli sendt")
    expect(skranke.get_by_role("heading", name="Samlingen i skranken")).to_be_visible()
    for navn in nye[6:]:
        tick_in(skranke, navn)
    skranke.locator("#treff").get_by_role("button", name="Angre").click()
    expect(skranke.locator("#treff")).to_contain_text("ikke lenger registrert")
    assert _met(lesere, samling) == foer, "nothing has come through"

    _okt(skranke).set_offline(False)
    expect_network(skranke, "Alt er sendt")
    assert _met(lesere, samling) == sorted([*foer, *nye[:7]])
    open_desk(skranke, samling)
    check_page(skranke)


def test_a_guest_is_written_down_without_network(lesere: Lesere, skranke: Page, samling: str):
    _okt(skranke).set_offline(True)
    skranke.get_by_text("Ny gjest eller vara").click()
    skranke.get_by_label("Navn", exact=True).fill("Gro Gjestesen")
    skranke.get_by_label("Kommer fra").fill("Statped")
    skranke.get_by_role("button", name="Legg til som møtt").click()
    expect(skranke.locator("#treff")).to_contain_text("Gro Gjestesen er registrert som møtt.")
    expect_network(skranke, "Uten nett: 1 venter på å bli sendt")

    skranke.reload()
    skranke.get_by_label("Navn eller enhet").fill("statped")
    expect(skranke.locator("#treff")).to_contain_text("Gro Gjestesen")
    _okt(skranke).set_offline(False)

    expect_network(skranke, "Alt er sendt")
    assert _met(lesere, samling).count("Gro Gjestesen") == 1


def test_a_session_that_ends_meanwhile_loses_nothing(lesere: Lesere, skranke: Page, samling: str):
    [navn] = _not_met(lesere, samling, 1)
    okt = _okt(skranke)
    okt.set_offline(True)
    tick_in(skranke, navn)
    okt.clear_cookies()
    okt.set_offline(False)

    expect_network(skranke, "Logg inn igjen. Ingenting er borte.")
    assert navn not in _met(lesere, samling)

    annen = lesere.open(okt)
    lesere.sign_in(annen, "koordinator")
    annen.close()
    expect_network(skranke, "Alt er sendt")
    assert navn in _met(lesere, samling)


def test_signed_out_elsewhere_a_desk_shows_no_names_and_keeps_what_is_unsent(
    lesere: Lesere, skranke: Page, samling: str
):
    [navn] = _not_met(lesere, samling, 1)
    okt = _okt(skranke)
    skranke.route(re.compile(r"/innsjekk/hendelser/$"), lambda rute: rute.abort())
    tick_in(skranke, navn)
    expect(skranke.locator("#treff")).to_contain_text(navn)
    okt.clear_cookies()
    annen = lesere.open(okt, "/konto/logg-inn/")

    expect_network(skranke, "Logg inn igjen. Ingenting er borte.")
    expect(skranke.locator("body")).not_to_contain_text(navn)
    field = skranke.get_by_label("Navn eller enhet")
    field.fill(navn)
    expect(skranke.locator("#treff")).to_be_empty()
    assert (
        skranke.evaluate("Object.keys(sessionStorage).filter((n) => n.startsWith('skranke:'))")
        == []
    )

    # Another person in the same browser, without network: the page that is kept has nothing to read.
    okt.set_offline(True)
    skranke.reload()
    expect_network(skranke, "Navnene er ikke hentet på denne maskinen.")
    expect(skranke.locator("body")).not_to_contain_text(navn)

    okt.set_offline(False)
    lesere.sign_in(annen, "koordinator")
    annen.close()
    skranke.unroute_all(behavior="wait")
    open_desk(skranke, samling)
    expect_network(skranke, "Alt er sendt")
    assert navn in _met(lesere, samling)


def test_two_tabs_whose_answers_are_lost_send_each_thing_once(
    lesere: Lesere, skranke: Page, samling: str
):
    nye = _not_met(lesere, samling, 10)
    foer = _met(lesere, samling)
    tapt = {"antall": 0}

    def lose(rute: Route) -> None:
        """Two of three answers never come back, though the server has taken what was sent."""
        svar = rute.fetch()
        tapt["antall"] += 1
        if tapt["antall"] % 3:
            rute.abort()
        else:
            rute.fulfill(response=svar)

    okt = _okt(skranke)
    okt.route(re.compile(r"/innsjekk/hendelser/$"), lose)
    annen = lesere.open(okt)
    lesere.allow(annen, UTEN_NETT)
    open_desk(annen, samling)
    for nr, navn in enumerate(nye):
        tick_in((skranke, annen)[nr % 2], navn)
    for side in (skranke, annen):
        side.bring_to_front()
        expect_network(side, "Alt er sendt")

    assert tapt["antall"] > 1
    assert _met(lesere, samling) == sorted([*foer, *nye])
    okt.unroute_all(behavior="wait")


def test_nobody_signs_out_with_something_unsent_and_afterwards_nothing_is_left(
    lesere: Lesere, skranke: Page, samling: str
):
    [navn] = _not_met(lesere, samling, 1)
    okt = _okt(skranke)
    hjem = lesere.open(okt, "/nordmore/hjem/")
    okt.set_offline(True)
    skranke.bring_to_front()
    tick_in(skranke, navn)
    hjem.bring_to_front()
    lesere.allow(hjem, UTEN_NETT)
    hjem.locator("details:has(form[action='/konto/logg-ut/']) summary").click()
    hjem.get_by_role("button", name="Logg ut").click()
    expect(hjem.locator("#feilmelding")).to_contain_text("ikke er sendt")

    okt.set_offline(False)
    skranke.bring_to_front()
    expect_network(skranke, "Alt er sendt")
    skranke.goto("/nordmore/hjem/")
    hjem.bring_to_front()
    hjem.reload()
    hjem.locator("details:has(form[action='/konto/logg-ut/']) summary").click()
    hjem.get_by_role("button", name="Logg ut").click()
    expect(hjem.get_by_role("link", name="Logg inn").first).to_be_visible()
    igjen = hjem.evaluate(
        "async () => [(await indexedDB.databases()).map((d) => d.name),"
        " (await navigator.serviceWorker.getRegistrations()).length, await caches.keys()]"
    )
    assert igjen == [[], 0, []]


def test_the_desk_by_keyboard(lesere: Lesere, skranke: Page, samling: str):
    [navn] = _not_met(lesere, samling, 1)
    felt, treff = skranke.get_by_label("Navn eller enhet"), skranke.locator("#treff")
    felt.fill(navn)
    felt.press("Enter")
    expect(treff).to_contain_text(f"{navn} er registrert som møtt.")
    felt.fill("skole")
    felt.press("Enter")
    expect(treff.get_by_role("button", name="Møtt").first).to_be_focused()
    # What another desk does meanwhile takes it from nobody.
    moett, i_fokus = (
        skranke.locator("#oppmoete strong"),
        skranke.locator("#treff [data-hvem]:focus-within"),
    )
    hvem, foer = i_fokus.get_attribute("data-hvem"), int(moett.inner_text())
    en_annen = next(rad[1] for rad in _names(lesere, samling) if rad[0] != hvem and not rad[5])
    tick_in(open_desk(lesere.som("koordinator"), samling), en_annen)
    expect(moett).to_have_text(str(foer + 1))
    expect(i_fokus).to_have_attribute("data-hvem", str(hvem))

    for _gang in range(2):
        skranke.locator("#gjest > summary").press("Enter")
        expect(skranke.get_by_label("Navn", exact=True)).to_be_focused()
        skranke.keyboard.type("Siri Gjest")
        skranke.get_by_label("Kommer fra").fill("NTNU")
        skranke.keyboard.press("Enter")
        expect(treff).to_contain_text("Siri Gjest")
        expect_network(skranke, "Alt er sendt")
    expect(treff).to_contain_text("Siri Gjest står allerede på lista.")
    assert [rad[1] for rad in _names(lesere, samling)].count("Siri Gjest") == 1


def test_of_several_days_the_chosen_one_counts_along_and_one_to_come_is_closed(lesere: Lesere):
    side = lesere.som("koordinator", "/nordmore/samlinger/ny/")
    side.get_by_role("button", name="Legg til en dag").click()
    i_morgen = idag() + datetime.timedelta(days=1)
    for nummer, verdi in enumerate((i_morgen.isoformat(), "09.00", "15.00")):
        side.locator(f"[name=dag_2_{nummer}]").fill(verdi)
    fill_in_gathering(side, tittel="To dager i skranken", dag=idag())
    add_item(side, klokka="09.00", minutter=30, tittel="Velkommen")
    add_item(side, klokka="10.00", minutter=30, tittel="Arbeid")
    samling = publish(side)
    lesere.allow(side, UTEN_NETT)
    open_desk(side, samling)
    brikke = side.locator(".app-skranke__dager [aria-current]")
    expect(brikke).to_contain_text("0 møtt")
    [navn] = _not_met(lesere, samling, 1)

    tick_in(side, navn)
    expect(brikke).to_contain_text("1 møtt")
    side.locator("#treff").get_by_role("button", name="Angre").click()
    expect(brikke).to_contain_text("0 møtt")
    expect_network(side, "Alt er sendt")

    side.locator(".app-paadagen__andre a").first.click()
    expect(side.locator("#id_notat")).to_be_focused()
    expect(side.locator("#skranke")).to_have_attribute("data-klar", "2")
    expect(side.locator("#id_notat")).to_be_focused()
    side.locator(".app-skranke__dager a:not([aria-current])").click()
    expect(side.locator("#skranke-stengt")).to_contain_text("Innsjekken åpner")
    side.get_by_label("Navn eller enhet").fill(navn)
    expect(side.locator("#treff")).to_contain_text(navn)
    expect(side.locator("#treff button")).to_have_count(0)
    check_page(side)


def test_few_who_are_expected_are_there_to_tap_with_network_and_without(lesere: Lesere, moete: str):
    ventes = _not_met(lesere, moete, 3)
    assert len(ventes) == 3
    uten_js = _desk_of(lesere, moete, java_script_enabled=False)
    rad = uten_js.get_by_role("list", name="Ventes").locator("li", has_text=ventes[0])
    rad.get_by_role("button", name="Møtt").click()
    expect(uten_js.locator("#treff")).to_contain_text(f"{ventes[0]}")
    expect(uten_js.get_by_role("list", name="Ventes")).not_to_contain_text(ventes[0])

    side = _desk_of(lesere, moete)
    liste = side.get_by_role("list", name="Ventes")
    expect(liste).not_to_contain_text(ventes[0])
    _okt(side).set_offline(True)
    side.reload()
    liste.locator("li", has_text=ventes[1]).get_by_role("button", name="Møtt").click()
    expect(side.locator("#treff")).to_contain_text(f"{ventes[1]} er registrert som møtt.")
    expect(liste).not_to_contain_text(ventes[1])
    expect(liste).to_contain_text(ventes[2])
    side.get_by_label("Navn eller enhet").fill(ventes[2][:1])
    expect(side.get_by_role("list", name="Treff")).to_contain_text(ventes[2])
    _okt(side).set_offline(False)
    expect_network(side, "Alt er sendt")
    assert set(ventes[:2]) <= set(_met(lesere, moete))
    side.get_by_label("Navn eller enhet").fill("")
    expect(liste).to_contain_text(ventes[2])
    check_page(side)


def test_a_guest_whom_two_desks_without_network_write_down_is_one_or_another(
    lesere: Lesere, moete: str
):
    en, to = _desk_of(lesere, moete), _desk_of(lesere, moete)
    for side in (en, to):
        _okt(side).set_offline(True)
        _write_down(side, "Gro To Ganger", "Statped")
        expect(side.locator("#treff")).to_contain_text("Gro To Ganger er registrert som møtt.")

    for side in (en, to):
        _okt(side).set_offline(False)
        expect_network(side, "Alt er sendt")

    assert _met(lesere, moete).count("Gro To Ganger") == 1
    expect(en.locator("#skranke-sagt")).to_be_empty()
    boks = to.locator("#skranke-sagt")
    expect(boks).to_contain_text("Gro To Ganger var allerede skrevet inn fra en annen skranke")
    check_page(to)
    boks.get_by_role("button", name="Det er en annen med samme navn").click()
    expect(boks).to_be_empty()
    expect(to.locator("#treff")).to_contain_text("Gro To Ganger er registrert som møtt.")
    expect_network(to, "Alt er sendt")
    assert _met(lesere, moete).count("Gro To Ganger") == 2

    # At the desk that knows already, it is asked at once.
    _write_down(en, "gro to ganger", "Statped")
    expect(en.locator("#treff")).to_contain_text("Gro To Ganger står allerede på lista.")
    en.locator("#treff").get_by_role("button", name="Det er en annen med samme navn").click()
    expect(en.locator("#treff")).to_contain_text("gro to ganger er registrert som møtt.")
    expect_network(en, "Alt er sendt")
    assert len([n for n in _met(lesere, moete) if n.lower() == "gro to ganger"]) == 3


def test_the_day_is_changed_without_network_and_what_is_ticked_goes_to_it(lesere: Lesere):
    ny = lesere.som("koordinator", "/nordmore/samlinger/ny/")
    ny.get_by_role("button", name="Legg til en dag").click()
    i_gaar = idag() - datetime.timedelta(days=1)
    for nummer, verdi in enumerate((idag().isoformat(), "09.00", "15.00")):
        ny.locator(f"[name=dag_2_{nummer}]").fill(verdi)
    fill_in_gathering(ny, tittel="To dager uten nett", dag=i_gaar)
    samling = publish(ny)
    side = _desk_of(lesere, samling)
    [begge, sist] = _not_met(lesere, samling, 2)
    dager = side.locator(".app-skranke__dager a")
    expect(dager.last).to_have_attribute("aria-current", "true")
    _okt(side).set_offline(True)

    tick_in(side, begge)
    tick_in(side, sist)
    dager.first.click()
    expect(dager.first).to_have_attribute("aria-current", "true")
    expect(dager.first).to_be_focused()
    expect(dager.first).to_contain_text("0 møtt")
    expect(dager.last).to_contain_text("2 møtt")
    tick_in(side, begge)
    _write_down(side, "Gro Igår", "NTNU")
    expect(dager.first).to_contain_text("2 møtt")
    side.reload()  # the page that is kept knows the days too
    expect(dager.first).to_have_attribute("aria-current", "true")
    expect(side.locator("#tall")).to_contain_text("Gro Igår")
    dager.last.click()
    expect(dager.last).to_contain_text("2 møtt")
    expect(side.locator("#tall")).not_to_contain_text("Gro Igår")

    _okt(side).set_offline(False)
    expect_network(side, "Alt er sendt")
    annen = lesere.som("koordinator")
    per_dag = {
        dag: sorted(
            rad[1]
            for rad in annen.request.get(f"{samling}innsjekk/navn/?dag={dag}").json()["folk"]
            if rad[5]
        )
        for dag in (i_gaar.isoformat(), idag().isoformat())
    }
    annen.close()
    assert per_dag == {
        i_gaar.isoformat(): sorted([begge, "Gro Igår"]),
        idag().isoformat(): sorted([begge, sist]),
    }
    check_page(side)


def _over_days(lesere: Lesere, tittel: str, dager: list[datetime.date]) -> str:
    """The address of a gathering over these days, to which everybody is invited."""
    ny = lesere.som("koordinator", "/nordmore/samlinger/ny/")
    for nr, dag in enumerate(dager[1:], start=2):
        ny.get_by_role("button", name="Legg til en dag").click()
        for nummer, verdi in enumerate((dag.isoformat(), "09.00", "15.00")):
            ny.locator(f"[name=dag_{nr}_{nummer}]").fill(verdi)
    fill_in_gathering(ny, tittel=tittel, dag=dager[0])
    return publish(ny)


def _sleep_until_tomorrow(side: Page) -> None:
    """The clock of the machine is a day later, as when it has stood closed overnight; after a reload too."""
    i_morgen = "{ const naa = Date.now.bind(Date); Date.now = () => naa() + 24 * 3600e3; }"
    side.evaluate(f"() => {i_morgen}")
    side.add_init_script(i_morgen)


def test_a_desk_that_stands_open_overnight_goes_over_to_the_next_day_and_says_so(lesere: Lesere):
    i_morgen = idag() + datetime.timedelta(days=1)
    samling = _over_days(lesere, "Skranken over natta", [idag(), i_morgen])
    side = _desk_of(lesere, samling)
    dager, linje = side.locator(".app-skranke__dager a"), side.locator("#skranke-dag")
    [en, to] = _not_met(lesere, samling, 2)
    tick_in(side, en)
    expect_network(side, "Alt er sendt")
    expect(linje).to_be_empty()
    _okt(side).set_offline(True)

    _sleep_until_tomorrow(side)

    expect(linje).to_contain_text("Nå sjekkes det inn til denne dagen.")
    expect(dager.last).to_have_attribute("aria-current", "true")
    tick_in(side, to)
    expect(dager.first).to_contain_text("1 møtt")
    expect(dager.last).to_contain_text("1 møtt")
    check_page(side)
    linje.get_by_role("button", name="Lukk").click()
    expect(linje).to_be_empty()
    side.reload()
    expect(dager.last).to_have_attribute("aria-current", "true")
    expect(linje).to_be_empty()


def test_a_day_that_is_chosen_is_kept_that_date_and_nobody_who_types_is_interrupted(lesere: Lesere):
    dager = [idag() + datetime.timedelta(days=nr) for nr in (-1, 0, 1)]
    samling = _over_days(lesere, "Tre dager i skranken", dager)
    side = _desk_of(lesere, samling)
    linje, felt = side.locator("#skranke-dag"), side.get_by_label("Navn eller enhet")
    i_gaar, i_dag, i_morgen = side.locator(".app-skranke__dager a").all()
    expect(i_dag).to_have_attribute("aria-current", "true")

    i_gaar.click()
    expect(linje).to_contain_text("men nå sjekkes det inn til")
    _okt(side).set_offline(True)
    side.reload()
    expect_network(side, "Uten nett")
    side.wait_for_timeout(3500)  # it has looked at the clock again
    expect(i_gaar).to_have_attribute("aria-current", "true")
    expect(linje).to_contain_text("men nå sjekkes det inn til")
    check_page(side)
    linje.get_by_role("button", name="Sjekk inn til").click()
    expect(i_dag).to_have_attribute("aria-current", "true")
    expect(linje).to_be_empty()

    i_gaar.click()
    felt.fill("an")
    # The clock passes midnight under the hands of one who types: it asks.
    side.evaluate(
        "() => { const n = Date.now.bind(Date); let hopp = 0; Date.now = () => n() + hopp;"
        " window.hopp = (ms) => { hopp = ms; }; }"
    )
    side.evaluate("() => { window.hopp(24 * 3600e3); }")
    felt.press_sequentially("n")
    expect(i_morgen).to_have_attribute("aria-current", "true")
    expect(felt).to_have_value("ann")
    i_gaar.click()
    felt.fill("an")
    side.wait_for_timeout(3500)
    expect(i_gaar).to_have_attribute("aria-current", "true")
    expect(linje).to_contain_text("men nå sjekkes det inn til")


def test_a_desk_made_ready_the_evening_before_opens_by_itself_without_network(lesere: Lesere):
    samling = _over_days(lesere, "Klar kvelden før", [idag() + datetime.timedelta(days=1)])
    side = _desk_of(lesere, samling)
    stengt = side.locator("#skranke-stengt")
    expect(stengt).to_contain_text("Innsjekken åpner")
    [navn] = _not_met(lesere, samling, 1)
    _okt(side).set_offline(True)
    side.reload()
    expect(stengt).to_contain_text("Innsjekken åpner")

    _sleep_until_tomorrow(side)

    expect(stengt).to_be_empty()
    tick_in(side, navn)
    side.reload()
    expect(side.locator("#oppmoete strong")).to_have_text("1")


def test_enter_ticks_nobody_who_is_not_shown(lesere: Lesere, moete: str, samling: str):
    ventes = {rad[1] for rad in _names(lesere, moete)}
    ikke_ventet = next(n for n in _not_met(lesere, samling, 40) if n not in ventes)
    side = _desk_of(lesere, moete)
    felt, treff = side.get_by_label("Navn eller enhet"), side.locator("#treff")
    moett = side.locator("#oppmoete strong")
    foer = moett.inner_text()
    felt.fill(ikke_ventet)
    expect(treff).to_contain_text("Andre i nettverket")
    expect(treff.locator("li")).to_have_count(1)

    side.route(re.compile(r"/navn/\?q="), lambda rute: rute.abort())
    felt.fill("qxqx")
    expect(treff.locator("li")).to_have_count(0)
    felt.press("Enter")
    expect(treff).not_to_contain_text("registrert")
    felt.fill(f"{ikke_ventet} qx")
    felt.press("Enter")
    expect(treff).not_to_contain_text("registrert")
    expect(moett).to_have_text(foer)
    side.unroute_all(behavior="wait")

    felt.fill(ikke_ventet)
    expect(treff.locator("li")).to_have_count(1)
    felt.press("Enter")
    expect(treff).to_contain_text(f"{ikke_ventet} er registrert som møtt.")
    expect_network(side, "Alt er sendt")
    assert ikke_ventet in _met(lesere, moete)


def test_a_gathering_that_is_gone_shuts_the_desk_and_nothing_unsent_is_lost(
    lesere: Lesere, skranke: Page, samling: str
):
    [navn] = _not_met(lesere, samling, 1)
    skranke.route(re.compile(r"/innsjekk/hendelser/$"), lambda rute: rute.abort())
    tick_in(skranke, navn)
    skranke.route(re.compile(r"/innsjekk/(hendelser|navn)/"), lambda rute: rute.fulfill(status=404))

    stengt = skranke.locator("#skranke-stengt")
    expect(stengt).to_contain_text(
        "Samlingen finnes ikke lenger, eller du har ikke tilgang til den."
    )
    expect(stengt).to_contain_text("1 registrering er ikke sendt")
    expect_network(skranke, "Skranken er stengt")
    expect(skranke.locator("#treff")).to_be_empty()
    expect(skranke.locator("body")).not_to_contain_text(navn)
    check_page(skranke)

    skranke.unroute_all(behavior="wait")
    open_desk(skranke, samling)
    expect_network(skranke, "Alt er sendt")
    expect(stengt).to_be_empty()
    assert navn in _met(lesere, samling)


def test_a_desk_learns_that_a_gathering_is_moved_to_other_days(lesere: Lesere):
    dager = [idag() + datetime.timedelta(days=nr) for nr in (0, 1)]
    samling = _over_days(lesere, "Samlingen som flyttes", dager)
    side = _desk_of(lesere, samling)
    knapper = side.locator(".app-skranke__dager a")
    siste = dager[1] + datetime.timedelta(days=1)
    expect(knapper.last).to_have_attribute("data-dag", dager[1].isoformat())

    annen = lesere.som("koordinator", f"{samling}rediger/")
    annen.locator("[name=dag_2_0]").fill(siste.isoformat())
    annen.get_by_role("button", name="Lagre", exact=True).click()
    uten_beskjed = annen.get_by_role("button", name="Lagre uten å gi beskjed")
    expect(uten_beskjed.or_(annen.locator(".app-faner").first)).to_be_visible()
    if uten_beskjed.is_visible():
        uten_beskjed.click()
    annen.wait_for_url(samling)

    side.bring_to_front()
    expect(knapper.last).to_have_attribute("data-dag", siste.isoformat())


def _let_time_pass(side: Page, sekunder: int) -> None:
    side.evaluate(
        f"() => {{ const n = Date.now.bind(Date); Date.now = () => n() + {sekunder * 1000}; }}"
    )


def test_a_desk_that_stands_open_learns_who_has_signed_up(lesere: Lesere):
    ny = lesere.som("koordinator", "/nordmore/samlinger/ny/")
    i_morgen = idag() + datetime.timedelta(days=1)
    fill_in_gathering(ny, tittel="Påmelding mens skranken er åpen", dag=i_morgen)
    samling = publish(ny)
    side = _desk_of(lesere, samling)
    hentet: list[str] = []
    side.on("request", lambda r: hentet.append(r.url) if r.url.endswith("/navn/") else None)
    oppmoete = side.locator("#oppmoete")
    expect(oppmoete).to_contain_text("0 er påmeldt")

    leder = lesere.som("enhetsleder", f"{samling}paamelding/")
    leder.get_by_role("button", name="Meld på gruppa").click()
    expect(leder.get_by_text("er påmeldt").first).to_be_visible()
    side.bring_to_front()
    _let_time_pass(side, 20)

    expect(oppmoete).not_to_contain_text("0 er påmeldt")
    _let_time_pass(side, 20)
    side.wait_for_timeout(4000)  # asked again, and it is as it was
    assert len(hentet) == 1


def test_a_chosen_day_is_kept_by_those_who_go_by_the_links_of_the_page(lesere: Lesere):
    dager = [idag() + datetime.timedelta(days=nr) for nr in (-1, 0)]
    ny = lesere.som("koordinator", "/nordmore/samlinger/ny/")
    ny.get_by_role("button", name="Legg til en dag").click()
    for nummer, verdi in enumerate((dager[1].isoformat(), "09.00", "15.00")):
        ny.locator(f"[name=dag_2_{nummer}]").fill(verdi)
    fill_in_gathering(ny, tittel="Valgt dag i skranken", dag=dager[0])
    add_item(ny, klokka="09.00", minutter=30, tittel="Velkommen")
    add_item(ny, klokka="10.00", minutter=30, tittel="Arbeid")
    samling = publish(ny)
    side = _desk_of(lesere, samling)
    side.set_viewport_size({"width": 390, "height": 844})
    i_gaar = side.locator(".app-skranke__dager a").first
    i_gaar.click()

    bunn = side.locator(".app-paadagen__bunn")
    for navn in ("Notat", "Nå", "Innsjekk"):
        bunn.get_by_role("link", name=navn).click()
    side.wait_for_timeout(3500)  # it has looked at the clock again
    expect(i_gaar).to_have_attribute("aria-current", "true")

    side.locator(".app-paadagen__andre a").first.click()
    side.wait_for_url(re.compile(rf"dag={dager[0]}.*#id_notat"))
    expect(i_gaar).to_have_attribute("aria-current", "true")
    side.goto(f"{samling}innsjekk/?notat=0#naa")  # a way back that knows no day
    side.wait_for_timeout(3500)
    expect(i_gaar).to_have_attribute("aria-current", "true")


def test_a_gathering_that_is_ended_goes_over_to_no_new_day(lesere: Lesere):
    i_morgen = idag() + datetime.timedelta(days=1)
    samling = _over_days(lesere, "Avlyst over natta", [idag(), i_morgen])
    side = _desk_of(lesere, samling)
    dager = side.locator(".app-skranke__dager a")

    def shut(rute: Route) -> None:
        svar = rute.fetch()
        rute.fulfill(response=svar, json={**svar.json(), "stengt": "Samlingen er avlyst."})

    side.route(re.compile(r"/innsjekk/navn/$"), shut)
    side.reload()
    expect(side.locator("#skranke-stengt")).to_contain_text("Samlingen er avlyst.")
    _okt(side).set_offline(True)
    _sleep_until_tomorrow(side)

    side.wait_for_timeout(3500)
    expect(dager.first).to_have_attribute("aria-current", "true")
    expect(side.locator("#skranke-dag")).to_be_empty()
    side.unroute_all(behavior="wait")


def test_what_is_refused_is_told_and_the_names_are_asked_for_once(
    lesere: Lesere, skranke: Page, samling: str
):
    nye = _not_met(lesere, samling, 3)
    hentet: list[str] = []

    def refuse(rute: Route) -> None:
        rader = rute.request.post_data_json
        rute.fulfill(json={"svar": {rad["id"]: "Nei takk." for rad in rader}})

    _okt(skranke).set_offline(True)
    for navn in nye:
        tick_in(skranke, navn)
    skranke.route(re.compile(r"/innsjekk/hendelser/$"), refuse)
    skranke.on("request", lambda r: hentet.append(r.url) if r.url.endswith("/navn/") else None)
    _okt(skranke).set_offline(False)

    expect(skranke.locator("#skranke-avvist li")).to_have_count(3)
    expect_network(skranke, "Alt er sendt")
    skranke.wait_for_timeout(500)
    assert len(hentet) == 1
    assert not set(nye) & set(_met(lesere, samling))
    skranke.unroute_all(behavior="wait")


def test_one_row_the_server_cannot_answer_to_hinders_no_other(
    lesere: Lesere, skranke: Page, samling: str
):
    nye = _not_met(lesere, samling, 5)

    def choke(rute: Route) -> None:
        rader = rute.request.post_data_json
        if any(rad.get("navn") == "Gro Sitterfast" for rad in rader):
            rute.fulfill(status=413, body="")
        else:
            rute.continue_()

    skranke.route(re.compile(r"/innsjekk/hendelser/$"), choke)
    _okt(skranke).set_offline(True)
    tick_in(skranke, nye[0])
    _write_down(skranke, "Gro Sitterfast", "NTNU")
    for navn in nye[1:]:
        tick_in(skranke, navn)
    _okt(skranke).set_offline(False)

    expect(skranke.locator("#skranke-avvist")).to_contain_text(
        "Gro Sitterfast: Registreringen kunne ikke sendes."
    )
    expect_network(skranke, "1 venter på å bli sendt")
    assert set(nye) <= set(_met(lesere, samling))

    skranke.unroute_all(behavior="wait")
    skranke.reload()
    expect_network(skranke, "Alt er sendt")
    assert "Gro Sitterfast" in _met(lesere, samling)


def test_what_another_has_written_down_and_nobody_can_read_holds_nothing_back(
    lesere: Lesere, skranke: Page, samling: str
):
    [navn] = _not_met(lesere, samling, 1)
    # As it lies after another person has written down a page of guests, and one was taken off again.
    skranke.evaluate(
        """() => new Promise((yes) => {
            const request = indexedDB.open("skranke");
            request.onsuccess = () => {
                const work = request.result.transaction("ko", "readwrite");
                const rows = work.objectStore("ko");
                const row = { sti: location.pathname, tid: new Date().toISOString(), dag: "" };
                for (let nr = 0; nr < 60; nr++) {
                    const hemmelig = { iv: new Uint8Array(12), data: new ArrayBuffer(32) };
                    rows.add({ ...row, id: crypto.randomUUID(), handling: "gjest", hemmelig });
                }
                const id = crypto.randomUUID();
                const hemmelig = { iv: new Uint8Array(12), data: new ArrayBuffer(32) };
                rows.add({ ...row, id, handling: "gjest", hemmelig });
                rows.add({ ...row, id: crypto.randomUUID(), handling: "angre", gjelder: id });
                work.oncomplete = () => { request.result.close(); yes(); };
            };
        })"""
    )
    tick_in(skranke, navn)

    expect_network(skranke, "62 venter på å bli sendt")
    expect(skranke.locator("#skranke-avvist")).to_be_empty()
    assert navn in _met(lesere, samling)


def test_names_on_their_way_when_somebody_signs_out_in_another_tab_are_for_nobody(
    lesere: Lesere, skranke: Page, samling: str
):
    [navn] = _not_met(lesere, samling, 1)
    paa_vei: list[Route] = []

    def hold(rute: Route) -> None:
        paa_vei.append(rute)

    skranke.route(re.compile(r"/innsjekk/navn/"), hold)
    skranke.reload()
    skranke.wait_for_timeout(500)
    assert paa_vei
    foerste = paa_vei[0]
    svar = foerste.fetch()
    annen = lesere.open(_okt(skranke), "/nordmore/hjem/")
    annen.evaluate("() => localStorage.setItem('skranke-ute', '1')")
    skranke.bring_to_front()
    expect_network(skranke, "Logg inn igjen. Ingenting er borte.")
    foerste.fulfill(response=svar)
    skranke.wait_for_timeout(500)

    skranke.get_by_label("Navn eller enhet").fill(navn)
    expect(skranke.locator("body")).not_to_contain_text(navn)
    expect_network(skranke, "Logg inn igjen. Ingenting er borte.")
    assert (
        skranke.evaluate("Object.keys(sessionStorage).filter((n) => n.startsWith('skranke:'))")
        == []
    )
    for rute in paa_vei[1:]:
        rute.abort()
    skranke.unroute_all(behavior="wait")


def _first_place(tekst: str) -> str:
    """A name and the first of their places: with JavaScript the others are counted."""
    return re.split(r", | \+\d| ·", " ".join(tekst.split()))[0]


def test_the_desk_and_the_server_put_alike_names_in_one_order_and_count_alike(
    lesere: Lesere, skranke: Page, samling: str
):
    uten_js = _desk_of(lesere, samling, java_script_enabled=False)
    for navn, fra in (("Åse Lik", "Ås"), ("Ase Lik", "Bø"), ("Åse Lik", "Bud")):
        _write_down(skranke, navn, fra)
    for navn in _not_met(lesere, samling, 30)[::10]:
        tick_in(skranke, navn)
    expect_network(skranke, "Alt er sendt")
    for q in ("ase", "åse", "an", "skole", "bo"):
        skranke.get_by_label("Navn eller enhet").fill(q)
        uten_js.goto(f"{samling}innsjekk/?q={q}")
        viser = uten_js.get_by_role("list", name="Treff").locator("li > form > span:first-of-type")
        expect(skranke.get_by_role("list", name="Treff").locator("li")).to_have_count(viser.count())
        her = skranke.locator("#treff ul").first.locator("li > div > span:first-child")
        assert [_first_place(t) for t in her.all_inner_texts()] == [
            _first_place(t) for t in viser.all_inner_texts()
        ], q
    rader = [
        ["".join(t.split()) for t in side.locator("#oppmoete tbody tr").all_text_contents()]
        for side in (skranke, uten_js)
    ]
    assert rader[0] == rader[1]
