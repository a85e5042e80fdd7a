"""The annual report: which years there are, one year to write in, how it will look, and its PDF."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluering import kapitteltekst
from evaluering.aarsrapport import (
    Rapportkapittel,
    chapters_of,
    find_or_new,
    is_chapter,
    is_reportable,
    left_out,
    order_pdf,
    pdf_jobs,
    years_with_pdf,
)
from evaluering.forms import AarForm, KapitteltekstForm
from evaluering.hjem import steps
from evaluering.models import Aarsrapport, Kapitteltekst
from kommuner.gyldighet import idag
from nettverk.filer.pdf import pdf_name
from nettverk.filer.utlevering import send_fil
from nettverk.models import Jobb, Nettverk
from nettverk.roedtraad.flate import section
from nettverk.side.portalform import form_status
from nettverk.skriving.autolagring import is_discarded, posted, save_text
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from nettverk.views.jobber import jobb_context, send_resultat


@nettverksside("evaluering.view_aarsrapporter")
@require_safe
def aarsrapport_list(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The years, with how far each is; a draft only for those who may read drafts."""
    form = AarForm(request.GET) if "aar" in request.GET else AarForm()
    if form.is_bound and form.is_valid():
        return redirect("evaluering:aarsrapport", nettverk.slug, form.cleaned_data["aar"])
    ser_utkast = kan(request.user, "evaluering.view_aarsrapport_utkast", nettverk)
    rapporter = list(
        Aarsrapport.objects.visible_to(request.roller).defer("frosset").with_antall_tekster()
    )
    if ser_utkast:
        rapporter = _with_this_and_last_year(rapporter)
    context = {
        "rapporter": rapporter,
        "pdf_aar": years_with_pdf(rapporter),
        "form": form,
        "ser_utkast": ser_utkast,
        "kan_skrive": kan(
            request.user,
            "evaluering.change_aarsrapport",
            Aarsrapport(nettverk=nettverk, aar=idag().year),
        ),
    }
    return render(request, "evaluering/aarsrapport_list.html", context, status=form_status(form))


def _with_this_and_last_year(rapporter: list[Aarsrapport]) -> list[Aarsrapport]:
    finnes = {r.aar for r in rapporter}
    nye = [Aarsrapport(aar=aar) for aar in (idag().year, idag().year - 1) if aar not in finnes]
    return sorted([*rapporter, *nye], key=lambda r: -r.aar)


def fetch(request: PortalRequest, nettverk: Nettverk, aar: int) -> Aarsrapport:
    """The year's report, begun or not. 404 for a year that cannot have one, 403 for a draft."""
    if not is_reportable(aar):
        raise Http404
    rapport = find_or_new(nettverk, aar)
    krev(request.user, "evaluering.view_aarsrapport", rapport)
    return rapport


@nettverksside(offentlig=True)
@require_safe
def aarsrapport(request: PortalRequest, nettverk: Nettverk, aar: int) -> HttpResponse:
    """The year's chapters with figures in place, and the text to write."""
    return _page(request, fetch(request, nettverk, aar))


