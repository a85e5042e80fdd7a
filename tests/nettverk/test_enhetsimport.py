"""Units from a file in the browser: uploaded, read by a job, confirmed, written by a job."""

import csv
import datetime
import io
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kommuner.gyldighet import idag, periode
from kommuner.lasting import load_kommuner
from kommuner.models import Enhet, Kommune
from nettverk import enhetsimport as importen
from nettverk import importlop
from nettverk.arbeid import jobber
from nettverk.filer.kvote import space
from nettverk.models import Enhetsimport, Gruppe, Importrad, Jobb, Nettverk, Person
from nettverk.utviklingsgrupper import ensure_utviklingsgrupper, follow_units, group_name
from tests.disk import full_disk
from tests.kommuner.factories import EnhetFactory, gyldig_orgnr
from tests.nettverk.factories import (
    MedlemskapFactory,
    NettverkFactory,
    enhetsleder,
    kog,
    kommuneansvarlig,
    koordinator,
    nettverk_med_enhet,
)

pytestmark = pytest.mark.django_db

HODE = ["organisasjonsnummer", "navn", "kommunenummer", "eierform", "antall_barn"]


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


def _kommune(nettverk: Nettverk) -> Kommune:
    return nettverk.kommuner().get()


def _csv(*rader: list[object], hode: list[str] | None = None) -> bytes:
    ut = io.StringIO()
    csv.writer(ut).writerows([hode or HODE, *rader])
    return ut.getvalue().encode()


def _enheter(kommune: Kommune, antall: int, fra: int = 0) -> list[list[object]]:
    return [
        [gyldig_orgnr(9000 + n), f"Barnehage {n}", kommune.kommunenummer, "Kommunal", 20 + n]
        for n in range(fra, fra + antall)
    ]


def _last_opp(client: Client, nettverk: Nettverk, innhold: bytes, navn="enheter.csv", **felt):
    return client.post(
        reverse("nettverk:enhetsimport", args=[nettverk.slug]),
        {
            "fil": SimpleUploadedFile(navn, innhold),
            "type": "barnehage",
            "per": idag().isoformat(),
            **felt,
        },
    )


def _url(navn: str, rad: Enhetsimport) -> str:
    return reverse(f"nettverk:enhetsimport_{navn}", args=[rad.nettverk.slug, rad.pk])


def _lest(client: Client, nettverk: Nettverk, innhold: bytes, **felt: object) -> Enhetsimport:
    """Uploaded, and read by the job."""
    svar = _last_opp(client, nettverk, innhold, **felt)
    assert svar.status_code == 302, svar.context["form"].errors
    rad = Enhetsimport.objects.latest("pk")
    jobber.run(rad.jobb_id)
    rad.refresh_from_db()
    return rad


def _skrevet(client: Client, rad: Enhetsimport, **felt: object) -> Enhetsimport:
    """Confirmed, and written by the job."""
    client.post(_url("bekreft", rad), felt)
    rad.refresh_from_db()
    jobber.run(rad.jobb_id)
    rad.refresh_from_db()
    return rad


# --- the way through


def test_nothing_is_written_before_it_is_confirmed(client, nettverk, sjef):
    rad = _lest(client, nettverk, _csv(*_enheter(_kommune(nettverk), 3)))

    assert (rad.status, rad.antall("ny")) == ("lest", 3)
    assert not Enhet.objects.exists()


def test_confirmed_file_is_written_with_an_empty_group_for_each_new_unit(client, nettverk, sjef):
    rad = _lest(client, nettverk, _csv(*_enheter(_kommune(nettverk), 3)))

    rad = _skrevet(client, rad)

    assert (rad.status, rad.oppsummering["resultat"], rad.oppsummering["grupper"]) == (
        "ferdig",
        {"ny": 3},
        3,
    )
    assert nettverk.enheter().count() == 3
    grupper = Gruppe.objects.filter(nettverk=nettverk, type="utviklingsgruppe")
    assert {g.enhet.navn for g in grupper} == {"Barnehage 0", "Barnehage 1", "Barnehage 2"}
    svar = client.get(_url("vis", rad))
    assert "tomme utviklingsgrupper for 3 enheter" in svar.content.decode()


