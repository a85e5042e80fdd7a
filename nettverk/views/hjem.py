"""The home page of a network: what waits for this person, and how it goes where they belong."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nettverk.flater import gjoremaalene, seksjonene
from nettverk.models import Nettverk
from nettverk.oppstart.steg import remaining
from nettverk.sikkerhet.tosteg import should_ask
from nettverk.tilgang.sider import PortalRequest, nettverksside


@nettverksside("nettverk.view_nettverk")
@require_safe
def hjem(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The first thing that waits is the biggest on the page; the apps say what (portal.py)."""
    venter = gjoremaalene(request.roller)
    steg = remaining(request.roller)
    return render(
        request,
        "nettverk/hjem.html",
        {
            "foerst": venter[0] if venter else None,
            "deretter": venter[1:],
            "oppstartssteg": steg,
            "neste": next((ett for ett in steg if not ett.ferdig), None),
            "spoer_om_passnoekkel": should_ask(request, request.roller),
            "seksjoner": seksjonene(lambda portal: portal.hjem(request.roller)),
        },
    )
