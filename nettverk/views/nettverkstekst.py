"""The page where the koordinator changes what the network says about itself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from nettverk.forms.nettverkstekst import NettverkstekstForm
from nettverk.models import Nettverk
from nettverk.nettverkstekst import Tekstkonflikt, save_text
from nettverk.tilgang.sider import nettverksside


@nettverksside("nettverk.change_nettverk")
def nettverk_rediger(request: HttpRequest, nettverk: Nettverk) -> HttpResponse:
    """Edit the texts. When somebody else saved meanwhile: 409 with both texts, and nothing lost."""
    if request.method != "POST":
        form = NettverkstekstForm.for_nettverk(nettverk)
        return render(request, "nettverk/nettverk_rediger.html", {"form": form})
    form = NettverkstekstForm(request.POST)
    if not form.is_valid():
        return render(request, "nettverk/nettverk_rediger.html", {"form": form})
    try:
        save_text(nettverk, versjon=form.cleaned_data["versjon"], tekster=form.tekster)
    except Tekstkonflikt as konflikt:
        return render(
            request,
            "nettverk/nettverk_rediger.html",
            {
                "form": form.reopened_on(konflikt.naa),
                "konflikt": form.conflicts_with(konflikt.naa),
            },
            status=409,
        )
    messages.success(request, _("Teksten er lagret."))
    return redirect("nettverk:offentlig", nettverk.slug)
