"""The columns of a file about units: our own names, and the other names that they go by."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kolonne:
    """A column: its own name, what it holds, an example, and other names for it."""

    navn: str
    forklaring: str | Promise
    eksempel: str = ""
    andre_navn: tuple[str, ...] = ()


KOLONNER = (
    Kolonne(
        "organisasjonsnummer",
        _("Ni sifre. Må fylles ut når NSR-id mangler."),
        "974760673",
        ("orgnr", "orgnummer", "organisasjonsnr", "org nr", "underenhet", "virksomhetsnummer"),
    ),
    Kolonne(
        "nsr_id",
        _(
            "Nummeret i Utdanningsdirektoratets eldre register. Bare når organisasjonsnummer mangler."
        ),
        "",
        ("nsr", "nsrid", "nsr-nummer", "nxr_id"),
    ),
    Kolonne(
        "navn",
        _("Navnet slik det står i registeret. Må fylles ut."),
        "Eksempel barnehage",
        ("enhetsnavn", "enhet", "barnehage", "barnehagenavn", "skole", "skolenavn", "namn"),
    ),
    Kolonne(
        "kommunenummer",
        _("Fire sifre, etter kommuneinndelingen på datoen du oppgir. Må fylles ut."),
        "1505",
        ("kommunenr", "kommnr", "kommune nr", "knr"),
    ),
    Kolonne(
        "type",
        _(
            "barnehage, grunnskole, SFO, voksenopplæring, kulturskole, PPT eller annet. Trengs bare når fila har flere typer."
        ),
        "barnehage",
        ("enhetstype", "type enhet", "slag"),
    ),
    Kolonne(
        "eierform",
        _("kommunal, privat eller annen offentlig. Må fylles ut for nye enheter."),
        "kommunal",
        ("eierforhold", "eiertype", "offentlig/privat", "eigarform"),
    ),
    Kolonne("eier", _("Navnet på eieren."), "", ("eiernavn", "eigar", "eiers navn")),
    Kolonne(
        "antall_barn",
        _("Barn i barnehagen eller elever på skolen."),
        "53",
        ("barn", "elever", "antall elever", "elevtall", "barnetall", "elevtal", "tal barn"),
    ),
    Kolonne(
        "antall_ansatte",
        _("Antall ansatte."),
        "14",
        ("ansatte", "tilsette", "antall tilsette", "tal tilsette", "antall medarbeidere"),
    ),
    Kolonne(
        "antall_foresatte",
        _("Foresatte, når dere har tallet."),
        "",
        ("foresatte", "føresette", "tal føresette"),
    ),
    Kolonne(
        "kapasitet",
        _("Plasser. Brukes som antall barn når det tallet mangler."),
        "",
        ("plasser", "antall plasser", "plassar"),
    ),
    Kolonne(
        "besoksadresse",
        _("Gateadressen."),
        "Abc-veien 2",
        ("adresse", "gateadresse", "beliggenhetsadresse", "besøksadr"),
    ),
    Kolonne("postnummer", _("Fire sifre."), "6518", ("postnr",)),
    Kolonne("poststed", _("Poststedet."), "Kristiansund N", ("poststad",)),
    Kolonne(
        "breddegrad",
        _("WGS 84, mellom 57 og 81,5 i Norge."),
        "63,12243",
        ("lat", "latitude", "nord"),
    ),
    Kolonne(
        "lengdegrad",
        _("WGS 84, mellom 4 og 32 i Norge."),
        "7,78931",
        ("lon", "lng", "long", "longitude", "øst"),
    ),
    Kolonne("maalform", _("bokmål eller nynorsk."), "bokmål", ("målform",)),
)
NAVN = tuple(kolonne.navn for kolonne in KOLONNER)

_FOLDING = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "é": "e"})


def fold(tekst: str) -> str:
    """«Målform», «MAALFORM» and «mål-form» are one column."""
    return re.sub(r"[^a-z0-9]", "", tekst.lower().translate(_FOLDING)).replace("aa", "a")


_KJENTE = {fold(annet): k.navn for k in KOLONNER for annet in (*k.andre_navn, k.navn)}


def recognise(overskrifter: Iterable[str]) -> dict[int, str]:
    """Position → our column, for the headings we know. A column's own name wins over its other names."""
    funnet: dict[str, int] = {}
    for nr, overskrift in enumerate(overskrifter):
        kolonne = _KJENTE.get(fold(overskrift))
        if kolonne and (kolonne not in funnet or fold(overskrift) == fold(kolonne)):
            funnet[kolonne] = nr
    return {nr: kolonne for kolonne, nr in sorted(funnet.items(), key=lambda par: par[1])}


def mangler(kolonner: Iterable[str]) -> list[str]:
    """The columns that a file cannot do without and that are not among `kolonner`."""
    har = set(kolonner)
    svar = [k for k in ("navn", "kommunenummer") if k not in har]
    if not har & {"organisasjonsnummer", "nsr_id"}:
        svar.insert(0, "organisasjonsnummer")
    return svar
