"""Reminding those who have not answered: who gets it and what it says, then it is sent."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from nettverk.arbeid.brev import preview
from nettverk.models import Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from rolu.forms.samling import PurreForm
from rolu.models import Samling
from rolu.samlinger import purring
from rolu.samlinger.samlingsbrev import reminder
from rolu.views.faner import fetch_med_tall, samlingsside

_NAVN_VIST = 60


@nettverksside("rolu.view_samling")
@require_http_methods(["GET", "HEAD", "POST"])
def samling_purr(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Show who is reminded and the letter; send it once."""
    samling = fetch_med_tall(request, nettverk, pk)
    krev(request.user, "rolu.change_samling", samling)
    form = PurreForm(**sent(request))
    with told(request) as utfall:
        purring.require_open(samling)
        if adresse := form.once(request.user, partial(_remind, request, samling)):
            return redirect(adresse)
    if utfall.nei:
        return redirect("rolu:samling_deltakere", nettverk.slug, pk)
    alle, sist = purring.to_remind(samling), purring.reminded(samling)
    hvem = purring.not_today(alle, sist)
    if not hvem:
        messages.info(
            request,
            _("Alle som mangler, har fått påminnelse i dag. Vent til i morgen med en ny.")
            if alle
            else _("Ingen mangler, eller de som mangler, har ingen leder som kan svare."),
        )
        return redirect("rolu:samling_deltakere", nettverk.slug, pk)
    foerste, grupper = next(iter(hvem.items()))
    utkast = reminder(samling, foerste, grupper, by=request.user)
    return render(
        request,
        "rolu/samling_purr.html",
        {
            **samlingsside(request, samling, "samling_deltakere"),
            "form": form,
            "antall": len(hvem),
            "fikk_i_dag": len(alle) - len(hvem),
            "sist": max(sist.values(), default=None),
            "navnene": [person.navn for person in list(hvem)[:_NAVN_VIST]],
            "flere": max(len(hvem) - _NAVN_VIST, 0),
            "eposten": preview(utkast.mal, til=foerste, nettverk=nettverk, data=utkast.data),
            "eksempel": foerste.navn,
        },
        status=form_status(form),
    )


def _remind(request: PortalRequest, samling: Samling) -> str:
    nye = purring.remind(samling, by=request.user)
    messages.success(
        request,
        ngettext("%(n)s påminnelse blir sendt.", "%(n)s påminnelser blir sendt.", len(nye))
        % {"n": len(nye)}
        if nye
        else _("Ingen nye påminnelser. Alle har fått en i dag, eller har svart."),
    )
    return reverse("rolu:samling_deltakere", args=[samling.nettverk.slug, samling.pk])
