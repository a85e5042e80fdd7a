"""The learning tracks: the nine-year line, who follows what, and the chapter of the annual report."""

import datetime

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluering.frysing import freeze, thaw
from kommuner.gyldighet import idag, periode
from laeringsloyper.enheter import status_of_loyper
from laeringsloyper.linje import Tilstand, draw_linje
from laeringsloyper.models import Enhetsloype, Laeringsloype, Periode
from nettverk.flater import Innhold, blokkene
from nettverk.models import Gruppe, Nettverk
from tests.kommuner.factories import EnhetFactory, KommuneFactory
from tests.laeringsloyper.factories import ModulFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    NettverkFactory,
    kog,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import OppdragFactory

pytestmark = pytest.mark.django_db


def _loype(nettverk: Nettverk, navn: str = "Matematikk", start: int | None = None) -> Laeringsloype:
    """Three periods of three years; without `start`, the second holds today."""
    start = start or idag().year - 4
    loype = Laeringsloype.objects.create(
        nettverk=nettverk,
        slug=navn.lower(),
        navn=navn,
        ansvarlig_gruppe=GruppeFactory(
            nettverk=nettverk, type=Gruppe.Type.FAGMILJO, navn=f"{navn}senteret"
        ),
    )
    for nummer in range(3):
        fra = start + 3 * nummer
        Periode.objects.create(
            loype=loype,
            nummer=nummer + 1,
            gyldig=periode(datetime.date(fra, 1, 1), datetime.date(fra + 3, 1, 1)),
        )
    return loype


def test_line_has_three_periods_and_today():
    loype = _loype(NettverkFactory(), start=2020)

    linje = draw_linje([loype], datetime.date(2024, 7, 1))

    assert [s.tilstand for s in linje.rader[0].stykker] == [
        Tilstand.FERDIG,
        Tilstand.NAA,
        Tilstand.KOMMER,
    ]
    assert linje.rader[0].naa.periode.nummer == 2
    assert linje.idag == "49.97%"


def test_line_outside_its_years_has_no_mark_for_today():
    linje = draw_linje([_loype(NettverkFactory(), start=2020)], datetime.date(2040, 1, 1))

    assert linje.idag is None
    assert linje.rader[0].naa is None


def test_no_periods_no_line():
    loype = Laeringsloype.objects.create(nettverk=NettverkFactory(), slug="x", navn="X")
    Periode.objects.create(loype=loype, nummer=1, gyldig=periode(datetime.date(2020, 1, 1)))

    assert draw_linje([loype], idag()) is None


def test_list_and_page_are_for_members(client: Client):
    nettverk = NettverkFactory()
    loype = _loype(nettverk)
    adresser = [
        f"/{nettverk.slug}/laeringsloyper/",
        f"/{nettverk.slug}/laeringsloyper/{loype.slug}/",
    ]
    ute = [client.get(a).status_code for a in adresser]
    client.force_login(koordinator(NettverkFactory()))
    fremmed = [client.get(a).status_code for a in adresser]
    client.force_login(kog(nettverk))
    medlem = [client.get(a).status_code for a in adresser]

    assert (ute, fremmed, medlem) == ([302, 302], [403, 403], [200, 200])


def test_track_of_another_network_is_not_found(client: Client):
    loype = _loype(NettverkFactory())
    nettverk = NettverkFactory()
    client.force_login(kog(nettverk))

    assert client.get(f"/{nettverk.slug}/laeringsloyper/{loype.slug}/").status_code == 404


def test_page_shows_those_who_follow_it_by_kommune_in_norwegian_order(client: Client):
    nettverk = NettverkFactory()
    loype = _loype(nettverk)
    naa, foer = loype.perioder.get(nummer=2), loype.perioder.get(nummer=1)
    for navn in ("Ålesund", "Aure", "Ørskog"):
        kommune = MedlemskapFactory(nettverk=nettverk, kommune=KommuneFactory(navn=navn)).kommune
        enhet = EnhetFactory(navn=f"{navn} skole", kommune=kommune)
        Enhetsloype.objects.create(enhet=enhet, periode=naa)
    ferdig = EnhetFactory(navn="Ferdig skole", kommune=kommune)
    Enhetsloype.objects.create(enhet=ferdig, periode=foer)
    client.force_login(kog(nettverk))

    svar = client.get(f"/{nettverk.slug}/laeringsloyper/{loype.slug}/")

    assert [k["navn"] for k in svar.context["kommuner"]] == ["Aure", "Ørskog", "Ålesund"]
    assert "Ferdig skole" not in svar.content.decode()
    assert "Matematikksenteret" in svar.content.decode()


