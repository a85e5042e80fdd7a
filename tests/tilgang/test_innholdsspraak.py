"""What a network wrote is marked with its own written form on every page in another language."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from django.urls import reverse

from evaluering.models import Kapitteltekst
from fremtidsbilder.models import Fremtidsbilde, Maal
from laeringsloyper.models import Enhetsloype, Laeringsloype, Leseverk, Modul, Periode, Ressurs
from nettverk.models import Deling, Gruppe, Nettverk, Partner, Verv
from rolu.models import Loggpost, Oppdrag, Programpost, Samling, Utfall
from tests.tilgang.tabell import RADER
from tests.tilgang.verden import Verden, lag_verden

pytestmark = pytest.mark.django_db

MERKE = "Ordhav"
FELT: dict[Any, tuple[str, ...]] = {
    Nettverk: ("navn", "visjon", "hovedmaal", "om"),
    Gruppe: ("navn", "mandat"),
    Verv: ("tittel",),
    Partner: ("navn", "om"),
    Deling: ("tittel", "om"),
    Laeringsloype: ("navn", "om", "maal", "staasted", "nasjonale_maal"),
    Periode: ("tittel",),
    Modul: ("tittel", "formaal", "oppdragsforslag"),
    Ressurs: ("tittel",),
    Leseverk: ("tittel", "forfatter"),
    Enhetsloype: ("grunn", "sluttgrunn"),
    Fremtidsbilde: ("tittel", "tekst", "sporsmaal"),
    Maal: ("tekst",),
    Samling: ("tittel", "tema", "om"),
    Programpost: ("tittel", "beskrivelse", "notat"),
    Utfall: ("tekst",),
    Oppdrag: ("tittel", "tekst"),
    Loggpost: ("tekst",),
    Kapitteltekst: ("tekst",),
}
# Where no part of the text can carry a language of its own.
UTEN_MERKE = {"title", "option", "textarea", "script", "style"}
TOMME = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "wbr",
}


class Spraakleser(HTMLParser):
    """Every text with the mark in it, and the language a reader of the page would take it for."""

    def __init__(self) -> None:
        super().__init__()
        self.aapne: list[tuple[str, str]] = []
        self.funn: list[tuple[str, str]] = []

    def handle_starttag(self, tag, attrs):
        if tag not in TOMME:
            her = self.aapne[-1][1] if self.aapne else ""
            self.aapne.append((tag, dict(attrs).get("lang") or her))

    def handle_endtag(self, tag):
        while self.aapne and self.aapne.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if MERKE in data and not UTEN_MERKE & {tag for tag, _lang in self.aapne}:
            self.funn.append((self.aapne[-1][1], " ".join(data.split())))


def _mark_all(verden: Verden, maalform: str) -> None:
    Kapitteltekst.objects.create(
        aarsrapport=verden.a.aarsrapport, noekkel="samlinger", tekst="Vi møttes."
    )
    for modell, felter in FELT.items():
        modell.objects.update(**{felt: Concat(Value(f"{MERKE}: "), felt) for felt in felter})
    Nettverk.objects.update(maalform=maalform)


@pytest.mark.parametrize(("maalform", "spraak"), [("nn", "en"), ("nb", "nn"), ("nn", "nb")])
def test_what_the_network_wrote_has_its_written_form(maalform, spraak):
    verden = lag_verden()
    _mark_all(verden, maalform)
    adresser = [reverse("nettverk:offentlig", args=["en"])]
    adresser += [
        reverse(rad.navn, args=["en", *rad.argumenter(verden, "own", verden.steder["own"])])
        for rad in RADER
        if rad.metode == "get"
    ]
    # Read by a whole hall, it is in the network's own form, whoever opened it.
    skjermen = reverse("rolu:storskjerm", args=["en", verden.a.samling.pk])
    galt, sett = [], set()

    for navn in ("offentlig", "koordinator", "enhetsleder", "fagansvarlig", "pro"):
        klient = Client()
        if verden.folk[navn]:
            klient.force_login(verden.folk[navn])
        klient.cookies[settings.LANGUAGE_COOKIE_NAME] = spraak
        for adresse in dict.fromkeys(adresser):
            svar = klient.get(adresse)
            for lukk in svar._resource_closers:  # a file that was sent; not the database
                lukk()
            if svar.status_code != 200 or "text/html" not in svar["Content-Type"]:
                continue
            leser = Spraakleser()
            leser.feed(svar.content.decode())
            sidens = maalform if adresse == skjermen else spraak
            assert f'<html lang="{sidens}"' in svar.content.decode()
            sett |= {adresse} if leser.funn else set()
            galt += [
                f"{navn} {adresse}: «{tekst[:80]}» leses som {lang}"
                for lang, tekst in leser.funn
                if lang != maalform
            ]

    assert not galt, "\n".join(dict.fromkeys(galt))
    assert len(sett) > 30


def test_the_page_in_the_networks_own_form_has_no_marks_it_does_not_need(client):
    verden = lag_verden()
    client.force_login(verden.folk["koordinator"])

    html = client.get(reverse("rolu:samling", args=["en", verden.a.samling.pk])).content.decode()

    assert '<span lang="' not in html
