"""A gathering as everybody may read it, signed in or not."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nettverk.arbeid.epost import hel_adresse
from nettverk.filer.filnavn import made_name
from nettverk.filer.utlevering import send_kalender
from nettverk.models import Nettverk
from nettverk.tilgang.sider import PortalRequest, nettverksside
from rolu.models import Samling
from rolu.samlinger import samlingsbrev
from rolu.samlinger.programplan import items, make_plan
from rolu.samlinger.programrute import public_days


def _fetch(request: PortalRequest, nettverk: Nettverk, pk: int) -> Samling:
    """404 for a draft, for what is not public, and where the network is not."""
    if not nettverk.er_offentlig and not request.roller.er_medlem:
        raise Http404
    samling: Samling = get_object_or_404(Samling.objects.public(), nettverk=nettverk, pk=pk)
    samling.nettverk = nettverk
    return samling


@nettverksside(offentlig=True)
@require_safe
def samling_offentlig(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Title, when and where, and the programme without anybody's name."""
    samling = _fetch(request, nettverk, pk)
    return render(
        request,
        "rolu/samling_offentlig.html",
        {
            "samling": samling,
            "dager": public_days(make_plan(samling, items(samling))),
            "kalender_url": ""
            if samling.er_avlyst or samling.er_over
            else reverse("rolu:samling_offentlig_kalender", args=[nettverk.slug, pk]),
            "er_medlem": request.roller.er_medlem,
        },
    )


@nettverksside(offentlig=True)
@require_safe
def samling_offentlig_kalender(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The gathering as a calendar file that leads to its public page."""
    samling = _fetch(request, nettverk, pk)
    url = hel_adresse(reverse("rolu:samling_offentlig", args=[nettverk.slug, pk]))
    navn = made_name(_("samling"), samling.tittel, samling.dato.isoformat(), endelse="ics")
    return send_kalender(navn, samlingsbrev.calendar_file(samling, url=url).innhold)