def test_page_begins_with_what_is_done_in_the_track_and_folds_the_long_lists(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    loype = _loype(nettverk)
    naa = loype.perioder.get(nummer=2)
    Enhetsloype.objects.create(enhet=gruppe.enhet, periode=naa)
    ModulFactory(periode=naa)
    OppdragFactory(nettverk=nettverk, laeringsloype=loype, tittel="Mål ute")
    client.force_login(kog(nettverk))

    side = client.get(f"/{nettverk.slug}/laeringsloyper/{loype.slug}/").text

    assert side.index("Mål ute") < side.index("Enheter som følger løypa nå")
    foer, etter = side.split("Enhetene, kommune for kommune")
    assert foer.rindex("<details") > foer.rindex("</details>")
    assert str(gruppe.enhet) in etter
    tabell = side[side.index("app-linjetabell") :].split("</table>")[0]
    # No gathering is in the track: no column for them.
    assert "Moduler" in tabell
    assert "Samlinger" not in tabell


def test_the_map_keeps_two_kommuner_of_the_same_name_apart(client: Client):
    nettverk = NettverkFactory()
    loype = _loype(nettverk)
    for antall in (2, 1):
        kommune = MedlemskapFactory(nettverk=nettverk, kommune=KommuneFactory(navn="Våler")).kommune
        for _ in range(antall):
            enhet = EnhetFactory(kommune=kommune)
            Enhetsloype.objects.create(enhet=enhet, periode=loype.perioder.get(nummer=2))
    client.force_login(kog(nettverk))

    kart = client.get(f"/{nettverk.slug}/laeringsloyper/{loype.slug}/").context["kart"]

    assert sorted(f.verdi.ord for f in kart.flater) == ["1 enhet", "2 enheter"]


def test_list_takes_the_same_queries_with_one_and_three_tracks(client: Client):
    nettverk = NettverkFactory()
    client.force_login(kog(nettverk))
    antall = []
    for navn in ("A", "B", "C"):
        _loype(nettverk, navn)
        client.get(f"/{nettverk.slug}/laeringsloyper/")
        with CaptureQueriesContext(connection) as fanget:
            client.get(f"/{nettverk.slug}/laeringsloyper/")
        antall.append(len(fanget))

    assert antall[0] == antall[1] == antall[2] <= 5


def test_empty_list_says_so(client: Client):
    nettverk = NettverkFactory()
    client.force_login(kog(nettverk))

    assert (
        "Ingen læringsløyper ennå"
        in client.get(f"/{nettverk.slug}/laeringsloyper/").content.decode()
    )


def test_unit_page_shows_its_track(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    loype = _loype(nettverk)
    Enhetsloype.objects.create(enhet=gruppe.enhet, periode=loype.perioder.get(nummer=2))
    client.force_login(kog(nettverk))

    html = client.get(f"/{nettverk.slug}/enheter/{gruppe.enhet.referanse}/").content.decode()

    assert "Periode 2" in html
    assert f"/{nettverk.slug}/laeringsloyper/matematikk/" in html


def test_figures_of_a_past_year_are_those_of_that_year():
    nettverk = NettverkFactory()
    loype = _loype(nettverk, start=2018)
    kommune = MedlemskapFactory(nettverk=nettverk, kommune=KommuneFactory(navn="Aure")).kommune
    for nummer, antall in ((1, 2), (2, 3)):
        for _n in range(antall):
            Enhetsloype.objects.create(
                enhet=EnhetFactory(kommune=kommune), periode=loype.perioder.get(nummer=nummer)
            )

    [i_2019] = status_of_loyper(nettverk, datetime.date(2019, 12, 31))
    [i_2022] = status_of_loyper(nettverk, datetime.date(2022, 12, 31))

    assert (i_2019.periode, i_2019.antall_enheter) == (1, 2)
    assert (i_2022.periode, i_2022.antall_enheter) == (2, 3)
    assert i_2022.per_kommune == [{"kommune": "Aure", "antall": 3}]


def _kapittel(nettverk: Nettverk) -> Innhold:
    blokker = blokkene(nettverk, idag().year)
    return next(b for b in blokker if b.noekkel == "laeringsloyper").bygg()


def test_chapter_of_the_annual_report():
    nettverk, gruppe = nettverk_med_enhet()
    loype = _loype(nettverk)
    Enhetsloype.objects.create(enhet=gruppe.enhet, periode=loype.perioder.get(nummer=2))

    kapittel = _kapittel(nettverk)
    html = render_to_string(kapittel.mal, {"data": kapittel.data, "nettverk": nettverk})

    assert kapittel.data["antall"] == 1
    assert kapittel.mangler == []
    assert "Matematikksenteret" in html
    assert "2 av 3" in html
    assert "telles i hver av dem" not in html


def test_a_unit_in_two_tracks_is_one_unit_in_the_chapter():
    nettverk, gruppe = nettverk_med_enhet()
    for navn in ("Matematikk", "Språk"):
        loype = _loype(nettverk, navn=navn)
        Enhetsloype.objects.create(enhet=gruppe.enhet, periode=loype.perioder.get(nummer=2))

    kapittel = _kapittel(nettverk)
    assert kapittel.data["antall"] == 1
    html = render_to_string(kapittel.mal, {"data": kapittel.data, "nettverk": nettverk})
    assert "telles i hver av dem" in html
    # The same of what a report has kept.
    data = thaw(freeze(kapittel.data))
    assert render_to_string(kapittel.mal, {"data": data, "nettverk": nettverk}) == html
    tabell = html[html.index("kommune for kommune") :]
    assert tabell.count('<td class="app-tall">1</td>') == 2


def test_chapter_says_what_is_missing():
    nettverk = NettverkFactory()
    _loype(nettverk)

    kapittel = _kapittel(nettverk)

    assert [str(m) for m in kapittel.mangler] == [
        "Ingen enheter følger en læringsløype dette året."
    ]


def test_a_network_without_tracks_has_no_such_chapter():
    kapitler = blokkene(NettverkFactory(), idag().year)

    assert "laeringsloyper" not in {k.noekkel for k in kapitler}
