"""The two networks of tests/tilgang/verden.py, with a secret word in each row that not everybody may read.

A word stands for the row: whoever gets it in an answer, on whatever page, in a count's label, a search, an
export or a header, has read the row.
"""

import datetime
import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone

from kommuner.gyldighet import idag
from nettverk.models import Nettverk, Person
from rolu.mellomarbeid.oppdrag import give
from rolu.models import Mellomarbeid, Oppdrag, Samling
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    NettverkFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
)
from tests.tilgang.tabell import _SE_ARBEID, ALLE_MEDLEMMER, G_EGEN, KOG, KOG_PRO
from tests.tilgang.verden import Felles, Sted, Verden, lag_verden

STAMME = "zqhem"
_ORD = re.compile(STAMME.encode() + rb"[0-9a-f]{10}")


@dataclass
class Hemmelig:
    """Which word stands in which row, and who may read it."""

    ord: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    lest: set[str] = field(default_factory=set)  # by somebody who may

    def plant(self, rad: models.Model, felt: str, hvem: frozenset[str]) -> None:
        """Put a new word into the row's field."""
        nytt = STAMME + secrets.token_hex(5)
        verdi = str(getattr(rad, felt) or "")
        setattr(rad, felt, f"{verdi} {nytt}".strip())
        type(rad)._default_manager.filter(pk=rad.pk).update(**{felt: getattr(rad, felt)})
        self.ord[nytt] = (f"{rad._meta.label}.{felt}", hvem)

    def leaked(self, innhold: bytes, hvem: str) -> list[str]:
        """The rows that `hvem` must not read and that stand in the answer."""
        funnet = {treff.decode() for treff in _ORD.findall(innhold)} & self.ord.keys()
        ulovlig = {ett for ett in funnet if hvem not in self.ord[ett][1]}
        self.lest |= funnet - ulovlig
        return sorted(self.ord[ett][0] for ett in ulovlig)


@dataclass
class Loep:
    """A third network, for what is pressed many times and for what is killed under way."""

    nettverk: Nettverk
    koordinator: Person
    ledere: list[Person]
    medlemmer: list[Person]
    oppdrag: Oppdrag
    arbeid: list[Mellomarbeid]

    def samling(self, tittel: str, **felt: Any) -> Samling:
        """A draft of a month from now."""
        start = timezone.now() + datetime.timedelta(days=30)
        return Samling.objects.create(
            nettverk=self.nettverk,
            tittel=tittel,
            sted="Salen",
            start=start,
            slutt=start + datetime.timedelta(hours=5),
            **felt,
        )


@dataclass
class Angrepsverden:
    """What is attacked: the table's world, its secrets, and what races and faults need besides."""

    verden: Verden
    hemmelig: Hemmelig
    loep: Loep


def prepare() -> Angrepsverden:
    """Make it in the database that the settings name."""
    verden = lag_verden()
    hemmelig = Hemmelig()
    plant_all(verden, hemmelig)
    return Angrepsverden(verden, hemmelig, _race_network())


def _race_network(enheter: int = 12) -> Loep:
    nettverk = NettverkFactory(slug="lop")
    kommune = MedlemskapFactory(nettverk=nettverk).kommune
    ledere, medlemmer = [], []
    for _nummer in range(enheter):
        gruppe = GruppeFactory(
            nettverk=nettverk, utviklingsgruppe=True, enhet=EnhetFactory(kommune=kommune)
        )
        ledere.append(enhetsleder(gruppe))
        medlemmer.append(gruppemedlem(gruppe))
    styrer = koordinator(nettverk)
    oppdrag = give(
        nettverk=nettverk,
        samling=None,
        tittel="Prøv lesestunder",
        tekst="Prøv, og skriv hva dere så.",
        frist=idag() + datetime.timedelta(days=40),
        laeringsloype=None,
        by=styrer,
    )
    # In the order of the leaders.
    arbeid = list(oppdrag.mellomarbeid.order_by("gruppe_id"))
    return Loep(nettverk, styrer, ledere, medlemmer, oppdrag, arbeid)


def plant_all(verden: Verden, hemmelig: Hemmelig) -> None:
    _plant_network(hemmelig, verden.a, ALLE_MEDLEMMER, KOG_PRO, KOG)
    fremmed = frozenset({"fremmed"})
    _plant_network(hemmelig, verden.b, fremmed, fremmed, fremmed)
    leser = {
        "own": _SE_ARBEID | G_EGEN,
        "other_unit": _SE_ARBEID,
        "other_kommune": _SE_ARBEID - {"kommune"},
        "other_network": fremmed,
    }
    for navn, sted in verden.steder.items():
        medlemmer = fremmed if navn == "other_network" else ALLE_MEDLEMMER
        _plant_unit(hemmelig, sted, medlemmer, frozenset(leser[navn]))


def _plant_network(
    hemmelig: Hemmelig,
    felles: Felles,
    medlemmer: frozenset[str],
    utkast: frozenset[str],
    kog: frozenset[str],
) -> None:
    steder: list[tuple[Any, str, frozenset[str]]] = [
        (felles.gruppe, "navn", medlemmer),
        (felles.gruppe, "mandat", medlemmer),
        (felles.verv.person, "navn", medlemmer),
        (felles.fremtidsbilde_utkast, "tittel", medlemmer),
        (felles.samling_utkast, "tittel", utkast),
        (felles.samling_utkast, "om", utkast),
        (felles.programpost, "notat", medlemmer),
        (felles.saksvedlegg, "navn", medlemmer),
        (felles.oppdrag, "tittel", medlemmer),
        (felles.oppdrag, "tekst", medlemmer),
        (felles.brev, "emne", kog),
        (felles.brev, "tekst", kog),
        (felles.jobb, "feil", kog),
    ]
    for rad, felt, hvem in steder:
        hemmelig.plant(rad, felt, hvem)


def _plant_unit(
    hemmelig: Hemmelig, sted: Sted, medlemmer: frozenset[str], leser: frozenset[str]
) -> None:
    hemmelig.plant(sted.verv.person, "navn", medlemmer)
    hemmelig.plant(sted.loggpost, "tekst", leser)
    hemmelig.plant(sted.vedlegg, "navn", leser)
