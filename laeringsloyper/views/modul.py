"""The modules of a track: read as they are and as they were, and written where they stand by those who answer for
the track. Every address works without JavaScript; htmx gets the piece that changes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from kommuner.gyldighet import idag
from laeringsloyper import moduler
from laeringsloyper.forms.modul import ModulflyttForm, ModulForm, NyModulForm
from laeringsloyper.framdrift import progress_of, report_of
from laeringsloyper.models import Laeringsloype, Modul, Periode
from laeringsloyper.modulstand import module_as_of, modules_on
from nettverk.flater import seksjoner_paa
from nettverk.models import Nettverk
from nettverk.roedtraad.flate import section
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.perdato import read_per
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.autolagring import is_discarded, posted, save_text
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev


def fetch_loype(request: PortalRequest, slug: str, *, endre: bool = False) -> Laeringsloype:
    """A track of the network with its periods; `endre`: for those who may change it (403 else)."""
    synlige = Laeringsloype.objects.visible_to(request.roller).prefetch_related("perioder")
    loype = get_object_or_404(synlige, slug=slug)
    loype.nettverk = request.nettverk
    if endre:
        krev(request.user, "laeringsloyper.change_loype", loype)
    return loype


def fetch_modul(loype: Laeringsloype, pk: int) -> Modul:
    """A module of the track, which knows where it belongs."""
    modul = get_object_or_404(Modul.objects.filter(periode__loype=loype), pk=pk)
    modul.periode = next(p for p in loype.perioder.all() if p.pk == modul.periode_id)
    modul.periode.loype = loype
    return modul


def module_context(request: PortalRequest, loype: Laeringsloype) -> dict[str, Any]:
    """What the pieces of a module are drawn with (templates/laeringsloyper/_modul.html)."""
    return {
        "loype": loype,
        "kan_endre": kan(request.user, "laeringsloyper.change_loype", loype),
        "egne_enheter": request.roller.egne_enheter,
        "naa": True,
    }


def home_of(modul: Modul) -> str:
    """The module's own page."""
    loype = modul.periode.loype
    return reverse("laeringsloyper:modul", args=[loype.nettverk.slug, loype.slug, modul.pk])


def module_piece(request: PortalRequest, modul: Modul) -> HttpResponse:
    """The module as it stands now: the piece for htmx, its own page else."""
    if not request.htmx:
        return redirect(home_of(modul))
    loype = modul.periode.loype
    stand = module_as_of(modul, idag(), request.roller)
    if stand is None:
        raise Http404
    report_of(loype, stand, request.roller, dato=idag())
    return render(
        request, "laeringsloyper/_modul.html", {**module_context(request, loype), "modul": stand}
    )


@nettverksside("laeringsloyper.view_laeringsloype")
@require_safe
def modul(request: PortalRequest, nettverk: Nettverk, slug: str, pk: int) -> HttpResponse:
    """One module with all that stands in it, today or as it was on a day (`?per=`)."""
    loype = fetch_loype(request, slug)
    rad = fetch_modul(loype, pk)
    per = read_per(request)
    er_idag = per >= idag()
    stand = module_as_of(rad, per, request.roller)
    rapport = report_of(loype, stand, request.roller, dato=per) if stand and er_idag else None
    return render(
        request,
        "laeringsloyper/modul.html",
        {
            "rapport": rapport,
            "kan_rapport": kan(request.user, "laeringsloyper.view_framdrift", loype),
            "seksjoner": [
                *seksjoner_paa(rad, roller=request.roller, dato=per),
                *section(rad, request.roller),
            ],
            **module_context(request, loype),
            "rad": rad,
            "periode": rad.periode,
            "modul": stand,
            "naa": er_idag,
            "per": per,
            "er_idag": er_idag,
        },
    )


@nettverksside("laeringsloyper.view_laeringsloype")
@require_http_methods(["GET", "HEAD", "POST"])
def modul_ny(request: PortalRequest, nettverk: Nettverk, slug: str) -> HttpResponse:
    """One more module, in the period that was asked for, else in the one that runs."""
    loype = fetch_loype(request, slug, endre=True)
    perioder = list(loype.perioder.all())
    form = NyModulForm(
        **sent(request), perioder=perioder, initial={"periode": _asked_for(request, perioder)}
    )
    with told(request, form=form):
        if adresse := form.once(request.user, lambda: _made(request, loype, form)):
            return redirect(adresse)
    return render(
        request,
        "laeringsloyper/modul_ny.html",
        {"loype": loype, "form": form, "har_perioder": bool(perioder)},
        status=form_status(form),
    )


def _asked_for(request: PortalRequest, perioder: list[Periode]) -> int | None:
    bedt = request.GET.get("periode", "")
    naa = next((p for p in perioder if p.er_gyldig(idag())), None)
    valgt = next((p for p in perioder if str(p.pk) == bedt), naa)
    return valgt.pk if valgt else None


