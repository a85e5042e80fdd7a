"""Units from a file: upload, preview, confirm, result."""

import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kommuner.enhetsimport import regneark
from kommuner.enhetsimport.deling import Delt, place, undecided
from kommuner.enhetsimport.inndeling import Inndeling
from kommuner.enhetsimport.kolonner import KOLONNER
from kommuner.enhetsimport.sammenligning import Endringsslag, Importutfall
from kommuner.enhetsimport.tolking import GRUNNER
from kommuner.models import Enhet
from nettverk import enhetsimport as importen
from nettverk.filer.utlevering import send_regneark
from nettverk.forms.enhetsimport import (
    DeltForm,
    EnhetsimportForm,
    ImportbekreftForm,
    KolonnerForm,
    SammeEnhetForm,
)
from nettverk.models import Enhetsimport, Importrad, Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.views.jobber import jobb_context

PER_SIDE = 25
# The questions stand in one list, to be answered in one go.
SPOERSMAAL_PER_SIDE = 200
FANER = {
    Importutfall.SPOR: gettext_lazy("Samme enhet?"),
    Importutfall.ENDRET: gettext_lazy("Endret"),
    Importutfall.NY: gettext_lazy("Nye"),
    Importutfall.BORTE: gettext_lazy("Ikke i fila"),
    Importutfall.AVVIST: gettext_lazy("Avvist"),
    Importutfall.UENDRET: gettext_lazy("Uendret"),
}


