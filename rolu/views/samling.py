"""Gatherings: the list, one gathering, making, publishing and calling it off."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from nettverk.models import Jobb, Nettverk
from nettverk.side.innhold import fill_in, innhold
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from rolu.forms.samling import PubliserForm, SamlingForm, SamlingsfilterForm
from rolu.models import Deltakelse, Samling
from rolu.samlinger import publisering, samlingsliste
from rolu.samlinger.datovarsel import warnings_for
from rolu.samlinger.programplan import copy_program
from rolu.views.faner import fetch_samling, samlingsside

PER_SIDE = 20
_skriver = require_http_methods(["GET", "HEAD", "POST"])


@nettverksside("rolu.view_samling")
def samling_list(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Coming gatherings, or those that have been (`?vis=tidligere`)."""
    synlige = Samling.objects.visible_to(request.roller)
    tidligere = request.GET.get("vis") == "tidligere"
    aarene = [d.year for d in synlige.datetimes("start", "year", order="DESC")]
    form = SamlingsfilterForm(request.GET, aarene=aarene)
    rader = synlige.past() if tidligere else synlige.upcoming()
    if form.is_valid():
        rader = _filtered(rader, form.cleaned_data)
    sider = Paginator(samlingsliste.as_rows(rader, tidligere=tidligere), PER_SIDE)
    sider.count = rader.count()  # without the figures of each
    side = sider.get_page(request.GET.get("side"))
    return render(
        request,
        "rolu/samling_list.html#liste" if request.htmx else "rolu/samling_list.html",
        {
            "form": form,
            "side": side,
            "rader": samlingsliste.draw_rows(
                side.object_list, nettverk=nettverk, tidligere=tidligere
            ),
            "tidligere": tidligere,
            "faner": _list_tabs(nettverk, tidligere),
            "er_filtrert": any(request.GET.get(felt) for felt in ("type", "aar")),
            "kan_lage": kan(request.user, "rolu.change_samling", nettverk),
        },
    )


def _filtered(rader: Any, valg: dict[str, Any]) -> Any:
    if valg.get("type"):
        rader = rader.filter(type=valg["type"])
    return rader.in_year(valg["aar"]) if valg.get("aar") else rader


def _list_tabs(nettverk: Nettverk, tidligere: bool) -> list[dict[str, Any]]:
    url = reverse("rolu:samling_list", args=[nettverk.slug])
    return [
        {"label": _("Kommende"), "url": url, "aktiv": not tidligere},
        {"label": _("Tidligere"), "url": f"{url}?vis=tidligere", "aktiv": tidligere},
    ]


