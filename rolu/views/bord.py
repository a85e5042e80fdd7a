"""The seating of a gathering: the tables, its rules, moving somebody, late ones and absent ones, sharing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nettverk.models import Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from nettverk.views.jobber import jobb_context
from rolu.forms.bord import (
    BorddelForm,
    BordfrigiForm,
    BordlaasForm,
    BordlagForm,
    BordoppsettForm,
    BordplassForm,
    BordskilleForm,
    BordsokForm,
    roles_among,
)
from rolu.models import Bordkart, Bordplass, Bordskille, Samling
from rolu.samlinger.bord import bordkart, side
from rolu.samlinger.bord.folk import Bordgjest, by_key, who_sits
from rolu.samlinger.tilstand import require_unlocked
from rolu.views.faner import fetch_med_tall, fetch_samling, samlingsside, told_when_locked

_skriver = require_http_methods(["GET", "HEAD", "POST"])
MANGE_UTEN = 40


@nettverksside("rolu.view_samling")
@require_safe
def samling_bord(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The tables. To those who seat people, first the rules, then how the rules came out and what there is to do;
    to members the tables, when they are shared."""
    samling = fetch_med_tall(request, nettverk, pk)
    kart = _fetch_kart(request, samling)
    kan_endre = kan(request.user, "rolu.change_bordkart", samling)
    if not samling.er_publisert or (kart is None and not kan_endre):
        raise Http404
    sok = BordsokForm(request.GET)
    kontekst = {
        **samlingsside(request, samling, "samling_bord"),
        "bordkart": kart,
        "sok": sok,
        "kan_sette": kan_endre and not samling.er_laast,
        "ser_alt": kan_endre,
        "jobb": None,
    }
    if not kan_endre:
        assert kart is not None  # asked above
        kontekst["bord"] = side.for_members(kart, sok.soker)
        return render(request, "rolu/samling_bord.html", kontekst)
    jobb = bordkart.latest_job(samling)
    if jobb and jobb.status == jobb.Status.FERDIG and kart and kart.satt:
        kontekst["sist"] = jobb
    elif jobb:
        kontekst["jobb"] = jobb_context(jobb, nettverk, request.user)
    if kart and kart.satt:
        kontekst |= {
            "bord": side.for_those_who_seat(kart, sok.soker),
            "lag": BordlagForm(),
            "mange_uten": MANGE_UTEN,
        }
    elif not samling.er_laast and not (jobb and jobb.er_aktiv):
        kontekst |= _setup(samling, kart or Bordkart(samling=samling))
    return render(request, "rolu/samling_bord.html", kontekst)


def _fetch_kart(request: PortalRequest, samling: Samling) -> Bordkart | None:
    kart = Bordkart.objects.visible_to(request.roller).filter(samling=samling).first()
    if kart:
        kart.samling = samling
    return kart


