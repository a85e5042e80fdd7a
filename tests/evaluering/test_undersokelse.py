"""A survey on a phone: the plain form, the phone's queue, and what it says when it cannot be answered."""

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluering.models import Svar, Svarverdi, Undersokelse
from evaluering.models.undersokelse import FRIST
from evaluering.undersokelser import runder
from evaluering.undersokelser.mottak import MAKS_SVAR
from evaluering.undersokelser.svarskjema import name_of
from nettverk.side.kode import draw, shown
from nettverk.sikkerhet.feilkoder import FEIL_KODER
from tests.evaluering.factories import SporsmaalFactory, UndersokelseFactory
from tests.nettverk.factories import NettverkFactory, koordinator

pytestmark = pytest.mark.django_db


@pytest.fixture
def runde():
    undersokelse = UndersokelseFactory(tittel="Høstsamlingen", nettverk=NettverkFactory())
    skjema = undersokelse.skjema
    skala = SporsmaalFactory(skjema=skjema, rekkefolge=1, paakrevd=True, vet_ikke=True)
    tekst = SporsmaalFactory(skjema=skjema, rekkefolge=2, tekst_=True)
    flere = SporsmaalFactory(skjema=skjema, rekkefolge=3, flervalg_=True)
    gap = SporsmaalFactory(skjema=skjema, rekkefolge=4, naa_og_oensket_=True)
    runder.open_it(undersokelse)
    return undersokelse, skala, tekst, flere, gap


def side(undersokelse) -> str:
    return reverse("undersokelse", args=[undersokelse.kode])


def send(client, undersokelse, *rader, **mer):
    adresse = reverse("undersokelse_svar", args=[undersokelse.kode])
    return client.post(adresse, json.dumps(rader), content_type="application/json", **mer)


def test_the_code_may_be_typed_as_it_is_read(runde, client):
    undersokelse, *_ = runde
    tom, ukjent = client.get("/e/"), client.get("/e/KKKKKKKK/")
    assert "Koden står sist i adressen du fikk." in tom.text
    for feltet in (tom, ukjent):
        assert '<form class="app-undersokelse__kode" method="get" action="/e/"' in feltet.text
    kode = shown(undersokelse.kode).lower()
    assert client.get("/e/", {"kode": f" {kode} "}).url == side(undersokelse)
    assert client.get("/e/", {"kode": ""}).status_code == 422
    assert client.get("/e/", {"kode": "æøå"}).status_code == 422


def test_who_has_the_code_answers_once_without_javascript_and_may_answer_anew(runde, client):
    undersokelse, skala, tekst, flere, gap = runde
    tom = client.get(side(undersokelse))
    nokkel = tom.context["form"]["nokkel"].value()
    svar = {
        "nokkel": nokkel,
        name_of(skala): "4",
        name_of(tekst): "Mer tid sammen",
        name_of(flere): ["1", "3"],
        name_of(gap): "2",
        name_of(gap, "oensket"): "5",
    }
    sendt = client.post(side(undersokelse), svar)
    takk = client.get(side(undersokelse))
    igjen = client.get(f"{side(undersokelse)}?endre")
    client.post(side(undersokelse), {**svar, name_of(skala): "1"})

    assert "Frivillig og anonymt" in tom.text
    assert "Svarene slettes senest ett år" in tom.text
    assert tom["Cache-Control"] == "private, no-store"
    assert tom["X-Robots-Tag"] == "noindex"
    assert sendt.status_code == 302
    assert "Takk for svaret" in takk.text
    assert "Mer tid sammen" in igjen.text
    assert Svar.objects.count() == 1
    assert {
        v.sporsmaal_id: (v.tall, v.oensket, v.tekst, v.valg) for v in Svarverdi.objects.all()
    } == {
        skala.pk: (1, None, "", []),
        tekst.pk: (None, None, "Mer tid sammen", []),
        flere.pk: (None, None, "", [1, 3]),
        gap.pk: (2, 5, "", []),
    }


