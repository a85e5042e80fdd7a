"""The search in the header: everything that has a name, by kind."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kommuner.sortering import search_words
from nettverk.flater import handlingene, pages_called, sok_overalt
from nettverk.models import Nettverk
from nettverk.side.utenfra import one_line
from nettverk.tilgang.sider import PortalRequest, nettverksside

MAKS_LENGDE = 100


@require_safe
@nettverksside("nettverk.view_nettverk")
def sok(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """What the words find of what the person may see; without words, what can be found."""
    q = " ".join(one_line(request.GET.get("q", "")[:MAKS_LENGDE]).split())
    har_ord = bool(search_words(q))
    sider = pages_called(request.roller, q) if har_ord or request.htmx else []
    handlinger = handlingene(request.roller, q=q) if har_ord or request.htmx else []
    grupper = sok_overalt(request.roller, q) if har_ord else []
    context = {
        "q": q,
        "sider": sider,
        "handlinger": handlinger,
        "grupper": grupper,
        "antall": len(sider) + len(handlinger) + sum(len(gruppe.treff) for gruppe in grupper),
    }
    mal = "nettverk/_sok_treff.html" if request.htmx else "nettverk/sok.html"
    return render(request, mal, context)
