"""Nobody learns from the portal whose an address is: what was typed stands until that person has answered.

Each question is asked twice, of an address that nobody has and of one whose account belongs to another
network, and the answers are compared.
"""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kommuner.gyldighet import idag, periode
from nettverk import verv as vervene
from nettverk.arbeid.brev import Utkast, queue_many
from nettverk.innlogging import avslutning
from nettverk.models import (
    Brev,
    Gruppe,
    Mottakere,
    Person,
    Rolle,
    Sikkerhetshendelse,
    Ubesvart,
    Verv,
)
from nettverk.tilgang.roller import roller_for
from rolu.samlinger import deltakerliste, skrankerull
from tests.nettverk.factories import (
    GruppeFactory,
    PersonFactory,
    VervFactory,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import DeltakelseFactory, SamlingFactory
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db

EKTE, OPPGITT = "Hemmelig Ekteperson", "Skrevet Navnesen"
ADRESSE = "noen@annetsted.example"


@pytest.fixture
def gruppe() -> Gruppe:
    return nettverk_med_enhet()[1]


@pytest.fixture
def leder(gruppe: Gruppe) -> Person:
    return VervFactory(gruppe=gruppe, rolle=Rolle.FORMELL_LEDER).person


@pytest.fixture
def fremmed() -> Person:
    """Somebody of another network, with a phone and a language of their own."""
    person = PersonFactory(epost=ADRESSE, navn=EKTE, telefon="99887766", spraak="en")
    VervFactory(person=person)
    return person


def _skjema(**felt: object) -> dict[str, object]:
    return {
        "navn": OPPGITT,
        "epost": ADRESSE,
        "rolle": "medlem",
        "fra": idag().isoformat(),
        **felt,
    }


def _ny(klient: Client, gruppe: Gruppe, **felt: object):
    url = reverse("nettverk:verv_ny", args=[gruppe.nettverk.slug, gruppe.pk])
    return klient.post(url, _skjema(**felt), follow=True)


def _utseende(svar) -> str:
    """The page without what is new in every answer: tokens and the numbers of rows."""
    tekst = svar.content.decode()
    tekst = re.sub(r'(name="csrfmiddlewaretoken" value|nonce|content)="[^"]*"', "", tekst)
    tekst = re.sub(r'"X-CSRFToken": "[^"]*"', "", tekst)
    return re.sub(r"\d+", "#", tekst)


def _everywhere(leder: Person, gruppe: Gruppe) -> dict[str, str]:
    """What a leader sees after having added the address, in every place that may tell."""
    klient = Client()
    klient.force_login(leder)
    slug = gruppe.nettverk.slug
    sider = {
        "ny": _utseende(_ny(klient, gruppe)),
        "samme igjen": _utseende(_ny(klient, gruppe, navn="Et Helt Annet")),
        "ny rolle": _utseende(_ny(klient, gruppe, rolle="observator", navn="Et Tredje")),
    }
    for navn, url in {
        "gruppe": reverse("nettverk:gruppe", args=[slug, gruppe.pk]),
        "enhet": reverse("nettverk:enhet", args=[slug, gruppe.enhet.referanse]),
        "søk på det ekte": reverse("nettverk:sok", args=[slug]) + "?q=Ekteperson",
        "søk på det oppgitte": reverse("nettverk:sok", args=[slug]) + "?q=Navnesen",
        "avslutt": reverse(
            "nettverk:verv_avslutt",
            args=[slug, gruppe.pk, Verv.objects.filter(gruppe=gruppe).latest("pk").pk],
        ),
    }.items():
        sider[navn] = _utseende(klient.get(url))
    return sider


def test_nothing_that_is_shown_tells_whether_an_address_is_known(gruppe, leder, request):
    ukjent = _everywhere(leder, gruppe)
    assert Person.objects.get(epost=ADRESSE).navn == OPPGITT
    Verv.objects.filter(gruppe=gruppe).exclude(person=leder).delete()
    Ubesvart.objects.all().delete()
    Person.objects.filter(epost=ADRESSE).delete()

    request.getfixturevalue("fremmed")
    kjent = _everywhere(leder, gruppe)

    for sted, side in kjent.items():
        assert EKTE not in side, sted
        assert "99887766" not in side, sted
        assert side == ukjent[sted], sted
    assert OPPGITT in kjent["gruppe"]
    assert "venter på svar" in kjent["gruppe"]
    assert "er skrevet opp som" in kjent["ny"]
    assert "i gruppa." not in kjent["ny"]
    assert OPPGITT in kjent["søk på det oppgitte"]


def test_lists_letters_and_the_desk_hold_what_was_typed(gruppe, leder, fremmed):
    verv = vervene.appoint(gruppe=gruppe, by=leder, **_utnevning())
    nettverk = gruppe.nettverk
    samling = SamlingFactory(nettverk=nettverk)
    DeltakelseFactory(samling=samling, verv=verv)

    (rad,) = deltakerliste.rows(samling.deltakelser.all())
    assert (rad.navn, rad.epost) == (OPPGITT, ADRESSE)
    assert [t.navn for t in skrankerull.search(samling, "Skrevet")] == [OPPGITT]
    assert not skrankerull.search(samling, "Hemmelig")
    (brev,) = queue_many(
        [Utkast(verv.person, "rolu/epost/avlysning.txt", "n", {"samling": samling})],
        nettverk=nettverk,
        slag="rolu.avlysning",
        om=samling,
        by=leder,
    )
    assert (brev.epost, brev.spraak) == (ADRESSE, "nb")
    assert "Hei, Skrevet!" in brev.tekst
    assert "Hemmelig" not in brev.tekst
    assert str(brev.til) == OPPGITT


def _utnevning(**felt: object) -> dict[str, object]:
    standard = {"navn": OPPGITT, "epost": ADRESSE, "rolle": "medlem", "gyldig": periode(idag())}
    return {**standard, **felt}


def test_as_many_questions_are_asked_of_the_database_either_way(gruppe, leder, request):
    """So the time it takes tells nothing either, but for the letter to the one who is asked."""

    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as spurt:
            vervene.appoint(gruppe=gruppe, by=leder, **_utnevning())
        return [
            re.sub(r"\s.*", "", q["sql"], flags=re.DOTALL)
            for q in spurt
            if "nettverk_brev" not in q["sql"] and "nettverk_teller" not in q["sql"]
        ]

    ukjent = asked()
    Verv.objects.filter(gruppe=gruppe).exclude(person=leder).delete()
    Person.objects.filter(epost=ADRESSE).delete()
    request.getfixturevalue("fremmed")

    assert [q for q in asked() if q not in {"SAVEPOINT", "RELEASE"}] == [
        q for q in ukjent if q not in {"SAVEPOINT", "RELEASE"}
    ]


def test_a_member_of_the_network_is_known_by_the_name_they_have(gruppe, leder, client):
    kollega = VervFactory(gruppe__nettverk=gruppe.nettverk, person__navn=EKTE).person
    client.force_login(leder)

    svar = _ny(client, gruppe, epost=kollega.epost)

    assert EKTE in svar.content.decode()
    assert kollega.verv.filter(gruppe=gruppe).exists()
    assert not Ubesvart.objects.exists()


def test_two_leaders_of_the_network_mean_the_same_by_an_address(gruppe, leder, fremmed):
    en = vervene.appoint(gruppe=gruppe, by=leder, **_utnevning())
    annen = GruppeFactory(nettverk=gruppe.nettverk)
    to = vervene.appoint(gruppe=annen, by=koordinator(gruppe.nettverk), **_utnevning(navn="X"))

    assert en.person == to.person != fremmed
    assert to.person.navn == OPPGITT


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kjent", [True, False])
def test_many_who_write_the_same_address_at_once_write_one_person(gruppe, leder, kjent: bool):
    if kjent:
        VervFactory(person=PersonFactory(epost=ADRESSE))
    grupper = [GruppeFactory(nettverk=gruppe.nettverk) for _n in range(12)]

    svar = at_once(
        *[lambda g=g: vervene.appoint(gruppe=g, by=leder, **_utnevning()) for g in grupper]
    )

    assert kinds(svar) == ["ok"] * 12
    assert len({verv.person for verv in svar}) == 1
    assert Ubesvart.objects.count() == 1


# --- the answer


@pytest.fixture
def venter(gruppe, leder, fremmed) -> Ubesvart:
    vervene.appoint(gruppe=gruppe, by=leder, **_utnevning(rolle=Rolle.TILLITSVALGT))
    return Ubesvart.objects.get(konto=fremmed)


def test_the_person_is_asked_by_letter_and_at_sign_in_and_nobody_else_sees_it(
    venter, fremmed, leder, gruppe, client: Client
):
    brev = Brev.objects.get(slag=vervene.LAGT_TIL)
    assert (brev.epost, brev.nettverk) == (ADRESSE, None)
    assert reverse("nettverk:konto_svar") in brev.tekst
    assert brev.spraak == "en"
    assert not roller_for(fremmed, gruppe.nettverk).er_medlem
    client.force_login(fremmed)

    svar = client.get(reverse("nettverk:etter_innlogging"))
    side = client.get(svar.url).content.decode()

    assert svar.url == reverse("nettverk:konto_svar")
    assert gruppe.nettverk.navn in side
    assert leder.navn in side
    assert OPPGITT in side
    assert (
        gruppe.nettverk.navn in client.get(reverse("nettverk:mine_opplysninger")).content.decode()
    )
    senere = client.get(reverse("nettverk:etter_innlogging") + "?senere")
    assert senere.url.endswith("/hjem/")
    assert reverse("nettverk:konto_svar") in client.get(reverse("nettverk:konto")).content.decode()


def test_yes_gives_access_and_the_persons_own_name(venter, fremmed, gruppe, client: Client):
    stedfortreder = venter.person
    samling = SamlingFactory(nettverk=gruppe.nettverk)
    deltakelse = DeltakelseFactory(samling=samling, verv=stedfortreder.verv.get())
    client.force_login(fremmed)

    client.post(reverse("nettverk:konto_svar"), {"ubesvart": venter.pk, "svar": "ja"})

    verv = Verv.objects.get(gruppe=gruppe, rolle=Rolle.TILLITSVALGT)
    assert verv.person == fremmed
    deltakelse.refresh_from_db()
    assert deltakelse.verv.person == fremmed
    assert not Person.objects.filter(pk=stedfortreder.pk).exists()
    fersk = Person.objects.get(pk=fremmed.pk)
    assert roller_for(fersk, gruppe.nettverk).er_medlem
    assert Sikkerhetshendelse.objects.filter(slag=vervene.SVARTE_JA, person=fremmed).exists()
    # After that the network knows the address.
    assert vervene.known_in(gruppe.nettverk, ADRESSE) == fremmed


def test_no_ends_it_and_the_network_still_knows_nobody(venter, fremmed, gruppe, client: Client):
    client.force_login(fremmed)

    client.post(reverse("nettverk:konto_svar"), {"ubesvart": venter.pk, "svar": "nei"})

    assert not Verv.objects.gyldig().filter(gruppe=gruppe, rolle=Rolle.TILLITSVALGT).exists()
    venter.person.refresh_from_db()
    assert (venter.person.navn, venter.person.is_active) == (OPPGITT, False)
    assert ADRESSE not in venter.person.postadresse
    assert fremmed.verv.count() == 1


def test_a_person_who_said_no_is_not_asked_by_letter_again_and_again(venter, leder, gruppe):
    for _n in range(3):
        vervene.decline(Ubesvart.objects.get())
        vervene.appoint(gruppe=gruppe, by=leder, **_utnevning())

    assert Brev.objects.filter(slag=vervene.LAGT_TIL).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_answers_at_once_one_holds_and_the_others_are_told(venter):
    svar = at_once(
        *[lambda ja=n % 2: (vervene.accept if ja else vervene.decline)(venter) for n in range(8)]
    )

    assert kinds(svar) == ["KanIkke"] * 7 + ["ok"]
    assert not Ubesvart.objects.exists()


def test_nobody_answers_for_another(venter, leder, client: Client):
    client.force_login(leder)

    client.post(reverse("nettverk:konto_svar"), {"ubesvart": venter.pk, "svar": "ja"})

    assert Ubesvart.objects.filter(pk=venter.pk).exists()


def test_what_the_person_had_already_stays_and_the_rest_is_given(venter, fremmed, gruppe):
    """The administrator gave the same role meanwhile."""
    VervFactory(person=fremmed, gruppe=gruppe, rolle=Rolle.TILLITSVALGT)
    observator = VervFactory(person=venter.person, gruppe=gruppe, rolle=Rolle.OBSERVATOR)

    vervene.accept(venter)

    observator.refresh_from_db()
    assert observator.person == fremmed
    gyldige = Verv.objects.gyldig().filter(gruppe=gruppe, rolle=Rolle.TILLITSVALGT)
    assert [v.person for v in gyldige] == [fremmed]


def test_an_audience_that_named_the_stand_in_means_the_person_once(venter, fremmed, gruppe):
    annen, stedfortreder = PersonFactory(), venter.person
    felt = {"nettverk": gruppe.nettverk, "enheter": True}
    valgt = Mottakere.objects.create(**felt, personer=[stedfortreder.pk, annen.pk])
    begge = Mottakere.objects.create(
        **felt,
        personer=[fremmed.pk, stedfortreder.pk],
        uten_personer=[annen.pk, stedfortreder.pk],
    )

    vervene.accept(venter)

    valgt.refresh_from_db()
    begge.refresh_from_db()
    assert valgt.personer == [fremmed.pk, annen.pk]
    assert begge.personer == [fremmed.pk]
    assert begge.uten_personer == [annen.pk, fremmed.pk]


def test_a_new_account_has_answered_by_signing_in(gruppe, leder, client: Client):
    verv = vervene.appoint(gruppe=gruppe, by=leder, **_utnevning())
    assert not Brev.objects.exists()
    assert Ubesvart.objects.filter(person=verv.person, konto=None).exists()

    client.force_login(verv.person)

    assert not Ubesvart.objects.exists()
    assert client.get(reverse("nettverk:hjem", args=[gruppe.nettverk.slug])).status_code == 200


def test_a_closed_account_answers_no(venter, fremmed, gruppe):
    avslutning.close(person=fremmed)

    assert not Ubesvart.objects.exists()
    assert not Verv.objects.gyldig().filter(gruppe=gruppe, rolle=Rolle.TILLITSVALGT).exists()


def test_a_stand_in_signs_in_nowhere(venter, client: Client):
    assert venter.person.epost.endswith(".invalid")
    svar = client.post(reverse("account_login"), {"login": ADRESSE})
    assert svar.status_code == 302
    assert not Brev.objects.filter(til=venter.person).exists()


# --- how often


def test_lookups_are_limited_and_said_once_to_the_administrator(gruppe, leder, client: Client):
    client.force_login(leder)
    grense = vervene._GRENSER[0].antall
    for n in range(grense):
        assert _ny(client, gruppe, epost=f"noen{n}@gjett.example").redirect_chain

    for n in range(3):
        svar = _ny(client, gruppe, epost=f"flere{n}@gjett.example")
        assert svar.status_code == 422
        assert "Vent en time" in svar.content.decode()

    assert not Person.objects.filter(epost__startswith="flere").exists()
    assert Sikkerhetshendelse.objects.filter(slag=vervene.OPPSLAG_FULLT, person=leder).count() == 1


def test_an_error_is_counted_too_and_tells_the_typed_name_alone(gruppe, leder, fremmed, client):
    client.force_login(leder)
    _ny(client, gruppe)

    svar = _ny(client, gruppe, navn="Gjettet Navn")

    assert svar.status_code == 422
    assert "Gjettet Navn har allerede denne rollen" in svar.content.decode()


def test_a_coordinator_registers_six_hundred_in_a_day(gruppe):
    sjef = koordinator(gruppe.nettverk)
    time, dag = vervene._GRENSER_KOORDINATOR

    assert time.antall >= 300
    assert dag.antall >= 1000
    for _n in range(time.antall):
        vervene.count_lookup(by=sjef, nettverk=gruppe.nettverk, er_koordinator=True)
