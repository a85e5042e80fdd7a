"""Images on paper: the arenas of the network on one sheet, and one image with its pictures."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from fremtidsbilder.bilder import papir
from fremtidsbilder.views.bilderedigering import fetch_bilde
from nettverk.filer.utlevering import send_pdf
from nettverk.models import Nettverk
from nettverk.tilgang.sider import PortalRequest, nettverksside


@nettverksside("fremtidsbilder.view_fremtidsbilde")
@require_safe
def arenaer_pdf(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Every arena: its image, its signs of good practice, its method."""
    arenaer = papir.arenas_of(request.roller)
    if not arenaer:
        raise Http404
    return send_pdf(*papir.arenas_pdf(nettverk, arenaer))


@nettverksside("fremtidsbilder.view_fremtidsbilde")
@require_safe
def fremtidsbilde_pdf(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """One image, as it stands now."""
    return send_pdf(*papir.image_pdf(fetch_bilde(request, pk)))
