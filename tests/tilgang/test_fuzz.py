"""Every address and every field with what strangers write: no fault, and nothing shown as it was written."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from nettverk.models import Person, Rolle
from rolu.models import Mellomarbeid
from tests.angrep.felt import Vandring, hostile_addresses
from tests.nettverk.factories import VervFactory
from tests.tilgang.tabell import EGNE, RADER
from tests.tilgang.verden import Verden, lag_verden

pytestmark = pytest.mark.django_db

# They end the session, which the next request needs; what they take in is the same empty form.
AVSLUTTER = frozenset({"/konto/logg-ut/", "/konto/avslutt/", "/konto/okter/"})


@dataclass
class _Svar:
    status: int
    tekst: str
    til: str


class _Klient:
    """Django's test client as one person. What a request changed is undone."""

    def __init__(self, person: Person | None) -> None:
        self.client = Client(raise_request_exception=False)
        if person:
            self.client.force_login(person)
        self.kapsler = {navn: m.value for navn, m in self.client.cookies.items()}

    def __call__(
        self,
        metode: str,
        adresse: str,
        kropp: str | None = None,
        hoder: Mapping[str, str] | None = None,
        kapsler: Mapping[str, str] | None = None,
    ) -> _Svar:
        alle = {**self.kapsler, **(kapsler or {})}
        self.client.cookies.clear()
        with transaction.atomic():
            svar = self.client.generic(
                metode,
                adresse,
                (kropp or "").encode(),
                "application/x-www-form-urlencoded",
                headers=dict(hoder or {}),
                HTTP_COOKIE="; ".join(f"{navn}={verdi}" for navn, verdi in alle.items()),
            )
            tekst = _read(svar)
            transaction.set_rollback(True)
        return _Svar(svar.status_code, tekst, svar.headers.get("Location", ""))


def _read(svar: HttpResponseBase) -> str:
    """The text that a browser would draw; a file is only closed."""
    if svar.streaming:
        for lukk in svar._resource_closers:
            lukk()
        return ""
    return svar.text if svar.headers.get("Content-Type", "").startswith("text/html") else ""


@pytest.fixture
def verden() -> Verden:
    """Own unit's work is under way, so that there is something to write in."""
    verden = lag_verden()
    Mellomarbeid.objects.filter(pk=verden.steder["own"].mellomarbeid.pk).update(
        status=Mellomarbeid.Status.KLADD, levert=None
    )
    # The leader also leads a unit that has delivered.
    VervFactory(
        gruppe=verden.steder["other_unit"].gruppe,
        rolle=Rolle.FORMELL_LEDER,
        person=verden.folk["enhetsleder"],
    )
    return verden


def _pages(verden: Verden) -> list[str]:
    """Every address of the access table in network A, where things exist, and the person's own pages."""
    adresser = {
        reverse(rad.navn, args=["en", *rad.argumenter(verden, sted, verden.steder[sted])])
        for rad in RADER
        for sted in ("own", "other_unit")
    }
    adresser |= {"/", "/en/", "/personvern/"}
    adresser |= {reverse(navn) for navn in EGNE if navn != "nettverk:mine_opplysninger_fil"}
    return sorted(adresser)


