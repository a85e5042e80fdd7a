"""Partners and dissemination: two lists of the public page, kept by koordinator and KOG."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kommuner.gyldighet import idag
from nettverk import samarbeid as samarbeidet
from nettverk.forms.form import DelingForm, PartnerForm
from nettverk.models import Deling, Nettverk, Partner
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.laas import locked
from nettverk.tilgang.sider import PortalRequest, nettverksside

_SLAG: dict[type[Partner] | type[Deling], type[PartnerForm] | type[DelingForm]] = {
    Partner: PartnerForm,
    Deling: DelingForm,
}


@nettverksside("nettverk.change_samarbeid")
@require_safe
def samarbeid(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Both lists, as they stand in public; those that have ended below."""
    partnere = list(nettverk.partnere.all())
    return render(
        request,
        "nettverk/samarbeid.html",
        {
            "partnere": [p for p in partnere if not p.til or p.til > idag()],
            "tidligere": [p for p in partnere if p.til and p.til <= idag()],
            "delinger": list(nettverk.delinger.all()),
        },
    )


def _new(request: PortalRequest, nettverk: Nettverk, modell: Any) -> HttpResponse:
    form = _SLAG[modell](**sent(request), nettverk=nettverk)

    def make() -> str:
        rad = samarbeidet.add(modell, nettverk=nettverk, **form.felt)
        lagt_til = _("«%(navn)s» er lagt til.")
        messages.success(request, fill_in(lagt_til, navn=innhold(rad, nettverk)))
        return reverse("nettverk:samarbeid", args=[nettverk.slug])

    try:
        adresse = form.once(request.user, make)
    except IntegrityError:  # the same was added a moment ago
        form.add_error(None, _somebody_was_first())
    else:
        if adresse:
            return redirect(adresse)
    return _show(request, modell, form)


def _somebody_was_first() -> str:
    return _("Noen andre lagret det samme akkurat nå. Se i lista.")


def _change(request: PortalRequest, nettverk: Nettverk, modell: Any, pk: int) -> HttpResponse:
    rad = get_object_or_404(modell, nettverk=nettverk, pk=pk)
    try:
        with locked(rad) as naa:
            form = _SLAG[modell](**sent(request), instance=naa, nettverk=nettverk)
            if request.method == "POST" and form.is_valid():
                samarbeidet.change(naa, **form.felt)
                messages.success(request, _("Endringene er lagret."))
                return redirect("nettverk:samarbeid", nettverk.slug)
    except IntegrityError:  # the other one got the name meanwhile
        form.add_error(None, _somebody_was_first())
    return _show(request, modell, form, rad)


def _show(request: PortalRequest, modell: Any, form: Any, rad: Any = None) -> HttpResponse:
    return render(
        request,
        "nettverk/samarbeid_skjema.html",
        {"form": form, "rad": rad, "er_deling": modell is Deling},
        status=form_status(form),
    )


@nettverksside("nettverk.change_samarbeid")
@require_http_methods(["GET", "HEAD", "POST"])
def partner_ny(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """A new partner."""
    return _new(request, nettverk, Partner)


@nettverksside("nettverk.change_samarbeid")
@require_http_methods(["GET", "HEAD", "POST"])
def partner_rediger(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Change a partner; it ends by its last day."""
    return _change(request, nettverk, Partner, pk)


@nettverksside("nettverk.change_samarbeid")
@require_http_methods(["GET", "HEAD", "POST"])
def deling_ny(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """A new place where the network has shared its experience."""
    return _new(request, nettverk, Deling)


@nettverksside("nettverk.change_samarbeid")
@require_http_methods(["GET", "HEAD", "POST"])
def deling_rediger(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Change one."""
    return _change(request, nettverk, Deling, pk)


@nettverksside("nettverk.change_samarbeid")
@require_http_methods(["GET", "HEAD", "POST"])
def deling_slett(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Take one out of the list: asks first."""
    deling = get_object_or_404(Deling, nettverk=nettverk, pk=pk)
    if request.method == "POST":
        samarbeidet.remove(deling)
        tatt_ut = _("«%(navn)s» er slettet.")
        messages.success(request, fill_in(tatt_ut, navn=innhold(deling, nettverk)))
        return redirect("nettverk:samarbeid", nettverk.slug)
    tittel = fill_in(_("Slette «%(navn)s»?"), navn=innhold(deling.tittel, nettverk))
    return render(
        request,
        "bekreft.html",
        {
            "tittel": tittel,
            "tekst": _("Erfaringsdelingen blir borte fra den offentlige siden."),
            "knapp": _("Slett erfaringsdelingen"),
            "avbryt_url": reverse("nettverk:deling_rediger", args=[nettverk.slug, pk]),
        },
    )
