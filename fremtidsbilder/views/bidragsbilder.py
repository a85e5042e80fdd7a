"""The pictures that go with cards, let out: to everybody when the card is approved, else to those who lead."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from fremtidsbilder.models import Bidragsbilde
from nettverk.filer.utlevering import send_fil
from nettverk.models import Nettverk
from nettverk.tilgang.sider import PortalRequest, nettverksside


@nettverksside(offentlig=True)
@require_safe
def bidragsbilde(request: PortalRequest, nettverk: Nettverk, pk: int) -> FileResponse:
    """The picture itself; `?liten` for a list."""
    if not nettverk.er_offentlig and not request.roller.er_medlem:
        raise Http404
    rad = get_object_or_404(Bidragsbilde.objects.visible_to(request.roller), pk=pk)
    if "liten" in request.GET and rad.liten:
        return send_fil(rad.liten, navn="liten.webp", mimetype="image/webp")
    return send_fil(rad.fil, navn=f"bilde-{rad.pk}", mimetype=rad.mimetype)
