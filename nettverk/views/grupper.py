"""Groups: who sits where since when, whom they represent, what is vacant."""

import datetime
from collections.abc import Sequence
from functools import partial

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Case, Count, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kommuner.gyldighet import idag
from nettverk import bekreftelse, lister
from nettverk import verv as vervene
from nettverk.annullering import may_annul
from nettverk.flater import Etterlatt, seksjoner_paa
from nettverk.forms.gruppe import AvsluttVervForm, GruppesokForm, UtnevnForm
from nettverk.invitasjon import invite
from nettverk.ledige import group_lacks_role
from nettverk.models import Gruppe, Nettverk, Rolle, Ubesvart, Verv
from nettverk.models.gruppe import GruppeQuerySet
from nettverk.overtakelse import in_words, left_behind, succession, without_owner
from nettverk.side.innhold import fill_in, rolle_i, roller_i
from nettverk.side.liste import Liste, chips, chosen, read_liste
from nettverk.side.perdato import read_per
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import came_from
from nettverk.sikkerhet.fersk import fersk_innlogging
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev

ET_DOEGN = datetime.timedelta(days=1)


def change_permission(gruppe: Gruppe) -> str:
    """The permission it takes to change who sits in `gruppe`."""
    return (
        "nettverk.change_utviklingsgruppe"
        if gruppe.er_utviklingsgruppe
        else "nettverk.change_gruppe"
    )


def fetch_gruppe(request: PortalRequest, nettverk: Nettverk, pk: int) -> Gruppe:
    synlige = Gruppe.objects.visible_to(request.roller)
    gruppe = get_object_or_404(synlige.select_related("enhet", "kommune"), pk=pk)
    gruppe.nettverk = nettverk
    return gruppe


def fetch_verv(gruppe: Gruppe, pk: int) -> Verv:
    """The Verv, with the group that the page knows already."""
    verv = get_object_or_404(Verv.objects.select_related("person"), gruppe=gruppe, pk=pk)
    verv.gruppe = gruppe
    return verv


def tell_left_behind(request: PortalRequest, etterlatt: Sequence[Etterlatt]) -> None:
    """Say where everything ahead went, and lead to what nobody has now."""
    for setning in in_words(etterlatt):
        messages.info(request, setning)
    if uten := without_owner(etterlatt):
        lenker = format_html_join(
            ", ", '<a class="ds-link" href="{}">{}</a>', ((t.url, t.tittel) for t in uten[:5])
        )
        messages.warning(request, fill_in(_("Uten ansvarlig: %(lenker)s"), lenker=lenker))


