"""The picker: it keeps what it cannot understand, counts nothing by it, and shows everybody it reaches."""

import io
import re

import openpyxl
import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from nettverk.filer.utlevering import EKSPORT
from nettverk.models import Gruppe, Mottakere, Rolle, Sikkerhetshendelse
from nettverk.mottakere.egne import KOMMUNE
from nettverk.mottakere.skjema import VISES, MottakereForm
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import SamlingFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def scene():
    """A unit with a leader, a draft of a gathering, and a page with the picker on it."""
    nettverk, gruppe = nettverk_med_enhet()
    leder, k = enhetsleder(gruppe), koordinator(nettverk)
    samling = SamlingFactory(nettverk=nettverk)
    client = Client()
    client.force_login(k, backend="django.contrib.auth.backends.ModelBackend")
    adresse = reverse("rolu:samling_publiser", args=[nettverk.slug, samling.pk])
    return nettverk, gruppe, leder, samling, client, adresse


def _text(svar) -> str:
    return " ".join(svar.text.split())


@pytest.mark.parametrize(
    ("felt", "verdi", "sier"),
    [
        ("bare_nettverk_kommune", "9999", "Et valg finnes ikke lenger. Ta bort krysset ved det."),
        ("bare_ukjent", "x", ""),
        ("roller", "konge", "er ikke"),
        ("grupper", "999999", "Et valg finnes ikke lenger. Se over, og velg på nytt."),
        ("personer", "999999", "Et valg finnes ikke lenger. Se over, og velg på nytt."),
        ("uten_grupper", "999999", "Et valg finnes ikke lenger. Se over, og velg på nytt."),
        ("uten_personer", "tull", "Et valg finnes ikke lenger. Se over, og velg på nytt."),
    ],
)
def test_a_value_that_is_no_choice_is_said_at_the_field_and_counts_nobody(scene, felt, verdi, sier):
    *_, client, adresse = scene
    sendt = {"til-enheter": "on", f"til-{felt}": [verdi], "oppdater": "1"}

    svar = client.post(adresse, sendt, headers=HTMX)

    if not sier:  # no field of ours
        assert "1 person i 1 gruppe" in _text(svar)
        return
    assert sier in svar.text
    assert "Rett det som er merket, så teller vi på nytt." in svar.text
    assert "person i" not in _text(svar)
    assert not re.search(r"\d får e-post", svar.text)
    assert svar["HX-Retarget"] == "#mottakere"


def test_the_filter_that_is_no_more_keeps_its_box_until_somebody_takes_it_away(scene):
    *_, client, adresse = scene
    sendt = {"til-enheter": "on", "til-bare_nettverk_kommune": ["9999"]}

    svar = client.post(adresse, sendt)

    assert svar.status_code == 422
    boks = re.search(r'<input[^>]*value="9999"[^>]*>', svar.text)
    assert boks
    assert "checked" in boks.group()
    assert "9999 (finnes ikke lenger)" in svar.text
    # Right again: the whole picker once more, so that the error goes.
    rettet = {"til-enheter": "on", "mottakere_feil": "1", "oppdater": "1"}
    etter = client.post(adresse, rettet, headers=HTMX)
    assert etter["HX-Retarget"] == "#mottakere"
    assert "finnes ikke lenger" not in etter.text
    assert "1 person i 1 gruppe" in _text(etter)


def test_what_was_kept_and_is_no_more_is_shown_and_never_comes_to_mean_everybody(scene):
    nettverk, _gruppe, leder, samling, client, adresse = scene
    fag = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGNETTVERK, navn="Faget")
    fag.end()
    samling.mottakere = Mottakere.objects.create(
        nettverk=nettverk, enheter=True, filtre={KOMMUNE: ["9999"]}, grupper=[fag.pk]
    )
    samling.save()

    svar = client.get(adresse)

    assert "9999 (finnes ikke lenger)" in svar.text
    assert "Faget (avsluttet)" in re.sub(r"<[^>]+>", "", svar.text)
    assert "Utvalget gir ingen mottakere." in svar.text
    assert leder.navn not in svar.text


