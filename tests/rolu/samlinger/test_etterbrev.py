"""The letter that follows when a summary is published: two texts, each to its own, once for each edition."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nettverk.arbeid import brev as breva
from nettverk.arbeid import jobber
from nettverk.models import Brev, Rolle
from rolu.models import Deltakelse, Oppsummering, Oppsummeringsblokk, Utfall
from rolu.samlinger import blokker, etterbrev, oppsummering
from rolu.samlinger.etterbrev import OPPSUMMERING
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    DeltakelseFactory,
    GjestFactory,
    OppdragFactory,
    SamlingFactory,
    klokken,
)

pytestmark = pytest.mark.django_db
Slag = Oppsummeringsblokk.Slag


def _scene():
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, oppsummering_=True, tittel="Om lek")
    leder, medlem = enhetsleder(gruppe), gruppemedlem(gruppe)
    DeltakelseFactory(samling=samling, verv=leder.verv.get(), moett_=True)
    DeltakelseFactory(samling=samling, verv=medlem.verv.get())
    Utfall.objects.create(samling=samling, type="beslutning", nummer=1, tekst="Prøv lesestund")
    OppdragFactory(
        nettverk=nettverk, samling=samling, tittel="Les", frist=datetime.date(2027, 1, 15)
    )
    SamlingFactory(
        nettverk=nettverk,
        publisert_=True,
        tittel="Neste gang",
        start=klokken(30, 9),
        slutt=klokken(30, 15),
    )
    return samling, leder, medlem, koordinator(nettverk)


@pytest.fixture
def scene():
    return _scene()


def _made(samling, by) -> Oppsummering:
    jobber.run(oppsummering.order(samling, by=by).pk)
    return Oppsummering.objects.get(samling=samling)


def _publish(samling, by, *, varsle=True) -> int:
    rad = _made(samling, by)
    return oppsummering.publish(samling, jobb=rad.jobb_id, by=by, varsle=varsle).brev


def _letters() -> dict:
    return {b.til: b for b in Brev.objects.filter(slag=OPPSUMMERING)}


def test_those_who_were_there_and_those_who_were_not_read_different_letters(scene):
    samling, leder, medlem, k = scene

    antall = _publish(samling, k)

    brevene = _letters()
    assert antall == 2
    assert set(brevene) == {leder, medlem}
    assert "Takk for at du var med" in brevene[leder].tekst
    assert "Du var ikke med på samlingen" in brevene[medlem].tekst
    for brev in brevene.values():
        for tekst in (
            "– Prøv lesestund",
            "«Les», frist 15. januar 2027",
            "Neste gang",
            "/oppsummering/",
        ):
            assert tekst in brev.tekst


def test_who_was_there_by_one_place_and_not_by_another_was_there(scene):
    samling, leder, _medlem, k = scene
    andre = GruppeFactory(nettverk=samling.nettverk, utviklingsgruppe=True, enhet=EnhetFactory())
    verv = VervFactory(gruppe=andre, person=leder, rolle=Rolle.UTVIKLINGSLAERER)
    DeltakelseFactory(samling=samling, verv=verv, status=Deltakelse.Status.AVMELDT)

    assert _publish(samling, k) == 2

    assert "Takk for at du var med" in _letters()[leder].tekst


def test_it_can_be_shared_without_letters_and_told_of_later(scene, client):
    samling, _leder, _medlem, k = scene
    assert _publish(samling, k, varsle=False) == 0
    assert _letters() == {}
    rad = Oppsummering.objects.get(samling=samling)

    side = reverse("rolu:samling_oppsummering", args=[samling.nettverk.slug, samling.pk])
    client.force_login(k)
    assert "Send e-post om oppsummeringen" in client.get(side).text
    delt = oppsummering.publish(samling, jobb=rad.jobb_id, by=k, varsle=True)

    assert "Alle har fått e-post om denne utgaven." in client.get(side).text
    assert (delt.brev, delt.oppsummering.utgave) == (2, 1)


def test_the_same_edition_is_told_of_once_and_a_new_one_again(scene):
    samling, leder, _medlem, k = scene
    _publish(samling, k)
    assert _publish(samling, k) == 0  # made anew, and nothing in it is other

    [blokk, *_resten] = blokker.of(samling)
    blokker.edit(blokk, tekst="Rettet", versjon=1, by=k)
    assert _publish(samling, k) == 2

    mine = Brev.objects.filter(slag=OPPSUMMERING, til=leder).order_by("pk")
    assert [b.tilstand for b in mine] == [Brev.Tilstand.TRUKKET, Brev.Tilstand.VENTER]
    assert "den nye utgaven er klar" in mine[1].tekst


def test_a_part_that_is_left_out_is_not_told_of_in_the_letter_either(scene):
    samling, leder, _medlem, k = scene
    blokker.make_ready(samling)
    blokk = Oppsummeringsblokk.objects.get(samling=samling, slag=Slag.BESLUTNINGER)
    blokker.leave_out(blokk, utelat=True)

    _publish(samling, k)

    assert "lesestund" not in _letters()[leder].tekst


def test_many_long_decisions_are_told_in_short(scene):
    samling, leder, _medlem, k = scene
    for nr in range(2, 9):
        Utfall.objects.create(samling=samling, type="beslutning", nummer=nr, tekst="ord " * 500)

    _publish(samling, k)

    tekst = _letters()[leder].tekst
    assert "… og 3 beslutninger til" in tekst
    assert max(map(len, tekst.splitlines())) < 210


def test_an_older_letter_is_hindered(scene):
    samling, leder, _medlem, k = scene
    _publish(samling, k)
    brev = _letters()[leder]
    hindrer = breva.slag(OPPSUMMERING).hindrer
    assert hindrer(samling, brev) == ""

    Oppsummering.objects.filter(samling=samling).update(utgave=2)

    assert "nyere utgave" in hindrer(samling, brev)


def test_guests_who_were_there_and_gave_an_address_are_written_to_once(scene, client):
    samling, leder, _medlem, k = scene
    for navn, epost, moett in (
        ("Vigdis Vara", "vigdis@skole.example", samling.start),
        ("Vigdis igjen", "Vigdis@skole.example", samling.start),
        ("Uten Adresse", "", samling.start),
        ("Kom Ikke", "ikke@skole.example", None),
        ("Lederen selv", leder.epost, samling.start),
    ):
        GjestFactory(samling=samling, navn=navn, epost=epost, moett=moett)
    rad = _made(samling, k)
    client.force_login(k)
    side = client.get(
        reverse("rolu:oppsummering_publiser", args=[samling.nettverk.slug, samling.pk])
    ).text

    antall = oppsummering.publish(samling, jobb=rad.jobb_id, by=k, varsle=True).brev

    assert "2 personer som var der" in " ".join(side.split())
    assert antall == 3
    [brev] = Brev.objects.filter(slag=OPPSUMMERING, til=None)
    assert (brev.epost, etterbrev.OPPSUMMERING) == ("vigdis@skole.example", brev.slag)
    assert "Takk for at du var med" in brev.tekst
    assert "– Prøv lesestund" in brev.tekst
    assert "/oppsummering/" not in brev.tekst  # the page would ask them to sign in
    assert etterbrev._is_in_the_way(samling, brev) == ""
    assert oppsummering.publish(samling, jobb=rad.jobb_id, by=k, varsle=True).brev == 0


def test_the_preview_tells_how_many_and_shows_both_letters(scene, client):
    samling, _leder, _medlem, k = scene
    _made(samling, k)
    client.force_login(k)
    adresse = reverse("rolu:oppsummering_publiser", args=[samling.nettverk.slug, samling.pk])

    side = " ".join(client.get(adresse).content.decode().split())

    assert "1 person som var der" in side
    assert "1 person som var invitert og ikke var der" in side
    assert "Takk for at du var med" in side
    assert "Du var ikke med på samlingen" in side
    assert "Del og send 2 e-poster" in side
    assert "Del uten e-post" in side
    assert _letters() == {}


def test_the_form_sent_twice_shares_and_tells_once(scene, client):
    samling, _leder, _medlem, k = scene
    rad = _made(samling, k)
    client.force_login(k)
    adresse = reverse("rolu:oppsummering_publiser", args=[samling.nettverk.slug, samling.pk])
    felt = {
        "jobb": rad.jobb_id,
        "varsle": "on",
        "engang": client.get(adresse).context["form"].initial["engang"],
    }

    svar = [client.post(adresse, felt) for _ in range(2)]

    assert [s.status_code for s in svar] == [302, 302]
    assert len(_letters()) == 2
    assert Oppsummering.objects.get().utgave == 1


def test_what_is_not_made_leads_back_with_the_reason(scene, client):
    samling, _leder, _medlem, k = scene
    client.force_login(k)
    adresse = reverse("rolu:oppsummering_publiser", args=[samling.nettverk.slug, samling.pk])

    svar = client.get(adresse, follow=True)

    assert "ikke laget ennå" in svar.content.decode()


def test_a_new_edition_asks_whether_to_tell_again(scene, client):
    samling, _leder, _medlem, k = scene
    _publish(samling, k)
    [blokk, *_resten] = blokker.of(samling)
    blokker.edit(blokk, tekst="Rettet", versjon=1, by=k)
    _made(samling, k)
    client.force_login(k)
    adresse = reverse("rolu:oppsummering_publiser", args=[samling.nettverk.slug, samling.pk])

    side = client.get(adresse).content.decode()

    assert "Du velger om de inviterte skal få e-post igjen" in side


def test_as_many_queries_for_one_as_for_many(scene):
    samling, _leder, _medlem, k = scene
    _publish(samling, k, varsle=False)
    rad = Oppsummering.objects.get(samling=samling)
    with CaptureQueriesContext(connection) as foer:
        etterbrev.recipients(samling, rad.utgave)
    DeltakelseFactory.create_batch(5, samling=samling)

    with CaptureQueriesContext(connection) as etter:
        hvem = etterbrev.recipients(samling, rad.utgave)

    assert (len(foer), hvem.antall) == (len(etter), 7)


@pytest.mark.django_db(transaction=True)
def test_twenty_who_publish_at_once_write_one_letter_to_each():
    samling, _leder, _medlem, k = _scene()
    rad = _made(samling, k)

    def publish(_nr: int) -> int:
        try:
            return oppsummering.publish(samling, jobb=rad.jobb_id, by=k, varsle=True).brev
        finally:
            close_old_connections()
            connection.close()

    with ThreadPoolExecutor(20) as traader:
        antall = list(traader.map(publish, range(20)))

    assert sorted(antall) == [0] * 19 + [2]
    assert Brev.objects.filter(slag=OPPSUMMERING).count() == 2
    assert Oppsummering.objects.get().utgave == 1
