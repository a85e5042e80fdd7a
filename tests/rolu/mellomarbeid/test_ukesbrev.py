"""The letter of the week of what happens in mellomarbeid: only what one may still read, nothing lost, nothing twice."""

import datetime
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kommuner.gyldighet import idag
from nettverk.arbeid import faste_brev, nyheter
from nettverk.flater import find_part
from nettverk.models import Brev, Nyhet, Person
from nettverk.portaldeler import turn_off, turn_on
from rolu.mellomarbeid import innlevering, praksis
from rolu.mellomarbeid.tilbakemelding import say
from rolu.models import Mellomarbeid
from tests.laeringsloyper.factories import LaeringsloypeFactory
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
    nettverk_med_enhet,
)
from tests.nettverk.test_nyheter import MANDAG, last_week
from tests.rolu.factories import (
    FortellingFactory,
    LoggpostFactory,
    MellomarbeidFactory,
    OppdragFactory,
)
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db

ROT = Path(__file__).parents[3]
ONSDAG = MANDAG + datetime.timedelta(days=2)
NESTE_MANDAG = MANDAG + datetime.timedelta(days=7)


@pytest.fixture
def arbeid() -> Mellomarbeid:
    nettverk, gruppe = nettverk_med_enhet()
    fagmiljo = GruppeFactory(nettverk=nettverk, type="fagmiljo", navn="Skrivesenteret")
    loype = LaeringsloypeFactory(nettverk=nettverk, ansvarlig_gruppe=fagmiljo)
    return MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=nettverk, tittel="Utforsk ute", laeringsloype=loype),
        gruppe=gruppe,
        kommune=gruppe.enhet.kommune_per(),
        levert_=True,
    )


def used(arbeid: Mellomarbeid, tittel: str):
    """A story of the unit, which a neighbour takes into use."""
    fortelling = FortellingFactory(mellomarbeid=arbeid, tittel=tittel)
    gruppe = GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True)
    mitt = MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=arbeid.nettverk), gruppe=gruppe, kommune=arbeid.kommune
    )
    praksis.use(fortelling, mellomarbeid=mitt, dato=idag(), by=gruppemedlem(gruppe))
    return fortelling


def leave(person: Person, gruppe) -> None:
    person.verv.filter(gruppe=gruppe).update(gyldig=(idag() - datetime.timedelta(days=9), idag()))


def letter_to(person: Person) -> str:
    return "\n".join(Brev.objects.filter(til=person).values_list("tekst", flat=True))


def test_what_is_taken_back_and_what_is_hidden_goes_without_a_word(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    # Of one mellomarbeid there is one story of all of it, so each is of its own.
    andre = [
        MellomarbeidFactory(
            oppdrag=OppdragFactory(nettverk=arbeid.nettverk), gruppe=arbeid.gruppe, levert_=True
        )
        for _ in "12"
    ]
    used(arbeid, "Fjæra")
    praksis.take_back(used(andre[0], "Skogen"))
    praksis.hide(used(andre[1], "Myra"), grunn="Et navn")
    last_week()

    assert faste_brev.send_due(MANDAG) == 1

    assert "Fjæra" in letter_to(leder)
    assert "Skogen" not in letter_to(leder)
    assert "Myra" not in letter_to(leder)
    assert not Nyhet.objects.exists()


def test_who_is_in_eight_groups_gets_one_list_and_is_told_once_of_each(arbeid):
    raadgiver = gruppemedlem(arbeid.gruppe)
    fra = koordinator(arbeid.nettverk)
    alle = [arbeid]
    for _nr in range(7):
        gruppe = GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True)
        VervFactory(gruppe=gruppe, person=raadgiver, rolle="formell_leder")
        alle.append(MellomarbeidFactory(oppdrag=arbeid.oppdrag, gruppe=gruppe, levert_=True))
    for ett in alle:
        # As the leader, as the one who wrote, and by name.
        LoggpostFactory(mellomarbeid=ett, skrevet_av=raadgiver)
        say(ett, tekst=f"Hei @{raadgiver.navn}", by=fra, nevnte=[raadgiver.pk])
    last_week()

    faste_brev.send_due(MANDAG)

    [tekst] = Brev.objects.filter(til=raadgiver).values_list("tekst", flat=True)
    assert tekst.count("nevner deg") == 8
    assert all(str(ett.enhet) in tekst for ett in alle)


def test_with_nothing_left_to_read_there_is_no_letter(arbeid):
    enhetsleder(arbeid.gruppe)
    fortelling = used(arbeid, "Fjæra")
    last_week()
    fortelling.delete()

    assert faste_brev.send_due(MANDAG) == 0
    assert not Nyhet.objects.exists()


def test_who_has_left_the_unit_but_not_the_network_is_told_nothing_of_it(arbeid):
    leder, blir = enhetsleder(arbeid.gruppe), enhetsleder(arbeid.gruppe)
    annen = GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True)
    VervFactory(gruppe=annen, person=leder)
    used(arbeid, "Fjæra")
    say(arbeid, tekst="Fint", by=koordinator(arbeid.nettverk))
    last_week()
    leave(leder, arbeid.gruppe)

    assert faste_brev.send_due(MANDAG) == 1

    assert letter_to(leder) == ""
    assert "Fjæra" in letter_to(blir)
    assert "Utforsk ute" in letter_to(blir)


