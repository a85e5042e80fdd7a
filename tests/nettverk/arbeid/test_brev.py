"""Letters: written once, sent once, and nobody's fate unknown – against a real mail server."""

import logging
import random
import subprocess
import sys
import time
import unicodedata
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from nettverk.arbeid import brev, jobber, utsending
from nettverk.arbeid.gjelder import find, gjelder
from nettverk.maskinrom.miljo import ROT
from nettverk.models import Brev, Gruppe, Jobb
from nettverk.portal import NettverkPortal
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for
from rolu.models import Samling
from tests import smtp
from tests.nettverk.factories import (
    NettverkFactory,
    PersonFactory,
    kog,
    koordinator,
    medlem,
)

pytestmark = pytest.mark.django_db
T, G = Brev.Tilstand, Brev.Grunn
SLAG = brev.brevslag("proeve.brev", "Prøvebrev", tillatelse="nettverk.change_nettverk")
MAL = "rolu/epost/avlysning.txt"


@pytest.fixture
def tjener(settings):
    with smtp.posttjener() as tjener:
        smtp.use(settings, tjener)
        yield tjener


@pytest.fixture
def nettverk():
    return NettverkFactory()


def _samling(tittel: str) -> Samling:
    """What a letter says of a gathering."""
    dagen = timezone.localtime() + timedelta(days=20)
    start, slutt = (dagen.replace(hour=time, minute=0) for time in (9, 14))
    return Samling(tittel=tittel, sted="Salen", start=start, slutt=slutt)


def _utkast(person, om, **mer):
    data = {"samling": _samling("Prøve"), "url": "https://portal.example/"}
    return brev.Utkast(person, MAL, brev.key(SLAG, om, "person", person.pk), data, **mer)


def _skriv(nettverk, folk, by=None):
    return brev.queue_many(
        [_utkast(p, nettverk) for p in folk],
        nettverk=nettverk,
        slag=SLAG,
        om=nettverk,
        by=by or koordinator(nettverk),
    )


def _stand() -> dict[str, int]:
    stand: dict[str, int] = {}
    for tilstand in Brev.objects.values_list("tilstand", flat=True):
        stand[tilstand] = stand.get(tilstand, 0) + 1
    return stand


def _kjor() -> Jobb:
    jobb = Jobb.objects.get()
    jobber.run(jobb.pk)
    jobb.refresh_from_db()
    return jobb


# --- writing


def test_written_twice_with_the_same_key_is_one_letter_and_one_job(nettverk):
    folk = PersonFactory.create_batch(2)

    assert len(_skriv(nettverk, folk)) == 2
    assert _skriv(nettverk, [*folk, folk[0]]) == []

    assert (Brev.objects.count(), Jobb.objects.count()) == (2, 1)


def test_each_reads_it_in_the_own_language_else_the_networks(nettverk):
    nettverk.maalform = "nn"
    engelsk, ellers = PersonFactory(spraak="en"), PersonFactory()

    en, nn = _skriv(nettverk, [engelsk, ellers])

    assert (en.spraak, nn.spraak) == ("en", "nn")
    assert en.tekst != nn.tekst


def test_writing_costs_the_same_for_one_and_for_many(nettverk):
    by = koordinator(nettverk)
    antall = []
    for folk in (PersonFactory.create_batch(1), PersonFactory.create_batch(12)):
        with CaptureQueriesContext(connection) as spurt:
            _skriv(nettverk, folk, by)
        antall.append(len(spurt))
        Jobb.objects.all().delete()

    assert antall[0] == antall[1]


def test_a_letter_without_a_kind_is_a_mistake(nettverk):
    with pytest.raises(LookupError):
        brev.queue(
            til=PersonFactory(),
            nettverk=nettverk,
            slag="proeve.ukjent",
            om=nettverk,
            mal=MAL,
            data={},
            noekkel="x",
            by=koordinator(nettverk),
        )


@pytest.mark.parametrize(
    "felt",
    [
        {"tilstand": T.SENDT},
        {"tilstand": T.SENDER},
        {"tilstand": T.FEILET},
        {"kalender": "BEGIN:VCALENDAR"},
    ],
)
def test_the_database_refuses_a_letter_that_cannot_be(nettverk, felt):
    [b] = _skriv(nettverk, [PersonFactory()])

    with pytest.raises(IntegrityError), transaction.atomic():
        Brev.objects.filter(pk=b.pk).update(**felt)


