"""The pad and the wall behind a code: whoever has it, without an account, with JavaScript and without."""

import datetime
import gzip
import json
import time
import uuid

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fremtidsbilder.models import Bidrag, Prikk
from fremtidsbilder.models.tankesmie import MAKS_TEGN
from fremtidsbilder.tankesmier import bidrag, klynger, moderering, styring, veggbilde
from fremtidsbilder.tankesmier.stand import arranging
from nettverk.models import Person
from nettverk.sikkerhet.feilkoder import FEIL_KODER
from nettverk.sikkerhet.grenser import Grense
from tests.fremtidsbilder.tankesmiefabrikk import (
    BidragFactory,
    KlyngeFactory,
    SporsmaalFactory,
    TankesmieFactory,
)
from tests.nettverk.factories import kog, koordinator
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def aapent():
    sporsmaal = SporsmaalFactory(tekst="Hva gjør at alle er med?")
    styring.open_question(sporsmaal)
    sporsmaal.refresh_from_db()
    return sporsmaal


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch):
    """A wall is drawn at once here; that it rests is tested below."""
    monkeypatch.setattr(veggbilde, "HVILE", 0)


def _pad(sporsmaal) -> str:
    return reverse("bordpad", args=[sporsmaal.tankesmie.kode])


def _wall(sporsmaal) -> str:
    return reverse("bordvegg", args=[sporsmaal.tankesmie.kode])


def _row(sporsmaal, tekst="Lek", **felt):
    return {"id": str(uuid.uuid4()), "utgave": 1, "sporsmaal": sporsmaal.pk, "tekst": tekst, **felt}


def _send(client, sporsmaal, *rader):
    return client.post(_pad(sporsmaal), json.dumps(rader), content_type="application/json")


# --- the pad


def test_the_pad_shows_the_open_question_and_a_field_and_is_kept_by_nobody(aapent, client):
    side = client.get(_pad(aapent) + "?bord=7")

    assert side.status_code == 200
    assert "Hva gjør at alle er med?" in side.text
    assert "Bord 7" in side.text
    assert side["X-Robots-Tag"] == "noindex"
    assert "no-store" in side["Cache-Control"]
    assert settings.SESSION_COOKIE_NAME not in side.cookies


def test_the_table_is_asked_for_and_then_remembered(aapent, client):
    foerst = client.get(_pad(aapent))
    client.get(_pad(aapent) + "?bord=7")
    siden = client.get(_pad(aapent))

    assert "Hvilket bord sitter du ved?" in foerst.text
    assert "Hvilket bord sitter du ved?" not in siden.text
    assert "Bord 7" in siden.text


@pytest.mark.parametrize("bord", ["99", "-1", "²", "abc", ""])
def test_a_table_that_is_not_there_is_asked_for(aapent, client, bord):
    assert "Hvilket bord sitter du ved?" in client.get(_pad(aapent), {"bord": bord}).text


def test_the_code_may_be_written_small_and_with_a_dash(aapent, client):
    kode = aapent.tankesmie.kode

    assert client.get(f"/b/{kode[:4].lower()}-{kode[4:].lower()}/").status_code == 200
    assert client.get("/b/", {"kode": f" {kode.lower()} "}).url == f"/b/{kode}/"
    assert client.get("/b/").status_code == 200
    assert client.get("/b/", {"kode": ""}).status_code == 422


@pytest.mark.parametrize("kode", ["ÅÅÅÅ", "²²", "שלום", "--"])
def test_a_code_with_signs_that_no_code_has_is_told_and_opens_nothing(client, kode):
    svar = client.get("/b/", {"kode": kode})

    assert svar.status_code == 422
    assert "Koden har bare bokstaver og tall." in svar.text


