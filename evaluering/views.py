"""The annual report: which years there are, one year to write in, how it will look, and its PDF."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluering import kapitteltekst
from evaluering.aarsrapport import (
    Rapportkapittel,
    chapters_of,
    find_or_new,
    is_chapter,
    is_reportable,
    order_pdf,
    pdf_jobs,
)
from evaluering.forms import AarForm, KapitteltekstForm
from evaluering.models import Aarsrapport, Kapitteltekst
from kommuner.gyldighet import idag
from nettverk.models import Jobb, Nettverk
from nettverk.skriving.barnesjekk import look_for_children
from nettverk.templatetags.portal import klokke
from nettverk.tilgang.sider import nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from nettverk.views.jobber import jobb_context, send_resultat


@require_safe
@nettverksside("evaluering.view_aarsrapporter")
def aarsrapport_list(request: HttpRequest, nettverk: Nettverk) -> HttpResponse:
    """The years, with how far each is; a draft only for those who may read drafts."""
    form = AarForm(request.GET) if "aar" in request.GET else AarForm()
    if form.is_bound and form.is_valid():
        return redirect("evaluering:aarsrapport", nettverk.slug, form.cleaned_data["aar"])
    ser_utkast = kan(request.user, "evaluering.view_aarsrapport", nettverk)
    rapporter = list(Aarsrapport.objects.visible_to(request.roller).with_antall_tekster())
    if ser_utkast:
        rapporter = _with_this_and_last_year(rapporter)
    context = {
        "rapporter": rapporter,
        "pdf_aar": set(
            pdf_jobs(nettverk)
            .filter(status=Jobb.Status.FERDIG)
            .values_list("parametre__aar", flat=True)
        ),
        "form": form,
        "ser_utkast": ser_utkast,
    }
    return render(request, "evaluering/aarsrapport_list.html", context)


def _with_this_and_last_year(rapporter: list[Aarsrapport]) -> list[Aarsrapport]:
    finnes = {r.aar for r in rapporter}
    nye = [Aarsrapport(aar=aar) for aar in (idag().year, idag().year - 1) if aar not in finnes]
    return sorted([*rapporter, *nye], key=lambda r: -r.aar)


def _fetch(request: HttpRequest, nettverk: Nettverk, aar: int) -> Aarsrapport:
    """The year's report, begun or not. 404 for a year that cannot have one, 403 for a draft."""
    if not is_reportable(aar):
        raise Http404
    rapport = find_or_new(nettverk, aar)
    krev(request.user, "evaluering.view_aarsrapport", rapport)
    return rapport


@require_safe
@nettverksside(offentlig=True)
def aarsrapport(request: HttpRequest, nettverk: Nettverk, aar: int) -> HttpResponse:
    """The year's chapters with figures in place, and the text to write."""
    return _page(request, _fetch(request, nettverk, aar))


def _page(
    request: HttpRequest,
    rapport: Aarsrapport,
    *,
    sendt: KapitteltekstForm | None = None,
    noekkel: str = "",
    deres: Kapitteltekst | None = None,
    status: int = 200,
) -> HttpResponse:
    """`sendt` is the form of the chapter `noekkel` as it came in, when it could not be saved."""
    kan_skrive = _may_write(request, rapport)
    rader = []
    for kapittel in chapters_of(rapport):
        form = sendt if sendt and kapittel.noekkel == noekkel else _form(kapittel)
        rader.append({"k": kapittel, "form": form, "deres": deres if form is sendt else None})
    kapitler = [rad["k"] for rad in rader]
    context = {
        "rapport": rapport,
        "rader": rader,
        "antall_tekster": sum(k.har_tekst for k in kapitler),
        "kan_skrive": kan_skrive,
        **_pdf_context(request, rapport, kapitler),
    }
    return render(request, "evaluering/aarsrapport.html", context, status=status)


def _may_write(request: HttpRequest, rapport: Aarsrapport) -> bool:
    return not rapport.er_laast and kan(request.user, "evaluering.change_aarsrapport", rapport)


def _form(kapittel: Rapportkapittel) -> KapitteltekstForm:
    tekst = kapittel.tekst
    return KapitteltekstForm(
        initial={"tekst": tekst.tekst, "versjon": tekst.versjon}, auto_id=f"{kapittel.id}-%s"
    )


def _pdf_context(
    request: HttpRequest, rapport: Aarsrapport, kapitler: list[Rapportkapittel] | None = None
) -> dict[str, Any]:
    """The newest PDF or the one being made, and whether the text has changed since."""
    jobb = pdf_jobs(rapport.nettverk, rapport.aar).first()
    if jobb is None:
        return {"jobb": None}
    jobb.nettverk = rapport.nettverk
    endret = max((k.tekst.endret for k in kapitler or [] if k.tekst.pk), default=None)
    return {
        **jobb_context(jobb, rapport.nettverk, request.user),
        "pdf_er_gammel": jobb.status == Jobb.Status.FERDIG and endret and endret > jobb.bestilt,
    }


