"""Units from a file: upload, preview, confirm, result."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kommuner.enhetsimport import regneark
from kommuner.enhetsimport.kolonner import KOLONNER
from kommuner.enhetsimport.sammenligning import Utfall
from kommuner.enhetsimport.tolking import GRUNNER
from kommuner.models import Enhet
from nettverk import enhetsimport as importen
from nettverk.filer.utlevering import send_regneark
from nettverk.forms.enhetsimport import EnhetsimportForm, ImportbekreftForm
from nettverk.models import Enhetsimport, Importrad, Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.views.jobber import jobb_context

PER_SIDE = 25
FANER = {
    Utfall.NY: gettext_lazy("Nye"),
    Utfall.ENDRET: gettext_lazy("Endret"),
    Utfall.AVVIST: gettext_lazy("Avvist"),
    Utfall.BORTE: gettext_lazy("Ikke i fila"),
    Utfall.UENDRET: gettext_lazy("Uendret"),
}


@nettverksside("nettverk.import_enheter")
@require_http_methods(["GET", "HEAD", "POST"])
def enhetsimport(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Upload a file; below it, what has been uploaded before and what the columns are."""
    form = EnhetsimportForm(**sent(request))
    with told(request, form=form, filfelt="fil"):
        if adresse := form.once(request.user, lambda: _uploaded(request, form)):
            return redirect(adresse)
    tidligere = Enhetsimport.objects.visible_to(request.roller)
    return render(
        request,
        "nettverk/enhetsimport.html",
        {
            "form": form,
            "tidligere": tidligere.select_related("lastet_opp_av")[:10],
            "kolonner": KOLONNER,
        },
        status=form_status(form),
    )


def _uploaded(request: PortalRequest, form: EnhetsimportForm) -> str:
    rad = importen.create(nettverk=request.nettverk, by=request.user, **form.opplasting())
    return reverse("nettverk:enhetsimport_vis", args=[request.nettverk.slug, rad.pk])


