"""The thread of a mellomarbeid: who says and sees what, whom it tells, and the two taps."""

import datetime
import re
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nettverk.arbeid import brevvalg
from nettverk.models import Brev, Gruppe, Naar, Nettverk, Nyhet, Person
from nettverk.sikkerhet import grenser
from nettverk.tilgang.roller import roller_for
from rolu.mellomarbeid import tilbakemelding
from rolu.mellomarbeid.tilbakemelding import (
    INNLEGG,
    NEVNT,
    TILBAKEMELDING,
    newest_unseen,
    readers,
    say,
    tap_read,
    tap_useful,
)
from rolu.models import Kvittering, Loggpost, Mellomarbeid, Tilbakemelding
from tests.laeringsloyper.factories import LaeringsloypeFactory
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    kog,
    kommuneansvarlig,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import LoggpostFactory, MellomarbeidFactory, OppdragFactory
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db
Som = Tilbakemelding.Som


@pytest.fixture
def arbeid() -> Mellomarbeid:
    nettverk, gruppe = nettverk_med_enhet()
    fagmiljo = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGMILJO, navn="Skrivesenteret")
    loype = LaeringsloypeFactory(nettverk=nettverk, ansvarlig_gruppe=fagmiljo)
    return MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=nettverk, tittel="Utforsk ute", laeringsloype=loype),
        gruppe=gruppe,
        kommune=gruppe.enhet.kommune_per(),
        levert_=True,
    )


def som(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(navn: str, arbeid: Mellomarbeid, *mer: object) -> str:
    return reverse(f"rolu:{navn}", args=[arbeid.nettverk.slug, arbeid.pk, *mer])


def news_of(person) -> list[str]:
    return list(Nyhet.objects.filter(til=person).values_list("tekst", flat=True))


def see(person, arbeid: Mellomarbeid) -> list[str]:
    # As on a new page: what a page has fetched, it remembers.
    person = Person.objects.get(pk=person.pk)
    nettverk = Nettverk.objects.get(pk=arbeid.nettverk.pk)
    return [rad.tekst for rad in newest_unseen(roller_for(person, nettverk), 5)]


def test_the_thread_is_read_by_the_unit_its_kommune_its_track_and_those_who_coordinate(arbeid):
    inne = [
        enhetsleder(arbeid.gruppe),
        gruppemedlem(arbeid.gruppe),
        kommuneansvarlig(arbeid.nettverk, arbeid.kommune),
        VervFactory(gruppe=arbeid.oppdrag.laeringsloype.ansvarlig_gruppe).person,
        koordinator(arbeid.nettverk),
        kog(arbeid.nettverk),
    ]
    medlem(arbeid.nettverk, gruppetype=Gruppe.Type.OPPVEKSTNETTVERK)

    assert {leser.person for leser in readers(arbeid)} == set(inne)

    sagt = say(arbeid, tekst="Fint", by=inne[2])
    for person in inne:
        synlige = Tilbakemelding.objects.visible_to(roller_for(person, arbeid.nettverk))
        assert list(synlige) == [sagt]


def test_what_is_shared_is_read_by_all_but_not_its_thread(arbeid):
    say(arbeid, tekst="Bare for dere", by=koordinator(arbeid.nettverk))
    Mellomarbeid.objects.filter(pk=arbeid.pk).update(delt=True)
    nabo = enhetsleder(GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True))
    client = som(nabo)

    assert "Bare for dere" not in client.get(url("mellomarbeid", arbeid)).text
    assert client.get(url("tilbakemelding", arbeid)).status_code == 404
    assert client.post(url("kvittering", arbeid), {"slag": "lest"}).status_code == 404
    assert client.post(url("kvittering", arbeid), {"slag": "nyttig"}).status_code == 302
    assert Kvittering.objects.get().slag == Kvittering.Slag.NYTTIG
    assert (
        f"Nyttig for {nabo.verv.get().gruppe.enhet}" in client.get(url("mellomarbeid", arbeid)).text
    )


def test_each_speaks_as_what_they_are_here(arbeid):
    sagt = [
        say(arbeid, tekst="x", by=person).som
        for person in (
            enhetsleder(arbeid.gruppe),
            kommuneansvarlig(arbeid.nettverk, arbeid.kommune),
            VervFactory(gruppe=arbeid.oppdrag.laeringsloype.ansvarlig_gruppe).person,
            koordinator(arbeid.nettverk),
        )
    ]

    assert sagt == [Som.ENHETEN, Som.KOMMUNEN, Som.FAGMILJOET, Som.KOORDINATOREN]


