"""A leader signs up the group in one step; a member answers alone; nobody's answer is written over."""

import datetime
from importlib import import_module

import pytest
from django.db import connection
from django.urls import reverse

from kommuner.gyldighet import idag, periode
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Deltakelse
from rolu.samlinger import paamelding
from tests.kommuner.factories import LENGE_SIDEN
from tests.nettverk.factories import (
    VervFactory,
    gruppemedlem,
    koordinator,
)
from tests.rolu.factories import DeltakelseFactory, SamlingFactory, invited_group

pytestmark = pytest.mark.django_db
S = Deltakelse.Status


@pytest.fixture
def scene():
    return invited_group()


def url(samling) -> str:
    return reverse("rolu:paamelding", args=[samling.nettverk.slug, samling.pk])


def stand(samling, gruppe) -> str:
    [svar] = paamelding.group_answers(samling, [gruppe])
    return svar.stand


def _ticked(linje) -> str:
    [valgt] = [verdi for verdi, _ord, er_valgt in linje["valg"] if er_valgt]
    return valgt


def statuser(samling) -> dict[str, str]:
    return dict(
        Deltakelse.objects.filter(samling=samling).values_list("verv__person__navn", "status")
    )


def test_all_are_ticked_beforehand_and_one_press_signs_up_the_group(scene, client):
    samling, gruppe, leder, medlem = scene
    client.force_login(leder)

    side = client.get(url(samling))
    skjema = side.context["svar"][0]
    svar = client.post(
        url(samling),
        {
            "gruppe": gruppe.pk,
            "stand": skjema.svar.stand,
            **{linje["navn"]: "ja" for linje in skjema.linjer},
        },
        follow=True,
    )

    assert [_ticked(linje) for linje in skjema.linjer] == ["ja", "ja"]
    assert statuser(samling) == {leder.navn: S.PAAMELDT, medlem.navn: S.PAAMELDT}
    assert f"2 fra {gruppe} er påmeldt." in svar.content.decode()


def test_one_without_a_tick_is_declined(scene):
    samling, gruppe, leder, medlem = scene

    paamelding.sign_up_group(
        samling,
        gruppe=gruppe,
        kommer=[leder.verv.get().pk],
        stand=stand(samling, gruppe),
        by=leder,
    )

    assert statuser(samling) == {leder.navn: S.PAAMELDT, medlem.navn: S.AVMELDT}


def test_one_who_came_into_the_group_after_the_invitation_is_taken_with(scene):
    samling, gruppe, leder, _medlem = scene
    ny = gruppemedlem(gruppe)

    paamelding.sign_up_group(
        samling,
        gruppe=gruppe,
        kommer=[ny.verv.get().pk],
        stand=stand(samling, gruppe),
        by=leder,
    )

    rad = Deltakelse.objects.get(verv__person=ny)
    assert (rad.status, rad.kommune) == (S.PAAMELDT, gruppe.enhet.kommune_per())


def test_verv_that_has_ended_is_not_among_the_choices(scene):
    samling, gruppe, _leder, _medlem = scene
    gammel = VervFactory(gruppe=gruppe, gyldig=periode(datetime.date(2020, 1, 1), idag()))
    DeltakelseFactory(samling=samling, verv=gammel)

    [svar] = paamelding.group_answers(samling, [gruppe])

    assert gammel.pk not in [m.verv.pk for m in svar.medlemmer]


def test_a_tab_opened_before_somebody_else_answered_is_stopped_and_keeps_its_ticks(scene, client):
    samling, gruppe, leder, medlem = scene
    gammel_stand = stand(samling, gruppe)
    paamelding.answer(Deltakelse.objects.get(verv__person=medlem), kommer=False, by=medlem)
    client.force_login(leder)
    valgt = leder.verv.get().pk

    svar = client.post(
        url(samling),
        {
            "gruppe": gruppe.pk,
            "stand": gammel_stand,
            f"svar_{valgt}": "ja",
            f"svar_{medlem.verv.get().pk}": "ja",
        },
    )

    assert svar.status_code == 409
    assert "Noen andre har svart for gruppa" in svar.content.decode()
    assert "Lagret nå: avmeldt" in svar.text
    assert [_ticked(linje) for linje in svar.context["svar"][0].linjer] == ["ja", "ja"]
    assert statuser(samling) == {leder.navn: S.INVITERT, medlem.navn: S.AVMELDT}


