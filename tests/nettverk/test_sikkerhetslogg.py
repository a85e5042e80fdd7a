"""What is written in the security log by itself, who reads it, and who is told by letter."""

import datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_delete
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kommuner.gyldighet import idag
from nettverk.models import (
    Brev,
    Engangsnoekkel,
    Gruppe,
    Person,
    Rolle,
    Sikkerhetshendelse,
    Teller,
    Verv,
)
from nettverk.sikkerhet import alarm, logg
from nettverk.sikkerhet.grenser import Grense
from nettverk.sikkerhet.vakt import (
    ADMINISTRATOR,
    EPOST,
    RETTIGHETER,
    TILGANG,
    VERV_ENDRET,
    VERV_GITT,
    VERV_SLETTET,
)
from nettverk.tilgang import avslag
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    PersonFactory,
    VervFactory,
    kog,
    koordinator,
)
from tests.okt import sign_in_administrator
from tests.rolu.factories import DeltakelseFactory, SamlingFactory

pytestmark = pytest.mark.django_db

SIDE = "/sikkerhetslogg/"
PROEVE = logg.hendelsesslag("test.proeve", "Noe ble prøvd")
ALARM = logg.hendelsesslag("test.alarm", "Noe farlig", alarm=True)
MANGE = logg.hendelsesslag(
    "test.mange", "Noe lite", mange=Grense("test.mange", 3, datetime.timedelta(hours=1))
)


def _administrator(**felt: object) -> Person:
    return PersonFactory(is_staff=True, is_superuser=True, **felt)


@pytest.fixture
def administrator(client: Client) -> Person:
    person = _administrator(navn="Administrator")
    Sikkerhetshendelse.objects.all().delete()
    sign_in_administrator(client, person)
    return person


def _log(*slag: str) -> list[Sikkerhetshendelse]:
    return list(Sikkerhetshendelse.objects.filter(slag__in=slag).order_by("pk"))


# --- what is written by itself


def test_a_verv_given_and_ended_on_a_page_is_written_down(client: Client):
    gruppe = GruppeFactory()
    sjef = koordinator(gruppe.nettverk)
    assert not _log(VERV_GITT)  # what no person did through the portal is not
    client.force_login(sjef)
    client.post(
        reverse("nettverk:verv_ny", args=[gruppe.nettverk.slug, gruppe.pk]),
        {"navn": "Ny", "epost": "ny@demo.example", "rolle": "leder", "fra": idag().isoformat()},
    )
    verv = Verv.objects.get(gruppe=gruppe)
    client.post(
        reverse("nettverk:verv_avslutt", args=[gruppe.nettverk.slug, gruppe.pk, verv.pk]),
        {"siste_dag": idag().isoformat()},
    )

    gitt, endret = _log(VERV_GITT, VERV_ENDRET)
    assert (gitt.slag, gitt.person, gitt.av, gitt.nettverk) == (
        VERV_GITT,
        verv.person,
        sjef,
        gruppe.nettverk,
    )
    assert gitt.opplysninger == {"rolle": "leder", "gruppe": gruppe.pk, "til": ""}
    assert (endret.slag, endret.opplysninger["felt"]) == (VERV_ENDRET, ["gyldig"])
    assert gitt.adresse == "127.0.0.0/24"


def test_what_the_administrator_changes_is_written_down(client: Client, administrator: Person):
    person = PersonFactory()

    def save(**felt: object) -> None:
        person.refresh_from_db()
        data = {"navn": person.navn, "epost": person.epost, "telefon": "", "spraak": ""}
        data |= {"is_active": "on"} | felt
        url = reverse("admin:nettverk_person_change", args=[person.pk])
        assert client.post(url, data).status_code == 302

    save()
    assert not _log(EPOST, RETTIGHETER, ADMINISTRATOR)
    save(epost="ny-adresse@demo.example")
    save(is_staff="on")
    save(is_staff="on", is_superuser="on")
    save(is_active="")

    alle = _log(EPOST, RETTIGHETER, ADMINISTRATOR)
    assert [h.slag for h in alle] == [
        EPOST,
        RETTIGHETER,
        ADMINISTRATOR,
        RETTIGHETER,
        RETTIGHETER,
    ]
    assert {(h.person, h.av) for h in alle} == {(person, administrator)}
    assert alle[1].opplysninger == {"is_staff": True}
    assert "ny-adresse" not in str([h.opplysninger for h in alle])


