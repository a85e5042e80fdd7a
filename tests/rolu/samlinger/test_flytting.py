"""A gathering that people know of is moved: they are asked about, told once, and the calendar follows."""

import datetime

import pytest
from django.core import mail
from django.urls import reverse
from icalendar import Calendar

from nettverk.arbeid import jobber
from nettverk.arbeid.brev import try_again
from nettverk.arbeid.kalender import OSLO
from nettverk.models import Brev, Jobb
from rolu.models import Deltakelse, Samling
from rolu.samlinger import publisering, samlingsbrev
from rolu.samlinger.dager import Dag, set_days
from rolu.samlinger.flytting import MaaVelge, change
from tests.nettverk.factories import enhetsleder, gruppemedlem, koordinator, nettverk_med_enhet
from tests.rolu.factories import DeltakelseFactory, SamlingFactory

pytestmark = pytest.mark.django_db

START = datetime.datetime(2027, 3, 16, 9, tzinfo=OSLO)
UKE = datetime.timedelta(days=7)


@pytest.fixture
def scene():
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(
        nettverk=nettverk, start=START, slutt=START + datetime.timedelta(hours=6), sted="Kårvåg"
    )
    return nettverk, gruppe, koordinator(nettverk), samling


def _run() -> None:
    for jobb in Jobb.objects.active():
        jobber.run(jobb.pk)


def _published(scene) -> Samling:
    _nettverk, _gruppe, k, samling = scene
    publisering.publish(samling, by=k)
    _run()
    return samling


def _moved(samling: Samling, **felt) -> Samling:
    for navn, verdi in (
        felt or {"start": samling.start + UKE, "slutt": samling.slutt + UKE}
    ).items():
        setattr(samling, navn, verdi)
    return samling


def _calendar(melding) -> Calendar:
    """What stands in the mail as it goes on the wire."""
    [del_] = [d for d in melding.message().walk() if d.get_content_type() == "text/calendar"]
    assert del_["Content-Transfer-Encoding"] == "base64"
    cal = Calendar.from_ical(del_.get_payload(decode=True).decode())
    assert del_.get_param("method") == cal["method"]
    return cal


def _event(melding):
    [e] = _calendar(melding).walk("VEVENT")
    return e


# --- the act


def test_those_who_were_told_or_signed_up_are_told_once_of_old_and_new(scene):
    _nettverk, gruppe, k, samling = scene
    leder = enhetsleder(gruppe)
    gruppemedlem(gruppe)
    paameldt = gruppemedlem(gruppe)
    _published(scene)
    Deltakelse.objects.filter(verv__person=paameldt).update(status=Deltakelse.Status.PAAMELDT)

    assert change(_moved(samling), by=k, tell=True) == 2
    _run()

    brevene = mail.outbox[1:]
    assert {m.to[0] for m in brevene} == {leder.epost, paameldt.epost}
    assert "16. mars 2027" in brevene[0].body
    assert "23. mars 2027" in brevene[0].body
    assert (samling.sekvens, Samling.objects.get(pk=samling.pk).sekvens) == (1, 1)


def test_a_second_move_gets_a_letter_of_its_own(scene):
    _nettverk, gruppe, k, samling = scene
    enhetsleder(gruppe)
    _published(scene)
    for _nummer in range(2):
        change(_moved(samling), by=k, tell=True)
        _run()

    assert len(mail.outbox) == 3
    assert [int(_event(m)["sequence"]) for m in mail.outbox] == [0, 1, 2]


def test_moved_without_telling_raises_the_sequence_alone(scene):
    _nettverk, gruppe, k, samling = scene
    enhetsleder(gruppe)
    _published(scene)

    assert change(_moved(samling), by=k, tell=False) == 0
    _run()

    assert (len(mail.outbox), samling.sekvens) == (1, 1)


def test_what_is_where_it_was_is_not_moved(scene):
    _nettverk, _gruppe, k, samling = scene

    assert change(samling, by=k, tell=True) == 0
    assert Samling.objects.get(pk=samling.pk).sekvens == 0


def test_an_invitation_that_waits_tells_of_the_new_time_and_is_the_only_letter(scene):
    _nettverk, gruppe, k, samling = scene
    enhetsleder(gruppe)
    publisering.publish(samling, by=k)

    assert change(_moved(samling), by=k, tell=True) == 0
    _run()

    [melding] = mail.outbox
    assert "23. mars 2027" in melding.body
    assert _event(melding)["dtstart"].dt == START + UKE
    assert Deltakelse.objects.get().invitasjon == Brev.objects.get()


