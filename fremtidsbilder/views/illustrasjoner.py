"""The pictures of an image: let out to those who see the image, added and arranged by those who write it."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fremtidsbilder.bilder import illustrasjoner
from fremtidsbilder.forms.bilde import BildetekstForm, IllustrasjonForm
from fremtidsbilder.models import Fremtidsbilde, Illustrasjon
from fremtidsbilder.portal import page_title
from fremtidsbilder.views.bilderedigering import fetch_bilde
from nettverk.filer.utlevering import send_fil
from nettverk.models import Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside


def _fetch(bilde: Fremtidsbilde, nummer: int) -> Illustrasjon:
    rad = get_object_or_404(bilde.illustrasjoner, pk=nummer)
    rad.fremtidsbilde = bilde
    return rad


def _home(bilde: Fremtidsbilde) -> str:
    return reverse("fremtidsbilder:illustrasjon_list", args=[bilde.nettverk.slug, bilde.pk])


@nettverksside(offentlig=True)
@require_safe
def illustrasjon(request: PortalRequest, nettverk: Nettverk, pk: int, nummer: int) -> FileResponse:
    """The picture itself; `?liten` for a list."""
    rad = _fetch(fetch_bilde(request, pk), nummer)
    if "liten" in request.GET and rad.liten:
        return send_fil(rad.liten, navn="liten.webp", mimetype="image/webp")
    return send_fil(rad.fil, navn=rad.navn, mimetype=rad.mimetype)


@nettverksside("fremtidsbilder.view_fremtidsbilde")
@require_http_methods(["GET", "HEAD", "POST"])
def illustrasjon_list(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Add a picture; below, those that are there, to describe, arrange and remove."""
    bilde = fetch_bilde(request, pk, endre=True)
    form = IllustrasjonForm(**sent(request))
    with told(request, form=form, filfelt="fil"):
        if adresse := form.once(request.user, lambda: _added(request, bilde, form)):
            return redirect(adresse)
    return _page(request, bilde, form)


def _added(request: PortalRequest, bilde: Fremtidsbilde, form: IllustrasjonForm) -> str:
    data = form.cleaned_data
    if illustrasjoner.add(
        bilde, fil=data["fil"], beskrivelse=data["alternativ_tekst"], by=request.user
    ):
        messages.success(request, _("Bildet er lagt til."))
    else:
        messages.info(request, _("Fremtidsbildet har dette bildet fra før."))
    return _home(bilde)


def _page(
    request: PortalRequest,
    bilde: Fremtidsbilde,
    form: IllustrasjonForm,
    endret: dict[int, BildetekstForm] | None = None,
) -> HttpResponse:
    endret = endret or {}
    rader = [
        {
            "illustrasjon": rad,
            "form": endret.get(rad.pk)
            or BildetekstForm(
                prefix=f"bilde-{rad.pk}", initial={"alternativ_tekst": rad.alternativ_tekst}
            ),
        }
        for rad in bilde.illustrasjoner.all()
    ]
    skjemaer = [form, *endret.values()]
    return render(
        request,
        "fremtidsbilder/illustrasjon_list.html",
        {
            "bilde": bilde,
            "form": form,
            "endret": next(iter(endret.values()), None),
            "rader": rader,
            "liste": page_title(request.nettverk),
        },
        status=form_status(*skjemaer),
    )


@nettverksside("fremtidsbilder.view_fremtidsbilde")
@require_POST
def illustrasjon_endre(
    request: PortalRequest, nettverk: Nettverk, pk: int, nummer: int
) -> HttpResponse:
    """What a picture shows, or one place up or down."""
    bilde = fetch_bilde(request, pk, endre=True)
    rad = _fetch(bilde, nummer)
    if "opp" in request.POST or "ned" in request.POST:
        illustrasjoner.move(rad, opp="opp" in request.POST)
        return redirect(_home(bilde))
    form = BildetekstForm(request.POST, prefix=f"bilde-{rad.pk}")
    if not form.is_valid():
        return _page(request, bilde, IllustrasjonForm(), {rad.pk: form})
    with told(request, _("Beskrivelsen er lagret.")):
        illustrasjoner.describe(rad, beskrivelse=form.cleaned_data["alternativ_tekst"])
    return redirect(_home(bilde))


@nettverksside("fremtidsbilder.view_fremtidsbilde")
@require_http_methods(["GET", "HEAD", "POST"])
def illustrasjon_slett(
    request: PortalRequest, nettverk: Nettverk, pk: int, nummer: int
) -> HttpResponse:
    """Ask, then remove a picture."""
    bilde = fetch_bilde(request, pk, endre=True)
    rad = _fetch(bilde, nummer)
    if request.method == "POST":
        illustrasjoner.remove(rad)
        messages.success(request, _("Bildet er slettet."))
        return redirect(_home(bilde))
    return render(
        request,
        "bekreft.html",
        {
            "tittel": _("Slette bildet «%(navn)s»?") % {"navn": rad.navn},
            "tekst": _("Bildet blir borte for godt."),
            "konsekvenser": [],
            "knapp": _("Slett bildet"),
            "avbryt_url": _home(bilde),
        },
    )