@nettverksside("nettverk.import_enheter")
@require_safe
def enhetsimport_mal(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The empty template, with a sheet that explains the columns."""
    return send_regneark("enheter-mal.xlsx", regneark.mal())


@nettverksside("nettverk.import_enheter")
@never_cache
@require_safe
def enhetsimport_vis(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """One import, wherever it is: being read, waiting to be confirmed, being written, done."""
    rad = _fetch(request, nettverk, pk)
    if rad.er_underveis and rad.jobb:
        return _underveis(request, nettverk, rad)
    if request.htmx:  # the progress bar asked, and the work is done: show the page anew
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "nettverk/enhetsimport_vis.html", _innhold(request, rad))


@nettverksside("nettverk.import_enheter")
@require_POST
def enhetsimport_bekreft(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Write what the preview showed."""
    rad = _fetch(request, nettverk, pk)
    form = ImportbekreftForm(request.POST, rad=rad)
    if not form.is_valid():
        innhold = _innhold(request, rad, bekreft=form)
        return render(request, "nettverk/enhetsimport_vis.html", innhold, status=form_status(form))
    with told(request):
        importen.confirm(rad, by=request.user, avslutt_i=form.cleaned_data["avslutt_i"])
    return redirect("nettverk:enhetsimport_vis", nettverk.slug, rad.pk)


@nettverksside("nettverk.import_enheter")
@require_POST
def enhetsimport_forkast(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Throw the file and its preview away."""
    rad = _fetch(request, nettverk, pk)
    importen.discard(rad)
    messages.info(
        request,
        _("«%(navn)s» er forkastet. Ingenting er endret i registeret.") % {"navn": rad.filnavn},
    )
    return redirect("nettverk:enhetsimport", nettverk.slug)


@nettverksside("nettverk.import_enheter")
@require_safe
def enhetsimport_avviste(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The refused rows as a spreadsheet, to be mended and uploaded again."""
    rad = _fetch(request, nettverk, pk)
    overskrifter = rad.oppsummering.get("overskrifter", [])
    rader = rad.rader.filter(utfall=Utfall.AVVIST).in_order().iterator(chunk_size=500)
    linjer = (
        (
            r.nummer,
            "\n".join(": ".join(filter(None, feil)) for feil in r.data["feil"]),
            r.data.get("celler", []),
        )
        for r in rader
    )
    return send_regneark("avviste-rader.xlsx", regneark.avviste(overskrifter, linjer))


def _fetch(request: PortalRequest, nettverk: Nettverk, pk: int) -> Enhetsimport:
    synlige = Enhetsimport.objects.visible_to(request.roller)
    rad = get_object_or_404(synlige.select_related("jobb"), pk=pk)
    rad.nettverk = nettverk
    return rad


def _underveis(request: PortalRequest, nettverk: Nettverk, rad: Enhetsimport) -> HttpResponse:
    assert rad.jobb is not None
    innhold = {
        **jobb_context(rad.jobb, nettverk, request.user),
        "rad": rad,
        "status_url": reverse("nettverk:enhetsimport_vis", args=[nettverk.slug, rad.pk]),
        # The page itself is the result.
        "resultat_url": "",
    }
    if request.htmx:
        return render(request, "components/jobb.html#tilstand", innhold)
    return render(request, "nettverk/enhetsimport_underveis.html", innhold)


def _innhold(
    request: PortalRequest, rad: Enhetsimport, *, bekreft: ImportbekreftForm | None = None
) -> dict[str, Any]:
    valgt = _valgt_fane(request, rad)
    grunn = request.GET.get("grunn", "") if valgt == Utfall.AVVIST else ""
    rader, antall = _rader(rad, valgt, grunn)
    bla = Paginator(rader, PER_SIDE)
    # Counted once, when the file was read.
    bla.count = antall
    side = bla.get_page(request.GET.get("side"))
    return {
        "rad": rad,
        "valgt": valgt,
        "faner": _faner(rad, valgt),
        "grunner": _grunner(rad) if valgt == Utfall.AVVIST else [],
        "grunn": grunn,
        "side": side,
        "linjer": [_linje(r, rad.nettverk) for r in side.object_list],
        "bekreft": bekreft or ImportbekreftForm(rad=rad),
        "vis_type": len(rad.oppsummering.get("typer", [])) > 1,
        "resultat": rad.oppsummering.get("resultat", {}),
    }


def _rader(rad: Enhetsimport, utfall: str, grunn: str) -> tuple[QuerySet[Importrad], int]:
    rader = rad.rader.filter(utfall=utfall).in_order()
    if grunn:
        return rader.filter(grunn=grunn), rad.oppsummering.get("grunner", {}).get(grunn, 0)
    return rader, rad.antall(utfall)


def _valgt_fane(request: PortalRequest, rad: Enhetsimport) -> str:
    bedt_om = request.GET.get("vis", "")
    if rad.status == Enhetsimport.Status.FERDIG:
        return Utfall.AVVIST
    if bedt_om in FANER:
        return bedt_om
    return next((u for u in FANER if rad.antall(u)), Utfall.NY)


def _faner(rad: Enhetsimport, valgt: str) -> list[dict[str, Any]]:
    return [
        {"label": navn, "url": f"?vis={u}", "aktiv": u == valgt, "antall": rad.antall(u)}
        for u, navn in FANER.items()
    ]


def _grunner(rad: Enhetsimport) -> list[tuple[str, str, int]]:
    """The reasons for refusing, the commonest first: (code, name, rows)."""
    grunner = rad.oppsummering.get("grunner", {}).items()
    return [
        (kode, str(GRUNNER.get(kode, kode)), antall)
        for kode, antall in sorted(grunner, key=lambda par: -par[1])
    ]


_TYPER, _EIERFORMER = dict(Enhet.Type.choices), dict(Enhet.Eierform.choices)


def _linje(rad: Importrad, nettverk: Nettverk) -> dict[str, Any]:
    """A row of the preview, as plain words."""
    post = rad.data.get("post", {})
    nsr = post.get("nsr_id") and f"NSR {post['nsr_id']}"
    return {
        "rad": rad.nummer,
        "navn": rad.navn,
        "kommune": rad.data.get("kommunenavn", ""),
        "nummer": post.get("organisasjonsnummer") or nsr or rad.data.get("referanse", ""),
        "type": capfirst(str(_TYPER.get(post.get("type"), ""))),
        "eierform": capfirst(str(_EIERFORMER.get(post.get("eierform"), ""))),
        "barn": post.get("antall_barn"),
        "endringer": rad.data.get("endringer", []),
        "feil": rad.data.get("feil", []),
        "flytt_url": _propose_url(nettverk, rad.data.get("flytt")),
    }


def _propose_url(nettverk: Nettverk, flytt: dict[str, str] | None) -> str:
    if not flytt:
        return ""
    return reverse("nettverk:flytteforslag_ny", args=[nettverk.slug]) + "?" + urlencode(flytt)
