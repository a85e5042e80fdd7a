"""Draw the kommuner of a network: real borders when all have one, else a schematic map of tiles.

The result is plain data: shapes and words with their places, which a template turns into SVG. All
geometry is attributes, as the Content-Security-Policy wants it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from django.urls import reverse

from kommuner.samiske_navn import navnedeler
from nettverk.models import Medlemskap, Nettverk

_MELLOMROM = 8.0
_BREDDE = 132.0  # of a tile; «Kristiansund» fits
_HOYDE = 148.0
_RADHOYDE = 111.0  # three quarters: the rows of hexagons reach into each other
_LINJE = 22.0
_EKTE_BREDDE = 520.0
_MINSTE_OEY = 6.0  # square units; a smaller one would be a speck

Punkt = tuple[float, float]
Rute = tuple[int, int]  # column and row of a tile


@dataclass(frozen=True)
class Kartverdi:
    """What the map says of one kommune: how much of the whole (0–1) or, where there is no whole, how many
    (`antall`); as it stands on the tile («4 av 9»), and in a whole sentence for those who do not see it.
    Neither: nothing to say a share of."""

    andel: float | None
    tekst: str
    ord: str = ""
    antall: int = 0


_ANDELER = (0.3, 0.5, 0.6)


def _steps(verdier: Sequence[Kartverdi]) -> list[int | None]:
    """How dark each is: nothing at all (0, dashed), below 30, 50 and 60 per cent, and above. Counts are
    set against the largest, in quarters of it: what is nearly alike, looks alike. None for all where one
    shade would cover the whole map."""
    flest = max((v.antall for v in verdier), default=0)
    trinn = [
        math.ceil(4 * v.antall / flest)
        if v.antall
        else 1 + sum(v.andel >= grense for grense in _ANDELER)
        if v.andel
        else 0
        for v in verdier
    ]
    return list(trinn) if len(set(trinn)) > 1 or not any(trinn) else [None] * len(trinn)


@dataclass(frozen=True)
class Navnelinje:
    """One line of a name, with its language when it is not the page's."""

    tekst: str
    spraak: str
    x: float
    y: float


@dataclass(frozen=True)
class Flate:
    """One kommune on the map: its shape as an SVG path, its name, and where a click leads."""

    kommunenummer: str
    navn: str
    bane: str
    linjer: list[Navnelinje]
    url: str
    verdi: Kartverdi | None = None
    verdi_x: float = 0
    verdi_y: float = 0
    trinn: int | None = None  # of the shading; None where there is none
    er_valgt: bool = False

    @property
    def lest(self) -> str:
        """The kommune and what the map says of it, in words."""
        if not self.verdi:
            return self.navn
        return f"{self.navn}: {self.verdi.ord or self.verdi.tekst}"


@dataclass(frozen=True)
class Kart:
    """A drawing `bredde` × `hoyde`; `er_ekte` when the borders are Kartverket's."""

    bredde: int
    hoyde: int
    flater: list[Flate]
    er_ekte: bool

    @property
    def har_verdier(self) -> bool:
        return any(flate.verdi for flate in self.flater)

    @property
    def har_lenker(self) -> bool:
        return any(flate.url for flate in self.flater)

    @property
    def ord(self) -> str:
        """What the whole map says, kommune by kommune."""
        return ". ".join(flate.lest for flate in self.flater if flate.verdi)


