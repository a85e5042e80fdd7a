"""The big screen in the hall: a window of its own, without menu and without names of persons."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from nettverk.models import Nettverk
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import mark
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from rolu.models import Samling
from rolu.samlinger.skjermbilder import draw, picture_of
from rolu.samlinger.storskjerm import require_shown, screen_of, state_of


def fetch_hall(request: PortalRequest, nettverk: Nettverk, pk: int) -> Samling:
    """The gathering with its screen, for those who run it. One query; the network comes with it."""
    synlige = Samling.objects.visible_to(request.roller).select_related("storskjerm")
    samling: Samling = get_object_or_404(synlige, pk=pk)
    samling.nettverk = nettverk
    krev(request.user, "rolu.change_storskjerm", samling)
    return samling


def to_gathering(request: PortalRequest, samling: Samling) -> HttpResponse | None:
    """Away from the pages of the day, to the gathering, when it has no screen (`require_shown`); a page that asks
    by itself is told that it is gone."""
    try:
        require_shown(samling)
    except KanIkke as nei:
        if request.htmx:
            return HttpResponse(status=410)
        messages.info(request, str(nei))
        return redirect("rolu:samling", samling.nettverk.slug, samling.pk)
    return None


@nettverksside("rolu.view_samling")
@require_safe
def storskjerm(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """What the hall sees. It asks with `etter` whether there is something new: 204 when there is not."""
    samling = fetch_hall(request, nettverk, pk)
    if borte := to_gathering(request, samling):
        return borte
    # The hall reads it, not whoever opened it.
    translation.activate(nettverk.maalform)
    request.LANGUAGE_CODE = nettverk.maalform
    kontekst = _screen(samling)
    if request.htmx and request.GET.get("etter") == kontekst["etter"]:
        return HttpResponse(status=204)
    del_ = "#skjerm" if request.htmx else ""
    return render(request, f"rolu/storskjerm.html{del_}", kontekst)


def _screen(samling: Samling) -> dict[str, Any]:
    """What is shown now, drawn, and its mark: the version, and of what moves without anybody steering – the time,
    a wall – how it looks."""
    skjerm = screen_of(samling)
    naa = timezone.now()
    stand = state_of(skjerm, naa)
    bilde, data = picture_of(samling, stand.bilde)
    felles = {"samling": samling, "nettverk": samling.nettverk}
    mal = "rolu/storskjerm/_flate.html"
    innhold = render_to_string(
        mal,
        {
            **felles,
            "bilde": bilde,
            "stand": stand,
            "innhold": draw(samling, bilde, data, stand),
        },
    )
    return {
        **felles,
        "bilde": bilde,
        "innhold": innhold,
        "tidspunkt": naa,
        "etter": f"{skjerm.versjon}-{mark(innhold)}",
    }
