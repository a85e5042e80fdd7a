"""The commitments made at gatherings: the list, and saying that one is done."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nettverk.models import Nettverk
from nettverk.side.liste import Brikke, chips, read_liste
from nettverk.side.utenfra import came_from
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from rolu import lister
from rolu.forms.utfall import GjortForm, OppfolgingFilter
from rolu.models import Utfall
from rolu.models.utfall import UtfallQuerySet
from rolu.samlinger import utfall as utfallene
from rolu.samlinger.oppfolging import as_lines, seen_by


@nettverksside("rolu.view_samling")
@require_safe
def oppfolging_list(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """What kommuner and groups have taken on: what is open, the overdue first; one's own; what is done."""
    alle = seen_by(request.roller)
    form = OppfolgingFilter(request.GET, alle=alle)
    valgte = form.filter(alle)
    vis = form.cleaned_data.get("vis") or ""
    per_valg = _kinds(request, valgte)
    liste = read_liste(
        request,
        lister.OPPFOLGINGER,
        per_valg[vis],
        form=form if "hvem" in form.fields else None,
        brikker=[_chips(request, per_valg)],
    )
    return render(
        request,
        "rolu/oppfolging_list.html#liste" if request.htmx else "rolu/oppfolging_list.html",
        {"liste": liste, "linjer": as_lines(liste.side.object_list, request.roller), "vis": vis},
    )


def _kinds(request: PortalRequest, valgte: UtfallQuerySet) -> dict[str, UtfallQuerySet]:
    aapne = valgte.open()
    return {
        "": aapne,
        "egne": aapne.taken_on_by(request.roller),
        "gjort": valgte.filter(gjort__isnull=False).order_by("-gjort", "pk"),
    }


def _chips(request: PortalRequest, per_valg: dict[str, UtfallQuerySet]) -> list[Brikke]:
    ord_ = {"": _("Ikke gjort"), "egne": _("Mine"), "gjort": _("Gjort")}
    return chips(request, "vis", [(v, ord_[v], rader.count()) for v, rader in per_valg.items()])


@nettverksside("rolu.view_samling")
@require_POST
def oppfolging_gjort(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Say that a commitment is done, or that it is not after all; back to where it was said."""
    rad: Any = get_object_or_404(
        Utfall.objects.visible_to(request.roller).commitments().select_related("samling"), pk=pk
    )
    rad.samling.nettverk = nettverk
    krev(request.user, "rolu.change_oppfolging", rad)
    form = GjortForm(request.POST)
    gjort = form.is_valid() and form.cleaned_data["gjort"]
    act = utfallene.finish if gjort else utfallene.reopen
    takk = _("Oppfølgingen er gjort.") if gjort else _("Oppfølgingen er ikke gjort likevel.")
    with told(request, takk):
        act(rad, by=request.user)
    return redirect(came_from(request) or reverse("rolu:oppfolging_list", args=[nettverk.slug]))
