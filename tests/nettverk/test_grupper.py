"""Groups in the browser: who sits where, what is vacant, who may change it."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from kommuner.gyldighet import idag, periode
from nettverk.bekreftelse import confirm
from nettverk.models import Gruppe, Person, Rolle, Verv
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    kommuneansvarlig,
    koordinator,
    nettverk_med_enhet,
)

pytestmark = pytest.mark.django_db


def _url(navn: str, gruppe: Gruppe, *args: object) -> str:
    return reverse(f"nettverk:{navn}", args=[gruppe.nettverk.slug, gruppe.pk, *args])


def _nytt_medlem(**felt: str) -> dict[str, str]:
    return {
        "navn": "Kari Utviklingslærer",
        "epost": "Kari@demo.example ",
        "rolle": Rolle.UTVIKLINGSLAERER,
        "fra": idag().isoformat(),
        **felt,
    }


def test_leader_fills_a_vacant_role(client: Client):
    _nettverk, gruppe = nettverk_med_enhet()
    client.force_login(enhetsleder(gruppe))

    svar = client.post(_url("verv_ny", gruppe), _nytt_medlem(), follow=True)

    assert "Kari Utviklingslærer" in svar.content.decode()
    verv = Verv.objects.get(person__epost="kari@demo.example")
    assert (verv.gruppe, verv.rolle) == (gruppe, Rolle.UTVIKLINGSLAERER)
    assert not verv.person.has_usable_password()


def test_no_role_is_chosen_beforehand_unless_a_vacant_one_was_pressed(client: Client):
    _nettverk, gruppe = nettverk_med_enhet()
    client.force_login(enhetsleder(gruppe))

    html = client.get(_url("verv_ny", gruppe)).content.decode()
    valgt = client.get(_url("verv_ny", gruppe), {"rolle": Rolle.PP_RAADGIVER}).content.decode()

    assert '<option value="" selected>Velg rolle</option>' in html
    assert f'<option value="{Rolle.PP_RAADGIVER}" selected lang="nb">' in valgt


@pytest.mark.parametrize("side", ["verv_ny", "verv_avslutt"])
def test_errors_are_summed_up_once(client: Client, side: str):
    _nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)
    client.force_login(leder)
    url = _url(side, gruppe, *([leder.verv.get().pk] if side == "verv_avslutt" else []))

    html = client.post(url, {"siste_dag": "tull"}).content.decode()

    assert html.count("data-feiloppsummering") == 1
    assert Verv.objects.filter(gruppe=gruppe).count() == 1


def test_vacant_roles_show_on_the_page_of_the_group(client: Client):
    _nettverk, gruppe = nettverk_med_enhet()
    client.force_login(enhetsleder(gruppe))

    svar = client.get(_url("gruppe", gruppe))

    assert [rolle.value for rolle in svar.context["ledige"]] == [
        Rolle.TILLITSVALGT,
        Rolle.UTVIKLINGSLAERER,
        Rolle.PP_RAADGIVER,
    ]
    assert "3 roller er ledige" in svar.content.decode()


def test_known_email_gives_the_known_person_a_verv(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    kjent = koordinator(nettverk)
    client.force_login(enhetsleder(gruppe))

    client.post(_url("verv_ny", gruppe), _nytt_medlem(epost=kjent.epost, navn="Et annet navn"))

    kjent.refresh_from_db()
    assert kjent.navn != "Et annet navn"
    assert Person.objects.filter(epost=kjent.epost).count() == 1
    assert kjent.verv.filter(gruppe=gruppe).count() == 1


def test_overlapping_verv_is_refused_at_the_field_and_keeps_what_was_written(client: Client):
    _nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)
    client.force_login(leder)

    svar = client.post(
        _url("verv_ny", gruppe),
        _nytt_medlem(epost=leder.epost, rolle=Rolle.FORMELL_LEDER, tittel="styrer"),
    )

    assert svar.context["form"].errors["fra"] == [
        # The name that was typed: the address may be somebody else's.
        "Kari Utviklingslærer har allerede denne rollen i gruppa i denne perioden."
    ]
    assert 'value="styrer"' in svar.content.decode()


def test_end_before_start_is_refused_at_the_field(client: Client):
    _nettverk, gruppe = nettverk_med_enhet()
    client.force_login(enhetsleder(gruppe))

    svar = client.post(_url("verv_ny", gruppe), _nytt_medlem(fra="2026-08-01", til="2026-07-01"))

    assert svar.context["form"].errors["til"] == [
        "Sluttdatoen må være 1. august 2026 eller senere."
    ]
    assert not Verv.objects.filter(person__epost="kari@demo.example").exists()


def test_ending_a_verv_keeps_it_as_history(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    verv = VervFactory(gruppe=gruppe, rolle=Rolle.TILLITSVALGT)
    client.force_login(koordinator(nettverk))

    client.post(_url("verv_avslutt", gruppe, verv.pk), {"siste_dag": idag().isoformat()})

    verv.refresh_from_db()
    assert verv.siste_dag == idag()


@pytest.mark.parametrize("siste_dag", ["1999-12-31", "", "i går"])
def test_impossible_last_day_is_refused(client: Client, siste_dag: str):
    nettverk, gruppe = nettverk_med_enhet()
    verv = VervFactory(gruppe=gruppe)
    client.force_login(koordinator(nettverk))

    svar = client.post(_url("verv_avslutt", gruppe, verv.pk), {"siste_dag": siste_dag})

    assert "siste_dag" in svar.context["form"].errors
    verv.refresh_from_db()
    assert verv.til is None


def test_second_tab_that_ends_again_is_told_so(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    verv = VervFactory(
        gruppe=gruppe, gyldig=periode(datetime.date(2020, 1, 1), datetime.date(2024, 1, 1))
    )
    client.force_login(koordinator(nettverk))

    svar = client.post(
        _url("verv_avslutt", gruppe, verv.pk), {"siste_dag": "2026-01-01"}, follow=True
    )

    assert "allerede avsluttet" in svar.content.decode()


def test_who_may_change_a_group(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    fremmed = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=EnhetFactory())
    folk = {
        "koordinator": (koordinator(nettverk), 200),
        "kommuneansvarlig": (kommuneansvarlig(nettverk, gruppe.enhet.kommune_per()), 200),
        "enhetsleder": (enhetsleder(gruppe), 200),
        "gruppemedlem": (gruppemedlem(gruppe), 403),
        "leder for en annen enhet": (enhetsleder(fremmed), 403),
    }

    svar = {}
    for navn, (person, _ventet) in folk.items():
        client.force_login(person)
        svar[navn] = client.get(_url("verv_ny", gruppe)).status_code

    assert svar == {navn: ventet for navn, (_person, ventet) in folk.items()}


def test_refusal_names_who_can(client: Client):
    _nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)
    client.force_login(gruppemedlem(gruppe))

    svar = client.get(_url("verv_ny", gruppe))

    assert svar.status_code == 403
    assert leder.navn in svar.content.decode()


def test_group_of_another_network_does_not_exist(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    annet, _ = nettverk_med_enhet()
    client.force_login(koordinator(annet))

    assert client.get(reverse("nettverk:gruppe", args=[annet.slug, gruppe.pk])).status_code == 404
    assert (
        client.get(reverse("nettverk:gruppe", args=[nettverk.slug, gruppe.pk])).status_code == 403
    )


def test_list_can_show_only_groups_with_vacancies(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    full = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, navn="Full")
    for rolle in (
        Rolle.FORMELL_LEDER,
        Rolle.TILLITSVALGT,
        Rolle.UTVIKLINGSLAERER,
        Rolle.PP_RAADGIVER,
    ):
        VervFactory(gruppe=full, rolle=rolle)
    client.force_login(enhetsleder(gruppe))

    svar = client.get(reverse("nettverk:gruppe_list", args=[nettverk.slug]), {"mangler": "on"})

    assert list(svar.context["side"].object_list) == [gruppe]


@pytest.mark.parametrize("skrevet", ["bjorkebukken", "bjoerke", "BJØRKEBUKKEN", "barnehage bjørk"])
def test_list_is_searched_as_everything_else(client: Client, skrevet: str):
    nettverk, gruppe = nettverk_med_enhet()
    bjork = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, navn="Bjørkebukken barnehage")
    client.force_login(enhetsleder(gruppe))

    svar = client.get(reverse("nettverk:gruppe_list", args=[nettverk.slug]), {"q": skrevet})

    assert list(svar.context["side"].object_list) == [bjork]


def test_group_per_a_date_shows_who_sat_there_then(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    da = VervFactory(
        gruppe=gruppe, gyldig=periode(datetime.date(2018, 1, 1), datetime.date(2020, 1, 1))
    )
    client.force_login(koordinator(nettverk))

    svar = client.get(_url("gruppe", gruppe), {"per": "2018-06-01"})

    assert da in svar.context["verv_list"]


@pytest.mark.parametrize("antall", [1, 3])
def test_list_takes_the_same_queries_whatever_its_length(client, django_assert_num_queries, antall):
    nettverk, gruppe = nettverk_med_enhet()
    for _ in range(antall):
        VervFactory(gruppe=GruppeFactory(nettverk=nettverk, utviklingsgruppe=True))
        VervFactory(gruppe=GruppeFactory(nettverk=nettverk))
    client.force_login(enhetsleder(gruppe))
    client.get(reverse("nettverk:gruppe_list", args=[nettverk.slug]))

    # session, person, network with roles, groups, counts, page, own views
    with django_assert_num_queries(7):
        client.get(reverse("nettverk:gruppe_list", args=[nettverk.slug]))


def test_vacant_role_is_told_on_the_leaders_home_page(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)
    confirm(gruppe, by=leder)
    client.force_login(leder)

    svar = client.get(reverse("nettverk:hjem", args=[nettverk.slug]))

    html = svar.content.decode()
    assert "Utviklingsgruppa mangler tillitsvalgt, utviklingslærer og PP-rådgiver" in html
    assert _url("gruppe", gruppe) in html


def test_own_groups_come_first_in_the_list(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    annen = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, navn="Aa")
    client.force_login(enhetsleder(gruppe))

    svar = client.get(reverse("nettverk:gruppe_list", args=[nettverk.slug]))

    assert list(svar.context["side"]) == [gruppe, annen]
    assert svar.text.count(">din</span>") == 1


def test_the_last_coordinator_is_told_why_the_verv_cannot_end(client: Client):
    nettverk, _gruppe = nettverk_med_enhet()
    sjef = koordinator(nettverk)
    verv = sjef.verv.get()
    client.force_login(sjef)

    svar = client.post(
        _url("verv_avslutt", verv.gruppe, verv.pk), {"siste_dag": idag().isoformat()}
    )

    assert svar.status_code == 422
    assert "Nettverket må alltid ha noen som koordinerer det." in svar.text
