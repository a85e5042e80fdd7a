"""A file of units in the browser as it comes in life: columns asked about, the same unit, closures, groups."""

import datetime
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet, Kommuneendring, Plassering
from nettverk.arbeid import jobber
from nettverk.models import Enhetsimport, Gruppe, Nettverk, Person
from nettverk.models.enhetsimport import Kolonnevalg
from nettverk.utviklingsgrupper import ensure_utviklingsgrupper, group_name
from tests.kommuner.factories import EnhetFactory, KommuneFactory, gyldig_orgnr
from tests.nettverk.factories import MedlemskapFactory, koordinator
from tests.nettverk.test_enhetsimport import (
    _csv,
    _enheter,
    _kommune,
    _lest,
    _skrevet,
    _url,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _egen_mappe(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def nettverk() -> Nettverk:
    return MedlemskapFactory().nettverk


@pytest.fixture
def sjef(client: Client, nettverk: Nettverk) -> Person:
    person = koordinator(nettverk)
    client.force_login(person)
    return person


def _leser_paa_nytt(rad: Enhetsimport) -> Enhetsimport:
    rad.refresh_from_db()
    jobber.run(rad.jobb_id)
    rad.refresh_from_db()
    return rad


def test_a_column_nobody_knows_is_asked_about_and_remembered(client, nettverk, sjef):
    kommune = _kommune(nettverk)
    hode = ["organisasjonsnummer", "Hva heter den", "kommunenummer", "eierform", "Notat"]
    innhold = _csv(
        [gyldig_orgnr(9000), "Sol <b>", kommune.kommunenummer, "Kommunal", "x"], hode=hode
    )
    rad = _lest(client, nettverk, innhold)
    assert rad.status == "kolonner"
    side = client.get(_url("vis", rad)).content.decode()
    assert "«Hva heter den»" in side
    assert "Sol &lt;b&gt;" in side

    uten = client.post(_url("kolonner", rad), {"kolonne_0": "", "kolonne_1": ""})
    client.post(_url("kolonner", rad), {"kolonne_0": "navn", "kolonne_1": ""})
    rad = _leser_paa_nytt(rad)

    assert uten.status_code == 422
    assert (rad.status, rad.oppsummering["utfall"]) == ("lest", {"ny": 1, "borte": 0})
    assert _lest(client, nettverk, innhold).status == "lest"
    assert Kolonnevalg.objects.count() == 2


def test_pages_of_a_register_are_uploaded_together_and_one_alone_ends_nothing(
    client,
    nettverk,
    sjef,
):
    kommune = _kommune(nettverk)
    EnhetFactory(kommune=kommune)

    def side(nr: int) -> SimpleUploadedFile:
        enhet = {
            "Organisasjonsnummer": gyldig_orgnr(9000 + nr),
            "Navn": f"Barnehage {nr}",
            "Kommunenummer": kommune.kommunenummer,
            "ErAktiv": True,
            "ErBarnehage": True,
            "ErOffentligBarnehage": True,
            "Utgaattype": {"Id": "A", "Navn": "Ingen utgåttype"},
        }
        data = json.dumps({"AntallSider": 2, "Sidenummer": nr, "EnhetListe": [enhet]})
        return SimpleUploadedFile(f"side{nr}.json", data.encode())

    def last_opp(*sider: SimpleUploadedFile) -> Enhetsimport:
        url = reverse("nettverk:enhetsimport", args=[nettverk.slug])
        client.post(url, {"fil": list(sider), "per": idag().isoformat()})
        return _leser_paa_nytt(Enhetsimport.objects.latest("pk"))

    en, begge = last_opp(side(1)), last_opp(side(1), side(2))

    assert en.oppsummering["utfall"] == {"ny": 1, "borte": 0}
    assert "fila har 1 av dem" in client.get(_url("vis", en)).content.decode()
    assert begge.oppsummering["utfall"] == {"ny": 2, "borte": 1}


def test_a_refused_row_with_a_slip_in_its_number_is_not_gone(client, nettverk, sjef):
    kommune = _kommune(nettverk)
    en, to = EnhetFactory.create_batch(2, kommune=kommune)
    feil = en.organisasjonsnummer[:-1] + str((int(en.organisasjonsnummer[-1]) + 1) % 10)
    rader = [
        [feil, "Et nytt navn", kommune.kommunenummer, "Kommunal", ""],
        ["12", to.navn, kommune.kommunenummer, "Kommunal", ""],
    ]

    rad = _lest(client, nettverk, _csv(*_enheter(kommune, 1), *rader))

    assert rad.oppsummering["utfall"] == {"ny": 1, "avvist": 2, "borte": 0}


def test_new_figures_are_one_line_and_what_matters_comes_first(client, nettverk, sjef):
    kommune = _kommune(nettverk)
    rader = _enheter(kommune, 3)
    _skrevet(client, _lest(client, nettverk, _csv(*rader)))
    for r in rader:
        r[-1] += 1
    rader[2][1] = "Et helt annet navn"

    rad = _lest(client, nettverk, _csv(*rader))

    svar = client.get(_url("vis", rad))
    assert [linje["navn"] for linje in svar.context["linjer"]] == ["Et helt annet navn"]
    assert [(kode, n) for kode, _navn, n in svar.context["slagene"]] == [("navn", 1)]
    assert "2 enheter får bare nye tall" in svar.content.decode()
    tall = client.get(_url("vis", rad) + "?vis=endret&slag=bare_tall")
    assert len(tall.context["linjer"]) == 2


def test_the_same_unit_under_a_new_number_keeps_its_group(client, nettverk, sjef):
    kommune = _kommune(nettverk)
    enhet = EnhetFactory(kommune=kommune, navn="Sol", organisasjonsnummer=None, nsr_id="1016480")
    ensure_utviklingsgrupper(nettverk)
    innhold = _csv(
        [gyldig_orgnr(9000), "SOL", kommune.kommunenummer, "Kommunal", 5],
        [gyldig_orgnr(9001), "Sol.", kommune.kommunenummer, "Kommunal", 6],
    )
    rad = _lest(client, nettverk, innhold)
    en, to = rad.rader.in_order()
    assert rad.oppsummering["utfall"] == {"spor": 2, "borte": 0}

    client.post(_url("samme", rad), {f"rad_{en.pk}": enhet.pk})
    rad = _skrevet(client, rad)

    enhet.refresh_from_db()
    assert enhet.organisasjonsnummer == gyldig_orgnr(9000)
    assert (Enhet.objects.count(), Gruppe.objects.utviklingsgrupper().count()) == (1, 1)
    assert list(rad.rader.values_list("nummer", "grunn")) == [(to.nummer, "ubesvart")]


def test_a_renamed_unit_renames_its_group_and_a_closed_ones_group_ends(
    client,
    nettverk,
    sjef,
):
    kommune = _kommune(nettverk)
    rader = _enheter(kommune, 3)
    _skrevet(client, _lest(client, nettverk, _csv(*rader), per="2026-01-01"))
    egen = Gruppe.objects.get(enhet__navn="Barnehage 1")
    egen.navn = "Gjengen"
    egen.save()
    rader[0][1], rader[1][1] = "Sol", "Regn"

    rad = _lest(client, nettverk, _csv(*rader[:2]))
    _skrevet(client, rad, avslutt_i=kommune.pk)

    navn = {g.enhet.navn: g.navn for g in Gruppe.objects.utviklingsgrupper().gyldig()}
    assert navn == {"Sol": group_name("Sol", "nb"), "Regn": "Gjengen"}
    assert not Gruppe.objects.get(enhet__navn="Barnehage 2").er_gyldig()


def test_what_the_register_calls_closed_is_ended_without_ticking_its_kommune(
    client,
    nettverk,
    sjef,
):
    kommune = _kommune(nettverk)
    nedlagt, staar = EnhetFactory.create_batch(2, kommune=kommune)

    def enhet(nummer: str, *, aktiv: bool) -> dict:
        return {
            "Organisasjonsnummer": nummer,
            "Navn": nummer,
            "Kommunenummer": kommune.kommunenummer,
            "ErAktiv": aktiv,
            "ErBarnehage": True,
            "ErOffentligBarnehage": True,
        }

    liste = [enhet(nedlagt.organisasjonsnummer, aktiv=False), enhet(gyldig_orgnr(9000), aktiv=True)]
    rad = _lest(client, nettverk, json.dumps(liste).encode(), type="")
    _skrevet(client, rad, avslutt_nedlagte="on")

    assert rad.oppsummering["nedlagte"] == 1
    assert set(Enhet.objects.gyldig().filter(pk__in=[nedlagt.pk, staar.pk])) == {staar}


def test_units_of_a_divided_kommune_are_placed_in_one_list(client, nettverk, sjef):
    dag = datetime.date(2024, 1, 1)
    gammel = KommuneFactory(gyldig=periode(datetime.date(2020, 1, 1), dag))
    MedlemskapFactory(nettverk=nettverk, kommune=gammel, gyldig=gammel.gyldig)
    del_, annen = KommuneFactory.create_batch(2, gyldig=periode(dag))
    for k in (del_, annen):
        Kommuneendring.objects.create(fra=gammel, til=k, dato=dag, type="deling")
    enhet = EnhetFactory(kommune=gammel)
    Plassering.objects.filter(enhet=enhet).update(gyldig=gammel.gyldig)
    url = reverse("nettverk:enheter_delt", args=[nettverk.slug])

    assert str(enhet) in client.get(url).content.decode()
    client.post(url, {f"enhet_{enhet.pk}": del_.pk})

    assert enhet.kommune_per() == del_
    assert "Alle enheter er plassert" in client.get(url).content.decode()


def test_a_day_before_the_first_file_says_that_nothing_is_known(client, nettverk, sjef):
    enhet = EnhetFactory(kommune=_kommune(nettverk))
    fra = datetime.date(2020, 5, 1)
    Enhet.objects.filter(pk=enhet.pk).update(gyldig=periode(fra))
    Plassering.objects.filter(enhet=enhet).update(gyldig=periode(fra))
    Nettverk.objects.get().medlemskap.update(gyldig=periode(None))
    url = reverse("nettverk:kommune_list", args=[nettverk.slug])

    assert (
        "Enhetene er ikke kjent på denne datoen"
        in client.get(f"{url}?per=2019-01-01").content.decode()
    )
    assert "ukjent" in client.get(url).content.decode()


def test_an_unknown_kommune_is_named_so_that_it_can_be_fetched(client, nettverk, sjef):
    kommune = _kommune(nettverk)
    hode = ["organisasjonsnummer", "navn", "kommunenummer", "kommunenavn", "eierform"]
    fremmed = [gyldig_orgnr(9100), "Terråk", "1811", "Bindal", "Kommunal"]
    kjent = [gyldig_orgnr(9000), "Sol", kommune.kommunenummer, "", "Kommunal"]

    rad = _lest(client, nettverk, _csv(kjent, fremmed, hode=hode))

    side = client.get(_url("vis", rad)).content.decode()
    assert "1811 Bindal" in " ".join(side.split())