def test_second_run_says_that_nothing_changes(client, nettverk, sjef):
    innhold = _csv(*_enheter(_kommune(nettverk), 3))
    _skrevet(client, _lest(client, nettverk, innhold))

    rad = _lest(client, nettverk, innhold)

    assert rad.oppsummering["utfall"] == {"uendret": 3, "borte": 0}
    svar = client.get(_url("vis", rad)).content.decode()
    assert "Fila endrer ingenting" in svar
    assert _url("bekreft", rad) not in svar


def test_a_bad_row_never_stops_the_good_ones(client, nettverk, sjef):
    kommune = _kommune(nettverk)
    gode = _enheter(kommune, 2)
    feil = ["974760674", "Feil siffer", kommune.kommunenummer, "Privat", ""]

    rad = _skrevet(client, _lest(client, nettverk, _csv(gode[0], feil, gode[1])))

    assert rad.oppsummering["resultat"] == {"ny": 2}
    (avvist,) = rad.rader.all()
    assert (avvist.nummer, avvist.grunn, avvist.navn) == (3, "orgnr", "Feil siffer")
    svar = client.get(_url("vis", rad)).content.decode()
    assert "kontrollsifferet stemmer ikke" in svar


def test_preview_shows_old_and_new(client, nettverk, sjef):
    kommune = _kommune(nettverk)
    enhet = EnhetFactory(kommune=kommune, navn="Gammelt navn")

    rad = _lest(
        client,
        nettverk,
        _csv([enhet.organisasjonsnummer, "Nytt navn", kommune.kommunenummer, "Kommunal", ""]),
    )

    svar = client.get(_url("vis", rad))
    assert svar.context["valgt"] == "endret"
    assert svar.context["linjer"][0]["endringer"] == [
        ["navn i registeret", "Gammelt navn", "Nytt navn"]
    ]
    enhet.refresh_from_db()
    assert enhet.navn == "Gammelt navn"


def test_what_changed_after_the_preview_is_compared_again(client, nettverk, sjef):
    kommune = _kommune(nettverk)
    rader = _enheter(kommune, 2)
    rad = _lest(client, nettverk, _csv(*rader))
    EnhetFactory(
        kommune=kommune, organisasjonsnummer=rader[0][0], navn="Kom imellom", er_demo=False
    )

    rad = _skrevet(client, rad)

    assert rad.oppsummering["resultat"] == {"ny": 1, "endret": 1}


def test_units_not_in_the_file_are_only_ended_where_it_was_asked_for(client, nettverk, sjef):
    kommune = _kommune(nettverk)
    annen = MedlemskapFactory(nettverk=nettverk).kommune
    her, der = EnhetFactory(kommune=kommune), EnhetFactory(kommune=annen)
    innhold = _csv(*_enheter(kommune, 1))
    rad = _lest(client, nettverk, innhold)
    assert rad.antall("borte") == 2

    _skrevet(client, rad)
    assert [e.er_gyldig() for e in Enhet.objects.filter(pk__in=[her.pk, der.pk])] == [True, True]

    rad = _skrevet(client, _lest(client, nettverk, innhold), avslutt_i=[kommune.pk])

    assert rad.oppsummering["resultat"] == {"uendret": 1, "borte": 1}
    her.refresh_from_db()
    der.refresh_from_db()
    assert (her.til, der.til) == (idag(), None)


def test_a_unit_whose_row_is_refused_is_not_gone(client, nettverk, sjef):
    kommune = _kommune(nettverk)
    enhet = EnhetFactory(kommune=kommune)
    daarlig = [enhet.organisasjonsnummer, "", kommune.kommunenummer, "Kommunal", ""]

    rad = _lest(client, nettverk, _csv(*_enheter(kommune, 1), daarlig))

    assert rad.oppsummering["utfall"] == {"ny": 1, "avvist": 1, "borte": 0}


