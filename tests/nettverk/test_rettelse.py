"""Name and address are corrected: nobody takes over an account by it, and nobody learns whose an address is."""

import datetime
import threading

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag, periode
from nettverk.bekreftelse import confirm
from nettverk.models import Brev, Gruppe, Person, Rolle, Sikkerhetshendelse, Ubesvart, Verv
from nettverk.rettelse import correct, state_of
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for, whom_to_ask
from nettverk.verv import appoint
from tests.kommuner.factories import LENGE_SIDEN
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    kommuneansvarlig,
    koordinator,
    nettverk_med_enhet,
)
from tests.samtidig import _wait_until, at_once, kinds

pytestmark = pytest.mark.django_db

NY = "kari.berg@demo.example"


def _correct(person: Person, nettverk, by: Person, **felt: str) -> bool:
    person = Person.objects.get(pk=person.pk)
    data = {"navn": person.navn, "epost": person.postadresse, "stand": state_of(person), **felt}
    return correct(person, **data, roller=roller_for(by, nettverk), by=by)


def _letters(*adresser: str) -> dict[str, str]:
    brevene = Brev.objects.filter(slag="nettverk.rettet", epost__in=adresser)
    return {brev.epost: brev.tekst for brev in brevene}


def test_an_account_that_is_in_use_is_never_given_another_address():
    nettverk, gruppe = nettverk_med_enhet()
    kari, by = gruppemedlem(gruppe), koordinator(nettverk)
    annet = VervFactory(person=kari, rolle=Rolle.LEDER)
    foer = kari.epost

    _correct(kari, nettverk, by, epost=NY)

    kari.refresh_from_db()
    assert kari.epost == foer
    assert roller_for(kari, annet.gruppe.nettverk).er_medlem
    assert not roller_for(Person.objects.get(pk=kari.pk), nettverk).er_medlem
    ny = Person.objects.get(epost=NY)
    assert [(v.gruppe, v.rolle) for v in ny.verv.gyldig()] == [(gruppe, Rolle.UTVIKLINGSLAERER)]
    assert not roller_for(ny, annet.gruppe.nettverk).er_medlem


def test_the_old_and_the_new_address_are_told_by_whom_and_what_to_do():
    nettverk, gruppe = nettverk_med_enhet()
    kari, by, andre = gruppemedlem(gruppe), koordinator(nettverk), koordinator(nettverk)

    _correct(kari, nettverk, by, epost=NY)

    brevene = _letters(kari.epost, NY)
    assert by.navn in brevene[kari.epost]
    assert NY in brevene[kari.epost]
    assert andre.epost in brevene[kari.epost]
    assert by.navn in brevene[NY]
    logg = Sikkerhetshendelse.objects.get(slag="nettverk.adresse_rettet")
    assert (logg.person, logg.av) == (kari, by)


def test_where_nobody_has_been_in_the_place_stands_on_the_new_address_as_if_from_the_start():
    nettverk, gruppe = nettverk_med_enhet()
    by = koordinator(nettverk)
    verv = appoint(
        gruppe=gruppe,
        navn="Kari",
        epost="feil@demo.example",
        rolle=Rolle.MEDLEM,
        gyldig=periode(idag()),
        by=by,
    )
    feil = verv.person

    _correct(feil, nettverk, by, epost=NY, navn="Kari Berg")

    verv.refresh_from_db()
    assert (verv.person.epost, verv.person.navn) == (NY, "Kari Berg")
    assert Ubesvart.objects.get(nettverk=nettverk).person == verv.person
    feil.refresh_from_db()
    assert feil.epost == "feil@demo.example"
    # A stranger may have that address: they are told nothing of whom it was.
    assert NY not in _letters("feil@demo.example")["feil@demo.example"]


