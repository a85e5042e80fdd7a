"""Voices from a spreadsheet: a sheet to fill in, what each row of it becomes, and then they come in."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fremtidsbilder.forms.stemmeimport import LestStemmefilForm, StemmefilForm
from fremtidsbilder.models import Tankesmie
from fremtidsbilder.tankesmier import stemmeimport as importen
from fremtidsbilder.tankesmier.stemmeark import KOLONNER, Stemmerad, make_template
from fremtidsbilder.tankesmier.stemmeimport import FEIL, FINNES, NY
from fremtidsbilder.views.paavegne import came_in, came_in_query
from fremtidsbilder.views.stemmer import fetch_own_tankesmie
from nettverk.filer.filnavn import made_name
from nettverk.filer.utlevering import send_regneark
from nettverk.models import Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside


@nettverksside("fremtidsbilder.hold_tankesmie")
@require_http_methods(["GET", "HEAD", "POST"])
def stemmeimport(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Upload a file; then a page that shows what each row becomes, and brings the good ones in."""
    tankesmie = fetch_own_tankesmie(request, pk)
    if "rader" in request.POST:
        return _confirm(request, tankesmie)
    form = StemmefilForm(**sent(request))
    if form.is_bound and form.is_valid():
        navn = form.cleaned_data["fil"].name or ""
        return _preview(request, tankesmie, form.rader, navn)
    return render(
        request,
        "fremtidsbilder/stemmeimport.html",
        {
            "tankesmie": tankesmie,
            "form": form,
            "kolonner": KOLONNER,
            **came_in(request, tankesmie),
        },
        status=form_status(form),
    )


def _preview(
    request: PortalRequest, tankesmie: Tankesmie, rader: Sequence[Stemmerad], filnavn: str
) -> HttpResponse:
    lest = importen.interpret(tankesmie, rader)
    utfall = Counter(rad.utfall for rad in lest)
    form = LestStemmefilForm(
        initial={"rader": [rad.as_json() for rad in rader], "filnavn": filnavn[:200]}
    )
    innhold: dict[str, Any] = {
        "tankesmie": tankesmie,
        "form": form,
        "filnavn": filnavn,
        "rader": lest,
        "nye": utfall[NY],
        "finnes": utfall[FINNES],
        "feil": utfall[FEIL],
    }
    return render(request, "fremtidsbilder/stemmeimport_vis.html", innhold)


def _confirm(request: PortalRequest, tankesmie: Tankesmie) -> HttpResponse:
    form = LestStemmefilForm(request.POST)
    with told(request):
        if adresse := form.once(request.user, lambda: _brought(request, tankesmie, form)):
            return redirect(adresse)
    if form.is_valid():
        data = form.cleaned_data
        return _preview(request, tankesmie, data["rader"], data["filnavn"])
    messages.error(request, _("Last opp fila på nytt."))
    return redirect(_address(tankesmie))


def _brought(request: PortalRequest, tankesmie: Tankesmie, form: LestStemmefilForm) -> str:
    lest = importen.bring_in(tankesmie, form.cleaned_data["rader"])
    nye = [rad.kort for rad in lest if rad.kort and rad.utfall == NY]
    if not nye:
        if any(rad.utfall == FINNES for rad in lest):
            messages.info(request, _("Alt i fila var kommet inn fra før. Ingenting er lagt til."))
        else:
            feil = _("Ingenting i fila kunne tas inn. Se hva som er feil i radene.")
            messages.error(request, feil)
        return _address(tankesmie)
    return f"{_address(tankesmie)}?{came_in_query(nye[0].sporsmaal_id, nye)}"


def _address(tankesmie: Tankesmie) -> str:
    return reverse("fremtidsbilder:stemmeimport", args=[tankesmie.nettverk.slug, tankesmie.pk])


@nettverksside("fremtidsbilder.hold_tankesmie")
@require_safe
def stemmeimport_mal(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The sheet to fill in, with the questions; nobody's words are in it."""
    tankesmie = fetch_own_tankesmie(request, pk)
    navn = made_name(_("stemmer"), tankesmie.tittel, endelse="xlsx")
    return send_regneark(navn, make_template(tankesmie))
