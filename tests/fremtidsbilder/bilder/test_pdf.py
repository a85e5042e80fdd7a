"""Images on paper: the sheet of the arenas, and one image with its pictures."""

import io

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from fremtidsbilder.bilder import illustrasjoner, papir
from fremtidsbilder.bilder.papir import arenas_pdf
from fremtidsbilder.models import Fremtidsbilde
from nettverk.models import Nettverk
from nettverk.nettverksdata import load_all
from tests.fremtidsbilder.bilder.bildefiler import godkjent
from tests.fremtidsbilder.factories import FremtidsbildeFactory, TegnFactory
from tests.nettleser.pdftekst import pages
from tests.nettverk.factories import NettverkFactory, PersonFactory, kog
from tests.nettverk.filer.test_pdf import assert_archivable_and_accessible

pytestmark = pytest.mark.django_db


def _arena(nettverk: Nettverk, tittel: str, **mer: object) -> Fremtidsbilde:
    arena = FremtidsbildeFactory(
        nettverk=nettverk,
        nivaa="arena",
        tittel=tittel,
        tekst=f"Bildet av {tittel}.",
        metode=f"- Slik gjør vi på {tittel}",
        **mer,
    )
    TegnFactory(fremtidsbilde=arena, tekst=f"Tegnet på {tittel}")
    return arena


def test_the_arenas_stand_on_one_sheet_lying_down(client: Client):
    nettverk = NettverkFactory(hovedmaal="Hver enkelt elevs trivsel.")
    for tittel in ("enhetene", "lokale nettverk", "fagdager"):
        _arena(nettverk, tittel)
    client.force_login(kog(nettverk))

    svar = client.get(reverse("fremtidsbilder:arenaer_pdf", args=[nettverk.slug]))

    assert svar["Content-Type"] == "application/pdf"
    assert_archivable_and_accessible(svar.content)
    [ord_] = pages(svar.content)
    with pikepdf.open(io.BytesIO(svar.content)) as pdf:
        _x, _y, bredde, hoyde = map(float, pdf.pages[0].mediabox)
        assert bredde > hoyde
    for tittel in ("enhetene", "lokale nettverk", "fagdager"):
        for del_ in (f"Bildet av {tittel}.", f"Tegnet på {tittel}", f"Slik gjør vi på {tittel}"):
            assert del_ in ord_
    assert "Hver enkelt elevs trivsel." in ord_


def test_saltens_arenas_are_one_sheet_as_in_its_source():
    load_all()
    salten = Nettverk.objects.get(slug="salten")
    arenaer = salten.fremtidsbilder.filter(nivaa="arena").prefetch_related("tegn")

    _navn, fil = arenas_pdf(salten, list(arenaer))

    [ord_] = pages(fil)
    for del_ in ("Oppvekstforum", "Regionale ledernettverk", "Hovedmål", "Samisk mangfold"):
        assert del_ in ord_


def test_without_arenas_there_is_no_sheet(client: Client):
    nettverk = NettverkFactory()
    client.force_login(kog(nettverk))

    svar = client.get(reverse("fremtidsbilder:arenaer_pdf", args=[nettverk.slug]))

    assert svar.status_code == 404


def test_one_image_with_its_pictures():
    bilde = _arena(NettverkFactory(), "fagdager")
    illustrasjoner.add(bilde, fil=godkjent(), beskrivelse="En båt", by=PersonFactory())

    navn, innhold = papir.image_pdf(bilde)

    assert_archivable_and_accessible(innhold)
    assert navn.startswith("fremtidsbilde-fagdager-")
    assert "Tegnet på fagdager" in " ".join(pages(innhold))
    with pikepdf.open(io.BytesIO(innhold)) as pdf:
        assert len(pdf.pages[0].get_images()) == 1


def test_a_picture_that_the_storage_lost_stops_no_paper():
    bilde = _arena(NettverkFactory(), "fagdager")
    rad = illustrasjoner.add(bilde, fil=godkjent(), beskrivelse="En båt", by=PersonFactory())
    rad.fil.storage.delete(rad.fil.name)

    assert papir.pictures_for_print(bilde) == []
    assert papir.image_pdf(bilde)[1].startswith(b"%PDF")
