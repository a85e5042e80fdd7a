"""A koordinator pastes a list, sees what it changes, saves it, and invites those who are new."""

import re

from playwright.sync_api import expect

from tests.nettleser.lesere import Lesere
from tests.nettleser.vakt import check_page

LISTE = "navn\te-post\tgruppe\trolle\nSiri Prøvesen\tsiri@proeve.example\tPRO\tmedlem\nKåre Feil\tkåre@proeve.example\tPRO\tmedlem"


def test_a_pasted_list_is_looked_over_saved_and_its_people_invited(lesere: Lesere):
    side = lesere.som("koordinator", "/nordmore/grupper/")
    side.get_by_role("link", name="Legg inn folk fra en liste").click()
    check_page(side)
    side.get_by_label("Eller lim inn fra et regneark").fill(LISTE)
    side.get_by_role("button", name="Les lista").click()

    expect(side.get_by_role("heading", name="Se hva lista endrer")).to_be_visible()
    check_page(side)
    side.get_by_role("link", name="Avvist").click()
    expect(side.get_by_text("Foran @ kan ikke adressen ha æ, ø, å")).to_be_visible()
    check_page(side)
    side.get_by_role("button", name="Bekreft og lagre").click()

    expect(side.get_by_role("heading", name="Vervene er lagret")).to_be_visible()
    check_page(side)
    side.get_by_role("link", name="Inviter dem som ikke har vært inne").click()
    side.get_by_label("Søk etter navn").fill("Prøvesen")
    side.get_by_role("button", name="Vis", exact=True).click()
    check_page(side)
    side.get_by_label("Siri Prøvesen").check()
    side.get_by_role("button", name="Inviter dem jeg krysser av").click()
    expect(side.get_by_role("heading", name="1 person får invitasjon")).to_be_visible()
    check_page(side)
    side.get_by_role("button", name="Send 1 invitasjon").click()
    side.wait_for_url(re.compile(r"/grupper/inviter/$"))
    expect(side.get_by_text("1 invitasjon blir sendt.")).to_be_visible()
    check_page(side)
