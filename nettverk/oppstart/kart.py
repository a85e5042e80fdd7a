"""The tiles of a network's map, moved by its koordinator: never two kommuner in one at the same time."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, F, Q, Value, When

from nettverk.models import Medlemskap, Nettverk
from nettverk.oppstart.kartforslag import propose
from nettverk.side.kart import Rute, tiles
from nettverk.skriving.laas import hold

# What each direction does to a tile's column and row.
RETNINGER: dict[str, Rute] = {
    "venstre": (-1, 0),
    "hoeyre": (1, 0),
    "opp": (0, -1),
    "ned": (0, 1),
}


@dataclass(frozen=True)
class Ruteplassering:
    """How many of the kommuner a network began with lie by number still, in rows, and not where they are."""

    etter_nummer: int
    alle: int

    @property
    def er_kart(self) -> bool:
        """Whether the tiles say where the kommuner lie. A single one lies where it lies."""
        return self.alle < 2 or 2 * self.etter_nummer < self.alle


def placing(nettverk: Nettverk) -> Ruteplassering:
    """How far the map has come. One query."""
    rader = list(
        Medlemskap.objects.filter(nettverk=nettverk)
        .order_by("gyldig", "kommune__kommunenummer")
        .values_list("gyldig", "pk", "kart_kolonne", "kart_rad")
    )
    # Those it began with: later numbers lie in the same tiles, and who came later was given a free one.
    foerste = {
        pk: (kolonne, rad)
        for gyldig, pk, kolonne, rad in rader
        if gyldig.lower == rader[0][0].lower
    }
    ruter = propose(dict.fromkeys(foerste))
    urort = sum(rute in {ruter[pk], (None, None)} for pk, rute in foerste.items())
    return Ruteplassering(urort, len(foerste))


@transaction.atomic
def move(nettverk: Nettverk, *, kommune: int, retning: str) -> None:
    """Move the tile of a kommune one step. Whoever lies there changes places with it.

    What has lain in the same tile at other times (the kommune before a new number) moves along.
    """
    # One at a time in a network: each step is seen from where the last one led.
    hold(nettverk)
    _place_the_rest(nettverk)
    medlemskap = Medlemskap.objects.filter(nettverk=nettverk)
    rad = medlemskap.filter(kommune=kommune).order_by("-gyldig").first()
    if rad is None or rad.kart_kolonne is None or rad.kart_rad is None:
        return
    dx, dy = RETNINGER[retning]
    fra = (rad.kart_kolonne, rad.kart_rad)
    til = (fra[0] + dx, fra[1] + dy)
    if til[0] < 0 or til[1] < 0:
        fra, til = _make_room(nettverk, fra, til)
    _swap(nettverk, fra, til)


def _place_the_rest(nettverk: Nettverk) -> None:
    """Those without a tile get the one they are drawn in."""
    alle = list(Medlemskap.objects.filter(nettverk=nettverk).order_by("gyldig", "pk"))
    for rad in alle:
        if rad.kart_kolonne is None:
            rad.kart_kolonne, rad.kart_rad = tiles(alle)[rad.pk]
            rad.save(update_fields=["kart_kolonne", "kart_rad"])


def _make_room(nettverk: Nettverk, fra: Rute, til: Rute) -> tuple[Rute, Rute]:
    """Move the whole map away from the edge: by two rows, since every other row is pushed to the right."""
    dx, dy = (1 if til[0] < 0 else 0), (2 if til[1] < 0 else 0)
    Medlemskap.objects.filter(nettverk=nettverk).update(
        kart_kolonne=F("kart_kolonne") + dx, kart_rad=F("kart_rad") + dy
    )
    return (fra[0] + dx, fra[1] + dy), (til[0] + dx, til[1] + dy)


def _swap(nettverk: Nettverk, fra: Rute, til: Rute) -> None:
    """In one statement: the database asks when it is done whether two lie in the same."""
    i_fra = Q(kart_kolonne=fra[0], kart_rad=fra[1])
    i_til = Q(kart_kolonne=til[0], kart_rad=til[1])
    Medlemskap.objects.filter(i_fra | i_til, nettverk=nettverk).update(
        kart_kolonne=Case(When(i_fra, then=Value(til[0])), default=Value(fra[0])),
        kart_rad=Case(When(i_fra, then=Value(til[1])), default=Value(fra[1])),
    )
