"""The template: every vacant role of every unit as a row, ready to write a name and an address in."""

from collections.abc import Iterator

from kommuner.gyldighet import idag, periode
from kommuner.models import Plassering
from kommuner.sortering import norsk_nokkel
from nettverk.filer.regneark import make_regneark
from nettverk.folkeimport.kolonner import KOLONNER
from nettverk.models.gruppe import Gruppe, Verv
from nettverk.models.nettverk import Nettverk

_BREDDER = {"navn": 28, "e-post": 34, "enhet": 34, "gruppe": 28, "kommune": 18, "rolle": 24}


def make(nettverk: Nettverk) -> bytes:
    """A spreadsheet with the network's units and what is vacant in each; no person stands in it."""
    kolonner = [(k.navn, _BREDDER.get(k.navn, 14)) for k in KOLONNER]
    return make_regneark(nettverk.kortnavn, kolonner, _rows(nettverk))


def _rows(nettverk: Nettverk) -> Iterator[list[str]]:
    enheter = list(nettverk.enheter())
    kommunen_til = dict(
        Plassering.objects.filter(enhet__in=enheter).gyldig().values_list("enhet", "kommune__navn")
    )
    besatt: dict[int | None, set[str]] = {}
    tatt = Verv.objects.filter(
        gruppe__nettverk=nettverk,
        gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE,
        gyldig__overlap=periode(idag()),
    )
    for nummer, rolle in tatt.values_list("gruppe__enhet", "rolle"):
        besatt.setdefault(nummer, set()).add(rolle)
    for enhet in sorted(
        enheter, key=lambda e: (norsk_nokkel(kommunen_til.get(e.pk, "")), norsk_nokkel(str(e)))
    ):
        for rolle in nettverk.paakrevde_roller:
            if rolle not in besatt.get(enhet.pk, set()):
                felt = {
                    "enhet": str(enhet),
                    "organisasjonsnummer": enhet.organisasjonsnummer or "",
                    "kommune": kommunen_til.get(enhet.pk, ""),
                    "rolle": nettverk.rollenavn(rolle),
                }
                yield [felt.get(k.navn, "") for k in KOLONNER]
