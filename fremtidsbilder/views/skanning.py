"""What was written on paper and scanned, for those who lead a tankesmie: bring it, and write it in page by page."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fremtidsbilder.forms.skanning import SkannebunkeForm, SkannesideForm
from fremtidsbilder.models import Skannebunke, Skanneside, Tankesmie
from fremtidsbilder.tankesmier import skanning
from fremtidsbilder.tankesmier.moderering import said
from fremtidsbilder.views.stemmer import fetch_own_tankesmie
from nettverk.arbeid.jobber import slag
from nettverk.filer.utlevering import send_fil
from nettverk.models import Jobb, Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.gjennomsyn import look_over
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan
from nettverk.views.jobber import jobb_context

_leser_og_skriver = require_http_methods(["GET", "HEAD", "POST"])


# --- the bundles


@nettverksside("fremtidsbilder.hold_tankesmie")
@_leser_og_skriver
def skannebunke_list(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Bring a bundle; what has been scanned, and how far it is written in."""
    tankesmie = fetch_own_tankesmie(request, pk)
    form = SkannebunkeForm(**sent(request), tankesmie=tankesmie)
    with told(request, form=form, filfelt="filer"):
        if adresse := form.once(request.user, lambda: _brought(request, tankesmie, form)):
            return redirect(adresse)
    bunker = list(skanning.bundles(tankesmie))
    jobber = skanning.latest_jobs(bunker)
    return render(
        request,
        "fremtidsbilder/skannebunke_list.html",
        {
            "tankesmie": tankesmie,
            "form": form,
            "har_sporsmaal": form.har_sporsmaal,
            "rader": [_row(request, tankesmie, bunke, jobber.get(bunke.pk)) for bunke in bunker],
        },
        status=form_status(form),
    )


def _brought(request: PortalRequest, tankesmie: Tankesmie, form: SkannebunkeForm) -> str:
    filer, felt = form.cleaned_data["filer"], form.hvem(tankesmie)
    if form.sider:
        skanning.keep_pdf(tankesmie, fil=filer[0], sider=form.sider, by=request.user, **felt)
        return _list_of(tankesmie)
    bunke = skanning.keep_pictures(tankesmie, filer=filer, by=request.user, **felt)
    return _page_of(tankesmie, bunke.pk, 1)


def _row(
    request: PortalRequest, tankesmie: Tankesmie, bunke: Skannebunke, jobb: Jobb | None
) -> dict[str, Any]:
    return {
        "bunke": bunke,
        "jobb": _work_context(request, tankesmie, bunke, jobb) if jobb else None,
        "under_arbeid": jobb is not None and jobb.er_aktiv,
    }


def _work_context(
    request: PortalRequest, tankesmie: Tankesmie, bunke: Skannebunke, jobb: Jobb
) -> dict[str, Any] | None:
    """How far the work with it is, for those who may follow it (`jobber.visible_jobs`)."""
    nettverk = tankesmie.nettverk
    foelges = kan(request.user, slag(jobb.slag).bestill_tillatelse, nettverk)
    if jobb.bestilt_av_id != request.user.pk and not foelges:
        return None
    igjen = reverse("fremtidsbilder:skannebunke_del", args=_arguments(tankesmie, bunke.pk))
    return jobb_context(jobb, nettverk, request.user) | {"igjen_url": igjen}


def _arguments(tankesmie: Tankesmie, *mer: int) -> list[Any]:
    return [tankesmie.nettverk.slug, tankesmie.pk, *mer]


def _list_of(tankesmie: Tankesmie) -> str:
    return reverse("fremtidsbilder:skannebunke_list", args=_arguments(tankesmie))


def _page_of(tankesmie: Tankesmie, bunke: int, nummer: int) -> str:
    return reverse("fremtidsbilder:skanneside", args=_arguments(tankesmie, bunke, nummer))


def _fetch_bundle(tankesmie: Tankesmie, pk: int) -> Skannebunke:
    bunke = get_object_or_404(tankesmie.bunker.select_related("sporsmaal", "gruppe"), pk=pk)
    bunke.tankesmie = tankesmie
    return bunke


@nettverksside("fremtidsbilder.hold_tankesmie")
@require_POST
def skannebunke_del(
    request: PortalRequest, nettverk: Nettverk, pk: int, bunke_pk: int
) -> HttpResponse:
    """Have a bundle that was stopped half-way parted once more."""
    tankesmie = fetch_own_tankesmie(request, pk)
    with told(request):
        skanning.order_again(_fetch_bundle(tankesmie, bunke_pk), by=request.user)
    return redirect(_list_of(tankesmie))