@nettverksside("nettverk.view_gruppe")
@require_safe
def gruppe_list(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The network's own groups, then the utviklingsgrupper with what is vacant in each."""
    per = read_per(request)
    grupper = Gruppe.objects.visible_to(request.roller).gyldig(per).with_roller(per)
    form = GruppesokForm(request.GET)
    liste = _list(request, form, form.filter(grupper.utviklingsgrupper()), per)
    for gruppe in liste.side.object_list:
        gruppe.nettverk = nettverk
        gruppe.ledige = gruppe.ledige_roller(gruppe.roller_da)
        gruppe.ledige_i_ord = roller_i(gruppe.ledige, nettverk)
    mal = "nettverk/gruppe_list.html"
    if request.htmx:
        return render(
            request,
            f"{mal}#liste",
            {"liste": liste, "side": liste.side, "egne": request.roller.grupper},
        )
    return render(
        request,
        mal,
        {
            "per": per,
            "liste": liste,
            "egne": request.roller.grupper,
            "nettverksgrupper": list(grupper.exclude(type=Gruppe.Type.UTVIKLINGSGRUPPE)),
            "side": liste.side,
            "kan_lage": kan(request.user, "nettverk.add_gruppe", nettverk),
            "kan_legge_inn": kan(request.user, "nettverk.import_folk", nettverk),
            "kan_se_ledige": kan(request.user, "nettverk.view_ledige", nettverk),
        },
    )


def _list(
    request: PortalRequest, form: GruppesokForm, grupper: GruppeQuerySet, per: datetime.date
) -> Liste:
    """The utviklingsgrupper by whether they lack somebody, the person's own first."""
    egne_forst = Case(When(pk__in=request.roller.grupper, then=0), default=1)
    mangler = group_lacks_role(request.nettverk, per)
    antall = grupper.order_by().aggregate(alle=Count("pk"), mangler=Count("pk", filter=mangler))
    bare_mangler = bool(chosen(request, "mangler", {"on"}))
    return read_liste(
        request,
        lister.GRUPPER,
        (grupper.filter(mangler) if bare_mangler else grupper)
        .select_related("enhet", "kommune")
        .order_by(egne_forst, *(Gruppe._meta.ordering or ())),
        form=form,
        brikker=[
            chips(
                request,
                "mangler",
                [("", _("Alle"), antall["alle"]), ("on", _("Mangler roller"), antall["mangler"])],
            )
        ],
        antall=antall["mangler" if bare_mangler else "alle"],
        beholdes=["per"],
    )


@nettverksside("nettverk.view_gruppe")
@require_safe
def gruppe(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """One group: its people on a day, the vacant roles, and who sat there before."""
    gruppe = fetch_gruppe(request, nettverk, pk)
    per = read_per(request)
    varer = gruppe.til is None or gruppe.til > idag()
    alle = list(
        gruppe.verv.in_order().select_related(
            "person__ubesvart", "representerer", "representerer_partner"
        )
    )
    naa = [verv for verv in alle if verv.er_gyldig(per)]
    for verv in naa:
        verv.gruppe = gruppe
        verv.vis_epost = kan(request.user, "nettverk.view_epost", verv)
    kan_endre = varer and kan(request.user, change_permission(gruppe), gruppe)
    siste = bekreftelse.latest(gruppe) if gruppe.enhet_id else None
    return render(
        request,
        "nettverk/gruppe.html",
        {
            "gruppe": gruppe,
            "per": per,
            "siste": siste,
            "skal_bekreftes": kan_endre and bekreftelse.awaits(gruppe, siste),
            "verv_list": naa,
            "tidligere": [verv for verv in alle if verv.til and verv.til <= per],
            "annullerte": [verv for verv in alle if verv.annullert] if kan_endre else [],
            "kommende": [verv for verv in alle if verv.fra and verv.fra > per],
            "seksjoner": seksjoner_paa(gruppe, roller=request.roller, dato=per),
            "ledige": gruppe.ledige_roller(verv.rolle for verv in naa),
            "paakrevde": roller_i(nettverk.paakrevde_roller, nettverk),
            "kan_endre": kan_endre,
            "kan_rette": varer and kan(request.user, "nettverk.correct_person", gruppe),
            "kan_forme": varer and kan(request.user, "nettverk.change_gruppe", gruppe),
            "vis_kontakt": any(verv.vis_epost for verv in naa),
            "kan_se_telefon": kan(request.user, "nettverk.view_telefon", nettverk),
        },
    )


@nettverksside("nettverk.view_gruppe")
@fersk_innlogging
@require_http_methods(["GET", "HEAD", "POST"])
def verv_ny(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Give a person a place in the group."""
    gruppe = fetch_gruppe(request, nettverk, pk)
    krev(request.user, change_permission(gruppe), gruppe)
    rolle = request.GET.get("rolle", "")
    form = UtnevnForm(
        **sent(request),
        gruppe=gruppe,
        count=partial(
            vervene.count_lookup,
            by=request.user,
            nettverk=nettverk,
            er_koordinator=request.roller.er_koordinator,
        ),
        initial={"rolle": rolle if rolle in Rolle.values else None},
    )
    try:
        adresse = form.once(request.user, lambda: _appointed(request, gruppe, form))
    except IntegrityError:  # the second tab was first
        form.add_error("fra", _("Personen har allerede denne rollen i gruppa i denne perioden."))
    except KanIkke as nei:  # the group ended meanwhile
        form.add_error("fra", str(nei))
    else:
        if adresse:
            return redirect(adresse)
    return render(
        request,
        "nettverk/verv_skjema.html",
        {"gruppe": gruppe, "form": form, "tilbake": came_from(request)},
        status=form_status(form),
    )


def _appointed(request: PortalRequest, gruppe: Gruppe, form: UtnevnForm) -> str:
    inviter = form.cleaned_data["inviter"]
    verv = vervene.appoint(gruppe=gruppe, by=request.user, spoer=not inviter, **form.utnevning())
    if inviter:
        invite([verv.person_id], nettverk=request.nettverk, by=request.user)
    venter = Ubesvart.objects.filter(person=verv.person).exists()
    messages.success(
        request,
        fill_in(
            _(
                "%(navn)s er skrevet opp som %(rolle)s. «Venter på svar» står ved navnet til personen har svart."
            )
            if venter
            else _("%(navn)s er nå %(rolle)s i gruppa."),
            navn=verv.person.navn,
            rolle=rolle_i(verv.rolle, request.nettverk),
        ),
    )
    return came_from(request) or reverse("nettverk:gruppe", args=[request.nettverk.slug, gruppe.pk])


@nettverksside("nettverk.view_gruppe")
@fersk_innlogging
@require_http_methods(["GET", "HEAD", "POST"])
def verv_avslutt(request: PortalRequest, nettverk: Nettverk, pk: int, verv_pk: int) -> HttpResponse:
    """End an appointment: asks for the last day and names what ends with it."""
    gruppe = fetch_gruppe(request, nettverk, pk)
    krev(request.user, change_permission(gruppe), gruppe)
    verv = fetch_verv(gruppe, verv_pk)
    if not vervene.can_end(verv):
        messages.info(request, _("Vervet er allerede avsluttet."))
        return redirect("nettverk:gruppe", nettverk.slug, gruppe.pk)
    form = AvsluttVervForm(**sent(request), verv=verv)
    if request.method == "POST" and form.is_valid():
        takk = _("Vervet til %(navn)s er avsluttet.") % {"navn": verv.person.navn}
        with told(request, takk, form=form) as utfall:
            etterlatt = vervene.end(
                verv=verv, siste_dag=form.cleaned_data["siste_dag"], by=request.user
            )
        if not utfall.nei:
            tell_left_behind(request, etterlatt)
            return redirect("nettverk:gruppe", nettverk.slug, gruppe.pk)
    return render(
        request,
        "nettverk/verv_avslutt.html",
        {
            "gruppe": gruppe,
            "verv": verv,
            "form": form,
            "er_egen": verv.person_id == request.user.pk,
            "kan_annulleres": may_annul(verv),
            "begynte_for": verv.fra is not None and verv.fra < idag(),
            "etterlatt": left_behind(succession([verv], idag() + ET_DOEGN)),
        },
        status=form_status(form),
    )
