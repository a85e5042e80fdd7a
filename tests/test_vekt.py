"""What a page weighs over the wire, packed with gzip: the first visit, and the next one, when the browser has the rest."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from nettverk.models import Nettverk, Person
from nettverk.models.nettverk import Aksent, Horisont
from tests.nettverk.factories import (
    MedlemskapFactory,
    NettverkFactory,
    enhetsleder,
    koordinator,
    nettverk_med_enhet,
)

pytestmark = pytest.mark.django_db

FOERSTE, NESTE = 160_000, 20_000
# Packed by nature.
_PAKKET = {".woff2", ".webp", ".png", ".jpg"}


def _file_size(adresse: str) -> int:
    navn = re.sub(r"\.[0-9a-f]{12}(?=\.)", "", adresse.removeprefix("/static/"))
    funnet = finders.find(navn)
    assert funnet, f"{navn} er ikke bygd"
    fil = Path(str(funnet))
    data = fil.read_bytes()
    return len(data) if fil.suffix in _PAKKET else len(gzip.compress(data, 9))


def _weigh(client: Client, adresse: str) -> tuple[int, int]:
    """The first visit and the next. All that the page names is counted, also pictures further down."""
    svar = client.get(adresse, headers={"accept-encoding": "gzip"})
    assert svar.status_code == 200
    assert svar["Content-Encoding"] == "gzip"
    html = gzip.decompress(svar.content).decode()
    filer = set(re.findall(r'(?:href|src)="(/static/[^"#?]+)', html))
    assert any(fil.endswith(".woff2") for fil in filer)
    return len(svar.content) + sum(map(_file_size, filer)), len(svar.content)


def _networks() -> Nettverk:
    """One with each horizon, as large as they are."""
    for aksent, horisont in zip(Aksent.values, Horisont.values, strict=False):
        nettverk = NettverkFactory(
            aksent=aksent, horisont=horisont, visjon="Sammen skaper vi framtida for barn og unge"
        )
        for _nummer in range(9):
            MedlemskapFactory(nettverk=nettverk)
    return nettverk


def test_the_front_page(client: Client):
    _networks()

    foerste, neste = _weigh(client, "/")

    assert foerste <= FOERSTE
    assert neste <= NESTE


def test_a_networks_public_page(client: Client):
    foerste, neste = _weigh(client, f"/{_networks().slug}/")

    assert foerste <= FOERSTE
    assert neste <= NESTE


@pytest.mark.parametrize("hvem", [lambda n, g: koordinator(n), lambda n, g: enhetsleder(g)])
def test_home(client: Client, hvem: Callable[..., Person]):
    nettverk, gruppe = nettverk_med_enhet()
    client.force_login(hvem(nettverk, gruppe))

    foerste, neste = _weigh(client, f"/{nettverk.slug}/hjem/")

    assert foerste <= FOERSTE
    assert neste <= NESTE
