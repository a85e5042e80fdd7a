"""Small news: at once, in the letter of the week, or not; and the page where one chooses."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from kommuner.gyldighet import idag
from nettverk.arbeid import brev, brevvalg, faste_brev, nyheter
from nettverk.models import Brev, Brevvalg, Gruppe, Naar, Nettverk, Nyhet, Person
from tests.nettverk.factories import NettverkFactory, medlem

pytestmark = pytest.mark.django_db

MANDAG = datetime.datetime(2026, 11, 30, 8, tzinfo=ZoneInfo("Europe/Oslo"))


@pytest.fixture
def slag():
    navn = brev.brevslag("proeve.nytt", "Nytt", naar=Naar.UKE, om="Når noe er nytt")
    yield navn
    del brev._slag[navn]


@pytest.fixture
def nettverk() -> Nettverk:
    return NettverkFactory(kortnavn="Nordmøre")


def member(nettverk: Nettverk) -> Person:
    return medlem(nettverk, gruppetype=Gruppe.Type.OPPVEKSTNETTVERK)


def tell(person: Person, nettverk: Nettverk, slag: str, tekst: str = "Noe er nytt", n: int = 1):
    nyheter.tell(
        [nyheter.Nyhetslinje(person, lambda: tekst, "/nordmore/hjem/", f"{slag}:{person.pk}:{n}")],
        nettverk=nettverk,
        slag=slag,
        om=nettverk,
        by=None,
    )


def last_week() -> None:
    Nyhet.objects.update(opprettet=MANDAG - datetime.timedelta(days=3))


def test_the_week_is_one_letter_to_each_and_written_once(nettverk, slag):
    person = member(nettverk)
    tell(person, nettverk, slag, "Ett")
    tell(person, nettverk, slag, "To", 2)
    tell(person, nettverk, slag, "To", 3)
    last_week()

    skrevet = [faste_brev.send_due(MANDAG), faste_brev.send_due(MANDAG)]

    assert skrevet == [1, 0]
    ett = Brev.objects.get()
    assert ett.emne == "Nytt til deg i Nordmøre denne uka"
    assert ett.tekst.count("– To") == ett.tekst.count("– Ett") == 1
    assert reverse("nettverk:konto_epost") in ett.tekst
    assert not Nyhet.objects.exists()


def test_what_comes_this_week_waits_for_the_next(nettverk, slag):
    tell(member(nettverk), nettverk, slag)
    Nyhet.objects.update(opprettet=MANDAG)

    assert faste_brev.send_due(MANDAG + datetime.timedelta(days=2)) == 0
    assert faste_brev.send_due(MANDAG + datetime.timedelta(days=7)) == 1


@pytest.mark.parametrize("timer", [-2, 12, 24 * 5])
def test_nothing_goes_at_night_or_in_the_weekend(nettverk, slag, timer):
    tell(member(nettverk), nettverk, slag)
    last_week()

    assert faste_brev.send_due(MANDAG + datetime.timedelta(hours=timer)) == 0


def test_who_has_left_gets_none(nettverk, slag):
    person = member(nettverk)
    tell(person, nettverk, slag)
    last_week()
    person.verv.update(gyldig=(idag() - datetime.timedelta(days=9), idag()))

    assert faste_brev.send_due(MANDAG) == 0
    assert not Nyhet.objects.exists()


def test_it_is_said_in_the_language_of_the_person(nettverk, slag):
    person = member(nettverk)
    Person.objects.filter(pk=person.pk).update(spraak="en")
    person.refresh_from_db()
    tell(person, nettverk, slag)
    last_week()

    faste_brev.send_due(MANDAG)

    assert Brev.objects.get().spraak == "en"


def test_a_letter_of_a_kind_that_is_turned_off_is_not_written(nettverk, slag):
    med, uten = member(nettverk), member(nettverk)
    brevvalg.choose(uten, {slag: Naar.ALDRI})
    utkast = [
        brev.Utkast(p, "nettverk/epost/nytt.txt", f"x:{p.pk}", {"tekst": "Nytt"})
        for p in (med, uten)
    ]

    nye = brev.queue_many(utkast, nettverk=nettverk, slag=slag, om=nettverk, by=None)

    assert [ett.til for ett in nye] == [med]


def test_one_chooses_on_the_own_page(nettverk, slag):
    person = member(nettverk)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    adresse = reverse("nettverk:konto_epost")
    tell(person, nettverk, slag)
    felt = {n.replace(".", "-"): v.value for n, v in brevvalg.choices_of(person).items()}

    foer = client.get(adresse).text
    svar = client.post(adresse, felt | {"proeve-nytt": "aldri"})
    feil = client.post(adresse, felt | {"proeve-nytt": "i morgen"})

    assert "Når noe er nytt" in foer
    assert svar.status_code == 302
    assert feil.status_code == 422
    assert Brevvalg.objects.get(slag=slag).naar == Naar.ALDRI
    assert not Nyhet.objects.exists()


def test_the_choices_go_with_the_account(nettverk, slag):
    person = member(nettverk)
    brevvalg.choose(person, {slag: Naar.UKE})
    tell(person, nettverk, slag)

    brevvalg.forget_all(person)

    assert not Brevvalg.objects.exists()
    assert not Nyhet.objects.exists()
