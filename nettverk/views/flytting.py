"""Units between networks: propose that one comes here, answer when another network wants one."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kommuner.gyldighet import periode
from kommuner.sortering import composed
from nettverk import flytting
from nettverk.forms.flytting import FlytteforslagForm, FlyttesvarForm
from nettverk.models import Flytteforslag, Gruppe, Nettverk, Verv
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import one_line
from nettverk.sikkerhet.fersk import fersk_innlogging
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev

MAKS = 100
_MED = ("enhet", "fra_nettverk", "til_nettverk", "til_kommune", "foreslaatt_av", "besvart_av")


@nettverksside("nettverk.propose_flytting")
@require_safe
def flytteforslag_list(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """What others want from us, and what we want from others; the newest first."""
    synlige = Flytteforslag.objects.visible_to(request.roller).select_related(*_MED)
    rader = list(synlige.defer("til_kommune__grense")[:MAKS])
    return render(
        request,
        "nettverk/flytteforslag_list.html",
        {
            "til_oss": [rad for rad in rader if rad.fra_nettverk_id == nettverk.pk],
            "fra_oss": [rad for rad in rader if rad.til_nettverk_id == nettverk.pk],
        },
    )


@nettverksside("nettverk.propose_flytting")
@require_http_methods(["GET", "HEAD", "POST"])
def flytteforslag_ny(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Propose that a unit comes here."""
    nummer = one_line(request.GET.get("kommune", ""))[:4]
    kommune = nettverk.kommuner().filter(kommunenummer=nummer).first()
    form = FlytteforslagForm(
        **sent(request),
        nettverk=nettverk,
        initial={
            "enhet": composed(one_line(request.GET.get("enhet", ""))[:20]),
            "kommune": kommune,
        },
    )
    if form.is_valid():
        with told(
            request,
            _("Forslaget er sendt. Dere får e-post når det andre nettverket har svart."),
            form=form,
        ) as u:
            forslag = flytting.propose(nettverk=nettverk, by=request.user, **form.cleaned_data)
        if not u.nei:
            return redirect("nettverk:flytteforslag", nettverk.slug, forslag.pk)
    return render(
        request, "nettverk/flytteforslag_ny.html", {"form": form}, status=form_status(form)
    )


def _fetch(request: PortalRequest, pk: int) -> Flytteforslag:
    synlige = Flytteforslag.objects.visible_to(request.roller).select_related(*_MED)
    return get_object_or_404(synlige.defer("til_kommune__grense"), pk=pk)


@nettverksside("nettverk.propose_flytting")
@require_safe
def flytteforslag(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """One proposal: the same for both networks, with what this one may do about it."""
    forslag = _fetch(request, pk)
    grupper = Gruppe.objects.filter(nettverk=forslag.fra_nettverk, enhet=forslag.enhet_id)
    return render(
        request,
        "nettverk/flytteforslag.html",
        {
            "forslag": forslag,
            "antall_verv": Verv.objects.filter(
                gruppe__in=grupper, gyldig__overlap=periode(forslag.dato)
            ).count(),
            "kan_svare": forslag.er_aapent
            and kan(request.user, "nettverk.answer_flytteforslag", forslag),
            "kan_trekke": forslag.er_aapent
            and kan(request.user, "nettverk.withdraw_flytteforslag", forslag),
        },
    )


@nettverksside("nettverk.propose_flytting")
@fersk_innlogging
@require_POST
def flytteforslag_svar(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Yes or no, by the network that the unit leaves."""
    forslag = _fetch(request, pk)
    krev(request.user, "nettverk.answer_flytteforslag", forslag)
    form = FlyttesvarForm(**sent(request))
    if form.is_valid():
        act, takk = (
            (flytting.accept, _("Enheten flyttes."))
            if form.cleaned_data["svar"] == "ja"
            else (flytting.decline, _("Forslaget er avslått."))
        )
        with told(request, takk):
            act(forslag, by=request.user)
    return redirect("nettverk:flytteforslag", nettverk.slug, pk)


@nettverksside("nettverk.propose_flytting")
@require_POST
def flytteforslag_trekk(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Take back what we proposed."""
    forslag = _fetch(request, pk)
    krev(request.user, "nettverk.withdraw_flytteforslag", forslag)
    with told(request, _("Forslaget er trukket tilbake.")):
        flytting.withdraw(forslag, by=request.user)
    return redirect("nettverk:flytteforslag", nettverk.slug, pk)
