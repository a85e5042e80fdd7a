"""A date field: read as people write it, shown in the order of the page, and a calendar for all hands."""

import pytest
from playwright.sync_api import Page, expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.vakt import (
    MINST,
    STOR,
    TELEFON,
    Fargevalg,
    check_accessible,
    check_width,
    show,
)

NY_SAMLING = "/nordmore/samlinger/ny/"


def _open(side: Page) -> None:
    side.locator("[name=dag_1_0]").press("Alt+ArrowDown")
    expect(_day(side)).to_be_focused()


def _day(side: Page):
    """The day of the calendar that the arrows move from."""
    return side.locator(":popover-open calendar-month button[tabindex='0']")


def test_a_date_is_written_in_many_ways_and_shown_in_one(lesere: Lesere):
    side = lesere.som("koordinator", NY_SAMLING)
    felt = side.locator("[name=paameldingsfrist]")
    for skrevet in ("2027-03-09", "9.3.27", "090327", "9. mars 2027", "9 Mar 2027"):
        felt.fill(skrevet)
        felt.blur()
        expect(felt).to_have_value("09.03.2027")
    felt.fill("31.04.2027")
    felt.blur()
    expect(felt).to_have_value("31.04.2027")


def test_the_calendar_is_used_with_keys_alone(lesere: Lesere):
    side = lesere.som("koordinator", NY_SAMLING)
    side.locator("[name=dag_1_0]").fill("24.11.2026")
    _open(side)
    expect(_day(side)).to_have_accessible_name("24. november")
    for tast, dag in (
        ("ArrowRight", "25. november"),
        ("ArrowDown", "2. desember"),
        ("PageDown", "2. januar"),
        ("Home", "28. desember"),
    ):
        side.keyboard.press(tast)
        expect(_day(side)).to_have_accessible_name(dag)
        expect(_day(side)).to_be_focused()
    side.keyboard.press("Enter")
    expect(side.locator("[name=dag_1_0]")).to_have_value("28.12.2026")

    _open(side)
    side.keyboard.press("Escape")
    expect(side.locator(":popover-open")).to_have_count(0)
    expect(side.locator("[name=dag_1_0]")).to_be_focused()


@pytest.mark.parametrize(
    ("skjerm", "farger"), [(STOR, "light"), (TELEFON, "dark"), (MINST, "light")]
)
def test_the_calendar_fits_the_screen_and_the_finger(
    lesere: Lesere, skjerm: tuple[int, int], farger: Fargevalg
):
    side = lesere.som("koordinator", NY_SAMLING)
    show(side, skjerm, farger)
    side.get_by_role("button", name="Velg i kalenderen: Dag").click()
    expect(_day(side)).to_be_focused()
    check_accessible(side)
    check_width(side)
    flate = side.locator(":popover-open").bounding_box()
    dag = _day(side).bounding_box()
    assert flate
    assert dag
    assert flate["x"] >= 0
    assert flate["x"] + flate["width"] <= skjerm[0]
    assert dag["height"] >= 44
    assert dag["width"] >= (44 if skjerm != MINST else 40)


def test_a_calendar_in_another_language_has_its_names(lesere: Lesere):
    side = lesere.gjest("/nordmore/")
    for spraak, maaned, knapp in (
        ("nn", "desember", "Vel i kalenderen: Sjå korleis det var"),
        ("en", "December", "Choose in the calendar: See how it was"),
    ):
        side.locator("header summary").click()
        side.locator(f"button[name=language][value={spraak}]").first.click()
        expect(side.locator("html")).to_have_attribute("lang", spraak)
        side.locator("details:has([name=per]) > summary").click()
        side.locator("[name=per]").fill("1.12.2026")
        side.get_by_role("button", name=knapp).click()
        expect(_day(side)).to_be_focused()
        expect(side.locator("calendar-select-month option:checked")).to_have_attribute(
            "label", maaned
        )
        side.keyboard.press("Escape")


def test_no_field_of_the_browsers_own_is_left(lesere: Lesere):
    side = lesere.som("koordinator")
    for adresse in (NY_SAMLING, "/nordmore/kommuner/", "/nordmore/nettverket/"):
        side.goto(adresse)
        expect(
            side.locator("input:is([type=date], [type=time], [type=datetime-local])")
        ).to_have_count(0)
