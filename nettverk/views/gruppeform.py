"""Groups are made, changed and ended; who sits in them is another page."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from nettverk import grupper
from nettverk.forms.form import GruppeForm, SisteDagForm, UtviklingsgruppeForm
from nettverk.models import Gruppe, Nettverk
from nettverk.overtakelse import left_behind, succession
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import whole_number
from nettverk.sikkerhet.fersk import fersk_innlogging
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import hold, locked
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from nettverk.views.grupper import tell_left_behind


def _fetch(request: PortalRequest, nettverk: Nettverk, pk: int) -> Gruppe:
    gruppe = get_object_or_404(Gruppe.objects.visible_to(request.roller), pk=pk)
    gruppe.nettverk = nettverk
    krev(request.user, "nettverk.change_gruppe", gruppe)
    return gruppe


def _page(nettverk: Nettverk, gruppe: Gruppe) -> str:
    return reverse("nettverk:gruppe", args=[nettverk.slug, gruppe.pk])


@nettverksside("nettverk.add_gruppe")
@fersk_innlogging
@require_http_methods(["GET", "HEAD", "POST"])
def gruppe_ny(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Make one of the network's own groups; then one is on its page, where people are added."""
    form = GruppeForm(**sent(request), nettverk=nettverk)

    def make() -> str:
        gruppe = grupper.make(nettverk=nettverk, **form.felt)
        messages.success(
            request,
            fill_in(
                _("%(gruppe)s er laget. Nå kan du legge til medlemmene."),
                gruppe=innhold(gruppe.navn, nettverk),
            ),
        )
        return _page(nettverk, gruppe)

    try:
        adresse = form.once(request.user, make)
    except KanIkke as nei:  # somebody else was first
        form.add_error("navn", str(nei))
    else:
        if adresse:
            return redirect(adresse)
    return render(request, "nettverk/gruppe_skjema.html", {"form": form}, status=form_status(form))


@nettverksside("nettverk.add_gruppe")
@require_http_methods(["GET", "HEAD", "POST"])
def utviklingsgruppe_ny(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Make the utviklingsgruppe of a kommune, or of a unit that has none."""
    enhet = whole_number(request.GET.get("enhet"))
    form = UtviklingsgruppeForm(
        **sent(request), nettverk=nettverk, initial={"sted": f"e{enhet}" if enhet else None}
    )

    def make() -> str:
        sted, fra = form.cleaned_data["sted"], form.cleaned_data["fra"]
        gruppe = grupper.make_utviklingsgruppe(nettverk=nettverk, sted=sted, fra=fra)
        messages.success(request, _("Utviklingsgruppa er laget."))
        return _page(nettverk, gruppe)

    try:
        adresse = form.once(request.user, make)
    except IntegrityError:  # somebody else was first
        form.add_error("sted", _("Utviklingsgruppa er nettopp laget av en annen."))
    else:
        if adresse:
            return redirect(adresse)
    return render(
        request, "nettverk/utviklingsgruppe_ny.html", {"form": form}, status=form_status(form)
    )


@nettverksside("nettverk.view_gruppe")
@fersk_innlogging
@require_http_methods(["GET", "HEAD", "POST"])
def gruppe_rediger(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Change its names, its mandate and its place in the list. Two at once: 409, and nothing lost."""
    gruppe = _fetch(request, nettverk, pk)
    with transaction.atomic(), locked(_alone(request, gruppe)) as naa:
        form = GruppeForm(**sent(request), instance=naa, nettverk=nettverk)
        if request.method == "POST" and form.is_valid():
            grupper.change(naa, **form.felt)
            messages.success(request, _("Gruppa er lagret."))
            return redirect(_page(nettverk, gruppe))
    return render(
        request,
        "nettverk/gruppe_skjema.html",
        {"form": form, "gruppe": gruppe, "funksjon": _function(gruppe)},
        status=form_status(form),
    )


def _alone(request: PortalRequest, gruppe: Gruppe) -> Gruppe:
    """Whoever saves is alone in the network until it is done: two groups never get one name."""
    if request.method == "POST":
        hold(gruppe.nettverk)
    return gruppe


def _function(gruppe: Gruppe) -> grupper.Funksjon | None:
    """What it is for, when that can no longer be chosen."""
    if grupper.may_change_function(gruppe):
        return None
    return next(
        (f for f in grupper.functions(gruppe.nettverk, og=gruppe.type) if f.type == gruppe.type),
        None,
    )


@nettverksside("nettverk.view_gruppe")
@fersk_innlogging
@require_http_methods(["GET", "HEAD", "POST"])
def gruppe_avslutt(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """End a group: says who loses their Verv with it, and asks for the last day."""
    gruppe = _fetch(request, nettverk, pk)
    if not gruppe.er_gyldig() and gruppe.til is not None:
        messages.info(request, _("Gruppa er allerede avsluttet."))
        return redirect(_page(nettverk, gruppe))
    form = SisteDagForm(**sent(request), ting=gruppe)
    if request.method == "POST" and form.is_valid():
        with told(request, form=form) as utfall:
            gjort = grupper.end(gruppe, siste_dag=form.cleaned_data["siste_dag"], by=request.user)
            utfall.takk = _ended(gjort.antall)
        if not utfall.nei:
            tell_left_behind(request, gjort.etterlatt)
            return redirect("nettverk:gruppe_list", nettverk.slug)
    verv = list(grupper.that_end_with(gruppe, form.slutt).in_order().select_related("person"))
    for ett in verv:
        ett.gruppe = gruppe
    return render(
        request,
        "nettverk/gruppe_avslutt.html",
        {
            "gruppe": gruppe,
            "form": form,
            "verv_list": verv,
            "etterlatt": left_behind(succession(verv, form.slutt)),
            "er_egen": gruppe.pk in request.roller.grupper,
        },
        status=form_status(form),
    )


def _ended(antall: int) -> str:
    if not antall:
        return _("Gruppa er avsluttet.")
    return ngettext(
        "Gruppa og %(n)s verv er avsluttet.", "Gruppa og %(n)s verv er avsluttet.", antall
    ) % {"n": antall}
