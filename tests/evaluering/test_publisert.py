"""A published report is open to everyone; an approved one no longer changes."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from evaluering.models import Aarsrapport
from nettverk.models import Jobb
from tests.evaluering.factories import AarsrapportFactory
from tests.nettverk.factories import koordinator

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("navn", ["aarsrapport", "forhaandsvis"])
def test_everyone_reads_a_published_report(client: Client, navn: str):
    rapport = AarsrapportFactory(status=Aarsrapport.Status.PUBLISERT)

    svar = client.get(reverse(f"evaluering:{navn}", args=[rapport.nettverk.slug, rapport.aar]))

    assert svar.status_code == 200
    assert "<textarea" not in svar.content.decode()


@pytest.mark.parametrize("status", [Aarsrapport.Status.UTKAST, Aarsrapport.Status.GODKJENT])
def test_signed_out_is_sent_to_sign_in_before_it_is_published(client: Client, status: str):
    rapport = AarsrapportFactory(status=status)
    adresse = reverse("evaluering:aarsrapport", args=[rapport.nettverk.slug, rapport.aar])

    svar = client.get(adresse)

    assert (svar.status_code, svar.url) == (302, f"{reverse('account_login')}?next={adresse}")


def test_a_report_that_has_its_pdf_gets_no_new_one(client: Client):
    rapport = AarsrapportFactory(
        status=Aarsrapport.Status.GODKJENT, fil=ContentFile(b"%PDF-", "rapport.pdf")
    )
    client.force_login(koordinator(rapport.nettverk))

    client.post(reverse("evaluering:aarsrapport_pdf", args=[rapport.nettverk.slug, rapport.aar]))

    assert not Jobb.objects.exists()


def test_a_guest_is_led_nowhere_that_asks_for_sign_in(client: Client):
    rapport = AarsrapportFactory(status=Aarsrapport.Status.PUBLISERT)
    adresse = reverse("evaluering:aarsrapport", args=[rapport.nettverk.slug, rapport.aar])
    liste = reverse("evaluering:aarsrapport_list", args=[rapport.nettverk.slug])

    assert f'href="{liste}"' not in client.get(adresse).text
    assert "Forhåndsvis" not in client.get(adresse).text
    assert f'href="{liste}"' not in client.get(f"{adresse}forhandsvisning/", follow=True).text
    client.force_login(koordinator(rapport.nettverk))
    assert f'href="{liste}"' in client.get(adresse).text
