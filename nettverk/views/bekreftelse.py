"""A unit's utviklingsgruppe is confirmed once a school year, in one screen; and when that is asked."""

import datetime
from collections.abc import Sequence
from functools import partial

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kommuner.gyldighet import idag
from nettverk import bekreftelse
from nettverk import verv as vervene
from nettverk.bekreftelse import Bekreftet
from nettverk.forms.bekreftelse import BekreftesFraForm, GruppebekreftelseForm
from nettverk.models import Gruppe, Nettverk, Verv
from nettverk.side.innhold import fill_in, rolle_i
from nettverk.side.portalform import form_status, sent
from nettverk.side.skrivemaate import kort_dag
from nettverk.side.utenfra import came_from
from nettverk.sikkerhet.fersk import fersk_innlogging
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import locked
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from nettverk.views.grupper import tell_left_behind


@nettverksside("nettverk.view_gruppe")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def gruppe_bekreft(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponseBase:
    """Who is still in the group, who has left, who is new; then it is confirmed."""
    enhetenes = Gruppe.objects.visible_to(request.roller).utviklingsgrupper()
    gruppe = get_object_or_404(enhetenes.filter(enhet__isnull=False).select_related("enhet"), pk=pk)
    gruppe.nettverk = nettverk
    krev(request.user, "nettverk.change_utviklingsgruppe", gruppe)
    if not gruppe.er_gyldig():
        messages.info(request, _("Gruppa er avsluttet, så den kan ikke bekreftes."))
        return redirect("nettverk:gruppe", nettverk.slug, gruppe.pk)
    # That everything is as it was needs no fresh sign-in; that somebody comes or goes, does.
    endrer = GruppebekreftelseForm.changes_people(request.POST)
    return _with_changes(request, gruppe) if endrer else _answer(request, gruppe)


def _answer(request: PortalRequest, gruppe: Gruppe) -> HttpResponse:
    nettverk = request.nettverk
    with locked(gruppe) as naa:
        form = GruppebekreftelseForm(
            **sent(request),
            gruppe=naa,
            verv=bekreftelse.members(naa, hold=request.method == "POST"),
            by=request.user,
            count=partial(
                vervene.count_lookup,
                by=request.user,
                nettverk=nettverk,
                er_koordinator=request.roller.er_koordinator,
            ),
        )
        try:
            adresse = form.once(request.user, lambda: _confirmed(request, naa, form))
        except IntegrityError:  # two spellings of one person
            form.add_error(None, _("En av de nye har allerede rollen i gruppa."))
        except KanIkke as nei:
            form.add_error(None, str(nei))
        else:
            if adresse:
                return redirect(adresse)
    siste = bekreftelse.latest(gruppe)
    return render(
        request,
        "nettverk/gruppe_bekreft.html",
        {
            "gruppe": gruppe,
            "form": form,
            "siste": siste,
            "venter": bekreftelse.awaits(gruppe, siste),
            "spoersmaal": bekreftelse.question(gruppe, er_ny=siste is None),
        },
        status=form_status(form),
    )


_with_changes = fersk_innlogging(_answer)


def _confirmed(request: PortalRequest, gruppe: Gruppe, form: GruppebekreftelseForm) -> str:
    gjort = bekreftelse.confirm(
        gruppe,
        by=request.user,
        slutter=form.slutter,
        nye=form.nye,
        inviter=form.cleaned_data["inviter"],
    )
    messages.success(request, " ".join(_told(gjort, form.slutter)))
    if mangler := _left_vacant(gruppe, form.slutter):
        messages.warning(request, mangler)
    tell_left_behind(request, gjort.etterlatt)
    return came_from(request) or reverse("nettverk:gruppe", args=[request.nettverk.slug, gruppe.pk])


def _left_vacant(gruppe: Gruppe, slutter: Sequence[tuple[Verv, datetime.date]]) -> str:
    """The roles that nobody has after those who left, and the way to fill each."""
    roller = {verv.rolle for verv, _dag in slutter}
    naa = gruppe.ledige_roller(verv.rolle for verv in bekreftelse.members(gruppe))
    ledige = [rolle for rolle in naa if rolle in roller]
    if not ledige:
        return ""
    nettverk = gruppe.nettverk
    url = reverse("nettverk:verv_ny", args=[nettverk.slug, gruppe.pk])
    lenker = format_html_join(
        ", ",
        '<a class="ds-link" href="{}?rolle={}">{}</a>',
        ((url, rolle.value, rolle_i(rolle, nettverk)) for rolle in ledige),
    )
    return fill_in(_("Gruppa mangler nå %(roller)s. Legg til en når du vet hvem."), roller=lenker)


def _told(gjort: Bekreftet, slutter: Sequence[tuple[Verv, datetime.date]]) -> list[str]:
    setninger = [
        _("Takk! Gruppa er bekreftet for dette skoleåret.")
        if gjort.foerst
        else _("Gruppa var allerede bekreftet for dette skoleåret.")
    ]
    i_dag = idag()
    setninger += [
        _("%(navn)s slutter %(dato)s.") % {"navn": verv.person.navn, "dato": kort_dag(dag)}
        for verv, dag in slutter
        if dag >= i_dag
    ]
    if sluttet := sum(dag < i_dag for _verv, dag in slutter):
        setninger.append(
            ngettext("%(n)s har sluttet.", "%(n)s har sluttet.", sluttet) % {"n": sluttet}
        )
    if nye := len(gjort.nye):
        setninger.append(ngettext("%(n)s er ny.", "%(n)s er nye.", nye) % {"n": nye})
    if gjort.venter_paa_svar:
        setninger.append(_("«Venter på svar» står ved navnet til personen har svart."))
    return setninger


@nettverksside("nettverk.change_nettverk")
@require_http_methods(["GET", "HEAD", "POST"])
def bekreftes_fra(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """From which day of the year the leaders are asked. Two at once: 409, and nothing lost."""
    with locked(nettverk) as naa:
        form = BekreftesFraForm(**sent(request), instance=naa)
        if request.method == "POST" and form.is_valid():
            bekreftelse.change_day(naa, bekreftes_fra=form.cleaned_data["bekreftes_fra"])
            messages.success(request, _("Endringene er lagret."))
            return redirect("nettverk:nettverket", nettverk.slug)
    return render(request, "nettverk/bekreftes_fra.html", {"form": form}, status=form_status(form))
