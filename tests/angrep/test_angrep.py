"""The attack can fail: it finds a leak, a 500 and a double that are planted, and nothing where nothing is."""

import time
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from tests.angrep.fuzz import Spoerrer
from tests.angrep.fuzz import walk as fuzz
from tests.angrep.gang import Gang, Spoersmaal, questions
from tests.angrep.kapploep import _exactly_one, _wrong
from tests.angrep.klient import Klient, Svar
from tests.angrep.samtidig import same
from tests.angrep.skjema import form_with
from tests.angrep.utfall import SLAG, Utfall, table
from tests.angrep.verden import Hemmelig, plant_all
from tests.tilgang.verden import Verden, lag_verden


@pytest.fixture
def verden(transactional_db: None) -> Verden:
    return lag_verden()


@pytest.fixture
def hemmelig(verden: Verden) -> Hemmelig:
    hemmelig = Hemmelig()
    plant_all(verden, hemmelig)
    return hemmelig


@pytest.fixture
def plantet(settings) -> None:
    settings.ROOT_URLCONF = "tests.angrep.plantet"


@pytest.fixture
def klient(live_server, verden: Verden) -> Iterator[Callable[[str], Klient]]:
    """Somebody over HTTP, in a browser of their own, which is closed in the end."""
    aapne: list[Klient] = []

    def browser(hvem: str) -> Klient:
        ny = Klient(live_server.url, sikker=False)
        aapne.append(ny)
        if verden.folk[hvem]:
            indre = Client()
            indre.force_login(verden.folk[hvem])
            ny.kaker = {navn: kake.value for navn, kake in indre.cookies.items()}
        return ny

    yield browser
    for ett in aapne:
        ett.close()


def gang(hemmelig: Hemmelig) -> Gang:
    return Gang(hemmelig, Utfall("gang"), time.monotonic() + 60)


def test_the_walk_finds_what_is_planted(plantet, klient, verden: Verden, hemmelig: Hemmelig):
    denne = gang(hemmelig)

    denne.ask_all(
        klient("medlem"),
        "medlem",
        [
            Spoersmaal("plantet", "get", "/plantet/lekk/"),
            Spoersmaal("plantet", "get", "/plantet/knekk/"),
            Spoersmaal("plantet", "get", f"/en/samlinger/{verden.b.samling.pk}/rediger/", False),
        ],
    )
    denne.ask_all(
        klient("koordinator"),
        "koordinator",
        [
            Spoersmaal(
                "plantet", "get", f"/en/samlinger/{verden.b.samling.pk}/rediger/", False, True
            )
        ],
    )

    tekster = [tekst for _slag, tekst in denne.utfall.funn]
    assert denne.utfall.count("5xx") == 1
    assert any("rolu.Loggpost.tekst" in tekst for tekst in tekster)
    assert any("medlem: GET /en/samlinger/" in tekst for tekst in tekster)
    assert any(tekst.endswith("ga 200, ikke 404") for tekst in tekster)


def test_the_walk_finds_nothing_where_nothing_is(klient, verden: Verden, hemmelig: Hemmelig):
    denne = gang(hemmelig)
    alle = questions(verden, "gruppemedlem")
    noen = [sp for sp in alle if "logg" in sp.navn or sp.navn in {"løs", "rolu:mellomarbeid"}]

    denne.ask_all(klient("gruppemedlem"), "gruppemedlem", noen)

    assert denne.utfall.holdt, table([denne.utfall])
    assert denne.utfall.proevd == len(noen)
    assert hemmelig.lest, "a walk that reads nothing proves nothing"


def test_the_fuzz_finds_a_500_that_is_planted(plantet, klient):
    utfall = Utfall("felt")
    spoerrer = Spoerrer(klient("koordinator"), utfall, time.monotonic() + 60)

    fuzz(spoerrer, "koordinator", ["/plantet/knekk/"])

    assert utfall.count("5xx") > 0
    assert set(SLAG) - {"5xx"} == {slag for slag in SLAG if utfall.count(slag) == 0}


def test_time_that_is_over_is_told_and_not_taken_for_tried(klient, hemmelig: Hemmelig):
    denne = Gang(hemmelig, Utfall("gang"), time.monotonic() - 1)

    denne.ask_all(klient("medlem"), "medlem", [Spoersmaal("x", "get", "/en/hjem/")])

    assert (denne.utfall.ikke_rukket, denne.utfall.proevd) == (1, 0)
    assert "1 spørsmål rakk vi ikke" in table([denne.utfall])


def test_what_is_made_twice_or_not_at_all_is_found():
    utfall = Utfall("kappløp")

    for antall in (0, 1, 2):
        _exactly_one(utfall, "samling", antall)

    assert (utfall.count("tapt"), utfall.count("dobbelt")) == (1, 1)


def test_twenty_presses_are_twenty_requests_at_once(plantet, klient):
    utfall = Utfall("kappløp")

    svar = same(
        klient("koordinator"),
        20,
        lambda k: k.get("/plantet/knekk/"),
        utfall,
        "knekk",
    )

    assert [ett.status for ett in svar if ett] == [500] * 20
    assert utfall.count("5xx") == 1


def test_a_clean_503_is_one_that_says_so():
    assert Svar(503, {"retry-after": "10"}, b"").er_rent_503
    assert not Svar(503, {}, b"").er_rent_503
    assert not Svar(500, {"retry-after": "10"}, b"").er_rent_503


def test_a_wrong_code_is_of_the_same_make_and_never_the_right_one():
    for kode in ("000000", "123456789012", "A2BC-9XYZ"):
        gale = {_wrong(kode, nr) for nr in range(1, 41)}

        assert kode not in gale
        assert {len(gal) for gal in gale} == {len(kode)}
        assert len(gale) == 40


def test_a_form_is_sent_as_the_browser_has_it():
    side = """
        <form><input name="q"></form>
        <form method="post">
            <input type="hidden" name="csrfmiddlewaretoken" value="x"><input name="tittel" value="T">
            <input type="checkbox" name="kommer" value="1" checked>
            <input type="checkbox" name="kommer" value="2" checked>
            <input type="checkbox" name="nei" value="3">
            <textarea name="om">\nEn linje</textarea>
            <select name="type"><option value="a"><option value="b" selected></select>
        </form>
    """

    assert form_with(side, "tittel") == {
        "tittel": "T",
        "kommer": ["1", "2"],
        "om": "En linje",
        "type": "b",
    }