def test_feedback_is_a_quiet_line_to_the_leader_and_who_wrote_not_to_the_rest(arbeid):
    leder, skrev, andre = (
        enhetsleder(arbeid.gruppe),
        gruppemedlem(arbeid.gruppe),
        gruppemedlem(arbeid.gruppe),
    )
    LoggpostFactory(mellomarbeid=arbeid, skrevet_av=skrev)
    fra = kommuneansvarlig(arbeid.nettverk, arbeid.kommune)

    say(arbeid, tekst="Hemmelig ros", by=fra)

    linje = f"{fra.navn} har gitt tilbakemelding på «Utforsk ute», {arbeid.enhet}"
    assert [news_of(p) for p in (leder, skrev, andre, fra)] == [[linje], [linje], [], []]
    assert not Brev.objects.exists()


def test_who_wants_it_at_once_gets_a_letter_and_who_wants_none_gets_nothing(arbeid):
    straks, aldri = enhetsleder(arbeid.gruppe), enhetsleder(arbeid.gruppe)
    brevvalg.choose(straks, {TILBAKEMELDING: Naar.STRAKS})
    brevvalg.choose(aldri, {TILBAKEMELDING: Naar.ALDRI})

    say(arbeid, tekst="Hemmelig ros", by=koordinator(arbeid.nettverk))

    brev = Brev.objects.get()
    assert brev.til == straks
    assert brev.emne.endswith(f"har gitt tilbakemelding på «Utforsk ute», {arbeid.enhet}")
    assert url("mellomarbeid", arbeid) in brev.tekst
    assert "Hemmelig ros" not in brev.tekst
    assert not Nyhet.objects.exists()


def test_the_answer_of_the_unit_goes_to_those_who_have_said_something(arbeid):
    sa, tause = koordinator(arbeid.nettverk), koordinator(arbeid.nettverk)
    say(arbeid, tekst="Hva så dere?", by=sa)

    say(arbeid, tekst="Mye", by=enhetsleder(arbeid.gruppe))

    assert len(news_of(sa)) == 1
    assert news_of(tause) == []


def test_who_is_named_is_told_and_nobody_is_named_who_cannot_read_it(arbeid):
    kari = koordinator(arbeid.nettverk)
    utenfor = medlem(arbeid.nettverk, gruppetype=Gruppe.Type.OPPVEKSTNETTVERK)
    kollega = gruppemedlem(arbeid.gruppe)

    sagt = say(
        arbeid,
        tekst=f"Hei @{kari.navn}, og @{utenfor.navn}",
        by=enhetsleder(arbeid.gruppe),
        nevnte=[kollega.pk, utenfor.pk],
    )

    assert set(sagt.nevnte.all()) == {kari, kollega}
    assert "nevner deg" in news_of(kari)[0]
    assert news_of(utenfor) == []


@pytest.mark.django_db(transaction=True)
def test_twenty_mentions_at_once_are_as_many_letters_as_one_may_cause(arbeid):
    kari, fra = koordinator(arbeid.nettverk), enhetsleder(arbeid.gruppe)
    brevvalg.choose(kari, {TILBAKEMELDING: Naar.STRAKS})
    assert grenser.take(NEVNT, fra.pk, antall=NEVNT.antall - 6)

    svar = at_once(
        *[
            lambda nr=nr: say(arbeid, tekst=f"Se her {nr}", by=fra, nevnte=[kari.pk])
            for nr in range(20)
        ]
    )

    assert Counter(kinds(svar)) == {"ok": 6, "KanIkke": 14}
    assert Brev.objects.filter(til=kari).count() == 6
    assert Tilbakemelding.objects.count() == 6
    # Without a name one still says what one has to say.
    assert say(arbeid, tekst="Uten navn", by=fra)


@pytest.mark.parametrize("grense", [INNLEGG, NEVNT], ids=lambda grense: grense.navn)
def test_one_too_many_in_the_thread_is_explained_and_the_text_stands(arbeid, grense):
    kari, fra = koordinator(arbeid.nettverk), enhetsleder(arbeid.gruppe)
    grenser.take(grense, fra.pk, antall=grense.antall)

    svar = som(fra).post(
        url("tilbakemelding", arbeid), {"tekst": "Les dette.", "nevnte": [kari.pk]}
    )

    assert svar.status_code == 422
    assert "den siste timen" in svar.text
    assert "Les dette." in svar.text
    assert not Tilbakemelding.objects.exists()