def test_a_plain_form_sends_a_card_and_twice_is_one(aapent, client):
    rad = _row(aapent, "Vi leker ute", bord=7)

    for _gang in range(2):
        svar = client.post(_pad(aapent), rad)

    assert svar.status_code == 302
    assert list(aapent.bidrag.values_list("tekst", "bord")) == [("Vi leker ute", 7)]
    assert "Takk, det er sendt." in client.get(svar.url + "&bord=0").text


def test_what_is_mended_with_the_browsers_back_button_stands(aapent, client):
    rad = _row(aapent, "Vi leker inne")
    client.post(_pad(aapent), rad)

    client.post(_pad(aapent), {**rad, "tekst": "Vi leker ute"})

    assert list(aapent.bidrag.values_list("tekst", flat=True)) == ["Vi leker ute"]


def test_one_machine_does_not_fill_the_wall_and_its_rows_wait(aapent, client, monkeypatch):
    monkeypatch.setattr(
        "nettverk.sikkerhet.ettsted.FRA_ETT_STED",
        Grense("fra_ett_sted", 3, datetime.timedelta(minutes=10)),
    )
    assert _send(client, aapent, *(_row(aapent, f"{nr}") for nr in range(3))).status_code == 200

    for_mange = _send(client, aapent, _row(aapent, "4"))
    skjema = client.post(_pad(aapent) + "?bord=0", _row(aapent, "Fem"))

    assert (for_mange.status_code, for_mange.json()) == (429, {"svar": {}})
    assert "Prøv igjen om litt." in skjema.text
    assert "Fem</textarea>" in skjema.text
    assert aapent.bidrag.count() == 3


@pytest.mark.parametrize(
    ("tekst", "feil"),
    [("   ", "Skriv noe først."), ("x" * 50_000, "Teksten har 50000 tegn")],
)
def test_a_plain_form_that_cannot_be_sent_comes_back_with_its_text(aapent, client, tekst, feil):
    svar = client.post(_pad(aapent) + "?bord=0", _row(aapent, tekst))

    assert svar.status_code == 422
    assert feil in svar.text
    assert tekst.strip() in svar.text
    assert not Bidrag.objects.exists()


def test_a_plain_form_after_it_was_frozen_keeps_the_text_and_says_so(aapent, client, monkeypatch):
    monkeypatch.setattr(bidrag, "NAADE", datetime.timedelta(seconds=-1))
    styring.freeze_question(aapent)

    svar = client.post(_pad(aapent) + "?bord=0", _row(aapent, "Sent ute"))

    assert svar.status_code == 422
    assert "Spørsmålet er stengt; teksten din er tatt vare på her." in svar.text
    assert "Sent ute</textarea>" in svar.text


def test_rows_are_answered_key_by_key(aapent, client):
    god, lang, tull = _row(aapent), _row(aapent, "x" * (MAKS_TEGN + 1)), {"id": "tull"}
    barn = _row(aapent, "Eleven Kari trives")

    svar = _send(client, aapent, god, lang, tull, barn, 3).json()

    assert svar["svar"][god["id"]] == ""
    assert "Det er plass til 1000" in svar["svar"][lang["id"]]
    assert svar["svar"]["tull"] == "Teksten kunne ikke sendes."
    assert "barn ved navn" in svar["varsler"][barn["id"]][0]
    assert aapent.bidrag.count() == 2


def test_a_phone_is_told_that_a_whole_name_is_read_first(aapent, client):
    Person.objects.filter(pk=koordinator(aapent.nettverk).pk).update(navn="Åse Skoddeheim")
    rad = _row(aapent, "Åse Skoddeheim må slutte")

    svar = _send(client, aapent, rad).json()
    client.get(_pad(aapent) + "?bord=0")
    skjema = client.post(_pad(aapent), _row(aapent, "Spør Åse Skoddeheim"), follow=True)

    assert "fullt navn" in svar["varsler"][rad["id"]][0]
    assert "Det kan stå fullt navn på noen" in skjema.text
    assert not Bidrag.objects.shown().exists()