def test_what_a_letter_is_about_is_found_again_or_gone(nettverk):
    om = gjelder(nettverk)

    assert om == f"nettverk.Nettverk:{nettverk.pk}"
    assert find(om) == nettverk
    assert [find(t) for t in ("nettverk.Nettverk:0", "finnes.Ikke:1", "2026", "")] == [None] * 4
    assert [find(f"nettverk.Nettverk:{n}") for n in (f"0{nettverk.pk}", "²", "9" * 5000)] == [
        None
    ] * 3


@pytest.mark.parametrize("tegn", ["\n", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\x7f"])
def test_a_title_with_control_characters_makes_a_subject_of_one_line(nettverk, tegn):
    with translation.override("nb"):
        emne, _tekst = brev.render(
            MAL,
            til=PersonFactory(),
            nettverk=nettverk,
            data={"samling": _samling(f"Første{tegn}andre")},
        )

    assert not any(unicodedata.category(t) in {"Cc", "Zl", "Zp"} for t in emne)
    assert "Første" in emne


# --- sending


def test_all_are_sent_on_one_connection_and_the_servers_answer_is_kept(nettverk, tjener):
    _skriv(nettverk, PersonFactory.create_batch(5))

    jobb = _kjor()

    assert jobb.status == Jobb.Status.FERDIG
    assert jobb.melding == "5 e-poster er sendt."
    assert _stand() == {"sendt": 5}
    assert tjener.samtaler == 1
    b = Brev.objects.first()
    assert b.svar.startswith("250 OK queued as ")
    assert "else.example" not in b.svar


def test_a_refused_address_stops_no_other_and_is_told_of(nettverk, tjener):
    folk = PersonFactory.create_batch(3)
    _skriv(nettverk, folk)
    tjener.nekter = {folk[0].epost: "550 5.1.1 Unknown user"}

    jobb = _kjor()

    assert (jobb.status, jobb.melding) == (
        Jobb.Status.FERDIG,
        "2 e-poster er sendt. 1 kunne ikke sendes.",
    )
    nektet = Brev.objects.get(til=folk[0])
    assert (nektet.tilstand, nektet.grunn, nektet.svar) == (
        T.AVVIST,
        G.ADRESSE,
        "550 5.1.1 Unknown user",
    )
    assert tjener.til == [folk[1].epost, folk[2].epost]


def test_a_refused_letter_is_tried_again_alone_at_the_address_of_now(nettverk, tjener):
    folk = PersonFactory.create_batch(2)
    _skriv(nettverk, folk)
    tjener.nekter = {folk[0].epost: "550 Unknown user"}
    _kjor()
    Jobb.objects.all().delete()
    folk[0].epost = "riktig@demo.example"
    folk[0].save()

    assert brev.try_again(Brev.objects.all(), by=koordinator(nettverk)) == 1
    _kjor()

    assert tjener.til == [folk[1].epost, "riktig@demo.example"]
    assert _stand() == {"sendt": 2}


def test_an_address_that_cannot_be_written_on_an_envelope_stops_no_other(nettverk, tjener):
    folk = PersonFactory.create_batch(2)
    folk[0].postadresse = "a\nb@demo.example"
    _skriv(nettverk, folk)

    assert _kjor().status == Jobb.Status.FERDIG
    assert Brev.objects.get(til=folk[0]).grunn == G.INNHOLD
    assert tjener.til == [folk[1].epost]


def test_a_subject_that_cannot_stand_in_a_mail_stops_no_other(nettverk, tjener):
    folk = PersonFactory.create_batch(2)
    _skriv(nettverk, folk)
    Brev.objects.filter(til=folk[0]).update(emne="En\n\nto")
    Brev.objects.filter(til=folk[1]).update(emne="Med\fsideskift")
    _skriv(nettverk, [siste := PersonFactory()])

    assert _kjor().status == Jobb.Status.FERDIG
    assert Brev.objects.get(til=folk[0]).grunn == G.INNHOLD
    assert not Brev.objects.filter(grunn=G.UVISST).exists()
    assert siste.epost in tjener.til


def test_a_server_that_answers_with_control_characters_stops_no_other(nettverk, tjener):
    folk = PersonFactory.create_batch(2)
    _skriv(nettverk, folk)
    tjener.nekter = {folk[0].epost: "550 No\x00such\x1buser"}

    assert _kjor().status == Jobb.Status.FERDIG
    assert Brev.objects.get(til=folk[0]).svar == "550 No such user"
    assert tjener.til == [folk[1].epost]


def test_what_waits_since_the_server_was_away_goes_by_itself_within_a_day(
    nettverk, tjener, settings
):
    folk = PersonFactory.create_batch(3)
    _skriv(nettverk, folk)
    Brev.objects.filter(til=folk[0]).update(tilstand=T.FEILET, grunn=G.UVISST)
    settings.EMAIL_PORT = 1
    assert _kjor().status == Jobb.Status.FEILET
    settings.EMAIL_PORT = tjener.port

    utsending.sweep()
    assert not Jobb.objects.active().exists()  # it has only just stopped
    seks_minutter_siden = timezone.now() - timedelta(minutes=6)
    Jobb.objects.update(avsluttet=seks_minutter_siden)
    Brev.objects.update(opprettet=seks_minutter_siden)
    Brev.objects.filter(til=folk[1]).update(
        opprettet=timezone.now() - timedelta(days=2), gjelder="nettverk.Nettverk:0"
    )
    utsending.sweep()
    jobber.run(Jobb.objects.active().get().pk)

    assert tjener.til == [folk[2].epost]
    assert _stand() == {"feilet": 1, "venter": 1, "sendt": 1}


def test_a_server_that_asks_us_to_wait_is_asked_again_by_the_sweep(nettverk, tjener):
    person = PersonFactory()
    _skriv(nettverk, [person])
    tjener.nekter = {person.epost: "450 Greylisted"}
    _kjor()
    assert Brev.objects.get().grunn == G.MIDLERTIDIG
    tjener.nekter = {}

    utsending.sweep()
    assert _stand() == {"feilet": 1}
    Jobb.objects.update(avsluttet=timezone.now() - timedelta(minutes=6))
    Brev.objects.update(opprettet=timezone.now() - timedelta(minutes=6))
    utsending.sweep()
    jobber.run(Jobb.objects.active().get().pk)

    assert _stand() == {"sendt": 1}


def test_a_server_that_is_away_stops_the_job_and_the_letters_wait(nettverk, tjener, settings):
    _skriv(nettverk, PersonFactory.create_batch(5))
    settings.EMAIL_PORT = 1

    jobb = _kjor()

    assert jobb.status == Jobb.Status.FEILET
    assert "ikke sendt e-post akkurat nå" in jobb.feil
    assert _stand() == {"venter": 5}

    settings.EMAIL_PORT = tjener.port
    jobber.retry(jobb, by=koordinator(nettverk))
    assert _kjor().status == Jobb.Status.FERDIG
    assert len(set(tjener.til)) == len(tjener.til) == 5


def test_a_server_that_ends_the_talk_now_and_then_gets_all_the_same(nettverk, tjener):
    _skriv(nettverk, PersonFactory.create_batch(5))
    tjener.per_samtale = 2

    assert _kjor().status == Jobb.Status.FERDIG
    assert (len(tjener.mottatt), tjener.samtaler) == (5, 3)


def test_one_that_may_have_arrived_is_never_sent_again_by_itself(nettverk, tjener):
    folk = PersonFactory.create_batch(3)
    _skriv(nettverk, folk)
    tjener.legger_paa_foer_svar = {folk[0].epost}

    jobb = _kjor()
    Jobb.objects.filter(pk=jobb.pk).update(status=Jobb.Status.VENTER)
    jobber.run(jobb.pk)
    utsending.sweep()

    assert max(tjener.antall().values()) == 1
    assert Brev.objects.get(til=folk[0]).grunn == G.UVISST
    assert _stand() == {"sendt": 2, "feilet": 1}

    # A person may choose it, and then it is byte for byte the same letter.
    tjener.legger_paa_foer_svar = set()
    brev.try_again(Brev.objects.all(), by=koordinator(nettverk))
    jobber.run(Jobb.objects.active().get().pk)
    like = [innhold for til, innhold in tjener.mottatt if til == folk[0].epost]
    assert like[0] == like[1]


def test_what_was_written_first_to_somebody_about_a_thing_goes_first(nettverk):
    person = PersonFactory()
    [forste] = _skriv(nettverk, [person])
    brev.queue(
        til=person,
        nettverk=nettverk,
        slag=SLAG,
        om=nettverk,
        mal=MAL,
        data={"samling": _samling("To")},
        noekkel="nummer to",
        by=koordinator(nettverk),
    )
    assert utsending.claim(Brev.objects.all(), leie=uuid.uuid4()) == forste

    assert utsending.claim(Brev.objects.all(), leie=uuid.uuid4()) is None


def test_a_worker_told_to_stop_ends_between_two_and_another_does_the_rest(
    nettverk, tjener, monkeypatch
):
    _skriv(nettverk, PersonFactory.create_batch(4))
    monkeypatch.setattr(utsending, "stanser", lambda: len(tjener.mottatt) >= 2)

    jobb = _kjor()
    assert (jobb.status, jobb.forsok) == (Jobb.Status.VENTER, 0)
    assert _stand() == {"sendt": 2, "venter": 2}

    monkeypatch.undo()
    assert _kjor().status == Jobb.Status.FERDIG
    assert max(tjener.antall().values()) == 1


def test_what_was_written_as_the_job_ended_is_found_by_the_sweep(nettverk, tjener):
    _skriv(nettverk, [PersonFactory()])
    _kjor()
    _skriv(nettverk, [PersonFactory()])
    ny = Jobb.objects.active().get()
    Brev.objects.filter(jobb=ny).update(jobb=Jobb.objects.exclude(pk=ny.pk).get())
    ny.delete()
    Brev.objects.update(opprettet=timezone.now() - timedelta(minutes=1))

    utsending.sweep()
    jobber.run(Jobb.objects.active().get().pk)

    assert _stand() == {"sendt": 2}


# --- many workers, and kill -9


@pytest.mark.django_db(transaction=True)
def test_twenty_workers_at_once_send_each_letter_once(nettverk, tjener):
    _skriv(nettverk, PersonFactory.create_batch(60))

    def work(_nummer: int) -> int:
        try:
            return utsending.send_waiting(Brev.objects.filter(gjelder=gjelder(nettverk))).sendt
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as folk:
        sendt = list(folk.map(work, range(20)))

    assert sum(sendt) == 60
    assert _stand() == {"sendt": 60}
    assert set(tjener.antall().values()) == {1}


@pytest.mark.django_db(transaction=True)
def test_workers_killed_in_the_middle_send_nobody_two_and_every_fate_is_known(
    nettverk, tjener, barnemiljo
):
    _skriv(nettverk, PersonFactory.create_batch(60))
    tjener.tenketid = 0.02
    miljo = {
        **barnemiljo,
        "DJANGO_SETTINGS_MODULE": "nettverk.settings",
        "DEMO": "0",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(tjener.port),
    }
    kommando = [sys.executable, "-m", "tests.nettverk.arbeid.brevskriving", gjelder(nettverk)]
    terning, drept = random.Random(7), 0
    arbeidere: list[subprocess.Popen] = []
    slutt = time.monotonic() + 90
    while Brev.objects.waiting().exists() and time.monotonic() < slutt:
        while len(arbeidere) < 2:
            arbeidere.append(subprocess.Popen(kommando, cwd=ROT, env=miljo))
        foer = len(tjener.mottatt)
        # Let them come as far as to some letters, then kill one.
        while len(tjener.mottatt) < foer + 4 and any(a.poll() is None for a in arbeidere):
            time.sleep(0.01)
        offer = arbeidere.pop(terning.randrange(2))
        drept += offer.poll() is None
        offer.kill()
        offer.wait()
    for arbeider in arbeidere:
        arbeider.wait(timeout=60)
    assert drept >= 5

    Brev.objects.filter(tilstand=T.SENDER).update(leie_til=timezone.now() - timedelta(seconds=1))
    utsending.sweep()

    assert max(tjener.antall().values()) == 1
    usikre = set(Brev.objects.filter(grunn=G.UVISST).values_list("epost", flat=True))
    assert _stand() == {"sendt": 60 - len(usikre), "feilet": len(usikre)}
    assert {b.epost for b in Brev.objects.all()} - set(tjener.til) <= usikre
    assert len(usikre) <= drept


@pytest.mark.django_db(transaction=True)
def test_killed_between_the_servers_keeping_and_ours_it_is_sent_again_only_by_a_person_as_the_same(
    nettverk, tjener, barnemiljo
):
    """The wrong moment: the server has it, and nobody was told. A provider that knows the Message-ID then
    throws the second away."""
    _skriv(nettverk, [PersonFactory()])
    miljo = {**barnemiljo, "DJANGO_SETTINGS_MODULE": "nettverk.settings", "DEMO": "0"}
    miljo |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(tjener.port)}
    kommando = [sys.executable, "-m", "tests.nettverk.arbeid.brevskriving", gjelder(nettverk)]
    arbeider = subprocess.Popen(kommando, cwd=ROT, env=miljo)
    tjener.etter = lambda til: arbeider.kill()
    arbeider.wait(timeout=60)
    tjener.etter = None
    Brev.objects.update(leie_til=timezone.now() - timedelta(seconds=1))

    for _ in range(3):
        utsending.sweep()
        utsending.send_waiting(Brev.objects.all())
    assert (len(tjener.mottatt), _stand()) == (1, {"feilet": 1})

    Brev.objects.update(tilstand=T.VENTER, grunn="")  # a person chose it
    utsending.send_waiting(Brev.objects.all())
    (forste, andre) = tjener.mottatt
    assert forste == andre
    assert tjener.brev()["Message-ID"] == Brev.objects.get().melding_id
    assert tjener.brev()["Date"]


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_died_goes_on_with_the_rest(nettverk, tjener):
    _skriv(nettverk, PersonFactory.create_batch(3))
    jobb = Jobb.objects.get()
    jobber.take(jobb.pk)
    utsending.claim(Brev.objects.all(), leie=uuid.uuid4())
    Jobb.objects.update(leie_til=timezone.now() - timedelta(seconds=1))

    jobber.run(jobb.pk)

    assert _stand() == {"sendt": 2, "feilet": 1}
    assert Jobb.objects.get().melding == "2 e-poster er sendt. 1 kunne ikke sendes."


# --- once more, and what has an end


def test_a_letter_about_something_gone_is_not_sent_again(nettverk):
    [b] = _skriv(nettverk, [PersonFactory()])
    Brev.objects.update(tilstand=T.AVVIST, grunn=G.ADRESSE, gjelder="nettverk.Nettverk:0")

    with pytest.raises(KanIkke, match="finnes ikke lenger"):
        brev.try_again(Brev.objects.filter(pk=b.pk), by=koordinator(nettverk))


def test_text_goes_after_a_year_and_mail_about_sign_in_after_a_month(nettverk):
    gammel, ny = _skriv(nettverk, PersonFactory.create_batch(2))
    for b, dager in ((gammel, 366), (ny, 300)):
        naar = timezone.now() - timedelta(days=dager)
        Brev.objects.filter(pk=b.pk).update(tilstand=T.SENDT, sendt=naar, opprettet=naar)
    for dager in (29, 31):
        Brev.objects.create(
            epost="a@demo.example",
            slag="nettverk.innloggingskode",
            sending=uuid.uuid4(),
            spraak="nb",
            melding_id=f"<{dager}@x>",
            noekkel=str(dager),
            tilstand=T.SENDT,
            sendt=timezone.now(),
            opprettet=timezone.now() - timedelta(days=dager),
        )

    brev.purge()
    brev.purge()

    gammel.refresh_from_db()
    ny.refresh_from_db()
    assert (gammel.har_tekst, gammel.emne != "", ny.har_tekst) == (False, True, True)
    assert [b.noekkel for b in Brev.objects.filter(nettverk=None)] == ["29"]


def test_text_that_is_still_to_be_sent_is_kept_however_old(nettverk):
    venter, sendes = _skriv(nettverk, PersonFactory.create_batch(2))
    gammelt = {"opprettet": timezone.now() - timedelta(days=400)}
    Brev.objects.filter(pk=venter.pk).update(**gammelt)
    Brev.objects.filter(pk=sendes.pk).update(
        tilstand=T.SENDER, leie=uuid.uuid4(), leie_til=timezone.now(), **gammelt
    )

    assert brev.purge() == 0

    assert all(b.har_tekst for b in Brev.objects.all())


def test_an_account_that_is_closed_is_sent_nothing_more(nettverk, tjener):
    folk = PersonFactory.create_batch(2)
    _skriv(nettverk, folk)
    folk[0].telefon = "41000000"
    folk[0].save()

    NettverkPortal().lukk_konto(folk[0])
    _kjor()

    assert tjener.til == [folk[1].epost]
    assert Brev.objects.get(til=folk[0]).tilstand == T.TRUKKET
    folk[0].refresh_from_db()
    assert folk[0].telefon == ""


def test_who_sees_which_letters(nettverk):
    k, i_kog, sender, andre = (
        koordinator(nettverk),
        kog(nettverk),
        medlem(nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK),
        medlem(nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK),
    )
    mitt, kas = _skriv(nettverk, [PersonFactory()], sender), _skriv(nettverk, [PersonFactory()], k)
    fremmed = koordinator(NettverkFactory())

    sett = {
        navn: set(Brev.objects.visible_to(roller_for(p, nettverk)))
        for navn, p in [("k", k), ("kog", i_kog), ("sender", sender), ("a", andre), ("f", fremmed)]
    }

    assert sett == {
        "k": {*mitt, *kas},
        "kog": {*mitt, *kas},
        "sender": set(mitt),
        "a": set(),
        "f": set(),
    }


def test_nothing_of_addresses_is_logged(nettverk, tjener, settings, caplog):
    [b] = _skriv(nettverk, [PersonFactory()])
    settings.EMAIL_PORT = 1

    with caplog.at_level(logging.INFO):
        _kjor()

    assert b.epost not in caplog.text
