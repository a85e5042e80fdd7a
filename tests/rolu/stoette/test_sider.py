"""The pages of the support lens, as the people meet them."""

import datetime
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kommuner.gyldighet import idag, periode
from nettverk.models import Brev, Gruppe, Nettverk, Person, Rolle
from nettverk.sikkerhet import grenser
from rolu.models import Nestesteg, Stoettehandling, Stoettesignal
from rolu.stoette import signaler
from rolu.stoette.handlinger import HILSEN, HILSENER, greet
from tests.kommuner.factories import LENGE_SIDEN, EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    gruppemedlem,
    kog,
    kommuneansvarlig,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import LoggpostFactory, MellomarbeidFactory, OppdragFactory
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db
DAG = datetime.timedelta(days=1)


def som(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def bytt_leder(gruppe: Gruppe) -> Person:
    byttet = idag() - 60 * DAG
    for tid in (periode(LENGE_SIDEN, byttet), periode(byttet)):
        verv = VervFactory(gruppe=gruppe, rolle=Rolle.FORMELL_LEDER, gyldig=tid)
    return verv.person


@pytest.fixture
def sted() -> tuple[Nettverk, Gruppe, Person]:
    """A unit with a new leader, which everybody who follows up may know."""
    nettverk, gruppe = nettverk_med_enhet(paakrevde_roller=[])
    leder = bytt_leder(gruppe)
    signaler.note(nettverk)
    Stoettesignal.objects.update(sett=idag() - 8 * DAG)
    return nettverk, gruppe, leder


def url(navn: str, gruppe: Gruppe, *mer: object) -> str:
    return reverse(f"rolu:{navn}", args=[gruppe.nettverk.slug, gruppe.enhet.referanse, *mer])


def lista(nettverk: Nettverk, sporring: str = "") -> str:
    return reverse("rolu:stoette_list", args=[nettverk.slug]) + sporring


def test_the_list_has_the_unit_what_it_is_and_what_one_can_do(sted):
    nettverk, gruppe, _leder = sted
    for person in (
        koordinator(nettverk),
        kommuneansvarlig(nettverk, gruppe.enhet.kommune_per()),
    ):
        side = som(person).get(lista(nettverk)).text

        assert str(gruppe.enhet) in side
        assert "Ny leder siste år" in side
        assert url("stoette_hilsen", gruppe) in side


def test_the_list_is_narrowed_by_signal_and_name(sted):
    nettverk, gruppe, _leder = sted
    client = som(koordinator(nettverk))

    assert str(gruppe.enhet) in client.get(lista(nettverk, "?slag=ny_leder")).text
    for tomt in ("?slag=stille", "?q=finnesikke"):
        assert "Ingen enheter passer" in client.get(lista(nettverk, tomt)).text


def test_the_leader_meets_it_at_home_and_answers(sted):
    nettverk, gruppe, leder = sted
    client = som(leder)
    hjem = reverse("nettverk:hjem", args=[nettverk.slug])
    assert url("stoette_enhet", gruppe) in client.get(hjem).text

    svar = client.post(url("stoette_svar", gruppe, "ny_leder"), {"svar": "Jeg var nestleder før."})

    assert svar.url == url("stoette_enhet", gruppe)
    assert "Jeg var nestleder før." in som(koordinator(nettverk)).get(lista(nettverk)).text
    assert url("stoette_enhet", gruppe) not in client.get(hjem).text


def test_an_empty_answer_is_explained(sted):
    _nettverk, gruppe, leder = sted

    svar = som(leder).post(url("stoette_svar", gruppe, "ny_leder"), {"svar": " "})

    assert svar.status_code == 422
    assert Stoettesignal.objects.get().svar == ""


def test_an_answer_to_what_is_no_longer_so_is_told(sted):
    _nettverk, gruppe, leder = sted

    svar = som(leder).post(
        url("stoette_svar", gruppe, "stille"), {"svar": "Vi er i gang."}, follow=True
    )

    assert "Dette er ikke slik lenger" in svar.text


def test_a_greeting_is_seen_as_a_letter_before_it_is_sent_once(sted):
    nettverk, gruppe, leder = sted
    avsender = koordinator(nettverk)
    client = som(avsender)
    adresse = url("stoette_hilsen", gruppe)
    engang = client.get(adresse).context["form"].initial["engang"]
    felt = {"tekst": "Si fra om vi kan hjelpe.", "engang": str(engang)}

    foerst = client.post(adresse, felt | {"se": "1"})
    assert "Slik blir e-posten" in foerst.text
    assert not Brev.objects.filter(slag="rolu.hilsen").exists()

    for _gang in range(2):
        assert client.post(adresse, felt).url == url("stoette_enhet", gruppe)
    brev = Brev.objects.get(slag="rolu.hilsen")
    assert (brev.til, brev.bestilt_av) == (leder, avsender)
    assert "Si fra om vi kan hjelpe." in brev.tekst
    assert Stoettehandling.objects.get().slag == "hilsen"
    # In the outbox it is read by the koordinator and whoever wrote it, not by all of the koordineringsgruppe.
    utboks = reverse("nettverk:utboks_brev", args=[nettverk.slug, brev.pk])
    assert "Si fra om vi kan hjelpe." in client.get(utboks).text
    andre = som(kog(nettverk)).get(utboks)
    assert andre.status_code == 200
    assert "Si fra om vi kan hjelpe." not in andre.text


def test_a_unit_without_a_leader_cannot_be_greeted(sted):
    nettverk, gruppe, leder = sted
    leder.verv.get().end(idag())
    client = som(koordinator(nettverk))

    assert "ingen leder som kan få e-post" in client.get(url("stoette_hilsen", gruppe)).text
    assert client.post(url("stoette_hilsen", gruppe), {"tekst": "Hei"}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_twenty_greetings_at_once_are_as_many_letters_as_one_may_send(sted):
    nettverk, gruppe, _leder = sted
    avsender, annen = koordinator(nettverk), koordinator(nettverk)
    assert grenser.take(HILSENER, avsender.pk, antall=HILSENER.antall - 7)

    svar = at_once(
        *[
            lambda nr=nr: greet(nettverk, gruppe.enhet, tekst=f"Hei {nr}", by=avsender)
            for nr in range(20)
        ]
    )
    greet(nettverk, gruppe.enhet, tekst="Hei", by=annen)

    assert Counter(kinds(svar)) == {"ok": 7, "KanIkke": 13}
    assert Brev.objects.filter(slag=HILSEN, bestilt_av=avsender).count() == 7
    assert Stoettehandling.objects.filter(laget_av=avsender).count() == 7
    assert Brev.objects.filter(slag=HILSEN, bestilt_av=annen).count() == 1


def test_one_greeting_too_many_is_explained_and_the_text_stands(sted):
    nettverk, gruppe, _leder = sted
    avsender = koordinator(nettverk)
    grenser.take(HILSENER, avsender.pk, antall=HILSENER.antall)

    svar = som(avsender).post(url("stoette_hilsen", gruppe), {"tekst": "Ring meg gjerne."})

    assert svar.status_code == 422
    assert "Du har sendt mange hilsener" in svar.text
    assert "Ring meg gjerne." in svar.text
    assert not Brev.objects.exists()


def test_guidance_and_a_talk_are_read_by_the_unit_and_can_be_taken_away(sted):
    nettverk, gruppe, _leder = sted
    client = som(kommuneansvarlig(nettverk, gruppe.enhet.kommune_per()))
    i_morgen = (idag() + DAG).isoformat()

    client.post(url("stoette_veiledning", gruppe), {"dato": i_morgen, "hvem": "PPT ved Kari"})
    client.post(
        url("stoette_samtale", gruppe), {"dato": idag().isoformat(), "tekst": "Enige om mer tid."}
    )
    side = som(gruppemedlem(gruppe)).get(url("stoette_enhet", gruppe)).text
    assert "PPT ved Kari" in side
    assert "Enige om mer tid." in side

    samtale = Stoettehandling.objects.get(slag="samtale")
    client.post(url("stoette_fjern", gruppe, samtale.pk))
    assert [h.slag for h in Stoettehandling.objects.all()] == ["veiledning"]


def test_a_talk_is_noted_after_it_has_been(sted):
    nettverk, gruppe, _leder = sted

    svar = som(koordinator(nettverk)).post(
        url("stoette_samtale", gruppe), {"dato": (idag() + DAG).isoformat(), "tekst": "Prat"}
    )

    assert svar.status_code == 422
    assert "Noter samtalen etter at dere har snakket sammen." in svar.text


def test_the_units_page_tells_the_unit_and_those_who_follow_up_and_nobody_else(sted):
    nettverk, gruppe, leder = sted
    enhetens = reverse("nettverk:enhet", args=[nettverk.slug, gruppe.enhet.referanse])
    annen = gruppemedlem(GruppeFactory(nettverk=nettverk, utviklingsgruppe=True))

    assert "Ny leder siste år" in som(leder).get(enhetens).text
    assert "Ny leder siste år" in som(koordinator(nettverk)).get(enhetens).text
    assert "Ny leder siste år" not in som(annen).get(enhetens).text


def test_the_list_costs_the_same_with_one_and_three_units(sted):
    nettverk, gruppe, _leder = sted
    client = som(koordinator(nettverk))

    def cost() -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            client.get(lista(nettverk))
        return len(spoerringer)

    cost()
    en = cost()
    for n in range(2):
        enhet = EnhetFactory(kommune=gruppe.enhet.kommune_per())
        bytt_leder(
            GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=enhet, navn=f"Ug {n}")
        )
    signaler.note(nettverk)
    Stoettesignal.objects.update(sett=idag() - 8 * DAG)

    assert cost() == en <= 12


def test_who_asked_for_help_stands_first_with_what_was_asked_and_a_way_to_it(sted):
    nettverk, gruppe, _leder = sted
    kommune = gruppe.enhet.kommune_per()
    annen = GruppeFactory(
        nettverk=nettverk,
        utviklingsgruppe=True,
        enhet=EnhetFactory(kommune=kommune, navn="Østre skole"),
    )
    arbeid = MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=nettverk), gruppe=annen, kommune=kommune
    )
    post = LoggpostFactory(mellomarbeid=arbeid)
    client = som(kommuneansvarlig(nettverk, kommune))
    kommunene = Gruppe.objects.get(nettverk=nettverk, type=Gruppe.Type.FAGNETTVERK)
    Nestesteg.objects.create(loggpost=post, hos=kommunene, tekst="Målehjul til utlån")
    bytt_leder(annen)
    signaler.note(nettverk)
    Stoettesignal.objects.update(sett=idag() - 8 * DAG)
    notat = reverse("rolu:mellomarbeid", args=[nettverk.slug, arbeid.pk]) + f"#notat-{post.pk}"

    svar = client.get(lista(nettverk))
    assert [rad["enhet"] for rad in svar.context["rader"]] == [annen.enhet, gruppe.enhet]
    for side in (svar.text, client.get(url("stoette_enhet", annen)).text):
        assert f'href="{notat}"' in side
        assert "Målehjul til utlån" in side
        assert side.index("Ba om hjelp fra kommunen") < side.rindex("Ny leder siste år")


