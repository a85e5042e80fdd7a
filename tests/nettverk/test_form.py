"""The network's shape in the browser: groups, roles' names, kommuner, partners and dissemination."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kommuner.gyldighet import idag, periode
from nettverk import grupper, medlemskap
from nettverk.ledige import count_without_role
from nettverk.models import Deling, Gruppe, Nettverk, Partner, Rolle, Sikkerhetshendelse, Verv
from nettverk.sikkerhet.vakt import VERV_ENDRET
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for
from tests.kommuner.factories import LENGE_SIDEN, EnhetFactory, KommuneFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    kog,
    koordinator,
    nettverk_med_enhet,
)
from tests.okt import pass_time, sign_in_administrator
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db

IDAG, I_MORGEN = idag(), idag() + datetime.timedelta(days=1)
Type = Gruppe.Type


@pytest.fixture
def nettverk() -> Nettverk:
    return NettverkFactory()


@pytest.fixture
def client(client: Client, nettverk: Nettverk) -> Client:
    """The koordinator's."""
    client.force_login(koordinator(nettverk))
    return client


def _url(navn: str, nettverk: Nettverk, *args: object) -> str:
    return reverse(f"nettverk:{navn}", args=[nettverk.slug, *args])


def _partner(nettverk: Nettverk, **felt: object) -> Partner:
    felt = {"navn": "Nord universitet", "gyldig": periode(LENGE_SIDEN), **felt}
    return Partner.objects.create(nettverk=nettverk, **felt)


def _ny_gruppe(**felt: object) -> dict[str, object]:
    return {"navn": "Arbeidsutvalet", "type": Type.KOORDINERINGSGRUPPE, "fra": IDAG, **felt}


# --- groups


def test_a_koordinator_makes_a_group_and_its_function_gives_access(
    client: Client, nettverk: Nettverk
):
    svar = client.post(_url("gruppe_ny", nettverk), _ny_gruppe(kortnavn="AU"))

    gruppe = Gruppe.objects.get(navn="Arbeidsutvalet")
    leder = VervFactory(gruppe=gruppe, rolle=Rolle.LEDER).person
    assert svar.url == _url("gruppe", nettverk, gruppe.pk)
    assert (gruppe.kortnavn, gruppe.fra) == ("AU", IDAG)
    assert roller_for(leder, nettverk).er_koordinator


def test_the_functions_say_what_they_give_with_the_networks_own_names(
    client: Client, nettverk: Nettverk
):
    nettverk.egne_rollenavn = {Rolle.OPPVEKSTANSVARLIG: "barnehage- og skoleeier"}
    nettverk.save()

    html = client.get(_url("gruppe_ny", nettverk)).text

    assert "Svarer for kommunene" in html
    assert "Den som er barnehage- og skoleeier for en kommune her, ser og endrer" in html


def test_a_group_of_the_same_name_is_refused(client: Client, nettverk: Nettverk):
    GruppeFactory(nettverk=nettverk, navn="Arbeidsutvalet")

    svar = client.post(_url("gruppe_ny", nettverk), _ny_gruppe(navn="arbeidsutvalet"))

    assert svar.status_code == 422
    assert Gruppe.objects.filter(navn__iexact="arbeidsutvalet").count() == 1


def test_making_a_group_asks_for_a_fresh_sign_in(client: Client, nettverk: Nettverk):
    pass_time(client, minutter=30)

    svar = client.post(_url("gruppe_ny", nettverk), _ny_gruppe())

    assert svar.status_code == 302
    assert not Gruppe.objects.filter(navn="Arbeidsutvalet").exists()


def test_a_group_is_renamed_and_what_it_was_called_stands_in_its_history(
    client: Client, nettverk: Nettverk
):
    gruppe = GruppeFactory(nettverk=nettverk, navn="Gamle navnet")
    side = client.get(_url("gruppe_rediger", nettverk, gruppe.pk))

    client.post(
        _url("gruppe_rediger", nettverk, gruppe.pk),
        {
            "navn": "Nye navnet",
            "type": gruppe.type,
            "rekkefolge": 5,
            "stand": side.context["form"]["stand"].value(),
        },
    )

    gruppe.refresh_from_db()
    assert (gruppe.navn, gruppe.rekkefolge) == ("Nye navnet", 5)
    assert "Gamle navnet" in gruppe.events.values_list("navn", flat=True)


