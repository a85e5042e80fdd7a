"""The language of a page, and what a piece of a page gets when nobody is signed in any more."""

import pytest
from django.test import Client
from django.urls import reverse
from pghistory.models import Context

from nettverk.models import Person
from tests.nettverk.factories import NettverkFactory, koordinator

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


def _lang(svar) -> str:
    return svar.content.decode().split('<html lang="')[1][:2]


def test_own_page_is_in_the_malform_of_the_network_one_came_from(client: Client):
    nettverk = NettverkFactory(maalform="nn")
    client.force_login(koordinator(nettverk))

    client.get(reverse("nettverk:hjem", args=[nettverk.slug]))

    assert _lang(client.get(reverse("nettverk:konto"))) == "nn"


def test_own_choice_wins_over_the_network(client: Client):
    nettverk = NettverkFactory(maalform="nn")
    person = koordinator(nettverk)
    person.spraak = "en"
    person.save(update_fields=["spraak"])
    client.force_login(person)

    assert _lang(client.get(reverse("nettverk:hjem", args=[nettverk.slug]))) == "en"


def test_piece_of_a_page_without_a_person_reloads_the_whole_page(client: Client):
    nettverk = NettverkFactory()

    svar = client.get(reverse("nettverk:hjem", args=[nettverk.slug]), **HTMX)

    assert (svar.status_code, svar.headers["HX-Refresh"]) == (200, "true")


def test_one_without_a_verv_is_told_so_and_shown_the_way_home(client: Client):
    eget, annet = NettverkFactory(), NettverkFactory(navn="Et annet nettverk")
    client.force_login(koordinator(eget))

    svar = client.get(reverse("nettverk:hjem", args=[annet.slug]))

    assert svar.status_code == 403
    tekst = svar.content.decode()
    assert "Du har ingen verv i Et annet nettverk i dag." in tekst
    assert f'href="{reverse("nettverk:etter_innlogging")}"' in tekst
    assert "ingen har rollen nå" not in tekst


def test_the_cookie_decides_for_one_who_is_not_signed_in(client: Client):
    nettverk = NettverkFactory(maalform="nn")
    adresse = reverse("nettverk:offentlig", args=[nettverk.slug])
    uten = _lang(client.get(adresse))
    client.cookies["django_language"] = "en"

    assert (uten, _lang(client.get(adresse))) == ("nn", "en")


def test_who_is_to_sign_in_to_a_networks_page_reads_its_language_already(client: Client):
    nettverk = NettverkFactory(maalform="nn")
    inn = reverse("account_login")

    for neste, spraak in (
        (f"/{nettverk.slug}/samlinger/", "nn"),
        ("/finnes-ikke/", "nb"),
        ("", "nb"),
    ):
        assert _lang(client.get(inn, {"next": neste})) == spraak, neste
    client.cookies["django_language"] = "en"
    assert _lang(client.get(inn, {"next": f"/{nettverk.slug}/"})) == "en"


def test_a_language_that_does_not_exist_is_passed_over(client: Client):
    nettverk = NettverkFactory(maalform="nn")
    client.cookies["django_language"] = "tlh"

    assert _lang(client.get(reverse("nettverk:offentlig", args=[nettverk.slug]))) == "nn"


def test_who_changed_what_and_where_is_written_with_the_change(client: Client):
    person = koordinator(NettverkFactory())
    client.force_login(person)

    client.post(reverse("nettverk:konto"), {"navn": "Ny Navnesen", "telefon": "", "spraak": ""})

    endring = Person.pgh_event_model.objects.get(navn="Ny Navnesen")
    assert endring.pgh_context.metadata == {"user": person.pk, "url": reverse("nettverk:konto")}


def test_reading_writes_no_history(client: Client):
    client.force_login(koordinator(NettverkFactory()))

    client.get(reverse("nettverk:konto"))

    assert not Context.objects.exists()


# --- what the browser keeps


def test_no_page_of_somebody_who_is_signed_in_is_kept(client: Client):
    nettverk = NettverkFactory()
    client.force_login(koordinator(nettverk))
    egne = [
        reverse("nettverk:hjem", args=[nettverk.slug]),
        reverse("nettverk:konto"),
        reverse("nettverk:offentlig", args=[nettverk.slug]),  # with the person's own menu
        "/finnes-ikke/",
        reverse("rolu:samling_list", args=[nettverk.slug]),
    ]

    for adresse in egne:
        assert "no-store" in client.get(adresse)["Cache-Control"], adresse
    assert "no-store" in client.post(reverse("account_logout"))["Cache-Control"]


def test_nor_the_pages_on_the_way_in(client: Client):
    for adresse in (reverse("account_login"), "/demo/", "/demo/post/"):
        assert "no-store" in client.get(adresse)["Cache-Control"], adresse


def test_what_is_open_to_everyone_may_be_kept(client: Client):
    nettverk = NettverkFactory()

    for adresse in ("/", reverse("nettverk:offentlig", args=[nettverk.slug])):
        assert "no-store" not in client.get(adresse).get("Cache-Control", ""), adresse