def test_the_fagmiljo_is_told_nothing_of_what_is_opened_again(arbeid):
    fag = VervFactory(gruppe=arbeid.oppdrag.laeringsloype.ansvarlig_gruppe).person
    leder = enhetsleder(arbeid.gruppe)
    say(arbeid, tekst="Fint", by=fag)
    say(arbeid, tekst="Takk", by=leder)
    last_week()
    innlevering.reopen(arbeid)

    faste_brev.send_due(MANDAG)

    assert letter_to(fag) == ""
    assert "Utforsk ute" in letter_to(leder)


def test_what_waited_for_a_part_that_is_turned_on_midweek_comes_in_the_next_letter(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    used(arbeid, "Fjæra")
    say(arbeid, tekst="Fint", by=koordinator(arbeid.nettverk))
    last_week()
    del_ = find_part("praksis")
    turn_off(arbeid.nettverk, del_)
    mandag = faste_brev.send_due(MANDAG)
    turn_on(arbeid.nettverk, del_)

    onsdag = faste_brev.send_due(ONSDAG)
    uka_etter = [faste_brev.send_due(NESTE_MANDAG) for _ in "12"]

    assert (mandag, onsdag, uka_etter) == (1, 0, [1, 0])
    foerste, andre = Brev.objects.filter(til=leder).order_by("pk")
    assert "Fjæra" not in foerste.tekst
    assert "Fjæra" in andre.tekst
    assert "Utforsk ute" not in andre.tekst


def test_it_costs_the_same_for_one_line_and_for_many(arbeid):
    enhetsleder(arbeid.gruppe)
    fra = koordinator(arbeid.nettverk)

    def cost(linjer: int, naa: datetime.datetime) -> int:
        for nummer in range(linjer):
            say(arbeid, tekst=f"{nummer}", by=fra)
        last_week()
        with CaptureQueriesContext(connection) as spoerringer:
            assert nyheter.send_weekly(arbeid.nettverk, naa) == 1
        return len(spoerringer)

    cost(1, MANDAG)  # the first also orders the sending
    assert cost(1, NESTE_MANDAG) == cost(8, NESTE_MANDAG + datetime.timedelta(days=7))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_write_one_letter(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    say(arbeid, tekst="Fint", by=koordinator(arbeid.nettverk))
    last_week()

    svar = at_once(
        *[lambda: nyheter.send_weekly(arbeid.nettverk, MANDAG)] * 3, holding=Nyhet.objects.get()
    )

    assert sorted(svar) == [0, 0, 1]
    assert Brev.objects.get().til == leder


_ARBEIDER = """
import datetime, django
django.setup()
from nettverk.arbeid import nyheter
from nettverk.models import Nettverk
nyheter.send_weekly(Nettverk.objects.get(pk={pk}), datetime.datetime.fromisoformat("{naa}"))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_writes_has_written_and_lost_nothing(arbeid, barnemiljo):
    leder = enhetsleder(arbeid.gruppe)
    say(arbeid, tekst="Fint", by=koordinator(arbeid.nettverk))
    last_week()
    kode = _ARBEIDER.format(pk=arbeid.nettverk.pk, naa=MANDAG.isoformat())
    miljo = {**barnemiljo, "DJANGO_SETTINGS_MODULE": "nettverk.settings", "DEMO": "0"}
    with transaction.atomic(), connection.cursor() as db:
        # It comes as far as to the letter, and stands there: the lines are read and held.
        db.execute("LOCK TABLE nettverk_brev IN SHARE MODE")
        arbeider = subprocess.Popen([sys.executable, "-c", kode], cwd=ROT, env=miljo)
        _wait_for_the_letter(arbeider)
        arbeider.kill()
        arbeider.wait(timeout=30)
    _wait_until_gone()
    foer = Nyhet.objects.count(), Brev.objects.count()

    skrevet = [nyheter.send_weekly(arbeid.nettverk, MANDAG) for _ in "12"]

    assert foer == (1, 0)
    assert skrevet == [1, 0]
    assert Brev.objects.get().til == leder
    assert not Nyhet.objects.exists()


def _others(hva: str) -> int:
    with connection.cursor() as db:
        db.execute("SELECT pg_stat_clear_snapshot()")
        db.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            f" AND pid <> pg_backend_pid() AND {hva}"
        )
        (antall,) = db.fetchone()
    return int(antall)


def _wait_for_the_letter(arbeider: subprocess.Popen) -> None:
    slutt = time.monotonic() + 60
    while not _others("wait_event_type = 'Lock' AND query LIKE 'INSERT INTO \"nettverk_brev\"%%'"):
        assert arbeider.poll() is None
        assert time.monotonic() < slutt
        time.sleep(0.05)


def _wait_until_gone() -> None:
    """Until PostgreSQL has seen that it is dead, and undone what it had begun."""
    slutt = time.monotonic() + 30
    while _others("query LIKE 'INSERT INTO \"nettverk_brev\"%%' AND state <> 'idle'"):
        assert time.monotonic() < slutt
        time.sleep(0.05)
