"""The images of the future: members see all, everyone the published ones."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fremtidsbilder.models import Fremtidsbilde, Innspill, Maal, Tegn
from nettverk.models import Nettverk
from tests.fremtidsbilder.factories import MaalFactory
from tests.nettverk.factories import NettverkFactory, kog, koordinator

pytestmark = pytest.mark.django_db


def _bilde(nettverk: Nettverk, tittel: str, **annet: object) -> Fremtidsbilde:
    return Fremtidsbilde.objects.create(
        nettverk=nettverk, nivaa=Fremtidsbilde.Nivaa.NETTVERK, tittel=tittel, **annet
    )


def _adresse(bilde: Fremtidsbilde) -> str:
    return f"/{bilde.nettverk.slug}/fremtidsbilder/{bilde.pk}/"


def test_everyone_reads_a_published_image(client: Client):
    bilde = _bilde(NettverkFactory(), "Vi i 2040", publisert=True, tekst="Alle *med*.")
    Tegn.objects.create(fremtidsbilde=bilde, tekst="Vi ser at alle er med")

    html = client.get(_adresse(bilde)).content.decode()

    assert "Vi i 2040" in html
    assert "<em>med</em>" in html
    assert "Vi ser at alle er med" in html


def test_an_unpublished_image_is_there_for_members_only(client: Client):
    bilde = _bilde(NettverkFactory(), "Utkast til 2040")
    ute = client.get(_adresse(bilde)).status_code
    client.force_login(koordinator(NettverkFactory()))
    fremmed = client.get(_adresse(bilde)).status_code
    client.force_login(kog(bilde.nettverk))
    medlem = client.get(_adresse(bilde)).status_code

    assert (ute, fremmed, medlem) == (404, 404, 200)


def test_an_image_of_another_network_is_not_found(client: Client):
    bilde = _bilde(NettverkFactory(), "Vårt", publisert=True)
    annet = NettverkFactory()

    assert client.get(f"/{annet.slug}/fremtidsbilder/{bilde.pk}/").status_code == 404


def test_the_list_is_for_members(client: Client):
    nettverk = NettverkFactory()
    _bilde(nettverk, "Vårt bilde")
    MaalFactory(nettverk=nettverk, tekst="Meningsfulle liv")
    adresse = f"/{nettverk.slug}/fremtidsbilder/"
    assert client.get(adresse).status_code == 302

    client.force_login(kog(nettverk))

    html = client.get(adresse).content.decode()
    assert "Vårt bilde" in html
    assert "Meningsfulle liv" in html


def test_an_empty_list_says_so(client: Client):
    nettverk = NettverkFactory()
    client.force_login(kog(nettverk))

    html = client.get(f"/{nettverk.slug}/fremtidsbilder/").content.decode()

    assert "Ingen fremtidsbilder ennå" in html


def test_list_takes_seven_queries_whatever_its_length(client: Client):
    nettverk = NettverkFactory()
    client.force_login(kog(nettverk))
    adresse = f"/{nettverk.slug}/fremtidsbilder/"
    antall = []
    for nummer in range(3):
        _bilde(nettverk, f"Bilde {nummer}")
        client.get(adresse)
        with CaptureQueriesContext(connection) as fanget:
            client.get(adresse)
        antall.append(len(fanget))

    assert antall == [7, 7, 7]


def test_a_closed_network_shows_not_even_what_is_published(client: Client):
    bilde = _bilde(NettverkFactory(er_offentlig=False), "Vårt", publisert=True)
    ute = client.get(_adresse(bilde)).status_code
    client.force_login(kog(bilde.nettverk))

    assert (ute, client.get(_adresse(bilde)).status_code) == (404, 200)


def test_beside_an_image_stand_only_those_one_may_see(client: Client):
    nettverk = NettverkFactory()
    bilde = _bilde(nettverk, "Dette", publisert=True)
    annet = _bilde(nettverk, "Et til", publisert=True)
    utkast = _bilde(nettverk, "Utkastet")
    _bilde(NettverkFactory(), "Andres", publisert=True)

    ute = set(client.get(_adresse(bilde)).context["andre"])
    client.force_login(kog(nettverk))
    inne = set(client.get(_adresse(bilde)).context["andre"])

    assert (ute, inne) == ({annet}, {annet, utkast})


def test_the_list_groups_images_by_level_and_goals_by_kind(client: Client):
    nettverk = NettverkFactory()
    arena = _bilde(nettverk, "Arena")
    arena.nivaa = Fremtidsbilde.Nivaa.ARENA
    arena.save()
    felles = _bilde(nettverk, "Felles")
    felles_til = _bilde(nettverk, "Felles til")
    effekt, _resultat, prinsipp = [MaalFactory(nettverk=nettverk, type=t) for t in Maal.Type]
    MaalFactory(tekst="Andres")
    client.force_login(kog(nettverk))

    svar = client.get(f"/{nettverk.slug}/fremtidsbilder/")
    sak = svar.context

    assert [(n["nivaa"], n["bilder"]) for n in sak["nivaaer"]] == [
        (Fremtidsbilde.Nivaa.NETTVERK, [felles, felles_til]),
        (Fremtidsbilde.Nivaa.ARENA, [arena]),
    ]
    assert (sak["effektmaal"], sak["prinsipper"]) == ([effekt], [prinsipp])
    assert "Se alle de 2 målene" in svar.content.decode()


def test_a_short_text_is_read_large_and_a_long_or_marked_one_as_text(client: Client):
    nettverk = NettverkFactory()
    kort = _bilde(nettverk, "Kort", publisert=True, tekst="Alle er med.")
    merket = _bilde(nettverk, "Merket", publisert=True, tekst="- Alle\n- er med")
    spurt = _bilde(nettverk, "Spurt", publisert=True, sporsmaal="Hva vil vi?", tekst="Alle.")

    assert (kort.utsagn, kort.fortelling) == ("Alle er med.", "")
    assert (merket.utsagn, merket.fortelling) == ("", "- Alle\n- er med")
    assert (spurt.utsagn, spurt.fortelling) == ("Hva vil vi?", "Alle.")
    assert client.get(_adresse(kort)).content.decode().count("Alle er med.") == 1


def test_whose_voices_are_told_by_group(client: Client):
    bilde = _bilde(NettverkFactory(), "Vi i 2040", publisert=True)
    for fra, antall in (("Elever", 3), ("Foreldre", 1)):
        Innspill.objects.create(
            fremtidsbilde=bilde,
            anledning="Tankesmia",
            fra=fra,
            dato=datetime.date(2017, 2, 8),
            punkter=[f"{fra} {n}" for n in range(antall)],
            kilde="Søknaden",
        )

    svar = client.get(_adresse(bilde))

    assert svar.context["stemmer"] == [("Elever", 3, 100), ("Foreldre", 1, 33)]
    html = svar.content.decode()
    assert "4 innspill fra 2 grupper" in html
    assert "Les alle 4 innspillene" in html
