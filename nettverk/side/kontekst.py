"""What every page may show: the network, the person's roles in it, the menu."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from nettverk.flater import menyen


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context of every template. Costs no query: the page has already found the network."""
    nettverk = getattr(request, "nettverk", None)
    roller = getattr(request, "roller", None)
    meny = menyen(roller).drawn_at(request.path) if roller and roller.er_medlem else None
    return {"nettverk": nettverk, "roller": roller, "meny": meny, "er_demo": settings.DEMO}
