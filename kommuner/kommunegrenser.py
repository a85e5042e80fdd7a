"""Import Kartverket's municipal borders from a GeoJSON file, so that the maps show the real thing.

The file may be Kartverket's own or one cut at the coastline; what counts is that every area carries
its kommunenummer, and that the coordinates are longitude and latitude.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kommuner.models import Kommune

# The names that files in use give the number.
_NUMMERFELT = ("kommunenummer", "kommunenr", "Kommunenummer", "KOMMUNENUMMER", "komm", "id")
# Points closer to the line than this (degrees; about 100 metres) are left out: a small map cannot show them.
_TOLERANSE = 0.0012

Punkt = tuple[float, float]


@dataclass(frozen=True)
class Grenseimport:
    """What an import did: the kommuner that got a border, and the numbers the portal does not know."""

    oppdatert: list[Kommune] = field(default_factory=list)
    ukjent: list[str] = field(default_factory=list)


def read_grenser(data: bytes) -> dict[str, dict[str, Any]]:
    """Kommunenummer → MultiPolygon. Raises ValidationError, in plain words, for a file of another kind."""
    grenser: dict[str, dict[str, Any]] = {}
    for omraade in _omraader(_json(data)):
        nummer = _kommunenummer(omraade.get("properties") or {})
        if nummer is None:
            raise ValidationError(
                _(
                    "Fila har områder uten kommunenummer. Last ned «Kommuner» fra Kartverket, ikke fylker eller kretser."
                ),
                code="nummer",
            )
        polygoner = [_forenkle(polygon) for polygon in _polygoner(omraade.get("geometry"), nummer)]
        ny = {"type": "MultiPolygon", "coordinates": [p for p in polygoner if p]}
        if nummer in grenser:  # one area per island, in some files
            grenser[nummer]["coordinates"] += ny["coordinates"]
        else:
            grenser[nummer] = ny
    if not grenser:
        raise ValidationError(_("Fila har ingen områder."), code="tom")
    return grenser


@transaction.atomic
def import_grenser(data: bytes) -> Grenseimport:
    """Read the file and keep the borders of the kommuner the portal knows. Safe to run twice.

    Raises ValidationError and changes nothing when the file is wrong, or knows none of our kommuner.
    """
    grenser = read_grenser(data)
    kommuner = list(Kommune.objects.filter(kommunenummer__in=grenser))
    for kommune in kommuner:
        kommune.grense = grenser[kommune.kommunenummer]
    Kommune.objects.bulk_update(kommuner, ["grense"])
    if not kommuner:
        raise ValidationError(
            _("Fila har %(antall)s kommuner, men ingen av dem er i portalen."),
            code="ingen",
            params={"antall": len(grenser)},
        )
    kjent = {k.kommunenummer for k in kommuner}
    return Grenseimport(kommuner, sorted(set(grenser) - kjent))


def _json(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as feil:
        raise ValidationError(
            _("Fila er ikke en tekstfil i UTF-8. Pakk den ut først hvis den er en zip-fil."),
            code="tegnsett",
        ) from feil
    except (json.JSONDecodeError, RecursionError) as feil:
        raise ValidationError(
            _("Fila er ikke GeoJSON. Velg formatet GeoJSON når du laster ned fra Kartverket."),
            code="format",
        ) from feil


def _omraader(innhold: Any) -> list[dict[str, Any]]:
    """The features; Kartverket's own download wraps the collection in an object with one key."""
    kandidater = [innhold]
    if isinstance(innhold, dict):
        kandidater += innhold.values()
    for kandidat in kandidater:
        if isinstance(kandidat, dict) and kandidat.get("type") == "FeatureCollection":
            omraader = kandidat.get("features")
            if isinstance(omraader, list) and all(isinstance(o, dict) for o in omraader):
                return [o for o in omraader if not _er_linje(o)]
    raise ValidationError(
        _("Fila er JSON, men ikke GeoJSON med kommuner (en «FeatureCollection»)."), code="samling"
    )


