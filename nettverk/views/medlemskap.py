"""The kommuner of the network: which, since when, and that one joins or leaves."""

import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kommuner.gyldighet import idag
from kommuner.models import Kommune
from nettverk import medlemskap as medlemskapene
from nettverk.forms.form import MedlemskapForm, SisteDagForm
from nettverk.models import Gruppe, Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.sikkerhet.fersk import fersk_innlogging
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.views.grupper import tell_left_behind


@nettverksside("nettverk.change_nettverk")
@require_safe
def medlemskap(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Those who are in, those who come, and those who were."""
    alle = nettverk.medlemskap.in_order().defer("kommune__grense")
    rader = list(alle.with_antall_enheter(idag()))
    return render(
        request,
        "nettverk/medlemskap.html",
        {
            "rader": [rad for rad in rader if not rad.til or rad.til > idag()],
            "tidligere": [rad for rad in rader if rad.til and rad.til <= idag()],
        },
    )


@nettverksside("nettverk.change_nettverk")
@fersk_innlogging
@require_http_methods(["GET", "HEAD", "POST"])
def medlemskap_ny(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Take a kommune in: first what that means, then it is done."""
    form = MedlemskapForm(**sent(request))
    er_sett = request.POST.get("steg") == "ta-inn"

    def make() -> str:
        rad = medlemskapene.join(
            nettverk, kommune=form.cleaned_data["kommune"], fra=form.cleaned_data["fra"]
        )
        messages.success(
            request,
            _("%(kommune)s er med i nettverket.") % {"kommune": rad.kommune}
            if rad.er_gyldig()
            else _("%(kommune)s blir med i nettverket fra dagen du valgte.")
            % {"kommune": rad.kommune},
        )
        return reverse("nettverk:medlemskap", args=[nettverk.slug])

    if er_sett:
        with told(request, form=form):
            if adresse := form.once(request.user, make):
                return redirect(adresse)
    data = form.cleaned_data if form.is_valid() else None
    return render(
        request,
        "nettverk/medlemskap_ny.html",
        {"form": form, "foelger": _what_follows(data["kommune"], data["fra"]) if data else None},
        status=form_status(form),
    )


def _what_follows(kommune: Kommune, fra: datetime.date) -> dict[str, object]:
    """Of its units, and whether they get groups at once."""
    enheter = medlemskapene.units_of(kommune, max(fra, idag()))
    return {
        "kommune": kommune,
        "fra": fra,
        "antall": enheter.count(),
        "faar_grupper": fra <= idag(),
    }


@nettverksside("nettverk.change_nettverk")
@fersk_innlogging
@require_http_methods(["GET", "HEAD", "POST"])
def medlemskap_avslutt(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Let a kommune go: says what ends with it, and asks for the last day."""
    rad = get_object_or_404(
        nettverk.medlemskap.select_related("kommune").defer("kommune__grense"), pk=pk
    )
    rad.nettverk = nettverk
    if not medlemskapene.can_end(rad):
        messages.info(request, _("Kommunen har allerede gått ut av nettverket."))
        return redirect("nettverk:medlemskap", nettverk.slug)
    form = SisteDagForm(**sent(request), ting=rad)
    if request.method == "POST" and form.is_valid():
        takk = _("%(kommune)s går ut av nettverket.") % {"kommune": rad.kommune}
        with told(request, takk, form=form) as utfall:
            gjort = medlemskapene.leave(
                rad, siste_dag=form.cleaned_data["siste_dag"], by=request.user
            )
        if not utfall.nei:
            tell_left_behind(request, gjort.etterlatt)
            return redirect("nettverk:medlemskap", nettverk.slug)
    ut = medlemskapene.what_leaves(rad, form.slutt)
    return render(
        request,
        "nettverk/medlemskap_avslutt.html",
        {
            "medlemskap": rad,
            "form": form,
            "enheter": ut.enheter,
            "grupper": ut.grupper.count(),
            "verv": ut.verv.count(),
            "representanter": _names(ut),
        },
        status=form_status(form),
    )


def _names(ut: medlemskapene.Utgang) -> list[str]:
    """Those who represent the kommune in the network's own groups: they are few, and named."""
    verv = ut.verv.exclude(gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE).in_order()
    return list(dict.fromkeys(verv.values_list("person__navn", flat=True)))
