"""The gathering's summary: make it, follow the work, open it, let the members read it."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nettverk.filer.utlevering import send_fil
from nettverk.models import Jobb, Nettverk
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from nettverk.views.jobber import send_resultat
from rolu.forms.samling import OppsummeringPubliserForm
from rolu.models import Oppsummering, Samling
from rolu.samlinger import oppsummering as oppsummeringen
from rolu.views.faner import fetch_med_tall, samlingsside


def _fetch(request: PortalRequest, nettverk: Nettverk, pk: int) -> tuple[Samling, bool]:
    """The gathering, and whether this person sees drafts. 404 when there is nothing to see yet."""
    samling = fetch_med_tall(request, nettverk, pk)
    ser_utkast = kan(request.user, "rolu.view_oppsummering_utkast", samling)
    if not samling.har_oppsummering and (not ser_utkast or samling.er_utkast):
        raise Http404
    return samling, ser_utkast


@nettverksside("rolu.view_samling")
@require_http_methods(["GET", "HEAD", "POST"])
def samling_oppsummering(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The summary and its making. An htmx request is answered with the state of the work alone."""
    samling, ser_utkast = _fetch(request, nettverk, pk)
    if request.method == "POST":
        krev(request.user, "rolu.change_oppsummering", samling)
        with told(request):
            oppsummeringen.order(samling, by=request.user)
        return redirect("rolu:samling_oppsummering", nettverk.slug, pk)
    rad = Oppsummering.objects.select_related("jobb").filter(samling=samling).first()
    jobb = oppsummeringen.latest_job(samling) if ser_utkast else None
    er_i_ro = jobb is None or not jobb.er_aktiv
    adresse = reverse("rolu:samling_oppsummering", args=[nettverk.slug, pk])
    pdf = reverse("rolu:oppsummering_pdf", args=[nettverk.slug, pk])
    return render(
        request,
        "rolu/samling_oppsummering.html#tilstand"
        if request.htmx
        else "rolu/samling_oppsummering.html",
        {
            **samlingsside(request, samling, "samling_oppsummering"),
            "oppsummering": rad,
            "ser_utkast": ser_utkast,
            "kan_lage": er_i_ro and kan(request.user, "rolu.change_oppsummering", samling),
            "jobb": jobb,
            "status_url": adresse,
            "pdf_url": pdf,
            "utkast_url": f"{pdf}?versjon=utkast",
            "er_nyere": _is_newer(rad),
            "vises_utkast": er_i_ro and ser_utkast and _is_newer(rad),
        },
    )


def _is_newer(rad: Oppsummering | None) -> bool:
    """There is a finished version that the members do not read yet."""
    if rad is None or rad.jobb is None or rad.jobb.status != Jobb.Status.FERDIG:
        return False
    avsluttet = rad.jobb.avsluttet
    return rad.publisert is None or (avsluttet is not None and avsluttet > rad.publisert)


@nettverksside("rolu.view_samling")
@require_POST
def oppsummering_publiser(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Let the members read the version that was on the page."""
    samling, _ser_utkast = _fetch(request, nettverk, pk)
    krev(request.user, "rolu.change_oppsummering", samling)
    form = OppsummeringPubliserForm(request.POST)
    jobb = form.cleaned_data["jobb"] if form.is_valid() else None
    with told(request, _("Alle i nettverket kan nå lese oppsummeringen.")):
        oppsummeringen.publish(samling, jobb=jobb)
    return redirect("rolu:samling_oppsummering", nettverk.slug, pk)


@nettverksside("rolu.view_samling")
@require_safe
def oppsummering_pdf(request: PortalRequest, nettverk: Nettverk, pk: int) -> FileResponse:
    """The published PDF; `?versjon=utkast` the newest one, for those who run the network."""
    samling, _ser_utkast = _fetch(request, nettverk, pk)
    rad = Oppsummering.objects.select_related("jobb").filter(samling=samling).first()
    if request.GET.get("versjon") == "utkast":
        krev(request.user, "rolu.view_oppsummering_utkast", samling)
        if rad and rad.jobb:
            return send_resultat(rad.jobb)
    elif rad and rad.fil.name:
        navn = rad.fil.name.rsplit("/", 1)[-1]
        return send_fil(rad.fil, navn=navn, mimetype="application/pdf")
    raise Http404
