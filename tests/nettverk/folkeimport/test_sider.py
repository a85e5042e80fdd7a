"""People from a list in the browser: sent in, read, confirmed – and who may."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nettverk.arbeid import jobber
from nettverk.models import (
    Folkeimport,
    Folkeimportrad,
    Gruppe,
    Jobb,
    Person,
    Rolle,
    Sikkerhetshendelse,
    Verv,
)
from tests.nettverk.factories import (
    VervFactory,
    kog,
    kommuneansvarlig,
    koordinator,
    nettverk_med_enhet,
)
from tests.nettverk.folkeimport.liste import paste, preview
from tests.okt import pass_time

pytestmark = pytest.mark.django_db


@pytest.fixture
def gruppe() -> Gruppe:
    return nettverk_med_enhet()[1]


@pytest.fixture
def sjef(client: Client, gruppe: Gruppe) -> Person:
    person = koordinator(gruppe.nettverk)
    client.force_login(person)
    return person


def _adresse(gruppe: Gruppe, navn: str = "folkeimport", *mer: int) -> str:
    return reverse(f"nettverk:{navn}", args=[gruppe.nettverk.slug, *mer])


def _rad(gruppe: Gruppe, navn: str = "Kari Nes", **felt: str) -> dict[str, str]:
    epost = f"{navn.lower().replace(' ', '.')}@a.example"
    return {
        "navn": navn,
        "e-post": epost,
        "enhet": gruppe.enhet.navn,
        "rolle": "tillitsvalgt",
        **felt,
    }


def _work() -> None:
    for jobb in Jobb.objects.active():
        jobber.run(jobb.pk)


def test_a_pasted_list_is_read_shown_confirmed_and_written(client, gruppe, sjef):
    svar = client.post(_adresse(gruppe), {"tekst": paste(_rad(gruppe))})
    rad = Folkeimport.objects.get()
    vis = _adresse(gruppe, "folkeimport_vis", rad.pk)
    assert svar.url == vis
    assert "Leser lista" in client.get(vis).text
    _work()

    forespeil = client.get(vis).text
    assert "Ingenting er lagret ennå" in forespeil
    assert "kari.nes@a.example" in forespeil

    client.post(_adresse(gruppe, "folkeimport_bekreft", rad.pk))
    _work()

    assert "Vervene er lagret" in client.get(vis).text
    assert Verv.objects.get(person__navn="Kari Nes").gruppe == gruppe


def test_the_template_comes_filled_with_what_is_vacant_and_goes_back_in(client, gruppe, sjef):
    VervFactory(gruppe=gruppe, rolle=Rolle.TILLITSVALGT)

    mal = client.get(_adresse(gruppe, "folkeimport_mal")).content
    bok = openpyxl.load_workbook(io.BytesIO(mal))
    ark = bok.worksheets[0]
    hode = [celle.value for celle in ark[1]]
    rader = [
        dict(zip(hode, rad, strict=True)) for rad in ark.iter_rows(min_row=2, values_only=True)
    ]

    assert [r["rolle"] for r in rader] == ["formell leder", "utviklingslærer", "PP-rådgiver"]
    assert {r["organisasjonsnummer"] for r in rader} == {gruppe.enhet.organisasjonsnummer}
    ark.cell(2, hode.index("navn") + 1, "Kari Nes")
    ark.cell(2, hode.index("e-post") + 1, "kari@a.example")
    ut = io.BytesIO()
    bok.save(ut)
    client.post(_adresse(gruppe), {"fil": SimpleUploadedFile("folk.xlsx", ut.getvalue())})
    _work()

    assert [(r.navn, r.utfall) for r in Folkeimportrad.objects.all()] == [("Kari Nes", "ny")]


@pytest.mark.parametrize(
    ("felt", "melding"),
    [
        ({}, "Velg en fil, eller lim inn lista under."),
        ({"tekst": "hei på deg"}, "Øverste rad må ha overskrifter."),
    ],
)
def test_what_cannot_be_read_is_said_at_the_field(client, gruppe, sjef, felt, melding):
    svar = client.post(_adresse(gruppe), felt)

    assert svar.status_code == 422
    assert melding in svar.text
    assert not Folkeimport.objects.exists()


def test_sent_twice_it_is_one_import(client, gruppe, sjef):
    felt = {
        "tekst": paste(_rad(gruppe)),
        "engang": "6a1b7b1e-7a0f-4a67-9d54-111111111111",
    }

    svar = [client.post(_adresse(gruppe), felt).url for _n in range(2)]

    assert svar[0] == svar[1]
    assert Folkeimport.objects.count() == 1


def test_confirming_needs_a_fresh_sign_in(client, gruppe, sjef):
    rad = preview(gruppe.nettverk, _rad(gruppe), by=sjef)
    adresse = _adresse(gruppe, "folkeimport_bekreft", rad.pk)
    pass_time(client, minutter=20)

    svar = client.post(adresse)

    assert svar.status_code == 302
    assert "next=" in svar.url
    rad.refresh_from_db()
    assert rad.status == Folkeimport.Status.LEST


def test_the_refused_rows_are_taken_out_with_the_reason_and_written_down(client, gruppe, sjef):
    rad = preview(gruppe.nettverk, _rad(gruppe, rolle="trollmann"), by=sjef)

    innhold = client.get(_adresse(gruppe, "folkeimport_avviste", rad.pk)).content

    ark = openpyxl.load_workbook(io.BytesIO(innhold)).worksheets[0]
    (linje,) = ark.iter_rows(min_row=2, values_only=True)
    assert linje[0] == 2
    assert "trollmann" in linje[1]
    assert linje[2] == "Kari Nes"
    hendelse = Sikkerhetshendelse.objects.get(slag="nettverk.eksport")
    assert hendelse.opplysninger == {"hva": "nettverk.avviste_folk", "rader": 1}


def test_discarded_nothing_is_left_of_the_names(client, gruppe, sjef):
    rad = preview(gruppe.nettverk, _rad(gruppe), by=sjef)

    client.post(_adresse(gruppe, "folkeimport_forkast", rad.pk))

    rad.refresh_from_db()
    assert (rad.status, rad.tabell, rad.rader.count()) == ("forkastet", {}, 0)


def test_only_the_networks_own_coordinator_reaches_an_import(client, gruppe, sjef):
    rad = preview(gruppe.nettverk, _rad(gruppe), by=sjef)
    fremmed = koordinator(nettverk_med_enhet()[0])
    adresser = {
        navn: _adresse(gruppe, f"folkeimport_{navn}", rad.pk)
        for navn in ("vis", "bekreft", "forkast", "avviste")
    }
    kommune = gruppe.enhet.kommune_per()

    for person in (kog(gruppe.nettverk), kommuneansvarlig(gruppe.nettverk, kommune), fremmed):
        client.force_login(person)
        for navn, adresse in adresser.items():
            metode = client.post if navn in {"bekreft", "forkast"} else client.get
            assert metode(adresse).status_code in {403, 404}
    rad.refresh_from_db()
    assert rad.status == Folkeimport.Status.LEST


def test_the_preview_costs_the_same_with_one_and_three_rows(client, gruppe, sjef):
    def cost(antall: int) -> int:
        rad = preview(
            gruppe.nettverk,
            *(_rad(gruppe, f"Person Nummer{n}") for n in range(antall)),
            by=sjef,
        )
        with CaptureQueriesContext(connection) as spoerringer:
            client.get(_adresse(gruppe, "folkeimport_vis", rad.pk))
        return len(spoerringer)

    cost(1)
    assert cost(1) == cost(3)


def test_the_coordinator_finds_the_way_from_the_groups(client, gruppe, sjef):
    liste = reverse("nettverk:gruppe_list", args=[gruppe.nettverk.slug])
    her = client.get(liste).text
    client.force_login(kog(gruppe.nettverk))

    for navn in ("folkeimport", "inviter"):
        assert _adresse(gruppe, navn) in her
        assert _adresse(gruppe, navn) not in client.get(liste).text


def test_a_list_whose_worker_gave_up_is_said_to_have_stopped(client, gruppe, sjef):
    client.post(_adresse(gruppe), {"tekst": paste(_rad(gruppe))})
    Jobb.objects.update(status=Jobb.Status.FEILET)

    assert "stoppet" in client.get(_adresse(gruppe)).text
    client.post(_adresse(gruppe, "folkeimport_forkast", Folkeimport.objects.get().pk))
    assert "stoppet" not in client.get(_adresse(gruppe)).text


def test_letters_that_were_wrong_in_the_whole_file_are_read_right_and_told(client, gruppe, sjef):
    rad = _rad(gruppe, "Bjørn Øye", **{"e-post": "b@a.example"})
    odelagt = paste(rad).encode().decode("cp1252").encode()

    client.post(_adresse(gruppe), {"fil": SimpleUploadedFile("folk.csv", odelagt)})
    _work()

    rad = Folkeimportrad.objects.get()
    assert (rad.navn, rad.utfall) == ("Bjørn Øye", "ny")
    side = client.get(_adresse(gruppe, "folkeimport_vis", rad.folkeimport_id)).text
    assert "Vi har rettet dem" in side
