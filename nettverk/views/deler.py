"""Which parts of the portal the network uses: the list, and one of them turned off or on."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nettverk import portaldeler
from nettverk.flater import Portaldel, find_part, needed_by, needs
from nettverk.flater import portaldeler as alle_deler
from nettverk.forms.deler import DelForm, ValgForm
from nettverk.models import Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.tilgang.sider import PortalRequest, nettverksside


@nettverksside("nettverk.change_nettverk")
@require_safe
def deler(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Every part, whether it is in use, what is in it, and what was changed before."""
    return render(
        request,
        "nettverk/deler.html",
        {
            "rader": [
                {
                    "del": d,
                    "i_bruk": nettverk.uses(d.noekkel),
                    "innhold": portaldeler.contents(nettverk, d),
                    "krever": [k.navn for k in alle_deler() if k.noekkel in d.krever],
                }
                for d in alle_deler()
            ],
            "historie": portaldeler.history(nettverk),
        },
    )


@nettverksside("nettverk.change_nettverk")
@require_http_methods(["GET", "HEAD", "POST"])
def del_(request: PortalRequest, nettverk: Nettverk, noekkel: str) -> HttpResponse:
    """Turn one off or on: first what follows with it, what is hidden, and what somebody waits for."""
    valgt = find_part(noekkel)
    if valgt is None:
        raise Http404
    if request.POST.get("skal") == "valg" and valgt.valg:
        return _choose(request, nettverk, valgt)
    form = DelForm(**sent(request))
    if request.method == "POST" and form.is_valid():
        _turn(request, nettverk, valgt, av=form.slaas_av)
        return redirect("nettverk:portaldeler", nettverk.slug)
    return _show(request, nettverk, valgt, status=form_status(form))


def _choose(request: PortalRequest, nettverk: Nettverk, valgt: Portaldel) -> HttpResponse:
    """The choices within the part."""
    i_bruk = portaldeler.choices_in_use(nettverk, valgt)
    form = ValgForm(request.POST, del_=valgt, i_bruk=i_bruk)
    if not form.is_valid():
        return _show(request, nettverk, valgt, valgform=form, status=form_status(form))
    portaldeler.choose(nettverk, valgt, form.cleaned_data["valg"])
    messages.success(request, _("Valget er lagret."))
    return redirect("nettverk:portaldeler", nettverk.slug)


def _show(
    request: PortalRequest,
    nettverk: Nettverk,
    valgt: Portaldel,
    *,
    valgform: ValgForm | None = None,
    status: int,
) -> HttpResponse:
    i_bruk = nettverk.uses(valgt.noekkel)
    if valgform is None and valgt.valg and i_bruk:
        valgform = ValgForm(del_=valgt, i_bruk=portaldeler.choices_in_use(nettverk, valgt))
    foelger = [
        d
        for d in (needed_by(valgt) if i_bruk else needs(valgt))
        if nettverk.uses(d.noekkel) == i_bruk
    ]
    return render(
        request,
        "nettverk/del.html",
        {
            "del": valgt,
            "valgform": valgform,
            "i_bruk": i_bruk,
            "foelger": foelger,
            "gjelder": [valgt, *foelger],
            "innhold": [
                tekst for d in (valgt, *foelger) for tekst in portaldeler.contents(nettverk, d)
            ],
            "underveis": [
                tekst for d in (valgt, *foelger) for tekst in portaldeler.under_way(nettverk, d)
            ]
            if i_bruk
            else [],
        },
        status=status,
    )


def _turn(request: PortalRequest, nettverk: Nettverk, valgt: Portaldel, *, av: bool) -> None:
    endret = (portaldeler.turn_off if av else portaldeler.turn_on)(nettverk, valgt)
    if not endret:
        messages.info(request, _("Det var allerede slik. Ingenting er endret."))
        return
    navn = ", ".join(str(d.navn) for d in endret)
    tekst = _("Slått av: %(deler)s.") if av else _("Slått på: %(deler)s.")
    messages.success(request, tekst % {"deler": navn})
