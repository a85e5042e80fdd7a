"""The pages where it is set which units follow which track: many at once, one, and by file."""

import datetime
import io
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet
from laeringsloyper.folgefil import KJENTE
from laeringsloyper.models import Enhetsloype, Periode
from nettverk.models import Nettverk
from tests.kommuner.factories import EnhetFactory, KommuneFactory
from tests.laeringsloyper.factories import LaeringsloypeFactory, PeriodeFactory
from tests.nettverk.factories import (
    MedlemskapFactory,
    NettverkFactory,
    kog,
    kommuneansvarlig,
    koordinator,
)

pytestmark = pytest.mark.django_db

DAG = datetime.timedelta(days=1)


class Sted:
    """A network with one track, and units in two kommuner."""

    def __init__(self) -> None:
        self.nettverk: Nettverk = NettverkFactory()
        self.aure = self._kommune("Aure")
        self.tustna = self._kommune("Smøla")
        self.periode: Periode = PeriodeFactory(
            loype=LaeringsloypeFactory(
                nettverk=self.nettverk, navn="Matematikk", slug="matematikk"
            ),
            gyldig=periode(idag() - 365 * DAG, idag() + 365 * DAG),
        )
        self.skole: Enhet = EnhetFactory(
            navn="Aure skole", type=Enhet.Type.GRUNNSKOLE, kommune=self.aure
        )
        self.barnehage: Enhet = EnhetFactory(navn="Aure barnehage", kommune=self.aure)
        self.smola: Enhet = EnhetFactory(navn="Smøla barnehage", kommune=self.tustna)

    def _kommune(self, navn: str):
        return MedlemskapFactory(nettverk=self.nettverk, kommune=KommuneFactory(navn=navn)).kommune

    def adresse(self, navn: str, *args: object) -> str:
        return reverse(f"laeringsloyper:{navn}", args=[self.nettverk.slug, *args])

    def valg(self, **annet: object) -> dict:
        return {
            "handling": "begynn",
            "periode": self.periode.pk,
            "fra": idag().isoformat(),
            "grunn": "Valgt",
            **annet,
        }


@pytest.fixture
def sted() -> Sted:
    return Sted()


@pytest.fixture
def klient(sted: Sted) -> Client:
    client = Client()
    client.force_login(koordinator(sted.nettverk))
    return client


def _som_kommune(sted: Sted) -> Client:
    client = Client()
    client.force_login(kommuneansvarlig(sted.nettverk, sted.aure))
    return client


def _folger() -> set[str]:
    return {str(r.enhet) for r in Enhetsloype.objects.followed()}


def _hidden(svar) -> dict[str, list[str]]:
    """What the preview carries on."""
    felt: dict[str, list[str]] = {}
    for tagg in re.findall(r"<input type=\"hidden\"[^>]*>", svar.text):
        navn = re.search(r'name="([^"]*)"', tagg)
        verdi = re.search(r'value="([^"]*)"', tagg)
        if navn and navn[1] != "csrfmiddlewaretoken":
            felt.setdefault(navn[1], []).append(unescape(verdi[1]) if verdi else "")
    return felt


# --- many at once


def test_a_filter_and_ticks_are_shown_before_they_are_saved(sted: Sted, klient: Client):
    adresse = sted.adresse("enhetsloyper")

    svar = klient.post(f"{adresse}?type=grunnskole", sted.valg(alle="on"))
    assert "1 enhet følger Matematikk, periode 1" in svar.text
    assert "Aure skole" in svar.text
    assert "barnehage" not in svar.text
    assert _folger() == set()

    svar = klient.post(adresse, _hidden(svar) | {"lagre": "1"}, follow=True)
    assert "1 enhet følger læringsløypa fra dagen du valgte." in svar.text
    assert _folger() == {"Aure skole"}
    assert "Valgt" in svar.text


def test_sent_twice_it_is_saved_once(sted: Sted, klient: Client):
    adresse = sted.adresse("enhetsloyper")
    felt = _hidden(klient.post(adresse, sted.valg(alle="on"))) | {"lagre": "1"}

    for _n in range(2):
        assert klient.post(adresse, felt).status_code == 302

    assert Enhetsloype.objects.count() == 3


def test_who_follows_nothing_yet_can_be_found(sted: Sted, klient: Client):
    Enhetsloype.objects.create(enhet=sted.skole, periode=sted.periode)

    svar = klient.get(sted.adresse("enhetsloyper") + "?loype=-")
    folger = klient.get(sted.adresse("enhetsloyper") + "?loype=matematikk")

    assert "Alle 2 enhetene under" in svar.text
    assert "Aure skole" not in svar.text
    assert [k["navn"] for k in folger.context["kommuner"]] == ["Aure"]


