"""What a group said, brought by somebody who leads the tankesmie: a card for each line, one for their drawings, and the
group counted once."""

import io
import uuid
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from fremtidsbilder.models import Bidrag, Bidragsbilde, Stemmegruppe, Tankesmie
from fremtidsbilder.tankesmier import egne, temastemmer
from fremtidsbilder.tankesmier.bidragsbilder import MAKS_BILDER
from fremtidsbilder.tankesmier.paavegne import speak_for
from nettverk.models import Nettverk
from nettverk.skriving.konflikt import KanIkke
from tests.fremtidsbilder.bilder.bildefiler import HEIC, bildebyte, godkjent
from tests.fremtidsbilder.factories import TemaFactory
from tests.fremtidsbilder.tankesmiefabrikk import (
    BidragFactory,
    KlyngeFactory,
    SporsmaalFactory,
    TankesmieFactory,
)
from tests.nettverk.factories import enhetsleder, koordinator, nettverk_med_enhet

pytestmark = pytest.mark.django_db


@pytest.fixture
def tankesmie() -> Tankesmie:
    nettverk, _gruppe = nettverk_med_enhet()
    return TankesmieFactory(nettverk=nettverk, frittstaaende=True)


@pytest.fixture
def sporsmaal(tankesmie):
    return SporsmaalFactory(tankesmie=tankesmie)


@pytest.fixture
def barn(tankesmie) -> Stemmegruppe:
    return Stemmegruppe.objects.create(nettverk=tankesmie.nettverk, navn="Barn", er_barn=True)


@pytest.fixture
def leder(tankesmie) -> Client:
    return _som(koordinator(tankesmie.nettverk))


def _som(person) -> Client:
    klient = Client()
    klient.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return klient


def _url(tankesmie: Tankesmie) -> str:
    return reverse("fremtidsbilder:paa_vegne", args=[tankesmie.nettverk.slug, tankesmie.pk])


def _felt(sporsmaal, gruppe, **mer: Any) -> dict[str, Any]:
    felt = {
        "sporsmaal": sporsmaal.pk,
        "gruppe": gruppe.pk,
        "antall": "18",
        "om_hvem": "4–5 år",
        "tekst": "Flere trær\n\nMer tid ute",
        "engang": uuid.uuid4(),
    }
    return felt | mer