@nettverksside("fremtidsbilder.hold_tankesmie")
@_leser_og_skriver
def skannebunke_slett(
    request: PortalRequest, nettverk: Nettverk, pk: int, bunke_pk: int
) -> HttpResponse:
    """Ask, then take a bundle away with its pictures."""
    tankesmie = fetch_own_tankesmie(request, pk)
    bunke = _fetch_bundle(tankesmie, bunke_pk)
    if request.method == "POST":
        skanning.forget(bunke)
        messages.success(request, _("Bunken er slettet."))
        return redirect(_list_of(tankesmie))
    return render(
        request,
        "bekreft.html",
        {
            "tittel": _("Slette bunken «%(navn)s»?") % {"navn": bunke.navn},
            "tekst": _(
                "Bildene av sidene blir borte for godt. Det som er skrevet inn, blir stående."
            ),
            "konsekvenser": [],
            "knapp": _("Slett bunken"),
            "avbryt_url": _list_of(tankesmie),
        },
    )


# --- a page


def _fetch_page(tankesmie: Tankesmie, bunke_pk: int, nummer: int) -> Skanneside:
    bunke = _fetch_bundle(tankesmie, bunke_pk)
    side = get_object_or_404(bunke.sider, nummer=nummer)
    side.bunke = bunke
    return side


@nettverksside("fremtidsbilder.hold_tankesmie")
@require_safe
def skanneside_bilde(
    request: PortalRequest, nettverk: Nettverk, pk: int, bunke_pk: int, nummer: int
) -> FileResponse:
    """The picture of a page, for those who lead the tankesmie and nobody else."""
    side = _fetch_page(fetch_own_tankesmie(request, pk), bunke_pk, nummer)
    if not side.bilde:
        raise Http404
    endelse = str(side.bilde.name).rpartition(".")[2]
    return send_fil(side.bilde, navn=f"side-{nummer}.{endelse}")


@nettverksside("fremtidsbilder.hold_tankesmie")
@_leser_og_skriver
def skanneside(
    request: PortalRequest, nettverk: Nettverk, pk: int, bunke_pk: int, nummer: int
) -> HttpResponse:
    """Read a page and write it in, or skip it; the next that waits opens by itself."""
    tankesmie = fetch_own_tankesmie(request, pk)
    side = _fetch_page(tankesmie, bunke_pk, nummer)
    hopper = request.method == "POST" and "hopp" in request.POST
    if hopper and not request.POST.get("tekst", "").strip():
        with told(request):
            skanning.skip(side)
        return redirect(_onward(request, tankesmie, side))
    form = SkannesideForm(
        **sent(request),
        tankesmie=tankesmie,
        initial={"sporsmaal": side.bunke.sporsmaal_id, "gruppe": side.bunke.gruppe_id},
    )
    if hopper:
        form.add_error(
            "tekst", _("Du har skrevet noe. Lagre det, eller tøm feltet før du hopper over.")
        )
    with told(request, form=form):
        if adresse := form.once(request.user, lambda: _written_in(request, tankesmie, side, form)):
            return redirect(adresse)
    forrige, neste = skanning.neighbours(side)
    skrevne = list(skanning.written_of(side))
    return render(
        request,
        "fremtidsbilder/skanneside.html",
        {
            "tankesmie": tankesmie,
            "side": side,
            "antall_sider": side.bunke.sider.count(),
            "form": form,
            "skrevne": skrevne,
            # Somebody else was first: what one wrote is shown, to be copied.
            "ikke_lagret": form["tekst"].value() if form.is_bound and skrevne else "",
            "forrige_url": forrige and _page_of(tankesmie, bunke_pk, forrige.nummer),
            "neste_url": neste and _page_of(tankesmie, bunke_pk, neste.nummer),
        },
        status=form_status(form),
    )


def _written_in(
    request: PortalRequest, tankesmie: Tankesmie, side: Skanneside, form: SkannesideForm
) -> str:
    skrevet = skanning.write_in(side, **form.felt(tankesmie))
    antall = len(skrevet.kort)
    sagt = ngettext(
        "Side %(side)s er skrevet inn: %(n)s bidrag.",
        "Side %(side)s er skrevet inn: %(n)s bidrag.",
        antall,
    )
    messages.success(request, sagt % {"side": side.nummer, "n": antall})
    if skrevet.venter:
        skrevne = said(form.cleaned_data["tekst"], form.cleaned_data["om_hvem"])
        [sett] = look_over(request.nettverk, [skrevne])
        for advarsel in sett.advarsler:
            messages.warning(request, str(advarsel))
        messages.warning(
            request,
            ngettext(
                "%(n)s bidrag fra side %(side)s vises ikke før det er lest under «Les bidragene».",
                "%(n)s bidrag fra side %(side)s vises ikke før de er lest under «Les bidragene».",
                skrevet.venter,
            )
            % {"n": skrevet.venter, "side": side.nummer},
        )
    return _onward(request, tankesmie, side)


def _onward(request: PortalRequest, tankesmie: Tankesmie, side: Skanneside) -> str:
    """To the next page that waits; to the bundles when all are dealt with."""
    if neste := skanning.next_waiting(side):
        return _page_of(tankesmie, neste.bunke_id, neste.nummer)
    messages.info(request, _("Alle sidene er gått gjennom."))
    return _list_of(tankesmie)