@pytest.mark.parametrize("kjent", [True, False], ids=["an account elsewhere", "nobody's"])
def test_the_answer_does_not_tell_whether_the_new_address_has_an_account(
    client: Client, kjent: bool
):
    nettverk, gruppe = nettverk_med_enhet()
    kari = gruppemedlem(gruppe)
    if kjent:
        VervFactory(person=PersonFactory(epost=NY, navn="En helt annen"))
    client.force_login(enhetsleder(gruppe))
    url = reverse("nettverk:verv_rett", args=[nettverk.slug, gruppe.pk, kari.verv.get().pk])
    data = {"navn": "Kari Berg", "epost": NY, "stand": state_of(kari)}

    svar = client.post(url, data, follow=True)

    html = svar.content.decode()
    assert "Rettet. Den det gjelder, får e-post om det." in html
    assert "En helt annen" not in html
    assert "Kari Berg" in html
    assert NY in html
    assert Verv.objects.gyldig().get(gruppe=gruppe, rolle=Rolle.UTVIKLINGSLAERER).person.navn == (
        "Kari Berg"
    )
    assert set(_letters(kari.epost, NY)) == {kari.epost, NY}


def test_another_networks_question_to_an_account_never_moves_with_the_address():
    nettverk, gruppe = nettverk_med_enhet()
    by = koordinator(nettverk)
    felt = {"navn": "Kari", "rolle": Rolle.MEDLEM, "gyldig": periode(idag()), "by": by}
    verv = appoint(gruppe=gruppe, epost="feil@demo.example", **felt)
    hos_andre = appoint(
        gruppe=GruppeFactory(nettverk=NettverkFactory()), epost="feil@demo.example", **felt
    )

    _correct(verv.person, nettverk, by, epost=NY)

    konto = Ubesvart.objects.get(person=hos_andre.person).konto
    assert konto is not None
    assert konto.epost == "feil@demo.example"


def test_an_address_of_another_member_is_refused():
    nettverk, gruppe = nettverk_med_enhet()
    kari, ola, by = gruppemedlem(gruppe), gruppemedlem(gruppe), koordinator(nettverk)

    with pytest.raises(KanIkke, match="en annen i nettverket"):
        _correct(kari, nettverk, by, epost=ola.epost)


def test_ones_own_address_is_for_others_to_correct():
    nettverk = NettverkFactory()
    by = koordinator(nettverk)
    koordinator(nettverk)

    with pytest.raises(KanIkke, match="kan rette adressen din"):
        _correct(by, nettverk, by, epost=NY)


def test_the_only_coordinator_who_has_answered_keeps_the_address():
    nettverk = NettverkFactory()
    siste = koordinator(nettverk)
    # Somebody who may sit with a leader's rights, but coordinates nothing.
    by = koordinator(nettverk)
    Ubesvart.objects.create(person=by, nettverk=nettverk)

    with pytest.raises(KanIkke, match="alltid ha noen som koordinerer"):
        _correct(siste, nettverk, by, epost=NY)


def test_a_leader_moves_the_place_in_the_own_group_alone():
    nettverk, gruppe = nettverk_med_enhet()
    ola = gruppemedlem(gruppe)
    kog = VervFactory(
        person=ola,
        gruppe=GruppeFactory(nettverk=nettverk, type=Gruppe.Type.KOORDINERINGSGRUPPE),
        rolle=Rolle.KOORDINATOR,
    )

    _correct(ola, nettverk, enhetsleder(gruppe), epost=NY)

    kog.refresh_from_db()
    assert kog.person == ola
    assert kog.er_gyldig()
    ny = Person.objects.get(epost=NY)
    assert not roller_for(ny, nettverk).er_koordinator


def test_a_name_is_corrected_the_person_is_told_and_the_history_keeps_the_old():
    nettverk, gruppe = nettverk_med_enhet()
    kari, by = gruppemedlem(gruppe), enhetsleder(gruppe)
    foer = kari.navn

    _correct(kari, nettverk, by, navn="Kari Berg")

    kari.refresh_from_db()
    assert kari.navn == "Kari Berg"
    assert foer in _letters(kari.epost)[kari.epost]
    historie = Person.pgh_event_model.objects.filter(pgh_obj=kari).order_by("pgh_id")
    assert [h.navn for h in historie] == [foer, "Kari Berg"]


def test_a_leader_does_not_rename_somebody_who_also_sits_elsewhere():
    nettverk, gruppe = nettverk_med_enhet()
    ola = gruppemedlem(gruppe)
    VervFactory(person=ola, gruppe=GruppeFactory(nettverk=nettverk))

    with pytest.raises(KanIkke, match="rette selv"):
        _correct(ola, nettverk, enhetsleder(gruppe), navn="Noe annet")