def test_verv_and_memberships_changed_in_the_admin_are_written_down(
    client: Client, administrator: Person
):
    verv = VervFactory(rolle=Rolle.MEDLEM)
    medlemskap = MedlemskapFactory(nettverk=verv.gruppe.nettverk)
    url = reverse("admin:nettverk_verv_change", args=[verv.pk])
    data = {
        "person": verv.person_id,
        "gruppe": verv.gruppe_id,
        "rolle": "leder",
        "tittel": "",
        "gyldig_0": "2020-01-01",
        "gyldig_1": "",
    }
    assert client.post(url, data).status_code == 302
    slett = reverse("admin:nettverk_verv_delete", args=[verv.pk])
    assert client.post(slett, {"post": "yes"}).status_code == 302
    gruppe = GruppeFactory(type=Gruppe.Type.ANNEN)
    gruppe_url = reverse("admin:nettverk_gruppe_change", args=[gruppe.pk])
    svar = client.post(
        gruppe_url,
        {
            "nettverk": gruppe.nettverk_id,
            "type": "koordineringsgruppe",
            "navn": gruppe.navn,
            "rekkefolge": 1,
            "gyldig_0": "2020-01-01",
            "gyldig_1": "",
            "verv-TOTAL_FORMS": 0,
            "verv-INITIAL_FORMS": 0,
        },
    )
    assert svar.status_code == 302, svar.context["errors"]

    endret, slettet, tilgang = _log(VERV_ENDRET, VERV_SLETTET, TILGANG)
    assert "rolle" in endret.opplysninger["felt"]
    assert slettet.opplysninger["gruppe"] == verv.gruppe_id
    assert (tilgang.opplysninger["hva"], tilgang.opplysninger["felt"]) == ("gruppe", ["type"])
    assert medlemskap.pk


def test_refusals_are_written_down_but_never_fill_the_table(client: Client):
    gruppe = GruppeFactory()
    person = VervFactory(gruppe=gruppe).person
    client.force_login(person)
    url = reverse("nettverk:nettverk_rediger", args=[gruppe.nettverk.slug])

    for _n in range(avslag.MANGE.antall + 20):
        assert client.get(url).status_code == 403

    alle = _log(avslag.AVSLAG)
    assert len(alle) == avslag.I_TIMEN.antall
    assert (alle[0].person, alle[0].nettverk) == (person, gruppe.nettverk)
    assert alle[0].opplysninger == {
        "side": "nettverk:nettverk_rediger",
        "metode": "GET",
        "tillatelse": "nettverk.change_nettverk",
    }
    assert len(_log(avslag.MANGE_AVSLAG)) == 1


def test_people_taken_out_of_the_portal_are_written_down(client: Client):
    samling = SamlingFactory()
    deltakelser = [
        DeltakelseFactory(samling=samling, verv=VervFactory(gruppe__nettverk=samling.nettverk))
        for _n in range(3)
    ]
    sjef = kog(samling.nettverk)
    client.force_login(sjef)

    for navn in ("deltakere_regneark", "deltakere_utskrift", "deltakere_epost"):
        url = reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk])
        assert client.get(url).status_code == 200

    alle = _log("nettverk.eksport")
    assert [(h.person, h.nettverk, h.opplysninger) for h in alle] == [
        (sjef, samling.nettverk, {"hva": hva, "rader": len(deltakelser)})
        for hva in ("rolu.deltakere", "rolu.utskrift", "rolu.epostadresser")
    ]


# --- who is told by letter


def test_an_alarm_goes_to_the_administrators_once_an_hour_for_each_kind():
    folk = [_administrator(epost=f"sjef{n}@demo.example") for n in range(2)]
    _administrator(is_active=False)
    PersonFactory()
    Brev.objects.all().delete()
    Teller.objects.all().delete()

    for _n in range(3):
        logg.record(ALARM, person=PersonFactory())

    brevene = Brev.objects.filter(slag=alarm.ALARM)
    assert {b.til for b in brevene} == set(folk)
    assert brevene.count() == 2
    assert f"{SIDE}?slag={ALARM}" in brevene[0].tekst
    assert "Noe farlig" in brevene[0].emne


def test_many_of_a_kind_ring_though_each_of_them_does_not():
    _administrator()
    Brev.objects.all().delete()

    for n in range(5):
        logg.record(MANGE, person=PersonFactory())
        assert Brev.objects.filter(slag=alarm.ALARM).exists() is (n >= 3)


def test_the_others_are_told_of_a_new_administrator():
    forste = _administrator()
    assert not Brev.objects.exists()

    call_command("createsuperuser", "--noinput", epost="ny@demo.example", navn="Ny")

    (hendelse,) = [h for h in _log(ADMINISTRATOR) if h.person.epost == "ny@demo.example"]
    assert hendelse.av is None
    assert [b.til for b in Brev.objects.filter(slag=alarm.ALARM)] == [forste]


# --- who reads it


