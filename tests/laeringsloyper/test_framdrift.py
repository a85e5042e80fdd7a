"""How far the modules have come, what stands along the line, and the files of it."""

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag
from laeringsloyper.framdrift import Andel, progress_of
from laeringsloyper.models import Enhetsloype, Laeringsloype, Modul, Ressursbruk
from laeringsloyper.modulstand import modules_on
from laeringsloyper.rapport import line_of
from nettverk.models import Gruppe, Nettverk
from nettverk.tilgang.roller import roller_for
from rolu.models import Mellomarbeid
from tests.kommuner.factories import EnhetFactory, KommuneFactory
from tests.laeringsloyper.factories import (
    LaeringsloypeFactory,
    LeseverkFactory,
    ModulFactory,
    PeriodeFactory,
    RessursFactory,
)
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    NettverkFactory,
    VervFactory,
    enhetsleder,
    kog,
    kommuneansvarlig,
    koordinator,
)
from tests.rolu.factories import MellomarbeidFactory, OppdragFactory, SamlingFactory

pytestmark = pytest.mark.django_db


def _loype(nettverk: Nettverk | None = None) -> Laeringsloype:
    """Three periods of three years; the second runs today."""
    loype = LaeringsloypeFactory(nettverk=nettverk or NettverkFactory())
    for n in range(3):
        aar = idag().year - 4 + 3 * n
        PeriodeFactory(
            loype=loype,
            nummer=n + 1,
            gyldig=(datetime.date(aar, 1, 1), datetime.date(aar + 3, 1, 1)),
        )
    return loype


def _fetched(loype: Laeringsloype) -> Laeringsloype:
    return Laeringsloype.objects.prefetch_related("perioder").get(pk=loype.pk)


def _unit(nettverk: Nettverk, kommune) -> Gruppe:
    enhet = EnhetFactory(kommune=kommune)
    return GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=enhet)


def _work(oppdrag, gruppe: Gruppe, *, levert: bool) -> Mellomarbeid:
    return MellomarbeidFactory(
        oppdrag=oppdrag, gruppe=gruppe, kommune=gruppe.enhet.kommune_per(), levert_=levert
    )


@pytest.fixture
def fulgt():
    """Two kommuner; in Aure one of two units has delivered, twice; in Ørskog the one has not."""
    loype = _loype()
    nettverk = loype.nettverk
    modul = ModulFactory(periode=loype.perioder.get(nummer=2), tittel="Lek")
    aure, orskog = (
        MedlemskapFactory(nettverk=nettverk, kommune=KommuneFactory(navn=navn)).kommune
        for navn in ("Aure", "Ørskog")
    )
    en, to, tre = _unit(nettverk, aure), _unit(nettverk, aure), _unit(nettverk, orskog)
    for _n in range(2):
        oppdrag = OppdragFactory(nettverk=nettverk, laeringsloype=loype, modul=modul)
        _work(oppdrag, en, levert=True)
        _work(oppdrag, to, levert=False)
        _work(oppdrag, tre, levert=False)
    # Another network's, and one without a module.
    annen = ModulFactory()
    annet = OppdragFactory(nettverk=annen.nettverk, laeringsloype=annen.periode.loype, modul=annen)
    MellomarbeidFactory(oppdrag=annet, levert_=True)
    _work(OppdragFactory(nettverk=nettverk, laeringsloype=loype), tre, levert=True)
    return loype, modul, aure, en


def _progress(loype: Laeringsloype, person):
    loype = _fetched(loype)
    roller = roller_for(person, loype.nettverk)
    return progress_of(loype, modules_on(loype, idag(), roller), roller)


