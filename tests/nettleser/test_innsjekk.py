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
