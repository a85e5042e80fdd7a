"""The versions of an image: set one, read one as it was, see two beside each other."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fremtidsbilder.bilder import utgaver
from fremtidsbilder.forms.bilde import UtgaveForm
from fremtidsbilder.models import Bildeutgave, Fremtidsbilde
from fremtidsbilder.portal import page_title
from fremtidsbilder.views.bilderedigering import fetch_bilde
from kommuner.gyldighet import idag
from nettverk.models import Nettverk
from nettverk.side.markdown import without_signs
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import whole_number
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan

# In the address: the image as it stands, which has no number.
NAA = 0


@nettverksside("fremtidsbilder.view_fremtidsbilde")
@require_http_methods(["GET", "HEAD", "POST"])
def utgave_ny(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Keep the image as it stands now, with a name."""
    bilde = fetch_bilde(request, pk, endre=True)
    form = UtgaveForm(**sent(request), initial={"dato": idag()})
    with told(request, form=form):
        if adresse := form.once(request.user, lambda: _set(request, bilde, form)):
            return redirect(adresse)
    return render(
        request,
        "fremtidsbilder/utgave_ny.html",
        {"bilde": bilde, "form": form, "liste": page_title(nettverk)},
        status=form_status(form),
    )


def _set(request: PortalRequest, bilde: Fremtidsbilde, form: UtgaveForm) -> str:
    ny = utgaver.set_utgave(bilde, **form.felt, by=request.user)
    messages.success(request, _("Utgaven er satt. Den blir stående slik, og bildet kan endres."))
    return reverse("fremtidsbilder:utgave", args=[request.nettverk.slug, bilde.pk, ny.nummer])


@nettverksside(offentlig=True)
@require_safe
def utgave(request: PortalRequest, nettverk: Nettverk, pk: int, nummer: int) -> HttpResponse:
    """One version as it was set."""
    bilde = fetch_bilde(request, pk)
    alle = list(bilde.utgaver.all())
    rad = next((u for u in alle if u.nummer == nummer), None)
    if rad is None:
        raise Http404
    return render(
        request,
        "fremtidsbilder/utgave.html",
        {
            "bilde": bilde,
            "utgave": rad,
            "andre": [u for u in alle if u.nummer != nummer],
            "liste": page_title(nettverk),
            "kan_se_alle": kan(request.user, "fremtidsbilder.view_fremtidsbilde", nettverk),
        },
    )


@nettverksside(offentlig=True)
@require_safe
def sammenlign(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Two versions beside each other (`?fra=1&til=2`); the last two when it is not said, and `0` is as it stands now."""
    bilde = fetch_bilde(request, pk)
    alle = list(bilde.utgaver.all())
    if not alle:
        raise Http404
    fra = _asked(request, "fra", bilde, alle, alle[-2] if len(alle) > 1 else alle[-1])
    til = _asked(request, "til", bilde, alle, alle[-1] if len(alle) > 1 else None)
    felt = utgaver.compare(_as_read(fra), _as_read(til))
    return render(
        request,
        "fremtidsbilder/sammenlign.html",
        {
            "bilde": bilde,
            "fra": fra,
            "til": til,
            "felt": [_shown(ett) for ett in felt],
            "antall": sum(ett.ulik for ett in felt),
            "utgaver": alle,
            "liste": page_title(nettverk),
            "kan_se_alle": kan(request.user, "fremtidsbilder.view_fremtidsbilde", nettverk),
        },
    )


def _as_read(stand: utgaver.Tekststand) -> utgaver.Tekststand:
    """Without the signs of Markdown, which nobody sees on the image's page."""
    return replace(stand, tekst=without_signs(stand.tekst), metode=without_signs(stand.metode))


def _shown(ett: utgaver.Sammenlignet) -> dict[str, Any]:
    """The words that differ are marked for the eye, and said for those who listen."""
    return {
        "etikett": ett.etikett,
        "fjernet": ett.fjernet,
        "nytt": ett.nytt,
        "ulik": ett.ulik,
        "fra": _marked(ett.fra, "del", _("tatt bort:")),
        "til": _marked(ett.til, "ins", _("nytt:")),
    }


def _marked(biter: list[utgaver.Bit], tagg: str, sagt: str) -> SafeString:
    merket = '<{0}><span class="ds-sr-only">[{1} </span>{2}<span class="ds-sr-only">]</span></{0}>'
    deler = [
        format_html(merket, tagg, sagt, bit.tekst) if bit.ulik else format_html("{}", bit.tekst)
        for bit in biter
    ]
    return format_html_join("", "{}", ((del_,) for del_ in deler)) or mark_safe("–")


def _asked(
    request: PortalRequest,
    navn: str,
    bilde: Fremtidsbilde,
    alle: list[Bildeutgave],
    ellers: Bildeutgave | None,
) -> utgaver.Tekststand:
    if navn not in request.GET:
        return utgaver.stand_of(ellers) if ellers else utgaver.stand_now(bilde)
    nummer = whole_number(request.GET[navn])
    if nummer == NAA:
        return utgaver.stand_now(bilde)
    valgt = next((u for u in alle if u.nummer == nummer), None)
    if valgt is None:
        raise Http404
    return utgaver.stand_of(valgt)