@pytest.mark.parametrize("kropp", ["", "{}", "[]", "[" * 9000, "null", json.dumps([{}] * 51)])
def test_what_is_no_list_of_rows_is_refused(aapent, client, kropp):
    svar = client.post(_pad(aapent), kropp, content_type="application/json")

    assert svar.status_code == 422


def test_a_script_in_a_card_is_text_on_every_wall(aapent, client):
    _send(client, aapent, _row(aapent, "<script>alert(1)</script>"))
    styring.give_dots(aapent, prikker=1)

    for adresse in (_wall(aapent), reverse("bordprikk", args=[aapent.tankesmie.kode])):
        tekst = client.get(adresse).text
        assert "&lt;script&gt;alert" in tekst
        assert "<script>alert" not in tekst


def test_who_is_signed_in_writes_as_nobody(aapent, client):
    client.force_login(
        koordinator(aapent.nettverk), backend="django.contrib.auth.backends.ModelBackend"
    )

    _send(client, aapent, _row(aapent))

    assert Bidrag.objects.count() == 1
    assert not Bidrag.pgh_event_model.objects.exists()


def test_the_pad_is_asked_again_and_a_card_does_not_change_it(aapent, client):
    side = client.get(_pad(aapent)).text
    etter = side.split("?etter=")[1].split('"')[0]
    BidragFactory(sporsmaal=aapent)

    assert client.get(_pad(aapent), {"etter": etter}).status_code == 204
    neste = SporsmaalFactory(tankesmie=aapent.tankesmie, tekst="Og hva nå?")
    styring.open_question(neste)
    svar = client.get(_pad(aapent), {"etter": etter})

    assert "Og hva nå?" in svar.text
    assert "<textarea" not in svar.text


def test_two_minutes_left_and_other_words_are_seen_by_the_pads(aapent, client):
    def stand() -> str:
        return client.get(_pad(aapent), {"etter": ""}).text

    foer = stand()
    styring.soon_over(aapent)
    snart = stand()
    with arranging(aapent) as naa:
        naa.tekst = "Hva gjør at alle er mer med?"
        styring.reword_question(naa)

    assert "Skriv til" not in foer
    assert "Skriv til" in snart
    assert stand().split("?etter=")[1][:60] != snart.split("?etter=")[1][:60]


def test_without_an_open_question_the_pad_waits(client):
    sporsmaal = SporsmaalFactory()
    ventende = client.get(_pad(sporsmaal) + "?bord=0").text
    styring.open_question(sporsmaal)
    styring.freeze_question(sporsmaal)

    assert "Snart begynner det" in ventende
    assert "Spørsmålet er stengt" in client.get(_pad(sporsmaal)).text


# --- codes


def test_a_code_nobody_has_is_counted_against_guessing_and_opens_nothing(client):
    assert client.get("/b/BCDFGHJK/").status_code == 404
    assert client.get("/b/BCDFGHJK/vegg/").status_code == 404
    assert client.get("/b/BCDFGHJK/prikk/").status_code == 404
    assert client.post("/b/BCDFGHJK/", "[]", content_type="application/json").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_guesses_are_limited_also_many_at_once_and_a_right_code_still_opens(aapent):
    antall = FEIL_KODER.antall + 8

    svar = at_once(*[lambda: Client().get("/b/BCDFGHJK/").status_code] * antall)

    assert svar.count(404) == FEIL_KODER.antall
    assert svar.count(429) == 8
    assert Client().get(_pad(aapent)).status_code == 200


def test_a_closed_code_opens_nothing_but_takes_what_was_written_before(aapent, client):
    rad = _row(aapent, "Skrevet før", skrevet=timezone.now().isoformat())
    styring.close(aapent.tankesmie)

    for adresse in (
        _pad(aapent),
        _wall(aapent),
        reverse("bordprikk", args=[aapent.tankesmie.kode]),
    ):
        assert client.get(adresse).status_code == 410
    assert client.post(_pad(aapent), _row(aapent)).status_code == 410
    assert _send(client, aapent, rad).json()["svar"][rad["id"]] == ""
    assert "Takk for bidragene" in client.get(_pad(aapent), {"etter": "x"}).text


