"""The search in the header: everything that has a name, by kind."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kommuner.sortering import rank_in_memory, search_words
from nettverk.flater import (
    Handling,
    Menypunkt,
    Treff,
    Treffgruppe,
    handlingene,
    pages_called,
    snarveiene,
    sok_overalt,
)
from nettverk.models import Nettverk
from nettverk.side.utenfra import one_line
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.treff import nearest

MAKS_LENGDE = 100


@require_safe
@nettverksside("nettverk.view_nettverk")
def sok(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """What the words find of what the person may see; without words, what can be found."""
    q = " ".join(one_line(request.GET.get("q", "")[:MAKS_LENGDE]).split())
    har_ord = bool(search_words(q))
    grupper = sok_overalt(request.roller, q) if har_ord else []
    if request.htmx:
        return _palette(request, q, har_ord=har_ord, funnet=grupper)
    handlinger = handlingene(request.roller, q=q) if har_ord else []
    if har_ord and (sider := pages_called(request.roller, q)):
        grupper = [_lines(_("Gå til"), sider, q), *grupper]
    context: dict[str, Any] = {"q": q, "handlinger": handlinger, "grupper": grupper}
    if har_ord and not grupper and not handlinger:
        context["naermest"] = _nearest(request, q)
    return render(request, "nettverk/sok.html", context)


def _palette(
    request: PortalRequest, q: str, *, har_ord: bool, funnet: list[Treffgruppe]
) -> HttpResponse:
    """Acts and pages among what was found, the nearest first; all of them before anything is written,
    after the person's own. When nothing is found: what is called something like it."""
    roller = request.roller
    skrevet = q if har_ord else ""
    egne = [
        Treffgruppe(_("Snarveier"), "sok", [] if har_ord else snarveiene(roller)),
        _lines(_("Gjør"), handlingene(roller, q=skrevet), q),
        _lines(_("Gå til"), pages_called(roller, skrevet), q),
    ]
    grupper = [gruppe for gruppe in [*egne, *funnet] if gruppe.treff]
    if har_ord:
        grupper.sort(key=lambda gruppe: gruppe.rang)
    antall = sum(len(gruppe.treff) for gruppe in grupper)
    if not antall:
        grupper = [_nearest(request, q)]
    context = {"q": q, "grupper": grupper, "antall": antall}
    return render(request, "nettverk/_sok_treff.html", context)


def _nearest(request: PortalRequest, q: str) -> Treffgruppe:
    return Treffgruppe(_("Kanskje du leter etter"), "sok", nearest(request.roller, q))


def _lines(tittel: str, ting: Iterable[Menypunkt | Handling], q: str) -> Treffgruppe:
    """Acts or pages as what was found, each with its own icon."""
    treff = [Treff(t.label, t.url, ikon=t.ikon, rang=rank_in_memory(str(t.label), q)) for t in ting]
    return Treffgruppe(tittel, "sok", sorted(treff, key=lambda t: t.rang))