def _page(
    request: PortalRequest,
    rapport: Aarsrapport,
    *,
    sendt: KapitteltekstForm | None = None,
    noekkel: str = "",
    konflikt: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """One chapter at a time, `?kapittel=`. `sendt` is the form of the chapter `noekkel` as it came in,
    when it could not be saved."""
    kan_skrive = _may_write(request, rapport)
    kapitler = chapters_of(rapport)
    valgt = _chosen(kapitler, noekkel or request.GET.get("kapittel", ""), skriver=kan_skrive)
    antall_tekster = sum(k.har_tekst for k in kapitler)
    skrevet = kapitler[valgt].tekst if kapitler else None
    context = {
        "rapport": rapport,
        "kapitler": kapitler,
        "k": kapitler[valgt] if kapitler else None,
        "forrige": kapitler[valgt - 1] if valgt else None,
        "neste": kapitler[valgt + 1] if valgt + 1 < len(kapitler) else None,
        "form": sendt or (_form(kapitler[valgt]) if kapitler else None),
        "konflikt": konflikt,
        "antall_tekster": antall_tekster,
        "trinn": steps(rapport, antall_tekster, len(kapitler)),
        "blir_ikke_med": [] if rapport.er_laast else left_out(kapitler),
        "kan_skrive": kan_skrive,
        "seksjoner": section(skrevet, request.roller) if skrevet and skrevet.tekst else [],
        "kan_se_alle": _may_see_all(request),
        "kan_godkjenne": rapport.pk
        and not rapport.er_laast
        and any(k.har_tekst for k in kapitler)
        and kan(request.user, "evaluering.approve_aarsrapport", rapport),
        "kan_publisere": rapport.status == Aarsrapport.Status.GODKJENT
        and kan(request.user, "evaluering.publish_aarsrapport", rapport),
        **_pdf_context(request, rapport, kapitler),
    }
    return render(request, "evaluering/aarsrapport.html", context, status=status)


def _chosen(kapitler: list[Rapportkapittel], noekkel: str, *, skriver: bool) -> int:
    """The place of the chapter that is asked for; else the first where something is left to write, and to
    those who read, the first."""
    nokler = [k.noekkel for k in kapitler]
    if noekkel in nokler:
        return nokler.index(noekkel)
    if not skriver:
        return 0
    return next((nr for nr, k in enumerate(kapitler) if not k.har_tekst), 0)


def _may_write(request: PortalRequest, rapport: Aarsrapport) -> bool:
    return not rapport.er_laast and kan(request.user, "evaluering.change_aarsrapport", rapport)


def _may_see_all(request: PortalRequest) -> bool:
    """Whether the list of the years is a page this person may open; a guest reads one report."""
    return kan(request.user, "evaluering.view_aarsrapporter", request.nettverk)


def _form(kapittel: Rapportkapittel) -> KapitteltekstForm:
    tekst = kapittel.tekst
    return KapitteltekstForm(
        initial={"tekst": tekst.tekst, "versjon": tekst.versjon}, auto_id=f"{kapittel.id}-%s"
    )


def _pdf_context(
    request: PortalRequest, rapport: Aarsrapport, kapitler: list[Rapportkapittel] | None = None
) -> dict[str, Any]:
    """The PDF kept with an approved report; else the newest one or the one being made, and whether the
    text has changed since."""
    kan_bestille = kan(request.user, "evaluering.change_aarsrapport", rapport)
    if rapport.fil:
        return {"jobb": None, "kan_lage_pdf": False}
    jobb = pdf_jobs(rapport).first()
    if jobb is None or not (jobb.status == Jobb.Status.FERDIG or _follows(request, jobb)):
        return {"jobb": None, "kan_lage_pdf": kan_bestille}
    jobb.nettverk = rapport.nettverk
    endret = max((k.tekst.endret for k in kapitler or [] if k.tekst.pk), default=None)
    return {
        **jobb_context(jobb, rapport.nettverk, request.user),
        "pdf_er_gammel": jobb.status == Jobb.Status.FERDIG and endret and endret > jobb.bestilt,
        "kan_lage_pdf": kan_bestille and not rapport.er_laast,
    }


def _follows(request: PortalRequest, jobb: Jobb) -> bool:
    """Whether the person may see how far the job is."""
    return Jobb.objects.visible_to(request.roller).filter(pk=jobb.pk).exists()


@nettverksside(offentlig=True)
@require_safe
def forhaandsvis(request: PortalRequest, nettverk: Nettverk, aar: int) -> HttpResponse:
    """The report as it reads, without forms."""
    rapport = fetch(request, nettverk, aar)
    context = {
        "rapport": rapport,
        "kapitler": chapters_of(rapport),
        "kan_skrive": _may_write(request, rapport),
        "kan_se_alle": _may_see_all(request),
    }
    return render(request, "evaluering/aarsrapport_forhaandsvis.html", context)


@nettverksside(offentlig=True)
@require_http_methods(["GET", "HEAD", "POST"])
def aarsrapport_pdf(
    request: PortalRequest, nettverk: Nettverk, aar: int
) -> HttpResponse | FileResponse:
    """Order the PDF (POST), or open the newest one that is finished (GET).

    An approved report has one PDF, and keeps it.
    """
    rapport = fetch(request, nettverk, aar)
    if request.method == "POST":
        krev(request.user, "evaluering.change_aarsrapport", rapport)
        if rapport.fil:
            messages.error(request, _("Rapporten er godkjent. PDF-en som er laget, gjelder."))
            return redirect("evaluering:aarsrapport", nettverk.slug, aar)
        order_pdf(rapport, by=request.user)
        if request.htmx:
            context = {"rapport": rapport, **_pdf_context(request, rapport)}
            return render(request, "evaluering/aarsrapport.html#pdf", context)
        return redirect(reverse("evaluering:aarsrapport", args=[nettverk.slug, aar]) + "#pdf")
    if rapport.fil:
        navn = pdf_name("aarsrapport", nettverk.slug, aar)
        return send_fil(rapport.fil, navn=navn, mimetype="application/pdf")
    if rapport.er_laast:
        raise Http404
    ferdig = pdf_jobs(rapport).filter(status=Jobb.Status.FERDIG).first()
    if ferdig is None:
        raise Http404
    return send_resultat(ferdig)


@nettverksside()
@require_POST
def kapittel_lagre(
    request: PortalRequest, nettverk: Nettverk, aar: int, noekkel: str
) -> HttpResponse:
    """Save one chapter's text. With X-Autolagre the answer is JSON (static/js/autolagre.js)."""
    rapport = fetch(request, nettverk, aar)
    krev(request.user, "evaluering.change_aarsrapport", rapport)
    if not is_chapter(rapport, noekkel):
        raise Http404
    if is_discarded(request):
        # A page without the form, so that the browser's copy of the text goes as well.
        messages.info(request, _("Teksten din er forkastet. Den andre teksten står."))
        return redirect(_place("forhaandsvis", rapport, noekkel))

    def done(_lagret: Kapitteltekst) -> HttpResponse:
        messages.success(request, _("Teksten er lagret."))
        return redirect(_place("aarsrapport", rapport, noekkel))

    return save_text(
        request,
        KapitteltekstForm(posted(request), auto_id=f"kapittel-{noekkel}-%s"),
        save=lambda felt: kapitteltekst.save(
            nettverk=nettverk, aar=aar, noekkel=noekkel, by=request.user, **felt
        ),
        page=lambda form, **mer: _page(request, rapport, sendt=form, noekkel=noekkel, **mer),
        done=done,
    )


def _place(navn: str, rapport: Aarsrapport, noekkel: str) -> str:
    url = reverse(f"evaluering:{navn}", args=[rapport.nettverk.slug, rapport.aar])
    valgt = f"?kapittel={noekkel}" if navn == "aarsrapport" else ""
    return f"{url}{valgt}#kapittel-{noekkel}"
