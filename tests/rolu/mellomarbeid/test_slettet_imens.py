"""Removed in another tab while the page is open: the other is told so, on a page that is found or not, never 500."""

import datetime

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag
from nettverk.skriving.konflikt import Borte
from rolu.mellomarbeid.praksis import share
from rolu.mellomarbeid.tilbakemelding import say
from rolu.models import (
    Loggpost,
    Mellomarbeid,
    Nestesteg,
    Praksisfortelling,
    Stoettehandling,
    Tilbakemelding,
)
from rolu.stoette.handlinger import note_talk
from tests.nettverk.factories import (
    GruppeFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    FortellingFactory,
    LoggpostFactory,
    MellomarbeidFactory,
    OppdragFactory,
)
from tests.samtidig import between

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def arbeid() -> Mellomarbeid:
    nettverk, gruppe = nettverk_med_enhet(paakrevde_roller=[])
    return MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=nettverk, tittel="Utforsk ute"),
        gruppe=gruppe,
        kommune=gruppe.enhet.kommune_per(),
    )


def som(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(navn: str, arbeid: Mellomarbeid, *mer: object) -> str:
    return reverse(f"rolu:{navn}", args=[arbeid.nettverk.slug, *mer])


def removed_meanwhile(rad: Model, client: Client, adresse: str, felt: dict | None = None) -> int:
    """Somebody else removes `rad` after the page has found it, and before it writes: the status of the answer."""
    svar = between(
        type(rad)._base_manager.filter(pk=rad.pk).delete, lambda: client.post(adresse, felt)
    )
    if isinstance(svar, Exception):
        raise svar
    return svar.status_code


def test_in_the_thread_of_a_mellomarbeid_the_text_stands_when_it_is_removed(arbeid):
    client = som(koordinator(arbeid.nettverk))
    adresse = url("tilbakemelding", arbeid, arbeid.pk)

    svar = between(arbeid.delete, lambda: client.post(adresse, {"tekst": "Hva så dere?"}))

    assert svar.status_code == 422
    assert "Hva så dere?" in svar.text
    assert "slettet dette mens" in svar.text
    assert client.post(adresse, {"tekst": "Hva så dere?"}).status_code == 404
    assert not Tilbakemelding.objects.exists()


def test_what_is_said_of_an_entry_that_is_removed_is_of_the_whole(arbeid):
    post = LoggpostFactory(mellomarbeid=arbeid)
    sier, sletter = som(koordinator(arbeid.nettverk)), som(enhetsleder(arbeid.gruppe))
    felt = {"tekst": "Hva så dere?", "loggpost": post.pk}
    slett = url("loggpost_slett", arbeid, arbeid.pk, post.noekkel)

    svar = between(
        lambda: sletter.post(slett),
        lambda: sier.post(url("tilbakemelding", arbeid, arbeid.pk), felt),
    )

    assert svar.status_code == 302
    assert Tilbakemelding.objects.get().loggpost is None
    assert not Loggpost.objects.exists()


@pytest.mark.parametrize("slag", ["lest", "nyttig"])
def test_the_taps(arbeid, slag):
    Mellomarbeid.objects.filter(pk=arbeid.pk).update(
        status="levert", levert=timezone.now(), delt=True
    )
    gruppe = (
        arbeid.gruppe
        if slag == "lest"
        else GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True)
    )
    client, adresse = som(gruppemedlem(gruppe)), url("kvittering", arbeid, arbeid.pk)

    assert removed_meanwhile(arbeid, client, adresse, {"slag": slag}) == 404
    assert client.post(adresse, {"slag": slag}).status_code == 404


def test_ones_own_words_taken_back_in_two_tabs(arbeid):
    person = koordinator(arbeid.nettverk)
    sagt = say(arbeid, tekst="Ops", by=person)
    adresse = url("tilbakemelding_slett", arbeid, arbeid.pk, sagt.pk)
    en, to = som(person), som(person)

    svar = between(lambda: en.post(adresse), lambda: to.post(adresse))

    assert svar.status_code == 302
    assert to.post(adresse).status_code == 404


