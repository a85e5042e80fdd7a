"""The page «Nettverket»: what there is, in figures, and what comes where there is nothing yet."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fremtidsbilder.models import Fremtidsbilde, Maal
from kommuner.gyldighet import periode
from kommuner.models import Enhet
from laeringsloyper.models import Laeringsloype
from nettverk.models import Gruppe, Nettverk, Partner
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    NettverkFactory,
    kog,
    koordinator,
)

pytestmark = pytest.mark.django_db


def _fill(nettverk: Nettverk) -> None:
    """One more of everything."""
    kommune = MedlemskapFactory(nettverk=nettverk).kommune
    enhet = EnhetFactory(kommune=kommune, type=Enhet.Type.BARNEHAGE)
    GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=enhet)
    fagmiljo = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGMILJO)
    navn = f"nr-{Laeringsloype.objects.count()}"
    Laeringsloype.objects.create(nettverk=nettverk, slug=navn, navn=navn, ansvarlig_gruppe=fagmiljo)
    Fremtidsbilde.objects.create(nettverk=nettverk, nivaa="nettverk", tittel=navn)
    Maal.objects.create(nettverk=nettverk, type=Maal.Type.EFFEKT, tekst=navn)
    # A principle is no goal, and not counted among them.
    Maal.objects.create(nettverk=nettverk, type=Maal.Type.PRINSIPP, tekst=navn)
    Partner.objects.create(nettverk=nettverk, navn=navn, gyldig=periode(None))


def _figures(client: Client, nettverk: Nettverk) -> dict[str, dict[str, int]]:
    svar = client.get(f"/{nettverk.slug}/nettverket/")
    sider = [(punkt.noekkel, innhold) for punkt, innhold in svar.context["sider"] if innhold]
    return {noekkel: {str(ord_): n for n, ord_ in innhold.tall} for noekkel, innhold in sider}


def test_each_page_says_how_much_stands_there_of_this_network_alone(client: Client):
    nettverk, annet = NettverkFactory(), NettverkFactory()
    for ett in (nettverk, nettverk, annet):
        _fill(ett)
    client.force_login(koordinator(nettverk))

    assert _figures(client, nettverk) == {
        "kommuner": {"kommuner": 2, "barnehager": 2},
        # With the koordinator's own.
        "grupper": {"grupper": 3, "utviklingsgrupper": 2},
        "folk": {"person": 1},
        "laeringsloyper": {"læringsløyper": 2},
        "fremtidsbilder": {"fremtidsbilder": 2, "mål": 2},
    }


def test_an_empty_network_is_told_what_comes(client: Client):
    nettverk = NettverkFactory()
    client.force_login(kog(nettverk))

    html = client.get(f"/{nettverk.slug}/nettverket/").content.decode()

    assert "Kommunene kommer når koordinatoren har tatt dem inn." in html
    assert "Løypene kommer når nettverket har valgt" in html
    assert "app-kart" not in html.partition("<main")[2]


def test_what_a_network_does_not_use_is_not_counted(client: Client):
    nettverk = NettverkFactory(uten_deler=["maal"])
    _fill(nettverk)
    client.force_login(kog(nettverk))

    assert _figures(client, nettverk)["fremtidsbilder"] == {"fremtidsbilde": 1}


def test_it_costs_the_same_however_much_there_is(client: Client):
    nettverk = NettverkFactory()
    client.force_login(kog(nettverk))
    antall = []
    for _gang in range(3):
        _fill(nettverk)
        client.get(f"/{nettverk.slug}/nettverket/")
        with CaptureQueriesContext(connection) as spurt:
            client.get(f"/{nettverk.slug}/nettverket/")
        antall.append(len(spurt))

    assert len(set(antall)) == 1
