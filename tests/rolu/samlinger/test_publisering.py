"""Publishing invites the right people once, and the letters go once."""

import datetime
import uuid

import pytest
from django.core import mail
from django.urls import reverse

from kommuner.gyldighet import idag, periode
from nettverk.arbeid import brev, jobber, utsending
from nettverk.arbeid.brev import try_again
from nettverk.models import Brev, Gruppe, Jobb, Mottakere, Rolle, Verv
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Deltakelse, Gjest, Samling
from rolu.samlinger import bekreftelse, publisering, samlingsbrev
from tests import smtp
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import GjestFactory, ProgrampostFactory, SamlingFactory, klokken

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    nettverk, gruppe = nettverk_med_enhet()
    return nettverk, gruppe, koordinator(nettverk), SamlingFactory(nettverk=nettverk)


def _and(*grupper: Gruppe) -> Mottakere:
    """Every unit, and these groups of the network."""
    return Mottakere(
        nettverk=grupper[0].nettverk, enheter=True, grupper=[gruppe.pk for gruppe in grupper]
    )


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

    publisering.publish(samling, by=k, mottakere=_and(fag))

    assert [(d.verv, d.kommune) for d in Deltakelse.objects.all()] == [(verv, kommune)]


def test_later_members_are_invited_and_get_their_own_letter(scene):
    nettverk, gruppe, k, samling = scene
    fag = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGNETTVERK)
    VervFactory(gruppe=fag)
    publisering.publish(samling, by=k, mottakere=_and(fag))
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


def test_a_substitute_for_somebody_who_has_left_is_let_go_and_told(scene):
    _nettverk, gruppe, k, samling = scene
    slutter, blir = (gruppemedlem(gruppe).verv.get() for _ in range(2))
    publisering.publish(samling, by=k)
    varaer = [
        GjestFactory(samling=samling, for_verv=verv, gruppe=gruppe) for verv in (slutter, blir)
    ]
    bekreftelse.tell(samling, personer=[], gjester=[g.pk for g in varaer], by=k)
    _run_jobs()
    Verv.objects.filter(pk=slutter.pk).update(gyldig=periode(None, samling.dato))

    publisering.invite_new(samling, by=k)

    for gjest in varaer:
        gjest.refresh_from_db()
    assert [g.status for g in varaer] == [Gjest.Status.AVMELDT, Gjest.Status.PAAMELDT]
    [letter] = Brev.objects.filter(slag=bekreftelse.AVMELDING)
    assert letter.epost == varaer[0].epost


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


@pytest.fixture
def tjener(settings):
    with smtp.posttjener() as tjener:
        smtp.use(settings, tjener)
        yield tjener


def _emner(tjener) -> list[tuple[str, str]]:
    brevene = [tjener.brev(n) for n in range(len(tjener.mottatt))]
    return [(b["To"], b["Subject"].strip().split(" til «")[0].split(":")[0]) for b in brevene]


def test_job_that_runs_twice_sends_nothing_twice(scene):
    _nettverk, gruppe, k, samling = scene
    enhetsleder(gruppe)
    publisering.publish(samling, by=k)

    _run_jobs()
    Jobb.objects.update(status=Jobb.Status.VENTER)
    _run_jobs()

    assert len(mail.outbox) == 1


def test_leader_of_one_more_group_gets_a_letter_for_that_one_alone(scene):
    nettverk, gruppe, k, samling = scene
    leder = enhetsleder(gruppe)
    publisering.publish(samling, by=k)
    _run_jobs()
    annen = GruppeFactory(
        nettverk=nettverk,
        utviklingsgruppe=True,
        enhet=EnhetFactory(kommune=gruppe.enhet.kommune_per()),
        navn="Den andre gruppa",
    )
    VervFactory(gruppe=annen, person=leder, rolle=Rolle.FORMELL_LEDER)

    publisering.invite_new(samling, by=k)
    publisering.invite_new(samling, by=k)
    _run_jobs()

    assert len(mail.outbox) == 2
    assert "Den andre gruppa" in mail.outbox[1].body
    assert not samlingsbrev.uninvited(samling).exists()


