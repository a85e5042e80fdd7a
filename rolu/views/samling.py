"""Gatherings: the list, one gathering, making, publishing and calling it off."""

import datetime
from collections import Counter
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from nettverk.arbeid.brev import job_about, preview
from nettverk.arbeid.gjelder import gjelder
from nettverk.filer.filnavn import made_name
from nettverk.filer.utlevering import send_kalender
from nettverk.flater import seksjoner_paa
from nettverk.models import Gruppe, Jobb, Mottakere, Nettverk, Rolle
from nettverk.models.gruppe import VervQuerySet
from nettverk.mottakere.skjema import MottakereForm, answer, asks_for_count, asks_for_file, in_words
from nettverk.roedtraad.flate import section
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.liste import Brikke, address, beyond, chips, chosen
from nettverk.side.portalform import form_status, posted_fields, sent
from nettverk.side.utenfra import whole_number
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from nettverk.views.jobber import jobb_context
from rolu.forms.samling import FlyttingForm, SamlingForm, leaders_on
from rolu.mellomarbeid.oppdrag import add_own_answers
from rolu.models import Deltakelse, Samling, Samlingsserie
from rolu.samlinger import epostmottakere, isalen, publisering, samlingsbrev, samlingsliste
from rolu.samlinger.datovarsel import warnings_for
from rolu.samlinger.flytting import MaaVelge, change
from rolu.samlinger.neste import next_after
from rolu.samlinger.planlegging import make
from rolu.samlinger.programplan import without_day
from rolu.samlinger.serier import locked_to_join
from rolu.samlinger.svar import answers
from rolu.samlinger.tilstand import is_done, require_unlocked
from rolu.views.faner import (
    fetch_med_tall,
    fetch_samling,
    people_file,
    samlingsside,
    told_when_locked,
)

PER_SIDE = 20
# Of those that come, below the next one; as in static/css/liste.css.
PAA_TELEFON = 10
# Of each day of the programme beside what a gathering is about; all of it has a tab.
MAKS_POSTER = 8
# How long a sending that went well is told of.
_VIS_FERDIG = datetime.timedelta(hours=1)
_skriver = require_http_methods(["GET", "HEAD", "POST"])