def test_each_unit_counts_once_and_each_sees_the_kommuner_they_follow_up(fulgt):
    loype, modul, aure, en = fulgt
    gruppe = GruppeFactory(nettverk=loype.nettverk, type=Gruppe.Type.FAGMILJO)
    Laeringsloype.objects.filter(pk=loype.pk).update(ansvarlig_gruppe=gruppe)

    alle = _progress(loype, kog(loype.nettverk))
    fag = _progress(loype, VervFactory(gruppe=gruppe).person)
    kommunen = _progress(loype, kommuneansvarlig(loype.nettverk, aure))
    leder = _progress(loype, enhetsleder(en))

    assert [(rad.navn, rad.andeler) for rad in alle.rader] == [
        ("Aure", [Andel(2, 1)]),
        ("Ørskog", [Andel(1, 0)]),
    ]
    assert fag.rader == alle.rader
    assert [rad.navn for rad in kommunen.rader] == ["Aure"]
    assert leder.rader == []
    assert leder.totalt == {modul.pk: Andel(3, 1)}


def test_the_line_tells_of_units_modules_and_gatherings(fulgt):
    loype, _modul, _aure, en = fulgt
    periode = loype.perioder.get(nummer=2)
    Enhetsloype.objects.create(enhet=en.enhet, periode=periode)
    naa = timezone.now()
    felt = {"nettverk": loype.nettverk, "laeringsloype": loype, "start": naa}
    SamlingFactory(
        publisert_=True, tittel="Fagdag", **felt, slutt=naa + datetime.timedelta(hours=3)
    )
    SamlingFactory(tittel="Utkast", **felt, slutt=naa + datetime.timedelta(hours=3))
    loype = _fetched(loype)
    roller = roller_for(enhetsleder(en), loype.nettverk)

    linje = line_of(loype, modules_on(loype, idag(), roller), roller, idag())

    (rad,) = linje.rader
    assert [s.antall for s in rad.stykker] == [0, 1, 0]
    assert [[m.tittel for m in s.moduler] for s in rad.stykker] == [[], ["Lek"], []]
    assert [[m.tittel for m in s.merker] for s in rad.stykker] == [[], ["Fagdag"], []]
    assert linje.hoyde > 74


def test_parts_that_are_off_tell_nothing(fulgt):
    loype, *_resten = fulgt
    Nettverk.objects.filter(pk=loype.nettverk_id).update(
        uten_deler=["samlinger", "mellomarbeid", "praksis"]
    )
    loype = Laeringsloype.objects.get(pk=loype.pk)

    assert _progress(loype, kog(loype.nettverk)).moduler == []