def _made(request: PortalRequest, loype: Laeringsloype, form: NyModulForm) -> str:
    periode = form.cleaned_data["periode"]
    periode.loype = loype
    ny = moduler.add(periode, **form.felt)
    ny.periode = periode
    tittel = innhold(ny.tittel, request.nettverk)
    messages.success(
        request,
        fill_in(
            _("Modulen «%(tittel)s» er laget. Legg til ressurser og leseliste."), tittel=tittel
        ),
    )
    return home_of(ny)


@nettverksside("laeringsloyper.view_laeringsloype")
@require_http_methods(["GET", "HEAD", "POST"])
def modul_rediger(request: PortalRequest, nettverk: Nettverk, slug: str, pk: int) -> HttpResponse:
    """Change the words of a module where they stand. Of two who write, the second sees both texts."""
    loype = fetch_loype(request, slug, endre=True)
    rad = fetch_modul(loype, pk)
    perioder = list(loype.perioder.all())
    if request.method != "POST":
        # Back to how it stands, without having changed anything.
        if "avbryt" in request.GET:
            return module_piece(request, rad)
        return _module_form(request, rad, ModulForm(modul=rad, perioder=perioder))
    if is_discarded(request):
        return module_piece(request, rad)
    form = ModulForm(posted(request), modul=rad, perioder=perioder)

    def save(data: dict[str, Any]) -> Modul:
        periode = next(p for p in perioder if p.pk == data["periode"].pk)
        felt = {navn: data[navn] for navn in form.tekster}
        naa = moduler.change(rad, periode=periode, versjon=data["versjon"], felt=felt)
        naa.periode = periode
        periode.loype = loype
        return naa

    def done(naa: Modul) -> HttpResponse:
        # Its own page is headed by its name, and told by its period.
        paa_egen_side = request.htmx.current_url_abs_path == home_of(naa)
        if paa_egen_side or not request.htmx:
            messages.success(request, _("Modulen er lagret."))
        return HttpResponseClientRefresh() if paa_egen_side else module_piece(request, naa)

    return save_text(
        request,
        form,
        save=save,
        page=lambda form, **mer: _module_form(request, rad, form, **mer),
        done=done,
    )


def _module_form(
    request: PortalRequest,
    rad: Modul,
    form: ModulForm,
    *,
    status: int = 200,
    konflikt: dict[str, Any] | None = None,
) -> HttpResponse:
    loype = rad.periode.loype
    kontekst = {"loype": loype, "modul": rad, "form": form, "konflikt": konflikt}
    if request.htmx:
        # htmx exchanges what it gets of a form that is to be mended.
        return render(
            request,
            "laeringsloyper/_modul_skjema.html",
            kontekst,
            status=422 if status >= 400 else status,
        )
    return render(request, "laeringsloyper/modul_rediger.html", kontekst, status=status)


@nettverksside("laeringsloyper.view_laeringsloype")
@require_POST
def modul_flytt(request: PortalRequest, nettverk: Nettverk, slug: str, pk: int) -> HttpResponse:
    """One place up or down in its period, or to the place where it was let go."""
    loype = fetch_loype(request, slug, endre=True)
    rad = fetch_modul(loype, pk)
    form = ModulflyttForm(request.POST)
    with told(request) as utfall:
        if form.is_valid() and form.cleaned_data["plass"] is not None:
            moduler.move(rad, plass=form.cleaned_data["plass"])
        else:
            moduler.move_one(rad, opp="opp" in request.POST)
    if utfall.nei and request.htmx:
        return HttpResponseClientRefresh()
    if not request.htmx:
        return redirect(
            reverse("laeringsloyper:loype", args=[nettverk.slug, loype.slug]) + "#moduler"
        )
    stander = modules_on(loype, idag(), request.roller)
    progress_of(loype, stander, request.roller)
    stand = next(s for s in stander if s.periode.pk == rad.periode_id)
    return render(
        request,
        "laeringsloyper/_periodemoduler.html",
        {**module_context(request, loype), "stand": stand},
    )


@nettverksside("laeringsloyper.view_laeringsloype")
@require_http_methods(["GET", "HEAD", "POST"])
def modul_slett(request: PortalRequest, nettverk: Nettverk, slug: str, pk: int) -> HttpResponse:
    """Ask, then delete a module with what stands in it."""
    loype = fetch_loype(request, slug, endre=True)
    rad = fetch_modul(loype, pk)
    if request.method == "POST":
        with told(request, _("Modulen er slettet.")) as utfall:
            moduler.remove(rad)
        if utfall.nei:
            return redirect(home_of(rad))
        return redirect(
            reverse("laeringsloyper:loype", args=[nettverk.slug, loype.slug]) + "#moduler"
        )
    return render(
        request,
        "bekreft.html",
        {
            "tittel": fill_in(_("Slette «%(tittel)s»?"), tittel=innhold(rad.tittel, nettverk)),
            "tekst": _(
                "Ressursene og leselista i modulen slettes også. Dere kan fortsatt se hvordan modulen var før."
            ),
            "konsekvenser": [],
            "knapp": _("Slett modulen"),
            "avbryt_url": home_of(rad),
        },
    )
