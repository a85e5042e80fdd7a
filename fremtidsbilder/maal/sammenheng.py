"""How the goals hang together, in a sentence or two for each level."""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fremtidsbilder.maal.tre import Sammenheng


class Nivaasetning(NamedTuple):
    """What is said of a level: «Nettverket», how many goals, and how they hang together."""

    nivaa: str
    navn: str
    antall: int
    setning: str


def sentences(s: Sammenheng) -> list[Nivaasetning]:
    """From the network to the units."""
    return [
        Nivaasetning("nettverk", _("Nettverket"), s.maal, _network(s)),
        Nivaasetning("kommune", _("Kommunene"), s.maal_kommuner, _kommuner(s)),
        Nivaasetning("enhet", _("Enhetene"), s.maal_enheter, _units(s)),
    ]


def _network(s: Sammenheng) -> str:
    if not s.maal:
        return _("Nettverket har ingen mål ennå.")
    return ngettext(
        "%(n)s av %(av)s kommune har tatt inn minst ett av målene for nettverket.",
        "%(n)s av %(av)s kommuner har tatt inn minst ett av målene for nettverket.",
        s.kommuner,
    ) % {"n": s.kommuner_tatt_inn, "av": s.kommuner}


def _kommuner(s: Sammenheng) -> str:
    if not s.maal_kommuner:
        return _("Ingen kommuner har mål ennå.")
    har = ngettext(
        "%(n)s av %(av)s kommune har egne mål.",
        "%(n)s av %(av)s kommuner har egne mål.",
        s.kommuner,
    ) % {"n": s.kommuner_med_maal, "av": s.kommuner}
    under = ngettext(
        "%(n)s av %(av)s mål hører til et mål for nettverket.",
        "%(n)s av %(av)s mål hører til et mål for nettverket.",
        s.maal_kommuner,
    ) % {"n": s.kommunemaal_med_over, "av": s.maal_kommuner}
    return f"{har} {under}"


def _units(s: Sammenheng) -> str:
    if not s.maal_enheter:
        return _("Ingen enheter har mål ennå.")
    har = ngettext(
        "%(n)s av %(av)s enhet har egne mål.",
        "%(n)s av %(av)s enheter har egne mål.",
        s.enheter,
    ) % {"n": s.enheter_med_maal, "av": s.enheter}
    under = ngettext(
        "%(n)s av %(av)s mål hører til et mål for kommunen eller nettverket.",
        "%(n)s av %(av)s mål hører til et mål for kommunen eller nettverket.",
        s.maal_enheter,
    ) % {"n": s.enhetsmaal_med_over, "av": s.maal_enheter}
    return f"{har} {under}"
