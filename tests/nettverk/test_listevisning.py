"""A list as somebody likes to see it: kept under a name, opened again, thrown away, and nobody else's."""

import json
import uuid
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.urls import reverse

from nettverk import listevisninger
from nettverk.arbeid.gjelder import gjelder
from nettverk.flater import listene
from nettverk.innlogging import opplysninger
from nettverk.models import Brev, Listevisning, Nettverk, Person
from nettverk.portal import NettverkPortal
from nettverk.side.liste import Liste, read_liste
from nettverk.tilgang.roller import roller_for
from rolu.models import Samling
from tests.fremtidsbilder.tankesmiefabrikk import BidragFactory
from tests.nettverk.factories import NettverkFactory, PersonFactory, kog, koordinator
from tests.rolu.factories import (
    DeltakelseFactory,
    MellomarbeidFactory,
    OppdragFactory,
    SamlingFactory,
)
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db

LISTE = "rolu.deltakere"


@pytest.fixture
def nettverk() -> Nettverk:
    return NettverkFactory(slug="her")


@pytest.fixture
def person(nettverk: Nettverk) -> Person:
    return kog(nettverk)


def _keep(by: Person, nettverk: Nettverk, navn: str = "Mine", sporring: str = "", liste=LISTE):
    return listevisninger.keep(by=by, nettverk=nettverk, liste=liste, navn=navn, sporring=sporring)


def _som(person: Person) -> Client:
    klient = Client()
    klient.force_login(person)
    return klient


def _post(klient: Client, nettverk: Nettverk, **data: str):
    adresse = reverse("nettverk:visning_behold", args=[nettverk.slug])
    return klient.post(adresse, {"liste": LISTE, "navn": "Mine", **data})


def _slett(klient: Client, nettverk: Nettverk, pk: int, **data: str):
    return klient.post(reverse("nettverk:visning_glem", args=[nettverk.slug, pk]), data)


def _said(svar) -> list[str]:
    return [str(melding) for melding in get_messages(svar.wsgi_request)]


def _sending(nettverk: Nettverk, om: Samling) -> str:
    brev = Brev.objects.create(
        nettverk=nettverk,
        epost="a@demo.example",
        slag="rolu.invitasjon",
        gjelder=gjelder(om),
        sending=uuid.uuid4(),
        spraak="nb",
        melding_id="<en@demo.example>",
        noekkel="en",
    )
    return str(brev.sending)


def _liste(person: Person, nettverk: Nettverk, adresse: str = "/", **valg) -> Liste:
    request: Any = RequestFactory().get(adresse)
    request.roller = roller_for(person, nettverk)
    return read_liste(request, LISTE, [], **valg)


# --- keep


def test_what_is_kept_is_there_under_its_name_the_next_time(nettverk: Nettverk, person: Person):
    svar = _post(
        _som(person),
        nettverk,
        navn="De som mangler",
        sporring="status=invitert&kommune=3",
        tilbake="/her/samlinger/?status=invitert",
    )

    assert svar.url == "/her/samlinger/?status=invitert"
    assert _said(svar) == ["Visningen «De som mangler» er lagret."]
    [visning] = _liste(person, nettverk).visninger
    assert (visning.navn, visning.url) == ("De som mangler", "?status=invitert&kommune=3")
    assert not visning.valgt
    [visning] = _liste(person, nettverk, "/?status=invitert&kommune=3&side=2").visninger
    assert visning.valgt


def test_a_view_opens_in_the_list_one_is_in(nettverk: Nettverk, person: Person):
    """The view of one gathering's list is the next gathering's too; what says which is no choice."""
    _keep(person, nettverk, sporring="status=invitert")

    [visning] = _liste(person, nettverk, "/?oppdrag=7", beholdes=["oppdrag"]).visninger

    assert visning.url == "?oppdrag=7&status=invitert"


def test_the_same_name_once_more_replaces_what_it_held(nettverk: Nettverk, person: Person):
    foer = _keep(person, nettverk, "Mine", "status=invitert")
    etter = _keep(person, nettverk, "Mine", "status=avmeldt")

    assert etter.pk == foer.pk
    assert Listevisning.objects.get().sporring == "status=avmeldt"


