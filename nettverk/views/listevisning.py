"""Keep a list as one likes to see it, and throw the view away."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nettverk import listevisninger
from nettverk.forms.listevisning import ListevisningForm
from nettverk.models import Listevisning, Nettverk
from nettverk.side.utenfra import own_path
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside


@nettverksside("nettverk.view_nettverk")
@require_POST
def behold(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Keep the choices of a list under a name, and go back to the list."""
    form = ListevisningForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        with told(request, _("Visningen «%(navn)s» er lagret.") % {"navn": data["navn"]}):
            listevisninger.keep(
                by=request.user,
                nettverk=nettverk,
                liste=data["liste"],
                navn=data["navn"],
                sporring=data["sporring"],
            )
    else:
        for feil in form.errors.values():
            messages.error(request, str(feil[0]))
    return _back(request, nettverk)


@nettverksside("nettverk.view_nettverk")
@require_POST
def glem(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Throw away one of one's own views."""
    visning = get_object_or_404(Listevisning.objects.visible_to(request.roller), pk=pk)
    with told(request, _("Visningen «%(navn)s» er fjernet.") % {"navn": visning.navn}):
        listevisninger.forget(visning)
    return _back(request, nettverk)


def _back(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    sti = own_path(request, request.POST.get("tilbake", ""))
    return HttpResponseRedirect(sti or reverse("nettverk:hjem", args=[nettverk.slug]))