def _client(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _url(navn: str, loype: Laeringsloype, *mer: int) -> str:
    return reverse(f"laeringsloyper:{navn}", args=[loype.nettverk.slug, loype.slug, *mer])


def test_the_report_of_a_module_as_pdf_and_spreadsheet(fulgt):
    loype, modul, _aure, en = fulgt
    ressurs = RessursFactory(modul=modul, tittel="Hefte")
    LeseverkFactory(modul=modul, tittel="Boka", isbn="9780306406157")
    person = kog(loype.nettverk)
    Ressursbruk.objects.create(ressurs=ressurs, enhet=en.enhet, sagt_av=person)
    client = _client(person)

    pdf = client.get(_url("modul_pdf", loype, modul.pk))
    bok = openpyxl.load_workbook(
        io.BytesIO(client.get(_url("modul_regneark", loype, modul.pk)).content)
    )
    loypa = client.get(_url("loype_pdf", loype))

    assert pdf.content.startswith(b"%PDF")
    assert loypa.content.startswith(b"%PDF")
    assert list(bok["Kommuner"].iter_rows(min_row=2, values_only=True)) == [
        ("Aure", 2, 1),
        ("Ørskog", 1, 0),
    ]
    assert bok["Brukt av"]["B2"].value == str(en.enhet)
    assert bok["Leseliste"]["E2"].value == "9780306406157"
    assert _client(enhetsleder(en)).get(_url("modul_pdf", loype, modul.pk)).status_code == 403


def test_the_page_of_a_day_that_has_been_offers_no_report(fulgt):
    loype, modul, *_resten = fulgt
    Modul.pgh_event_model.objects.filter(id=modul.pk).update(
        pgh_created_at=timezone.now() - datetime.timedelta(days=60)
    )
    client = _client(kog(loype.nettverk))
    pdf = _url("modul_pdf", loype, modul.pk)
    foer = f"?per={(idag() - datetime.timedelta(days=30)).isoformat()}"

    naa = client.get(_url("modul", loype, modul.pk)).text
    da = client.get(_url("modul", loype, modul.pk) + foer).text
    bok = openpyxl.load_workbook(
        io.BytesIO(client.get(_url("modul_regneark", loype, modul.pk) + foer).content)
    )

    assert f'href="{pdf}"' in naa
    assert "Lek" in da
    assert pdf not in da
    assert _url("modul_regneark", loype, modul.pk) not in da
    # Whoever asks for another day gets today, and is told so.
    rader = dict(bok["Modul"].iter_rows(min_row=2, values_only=True))
    assert rader["Per dato"].date() == idag()


def test_a_resource_is_used_on_the_day_it_was_said_here(fulgt):
    loype, modul, _aure, en = fulgt
    person = kog(loype.nettverk)
    bruk = Ressursbruk.objects.create(
        ressurs=RessursFactory(modul=modul), enhet=en.enhet, sagt_av=person
    )
    # Half past midnight in Norway.
    Ressursbruk.objects.filter(pk=bruk.pk).update(
        sagt=datetime.datetime(2025, 11, 2, 23, 30, tzinfo=datetime.UTC)
    )

    svar = _client(person).get(_url("modul_regneark", loype, modul.pk))

    bok = openpyxl.load_workbook(io.BytesIO(svar.content))
    assert bok["Brukt av"]["C2"].value.date() == datetime.date(2025, 11, 3)


def test_the_fagansvarlig_sees_what_is_delivered_in_a_module(fulgt):
    loype, modul, _aure, en = fulgt
    gruppe = GruppeFactory(nettverk=loype.nettverk, type=Gruppe.Type.FAGMILJO)
    Laeringsloype.objects.filter(pk=loype.pk).update(ansvarlig_gruppe=gruppe)
    adresse = _url("modul", loype, modul.pk)

    fag = _client(VervFactory(gruppe=gruppe).person).get(adresse).text
    annen = _client(enhetsleder(_unit(loype.nettverk, en.enhet.kommune_per()))).get(adresse).text

    assert "Levert i modulen" in fag
    assert str(en.enhet) in fag
    assert "Levert i modulen" not in annen


def test_home_unit_and_kommune_tell_what_is_learnt_now(fulgt):
    loype, _modul, aure, en = fulgt
    Enhetsloype.objects.create(enhet=en.enhet, periode=loype.perioder.get(nummer=2))
    slug = loype.nettverk.slug
    client = _client(enhetsleder(en))

    hjem = client.get(f"/{slug}/hjem/").text
    enhet = client.get(reverse("nettverk:enhet", args=[slug, en.enhet.referanse])).text
    kommune = client.get(reverse("nettverk:kommune", args=[slug, aure.kommunenummer])).text

    assert "Det dere lærer nå" in hjem
    assert "Lek" in hjem
    assert "Lek" in enhet
    assert "1 enhet følger løypa" in kommune


def test_the_page_costs_the_same_with_one_and_three_modules_that_are_followed(fulgt):
    loype, *_resten, en = fulgt
    client = _client(koordinator(loype.nettverk))

    def cost() -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            assert client.get(_url("loype", loype)).status_code == 200
        return len(spoerringer)

    cost()
    foer = cost()
    for modul in ModulFactory.create_batch(2, periode=loype.perioder.get(nummer=1)):
        oppdrag = OppdragFactory(nettverk=loype.nettverk, laeringsloype=loype, modul=modul)
        _work(oppdrag, en, levert=True)

    assert cost() == foer