def test_the_same_name_is_another_view_of_another_list_network_and_person(
    nettverk: Nettverk, person: Person
):
    annet = NettverkFactory()
    for by, i, liste in (
        (person, nettverk, LISTE),
        (person, nettverk, "nettverk.grupper"),
        (person, annet, LISTE),
        (kog(nettverk), nettverk, LISTE),
    ):
        _keep(by, i, "Mine", f"q={by.pk}", liste)

    assert Listevisning.objects.count() == 4
    [visning] = _liste(person, nettverk).visninger
    assert visning.url == f"?q={person.pk}"


def test_the_page_one_was_on_is_left_out(nettverk: Nettverk, person: Person):
    visning = _keep(person, nettverk, sporring="side=4&status=invitert&q=%C3%A5lesund")

    assert QueryDict(visning.sporring).dict() == {"status": "invitert", "q": "ålesund"}


@pytest.mark.parametrize("sporring", ["q=" + "ø" * 400, "q=" + "a" * 600, "a&" * 1500])
def test_more_choices_than_a_view_can_hold_are_refused_with_words(
    nettverk: Nettverk, person: Person, sporring: str
):
    svar = _post(_som(person), nettverk, sporring=sporring)

    assert svar.status_code == 302
    assert _said(svar) == ["Det er for mange valg til å lagre dem i én visning."]
    assert not Listevisning.objects.exists()


@pytest.mark.parametrize("liste", ["nettverk.finnesikke", "rolu.Deltakere", ""])
def test_views_are_kept_of_the_portals_lists_only(nettverk: Nettverk, person: Person, liste: str):
    svar = _post(_som(person), nettverk, liste=liste, sporring="status=invitert")

    assert svar.status_code == 302
    assert len(_said(svar)) == 1
    assert not Listevisning.objects.exists()


def test_a_view_of_every_list_page_can_be_kept(nettverk: Nettverk):
    klient = _som(koordinator(nettverk))
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    DeltakelseFactory(samling=samling)
    MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=nettverk))
    sider = [
        ("nettverk:kommune_list", []),
        ("nettverk:gruppe_list", []),
        ("nettverk:folk", []),
        ("nettverk:utboks", []),
        ("nettverk:utboks_sending", [_sending(nettverk, samling)]),
        ("rolu:samling_deltakere", [samling.pk]),
        ("rolu:oppfolging_list", []),
        ("rolu:mellomarbeid_list", []),
        ("rolu:mellomarbeid_mangler", []),
        ("rolu:matrise", []),
        ("rolu:stoette_list", []),
        (
            "fremtidsbilder:stemmer",
            [BidragFactory(sporsmaal__tankesmie__nettverk=nettverk).sporsmaal.tankesmie.pk],
        ),
    ]
    funnet = set()
    for side, args in sider:
        liste = klient.get(reverse(side, args=[nettverk.slug, *args])).context["liste"]
        _post(klient, nettverk, liste=liste.navn, sporring="q=aure")
        funnet.add(liste.navn)

    assert set(Listevisning.objects.values_list("liste", flat=True)) == funnet
    # No name is declared that no page has.
    assert funnet == {navn for navn, _ord in listene()}


def test_a_view_without_a_name_is_not_kept_and_the_person_is_told(
    nettverk: Nettverk, person: Person
):
    svar = _post(_som(person), nettverk, navn=" ", sporring="status=invitert")

    assert svar.status_code == 302
    assert len(_said(svar)) == 1
    assert not Listevisning.objects.exists()


# --- as many as a menu can hold


def test_the_thirteenth_is_refused_and_a_known_name_still_replaces(
    nettverk: Nettverk, person: Person
):
    for nr in range(listevisninger.MANGE):
        _keep(person, nettverk, f"Visning {nr}")
    svar = _post(_som(person), nettverk, navn="En til")

    assert _said(svar) == ["Du har 12 visninger av denne lista. Fjern en visning først."]
    assert Listevisning.objects.count() == 12
    _keep(person, nettverk, "Visning 3", "status=invitert")
    assert Listevisning.objects.get(navn="Visning 3").sporring == "status=invitert"
    # Another list has room of its own.
    _keep(person, nettverk, "En til", liste="nettverk.grupper")