def test_many_stop_at_once(sted: Sted, klient: Client):
    for enhet in (sted.skole, sted.barnehage):
        Enhetsloype.objects.create(enhet=enhet, periode=sted.periode)
    adresse = sted.adresse("enhetsloyper")

    svar = klient.post(adresse, sted.valg(handling="slutt", alle="on"))
    assert "2 enheter følger ikke Matematikk" in svar.text
    klient.post(adresse, _hidden(svar) | {"lagre": "1"})

    assert _folger() == set()
    assert Enhetsloype.objects.followed(idag() - DAG).count() == 2


def test_nothing_ticked_is_explained(sted: Sted, klient: Client):
    svar = klient.post(sted.adresse("enhetsloyper"), sted.valg())

    assert svar.status_code == 422
    assert "Kryss av for enhetene det gjelder." in svar.text


def test_a_kommune_sees_and_sets_its_own_units_alone(sted: Sted):
    kommune = _som_kommune(sted)
    adresse = sted.adresse("enhetsloyper")

    side = kommune.get(adresse)
    assert "Aure skole" in side.text
    assert "Smøla" not in side.text

    svar = kommune.post(adresse, sted.valg(enheter=[sted.smola.pk], lagre="1"))
    assert svar.status_code == 422
    assert _folger() == set()

    kommune.post(adresse, sted.valg(alle="on", lagre="1"))
    assert _folger() == {"Aure skole", "Aure barnehage"}


def test_a_network_without_tracks_leads_the_koordinator_to_the_first(klient: Client, sted: Sted):
    sted.periode.delete()

    assert sted.adresse("loype_ny") in klient.get(sted.adresse("enhetsloyper")).text
    sted.nettverk.laeringsloyper.all().delete()
    assert sted.adresse("loype_ny") in klient.get(sted.adresse("loype_list")).text


def test_the_page_costs_the_same_with_three_and_nine_units(sted: Sted, klient: Client):
    def cost() -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            klient.get(sted.adresse("enhetsloyper"))
        return len(spoerringer)

    cost()
    tre = cost()
    for enhet in EnhetFactory.create_batch(6, kommune=sted.aure):
        Enhetsloype.objects.create(enhet=enhet, periode=sted.periode)

    assert cost() == tre


# --- one by one


def test_a_unit_is_set_on_a_track_from_its_own_page_and_taken_off_again(sted: Sted, klient: Client):
    enhetens = reverse("nettverk:enhet", args=[sted.nettverk.slug, sted.skole.referanse])
    ny = sted.adresse("enhetsloype_ny", sted.skole.referanse)
    assert ny in klient.get(enhetens).text

    side = klient.post(ny, sted.valg(), follow=True)
    rad = Enhetsloype.objects.get()
    slutt = sted.adresse("enhetsloype_slutt", rad.pk)
    assert "Enheten følger «Matematikk» fra dagen du valgte." in side.text
    assert "siden" in side.text
    assert "Begrunnelse:" in side.text
    assert slutt in side.text

    side = klient.post(slutt, {"fra": (idag() + DAG).isoformat(), "grunn": "Byttet"}, follow=True)
    assert "Byttet" in side.text
    per = klient.get(f"{enhetens}?per={(idag() + 2 * DAG).isoformat()}").text
    assert "Enheten følger ingen læringsløype." in per


def test_a_member_reads_it_and_is_led_nowhere(sted: Sted):
    Enhetsloype.objects.create(enhet=sted.skole, periode=sted.periode, grunn="Valgt")
    client = Client()
    client.force_login(kog(sted.nettverk))

    side = client.get(reverse("nettverk:enhet", args=[sted.nettverk.slug, sted.skole.referanse]))

    assert "Valgt" in side.text
    assert sted.adresse("enhetsloype_ny", sted.skole.referanse) not in side.text


# --- by file


def _csv(*linjer: str, koding: str = "utf-8") -> SimpleUploadedFile:
    innhold = "\r\n".join(("Orgnr;Navn;Læringsløype;Periode;Fra;Begrunnelse", *linjer))
    return SimpleUploadedFile("fil.csv", innhold.encode(koding))


def _upload(klient: Client, sted: Sted, fil: SimpleUploadedFile):
    return klient.post(
        sted.adresse("enhetsloype_fil"),
        {"fil": fil, "fra": idag().isoformat()},
    )