def test_somebody_else_may_answer_on_the_same_phone(runde, client):
    undersokelse, skala, *_andre = runde
    for tall in ("2", "3"):
        form = client.get(side(undersokelse)).context["form"]
        client.post(side(undersokelse), {"nokkel": form["nokkel"].value(), name_of(skala): tall})
        client.post(side(undersokelse), {"en_til": "ja"})

    assert sorted(Svarverdi.objects.values_list("tall", flat=True)) == [2, 3]


def test_the_phones_queue_is_answered_key_by_key_and_a_retry_is_one_answer(runde, client):
    undersokelse, skala, _tekst, flere, _gap = runde
    en, to = str(uuid.uuid4()), str(uuid.uuid4())
    rad = {"id": en, "utgave": 1000, name_of(skala): "2", name_of(flere): "1,3"}
    svar = send(client, undersokelse, rad, {"id": to, "utgave": 1000})
    igjen = send(client, undersokelse, rad)
    nyere = send(client, undersokelse, {**rad, "utgave": 2000, name_of(skala): "0"})
    eldre = send(client, undersokelse, rad)

    assert svar.json()["svar"][en] == ""
    assert "Velg noe" in svar.json()["svar"][to]
    assert [s.json()["svar"] for s in (igjen, nyere, eldre)] == [{en: ""}] * 3
    assert Svar.objects.count() == 1
    assert Svarverdi.objects.get(sporsmaal=skala).tall == 0
    assert Svarverdi.objects.get(sporsmaal=flere).valg == [1, 3]


@pytest.mark.parametrize(
    "galt",
    [
        {"skala": "5"},
        {"skala": "-1"},
        {"skala": "²"},
        {"skala": "<script>"},
        {"skala": "2", "flere": "1,9"},
        {"skala": "2", "gap": "7"},
        {"skala": "2", "gap": "3"},
        {"skala": "2", "gap-oensket": "3"},
        {"skala": "2", "tekst": "a" * 50_000},
        {"skala": "2", "nokkel": "ingen"},
        {"skala": "2", "utgave": "-4"},
        {"skala": "2", "utgave": "9" * 40},
        {},
    ],
)
def test_a_value_that_cannot_be_is_refused_in_the_form_and_in_the_queue(runde, client, galt):
    undersokelse, skala, tekst, flere, gap = runde
    navn = {
        "skala": name_of(skala),
        "tekst": name_of(tekst),
        "flere": name_of(flere),
        "gap": name_of(gap),
        "gap-oensket": name_of(gap, "oensket"),
    }
    felt = {navn.get(hva, hva): verdi for hva, verdi in galt.items()}
    nokkel = felt.get("nokkel", str(uuid.uuid4()))

    skjema = client.post(side(undersokelse), {"nokkel": nokkel, **felt})
    koe = send(client, undersokelse, {"id": nokkel, **felt})

    assert skjema.status_code == 422
    assert koe.json()["svar"][nokkel]
    assert not Svar.objects.exists()


def test_script_emoji_and_writing_from_the_right_come_as_they_were_written(runde, client):
    undersokelse, skala, tekst, *_andre = runde
    skrevet = "<script>alert(1)</script> 😀 مرحبا\nשלום"
    nokkel = str(uuid.uuid4())

    send(client, undersokelse, {"id": nokkel, name_of(skala): "1", name_of(tekst): skrevet})
    client.cookies["svarnokkel"] = nokkel
    igjen = client.get(f"{side(undersokelse)}?endre")

    assert Svarverdi.objects.get(sporsmaal=tekst).tekst == skrevet
    assert "<script>alert" not in igjen.text


@pytest.mark.parametrize("rot", ["{}", "[]", "[1, null]", "nei", "[" * 5000, '[{"id": "\\ud800"}]'])
def test_what_is_no_queue_is_refused_and_takes_nothing(runde, client, rot):
    undersokelse, *_resten = runde
    adresse = reverse("undersokelse_svar", args=[undersokelse.kode])

    svar = client.post(adresse, rot, content_type="application/json")

    assert svar.status_code in (200, 422)
    assert not Svar.objects.exists()


