"""A person as the network sees them: what they are, have been, and how to reach them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kommuner.gyldighet import idag
from nettverk.flater import seksjoner_paa
from nettverk.models import Nettverk, Verv
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan


@nettverksside("nettverk.view_gruppe")
@require_safe
def person(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The person's Verv in this network over time, the address for those who may see it, and what they
    lead. Nothing of other networks, and nobody who has never had a Verv here."""
    verv = list(
        Verv.objects.visible_to(request.roller)
        .filter(person=pk, annullert=None)
        .select_related("person", "gruppe", "representerer", "representerer_partner")
        .order_by("-gyldig", "pk")
    )
    if not verv:
        raise Http404
    naa = [v for v in verv if v.er_gyldig()]
    kontakt = any(_shows_address(request, nettverk, v) for v in naa)
    personen = verv[0].person
    return render(
        request,
        "nettverk/person.html",
        {
            "person": personen,
            "naa": naa,
            "kommende": [v for v in verv if v.fra and v.fra > idag()],
            "tidligere": [v for v in verv if v.til and v.til <= idag()],
            "vis_epost": kontakt,
            "vis_telefon": kan(request.user, "nettverk.view_telefon", nettverk),
            "seksjoner": seksjoner_paa(personen, roller=request.roller, dato=idag()),
        },
    )


def _shows_address(request: PortalRequest, nettverk: Nettverk, verv: Any) -> bool:
    verv.gruppe.nettverk = nettverk
    return kan(request.user, "nettverk.view_epost", verv)
