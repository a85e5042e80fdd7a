"""Lost keys are removed by the administrator alone, a day after everybody was told."""

import datetime
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from nettverk.models import Brev, Person, Sikkerhetshendelse, Tostegnullstilling
from nettverk.sikkerhet import nullstilling
from nettverk.skriving.konflikt import KanIkke
from tests.nettverk.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    return PersonFactory(is_superuser=True, is_staff=True, epost="admin@x.no", navn="Ada Admin")


@pytest.fixture
def kari() -> Person:
    kari = PersonFactory(epost="kari@x.no", navn="Kari Mistet")
    Authenticator.objects.create(user=kari, type="webauthn", data={})
    Authenticator.objects.create(user=kari, type="recovery_codes", data={})
    SocialAccount.objects.create(user=kari, provider="feide", uid="1")
    return kari


def _command(*ord_: str) -> str:
    ut = StringIO()
    call_command("nullstill_tosteg", *ord_, stdout=ut)
    return ut.getvalue()


def _a_day_later() -> None:
    Tostegnullstilling.objects.update(
        bestilt=timezone.now() - datetime.timedelta(hours=24, minutes=1)
    )


def _letters(emne: str) -> set[str]:
    return set(Brev.objects.filter(emne__contains=emne).values_list("epost", flat=True))


def test_it_takes_a_day_and_everybody_is_told(client: Client, admin: Person, kari: Person):
    annen = PersonFactory(is_superuser=True)
    client.force_login(kari)
    okt = client.session.session_key
    UserSession.objects.create(user=kari, session_key=okt, ip="127.0.0.1", user_agent="x")

    assert "Bestilt." in _command("kari@x.no", "--av", "admin@x.no")
    assert _letters("blir fjernet om et døgn") == {"kari@x.no", "admin@x.no", annen.epost}
    with pytest.raises(CommandError, match="Nullstillingen kan gjøres fra"):
        _command("kari@x.no", "--av", "admin@x.no")
    assert Authenticator.objects.count() == 2
    _a_day_later()
    assert "er fjernet" in _command("kari@x.no", "--av", "admin@x.no")

    assert not Authenticator.objects.exists()
    assert not SocialAccount.objects.exists()
    assert not Tostegnullstilling.objects.exists()
    assert client.get("/konto/").status_code == 302
    assert _letters("er fjernet") == {"kari@x.no", "admin@x.no", annen.epost}
    slag = list(Sikkerhetshendelse.objects.order_by("pk").values_list("slag", "person", "av"))
    assert slag[-2:] == [
        (nullstilling.BESTILT, kari.pk, admin.pk),
        (nullstilling.UTFOERT, kari.pk, admin.pk),
    ]


def test_the_key_that_was_said_to_be_lost_stops_it(admin: Person, kari: Person):
    nullstilling.order(person=kari, by=admin)

    authenticator_used.send(Authenticator, request=None, user=kari, authenticator=None)

    _a_day_later()
    with pytest.raises(KanIkke):
        nullstilling.finish(person=kari, by=admin)
    assert Authenticator.objects.count() == 2
    assert "kari@x.no" in _letters("blir ikke fjernet")


def test_each_administrator_can_stop_it(admin: Person, kari: Person):
    nullstilling.order(person=kari, by=admin)

    assert "Stoppet." in _command("kari@x.no", "--stopp")
    assert "Ingen nullstilling ventet." in _command("kari@x.no", "--stopp")
    assert Sikkerhetshendelse.objects.filter(slag=nullstilling.STOPPET).exists()


def test_ordered_twice_the_wait_is_the_same(admin: Person, kari: Person):
    foerst = nullstilling.order(person=kari, by=admin)

    assert nullstilling.order(person=kari, by=admin) == foerst
    assert Brev.objects.filter(slag=nullstilling.BREV).count() == 2


def test_only_an_administrator(kari: Person):
    PersonFactory(epost="sjef@x.no", is_staff=True)

    with pytest.raises(CommandError, match="Bare en administrator"):
        _command("kari@x.no", "--av", "sjef@x.no")
    with pytest.raises(CommandError, match="Skriv hvem du er"):
        _command("kari@x.no")
    with pytest.raises(CommandError, match="Ingen konto"):
        _command("ukjent@x.no", "--av", "sjef@x.no")


def test_nothing_to_remove_is_said(admin: Person):
    PersonFactory(epost="ny@x.no")

    with pytest.raises(CommandError, match="ingen passnøkkel eller app"):
        _command("ny@x.no", "--av", "admin@x.no")