# --- dots


def test_dots_are_given_by_a_phone_and_taken_back(aapent, client):
    styring.give_dots(aapent, prikker=1)
    en, to = BidragFactory.create_batch(2, sporsmaal=aapent)
    adresse = reverse("bordprikk", args=[aapent.tankesmie.kode])
    assert "Du har <strong>1</strong> prikk igjen" in client.get(adresse).text

    gitt = client.post(adresse, {"bidrag": en.pk, "handling": "gi"})
    for_mange = client.post(adresse, {"bidrag": to.pk, "handling": "gi"})
    med_htmx = client.post(
        adresse, {"bidrag": en.pk, "handling": "ta"}, headers={"HX-Request": "true"}
    )

    assert gitt.url == f"{adresse}#kort-{en.pk}"
    assert for_mange.status_code == 409
    assert "Du har gitt prikken din." in for_mange.text
    assert f'id="kort-{en.pk}"' in med_htmx.text
    assert "hx-swap-oob" in med_htmx.text
    assert not Prikk.objects.exists()


def test_without_a_vote_the_dots_lead_back_to_the_pad(aapent, client):
    assert client.get(reverse("bordprikk", args=[aapent.tankesmie.kode])).url == _pad(aapent)


def test_a_dot_from_a_phone_that_keeps_no_cookie_is_told(aapent):
    styring.give_dots(aapent, prikker=1)
    kort = BidragFactory(sporsmaal=aapent)
    adresse = reverse("bordprikk", args=[aapent.tankesmie.kode])

    svar = Client().post(adresse, {"bidrag": kort.pk, "handling": "gi"})

    assert svar.status_code == 409
    assert "Tillat informasjonskapsler" in svar.text


# --- the wall


def test_the_wall_shows_themes_and_cards_and_not_what_is_hidden(aapent, client):
    tema = KlyngeFactory(sporsmaal=aapent, navn="Uteliv")
    BidragFactory(sporsmaal=aapent, tekst="Gå i skogen", klynge=tema, bord=3)
    BidragFactory(sporsmaal=aapent, tekst="Lese høyt")
    BidragFactory(sporsmaal=aapent, tekst="Om Kari", skjult=True)

    tekst = client.get(_wall(aapent)).text

    assert "Uteliv" in tekst
    assert "Gå i skogen" in tekst
    assert "Bord 3" in tekst
    assert "Lese høyt" in tekst
    assert "Om Kari" not in tekst


def test_the_wall_says_the_code_and_only_who_leads_it_the_way_back(client):
    sporsmaal = SporsmaalFactory(tankesmie__frittstaaende=True)
    tankesmie = sporsmaal.tankesmie
    styring.open_question(sporsmaal)
    lede = reverse("fremtidsbilder:tankesmie", args=[tankesmie.nettverk.slug, tankesmie.pk])

    side = client.get(_wall(sporsmaal)).text
    assert f"{tankesmie.kode[:4]}-{tankesmie.kode[4:]}" in side
    assert "/b/ <strong>" in side
    assert lede not in side

    client.force_login(kog(tankesmie.nettverk))
    assert lede not in client.get(_wall(sporsmaal)).text
    client.force_login(koordinator(tankesmie.nettverk))
    assert lede in client.get(_wall(sporsmaal)).text


def test_the_wall_is_asked_again_and_answers_only_when_something_is_new(aapent, client):
    def neste(tekst: str) -> str:
        return tekst.split('hx-get="')[1].split('"', maxsplit=1)[0].replace("&amp;", "&")

    adresse = neste(client.get(_wall(aapent)).text)
    uendret = client.get(adresse)
    _send(client, aapent, _row(aapent, "Nytt på veggen"))
    endret = client.get(adresse)
    kort = aapent.bidrag.get()
    moderering.hide(aapent, [kort.pk])
    skjult = client.get(neste(endret.text))

    assert uendret.status_code == 204
    assert "Nytt på veggen" in endret.text
    assert skjult.status_code == 200
    assert "Nytt på veggen" not in skjult.text
    assert client.get(neste(skjult.text)).status_code == 204


