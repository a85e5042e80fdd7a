"""The outbox: what was sent, to whom, when, how it went, and once more when it did not go."""

import uuid
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from nettverk import lister
from nettverk.arbeid.brev import slag, try_again
from nettverk.arbeid.gjelder import find, find_many
from nettverk.arbeid.utsending import UTSENDING
from nettverk.forms.utboks import TILSTANDER, MottakersokForm
from nettverk.models import Brev, Jobb, Nettverk
from nettverk.models.brev import BrevQuerySet
from nettverk.side.innhold import innhold
from nettverk.side.liste import Brikke, Lenke, chips, chosen, read_liste
from nettverk.side.utenfra import one_line, own_path, whole_number
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from nettverk.views.jobber import jobb_context


@nettverksside("nettverk.view_utboks")
@require_safe
def utboks(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The sendings, the newest first; `?gjelder=` those about one thing."""
    synlige = Brev.objects.visible_to(request.roller)
    om = one_line(request.GET.get("gjelder", ""))
    if om:
        synlige = synlige.filter(gjelder=om)
    tilstand, tall = chosen(request, "tilstand", dict(TILSTANDER)), synlige.count_sendinger()
    viste = synlige
    if tilstand:
        viste = synlige.filter(sending__in=synlige.fared(tilstand).values("sending"))
    liste = read_liste(
        request,
        lister.UTBOKS,
        viste.per_sending(),
        brikker=[_state_chips(request, tall, tilstand)],
        antall=tall[tilstand or "alle"],
        beholdes=["gjelder"],
    )
    rader = list(liste.side.object_list)
    # Never what only the address names: it may be any row of any network.
    tingene = find_many({rad["gjelder"] for rad in rader})
    for rad in rader:
        rad.update(_about(rad["slag"], tingene.get(rad["gjelder"]), nettverk))
    mal = "nettverk/utboks.html"
    return render(
        request,
        f"{mal}#liste" if request.htmx else mal,
        {
            "liste": liste,
            "side": liste.side,
            "rader": rader,
            "om": om,
            "om_hva": innhold(str(tingene.get(om, "")), nettverk),
        },
    )


@nettverksside("nettverk.view_nettverk")
@require_safe
def sending(request: PortalRequest, nettverk: Nettverk, sending: uuid.UUID) -> HttpResponse:
    """The letters of one sending, by state."""
    alle = Brev.objects.visible_to(request.roller).filter(sending=sending)
    forste = _first(alle)
    form = MottakersokForm(request.GET)
    brevene = form.filter(alle)
    tilstand, tall = chosen(request, "tilstand", dict(TILSTANDER)), brevene.counts()
    tingen = find(forste.gjelder)
    # Those that need somebody come first.
    rader = (brevene.fared(tilstand) if tilstand else brevene).by_need()
    liste = read_liste(
        request,
        lister.SENDING,
        rader.select_related("til")
        .annotate(har_tekst_igjen=~Q(tekst=""))
        .defer("tekst", "kalender"),
        form=form,
        brikker=[_state_chips(request, tall, tilstand)],
        antall=tall[tilstand or "alle"],
    )
    kan_sende_igjen = may_send_again(request, forste, tingen)
    mal = "nettverk/utboks_sending.html"
    return render(
        request,
        f"{mal}#liste" if request.htmx else mal,
        {
            **_about(forste.slag, tingen, nettverk),
            "forste": forste,
            "tall": tall,
            "liste": liste,
            "side": liste.side,
            # The bar of acts stands whatever the search found: the rows may be swapped for others.
            "kan_sende_igjen": kan_sende_igjen,
            "kan_velge": tall["mislykket"] and kan_sende_igjen,
            "igjen": [
                Lenke(
                    _("Send på nytt"),
                    reverse("nettverk:utboks_sending_proev_igjen", args=[nettverk.slug, sending]),
                    "oppdater",
                )
            ],
            "kan_se_epost": kan(request.user, "nettverk.view_eposter", nettverk),
            **_job(request, forste),
        },
    )


def _first(alle: BrevQuerySet) -> Brev:
    forste = alle.order_by("pk").first()
    if forste is None:
        raise Http404
    return forste


def _about(navn: str, tingen: Any, nettverk: Nettverk) -> dict[str, Any]:
    """What a sending is called, and the page of what it is about."""
    hva = slag(navn)
    if tingen is not None and hasattr(tingen, "nettverk_id"):
        tingen.nettverk = nettverk
    return {
        "tittel": hva.tittel,
        "finnes": tingen is not None,
        "om": innhold(str(tingen), nettverk) if tingen is not None else _("Finnes ikke lenger"),
        "om_url": hva.url(tingen) if tingen is not None and hva.url else "",
    }


def may_send_again(request: PortalRequest, brevet: Brev, tingen: Any) -> bool:
    """Whether this person may do again what sent the letter."""
    return tingen is not None and kan(request.user, slag(brevet.slag).tillatelse, tingen)


def _state_chips(request: PortalRequest, tall: dict[str, int], valgt: str) -> list[Brikke]:
    return chips(
        request,
        "tilstand",
        [
            (navn, etikett, tall[navn or "alle"])
            for navn, etikett in TILSTANDER
            if navn in {"", valgt} or tall[navn]
        ],
    )


def _job(request: PortalRequest, forste: Brev) -> dict[str, Any]:
    """The job that sends it, while it works or when it stopped."""
    jobb = (
        Jobb.objects.visible_to(request.roller)
        .filter(slag=UTSENDING, gjelder=forste.gjelder)
        .first()
    )
    if jobb is None or jobb.status == Jobb.Status.FERDIG:
        return {}
    return jobb_context(jobb, request.nettverk, request.user)


@nettverksside("nettverk.view_nettverk")
@require_safe
def brev(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """One letter, as it was written."""
    brevet = _fetch(request, pk)
    tingen = find(brevet.gjelder)
    return render(
        request,
        "nettverk/utboks_brev.html",
        {
            "brev": brevet,
            "leser_teksten": not slag(brevet.slag).fortrolig
            or request.roller.er_koordinator
            or brevet.bestilt_av_id == request.user.pk,
            "kan_se_epost": kan(request.user, "nettverk.view_eposter", nettverk),
            **_about(brevet.slag, tingen, nettverk),
            "kan_sende": brevet.er_mislykket
            and brevet.har_tekst
            and may_send_again(request, brevet, tingen),
        },
    )


@nettverksside("nettverk.view_nettverk")
@require_POST
def sending_proev_igjen(
    request: PortalRequest, nettverk: Nettverk, sending: uuid.UUID
) -> HttpResponse:
    """Send those of a sending that failed once more: those that are ticked, or all from the button above."""
    alle = Brev.objects.visible_to(request.roller).filter(sending=sending)
    forste = _first(alle)
    if "fra_lista" in request.POST or "valgt" in request.POST:
        valgte = map(whole_number, request.POST.getlist("valgt"))
        alle = alle.filter(pk__in=[pk for pk in valgte if pk is not None])
        return _try(request, alle, forste, ingen_valgt="valgt" not in request.POST)
    return _try(request, alle, forste)


@nettverksside("nettverk.view_nettverk")
@require_POST
def brev_proev_igjen(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Send one letter once more."""
    brevet = _fetch(request, pk)
    return _try(request, Brev.objects.filter(pk=pk), brevet)


def _fetch(request: PortalRequest, pk: int) -> Brev:
    return get_object_or_404(Brev.objects.visible_to(request.roller).select_related("til"), pk=pk)


def _try(
    request: PortalRequest, brevene: BrevQuerySet, forste: Brev, *, ingen_valgt: bool = False
) -> HttpResponse:
    tingen = find(forste.gjelder)
    if tingen is None:
        raise Http404
    krev(request.user, slag(forste.slag).tillatelse, tingen)
    with told(request) as utfall:
        if ingen_valgt:
            raise KanIkke(_("Velg noen først."))
        utfall.takk = _tried(try_again(brevene, by=request.user))
    tilbake = own_path(request, request.POST.get("tilbake", ""))
    return redirect(
        tilbake or reverse("nettverk:utboks_sending", args=[request.nettverk.slug, forste.sending])
    )


def _tried(antall: int) -> str:
    if not antall:
        return _("Det er ingen e-poster å sende på nytt.")
    return ngettext(
        "%(n)s e-post blir sendt på nytt.", "%(n)s e-poster blir sendt på nytt.", antall
    ) % {"n": antall}