def test_two_who_rename_at_once_get_both_names_and_lose_none(client: Client, nettverk: Nettverk):
    gruppe = GruppeFactory(nettverk=nettverk, navn="Gamle navnet")
    url = _url("gruppe_rediger", nettverk, gruppe.pk)
    felt = {
        "type": gruppe.type,
        "rekkefolge": 100,
        "stand": client.get(url).context["form"]["stand"].value(),
    }
    client.post(url, {**felt, "navn": "Den førstes"})

    svar = client.post(url, {**felt, "navn": "Den andres"})

    gruppe.refresh_from_db()
    assert svar.status_code == 409
    assert "Den førstes" in svar.text
    assert "Den andres" in svar.text
    assert gruppe.navn == "Den førstes"


def test_the_function_stands_when_somebody_has_sat_there(client: Client, nettverk: Nettverk):
    gruppe = GruppeFactory(nettverk=nettverk)
    VervFactory(gruppe=gruppe)
    url = _url("gruppe_rediger", nettverk, gruppe.pk)

    side = client.get(url)
    client.post(url, {"navn": gruppe.navn, "type": Type.KOORDINERINGSGRUPPE, "rekkefolge": 1})

    gruppe.refresh_from_db()
    assert "Arbeidsgruppe, eller noe annet" in side.text
    assert gruppe.type == Type.ANNEN


def test_an_ended_group_takes_its_verv_with_it_and_says_so_before(
    client: Client, nettverk: Nettverk
):
    gruppe = GruppeFactory(nettverk=nettverk)
    sitter, kommer = VervFactory(gruppe=gruppe), VervFactory(gruppe=gruppe)
    kommer.gyldig = periode(IDAG + datetime.timedelta(days=30))
    kommer.save()
    VervFactory(gruppe=gruppe, gyldig=periode(LENGE_SIDEN, IDAG))
    url = _url("gruppe_avslutt", nettverk, gruppe.pk)

    foer = client.get(url)
    client.post(url, {"siste_dag": IDAG})

    for rad in (gruppe, sitter, kommer):
        rad.refresh_from_db()
    assert "2 verv slutter samme dag" in foer.text
    assert (gruppe.siste_dag, sitter.siste_dag) == (IDAG, IDAG)
    assert kommer.gyldig.isempty


def test_the_last_koordinator_keeps_the_group(client: Client, nettverk: Nettverk):
    gruppe = Gruppe.objects.get(nettverk=nettverk)

    svar = client.post(_url("gruppe_avslutt", nettverk, gruppe.pk), {"siste_dag": IDAG})

    gruppe.refresh_from_db()
    assert svar.status_code == 422
    assert "Nettverket må alltid ha noen som koordinerer det." in svar.text
    assert gruppe.til is None


def test_a_koordinator_who_has_not_answered_is_none(nettverk: Nettverk):
    gruppe = koordinator(nettverk).verv.get().gruppe
    ubesvart = VervFactory(
        gruppe=GruppeFactory(nettverk=nettverk, type=Type.KOORDINERINGSGRUPPE), rolle=Rolle.LEDER
    ).person
    ubesvart.is_active = False
    ubesvart.save()

    with pytest.raises(KanIkke):
        grupper.end(gruppe, siste_dag=IDAG)


@pytest.mark.django_db(transaction=True)
def test_two_groups_ended_at_once_leave_one_koordinator():
    nettverk = NettverkFactory()
    gruppene = [koordinator(nettverk).verv.get().gruppe for _nr in range(2)]

    def end(gruppe: Gruppe) -> bool:
        try:
            grupper.end(gruppe, siste_dag=IDAG)
        except KanIkke:
            return False
        return True

    svar = at_once(*(lambda gruppe=gruppe: end(gruppe) for gruppe in gruppene), holding=nettverk)

    assert sorted(svar) == [False, True]


def test_nobody_is_appointed_to_a_group_that_has_ended(client: Client, nettverk: Nettverk):
    gruppe = GruppeFactory(nettverk=nettverk, gyldig=periode(LENGE_SIDEN, IDAG))

    svar = client.post(
        _url("verv_ny", nettverk, gruppe.pk),
        {"navn": "Kari", "epost": "kari@demo.example", "rolle": Rolle.MEDLEM, "fra": IDAG},
    )

    assert svar.status_code == 422
    assert "Gruppa er avsluttet." in svar.text


def test_a_kommune_gets_an_utviklingsgruppe_named_in_the_networks_written_form(
    client: Client, nettverk: Nettverk
):
    kommune = MedlemskapFactory(nettverk=nettverk).kommune

    client.post(_url("utviklingsgruppe_ny", nettverk), {"sted": f"k{kommune.pk}", "fra": IDAG})

    gruppe = Gruppe.objects.utviklingsgrupper().get()
    assert (gruppe.kommune, gruppe.navn) == (kommune, f"Utviklingsgruppa i {kommune}")