def test_single_people_that_stand_are_kept_beside_one_that_does_not(scene):
    _nettverk, _gruppe, leder, _samling, client, adresse = scene
    fremmed = PersonFactory(navn="Fremmed Fra Annetsteds")

    svar = client.post(
        adresse, {"til-personer": [leder.pk, fremmed.pk], "oppdater": "1"}, headers=HTMX
    )

    assert re.search(rf'id="til-personer-{leder.pk}"\s+checked', svar.text)
    assert fremmed.navn not in svar.text


def test_everybody_who_is_reached_can_be_seen_page_by_page_in_constant_queries(
    scene, django_assert_max_num_queries
):
    nettverk, gruppe, leder, _samling, client, adresse = scene
    folk = [leder, *(gruppemedlem(gruppe) for _ in range(VISES + 4))]
    sendt = {"til-enheter": "on"}

    sett = set()
    for side in ("side:1", "side:2"):
        svar = client.post(adresse, sendt | {"oppdater": side}, headers=HTMX)
        assert re.search(r'id="mottakere-hvem"[^>]*open', svar.text)
        sett |= {p for p in folk if f"<li>{p.navn} " in _text(svar)}
    assert sett == set(folk)
    assert f"{VISES + 1}–{VISES + 5} av {VISES + 5}" in _text(svar)

    velger = MottakereForm(data=QueryDict("til-enheter=on&oppdater=side:2"), nettverk=nettverk)
    assert velger.is_valid()
    assert velger.sum == VISES + 5
    with django_assert_max_num_queries(2):
        assert len(velger.navn.object_list) == 5


def test_who_is_in_several_kommuner_is_said_where_the_sum_is_larger(scene):
    nettverk, _gruppe, leder, _samling, client, adresse = scene
    annen = MedlemskapFactory(nettverk=nettverk).kommune
    der = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=EnhetFactory(kommune=annen))
    VervFactory(gruppe=der, person=leder, rolle=Rolle.PP_RAADGIVER)

    svar = client.post(adresse, {"til-enheter": "on", "oppdater": "1"}, headers=HTMX)

    assert "1 person er i flere kommuner, og står i hver av dem." in _text(svar)


def test_without_javascript_the_pages_of_names_and_the_count_are_whole_pages(scene):
    _nettverk, gruppe, *_mer, client, adresse = scene
    for _ in range(VISES + 1):
        gruppemedlem(gruppe)

    svar = client.post(adresse, {"til-enheter": "on", "oppdater": "side:2"})

    assert svar.status_code == 200
    assert "<html" in svar.text
    assert 'value="side:1"' in svar.text


def test_the_list_as_a_spreadsheet_has_each_person_once_and_is_written_down(scene):
    nettverk, gruppe, leder, samling, client, adresse = scene
    annen = GruppeFactory(
        nettverk=nettverk,
        utviklingsgruppe=True,
        enhet=EnhetFactory(kommune=gruppe.enhet.kommune_per()),
    )
    VervFactory(gruppe=annen, person=leder, rolle=Rolle.PP_RAADGIVER)

    svar = client.post(adresse, {"til-enheter": "on", "regneark": "1"})

    ark = openpyxl.load_workbook(io.BytesIO(svar.content)).active
    rader = [[celle.value for celle in rad] for rad in ark.iter_rows(min_row=2)]
    steder = sorted([str(gruppe.enhet), str(annen.enhet)])
    assert [(navn, sorted(sted.split(", "))) for navn, sted, _k in rader] == [(leder.navn, steder)]
    [hendelse] = Sikkerhetshendelse.objects.filter(slag=EKSPORT)
    assert hendelse.opplysninger == {"hva": "rolu.mottakere", "rader": 1}
    samling.refresh_from_db()
    assert samling.er_utkast
