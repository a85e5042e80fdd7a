"""To close one's own account: what goes, what stays, for whom, and twice."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore

from nettverk.innlogging import avslutning
from nettverk.models import Person
from nettverk.tilgang.roller import roller_for
from nettverk.tilgang.tillatelser import kan
from tests.nettverk.factories import NettverkFactory, PersonFactory, koordinator

pytestmark = pytest.mark.django_db


def _give_everything(person: Person) -> None:
    person.telefon, person.spraak = "99000000", "nn"
    person.save()
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    SocialAccount.objects.create(user=person, provider="feide", uid=str(person.pk))
    EmailAddress.objects.create(user=person, email=person.epost, verified=True)
    okt = SessionStore()
    okt.create()
    UserSession.objects.create(
        user=person, session_key=okt.session_key, ip="10.0.0.1", user_agent="x", data={}
    )


def _has(person: Person) -> list[int]:
    return [
        modell.objects.filter(user=person).count()
        for modell in (Authenticator, SocialAccount, EmailAddress, UserSession)
    ]


def test_what_only_served_the_person_goes_and_another_persons_stays():
    kari, ola = PersonFactory(), PersonFactory()
    for person in (kari, ola):
        _give_everything(person)

    avslutning.close(person=kari)

    assert (_has(kari), _has(ola)) == ([0, 0, 0, 0], [1, 1, 1, 1])
    kari.refresh_from_db()
    assert (kari.is_active, kari.telefon, kari.spraak) == (False, "", "")


def test_the_phone_goes_from_the_history_too_but_only_the_persons_own():
    kari, ola = PersonFactory(), PersonFactory()
    for person in (kari, ola):
        _give_everything(person)

    avslutning.close(person=kari)

    husket = Person.pgh_event_model.objects.exclude(telefon="")
    assert set(husket.values_list("pgh_obj", flat=True)) == {ola.pk}


def test_name_and_verv_stay_and_open_nothing_any_more():
    nettverk = NettverkFactory()
    kari = koordinator(nettverk)
    navn = kari.navn
    assert kan(kari, "nettverk.change_nettverk", nettverk)

    avslutning.close(person=kari)

    igjen = Person.objects.get(pk=kari.pk)
    assert (igjen.navn, igjen.verv.count()) == (navn, 1)
    assert not roller_for(igjen, nettverk).er_medlem
    assert not kan(igjen, "nettverk.change_nettverk", nettverk)


def test_closing_twice_changes_nothing_more():
    kari = PersonFactory()
    _give_everything(kari)
    avslutning.close(person=kari)
    historie = Person.pgh_event_model.objects.filter(pgh_obj=kari).count()

    avslutning.close(person=kari)

    assert Person.pgh_event_model.objects.filter(pgh_obj=kari).count() == historie
    assert _has(kari) == [0, 0, 0, 0]
