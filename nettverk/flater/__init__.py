"""The shared surfaces of the portal, and what an app may put on each.

An app subclasses `Portal` once, in its own `portal.py`. Nothing here knows any of the apps: they are
discovered, as Django discovers `admin.py`.
"""

from nettverk.flater.deler import (
    Blokk,
    Gjoremaal,
    Handling,
    Innhold,
    Menypunkt,
    Opplysninger,
    Oppstartssteg,
    Seksjon,
    Side,
    Tekst,
    Treff,
    Treffgruppe,
)
from nettverk.flater.meny import menyen
from nettverk.flater.overtakelse import Etterlatt, Overtakelse
from nettverk.flater.paa import paa
from nettverk.flater.portal import Portal, portaler, register
from nettverk.flater.samlet import (
    blokkene,
    gjoremaalene,
    handlingene,
    oppstartsstegene,
    seksjonene,
    seksjoner_paa,
    sok_overalt,
)
from nettverk.flater.treff import first_hits

__all__ = [
    "Blokk",
    "Etterlatt",
    "Gjoremaal",
    "Handling",
    "Innhold",
    "Menypunkt",
    "Opplysninger",
    "Oppstartssteg",
    "Overtakelse",
    "Portal",
    "Seksjon",
    "Side",
    "Tekst",
    "Treff",
    "Treffgruppe",
    "blokkene",
    "first_hits",
    "gjoremaalene",
    "handlingene",
    "menyen",
    "oppstartsstegene",
    "paa",
    "portaler",
    "register",
    "seksjonene",
    "seksjoner_paa",
    "sok_overalt",
]
