"""Publishing invites the right people once, and the letters go once."""

import datetime
import smtplib

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from kommuner.gyldighet import idag, periode
from nettverk.arbeid import jobber
from nettverk.models import Gruppe, Jobb, Rolle, Verv
from rolu.models import Deltakelse, Samling
from rolu.samlinger import publisering
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import SamlingFactory, klokken

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    nettverk, gruppe = nettverk_med_enhet()
    return nettverk, gruppe, koordinator(nettverk), SamlingFactory(nettverk=nettverk)


def _run_jobs(django_capture_on_commit_callbacks=None) -> None:
    for jobb in Jobb.objects.active():
        jobber.run(jobb.pk)


def test_publish_invites_one_participation_per_verv_with_the_kommune(scene):
    _nettverk, gruppe, k, samling = scene
    leder, medlem = enhetsleder(gruppe), gruppemedlem(gruppe)

    antall = publisering.publish(samling, by=k)

    rader = Deltakelse.objects.filter(samling=samling)
    assert antall == 2
    assert {r.verv.person for r in rader} == {leder, medlem}
    assert {r.kommune for r in rader} == {gruppe.enhet.kommune_per()}
    assert Samling.objects.get(pk=samling.pk).er_publisert


def test_publishing_twice_invites_nobody_twice(scene):
    _nettverk, gruppe, k, samling = scene
    enhetsleder(gruppe)

    publisering.publish(samling, by=k)
    antall = publisering.publish(samling, by=k)
    _run_jobs()
    publisering.publish(samling, by=k)
    _run_jobs()

    assert antall == 0
    assert Deltakelse.objects.filter(samling=samling).count() == 1
    assert len(mail.outbox) == 1


def test_verv_that_has_ended_on_the_day_is_not_invited(scene):
    _nettverk, gruppe, k, samling = scene
    i_morgen = idag() + datetime.timedelta(days=1)
    VervFactory(gruppe=gruppe, gyldig=periode(datetime.date(2020, 1, 1), i_morgen))
    blir = gruppemedlem(gruppe)

    publisering.publish(samling, by=k)

    assert [d.verv.person for d in Deltakelse.objects.all()] == [blir]


def test_units_outside_the_network_are_not_invited(scene):
    nettverk, gruppe, k, samling = scene
    utenfor = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=EnhetFactory())
    enhetsleder(utenfor)
    _annet, fremmed = nettverk_med_enhet()
    enhetsleder(fremmed)
    egen = enhetsleder(gruppe)

    publisering.publish(samling, by=k)

    assert [d.verv.person for d in Deltakelse.objects.all()] == [egen]


def test_network_groups_come_only_when_chosen_and_represent_their_kommune(scene):
    nettverk, gruppe, k, samling = scene
    kommune = gruppe.enhet.kommune_per()
    fag = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGNETTVERK)
    verv = VervFactory(gruppe=fag, rolle=Rolle.OPPVEKSTANSVARLIG, representerer=kommune)

    publisering.publish(samling, by=k, grupper=[fag])

    assert [(d.verv, d.kommune) for d in Deltakelse.objects.all()] == [(verv, kommune)]


def test_later_members_are_invited_and_get_their_own_letter(scene):
    nettverk, gruppe, k, samling = scene
    fag = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGNETTVERK)
    VervFactory(gruppe=fag)
    publisering.publish(samling, by=k, grupper=[fag])
    _run_jobs()
    ny_leder = enhetsleder(gruppe)
    ny_i_fag = VervFactory(gruppe=fag).person

    assert publisering.missing(samling).count() == 2
    publisering.invite_new(samling, by=k)
    _run_jobs()

    assert [m.to for m in mail.outbox[1:]] == [[ny_leder.epost], [ny_i_fag.epost]]
    assert not publisering.missing(samling).exists()


def test_one_who_left_before_answering_is_not_expected_any_more(scene):
    _nettverk, gruppe, k, samling = scene
    slutter = gruppemedlem(gruppe)
    publisering.publish(samling, by=k)
    Verv.objects.get(person=slutter).end()

    publisering.invite_new(samling, by=k)

    assert not Deltakelse.objects.exists()


