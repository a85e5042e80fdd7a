"""What every page may show: the network, the person's roles in it, the menu."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from nettverk.flater import menyen
from nettverk.tilgang.roller import only_nettverk, roller_for


def _find_only_nettverk(request: Any) -> None:
    # A page that tells of a fault may be drawn before anybody knows who asks.
    person = getattr(request, "user", None)
    request.nettverk = only_nettverk(person) if person else None
    if request.nettverk:
        request.roller = roller_for(request.user, request.nettverk)


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context of every template. Costs no query: the page has already found the network. The person's own
    pages ask once for the only one they are in."""
    if request.path.startswith("/konto/") and not hasattr(request, "nettverk"):
        _find_only_nettverk(request)
    nettverk = getattr(request, "nettverk", None)
    roller = getattr(request, "roller", None)
    meny = menyen(roller).drawn_at(request.path) if roller and roller.er_medlem else None
    return {"nettverk": nettverk, "roller": roller, "meny": meny, "er_demo": settings.DEMO}