@pytest.mark.parametrize(
    "navn", ["fortelling_rediger", "fortelling_tilbake", "fortelling_skjul", "fortelling_vis"]
)
def test_a_story(arbeid, navn):
    Mellomarbeid.objects.filter(pk=arbeid.pk).update(status="levert", levert=timezone.now())
    rad = FortellingFactory(mellomarbeid=arbeid)
    koordinerer = navn in {"fortelling_skjul", "fortelling_vis"}
    client = som(koordinator(arbeid.nettverk) if koordinerer else enhetsleder(arbeid.gruppe))
    adresse = url(navn, arbeid, rad.pk)
    felt = {"tittel": "Fjæra", "tekst": "x", "grunn": "Et navn"}

    assert removed_meanwhile(rad, client, adresse, felt) in {302, 404}
    assert client.post(adresse, felt).status_code == 404
    assert not Praksisfortelling.objects.exists()


def test_a_story_that_is_taken_into_use(arbeid):
    Mellomarbeid.objects.filter(pk=arbeid.pk).update(status="levert", levert=timezone.now())
    rad = FortellingFactory(mellomarbeid=arbeid)
    gruppe = GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True)
    mitt = MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=arbeid.nettverk), gruppe=gruppe, kommune=arbeid.kommune
    )
    client, adresse = som(gruppemedlem(gruppe)), url("fortelling_bruk", arbeid, rad.pk)
    felt = {"mellomarbeid": mitt.pk, "dato": idag() + datetime.timedelta(days=7)}

    assert removed_meanwhile(rad, client, adresse, felt) == 422
    assert client.post(adresse, felt).status_code == 404
    assert not mitt.loggposter.exists()


def test_what_is_about_to_be_told(arbeid):
    post = LoggpostFactory(mellomarbeid=arbeid)
    Mellomarbeid.objects.filter(pk=arbeid.pk).update(status="levert", levert=timezone.now())
    client = som(enhetsleder(arbeid.gruppe))
    adresse = url("mellomarbeid_del", arbeid, arbeid.pk) + f"?post={post.pk}"
    felt = {"tittel": "Fjæra", "tekst": "Vi målte."}

    assert removed_meanwhile(arbeid, client, adresse, felt) == 422
    assert client.post(adresse, felt).status_code == 404
    assert not Praksisfortelling.objects.exists()


def test_an_entry_that_was_removed_before_it_was_delivered_again_is_not_told(arbeid):
    post = LoggpostFactory(mellomarbeid=arbeid)
    leder = enhetsleder(arbeid.gruppe)
    Mellomarbeid.objects.filter(pk=arbeid.pk).update(status="levert", levert=timezone.now())
    Loggpost.objects.filter(pk=post.pk).delete()

    with pytest.raises(Borte):
        share(arbeid, loggpost=post, tittel="Fjæra", by=leder)


def test_a_step_and_what_was_noted_of_a_talk(arbeid):
    leder, koord = enhetsleder(arbeid.gruppe), koordinator(arbeid.nettverk)
    steg = Nestesteg.objects.create(
        loggpost=LoggpostFactory(mellomarbeid=arbeid), tekst="Ring biblioteket"
    )
    enhet = arbeid.gruppe.enhet
    samtale = note_talk(arbeid.nettverk, enhet, dato=idag(), tekst="Fint", by=koord)
    krysser, fjerner = som(leder), som(koord)
    kryss, fjern = (
        url("steg_gjort", arbeid, steg.pk),
        url("stoette_fjern", arbeid, enhet.referanse, samtale.pk),
    )

    svar = [
        removed_meanwhile(steg, krysser, kryss, {"gjort": "ja"}),
        removed_meanwhile(samtale, fjerner, fjern),
        krysser.post(kryss, {"gjort": "ja"}).status_code,
        fjerner.post(fjern).status_code,
    ]

    assert svar == [302, 302, 404, 404]
    assert not Stoettehandling.objects.exists()
