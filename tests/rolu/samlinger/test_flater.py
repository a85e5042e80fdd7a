"""What gatherings show on the home page, the public page and in the annual report."""

import datetime

import pytest
from django.utils import timezone

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet
from nettverk.models import Gruppe, Person, Rolle
from nettverk.tilgang.roller import roller_for
from rolu.models import Deltakelse, Oppsummering, Samling
from rolu.samlinger import flater as samlingsflater
from rolu.samlinger import hjem as samlingshjem
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import DeltakelseFactory, SamlingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    nettverk, gruppe = nettverk_med_enhet()
    return nettverk, gruppe


def todo(person, nettverk) -> list[str]:
    return [str(g.tittel) for g in samlingsflater.gjoremaal(roller_for(person, nettverk))]


def test_leader_is_asked_once_to_sign_up_the_group_and_a_member_to_answer(scene):
    nettverk, gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True, tittel="Fagdagen")
    leder, kollega = enhetsleder(gruppe), gruppemedlem(gruppe)
    for person in (leder, kollega):
        DeltakelseFactory(samling=samling, verv=person.verv.get())

    assert todo(leder, nettverk) == ["Meld på gruppa til «Fagdagen»"]
    assert todo(kollega, nettverk) == ["Kommer du på «Fagdagen»?"]


def test_somebody_in_many_groups_is_asked_once_and_told_through_which(scene):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True, tittel="Fagdagen")
    raadgiver = PersonFactory()
    for nummer in range(5):
        enhet = EnhetFactory(navn=f"Skole {nummer}", kommune=nettverk.kommuner().get())
        gruppe = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=enhet)
        verv = VervFactory(gruppe=gruppe, person=raadgiver, rolle=Rolle.PP_RAADGIVER)
        DeltakelseFactory(samling=samling, verv=verv)

    [sak] = samlingsflater.gjoremaal(roller_for(raadgiver, nettverk))

    assert sak.tittel == "Kommer du på «Fagdagen»?"
    assert str(sak.tekst).startswith("Skole 0, Skole 1, Skole 2 og 2 til: ")


def test_next_gathering_is_one_the_person_is_invited_to(scene):
    nettverk, _gruppe = scene
    SamlingFactory(nettverk=nettverk, publisert_=True, tittel="De andres")
    leder = medlem(nettverk, gruppetype=Gruppe.Type.FAGNETTVERK)
    roller = roller_for(leder, nettverk)
    assert list(samlingshjem.hjem(roller)) == []

    egen = SamlingFactory(nettverk=nettverk, publisert_=True, tittel="Vår")
    DeltakelseFactory(samling=egen, verv=leder.verv.get())

    # Fetched anew: what is found for a person is remembered on them.
    [seksjon] = samlingshjem.hjem(roller_for(Person.objects.get(pk=leder.pk), nettverk))
    assert seksjon.data["samling"] == egen


def test_a_place_that_closed_because_the_verv_ended_is_nobodys_no(scene, client):
    nettverk, _gruppe = scene
    person = medlem(nettverk, gruppetype=Gruppe.Type.FAGNETTVERK)
    gruppe = GruppeFactory(nettverk=nettverk)
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    slutter = VervFactory(gruppe=gruppe, person=person, gyldig=periode(idag(), samling.dato))
    DeltakelseFactory(samling=samling, verv=slutter, status=Deltakelse.Status.AVMELDT)
    client.force_login(person)

    assert list(samlingshjem.hjem(roller_for(person, nettverk))) == []
    assert "Du er avmeldt" not in client.get(f"/{nettverk.slug}/samlinger/").text
    html = client.get(f"/{nettverk.slug}/samlinger/{samling.pk}/").text
    assert "vervet ditt er slutt før samlingen" in html
    assert "du er avmeldt" not in html


