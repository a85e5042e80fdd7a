"""The places: never more than there are, however many press at once; the longest waiting comes in by itself."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag
from nettverk import verv as vervene
from nettverk.models import Brev
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for
from rolu.models import Deltakelse, Gjest, Samling
from rolu.samlinger import bekreftelse, flytting, paamelding, venteliste
from rolu.samlinger.oppmoete import counted
from rolu.samlinger.paamelding import FeilIFelt, Vara
from tests.nettverk.factories import enhetsleder, gruppemedlem, koordinator, nettverk_med_enhet
from tests.rolu.factories import DeltakelseFactory, SamlingFactory
from tests.samtidig import at_once, kinds

S = Deltakelse.Status


def invited(samling, antall: int) -> list[Deltakelse]:
    return [DeltakelseFactory(samling=samling) for _ in range(antall)]


def answer(rad: Deltakelse, *, kommer: bool = True) -> Deltakelse:
    return paamelding.answer(rad, kommer=kommer, by=rad.verv.person)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_for_the_last_three_places():
    samling = SamlingFactory(publisert_=True, kapasitet=3)
    rader = invited(samling, 20)

    svar = at_once(*[lambda rad=rad: answer(rad) for rad in rader])

    assert kinds(svar) == ["ok"] * 20
    tall = counted(samling)
    assert (tall.opptatt, tall.venter) == (3, 17)
    brev = Brev.objects.filter(slag__in=bekreftelse.SLAG)
    assert brev.filter(slag=bekreftelse.BEKREFTELSE).count() == 3
    assert brev.filter(slag=bekreftelse.VENTELISTE).count() == 17


@pytest.mark.django_db(transaction=True)
def test_groups_at_once_never_take_more_than_there_is():
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True, kapasitet=4)
    leder = enhetsleder(gruppe)
    for _ in range(3):
        DeltakelseFactory(samling=samling, verv=gruppemedlem(gruppe).verv.get())
    andre = invited(samling, 4)
    [foer] = paamelding.group_answers(samling, [gruppe])

    def group():
        return paamelding.sign_up_group(
            samling,
            gruppe=gruppe,
            kommer=[m.verv.pk for m in foer.medlemmer],
            stand=foer.stand,
            by=leder,
        )

    svar = at_once(group, *[lambda rad=rad: answer(rad) for rad in andre], holding=samling)

    assert kinds(svar) == ["ok"] * 5
    assert counted(samling).opptatt == 4


pytestmark = pytest.mark.django_db


def test_who_does_not_fit_waits_and_is_told_so(client):
    samling = SamlingFactory(publisert_=True, kapasitet=1)
    en, to = invited(samling, 2)
    answer(en)
    client.force_login(to.verv.person)

    foer = client.get(reverse("rolu:paamelding", args=[samling.nettverk.slug, samling.pk])).text
    etter = client.post(
        reverse("rolu:paamelding", args=[samling.nettverk.slug, samling.pk]),
        {"deltakelse": to.pk, "svar": "ja"},
        follow=True,
    ).text

    to.refresh_from_db()
    assert to.status == S.VENTER
    assert to.venter_siden
    assert "står på venteliste" in foer
    assert "du står på venteliste" in etter
    brev = Brev.objects.get(til=to.verv.person)
    assert (brev.slag, brev.kalender) == (bekreftelse.VENTELISTE, "")


def test_the_longest_waiting_gets_the_place_that_is_given_up_and_a_letter():
    samling = SamlingFactory(publisert_=True, kapasitet=1)
    en, to, tre = invited(samling, 3)
    for rad in (en, to, tre):
        answer(rad)

    answer(en, kommer=False)

    for rad in (to, tre):
        rad.refresh_from_db()
    assert (to.status, to.venter_siden, tre.status) == (S.PAAMELDT, None, S.VENTER)
    siste = Brev.objects.filter(til=to.verv.person).exclude(tilstand="trukket").last()
    assert "PARTSTAT=ACCEPTED" in siste.kalender.replace("\r\n ", "")


def test_a_leader_who_gives_up_places_does_not_read_in_the_outbox_who_got_them():
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True, kapasitet=1)
    leder = enhetsleder(gruppe)
    egen = DeltakelseFactory(samling=samling, verv=gruppemedlem(gruppe).verv.get())
    [venter] = invited(samling, 1)
    answer(egen)
    answer(venter)
    Brev.objects.update(tilstand="sendt", sendt=timezone.now())
    [foer] = paamelding.group_answers(samling, [gruppe])

    paamelding.sign_up_group(samling, gruppe=gruppe, kommer=[], stand=foer.stand, by=leder)

    sendt = Brev.objects.visible_to(roller_for(leder, nettverk))
    assert Brev.objects.get(til=venter.verv.person, slag=bekreftelse.PLASS).bestilt_av is None
    assert set(sendt.values_list("til", flat=True)) == {egen.verv.person_id}


def test_who_was_told_they_wait_reads_that_they_got_a_place():
    samling = SamlingFactory(publisert_=True, kapasitet=1)
    en, to = invited(samling, 2)
    answer(en)
    answer(to)
    Brev.objects.update(tilstand="sendt", sendt=timezone.now())

    answer(en, kommer=False)

    assert Brev.objects.filter(til=to.verv.person, slag=bekreftelse.PLASS).count() == 1


def test_more_places_let_in_as_many_as_there_is_room_for():
    samling = SamlingFactory(publisert_=True, kapasitet=1)
    rader = invited(samling, 4)
    for rad in rader:
        answer(rad)
    samling.kapasitet = 3

    flytting.change(samling, by=koordinator(samling.nettverk))

    statuser = [Deltakelse.objects.get(pk=rad.pk).status for rad in rader]
    assert statuser == [S.PAAMELDT, S.PAAMELDT, S.PAAMELDT, S.VENTER]


def test_fewer_places_than_are_taken_is_refused_at_the_field_with_the_number(client):
    samling = SamlingFactory(publisert_=True, kapasitet=5)
    for rad in invited(samling, 3):
        answer(rad)
    Gjest.objects.create(samling=samling, navn="Kari")
    client.force_login(koordinator(samling.nettverk))
    adresse = reverse("rolu:samling_rediger", args=[samling.nettverk.slug, samling.pk])
    skjema = client.get(adresse).context["form"]
    data = {
        "type": samling.type,
        "tittel": samling.tittel,
        "sted": samling.sted,
        "stand": skjema.initial["stand"],
        "dag_1_0": f"{timezone.localtime(samling.start):%d.%m.%Y}",
        "dag_1_1": "09.00",
        "dag_1_2": "15.00",
        "kapasitet": "3",
    }

    svar = client.post(adresse, data)
    null = client.post(adresse, data | {"kapasitet": "0"})

    assert svar.status_code == null.status_code == 422
    assert svar.context["form"].errors["kapasitet"] == ["4 har fått plass. Skriv 4 eller mer."]
    assert Samling.objects.get(pk=samling.pk).kapasitet == 5


@pytest.mark.django_db
def test_the_act_refuses_fewer_places_than_are_taken_and_only_when_they_are_changed():
    samling = SamlingFactory(publisert_=True, kapasitet=5)
    for rad in invited(samling, 2):
        answer(rad)
    k = koordinator(samling.nettverk)
    samling.kapasitet = 1

    with pytest.raises(KanIkke, match="2 har fått plass"):
        flytting.change(samling, by=k)

    Samling.objects.filter(pk=samling.pk).update(kapasitet=1)
    samling.tittel = "Ny tittel"
    flytting.change(samling, by=k)
    naa = Samling.objects.get(pk=samling.pk)
    assert (naa.tittel, naa.kapasitet) == ("Ny tittel", 1)


def test_a_substitute_takes_over_the_place_past_those_who_wait():
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True, kapasitet=1)
    leder = enhetsleder(gruppe)
    rad = DeltakelseFactory(samling=samling, verv=leder.verv.get())
    answer(rad)
    [venter] = invited(samling, 1)
    answer(venter)
    [foer] = paamelding.group_answers(samling, [gruppe])

    paamelding.sign_up_group(
        samling,
        gruppe=gruppe,
        kommer=[],
        varaer={rad.verv_id: Vara("Kari")},
        stand=foer.stand,
        by=leder,
    )

    venter.refresh_from_db()
    assert Gjest.objects.get().status == "paameldt"
    assert venter.status == S.VENTER


def test_numbers_do_not_wait_and_say_how_many_there_is_room_for():
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True, kapasitet=5)
    leder = enhetsleder(gruppe)
    rad = DeltakelseFactory(samling=samling, verv=leder.verv.get())
    [foer] = paamelding.group_answers(samling, [gruppe])
    felles = {
        "gruppe": gruppe,
        "kommer": [rad.verv_id],
        "stand": foer.stand,
        "by": leder,
    }

    with pytest.raises(FeilIFelt, match="høyst 4") as feil:
        paamelding.sign_up_group(samling, tall={"elever": 5}, **felles)
    rad.refresh_from_db()
    ingenting = rad.status
    paamelding.sign_up_group(samling, tall={"elever": 4}, **felles)

    assert feil.value.felt == f"elever_{gruppe.pk}"
    assert ingenting == S.INVITERT
    assert counted(samling).opptatt == 5


def test_a_person_by_two_groups_takes_one_place():
    samling = SamlingFactory(publisert_=True, kapasitet=2)
    en, annen = invited(samling, 2)
    DeltakelseFactory(samling=samling, verv__person=en.verv.person)

    answer(en)
    answer(annen)

    assert counted(samling).opptatt == 2
    assert not Deltakelse.objects.filter(samling=samling, status=S.VENTER).exists()


def test_when_a_verv_ends_the_place_goes_to_who_waits():
    samling = SamlingFactory(publisert_=True, kapasitet=1)
    en, to = invited(samling, 2)
    answer(en)
    answer(to)

    vervene.end(
        verv=en.verv,
        siste_dag=idag() + datetime.timedelta(days=1),
        by=koordinator(samling.nettverk),
    )

    en.refresh_from_db()
    to.refresh_from_db()
    assert (en.status, to.status) == (S.AVMELDT, S.PAAMELDT)


def test_the_list_can_be_asked_for_those_who_wait(client):
    samling = SamlingFactory(publisert_=True, kapasitet=1)
    en, to = invited(samling, 2)
    answer(en)
    answer(to)
    client.force_login(koordinator(samling.nettverk))
    adresse = reverse("rolu:samling_deltakere", args=[samling.nettverk.slug, samling.pk])

    side = client.get(adresse, {"status": "venter"})

    assert side.context["personer"] == 1
    assert to.verv.person.navn in side.context["rader"]
    assert "1 av 1 plasser er tatt" in " ".join(client.get(adresse).text.split())


def test_nobody_is_let_in_when_it_has_begun():
    samling = SamlingFactory(publisert_=True, kapasitet=1)
    en, to = invited(samling, 2)
    answer(en)
    answer(to)
    Samling.objects.filter(pk=samling.pk).update(status=Samling.Status.PAAGAAR)
    Deltakelse.objects.filter(pk=en.pk).update(status=S.AVMELDT)

    inne = venteliste.let_in(Samling.objects.get(pk=samling.pk))

    assert (inne.personer, inne.gjester) == (set(), set())


def _group(kapasitet: int):
    """A leader's line, somebody who waits from before, and what signs the group up."""
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True, kapasitet=kapasitet)
    leder = enhetsleder(gruppe)
    rad = DeltakelseFactory(samling=samling, verv=leder.verv.get())

    def sign_up(kommer=(), vara: str = "") -> None:
        [foer] = paamelding.group_answers(samling, [gruppe])
        paamelding.sign_up_group(
            samling,
            gruppe=gruppe,
            kommer=kommer,
            varaer={rad.verv_id: Vara(vara)} if vara else {},
            stand=foer.stand,
            by=leder,
        )

    return samling, rad, sign_up


