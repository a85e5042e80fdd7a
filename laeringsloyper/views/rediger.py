"""The tracks are written and arranged here: a new one, its words, its periods, its place, its end."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kommuner.gyldighet import idag
from laeringsloyper import loyper
from laeringsloyper.folging import followers
from laeringsloyper.forms.loype import AvsluttLoypeForm, LoypeForm, NyLoypeForm, PeriodeForm
from laeringsloyper.models import Laeringsloype, Periode
from nettverk.models import Nettverk
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.laas import locked
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev


@nettverksside("laeringsloyper.arrange_loyper")
@require_http_methods(["GET", "HEAD", "POST"])
def loype_ny(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Begin a track; three periods of three years are proposed."""
    form = NyLoypeForm(**sent(request), nettverk=nettverk)
    if adresse := form.once(request.user, lambda: _made(request, form)):
        return redirect(adresse)
    return render(request, "laeringsloyper/loype_ny.html", {"form": form}, status=form_status(form))


def _made(request: PortalRequest, form: NyLoypeForm) -> str:
    loype = loyper.create(nettverk=request.nettverk, **form.felt)
    navn = innhold(loype.navn, request.nettverk)
    messages.success(
        request,
        fill_in(_("«%(navn)s» er laget. Velg enhetene som skal følge læringsløypa."), navn=navn),
    )
    return _home(loype)


@nettverksside("laeringsloyper.view_laeringsloype")
@require_http_methods(["GET", "HEAD", "POST"])
def loype_rediger(request: PortalRequest, nettverk: Nettverk, slug: str) -> HttpResponse:
    """Change the words of a track; below them its periods, each with a way to change it."""
    loype = _fetch(request, nettverk, slug)
    styrer = kan(request.user, "laeringsloyper.arrange_loyper", nettverk)
    with locked(loype) as naa:
        form = LoypeForm(**sent(request), instance=naa, nettverk=nettverk, styrer=styrer)
        if form.is_bound and form.is_valid():
            loyper.change(naa, **form.felt)
            messages.success(request, _("Læringsløypa er lagret."))
            return redirect(_home(loype))
    return render(
        request,
        "laeringsloyper/loype_rediger.html",
        {
            "loype": loype,
            "form": form,
            "styrer": styrer,
            "perioder": list(loype.perioder.all()),
        },
        status=form_status(form),
    )


@nettverksside("laeringsloyper.arrange_loyper")
@require_POST
def loype_flytt(request: PortalRequest, nettverk: Nettverk, slug: str) -> HttpResponse:
    """One place up or down in the list."""
    loyper.move(_fetch(request, nettverk, slug), opp="opp" in request.POST)
    return redirect("laeringsloyper:loype_list", nettverk.slug)


@nettverksside("laeringsloyper.arrange_loyper")
@require_http_methods(["GET", "HEAD", "POST"])
def loype_avslutt(request: PortalRequest, nettverk: Nettverk, slug: str) -> HttpResponse:
    """The last day of a track, and what ends with it."""
    loype = _fetch(request, nettverk, slug)
    form = AvsluttLoypeForm(**sent(request), initial={"siste_dag": idag()})
    if form.is_valid():
        takk = fill_in(_("«%(navn)s» er avsluttet."), navn=innhold(loype.navn, nettverk))
        with told(request, takk, form=form) as utfall:
            loyper.end(loype, siste_dag=form.cleaned_data["siste_dag"])
        if not utfall.nei:
            return redirect(_home(loype))
    return render(
        request,
        "laeringsloyper/loype_avslutt.html",
        {
            "loype": loype,
            "form": form,
            "antall": followers(nettverk, [loype]).count(),
            "antall_senere": loyper.followers_after(loype, _asked_day(form)).count(),
            "kommende": sum(bool(p.fra and p.fra > idag()) for p in loype.perioder.all()),
        },
        status=form_status(form),
    )


def _asked_day(form: AvsluttLoypeForm) -> datetime.date:
    """The last day that was chosen; today until one is."""
    dag: datetime.date | None = getattr(form, "cleaned_data", {}).get("siste_dag")
    return dag or idag()


# --- periods


