"""Words in the list for a role or a group that the network does not have: asked about once for each.

The answers are kept with the list they were given for, and the list is read once more with them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from kommuner.gyldighet import idag, periode
from kommuner.sortering import folded
from nettverk.models.gruppe import Gruppe
from nettverk.models.nettverk import Nettverk
from nettverk.models.rolle import Rolle
from nettverk.verv import choosable_roles

# What is asked about: a role at a unit, a role in another group, a group.
ROLLE_VED_ENHET, ROLLE_I_GRUPPE, GRUPPE = "rolle_enhet", "rolle_gruppe", "gruppe"
# The answer that the word for a group means the utviklingsgruppe of the unit in the row.
UTVIKLINGSGRUPPE = "enhet"
# A list of more is the wrong column: the rest of the rows are refused as they stand.
MAKS_SPOERSMAAL = 20
_LIKT = 80.0
# What those who lead a unit are called. A proposal only.
_LEDER_ENHETEN = {
    "leder",
    "leiar",
    "rektor",
    "styrer",
    "styrar",
    "enhetsleder",
    "einingsleiar",
    "virksomhetsleder",
    "barnehageleder",
    "skoleleder",
    "principal",
    "manager",
}
_ENDELSER = ("ene", "ane", "en", "et", "a", "e")


def key(tekst: str) -> str:
    """What is compared: the letters and digits, whatever their case."""
    return re.sub(r"[^a-z0-9]", "", folded(tekst))


def stem(tekst: str) -> str:
    """The same without definite endings: fagnettverket is fagnettverk, and gruppa is gruppe and gruppen."""
    return "".join(_bare(ordet) for ordet in re.findall(r"[a-z0-9]+", folded(tekst)))


def _bare(ordet: str) -> str:
    for endelse in _ENDELSER:
        if ordet.endswith(endelse) and len(ordet) - len(endelse) >= 3:
            rot = ordet.removesuffix(endelse)
            return rot.removesuffix("m") if rot.endswith("mm") else rot  # medlemmet
    return ordet


def role_asked(navn: str, *, ved_enhet: bool) -> str:
    """What the question about a role is kept under."""
    return f"{ROLLE_VED_ENHET if ved_enhet else ROLLE_I_GRUPPE}:{key(navn)[:80]}"


def group_asked(navn: str) -> str:
    """What the question about a group is kept under."""
    return f"{GRUPPE}:{key(navn)[:80]}"


@dataclass
class Spoersmaal:
    """«Hva er «Leder»?» and the rows that say it."""

    noekkel: str
    ordet: str
    rader: set[int] = field(default_factory=set)

    @property
    def slag(self) -> str:
        return self.noekkel.partition(":")[0]

    def as_json(self) -> dict[str, Any]:
        return {"noekkel": self.noekkel, "ord": self.ordet[:80], "antall": len(self.rader)}


def commonest(spurt: Iterable[Spoersmaal]) -> list[Spoersmaal]:
    """Those asked, the ones that most rows wait for first."""
    return sorted(spurt, key=lambda s: (-len(s.rader), s.noekkel))[:MAKS_SPOERSMAAL]


class Svarvalg:
    """What a word may be answered to mean in one network. One query."""

    def __init__(self, nettverk: Nettverk) -> None:
        grupper = Gruppe.objects.filter(
            nettverk=nettverk, gyldig__overlap=periode(idag()), enhet__isnull=True
        ).exclude(type=Gruppe.Type.UTVIKLINGSGRUPPE)
        self.valg: dict[str, list[tuple[str, str]]] = {
            GRUPPE: [(str(gruppe.pk), gruppe.navn) for gruppe in grupper],
            **{
                slag: [
                    (rolle.value, nettverk.rollenavn(rolle))
                    for rolle in choosable_roles(nettverk, utviklingsgruppe=ved_enhet)
                ]
                for slag, ved_enhet in ((ROLLE_VED_ENHET, True), (ROLLE_I_GRUPPE, False))
            },
        }

    def of(self, slag: str) -> list[tuple[str, str]]:
        return self.valg.get(slag, [])

    def proposal(self, slag: str, ordet: str) -> str:
        """What the word probably means; empty when nothing is like it."""
        valg = dict(self.of(slag))
        leder = Rolle.FORMELL_LEDER.value
        if slag == ROLLE_VED_ENHET and leder in valg and key(ordet) in _LEDER_ENHETEN:
            return leder
        likt = process.extractOne(
            key(ordet), {verdi: key(navn) for verdi, navn in valg.items()}, scorer=fuzz.ratio
        )
        return likt[2] if likt and likt[1] >= _LIKT else ""
