"""Who has not answered is asked once more: those who can answer, once a day, in one letter."""

import datetime

import pytest
from django.urls import reverse

from kommuner.gyldighet import idag
from nettverk.arbeid.brev import slag
from nettverk.models import Brev, Gruppe, Rolle
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Deltakelse, Samling
from rolu.samlinger import publisering, purring
from rolu.samlinger.flytting import change
from rolu.samlinger.samlingsbrev import PURRING
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import DeltakelseFactory, SamlingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    nettverk, gruppe = nettverk_med_enhet()
    return (
        nettverk,
        gruppe,
        koordinator(nettverk),
        SamlingFactory(nettverk=nettverk, publisert_=True),
    )


def _reminders(samling: Samling) -> list[Brev]:
    return list(Brev.objects.about(samling).filter(slag=PURRING).order_by("pk"))


def test_the_leader_is_asked_for_the_group_and_others_for_themselves(scene):
    nettverk, gruppe, k, samling = scene
    leder, kollega = enhetsleder(gruppe), gruppemedlem(gruppe)
    alene = medlem(nettverk, gruppetype=Gruppe.Type.FAGMILJO)
    DeltakelseFactory(samling=samling, verv=leder.verv.get(), status="paameldt")
    DeltakelseFactory(samling=samling, verv=kollega.verv.get())
    DeltakelseFactory(samling=samling, verv=alene.verv.get())

    assert purring.to_remind(samling) == {leder: [gruppe], alene: []}
    purring.remind(samling, by=k)

    brevene = {brev.til: brev for brev in _reminders(samling)}
    assert set(brevene) == {leder, alene}
    assert gruppe.navn in brevene[leder].tekst
    assert "om du kommer" in brevene[alene].tekst


def test_when_all_are_reminded_it_is_said_where_the_button_was(scene, client):
    _nettverk, gruppe, k, samling = scene
    DeltakelseFactory(samling=samling, verv=enhetsleder(gruppe).verv.get())
    client.force_login(k)
    lista = reverse("rolu:samling_deltakere", args=[samling.nettverk.slug, samling.pk])
    purr = reverse("rolu:samling_purr", args=[samling.nettverk.slug, samling.pk])
    foer = client.get(lista).text

    purring.remind(samling, by=k)
    etter = client.get(lista).text

    assert (purr in foer, purr in etter) == (True, False)
    assert "Alle har fått påminnelse i dag." in etter


def test_a_reminder_that_has_not_gone_tells_where_the_gathering_is_now(scene):
    nettverk, gruppe, k, samling = scene
    DeltakelseFactory(samling=samling, verv=enhetsleder(gruppe).verv.get())
    alene = medlem(nettverk, gruppetype=Gruppe.Type.FAGMILJO)
    svaret = DeltakelseFactory(samling=samling, verv=alene.verv.get())
    purring.remind(samling, by=k)
    svaret.delete()

    samling.sted = "Prestegården"
    change(samling, by=k, tell=False)

    hos_lederen, hos_den_andre = sorted(_reminders(samling), key=lambda b: b.til == alene)
    assert "Prestegården" in hos_lederen.tekst
    assert hos_den_andre.tilstand == Brev.Tilstand.TRUKKET


def test_who_has_answered_is_left_in_peace_and_the_others_get_one_a_day(scene):
    _nettverk, gruppe, k, samling = scene
    leder = enhetsleder(gruppe)
    d = DeltakelseFactory(samling=samling, verv=leder.verv.get())

    assert len(purring.remind(samling, by=k)) == 1
    assert len(purring.remind(samling, by=k)) == 0
    d.status = "avmeldt"
    d.save()
    assert purring.to_remind(samling) == {}


def test_one_who_leads_two_groups_gets_one_letter_that_names_both(scene):
    nettverk, gruppe, k, samling = scene
    leder = enhetsleder(gruppe)
    annen = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True)
    VervFactory(gruppe=annen, person=leder, rolle=Rolle.FORMELL_LEDER)
    for verv in leder.verv.all():
        DeltakelseFactory(samling=samling, verv=verv)

    [brev] = purring.remind(samling, by=k)

    assert gruppe.navn in brev.tekst
    assert annen.navn in brev.tekst


def test_a_letter_that_waits_is_not_sent_to_somebody_who_has_answered_since(scene):
    _nettverk, gruppe, k, samling = scene
    leder, kollega = enhetsleder(gruppe), gruppemedlem(gruppe)
    for person in (leder, kollega):
        DeltakelseFactory(samling=samling, verv=person.verv.get())
    purring.remind(samling, by=k)
    [letter] = _reminders(samling)
    assert slag(PURRING).hindrer(samling, letter) == ""

    Deltakelse.objects.filter(samling=samling, verv__person=leder).update(status="paameldt")
    still_missed = slag(PURRING).hindrer(samling, letter)
    Deltakelse.objects.filter(samling=samling).update(status="avmeldt")

    assert still_missed == ""
    assert "har svart" in slag(PURRING).hindrer(samling, letter)


def test_nobody_is_asked_after_the_deadline_and_a_letter_that_waits_is_not_sent(scene):
    _nettverk, gruppe, k, samling = scene
    DeltakelseFactory(samling=samling, verv=enhetsleder(gruppe).verv.get())
    [brev] = purring.remind(samling, by=k)
    samling.paameldingsfrist = idag() - datetime.timedelta(days=1)
    samling.save()

    with pytest.raises(KanIkke):
        purring.remind(samling, by=k)
    publisering.cancel(samling, by=k)
    brev.refresh_from_db()
    assert brev.tilstand == Brev.Tilstand.TRUKKET


def test_the_page_shows_who_and_the_letter_and_sends_it_once(scene, client):
    nettverk, gruppe, k, samling = scene
    leder = enhetsleder(gruppe)
    DeltakelseFactory(samling=samling, verv=leder.verv.get())
    client.force_login(k)
    adresse = reverse("rolu:samling_purr", args=[nettverk.slug, samling.pk])

    side = client.get(adresse)
    assert leder.navn in side.text
    assert "Husk å melde på gruppa" in side.text
    felt = {"engang": side.context["form"]["engang"].value()}
    for _gang in range(2):
        assert client.post(adresse, felt).status_code == 302
    assert len(_reminders(samling)) == 1
    # Once that day: the page says so and leads on.
    assert client.get(adresse).status_code == 302
