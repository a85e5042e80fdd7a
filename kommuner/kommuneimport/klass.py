"""Ask Statistics Norway: the classification of kommuner (131) in KLASS, over its public API."""

import datetime
import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from kommuner.kommuneimport.filer import from_range
from kommuner.kommuneimport.inndeling import FRA, Inndelingskilde, Navneperiode, Overlapp

_TIDSGRENSE = 20
_MAKS_SVAR = 20_000_000

Report = Callable[[int, str], None]


class IkkeSvar(Exception):
    """SSB was not reached, or answered something else; the text says what one can do instead."""


def fetch(*, til: datetime.date, report: Report = lambda _prosent, _tekst: None) -> Inndelingskilde:
    """The division from 2017 until `til`, and what changed in between. Raises IkkeSvar."""
    spenn = {"from": FRA.isoformat(), "to": til.isoformat(), "language": "nb"}
    report(10, _("Henter kommunene fra SSB"))
    koder = _ask("codes", spenn, "codes")
    report(60, _("Henter endringene fra SSB"))
    skifter = _ask("changes", spenn, "codeChanges")
    report(90, _("Setter sammen det SSB svarte"))
    try:
        perioder = [_periode(kode) for kode in koder]
        par = [
            (rad["oldCode"], rad["newCode"], _dato(rad["changeOccurred"]))
            for rad in skifter
            if rad.get("oldCode") and rad.get("newCode")
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as feil:
        raise IkkeSvar(_unusable()) from feil
    if not perioder:
        raise IkkeSvar(_unusable())
    try:
        return from_range(perioder, par)
    except Overlapp as feil:
        raise IkkeSvar(_unusable()) from feil


def _periode(kode: Mapping[str, Any]) -> Navneperiode:
    nummer, navn = kode["code"], kode["name"].strip()
    if not (nummer.isascii() and nummer.isdigit() and len(nummer) == 4 and 0 < len(navn) <= 100):
        raise ValueError(nummer)
    til = kode.get("validToInRequestedRange")
    return Navneperiode(
        nummer, navn, _dato(kode["validFromInRequestedRange"]), _dato(til) if til else None
    )


def _dato(tekst: str) -> datetime.date:
    return datetime.date.fromisoformat(tekst[:10])


def _ask(hva: str, spenn: Mapping[str, str], felt: str) -> list[dict[str, Any]]:
    adresse = f"{settings.SSB_KLASS_ADRESSE}/classifications/131/{hva}"
    foresp = urllib.request.Request(  # the address is the installation's own setting
        f"{adresse}?{urllib.parse.urlencode(spenn)}",
        headers={"Accept": "application/json", "User-Agent": "Nettverksportalen"},
    )
    try:
        with urllib.request.urlopen(foresp, timeout=_TIDSGRENSE) as svar:
            raatt = svar.read(_MAKS_SVAR + 1)
    except urllib.error.HTTPError as feil:
        raise IkkeSvar(
            _("SSB svarte ikke som ventet (%(kode)s). Prøv igjen senere, eller last opp filene.")
            % {"kode": feil.code}
        ) from feil
    except (OSError, http.client.HTTPException) as feil:
        raise IkkeSvar(
            _("Vi når ikke SSB herfra. Prøv igjen senere, eller last opp filene.")
        ) from feil
    try:
        rader = json.loads(raatt)[felt]
    except (ValueError, KeyError, TypeError, RecursionError) as feil:
        raise IkkeSvar(_unusable()) from feil
    if len(raatt) > _MAKS_SVAR or not isinstance(rader, list):
        raise IkkeSvar(_unusable())
    return rader


def _unusable() -> str:
    return _("SSB svarte noe vi ikke kan lese. Prøv igjen senere, eller last opp filene.")
