"""An assignment that no gathering gives, with prompts and module; and the units that come later."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag, periode
from laeringsloyper.models import Laeringsloype, Modul
from laeringsloyper.mottakere import FOLGER
from nettverk.models import Brev, Gruppe, Mottakere, Nettverk, Person
from nettverk.mottakere.skjema import _field_name
from rolu.mellomarbeid.oppdrag import give, give_to_newcomers
from rolu.models import Mellomarbeid, Oppdrag
from tests.kommuner.factories import EnhetFactory
from tests.laeringsloyper.factories import (
    EnhetsloypeFactory,
    LaeringsloypeFactory,
    PeriodeFactory,
)
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    enhetsleder,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import MellomarbeidFactory, OppdragFactory
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db
FRIST = idag() + datetime.timedelta(days=40)


@pytest.fixture
def scene() -> tuple[Nettverk, Gruppe]:
    return nettverk_med_enhet()


def som(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def module(nettverk: Nettverk, **felt: object) -> Modul:
    fagmiljo = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGMILJO)
    loype = LaeringsloypeFactory(nettverk=nettverk, ansvarlig_gruppe=fagmiljo)
    return Modul.objects.create(
        periode=PeriodeFactory(
            loype=loype,
            gyldig=periode(
                idag() - datetime.timedelta(days=400), idag() + datetime.timedelta(days=400)
            ),
        ),
        tittel="Begreper i lek",
        oppdragsforslag="Velg fem ord.",
        **felt,
    )


def fields(**endret: object) -> dict[str, object]:
    return {
        "tittel": "Prøv fem ord",
        "tekst": "Velg fem ord, og bruk dem ute.",
        "spoer_gjorde": "Hvilke ord valgte dere?",
        "frist": f"{FRIST:%d.%m.%Y}",
        "enheter": "on",
    } | endret


def address(nettverk: Nettverk) -> str:
    return reverse("rolu:oppdrag_ny", args=[nettverk.slug])


def test_it_is_seen_with_letter_and_reminders_before_it_goes_and_nothing_is_saved(scene):
    nettverk, gruppe = scene
    enhetsleder(gruppe)

    side = som(koordinator(nettverk)).post(address(nettverk), fields())

    assert side.status_code == 200
    assert "1 enhet får oppdraget" in side.text
    assert "Prøv fem ord" in side.text
    assert "får påminnelse på e-post" in side.text
    assert not Oppdrag.objects.exists()


def test_it_is_given_once_with_its_own_prompts(scene):
    nettverk, gruppe = scene
    leder = enhetsleder(gruppe)
    client = som(koordinator(nettverk))
    felt = fields(gi="1", engang="6a2f41a3-c54c-4ce8-aa1c-37a5a3a3c3d1")

    svar = [client.post(address(nettverk), felt).status_code for _gang in range(2)]

    assert svar == [302, 302]
    oppdrag = Oppdrag.objects.get()
    assert oppdrag.samling is None
    assert oppdrag.ledetekster["tekst"] == "Hvilke ord valgte dere?"
    assert oppdrag.ledetekster["merket"] == "Hva la vi merke til?"
    assert [brev.til for brev in Brev.objects.all()] == [leder]


def test_a_fagansvarlig_begins_with_a_module_and_those_who_follow_the_track(scene):
    nettverk, gruppe = scene
    modul = module(nettverk)
    EnhetsloypeFactory(enhet=gruppe.enhet, periode=modul.periode)
    annen = EnhetFactory(kommune=nettverk.kommuner().get())
    GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=annen)
    fag = VervFactory(gruppe=modul.periode.loype.ansvarlig_gruppe).person
    client = som(fag)

    side = client.get(address(nettverk), {"modul": modul.pk}).text
    assert "Velg fem ord." in side
    assert "Begreper i lek" in side

    felt = fields(
        gi="1",
        laeringsloype=modul.periode.loype_id,
        modul=modul.pk,
        **{f"til-{_field_name(FOLGER)}": modul.periode.loype.slug},
    )
    svar = client.post(address(nettverk), felt)
    assert svar.status_code == 302, svar.text
    oppdrag = Oppdrag.objects.get(modul=modul)
    assert [m.gruppe for m in oppdrag.mellomarbeid.all()] == [gruppe]


def test_what_a_module_proposes_is_given_from_its_page_and_the_unit_finds_the_module(scene):
    nettverk, gruppe = scene
    modul = module(nettverk)
    loype = modul.periode.loype
    modulside = reverse("laeringsloyper:modul", args=[nettverk.slug, loype.slug, modul.pk])
    gi = f"{address(nettverk)}?modul={modul.pk}"
    arbeid = MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=nettverk, laeringsloype=loype, modul=modul), gruppe=gruppe
    )
    leder = som(enhetsleder(gruppe))

    assert gi in som(koordinator(nettverk)).get(modulside).text
    assert gi not in leder.get(modulside).text
    side = leder.get(reverse("rolu:mellomarbeid", args=[nettverk.slug, arbeid.pk])).text
    # As it was that day.
    assert f"{modulside}?per={arbeid.oppdrag.gitt:%Y-%m-%d}" in side


def test_a_module_says_which_track_and_another_is_refused(scene):
    nettverk, _gruppe = scene
    modul = module(nettverk)
    annen = LaeringsloypeFactory(nettverk=nettverk)
    client = som(koordinator(nettverk))

    feil = client.post(address(nettverk), fields(modul=modul.pk, laeringsloype=annen.pk))
    client.post(address(nettverk), fields(gi="1", modul=modul.pk))

    assert feil.status_code == 422
    assert "hører til en annen læringsløype" in feil.text
    assert Oppdrag.objects.get().laeringsloype == modul.periode.loype


def test_a_module_of_another_network_is_not_offered(scene):
    nettverk, _gruppe = scene
    andres, _deres = nettverk_med_enhet()
    modul = module(andres)
    module(nettverk)

    svar = som(koordinator(nettverk)).post(address(nettverk), fields(modul=modul.pk))

    assert svar.status_code == 422
    assert (
        "Velg fem ord."
        not in som(koordinator(nettverk)).get(address(nettverk), {"modul": modul.pk}).text
    )


def test_who_may_not_give_any_is_told_who_may(scene):
    nettverk, _gruppe = scene
    person = medlem(nettverk, gruppetype=Gruppe.Type.OPPVEKSTNETTVERK)

    assert som(person).get(address(nettverk)).status_code == 403


def test_the_list_leads_there_for_those_who_may(scene):
    nettverk, gruppe = scene
    liste = reverse("rolu:mellomarbeid_list", args=[nettverk.slug])

    assert address(nettverk) in som(koordinator(nettverk)).get(liste).text
    assert address(nettverk) not in som(enhetsleder(gruppe)).get(liste).text


def test_a_track_without_assignments_leads_its_fagmiljo_there(scene):
    nettverk, _gruppe = scene
    loype: Laeringsloype = module(nettverk).periode.loype
    side = reverse("laeringsloyper:loype", args=[nettverk.slug, loype.slug])
    fag = VervFactory(gruppe=loype.ansvarlig_gruppe).person

    assert f"{address(nettverk)}?loype={loype.slug}" in som(fag).get(side).text
    andre = medlem(nettverk, gruppetype=Gruppe.Type.OPPVEKSTNETTVERK)
    assert address(nettverk) not in som(andre).get(side).text


def test_what_is_given_directly_is_changed_and_withdrawn_from_where_it_stands(scene):
    nettverk, gruppe = scene
    modul = module(nettverk)
    loype = modul.periode.loype
    oppdrag = OppdragFactory(nettverk=nettverk, samling=None, laeringsloype=loype, modul=modul)
    MellomarbeidFactory(oppdrag=oppdrag, gruppe=gruppe)
    sider = [
        reverse("rolu:mellomarbeid_list", args=[nettverk.slug]) + f"?oppdrag={oppdrag.pk}",
        reverse("laeringsloyper:modul", args=[nettverk.slug, loype.slug, modul.pk]),
    ]
    endre, trekk = (
        reverse(f"rolu:{navn}", args=[nettverk.slug, oppdrag.pk])
        for navn in ("oppdrag_rediger", "oppdrag_trekk")
    )
    fag = VervFactory(gruppe=loype.ansvarlig_gruppe).person
    annet = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGMILJO)
    LaeringsloypeFactory(nettverk=nettverk, ansvarlig_gruppe=annet)

    for side in sider:
        for person in (fag, koordinator(nettverk)):
            tekst = som(person).get(side).text
            assert endre in tekst
            assert trekk in tekst
        for person in (VervFactory(gruppe=annet).person, enhetsleder(gruppe)):
            tekst = som(person).get(side).text
            assert oppdrag.tittel in tekst
            assert endre not in tekst
            assert trekk not in tekst


def test_a_unit_that_comes_later_gets_it_once_with_its_letter(scene):
    nettverk, gruppe = scene
    oppdrag = give(
        nettverk=nettverk,
        samling=None,
        tittel="x",
        tekst="x",
        frist=FRIST,
        laeringsloype=None,
        by=koordinator(nettverk),
        mottakere=Mottakere(nettverk=nettverk, enheter=True),
    )
    ny = GruppeFactory(
        nettverk=nettverk,
        utviklingsgruppe=True,
        enhet=EnhetFactory(kommune=nettverk.kommuner().get()),
    )
    leder = enhetsleder(ny)

    antall = [give_to_newcomers(nettverk), give_to_newcomers(nettverk)]

    assert antall == [1, 0]
    assert set(Mellomarbeid.objects.values_list("gruppe", flat=True)) == {gruppe.pk, ny.pk}
    assert [brev.til for brev in Brev.objects.filter(til=leder)] == [leder]
    Oppdrag.objects.filter(pk=oppdrag.pk).update(frist=idag())
    GruppeFactory(
        nettverk=nettverk,
        utviklingsgruppe=True,
        enhet=EnhetFactory(kommune=nettverk.kommuner().get()),
    )
    assert give_to_newcomers(nettverk) == 0


def given(nettverk: Nettverk) -> Oppdrag:
    return give(
        nettverk=nettverk,
        samling=None,
        tittel="Utforsk ute",
        tekst="x",
        frist=FRIST,
        laeringsloype=None,
        by=koordinator(nettverk),
        mottakere=Mottakere(nettverk=nettverk, enheter=True),
    )


def new_unit(nettverk: Nettverk) -> Gruppe:
    enhet = EnhetFactory(kommune=nettverk.kommuner().get())
    return GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=enhet)


def letters_to(person: Person) -> list[str]:
    return list(Brev.objects.filter(til=person).order_by("pk").values_list("tekst", flat=True))


def test_who_leads_a_unit_that_comes_later_too_is_told_of_that_one_alone(scene):
    nettverk, gruppe = scene
    leder = enhetsleder(gruppe)
    given(nettverk)
    ny = new_unit(nettverk)
    VervFactory(gruppe=ny, person=leder, rolle="formell_leder")

    for _gang in range(3):
        give_to_newcomers(nettverk)

    foerste, andre = letters_to(leder)
    assert str(gruppe.enhet) in foerste
    assert str(ny.enhet) in andre
    assert str(gruppe.enhet) not in andre


def test_a_new_unit_is_told_when_it_gets_a_leader_and_a_new_leader_is_not_told_again(scene):
    nettverk, gruppe = scene
    foer = enhetsleder(gruppe)
    given(nettverk)
    ny = new_unit(nettverk)
    give_to_newcomers(nettverk)
    leder = enhetsleder(ny)

    give_to_newcomers(nettverk)
    give_to_newcomers(nettverk)
    etter = enhetsleder(gruppe)
    give_to_newcomers(nettverk)

    assert [len(letters_to(p)) for p in (foer, leder, etter)] == [1, 1, 0]
    assert str(ny.enhet) in letters_to(leder)[0]


def test_a_leader_of_two_who_takes_over_a_unit_nobody_led_is_told_of_it(scene):
    nettverk, gruppe = scene
    leder = enhetsleder(gruppe)
    uten = new_unit(nettverk)
    given(nettverk)
    # The day before the Verv: who led the one then, was told of that.
    Brev.objects.update(opprettet=timezone.now() - datetime.timedelta(days=1))
    VervFactory(gruppe=uten, person=leder, rolle="formell_leder", gyldig=periode(idag()))

    for _gang in range(2):
        give_to_newcomers(nettverk)

    assert [str(uten.enhet) in tekst for tekst in letters_to(leder)] == [False, True]


def test_nobody_is_told_anew_of_what_is_delivered(scene):
    nettverk, gruppe = scene
    oppdrag = given(nettverk)
    arbeid = oppdrag.mellomarbeid.get()
    Mellomarbeid.objects.filter(pk=arbeid.pk).update(status="levert", levert=timezone.now())
    leder = enhetsleder(gruppe)

    give_to_newcomers(nettverk)

    assert letters_to(leder) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_give_it_and_tell_of_it_once(scene):
    nettverk, _gruppe = scene
    oppdrag = given(nettverk)
    leder = enhetsleder(new_unit(nettverk))

    svar = at_once(*[lambda: give_to_newcomers(nettverk)] * 3, holding=oppdrag)

    assert sorted(svar) == [0, 0, 1]
    assert len(letters_to(leder)) == 1