def draw_kart(
    medlemskap: Sequence[Medlemskap],
    *,
    nettverk: Nettverk | None = None,
    per: str = "",
    skjematisk: bool = False,
    verdier: Mapping[int, Kartverdi] | None = None,
    lenker: Mapping[int, str] | None = None,
    valgt: int | None = None,
) -> Kart | None:
    """The map of the memberships (from `medlemskap_per`, with borders); None when there are none.

    With `nettverk` every kommune leads to its own page, as it was `per` (a query string). `skjematisk`:
    tiles, whatever is known.

    `verdier` shades each kommune (by its pk) by a value, which is written under the name; a kommune
    without one is dashed, and where all are alike nothing is shaded. Use it with `skjematisk`, whose tiles have room for the figure. `lenker` are
    addresses by kommune pk: then the map is a filter, and `valgt` the kommune that is chosen.
    """
    if not medlemskap:
        return None
    if lenker is None:
        urls = {m.pk: _url(m, nettverk, per) for m in medlemskap}
    else:
        urls = {m.pk: lenker.get(m.kommune_id, "") for m in medlemskap}
    if not skjematisk and all(m.kommune.grense for m in medlemskap):
        kart = _ekte(medlemskap, urls)
    else:
        kart = _skjematisk(medlemskap, urls)
    if verdier is None and valgt is None:
        return kart
    flater = kart.flater
    if verdier is not None:
        egne = [verdier.get(m.kommune_id, _INGENTING) for m in medlemskap]
        flater = [
            _told(flate, verdi, trinn)
            for flate, verdi, trinn in zip(flater, egne, _steps(egne), strict=True)
        ]
    flater = [
        replace(flate, er_valgt=m.kommune_id == valgt)
        for m, flate in zip(medlemskap, flater, strict=True)
    ]
    return replace(kart, flater=flater)


_INGENTING = Kartverdi(None, "–")


def _told(flate: Flate, verdi: Kartverdi, trinn: int | None) -> Flate:
    """The name half a line up, and the value below it."""
    if not flate.linjer:
        return flate
    opp = _LINJE / 2
    linjer = [replace(linje, y=round(linje.y - opp, 1)) for linje in flate.linjer]
    return replace(
        flate,
        linjer=linjer,
        verdi=verdi,
        trinn=trinn,
        verdi_x=linjer[-1].x,
        verdi_y=round(linjer[-1].y + _LINJE, 1),
    )


def _url(medlemskap: Medlemskap, nettverk: Nettverk | None, per: str) -> str:
    if nettverk is None:
        return ""
    nummer = medlemskap.kommune.kommunenummer
    return reverse("nettverk:kommune", args=[nettverk.slug, nummer]) + per


def _navn(medlemskap: Medlemskap) -> str:
    return getattr(medlemskap, "navn_da", medlemskap.kommune.navn)


def _flate(m: Medlemskap, bane: str, midt: Punkt, url: str) -> Flate:
    deler = [
        (linje, spraak)
        for tekst, spraak in navnedeler(_navn(m))
        for linje in tekst.replace(" (", "\n(").split("\n")
    ]
    topp = midt[1] - _LINJE * (len(deler) - 1) / 2
    linjer = [
        Navnelinje(tekst, spraak, round(midt[0], 1), round(topp + _LINJE * nummer, 1))
        for nummer, (tekst, spraak) in enumerate(deler)
    ]
    return Flate(m.kommune.kommunenummer, _navn(m), bane, linjer, url)


# --- schematic: hexagons, odd rows pushed half a tile to the right


def midpoint(rute: Rute) -> Punkt:
    """The middle of a tile of the schematic map, in the map's own measure."""
    kolonne, rad = rute
    return (kolonne + (rad % 2) * 0.5) * _BREDDE, rad * _RADHOYDE