def test_a_letter_of_an_earlier_move_is_not_sent_after_the_next(scene):
    _nettverk, gruppe, k, samling = scene
    enhetsleder(gruppe)
    _published(scene)
    change(_moved(samling), by=k, tell=True)
    Brev.objects.filter(slag=samlingsbrev.FLYTTING).update(tilstand="avvist", grunn="adresse")
    change(_moved(samling), by=k, tell=False)

    with pytest.raises(Exception, match="flyttet en gang til"):
        try_again(Brev.objects.all(), by=k)


def test_the_act_itself_asks_and_saves_nothing_until_it_is_answered(scene):
    _nettverk, gruppe, k, samling = scene
    enhetsleder(gruppe)
    _published(scene)

    with pytest.raises(MaaVelge) as spurt:
        change(_moved(samling), by=k)

    assert (spurt.value.antall, spurt.value.fra.start) == (1, START)
    assert Samling.objects.get(pk=samling.pk).start == START


@pytest.mark.parametrize("stand", [{}, {"tilstand": "avvist", "grunn": "adresse"}])
def test_an_invitation_that_has_not_gone_tells_what_was_mended_since(scene, stand):
    _nettverk, gruppe, k, samling = scene
    enhetsleder(gruppe)
    publisering.publish(samling, by=k)
    Brev.objects.update(**stand)
    samling.tittel, samling.tema = "Riktig tittel", "Riktig tema"

    assert change(samling, by=k) == 0

    b = Brev.objects.get()
    assert "Riktig tittel" in b.emne
    assert "Riktig tittel\nRiktig tema" in b.tekst
    assert "SUMMARY:Riktig tittel" in b.kalender
    assert Samling.objects.get(pk=samling.pk).sekvens == 0


# --- the calendar


def test_invitation_move_and_call_off_are_one_event_in_the_calendar(scene):
    nettverk, gruppe, k, samling = scene
    leder = enhetsleder(gruppe)
    _published(scene)
    change(_moved(samling, sted="Surnadal"), by=k, tell=True)
    _run()
    publisering.cancel(samling, by=k)
    _run()

    alle = [(_calendar(m)["method"], _event(m)) for m in mail.outbox]
    assert [(m, str(e["uid"]), int(e["sequence"]), str(e["status"])) for m, e in alle] == [
        ("REQUEST", f"{samling.kalender_id}@nettverksportalen", 0, "CONFIRMED"),
        ("REQUEST", f"{samling.kalender_id}@nettverksportalen", 1, "CONFIRMED"),
        ("CANCEL", f"{samling.kalender_id}@nettverksportalen", 2, "CANCELLED"),
    ]
    e = alle[1][1]
    assert (e["location"], e["attendee"]) == ("Surnadal", f"mailto:{leder.epost}")
    assert e["organizer"].params["CN"] == nettverk.navn
    assert e["dtstart"].params["TZID"] == "Europe/Oslo"
    assert e["dtstart"].dt == START
    assert _calendar(mail.outbox[0]).walk("VTIMEZONE")[0]["tzid"] == "Europe/Oslo"


def test_two_days_with_other_hours_are_one_event_with_an_exception(scene):
    _nettverk, gruppe, k, samling = scene
    # The clock is changed between the days.
    start = datetime.datetime(2027, 3, 27, 10, tzinfo=OSLO)
    slutt = datetime.datetime(2027, 3, 28, 14, tzinfo=OSLO)
    set_days(samling, [_dag(start, til=16), _dag(slutt.replace(hour=9), til=14)])
    enhetsleder(gruppe)
    publisering.publish(samling, by=k)
    _run()

    [melding] = mail.outbox
    hoved, unntak = _calendar(melding).walk("VEVENT")
    assert hoved["rrule"].to_ical() == b"FREQ=DAILY;COUNT=2"
    assert (hoved["dtstart"].dt, hoved["dtend"].dt) == (start, start.replace(hour=16))
    assert unntak["recurrence-id"].dt == datetime.datetime(2027, 3, 28, 10, tzinfo=OSLO)
    assert (unntak["dtstart"].dt, unntak["dtend"].dt) == (slutt.replace(hour=9), slutt)


