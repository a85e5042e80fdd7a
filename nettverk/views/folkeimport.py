"""People from a list: upload or paste, preview, confirm, result."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kommuner.enhetsimport import regneark
from nettverk.filer.utlevering import note_export, send_regneark
from nettverk.folkeimport import handlinger, mal
from nettverk.folkeimport.kolonner import KOLONNER
from nettverk.folkeimport.tolking import GRUNNER
from nettverk.forms.folkeimport import FolkeimportForm, SpoersmaalForm
from nettverk.models import Folkeimport, Folkeimportrad, Nettverk
from nettverk.overtakelse import counted_in_words
from nettverk.side.portalform import form_status, sent
from nettverk.sikkerhet.fersk import fersk_for_fil, fersk_innlogging
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.views.jobber import jobb_context

PER_SIDE = 25
Importutfall = Folkeimportrad.Importutfall
# Not an outcome, but rows of any that a person should look at.
BOER_SES = "se"
FANER = {
    Importutfall.NY: gettext_lazy("Nye"),
    Importutfall.ENDRET: gettext_lazy("Endret"),
    Importutfall.AVSLUTTES: gettext_lazy("Avsluttes"),
    BOER_SES: gettext_lazy("Se over"),
    Importutfall.AVVIST: gettext_lazy("Avvist"),
    Importutfall.UENDRET: gettext_lazy("Uendret"),
}


@nettverksside("nettverk.import_folk")
@require_http_methods(["GET", "HEAD", "POST"])
def folkeimport(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Send in a list; below it, what has been sent in before and what the columns are."""
    form = FolkeimportForm(**sent(request))
    with told(request, form=form):
        if adresse := form.once(request.user, lambda: _sent_in(request, form)):
            return redirect(adresse)
    tidligere = Folkeimport.objects.visible_to(request.roller)
    return render(
        request,
        "nettverk/folkeimport.html",
        {
            "form": form,
            "tidligere": tidligere.select_related("lastet_opp_av", "jobb")[:10],
            "kolonner": KOLONNER,
        },
        status=form_status(form),
    )


def _sent_in(request: PortalRequest, form: FolkeimportForm) -> str:
    assert form.tabell is not None
    fil = form.cleaned_data["fil"]
    rad = handlinger.create(
        nettverk=request.nettverk,
        tabell=form.tabell,
        filnavn=fil.name if fil else _("Limt inn"),
        hel_liste=form.cleaned_data["hel_liste"],
        by=request.user,
    )
    return reverse("nettverk:folkeimport_vis", args=[request.nettverk.slug, rad.pk])


