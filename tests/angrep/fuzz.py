"""The fuzz over HTTP: hostile values in every field, parameter, header and address (felt.py, verdier.py).

What is sent here stays sent, so the forms that would end the walk (sign out, close the account) are left.
"""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import quote

from django.urls import reverse

from tests.angrep import felt
from tests.angrep.klient import Borte, Heng, Klient
from tests.angrep.portal import Portal
from tests.angrep.utfall import Utfall
from tests.angrep.verden import Angrepsverden
from tests.tilgang.tabell import EGNE, OFFENTLIGE, RADER, public_address
from tests.tilgang.verden import Verden

HVEM = ("koordinator", "enhetsleder", "kog", "offentlig")


class TidenErUte(Exception):
    """The part's seconds are used."""


@dataclass
class Svar:
    """What the walk looks at of an answer."""

    status: int
    tekst: str = ""
    til: str = ""


@dataclass
class Spoerrer:
    """A signed-in browser over HTTP, as the walk wants it."""

    klient: Klient
    utfall: Utfall
    slutt: float

    def __call__(
        self,
        metode: str,
        adresse: str,
        kropp: str | None = None,
        hoder: Mapping[str, str] | None = None,
        kapsler: Mapping[str, str] | None = None,
    ) -> Svar:
        if time.monotonic() > self.slutt:
            raise TidenErUte
        klient = self.klient
        if kapsler:
            klient = klient.copy()
            klient.kaker |= kapsler
        alle = {
            navn: verdi.encode("utf-8", "replace").decode("latin-1")
            for navn, verdi in (hoder or {}).items()
        }
        if kropp is not None:
            alle["Content-Type"] = "application/x-www-form-urlencoded"
            alle["X-CSRFToken"] = klient.kaker.get(klient.csrf_kake, "")
        self.utfall.tried()
        try:
            svar = klient.ask(metode, _path(adresse), kropp.encode() if kropp else None, alle)
        except Heng:
            self.utfall.found("heng", f"{metode} {adresse[:120]}")
            return Svar(0)
        except Borte as feil:
            # A request that the web server refuses to read may be cut off; not to answer at all may not.
            self.utfall.found("annet", f"{metode} {adresse[:120]}: {feil}")
            return Svar(0)
        finally:
            if klient is not self.klient:
                klient.close()
        if svar.er_rent_503:
            return Svar(0)
        return Svar(svar.status, svar.tekst, svar.sted)


def _path(adresse: str) -> str:
    """As a browser writes it on the line: nothing but ASCII, and no space."""
    return quote(adresse, safe="/?&=%:;+,@!$'()*~#[]", errors="surrogatepass")


def attack(portal: Portal, verden: Angrepsverden, slutt: float) -> Utfall:
    utfall = Utfall("felt")
    with ThreadPoolExecutor(len(HVEM)) as traader:
        jobber = [
            traader.submit(
                walk,
                Spoerrer(portal.signed_in(verden.verden.folk[hvem]), utfall, slutt),
                hvem,
                pages(verden.verden),
            )
            for hvem in HVEM
        ]
    for jobb in jobber:
        jobb.result()
    return utfall


def walk(spoerrer: Spoerrer, hvem: str, adresser: list[str]) -> None:
    """One person's whole walk; what went wrong is told in the part's count."""
    vandring = felt.Vandring(spoerrer, hvem)
    try:
        vandring.walk_pages(adresser)
        vandring.walk_forms(uten=_left_alone())
        vandring.walk_parameters(adresser)
        vandring.walk_headers(adresser)
    except TidenErUte:
        spoerrer.utfall.skipped(
            f"{hvem}: tida var ute etter {vandring.funn.forespoersler} spørsmål"
        )
    spoerrer.utfall.tall[f"felt prøvd som {hvem}"] = len(vandring.funn.felt)
    for galt in vandring.funn.galt:
        femhundre = galt.rsplit("] ", 1)[-1].startswith("5")
        spoerrer.utfall.found("5xx" if femhundre else "annet", galt)


def _left_alone() -> frozenset[str]:
    return frozenset({reverse("account_logout"), reverse("nettverk:konto_avslutt")})


def pages(verden: Verden) -> list[str]:
    """Every page there is, each once, in the first network; those that take away, last."""
    egen = verden.steder["own"]
    rader = sorted(RADER, key=lambda rad: "slett" in rad.navn or "avlys" in rad.navn)
    adresser = [
        reverse(rad.navn, args=["en", *rad.argumenter(verden, "own", egen)])
        for rad in rader
        if rad.metode == "get"
    ]
    aapne = (OFFENTLIGE | EGNE) - {"set_language", "helse"}
    adresser += [public_address(navn, verden) for navn in sorted(aapne)]
    adresser += ["/en/", reverse("account_login")]
    return list(dict.fromkeys(adresser))
