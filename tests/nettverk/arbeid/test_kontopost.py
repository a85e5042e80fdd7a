"""Letters about the account: at once, past all others, without Redis, and the code never lies readable."""

import os
import signal
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from nettverk.arbeid import brev, kontopost, utsending
from nettverk.models import Brev
from tests import smtp
from tests.nettverk.arbeid.test_arbeider import (  # noqa: F401 (fixtures)
    Arbeider,
    _bestill,
    egen_koe,
    korte_frister,
    start_arbeider,
    wait_until,
)
from tests.nettverk.factories import PersonFactory

T, G = Brev.Tilstand, Brev.Grunn
SLAG = brev.brevslag("proeve.konto", "Prøvebrev om kontoen")


@pytest.fixture
def tjener(settings):
    with smtp.posttjener() as tjener:
        smtp.use(settings, tjener)
        yield tjener


def _skriv(epost: str = "kari@demo.example", **felt) -> Brev:
    alt = {"emne": "4821 er koden", "tekst": "Koden er 4821.", "slag": SLAG, "til": None}
    return brev.queue_account(epost=epost, **{**alt, **felt})


def _eldre(b: Brev, hvor_mye: timedelta) -> None:
    Brev.objects.filter(pk=b.pk).update(opprettet=timezone.now() - hvor_mye)


@pytest.mark.django_db
def test_a_letter_with_a_key_is_written_once(tjener):
    person = PersonFactory()
    first = _skriv(person.epost, til=person, noekkel="varsel:1:2026-11-25")
    assert _skriv(person.epost, til=person, noekkel="varsel:1:2026-11-25") == first

    kontopost.send_waiting()
    kontopost.send_waiting()

    assert tjener.til == [person.epost]
    assert tjener.brev()["Subject"] == "4821 er koden"
    first.refresh_from_db()
    assert (first.tilstand, first.tekst, first.til) == (T.SENDT, "Koden er 4821.", person)


@pytest.mark.django_db
def test_a_secret_letter_is_unreadable_while_it_waits_and_gone_when_it_is_sent(tjener):
    b = _skriv(hemmelig=True)
    for verdi in Brev.objects.values_list().get(pk=b.pk):
        assert "4821" not in str(verdi)

    kontopost.send_waiting()

    assert "4821" in tjener.brev()["Subject"]
    assert "Koden er 4821." in tjener.brev().get_content()
    b.refresh_from_db()
    assert (b.tilstand, b.emne, b.tekst, b.svar[:6]) == (T.SENDT, "", "", "250 OK")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("svar", "tilstand", "grunn"),
    [("550 No such user", T.AVVIST, G.ADRESSE), ("554 Spam", T.AVVIST, G.ADRESSE)],
)
def test_a_secret_letter_that_is_refused_is_wiped(tjener, svar, tilstand, grunn):
    b = _skriv(hemmelig=True)
    tjener.nekter = {b.epost: svar}

    kontopost.send_waiting()

    b.refresh_from_db()
    assert (b.tilstand, b.grunn, b.tekst) == (tilstand, grunn, "")


@pytest.mark.django_db
def test_a_server_that_asks_us_to_wait_gets_the_code_a_minute_later(tjener):
    b = _skriv(hemmelig=True)
    tjener.nekter = {b.epost: "451 Greylisted"}
    kontopost.send_waiting()
    tjener.nekter = {}
    kontopost.send_waiting()
    assert tjener.til == []

    _eldre(b, timedelta(minutes=1, seconds=1))
    kontopost.send_waiting()

    b.refresh_from_db()
    assert (tjener.til, b.tilstand, b.tekst) == ([b.epost], T.SENDT, "")


@pytest.mark.django_db
def test_a_code_that_has_run_out_is_given_up_and_a_warning_waits_for_a_day(tjener):
    kode, varsel, gammelt = (
        _skriv(hemmelig=True),
        _skriv("a@demo.example"),
        _skriv("b@demo.example"),
    )
    for b, alder in ((kode, 16), (varsel, 16), (gammelt, 25 * 60)):
        _eldre(b, timedelta(minutes=alder))

    kontopost.send_waiting()

    assert tjener.til == ["a@demo.example"]
    kode.refresh_from_db()
    gammelt.refresh_from_db()
    assert (kode.tilstand, kode.grunn, kode.tekst) == (T.FEILET, G.FORSENT, "")
    assert gammelt.grunn == G.FORSENT


@pytest.mark.django_db
def test_withdrawn_or_left_by_a_dead_worker_it_is_wiped_too():
    trukket, forlatt = _skriv(hemmelig=True), _skriv("b@demo.example", hemmelig=True)
    brev.withdraw(Brev.objects.filter(pk=trukket.pk))
    utsending.claim(kontopost.letters(), leie=trukket.sending)
    Brev.objects.filter(pk=forlatt.pk).update(leie_til=timezone.now() - timedelta(seconds=1))

    kontopost.send_waiting()

    assert set(Brev.objects.values_list("tilstand", "tekst")) == {("trukket", ""), ("feilet", "")}


@pytest.mark.django_db
def test_the_database_refuses_to_keep_a_secret_that_is_sent():
    b = _skriv(hemmelig=True)
    with pytest.raises(IntegrityError, match="brev_hemmelig_slettes"), transaction.atomic():
        Brev.objects.filter(pk=b.pk).update(tilstand=T.SENDT, sendt=timezone.now())


@pytest.mark.django_db
def test_sealed_with_another_key_it_is_given_up_and_stops_nobody(tjener, settings):
    b = _skriv(hemmelig=True)
    settings.SECRET_KEY = "en-annen-" + "1" * 50
    _skriv("b@demo.example")

    kontopost.send_waiting()

    b.refresh_from_db()
    assert (b.tilstand, b.grunn, tjener.til) == (T.FEILET, G.INNHOLD, ["b@demo.example"])


def _sent_within(b: Brev, sekunder: float, arbeider: Arbeider) -> None:
    slutt = time.monotonic() + sekunder
    while b.tilstand != T.SENDT:
        assert time.monotonic() < slutt, (b.tilstand, arbeider.sagt())
        time.sleep(0.05)
        b.refresh_from_db()


def test_a_busy_worker_without_redis_sends_the_code_at_once(
    korte_frister,  # noqa: F811
    start_arbeider,  # noqa: F811
    egen_koe,  # noqa: F811
    tmp_path,
):
    with smtp.posttjener() as tjener:
        miljo = {
            **korte_frister,
            **egen_koe.addresses(),
            "DATABASE_URL": korte_frister["DATABASE_URL"],
            "DEMO": "0",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(tjener.port),
        }
        arbeider = start_arbeider(miljo)
        # Its one process is busy for ten minutes.
        jobb = _bestill(tmp_path / "spor", sekunder=600)
        wait_until(jobb, lambda j: j.framdrift == 50, arbeider)

        _sent_within(_skriv(hemmelig=True), 5, arbeider)

        assert egen_koe.valkey
        os.kill(egen_koe.valkey.barn.pid, signal.SIGKILL)
        _sent_within(_skriv("b@demo.example", hemmelig=True), 5, arbeider)
        egen_koe.valkey.stop()
        egen_koe.valkey.start()
        _sent_within(_skriv("c@demo.example", hemmelig=True), 5, arbeider)

    assert sorted(tjener.til) == ["b@demo.example", "c@demo.example", "kari@demo.example"]