def test_closed_not_opened_and_unknown_are_told_plainly(runde, client):
    undersokelse, skala, *_andre = runde
    kladd = UndersokelseFactory()
    runder.close(undersokelse)
    svarte = client.post(side(undersokelse), {"nokkel": uuid.uuid4(), name_of(skala): "2"})
    Undersokelse.objects.filter(pk=undersokelse.pk).update(
        aapnet=timezone.now() - 3 * FRIST, stengt=timezone.now() - 2 * FRIST
    )
    takk = client.get(side(undersokelse))
    ny = Client()
    sent = ny.post(side(undersokelse), {"nokkel": uuid.uuid4(), name_of(skala): "2"})
    koe = send(ny, undersokelse, {"id": str(uuid.uuid4()), name_of(skala): "2"})

    assert svarte.status_code == 302  # it was open when the page was
    assert "Skjemaet er stengt nå" in takk.text
    assert (ny.get(side(undersokelse)).status_code, sent.status_code) == (410, 410)
    assert "ble stengt før svaret kom frem" in sent.text
    assert "ble stengt før svaret kom frem" in next(iter(koe.json()["svar"].values()))
    assert ny.get(side(kladd)).status_code == 404
    assert "ikke åpnet ennå" in ny.get(side(kladd)).text
    assert "Vi kjenner ikke koden" in ny.get(reverse("undersokelse", args=[draw()])).text
    assert Svar.objects.count() == 1


def test_guessed_codes_are_stopped_and_the_right_one_still_works(runde, client):
    undersokelse, *_resten = runde
    svar = [
        client.get(reverse("undersokelse", args=[draw()])).status_code
        for _nr in range(FEIL_KODER.antall + 1)
    ]
    koe = client.post(reverse("undersokelse_svar", args=[draw()]), "[]", "application/json")

    assert svar == [404] * FEIL_KODER.antall + [429]
    assert koe.status_code == 429
    liten = shown(undersokelse.kode).lower()
    skrevet = client.get(reverse("undersokelse", args=[liten]))
    assert skrevet.url == side(undersokelse)
    assert client.get(skrevet.url).status_code == 200


def test_it_stands_in_the_networks_language_and_the_name_of_a_child_is_warned_of(client):
    undersokelse = UndersokelseFactory(nettverk=NettverkFactory(maalform="nn"))
    tekst = SporsmaalFactory(skjema=undersokelse.skjema, tekst_=True)
    runder.open_it(undersokelse)
    form = client.get(side(undersokelse)).context["form"]
    client.post(
        side(undersokelse),
        {"nokkel": form["nokkel"].value(), name_of(tekst): "Eleven Ola Nordmann var med."},
    )

    takk = client.get(side(undersokelse))

    assert '<html lang="nn"' in takk.text
    assert takk.text.count('data-color="warning"') == 1


def test_a_signed_in_coordinator_answers_as_anybody_and_leaves_no_trace(runde):
    undersokelse, skala, *_andre = runde
    client = Client()
    client.force_login(koordinator(undersokelse.nettverk))
    hendelser = Undersokelse.pgh_event_model.objects.count()

    send(client, undersokelse, {"id": str(uuid.uuid4()), name_of(skala): "2"})

    assert Svar.objects.count() == 1
    assert Undersokelse.pgh_event_model.objects.count() == hendelser


def test_who_goes_on_making_answers_is_stopped(runde, client, monkeypatch):
    undersokelse, skala, *_andre = runde
    monkeypatch.setattr("evaluering.undersokelser.mottak.MAKS_SVAR", 1)
    svar = [
        send(client, undersokelse, {"id": str(uuid.uuid4()), name_of(skala): "2"})
        for _nr in range(2)
    ]

    assert [bool(next(iter(s.json()["svar"].values()))) for s in svar] == [False, True]
    assert MAKS_SVAR > 700
    assert Svar.objects.count() == 1
