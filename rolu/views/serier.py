"""Series of gatherings: the list, one of them, making, changing and removing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from nettverk.models import Nettverk
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan
from rolu.forms.serier import SerieForm
from rolu.models import Samlingsserie
from rolu.samlinger import serier

_skriver = require_http_methods(["GET", "HEAD", "POST"])


@nettverksside("rolu.view_samling")
@require_safe
def serie_list(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The network's series."""
    synlige = Samlingsserie.objects.visible_to(request.roller)
    return render(
        request,
        "rolu/serie_list.html",
        {
            "serier": serier.with_gatherings(synlige, request.roller),
            "kan_lage": kan(request.user, "rolu.arrange_samlinger", nettverk),
        },
    )


@nettverksside("rolu.view_samling")
@require_safe
def serie(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """One series: its gatherings in order, and the way to the next one."""
    serie = _fetch(request, nettverk, pk)
    linjer = serier.lines(serie, request.roller)
    return render(
        request,
        "rolu/serie.html",
        {
            "serie": serie,
            "linjer": linjer,
            "siste": linjer[-1].samling if linjer else None,
            "kan_lage": kan(request.user, "rolu.arrange_samlinger", nettverk),
            "ser_tall": any(linje.telt is not None for linje in linjer),
        },
    )


@nettverksside("rolu.arrange_samlinger")
@_skriver
def serie_ny(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Make a series."""
    form = SerieForm(**sent(request), nettverk=nettverk)
    with told(request, form=form):
        if adresse := form.once(request.user, lambda: _made(request, form)):
            return redirect(adresse)
    return render(request, "rolu/serie_form.html", {"form": form}, status=form_status(form))


def _made(request: PortalRequest, form: SerieForm) -> str:
    serie = serier.make_series(form.instance)
    messages.success(
        request, _("Serien er laget. Velg serien når du lager eller endrer en samling.")
    )
    return reverse("rolu:serie", args=[serie.nettverk.slug, serie.pk])


@nettverksside("rolu.arrange_samlinger")
@_skriver
def serie_rediger(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Change what a series is called, and what it is about."""
    serie = _fetch(request, nettverk, pk)
    with serier.writing_series(serie) as naa:
        form = SerieForm(**sent(request), instance=naa, nettverk=nettverk)
        if request.method == "POST" and form.is_valid():
            serier.change_series(form.instance)
            messages.success(request, _("Serien er lagret."))
            return redirect("rolu:serie", nettverk.slug, pk)
    return render(
        request, "rolu/serie_form.html", {"form": form, "serie": serie}, status=form_status(form)
    )


@nettverksside("rolu.arrange_samlinger")
@_skriver
def serie_slett(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Ask, saying that the gatherings stay, then remove a series."""
    serie = _fetch(request, nettverk, pk)
    if request.method == "POST":
        serier.remove_series(serie)
        messages.success(request, _("Serien er fjernet. Samlingene står som før."))
        return redirect("rolu:serie_list", nettverk.slug)
    antall = serie.samlinger.count()
    return render(
        request,
        "bekreft.html",
        {
            "tittel": fill_in(_("Fjerne serien «%(navn)s»?"), navn=innhold(serie.navn, nettverk)),
            "tekst": ngettext(
                "%(n)s samling er i serien. Samlingen blir ikke slettet, men er ikke lenger i noen serie.",
                "%(n)s samlinger er i serien. Samlingene blir ikke slettet, men er ikke lenger i noen serie.",
                antall,
            )
            % {"n": antall}
            if antall
            else _("Ingen samlinger er i serien."),
            "knapp": _("Fjern serien"),
            "avbryt_url": reverse("rolu:serie", args=[nettverk.slug, pk]),
        },
    )


def _fetch(request: PortalRequest, nettverk: Nettverk, pk: int) -> Samlingsserie:
    serie: Samlingsserie = get_object_or_404(
        Samlingsserie.objects.visible_to(request.roller), pk=pk
    )
    serie.nettverk = nettverk
    return serie
