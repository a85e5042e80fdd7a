"""Where each kommune lies on the schematic map of hexagons: proposed, to be adjusted by people.

Pure: places in, tiles out. Two never get the same.
"""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations, product
from typing import Any, TypeVar

from nettverk.side.kart import Punkt, Rute

K = TypeVar("K", bound=Hashable)

# A row of hexagons is this much lower than a hexagon is wide, and every other one half a tile to the right.
_RADHOEYDE = 0.87


def propose(steder: Mapping[K, Punkt | None]) -> dict[K, Rute]:
    """A tile for each, as near as there is room to where it really lies (longitude, latitude).

    Those whose place nobody knows come after each other, as compact as may be.
    """
    kjente = {k: sted for k, sted in steder.items() if sted is not None}
    ruter = _from_places(kjente) if len(kjente) > 1 else dict.fromkeys(kjente, (0, 0))
    ukjente = [k for k in steder if k not in ruter]
    return _from_corner(ruter | _compact(ukjente, set(ruter.values())))


def centre(grense: Mapping[str, Any] | None) -> Punkt | None:
    """The middle of the largest part of a border (GeoJSON, MultiPolygon); None when there is none."""
    deler = [polygon[0] for polygon in (grense or {}).get("coordinates", []) if polygon]
    if not deler:
        return None
    stoerst = max(deler, key=_extent)
    return (
        (min(p[0] for p in stoerst) + max(p[0] for p in stoerst)) / 2,
        (min(p[1] for p in stoerst) + max(p[1] for p in stoerst)) / 2,
    )


def _extent(ring: Sequence[Sequence[float]]) -> float:
    x, y = [p[0] for p in ring], [p[1] for p in ring]
    return (max(x) - min(x)) * (max(y) - min(y))


def _from_places(steder: Mapping[K, Punkt]) -> dict[K, Rute]:
    flate = _flat(steder)
    midt = (
        sum(x for x, _y in flate.values()) / len(flate),
        sum(y for _x, y in flate.values()) / len(flate),
    )
    ruter: dict[K, Rute] = {}
    # From the middle outwards: what must give way, gives way outwards.
    for k in sorted(flate, key=lambda k: (math.dist(flate[k], midt), str(k))):
        ruter[k] = _nearest(flate[k], set(ruter.values()))
    return ruter


def _flat(steder: Mapping[K, Punkt]) -> dict[K, Punkt]:
    """In tiles from the north-west: neighbours lie about one tile from each other."""
    nord = max(bredde for _lengde, bredde in steder.values())
    vest = min(lengde for lengde, _bredde in steder.values())
    smalere = math.cos(math.radians(sum(b for _l, b in steder.values()) / len(steder)))
    flate = {
        k: ((lengde - vest) * smalere, nord - bredde) for k, (lengde, bredde) in steder.items()
    }
    naermest = dict.fromkeys(flate, math.inf)
    for en, to in combinations(flate, 2):
        avstand = math.dist(flate[en], flate[to])
        naermest[en], naermest[to] = min(naermest[en], avstand), min(naermest[to], avstand)
    maal = sum(naermest.values()) / len(naermest) or 1.0
    return {k: (x / maal, y / maal) for k, (x, y) in flate.items()}


def _middle(rute: Rute) -> Punkt:
    return rute[0] + (rute[1] % 2) * 0.5, rute[1] * _RADHOEYDE


def _nearest(punkt: Punkt, opptatt: set[Rute]) -> Rute:
    """The free tile whose middle is nearest, looked for in ever larger squares."""
    kolonne, rad = round(punkt[0]), round(punkt[1] / _RADHOEYDE)
    for ut in range(1, len(opptatt) + 3):
        spenn = range(-ut, ut + 1)
        ledige = [
            rute
            for dx, dy in product(spenn, spenn)
            if (rute := (kolonne + dx, rad + dy)) not in opptatt
        ]
        if ledige:
            return min(ledige, key=lambda rute: (math.dist(_middle(rute), punkt), rute))
    raise AssertionError("det er alltid plass")


def _compact(uten: Iterable[K], opptatt: set[Rute]) -> dict[K, Rute]:
    """After each other in rows of a square's width, below what is placed."""
    uten = list(uten)
    bredde = math.ceil(math.sqrt(len(uten))) or 1
    ned = max((rad for _kolonne, rad in opptatt), default=-1) + 1
    venstre = min((kolonne for kolonne, _rad in opptatt), default=0)
    return {k: (venstre + nr % bredde, ned + nr // bredde) for nr, k in enumerate(uten)}


def _from_corner(ruter: dict[K, Rute]) -> dict[K, Rute]:
    """Moved as one, so that none is negative. Rows by twos: every other one is pushed to the right."""
    if not ruter:
        return ruter
    venstre = min(kolonne for kolonne, _rad in ruter.values())
    topp = min(rad for _kolonne, rad in ruter.values()) // 2 * 2
    return {k: (kolonne - venstre, rad - topp) for k, (kolonne, rad) in ruter.items()}
