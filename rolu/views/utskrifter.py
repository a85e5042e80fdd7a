"""What is printed for a gathering, on one page; and one's own proof of attendance."""

from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from nettverk.filer.utlevering import send_fil
from nettverk.models import Nettverk
from nettverk.sikkerhet.fersk import fersk_innlogging
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from nettverk.views.jobber import jobb_context
from rolu.forms.deltakere import UtskriftForm
from rolu.samlinger import utskrifter
from rolu.views.faner import fetch_med_tall, fetch_samling, samlingsside


@nettverksside("rolu.print_samlinger")
@fersk_innlogging
@require_http_methods(["GET", "HEAD", "POST"])
def samling_utskrifter(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Badges, the list to sign, proofs of attendance: ordered here, followed, and opened. Under the tables for who
    came from there (`?bord`)."""
    samling = fetch_med_tall(request, nettverk, pk)
    krev(request.user, "rolu.change_innsjekk", samling)
    if samling.er_utkast:
        raise Http404
    if request.method == "POST":
        form = UtskriftForm(request.POST)
        if form.is_valid():
            utskrift = utskrifter.UTSKRIFTER[form.cleaned_data["utskrift"]]
            with told(request):
                utskrifter.order(samling, utskrift=utskrift, by=request.user)
            return redirect(f"{request.get_full_path()}#utskrift-{utskrift.navn}")
        return redirect("rolu:samling_utskrifter", nettverk.slug, pk)
    jobber = utskrifter.latest_jobs(samling)
    antall = utskrifter.amount(samling)
    fane = "samling_bord" if "bord" in request.GET else "samling_deltakere"
    return render(
        request,
        "rolu/samling_utskrifter.html",
        {
            **samlingsside(request, samling, fane),
            "forrige_url": reverse(f"rolu:{fane}", args=[nettverk.slug, pk]),
            "utskrifter": [
                {
                    "utskrift": u,
                    "antall": antall[navn],
                    "jobb": jobb_context(jobber[navn], nettverk, request.user)
                    if navn in jobber
                    else None,
                }
                for navn, u in utskrifter.UTSKRIFTER.items()
            ],
        },
    )


@nettverksside("rolu.view_samling")
@require_safe
def eget_kursbevis(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponseBase:
    """One's own proof of attendance; 404 for who did not meet."""
    samling = fetch_samling(request, nettverk, pk)
    if not utskrifter.has_certificate(samling, request.user):
        raise Http404
    navn, innhold = utskrifter.own_certificate(samling, person=request.user)
    return send_fil(ContentFile(innhold), navn=navn, mimetype="application/pdf")
