"""The thread of a mellomarbeid: say something in it, take it back, and the two taps."""

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nettverk.models import Nettverk
from nettverk.side.portalform import form_status
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from rolu.forms.tilbakemelding import KvitteringForm, TilbakemeldingForm
from rolu.mellomarbeid import tilbakemelding as handling
from rolu.models import Kvittering, Mellomarbeid, Tilbakemelding
from rolu.views.mellomarbeid import fetch
from rolu.views.traad import thread_context


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def tilbakemelding(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The thread alone; say something in it."""
    arbeid = _in_thread(request, nettverk, pk)
    krev(request.user, "rolu.answer_mellomarbeid", arbeid)
    kontekst = thread_context(request, arbeid, sendt=True)
    form: TilbakemeldingForm = kontekst["traadskjema"]
    with told(request, form=form):
        if adresse := form.once(request.user, partial(_say, request, arbeid, form)):
            return redirect(adresse)
    return render(
        request,
        "rolu/mellomarbeid_traad.html",
        {"arbeid": arbeid, "oppdrag": arbeid.oppdrag, "enhet": arbeid.enhet, **kontekst},
        status=form_status(form),
    )


def _say(request: PortalRequest, arbeid: Mellomarbeid, form: TilbakemeldingForm) -> str:
    sagt = handling.say(arbeid, by=request.user, **form.felt)
    return _page(arbeid) + f"#innlegg-{sagt.pk}"


def _page(arbeid: Mellomarbeid) -> str:
    return reverse("rolu:mellomarbeid", args=[arbeid.nettverk.slug, arbeid.pk])


def _in_thread(request: PortalRequest, nettverk: Nettverk, pk: int) -> Mellomarbeid:
    """The mellomarbeid, for those who read its thread; who reads only what is shared, finds none."""
    arbeid = fetch(request, nettverk, pk)
    if not Mellomarbeid.objects.followed_by(request.roller).filter(pk=pk).exists():
        raise Http404
    return arbeid


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def tilbakemelding_slett(
    request: PortalRequest, nettverk: Nettverk, pk: int, innlegg_pk: int
) -> HttpResponse:
    """Take back what one has said oneself."""
    arbeid = _in_thread(request, nettverk, pk)
    synlige = Tilbakemelding.objects.visible_to(request.roller).filter(mellomarbeid=arbeid)
    sagt = get_object_or_404(synlige, pk=innlegg_pk)
    krev(request.user, "rolu.remove_tilbakemelding", sagt)
    tilbake = _page(arbeid) + "#traad"
    if request.method == "POST":
        with told(request, _("Det du skrev, er fjernet.")):
            handling.take_back(sagt)
        return redirect(tilbake)
    return render(
        request,
        "bekreft.html",
        {
            "tittel": _("Fjerne det du skrev?"),
            "tekst": sagt.tekst,
            "konsekvenser": [
                _("Teksten blir borte for alle."),
                _("De som har fått e-post, har den fortsatt. Selve teksten står ikke i e-posten."),
            ],
            "knapp": _("Fjern"),
            "avbryt_url": tilbake,
        },
    )


@nettverksside("rolu.view_oppdrag")
@require_POST
def kvittering(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """«Lest», for those in the thread; «Nyttig for oss», for all who may read it."""
    arbeid = fetch(request, nettverk, pk)
    form = KvitteringForm(request.POST)
    if not form.is_valid():
        return redirect(_page(arbeid))
    if form.cleaned_data["slag"] == Kvittering.Slag.LEST:
        _in_thread(request, nettverk, pk)
        handling.tap_read(arbeid, by=request.user, roller=request.roller)
        return redirect(_page(arbeid) + "#lest")
    vaare = {ett.enhet for ett in handling.of_use(arbeid, request.roller).vaare}
    # Who has one unit need not say which.
    enhet = form.cleaned_data["enhet"] or (min(vaare) if len(vaare) == 1 else None)
    if enhet not in vaare:
        raise Http404
    handling.tap_useful(arbeid, enhet=enhet, by=request.user)
    return redirect(_page(arbeid) + "#nyttig")
