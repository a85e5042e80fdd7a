"""The page where the koordinator changes what the network says about itself."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nettverk.filer.kvote import space
from nettverk.forms.nettverkstekst import NettverkstekstForm
from nettverk.models import Nettverk
from nettverk.nettverkstekst import change_text
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.laas import locked
from nettverk.tilgang.sider import PortalRequest, nettverksside


@nettverksside("nettverk.change_nettverk")
@require_http_methods(["GET", "HEAD", "POST"])
def nettverk_rediger(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Edit the texts. When somebody else saved meanwhile: 409 with both texts, and nothing lost."""
    with locked(nettverk) as naa:
        form = NettverkstekstForm(**sent(request), instance=naa)
        if request.method == "POST" and form.is_valid():
            change_text(naa, **form.tekster)
            messages.success(request, _("Teksten er lagret."))
            return redirect("nettverk:offentlig", nettverk.slug)
    return render(
        request,
        "nettverk/nettverk_rediger.html",
        {"form": form, "plass": space(nettverk)},
        status=form_status(form),
    )