def _setup(samling: Samling, kart: Bordkart, folk: list[Bordgjest] | None = None) -> dict[str, Any]:
    """What it takes to choose the rules: the form, and how many tables it comes to."""
    folk = who_sits(samling) if folk is None else folk
    return {
        "form": BordoppsettForm(instance=kart, regler=bordkart.rules_of(kart), roller=_roles(folk)),
        "antall_folk": len(folk),
        "antall_bord": -(-len(folk) // kart.plasser),
        "har_forrige": bordkart.has_last_time(samling),
    }


def _roles(folk: list[Bordgjest]) -> list[str]:
    return roles_among(rolle for gjest in folk for rolle in gjest.har.roller)


# --- the rules


@nettverksside("rolu.view_samling")
@_skriver
@told_when_locked
def bord_oppsett(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Seats per table and the rules in order; keep them, and seat people by them."""
    samling = _fetch_to_change(request, nettverk, pk)
    folk = who_sits(samling)
    with bordkart.setting_up(samling) as kart:
        kart.samling = samling
        form = BordoppsettForm(
            **sent(request),
            instance=kart,
            regler=bordkart.rules_of(kart),
            roller=_roles(folk),
        )
        nei = True
        if form.is_valid():
            with told(request, form=form) as utfall:
                bordkart.set_up(form.instance, form.chosen())
            nei = bool(utfall.nei)
    if form.is_bound and form.is_valid() and not nei:
        return _after_setup(request, samling, form)
    return _setup_page(request, samling, kart, folk, form=form)


def _after_setup(request: PortalRequest, samling: Samling, form: BordoppsettForm) -> HttpResponse:
    if flyttet := form.cleaned_data["flytt"]:
        adresse = reverse("rolu:bord_oppsett", args=[samling.nettverk.slug, samling.pk])
        return redirect(f"{adresse}#regel-{flyttet.partition(':')[0]}")
    if "lag" in request.POST:
        with told(request):
            bordkart.order(samling, nytt=False, by=request.user)
    else:
        messages.success(request, _("Reglene er lagret."))
    return redirect("rolu:samling_bord", samling.nettverk.slug, samling.pk)


def _setup_page(
    request: PortalRequest,
    samling: Samling,
    kart: Bordkart,
    folk: list[Bordgjest],
    *,
    form: BordoppsettForm | None = None,
    skilleform: BordskilleForm | None = None,
) -> HttpResponse:
    kontekst = _setup(samling, kart, folk)
    skiller = Bordskille.objects.visible_to(request.roller).filter(bordkart__samling=samling)
    return render(
        request,
        "rolu/bord_oppsett.html",
        {
            **samlingsside(request, samling, "samling_bord"),
            **kontekst,
            "bordkart": kart,
            "form": form or kontekst["form"],
            "skiller": skiller.select_related("en", "annen"),
            "skilleform": skilleform or BordskilleForm(folk=folk),
        },
        status=form_status(form, skilleform),
    )


@nettverksside("rolu.view_samling")
@require_POST
@told_when_locked
def bord_skille_ny(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Two who are not to sit at the same table."""
    samling = _fetch_to_change(request, nettverk, pk)
    folk = who_sits(samling)
    form = BordskilleForm(request.POST, folk=folk)
    if form.is_valid():
        with told(request, _("De to settes ikke ved samme bord."), form=form) as utfall:
            bordkart.keep_apart(samling, **form.cleaned_data)
        if not utfall.nei:
            return redirect(f"{_address('bord_oppsett', samling)}#skiller")
    kart = _fetch_kart(request, samling) or Bordkart(samling=samling)
    return _setup_page(request, samling, kart, folk, skilleform=form)


@nettverksside("rolu.view_samling")
@require_POST
@told_when_locked
def bord_skille_fjern(
    request: PortalRequest, nettverk: Nettverk, pk: int, skille_pk: int
) -> HttpResponse:
    """They may sit together after all."""
    samling = _fetch_to_change(request, nettverk, pk, med_tall=False)
    with told(request, _("De to kan sitte ved samme bord igjen.")):
        bordkart.let_together(samling, pk=skille_pk)
    return redirect(f"{_address('bord_oppsett', samling)}#skiller")


# --- the seating


@nettverksside("rolu.view_samling")
@require_POST
@told_when_locked
def bord_lag(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Seat people: mend what stands, or draw another."""
    samling = _fetch_to_change(request, nettverk, pk, med_tall=False)
    form = BordlagForm(request.POST)
    adresse = _address("samling_bord", samling)

    def make() -> str:
        nytt = form.cleaned_data["hva"] == "nytt"
        bordkart.order(samling, nytt=nytt, by=request.user)
        return adresse

    with told(request):
        form.once(request.user, make)
    return redirect(adresse)


@nettverksside("rolu.view_samling")
@require_POST
@told_when_locked
def bord_sene(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """A table for those who came late."""
    samling = _fetch_to_change(request, nettverk, pk, med_tall=False)
    with told(request) as utfall:
        faar = bordkart.seat_late(samling)
        utfall.takk = _seated_in_words(faar)
    return redirect("rolu:samling_bord", nettverk.slug, pk)


def _seated_in_words(faar: list[tuple[Bordgjest, int]]) -> str:
    if not faar:
        return _("Alle hadde allerede et bord.")
    if len(faar) <= 3:
        return " ".join(
            _("%(navn)s sitter ved bord %(bord)s.") % {"navn": gjest.navn, "bord": bord}
            for gjest, bord in faar
        )
    return ngettext(
        "%(n)s person har fått bord. Ingen andre er flyttet.",
        "%(n)s personer har fått bord. Ingen andre er flyttet.",
        len(faar),
    ) % {"n": len(faar)}


@nettverksside("rolu.view_samling")
@require_POST
@told_when_locked
def bord_frigi(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Free the places of those who do not come, or have not met."""
    samling = _fetch_to_change(request, nettverk, pk, med_tall=False)
    form = BordfrigiForm(request.POST)
    if form.is_valid():
        with told(request) as utfall:
            ikke_moett = form.cleaned_data["hvem"] == "ikke_moett"
            antall = bordkart.release_absent(samling, ogsaa_ikke_moett=ikke_moett)
            utfall.takk = ngettext(
                "%(n)s plass er frigitt.", "%(n)s plasser er frigitt.", antall
            ) % {"n": antall}
    return redirect("rolu:samling_bord", nettverk.slug, pk)


@nettverksside("rolu.view_samling")
@_skriver
@told_when_locked
def bord_del(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """What sharing the seating will do; then share it, or take that back."""
    samling = _fetch_to_change(request, nettverk, pk)
    kart = _fetch_kart(request, samling)
    if kart is None or kart.satt is None:
        raise Http404
    form = BorddelForm(**sent(request))
    if form.is_valid():
        deles = form.cleaned_data["skal"] == "deles"
        takk = _("Bordkartet er delt.") if deles else _("Bordkartet er ikke lenger delt.")
        with told(request, takk):
            (bordkart.share if deles else bordkart.take_back_sharing)(samling)
        return redirect("rolu:samling_bord", nettverk.slug, pk)
    bord = side.for_those_who_seat(kart)
    return render(
        request,
        "rolu/bord_del.html",
        {**samlingsside(request, samling, "samling_bord"), "bordkart": kart, "bord": bord},
        status=form_status(form),
    )


# --- one person's place


@nettverksside("rolu.view_samling")
@_skriver
@told_when_locked
def bord_plass(request: PortalRequest, nettverk: Nettverk, pk: int, noekkel: str) -> HttpResponse:
    """Move somebody to another table, by keyboard or by being dragged there; they are locked to it."""
    samling = _fetch_to_change(request, nettverk, pk)
    kjente = by_key(who_sits(samling))
    gjest = kjente.get(noekkel) or _seated_still(request, samling, noekkel)
    kart = _fetch_kart(request, samling)
    if kart is None or kart.satt is None:
        raise Http404
    bord = side.for_those_who_seat(kart)
    with bordkart.changing(samling) as naa:
        plass = bordkart.place_of(naa, gjest)
        satt_ved, laast = plass.bord, plass.laast
        form = BordplassForm(**sent(request), instance=plass, kort=bord.kort)
        if form.is_valid():
            bordkart.move(form.instance)
            messages.success(request, _moved_in_words(gjest, form.instance, bord))
            return redirect(f"{_address('samling_bord', samling)}#bord-{form.instance.bord}")
    return render(
        request,
        "rolu/bord_plass.html",
        {
            **samlingsside(request, samling, "samling_bord"),
            "gjest": gjest,
            "plass": plass if plass.pk else None,
            "satt_ved": satt_ved,
            "laast": laast,
            "kommer": noekkel in kjente,
            "form": form,
        },
        status=form_status(form),
    )


def _seated_still(request: PortalRequest, samling: Samling, noekkel: str) -> Bordgjest:
    """Somebody who sits there and does not come any more; 404 for who never did."""
    plasser = Bordplass.objects.visible_to(request.roller).filter(bordkart__samling=samling)
    for plass in plasser.select_related("person", "gjest"):
        if plass.noekkel == noekkel:
            return side.gone(plass)
    raise Http404


def _moved_in_words(gjest: Bordgjest, plass: Bordplass, bord: side.Bordside) -> str:
    tekst = _("%(navn)s sitter ved bord %(bord)s, og er låst der.") % {
        "navn": gjest.navn,
        "bord": plass.bord,
    }
    ved = next((kort for kort in bord.kort if kort.nummer == plass.bord), None)
    andre = sum(rad.gjest.noekkel != gjest.noekkel for rad in ved.rader) if ved else 0
    if not andre:
        return tekst + " " + _("Ingen andre sitter der.")
    if ved and andre + 1 > ved.plasser:
        return tekst + " " + _("Bordet trenger en stol til.")
    return tekst


@nettverksside("rolu.view_samling")
@require_POST
@told_when_locked
def bord_laas(request: PortalRequest, nettverk: Nettverk, pk: int, noekkel: str) -> HttpResponse:
    """Lock somebody to their table, or let the next seating move them."""
    samling = _fetch_to_change(request, nettverk, pk, med_tall=False)
    form = BordlaasForm(request.POST)
    if form.is_valid():
        laast = form.cleaned_data["laast"] == "ja"
        takk = _("Plassen er låst.") if laast else _("Plassen er ikke lenger låst.")
        with told(request, takk):
            bordkart.set_lock(samling, noekkel, laast=laast)
    return redirect("rolu:samling_bord", nettverk.slug, pk)


@nettverksside("rolu.view_samling")
@require_POST
@told_when_locked
def bord_ta_bort(request: PortalRequest, nettverk: Nettverk, pk: int, noekkel: str) -> HttpResponse:
    """Free one person's place: they left, or sit elsewhere."""
    samling = _fetch_to_change(request, nettverk, pk, med_tall=False)
    with told(request, _("Plassen er frigitt.")):
        bordkart.release(samling, [noekkel])
    return redirect("rolu:samling_bord", nettverk.slug, pk)


def _fetch_to_change(
    request: PortalRequest, nettverk: Nettverk, pk: int, *, med_tall: bool = True
) -> Samling:
    """A published gathering that the person may seat people at."""
    fetch = fetch_med_tall if med_tall else fetch_samling
    samling = fetch(request, nettverk, pk)
    krev(request.user, "rolu.change_bordkart", samling)
    if not samling.er_publisert:
        raise Http404
    require_unlocked(samling)
    return samling


def _address(navn: str, samling: Samling) -> str:
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk])