def test_only_leaders_get_a_letter_and_it_leads_to_the_sign_up(scene):
    nettverk, gruppe, k, samling = scene
    leder = enhetsleder(gruppe)
    gruppemedlem(gruppe)

    publisering.publish(samling, by=k)
    _run_jobs()

    [brev] = mail.outbox
    assert brev.to == [leder.epost]
    assert brev.subject.startswith("Meld på gruppa til «")
    assert f"/{nettverk.slug}/samlinger/{samling.pk}/paamelding/" in brev.body


def test_leader_of_two_units_gets_one_letter(scene):
    nettverk, gruppe, k, samling = scene
    leder = enhetsleder(gruppe)
    annen = GruppeFactory(
        nettverk=nettverk,
        utviklingsgruppe=True,
        enhet=EnhetFactory(kommune=gruppe.enhet.kommune_per()),
        navn="Den andre gruppa",
    )
    VervFactory(gruppe=annen, person=leder, rolle=Rolle.FORMELL_LEDER)

    publisering.publish(samling, by=k)
    _run_jobs()

    [brev] = mail.outbox
    assert "Den andre gruppa" in brev.body


def test_job_that_runs_twice_sends_nothing_twice(scene):
    _nettverk, gruppe, k, samling = scene
    enhetsleder(gruppe)
    publisering.publish(samling, by=k)

    publisering.send_letters(samling, slag=publisering.INVITASJON)
    publisering.send_letters(samling, slag=publisering.INVITASJON)

    assert len(mail.outbox) == 1


def _refusing(monkeypatch, *nektet: str, feil: Exception | None = None, etter=None) -> None:
    """The mail server refuses some addresses (all, when none is named); `etter` runs after a letter."""
    ekte = publisering.send

    def send(*, til, **mer):
        if not nektet or til.epost in nektet:
            raise feil or smtplib.SMTPRecipientsRefused({til.epost: (550, b"Unknown user")})
        ekte(til=til, **mer)
        if etter:
            etter()

    monkeypatch.setattr(publisering, "send", send)


def test_refused_address_does_not_stop_the_others_and_is_tried_again_alone(scene, monkeypatch):
    _nettverk, gruppe, k, samling = scene
    forste, andre, tredje = sorted([enhetsleder(gruppe) for _ in range(3)], key=lambda p: p.pk)
    publisering.publish(samling, by=k)
    jobb = Jobb.objects.get()

    with monkeypatch.context() as m:
        _refusing(m, forste.epost)
        jobber.run(jobb.pk)

    jobb.refresh_from_db()
    assert jobb.status == Jobb.Status.FEILET
    assert jobb.feil == (
        f"1 e-post kunne ikke sendes: {forste.epost}. Sjekk adressen, og prøv igjen. "
        "Da sender vi bare den som mangler."
    )
    assert [m.to for m in mail.outbox] == [[andre.epost], [tredje.epost]]
    assert Deltakelse.objects.get(invitasjon_sendt=None).verv.person == forste

    jobber.retry(jobb, by=k)
    jobber.run(jobb.pk)

    jobb.refresh_from_db()
    assert jobb.status == Jobb.Status.FERDIG
    assert [m.to for m in mail.outbox[2:]] == [[forste.epost]]


def test_many_refused_addresses_are_not_all_named_and_stop_nobody(scene, monkeypatch):
    _nettverk, gruppe, k, samling = scene
    ledere = sorted([enhetsleder(gruppe) for _ in range(13)], key=lambda p: p.pk)
    publisering.publish(samling, by=k)
    _refusing(monkeypatch, *(p.epost for p in ledere[:12]))

    with pytest.raises(
        jobber.JobbFeil, match=r"^12 e-poster kunne ikke sendes: .* …\. Sjekk"
    ) as feil:
        publisering.send_letters(samling, slag=publisering.INVITASJON)

    assert ledere[9].epost in str(feil.value)
    assert ledere[10].epost not in str(feil.value)
    assert [m.to for m in mail.outbox] == [[ledere[12].epost]]