def test_one_answers_in_the_card_itself(scene, client):
    nettverk, gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    kollega = gruppemedlem(gruppe)
    rad = DeltakelseFactory(samling=samling, verv=kollega.verv.get())
    client.force_login(kollega)
    side = client.get(f"/{nettverk.slug}/hjem/").text
    assert f'name="deltakelse" value="{rad.pk}"' in side
    assert "Ja, jeg kommer" in side
    (sak,) = samlingsflater.gjoremaal(roller_for(kollega, nettverk))

    client.post(sak.url, dict(sak.svar.felt) | {"svar": "ja"})

    rad.refresh_from_db()
    assert rad.status == "paameldt"


def test_nothing_waits_after_the_answer_or_the_deadline(scene):
    nettverk, gruppe = scene
    i_gaar = idag() - datetime.timedelta(days=1)
    kollega = gruppemedlem(gruppe)
    for samling, status in (
        (SamlingFactory(nettverk=nettverk, publisert_=True), Deltakelse.Status.PAAMELDT),
        (
            SamlingFactory(nettverk=nettverk, publisert_=True, paameldingsfrist=i_gaar),
            Deltakelse.Status.INVITERT,
        ),
    ):
        DeltakelseFactory(samling=samling, verv=kollega.verv.get(), status=status)

    assert todo(kollega, nettverk) == []


def test_coordinator_is_reminded_of_the_draft_and_of_the_desk_today(scene):
    nettverk, _gruppe = scene
    SamlingFactory(nettverk=nettverk, tittel="Utkastet")
    SamlingFactory(nettverk=nettverk, i_dag=True, tittel="Fagdagen")
    pro = medlem(nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK)

    assert todo(koordinator(nettverk), nettverk) == [
        "«Fagdagen» er i dag",
        "«Utkastet» er et utkast",
    ]
    assert todo(pro, nettverk) == ["«Fagdagen» er i dag"]


def test_a_gathering_that_has_been_waits_for_its_summary_from_the_day_after(scene):
    nettverk, _gruppe = scene
    k = koordinator(nettverk)
    var = SamlingFactory(nettverk=nettverk, avholdt=True, tittel="Fagdagen")
    SamlingFactory(nettverk=nettverk, avlyst=True, start=var.start, slutt=var.slutt)

    assert todo(k, nettverk) == ["Lag oppsummeringen av «Fagdagen»"]
    assert todo(medlem(nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK), nettverk) == []
    Samling.objects.filter(pk=var.pk).update(slutt=timezone.now())
    assert todo(k, nettverk) == []
    Samling.objects.filter(pk=var.pk).update(slutt=var.slutt)
    Oppsummering.objects.create(samling=var, publisert=timezone.now())
    assert todo(k, nettverk) == []


def test_public_page_shows_what_when_and_where_of_public_gatherings(scene):
    nettverk, _gruppe = scene
    SamlingFactory(nettverk=nettverk, tittel="Utkastet", er_offentlig=True)
    SamlingFactory(nettverk=nettverk, avholdt=True, er_offentlig=True)
    SamlingFactory(nettverk=nettverk, avlyst=True, er_offentlig=True)
    SamlingFactory(nettverk=nettverk, publisert_=True)
    fagdagen = SamlingFactory(
        nettverk=nettverk, publisert_=True, er_offentlig=True, tittel="Fagdagen", om="Internt"
    )

    [seksjon] = samlingsflater.offentlig(nettverk)

    [rad] = seksjon.data["samlinger"]
    assert rad["url"].endswith(f"/{fagdagen.pk}/offentlig/")
    assert (rad["tittel"], set(rad)) == (
        "Fagdagen",
        {"tittel", "tema", "type", "sted", "start", "slutt", "naar", "url"},
    )


def test_home_page_costs_the_same_with_one_and_three_gatherings(scene, django_assert_num_queries):
    nettverk, _gruppe = scene
    leder = medlem(nettverk, gruppetype=Gruppe.Type.FAGNETTVERK)
    for _ in range(2):
        DeltakelseFactory(
            samling=SamlingFactory(nettverk=nettverk, publisert_=True), verv=leder.verv.get()
        )
        # Fetched anew: what is found for a person is remembered on them.
        roller = roller_for(Person.objects.get(pk=leder.pk), nettverk)
        with django_assert_num_queries(3):
            list(samlingsflater.gjoremaal(roller))
            list(samlingshjem.hjem(roller))