def tiles(medlemskap: Sequence[Medlemskap]) -> dict[int, Rute]:
    """The tile of each membership; one that has none is laid below the others, in order."""
    ruter: dict[int, Rute] = {
        m.pk: (m.kart_kolonne, m.kart_rad)
        for m in medlemskap
        if m.kart_kolonne is not None and m.kart_rad is not None
    }
    uten = [m.pk for m in medlemskap if m.pk not in ruter]
    ned = max((rad for _kolonne, rad in ruter.values()), default=-1) + 1
    bredde = math.ceil(math.sqrt(len(medlemskap)))
    return ruter | {pk: (nr % bredde, ned + nr // bredde) for nr, pk in enumerate(uten)}


def _skjematisk(medlemskap: Sequence[Medlemskap], urls: dict[int, str]) -> Kart:
    plasser = {pk: midpoint(rute) for pk, rute in tiles(medlemskap).items()}
    venstre = min(x for x, _y in plasser.values())
    topp = min(y for _x, y in plasser.values())
    flater = []
    for m in medlemskap:
        x, y = plasser[m.pk]
        midt = (x - venstre + _BREDDE / 2, y - topp + _HOYDE / 2)
        flater.append(_flate(m, _sekskant(midt), midt, urls[m.pk]))
    bredde = max(x for x, _y in plasser.values()) - venstre + _BREDDE
    hoyde = max(y for _x, y in plasser.values()) - topp + _HOYDE
    return Kart(round(bredde), round(hoyde), flater, er_ekte=False)


def _sekskant(midt: Punkt) -> str:
    b, h = (_BREDDE - _MELLOMROM) / 2, (_HOYDE - _MELLOMROM) / 2
    x, y = midt
    hjoerner = [(0, -h), (b, -h / 2), (b, h / 2), (0, h), (-b, h / 2), (-b, -h / 2)]
    return "M" + "L".join(f"{x + dx:.1f} {y + dy:.1f}" for dx, dy in hjoerner) + "Z"


# --- real: equirectangular, true to scale in the middle of the network


def _ekte(medlemskap: Sequence[Medlemskap], urls: dict[int, str]) -> Kart:
    polygoner = {
        m.pk: [polygon[0] for polygon in (m.kommune.grense or {})["coordinates"]]
        for m in medlemskap
    }
    punkter = [p for ringer in polygoner.values() for ring in ringer for p in ring]
    vest, oest = min(x for x, _y in punkter), max(x for x, _y in punkter)
    soer, nord = min(y for _x, y in punkter), max(y for _x, y in punkter)
    smalere = math.cos(math.radians((soer + nord) / 2))
    skala = _EKTE_BREDDE / ((oest - vest) * smalere)

    def paa_kartet(punkt: Sequence[float]) -> Punkt:
        return (punkt[0] - vest) * smalere * skala, (nord - punkt[1]) * skala

    flater = []
    for m in medlemskap:
        ringer = [[paa_kartet(p) for p in ring] for ring in polygoner[m.pk]]
        stoerst = max(ringer, key=_areal)
        synlige = [r for r in ringer if r is stoerst or _areal(r) >= _MINSTE_OEY]
        bane = "".join(_ring(ring) for ring in synlige)
        midt = _midten(stoerst)
        flater.append(_flate(m, bane, midt, urls[m.pk]))
    return Kart(round(_EKTE_BREDDE), round((nord - soer) * skala), flater, er_ekte=True)


def _ring(ring: list[Punkt]) -> str:
    """The ring as a path in whole units, each step from the point before: short, and packs well."""
    punkter = [(round(x), round(y)) for x, y in ring]
    steg = [
        f"{x - x0} {y - y0}" for (x0, y0), (x, y) in pairwise(punkter[:-1]) if (x, y) != (x0, y0)
    ]
    return f"M{punkter[0][0]} {punkter[0][1]}l{' '.join(steg)}z" if steg else ""


def _kryss(ring: list[Punkt]) -> list[tuple[Punkt, Punkt, float]]:
    return [
        (a, b, a[0] * b[1] - b[0] * a[1]) for a, b in zip(ring, ring[1:] + ring[:1], strict=True)
    ]


def _areal(ring: list[Punkt]) -> float:
    return abs(sum(kryss for _a, _b, kryss in _kryss(ring))) / 2


def _midten(ring: list[Punkt]) -> Punkt:
    """The centre of gravity of the ring, where the name stands."""
    kryss = _kryss(ring)
    sum_ = sum(k for _a, _b, k in kryss)
    if not sum_:
        return ring[0]
    x = sum((a[0] + b[0]) * k for a, b, k in kryss) / (3 * sum_)
    y = sum((a[1] + b[1]) * k for a, b, k in kryss) / (3 * sum_)
    return x, y