@pytest.mark.django_db(transaction=True)
def test_the_thirteenth_is_refused_also_when_two_come_at_once():
    nettverk = NettverkFactory()
    person = PersonFactory()
    for nr in range(listevisninger.MANGE - 1):
        _keep(person, nettverk, f"Visning {nr}")

    svar = at_once(
        lambda: _keep(person, nettverk, "Den ene"),
        lambda: _keep(person, nettverk, "Den andre"),
        holding=person,
    )

    assert kinds(svar) == ["KanIkke", "ok"]
    assert Listevisning.objects.filter(person=person).count() == listevisninger.MANGE


@pytest.mark.django_db(transaction=True)
def test_the_same_name_from_two_tabs_at_once_is_one_view():
    nettverk = NettverkFactory()
    person = PersonFactory()

    svar = at_once(
        lambda: _keep(person, nettverk, "Mine", "q=en"),
        lambda: _keep(person, nettverk, "Mine", "q=to"),
        holding=person,
    )

    assert kinds(svar) == ["ok", "ok"]
    assert Listevisning.objects.count() == 1


# --- throw away, and whose it is


def test_ones_own_view_can_be_thrown_away(nettverk: Nettverk, person: Person):
    visning = _keep(person, nettverk, "Mine")
    annen = _keep(person, nettverk, "En annen")

    svar = _slett(_som(person), nettverk, visning.pk, tilbake="/her/samlinger/")

    assert svar.url == "/her/samlinger/"
    assert _said(svar) == ["Visningen «Mine» er fjernet."]
    assert list(Listevisning.objects.all()) == [annen]


def test_another_persons_view_does_not_exist_not_even_to_the_koordinator(
    nettverk: Nettverk, person: Person
):
    visning = _keep(person, nettverk)

    for annen in (koordinator(nettverk), kog(nettverk)):
        assert _slett(_som(annen), nettverk, visning.pk).status_code == 404
        assert _liste(annen, nettverk).visninger == []
    assert Listevisning.objects.filter(pk=visning.pk).exists()


def test_ones_view_in_another_network_is_not_in_this_one(nettverk: Nettverk, person: Person):
    annet = NettverkFactory()
    visning = _keep(person, annet)

    assert _slett(_som(person), nettverk, visning.pk).status_code == 404
    assert Listevisning.objects.filter(pk=visning.pk).exists()


def test_neither_is_done_by_a_link(nettverk: Nettverk, person: Person):
    visning = _keep(person, nettverk)
    klient = _som(person)

    for navn, args in (("visning_behold", []), ("visning_glem", [visning.pk])):
        svar = klient.get(reverse(f"nettverk:{navn}", args=[nettverk.slug, *args]))
        assert svar.status_code == 405
    assert Listevisning.objects.count() == 1


# --- the way back


@pytest.mark.parametrize(
    "tilbake",
    [
        "https://ond.example/",
        "//ond.example/",
        "/\\ond.example/",
        "javascript:alert(1)",
        "/her/\r\nSet-Cookie: a=b",
        "",
    ],
)
def test_the_way_back_never_leaves_the_portal(nettverk: Nettverk, person: Person, tilbake: str):
    klient = _som(person)
    svar = _post(klient, nettverk, tilbake=tilbake)
    assert svar.url == "/her/hjem/"

    svar = _slett(klient, nettverk, Listevisning.objects.get().pk, tilbake=tilbake)
    assert svar.url == "/her/hjem/"


# --- the person's own


def test_mine_opplysninger_tells_of_the_persons_views_and_of_nobody_elses(nettverk: Nettverk):
    person, annen = kog(nettverk), kog(nettverk)
    _keep(person, nettverk, "Karis visning", "status=invitert")
    _keep(annen, nettverk, "Olas visning")

    tekst = json.dumps(
        [b.rader for b in opplysninger.gather(person)], default=str, ensure_ascii=False
    )

    assert "Karis visning" in tekst
    assert "status=invitert" in tekst
    assert "Deltakere på samlingen" in tekst
    assert LISTE not in tekst
    assert "Olas visning" not in tekst


def test_the_views_go_with_the_account(nettverk: Nettverk):
    person, annen = kog(nettverk), kog(nettverk)
    _keep(person, nettverk)
    bli = _keep(annen, nettverk)

    NettverkPortal().lukk_konto(person)

    assert list(Listevisning.objects.all()) == [bli]
