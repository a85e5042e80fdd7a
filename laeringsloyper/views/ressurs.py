"""What a module holds besides its words: resources, which units have used them, and the reading list."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kommuner.models import Enhet
from laeringsloyper import leseliste, ressurser
from laeringsloyper.forms.modul import (
    EndreRessursForm,
    LeseverkForm,
    RessursbrukForm,
    RessursForm,
)
from laeringsloyper.models import Laeringsloype, Leseverk, Modul, Ressurs
from laeringsloyper.views.modul import fetch_loype, fetch_modul, home_of, module_piece
from nettverk.filer.utlevering import send_fil
from nettverk.models import Nettverk
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.laas import locked
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import INettverk, krev


def _fetch(loype: Laeringsloype, pk: int) -> Ressurs:
    ressurs = get_object_or_404(Ressurs.objects.filter(modul__periode__loype=loype), pk=pk)
    ressurs.modul = fetch_modul(loype, ressurs.modul_id)
    return ressurs


@nettverksside("laeringsloyper.view_laeringsloype")
@require_safe
def ressurs(request: PortalRequest, nettverk: Nettverk, slug: str, pk: int) -> FileResponse:
    """The file itself."""
    rad = _fetch(fetch_loype(request, slug), pk)
    if not rad.fil:
        raise Http404
    return send_fil(rad.fil, navn=rad.navn, mimetype=rad.mimetype)


@nettverksside("laeringsloyper.view_laeringsloype")
@require_http_methods(["GET", "HEAD", "POST"])
def ressurs_ny(request: PortalRequest, nettverk: Nettverk, slug: str, pk: int) -> HttpResponse:
    """Add a file or an address to a module."""
    loype = fetch_loype(request, slug, endre=True)
    modul = fetch_modul(loype, pk)
    form = RessursForm(**sent(request))
    with told(request, form=form, filfelt="fil"):
        if adresse := form.once(request.user, lambda: _added(request, modul, form)):
            return redirect(adresse)
    return render(
        request,
        "laeringsloyper/ressurs_ny.html",
        {"loype": loype, "modul": modul, "form": form},
        status=form_status(form),
    )


def _added(request: PortalRequest, modul: Modul, form: RessursForm) -> str:
    data = form.cleaned_data
    felt = {"tittel": data["tittel"], "slag": data["slag"], "by": request.user}
    if data["fil"]:
        ny = ressurser.add_file(modul, fil=data["fil"], **felt)
    else:
        ny = ressurser.add_link(modul, url=data["url"], **felt)
    if ny:
        messages.success(request, _("Ressursen er lagt til."))
    else:
        messages.info(request, _("Modulen har denne fila fra før."))
    return home_of(modul)


@nettverksside("laeringsloyper.view_laeringsloype")
@require_http_methods(["GET", "HEAD", "POST"])
def ressurs_rediger(request: PortalRequest, nettverk: Nettverk, slug: str, pk: int) -> HttpResponse:
    """Change what a resource is called, and where a link goes."""
    rad = _fetch(fetch_loype(request, slug, endre=True), pk)
    with locked(rad) as naa:
        form = EndreRessursForm(**sent(request), instance=naa)
        if form.is_bound and form.is_valid():
            ressurser.change(naa, **form.felt)
            messages.success(request, _("Ressursen er lagret."))
            return redirect(home_of(rad.modul))
    return render(
        request,
        "laeringsloyper/ressurs_rediger.html",
        {"loype": rad.modul.periode.loype, "modul": rad.modul, "form": form, "ressurs": rad},
        status=form_status(form),
    )


@nettverksside("laeringsloyper.view_laeringsloype")
@require_http_methods(["GET", "HEAD", "POST"])
def ressurs_slett(request: PortalRequest, nettverk: Nettverk, slug: str, pk: int) -> HttpResponse:
    """Ask, then take a resource out of its module."""
    rad = _fetch(fetch_loype(request, slug, endre=True), pk)
    if request.method == "POST":
        ressurser.remove(rad)
        if not request.htmx:
            messages.success(request, _("Ressursen er slettet."))
        return module_piece(request, rad.modul)
    return render(
        request,
        "bekreft.html",
        {
            "tittel": fill_in(_("Slette «%(tittel)s»?"), tittel=innhold(rad.tittel, nettverk)),
            "tekst": _("Enhetene finner ikke ressursen i modulen lenger."),
            "konsekvenser": [],
            "knapp": _("Slett ressursen"),
            "avbryt_url": home_of(rad.modul),
        },
    )


@nettverksside("laeringsloyper.view_laeringsloype")
@require_POST
def ressurs_bruk(request: PortalRequest, nettverk: Nettverk, slug: str, pk: int) -> HttpResponse:
    """«Brukt hos oss», in one tap, by somebody in the unit's group; and taken back by another."""
    rad = _fetch(fetch_loype(request, slug), pk)
    form = RessursbrukForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    enhet = get_object_or_404(nettverk.enheter(), pk=form.cleaned_data["enhet"])
    krev(request.user, "laeringsloyper.say_used", INettverk(nettverk, enhet_id=enhet.pk))
    _say(request, rad, enhet)
    return module_piece(request, rad.modul)


