"""The list of people: each once with their Verv in words, addresses for those who may see them."""

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kommuner.gyldighet import idag, periode
from nettverk.models import Gruppe, Rolle
from nettverk.models.sikkerhet import Sikkerhetshendelse
from tests.nettverk.factories import (
    EnhetFactory,
    GruppeFactory,
    MedlemskapFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
    medlem,
    nettverk_med_enhet,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def her(client):
    nettverk, gruppe = nettverk_med_enhet()
    client.force_login(koordinator(nettverk))
    return client, nettverk, gruppe


def _hent(client, nettverk, **valg):
    return client.get(f"/{nettverk.slug}/folk/", valg)


def _navn(svar) -> list[str]:
    return [rad.person.navn for rad in svar.context["rader"]]


def test_a_person_with_nine_verv_is_one_row_and_the_own_unit_is_named_first(her):
    client, nettverk, gruppe = her
    person = PersonFactory(navn="Nils Nimange")
    for nr in range(8):
        fag = GruppeFactory(nettverk=nettverk, navn=f"Faggruppe {nr}", type=Gruppe.Type.ANNEN)
        VervFactory(person=person, gruppe=fag, rolle=Rolle.MEDLEM)
    VervFactory(person=person, gruppe=gruppe, rolle=Rolle.FORMELL_LEDER)

    svar = _hent(client, nettverk, q="nimange")

    [rad] = svar.context["rader"]
    assert rad.i_ord == f"Formell leder, {gruppe.enhet} og 8 til"
    assert svar.context["side"].paginator.count == 1
    assert f"/{nettverk.slug}/folk/{person.pk}/" in svar.text


def test_role_kommune_and_search_hold_for_one_and_the_same_verv_and_the_chips_count_people(her):
    client, nettverk, gruppe = her
    kommune = gruppe.enhet.kommune_per()
    annen = MedlemskapFactory(nettverk=nettverk).kommune
    borte = GruppeFactory(
        nettverk=nettverk,
        utviklingsgruppe=True,
        enhet=EnhetFactory(kommune=annen, navn="Fjelltoppen skole"),
        navn="Fjelltoppen skole",
    )
    leder = VervFactory(gruppe=gruppe, rolle=Rolle.FORMELL_LEDER).person
    VervFactory(gruppe=borte, rolle=Rolle.MEDLEM, person=leder)
    andre = VervFactory(gruppe=borte, rolle=Rolle.FORMELL_LEDER).person

    begge = _hent(client, nettverk, rolle=Rolle.FORMELL_LEDER)
    assert set(_navn(begge)) == {leder.navn, andre.navn}
    assert {str(b.etikett): b.antall for b in begge.context["liste"].brikker[0]}[
        "Formell leder"
    ] == 2
    her_ = _hent(client, nettverk, rolle=Rolle.FORMELL_LEDER, kommune=kommune.kommunenummer)
    assert _navn(her_) == [leder.navn]
    assert set(_navn(_hent(client, nettverk, q="fjelltoppen"))) == {leder.navn, andre.navn}
    assert _navn(_hent(client, nettverk, q="fjelltoppen", rolle="medlem")) == [leder.navn]


def test_per_a_date_shows_those_of_that_day_without_the_address_of_who_has_left(her):
    client, nettverk, gruppe = her
    da = periode(datetime.date(2018, 1, 1), datetime.date(2020, 1, 1))
    gammel = VervFactory(gruppe=gruppe, gyldig=da).person

    svar = _hent(client, nettverk, per="2018-06-01")

    assert gammel.navn in _navn(svar)
    assert gammel.postadresse not in svar.text
    assert gammel.navn not in _navn(_hent(client, nettverk))
    assert all("per=2018-06-01" in b.url for b in svar.context["liste"].brikker[0])


def test_addresses_are_for_those_who_may_see_them_and_only_they_fetch_the_sheet(client):
    nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)
    fremmed = medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE)
    client.force_login(fremmed)

    svar = _hent(client, nettverk)
    assert leder.navn in svar.text
    assert leder.postadresse not in svar.text
    assert fremmed.postadresse in svar.text  # one's own
    assert _hent(client, nettverk, format="xlsx").status_code == 403

    client.force_login(koordinator(nettverk))
    svar = _hent(client, nettverk)
    assert leder.postadresse in svar.text
    fil = _hent(client, nettverk, format="xlsx", rolle=Rolle.FORMELL_LEDER)
    rader = list(openpyxl.load_workbook(io.BytesIO(fil.content)).active.values)
    assert [rad[0] for rad in rader[1:]] == [leder.navn]
    assert rader[1][3] == leder.postadresse
    notert = Sikkerhetshendelse.objects.filter(slag="nettverk.eksport").get()
    assert notert.opplysninger["hva"] == "nettverk.folk"


