"""The pages that ask before the annual report is approved, and before it is published."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluering.aarsrapport import chapters_of, left_out, without_text
from evaluering.forms import GodkjennForm
from evaluering.godkjenning import approve, publish
from evaluering.models import Aarsrapport
from evaluering.views.aarsrapport import fetch
from nettverk.models import Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.sikkerhet.fersk import fersk_innlogging
from nettverk.skriving.konflikt import Konflikt
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev

_skriver = require_http_methods(["GET", "HEAD", "POST"])


@nettverksside()
@fersk_innlogging
@_skriver
def godkjenn(request: PortalRequest, nettverk: Nettverk, aar: int) -> HttpResponse:
    """STG: says what approving does and which chapters are empty; then approves what was looked at."""
    rapport = fetch(request, nettverk, aar)
    krev(request.user, "evaluering.approve_aarsrapport", rapport)
    rapportside = reverse("evaluering:aarsrapport", args=[nettverk.slug, aar])
    if rapport.er_laast or not rapport.pk:
        return redirect(rapportside)
    form = GodkjennForm(**sent(request), initial={"stand": rapport.stand})
    if form.is_bound and form.is_valid():
        try:
            with told(
                request, _("Rapporten er godkjent. PDF-en blir laget nå."), form=form
            ) as utfall:
                approve(rapport, stand=form.cleaned_data["stand"], by=request.user)
        except Konflikt:
            messages.warning(
                request,
                _("Noen har skrevet i rapporten siden du åpnet siden. Les rapporten igjen først."),
            )
            return redirect("evaluering:forhaandsvis", nettverk.slug, aar)
        if not utfall.nei:
            return redirect(rapportside)
    kapitler = chapters_of(rapport)
    borte = left_out(kapitler)
    context = {
        "rapport": rapport,
        "form": form,
        "bare_tall": [k for k in without_text(kapitler) if k not in borte],
        "borte": borte,
    }
    return render(
        request, "evaluering/aarsrapport_godkjenn.html", context, status=form_status(form)
    )


@nettverksside()
@_skriver
def publiser(request: PortalRequest, nettverk: Nettverk, aar: int) -> HttpResponse:
    """The coordinator: says that everyone may read it, then publishes."""
    rapport = fetch(request, nettverk, aar)
    krev(request.user, "evaluering.publish_aarsrapport", rapport)
    rapportside = reverse("evaluering:aarsrapport", args=[nettverk.slug, aar])
    if rapport.status != Aarsrapport.Status.GODKJENT:
        return redirect(rapportside)
    if request.method == "POST":
        with told(request, _("Rapporten er publisert, og alle kan lese den.")):
            publish(rapport, by=request.user)
        return redirect(rapportside)
    return render(request, "evaluering/aarsrapport_publiser.html", {"rapport": rapport})