def _fil(farge: str = "teal", navn: str = "tegning.png", **valg: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile(navn, bildebyte(farge, **valg))


# --- the page


def test_eighteen_children_and_their_drawings_come_in_once_however_often_it_is_sent(
    leder, sporsmaal, barn
):
    felt = _felt(sporsmaal, barn, viser="Et hus i et tre")
    url = _url(sporsmaal.tankesmie)
    for _gang in range(2):
        svar = leder.post(url, felt | {"bilder": [_fil("red", "a.png"), _fil("blue", "b.png")]})
        assert svar.status_code == 302

    kort = list(Bidrag.objects.order_by("pk"))
    assert [k.tekst for k in kort] == ["Flere trær", "Mer tid ute", "Et hus i et tre"]
    assert {(k.gruppe, k.antall, k.om_hvem, k.kilde, k.skjult) for k in kort} == {
        (barn, 18, "4–5 år", "paavegne", False)
    }
    assert [b.alternativ_tekst for b in kort[2].bilder.all()] == ["Et hus i et tre"] * 2
    assert all(default_storage.exists(b.fil.name) for b in Bidragsbilde.objects.all())

    side = leder.get(svar["Location"]).content.decode()
    assert "3 bidrag er kommet inn." in side
    # Where one goes on from (static/js/app.js).
    assert 'tabindex="-1" data-kvittering' in " ".join(side.split())
    her = [sporsmaal.nettverk.slug, sporsmaal.tankesmie_id]
    assert reverse("fremtidsbilder:tankesmie_vegg", args=[*her, sporsmaal.pk]) in side
    assert reverse("fremtidsbilder:stemmer", args=her) in side


def test_drawings_alone_are_enough_and_they_must_be_described(leder, sporsmaal, barn):
    felt = _felt(sporsmaal, barn, tekst="")
    svar = leder.post(_url(sporsmaal.tankesmie), felt | {"bilder": [_fil()]})
    assert svar.status_code == 422
    assert "Skriv hva tegningene viser" in svar.content.decode()
    assert "Velg bildene en gang til" in svar.content.decode()
    assert not Bidrag.objects.exists()

    leder.post(_url(sporsmaal.tankesmie), felt | {"viser": "Sola", "bilder": [_fil()]})
    assert [k.tekst for k in Bidrag.objects.all()] == ["Sola"]


@pytest.mark.parametrize(
    ("fil", "sagt"),
    [
        (SimpleUploadedFile("IMG_1.heic", HEIC), "HEIC"),
        (SimpleUploadedFile("notat.pdf", b"%PDF-1.4\n" + b"x" * 100), "notat.pdf"),
        (SimpleUploadedFile("tom.png", b""), "tom"),
    ],
)
def test_what_is_no_picture_is_told_and_nothing_typed_is_lost(leder, sporsmaal, barn, fil, sagt):
    felt = _felt(sporsmaal, barn, viser="Sola")
    svar = leder.post(_url(sporsmaal.tankesmie), felt | {"bilder": [fil]})

    side = svar.content.decode()
    assert svar.status_code == 422
    assert sagt in side
    assert "Mer tid ute" in side
    assert "4–5 år" in side
    assert not Bidrag.objects.exists()


def test_no_more_pictures_than_a_card_has_room_for(leder, sporsmaal, barn):
    for_mange = [_fil(navn=f"{n}.png") for n in range(MAKS_BILDER + 1)]
    felt = _felt(sporsmaal, barn, viser="Sola", bilder=for_mange)
    assert leder.post(_url(sporsmaal.tankesmie), felt).status_code == 422
    assert not Bidrag.objects.exists()


def test_a_picture_forgets_where_it_was_taken(leder, sporsmaal, barn):
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[271] = "Telefon"
    bilde = _fil(navn="a.jpg", format_="JPEG", exif=exif)
    felt = _felt(sporsmaal, barn, viser="Sola", bilder=[bilde])
    leder.post(_url(sporsmaal.tankesmie), felt)

    with Bidragsbilde.objects.get().fil.open("rb") as innhold:
        assert not Image.open(io.BytesIO(innhold.read())).getexif()


def test_what_may_name_a_child_is_asked_about_before_it_is_sent(leder, sporsmaal, barn):
    felt = _felt(sporsmaal, barn, tekst="Jeg heter Emma\nMer tid ute")
    url = _url(sporsmaal.tankesmie)
    svar = leder.post(url, felt)
    side = svar.content.decode()
    assert svar.status_code == 422
    assert "nevne et barn ved navn" in side
    assert "Jeg heter Emma" in side
    assert not Bidrag.objects.exists()

    svar = leder.post(url, felt | {"likevel": "1"})
    assert [(k.tekst, k.skjult) for k in Bidrag.objects.order_by("pk")] == [
        ("Jeg heter Emma", True),
        ("Mer tid ute", False),
    ]
    assert "vises ikke før noen har lest det" in leder.get(svar["Location"]).content.decode()


def test_the_next_one_begins_where_the_last_one_ended(leder, tankesmie, sporsmaal, barn):
    annet = SporsmaalFactory(tankesmie=tankesmie)
    Stemmegruppe.objects.create(nettverk=tankesmie.nettverk, navn="Foresatte")

    leder.post(_url(tankesmie), _felt(annet, barn))
    form = leder.get(_url(tankesmie)).context["form"]
    assert (form["sporsmaal"].value(), form["gruppe"].value()) == (annet.pk, barn.pk)


def test_a_tankesmie_that_asks_some_groups_takes_their_voices_alone(
    leder, tankesmie, sporsmaal, barn
):
    spurt = Stemmegruppe.objects.create(nettverk=tankesmie.nettverk, navn="Foresatte")
    form = leder.get(_url(tankesmie)).context["form"]
    assert set(form.fields["gruppe"].queryset) == {barn, spurt}
    tankesmie.grupper.add(spurt)

    form = leder.get(_url(tankesmie)).context["form"]
    assert list(form.fields["gruppe"].queryset) == [spurt]
    assert leder.post(_url(tankesmie), _felt(sporsmaal, barn)).status_code == 422
    assert leder.post(_url(tankesmie), _felt(sporsmaal, spurt)).status_code == 302


def test_the_same_line_twice_is_said_once(sporsmaal, barn):
    kort = speak_for(sporsmaal, gruppe=barn, antall=18, tekst="Mer tid\nTrær\nmer  tid \nTrær")

    assert [k.tekst for k in kort] == ["Mer tid", "Trær"]


@pytest.mark.parametrize(
    "feil",
    [
        {"tekst": " "},
        {"antall": "0"},
        {"antall": "100000"},
        {"tekst": "x" * 50_000},
        {"gruppe": "999999"},
        {"sporsmaal": "999999"},
        {"viser": "Sola"},
    ],
)
def test_nothing_comes_in_when_something_is_wrong(leder, sporsmaal, barn, feil):
    SporsmaalFactory(tankesmie=sporsmaal.tankesmie)
    svar = leder.post(_url(sporsmaal.tankesmie), _felt(sporsmaal, barn) | feil)
    assert svar.status_code == 422
    assert not Bidrag.objects.exists()


def test_a_question_and_a_group_of_another_are_not_chosen(leder, sporsmaal, barn):
    annet = SporsmaalFactory()
    fremmed = Stemmegruppe.objects.create(nettverk=annet.nettverk, navn="Andre")
    for feil in ({"sporsmaal": annet.pk}, {"gruppe": fremmed.pk}):
        svar = leder.post(_url(sporsmaal.tankesmie), _felt(sporsmaal, barn) | feil)
        assert svar.status_code == 422
    assert not Bidrag.objects.exists()


def test_the_leader_of_another_unit_does_not_find_it():
    nettverk, gruppe = nettverk_med_enhet()
    _annet, annen = nettverk_med_enhet()
    annen.nettverk = nettverk
    annen.save()
    egen = TankesmieFactory(
        nettverk=nettverk, frittstaaende=True, nivaa="enhet", enhet=gruppe.enhet
    )
    SporsmaalFactory(tankesmie=egen)
    assert _som(enhetsleder(gruppe)).get(_url(egen)).status_code == 200
    assert _som(enhetsleder(annen)).get(_url(egen)).status_code in {403, 404}


def test_more_groups_and_questions_ask_no_more_of_the_database(leder, tankesmie, sporsmaal, barn):
    def asked() -> int:
        with CaptureQueriesContext(connection) as spurt:
            leder.get(_url(tankesmie))
        return len(spurt)

    SporsmaalFactory(tankesmie=tankesmie)
    asked()
    foer = asked()
    for n in range(5):
        SporsmaalFactory(tankesmie=tankesmie)
        Stemmegruppe.objects.create(nettverk=tankesmie.nettverk, navn=f"Gruppe {n}")
    assert asked() == foer


# --- the act


def test_pictures_that_cannot_be_kept_leave_nothing_behind(sporsmaal, barn):
    fremmed = Stemmegruppe.objects.create(nettverk=SporsmaalFactory().nettverk, navn="Andre")
    med = {"antall": 3, "tekst": "", "filer": [godkjent()], "beskrivelse": "Sola"}
    kort = speak_for(sporsmaal, gruppe=barn, **med)
    with pytest.raises(KanIkke):
        speak_for(sporsmaal, gruppe=fremmed, **med)
    assert list(Bidrag.objects.all()) == kort
    assert Bidragsbilde.objects.count() == 1


# --- how many voices


def test_those_who_were_spoken_for_count_once_however_much_they_said(sporsmaal, barn):
    tema = TemaFactory(nettverk=sporsmaal.nettverk)
    klynge = KlyngeFactory(sporsmaal=sporsmaal, tema=tema)
    speak_for(sporsmaal, gruppe=barn, antall=18, tekst="Trær\nVann\nLys", om_hvem="4–5 år")
    speak_for(sporsmaal, gruppe=barn, antall=18, tekst="Trær", om_hvem="3 år")
    BidragFactory.create_batch(2, sporsmaal=sporsmaal, gruppe=barn)
    BidragFactory(sporsmaal=sporsmaal)
    Bidrag.objects.update(klynge=klynge)

    tall = temastemmer.count(temastemmer.voices(tema))
    assert tall.setning == "39 stemmer: 38 barn, 1 ikke sagt"
    [gruppe, ikke_sagt] = egne.counts_by_group(sporsmaal.tankesmie)
    assert (gruppe.kort, gruppe.stemmer) == (6, 38)
    assert (ikke_sagt.kort, ikke_sagt.stemmer) == (1, 1)
    [rad] = egne.with_counts(Tankesmie.objects.filter(pk=sporsmaal.tankesmie_id))
    assert rad.antall_stemmer == 39

    # What they said is put in another theme, or hidden, and they are as many.
    Bidrag.objects.filter(tekst="Vann").update(klynge=None)
    Bidrag.objects.filter(tekst="Lys").update(skjult=True)
    assert temastemmer.count(temastemmer.voices(tema)).antall == 39


def test_a_tankesmie_where_nobody_has_said_anything_has_no_voices():
    tankesmie = TankesmieFactory()
    [rad] = egne.with_counts(Tankesmie.objects.filter(pk=tankesmie.pk))
    assert rad.antall_stemmer == 0
    assert isinstance(tankesmie.nettverk, Nettverk)


def test_whoever_reads_the_cards_sees_the_drawings(leder, sporsmaal, barn):
    felt = {"antall": 3, "tekst": "", "filer": [godkjent()]}
    [kort] = speak_for(sporsmaal, gruppe=barn, beskrivelse="Et hus i et tre", **felt)
    her = [sporsmaal.nettverk.slug, sporsmaal.tankesmie_id]
    side = leder.get(reverse("fremtidsbilder:stemmer", args=her)).content.decode()
    bilde = reverse("fremtidsbilder:bidragsbilde", args=[her[0], kort.bilder.get().pk])
    assert f'src="{bilde}?liten"' in side
    assert 'alt="Et hus i et tre"' in side