def _er_linje(omraade: dict[str, Any]) -> bool:
    return (omraade.get("geometry") or {}).get("type") in {"LineString", "MultiLineString", "Point"}


def _kommunenummer(egenskaper: dict[str, Any]) -> str | None:
    for felt in _NUMMERFELT:
        tekst = str(egenskaper.get(felt, "")).strip()
        if tekst.isascii() and tekst.isdigit() and 3 <= len(tekst) <= 4:
            return tekst.zfill(4)  # a spreadsheet takes the leading zero
    return None


def _polygoner(geometri: Any, nummer: str) -> Iterator[list[list[Punkt]]]:
    geometri = geometri if isinstance(geometri, dict) else {}
    koordinater = geometri.get("coordinates")
    if geometri.get("type") == "Polygon":
        koordinater = [koordinater]
    elif geometri.get("type") != "MultiPolygon":
        raise _uleselig(nummer)
    try:
        for polygon in koordinater:
            yield [[_punkt(p, nummer) for p in ring] for ring in polygon]
    except (TypeError, ValueError, IndexError) as feil:
        raise _uleselig(nummer) from feil


def _uleselig(nummer: str) -> ValidationError:
    return ValidationError(
        _("Grensen til kommune %(nummer)s er ikke en flate som kan leses."),
        code="geometri",
        params={"nummer": nummer},
    )


def _punkt(punkt: Any, nummer: str) -> Punkt:
    lengde, bredde = float(punkt[0]), float(punkt[1])
    if not (2 <= lengde <= 33 and 57 <= bredde <= 82):
        raise ValidationError(
            _(
                "Koordinatene til kommune %(nummer)s ligger utenfor Norge. Last ned fila med koordinatsystemet WGS 84 (EPSG:4326 eller 4258), lengdegrad først."
            ),
            code="koordinater",
            params={"nummer": nummer},
        )
    return lengde, bredde


def _forenkle(polygon: Iterable[list[Punkt]]) -> list[list[Punkt]]:
    """The rings with as few points as a small map needs; specks of islands disappear."""
    ringer = []
    for ring in polygon:
        enkel = [(round(x, 4), round(y, 4)) for x, y in _douglas_peucker(ring)]
        if len(enkel) >= 4:
            ringer.append(enkel)
        elif not ringer:  # the outer ring is a speck
            return []
    return ringer


def _douglas_peucker(punkter: list[Punkt]) -> list[Punkt]:
    """The points that carry the shape. With a stack instead of recursion: a coast has many points."""
    if len(punkter) < 5:
        return punkter
    beholdes = {0, len(punkter) - 1}
    # A ring begins where it ends, so it is cut in two at the point farthest from there.
    fjernest = max(range(len(punkter)), key=lambda i: _avstand2(punkter[i], punkter[0]))
    beholdes.add(fjernest)
    stabel = [(0, fjernest), (fjernest, len(punkter) - 1)]
    while stabel:
        start, slutt = stabel.pop()
        i, avstand = _fjernest_fra_linja(punkter, start, slutt)
        if avstand > _TOLERANSE**2:
            beholdes.add(i)
            stabel += [(start, i), (i, slutt)]
    return [punkter[i] for i in sorted(beholdes)]


def _fjernest_fra_linja(punkter: list[Punkt], start: int, slutt: int) -> tuple[int, float]:
    (x1, y1), (x2, y2) = punkter[start], punkter[slutt]
    dx, dy = x2 - x1, y2 - y1
    lengde2 = dx * dx + dy * dy
    best, lengst = start, -1.0
    for i in range(start + 1, slutt):
        x, y = punkter[i]
        t = ((x - x1) * dx + (y - y1) * dy) / lengde2 if lengde2 else 0.0
        t = min(1.0, max(0.0, t))
        avstand = (x - x1 - t * dx) ** 2 + (y - y1 - t * dy) ** 2
        if avstand > lengst:
            best, lengst = i, avstand
    return best, lengst


def _avstand2(a: Punkt, b: Punkt) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2