def _say(request: PortalRequest, rad: Ressurs, enhet: Enhet) -> None:
    if "angre" in request.POST:
        ressurser.take_back(rad, enhet=enhet)
    else:
        ressurser.say_used(rad, enhet=enhet, by=request.user)
    if not request.htmx:
        messages.success(request, _("Endringen er lagret."))


# --- the reading list


def _fetch_verk(loype: Laeringsloype, pk: int) -> Leseverk:
    verk = get_object_or_404(Leseverk.objects.filter(modul__periode__loype=loype), pk=pk)
    verk.modul = fetch_modul(loype, verk.modul_id)
    return verk


@nettverksside("laeringsloyper.view_laeringsloype")
@require_http_methods(["GET", "HEAD", "POST"])
def leseverk_ny(request: PortalRequest, nettverk: Nettverk, slug: str, pk: int) -> HttpResponse:
    """Add a work to a module's reading list."""
    loype = fetch_loype(request, slug, endre=True)
    modul = fetch_modul(loype, pk)
    form = LeseverkForm(**sent(request))
    with told(request, form=form):
        if adresse := form.once(request.user, lambda: _listed(request, modul, form)):
            return redirect(adresse)
    return _work_page(request, modul, form, verk=None)


def _listed(request: PortalRequest, modul: Modul, form: LeseverkForm) -> str:
    leseliste.add(modul, **form.felt)
    messages.success(request, _("Verket står på leselista."))
    return home_of(modul)


@nettverksside("laeringsloyper.view_laeringsloype")
@require_http_methods(["GET", "HEAD", "POST"])
def leseverk(request: PortalRequest, nettverk: Nettverk, slug: str, pk: int) -> HttpResponse:
    """Change a work on the list."""
    verk = _fetch_verk(fetch_loype(request, slug, endre=True), pk)
    with locked(verk) as naa:
        form = LeseverkForm(**sent(request), instance=naa)
        if form.is_bound and form.is_valid():
            leseliste.change(naa, **form.felt)
            messages.success(request, _("Leselista er lagret."))
            return redirect(home_of(verk.modul))
    return _work_page(request, verk.modul, form, verk=verk)


def _work_page(
    request: PortalRequest, modul: Modul, form: LeseverkForm, *, verk: Leseverk | None
) -> HttpResponse:
    return render(
        request,
        "laeringsloyper/leseverk.html",
        {"loype": modul.periode.loype, "modul": modul, "form": form, "verk": verk},
        status=form_status(form),
    )


@nettverksside("laeringsloyper.view_laeringsloype")
@require_http_methods(["GET", "HEAD", "POST"])
def leseverk_slett(request: PortalRequest, nettverk: Nettverk, slug: str, pk: int) -> HttpResponse:
    """Ask, then take a work off the list."""
    verk = _fetch_verk(fetch_loype(request, slug, endre=True), pk)
    if request.method == "POST":
        leseliste.remove(verk)
        messages.success(request, _("Verket er tatt av leselista."))
        return redirect(home_of(verk.modul))
    return render(
        request,
        "bekreft.html",
        {
            "tittel": fill_in(
                _("Ta «%(tittel)s» av leselista?"), tittel=innhold(verk.tittel, nettverk)
            ),
            "tekst": _("Dere kan fortsatt se hvordan leselista var før."),
            "konsekvenser": [],
            "knapp": _("Ta av leselista"),
            "avbryt_url": home_of(verk.modul),
        },
    )
