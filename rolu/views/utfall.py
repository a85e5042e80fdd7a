"""One outcome of a gathering: change it, take it away, and make an assignment of it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nettverk.models import Nettverk
from nettverk.side.innhold import innhold
from nettverk.side.utenfra import whole_number
from nettverk.skriving.autolagring import is_discarded, posted, save_text
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from rolu.forms.utfall import UtfallForm
from rolu.models import Samling, Utfall
from rolu.samlinger import utfall as utfallene
from rolu.views.faner import day_page, fetch_med_tall, fetch_samling, samlingsside

_skriver = require_http_methods(["GET", "HEAD", "POST"])


def _fetch(request: PortalRequest, samling: Samling, utfall_pk: int) -> Utfall:
    rader = Utfall.objects.visible_to(request.roller).filter(samling=samling).with_who()
    utfall: Utfall = get_object_or_404(rader.select_related("programpost"), pk=utfall_pk)
    utfall.samling = samling
    return utfall


def _home(request: PortalRequest, utfall: Utfall) -> str:
    """Where an outcome is written: the note page of its item, or the day when one came from there; else the
    programme."""
    slug, samling = utfall.samling.nettverk.slug, utfall.samling_id
    if utfall.programpost_id and (side := day_page(request)):
        return f"{reverse(side, args=[slug, samling])}?notat={utfall.programpost_id}#utfall"
    if utfall.programpost_id:
        return reverse("rolu:notat", args=[slug, samling, utfall.programpost_id]) + "#utfall"
    return reverse("rolu:samling_program", args=[slug, samling]) + "#notater"


@nettverksside("rolu.view_samling")
@_skriver
def utfall(request: PortalRequest, nettverk: Nettverk, pk: int, utfall_pk: int) -> HttpResponse:
    """Change an outcome. Somebody else's change meanwhile is shown beside one's own."""
    samling = fetch_med_tall(request, nettverk, pk)
    krev(request.user, "rolu.change_notat", samling)
    rad = _fetch(request, samling, utfall_pk)
    page = partial(_page, request, samling, rad)
    if request.method != "POST":
        return page(UtfallForm(nettverk=nettverk, utfall=rad))
    if is_discarded(request):
        return redirect(_home(request, rad))
    form = UtfallForm(posted(request), nettverk=nettverk, utfall=rad)

    def done(_lagret: Utfall) -> HttpResponse:
        messages.success(request, _("Endringen er lagret."))
        if form.is_late:
            messages.warning(request, _("Fristen du skrev, har gått ut."))
        return redirect(_home(request, rad))

    def save(felt: dict[str, Any]) -> Utfall:
        return utfallene.change(rad, versjon=felt["versjon"], by=request.user, **form.felt)

    return save_text(request, form, save=save, page=page, done=done)


def _page(
    request: PortalRequest,
    samling: Samling,
    rad: Utfall,
    form: UtfallForm,
    *,
    status: int = 200,
    konflikt: dict[str, Any] | None = None,
) -> HttpResponse:
    return render(
        request,
        "rolu/utfall_form.html",
        {
            **samlingsside(request, samling, "samling_program"),
            "rad": rad,
            "form": form,
            "konflikt": konflikt,
            "tilbake": _home(request, rad),
        },
        status=status,
    )


@nettverksside("rolu.view_samling")
@_skriver
def utfall_fjern(
    request: PortalRequest, nettverk: Nettverk, pk: int, utfall_pk: int
) -> HttpResponse:
    """Ask, saying what it is; then take it away."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_notat", samling)
    rad = _fetch(request, samling, utfall_pk)
    tilbake = _home(request, rad)
    if request.method == "POST":
        with told(request, _("Utfallet er fjernet.")):
            utfallene.remove(rad, by=request.user)
        return redirect(tilbake)
    return render(
        request,
        "bekreft.html",
        {
            "tittel": _question(rad),
            "tekst": innhold(Truncator(rad.tekst).chars(300), nettverk),
            "konsekvenser": _what_stays(rad),
            "knapp": _("Fjern"),
            "avbryt_url": tilbake,
        },
    )


def _question(rad: Utfall) -> str:
    return {
        Utfall.Type.BESLUTNING: _("Fjerne beslutning %(nummer)s?") % {"nummer": rad.nummer},
        Utfall.Type.INNSIKT: _("Fjerne innsikten?"),
        Utfall.Type.OPPDRAG: _("Fjerne oppdraget fra utfallene?"),
        Utfall.Type.OPPFOLGING: _("Fjerne oppfølgingen?"),
    }[Utfall.Type(rad.type)]


def _what_stays(rad: Utfall) -> list[str]:
    linjer = []
    if rad.nummer:
        linjer.append(_("Nummer %(nummer)s blir ikke brukt på nytt.") % {"nummer": rad.nummer})
    if rad.oppdrag_id:
        linjer.append(_("Oppdraget som er gitt til enhetene, blir stående."))
    return linjer


# --- the assignment it becomes


def can_give(request: PortalRequest, samling: Samling) -> bool:
    """Whether the person may give what was decided as an assignment to the units."""
    nettverk = samling.nettverk
    return nettverk.uses("mellomarbeid") and kan(request.user, "rolu.give_oppdrag", nettverk)


def to_become(request: PortalRequest, samling: Samling) -> Utfall | None:
    """The outcome that the assignment on the page is made from: in the address, then in the form."""
    pk = whole_number(request.POST.get("utfall") or request.GET.get("utfall"))
    if pk is None:
        return None
    rader = Utfall.objects.visible_to(request.roller).filter(
        samling=samling, type=Utfall.Type.OPPDRAG, oppdrag=None
    )
    return rader.filter(pk=pk).first()
