"""A track looks the same everywhere: its colour, its sign and its name, readable in light, dark and print."""

import datetime
import re
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from laeringsloyper import loyper
from laeringsloyper.lasting import load_loyper
from laeringsloyper.merke import PAA_PAPIR, draw_merke
from laeringsloyper.models import Farge, Laeringsloype, Loypetegn
from tests.laeringsloyper.factories import LaeringsloypeFactory
from tests.nettverk.factories import NettverkFactory, koordinator

pytestmark = pytest.mark.django_db

CSS = settings.BASE_DIR / "static" / "css"
FLATER = {"lys": ("#ffffff", "#eef4f7"), "moerk": ("#12191e", "#1c2a31")}


def _colours(fil: str) -> list[dict[str, str]]:
    """The colours of a style sheet by name: light, then dark where there is one."""
    funnet = re.findall(
        r'\[data-farge="(\w+)"\] { (?:--app-loype|color): (#\w{6})', (CSS / fil).read_text("utf-8")
    )
    antall = len(Farge.values)
    return [dict(funnet[n : n + antall]) for n in range(0, len(funnet), antall)]


def _luminance(farge: str) -> float:
    deler = [int(farge[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    lineaere = [d / 12.92 if d <= 0.04045 else ((d + 0.055) / 1.055) ** 2.4 for d in deler]
    return sum(vekt * d for vekt, d in zip((0.2126, 0.7152, 0.0722), lineaere, strict=True))


def _contrast(a: str, b: str) -> float:
    lys, moerk = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (lys + 0.05) / (moerk + 0.05)


def test_every_colour_is_readable_in_light_and_dark_and_the_same_on_paper():
    lyse, moerke = _colours("komponenter.css")
    papir = _colours("pdf.css")[0]

    assert set(lyse) == set(moerke) == set(Farge.values)
    assert lyse == papir == {str(navn): farge for navn, farge in PAA_PAPIR.items()}
    for farger, flater in ((lyse, FLATER["lys"]), (moerke, FLATER["moerk"])):
        for farge in farger.values():
            for flate in flater:
                assert _contrast(farge, flate) >= 4.5, (farge, flate)


@pytest.mark.parametrize("tegn", Loypetegn.values)
def test_every_sign_is_drawn_beside_the_name(tegn):
    merke = draw_merke("fiol", tegn, "Språk <og> skriving")

    assert re.search(r"<svg[^>]*>\s*<(path|circle)", merke)
    assert "Språk &lt;og&gt; skriving" in merke
    assert 'data-farge="fiol"' in merke


def test_what_was_kept_before_there_were_colours_has_its_name_alone():
    assert draw_merke("", "", "Matematikk") == (
        '<span class="app-loype" data-farge=""><span>Matematikk</span></span>'
    )


def test_a_new_track_takes_a_colour_and_a_sign_that_no_other_has():
    nettverk = NettverkFactory()
    for nummer in range(37):
        loyper.create(
            nettverk=nettverk, navn=f"Løype {nummer}", forste_dag=datetime.date(2026, 8, 1)
        )

    par = list(Laeringsloype.objects.order_by("rekkefolge").values_list("farge", "tegn"))
    assert par[:6] == list(zip(Farge.values, Loypetegn.values, strict=True))
    assert par[6] == ("bringebaer", "boble")
    # Every pair once; the thirty-seventh has to look like another.
    assert len(set(par[:36])) == 36
    assert par[36] in par[:36]


def test_the_form_proposes_a_pair_that_it_takes(client):
    """Each colour and each sign is used, and the pairs across are free."""
    nettverk = NettverkFactory()
    for farge, tegn in zip(Farge.values, Loypetegn.values, strict=True):
        LaeringsloypeFactory(nettverk=nettverk, farge=farge, tegn=tegn)
    # One colour is used less than the others: then that one.
    LaeringsloypeFactory(nettverk=nettverk, farge="bringebaer", tegn="boble")
    client.force_login(koordinator(nettverk), backend="django.contrib.auth.backends.ModelBackend")
    adresse = reverse("laeringsloyper:loype_ny", args=[nettverk.slug])
    form = client.get(adresse).context["form"]
    felt = {felt.name: felt.value() or "" for felt in form}

    assert (felt["farge"], felt["tegn"]) == ("fiol", "prikker")
    svar = client.post(adresse, {**felt, "navn": "Enda en", "forste_dag": "2026-08-01"})

    assert svar.status_code == 302
    assert Laeringsloype.objects.filter(navn="Enda en", farge="fiol", tegn="prikker").exists()


def test_the_tracks_of_a_data_file_look_otherwise_each():
    nettverk = NettverkFactory()
    rader = [{"slug": f"l{n}", "navn": f"Løype {n}", "perioder": []} for n in range(36)]

    load_loyper(nettverk, {"laeringsloyper": rader})

    assert nettverk.laeringsloyper.values("farge", "tegn").distinct().order_by().count() == 36


def test_the_tracks_that_were_there_before_the_colours_look_otherwise_each():
    nettverk = NettverkFactory()
    for n in range(13):
        LaeringsloypeFactory(nettverk=nettverk, rekkefolge=n, farge="mose", tegn="ring")
    steget = import_module("laeringsloyper.migrations.0005_farge_og_tegn")

    steget.give_each_its_own(apps, None)

    par = list(nettverk.laeringsloyper.order_by("rekkefolge").values_list("farge", "tegn"))
    assert par[:6] == list(zip(Farge.values, Loypetegn.values, strict=True))
    assert len(set(par)) == 13


def test_two_tracks_of_a_network_cannot_be_made_to_look_alike(client):
    annen = LaeringsloypeFactory(navn="Språk", farge="fiol", tegn="boble")
    loype = LaeringsloypeFactory(nettverk=annen.nettverk, farge="sjo", tegn="ring")
    # Another network's track does not matter.
    LaeringsloypeFactory(farge="mose", tegn="ring")
    client.force_login(
        koordinator(annen.nettverk), backend="django.contrib.auth.backends.ModelBackend"
    )
    adresse = reverse("laeringsloyper:loype_rediger", args=[annen.nettverk.slug, loype.slug])
    felt = {
        navn: felt.value() or ""
        for navn, felt in ((f.name, f) for f in client.get(adresse).context["form"])
    }

    svar = client.post(adresse, {**felt, "farge": "fiol", "tegn": "boble"})
    client.post(adresse, {**felt, "farge": "mose", "tegn": "ring"})

    assert svar.status_code == 422
    assert "«Språk» har samme farge og tegn" in svar.text
    loype.refresh_from_db()
    assert (loype.farge, loype.tegn) == ("mose", "ring")


@pytest.mark.parametrize("felt", ["farge", "tegn"])
def test_the_database_knows_the_colours_and_signs(felt):
    loype = LaeringsloypeFactory()
    with pytest.raises(IntegrityError, match=f"loype_{felt}_finnes"), transaction.atomic():
        Laeringsloype.objects.filter(pk=loype.pk).update(**{felt: "gull"})