@nettverksside("nettverk.import_enheter")
@require_http_methods(["GET", "HEAD", "POST"])
def enhetsimport(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Upload a file; below it, what has been uploaded before and what the columns are."""
    form = EnhetsimportForm(**sent(request), valg=importen.remembered(nettverk))
    with told(request, form=form, filfelt="fil"):
        if adresse := form.once(request.user, lambda: _uploaded(request, form)):
            return redirect(adresse)
    tidligere = list(
        Enhetsimport.objects.visible_to(request.roller).select_related("lastet_opp_av")[:10]
    )
    return render(
        request,
        "nettverk/enhetsimport.html",
        {
            "form": form,
            "tidligere": tidligere,
            "siste": max(
                (r for r in tidligere if r.status == Enhetsimport.Status.FERDIG),
                key=lambda r: r.per,
                default=None,
            ),
            "kolonner": KOLONNER,
            "husker": len(form.valg),
            "antall_delt": len(_delte(nettverk)),
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
def enhetsimport_kolonner(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """What the unknown columns are; the file is read once more."""
    rad = _fetch(request, nettverk, pk)
    form = KolonnerForm(request.POST, rad=rad)
    if not form.is_valid():
        innhold = _innhold(request, rad, kolonneform=form)
        return render(request, "nettverk/enhetsimport_vis.html", innhold, status=form_status(form))
    with told(request):
        importen.answer_columns(rad, svar=form.svar(), by=request.user)
    return redirect("nettverk:enhetsimport_vis", nettverk.slug, rad.pk)


@nettverksside("nettverk.import_enheter")
@require_POST
def enhetsimport_glem(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Ask about every unknown column anew, from the next file on."""
    importen.forget_columns(nettverk)
    messages.success(request, _("Neste fil spør om alle kolonner portalen ikke kjenner."))
    return redirect("nettverk:enhetsimport", nettverk.slug)


@nettverksside("nettverk.import_enheter")
@require_POST
def enhetsimport_samme(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Which rows are units that the register has under another number."""
    rad = _fetch(request, nettverk, pk)
    form = SammeEnhetForm(
        request.POST, rader=list(_questions(rad, request.POST.get("side")).object_list)
    )
    if not form.is_valid():
        innhold = _innhold(request, rad, sammeform=form)
        return render(request, "nettverk/enhetsimport_vis.html", innhold, status=form_status(form))
    svar = form.svar()
    importen.answer_likely(rad, svar=svar)
    messages.success(
        request,
        ngettext(
            "%(antall)s svar er tatt vare på. Bekreft for å lagre i registeret.",
            "%(antall)s svar er tatt vare på. Bekreft for å lagre i registeret.",
            len(svar),
        )
        % {"antall": len(svar)},
    )
    return redirect("nettverk:enhetsimport_vis", nettverk.slug, rad.pk)


@nettverksside("nettverk.import_enheter")
@require_http_methods(["GET", "HEAD", "POST"])
def enheter_delt(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Units in a kommune that was divided: which part each of them went to, in one list."""
    delte = _delte(nettverk)
    form = DeltForm(**sent(request), delte=delte)
    if form.is_valid():
        antall = place(form.svar(), kommuner=_kommuner(nettverk))
        messages.success(
            request,
            ngettext("%(antall)s enhet er plassert.", "%(antall)s enheter er plassert.", antall)
            % {"antall": antall},
        )
        return redirect("nettverk:enheter_delt", nettverk.slug)
    grupper = [
        {
            "kommune": kommune,
            "dato": dato,
            "felter": [form[f"enhet_{d.enhet.pk}"] for d in rader],
        }
        for (kommune, dato), rader in (
            (k, list(g)) for k, g in groupby(delte, lambda d: (d.kommune, d.dato))
        )
    ]
    return render(
        request,
        "nettverk/enheter_delt.html",
        {"form": form, "grupper": grupper, "antall": len(delte)},
        status=form_status(form),
    )


def _kommuner(nettverk: Nettverk) -> list[int]:
    """Every kommune that is or has been in the network."""
    return sorted(set(nettverk.medlemskap.values_list("kommune", flat=True)))


def _delte(nettverk: Nettverk) -> list[Delt]:
    return undecided(_kommuner(nettverk), Inndeling.fetch())


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
        importen.confirm(
            rad,
            by=request.user,
            avslutt_i=form.cleaned_data["avslutt_i"],
            avslutt_nedlagte=form.cleaned_data.get("avslutt_nedlagte", False),
        )
    return redirect("nettverk:enhetsimport_vis", nettverk.slug, rad.pk)


@nettverksside("nettverk.import_enheter")
@require_POST
def enhetsimport_forkast(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Throw the file and its preview away."""
    rad = _fetch(request, nettverk, pk)
    if importen.discard(rad):
        tekst = _("«%(navn)s» er forkastet. Ingenting er endret i registeret.")
    else:
        tekst = _("«%(navn)s» er bekreftet, og kan ikke forkastes.")
    messages.info(request, tekst % {"navn": rad.filnavn})
    return redirect("nettverk:enhetsimport", nettverk.slug)


@nettverksside("nettverk.import_enheter")
@require_safe
def enhetsimport_avviste(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The refused rows as a spreadsheet, to be mended and uploaded again."""
    rad = _fetch(request, nettverk, pk)
    overskrifter = rad.oppsummering.get("overskrifter", [])
    rader = rad.rader.filter(utfall=Importutfall.AVVIST).in_order().iterator(chunk_size=500)
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
    request: PortalRequest,
    rad: Enhetsimport,
    *,
    bekreft: ImportbekreftForm | None = None,
    kolonneform: KolonnerForm | None = None,
    sammeform: SammeEnhetForm | None = None,
) -> dict[str, Any]:
    valgt = Importutfall.SPOR if sammeform else _valgt_fane(request, rad)
    grunn = request.GET.get("grunn", "") if valgt == Importutfall.AVVIST else ""
    slag = request.GET.get("slag", "") if valgt == Importutfall.ENDRET else ""
    if valgt == Importutfall.SPOR:
        side = _questions(rad, request.GET.get("side"))
        sammeform = sammeform or SammeEnhetForm(rader=list(side.object_list))
    else:
        rader, antall = _rader(rad, valgt, grunn, slag)
        bla = Paginator(rader, PER_SIDE)
        # Counted once, when the file was read.
        bla.count = antall
        side = bla.get_page(request.GET.get("side"))
    tall = rad.oppsummering.get("slag_av_endring", {}).get(importen.BARE_TALL, 0)
    return {
        "rad": rad,
        "valgt": valgt,
        "ubesvart": _unanswered(rad),
        "antall": {str(u): rad.antall(u) for u in Importutfall},
        "faner": _faner(rad, valgt),
        "grunner": _grunner(rad) if valgt == Importutfall.AVVIST else [],
        "grunn": grunn,
        "slag": slag,
        "slagene": _slagene(rad) if valgt == Importutfall.ENDRET else [],
        "bare_tall": tall if valgt == Importutfall.ENDRET and slag != importen.BARE_TALL else 0,
        "side": side,
        "linjer": [_linje(r, rad.nettverk) for r in side.object_list],
        "bekreft": bekreft or ImportbekreftForm(rad=rad),
        "kolonneform": kolonneform or _column_form(rad),
        "sammeform": sammeform,
        "forrige": _forrige(rad),
        "vis_type": len(rad.oppsummering.get("typer", [])) > 1,
        "resultat": rad.oppsummering.get("resultat", {}),
        "antall_delt": len(_delte(rad.nettverk)) if rad.status == Enhetsimport.Status.FERDIG else 0,
    }


def _column_form(rad: Enhetsimport) -> KolonnerForm | None:
    spoer = rad.status in {Enhetsimport.Status.KOLONNER, Enhetsimport.Status.LEST}
    return KolonnerForm(rad=rad) if spoer and rad.oppsummering.get("ukjente") else None


def _forrige(rad: Enhetsimport) -> dict[str, Any] | None:
    """The file that this one is the next of its kind after."""
    forrige = rad.oppsummering.get("forrige")
    return forrige and {
        "navn": forrige["navn"],
        "per": datetime.date.fromisoformat(forrige["per"]),
    }


def _questions(rad: Enhetsimport, side: str | None) -> Page:
    rader = rad.rader.filter(utfall=Importutfall.SPOR).in_order()
    return Paginator(rader, SPOERSMAAL_PER_SIDE).get_page(side)


def _unanswered(rad: Enhetsimport) -> int:
    """How many questions wait for an answer: those rows are not written."""
    if rad.status != Enhetsimport.Status.LEST or not rad.antall(Importutfall.SPOR):
        return 0
    return rad.rader.filter(utfall=Importutfall.SPOR).exclude(data__has_key="svar").count()


def _rader(
    rad: Enhetsimport, utfall: str, grunn: str, slag: str
) -> tuple[QuerySet[Importrad], int]:
    rader = rad.rader.filter(utfall=utfall).in_order()
    if grunn:
        return rader.filter(grunn=grunn), rad.oppsummering.get("grunner", {}).get(grunn, 0)
    per_slag = rad.oppsummering.get("slag_av_endring", {})
    if slag:
        return rader.with_slag(slag), per_slag.get(slag, 0)
    if utfall == Importutfall.ENDRET and (tall := per_slag.get(importen.BARE_TALL, 0)):
        # New figures are the folded line below, unless there is nothing else to see.
        annet = rad.antall(utfall) - tall
        return rader.exclude(data__slag__contains=[importen.BARE_TALL]), annet
    return rader, rad.antall(utfall)


def _valgt_fane(request: PortalRequest, rad: Enhetsimport) -> str:
    bedt_om = request.GET.get("vis", "")
    if rad.status == Enhetsimport.Status.FERDIG:
        return Importutfall.AVVIST
    if bedt_om in FANER:
        return bedt_om
    return next((u for u in FANER if rad.antall(u)), Importutfall.NY)


def _faner(rad: Enhetsimport, valgt: str) -> list[dict[str, Any]]:
    return [
        {"label": navn, "url": f"?vis={u}", "aktiv": u == valgt, "antall": rad.antall(u)}
        for u, navn in FANER.items()
        if u != Importutfall.SPOR or rad.antall(u)
    ]


def _slagene(rad: Enhetsimport) -> list[tuple[str, str, int]]:
    """The kinds of change, what people must know of first: (code, name, units)."""
    antall = rad.oppsummering.get("slag_av_endring", {})
    return [
        (str(slag), str(slag.label), antall[slag])
        for slag in Endringsslag
        if antall.get(slag) and slag != Endringsslag.TALL
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
        "endringer": [e[:3] for e in rad.data.get("endringer", []) if e[3] != Endringsslag.TALL],
        # Changed figures are one line, however many.
        "tall": [e[:3] for e in rad.data.get("endringer", []) if e[3] == Endringsslag.TALL],
        "nedlagt": rad.data.get("nedlagt", False),
        "feil": rad.data.get("feil", []),
        "flytt_url": _propose_url(nettverk, rad.data.get("flytt")),
    }


def _propose_url(nettverk: Nettverk, flytt: dict[str, str] | None) -> str:
    if not flytt:
        return ""
    return reverse("nettverk:flytteforslag_ny", args=[nettverk.slug]) + "?" + urlencode(flytt)
