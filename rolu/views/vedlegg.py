"""Files of a unit's log: added, described, removed, and served to those who may see the log."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from nettverk.filer.utlevering import send_fil
from nettverk.models import Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from rolu.forms.mellomarbeid import BeskrivelseForm, VedleggForm
from rolu.mellomarbeid import vedlegg as handling
from rolu.models import Vedlegg
from rolu.views.mellomarbeid import fetch


@nettverksside("rolu.view_oppdrag")
@require_safe
def vedlegg(request: PortalRequest, nettverk: Nettverk, pk: int) -> FileResponse:
    """The file itself, for those who may see the mellomarbeid it hangs on."""
    fil = get_object_or_404(Vedlegg.objects.visible_to(request.roller), pk=pk)
    return send_fil(fil.fil, navn=fil.navn, mimetype=fil.mimetype)


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def vedlegg_ny(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Add one or several files."""
    arbeid = fetch(request, nettverk, pk)
    krev(request.user, "rolu.write_mellomarbeid", arbeid)
    form = VedleggForm(**sent(request))
    if request.method == "POST" and form.is_valid():
        filer = form.cleaned_data["filer"]
        takk = ngettext("Fila er lagt ved.", "%(n)s filer er lagt ved.", len(filer))
        with told(request, takk % {"n": len(filer)}, form=form, filfelt="filer"):
            handling.add(
                mellomarbeid=arbeid,
                filer=filer,
                beskrivelse=form.cleaned_data["beskrivelse"],
                by=request.user,
            )
        if form.is_valid():
            return _back_to_files(nettverk, pk)
    return render(
        request,
        "rolu/mellomarbeid_vedlegg.html",
        {"arbeid": arbeid, "enhet": arbeid.gruppe.enhet, "form": form},
        status=form_status(form),
    )


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def vedlegg_beskriv(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Say what a picture shows."""
    fil = _own_file(request, nettverk, pk)
    krev(request.user, "rolu.write_mellomarbeid", fil.mellomarbeid)
    form = BeskrivelseForm(**sent(request), initial={"beskrivelse": fil.alternativ_tekst})
    if request.method == "POST" and form.is_valid():
        with told(request, _("Beskrivelsen er lagret.")):
            handling.describe(fil, **form.cleaned_data)
        return _back_to_files(nettverk, fil.mellomarbeid_id)
    return render(
        request,
        "rolu/mellomarbeid_vedlegg.html",
        {
            "arbeid": fil.mellomarbeid,
            "enhet": fil.mellomarbeid.gruppe.enhet,
            "form": form,
            "fil": fil,
        },
        status=form_status(form),
    )


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def vedlegg_slett(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Ask, then remove a file."""
    fil = _own_file(request, nettverk, pk)
    krev(request.user, "rolu.remove_vedlegg", fil)
    if request.method == "POST":
        with told(request, _("Fila er slettet.")):
            handling.remove(fil)
        return _back_to_files(nettverk, fil.mellomarbeid_id)
    return render(
        request,
        "bekreft.html",
        {
            "tittel": _("Slette «%(fil)s»?") % {"fil": fil.navn},
            "tekst": _("Fila blir borte for godt."),
            "knapp": _("Slett fila"),
            "avbryt_url": reverse("rolu:mellomarbeid", args=[nettverk.slug, fil.mellomarbeid_id]),
        },
    )


def _own_file(request: PortalRequest, nettverk: Nettverk, pk: int) -> Vedlegg:
    fil = get_object_or_404(
        Vedlegg.objects.visible_to(request.roller).select_related(
            "mellomarbeid__oppdrag", "mellomarbeid__gruppe__enhet"
        ),
        pk=pk,
    )
    fil.mellomarbeid.oppdrag.nettverk = nettverk
    return fil


def _back_to_files(nettverk: Nettverk, pk: int) -> HttpResponse:
    return redirect(reverse("rolu:mellomarbeid", args=[nettverk.slug, pk]) + "#vedlegg")
