"""A drawing or a photograph with a card, from the pad: as a plain form, and as what a phone sends after its card."""

import datetime
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fremtidsbilder.models import Bidrag, Bidragsbilde, Samtalesporsmaal
from fremtidsbilder.tankesmier import bidrag, styring, veggbilde
from fremtidsbilder.tankesmier.bidragsbilder import MAKS_BILDER, attach
from nettverk.sikkerhet.grenser import Grense
from tests.fremtidsbilder.bilder.bildefiler import HEIC, bildebyte, godkjent
from tests.fremtidsbilder.tankesmiefabrikk import BidragFactory, SporsmaalFactory, TankesmieFactory
from tests.nettverk.factories import koordinator
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db

STENGT = "Spørsmålet er stengt; teksten din er tatt vare på her."


@pytest.fixture
def aapent() -> Samtalesporsmaal:
    sporsmaal = SporsmaalFactory(tekst="Hva gjør at alle er med?")
    styring.open_question(sporsmaal)
    sporsmaal.refresh_from_db()
    return sporsmaal


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch):
    monkeypatch.setattr(veggbilde, "HVILE", 0)


def _pad(sporsmaal: Samtalesporsmaal) -> str:
    return reverse("bordpad", args=[sporsmaal.tankesmie.kode])


def _row(sporsmaal: Samtalesporsmaal, tekst: str = "Hytta vår", **felt):
    return {"id": str(uuid.uuid4()), "utgave": 1, "sporsmaal": sporsmaal.pk, "tekst": tekst, **felt}