def test_a_file_is_shown_row_by_row_and_then_written(sted: Sted, klient: Client):
    Enhetsloype.objects.create(enhet=sted.smola, periode=sted.periode, grunn="Fra før")
    fremmed = EnhetFactory(
        navn="Hemmelig skole", kommune=MedlemskapFactory(nettverk=NettverkFactory()).kommune
    )

    svar = _upload(
        klient,
        sted,
        _csv(
            f"{sted.skole.organisasjonsnummer};;matematikk;1;;Valgt",
            ";Smøla barnehage;Matematikk;;;Ny grunn",
            f"{fremmed.organisasjonsnummer};;Matematikk;;;",
            ";Aure barnehage;Tysk;;;",
            ";Aure barnehage;Matematikk;7;;",
            ";Aure barnehage;Matematikk;;31.02.2026;",
            f"{sted.skole.organisasjonsnummer};;Matematikk;1;;",
            koding="cp1252",
        ),
    )

    bunker = {b.utfall: b.linjer for b in svar.context["bunker"]}
    assert [r["navn"] for r in bunker["ny"]] == ["Aure skole"]
    assert [r["navn"] for r in bunker["endret"]] == ["Smøla barnehage"]
    assert [r["avvist"] for r in bunker["avvist"]] == [
        "Vi finner ingen enhet med dette nummeret blant dem du kan endre.",
        "Nettverket har ingen læringsløype som heter dette.",
        "Læringsløypa har ingen periode med dette nummeret.",
        "Datoen finnes ikke. Skriv for eksempel 01.08.2026.",
        "Det samme står i rad 2.",
    ]
    assert "Hemmelig" not in svar.text
    assert _folger() == {"Smøla barnehage"}

    klient.post(sted.adresse("enhetsloype_fil"), _hidden(svar))
    assert {(str(r.enhet), r.grunn) for r in Enhetsloype.objects.followed()} == {
        ("Aure skole", "Valgt"),
        ("Smøla barnehage", "Ny grunn"),
    }


def test_what_changed_after_the_preview_is_shown_before_it_is_saved(sted: Sted, klient: Client):
    vist = _upload(
        klient, sted, _csv(";Aure skole;Matematikk;;;", ";Smøla barnehage;Matematikk;;;")
    )
    Enhetsloype.objects.create(enhet=sted.smola, periode=sted.periode, grunn="I mellomtiden")

    svar = klient.post(sted.adresse("enhetsloype_fil"), _hidden(vist))

    assert "Noe er endret siden du så på lista." in svar.text
    assert _folger() == {"Smøla barnehage"}
    klient.post(sted.adresse("enhetsloype_fil"), _hidden(svar))
    assert _folger() == {"Aure skole", "Smøla barnehage"}


def test_what_goes_along_from_the_preview_is_looked_at_anew(sted: Sted):
    """A kommune that writes another's unit into the form writes nothing."""
    kommune = _som_kommune(sted)
    felt = _hidden(_upload(kommune, sted, _csv(";Aure skole;Matematikk;;;")))
    felt["rader"] = [felt["rader"][0].replace("Aure skole", "Smøla barnehage")]

    kommune.post(sted.adresse("enhetsloype_fil"), felt)
    svar = kommune.post(sted.adresse("enhetsloype_fil"), felt | {"rader": ['[{"rad": {}}]']})

    assert svar.status_code == 302
    assert _folger() == set()


def test_the_template_filled_in_comes_back(sted: Sted, klient: Client):
    Enhetsloype.objects.create(enhet=sted.smola, periode=sted.periode)
    bok = load_workbook(io.BytesIO(klient.get(sted.adresse("enhetsloype_mal")).content))
    rader = list(bok.active.iter_rows(values_only=True))
    assert [r[1] for r in rader[1:]] == ["Aure barnehage", "Aure skole", "Smøla barnehage"]
    bok.active.cell(3, 4).value = "Matematikk"
    ut = io.BytesIO()
    bok.save(ut)

    svar = _upload(klient, sted, SimpleUploadedFile("mal.xlsx", ut.getvalue()))

    assert {b.utfall: [r["navn"] for r in b.linjer] for b in svar.context["bunker"]} == {
        "ny": ["Aure skole"],
        "uendret": ["Smøla barnehage"],
    }


@pytest.mark.parametrize(
    ("innhold", "melding"),
    [
        (b"", "Fila er tom."),
        (b"a;b\n1;2\n", "Fila mangler overskriftene vi trenger"),
        (b"%PDF-1.7 \x00", "Fila er en PDF."),
        (b"PK\x03\x04tull", "skadet"),
        ("navn;læringsløype\nx;\n".encode(), "Ingen rader i fila har en læringsløype"),
        (
            ("navn;læringsløype\n" + "x;y\n" * (KJENTE.maks_rader + 1)).encode(),
            "Fila har mer enn 2000 rader",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_explained(
    sted: Sted, klient: Client, innhold: bytes, melding: str
):
    svar = _upload(klient, sted, SimpleUploadedFile("fil.csv", innhold))

    assert svar.status_code == 422
    assert melding in svar.text