def _dag(start: datetime.datetime, *, til: int) -> Dag:
    return start.date(), start.time(), datetime.time(til)


def test_days_apart_are_one_event_that_repeats_with_the_days_between(scene):
    _nettverk, _gruppe, _k, samling = scene
    forste = datetime.datetime(2027, 3, 3, 10, tzinfo=OSLO)

    set_days(samling, [_dag(forste + n * UKE, til=16) for n in range(3)])

    [hendelse] = Calendar.from_ical(samlingsbrev.calendar_file(samling).innhold).walk("VEVENT")
    assert hendelse["rrule"].to_ical() == b"FREQ=DAILY;COUNT=3;INTERVAL=7"


def test_days_without_a_rhythm_are_moved_one_by_one(scene):
    _nettverk, _gruppe, _k, samling = scene
    dager = [datetime.datetime(2027, 5, dag, 10, tzinfo=OSLO) for dag in (3, 4, 20)]

    set_days(samling, [_dag(dag, til=16) for dag in dager])

    hoved, unntak = Calendar.from_ical(samlingsbrev.calendar_file(samling).innhold).walk("VEVENT")
    assert hoved["rrule"].to_ical() == b"FREQ=DAILY;COUNT=3"
    assert (unntak["recurrence-id"].dt.day, unntak["dtstart"].dt) == (5, dager[2])


def test_who_has_said_yes_has_so_in_the_calendar_of_the_move(scene):
    _nettverk, gruppe, k, samling = scene
    folk = {"paameldt": enhetsleder(gruppe), "venter": gruppemedlem(gruppe)}
    for status, person in folk.items():
        DeltakelseFactory(samling=samling, verv=person.verv.get(), status=status)
    fra = samlingsbrev.TidOgSted(samling)

    samlingsbrev.queue_move(samling, fra=fra, by=k)

    kalender = dict(Brev.objects.filter(slag=samlingsbrev.FLYTTING).values_list("til", "kalender"))
    assert "PARTSTAT=ACCEPTED" in kalender[folk["paameldt"].pk]
    assert "PARTSTAT=NEEDS-ACTION" in kalender[folk["venter"].pk]


def test_who_comes_one_day_has_that_day_in_the_calendar(scene):
    _nettverk, gruppe, _k, samling = scene
    forste = datetime.datetime(2027, 3, 3, 10, tzinfo=OSLO)
    andre = forste + datetime.timedelta(days=1)
    set_days(samling, [_dag(forste, til=16), _dag(andre, til=14)])
    en, alle = enhetsleder(gruppe), gruppemedlem(gruppe)
    for person, dager in ((en, [andre.date()]), (alle, None)):
        verv = person.verv.get()
        DeltakelseFactory(samling=samling, verv=verv, status="paameldt", dager=dager)

    brevets = samlingsbrev.calendar_maker(samling, svart=True)
    for fil in (samlingsbrev.calendar_file(samling, person=en), brevets(en)):
        [hendelse] = Calendar.from_ical(fil.innhold).walk("VEVENT")
        assert (hendelse["dtstart"].dt, "rrule" in hendelse) == (andre, False)
    for fil in (samlingsbrev.calendar_file(samling, person=alle), brevets(alle)):
        hoved, unntak = Calendar.from_ical(fil.innhold).walk("VEVENT")
        assert (hoved["dtstart"].dt, unntak["dtstart"].dt) == (forste, andre)


def test_other_hours_on_one_of_the_days_is_a_move_that_tells_both_times(scene):
    _nettverk, gruppe, k, samling = scene
    forste = datetime.datetime(2027, 6, 3, 10, tzinfo=OSLO)
    andre = forste + datetime.timedelta(days=1)
    set_days(samling, [_dag(forste, til=16), _dag(andre, til=14)])
    enhetsleder(gruppe)
    _published(scene)
    nye = [_dag(forste, til=15), _dag(andre, til=14)]

    with pytest.raises(MaaVelge) as valget:
        change(samling, by=k, dager=nye)
    assert change(samling, by=k, dager=nye, tell=True) == 1
    _run()

    foer = "torsdag 3. juni kl. 10.00–16.00 og fredag 4. juni 2027 kl. 10.00–14.00"
    naa = "torsdag 3. juni kl. 10.00–15.00 og fredag 4. juni 2027 kl. 10.00–14.00"
    fra, til = (
        tid.naar.replace("\N{NO-BREAK SPACE}", " ") for tid in (valget.value.fra, valget.value.til)
    )
    assert (fra, til) == (foer, naa)
    brevet = mail.outbox[-1]
    assert brevet.subject.endswith("3. og 4. juni 2027")
    tekst = brevet.body.replace("\N{NO-BREAK SPACE}", " ")
    assert f"Slik er det nå:\n{naa}\n" in tekst
    assert f"Slik var det:\n{foer}\n" in tekst
    samling.refresh_from_db()
    assert samling.sekvens == 1
    assert change(samling, by=k, dager=nye) == 0
    samling.refresh_from_db()
    assert samling.sekvens == 1