def _file(navn: str = "tegning.png", innhold: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(navn, innhold or bildebyte())


def _form(client: Client, sporsmaal: Samtalesporsmaal, rad, fil: SimpleUploadedFile):
    return client.post(_pad(sporsmaal) + "?bord=0", {**rad, "bilde": fil})


def _send(client: Client, sporsmaal: Samtalesporsmaal, rad) -> None:
    client.post(_pad(sporsmaal), json.dumps([rad]), content_type="application/json")


def _picture(client: Client, sporsmaal: Samtalesporsmaal, rad, fil=None, **felt):
    data = {"id": rad["id"], "sporsmaal": rad["sporsmaal"], "bilde": fil or _file(), **felt}
    return client.post(reverse("bordbilde", args=[sporsmaal.tankesmie.kode]), data)


# --- the plain form


def test_a_plain_form_brings_the_card_and_its_picture_and_twice_is_one(aapent, client):
    rad = _row(aapent, "<script>alert(1)</script> 🌳 مزيد")

    for _gang in range(2):
        svar = _form(client, aapent, rad, _file())

    bilde = Bidragsbilde.objects.get()
    assert svar.status_code == 302
    assert "bildet er med" in client.get(svar.url + "&bord=0").text
    assert bilde.bidrag.tekst == bilde.alternativ_tekst == "<script>alert(1)</script> 🌳 مزيد"


def test_the_field_is_there_for_the_camera_and_the_form_can_carry_it(aapent, client):
    side = client.get(_pad(aapent) + "?bord=0").text

    assert "Legg ved en tegning eller et bilde" in side
    assert 'accept="image/*"' in side
    assert 'enctype="multipart/form-data"' in side


@pytest.mark.parametrize(
    ("navn", "innhold", "sagt"),
    [
        ("bilde.heic", HEIC, "i formatet HEIC"),
        ("bilde.jpg", HEIC, "HEIC"),
        ("tegning.png", b"ikke et bilde", "er ikke det endelsen sier"),
        ("tegning.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "kan ikke åpnes"),
        ("notat.pdf", b"%PDF-1.4 ...", "er ikke et bilde"),
        ("stor.jpg", b"\xff\xd8\xff" + bytes(100 * 1024 * 1024), "for stor"),
    ],
)
def test_a_picture_that_cannot_be_kept_is_told_and_the_text_stands_in_the_field(
    aapent, client, navn, innhold, sagt
):
    rad = _row(aapent, "Hytta i skogen")

    svar = _form(client, aapent, rad, _file(navn, innhold))
    uten = client.post(_pad(aapent), rad)

    assert svar.status_code == 422
    assert sagt in svar.text
    assert "Hytta i skogen</textarea>" in svar.text
    assert "må du velge det på nytt" in svar.text
    assert uten.status_code == 302
    assert not Bidragsbilde.objects.exists()


@pytest.mark.parametrize(
    ("tekst", "sagt"),
    [("  ", "Skriv hva bildet viser."), ("x" * 50_000, "Teksten har 50000 tegn")],
)
def test_a_picture_without_words_or_with_too_many_is_not_kept(aapent, client, tekst, sagt):
    svar = _form(client, aapent, _row(aapent, tekst), _file())

    assert svar.status_code == 422
    assert sagt in svar.text
    assert tekst.strip() in svar.text
    assert not Bidrag.objects.exists()
    assert not Bidragsbilde.objects.exists()


def test_a_network_without_room_keeps_the_text_and_says_so(aapent, client, settings):
    settings.LAGERPLASS_PER_NETTVERK = 1
    rad = _row(aapent)

    svar = _form(client, aapent, rad, _file())

    assert svar.status_code == 422
    assert "ikke plass til flere filer hos oss" in svar.text
    assert f"{rad['tekst']}</textarea>" in svar.text
    assert Bidrag.objects.get().tekst == rad["tekst"]
    assert not Bidragsbilde.objects.exists()


def test_what_comes_too_fast_from_one_place_waits_with_its_picture(aapent, client, monkeypatch):
    monkeypatch.setattr(
        "nettverk.sikkerhet.ettsted.FRA_ETT_STED",
        Grense("fra_ett_sted", 5, datetime.timedelta(minutes=10)),
    )
    rad = _row(aapent)
    _send(client, aapent, rad)

    skjema = _form(client, aapent, _row(aapent, "Teksten"), _file())
    alene = _picture(client, aapent, rad)

    assert skjema.status_code == 422
    assert "Prøv igjen om litt." in skjema.text
    assert "Teksten</textarea>" in skjema.text
    assert (alene.status_code, alene.json()) == (429, {"svar": {}})
    assert not Bidragsbilde.objects.exists()


# --- what a phone sends after its card


def test_a_picture_follows_its_card_and_sent_twice_it_is_one(aapent, client):
    rad = _row(aapent)
    _send(client, aapent, rad)

    svar = [_picture(client, aapent, rad) for _gang in range(2)]

    assert [(s.status_code, s.json()) for s in svar] == [(200, {"svar": {rad["id"]: ""}})] * 2
    assert "no-store" in svar[0]["Cache-Control"]
    assert Bidragsbilde.objects.get().bidrag.tekst == rad["tekst"]


@pytest.mark.django_db(transaction=True)
def test_a_picture_sent_twice_at_the_same_time_is_one(aapent):
    rad = _row(aapent)
    _send(Client(), aapent, rad)

    svar = at_once(*[lambda: _picture(Client(), aapent, rad).json()["svar"]] * 3)

    assert svar == [{rad["id"]: ""}] * 3
    assert Bidragsbilde.objects.count() == 1


@pytest.mark.parametrize(
    ("navn", "innhold", "sagt"),
    [
        ("bilde.heic", HEIC, "i formatet HEIC"),
        ("tegning.png", b"ikke et bilde", "er ikke det endelsen sier"),
        ("stor.jpg", b"\xff\xd8\xff" + bytes(100 * 1024 * 1024), "for stor"),
    ],
)
def test_what_cannot_be_kept_is_answered_in_words_and_the_card_stands(
    aapent, client, navn, innhold, sagt
):
    rad = _row(aapent)
    _send(client, aapent, rad)

    svar = _picture(client, aapent, rad, _file(navn, innhold))

    assert sagt in svar.json()["svar"][rad["id"]]
    assert Bidrag.objects.get().tekst == rad["tekst"]
    assert not Bidragsbilde.objects.exists()


def test_more_pictures_than_a_card_has_room_for_are_told(aapent, client):
    rad = _row(aapent)
    _send(client, aapent, rad)
    kort = Bidrag.objects.get()
    farger = ["red", "green", "blue", "black", "white", "gray", "navy", "lime", "aqua", "pink"]
    attach(kort, filer=[godkjent(f) for f in farger[:MAKS_BILDER]], nettverk=aapent.nettverk)

    svar = _picture(client, aapent, rad)

    assert "10 bilder" in svar.json()["svar"][rad["id"]]
    assert kort.bilder.count() == MAKS_BILDER


@pytest.mark.parametrize("mangler", ["id", "sporsmaal", "bilde"])
def test_what_is_no_picture_of_a_card_is_answered(aapent, client, mangler):
    rad = _row(aapent)
    _send(client, aapent, rad)
    data = {"id": rad["id"], "sporsmaal": aapent.pk, "bilde": _file()}
    del data[mangler]

    svar = client.post(reverse("bordbilde", args=[aapent.tankesmie.kode]), data)

    assert svar.status_code == 200
    assert all(svar.json()["svar"].values())
    assert not Bidragsbilde.objects.exists()


def test_a_key_of_another_question_or_tankesmie_attaches_nothing(aapent, client):
    annet = SporsmaalFactory(tankesmie=aapent.tankesmie)
    fremmed = SporsmaalFactory(tankesmie=TankesmieFactory(nettverk=aapent.nettverk))
    her = BidragFactory(sporsmaal=aapent)
    der = BidragFactory(sporsmaal=annet)
    borte = BidragFactory(sporsmaal=fremmed)

    svar = [
        _picture(client, aapent, {"id": str(kort.nokkel), "sporsmaal": sporsmaal.pk})
        for kort, sporsmaal in [(her, annet), (der, aapent), (borte, fremmed), (borte, aapent)]
    ]
    svar.append(_picture(client, aapent, {"id": str(uuid.uuid4()), "sporsmaal": aapent.pk}))

    for ett in svar:
        [hvorfor] = ett.json()["svar"].values()
        assert "Send teksten først." in hvorfor
    assert not Bidragsbilde.objects.exists()


def test_a_closed_tankesmie_refuses_it_as_it_does_a_text(aapent, client, monkeypatch):
    rad = _row(aapent)
    _send(client, aapent, rad)
    foer = timezone.now().isoformat()
    styring.close(aapent.tankesmie)
    monkeypatch.setattr(bidrag, "NAADE", datetime.timedelta(seconds=-0.001))
    sent = (timezone.now() + datetime.timedelta(seconds=5)).isoformat()

    for_sent = _picture(client, aapent, rad, skrevet=sent)
    monkeypatch.setattr(bidrag, "NAADE", datetime.timedelta(seconds=60))
    i_tide = _picture(client, aapent, rad, skrevet=foer)

    assert for_sent.json()["svar"][rad["id"]] == STENGT
    assert i_tide.json()["svar"][rad["id"]] == ""
    assert _form(client, aapent, rad, _file()).status_code == 410


def test_a_code_nobody_has_takes_no_picture(client):
    svar = client.post("/b/BCDFGHJK/bilde/", {"id": "x", "bilde": _file()})

    assert (svar.status_code, svar.json()) == (404, {"svar": {}})
    assert client.get("/b/BCDFGHJK/bilde/").status_code == 405


# --- what becomes of it


def test_a_card_that_is_mended_mends_what_the_picture_shows(aapent, client):
    rad = _row(aapent)
    _send(client, aapent, rad)
    _picture(client, aapent, rad)

    _send(client, aapent, {**rad, "tekst": "Hytta\n" * 100, "utgave": 2})

    beskrivelse = Bidragsbilde.objects.get().alternativ_tekst
    assert beskrivelse.startswith("Hytta Hytta")
    assert len(beskrivelse) <= 300


def test_a_card_that_is_taken_back_takes_its_picture_with_it(
    aapent, client, django_capture_on_commit_callbacks
):
    client.force_login(
        koordinator(aapent.nettverk), backend="django.contrib.auth.backends.ModelBackend"
    )
    rad = _row(aapent)
    _send(client, aapent, rad)
    _picture(client, aapent, rad)
    bilde = Bidragsbilde.objects.get()
    lager = bilde.fil.storage

    with django_capture_on_commit_callbacks(execute=True):
        _send(client, aapent, {**rad, "tekst": "", "utgave": 2})
    sent = _picture(client, aapent, rad)

    assert not Bidragsbilde.objects.exists()
    assert not lager.exists(bilde.fil.name)
    assert not lager.exists(bilde.liten.name)
    assert sent.json()["svar"][rad["id"]]
    # Of what the writer does history keeps nothing.
    assert not Bidragsbilde.pgh_event_model.objects.exists()
    assert not Bidrag.pgh_event_model.objects.exists()


def test_the_wall_shows_a_picture_when_its_card_is_approved_and_not_before(aapent, client):
    rad = _row(aapent, '"><script>alert(1)</script>')
    _send(client, aapent, rad)
    _picture(client, aapent, rad)
    bilde = Bidragsbilde.objects.get()
    adresse = reverse("fremtidsbilder:bidragsbilde", args=[aapent.nettverk.slug, bilde.pk])

    def wall() -> str:
        styring.give_dots(aapent, prikker=0)  # what was drawn is old
        return client.get(_pad(aapent) + "vegg/").text

    foer = wall()
    Bidrag.objects.update(avgjoerelse="godkjent")
    godkjent_ = wall()
    Bidrag.objects.update(avgjoerelse="", skjult=True)

    assert adresse not in foer
    assert f'src="{adresse}?liten"' in godkjent_
    assert "<script>alert" not in godkjent_
    assert adresse not in wall()


def test_the_wall_costs_the_same_with_one_picture_and_with_many(aapent, client):
    def cost() -> int:
        styring.give_dots(aapent, prikker=0)
        with CaptureQueriesContext(connection) as spoerringer:
            client.get(_pad(aapent) + "vegg/")
        return len(spoerringer)

    kort = BidragFactory.create_batch(3, sporsmaal=aapent, avgjoerelse="godkjent")
    attach(kort[0], filer=[godkjent()], nettverk=aapent.nettverk)
    Bidrag.objects.update(avgjoerelse="godkjent")
    en = cost()
    for ett in kort:
        attach(ett, filer=[godkjent("red"), godkjent("blue")], nettverk=aapent.nettverk)
    Bidrag.objects.update(avgjoerelse="godkjent")

    assert cost() == en
