"""Limits that hold when forty come at once, the cut address, and the log that forgets in time."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from nettverk.models import Sikkerhetshendelse, Teller
from nettverk.rydding import rydd
from nettverk.sikkerhet import grenser, logg
from nettverk.sikkerhet.adresse import client_ip, prefix
from nettverk.sikkerhet.grenser import Grense
from tests.nettverk.factories import PersonFactory

TRE_I_TIMEN = Grense("test.tre", 3, datetime.timedelta(hours=1))
SLAG = logg.hendelsesslag("test.hendelse", "En hendelse")


def _take_and_close(_nummer: int) -> bool:
    try:
        return grenser.take(TRE_I_TIMEN, "person", 7)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_of_forty_at_once_three_come_through():
    with ThreadPoolExecutor(20) as traader:
        svar = list(traader.map(_take_and_close, range(40)))

    assert svar.count(True) == 3
    assert Teller.objects.get().antall == 40


@pytest.mark.django_db
def test_each_key_and_each_limit_is_counted_alone():
    annen = Grense("test.annen", 1, datetime.timedelta(hours=1))

    assert all(grenser.take(TRE_I_TIMEN, "a", "b") for _ in range(3))
    assert not grenser.take(TRE_I_TIMEN, "a", "b")
    assert grenser.take(TRE_I_TIMEN, "a", "c")
    assert grenser.take(annen, "a", "b")
    assert grenser.is_full(TRE_I_TIMEN, "a", "b")
    assert not grenser.is_full(TRE_I_TIMEN, "a", "c")


@pytest.mark.django_db
def test_what_is_given_back_does_not_count():
    for _ in range(9):
        assert grenser.take(TRE_I_TIMEN, 1)
        grenser.give_back(TRE_I_TIMEN, 1)


@pytest.mark.django_db
def test_a_new_window_begins_when_the_old_is_over():
    for _ in range(4):
        grenser.take(TRE_I_TIMEN, 1)
    Teller.objects.update(til=timezone.now() - datetime.timedelta(seconds=1))

    assert not grenser.is_full(TRE_I_TIMEN, 1)
    assert grenser.take(TRE_I_TIMEN, 1)
    assert Teller.objects.get().antall == 1


@pytest.mark.parametrize(
    ("ip", "nett"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("", ""),
    ],
)
def test_only_the_network_of_an_address_is_kept(ip: str, nett: str):
    assert prefix(ip) == nett


@pytest.mark.parametrize(
    ("fra", "ip"),
    [
        ("203.0.113.77", "203.0.113.77"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.77", "203.0.113.77"),
        ("tull", ""),
    ],
)
def test_where_a_request_comes_from(fra: str, ip: str):
    assert client_ip(RequestFactory().get("/", REMOTE_ADDR=fra)) == ip


@pytest.mark.django_db
def test_a_happening_is_kept_ninety_days_and_never_with_a_whole_address(caplog):
    person, koordinator = PersonFactory(), PersonFactory()
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.77")
    with caplog.at_level("INFO", "nettverk.sikkerhet"):
        ny = logg.record(SLAG, request=request, person=person, by=koordinator, forsoek=3)
    gammel = logg.record(SLAG, person=person, by=person)
    Sikkerhetshendelse.objects.filter(pk=gammel.pk).update(
        tid=timezone.now() - datetime.timedelta(days=91)
    )

    rydd()

    assert Sikkerhetshendelse.objects.get() == ny
    assert (ny.adresse, ny.av, ny.opplysninger) == ("203.0.113.0/24", koordinator, {"forsoek": 3})
    assert gammel.av is None
    assert '"slag": "test.hendelse"' in caplog.text
    assert "203.0.113.77" not in caplog.text
    assert person.navn not in caplog.text


def test_an_unknown_kind_is_refused():
    with pytest.raises(LookupError):
        logg.record("test.finnes_ikke")