@nettverksside("rolu.view_samling")
def samling(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """One gathering at a glance: when and where, sign-up, attendance, and what comes next."""
    samling = fetch_samling(request, nettverk, pk)
    side = samlingsside(request, samling, "samling")
    jobb = _mail_job(samling) if side["kan_endre"] and not samling.er_utkast else None
    if request.htmx and jobb:
        return _job_state(request, samling, jobb)
    tall = Deltakelse.objects.filter(samling=samling).totals()
    mine = list(
        Deltakelse.objects.filter(
            samling=samling, verv__person=request.roller.person
        ).select_related("verv__gruppe")
    )
    leder = request.roller.enheter_ledet
    return render(
        request,
        "rolu/samling.html",
        {
            **side,
            "tall": tall,
            "har_startet": samling.dato <= timezone.localdate(),
            "mine": mine,
            "maa_svare": samling.er_aapen_for_paamelding
            and any(d.status == Deltakelse.Status.INVITERT for d in mine),
            "leder_gruppe": bool(leder) and any(d.verv.gruppe.enhet_id in leder for d in mine),
            "kan_se_tall": side["kan_sjekke_inn"] or request.roller.er_kog,
            "nye": publisering.missing(samling).count()
            if side["kan_endre"] and samling.er_publisert and not samling.er_over
            else 0,
            "jobb": jobb,
            **_job_addresses(samling, jobb),
            "varsler": warnings_for(samling.dato)
            if side["kan_endre"] and not samling.er_over
            else [],
        },
    )


def _mail_job(samling: Samling) -> Jobb | None:
    """The mailing under way, or the last one when it failed."""
    jobb = Jobb.objects.filter(
        nettverk=samling.nettverk,
        slag__in=[publisering.INVITASJON, publisering.AVLYSNING],
        gjelder=f"samling:{samling.pk}",
    ).first()
    if jobb and jobb.status == Jobb.Status.FERDIG:
        nylig = jobb.avsluttet and (timezone.now() - jobb.avsluttet).total_seconds() < 3600
        return jobb if nylig else None
    return jobb


def _job_addresses(samling: Samling, jobb: Jobb | None) -> dict[str, str]:
    """Where the mailing is followed, and where it is tried again: only to those it did not reach."""
    if jobb is None:
        return {}
    slug = samling.nettverk.slug
    return {
        "status_url": reverse("rolu:samling", args=[slug, samling.pk]),
        "igjen_url": reverse("nettverk:jobb_proev_igjen", args=[slug, jobb.pk]),
    }


def _job_state(request: PortalRequest, samling: Samling, jobb: Jobb) -> HttpResponse:
    """How far the letters have come; asked each second by components/jobb.html."""
    mal = "components/jobb.html#tilstand"
    return render(request, mal, {"jobb": jobb, **_job_addresses(samling, jobb)})


@nettverksside("rolu.change_samling")
@_skriver
def samling_ny(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Make a gathering; `?fra=` begins with an earlier one and its programme."""
    form = SamlingForm(
        request.POST or None, nettverk=nettverk, initial=_initial_from(request, nettverk)
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            samling = form.save()
            if fra := form.cleaned_data.get("kopier"):
                copy_program(fra=fra, til=samling)
        _warn_about_date(request, samling)
        messages.success(
            request, _("Samlingen er lagret som utkast. Bare dere som styrer, ser den.")
        )
        return redirect("rolu:samling_program", nettverk.slug, samling.pk)
    siste = Samling.objects.filter(nettverk=nettverk).order_by("-start").first()
    return render(
        request,
        "rolu/samling_form.html",
        {"form": form, "siste": None if form.is_bound or form.initial.get("kopier") else siste},
        status=422 if form.is_bound else 200,
    )


def _initial_from(request: PortalRequest, nettverk: Nettverk) -> dict[str, Any]:
    fra = request.GET.get("fra", "")
    if not fra.isdigit():
        return {}
    forrige = get_object_or_404(Samling, nettverk=nettverk, pk=fra)
    return {
        "kopier": forrige.pk,
        **{f: getattr(forrige, f) for f in ("type", "tittel", "tema", "sted", "om")},
        "laeringsloype": forrige.laeringsloype_id,
    }


def _warn_about_date(request: PortalRequest, samling: Samling) -> None:
    for varsel in warnings_for(samling.dato):
        messages.warning(request, varsel)


@nettverksside("rolu.view_samling")
@_skriver
def samling_rediger(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Change the gathering."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_samling", samling)
    with transaction.atomic():
        if request.method == "POST":
            laast = Samling.objects.select_for_update(of=["self"]).get(pk=pk)
            laast.nettverk = nettverk
            form = SamlingForm(request.POST, instance=laast, nettverk=nettverk)
            if form.is_valid():
                form.instance.versjon = F("versjon") + 1
                form.save()
                form.instance.refresh_from_db()
                _warn_about_date(request, form.instance)
                messages.success(request, _("Samlingen er lagret."))
                return redirect("rolu:samling", nettverk.slug, pk)
        else:
            form = SamlingForm(instance=samling, nettverk=nettverk)
    return render(
        request,
        "rolu/samling_form.html",
        {
            "form": form,
            "samling": fetch_samling(request, nettverk, pk) if form.is_bound else samling,
        },
        status=_form_status(form),
    )


def _form_status(form: SamlingForm) -> int:
    if not form.is_bound:
        return 200
    return 409 if form.forskjeller else 422


@nettverksside("rolu.view_samling")
@_skriver
def samling_publiser(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Choose who is invited, see how many, publish."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_samling", samling)
    form = PubliserForm(request.POST if request.method == "POST" else None, samling=samling)
    if request.method == "POST" and form.is_valid():
        try:
            antall = publisering.publish(
                samling, by=request.user, grupper=form.cleaned_data["grupper"]
            )
        except ValidationError as feil:
            messages.error(request, feil.messages[0])
        else:
            messages.success(request, _invited(antall))
        return redirect("rolu:samling", nettverk.slug, pk)
    if not samling.er_utkast:
        messages.info(request, _("Samlingen er allerede publisert."))
        return redirect("rolu:samling", nettverk.slug, pk)
    verv = publisering.verv_to_invite(samling)
    return render(
        request,
        "rolu/samling_publiser.html",
        {
            **samlingsside(request, samling, "samling"),
            "form": form,
            "tall": verv.aggregate(
                grupper=Count("gruppe", distinct=True), personer=Count("person", distinct=True)
            ),
            "varsler": _before_publishing(samling),
        },
        status=422 if form.is_bound else 200,
    )


def _invited(antall: int) -> str:
    if not antall:
        return _("Samlingen er publisert. Ingen nye ble invitert.")
    return _("Samlingen er publisert, og gruppene er invitert.")


def _before_publishing(samling: Samling) -> list[str]:
    """What one would be sorry to discover afterwards."""
    varsler = warnings_for(samling.dato)
    if not samling.programposter.exists():
        varsler.append(_("Programmet er tomt."))
    if samling.er_over:
        varsler.append(_("Samlingen er over. Ingen får e-post."))
    elif samling.siste_svardag < timezone.localdate():
        varsler.append(_("Påmeldingsfristen har gått ut."))
    return varsler


@nettverksside("rolu.view_samling")
@require_POST
def samling_inviter(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Invite those who came into a group after the invitation."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_samling", samling)
    try:
        antall = publisering.invite_new(samling, by=request.user)
    except ValidationError as feil:
        messages.error(request, feil.messages[0])
    else:
        messages.success(
            request,
            ngettext("%(n)s nytt medlem er invitert.", "%(n)s nye medlemmer er invitert.", antall)
            % {"n": antall}
            if antall
            else _("Alle er allerede invitert."),
        )
    return redirect("rolu:samling", nettverk.slug, pk)


@nettverksside("rolu.view_samling")
@_skriver
def samling_avlys(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Ask, naming what goes, then call the gathering off."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_samling", samling)
    if request.method == "POST":
        try:
            publisering.cancel(samling, by=request.user)
        except ValidationError as feil:
            messages.error(request, feil.messages[0])
        else:
            messages.success(request, _("Samlingen er avlyst."))
        return redirect("rolu:samling", nettverk.slug, pk)
    tall = Deltakelse.objects.filter(samling=samling).totals()
    return render(
        request,
        "bekreft.html",
        {
            "tittel": fill_in(_("Avlyse «%(tittel)s»?"), tittel=innhold(samling.tittel, nettverk)),
            "tekst": _("Dette kan ikke angres. Dette skjer:"),
            "konsekvenser": [
                _("%(n)s påmeldte og %(m)s inviterte kan ikke lenger svare.")
                % {"n": tall["paameldte"], "m": tall["inviterte"]},
                _(
                    "De som har fått invitasjon på e-post eller er påmeldt, får e-post om avlysningen."
                ),
                _("Program, oppdrag og svar blir stående, merket som avlyst."),
            ],
            "knapp": _("Avlys samlingen"),
            "avbryt_url": reverse("rolu:samling", args=[nettverk.slug, pk]),
        },
    )


@nettverksside("rolu.view_samling")
@_skriver
def samling_slett(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Ask, then delete a draft."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_samling", samling)
    if request.method == "POST":
        try:
            publisering.delete_draft(samling)
        except ValidationError as feil:
            messages.error(request, feil.messages[0])
            return redirect("rolu:samling", nettverk.slug, pk)
        messages.success(request, _("Utkastet er slettet."))
        return redirect("rolu:samling_list", nettverk.slug)
    poster = samling.programposter.count()
    return render(
        request,
        "bekreft.html",
        {
            "tittel": fill_in(
                _("Slette utkastet «%(tittel)s»?"), tittel=innhold(samling.tittel, nettverk)
            ),
            "tekst": ngettext(
                "Programmet med %(n)s post blir også slettet.",
                "Programmet med %(n)s poster blir også slettet.",
                poster,
            )
            % {"n": poster},
            "knapp": _("Slett utkastet"),
            "avbryt_url": reverse("rolu:samling", args=[nettverk.slug, pk]),
        },
    )