def test_a_unit_that_has_one_or_lies_elsewhere_is_not_offered(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    client.force_login(koordinator(nettverk))
    uten = EnhetFactory(kommune=nettverk.kommuner().get())
    borte = EnhetFactory()

    side = client.get(_url("utviklingsgruppe_ny", nettverk)).text

    assert f'value="e{uten.pk}"' in side
    assert f'value="e{gruppe.enhet_id}"' not in side
    assert f'value="e{borte.pk}"' not in side


# --- roles


def _roller(client: Client, nettverk: Nettverk, **felt: object):
    url = _url("roller", nettverk)
    stand = client.get(url).context["form"]["stand"].value()
    return client.post(url, {"stand": stand, "kreves": nettverk.paakrevde_roller, **felt})


def test_the_networks_own_name_for_a_role_shows_where_the_role_does(
    client: Client, nettverk: Nettverk
):
    person = VervFactory(
        gruppe=GruppeFactory(nettverk=nettverk), rolle=Rolle.UTVIKLINGSVEILEDER
    ).person
    _roller(client, nettverk, navn_utviklingsveileder="utviklingsrettleiar", navn_leder="leder")

    nettverk.refresh_from_db()
    side = client.get(_url("gruppe", nettverk, person.verv.get().gruppe_id)).text
    # What is like the portal's own word is no name of one's own.
    assert nettverk.egne_rollenavn == {"utviklingsveileder": "utviklingsrettleiar"}
    assert "Utviklingsrettleiar" in side


def test_two_roles_of_the_same_name_are_refused(client: Client, nettverk: Nettverk):
    svar = _roller(client, nettverk, navn_raadgiver="Leder")

    assert svar.status_code == 422
    assert "En annen rolle heter det samme." in svar.text


def test_a_required_role_shows_how_many_groups_lack_it_and_none_is_allowed(client: Client):
    nettverk, gruppe = nettverk_med_enhet(paakrevde_roller=[])
    client.force_login(koordinator(nettverk))
    enhet = EnhetFactory(kommune=gruppe.enhet.kommune_per())
    GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=enhet)
    enhetsleder(gruppe)

    side = client.get(_url("roller", nettverk)).text
    svar = client.post(_url("roller", nettverk), {"kreves": [Rolle.FORMELL_LEDER]}, follow=True)
    med_en = count_without_role(Nettverk.objects.get(pk=nettverk.pk))
    client.post(_url("roller", nettverk), {})

    nettverk.refresh_from_db()
    assert "Mangler i 1 av 2 grupper i dag" in side
    assert "1 utviklingsgruppe har en ledig rolle." in svar.text
    assert med_en == 1
    assert nettverk.paakrevde_roller == []


def test_an_unknown_role_is_refused(client: Client, nettverk: Nettverk):
    svar = _roller(client, nettverk, kreves=["konge"])

    assert svar.status_code == 422


# --- kommuner


def test_a_kommune_joins_after_what_follows_is_said_and_its_units_get_groups(
    client: Client, nettverk: Nettverk
):
    MedlemskapFactory(nettverk=nettverk)
    kommune = KommuneFactory()
    enhet = EnhetFactory(kommune=kommune)
    url, felt = _url("medlemskap_ny", nettverk), {"kommune": kommune.pk, "fra": IDAG}

    foer = client.post(url, {**felt, "steg": "se"})
    ventet = nettverk.medlemskap.filter(kommune=kommune).exists()
    client.post(url, {**felt, "steg": "ta-inn"})

    rad = nettverk.medlemskap.get(kommune=kommune)
    assert "Portalen kjenner 1 enhet i kommunen." in foer.text
    assert not ventet
    assert rad.fra == IDAG
    assert Gruppe.objects.filter(nettverk=nettverk, enhet=enhet).utviklingsgrupper().exists()
    assert (
        nettverk.medlemskap.filter(kart_kolonne=rad.kart_kolonne, kart_rad=rad.kart_rad).count()
        == 1
    )


def test_a_kommune_of_another_network_cannot_be_taken(client: Client, nettverk: Nettverk):
    annens = MedlemskapFactory().kommune

    svar = client.post(
        _url("medlemskap_ny", nettverk), {"kommune": annens.pk, "fra": IDAG, "steg": "ta-inn"}
    )

    assert svar.status_code == 422
    with pytest.raises(KanIkke, match="annet nettverk"):
        medlemskap.join(nettverk, kommune=annens, fra=IDAG)
    assert not nettverk.medlemskap.exists()