def test_after_the_deadline_the_message_says_when_and_whom_to_ask(scene, client):
    samling, gruppe, leder, _medlem = scene
    k = koordinator(samling.nettverk)
    samling.paameldingsfrist = idag() - datetime.timedelta(days=1)
    samling.save(update_fields=["paameldingsfrist"])
    client.force_login(leder)

    html = client.get(url(samling)).content.decode()
    svar = client.post(url(samling), {"gruppe": gruppe.pk, "stand": stand(samling, gruppe)})

    assert "Påmeldingsfristen har gått ut." in html
    assert k.navn in html
    assert svar.status_code == 409
    assert set(statuser(samling).values()) == {S.INVITERT}


def test_coordinator_may_answer_for_a_group_after_the_deadline(scene, client):
    samling, gruppe, _leder, medlem = scene
    samling.paameldingsfrist = idag() - datetime.timedelta(days=1)
    samling.save(update_fields=["paameldingsfrist"])
    client.force_login(koordinator(samling.nettverk))

    svar = client.post(
        url(samling),
        {
            "gruppe": gruppe.pk,
            "stand": stand(samling, gruppe),
            f"svar_{medlem.verv.get().pk}": "ja",
        },
    )

    assert svar.status_code == 302
    assert statuser(samling)[medlem.navn] == S.PAAMELDT


@pytest.mark.parametrize(
    ("trekk", "melding"),
    [({"avlyst": True}, "avlyst"), ({"avholdt": True}, "over"), ({}, "åpner når")],
)
def test_closed_gatherings_say_why(trekk, melding):
    samling = SamlingFactory(**trekk)
    with pytest.raises(KanIkke, match=melding):
        paamelding.require_open(samling)


def test_leader_cannot_answer_for_another_group(scene, client):
    samling, _gruppe, leder, _medlem = scene
    annet = DeltakelseFactory(samling=samling)
    client.force_login(leder)

    svar = client.post(
        url(samling), {"gruppe": annet.verv.gruppe_id, "stand": "x", f"svar_{annet.verv_id}": "ja"}
    )

    assert svar.status_code == 403


def test_member_answers_for_themselves_and_nobody_else(scene, client):
    samling, _gruppe, leder, medlem = scene
    egen = Deltakelse.objects.get(verv__person=medlem)
    lederens = Deltakelse.objects.get(verv__person=leder)
    client.force_login(medlem)

    client.post(url(samling), {"deltakelse": egen.pk, "svar": "nei"})
    fremmed = client.post(url(samling), {"deltakelse": lederens.pk, "svar": "nei"})

    assert fremmed.status_code == 404
    assert statuser(samling) == {leder.navn: S.INVITERT, medlem.navn: S.AVMELDT}


def test_the_same_answer_twice_changes_nothing(scene):
    _samling, _gruppe, _leder, medlem = scene
    egen = Deltakelse.objects.get(verv__person=medlem)

    forste = paamelding.answer(egen, kommer=True, by=medlem)
    andre = paamelding.answer(egen, kommer=True, by=medlem)

    assert forste.svart == andre.svart


def test_page_costs_the_same_with_one_and_many_members(scene, client, django_assert_num_queries):
    samling, gruppe, leder, _medlem = scene
    client.force_login(leder)
    for _ in range(2):
        client.get(url(samling))
        with django_assert_num_queries(13):  # one of them for the rail's counts
            client.get(url(samling))
        gruppemedlem(gruppe)
        gruppemedlem(gruppe)


def test_those_who_stood_on_the_old_waiting_list_are_invited():
    """What the upgrade does to such rows; no page knows the status."""
    migrering = import_module("rolu.migrations.0003_uten_versjon").Migration
    rad, svart = DeltakelseFactory(), DeltakelseFactory(status=S.AVMELDT)
    Deltakelse.objects.filter(pk=rad.pk).update(status="venter")

    with connection.cursor() as peker:
        peker.execute(migrering.operations[0].sql)

    rad.refresh_from_db()
    svart.refresh_from_db()
    assert (rad.status, svart.status) == (S.INVITERT, S.AVMELDT)


def test_one_answers_only_by_what_holds_on_the_day(scene):
    samling, gruppe, _leder, medlem = scene
    gammelt = VervFactory(gruppe=gruppe, person=medlem, gyldig=periode(LENGE_SIDEN, idag()))
    d = DeltakelseFactory(samling=samling, verv=gammelt, status=S.AVMELDT)

    paamelding.answer(
        Deltakelse.objects.get(samling=samling, verv=medlem.verv.gyldig().get()),
        kommer=True,
        by=medlem,
    )

    d.refresh_from_db()
    assert d.status == S.AVMELDT
    medlem.verv.gyldig().get().end()
    with pytest.raises(KanIkke):
        paamelding.answer(d, kommer=True, by=medlem)
