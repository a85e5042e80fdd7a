"""Who sees whose e-mail address and phone: those who need them (docs/tilgang.md), on every page that has any."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nettverk.arbeid.gjelder import gjelder
from nettverk.models import Brev, Gruppe, Person, Rolle
from nettverk.side.skrivemaate import telefon
from nettverk.templatetags.portal import brytbar
from rolu.models import Deltakelse
from tests.nettverk.factories import GruppeFactory, VervFactory
from tests.tilgang.verden import Verden, lag_verden

pytestmark = pytest.mark.django_db

ALLE = {
    "medlem",
    "gruppemedlem",
    "enhetsleder",
    "kommune",
    "fagansvarlig",
    "pro",
    "eva",
    "stg",
    "kog",
    "koordinator",
    "forsker",
}
TRENGER = {"koordinator", "kog", "kommune", "pro"}


@pytest.fixture
def verden() -> Verden:
    return lag_verden()


def _who_sees(verden: Verden, tekst: str, url: str) -> set[str]:
    ser = set()
    for navn in ALLE:
        klient = Client()
        klient.force_login(verden.folk[navn])
        svar = klient.get(url)
        if svar.status_code == 200 and tekst in svar.content.decode():
            ser.add(navn)
    return ser


def _with_phone(person: Person) -> Person:
    person.telefon = "99887766"
    person.save()
    return person


def _gruppe(verden: Verden, gruppe: Gruppe) -> str:
    return reverse("nettverk:gruppe", args=[verden.a.nettverk.slug, gruppe.pk])


@pytest.mark.parametrize(
    ("sted", "ser"),
    [
        ("own", TRENGER | {"gruppemedlem", "enhetsleder"}),
        # The same kommune.
        ("other_unit", TRENGER | {"gruppemedlem", "enhetsleder"}),
        ("other_kommune", TRENGER),
    ],
)
def test_the_addresses_of_a_units_group(verden: Verden, sted: str, ser: set[str]):
    person = _with_phone(verden.steder[sted].verv.person)
    url = _gruppe(verden, verden.steder[sted].gruppe)

    assert _who_sees(verden, person.epost, url) == ser
    assert _who_sees(verden, person.navn, url) == ALLE
    assert _who_sees(verden, telefon(person.telefon), url) == {"koordinator", "kog", "kommune"}


def test_the_addresses_of_a_network_group(verden: Verden):
    """Its members see each other's; others those who represent their own kommune, and nobody else's."""
    gruppe = GruppeFactory(nettverk=verden.a.nettverk, type=Gruppe.Type.ANNEN)
    VervFactory(gruppe=gruppe, person=verden.folk["stg"])
    # To sit there as følgeforsker is not to be one of them.
    VervFactory(gruppe=gruppe, person=verden.folk["forsker"], rolle=Rolle.FOLGEFORSKER)
    min_kommune = verden.steder["own"].kommune
    naer = VervFactory(gruppe=gruppe, representerer=min_kommune).person
    fjern = VervFactory(gruppe=gruppe, representerer=verden.steder["other_kommune"].kommune).person
    url = _gruppe(verden, gruppe)

    assert _who_sees(verden, naer.epost, url) == TRENGER | {"stg", "gruppemedlem", "enhetsleder"}
    assert _who_sees(verden, fjern.epost, url) == TRENGER | {"stg"}


def test_one_sees_ones_own(verden: Verden):
    forsker = verden.folk["forsker"]
    gruppe = forsker.verv.get().gruppe

    assert _who_sees(verden, forsker.epost, _gruppe(verden, gruppe)) == TRENGER | {"forsker"}


def test_the_outbox_shows_who_sent_a_letter_the_names_alone(verden: Verden):
    """The fagansvarlig gave an assignment: whom it went to, and how, but not the leaders' addresses."""
    mottaker = verden.steder["other_kommune"].verv.person
    brev = Brev.objects.create(
        nettverk=verden.a.nettverk,
        til=mottaker,
        epost=mottaker.epost,
        slag="rolu.oppdrag",
        gjelder=gjelder(verden.a.oppdrag),
        sending=uuid.uuid4(),
        spraak="nb",
        melding_id="<x@demo.example>",
        noekkel="x",
        tilstand=Brev.Tilstand.AVVIST,
        grunn=Brev.Grunn.ADRESSE,
        svar=f"550 {mottaker.epost} unknown",
        bestilt_av=verden.folk["fagansvarlig"],
    )
    slug = verden.a.nettverk.slug

    for url in (
        reverse("nettverk:utboks_brev", args=[slug, brev.pk]),
        reverse("nettverk:utboks_sending", args=[slug, brev.sending]),
    ):
        assert _who_sees(verden, mottaker.navn, url) == {"kog", "koordinator", "fagansvarlig"}
        assert _who_sees(verden, brytbar(mottaker.epost), url) == {"kog", "koordinator"}
        assert _who_sees(verden, mottaker.epost.partition("@")[0], url) <= {"kog", "koordinator"}


def test_no_other_page_shows_any_address(verden: Verden):
    """Whatever page a member opens: nobody else's address is on it, but on the groups' own."""
    sted, slug = verden.steder["own"], verden.a.nettverk.slug
    Deltakelse.objects.filter(samling=verden.a.samling).update(moett=timezone.now())
    egne = verden.folk["koordinator"].epost
    klient = Client()
    klient.force_login(verden.folk["koordinator"])
    adresser = Person.objects.exclude(epost=egne).values_list("epost", flat=True)
    for url in (
        reverse("nettverk:enhet", args=[slug, sted.enhet.referanse]),
        reverse("nettverk:kommune", args=[slug, sted.kommune.kommunenummer]),
        reverse("nettverk:gruppe_list", args=[slug]),
        reverse("nettverk:hjem", args=[slug]),
        reverse("nettverk:sok", args=[slug]) + "?q=person",
        reverse("rolu:samling", args=[slug, verden.a.samling.pk]),
        reverse("rolu:samling_deltakere", args=[slug, verden.a.samling.pk]),
        reverse("rolu:innsjekk", args=[slug, verden.a.samling.pk]) + "?q=person",
        reverse("rolu:mellomarbeid_mangler", args=[slug]),
    ):
        svar = klient.get(url)
        assert svar.status_code == 200
        assert not [a for a in adresser if a in svar.content.decode()], url


def test_the_page_of_a_group_costs_the_same_with_one_and_with_many(verden: Verden):
    klient = Client()
    klient.force_login(verden.folk["gruppemedlem"])
    gruppe = verden.steder["other_unit"].gruppe
    url = _gruppe(verden, gruppe)
    klient.get(url)
    antall = []
    for _n in range(2):
        with CaptureQueriesContext(connection) as spurt:
            klient.get(url)
        antall.append(len(spurt))
        for _m in range(3):
            VervFactory(gruppe=gruppe)

    assert antall[0] == antall[1]
