"""The parts of a summary: write in one, move it, leave it out, fetch the data of all of them anew."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from nettverk.models import Nettverk
from nettverk.side.innhold import fill_in, innhold, join
from nettverk.skriving.autolagring import is_discarded, posted, save_text, saves_itself
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from rolu.forms.oppsummering import BlokkflyttForm, BlokktekstForm, BlokkutelatForm
from rolu.models import Oppsummeringsblokk, Samling
from rolu.samlinger import blokker
from rolu.samlinger.blokkinnhold import title_of
from rolu.views.faner import fetch_med_tall, fetch_samling
from rolu.views.oppsummering import page


def _fetch(
    request: PortalRequest, nettverk: Nettverk, pk: int, slag: str, *, med_tall: bool = False
) -> Oppsummeringsblokk:
    """The part, for who may change it."""
    hent = fetch_med_tall if med_tall else fetch_samling
    samling = hent(request, nettverk, pk)
    krev(request.user, "rolu.change_oppsummering", samling)
    synlige = Oppsummeringsblokk.objects.visible_to(request.roller).filter(samling=samling)
    blokk: Oppsummeringsblokk = get_object_or_404(synlige, slag=slag)
    blokk.samling = samling
    return blokk


def _back(samling: Samling, slag: str = "") -> HttpResponseRedirect:
    adresse = reverse("rolu:samling_oppsummering", args=[samling.nettverk.slug, samling.pk])
    return HttpResponseRedirect(f"{adresse}#{slag}" if slag else adresse)


@nettverksside("rolu.view_samling")
@require_POST
def blokk_lagre(request: PortalRequest, nettverk: Nettverk, pk: int, slag: str) -> HttpResponse:
    """Save what is written in a part. With X-Autolagre the answer is JSON (static/js/autolagre.js)."""
    blokk = _fetch(request, nettverk, pk, slag, med_tall=not saves_itself(request))
    if is_discarded(request):
        messages.info(request, _("Teksten din er forkastet. Den andre teksten står."))
        return _back(blokk.samling, slag)

    def done(lagret: Oppsummeringsblokk) -> HttpResponse:
        messages.success(request, _("Teksten er lagret."))
        return _back(blokk.samling, slag)

    return save_text(
        request,
        BlokktekstForm(posted(request), auto_id=f"{slag}-%s"),
        save=lambda felt: blokker.edit(blokk, by=request.user, **felt),
        page=lambda form, **mer: page(
            request, blokk.samling, ser_utkast=True, valgt=slag, sendt=form, skriver=True, **mer
        ),
        done=done,
    )


@nettverksside("rolu.view_samling")
@require_POST
def blokk_flytt(request: PortalRequest, nettverk: Nettverk, pk: int, slag: str) -> HttpResponse:
    """Let a part stand in another place."""
    blokk = _fetch(request, nettverk, pk, slag)
    form = BlokkflyttForm(request.POST)
    if form.is_valid():
        tittel = innhold(title_of(slag, nettverk), nettverk)
        with told(request, fill_in(_("«%(del)s» er flyttet."), **{"del": tittel})):
            blokker.move(blokk, plass=form.cleaned_data["plass"])
    return _back(blokk.samling, slag)


@nettverksside("rolu.view_samling")
@require_POST
def blokk_utelat(request: PortalRequest, nettverk: Nettverk, pk: int, slag: str) -> HttpResponse:
    """Leave a part out, or bring it back."""
    blokk = _fetch(request, nettverk, pk, slag)
    form = BlokkutelatForm(request.POST)
    if form.is_valid():
        utelat = form.cleaned_data["utelat"] == "ja"
        takk = _("«%(del)s» er tatt ut.") if utelat else _("«%(del)s» er med igjen.")
        tittel = innhold(title_of(slag, nettverk), nettverk)
        with told(request, fill_in(takk, **{"del": tittel})):
            blokker.leave_out(blokk, utelat=utelat)
    return _back(blokk.samling, slag)


@nettverksside("rolu.view_samling")
@require_POST
def oppsummering_hent(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Fetch the data anew, and say in which parts something is other than it was."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_oppsummering", samling)
    with told(request) as utfall:
        endret = blokker.refresh(samling)
        navn = partial(title_of, nettverk=nettverk)
        deler = join(", ", [innhold(navn(b.slag), nettverk) for b in endret])
        utfall.takk = (
            fill_in(
                ngettext(
                    "%(n)s del er endret: %(deler)s. Tekstene dere har skrevet, står.",
                    "%(n)s deler er endret: %(deler)s. Tekstene dere har skrevet, står.",
                    len(endret),
                ),
                n=str(len(endret)),
                deler=deler,
            )
            if endret
            else _("Tallene er de samme som da de sist ble hentet.")
        )
    return _back(samling)