@nettverksside("nettverk.import_folk")
@require_safe
def folkeimport_mal(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The template, with the units and what is vacant in each; nobody's name is in it."""
    return send_regneark("folk-mal.xlsx", mal.make(nettverk))


@nettverksside("nettverk.import_folk")
@never_cache
@require_safe
def folkeimport_vis(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """One import, wherever it is: being read, waiting to be confirmed, being written, done."""
    rad = _fetch(request, nettverk, pk)
    if rad.er_underveis and rad.jobb:
        return _underway(request, nettverk, rad)
    if request.htmx:  # the progress bar asked, and the work is done: show the page anew
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "nettverk/folkeimport_vis.html", _content(request, rad))


@nettverksside("nettverk.import_folk")
@require_POST
def folkeimport_svar(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """What the words mean that the network has no role or group for; the list is read once more."""
    rad = _fetch(request, nettverk, pk)
    form = SpoersmaalForm(request.POST, rad=rad)
    if not form.is_valid():
        innhold = _content(request, rad, spoersmaal=form)
        return render(request, "nettverk/folkeimport_vis.html", innhold, status=form_status(form))
    with told(request):
        handlinger.answer(rad, svar=form.svar(), by=request.user)
    return redirect("nettverk:folkeimport_vis", nettverk.slug, rad.pk)


@nettverksside("nettverk.import_folk")
@fersk_innlogging
@require_http_methods(["GET", "HEAD", "POST"])
def folkeimport_bekreft(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Write what the preview showed. Read, it leads back to the preview: one may come here from the page
    that asked for a fresh sign-in."""
    rad = _fetch(request, nettverk, pk)
    if request.method == "POST":
        with told(request):
            handlinger.confirm(rad, by=request.user)
    return redirect("nettverk:folkeimport_vis", nettverk.slug, rad.pk)


@nettverksside("nettverk.import_folk")
@require_POST
def folkeimport_forkast(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Throw the list and its preview away."""
    rad = _fetch(request, nettverk, pk)
    if handlinger.discard(rad):
        tekst = _("«%(navn)s» er forkastet. Ingenting er endret.")
    else:
        tekst = _("«%(navn)s» er bekreftet, og kan ikke forkastes.")
    messages.info(request, tekst % {"navn": rad.filnavn})
    return redirect("nettverk:folkeimport", nettverk.slug)


@nettverksside("nettverk.import_folk")
@fersk_for_fil
@require_safe
def folkeimport_avviste(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The refused rows as a spreadsheet, to be mended and sent in again."""
    rad = _fetch(request, nettverk, pk)
    # A row that names several units stands once in the file.
    avviste = rad.rader.filter(utfall=Importutfall.AVVIST, nummer__isnull=False)
    rader = {r.nummer: r for r in avviste.in_order()}
    linjer = (
        (
            r.nummer,
            "\n".join(": ".join(filter(None, feil)) for feil in r.data["feil"]),
            r.data.get("celler", []),
        )
        for r in rader.values()
    )
    innhold = regneark.avviste(rad.oppsummering.get("overskrifter", []), linjer)
    note_export(request, hva="nettverk.avviste_folk", antall=len(rader), nettverk=nettverk)
    return send_regneark("avviste-rader.xlsx", innhold)


def _fetch(request: PortalRequest, nettverk: Nettverk, pk: int) -> Folkeimport:
    synlige = Folkeimport.objects.visible_to(request.roller)
    rad = get_object_or_404(synlige.select_related("jobb"), pk=pk)
    rad.nettverk = nettverk
    return rad


def _underway(request: PortalRequest, nettverk: Nettverk, rad: Folkeimport) -> HttpResponse:
    assert rad.jobb is not None
    innhold = {
        **jobb_context(rad.jobb, nettverk, request.user),
        "rad": rad,
        "status_url": reverse("nettverk:folkeimport_vis", args=[nettverk.slug, rad.pk]),
        # The page itself is the result.
        "resultat_url": "",
    }
    if request.htmx:
        return render(request, "components/jobb.html#tilstand", innhold)
    return render(request, "nettverk/folkeimport_underveis.html", innhold)


def _content(
    request: PortalRequest, rad: Folkeimport, spoersmaal: SpoersmaalForm | None = None
) -> dict[str, Any]:
    valgt = _chosen(request, rad)
    grunn = request.GET.get("grunn", "") if valgt == Importutfall.AVVIST else ""
    rader, antall = _rows(rad, valgt, grunn)
    bla = Paginator(rader, PER_SIDE)
    # Counted once, when the list was read.
    bla.count = antall
    side = bla.get_page(request.GET.get("side"))
    return {
        "rad": rad,
        "valgt": valgt,
        "faner": _tabs(rad, valgt),
        "tall": {str(u): rad.antall(u) for u in Importutfall},
        "grunner": _reasons(rad) if valgt == Importutfall.AVVIST else [],
        "grunn": grunn,
        "side": side,
        "linjer": [_line(r) for r in side.object_list],
        "resultat": rad.oppsummering.get("resultat", {}),
        "etterlatt": counted_in_words(**rad.oppsummering.get("etterlatt", {})),
        "spoersmaal": spoersmaal or (SpoersmaalForm(rad=rad) if _asks(rad) else None),
    }


def _asks(rad: Folkeimport) -> bool:
    return rad.status == Folkeimport.Status.LEST and bool(rad.spoersmaal)


def _rows(rad: Folkeimport, valgt: str, grunn: str) -> tuple[QuerySet[Folkeimportrad], int]:
    if valgt == BOER_SES:
        return rad.rader.filter(boer_sees=True).in_order(), rad.oppsummering.get("boer_sees", 0)
    rader = rad.rader.filter(utfall=valgt).in_order()
    if grunn:
        return rader.filter(grunn=grunn), rad.oppsummering.get("grunner", {}).get(grunn, 0)
    if rad.status == Folkeimport.Status.FERDIG:
        return rader, rader.count()
    return rader, rad.antall(valgt)


def _count(rad: Folkeimport, fane: str) -> int:
    return rad.oppsummering.get("boer_sees", 0) if fane == BOER_SES else rad.antall(fane)


def _chosen(request: PortalRequest, rad: Folkeimport) -> str:
    bedt_om = request.GET.get("vis", "")
    if rad.status == Folkeimport.Status.FERDIG:
        return Importutfall.AVVIST
    if bedt_om in FANER:
        return bedt_om
    return next((f for f in FANER if _count(rad, f)), Importutfall.NY)


def _tabs(rad: Folkeimport, valgt: str) -> list[dict[str, Any]]:
    """Those with rows, and the one that is shown."""
    return [
        {"label": navn, "url": f"?vis={f}", "aktiv": f == valgt, "antall": _count(rad, f)}
        for f, navn in FANER.items()
        if _count(rad, f) or f == valgt
    ]


def _reasons(rad: Folkeimport) -> list[tuple[str, str, int]]:
    """The reasons for refusing, the commonest first: (code, name, rows)."""
    grunner = rad.oppsummering.get("grunner", {}).items()
    return [
        (kode, str(GRUNNER.get(kode, kode)), antall)
        for kode, antall in sorted(grunner, key=lambda par: -par[1])
    ]


def _line(rad: Folkeimportrad) -> dict[str, Any]:
    """A row of the preview, as plain words."""
    post = rad.data.get("post", {})
    return {
        "rad": rad.nummer,
        "navn": rad.navn,
        "epost": post.get("epost", ""),
        "rolle": post.get("rolle") or rad.data.get("rolle", ""),
        "tittel": post.get("tittel", ""),
        "gruppe": post.get("gruppenavn") or rad.data.get("gruppenavn", ""),
        "kommune": post.get("kommunenavn", ""),
        "endringer": rad.data.get("endringer", []),
        "merknader": rad.data.get("merknader", []),
        "feil": rad.data.get("feil", []),
    }
