"""What came of the gatherings of a series: to read, and as PDF for those who run the network."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from nettverk.models import Jobb, Nettverk
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from nettverk.views.jobber import jobb_context, send_resultat
from rolu.models import Samlingsserie
from rolu.models.deltakelse import sees_all
from rolu.samlinger import serieoppsummering as oppsummeringen


def _fetch(request: PortalRequest, nettverk: Nettverk, pk: int) -> Samlingsserie:
    serie: Samlingsserie = get_object_or_404(
        Samlingsserie.objects.visible_to(request.roller), pk=pk
    )
    serie.nettverk = nettverk
    return serie


@nettverksside("rolu.view_samling")
@require_safe
def serieoppsummering(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Decisions, commitments and insights of all of them; how many came, to those who may count."""
    serie = _fetch(request, nettverk, pk)
    dokument = oppsummeringen.collect(serie, med_oppmoete=sees_all(request.roller))
    return render(
        request,
        "rolu/serieoppsummering.html",
        {"serie": serie, "dokument": dokument, **_pdf(request, serie)},
    )


def _pdf(request: PortalRequest, serie: Samlingsserie) -> dict[str, Any]:
    """The PDF, or the making of it, for who may have it."""
    if not kan(request.user, "rolu.view_oppsummering_pdf", serie.nettverk):
        return {}
    kan_lage = kan(request.user, "rolu.order_oppsummering_pdf", serie.nettverk)
    jobb = oppsummeringen.jobs(serie).first()
    if jobb is None:
        return {"kan_lage": kan_lage}
    felles = jobb_context(jobb, serie.nettverk, request.user)
    return {**felles, "kan_lage": kan_lage and not jobb.er_aktiv}


@nettverksside("rolu.view_samling")
@require_http_methods(["GET", "HEAD", "POST"])
def serieoppsummering_pdf(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponseBase:
    """Order the PDF (POST), or open the newest one that is finished (GET)."""
    serie = _fetch(request, nettverk, pk)
    if request.method == "POST":
        krev(request.user, "rolu.order_oppsummering_pdf", nettverk)
        with told(request):
            oppsummeringen.order(serie, by=request.user)
        return redirect("rolu:serieoppsummering", nettverk.slug, pk)
    krev(request.user, "rolu.view_oppsummering_pdf", nettverk)
    ferdig = oppsummeringen.jobs(serie).filter(status=Jobb.Status.FERDIG).first()
    if ferdig is None:
        raise Http404
    return send_resultat(ferdig)
