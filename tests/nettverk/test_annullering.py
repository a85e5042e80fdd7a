"""A mistaken appointment is taken back the same day: it never held, and what was done is listed."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag, periode
from nettverk.annullering import annul, done_meanwhile, has_other_verv
from nettverk.arbeid import jobber
from nettverk.grupper import may_change_function
from nettverk.innlogging.opplysninger import gather
from nettverk.invitasjon import invite
from nettverk.models import Gruppe, Jobb, Person, Rolle, Ubesvart, Verv
from nettverk.mottakere.skjema import MottakereForm
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for
from nettverk.verv import appoint, can_end, decline, end, end_many
from tests.kommuner.factories import LENGE_SIDEN
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    koordinator,
    nettverk_med_enhet,
)
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db


def _url(verv: Verv) -> str:
    gruppe = verv.gruppe
    return reverse("nettverk:verv_annuller", args=[gruppe.nettverk.slug, gruppe.pk, verv.pk])


def _given_before_today(verv: Verv) -> None:
    i_gaar = timezone.now() - datetime.timedelta(days=1)
    Verv.pgh_event_model.objects.filter(pgh_obj=verv).update(pgh_created_at=i_gaar)


def test_access_is_gone_at_once_also_on_a_page_that_is_open(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    verv = VervFactory(gruppe=gruppe)
    client.force_login(verv.person)
    side = reverse("nettverk:gruppe", args=[nettverk.slug, gruppe.pk])
    foer = client.get(side).status_code

    annul(verv, by=koordinator(nettverk))

    assert (foer, client.get(side).status_code) == (200, 403)
    assert not roller_for(Person.objects.get(pk=verv.person_id), nettverk).er_medlem


def test_it_never_held_leaves_a_trace_and_makes_room_for_the_same_again():
    nettverk, gruppe = nettverk_med_enhet()
    verv = VervFactory(gruppe=gruppe)

    annul(verv, by=koordinator(nettverk))

    verv.refresh_from_db()
    assert verv.gyldig.isempty
    assert verv.annullert is not None
    assert not can_end(verv)
    assert not Verv.objects.filter(pk=verv.pk).gyldig(verv.annullert.date()).exists()
    VervFactory(person=verv.person, gruppe=gruppe, rolle=verv.rolle)
    historie = Verv.pgh_event_model.objects.filter(pgh_obj=verv).order_by("pgh_id")
    assert [h.annullert is None for h in historie] == [True, False]


def test_the_database_lets_nothing_annulled_hold():
    verv = VervFactory()

    with pytest.raises(IntegrityError, match="verv_annullert_gjaldt_aldri"), transaction.atomic():
        Verv.objects.filter(pk=verv.pk).update(annullert=timezone.now())


def test_what_was_given_before_today_is_ended_not_annulled(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    verv = VervFactory(gruppe=gruppe)
    _given_before_today(verv)
    client.force_login(koordinator(nettverk))

    with pytest.raises(KanIkke, match="lagt inn i dag"):
        annul(verv, by=PersonFactory())
    svar = client.post(_url(verv), follow=True)

    assert "lagt inn i dag" in svar.content.decode()
    verv.refresh_from_db()
    assert verv.er_gyldig()


def test_the_last_coordinator_is_not_annulled():
    nettverk = NettverkFactory()
    siste = koordinator(nettverk)

    with pytest.raises(KanIkke, match="alltid ha noen som koordinerer"):
        annul(siste.verv.get(), by=siste)


def test_what_was_done_meanwhile_is_listed_before_and_after(client: Client):
    nettverk = NettverkFactory()
    gruppe = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.KOORDINERINGSGRUPPE)
    feil = VervFactory(gruppe=gruppe, rolle=Rolle.KOORDINATOR)
    annen = GruppeFactory(nettverk=nettverk, navn="Arbeidsgruppa")
    client.force_login(feil.person)
    client.post(
        reverse("nettverk:gruppe_ny", args=[nettverk.slug]),
        {"navn": "Gjengen", "type": "annen", "fra": idag().isoformat(), "navn_i_setning": ""},
    )
    client.post(
        reverse("nettverk:verv_ny", args=[nettverk.slug, annen.pk]),
        {
            "navn": "Per",
            "epost": "per@demo.example",
            "rolle": Rolle.MEDLEM,
            "fra": idag().isoformat(),
            "inviter": "on",
        },
    )
    client.force_login(koordinator(nettverk))

    foer = client.get(_url(feil)).content.decode()
    etter = client.post(_url(feil), follow=True).content.decode()

    for html in (foer, etter):
        assert "Per" in html
        assert "Invitasjon til nettverket" in html
    assert f"Vervet til {feil.person.navn} er annullert" in etter


def test_a_leader_is_not_shown_what_was_done_by_another_place(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    person = koordinator(nettverk)
    verv = VervFactory(person=person, gruppe=gruppe)
    annen = GruppeFactory(nettverk=nettverk)
    client.force_login(person)
    client.post(
        reverse("nettverk:verv_ny", args=[nettverk.slug, annen.pk]),
        {
            "navn": "Per Hemmelig",
            "epost": "per@demo.example",
            "rolle": Rolle.MEDLEM,
            "fra": idag().isoformat(),
        },
    )
    leder = Client()
    leder.force_login(enhetsleder(gruppe))

    html = leder.get(_url(verv)).content.decode()

    assert "Hemmelig" in {ett.tittel.split(" ")[-1] for ett in done_meanwhile(verv)}
    assert "Hemmelig" not in html
    assert "Koordinatoren kan se" in html


@pytest.mark.parametrize(
    ("dager", "annullert", "skjules"),
    [(1, False, True), (3, False, False), (2, True, True), (3, True, False)],
    ids=["ended since", "ended before", "annulled that day too", "annulled before"],
)
def test_what_counts_as_another_place_is_asked_of_the_days_it_stood(dager, annullert, skjules):
    """The Verv was given and annulled two days ago; the other place ended so many days ago."""
    nettverk, gruppe = nettverk_med_enhet()
    verv = VervFactory(gruppe=gruppe)
    koordinator(nettverk)
    annet = VervFactory(gruppe=GruppeFactory(nettverk=nettverk), person=verv.person)
    for ett in (verv, annet) if annullert else (verv,):
        annul(ett, by=PersonFactory())
    _happened(verv, 2)
    if annullert:
        _happened(annet, dager)
    else:
        naar = idag() - datetime.timedelta(days=dager)
        Verv.objects.filter(pk=annet.pk).update(gyldig=periode(LENGE_SIDEN, naar))

    assert has_other_verv(Verv.objects.get(pk=verv.pk)) is skjules


def _happened(verv: Verv, dager: int) -> None:
    """Given and annulled so many days ago."""
    naar = timezone.now() - datetime.timedelta(days=dager)
    Verv.objects.filter(pk=verv.pk).update(annullert=naar)
    Verv.pgh_event_model.objects.filter(pgh_obj=verv).update(pgh_created_at=naar)


def test_many_are_ended_though_one_was_annulled_meanwhile():
    gruppe = GruppeFactory()
    verv = [VervFactory(gruppe=gruppe), VervFactory(gruppe=gruppe)]
    annul(Verv.objects.get(pk=verv[0].pk), by=PersonFactory())

    end_many(verv, siste_dag=idag(), by=None)

    annullert, avsluttet = Verv.objects.filter(gruppe=gruppe).order_by("pk")
    assert annullert.gyldig.isempty
    assert avsluttet.siste_dag == idag()


def test_what_ended_meanwhile_never_lasts_longer_by_being_ended_again():
    verv = VervFactory(gruppe=GruppeFactory())
    Verv.objects.get(pk=verv.pk).end()

    with pytest.raises(KanIkke, match="allerede avsluttet"):
        end(verv=verv, siste_dag=idag() + datetime.timedelta(days=9), by=PersonFactory())
    end_many([verv], siste_dag=idag() + datetime.timedelta(days=9), by=None)

    verv.refresh_from_db()
    assert verv.til == idag()


def test_somebody_written_down_by_mistake_is_waited_for_no_longer():
    nettverk, gruppe = nettverk_med_enhet()
    konto = PersonFactory(epost="kari@demo.example")
    by = koordinator(nettverk)
    verv = appoint(
        gruppe=gruppe,
        navn="Kari",
        epost=konto.epost,
        rolle=Rolle.MEDLEM,
        gyldig=periode(idag()),
        by=by,
    )

    annul(verv, by=by)

    assert not Ubesvart.objects.filter(nettverk=nettverk).exists()
    stedfortreder = Person.objects.get(pk=verv.person_id)
    assert (stedfortreder.is_active, stedfortreder.oppgitt_epost) == (False, "")
    konto.refresh_from_db()
    assert konto.is_active


def _send() -> None:
    for jobb in Jobb.objects.active():
        jobber.run(jobb.pk)


@pytest.mark.parametrize("har_konto", [True, False])
def test_an_invitation_that_has_gone_is_taken_back_by_a_letter_and_the_page_says_so(
    client: Client, mailoutbox, har_konto
):
    nettverk, gruppe = nettverk_med_enhet()
    k = koordinator(nettverk)
    if har_konto:
        PersonFactory(epost="kari@demo.example")
    verv = appoint(
        gruppe=gruppe,
        navn="Kari Nes",
        epost="kari@demo.example",
        rolle=Rolle.MEDLEM,
        gyldig=periode(idag()),
        by=k,
    )
    client.force_login(k)
    assert "får ingen e-post om dette" in client.get(_url(verv)).content.decode()
    invite([verv.person_id], nettverk=nettverk, by=k)
    _send()
    mailoutbox.clear()

    assert "får e-post om at den var en feil" in " ".join(client.get(_url(verv)).text.split())
    for _gang in range(2):
        etter = client.post(_url(verv), follow=True)
    _send()

    assert "Kari Nes får e-post om at invitasjonen var en feil." in " ".join(etter.text.split())
    [brev] = mailoutbox
    assert (brev.to, "var en feil" in brev.subject) == (["kari@demo.example"], True)
    assert str(gruppe.navn) in brev.body


def test_an_invitation_that_waits_is_not_sent_and_nothing_is_taken_back(client: Client, mailoutbox):
    nettverk, gruppe = nettverk_med_enhet()
    k = koordinator(nettverk)
    verv = VervFactory(gruppe=gruppe)
    invite([verv.person_id], nettverk=nettverk, by=k)
    client.force_login(k)

    client.post(_url(verv))
    _send()

    assert mailoutbox == []


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_who_annul_each_other_at_once_leave_one():
    nettverk = NettverkFactory()
    en, to = koordinator(nettverk), koordinator(nettverk)

    svar = at_once(
        lambda: annul(to.verv.get(), by=en),
        lambda: annul(en.verv.get(), by=to),
        holding=nettverk,
    )

    assert kinds(svar) == ["KanIkke", "ok"]
    assert Verv.objects.gyldig().count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_who_ends_and_one_who_annuls_at_once_make_one_of_it():
    nettverk = NettverkFactory()
    koordinator(nettverk)
    verv = VervFactory(gruppe=GruppeFactory(nettverk=nettverk))
    by = PersonFactory()

    svar = at_once(
        lambda: annul(verv, by=by),
        lambda: end(verv=Verv.objects.get(pk=verv.pk), siste_dag=idag(), by=by),
    )

    verv.refresh_from_db()
    # Annulled whoever came first: nothing holds again that was annulled.
    assert verv.gyldig.isempty
    assert kinds(svar) in (["KanIkke", "ok"], ["ok", "ok"])


def test_only_who_may_change_the_group_is_given_what_was_annulled(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    sjef = koordinator(nettverk)
    verv = VervFactory(gruppe=gruppe)
    annul(verv, by=sjef)
    side = reverse("nettverk:gruppe", args=[nettverk.slug, gruppe.pk])
    sett = []
    for person in (sjef, VervFactory(gruppe=gruppe).person):
        client.force_login(person)
        sett.append(client.get(side).context["annullerte"])

    assert sett == [[verv], []]


@pytest.mark.django_db(transaction=True)
def test_one_who_annuls_and_one_who_answers_no_at_once_never_wait_for_each_other():
    nettverk, gruppe = nettverk_med_enhet()
    konto, by = PersonFactory(epost="kari@demo.example"), koordinator(nettverk)
    verv = appoint(
        gruppe=gruppe,
        navn="Kari",
        epost=konto.epost,
        rolle=Rolle.MEDLEM,
        gyldig=periode(idag()),
        by=by,
    )
    ubesvart = Ubesvart.objects.get(konto=konto)

    svar = at_once(lambda: annul(verv, by=by), lambda: decline(ubesvart), holding=gruppe)

    assert kinds(svar) in (["KanIkke", "ok"], ["ok", "ok"])
    verv.refresh_from_db()
    assert not can_end(verv)


# --- it counts nowhere as held


def test_the_question_whether_it_is_you_names_only_what_would_hold(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    konto, by = PersonFactory(epost="kari@demo.example"), koordinator(nettverk)
    annen = GruppeFactory(nettverk=nettverk, navn="Feilgruppa")
    felt = {"navn": "Kari", "epost": konto.epost, "gyldig": periode(idag()), "by": by}
    appoint(gruppe=gruppe, rolle=Rolle.UTVIKLINGSLAERER, **felt)
    annul(appoint(gruppe=annen, rolle=Rolle.MEDLEM, **felt), by=by)
    client.force_login(konto)

    html = client.get(reverse("nettverk:konto_svar")).text

    assert gruppe.navn in html
    assert "Feilgruppa" not in html


def test_one_who_was_only_annulled_is_told_so_and_whom_to_ask(client: Client):
    nettverk = NettverkFactory()
    verv, by = VervFactory(gruppe=GruppeFactory(nettverk=nettverk)), koordinator(nettverk)
    annul(verv, by=by)
    client.force_login(verv.person)

    html = client.get(reverse("nettverk:etter_innlogging")).text

    assert "ble annullert" in html
    assert by.navn in html


def test_ones_own_data_say_that_it_was_annulled():
    verv = VervFactory()
    annul(verv, by=PersonFactory())

    [bit] = [bit for bit in gather(verv.person) if bit.tittel == "Verv"]

    verv.refresh_from_db()
    assert bit.rader[0]["annullert"] == verv.annullert


def test_one_who_was_only_annulled_is_nobody_to_write_to():
    nettverk = NettverkFactory()
    verv = VervFactory(gruppe=GruppeFactory(nettverk=nettverk))
    annul(verv, by=koordinator(nettverk))

    form = MottakereForm(QueryDict(f"til-personer={verv.person_id}"), nettverk=nettverk)

    assert "personer" in form.errors


def test_a_first_member_by_mistake_does_not_lock_what_the_group_is_for():
    verv = VervFactory()
    foer = may_change_function(verv.gruppe)

    annul(verv, by=PersonFactory())

    assert (foer, may_change_function(verv.gruppe)) == (False, True)