def test_it_waits_on_the_home_page_until_it_is_replied_to_or_read(arbeid):
    leder, kollega, fra = (
        enhetsleder(arbeid.gruppe),
        gruppemedlem(arbeid.gruppe),
        koordinator(arbeid.nettverk),
    )
    say(arbeid, tekst="Hva så dere?", by=fra)
    foer = see(leder, arbeid), see(kollega, arbeid), see(fra, arbeid)

    tap_read(arbeid, by=kollega, roller=roller_for(kollega, arbeid.nettverk))
    lest = see(leder, arbeid), see(kollega, arbeid)
    say(arbeid, tekst="Mye", by=leder)

    assert foer == (["Hva så dere?"], ["Hva så dere?"], [])
    assert lest == (["Hva så dere?"], [])
    assert see(leder, arbeid) == []
    assert see(fra, arbeid) == ["Mye"]


def test_of_use_to_us_is_taken_back_by_a_second_tap(arbeid):
    person = enhetsleder(GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True))
    roller = roller_for(person, arbeid.nettverk)
    enhet = person.verv.get().gruppe.enhet

    assert tap_useful(arbeid, enhet=enhet.pk, by=person)
    nytte = tilbakemelding.of_use(arbeid, roller)
    assert nytte.hvem == [str(enhet)]
    assert [ett.sagt for ett in nytte.vaare] == [True]
    assert not tap_useful(arbeid, enhet=enhet.pk, by=person)


def leader_of_two(arbeid: Mellomarbeid) -> tuple[Person, list[Gruppe]]:
    grupper = [GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True) for _ in "12"]
    person = enhetsleder(grupper[0])
    VervFactory(gruppe=grupper[1], person=person, rolle="formell_leder")
    return person, sorted(grupper, key=lambda g: g.enhet.sortering)


def buttons(side: str) -> list[tuple[str, bool]]:
    """What the taps of use say, and whether each is pressed."""
    bit = side[side.index('id="nyttig"') :]
    return [
        (" ".join(re.sub("<[^>]+>", " ", tekst).split()), trykt == "true")
        for trykt, tekst in re.findall(
            r'aria-pressed="(true|false)"[^>]*>(.*?)</button>', bit, re.DOTALL
        )
    ]


def test_who_leads_two_units_says_for_which_it_is_of_use_and_takes_it_back_there(arbeid):
    Mellomarbeid.objects.filter(pk=arbeid.pk).update(delt=True)
    person, (en, to) = leader_of_two(arbeid)
    client = som(person)
    felt = {"slag": "nyttig", "enhet": to.enhet_id}
    foer = buttons(client.get(url("mellomarbeid", arbeid)).text)

    client.post(url("kvittering", arbeid), felt)
    sagt = buttons(client.get(url("mellomarbeid", arbeid)).text)
    client.post(url("kvittering", arbeid), {"slag": "nyttig", "enhet": en.enhet_id})
    begge = buttons(client.get(url("mellomarbeid", arbeid)).text)
    client.post(url("kvittering", arbeid), felt)

    navn = [f"Nyttig for {gruppe.enhet}" for gruppe in (en, to)]
    assert foer == [(navn[0], False), (navn[1], False)]
    assert sagt == [(navn[0], False), (navn[1], True)]
    assert begge == [(navn[0], True), (navn[1], True)]
    assert Kvittering.objects.get().enhet == en.enhet


def test_with_several_units_one_is_chosen_and_never_somebody_elses(arbeid):
    Mellomarbeid.objects.filter(pk=arbeid.pk).update(delt=True)
    person, _grupper = leader_of_two(arbeid)
    fremmed = GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True)
    client = som(person)

    svar = [
        client.post(url("kvittering", arbeid), {"slag": "nyttig", **mer}).status_code
        for mer in ({}, {"enhet": fremmed.enhet_id}, {"enhet": arbeid.enhet_id})
    ]

    assert svar == [404, 404, 404]
    assert not Kvittering.objects.exists()