def test_mail_server_that_is_away_is_not_asked_for_everybody(scene, monkeypatch):
    _nettverk, gruppe, k, samling = scene
    for _ in range(5):
        enhetsleder(gruppe)
    publisering.publish(samling, by=k)

    with monkeypatch.context() as m:
        _refusing(m, feil=ConnectionRefusedError())
        with pytest.raises(jobber.JobbFeil, match="ikke sendt e-post akkurat nå"):
            publisering.send_letters(samling, slag=publisering.INVITASJON)
    assert mail.outbox == []
    assert not Deltakelse.objects.exclude(invitasjon_sendt=None).exists()

    assert publisering.send_letters(samling, slag=publisering.INVITASJON) == 5


def test_invited_while_the_letters_go_get_theirs_in_the_same_job(scene, monkeypatch):
    _nettverk, gruppe, k, samling = scene
    enhetsleder(gruppe)
    publisering.publish(samling, by=k)
    nye = []

    def later():
        if not nye:
            nye.append(enhetsleder(gruppe))
            publisering.invite_new(samling, by=k)

    _refusing(monkeypatch, "ingen@example.no", etter=later)
    jobber.run(Jobb.objects.get().pk)

    assert [m.to for m in mail.outbox[1:]] == [[nye[0].epost]]
    assert Jobb.objects.get().status == Jobb.Status.FERDIG
    assert not publisering.letters(samling, publisering.INVITASJON).exists()


def test_calling_off_stops_the_invitations_that_are_going_out(scene, monkeypatch):
    _nettverk, gruppe, k, samling = scene
    forste, _andre = sorted([enhetsleder(gruppe) for _ in range(2)], key=lambda p: p.pk)
    publisering.publish(samling, by=k)
    samme_rad = Samling.objects.get(pk=samling.pk)
    _refusing(monkeypatch, "ingen@example.no", etter=lambda: publisering.cancel(samme_rad, by=k))

    jobber.run(Jobb.objects.get().pk)
    assert Jobb.objects.get(slag=publisering.INVITASJON).status == Jobb.Status.FERDIG
    _run_jobs()

    assert [(m.to, m.subject.split(": «")[0].split(" «")[0]) for m in mail.outbox] == [
        ([forste.epost], "Meld på gruppa til"),
        ([forste.epost], "Avlyst"),
    ]


def test_publishing_a_past_gathering_sends_nothing(scene):
    nettverk, gruppe, k, _samling = scene
    enhetsleder(gruppe)
    over = SamlingFactory(nettverk=nettverk, start=klokken(-9, 9), slutt=klokken(-9, 15))

    publisering.publish(over, by=k)

    assert Deltakelse.objects.filter(samling=over).count() == 1
    assert not Jobb.objects.exists()


def test_cancelled_gathering_cannot_be_published(scene):
    nettverk, _gruppe, k, _samling = scene
    avlyst = SamlingFactory(nettverk=nettverk, avlyst=True)

    with pytest.raises(ValidationError, match="avlyst"):
        publisering.publish(avlyst, by=k)


def test_cancelling_tells_those_who_were_told_once(scene):
    _nettverk, gruppe, k, samling = scene
    leder = enhetsleder(gruppe)
    gruppemedlem(gruppe)
    publisering.publish(samling, by=k)
    _run_jobs()

    publisering.cancel(samling, by=k)
    publisering.cancel(samling, by=k)
    _run_jobs()

    assert [(m.to, m.subject.split(":")[0]) for m in mail.outbox[1:]] == [([leder.epost], "Avlyst")]


def test_cancelling_before_the_letters_went_stops_them(scene):
    _nettverk, gruppe, k, samling = scene
    enhetsleder(gruppe)
    publisering.publish(samling, by=k)

    publisering.cancel(samling, by=k)
    _run_jobs()

    assert mail.outbox == []


def test_a_draft_is_deleted_and_a_published_gathering_is_not(scene):
    nettverk, _gruppe, _k, samling = scene
    publisert = SamlingFactory(nettverk=nettverk, publisert_=True)

    publisering.delete_draft(samling)
    with pytest.raises(ValidationError):
        publisering.delete_draft(publisert)

    assert list(Samling.objects.all()) == [publisert]
