"""The door without sign-in: a participant's own code, and the desk's empty page for when the network is gone."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from nettverk.mellomvare import SPRAAK, choose_spraak
from nettverk.side.kode import keep_private, read
from nettverk.sikkerhet.feilkoder import note_wrong
from nettverk.skriving.konflikt import KanIkke
from rolu.forms.innsjekk import HerForm
from rolu.samlinger import doer, programplan
from rolu.samlinger.doer import Doerstand, Doersvar

_STATUS = {
    Doerstand.AAPEN: 200,
    Doerstand.INNE: 200,
    Doerstand.SKRANKEN: 409,
    Doerstand.TIDLIG: 200,
    Doerstand.SENT: 410,
    Doerstand.UTE: 410,
    Doerstand.AVLYST: 410,
}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def kode(request: HttpRequest, kode: str) -> HttpResponse:
    """«Jeg er her»: who holds a code, says so with one press. A whole hall may sit behind one address: only wrong
    codes are counted against it, and too many of them close the door to nobody who has a right one."""
    svar = doer.look_up(kode)
    if svar is None:
        return _page(request, None, status=note_wrong(request))
    feil = ""
    choose_spraak(request, svar.samling.nettverk)
    if request.method == "POST" and HerForm(request.POST).is_valid():
        try:
            svar = doer.use(kode) or svar
        except KanIkke as nei:
            feil = str(nei)
        if svar.stand == Doerstand.INNE:
            return redirect("kode", read(kode))
    return _page(request, svar, status=409 if feil else _STATUS[svar.stand], feil=feil)


def _page(
    request: HttpRequest, svar: Doersvar | None, *, status: int, feil: str = ""
) -> HttpResponse:
    er_inne = svar is not None and svar.stand == Doerstand.INNE
    kontekst = {
        "svar": svar,
        "stand": svar.stand.value if svar else "for_mange" if status == 429 else "ukjent",
        "samling": svar.samling if svar else None,
        "nettverk": svar.samling.nettverk if svar else None,
        "program": programplan.items(svar.samling) if svar and er_inne else [],
        "feil": feil,
    }
    side = render(request, "rolu/kode.html", kontekst, status=status)
    return keep_private(side)


# --- the desk without network


@login_not_required
@require_safe
def skranke_skall(request: HttpRequest, spraak: str) -> HttpResponse:
    """The desk's page as a browser keeps it: the same for all, without names, person or token."""
    if spraak not in SPRAAK:
        raise Http404
    with translation.override(spraak):
        return HttpResponse(render_to_string("rolu/skranke_skall.html", {"spraak": spraak}))


@login_not_required
@require_safe
def skranke_arbeider(request: HttpRequest) -> HttpResponse:
    """The service worker that gives out that page, and it alone. It may stand over a desk's address, which lies
    elsewhere than its own."""
    return HttpResponse(
        render_to_string("rolu/skranke_arbeider.js.txt", {"spraak": SPRAAK}),
        content_type="text/javascript; charset=utf-8",
        headers={"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"},
    )
