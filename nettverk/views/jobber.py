"""A job as the page sees it: how far it is, what came of it, and once more when it failed."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from nettverk.arbeid.jobber import retry, slag, visible_jobs
from nettverk.filer.utlevering import note_export, send_fil
from nettverk.flater.bruk import closed_part_of_job
from nettverk.models import Jobb, Nettverk
from nettverk.side.utenfra import own_path
from nettverk.sikkerhet.fersk import fersk_for_fil
from nettverk.tilgang.sider import PortalRequest, nettverksside, not_in_use
from nettverk.tilgang.tillatelser import kan, krev


def jobb_context(jobb: Jobb, nettverk: Nettverk, person: Any) -> dict[str, Any]:
    """What `{% jobb %}` shows; for every page with a job on it."""
    hva = slag(jobb.slag)
    jobb.nettverk = nettverk
    if hva.resultat_url:
        resultat_url = hva.resultat_url(jobb)
    elif jobb.resultat and kan(person, hva.resultat_tillatelse, nettverk):
        resultat_url = reverse("nettverk:jobb_resultat", args=[nettverk.slug, jobb.pk])
    else:
        resultat_url = ""
    kan_bestille = kan(person, hva.bestill_tillatelse, nettverk)
    return {
        "jobb": jobb,
        "status_url": reverse("nettverk:jobb", args=[nettverk.slug, jobb.pk]),
        "resultat_url": resultat_url,
        "resultat_tekst": hva.resultat_tekst,
        "resultat_ikon": hva.resultat_ikon,
        "igjen_url": reverse("nettverk:jobb_proev_igjen", args=[nettverk.slug, jobb.pk])
        if kan_bestille
        else "",
    }


def send_resultat(jobb: Jobb) -> FileResponse:
    """The job's file; 404 when it has been cleared away."""
    if not jobb.resultat:
        raise Http404
    return send_fil(jobb.resultat, navn=jobb.filnavn)


@nettverksside("nettverk.view_nettverk")
@never_cache
@require_safe
def jobb(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """How far it is: the partial that polls itself, or a whole page of its own."""
    funnet = _fetch(request, nettverk, pk)
    mal = "components/jobb.html#tilstand" if request.htmx else "nettverk/jobb.html"
    return render(request, mal, jobb_context(funnet, nettverk, request.user))


@nettverksside("nettverk.view_nettverk")
@require_safe
def jobb_resultat(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponseBase:
    """The finished file, for those who may see what it is about."""
    funnet = _fetch(request, nettverk, pk)
    if del_ := closed_part_of_job(funnet.slag, nettverk):
        return not_in_use(request, del_)
    hva = slag(funnet.slag)
    krev(request.user, hva.resultat_tillatelse, nettverk)
    return _send_people(request, funnet) if hva.personliste else send_resultat(funnet)


@fersk_for_fil
def _send_people(request: HttpRequest, jobb: Jobb) -> FileResponse:
    """The file of a job that lists people."""
    svar = send_resultat(jobb)
    antall = jobb.resultat_data.get("personer", 0)
    note_export(request, hva=jobb.slag, antall=antall, nettverk=jobb.nettverk)
    return svar


@nettverksside("nettverk.view_nettverk")
@require_POST
def jobb_proev_igjen(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponseBase:
    """Order the same once more, and go back to where the person was."""
    funnet = _fetch(request, nettverk, pk)
    if del_ := closed_part_of_job(funnet.slag, nettverk):
        return not_in_use(request, del_)
    krev(request.user, slag(funnet.slag).bestill_tillatelse, nettverk)
    retry(funnet, by=request.user)
    fra = request.headers.get("Referer", "")
    if own_path(request, fra):
        return HttpResponseRedirect(fra)
    return redirect("nettverk:jobb", nettverk.slug, funnet.pk)


def _fetch(request: PortalRequest, nettverk: Nettverk, pk: int) -> Jobb:
    return get_object_or_404(visible_jobs(request.roller), pk=pk)