def test_whoever_has_been_in_is_not_renamed_by_a_leader_and_an_administrator_by_nobody():
    nettverk, gruppe = nettverk_med_enhet()
    kari = gruppemedlem(gruppe)
    Person.objects.filter(pk=kari.pk).update(last_login=timezone.now())
    with pytest.raises(KanIkke, match="rette selv"):
        _correct(kari, nettverk, enhetsleder(gruppe), navn="Tulle Bukk")
    assert _correct(kari, nettverk, koordinator(nettverk), navn="Kari Berg")

    Person.objects.filter(pk=kari.pk).update(is_superuser=True)
    with pytest.raises(KanIkke, match="rette selv"):
        _correct(kari, nettverk, koordinator(nettverk), navn="Tulle Bukk")


def test_a_name_is_corrected_so_many_times_a_day_and_no_more():
    nettverk, gruppe = nettverk_med_enhet()
    kari, by = gruppemedlem(gruppe), koordinator(nettverk)
    for navn in ("En", "To", "Tre"):
        _correct(kari, nettverk, by, navn=navn)

    with pytest.raises(KanIkke, match="flere ganger i dag"):
        _correct(kari, nettverk, by, navn="Fire")

    assert Brev.objects.filter(slag="nettverk.rettet", til=kari).count() == 3


def test_an_address_is_written_to_once_however_often_a_place_is_moved_to_it():
    nettverk, gruppe = nettverk_med_enhet()
    kari, by = gruppemedlem(gruppe), koordinator(nettverk)
    _correct(kari, nettverk, by, epost=NY)
    ny = Verv.objects.gyldig().get(gruppe=gruppe).person
    _correct(ny, nettverk, by, epost="kari.b@demo.example")
    annen = Verv.objects.gyldig().get(gruppe=gruppe).person
    _correct(annen, nettverk, by, epost=NY)

    til = Brev.objects.filter(slag="nettverk.rettet", epost=NY, tekst__contains="Logg inn med")
    assert til.count() == 1


def test_the_letter_that_may_reach_a_stranger_names_no_address():
    nettverk, gruppe = nettverk_med_enhet()
    en, by = koordinator(nettverk), koordinator(nettverk)
    appoint(
        gruppe=gruppe,
        navn="Kari Berg",
        epost="feil@demo.example",
        rolle=Rolle.UTVIKLINGSLAERER,
        gyldig=periode(idag()),
        by=by,
    )
    _correct(Person.objects.get(epost="feil@demo.example"), nettverk, by, epost=NY)

    brevet = _letters("feil@demo.example")["feil@demo.example"]
    assert en.navn in brevet
    assert en.epost not in brevet


