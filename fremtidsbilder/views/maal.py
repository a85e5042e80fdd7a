"""The goals, read."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fremtidsbilder.models import Maal
from fremtidsbilder.views.maalrunder import fetch_maal, round_context
from nettverk.models import Nettverk
from nettverk.tilgang.sider import PortalRequest, nettverksside


@nettverksside("fremtidsbilder.view_maal")
@require_safe
def maal_list(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """All the goals one may see."""
    return render(
        request,
        "fremtidsbilder/maal_list.html",
        {"maalene": list(Maal.objects.visible_to(request.roller))},
    )


@nettverksside("fremtidsbilder.view_maal")
@require_safe
def maal(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """One goal with its rounds."""
    rad = fetch_maal(request, pk)
    return render(request, "fremtidsbilder/maal.html", round_context(request, rad))
