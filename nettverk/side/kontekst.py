"""What every page may show: the network, the person's roles in it, the menu."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from nettverk.flater import menyen


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context of every template. Costs no query: the page has already found the network."""
    nettverk = getattr(request, "nettverk", None)
    roller = getattr(request, "roller", None)
    meny = []
    if roller is not None and roller.er_medlem:
        meny = [
            {
                "label": m.label,
                "url": m.url,
                "ikon": m.ikon,
                "aktiv": request.path.startswith(m.url),
            }
            for m in menyen(roller)
        ]
    return {"nettverk": nettverk, "roller": roller, "meny": meny, "er_demo": settings.DEMO}
