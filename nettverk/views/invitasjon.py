"""Invitations: who has not been in, and a letter to those of them one chooses."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kommuner.sortering import norsk_nokkel
from nettverk.forms.invitasjon import InviterForm, OppnevntFilterForm
from nettverk.invitasjon import Oppnevnt, invite, overview, preview
from nettverk.models import Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import came_from, whole_number
from nettverk.tilgang.sider import PortalRequest, nettverksside

PER_SIDE = 25
# As many names as one reads before sending; the rest are counted.
_NAVN_VIST = 200
_FILTER = ("q", "tilstand", "kommune", "gruppe")


@nettverksside("nettverk.invite_folk")
@never_cache
@require_safe
def inviter(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Everybody with a Verv, and how far the invitation has come; at first those who have not been in."""
    form = OppnevntFilterForm(request.GET, nettverk=nettverk)
    alle = overview(nettverk)
    valgte = form.filter(alle)
    return render(
        request,
        "nettverk/inviter.html",
        {
            "form": form,
            "side": Paginator(valgte, PER_SIDE).get_page(request.GET.get("side")),
            "kan_inviteres": sum(en.kan_inviteres for en in valgte),
            "antall": len(alle),
            "har_vaert_inne": sum(en.har_vaert_inne for en in alle),
            "er_invitert": sum(en.invitert is not None and not en.har_vaert_inne for en in alle),
            "ikke_invitert": sum(en.invitert is None and not en.har_vaert_inne for en in alle),
            "er_filtrert": any(request.GET.get(felt) for felt in _FILTER),
            "filter": [(felt, request.GET.get(felt, "")) for felt in _FILTER],
        },
    )


@nettverksside("nettverk.invite_folk")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def inviter_send(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Who gets it and what it says; then it is sent to just those."""
    form = InviterForm(**sent(request))
    if adresse := form.once(request.user, lambda: _sent_to(request, form)):
        return redirect(adresse)
    if request.method == "POST":
        hvem = [whole_number(bit) for bit in request.POST.get("hvem", "").split(",")]
        valgte = _may_be_invited(nettverk, hvem)
    elif request.GET.get("alle"):
        filter_ = OppnevntFilterForm(request.GET, nettverk=nettverk)
        valgte = [en for en in filter_.filter(overview(nettverk)) if en.kan_inviteres]
    else:
        valgte = _may_be_invited(nettverk, map(whole_number, request.GET.getlist("person")))
    if not valgte:
        messages.info(request, _("Velg noen som kan inviteres. Ingen er valgt."))
        return redirect("nettverk:inviter", nettverk.slug)
    if not form.is_bound:
        form = InviterForm(initial={"hvem": ",".join(str(en.person.pk) for en in valgte)})
    return render(
        request,
        "nettverk/inviter_send.html",
        {
            "form": form,
            "antall": len(valgte),
            "per_kommune": _per_kommune(nettverk, valgte),
            "navnene": [en.person.navn for en in valgte[:_NAVN_VIST]],
            "flere": max(len(valgte) - _NAVN_VIST, 0),
            "eposten": preview(valgte[0], nettverk=nettverk, by=request.user),
            "eksempel": valgte[0].person.navn,
            "tilbake": came_from(request),
        },
        status=form_status(form),
    )


def _sent_to(request: PortalRequest, form: InviterForm) -> str:
    nettverk = request.nettverk
    valgte = _may_be_invited(nettverk, form.cleaned_data["hvem"])
    nye = invite([en.person.pk for en in valgte], nettverk=nettverk, by=request.user)
    messages.success(
        request,
        ngettext("%(n)s invitasjon blir sendt.", "%(n)s invitasjoner blir sendt.", len(nye))
        % {"n": len(nye)}
        if nye
        else _("Ingen nye invitasjoner. Alle har fått en i dag, eller har vært inne."),
    )
    return came_from(request) or reverse("nettverk:inviter", args=[nettverk.slug])


def _may_be_invited(nettverk: Nettverk, numre: Any) -> list[Oppnevnt]:
    hvem = {nummer for nummer in numre if nummer is not None}
    return [en for en in overview(nettverk, hvem) if en.kan_inviteres] if hvem else []


def _per_kommune(nettverk: Nettverk, valgte: list[Oppnevnt]) -> list[tuple[str, int]]:
    """How many in each kommune; who belongs to several stands in each, who belongs to none last."""
    navn = dict(nettverk.kommuner().values_list("pk", "navn"))
    antall = Counter(navn[k] for en in valgte for k in en.kommuner if k in navn)
    uten = sum(not (en.kommuner & set(navn)) for en in valgte)
    linjer = sorted(antall.items(), key=lambda par: norsk_nokkel(par[0]))
    return [*linjer, *([(_("Ingen kommune"), uten)] if uten else [])]
