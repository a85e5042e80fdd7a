"""A page of a network: find the network, the person's roles and the language; refuse early."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from nettverk.flater import Portaldel, closed_part
from nettverk.mellomvare import choose_spraak
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person
from nettverk.sikkerhet.okt import note_rights
from nettverk.sikkerhet.tosteg import lead
from nettverk.skriving.autolagring import saves_itself
from nettverk.skriving.konflikt import Borte
from nettverk.tilgang.roller import Roller, find_nettverk, roller_for
from nettverk.tilgang.tillatelser import Avslag, krev

# A file that streams is an answer too.
View = Callable[..., HttpResponseBase]


class PortalRequest(HttpRequest):
    """What a page of a network is asked with: who asks, in which network, with which roles.

    Only a type: `nettverksside` and the middleware give every request these. On a page that is open to
    everyone `user` may be somebody who is not signed in; then `roller` holds nothing.
    """

    user: Person
    nettverk: Nettverk
    roller: Roller
    htmx: HtmxDetails


def _closed(request: PortalRequest, nettverk: Nettverk) -> Portaldel | None:
    funnet = request.resolver_match
    return closed_part(funnet.route, nettverk) if funnet else None


def not_in_use(request: PortalRequest, del_: Portaldel) -> HttpResponseBase:
    """The plain page of an address in a part that is off, for the network's own people. A text that saves
    itself is told so, and stays where it is written."""
    if not request.roller.er_medlem:
        raise Http404
    if saves_itself(request):
        tekst = _("Dette nettverket bruker ikke «%(del)s» lenger.") % {"del": del_.navn}
        return JsonResponse({"status": "slutt", "tekst": tekst}, status=404)
    return render(
        request,
        "nettverk/del_av.html",
        {
            "del": del_,
            "kan_slaa_paa": request.roller.er_koordinator,
            "ble_sendt": request.method == "POST",
        },
        status=404,
    )


def _answer(view: View, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """What somebody removed while the page was open, is not found."""
    try:
        return view(*args, **kwargs)
    except Borte as feil:
        raise Http404(str(feil)) from feil


def nettverksside(
    tillatelse: str | None = None, *, offentlig: bool = False
) -> Callable[[View], View]:
    """Decorate a view whose address begins with the network's slug.

    The view gets the Nettverk instead of the slug; `request.nettverk` and `request.roller` are set.
    `tillatelse` is asked of the network (an object's own permission the view asks itself);
    `offentlig` opens the page to everyone. A page of a part that the network does not use says so to its
    members, and does not exist to others. Needs one query besides the person's. Refused for want of a
    passkey or an app: to the page that says how to get one.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def side(
            request: PortalRequest, nettverk: str, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            funnet = find_nettverk(nettverk, request.user)
            if funnet is None:
                raise Http404
            request.nettverk = funnet
            request.roller = roller_for(request.user, funnet)
            choose_spraak(request, funnet)
            if request.roller.er_kog:
                note_rights(request)
            if (del_ := _closed(request, funnet)) is not None:
                return not_in_use(request, del_)
            try:
                if tillatelse:
                    krev(request.user, tillatelse, funnet)
                return _answer(view, request, funnet, *args, **kwargs)
            except (Avslag, Http404):
                # It may be for want of what is held back. Whether the thing exists is not told by it.
                if request.roller.tilbakeholdt:
                    return lead(request, funnet)
                raise

        return login_not_required(side) if offentlig else side

    return decorate
