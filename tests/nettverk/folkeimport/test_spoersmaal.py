"""Words in the list that the network has no role or group for: asked about once, and used for the list."""

import pytest
from django.test import Client
from django.urls import reverse

from nettverk.arbeid import jobber
from nettverk.folkeimport import handlinger, tolking
from nettverk.models import Folkeimport, Gruppe, Jobb, Person, Rolle, Verv
from nettverk.skriving.konflikt import KanIkke
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    kog,
    koordinator,
    nettverk_med_enhet,
)
from tests.nettverk.folkeimport.liste import confirm, outcomes, paste, preview

pytestmark = pytest.mark.django_db


@pytest.fixture
def gruppe() -> Gruppe:
    return nettverk_med_enhet()[1]


@pytest.fixture
def sjef(client: Client, gruppe: Gruppe) -> Person:
    person = koordinator(gruppe.nettverk)
    client.force_login(person)
    return person


def _rad(navn: str, **felt: str) -> dict[str, str]:
    return {"navn": navn, "e-post": f"{navn.split(maxsplit=1)[0].lower()}@a.example", **felt}


def _work(rad: Folkeimport) -> Folkeimport:
    for jobb in Jobb.objects.active():
        jobber.run(jobb.pk)
    rad.refresh_from_db()
    return rad


def _answer(client: Client, rad: Folkeimport, *svar: str, follow: bool = False):
    adresse = reverse("nettverk:folkeimport_svar", args=[rad.nettverk.slug, rad.pk])
    return client.post(
        adresse, {f"svar_{nr}": verdi for nr, verdi in enumerate(svar)}, follow=follow
    )


def test_a_role_the_network_does_not_have_is_asked_about_once_and_used_for_every_row(
    client, gruppe, sjef
):
    enhet = gruppe.enhet.navn
    rad = preview(
        gruppe.nettverk,
        _rad("Kari Nes", enhet=enhet, rolle="Leder"),
        _rad("Per Moe", enhet=enhet, rolle="leder", fra="01.08.2030"),
        _rad("Ida Lunde", enhet=enhet, rolle="tillitsvalgt"),
        by=sjef,
    )
    assert [s | {"noekkel": ""} for s in rad.spoersmaal] == [
        {"noekkel": "", "ord": "Leder", "antall": 2}
    ]
    side = client.get(reverse("nettverk:folkeimport_vis", args=[rad.nettverk.slug, rad.pk])).text
    assert "Hvilken rolle i utviklingsgruppa er «Leder»?" in side
    assert "Ingenting er lagret ennå" in side
    assert "2 rader venter på svarene over." in side
    assert "Lagrer du først, blir radene ikke med." in side
    assert "tas ikke med" not in side

    _answer(client, rad, Rolle.FORMELL_LEDER)

    assert outcomes(_work(rad)) == [("Kari Nes", "ny"), ("Per Moe", "ny"), ("Ida Lunde", "ny")]
    assert rad.ubesvart == 0
    confirm(rad, by=sjef)
    assert rad.tabell == {}
    assert Verv.objects.filter(gruppe=gruppe, rolle=Rolle.FORMELL_LEDER).count() == 2


def test_a_group_the_network_does_not_have_is_asked_about_and_may_be_the_units_own(
    client, gruppe, sjef
):
    en, _to = (
        GruppeFactory(nettverk=gruppe.nettverk, type=Gruppe.Type.FAGNETTVERK, navn=navn)
        for navn in ("Nettverk for lesing", "Nettverk for tall")
    )
    enhet = gruppe.enhet.navn
    rad = preview(
        gruppe.nettverk,
        _rad("Kari Nes", gruppe="Lesegruppa", rolle="medlem"),
        _rad("Per Moe", gruppe="R-gruppe", enhet=enhet, rolle="tillitsvalgt"),
        by=sjef,
    )
    assert [s["ord"] for s in rad.spoersmaal] == ["Lesegruppa", "R-gruppe"]

    _answer(client, rad, str(en.pk), "enhet")

    confirm(_work(rad), by=sjef)
    assert Verv.objects.get(person__navn="Kari Nes").gruppe == en
    assert Verv.objects.get(person__navn="Per Moe").gruppe == gruppe


def test_the_same_word_is_asked_about_at_a_unit_and_in_another_group(gruppe, sjef):
    annen = GruppeFactory(nettverk=gruppe.nettverk, type=Gruppe.Type.FAGNETTVERK)
    rad = preview(
        gruppe.nettverk,
        _rad("Kari Nes", enhet=gruppe.enhet.navn, rolle="kontakt"),
        _rad("Per Moe", gruppe=annen.navn, rolle="kontakt"),
        by=sjef,
    )

    assert {s["noekkel"] for s in rad.spoersmaal} == {"rolle_enhet:kontakt", "rolle_gruppe:kontakt"}


def test_rows_that_are_left_out_stay_refused_and_nothing_is_asked_again(client, gruppe, sjef):
    rad = preview(gruppe.nettverk, _rad("Kari Nes", enhet=gruppe.enhet.navn, rolle="x"), by=sjef)

    _answer(client, rad, "")

    assert outcomes(_work(rad)) == [("Kari Nes", "avvist")]
    assert rad.ubesvart == 0