def test_sent_twice_leads_back_to_the_group_in_plain_words(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    kari = gruppemedlem(gruppe)
    client.force_login(koordinator(nettverk))
    url = reverse("nettverk:verv_rett", args=[nettverk.slug, gruppe.pk, kari.verv.get().pk])
    data = {"navn": kari.navn, "epost": NY, "stand": state_of(kari)}
    client.post(url, data)

    svar = client.post(url, data, follow=True)

    assert "Vervet er allerede rettet eller avsluttet." in svar.text


def test_ones_own_address_is_shown_and_not_asked_for(client: Client):
    nettverk, _gruppe = nettverk_med_enhet()
    by = koordinator(nettverk)
    verv = by.verv.get()
    client.force_login(by)
    url = reverse("nettverk:verv_rett", args=[nettverk.slug, verv.gruppe_id, verv.pk])
    assert client.get(url).context["form"].fields["epost"].disabled
    client.post(url, {"navn": "Ny Navn", "epost": NY, "stand": state_of(by)})
    by.refresh_from_db()
    assert (by.navn, by.epost == NY) == ("Ny Navn", False)


def test_the_kommuneansvarlig_and_members_are_refused_the_page(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    verv = gruppemedlem(gruppe).verv.get()
    url = reverse("nettverk:verv_rett", args=[nettverk.slug, gruppe.pk, verv.pk])
    kommune = nettverk.kommuner().get()

    for person in (kommuneansvarlig(nettverk, kommune), gruppemedlem(gruppe)):
        client.force_login(person)
        assert client.get(url).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_two_who_correct_at_once_the_second_is_told():
    nettverk, gruppe = nettverk_med_enhet()
    kari, en, to = gruppemedlem(gruppe), koordinator(nettverk), koordinator(nettverk)

    svar = at_once(
        lambda: _correct(kari, nettverk, en, epost="en@demo.example", stand=state_of(kari)),
        lambda: _correct(kari, nettverk, to, epost="to@demo.example", stand=state_of(kari)),
        holding=nettverk,
    )

    assert kinds(svar) == ["KanIkke", "ok"]
    assert Verv.objects.gyldig().filter(gruppe=gruppe).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_correction_and_a_confirmation_with_the_same_address_never_wait_for_each_other():
    nettverk, gruppe = nettverk_med_enhet()
    kari, leder, by = gruppemedlem(gruppe), enhetsleder(gruppe), koordinator(nettverk)
    verv = kari.verv.get()
    ny = {"navn": "Kari Berg", "epost": NY, "rolle": Rolle.MEDLEM, "gyldig": periode(idag())}

    svar = at_once(
        lambda: _correct(kari, nettverk, by, epost=NY),
        lambda: confirm(gruppe, by=leder, slutter=[(verv, idag())], nye=[ny]),
        holding=gruppe,
    )

    # Whoever comes last is told: the address is a member's now, or the Verv has ended.
    assert kinds(svar) == ["KanIkke", "ok"]
    assert Person.objects.filter(epost=NY).count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_ended_while_the_address_is_corrected_ends_on_the_new_address_too():
    nettverk, gruppe = nettverk_med_enhet()
    kari, by = gruppemedlem(gruppe), koordinator(nettverk)
    slutt = idag() + datetime.timedelta(days=3)
    traad = threading.Thread(
        target=lambda: (_correct(kari, nettverk, by, epost=NY), connection.close())
    )

    with transaction.atomic():
        Gruppe.objects.held().get(pk=gruppe.pk)
        traad.start()
        _wait_until(1)
        Verv.objects.filter(person=kari).update(gyldig=periode(LENGE_SIDEN, slutt))
    traad.join(timeout=30)

    assert Verv.objects.get(person__epost=NY).gyldig == periode(idag(), slutt)


def test_a_name_that_is_corrected_back_and_forth_is_told_each_time():
    nettverk, gruppe = nettverk_med_enhet()
    kari, by = gruppemedlem(gruppe), enhetsleder(gruppe)

    for navn in ("Kari Berg", "Kari Dal", "Kari Berg"):
        _correct(kari, nettverk, by, navn=navn)

    brevene = Brev.objects.filter(slag="nettverk.rettet", til=kari)
    assert brevene.count() == 3
    # The key says which correction it tells of, so that telling it once more is the same letter.
    assert not any("<" in brev.noekkel for brev in brevene)


def test_the_old_address_of_a_stand_in_that_is_gone_gets_its_letter():
    nettverk, gruppe = nettverk_med_enhet()
    konto, by = PersonFactory(epost="feil@demo.example"), koordinator(nettverk)
    verv = appoint(
        gruppe=gruppe,
        navn="Kari",
        epost=konto.epost,
        rolle=Rolle.MEDLEM,
        gyldig=periode(idag()),
        by=by,
    )

    _correct(verv.person, nettverk, by, epost=NY)

    assert "feil@demo.example" in _letters("feil@demo.example", NY)


def test_nobody_is_asked_who_has_not_answered_or_cannot_sign_in():
    nettverk = NettverkFactory()
    svart, ubesvart, stengt = (koordinator(nettverk) for _n in range(3))
    VervFactory(
        person=svart,
        rolle=Rolle.LEDER,
        gruppe=GruppeFactory(nettverk=nettverk, type=Gruppe.Type.KOORDINERINGSGRUPPE),
    )
    Ubesvart.objects.create(person=ubesvart, nettverk=nettverk)
    Person.objects.filter(pk=stengt.pk).update(is_active=False)

    assert [verv.person for verv in whom_to_ask(nettverk)] == [svart]