def test_refused_rows_come_back_as_a_spreadsheet_that_can_be_mended(client, nettverk, sjef):
    kommune = _kommune(nettverk)
    orgnr = gyldig_orgnr(9000)
    rad = _lest(client, nettverk, _csv([orgnr, "Sol", kommune.kommunenummer, "Kommunal", "-4"]))

    svar = client.get(_url("avviste", rad))

    bok = openpyxl.load_workbook(io.BytesIO(svar.content))
    rader = list(bok.active.iter_rows(values_only=True))
    assert rader[0] == ("Rad i fila", "Hva som er galt", *HODE)
    assert rader[1][2:] == (orgnr, "Sol", kommune.kommunenummer, "Kommunal", "-4")
    bok.active["G2"] = "4"
    ut = io.BytesIO()
    bok.save(ut)
    assert _lest(client, nettverk, ut.getvalue(), navn="rettet.xlsx").antall("ny") == 1


def test_template_can_be_downloaded(client, nettverk, sjef):
    svar = client.get(reverse("nettverk:enhetsimport_mal", args=[nettverk.slug]))

    assert openpyxl.load_workbook(io.BytesIO(svar.content)).sheetnames == ["Enheter", "Forklaring"]


# --- the file is private and does not stay


def _filer(tmp_path: Path) -> list[Path]:
    return [fil for fil in tmp_path.rglob("*") if fil.is_file()]


def test_the_file_goes_when_it_is_confirmed(
    client, nettverk, sjef, tmp_path, django_capture_on_commit_callbacks
):
    rad = _lest(client, nettverk, _csv(*_enheter(_kommune(nettverk), 1)))
    assert len(_filer(tmp_path)) == 1

    with django_capture_on_commit_callbacks(execute=True):
        client.post(_url("bekreft", rad))

    assert _filer(tmp_path) == []


def test_discarded_file_is_gone_with_its_rows(
    client, nettverk, sjef, tmp_path, django_capture_on_commit_callbacks
):
    rad = _lest(client, nettverk, _csv(*_enheter(_kommune(nettverk), 2)))

    with django_capture_on_commit_callbacks(execute=True):
        svar = client.post(_url("forkast", rad), follow=True)

    rad.refresh_from_db()
    assert (rad.status, Importrad.objects.count(), _filer(tmp_path)) == ("forkastet", 0, [])
    assert "Ingenting er endret i registeret" in svar.content.decode()


def test_what_nobody_confirmed_goes_after_a_month(client, nettverk, sjef):
    rad = _lest(client, nettverk, _csv(*_enheter(_kommune(nettverk), 2)))
    om_litt = rad.lastet_opp + importlop.BEHOLDES + datetime.timedelta(days=1)

    assert importen.purge_old(rad.lastet_opp) == 0
    assert importen.purge_old(om_litt) == 1

    rad.refresh_from_db()
    assert (rad.status, rad.rader.count()) == ("forkastet", 0)


# --- what is wrong stands at the field


