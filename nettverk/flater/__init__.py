"""The shared surfaces of the portal, and what an app may put on each.

An app subclasses `Portal` in its own `portal.py`, once for each part that a network may do without. Nothing
here knows any of the apps: they are discovered, as Django discovers `admin.py`.
"""

from nettverk.flater.bruk import closed_part, find_part, needed_by, needs, portaldeler
from nettverk.flater.deler import (
    Blokk,
    Gjoremaal,
    Gjoremaalssvar,
    Handling,
    Innhold,
    Menypunkt,
    Opplysninger,
    Oppstartssteg,
    Portaldel,
    Seksjon,
    Side,
    Sideinnhold,
    Tekst,
    Treff,
    Treffgruppe,
)
from nettverk.flater.meny import menyen, pages_called, pages_like
from nettverk.flater.overtakelse import Etterlatt, Overtakelse
from nettverk.flater.paa import paa
from nettverk.flater.portal import Portal, portaler, register
from nettverk.flater.samlet import (
    blokkene,
    gjoremaalene,
    handlingene,
    listene,
    oppstartsstegene,
    seksjonene,
    seksjoner_paa,
    sideinnholdet,
    snarveiene,
    sok_overalt,
)
from nettverk.flater.traadslag import Traadslag, edges
from nettverk.flater.treff import first_hits

__all__ = [
    "Blokk",
    "Etterlatt",
    "Gjoremaal",
    "Gjoremaalssvar",
    "Handling",
    "Innhold",
    "Menypunkt",
    "Opplysninger",
    "Oppstartssteg",
    "Overtakelse",
    "Portal",
    "Portaldel",
    "Seksjon",
    "Side",
    "Sideinnhold",
    "Tekst",
    "Traadslag",
    "Treff",
    "Treffgruppe",
    "blokkene",
    "closed_part",
    "edges",
    "find_part",
    "first_hits",
    "gjoremaalene",
    "handlingene",
    "listene",
    "menyen",
    "needed_by",
    "needs",
    "oppstartsstegene",
    "paa",
    "pages_called",
    "pages_like",
    "portaldeler",
    "portaler",
    "register",
    "seksjonene",
    "seksjoner_paa",
    "sideinnholdet",
    "snarveiene",
    "sok_overalt",
]