def test_rows_that_wait_for_an_answer_are_not_said_to_be_left_out(client, gruppe, sjef):
    enhet = gruppe.enhet.navn
    venter = _rad("Kari Nes", enhet=enhet, rolle="x")
    adresse = "nettverk:folkeimport_vis"
    rad = preview(gruppe.nettverk, venter, by=sjef)
    side = client.get(reverse(adresse, args=[rad.nettverk.slug, rad.pk])).text

    assert "Lista endrer ingenting" not in side
    assert "Ingenting er lagret ennå" in side
    assert "1 rad venter på svarene over." in side
    assert "Radene venter på svarene over." in side
    assert "blir ikke med" not in side

    galt = _rad("Per Moe", enhet="Ukjent", rolle="tillitsvalgt")
    rad = preview(gruppe.nettverk, venter, galt, by=sjef)
    side = client.get(reverse(adresse, args=[rad.nettverk.slug, rad.pk])).text

    assert "1 rad venter på svarene over." in side
    assert "1 rad tas ikke med." in side
    assert "Radene som ikke venter på svarene over, blir ikke med." in side

    _answer(client, rad, "")
    side = client.get(reverse(adresse, args=[rad.nettverk.slug, _work(rad).pk])).text

    assert "Lista endrer ingenting" in side
    assert "Disse radene blir ikke med." in side


def test_an_answer_that_is_no_choice_is_refused_and_the_list_stands(client, gruppe, sjef):
    annet = GruppeFactory(nettverk=NettverkFactory(), type=Gruppe.Type.FAGNETTVERK)
    rad = preview(gruppe.nettverk, _rad("Kari Nes", gruppe="Ukjent", rolle="medlem"), by=sjef)

    svar = _answer(client, rad, str(annet.pk))

    assert svar.status_code == 422
    rad.refresh_from_db()
    assert (rad.svar, rad.status) == ({}, Folkeimport.Status.LEST)


def test_nobody_but_the_coordinator_answers(client, gruppe, sjef):
    rad = preview(gruppe.nettverk, _rad("Kari Nes", enhet=gruppe.enhet.navn, rolle="x"), by=sjef)
    client.force_login(kog(gruppe.nettverk))

    assert _answer(client, rad, Rolle.MEDLEM).status_code in {403, 404}
    rad.refresh_from_db()
    assert rad.svar == {}


@pytest.mark.parametrize("navnet", ["Fagnettverket for tall", "FAGNETTVERK FOR TALL"])
@pytest.mark.parametrize("rollen", ["Nestlederen", "NESTLEDER"])
def test_definite_form_and_case_are_no_other_words(gruppe, sjef, navnet, rollen):
    GruppeFactory(
        nettverk=gruppe.nettverk, type=Gruppe.Type.FAGNETTVERK, navn="Fagnettverk for tall"
    )

    rad = preview(gruppe.nettverk, _rad("Kari Nes", gruppe=navnet, rolle=rollen), by=sjef)

    assert [r.data["post"]["rolle"] for r in rad.rader.all()] == [Rolle.NESTLEDER]
    assert not rad.spoersmaal


def test_a_list_that_gives_too_many_verv_is_refused_before_it_is_read(
    client, gruppe, sjef, monkeypatch
):
    monkeypatch.setattr(tolking, "MAKS_VERV", 5)
    rader = [_rad(f"P{n} Nes", enhet=";".join("abc"), rolle="medlem") for n in range(2)]

    svar = client.post(
        reverse("nettverk:folkeimport", args=[gruppe.nettverk.slug]), {"tekst": paste(*rader)}
    )

    assert svar.status_code == 422
    assert "Lista gir 6 verv, og kan gi høyst 5." in svar.text
    assert not Folkeimport.objects.exists()


def test_answers_that_give_too_many_verv_are_refused_and_the_list_stands(
    client, gruppe, sjef, monkeypatch
):
    monkeypatch.setattr(tolking, "MAKS_VERV", 5)
    rader = [_rad(f"P{n} Nes", enhet="a;b;c", gruppe="X-gruppe", rolle="medlem") for n in range(2)]
    rad = preview(gruppe.nettverk, *rader, by=sjef)

    svar = _answer(client, rad, "enhet", follow=True)

    assert "Lista gir 6 verv, og kan gi høyst 5." in svar.text
    rad.refresh_from_db()
    assert (rad.svar, rad.status) == ({}, Folkeimport.Status.LEST)
    assert rad.rader.count() == 2


def test_the_worker_reads_no_list_that_gives_too_many_with_the_answers(
    client, gruppe, sjef, monkeypatch
):
    rader = [_rad(f"P{n} Nes", enhet="a;b;c", gruppe="X-gruppe", rolle="medlem") for n in range(2)]
    rad = preview(gruppe.nettverk, *rader, by=sjef)
    _answer(client, rad, "enhet")
    monkeypatch.setattr(tolking, "MAKS_VERV", 5)

    _work(rad)

    assert "Lista gir 6 verv" in Jobb.objects.order_by("pk").last().feil
    assert not rad.rader.exists()


def test_a_list_that_changes_nothing_cannot_be_confirmed(client, gruppe, sjef):
    rad = preview(gruppe.nettverk, _rad("Kari Nes", enhet="Ukjent", rolle="medlem"), by=sjef)

    side = client.get(reverse("nettverk:folkeimport_vis", args=[rad.nettverk.slug, rad.pk])).text
    assert "Lista endrer ingenting" in side
    assert reverse("nettverk:folkeimport_bekreft", args=[rad.nettverk.slug, rad.pk]) not in side
    with pytest.raises(KanIkke):
        handlinger.confirm(rad, by=sjef)