def test_a_kommune_that_is_in_is_refused(nettverk: Nettverk):
    kommune = MedlemskapFactory(nettverk=nettverk).kommune

    with pytest.raises(KanIkke, match="allerede med"):
        medlemskap.join(nettverk, kommune=kommune, fra=IDAG)


def test_a_kommune_leaves_with_its_groups_and_those_who_stand_for_it(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    client.force_login(koordinator(nettverk))
    rad = nettverk.medlemskap.get()
    leder = enhetsleder(gruppe)
    ansvarlig = VervFactory(
        gruppe=GruppeFactory(nettverk=nettverk, type=Type.FAGNETTVERK),
        rolle=Rolle.OPPVEKSTANSVARLIG,
        representerer=rad.kommune,
    ).person
    url = _url("medlemskap_avslutt", nettverk, rad.pk)

    foer = client.get(url).text
    client.post(url, {"siste_dag": IDAG - datetime.timedelta(days=1)})

    gruppe.refresh_from_db()
    assert "1 enhet hører ikke lenger til nettverket." in foer
    assert "2 verv og tilgangen" in foer
    assert ansvarlig.navn in foer
    assert not nettverk.kommuner().exists()
    assert gruppe.til == IDAG
    assert not roller_for(leder, nettverk).er_medlem
    assert not roller_for(ansvarlig, nettverk).kommuner_ansvar


def test_a_kommune_does_not_leave_with_the_last_koordinator(nettverk: Nettverk):
    rad = MedlemskapFactory(nettverk=nettverk)
    verv = koordinator(nettverk).verv.get()
    verv.representerer = rad.kommune
    verv.save()

    with pytest.raises(KanIkke):
        medlemskap.leave(rad, siste_dag=IDAG)


def test_the_list_costs_the_same_with_one_and_three_kommuner(client: Client, nettverk: Nettverk):
    def cost() -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            client.get(_url("medlemskap", nettverk))
        return len(spoerringer)

    MedlemskapFactory(nettverk=nettverk)
    cost()
    en = cost()
    for _nr in range(2):
        MedlemskapFactory(nettverk=nettverk)

    assert cost() == en


# --- partners and dissemination


def test_kog_keeps_the_partners_and_the_public_page_shows_them(client: Client, nettverk: Nettverk):
    client.force_login(kog(nettverk))
    client.post(_url("partner_ny", nettverk), {"navn": "Nord universitet", "fra": LENGE_SIDEN})
    partner = Partner.objects.get(nettverk=nettverk)
    foer = client.get(_url("offentlig", nettverk)).text

    url = _url("partner_rediger", nettverk, partner.pk)
    client.post(
        url,
        {
            "navn": "Nord universitet",
            "rekkefolge": 10,
            "fra": LENGE_SIDEN,
            "til": IDAG - datetime.timedelta(days=1),
            "stand": client.get(url).context["form"]["stand"].value(),
        },
    )

    partner.refresh_from_db()
    assert partner.til == IDAG
    assert "Nord universitet" in foer
    assert "Nord universitet" not in client.get(_url("offentlig", nettverk)).text
    assert "Nord universitet" in client.get(_url("samarbeid", nettverk)).text


def test_a_partner_of_the_same_name_is_refused(client: Client, nettverk: Nettverk):
    _partner(nettverk)

    svar = client.post(_url("partner_ny", nettverk), {"navn": "Nord universitet", "fra": IDAG})

    assert svar.status_code == 422


def test_a_deling_is_added_once_however_often_it_is_sent_and_taken_out(
    client: Client, nettverk: Nettverk
):
    url = _url("deling_ny", nettverk)
    engang = client.get(url).context["form"]["engang"].value()
    for _nr in range(2):
        client.post(url, {"tittel": "ICSEI i Singapore", "aar": 2018, "engang": engang})
    deling = Deling.objects.get(nettverk=nettverk)

    client.post(_url("deling_slett", nettverk, deling.pk))

    assert deling.aar == 2018
    assert not Deling.objects.filter(nettverk=nettverk).exists()


def test_another_networks_partner_is_not_found(client: Client, nettverk: Nettverk):
    partner = _partner(NettverkFactory())

    assert client.get(_url("partner_rediger", nettverk, partner.pk)).status_code == 404


def test_somebody_is_appointed_for_a_partner_and_the_group_shows_it(
    client: Client, nettverk: Nettverk
):
    gruppe = GruppeFactory(nettverk=nettverk)
    partner = _partner(nettverk)
    verv = {"navn": "Kari", "epost": "kari@demo.example", "rolle": Rolle.UH_KONTAKT, "fra": IDAG}

    client.post(_url("verv_ny", nettverk, gruppe.pk), {**verv, "representerer_partner": partner.pk})

    assert Verv.objects.get(gruppe=gruppe).representerer_partner == partner
    assert "Nord universitet" in client.get(_url("gruppe", nettverk, gruppe.pk)).text


def test_a_verv_stands_for_a_kommune_or_a_partner_of_the_network_never_both(
    client: Client, nettverk: Nettverk
):
    gruppe = GruppeFactory(nettverk=nettverk)
    kommune = MedlemskapFactory(nettverk=nettverk).kommune
    partner = _partner(nettverk)
    begge = {"representerer": kommune, "representerer_partner": partner}

    svar = client.post(
        _url("verv_ny", nettverk, gruppe.pk),
        {
            "navn": "Kari",
            "epost": "kari@demo.example",
            "rolle": Rolle.MEDLEM,
            "fra": IDAG,
            **{felt: ting.pk for felt, ting in begge.items()},
        },
    )

    assert "Velg en kommune eller en samarbeidspartner, ikke begge." in svar.text
    with pytest.raises(IntegrityError, match="verv_representerer_hoeyst_en"), transaction.atomic():
        VervFactory(gruppe=gruppe, **begge)
    annens = Verv(
        gruppe=gruppe, person=PersonFactory(), representerer_partner=_partner(NettverkFactory())
    )
    with pytest.raises(ValidationError, match="annet nettverk"):
        annens.clean()


# --- the page that leads to them


def test_kog_is_led_to_what_it_may_change_alone(client: Client, nettverk: Nettverk):
    som_koordinator = client.get(_url("nettverket", nettverk)).text
    client.force_login(kog(nettverk))
    som_kog = client.get(_url("nettverket", nettverk)).text

    assert _url("roller", nettverk) in som_koordinator
    assert _url("samarbeid", nettverk) in som_kog
    assert _url("roller", nettverk) not in som_kog


# --- the administration


def test_the_administrations_pickers_say_which_network_a_thing_is_in(client: Client):
    en, to = NettverkFactory(kortnavn="Fjorden"), NettverkFactory(kortnavn="Dalen")
    gruppene = [GruppeFactory(nettverk=n, navn="Styringsgruppa") for n in (en, to)]
    verv = VervFactory(gruppe=gruppene[0])
    sign_in_administrator(client, PersonFactory(is_superuser=True, is_staff=True))

    funnet = client.get(
        "/admin/autocomplete/",
        {
            "app_label": "nettverk",
            "model_name": "verv",
            "field_name": "gruppe",
            "term": "Styringsgruppa",
        },
    ).json()["results"]
    valgt = client.get(f"/admin/nettverk/verv/{verv.pk}/change/").text

    assert {rad["text"] for rad in funnet} == {
        "Styringsgruppa (Fjorden)",
        "Styringsgruppa (Dalen)",
    }
    assert "Styringsgruppa (Fjorden)" in valgt


def test_many_who_end_with_their_group_are_each_in_the_log_and_cost_no_more(
    nettverk: Nettverk,
):
    sjef = koordinator(nettverk)

    def cost(antall: int) -> int:
        gruppe = GruppeFactory(nettverk=nettverk)
        VervFactory.create_batch(antall, gruppe=gruppe)
        with CaptureQueriesContext(connection) as spoerringer:
            assert grupper.end(gruppe, siste_dag=IDAG, by=sjef).antall == antall
        logg = Sikkerhetshendelse.objects.filter(slag=VERV_ENDRET, av=sjef)
        assert logg.filter(person__verv__gruppe=gruppe).count() == antall
        assert not gruppe.verv.filter(gyldig__endswith__isnull=True).exists()
        return len([q for q in spoerringer if q["sql"].startswith("UPDATE")])

    assert cost(1) == cost(12)


def test_a_wrong_year_takes_nobody_out_of_the_history(nettverk: Nettverk):
    """The attack: a group ended in 2018 emptied the Verv of everyone who has sat in it since."""
    gruppe = GruppeFactory(nettverk=nettverk, gyldig=periode(datetime.date(2018, 1, 1)))
    verv = VervFactory(gruppe=gruppe, gyldig=periode(datetime.date(2019, 1, 1)))

    with pytest.raises(KanIkke, match="etter denne dagen"):
        grupper.end(gruppe, siste_dag=datetime.date(2018, 1, 2))

    verv.refresh_from_db()
    assert verv.er_gyldig(datetime.date(2020, 1, 1))
    grupper.end(gruppe, siste_dag=idag())
    verv.refresh_from_db()
    assert verv.er_gyldig(datetime.date(2020, 1, 1))
