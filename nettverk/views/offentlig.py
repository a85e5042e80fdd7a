"""The public face: the installation's front page and each network's own."""

import datetime
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kommuner.gyldighet import idag
from nettverk.flater import seksjonene
from nettverk.models import Medlemskap, Nettverk
from nettverk.oppstart.kart import placing
from nettverk.register import medlemskap_per
from nettverk.side.kart import Kart, draw_kart
from nettverk.side.perdato import read_per
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan


@dataclass(frozen=True)
class Nettverkskort:
    """A network on the front page."""

    nettverk: Nettverk
    medlemskap: list[Medlemskap]
    kart: Kart | None


@login_not_required
@require_safe
def forside(request: PortalRequest) -> HttpResponse:
    """The networks on this installation, each with its map."""
    nettverkene = list(Nettverk.objects.filter(er_offentlig=True, er_testdata=False))
    rader = (
        medlemskap_per(idag(), med_grense=True)
        .filter(nettverk__in=nettverkene)
        .order_by("nettverk", "kommune__sortering")
    )
    per_nettverk = {pk: list(gruppe) for pk, gruppe in groupby(rader, lambda m: m.nettverk_id)}
    kort = [
        Nettverkskort(
            nettverk,
            medlemskap := per_nettverk.get(nettverk.pk, []),
            draw_kart(medlemskap, liten=True),
        )
        for nettverk in nettverkene
    ]
    return render(
        request,
        "nettverk/forside.html",
        {
            "kort": kort,
            "er_tom": not kort and not Nettverk.objects.exists(),
            "har_grenser": any(k.kart and k.kart.er_ekte for k in kort),
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
    kart = draw_kart(medlemskap)
    return render(
        request,
        "nettverk/offentlig.html",
        {
            "per": per,
            "er_idag": per == idag(),
            "medlemskap": medlemskap,
            "antatte": _antatte(medlemskap),
            "kart": kart,
            "er_kart": kart is not None and (kart.er_ekte or placing(nettverk).er_kart),
            "begynner": None if medlemskap else _begins(nettverk, per),
            "kan_redigere": kan(request.user, "nettverk.change_nettverk", nettverk),
            "kan_se_register": kan(request.user, "nettverk.view_register", nettverk),
            "seksjoner": seksjonene(nettverk, lambda portal: portal.offentlig(nettverk)),
        },
    )