@require_safe
@nettverksside(offentlig=True)
def forhaandsvis(request: HttpRequest, nettverk: Nettverk, aar: int) -> HttpResponse:
    """The report as it reads, without forms."""
    rapport = _fetch(request, nettverk, aar)
    kapitler = [k for k in chapters_of(rapport) if k.har_tekst or k.har_tall]
    context = {
        "rapport": rapport,
        "kapitler": kapitler,
        "kan_skrive": _may_write(request, rapport),
    }
    return render(request, "evaluering/aarsrapport_forhaandsvis.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@nettverksside(offentlig=True)
def aarsrapport_pdf(
    request: HttpRequest, nettverk: Nettverk, aar: int
) -> HttpResponse | FileResponse:
    """Order the PDF (POST), or open the newest one that is finished (GET)."""
    rapport = _fetch(request, nettverk, aar)
    if request.method == "POST":
        krev(request.user, "evaluering.change_aarsrapport", rapport)
        if rapport.er_laast:
            messages.error(request, _("Rapporten er godkjent. PDF-en som er laget, gjelder."))
            return redirect("evaluering:aarsrapport", nettverk.slug, aar)
        order_pdf(rapport, by=request.user)
        if request.htmx:
            context = {"rapport": rapport, "kan_skrive": True, **_pdf_context(request, rapport)}
            return render(request, "evaluering/aarsrapport.html#pdf", context)
        return redirect(reverse("evaluering:aarsrapport", args=[nettverk.slug, aar]) + "#pdf")
    ferdig = pdf_jobs(nettverk, aar).filter(status=Jobb.Status.FERDIG).first()
    if ferdig is None:
        raise Http404
    return send_resultat(ferdig)


@require_POST
@nettverksside()
def kapittel_lagre(
    request: HttpRequest, nettverk: Nettverk, aar: int, noekkel: str
) -> HttpResponse:
    """Save one chapter's text. With X-Autolagre the answer is JSON (static/js/autolagre.js)."""
    rapport = _fetch(request, nettverk, aar)
    krev(request.user, "evaluering.change_aarsrapport", rapport)
    if not is_chapter(rapport, noekkel):
        raise Http404
    if "forkast" in request.POST:
        # A page without the form, so that the browser's copy of the text goes as well.
        messages.info(request, _("Teksten din er forkastet. Den andre teksten står."))
        return redirect(_place("forhaandsvis", rapport, noekkel))
    autolagrer = "X-Autolagre" in request.headers
    data = request.POST.copy()
    if "behold" in data:  # after a conflict: decided with their text in view
        data["versjon"] = request.POST["behold"]
    form = KapitteltekstForm(data, auto_id=f"kapittel-{noekkel}-%s")
    if not form.is_valid():
        if autolagrer:
            return JsonResponse({"status": "feil", "feil": form.errors}, status=422)
        return _page(request, rapport, sendt=form, noekkel=noekkel, status=422)
    return _save(request, rapport, noekkel, form, autolagrer=autolagrer)


def _save(
    request: HttpRequest,
    rapport: Aarsrapport,
    noekkel: str,
    form: KapitteltekstForm,
    *,
    autolagrer: bool,
) -> HttpResponse:
    try:
        lagret = kapitteltekst.save(
            nettverk=rapport.nettverk,
            aar=rapport.aar,
            noekkel=noekkel,
            by=request.user,
            **form.cleaned_data,
        )
    except kapitteltekst.Konflikt as konflikt:
        return _conflict(request, rapport, konflikt.deres, form, autolagrer=autolagrer)
    except kapitteltekst.ErLaast:
        laast = _("Rapporten er godkjent, og teksten kan ikke endres.")
        if autolagrer:
            return JsonResponse({"status": "feil", "feil": {"tekst": [laast]}}, status=409)
        form.add_error("tekst", laast)
        return _page(request, rapport, sendt=form, noekkel=noekkel, status=409)
    if autolagrer:
        naa = klokke(timezone.localtime())
        return JsonResponse({"status": "lagret", "versjon": lagret.versjon, "lagret": naa})
    for advarsel in look_for_children(lagret.tekst):
        messages.warning(request, advarsel)
    messages.success(request, _("Teksten er lagret."))
    return redirect(_place("aarsrapport", rapport, noekkel))


def _conflict(
    request: HttpRequest,
    rapport: Aarsrapport,
    deres: Kapitteltekst,
    form: KapitteltekstForm,
    *,
    autolagrer: bool,
) -> HttpResponse:
    """409 with both texts: theirs beside, the person's own still in the field."""
    if autolagrer:
        html = render_to_string(
            "evaluering/aarsrapport.html#konflikt", {"deres": deres}, request=request
        )
        return JsonResponse({"status": "konflikt", "html": html}, status=409)
    return _page(request, rapport, sendt=form, noekkel=deres.noekkel, deres=deres, status=409)


def _place(navn: str, rapport: Aarsrapport, noekkel: str) -> str:
    url = reverse(f"evaluering:{navn}", args=[rapport.nettverk.slug, rapport.aar])
    return f"{url}#kapittel-{noekkel}"
