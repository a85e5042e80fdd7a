"""Start, end and lock a gathering, and take it back: each says what it will do before it is done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nettverk.models import Nettverk
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from rolu.forms.tilstand import TilstandForm
from rolu.models import Samling
from rolu.samlinger import foelger, tilstand
from rolu.views.faner import fetch_med_tall, fetch_samling

_skriver = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Tilstandsendring:
    """A change of state: whether it can be done, what it does, and the words of its page."""

    can: Callable[[Samling], None]
    do: Callable[..., None]
    foelger: Callable[[Samling], Iterable[str]]
    tittel: str
    knapp: str
    takk: str


@nettverksside("rolu.view_samling")
@_skriver
def samling_start(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Ask, saying what closes; then start the gathering."""
    samling = fetch_med_tall(request, nettverk, pk)
    krev(request.user, "rolu.run_samling", samling)
    endring = Tilstandsendring(
        tilstand.require_start,
        tilstand.start,
        foelger.of_start,
        _("Starte «%(tittel)s»?"),
        _("Start samlingen"),
        _("Samlingen har startet."),
    )
    return _change(request, samling, endring, ferdig="innsjekk")


@nettverksside("rolu.view_samling")
@_skriver
def samling_avslutt(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Ask, then end the gathering: the summary is next."""
    samling = fetch_med_tall(request, nettverk, pk)
    krev(request.user, "rolu.run_samling", samling)
    endring = Tilstandsendring(
        tilstand.require_finish,
        tilstand.finish,
        foelger.of_finish,
        _("Avslutte «%(tittel)s»?"),
        _("Avslutt samlingen"),
        _("Samlingen er avsluttet."),
    )
    return _change(request, samling, endring)


@nettverksside("rolu.view_samling")
@_skriver
def samling_laas(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Ask, then lock the gathering: nothing of it can be changed."""
    samling = fetch_med_tall(request, nettverk, pk)
    krev(request.user, "rolu.change_samling", samling)
    endring = Tilstandsendring(
        tilstand.require_lock,
        tilstand.lock,
        foelger.of_lock,
        _("Låse «%(tittel)s»?"),
        _("Lås samlingen"),
        _("Samlingen er låst."),
    )
    return _change(request, samling, endring)


@nettverksside("rolu.view_samling")
@_skriver
def samling_angre(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Ask, then take the last change of state back."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, foelger.asks_to_take_back(samling), samling)
    form = TilstandForm(**sent(request), initial={"fra": samling.status})
    if request.method == "POST" and form.is_valid():
        fra = form.cleaned_data["fra"]
        krev(request.user, foelger.asks_to_take_back(samling, fra), samling)
        with told(request, foelger.taken_back(fra)):
            tilstand.take_back(samling, fra=fra, by=request.user)
        return redirect("rolu:samling", nettverk.slug, pk)
    with told(request) as utfall:
        tilstand.require_back(samling)
    if utfall.nei:
        return redirect("rolu:samling", nettverk.slug, pk)
    tittel, knapp = foelger.words_of_take_back(samling)
    return _ask(request, samling, (tittel, knapp), foelger.of_take_back(samling), form)


def _change(
    request: PortalRequest, samling: Samling, endring: Tilstandsendring, *, ferdig: str = "samling"
) -> HttpResponse:
    nettverk = samling.nettverk
    if request.method == "POST":
        with told(request, endring.takk) as utfall:
            endring.do(samling, by=request.user)
        return redirect(f"rolu:{'samling' if utfall.nei else ferdig}", nettverk.slug, samling.pk)
    with told(request) as utfall:
        endring.can(samling)
    if utfall.nei:
        return redirect("rolu:samling", nettverk.slug, samling.pk)
    return _ask(request, samling, (endring.tittel, endring.knapp), endring.foelger(samling))


def _ask(
    request: PortalRequest,
    samling: Samling,
    ordene: tuple[str, str],
    konsekvenser: Iterable[str],
    form: TilstandForm | None = None,
) -> HttpResponse:
    tittel, knapp = ordene
    nettverk = samling.nettverk
    return render(
        request,
        "rolu/samling_tilstand.html",
        {
            "samling": samling,
            "tittel": _title(tittel, samling),
            "konsekvenser": list(konsekvenser),
            "knapp": knapp,
            "form": form,
            "avbryt_url": reverse("rolu:samling", args=[nettverk.slug, samling.pk]),
        },
        status=form_status(form),
    )


def _title(tittel: str, samling: Samling) -> str:
    return fill_in(tittel, tittel=innhold(samling.tittel, samling.nettverk))
