"""What a seating shows on the portal's shared surfaces."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from nettverk.flater import Seksjon
from rolu.samlinger.dagen import own_places

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller
    from rolu.models import Samling


def hjem(roller: "Roller") -> Iterable[Seksjon]:
    """On the day, first of all: the person's own table. No query but the one of `own_places`."""
    idag = timezone.localdate()
    for plass in own_places(roller):
        samling = plass.samling
        if plass.eget_bord and samling.dato <= idag and not samling.er_avsluttet:
            samling.nettverk = roller.nettverk
            yield own_table(samling, plass.eget_bord)
            return


def own_table(samling: "Samling", bord: int) -> Seksjon:
    """«Bord 7», and the way to it."""
    url = reverse("rolu:samling_bord", args=[samling.nettverk.slug, samling.pk])
    data = {"bord": bord, "samling": samling, "url": f"{url}#bord-{bord}"}
    return Seksjon("rolu/flater/bord.html", data, 5)