# --- the page


def skjema(samling, **mer) -> dict[str, str]:
    return {
        "type": samling.type,
        "tittel": samling.tittel,
        "sted": samling.sted,
        "dag_1_0": "2027-03-16",
        "dag_1_1": "09.00",
        "dag_1_2": "15.00",
        **mer,
    }


@pytest.fixture
def rediger(scene, client):
    _nettverk, _gruppe, k, samling = scene
    client.force_login(k)
    adresse = reverse("rolu:samling_rediger", args=[samling.nettverk.slug, samling.pk])
    return lambda **felt: client.post(adresse, skjema(samling, **felt))


NESTE_UKE = {"dag_1_0": "2027-03-23"}


def test_the_page_asks_first_and_carries_what_was_written(scene, rediger):
    _nettverk, gruppe, _k, samling = scene
    enhetsleder(gruppe)
    _published(scene)

    svar = rediger(**NESTE_UKE, tema="Nytt tema")

    samling.refresh_from_db()
    assert samling.start == START
    assert svar.context["antall"] == 1
    assert "Lagre og gi beskjed til 1 person" in " ".join(svar.text.split())
    assert "Slik var det:" in svar.text
    felt = dict(svar.context["felt"])
    assert (felt["tema"], felt["dag_1_0"]) == ("Nytt tema", "2027-03-23")

    videre = rediger(**{**felt, "beskjed": "ja"})
    _run()

    assert videre.status_code == 302
    samling.refresh_from_db()
    assert (samling.start, samling.tema, samling.sekvens) == (START + UKE, "Nytt tema", 1)
    assert mail.outbox[1].subject.startswith("Nytt tidspunkt eller sted: «")


def test_the_preview_is_the_letter_to_one_of_those_who_know(scene, rediger):
    _nettverk, gruppe, _k, _samling = scene
    leder = enhetsleder(gruppe)
    leder.navn = "Liv Rektor"
    leder.save()
    _published(scene)

    svar = rediger(**NESTE_UKE)

    assert svar.context["eposten"]["tekst"].startswith("Hei, Liv!")
    assert f"Eksempelet er e-posten til {leder.navn}" in " ".join(svar.text.split())


def test_saved_without_telling(scene, rediger):
    _nettverk, gruppe, _k, samling = scene
    enhetsleder(gruppe)
    _published(scene)

    rediger(**NESTE_UKE, beskjed="nei")

    samling.refresh_from_db()
    assert (samling.start, samling.sekvens, Brev.objects.count()) == (START + UKE, 1, 1)


def test_nothing_is_asked_when_nobody_knows_or_nothing_is_moved(scene, rediger):
    _nettverk, gruppe, _k, samling = scene
    assert rediger(**NESTE_UKE).status_code == 302  # a draft
    Samling.objects.filter(pk=samling.pk).update(start=START, slutt=samling.slutt)
    samling.refresh_from_db()
    publisering.publish(samling, by=_k)
    assert rediger(**NESTE_UKE).status_code == 302  # published to nobody
    enhetsleder(gruppe)
    publisering.invite_new(samling, by=_k)
    _run()
    assert rediger(**NESTE_UKE, tema="Et annet tema").status_code == 302

    assert len(mail.outbox) == 1


def test_a_place_that_is_moved_is_asked_about_too(scene, rediger):
    _nettverk, _gruppe, k, samling = scene
    publisering.publish(samling, by=k)
    DeltakelseFactory(samling=samling, status=Deltakelse.Status.PAAMELDT)

    assert rediger(sted="Surnadal").context["antall"] == 1


def test_the_text_about_a_gathering_has_an_end(rediger):
    assert rediger(om="a" * 20_000).status_code == 302
    assert rediger(om="a" * 20_001).status_code == 422
