"""The public face: the installation's front page and each network's own."""

import datetime
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from kommuner.gyldighet import idag
from nettverk.filer.utlevering import send_fil
from nettverk.flater import seksjonene
from nettverk.models import Medlemskap, Nettverk, Omslag
from nettverk.omslag import cover_of
from nettverk.oppstart.kart import placing
from nettverk.register import medlemskap_per, register_figures
from nettverk.side.kart import draw_kart
from nettverk.side.perdato import read_per
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan

# Where the map stands among the sections of the network's own page.
_NYTT, _KARTET, _HISTORIEN = 10, 30, 85


@dataclass(frozen=True)
class Nettverkskort:
    """A network on the front page."""

    nettverk: Nettverk
    medlemskap: list[Medlemskap]


@login_not_required
@require_safe
def forside(request: PortalRequest) -> HttpResponse:
    """What the portal is, and the networks on this installation."""
    nettverkene = list(Nettverk.objects.filter(er_offentlig=True, er_testdata=False))
    rader = (
        medlemskap_per(idag())
        .filter(nettverk__in=nettverkene)
        .order_by("nettverk", "kommune__sortering")
    )
    per_nettverk = {pk: list(gruppe) for pk, gruppe in groupby(rader, lambda m: m.nettverk_id)}
    kort = [Nettverkskort(nettverk, per_nettverk.get(nettverk.pk, [])) for nettverk in nettverkene]
    return render(
        request,
        "nettverk/forside.html",
        {
            "kort": kort,
            "er_tom": not kort and not Nettverk.objects.exists(),
        },
    )


def _antatte(medlemskap: list[Medlemskap]) -> dict[str, Any]:
    """How many of the memberships have an inferred date, and what is noted of which kommuner."""
    merknader: dict[str, list[str]] = {}
    for m in medlemskap:
        if m.merknad:
            merknader.setdefault(m.merknad, []).append(m.navn_da)
    antall = sum(m.fra_antatt or m.til_antatt for m in medlemskap)
    return {"antall": antall, "merknader": list(merknader.items())}


def _begins(nettverk: Nettverk, per: datetime.date) -> datetime.date | None:
    """The day the network's first kommune comes, when that is after `per`."""
    kommende = nettverk.medlemskap.filter(gyldig__startswith__gt=per).order_by("gyldig").first()
    return kommende.fra if kommende else None


@nettverksside(offentlig=True)
@require_safe
def offentlig(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """What everyone may know of the network: what it wants, who is in it, what it does."""
    if not nettverk.er_offentlig and not request.roller.er_medlem:
        raise Http404
    per = read_per(request)
    medlemskap = list(medlemskap_per(per, med_grense=True).filter(nettverk=nettverk))
    ser_register = kan(request.user, "nettverk.view_register", nettverk)
    kart = draw_kart(
        medlemskap,
        nettverk=nettverk if ser_register else None,
        per="" if per == idag() else f"?per={per:%Y-%m-%d}",
    )
    seksjoner = seksjonene(nettverk, lambda portal: portal.offentlig(nettverk))
    om, _skille, mer_om = nettverk.om.replace("\r\n", "\n").strip().partition("\n\n")
    return render(
        request,
        "nettverk/offentlig.html",
        {
            "omslag": cover_of(nettverk),
            # The first paragraph is read by everybody, the rest by who asks.
            "om": om,
            "mer_om": mer_om,
            "per": per,
            "er_idag": per == idag(),
            "medlemskap": medlemskap,
            "antatte": _antatte(medlemskap),
            "kart": kart,
            "er_kart": kart is not None and (kart.er_ekte or placing(nettverk).er_kart),
            "begynner": None if medlemskap else _begins(nettverk, per),
            "kan_redigere": kan(request.user, "nettverk.change_nettverk", nettverk),
            "tallene": register_figures(nettverk, per, kommuner=len(medlemskap)),
            # First what is new, then what the network wants, the map, what it does, and what it came from.
            "nytt": [s for s in seksjoner if s.rekkefolge < _NYTT],
            "foer_kartet": [s for s in seksjoner if _NYTT <= s.rekkefolge < _KARTET],
            "etter_kartet": [s for s in seksjoner if _KARTET <= s.rekkefolge < _HISTORIEN],
            "historien": [s for s in seksjoner if s.rekkefolge >= _HISTORIEN],
        },
    )


@nettverksside(offentlig=True)
@require_safe
def omslag(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponseBase:
    """The network's photograph, for those who may read its public page. A browser that has it asks
    whether it is still the one."""
    bildet = get_object_or_404(Omslag.objects.visible_to(request.roller), pk=pk)
    merke = quote_etag(bildet.sha256)
    uendret = get_conditional_response(request, etag=merke)
    if uendret is not None and uendret.status_code == HTTPStatus.NOT_MODIFIED:
        return uendret
    svar = send_fil(bildet.fil, navn=bildet.navn, mimetype=bildet.mimetype)
    svar["ETag"] = merke
    svar["Cache-Control"] = "private, no-cache"
    return svar
