"""When a Verv ends, what lies ahead goes to the successor or closes, and whoever ends it is told."""

import datetime

import pghistory
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag
from nettverk.annullering import annul, done_meanwhile
from nettverk.models import Brev, Gruppe, Person, Rolle
from nettverk.overtakelse import in_words, left_behind, succession
from nettverk.rettelse import correct, state_of
from nettverk.tilgang.roller import roller_for
from nettverk.verv import end, end_many
from rolu import opplysninger
from rolu.models import Behov, Deltakelse, Endringsoenske, Gjest, Mellomarbeid
from rolu.samlinger import bekreftelse, paamelding
from rolu.samlinger import flater as samlingsflater
from rolu.samlinger.skranketall import totals
from tests.nettverk.factories import (
    GruppeFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    koordinator,
    nettverk_med_enhet,
)
from tests.nettverk.folkeimport.liste import confirm, preview
from tests.rolu.factories import DeltakelseFactory, GjestFactory, OppdragFactory, SamlingFactory
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db

EN_DAG = datetime.timedelta(days=1)


def _end(verv, siste_dag=None):
    return end(verv=verv, siste_dag=siste_dag or idag(), by=koordinator(verv.gruppe.nettverk))


def _letter(verv) -> Brev:
    """An invitation that waits."""
    return Brev.objects.create(
        nettverk=verv.gruppe.nettverk,
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
    brev = _letter(verv)
    d = DeltakelseFactory(samling=samling, verv=verv, invitasjon=brev)

    etterlatt = _end(verv)

    brev.refresh_from_db()
    # Nobody said no: it is gone, and counts neither as invited nor as declined.
    assert not Deltakelse.objects.filter(pk=d.pk).exists()
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

    assert not Deltakelse.objects.filter(samling=d.samling).exists()


def test_who_had_said_yes_and_leaves_has_declined():
    verv = VervFactory(gruppe=nettverk_med_enhet()[1])
    samling = SamlingFactory(nettverk=verv.gruppe.nettverk, publisert_=True)
    d = DeltakelseFactory(samling=samling, verv=verv, status=Deltakelse.Status.PAAMELDT)

    _end(verv)

    d.refresh_from_db()
    assert (d.verv, d.status) == (verv, Deltakelse.Status.AVMELDT)


@pytest.mark.parametrize("status", Deltakelse.Status.values)
def test_an_annulled_verv_was_invited_to_nothing(status: str):
    nettverk, gruppe = nettverk_med_enhet()
    verv = VervFactory(gruppe=gruppe)
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    DeltakelseFactory(samling=samling, verv=verv, status=status)

    annul(verv, by=koordinator(nettverk))

    assert set(totals(samling).values()) == {0}


def test_a_letter_that_invites_for_two_groups_still_goes_when_one_of_the_verv_ends():
    nettverk, gruppe = nettverk_med_enhet()
    verv = VervFactory(gruppe=gruppe)
    annet = VervFactory(gruppe=GruppeFactory(nettverk=nettverk), person=verv.person)
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    brev = _letter(verv)
    for ett in (verv, annet):
        DeltakelseFactory(samling=samling, verv=ett, invitasjon=brev)

    _end(verv)
    foerst = Brev.objects.get(pk=brev.pk).tilstand
    _end(annet)

    assert foerst == Brev.Tilstand.VENTER
    assert Brev.objects.get(pk=brev.pk).tilstand == Brev.Tilstand.TRUKKET


def test_the_same_person_by_another_address_has_still_answered_and_is_written_to_there():
    nettverk, gruppe = nettverk_med_enhet()
    verv, by = VervFactory(gruppe=gruppe), koordinator(nettverk)
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    brev = _letter(verv)
    DeltakelseFactory(
        samling=samling, verv=verv, status=Deltakelse.Status.PAAMELDT, invitasjon=brev
    )
    Behov.objects.create(samling=samling, person=verv.person, valg=["egg"])

    correct(
        verv.person,
        navn=verv.person.navn,
        epost="ny@demo.example",
        stand=state_of(verv.person),
        roller=roller_for(by, nettverk),
        by=by,
    )

    d = Deltakelse.objects.get(samling=samling)
    assert (d.verv.person.epost, d.status) == ("ny@demo.example", Deltakelse.Status.PAAMELDT)
    brev.refresh_from_db()
    assert (brev.til, brev.epost) == (d.verv.person, "ny@demo.example")
    assert (d.invitasjon, brev.tilstand) == (brev, Brev.Tilstand.VENTER)
    assert Behov.objects.get().person == d.verv.person


def test_what_belongs_to_a_part_that_is_off_follows_and_is_not_shown():
    nettverk, gruppe = nettverk_med_enhet(uten_deler=["samlinger"])
    verv = enhetsleder(gruppe).verv.get()
    DeltakelseFactory(samling=SamlingFactory(nettverk=nettverk, publisert_=True), verv=verv)
    oppdrag = OppdragFactory(nettverk=nettverk)
    Mellomarbeid.objects.create(oppdrag=oppdrag, gruppe=gruppe)

    etterlatt = _end(verv)

    assert [str(s) for s in in_words(etterlatt)] == ["1 oppgave står uten ansvarlig."]
    assert not Deltakelse.objects.filter(verv=verv).exists()


def _group_ends(client: Client, verv, sjef):
    nettverk, gruppe = verv.gruppe.nettverk, verv.gruppe
    url = reverse("nettverk:gruppe_avslutt", args=[nettverk.slug, gruppe.pk])
    return client.post(url, {"siste_dag": idag().isoformat()}, follow=True)


def _kommune_leaves(client: Client, verv, sjef):
    nettverk = verv.gruppe.nettverk
    url = reverse("nettverk:medlemskap_avslutt", args=[nettverk.slug, nettverk.medlemskap.get().pk])
    return client.post(url, {"siste_dag": idag().isoformat()}, follow=True)


def _group_confirmed(client: Client, verv, sjef):
    nettverk, gruppe = verv.gruppe.nettverk, verv.gruppe
    url = reverse("nettverk:gruppe_bekreft", args=[nettverk.slug, gruppe.pk])
    form = client.get(url).context["form"]
    felt = {
        navn: verdi
        for navn, f in form.fields.items()
        if (verdi := form.get_initial_for_field(f, navn)) not in (None, False)
    }
    felt |= {f"svar_{verv.pk}": "sluttet", f"dag_{verv.pk}": idag().isoformat()}
    return client.post(url, felt, follow=True)


def _list_without(client: Client, verv, sjef):
    nettverk = verv.gruppe.nettverk
    eget = sjef.verv.get()
    rad = preview(
        nettverk,
        {
            "navn": sjef.navn,
            "e-post": sjef.epost,
            "gruppe": eget.gruppe.navn,
            "rolle": "koordinator",
        },
        by=sjef,
        hel_liste=True,
    )
    confirm(rad, by=sjef)
    return client.get(reverse("nettverk:folkeimport_vis", args=[nettverk.slug, rad.pk]))


@pytest.mark.parametrize("act", [_group_ends, _kommune_leaves, _group_confirmed, _list_without])
def test_whoever_ends_it_another_way_is_told_too(client: Client, act):
    nettverk, gruppe = nettverk_med_enhet()
    verv, sjef = VervFactory(gruppe=gruppe), koordinator(nettverk)
    DeltakelseFactory(samling=SamlingFactory(nettverk=nettverk, publisert_=True), verv=verv)
    client.force_login(sjef)

    svar = act(client, verv, sjef)

    verv.refresh_from_db()
    assert verv.siste_dag == idag()
    assert "1 invitasjon faller bort." in svar.content.decode()


def test_what_moves_by_a_list_is_told_without_the_successors_name(client: Client):
    nettverk, gammel, ny = _two_leaders()
    sjef = koordinator(nettverk)
    DeltakelseFactory(samling=SamlingFactory(nettverk=nettverk, publisert_=True), verv=gammel)
    client.force_login(sjef)
    felt = {"navn": ny.person.navn, "e-post": ny.person.epost, "rolle": "formell leder"}
    rad = preview(nettverk, felt | {"enhet": ny.gruppe.enhet.navn}, by=sjef, hel_liste=True)

    confirm(rad, by=sjef)

    assert rad.oppsummering["etterlatt"] == {"flyttes": 1}
    side = reverse("nettverk:folkeimport_vis", args=[nettverk.slug, rad.pk])
    assert "1 oppgave flyttes til den som har vervet nå." in client.get(side).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_who_end_each_others_verv_at_once_never_wait_for_each_other():
    nettverk, en, to = _two_leaders()
    by = koordinator(nettverk)
    for ett in (en, to):
        DeltakelseFactory(samling=SamlingFactory(nettverk=nettverk, publisert_=True), verv=ett)

    svar = at_once(
        lambda: end(verv=en, siste_dag=idag(), by=by),
        lambda: annul(to, by=by),
        holding=en.gruppe,
    )

    assert kinds(svar) == ["ok", "ok"]
    # What the first one left went to the second, and closed with it.
    assert not Deltakelse.objects.exists()


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


# --- who comes in their place, what was asked for, and what they need


def _substitute(d: Deltakelse, **mer) -> Gjest:
    Deltakelse.objects.filter(pk=d.pk).update(status=Deltakelse.Status.AVMELDT)
    return GjestFactory(
        samling=d.samling, for_verv=d.verv, gruppe=d.verv.gruppe, navn="Ola Vik", **mer
    )


def test_a_substitute_follows_to_the_successors_place_and_can_be_taken_out_there():
    nettverk, gammel, ny = _two_leaders()
    d = DeltakelseFactory(samling=SamlingFactory(nettverk=nettverk, publisert_=True), verv=gammel)
    vara = _substitute(d)

    end(verv=gammel, siste_dag=idag(), by=koordinator(nettverk))

    vara.refresh_from_db()
    assert (vara.for_verv, vara.status) == (ny, Gjest.Status.PAAMELDT)
    [svar] = paamelding.group_answers(d.samling, [ny.gruppe])
    assert [m.vara for m in svar.medlemmer if m.verv == ny] == [vara]
    paamelding.sign_up_group(
        d.samling, gruppe=ny.gruppe, kommer=[ny.pk], stand=svar.stand, by=ny.person
    )
    vara.refresh_from_db()
    assert vara.status == Gjest.Status.AVMELDT


def test_without_a_successor_the_substitute_is_declined_and_told_and_the_place_is_free():
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True, kapasitet=1)
    d = DeltakelseFactory(samling=samling, verv=VervFactory(gruppe=gruppe))
    vara = _substitute(d, epost="ola@skole.example")
    bekreftelse.tell(samling, personer=[], gjester=[vara.pk], by=None)
    Brev.objects.update(tilstand=Brev.Tilstand.SENDT, sendt=timezone.now())
    venter = DeltakelseFactory(samling=samling, status=Deltakelse.Status.VENTER)

    _end(d.verv)

    vara.refresh_from_db()
    venter.refresh_from_db()
    assert vara.status == Gjest.Status.AVMELDT
    assert Brev.objects.filter(slag=bekreftelse.AVMELDING, epost=vara.epost).count() == 1
    assert venter.status == Deltakelse.Status.PAAMELDT


def test_what_the_predecessor_asked_for_and_needs_is_not_the_successors():
    nettverk, gammel, ny = _two_leaders()
    d = DeltakelseFactory(samling=SamlingFactory(nettverk=nettverk, publisert_=True), verv=gammel)
    Endringsoenske.objects.create(deltakelse=d, oensker="nei", tekst="Syk mor", av=gammel.person)
    Behov.objects.create(samling=d.samling, person=gammel.person, valg=["egg"])

    _end(gammel)

    d.refresh_from_db()
    assert d.verv == ny
    assert not Endringsoenske.objects.exists()
    assert not Endringsoenske.pgh_event_model.objects.exists()
    assert "Syk mor" not in repr([o.rader for o in opplysninger.gather(ny.person)])
    assert not Behov.objects.exists()