# --- the annual report


@pytest.fixture
def aaret(scene):
    """A gathering held in the year: one kindergarten met, one private school did not."""
    nettverk, gruppe = scene
    kommune = gruppe.enhet.kommune_per()
    skole = GruppeFactory(
        nettverk=nettverk,
        utviklingsgruppe=True,
        enhet=EnhetFactory(
            kommune=kommune, type=Enhet.Type.GRUNNSKOLE, eierform=Enhet.Eierform.PRIVAT
        ),
    )
    samling = SamlingFactory(nettverk=nettverk, avholdt=True, tittel="Fagdagen")
    for rolle in (Rolle.FORMELL_LEDER, Rolle.TILLITSVALGT):
        verv = VervFactory(gruppe=gruppe, rolle=rolle)
        DeltakelseFactory(samling=samling, verv=verv, kommune=kommune, moett_=True)
    verv = VervFactory(gruppe=skole, rolle=Rolle.FORMELL_LEDER)
    DeltakelseFactory(samling=samling, verv=verv, kommune=kommune)
    return nettverk, kommune, timezone.localtime(samling.start).year


def test_chapter_on_gatherings_has_date_place_and_how_many_met(aaret):
    nettverk, _kommune, aar = aaret

    [rad] = samlingsflater.gatherings_chapter(nettverk, aar).data["samlinger"]

    assert (rad["tittel"], rad["sted"], rad["inviterte"], rad["moett"]) == (
        "Fagdagen",
        "Surnadal kulturhus",
        3,
        2,
    )


def test_chapter_on_participation_counts_people_roles_kommuner_and_units(aaret):
    nettverk, kommune, aar = aaret

    data = samlingsflater.participation_chapter(nettverk, aar).data

    assert data["personer"] == 2
    assert (data["enheter_naadd"], data["enheter_alle"]) == (1, 2)
    assert data["rollene"][:2] == ["Formell leder", "Tillitsvalgt"]
    assert data["per_kommune"] == [
        {"kommune": kommune.navn, "roller": [1, 1, 0, 0, 0], "personer": 2, "oppmoeter": 2}
    ]
    assert [(r["rolle"], r["personer"]) for r in data["per_rolle"]] == [
        ("Formell leder", 1),
        ("Tillitsvalgt", 1),
    ]
    assert [
        (e["type"], e["naadd"], e["alle"], e["private_naadd"], e["private"])
        for e in data["enheter"]
    ] == [
        ("barnehage", 1, 1, 0, 0),
        ("grunnskole", 0, 1, 0, 1),
    ]
    assert data["diagram"].rader == ((kommune.navn, 2, None),)


def test_other_years_and_networks_are_left_out(aaret):
    nettverk, _kommune, aar = aaret
    annet, _gruppe = nettverk_med_enhet()

    for n, i_aar in ((nettverk, aar - 1), (annet, aar)):
        samlinger, deltakelse = (b.bygg() for b in samlingsflater.kapitler(n, i_aar))
        assert samlinger.data["samlinger"] == []
        assert deltakelse.data["personer"] == 0


def test_chapters_cost_the_same_whatever_the_size(aaret, django_assert_num_queries):
    nettverk, kommune, aar = aaret
    [samling] = Samling.objects.filter(nettverk=nettverk)
    for _ in range(2):
        with django_assert_num_queries(5):
            [b.bygg() for b in samlingsflater.kapitler(nettverk, aar)]
        DeltakelseFactory.create_batch(3, samling=samling, kommune=kommune, moett_=True)


@pytest.mark.parametrize("tomt", [True, False])
def test_chapters_can_be_drawn(aaret, tomt, rf):
    from django.template.loader import render_to_string

    nettverk, kommune, aar = aaret
    html = "".join(
        render_to_string(k.mal, {"data": k.data, "nettverk": nettverk})
        for k in (b.bygg() for b in samlingsflater.kapitler(nettverk, aar - tomt))
    )

    assert (kommune.navn in html) is not tomt