def test_who_also_leads_the_unit_that_wrote_it_says_it_for_the_other(arbeid):
    person = enhetsleder(arbeid.gruppe)
    annen = GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True)
    VervFactory(gruppe=annen, person=person, rolle="formell_leder")
    client = som(person)

    assert buttons(client.get(url("mellomarbeid", arbeid)).text) == [("Nyttig for oss", False)]
    client.post(url("kvittering", arbeid), {"slag": "nyttig"})

    assert Kvittering.objects.get().enhet == annen.enhet


def test_the_unit_does_not_say_that_its_own_is_of_use(arbeid):
    svar = som(enhetsleder(arbeid.gruppe)).post(url("kvittering", arbeid), {"slag": "nyttig"})

    assert svar.status_code == 404


def test_it_is_said_and_read_on_the_page_and_answered_shows(arbeid):
    post = LoggpostFactory(mellomarbeid=arbeid, fase=Loggpost.Fase.PROEVE)
    fra, leder = kommuneansvarlig(arbeid.nettverk, arbeid.kommune), enhetsleder(arbeid.gruppe)
    client = som(fra)
    assert "Uten tilbakemelding" in client.get(url("mellomarbeid", arbeid)).text

    svar = client.post(
        url("tilbakemelding", arbeid), {"tekst": "Fint at dere spurte.", "loggpost": post.pk}
    )
    sagt = Tilbakemelding.objects.get()
    assert svar.url == url("mellomarbeid", arbeid) + f"#innlegg-{sagt.pk}"
    assert sagt.loggpost == post

    side = som(leder).get(url("mellomarbeid", arbeid)).text
    assert "Fint at dere spurte." in side
    assert "Dere har ikke svart" in side
    som(leder).post(url("tilbakemelding", arbeid), {"tekst": "Takk"})
    assert "Enheten har svart" in client.get(url("mellomarbeid", arbeid)).text


def test_every_form_of_the_thread_carries_the_guard_of_the_session(arbeid):
    fra = kommuneansvarlig(arbeid.nettverk, arbeid.kommune)
    say(arbeid, tekst="x", by=enhetsleder(arbeid.gruppe))

    side = som(fra).get(url("mellomarbeid", arbeid)).text
    Mellomarbeid.objects.filter(pk=arbeid.pk).update(delt=True)
    nabo = enhetsleder(GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True))
    delt = som(nabo).get(url("mellomarbeid", arbeid)).text
    nyttig = delt[delt.index('id="nyttig"') :]
    assert "csrfmiddlewaretoken" in nyttig[: nyttig.index("</form>")]
    traad = side[side.index('id="traad"') :]
    traad = traad[: traad.index("</section>")]

    assert traad.count("<form") == 2
    assert traad.count("csrfmiddlewaretoken") == 2


def test_the_same_form_sent_twice_says_it_once_and_an_empty_one_nothing(arbeid):
    client = som(koordinator(arbeid.nettverk))
    felt = {"tekst": "Fint", "engang": "6a2f41a3-c54c-4ce8-aa1c-37a5a3a3c3d1"}

    for _gang in range(2):
        client.post(url("tilbakemelding", arbeid), felt)
    tomt = client.post(url("tilbakemelding", arbeid), {"tekst": " "})

    assert Tilbakemelding.objects.count() == 1
    assert tomt.status_code == 422
    assert "Fyll ut «Hva vil du si?»." in tomt.text