@pytest.mark.parametrize("selv", [True, False])
def test_who_comes_after_all_gets_the_place_back_from_the_substitute(selv):
    samling, rad, sign_up = _group(1)
    answer(rad)
    [venter] = invited(samling, 1)
    answer(venter)
    sign_up(vara="Kari")

    answer(rad) if selv else sign_up([rad.verv_id])

    rad.refresh_from_db()
    venter.refresh_from_db()
    assert (rad.status, venter.status) == (S.PAAMELDT, S.VENTER)
    assert Gjest.objects.get().status == Gjest.Status.AVMELDT
    assert counted(samling).opptatt == 1


@pytest.mark.parametrize("selv", [True, False])
def test_the_place_in_the_queue_goes_to_the_substitute_and_back(selv):
    samling, rad, sign_up = _group(1)
    [inne] = invited(samling, 1)
    answer(inne)
    answer(rad)
    rad.refresh_from_db()
    siden = rad.venter_siden
    [sist] = invited(samling, 1)
    answer(sist)

    sign_up(vara="Kari")
    vara = Gjest.objects.get()
    assert (vara.status, vara.venter_siden) == (Gjest.Status.VENTER, siden)
    sign_up(vara="Ola")
    assert Gjest.objects.get(navn="Ola").venter_siden == siden

    answer(rad) if selv else sign_up([rad.verv_id])
    rad.refresh_from_db()
    assert (rad.status, rad.venter_siden) == (S.VENTER, siden)
    answer(inne, kommer=False)
    rad.refresh_from_db()
    assert rad.status == S.PAAMELDT