def test_those_who_have_not_asked_stand_by_name_whatever_is_so_for_them(sted):
    nettverk, gruppe, _leder = sted
    gruppe.enhet.navn = "Østre skole"
    gruppe.enhet.save()
    annen = GruppeFactory(
        nettverk=nettverk,
        utviklingsgruppe=True,
        enhet=EnhetFactory(kommune=gruppe.enhet.kommune_per(), navn="Aure skole"),
    )
    bytt_leder(annen)
    nettverk.paakrevde_roller = [Rolle.TILLITSVALGT]
    nettverk.save()
    VervFactory(gruppe=annen, rolle=Rolle.TILLITSVALGT)
    signaler.note(nettverk)
    Stoettesignal.objects.update(sett=idag() - 8 * DAG)

    rader = som(koordinator(nettverk)).get(lista(nettverk)).context["rader"]

    assert [(rad["enhet"], len(rad["viste"])) for rad in rader] == [
        (annen.enhet, 1),
        (gruppe.enhet, 2),
    ]


def test_a_greeting_stands_at_home_for_the_units_people_until_one_of_them_opens_it(sted):
    nettverk, gruppe, leder = sted
    hilsen = greet(nettverk, gruppe.enhet, tekst="Si fra om noe.", by=koordinator(nettverk))
    kollega = gruppemedlem(gruppe)
    hjem = reverse("nettverk:hjem", args=[nettverk.slug])
    for person in (leder, kollega):
        assert "Si fra om noe." in som(person).get(hjem).text
    assert (
        "Si fra om noe."
        not in som(kommuneansvarlig(nettverk, gruppe.enhet.kommune_per())).get(hjem).text
    )

    svar = som(kollega).post(url("stoette_aapne", gruppe, hilsen.pk))

    assert svar.url == url("stoette_enhet", gruppe) + f"#gjort-{hilsen.pk}"
    assert f'id="gjort-{hilsen.pk}"' in som(kollega).get(svar.url).text
    for person in (leder, kollega):
        assert "Si fra om noe." not in som(person).get(hjem).text