def _adresser(client, nettverk, *valgt, **sporring) -> list[str]:
    url = reverse("nettverk:folk_epost", args=[nettverk.slug], query=sporring or None)
    if not valgt:
        return client.get(url).context["adresser"]
    return client.post(url, {"valgt": [*valgt, "tull"]}).context["adresser"]


def test_addresses_are_taken_of_those_ticked_or_chosen_and_it_is_written_down(client):
    nettverk, gruppe = nettverk_med_enhet()
    leder, annen = enhetsleder(gruppe), gruppemedlem(gruppe)
    fremmed = enhetsleder(nettverk_med_enhet()[1])
    client.force_login(koordinator(nettverk))

    assert _adresser(client, nettverk, leder.pk, fremmed.pk) == [leder.postadresse]
    assert _adresser(client, nettverk, rolle=Rolle.FORMELL_LEDER) == [leder.postadresse]
    assert annen.postadresse in _adresser(client, nettverk)
    notert = Sikkerhetshendelse.objects.filter(slag="nettverk.eksport")
    assert {n.opplysninger["hva"] for n in notert} == {"nettverk.epostadresser"}


def test_nobody_takes_an_address_that_they_do_not_see(client):
    nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)
    fremmed = medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE)
    client.force_login(fremmed)

    assert _adresser(client, nettverk, leder.pk, fremmed.pk) == [fremmed.postadresse]
    assert _adresser(client, nettverk) == [fremmed.postadresse]


def test_two_choices_that_give_nothing_say_so_with_a_way_out(her):
    client, nettverk, _gruppe = her

    svar = _hent(client, nettverk, q="finnesikke", rolle=Rolle.OBSERVATOR, per=idag().isoformat())

    assert "Ingen passer med valgene" in svar.text
    assert f'href="?per={idag().isoformat()}"' in svar.text


def test_the_people_of_another_network_are_not_here(her):
    client, nettverk, _gruppe = her
    annet, deres = nettverk_med_enhet()
    leder = enhetsleder(deres)

    assert leder.navn not in _navn(_hent(client, nettverk))
    assert _hent(client, annet).status_code == 403


@pytest.mark.parametrize("hvem", ["koordinator", "leder"])
def test_the_list_takes_the_same_queries_whatever_its_length(client, hvem):
    nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)
    # Somebody of another group: whether they are from one's own kommune is asked once.
    VervFactory(gruppe=GruppeFactory(nettverk=nettverk, utviklingsgruppe=True))
    client.force_login(koordinator(nettverk) if hvem == "koordinator" else leder)

    def cost() -> int:
        with CaptureQueriesContext(connection) as spurt:
            assert _hent(client, nettverk).status_code == 200
        return len(spurt)

    cost()
    faa = cost()
    for _nr in range(4):
        enhet = EnhetFactory(kommune=MedlemskapFactory(nettverk=nettverk).kommune)
        ny = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=enhet)
        VervFactory.create_batch(3, gruppe=ny)
    assert cost() == faa <= 14