def test_a_packed_wall_is_the_same_wall(aapent, client):
    BidragFactory(sporsmaal=aapent, tekst="Nytt på veggen")
    svar = client.get(_wall(aapent), {"etter": 0}, headers={"Accept-Encoding": "gzip"})
    ren = client.get(_wall(aapent), {"etter": 0})

    assert svar["Content-Encoding"] == "gzip"
    assert gzip.decompress(svar.content) == ren.content


def test_a_wall_that_follows_shows_the_question_that_is_started(aapent, client):
    neste = SporsmaalFactory(tankesmie=aapent.tankesmie, tekst="Og hva nå?")
    aapent.tankesmie.refresh_from_db()
    etter = aapent.tankesmie.versjon
    styring.open_question(neste)

    assert "Og hva nå?" in client.get(_wall(aapent), {"etter": etter}).text
    fast = client.get(_wall(aapent), {"etter": etter, "sporsmaal": aapent.pk}).text
    assert "Og hva nå?" not in fast


def test_a_wall_rests_between_two_drawings_and_then_shows_all(aapent, client, monkeypatch):
    monkeypatch.setattr(veggbilde, "HVILE", 30)
    BidragFactory(sporsmaal=aapent, tekst="Først")
    klynger.make(aapent, navn="Lek")
    aapent.tankesmie.refresh_from_db()
    etter = aapent.tankesmie.versjon
    client.get(_wall(aapent), {"etter": 0})
    _send(client, aapent, _row(aapent, "Siden"))

    hviler = client.get(_wall(aapent), {"etter": etter})
    monkeypatch.setattr(veggbilde, "HVILE", 0)
    ferdig = client.get(_wall(aapent), {"etter": etter})

    assert hviler.status_code == 204
    assert "Siden" in ferdig.text


def test_two_thousand_cards_in_few_queries_and_little_time(aapent, client):
    temaer = KlyngeFactory.create_batch(12, sporsmaal=aapent)
    kort = Bidrag.objects.bulk_create(
        Bidrag(
            sporsmaal=aapent,
            tekst=f"Vi ser at barna leker sammen ute i skogen når vi voksne er med {n}",
            bord=n % 88 + 1,
            klynge=temaer[n % 12] if n % 3 else None,
        )
        for n in range(2000)
    )
    Prikk.objects.bulk_create(
        Prikk(bidrag=k, velger=uuid.uuid4()) for k in kort[:600] for _n in range(2)
    )
    client.get(_wall(aapent))
    styring.give_dots(aapent, prikker=0)  # what was drawn is old

    start = time.perf_counter()
    with CaptureQueriesContext(connection) as spoerringer:
        side = client.get(_wall(aapent))
    tid = time.perf_counter() - start

    assert side.text.count("app-veggkort") >= 2000
    assert len(spoerringer) <= 12
    # 300 ms on the portal's own machine (tests/maaling); here others run too.
    assert tid < 2


def test_the_wall_and_the_pad_cost_the_same_with_one_and_three(client):
    tankesmie = TankesmieFactory()
    en = SporsmaalFactory(tankesmie=tankesmie)
    styring.open_question(en)
    BidragFactory(sporsmaal=en)

    def cost(adresse: str) -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            client.get(adresse)
        return len(spoerringer)

    adresser = (_pad(en) + "?bord=1", _wall(en))
    foer = [cost(adresse) for adresse in adresser]
    to = SporsmaalFactory(tankesmie=tankesmie)
    styring.open_question(to)
    BidragFactory.create_batch(3, sporsmaal=to, klynge=KlyngeFactory(sporsmaal=to))

    assert [cost(adresse) for adresse in adresser] == foer
