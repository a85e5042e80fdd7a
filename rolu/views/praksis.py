"""Practice: what the units have tried and shared with everyone, for every member to read."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from kommuner.gyldighet import idag
from nettverk.models import Nettverk
from nettverk.register import medlemskap_per
from nettverk.side.kart import Kart, Kartverdi, draw_kart
from nettverk.tilgang.sider import PortalRequest, nettverksside
from rolu.forms.mellomarbeid import PraksisFilter
from rolu.mellomarbeid.utdrag import first_sentence
from rolu.models import Mellomarbeid

PER_SIDE = 12


@nettverksside("rolu.view_oppdrag")
@require_safe
def praksis(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """What is shared, the newest first: a card each, with its picture or its first sentence."""
    delte = Mellomarbeid.objects.visible_to(request.roller).shared()
    form = PraksisFilter(request.GET, delte=delte, nettverk=nettverk)
    rader = (
        form.filter(delte)
        .with_excerpt()
        .select_related("oppdrag__laeringsloype", "gruppe__enhet", "kommune")
        .with_picture()
        .defer("kommune__grense", "oppdrag__tekst")
        .order_by("-levert", "-pk")
    )
    sider = Paginator(rader, PER_SIDE)
    sider.count = form.antall  # known from the filter's figures: one query saved
    side = sider.get_page(request.GET.get("side"))
    for m in side.object_list:
        m.setning, m.resten = first_sentence(m.utdrag)
    return render(
        request,
        "rolu/praksis.html#liste" if request.htmx else "rolu/praksis.html",
        {
            "form": form,
            "side": side,
            "loyper": _loypevalg(form),
            "alle_loyper": form.address(loype=None),
            "alle_kommuner": form.address(kommune=None),
            "kart": _kart(form, nettverk),
            "har_loyper": nettverk.uses("laeringsloyper"),
            "er_filtrert": form.er_i_bruk,
            "kan_dele": bool(request.roller.enheter),
        },
    )


def _loypevalg(form: PraksisFilter) -> list[dict[str, Any]]:
    """Each track with how much is shared in it; pressed again, the choice goes."""
    antall, valgt = form.count_by("loype"), form.cleaned_data.get("loype")
    return [
        {
            "loype": loype,
            "antall": antall[loype.pk],
            "er_valgt": loype.pk == valgt,
            "url": form.address(loype=None if loype.pk == valgt else loype.pk),
        }
        for loype in form.loyper
        if antall[loype.pk] or loype.pk == valgt
    ]


def _kart(form: PraksisFilter, nettverk: Nettverk) -> Kart | None:
    """The kommuner of today as a filter, shaded by how much they have shared."""
    antall, valgt = form.count_by("kommune"), form.cleaned_data.get("kommune")
    mest = max(antall.values(), default=0)
    if not mest:
        return None
    verdier = {
        pk: Kartverdi(n / mest, str(n), ngettext("%(n)s delt", "%(n)s delte", n) % {"n": n})
        for pk, n in antall.items()
        if pk
    }
    lenker = {pk: form.address(kommune=None if pk == valgt else pk) for pk in verdier}
    return draw_kart(
        list(medlemskap_per(idag()).filter(nettverk=nettverk)),
        skjematisk=True,
        verdier=verdier,
        lenker=lenker,
        valgt=valgt,
    )
