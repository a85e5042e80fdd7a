"""Stronger than a code by e-mail: what a person is asked for, and what a network requires."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nettverk.forms.sikkerhet import TostegkravForm
from nettverk.models import Nettverk, Verv
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import own_path
from nettverk.sikkerhet import tosteg
from nettverk.sikkerhet.fersk import fersk_innlogging, reauthentication_url
from nettverk.skriving.laas import locked
from nettverk.tilgang.roller import coordinators
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.views.konto import signed_in


def _next(request: HttpRequest) -> str:
    """Where to go afterwards, within the portal: an address, never the name of a page."""
    return own_path(request, request.POST.get("next") or request.GET.get("next", ""))


@never_cache
@require_safe
def tosteg_krav(request: HttpRequest) -> HttpResponse:
    """Why a passkey is needed, how it is made, who helps; on to where one was going when it is."""
    person, videre = signed_in(request), _next(request)
    if tosteg.is_strong(request):
        return redirect(tosteg.way_on(request) or videre or "mfa_index")
    krever = tosteg.demands_of(person)
    har_noekkel = tosteg.has_noekkel(person)
    tosteg.remember_way(request, videre)
    hjelpere = (
        coordinators(Verv.objects.filter(gruppe__nettverk__in=krever))
        .gyldig()
        .exclude(person=person)
        .select_related("person")
    )
    return render(
        request,
        "konto/tosteg.html",
        {
            "krever": krever,
            "er_krevd": bool(krever)
            or person.is_superuser
            or person.is_staff
            or (har_noekkel and tosteg.has_rights(person)),
            "har_noekkel": har_noekkel,
            "bekreft_url": har_noekkel
            and f"{reauthentication_url(request)}?{urlencode({'next': videre})}",
            "hjelpere": list(dict.fromkeys(v.person.navn for v in hjelpere)),
        },
    )


@require_POST
def tosteg_ikke_naa(request: HttpRequest) -> HttpResponse:
    """«Not now»: the home page does not ask again for a month."""
    tosteg.not_now(signed_in(request))
    return redirect(_next(request) or "nettverk:etter_innlogging")


@nettverksside("nettverk.change_nettverk")
@fersk_innlogging
@require_http_methods(["GET", "HEAD", "POST"])
def nettverk_sikkerhet(request: PortalRequest, nettverk: Nettverk) -> HttpResponseBase:
    """From when it is required of those who coordinate, and who of them is ready."""
    with locked(nettverk) as naa:
        form = TostegkravForm(**sent(request), instance=naa)
        if request.method == "POST" and form.is_valid():
            tosteg.require_from(naa, form.cleaned_data["tosteg_fra"], request=request)
            messages.success(request, _("Endringene er lagret."))
            return redirect(reverse("nettverk:nettverk_sikkerhet", args=[nettverk.slug]))
    folk = list(tosteg.with_rights(nettverk).order_by("sortering", "pk"))
    ikke_klare = [person for person in folk if not person.har_noekkel]
    return render(
        request,
        "nettverk/sikkerhet.html",
        {
            "form": form,
            "folk": folk,
            "ikke_klare": len(ikke_klare),
            "ikke_klar_selv": request.user in ikke_klare,
        },
        status=form_status(form),
    )
