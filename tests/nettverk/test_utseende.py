"""The colour and the horizon of a network: chosen in the browser, and there for every choice."""

import json
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import IntegrityError, transaction
from django.template import Context, Template
from django.template.loader import get_template

from nettverk.maskinrom.miljo import ROT
from nettverk.models import Nettverk
from nettverk.models.nettverk import Aksent, Horisont
from tests.nettverk.factories import enhetsleder, koordinator, nettverk_med_enhet


def test_every_colour_and_every_horizon_is_drawn():
    farger = json.loads((ROT / "nettverk" / "frontend" / "aksenter.json").read_text("utf-8"))
    assert set(farger) == set(Aksent.values)
    klare = json.loads((ROT / "nettverk" / "frontend" / "aksenter-moerk.json").read_text("utf-8"))
    for aksent in Aksent.values:
        stilark = finders.find(f"aksent/{aksent}.css")
        assert stilark, aksent
        moerkt = Path(stilark).read_text("utf-8").partition("color-scheme.dark")[2]
        assert f"--ds-color-primary-text-subtle:{klare[aksent]}" in moerkt
        assert f"--ds-color-primary-base-default:{klare[aksent]}" in moerkt
    bilder = {get_template(f"components/horisont/{h}.html").render() for h in Horisont}
    assert len(bilder) == len(Horisont)


@pytest.mark.django_db
def test_the_koordinator_chooses_and_every_page_follows(client):
    nettverk, _gruppe = nettverk_med_enhet()
    client.force_login(koordinator(nettverk))
    adresse = f"/{nettverk.slug}/nettverket/utseende/"

    client.post(adresse, {"aksent": "lyng", "horisont": "tinder"})

    nettverk.refresh_from_db()
    assert (nettverk.aksent, nettverk.horisont) == ("lyng", "tinder")
    html = client.get(f"/{nettverk.slug}/hjem/").content.decode()
    assert "aksent/lyng" in html
    assert Template("{% load portal %}{% horisont 'tinder' %}").render(Context()) in html


@pytest.mark.django_db
def test_two_who_choose_at_once_see_each_others_choice(client):
    nettverk, _gruppe = nettverk_med_enhet()
    client.force_login(koordinator(nettverk))
    adresse = f"/{nettverk.slug}/nettverket/utseende/"
    stand = client.get(adresse).context["form"].initial["stand"]
    Nettverk.objects.filter(pk=nettverk.pk).update(aksent="rust")

    svar = client.post(adresse, {"aksent": "skog", "horisont": "kyst", "stand": stand})

    assert svar.status_code == 409
    nettverk.refresh_from_db()
    assert nettverk.aksent == "rust"
    assert "skog" in svar.content.decode()


@pytest.mark.django_db
def test_a_colour_that_is_not_there_is_refused_by_the_form_and_the_database(client):
    nettverk, gruppe = nettverk_med_enhet()
    client.force_login(koordinator(nettverk))
    adresse = f"/{nettverk.slug}/nettverket/utseende/"
    assert client.post(adresse, {"aksent": "gull", "horisont": "kyst"}).status_code == 422
    with pytest.raises(IntegrityError, match="nettverk_aksent_finnes"), transaction.atomic():
        Nettverk.objects.filter(pk=nettverk.pk).update(aksent="gull")
    client.force_login(enhetsleder(gruppe))
    assert client.get(adresse).status_code == 403