def test_one_takes_back_ones_own_words_and_nobody_elses(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    sagt = say(arbeid, tekst="Ops", by=koordinator(arbeid.nettverk))
    adresse = url("tilbakemelding_slett", arbeid, sagt.pk)
    assert len(news_of(leder)) == 1

    assert som(leder).post(adresse).status_code == 403
    assert som(sagt.skrevet_av).get(adresse).status_code == 200
    som(sagt.skrevet_av).post(adresse)

    assert not Tilbakemelding.objects.exists()
    assert news_of(leder) == []


def test_a_fagansvarlig_speaks_when_it_is_delivered_and_not_before(arbeid):
    fag = VervFactory(gruppe=arbeid.oppdrag.laeringsloype.ansvarlig_gruppe).person
    levert = som(fag).get(url("tilbakemelding", arbeid)).status_code
    Mellomarbeid.objects.filter(pk=arbeid.pk).update(
        status=Mellomarbeid.Status.KLADD, levert=None, levert_av=None
    )

    assert levert == 200
    assert som(fag).get(url("tilbakemelding", arbeid)).status_code == 404


def test_the_page_and_home_cost_the_same_with_one_and_three(arbeid):
    fra, leder = koordinator(arbeid.nettverk), enhetsleder(arbeid.gruppe)
    client = som(leder)
    hjem = reverse("nettverk:hjem", args=[arbeid.nettverk.slug])

    def cost() -> tuple[int, ...]:
        kostnad = []
        for adresse in (url("mellomarbeid", arbeid), hjem):
            client.get(adresse)
            with CaptureQueriesContext(connection) as spoerringer:
                client.get(adresse)
            kostnad.append(len(spoerringer))
        return tuple(kostnad)

    say(arbeid, tekst="En", by=fra, nevnte=[leder.pk])
    en = cost()
    for tekst in ("To", "Tre"):
        say(arbeid, tekst=tekst, by=fra, nevnte=[leder.pk])
    annet = MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=arbeid.nettverk),
        gruppe=arbeid.gruppe,
        kommune=arbeid.kommune,
    )
    say(annet, tekst="Fire", by=fra)

    assert cost() == en


def test_home_shows_what_was_said_with_a_way_to_reply(arbeid):
    say(arbeid, tekst="Spør dem hvorfor.", by=koordinator(arbeid.nettverk))
    client = som(enhetsleder(arbeid.gruppe))
    hjem = reverse("nettverk:hjem", args=[arbeid.nettverk.slug])

    side = client.get(hjem).text
    client.post(url("kvittering", arbeid), {"slag": "lest"})

    assert "Tilbakemelding på det dere skrev" in side
    assert "Spør dem hvorfor." in side
    assert url("mellomarbeid", arbeid) + "#id_tekst" in side
    assert "Spør dem hvorfor." not in client.get(hjem).text


def test_what_was_read_before_more_was_said_is_not_read(arbeid):
    fra, leder = koordinator(arbeid.nettverk), enhetsleder(arbeid.gruppe)
    say(arbeid, tekst="En", by=fra)
    roller = roller_for(leder, arbeid.nettverk)
    tap_read(arbeid, by=leder, roller=roller)
    Kvittering.objects.update(naar=timezone.now() - datetime.timedelta(hours=1))

    assert not tilbakemelding.thread(arbeid, roller, kan_si=True).jeg_har_lest
    tap_read(arbeid, by=leder, roller=roller)
    assert tilbakemelding.thread(arbeid, roller, kan_si=True).jeg_har_lest


def test_what_is_read_is_said_where_one_lands_and_is_no_dead_button(arbeid):
    say(arbeid, tekst="Hva så dere?", by=koordinator(arbeid.nettverk))
    client = som(enhetsleder(arbeid.gruppe))
    assert "Jeg har lest dette" in client.get(url("mellomarbeid", arbeid)).text

    svar = client.post(url("kvittering", arbeid), {"slag": "lest"})
    side = client.get(svar.url).text

    assert svar.url.endswith("#lest")
    assert '<p class="app-traad__lest" id="lest" tabindex="-1">' in side
    assert "Du har lest dette" in side
    assert "Jeg har lest dette" not in side


def test_who_has_replied_is_not_asked_to_say_that_they_have_read(arbeid):
    fra, leder = koordinator(arbeid.nettverk), enhetsleder(arbeid.gruppe)
    say(arbeid, tekst="Hva så dere?", by=fra)

    say(arbeid, tekst="At de spurte.", by=leder)

    assert "Jeg har lest dette" not in som(leder).get(url("mellomarbeid", arbeid)).text
    # The one who asked has not read the reply.
    assert "Jeg har lest dette" in som(fra).get(url("mellomarbeid", arbeid)).text


def test_the_unit_is_called_dere_where_it_has_not_replied(arbeid):
    say(arbeid, tekst="Hva så dere?", by=koordinator(arbeid.nettverk))

    egen = som(enhetsleder(arbeid.gruppe)).get(url("mellomarbeid", arbeid)).text
    andres = som(kommuneansvarlig(arbeid.nettverk, arbeid.kommune)).get(url("mellomarbeid", arbeid))

    assert ("Dere har ikke svart" in egen, "Enheten har ikke svart" in egen) == (True, False)
    assert "Enheten har ikke svart" in andres.text
