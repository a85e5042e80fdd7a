"""Practice: what the units have tried and shared with everyone, for every member to read."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nettverk.models import Nettverk
from nettverk.tilgang.sider import PortalRequest, nettverksside
from rolu.forms.mellomarbeid import PraksisFilter
from rolu.models import Mellomarbeid

PER_SIDE = 20


@nettverksside("rolu.view_oppdrag")
@require_safe
def praksis(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """What is shared, the newest first, with the first lines of each. Four queries."""
    delte = Mellomarbeid.objects.visible_to(request.roller).shared()
    form = PraksisFilter(request.GET, delte=delte, nettverk=nettverk)
    rader = (
        form.filter(delte)
        .with_excerpt()
        .select_related("oppdrag__laeringsloype", "gruppe__enhet", "kommune")
        .defer("kommune__grense", "oppdrag__tekst")
        .order_by("-levert", "-pk")
    )
    return render(
        request,
        "rolu/praksis.html#liste" if request.htmx else "rolu/praksis.html",
        {
            "form": form,
            "side": Paginator(rader, PER_SIDE).get_page(request.GET.get("side")),
            "har_loyper": nettverk.uses("laeringsloyper"),
            "er_filtrert": form.er_i_bruk,
        },
    )
