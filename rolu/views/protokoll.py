"""The minutes of a gathering, made when they are asked for."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from nettverk.filer.utlevering import note_export, send_pdf
from nettverk.models import Nettverk
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from rolu.samlinger import protokoll as protokollen
from rolu.views.faner import fetch_samling


@nettverksside("rolu.view_samling")
@require_safe
def protokoll(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Who met, and what was said and decided, as a PDF; 404 for a draft, which nobody has met at."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.view_protokoll", samling)
    if samling.er_utkast:
        raise Http404
    data = protokollen.collect(samling)
    note_export(
        request,
        hva="rolu.protokoll",
        antall=len(data.moett) + len(data.ikke_moett),
        nettverk=nettverk,
    )
    return send_pdf(*protokollen.draw(data))
