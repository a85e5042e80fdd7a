"""The map: tiles without borders, real borders when all have one, and a drawing anyone can read."""

import datetime
import xml.etree.ElementTree as ET

import pytest
from django.template.loader import render_to_string

from kommuner.models import Kommune
from nettverk.models import Nettverk
from nettverk.nettverksdata import load_all
from nettverk.register import medlemskap_per
from nettverk.side.kart import Kart, Kartverdi, draw_kart
from tests.kommuner.factories import KommuneFactory
from tests.nettverk.factories import MedlemskapFactory, NettverkFactory

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"


def _rute(lengde: float, bredde: float) -> dict:
    ring = [
        [lengde, bredde],
        [lengde + 0.5, bredde],
        [lengde + 0.5, bredde + 0.2],
        [lengde, bredde + 0.2],
        [lengde, bredde],
    ]
    return {"type": "MultiPolygon", "coordinates": [[ring]]}


def _kart(av: Nettverk, dato: datetime.date | None = None, **annet) -> Kart | None:
    dato = dato or datetime.date(2026, 1, 1)
    rader = medlemskap_per(dato, med_grense=True).filter(nettverk=av)
    return draw_kart(list(rader), **annet)


def _svg(kart: Kart) -> ET.Element:
    html = render_to_string(
        "nettverk/_kart.html", {"kart": kart, "id": "k", "tittel": "Kart over X"}
    )
    return ET.fromstring(html.strip().replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))


def test_no_kommuner_no_map():
    assert _kart(NettverkFactory()) is None


def test_without_borders_the_map_is_schematic_and_holds_every_name():
    load_all()
    kart = _kart(Nettverk.objects.get(slug="nordmore"), datetime.date(2018, 1, 1))

    assert kart is not None
    assert not kart.er_ekte
    assert [flate.navn for flate in kart.flater] == [
        "Aure",
        "Averøy",
        "Gjemnes",
        "Halsa",
        "Kristiansund",
        "Rindal",
        "Smøla",
        "Sunndal",
        "Surnadal",
        "Tingvoll",
    ]


def test_one_missing_border_gives_the_schematic_map():
    nettverk = NettverkFactory()
    MedlemskapFactory(nettverk=nettverk, kommune=KommuneFactory(grense=_rute(7, 63)))
    mangler = KommuneFactory()
    MedlemskapFactory(nettverk=nettverk, kommune=mangler)

    foer = _kart(nettverk)
    Kommune.objects.filter(pk=mangler.pk).update(grense=_rute(8, 63))
    etter = _kart(nettverk)

    assert (foer.er_ekte, etter.er_ekte) == (False, True)


def test_real_map_lies_north_up_and_inside_its_frame():
    nettverk = NettverkFactory()
    for navn, lengde, bredde in (("Nord", 7, 64), ("Sør", 8, 63)):
        MedlemskapFactory(
            nettverk=nettverk, kommune=KommuneFactory(navn=navn, grense=_rute(lengde, bredde))
        )

    kart = _kart(nettverk)
    nord, soer = (flate.linjer[0] for flate in kart.flater)

    assert nord.y < soer.y
    assert nord.x < soer.x
    assert all(0 < linje.x < kart.bredde and 0 < linje.y < kart.hoyde for linje in (nord, soer))


def test_map_is_one_picture_with_a_title():
    load_all()
    svg = _svg(_kart(Nettverk.objects.get(slug="salten")))

    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "k-tittel"
    assert svg.find(f"{SVG}title").text.strip() == "Kart over X"
    assert not [e for e in svg.iter() if e.get("style")]


def test_sami_part_of_the_name_is_marked():
    load_all()
    svg = _svg(_kart(Nettverk.objects.get(slug="salten")))

    smj = [(e.text or "").strip() for e in svg.iter(f"{SVG}text") if e.get("lang") == "smj"]

    assert sorted(smj) == ["Fuolldá", "Fuossko", "Hábmer"]


def test_with_a_network_every_kommune_is_a_named_link():
    load_all()
    nettverk = Nettverk.objects.get(slug="nordmore")
    svg = _svg(_kart(nettverk, nettverk=nettverk, per="?per=2018-01-01"))

    lenker = {a.get("aria-label"): a.get("href") for a in svg.iter(f"{SVG}a")}

    assert svg.get("role") == "group"
    assert lenker["Smøla"] == "/nordmore/kommuner/1573/?per=2018-01-01"
    assert len(lenker) == 8


def test_a_shaded_map_says_the_value_in_figures_words_and_steps():
    nettverk = NettverkFactory()
    alle, noen, ingen = (
        MedlemskapFactory(nettverk=nettverk, kommune=KommuneFactory(navn=navn)).kommune
        for navn in ("Aure", "Smøla", "Tingvoll")
    )
    verdier = {
        alle.pk: Kartverdi(1, "9 av 9", "alle har svart"),
        noen.pk: Kartverdi(0.5, "3 av 6", "3 av 6 har svart"),
    }

    kart = _kart(
        nettverk, skjematisk=True, verdier=verdier, lenker={alle.pk: "?kommune=1"}, valgt=alle.pk
    )

    assert kart is not None
    assert {f.navn: f.trinn for f in kart.flater} == {"Aure": 4, "Smøla": 3, "Tingvoll": 0}
    svg = ET.tostring(_svg(kart), encoding="unicode")
    for tekst in ('aria-label="Aure: alle har svart"', "9 av 9", "3 av 6", 'href="?kommune=1"'):
        assert tekst in svg
    assert svg.count("aria-current") == 1
    assert "app-kart__flate--0" in svg
    assert ingen.navn in svg


def _steps(*verdier: Kartverdi) -> list[int | None]:
    nettverk = NettverkFactory()
    kommuner = [
        MedlemskapFactory(nettverk=nettverk, kommune=KommuneFactory(navn=f"K{nr}")).kommune
        for nr in range(len(verdier))
    ]
    kart = _kart(
        nettverk,
        skjematisk=True,
        verdier={k.pk: v for k, v in zip(kommuner, verdier, strict=True)},
    )
    assert kart is not None
    return [flate.trinn for flate in sorted(kart.flater, key=lambda f: f.navn)]


def test_shares_are_told_apart_below_thirty_fifty_and_sixty_per_cent():
    andeler = (None, 0, 0.01, 0.29, 0.3, 0.49, 0.5, 0.59, 0.6, 1)

    assert _steps(*(Kartverdi(andel, "") for andel in andeler)) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_counts_are_set_against_the_largest():
    antall = (0, 1, 10, 11, 20, 21, 30, 31, 40)

    assert _steps(*(Kartverdi(None, "", antall=n) for n in antall)) == [0, 1, 1, 2, 2, 3, 3, 4, 4]


@pytest.mark.parametrize("lik", [Kartverdi(1, "100 %"), Kartverdi(None, "2", antall=2)])
def test_where_all_are_alike_nothing_is_shaded(lik):
    assert _steps(lik, lik, lik) == [None, None, None]