@nettverksside("laeringsloyper.arrange_loyper")
@require_http_methods(["GET", "HEAD", "POST"])
def periode_ny(request: PortalRequest, nettverk: Nettverk, slug: str) -> HttpResponse:
    """One more period; the three years after the last one are proposed."""
    loype = _fetch(request, nettverk, slug)
    fra, til = loyper.proposed_periode(loype)
    form = PeriodeForm(**sent(request), styrer=True, initial={"fra": fra, "til": til})
    with told(request, form=form):
        if adresse := form.once(request.user, lambda: _added(request, loype, form)):
            return redirect(adresse)
    return _periode_page(request, loype, form, periode=None)


def _added(request: PortalRequest, loype: Laeringsloype, form: PeriodeForm) -> str:
    periode = loyper.add_periode(loype, **form.felt)
    messages.success(request, _("Periode %(nummer)s er lagt til.") % {"nummer": periode.nummer})
    return _rediger(loype)


@nettverksside("laeringsloyper.view_laeringsloype")
@require_http_methods(["GET", "HEAD", "POST"])
def periode(request: PortalRequest, nettverk: Nettverk, slug: str, pk: int) -> HttpResponse:
    """Change the title of a period, and its days."""
    loype = _fetch(request, nettverk, slug)
    rad = get_object_or_404(loype.perioder, pk=pk)
    rad.loype = loype
    styrer = kan(request.user, "laeringsloyper.arrange_loyper", nettverk)
    # The track first, as every act on it: two who wait for each other would both be stopped.
    with locked(loype), locked(rad) as naa:
        form = PeriodeForm(
            **sent(request),
            instance=naa,
            styrer=styrer,
            initial_gyldig=naa.gyldig,
        )
        if form.is_bound and form.is_valid():
            takk = _("Periode %(nummer)s er lagret.") % {"nummer": rad.nummer}
            with told(request, takk, form=form) as utfall:
                loyper.change_periode(naa, **form.felt)
            if not utfall.nei:
                return redirect(_rediger(loype))
    return _periode_page(request, loype, form, periode=rad)


def _periode_page(
    request: PortalRequest, loype: Laeringsloype, form: PeriodeForm, *, periode: Periode | None
) -> HttpResponse:
    styrer = kan(request.user, "laeringsloyper.arrange_loyper", request.nettverk)
    siste = max((p.nummer for p in loype.perioder.all()), default=0)
    return render(
        request,
        "laeringsloyper/periode.html",
        {
            "loype": loype,
            "periode": periode,
            "form": form,
            "kan_tas_bort": styrer
            and periode is not None
            and periode.nummer == siste
            and not periode.enhetsloyper.exists(),
        },
        status=form_status(form),
    )


@nettverksside("laeringsloyper.arrange_loyper")
@require_http_methods(["GET", "HEAD", "POST"])
def periode_slett(request: PortalRequest, nettverk: Nettverk, slug: str, pk: int) -> HttpResponse:
    """Ask, and take the last period away."""
    loype = _fetch(request, nettverk, slug)
    rad = get_object_or_404(loype.perioder, pk=pk)
    rad.loype = loype
    if request.method == "POST":
        with told(request, _("Perioden er slettet.")):
            loyper.remove_periode(rad)
        return redirect(_rediger(loype))
    with told(request) as utfall:
        loyper.require_removable(rad)
    if utfall.nei:
        return redirect(_rediger(loype))
    return render(request, "bekreft.html", _asked_before_removal(loype, rad))


def _asked_before_removal(loype: Laeringsloype, rad: Periode) -> dict[str, Any]:
    return {
        "tittel": _("Slette periode %(nummer)s?") % {"nummer": rad.nummer},
        "tekst": fill_in(
            _("Ingen enheter følger perioden. «%(navn)s» får én periode færre."),
            navn=innhold(loype.navn, loype.nettverk),
        ),
        "konsekvenser": [],
        "knapp": _("Slett perioden"),
        "avbryt_url": _rediger(loype),
    }


def _fetch(request: PortalRequest, nettverk: Nettverk, slug: str) -> Laeringsloype:
    synlige = Laeringsloype.objects.visible_to(request.roller).prefetch_related("perioder")
    loype = get_object_or_404(synlige, slug=slug)
    loype.nettverk = nettverk
    krev(request.user, "laeringsloyper.change_loype", loype)
    return loype


def _home(loype: Laeringsloype) -> str:
    return reverse("laeringsloyper:loype", args=[loype.nettverk.slug, loype.slug])


def _rediger(loype: Laeringsloype) -> str:
    return reverse("laeringsloyper:loype_rediger", args=[loype.nettverk.slug, loype.slug])
