"""When a Verv ends, what lies ahead goes to the successor or closes, and whoever ends it is told."""

import datetime

import pghistory
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kommuner.gyldighet import idag
from nettverk.annullering import done_meanwhile
from nettverk.models import Brev, Gruppe, Person, Rolle
from nettverk.overtakelse import in_words, left_behind, succession
from nettverk.tilgang.roller import roller_for
from nettverk.verv import end, end_many
from rolu.models import Deltakelse, Mellomarbeid
from rolu.samlinger import flater as samlingsflater
from tests.nettverk.factories import (
    GruppeFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import DeltakelseFactory, OppdragFactory, SamlingFactory

pytestmark = pytest.mark.django_db

EN_DAG = datetime.timedelta(days=1)


def _end(verv, siste_dag=None):
    return end(verv=verv, siste_dag=siste_dag or idag(), by=koordinator(verv.gruppe.nettverk))


def _two_leaders():
    nettverk, gruppe = nettverk_med_enhet()
    gammel = enhetsleder(gruppe).verv.get()
    ny = VervFactory(gruppe=gruppe, rolle=Rolle.FORMELL_LEDER, person__navn="Kari Nes")
    return nettverk, gammel, ny


def test_an_open_invitation_goes_to_the_one_who_has_the_role_now():
    nettverk, gammel, ny = _two_leaders()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    d = DeltakelseFactory(samling=samling, verv=gammel, status=Deltakelse.Status.PAAMELDT)

    etterlatt = _end(gammel)

    d.refresh_from_db()
    # Another person: they have not answered.
    assert (d.verv, d.status, d.svart) == (ny, Deltakelse.Status.INVITERT, None)
    assert [str(s) for s in in_words(etterlatt)] == ["1 oppgave flyttes til Kari Nes."]


def test_without_a_successor_the_invitation_closes_and_its_letter_is_not_sent():
    nettverk, gruppe = nettverk_med_enhet()
    verv = VervFactory(gruppe=gruppe)
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    brev = Brev.objects.create(
        nettverk=nettverk,
        til=verv.person,
        epost=verv.person.epost,
        slag="rolu.invitasjon",
        sending="9b5b1a52-2f3f-4c2a-8f3f-0a2a5f3c1d11",
        spraak="nb",
        emne="Samling",
        tekst="Kom",
        melding_id="<a@b>",
        noekkel="a",
    )
    d = DeltakelseFactory(samling=samling, verv=verv, invitasjon=brev)

    etterlatt = _end(verv)

    d.refresh_from_db()
    brev.refresh_from_db()
    assert d.status == Deltakelse.Status.AVMELDT
    assert brev.tilstand == Brev.Tilstand.TRUKKET
    assert [str(s) for s in in_words(etterlatt)] == ["1 invitasjon faller bort."]


def test_what_comes_before_the_last_day_and_what_is_over_stand():
    nettverk, gammel, _ny = _two_leaders()
    foer = DeltakelseFactory(
        samling=SamlingFactory(nettverk=nettverk, publisert_=True), verv=gammel
    )
    over = DeltakelseFactory(samling=SamlingFactory(nettverk=nettverk, avholdt=True), verv=gammel)

    assert _end(gammel, siste_dag=idag() + 30 * EN_DAG) == []

    for d in (foer, over):
        d.refresh_from_db()
        assert d.verv == gammel


def test_a_colleague_who_is_an_ordinary_member_takes_over_nothing():
    nettverk, gruppe = nettverk_med_enhet()
    verv, _andre = VervFactory(gruppe=gruppe), VervFactory(gruppe=gruppe)
    d = DeltakelseFactory(samling=SamlingFactory(nettverk=nettverk, publisert_=True), verv=verv)

    _end(verv)

    d.refresh_from_db()
    assert d.verv == verv


def test_a_gathering_to_lead_goes_to_the_next_leader_of_the_process():
    gruppe = GruppeFactory(type=Gruppe.Type.PROSESSNETTVERK)
    gammel = VervFactory(gruppe=gruppe, rolle=Rolle.LEDER)
    ny = VervFactory(gruppe=gruppe, rolle=Rolle.LEDER)
    samling = SamlingFactory(nettverk=gruppe.nettverk, publisert_=True)
    holdt = SamlingFactory(nettverk=gruppe.nettverk, avholdt=True)
    for en in (samling, holdt):
        en.prosessledere.add(gammel.person)

    _end(gammel)

    assert list(samling.prosessledere.all()) == [ny.person]
    assert list(holdt.prosessledere.all()) == [gammel.person]


def test_a_gathering_whose_leader_leaves_says_so_until_somebody_leads_it(client: Client):
    gruppe = GruppeFactory(type=Gruppe.Type.PROSESSNETTVERK)
    gammel = VervFactory(gruppe=gruppe, rolle=Rolle.LEDER)
    ny = VervFactory(gruppe=gruppe)
    nettverk = gruppe.nettverk
    ledet, aldri_ledet, tatt_av = (
        SamlingFactory(nettverk=nettverk, publisert_=True, tittel=tittel)
        for tittel in ("Fagdagen", "Aldri ledet", "Tatt av")
    )
    ledet.prosessledere.add(gammel.person)
    tatt_av.prosessledere.add(ny.person)
    tatt_av.prosessledere.clear()
    k = koordinator(nettverk)
    client.force_login(k)

    def sagt() -> tuple[list[str], list[bool]]:
        saker = samlingsflater.gjoremaal(roller_for(Person.objects.get(pk=k.pk), nettverk))
        sider = [
            "Ingen leder samlingen" in client.get(f"/{nettverk.slug}/samlinger/{s.pk}/").text
            for s in (ledet, aldri_ledet, tatt_av)
        ]
        return [str(sak.tittel) for sak in saker], sider

    assert sagt() == ([], [False] * 3)
    [rest] = [e for e in _end(gammel) if not e.til]
    assert rest.url == f"/{nettverk.slug}/samlinger/{ledet.pk}/rediger/#id_prosessledere_0"
    assert 'id="id_prosessledere_0"' in client.get(rest.url).text
    assert sagt() == (["Ingen leder «Fagdagen»"], [True, False, False])
    ledet.prosessledere.add(ny.person)
    assert sagt() == ([], [False] * 3)


def test_whoever_ends_a_leader_without_a_successor_sees_what_has_nobody(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe).verv.get()
    arbeid = Mellomarbeid.objects.create(oppdrag=OppdragFactory(nettverk=nettverk), gruppe=gruppe)
    client.force_login(koordinator(nettverk))
    url = reverse("nettverk:verv_avslutt", args=[nettverk.slug, gruppe.pk, leder.pk])

    foer = client.get(url).content.decode()
    etter = client.post(url, {"siste_dag": idag().isoformat()}, follow=True).content.decode()

    lenke = reverse("rolu:mellomarbeid", args=[nettverk.slug, arbeid.pk])
    for html in (foer, etter):
        assert "1 oppgave står uten ansvarlig." in html
        assert lenke in html


def test_what_was_done_by_mistake_is_named_and_leads_where_the_reader_may_go(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    verv = VervFactory(gruppe=gruppe, rolle=Rolle.FORMELL_LEDER)
    oppdrag = OppdragFactory(nettverk=nettverk, tittel="Tell ute")
    arbeid = Mellomarbeid.objects.create(oppdrag=oppdrag, gruppe=gruppe)
    side = reverse("rolu:mellomarbeid", args=[nettverk.slug, arbeid.pk])
    with pghistory.context(user=verv.person_id, url=side):
        Mellomarbeid.objects.filter(pk=arbeid.pk).update(status=Mellomarbeid.Status.KLADD)
    client.force_login(koordinator(nettverk))

    url = reverse("nettverk:verv_annuller", args=[nettverk.slug, gruppe.pk, verv.pk])
    html = " ".join(client.get(url).text.split())

    assert f'href="{side}" lang="{nettverk.maalform}" >Tell ute</a>' in html
    # Nobody reads it: no page is open.
    assert ("Tell ute", "") in {(ett.tittel, ett.url) for ett in done_meanwhile(verv)}


def test_many_end_in_as_many_queries_as_one():
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)

    def cost(antall: int) -> int:
        verv = VervFactory.create_batch(antall, gruppe=gruppe)
        for ett in verv:
            DeltakelseFactory(samling=samling, verv=ett)
        with CaptureQueriesContext(connection) as spoerringer:
            end_many(verv, siste_dag=idag(), by=None)
        # The security log has a line for each.
        return len([q for q in spoerringer if "nettverk_sikkerhetshendelse" not in q["sql"]])

    cost(1)
    assert cost(2) == cost(12)


def test_looking_changes_nothing():
    nettverk, gammel, _ny = _two_leaders()
    d = DeltakelseFactory(samling=SamlingFactory(nettverk=nettverk, publisert_=True), verv=gammel)

    assert len(left_behind(succession([gammel], idag() + EN_DAG))) == 1

    d.refresh_from_db()
    assert d.verv == gammel


def test_running_it_twice_moves_nothing_more():
    nettverk, gammel, ny = _two_leaders()
    d = DeltakelseFactory(samling=SamlingFactory(nettverk=nettverk, publisert_=True), verv=gammel)
    by = PersonFactory()
    end_many([gammel], siste_dag=idag(), by=by)
    Deltakelse.objects.filter(pk=d.pk).update(status=Deltakelse.Status.PAAMELDT)

    end_many([gammel], siste_dag=idag(), by=by)

    d.refresh_from_db()
    assert (d.verv, d.status) == (ny, Deltakelse.Status.PAAMELDT)
