"""What a person is follows from their Verv today."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from kommuner.gyldighet import idag, periode
from nettverk.models import Gruppe, Nettverk, Rolle
from nettverk.tilgang.roller import find_nettverk, roller_for, with_roller
from nettverk.tilgang.tillatelser import hvem_kan, kan
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    kommuneansvarlig,
    koordinator,
    nettverk_med_enhet,
)

pytestmark = pytest.mark.django_db


def test_koordinator_is_koordinator_only_in_own_network():
    nettverk, annet = NettverkFactory(), NettverkFactory()
    person = koordinator(nettverk)

    assert roller_for(person, nettverk).er_koordinator
    assert not roller_for(person, annet).er_medlem


def test_a_page_finds_its_network_and_the_roles_in_it_with_one_query(django_assert_num_queries):
    nettverk, gruppe = nettverk_med_enhet()
    person, annen = enhetsleder(gruppe), koordinator(nettverk)
    VervFactory(person=person, gruppe=GruppeFactory(nettverk=nettverk))
    VervFactory(person=person, gruppe=GruppeFactory(nettverk=NettverkFactory()))

    for hvem, antall in ((person, 2), (annen, 1), (PersonFactory(), 0)):
        with django_assert_num_queries(1):
            funnet = find_nettverk(nettverk.slug, hvem)
            roller = roller_for(hvem, funnet)
        assert funnet == nettverk
        assert funnet.navn == nettverk.navn
        assert len(roller.verv) == antall
        (som_liste,) = with_roller(Nettverk.objects.filter(pk=nettverk.pk), hvem)
        assert funnet.mine_verv == som_liste.mine_verv
    assert find_nettverk(nettverk.slug, AnonymousUser()) == nettverk
    assert find_nettverk("finnes-ikke", person) is None


def test_access_ends_the_day_the_verv_ends():
    nettverk = NettverkFactory()
    gruppe = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.KOORDINERINGSGRUPPE)
    verv = VervFactory(gruppe=gruppe, rolle=Rolle.LEDER, gyldig=periode(datetime.date(2020, 1, 1)))

    verv.end()

    person = type(verv.person).objects.get(pk=verv.person_id)
    assert not kan(person, "nettverk.view_nettverk", nettverk)


def test_enhetsleder_may_change_own_group_but_not_another():
    nettverk, gruppe = nettverk_med_enhet()
    fremmed = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True)
    leder = enhetsleder(gruppe)

    assert kan(leder, "nettverk.change_utviklingsgruppe", gruppe)
    assert not kan(leder, "nettverk.change_utviklingsgruppe", fremmed)


def test_kommuneansvarlig_may_change_the_groups_of_units_in_own_kommune():
    nettverk, gruppe = nettverk_med_enhet()
    utenfor = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=EnhetFactory())
    person = kommuneansvarlig(nettverk, gruppe.enhet.kommune_per())

    assert kan(person, "nettverk.change_utviklingsgruppe", gruppe)
    assert not kan(person, "nettverk.change_utviklingsgruppe", utenfor)


def test_superuser_has_no_role_in_a_network():
    nettverk = NettverkFactory()
    admin = PersonFactory(is_superuser=True, is_staff=True)

    assert not kan(admin, "nettverk.change_nettverk", nettverk)


def test_refusal_names_those_who_can():
    _nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)

    roller = {r.rolle: r.personer for r in hvem_kan("nettverk.change_utviklingsgruppe", gruppe)}

    assert roller["leder for enheten"] == [leder.navn]


def test_same_person_cannot_hold_the_same_role_twice_at_once():
    verv = VervFactory()
    with pytest.raises(IntegrityError, match="verv_ikke_samtidig"), transaction.atomic():
        VervFactory(
            person=verv.person, gruppe=verv.gruppe, rolle=verv.rolle, gyldig=periode(idag())
        )


def test_network_and_roles_take_one_query(django_assert_num_queries):
    nettverk = NettverkFactory()
    person = koordinator(nettverk)

    with django_assert_num_queries(1):
        assert roller_for(person, nettverk).er_koordinator
