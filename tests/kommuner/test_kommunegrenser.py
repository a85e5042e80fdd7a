"""Kartverket's borders: what is read, and what is said about a file of another kind."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from kommuner.kommunegrenser import import_grenser, read_grenser
from kommuner.models import Kommune
from tests.kommuner.factories import KommuneFactory
from tests.nettverk.factories import PersonFactory
from tests.okt import sign_in_administrator

KARTVERKET = (
    Path(__file__).resolve().parents[2].parent
    / "shared"
    / "data"
    / "kommunegrenser_2024_enkel.geojson"
)
RUTE = [[[7.0, 63.0], [7.5, 63.0], [7.5, 63.2], [7.0, 63.2], [7.0, 63.0]]]


def _omraade(nummer: Any = "1505", koordinater: Any = None, **annet: Any) -> dict[str, Any]:
    geometri = {"type": "Polygon", "coordinates": koordinater or RUTE}
    return {
        "type": "Feature",
        "properties": {"kommunenummer": nummer},
        "geometry": geometri,
        **annet,
    }


def _fil(*omraader: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(omraader)}).encode()


def test_reads_polygons_and_islands_as_one_kommune():
    oey = [[[8.0, 63.5], [8.2, 63.5], [8.2, 63.6], [8.0, 63.6], [8.0, 63.5]]]

    grenser = read_grenser(_fil(_omraade(), _omraade(koordinater=oey)))

    assert list(grenser) == ["1505"]
    assert len(grenser["1505"]["coordinates"]) == 2


def test_number_that_lost_its_zero_is_read():
    assert list(read_grenser(_fil(_omraade(nummer=301)))) == ["0301"]


def test_kartverkets_wrapping_is_read():
    innpakket = {"administrative_enheter.kommune": json.loads(_fil(_omraade()))}

    assert list(read_grenser(json.dumps(innpakket).encode())) == ["1505"]


def test_points_on_a_straight_line_are_left_out():
    kant = [[7.0 + n / 100, 63.0] for n in range(51)]
    ring = [*kant, [7.5, 63.2], [7.0, 63.2], [7.0, 63.0]]

    [polygon] = read_grenser(_fil(_omraade(koordinater=[ring])))["1505"]["coordinates"]

    assert len(polygon[0]) == 5
    assert polygon[0][0] == polygon[0][-1]


@pytest.mark.parametrize(
    ("data", "kode"),
    [
        (b"PK\x03\x04\xff\xfe", "tegnsett"),
        (b"kommunenummer;navn\n1505;Kristiansund\n", "format"),
        (b'{"type": "Topology"}', "samling"),
        (b'{"type": "FeatureCollection", "features": 3}', "samling"),
        (_fil(), "tom"),
        (_fil(_omraade(nummer="15")), "nummer"),
        (_fil(_omraade(geometry=None)), "geometri"),
        (_fil(_omraade(geometry={"type": "Polygon", "coordinates": [[["a", "b"]]]})), "geometri"),
        (_fil(_omraade(koordinater=[[[120000.0, 7000000.0]] * 5])), "koordinater"),
        (_fil(_omraade(koordinater=[[[63.0, 7.0]] * 5])), "koordinater"),
    ],
)
def test_wrong_file_is_refused_with_a_reason(data: bytes, kode: str):
    with pytest.raises(ValidationError) as feil:
        read_grenser(data)

    assert feil.value.code == kode
    assert str(feil.value.messages[0])


@pytest.mark.django_db
def test_import_writes_known_kommuner_and_names_the_rest():
    kommune = KommuneFactory(kommunenummer="1505")

    resultat = import_grenser(_fil(_omraade(), _omraade(nummer="9999")))

    kommune.refresh_from_db()
    assert kommune.grense["type"] == "MultiPolygon"
    assert resultat.oppdatert == [kommune]
    assert resultat.ukjent == ["9999"]


@pytest.mark.django_db
def test_a_file_with_one_wrong_area_changes_nothing():
    kommune = KommuneFactory(kommunenummer="1505")

    with pytest.raises(ValidationError):
        import_grenser(_fil(_omraade(), _omraade(nummer="1554", geometry=None)))

    kommune.refresh_from_db()
    assert kommune.grense is None


@pytest.mark.django_db
def test_kartverkets_own_file():
    if not KARTVERKET.exists():
        pytest.skip("Kartverkets fil finnes ikke her; bare den lille, egne fila ble prøvd.")
    KommuneFactory(kommunenummer="1505")
    KommuneFactory(kommunenummer="1875")

    resultat = import_grenser(KARTVERKET.read_bytes())

    assert sorted(k.kommunenummer for k in resultat.oppdatert) == ["1505", "1875"]
    assert len(resultat.ukjent) == 24


@pytest.mark.django_db
def test_command_says_how_many(tmp_path: Path):
    KommuneFactory(kommunenummer="1505")
    fil = tmp_path / "grenser.geojson"
    fil.write_bytes(_fil(_omraade()))
    ut = StringIO()

    call_command("importer_kommunegrenser", fil, stdout=ut)

    assert "1 kommuner fikk grense" in ut.getvalue()


@pytest.mark.django_db
def test_command_refuses_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(CommandError, match="Finner ikke fila"):
        call_command("importer_kommunegrenser", tmp_path / "borte.geojson")


# --- the administrator's page


@pytest.fixture
def administrator(client: Client) -> Client:
    sign_in_administrator(client, PersonFactory(is_staff=True, is_superuser=True))
    return client


def _last_opp(client: Client, data: bytes) -> Any:
    fil = SimpleUploadedFile("grenser.geojson", data)
    return client.post(reverse("admin:kommuner_kommune_grenser"), {"fil": fil}, follow=True)


@pytest.mark.django_db
def test_administrator_uploads_borders_and_it_is_logged(administrator: Client):
    kommune = KommuneFactory(kommunenummer="1505")

    svar = _last_opp(administrator, _fil(_omraade()))

    kommune.refresh_from_db()
    assert kommune.grense
    assert "1 kommune fikk grense." in svar.content.decode()
    logg = administrator.get(reverse("admin:kommuner_kommune_history", args=[kommune.pk]))
    assert "Grensen er lest inn fra en fil." in logg.content.decode()


@pytest.mark.django_db
def test_wrong_file_is_explained_at_the_field(administrator: Client):
    svar = _last_opp(administrator, b"kommunenummer;navn")

    assert svar.status_code == 200
    assert "Fila er ikke GeoJSON" in svar.content.decode()


@pytest.mark.django_db
def test_no_file_is_explained_at_the_field(administrator: Client):
    svar = administrator.post(reverse("admin:kommuner_kommune_grenser"))

    assert "Velg en fil." in svar.content.decode()


@pytest.mark.django_db
def test_too_big_a_file_is_explained(administrator: Client, settings: Any):
    settings.OPPLASTING_MAKS = 1024

    svar = _last_opp(administrator, b" " * 70_000)

    assert "Fila er for stor" in svar.content.decode()
    assert Kommune.objects.exclude(grense=None).count() == 0


@pytest.mark.django_db
def test_others_do_not_reach_the_upload(client: Client):
    client.force_login(PersonFactory())

    svar = client.get(reverse("admin:kommuner_kommune_grenser"))

    assert svar.status_code == 302