def test_invited_while_the_letters_go_get_theirs_in_the_same_job(scene, tjener):
    _nettverk, gruppe, k, samling = scene
    forste, andre = enhetsleder(gruppe), enhetsleder(gruppe)
    publisering.publish(samling, by=k)
    # Between two letters, as when another process does it.
    jobb = jobber.take(Jobb.objects.get().pk)
    claimed = utsending.claim(Brev.objects.all(), leie=jobb.leie)
    ny = enhetsleder(gruppe)
    publisering.invite_new(samling, by=k)
    Brev.objects.filter(pk=claimed.pk).update(tilstand="venter", leie_til=None)
    Jobb.objects.update(status=Jobb.Status.VENTER)

    _run_jobs()

    assert sorted(tjener.til) == sorted([forste.epost, andre.epost, ny.epost])
    assert Jobb.objects.get().status == Jobb.Status.FERDIG
    assert not samlingsbrev.uninvited(samling).exists()


def test_calling_off_stops_the_invitations_and_follows_the_one_on_its_way(scene, tjener):
    _nettverk, gruppe, k, samling = scene
    enhetsleder(gruppe), enhetsleder(gruppe)
    publisering.publish(samling, by=k)
    paa_vei = utsending.claim(Brev.objects.all(), leie=uuid.uuid4())

    publisering.cancel(samling, by=k)

    # The call-off waits for the invitation that is on its way, and goes after it.
    assert utsending.claim(Brev.objects.all(), leie=uuid.uuid4()) is None
    with utsending.Runde() as runde:
        runde.send(paa_vei)
    _run_jobs()
    assert _emner(tjener) == [(paa_vei.epost, "Meld på gruppa"), (paa_vei.epost, "Avlyst")]
    assert Brev.objects.filter(tilstand=Brev.Tilstand.TRUKKET).count() == 1


def test_a_refused_invitation_is_not_tried_again_after_the_call_off(scene, tjener):
    _nettverk, gruppe, k, samling = scene
    leder = enhetsleder(gruppe)
    tjener.nekter = {leder.epost: "550 Unknown user"}
    publisering.publish(samling, by=k)
    _run_jobs()

    publisering.cancel(samling, by=k)

    with pytest.raises(KanIkke, match="avlyst"):
        try_again(Brev.objects.all(), by=k)
    assert not Brev.objects.filter(slag=samlingsbrev.AVLYSNING).exists()


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

    with pytest.raises(KanIkke, match="avlyst"):
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
    with pytest.raises(KanIkke):
        publisering.delete_draft(publisert)

    assert list(Samling.objects.all()) == [publisert]


def test_the_invitation_to_a_meeting_has_its_agenda_and_that_to_all_the_units_has_not():
    nettverk = NettverkFactory()
    for type_, enheter, har in (
        ("nettverksmoete", True, True),
        ("annen", False, True),
        ("rolu", True, False),
    ):
        samling = SamlingFactory(nettverk=nettverk, type=type_)
        ProgrampostFactory(samling=samling, tittel="Forrige protokoll")
        ProgrampostFactory(samling=samling, tittel="Kaffe", arbeidsform="pause")
        ProgrampostFactory(samling=samling, tittel="Eventuelt")
        data = samlingsbrev.invitation_data(
            samling, [], Mottakere(nettverk=nettverk, enheter=enheter)
        )
        _emne, tekst = brev.read(
            "rolu/epost/invitasjon.txt",
            {"person": PersonFactory(), "nettverk": nettverk, **data},
        )
        assert ("Saker:\n1. Forrige protokoll\n2. Eventuelt\n" in tekst) is har, type_
        assert "Kaffe" not in tekst


def test_the_preview_is_the_letter_to_one_of_those_who_get_it(scene, client):
    _nettverk, gruppe, k, samling = scene
    leder = enhetsleder(gruppe)
    client.force_login(k)

    side = client.get(reverse("rolu:samling_publiser", args=[gruppe.nettverk.slug, samling.pk]))

    tekst = side.context["eposten"]["tekst"]
    assert f"Hei, {leder.get_short_name()}!" in tekst
    assert k.navn not in tekst
    assert f"Eksempelet er e-posten til {leder.navn}" in " ".join(side.content.decode().split())