@nettverksside("rolu.view_samling")
@require_safe
def samling_list(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Coming gatherings, the next one biggest; or those that have been, by year (`?vis=tidligere`)."""
    synlige = Samling.objects.visible_to(request.roller)
    tidligere = request.GET.get("vis") == "tidligere"
    antall = samlingsliste.how_many(synlige)
    per_type = antall.of_types(tidligere=tidligere)
    valgt = chosen(request, "type", Samling.Type.values)
    rader = synlige.past() if tidligere else synlige.upcoming()
    sider = Paginator(samlingsliste.as_rows(rader.filter(type=valgt) if valgt else rader), PER_SIDE)
    sider.count = per_type[valgt] if valgt else per_type.total()
    side = sider.get_page(request.GET.get("side"))
    kan_lage = kan(request.user, "rolu.arrange_samlinger", nettverk)
    svar = samlingsliste.with_answers(side, roller=request.roller, tidligere=tidligere)
    neste = samlingsliste.next_of(svar) if side.number == 1 and not tidligere else None
    return render(
        request,
        "rolu/samling_list.html#liste" if request.htmx else "rolu/samling_list.html",
        {
            "side": side,
            "flere": 0 if tidligere else beyond(side, PAA_TELEFON + bool(neste)),
            "rader": samlingsliste.draw_past(
                svar, nettverk=nettverk, per_aar=antall.of_years(valgt)
            )
            if tidligere
            else samlingsliste.draw_coming(svar, nettverk=nettverk, neste=neste),
            "tidligere": tidligere,
            "brikker": _type_chips(request, per_type, valgt),
            "faner": _list_tabs(nettverk, antall, tidligere),
            "er_filtrert": bool(valgt),
            "alle_url": address(request, type=""),
            "kan_lage": kan_lage,
            "vis_serier": kan_lage or Samlingsserie.objects.visible_to(request.roller).exists(),
        },
    )


def _type_chips(request: PortalRequest, per_type: Counter[str], valgt: str) -> list[Brikke]:
    """The types there are any of, and the one that is chosen; nothing to choose among one."""
    typer = [t for t in Samling.Type if per_type[t] or t == valgt]
    if len(typer) < 2 and not valgt:
        return []
    return chips(
        request,
        "type",
        [
            ("", _("Alle"), per_type.total()),
            *((t.value, capfirst(t.label), per_type[t]) for t in typer),
        ],
    )


def _list_tabs(
    nettverk: Nettverk, antall: samlingsliste.Samlingsantall, tidligere: bool
) -> list[dict[str, Any]]:
    url = reverse("rolu:samling_list", args=[nettverk.slug])
    return [
        {
            "label": _("Kommende"),
            "url": url,
            "aktiv": not tidligere,
            "antall": antall.kommende.total(),
        },
        {
            "label": _("Tidligere"),
            "url": f"{url}?vis=tidligere",
            "aktiv": tidligere,
            "antall": antall.tidligere.total(),
        },
    ]


@nettverksside("rolu.view_samling")
@require_safe
def samling(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """One gathering at a glance: when and where, sign-up, attendance, and what comes next."""
    samling = fetch_med_tall(request, nettverk, pk)
    side = samlingsside(request, samling, "samling")
    kan_se_tall = not samling.er_utkast and kan(request.user, "rolu.count_deltakelser", samling)
    return render(
        request,
        "rolu/samling.html",
        {
            **side,
            "seksjoner": [
                *seksjoner_paa(samling, roller=request.roller, dato=timezone.localdate()),
                *section(samling, request.roller),
            ],
            "etter": _afterwards(request, samling) if not side["kan_endre"] else None,
            "i_salen": list(isalen.possibilities(samling))
            if samling.er_i_dag and samling.er_publisert and not side["kan_endre"]
            else [],
            "programmet": _in_short(samling)
            if samling.er_publisert and not samling.er_over
            else [],
            # What the rail says to those who answer, is not said twice.
            "frist": samling.paameldingsfrist
            if not samling.er_over
            and (side["kan_endre"] or not (side["skinne"].grupper or side["skinne"].egne))
            else None,
            "svar": answers(samling) if kan_se_tall and not samling.er_avlyst else None,
            "mottakere": in_words(publisering.audience(samling), samling.dato)
            if side["kan_endre"] and samling.mottakere_id
            else "",
            **(_letters(request, samling) if side["kan_endre"] and not samling.er_utkast else {}),
            "varsler": warnings_for(samling.dato)
            if side["kan_endre"] and not samling.er_over
            else [],
        },
    )


def _afterwards(request: PortalRequest, samling: Any) -> dict[str, Any] | None:
    """What is left of a gathering that is over: the summary, and the assignments that were given."""
    if not samling.er_over or not samling.er_publisert:
        return None
    oppdragene: list[Any] = []
    if samling.nettverk.uses("mellomarbeid"):
        oppdragene = list(samling.oppdrag.all())
    add_own_answers(oppdragene, request.roller)
    return {"oppdragene": oppdragene}


def _in_short(samling: Samling) -> list[dict[str, Any]]:
    """The programme day by day without its breaks; of a long day the first, and how many more there are."""
    poster = samling.programposter.no_breaks()
    per_dag = groupby(poster, key=lambda post: timezone.localtime(post.start).date())
    dager = [(dato, list(dagens)) for dato, dagens in per_dag]
    return [
        {"dato": dato, "poster": dagens[:MAKS_POSTER], "flere": len(dagens[MAKS_POSTER:])}
        for dato, dagens in dager
    ]


@nettverksside("rolu.view_samling")
@require_safe
def samling_kalender(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The gathering as a calendar file, with the days one comes; 404 for a draft, which may not be held."""
    samling = fetch_samling(request, nettverk, pk)
    if samling.er_utkast:
        raise Http404
    navn = made_name(_("samling"), samling.tittel, samling.dato.isoformat(), endelse="ics")
    return send_kalender(navn, samlingsbrev.calendar_file(samling, person=request.user).innhold)


def _letters(request: PortalRequest, samling: Samling) -> dict[str, Any]:
    """The sending under way, or the last one when it failed or has just ended; and where all letters are."""
    adresse = reverse("nettverk:utboks", args=[samling.nettverk.slug])
    context = {"brev_url": f"{adresse}?gjelder={gjelder(samling)}"}
    jobb = job_about(samling, samling.nettverk)
    if jobb is None or (
        jobb.status == Jobb.Status.FERDIG
        and jobb.avsluttet
        and timezone.now() - jobb.avsluttet > _VIS_FERDIG
    ):
        return context
    return context | jobb_context(jobb, samling.nettverk, request.user)


@nettverksside("rolu.arrange_samlinger")
@_skriver
def samling_ny(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Make a gathering; `?fra=` begins with an earlier one and its programme."""
    forrige = _earlier(request, nettverk)
    initial = _initial_from(forrige) if forrige else _initial_series(request, nettverk)
    form = SamlingForm(**sent(request), nettverk=nettverk, initial=initial)
    if adresse := form.once(request.user, lambda: _made(request, form)):
        return redirect(adresse)
    siste = Samling.objects.filter(nettverk=nettverk).order_by("-start").first()
    return render(
        request,
        "rolu/samling_form.html",
        {
            "form": form,
            "siste": None if form.is_bound or forrige else siste,
            "forrige": forrige,
            "blir_laast": forrige is not None and (forrige.er_laast or is_done(forrige)),
        },
        status=form_status(form),
    )


def _made(request: PortalRequest, form: SamlingForm) -> str:
    """Keep the draft; where one goes on."""
    samling = make(
        form.instance,
        prosessledere=form.cleaned_data.get("prosessledere", ()),
        kopi_av=form.cleaned_data.get("kopier"),
        ny_serie=form.cleaned_data["ny_serie"],
        by=request.user,
        dager=form.dager,
    )
    _warn_about_date(request, samling)
    messages.success(
        request, _("Samlingen er lagret som utkast, og bare dere som styrer nettverket, ser den.")
    )
    return reverse("rolu:samling_program", args=[samling.nettverk.slug, samling.pk])


def _earlier(request: PortalRequest, nettverk: Nettverk) -> Samling | None:
    """The gathering that the new one is made from, also when the form comes back."""
    fra = whole_number(request.POST.get("kopier") or request.GET.get("fra"))
    if fra is None:
        return None
    forrige: Samling = get_object_or_404(Samling.objects.visible_to(request.roller), pk=fra)
    forrige.nettverk = nettverk
    return forrige


def _initial_from(forrige: Samling) -> dict[str, Any]:
    neste = next_after(forrige, etter=timezone.localdate())
    return {
        "kopier": forrige.pk,
        **{f: getattr(forrige, f) for f in ("type", "sted", "om")},
        "laeringsloype": forrige.laeringsloype_id,
        "kapasitet": forrige.kapasitet,
        "serie": forrige.serie_id,
        "prosessledere": [p.pk for p in leaders_on(forrige, neste["start"])],
        **neste,
    }


def _initial_series(request: PortalRequest, nettverk: Nettverk) -> dict[str, Any]:
    """`?serie=`: the gathering begins in that one."""
    return {"serie": whole_number(request.GET.get("serie"))}


def _warn_about_date(request: PortalRequest, samling: Samling) -> None:
    for varsel in warnings_for(samling.dato):
        messages.warning(request, varsel)


@nettverksside("rolu.view_samling")
@_skriver
@told_when_locked
def samling_rediger(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Change the gathering. When people have been told of it and it is moved, ask first whether to tell."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_samling", samling)
    with locked_to_join(samling, request.POST.get("ny_serie", "")) as naa:
        require_unlocked(naa)
        form = SamlingForm(**sent(request), instance=naa, nettverk=nettverk)
        if request.method == "POST" and form.is_valid():
            try:
                fortalt = change(
                    form.instance,
                    by=request.user,
                    tell=_answer_about_move(request),
                    prosessledere=form.cleaned_data.get("prosessledere"),
                    ny_serie=form.cleaned_data["ny_serie"],
                    dager=form.dager,
                )
            except MaaVelge as valget:
                return _ask_about_move(request, form.instance, valget)
            _warn_about_date(request, form.instance)
            messages.success(request, _saved(fortalt))
            _warn_about_items(request, form.instance)
            return redirect("rolu:samling", nettverk.slug, pk)
    return render(
        request,
        "rolu/samling_form.html",
        {"form": form, "samling": samling},
        status=form_status(form),
    )


def _answer_about_move(request: PortalRequest) -> bool | None:
    """Whether they are told; None when it has not been asked."""
    svar = FlyttingForm(request.POST)
    return svar.cleaned_data["beskjed"] == "ja" if svar.is_valid() else None


def _ask_about_move(request: PortalRequest, samling: Samling, valget: MaaVelge) -> HttpResponse:
    """Old and new time and place, how many know of the old, and the letter they would get. Nothing is
    saved yet: the page carries what was written on."""
    nettverk = samling.nettverk
    folk = list(samlingsbrev.people_told(samling).order_by("sortering", "pk"))
    # One of those who get it, so that it is shown as it will be.
    eksempel = folk[0] if folk else None
    return render(
        request,
        "rolu/samling_flytt.html",
        {
            "samling": samling,
            "fra": valget.fra,
            "til": valget.til,
            "antall": valget.antall,
            "mottakerne": epostmottakere.of_people(
                samling, folk, gjester=samlingsbrev.guests_told(samling)
            ),
            "eksempel": eksempel.navn if eksempel else "",
            "eposten": preview(
                "rolu/epost/flytting.txt",
                til=eksempel or request.user,
                nettverk=nettverk,
                data=samlingsbrev.move_data(samling, fra=valget.fra, til=valget.til),
            ),
            "felt": posted_fields(request, uten={"beskjed"}),
        },
    )


def _warn_about_items(request: PortalRequest, samling: Samling) -> None:
    """Items do not follow a gathering that is moved to another day by themselves."""
    if igjen := without_day(samling):
        messages.warning(
            request,
            ngettext(
                "%(n)s post i programmet står fortsatt på en dag samlingen ikke holdes. Flytt den under Program.",
                "%(n)s poster i programmet står fortsatt på en dag samlingen ikke holdes. Flytt dem under Program.",
                igjen,
            )
            % {"n": igjen},
        )


def _saved(fortalt: int) -> str:
    if not fortalt:
        return _("Samlingen er lagret.")
    return ngettext(
        "Samlingen er lagret. %(n)s person får e-post om endringen.",
        "Samlingen er lagret. %(n)s personer får e-post om endringen.",
        fortalt,
    ) % {"n": fortalt}


@nettverksside("rolu.view_samling")
@_skriver
@told_when_locked
def samling_publiser(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponseBase:
    """Choose who is invited, see how many in each kommune, who, and the letter; publish, or keep the
    choice for later."""
    samling = fetch_med_tall(request, nettverk, pk)
    krev(request.user, "rolu.change_samling", samling)
    form = MottakereForm(
        **sent(request),
        nettverk=nettverk,
        valgt=publisering.audience(samling),
        dato=samling.dato,
    )
    form.kan_hentes = kan(request.user, "rolu.export_deltakelser", samling)
    if asks_for_file(request) and form.is_valid():
        return people_file(request, samling, form.mottakere)
    if request.htmx and asks_for_count(request):
        brevet = _invitation_mail(request, samling, form.mottakere)
        trangt = _too_few_places(samling, form)
        return answer(request, form, kalender=True, publiserer=True, trangt=trangt, **brevet)
    bare_ser = asks_for_count(request) or asks_for_file(request)
    if request.method == "POST" and not bare_ser and form.is_valid():
        with told(request) as utfall:
            utfall.takk = _publish_or_keep(request, samling, form.mottakere)
        return redirect("rolu:samling", nettverk.slug, pk)
    if not samling.er_utkast:
        messages.info(request, _("Samlingen er allerede publisert."))
        return redirect("rolu:samling", nettverk.slug, pk)
    return render(
        request,
        "rolu/samling_publiser.html",
        {
            **samlingsside(request, samling, "samling"),
            "form": form,
            "varsler": publisering.doubts(samling),
            "trangt": _too_few_places(samling, form),
            **_invitation_mail(request, samling, form.mottakere),
        },
        status=form_status(form),
    )


def _publish_or_keep(request: PortalRequest, samling: Samling, mottakere: Mottakere) -> str:
    if "lagre" in request.POST:
        publisering.choose_audience(samling, mottakere=mottakere)
        return _("Utvalget er lagret. Ingen er invitert ennå.")
    return _published(publisering.publish(samling, by=request.user, mottakere=mottakere))


def _invitation_mail(
    request: PortalRequest, samling: Samling, mottakere: Mottakere
) -> dict[str, Any]:
    """How many get an e-mail, and the e-mail they get; nothing for a gathering that is over."""
    if samling.er_over:
        return {}
    faar_brev = publisering.letters_to(samling, mottakere)
    antall = faar_brev.order_by().values("person").distinct().count()
    return {
        "brevtall": ngettext("%(n)s får e-post.", "%(n)s får e-post.", antall) % {"n": antall},
        "eposten": _invitation(request, samling, faar_brev, mottakere),
    }


def _too_few_places(samling: Samling, form: MottakereForm) -> str:
    """That not all who are invited have a place, when there is a limit and they are more."""
    inviterte = form.opptelling.alle.personer
    if samling.kapasitet is None or inviterte <= samling.kapasitet:
        return ""
    return ngettext(
        "Samlingen har %(n)s plass, og %(alle)s blir invitert. De som ikke får plass, står på venteliste.",
        "Samlingen har %(n)s plasser, og %(alle)s blir invitert. De som ikke får plass, står på venteliste.",
        samling.kapasitet,
    ) % {"n": samling.kapasitet, "alle": inviterte}


def _invitation(
    request: PortalRequest,
    samling: Samling,
    faar_brev: VervQuerySet,
    mottakere: Mottakere | None = None,
) -> dict[str, str]:
    """The e-mail as one of those who get it will see it: a leader, when there is one."""
    ledere = faar_brev.filter(gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE, rolle=Rolle.FORMELL_LEDER)
    leder = ledere.select_related("gruppe", "person").first()
    eksempel = leder or faar_brev.select_related("person").first()
    return preview(
        "rolu/epost/invitasjon.txt",
        til=eksempel.person if eksempel else request.user,
        nettverk=samling.nettverk,
        data=samlingsbrev.invitation_data(samling, [leder.gruppe] if leder else [], mottakere),
    )


def _published(antall: int) -> str:
    if not antall:
        return _("Samlingen er publisert. Ingen nye ble invitert.")
    return _("Samlingen er publisert, og gruppene er invitert.")


@nettverksside("rolu.view_samling")
@_skriver
@told_when_locked
def samling_inviter(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Show who has come into a group after the invitation, and the letter; invite them."""
    samling = fetch_med_tall(request, nettverk, pk)
    krev(request.user, "rolu.change_samling", samling)
    if request.method == "POST":
        with told(request) as utfall:
            utfall.takk = _invited(publisering.invite_new(samling, by=request.user))
        return redirect("rolu:samling", nettverk.slug, pk)
    with told(request) as utfall:
        publisering.require_inviting(samling)
    if utfall.nei:
        return redirect("rolu:samling", nettverk.slug, pk)
    nye = epostmottakere.of_verv(publisering.missing(samling))
    if not nye.antall:
        messages.info(request, _("Alle er allerede invitert."))
        return redirect("rolu:samling", nettverk.slug, pk)
    faar_brev = publisering.letters_to_new(samling)
    return render(
        request,
        "rolu/samling_inviter.html",
        {
            **samlingsside(request, samling, "samling"),
            "nye": nye.antall,
            "mottakerne": nye,
            "antall": faar_brev.order_by().values("person").distinct().count(),
            "eposten": _invitation(request, samling, faar_brev),
        },
    )


def _invited(antall: int) -> str:
    if not antall:
        return _("Alle er allerede invitert.")
    return ngettext(
        "%(n)s nytt medlem er invitert.", "%(n)s nye medlemmer er invitert.", antall
    ) % {"n": antall}


@nettverksside("rolu.view_samling")
@_skriver
@told_when_locked
def samling_avlys(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Ask, naming what goes, then call the gathering off."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_samling", samling)
    if request.method == "POST" or samling.er_avlyst:
        with told(request, _("Samlingen er avlyst.")):
            publisering.cancel(samling, by=request.user)
        return redirect("rolu:samling", nettverk.slug, pk)
    with told(request) as utfall:
        publisering.require_cancellable(samling)
    if utfall.nei:
        return redirect("rolu:samling", nettverk.slug, pk)
    return _ask_about_call_off(request, samling)


def _ask_about_call_off(request: PortalRequest, samling: Samling) -> HttpResponse:
    """What goes, who gets the e-mail, and the e-mail."""
    nettverk = samling.nettverk
    tall = Deltakelse.objects.filter(samling=samling).totals()
    folk = list(samlingsbrev.people_told(samling).order_by("sortering", "pk"))
    gjester = list(samlingsbrev.guests_told(samling))
    mottakerne = epostmottakere.of_people(samling, folk, gjester=gjester)
    antall = len(folk) + len(gjester)
    return render(
        request,
        "rolu/samling_avlys.html",
        {
            "samling": samling,
            "tittel": fill_in(_("Avlyse «%(tittel)s»?"), tittel=innhold(samling.tittel, nettverk)),
            "konsekvenser": [
                _("Ingen kan svare lenger. Invitert: %(m)s. Påmeldt: %(n)s.")
                % {"n": tall["paameldte"], "m": tall["inviterte"]},
                ngettext(
                    "%(n)s person som har fått invitasjonen eller er påmeldt, får e-post om avlysningen.",
                    "%(n)s personer som har fått invitasjonen eller er påmeldt, får e-post om avlysningen.",
                    antall,
                )
                % {"n": antall}
                if antall
                else _("Ingen får e-post, siden ingen har fått invitasjonen eller er påmeldt."),
                _("Samlingen tas ut av kalenderen til dem som får e-posten.")
                if antall
                else _("E-poster som ikke er sendt ennå, blir stoppet."),
                _("Program, oppdrag og svar blir stående, merket som avlyst."),
            ],
            "antall": antall,
            "mottakerne": mottakerne,
            "eksempel": folk[0].navn if folk else "",
            "eposten": preview(
                "rolu/epost/avlysning.txt",
                til=folk[0] if folk else request.user,
                nettverk=nettverk,
                data=samlingsbrev.call_off_data(samling),
            ),
        },
    )


@nettverksside("rolu.view_samling")
@_skriver
@told_when_locked
def samling_slett(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Ask, then delete a draft."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_samling", samling)
    if request.method == "POST":
        with told(request, _("Utkastet er slettet.")) as utfall:
            publisering.delete_draft(samling)
        if utfall.nei:
            return redirect("rolu:samling", nettverk.slug, pk)
        return redirect("rolu:samling_list", nettverk.slug)
    with told(request) as utfall:
        publisering.require_deletable(samling)
    if utfall.nei:
        return redirect("rolu:samling", nettverk.slug, pk)
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