def test_only_the_administrator_reads_the_log(client: Client):
    gruppe = GruppeFactory()
    logg.record(PROEVE, person=PersonFactory(navn="Hemmelig Navn"))

    assert client.get(SIDE).status_code == 302
    for person in (
        koordinator(gruppe.nettverk),
        kog(gruppe.nettverk),
        PersonFactory(is_staff=True),
    ):
        client.force_login(person)
        svar = client.get(SIDE)
        assert svar.status_code == 403
        assert "Hemmelig Navn" not in svar.content.decode()
    administrator = _administrator()
    client.force_login(administrator)
    svar = client.get(SIDE)  # with a code by e-mail alone
    assert svar.status_code == 302
    sign_in_administrator(client, administrator)
    assert "Hemmelig Navn" in client.get(SIDE).content.decode()


def test_it_is_reached_from_the_admin_and_from_the_persons_menu(client, administrator):
    indeks = client.get(reverse("admin:index")).content.decode()
    liste = reverse("admin:nettverk_sikkerhetshendelse_changelist")
    assert liste in indeks
    assert client.get(liste).url == SIDE
    assert f'href="{SIDE}"' in client.get(SIDE).content.decode()


def test_it_is_filtered_by_kind_and_by_person(client, administrator):
    kari, ola = PersonFactory(navn="Kari Åsen"), PersonFactory(navn="Ola")
    om_kari = logg.record(PROEVE, person=kari)
    av_kari = logg.record(MANGE, person=ola, by=kari)
    om_ola = logg.record(PROEVE, person=ola)

    def viser(**filter_: object) -> set[int]:
        svar = client.get(SIDE, filter_)
        return {h.pk for h in svar.context["side"].object_list} & {
            om_kari.pk,
            av_kari.pk,
            om_ola.pk,
        }

    assert viser() == {om_kari.pk, av_kari.pk, om_ola.pk}
    assert viser(slag=PROEVE) == {om_kari.pk, om_ola.pk}
    for hvem in ("kari aasen", kari.epost.upper(), str(kari.pk)):
        assert viser(person=hvem) == {om_kari.pk, av_kari.pk}
    assert viser(slag=PROEVE, person="kari") == {om_kari.pk}
    assert viser(slag="finnes.ikke") == viser()
    assert viser(person="²") == set()
    assert viser(person="9" * 90) == set()


def test_the_log_costs_the_same_with_one_and_with_many(client, administrator):
    nettverk = GruppeFactory().nettverk

    def add() -> None:
        logg.record(
            PROEVE, person=PersonFactory(), by=PersonFactory(), nettverk=nettverk, felt=["a", "b"]
        )

    add()
    client.get(SIDE)
    antall = []
    for _n in range(2):
        with CaptureQueriesContext(connection) as spurt:
            client.get(SIDE)
        antall.append(len(spurt))
        for _m in range(70):
            add()

    assert antall[0] == antall[1]
    assert len(client.get(SIDE + "?side=2").context["linjer"]) > 0


def test_the_details_are_said_in_words(client, administrator):
    logg.record(
        PROEVE,
        maate=["code", "mfa:totp", "mfa:webauthn", "socialaccount:feide"],
        type="recovery_codes",
        fra="2026-12-24",
        grunn="ukjent",
        rolle="leder",
    )

    detaljer = client.get(SIDE, {"slag": PROEVE}).context["linjer"][0]["detaljer"]

    assert {str(navn): verdi for navn, verdi in detaljer} == {
        "måte": "kode på e-post, app, passnøkkel, Feide",
        "type": "reservekoder",
        "fra": "24. desember 2026",
        "grunn": "ingen konto her",
        "rolle": "leder",
    }


def test_what_is_deleted_in_the_admin_is_written_down_and_the_deletion_holds(
    client: Client, administrator: Person
):
    medlemskap = MedlemskapFactory()
    verv = VervFactory(gruppe__nettverk=medlemskap.nettverk)
    url = reverse("admin:nettverk_nettverk_delete", args=[medlemskap.nettverk_id])

    assert client.post(url, {"post": "yes"}).status_code == 302
    connection.check_constraints()

    assert not Verv.objects.filter(pk=verv.pk).exists()
    assert {h.opplysninger.get("hva") for h in _log(TILGANG)} >= {"nettverk", "medlemskap"}
    assert _log(VERV_SLETTET)[0].opplysninger["konto"] == verv.person_id


@pytest.mark.parametrize("modell", [Teller, Engangsnoekkel, Brev])
def test_rows_that_give_no_access_are_deleted_in_bulk_unlistened_to(modell):
    """Django fetches every row it deletes of a model that somebody listens to."""
    assert not post_delete.has_listeners(modell)
    assert post_delete.has_listeners(Verv)