def _patterns(
    resolver: URLResolver, foran: str = "/", verdier: tuple[tuple[str, str], ...] = ()
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Every address of the URL conf as («/en/samlinger/{}/», [(kind, a value)])."""
    for moenster in resolver.url_patterns:
        mal, egne = foran + str(moenster.pattern), verdier
        for navn, konverter in moenster.pattern.converters.items():
            slag = type(konverter).__name__.removesuffix("Converter").lower()
            verdi = "en" if navn == "nettverk" else "1" if slag == "int" else "x"
            verdi = "6f1f64f8-6ad3-4e4f-9f0b-6f0f0f1f2f3f" if slag == "uuid" else verdi
            mal = mal.replace(f"<{slag}:{navn}>", "{}").replace(f"<{navn}>", "{}")
            egne = (*egne, ("str" if slag == "path" else slag, verdi))
        if isinstance(moenster, URLPattern):
            if "(?P" not in mal and "^" not in mal:
                yield mal, list(egne)
        else:
            yield from _patterns(moenster, mal, egne)


def _report(vandring: Vandring) -> None:
    galt = vandring.funn.galt
    assert not galt, f"{len(galt)} galt:\n" + "\n".join(galt[:60])


@pytest.mark.parametrize("hvem", ["koordinator", "enhetsleder", "offentlig"])
def test_no_page_fails_on_hostile_addresses_parameters_or_headers(verden: Verden, hvem: str):
    vandring = Vandring(_Klient(verden.folk[hvem]), hvem)
    sider = _pages(verden)

    vandring.walk_pages(sider)
    vandring.walk_parameters(sider if hvem != "offentlig" else ["/", "/en/", "/konto/logg-inn/"])
    vandring.walk_headers(sider[:: 1 if hvem == "koordinator" else 3])
    for mal, argumenter in _patterns(get_resolver()):
        for verdier in hostile_addresses(argumenter):
            vandring.ask("GET", mal.format(*verdier), "i adressen")

    _report(vandring)


def test_what_is_read_from_the_address_takes_any_value(verden: Verden):
    vandring = Vandring(_Klient(verden.folk["koordinator"]), "koordinator")
    samling, enhet = verden.a.samling, verden.steder["own"].enhet

    lister = ["samlinger", "mellomarbeid", "praksis", "grupper", "enheter", "utboks"]
    vandring.walk_each_parameter([f"/en/{navn}/" for navn in lister], "side", "tall")
    vandring.walk_each_parameter(
        ["/en/kommuner/", f"/en/grupper/{verden.a.gruppe.pk}/", f"/en/enheter/{enhet.pk}/"],
        "per",
        "dato",
    )
    for adresse, navn, slag in [
        ("/en/samlinger/ny/", "fra", "tall"),
        (f"/en/enheter/{enhet.pk}/tall/", "aar", "tall"),
        (f"/en/samlinger/{samling.pk}/paamelding/", "gruppe", "tall"),
        (f"/en/samlinger/{samling.pk}/innsjekk/", "sist", "tall"),
        (f"/en/samlinger/{samling.pk}/innsjekk/", "q", "tekst"),
        ("/en/mellomarbeid/", "oppdrag", "tall"),
        ("/en/utboks/", "gjelder", "skjult"),
        ("/en/sok/", "q", "tekst"),
        ("/en/aarsrapport/", "aar", "tall"),
    ]:
        vandring.walk_each_parameter([adresse], navn, slag)

    _report(vandring)


def test_no_form_fails_on_hostile_values(verden: Verden):
    """As a coordinator; and as a unit's leader, the forms that a coordinator does not have."""
    sendt: set[tuple[object, ...]] = set()
    galt = []
    for hvem, sekunder in (("koordinator", 45), ("enhetsleder", 25)):
        vandring = Vandring(_Klient(verden.folk[hvem]), hvem)
        vandring.walk_pages(_pages(verden))
        for merke in sendt & vandring.skjemaer.keys():
            del vandring.skjemaer[merke]
        sendt |= vandring.skjemaer.keys()
        # The processor's seconds: a busy machine makes the test slower, not smaller.
        igjen = vandring.walk_forms(uten=AVSLUTTER, sekunder=sekunder, klokke=time.process_time)
        print(hvem, len(vandring.skjemaer), "skjemaer,", vandring.funn.forespoersler, "+", igjen)
        assert len(vandring.funn.felt) > 10, hvem  # the walk found what it was to walk
        galt += vandring.funn.galt

    assert not galt, f"{len(galt)} galt:\n" + "\n".join(galt[:60])


def test_sign_in_takes_any_value(verden: Verden):
    """The e-mail address of 315 characters, and where one wanted to go."""
    vandring = Vandring(_Klient(None), "offentlig")

    vandring.walk_pages(["/konto/logg-inn/", "/konto/logg-inn/?next=/en/hjem/", "/demo/", "/"])
    vandring.walk_forms()
    vandring.walk_each_parameter(["/konto/logg-inn/"], "next", "adresse")

    _report(vandring)