@pytest.mark.parametrize(
    ("navn", "innhold", "sier"),
    [
        ("tom.csv", b"", "tom"),
        ("ark.xls", b"<html><table></table></html>", "nettside"),
        ("laast.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "eldre Excel-ark"),
        ("data.json", b'{"a": 1}', "NSR"),
        ("bilde.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "ikke en tabell"),
        ("liste.csv", b"fornavn;etternavn\nKari;Nordmann\n", "fant ikke overskriftene"),
    ],
)
@pytest.mark.usefixtures("sjef")
def test_unreadable_file_is_told_at_the_field(client, nettverk, navn, innhold, sier):
    svar = _last_opp(client, nettverk, innhold, navn=navn)

    assert svar.status_code == 422
    assert sier in svar.context["form"].errors["fil"][0]
    assert not Enhetsimport.objects.exists()


def test_a_file_above_the_limit_is_told_at_the_field(client, nettverk, sjef, settings):
    settings.OPPLASTING_MAKS = 1000

    svar = _last_opp(client, nettverk, b"x" * 2000)

    assert "for stor" in svar.context["form"].errors["fil"][0]
    assert svar.context["form"].data["per"] == idag().isoformat()


def test_a_network_without_room_is_told_at_the_field_and_what_was_written_stays(
    client, nettverk, sjef, settings, tmp_path
):
    settings.LAGERPLASS_PER_NETTVERK = 300
    innhold = _csv(*_enheter(_kommune(nettverk), 3))
    rad = _lest(client, nettverk, innhold)

    svar = _last_opp(client, nettverk, innhold, type="barnehage")

    assert svar.status_code == 422
    assert svar.context["form"].errors["fil"][0].startswith("Nettverket har ikke plass")
    assert svar.context["form"]["type"].value() == "barnehage"
    assert [rad.pk] == list(Enhetsimport.objects.values_list("pk", flat=True))

    importen.discard(rad)
    assert space(nettverk).brukt == 0


def test_a_full_disk_is_told_at_the_field(client, nettverk, sjef, tmp_path):
    innhold = _csv(*_enheter(_kommune(nettverk), 3))

    with full_disk(len(innhold) - 1):
        svar = _last_opp(client, nettverk, innhold)

    assert svar.status_code == 422
    assert "ikke plass til flere filer" in svar.context["form"].errors["fil"][0]
    assert not Enhetsimport.objects.exists()
    assert _filer(tmp_path) == []


@pytest.mark.parametrize("tegn", ["æ", "🎉"])
def test_a_file_with_a_very_long_name_is_read(client, nettverk, sjef, tegn: str):
    innhold = _csv(*_enheter(_kommune(nettverk), 1))

    rad = _lest(client, nettverk, innhold, navn=tegn * 200 + ".csv")

    assert rad.filnavn.startswith(tegn)
    assert rad.filnavn.endswith(".csv")


def test_kind_of_unit_must_be_chosen_when_the_file_does_not_say(client, nettverk, sjef):
    svar = _last_opp(client, nettverk, _csv(*_enheter(_kommune(nettverk), 1)), type="")

    assert list(svar.context["form"].errors) == ["type"]


def test_the_day_of_the_file_cannot_be_in_the_future(client, nettverk, sjef):
    i_morgen = (idag() + datetime.timedelta(days=1)).isoformat()

    svar = _last_opp(client, nettverk, _csv(*_enheter(_kommune(nettverk), 1)), per=i_morgen)

    assert list(svar.context["form"].errors) == ["per"]


def test_file_that_breaks_off_further_down_is_told_on_its_page(client, nettverk, sjef):
    innhold = _csv(*_enheter(_kommune(nettverk), 3)) + b'"' + b"x" * 200_000

    rad = _lest(client, nettverk, innhold)

    assert (rad.status, rad.rader.count()) == ("feilet", 0)
    assert "Rad 5 kan ikke leses" in client.get(_url("vis", rad)).content.decode()


# --- the jobs


def test_the_page_polls_while_the_work_goes_on_and_then_shows_itself_anew(client, nettverk, sjef):
    _last_opp(client, nettverk, _csv(*_enheter(_kommune(nettverk), 1)))
    rad = Enhetsimport.objects.get()

    underveis = client.get(_url("vis", rad), headers={"HX-Request": "true"})
    jobber.run(rad.jobb_id)
    ferdig = client.get(_url("vis", rad), headers={"HX-Request": "true"})

    assert f'hx-get="{_url("vis", rad)}"' in underveis.content.decode()
    assert ferdig.headers["HX-Refresh"] == "true"


def test_reading_that_is_done_twice_gives_the_same_preview(client, nettverk, sjef):
    rad = _lest(client, nettverk, _csv(*_enheter(_kommune(nettverk), 3)))
    Enhetsimport.objects.filter(pk=rad.pk).update(status="venter")
    Jobb.objects.filter(pk=rad.jobb_id).update(status="venter")

    jobber.run(rad.jobb_id)

    rad.refresh_from_db()
    assert (rad.antall("ny"), rad.rader.count()) == (3, 3)


def test_writing_that_stopped_goes_on_after_the_last_batch(client, nettverk, sjef, monkeypatch):
    monkeypatch.setattr(importen, "BUNKE", 2)
    rad = _lest(client, nettverk, _csv(*_enheter(_kommune(nettverk), 5)))
    client.post(_url("bekreft", rad))
    rad.refresh_from_db()
    ekte, kall = importen._write, []

    def dor_i_andre_bunke(nettverk, bunke, rammer):
        kall.append(len(bunke))
        if len(kall) == 2:
            raise RuntimeError("strømmen gikk")
        ekte(nettverk, bunke, rammer)

    monkeypatch.setattr(importen, "_write", dor_i_andre_bunke)
    jobber.run(rad.jobb_id)
    assert (Enhet.objects.count(), rad.rader.exclude(resultat="").count()) == (2, 2)

    jobber.retry(Jobb.objects.get(pk=rad.jobb_id), by=sjef)
    jobber.run(rad.jobb_id)

    rad.refresh_from_db()
    assert rad.oppsummering["resultat"] == {"ny": 5}
    assert (Enhet.objects.count(), kall) == (5, [2, 2, 2, 1])


def test_two_imports_are_not_written_at_once_in_a_network(client, nettverk, sjef):
    kommune = _kommune(nettverk)
    foerste = _lest(client, nettverk, _csv(*_enheter(kommune, 2)))
    andre = _lest(client, nettverk, _csv(*_enheter(kommune, 2, fra=5)))
    client.post(_url("bekreft", foerste))

    svar = client.post(_url("bekreft", andre), follow=True)

    andre.refresh_from_db()
    assert andre.status == "lest"
    assert "blir lagret i nettverket nå" in svar.content.decode()
    foerste.refresh_from_db()
    jobber.run(foerste.jobb_id)
    assert _skrevet(client, andre).oppsummering["resultat"] == {"ny": 2}


def test_confirming_twice_writes_once(client, nettverk, sjef):
    rad = _skrevet(client, _lest(client, nettverk, _csv(*_enheter(_kommune(nettverk), 2))))

    svar = client.post(_url("bekreft", rad))

    rad.refresh_from_db()
    assert (svar.status_code, rad.status) == (302, "ferdig")
    assert Jobb.objects.filter(slag=importen.SKRIV).count() == 1


# --- access and speed


def test_only_the_coordinator_reaches_the_import(client):
    nettverk, gruppe = nettverk_med_enhet()
    folk = {
        "koordinator": (koordinator(nettverk), 200),
        "kog": (kog(nettverk), 403),
        "kommuneansvarlig": (kommuneansvarlig(nettverk, gruppe.enhet.kommune_per()), 403),
        "enhetsleder": (enhetsleder(gruppe), 403),
        "annet nettverk": (koordinator(NettverkFactory()), 403),
    }

    svar = {}
    for navn, (person, _ventet) in folk.items():
        client.force_login(person)
        svar[navn] = client.get(reverse("nettverk:enhetsimport", args=[nettverk.slug])).status_code

    assert svar == {navn: ventet for navn, (_person, ventet) in folk.items()}


def test_import_of_another_network_does_not_exist(client, nettverk, sjef):
    rad = _lest(client, nettverk, _csv(*_enheter(_kommune(nettverk), 1)))
    annet = NettverkFactory()
    client.force_login(koordinator(annet))

    for navn in ("vis", "bekreft", "forkast", "avviste", "kolonner", "samme"):
        url = reverse(f"nettverk:enhetsimport_{navn}", args=[annet.slug, rad.pk])
        metode = client.get if navn in {"vis", "avviste"} else client.post
        assert metode(url).status_code == 404


@pytest.mark.parametrize("antall", [1, 3])
def test_preview_takes_the_same_queries_whatever_its_length(
    client, nettverk, sjef, django_assert_num_queries, antall
):
    rad = _lest(client, nettverk, _csv(*_enheter(_kommune(nettverk), antall)))
    client.get(_url("vis", rad))

    with django_assert_num_queries(5):  # session, person, network with roles, import with job, rows
        client.get(_url("vis", rad))


def test_groups_are_made_once_and_only_for_units_of_today(nettverk):
    kommune = _kommune(nettverk)
    EnhetFactory(kommune=kommune)
    EnhetFactory(kommune=kommune, gyldig=periode(datetime.date(2000, 1, 1), idag()))

    assert [ensure_utviklingsgrupper(nettverk), ensure_utviklingsgrupper(nettverk)] == [1, 0]


# --- the real registers

DATA = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.mark.skipif(
    not (DATA / "barnehager_nordmore.csv").exists(),
    reason="Registerfilene fra Udir ligger ikke ved siden av kodelageret.",
)
def test_the_registers_files_are_read_whole_and_a_second_time_change_nothing(client):
    load_kommuner()
    nettverk = NettverkFactory()
    nordmoere = ["1505", "1554", "1557", "1560", "1563", "1566", "1573", "1576"]
    sunnmoere = [
        "1504",
        "1523",
        "1524",
        "1525",
        "1526",
        "1528",
        "1529",
        "1531",
        "1532",
        "1534",
        "1546",
    ]
    for kommune in Kommune.objects.filter(kommunenummer__in=nordmoere + sunnmoere):
        MedlemskapFactory(nettverk=nettverk, kommune=kommune, gyldig=kommune.gyldig)
    client.force_login(koordinator(nettverk))

    utfall = []
    for fil, per in (
        ("barnehager_nordmore.csv", "2024-06-01"),
        ("barnehager_nordre_sunnmore_2018.csv", "2018-03-04"),
    ):
        innhold = (DATA / fil).read_bytes()
        rad = _skrevet(client, _lest(client, nettverk, innhold, per=per))
        igjen = _lest(client, nettverk, innhold, per=per)
        utfall.append((rad.oppsummering["resultat"], igjen.oppsummering["utfall"]))

    assert utfall == [
        ({"ny": 51}, {"uendret": 51, "borte": 0}),
        ({"ny": 100}, {"uendret": 100, "borte": 0}),
    ]
    assert nettverk.enheter(datetime.date(2018, 6, 1)).count() == 100


def test_the_group_is_named_in_the_networks_language_whoever_makes_it():
    nettverk = NettverkFactory(maalform="nn")
    enhet = EnhetFactory(kommune=MedlemskapFactory(nettverk=nettverk).kommune)

    with translation.override("en"):
        ensure_utviklingsgrupper(nettverk)
    gruppe = Gruppe.objects.get(enhet=enhet)
    assert gruppe.navn == group_name(enhet, "nn") != group_name(enhet, "en")

    foer = str(enhet)
    Enhet.objects.filter(pk=enhet.pk).update(navn="Solbakken", visningsnavn="")
    with translation.override("en"):
        follow_units(nettverk, foer={enhet.pk: foer}, avsluttet=(), dato=idag())
    gruppe.refresh_from_db()
    assert gruppe.navn == group_name("Solbakken", "nn")


def test_what_must_be_answered_for_some_files_is_not_called_optional(client, nettverk, sjef):
    html = client.get(reverse("nettverk:enhetsimport", args=[nettverk.slug])).text

    assert "(valgfritt)" not in html
    assert "Velg hvis fila ikke har en kolonne som sier det." in html
