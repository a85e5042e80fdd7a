"""Practice: what the units have tried and shared with everyone, for every member to read."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from kommuner.gyldighet import idag
from laeringsloyper.merke import draw_merke
from nettverk.models import Nettverk
from nettverk.register import medlemskap_per
from nettverk.side.innhold import innhold
from nettverk.side.kart import Kart, Kartverdi, draw_kart
from nettverk.side.liste import Brikke, address, beyond, chips
from nettverk.tilgang.sider import PortalRequest, nettverksside
from rolu.forms.mellomarbeid import PraksisFilter
from rolu.mellomarbeid.utdrag import add_sentences
from rolu.models import Mellomarbeid

PER_SIDE = 24
# As in static/css/praksiskort.css.
PAA_TELEFON = 8


@nettverksside("rolu.view_oppdrag")
@require_safe
def praksis(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """What is shared, the newest first: a card each, with its picture or its first sentence."""
    delte = Mellomarbeid.objects.visible_to(request.roller).shared()
    form = PraksisFilter(request.GET, delte=delte, nettverk=nettverk)
    rader = form.filter(delte).as_cards().order_by("-levert", "-pk")
    sider = Paginator(rader, PER_SIDE)
    sider.count = form.antall  # known from the filter's figures: one query saved
    side = sider.get_page(request.GET.get("side"))
    add_sentences(side.object_list)
    return render(
        request,
        "rolu/praksis.html#liste" if request.htmx else "rolu/praksis.html",
        {
            "form": form,
            "side": side,
            "flere": beyond(side, PAA_TELEFON),
            "brikker": _track_chips(request, form),
            "alle_kommuner": address(request, kommune=None),
            "kart": _kart(request, form),
            "har_loyper": nettverk.uses("laeringsloyper"),
            "er_filtrert": form.er_i_bruk,
            "kan_dele": bool(request.roller.enheter),
        },
    )


def _track_chips(request: PortalRequest, form: PraksisFilter) -> list[Brikke]:
    """Each track of which something is shared, in its own colour, and the one that is chosen."""
    antall, valgt = form.count_by("loype"), form.cleaned_data.get("loype")
    loyper = [loype for loype in form.loyper if antall[loype.pk] or loype.pk == valgt]
    if not loyper:
        return []
    return chips(
        request,
        "loype",
        [
            ("", _("Alle"), sum(antall.values())),
            *(
                (
                    str(loype.pk),
                    draw_merke(loype.farge, loype.tegn, innhold(loype.navn, request.nettverk)),
                    antall[loype.pk],
                )
                for loype in loyper
            ),
        ],
    )


def _kart(request: PortalRequest, form: PraksisFilter) -> Kart | None:
    """The kommuner of today as a filter, shaded by how much they have shared."""
    antall, valgt = form.count_by("kommune"), form.cleaned_data.get("kommune")
    if not any(antall.values()):
        return None
    verdier = {
        pk: Kartverdi(None, str(n), ngettext("%(n)s delt", "%(n)s delte", n) % {"n": n}, antall=n)
        for pk, n in antall.items()
        if pk
    }
    lenker = {pk: address(request, kommune=None if pk == valgt else pk) for pk in verdier}
    return draw_kart(
        list(medlemskap_per(idag()).filter(nettverk=request.nettverk)),
        skjematisk=True,
        verdier=verdier,
        lenker=lenker,
        valgt=valgt,
    )
