"""The tankesmier of a gathering, for those who hold it: made for an item of the programme, and led in the gathering's
own frame (`fremtidsbilder.views.ledelse`)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fremtidsbilder.models import Samtalesporsmaal, Tankesmie
from fremtidsbilder.tankesmier.ledelse import Adresser, Ledelse
from fremtidsbilder.views import ledelse
from nettverk.filer.filnavn import made_name
from nettverk.filer.utlevering import send_regneark
from nettverk.models import Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from rolu.forms.samtaler import SamtaleForm
from rolu.models import Samling, Samtale
from rolu.samlinger import samtaleark, samtaler, sletting
from rolu.samlinger.tilstand import require_unlocked, writing
from rolu.views.faner import fetch_med_tall, fetch_samling, samlingsside, told_when_locked

_leser_og_skriver = require_http_methods(["GET", "HEAD", "POST"])


@nettverksside("rolu.view_samling")
@_leser_og_skriver
@told_when_locked
def samtaler_(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Those there are, and the form for one more."""
    samling = fetch_med_tall(request, nettverk, pk)
    krev(request.user, "rolu.run_samtaler", samling)
    form = SamtaleForm(
        samling=samling,
        initial={"antall_bord": samtaler.tables_seated(samling)},
        **sent(request),
    )
    adresse = None
    with told(request, form=form):
        adresse = form.once(request.user, lambda: _make(samling, form))
    if adresse:
        return redirect(adresse)
    alle = samtaler.of(samling)
    return render(
        request,
        "rolu/samling_samtaler.html",
        {
            **samlingsside(request, samling, "samtaler"),
            "samtaler": alle,
            "form": form,
            "kan_lage": not samling.er_laast
            and not samling.er_avlyst
            and form.fields["programpost"].queryset.exists(),
            "har_program": bool(alle) or samling.programposter.exists(),
        },
        status=form_status(form),
    )


def _make(samling: Samling, form: SamtaleForm) -> str:
    felt = {navn: form.cleaned_data[navn] for navn in ("programpost", "antall_bord", "sporsmaal")}
    return _address(samtaler.make(samling, **felt))


def _address(samtale: Samtale) -> str:
    return reverse("rolu:samtale", args=[samtale.nettverk.slug, samtale.samling_id, samtale.pk])


def _fetch(request: PortalRequest, samling: Samling, samtale_pk: int) -> Samtale:
    """The tankesmie of this gathering, 404 when it is not there."""
    krev(request.user, "rolu.run_samtaler", samling)
    synlige = Tankesmie.objects.visible_to(request.roller)
    samtale: Samtale = get_object_or_404(
        Samtale.objects.select_related("tankesmie", "programpost"),
        samling=samling,
        tankesmie__in=synlige,
        pk=samtale_pk,
    )
    samtale.samling = samling
    samtale.tankesmie.nettverk = samling.nettverk
    return samtale


def _led(samtale: Samtale) -> Ledelse:
    """The tankesmie as it is led from its gathering."""
    samling = samtale.samling
    return Ledelse(
        tankesmie=samtale.tankesmie,
        navn=samtaler.name_of(samtale),
        adresser=_addresses(samtale),
        changing=lambda: samtaler.changing(samling),
        arranging=lambda: writing(samling),
        start=lambda sporsmaal, minutter: samtaler.start(samtale, sporsmaal, minutter=minutter),
        delete=lambda: samtaler.delete(samtale),
        erase=lambda sporsmaal, kort: _erase(samling, sporsmaal, kort),
        order=lambda ark, by: samtaleark.order(samtale, ark=ark, by=by),
        latest_jobs=lambda: samtaleark.latest_jobs(samtale),
        laast=samling.er_laast,
    )


def _addresses(samtale: Samtale) -> Adresser:
    i_samlingen = [samtale.nettverk.slug, samtale.samling_id]
    her = [*i_samlingen, samtale.pk]

    def of_question(navn: str) -> Callable[[int], str]:
        return lambda pk: reverse(navn, args=[*her, pk])

    dagen = reverse("rolu:dagen", args=i_samlingen)
    return Adresser(
        lede=reverse("rolu:samtale", args=her),
        styr=reverse("rolu:samtale_styr", args=her),
        bord=reverse("rolu:samtale_bord", args=her),
        ark=reverse("rolu:samtale_ark", args=her),
        regneark=reverse("rolu:samtaler_regneark", args=i_samlingen),
        liste=reverse("rolu:samtaler", args=i_samlingen),
        vegg=of_question("rolu:samtale_vegg"),
        endre=of_question("rolu:samtalesporsmaal_endre"),
        papir=of_question("rolu:samtale_papir"),
        # One goes on where one pressed.
        deler={dagen: "#dagen-samtaler"},
    )


def _erase(samling: Samling, sporsmaal: Samtalesporsmaal, kort: list[int]) -> tuple[int, str]:
    tekster = list(sporsmaal.bidrag.filter(pk__in=kort).values_list("tekst", flat=True))
    n = sletting.erase(samling, sporsmaal, kort)
    if not sletting.quoted(samling, tekster):
        return n, ""
    return n, _(
        "Oppsummeringen som er laget, siterer teksten. Lag oppsummeringen på nytt, og del den igjen."
    )


def _framed(request: PortalRequest, samling: Samling, mal: str) -> ledelse.Ramme:
    """In the frame of the gathering."""

    def draw(kontekst: dict[str, Any], status: int) -> HttpResponse:
        side = samlingsside(request, samling, "samtaler")
        return render(request, mal, {**side, **kontekst}, status=status)

    return draw


# --- one of them: its questions, its tables, its code


@nettverksside("rolu.view_samling")
@_leser_og_skriver
@told_when_locked
def samtale(request: PortalRequest, nettverk: Nettverk, pk: int, samtale_pk: int) -> HttpResponse:
    """Start and freeze its questions, and see the tables fill. `?etter=` is asked again and again for what has come;
    POST adds a question."""
    if "etter" in request.GET:
        samling = fetch_samling(request, nettverk, pk)
        return ledelse.stand_again(request, _led(_fetch(request, samling, samtale_pk)))
    samling = fetch_med_tall(request, nettverk, pk)
    denne = _fetch(request, samling, samtale_pk)
    return ledelse.lead(request, _led(denne), _framed(request, samling, "rolu/samtale.html"))


@nettverksside("rolu.view_samling")
@require_POST
@told_when_locked
def samtale_styr(
    request: PortalRequest, nettverk: Nettverk, pk: int, samtale_pk: int
) -> HttpResponse:
    """Start, freeze, two minutes left, dots, close: then back to where one was (`neste`)."""
    samling = fetch_samling(request, nettverk, pk)
    return ledelse.steered(request, _led(_fetch(request, samling, samtale_pk)))


@nettverksside("rolu.view_samling")
@_leser_og_skriver
@told_when_locked
def samtalesporsmaal_endre(
    request: PortalRequest, nettverk: Nettverk, pk: int, samtale_pk: int, sporsmaal_pk: int
) -> HttpResponse:
    """A question in other words; the phones that show it get them at once."""
    samling = fetch_med_tall(request, nettverk, pk)
    led = _led(_fetch(request, samling, samtale_pk))
    sporsmaal = ledelse.own_question(led, sporsmaal_pk)
    require_unlocked(samling)
    ramme = _framed(request, samling, "rolu/samtalesporsmaal_endre.html")
    return ledelse.reword(request, led, sporsmaal, ramme)


@nettverksside("rolu.view_samling")
@require_POST
@told_when_locked
def samtale_bord(
    request: PortalRequest, nettverk: Nettverk, pk: int, samtale_pk: int
) -> HttpResponse:
    """How many tables there are."""
    samling = fetch_samling(request, nettverk, pk)
    return ledelse.set_tables(request, _led(_fetch(request, samling, samtale_pk)))


@nettverksside("rolu.view_samling")
@require_POST
def samtale_ark(
    request: PortalRequest, nettverk: Nettverk, pk: int, samtale_pk: int
) -> HttpResponse:
    """Ask for the pads or the slips on paper."""
    samling = fetch_samling(request, nettverk, pk)
    return ledelse.order_print(request, _led(_fetch(request, samling, samtale_pk)))


@nettverksside("rolu.view_samling")
@require_safe
def samtaler_regneark(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Everything said at the gathering, at any time. It is nobody's: no people are taken out by it."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.run_samtaler", samling)
    navn = made_name(_("tankesmier"), samling.tittel, samling.dato.isoformat(), endelse="xlsx")
    return send_regneark(navn, samtaler.make_sheet(samling))


# --- the wall, for those who arrange it


@nettverksside("rolu.view_samling")
@_leser_og_skriver
@told_when_locked
def samtale_vegg(
    request: PortalRequest, nettverk: Nettverk, pk: int, samtale_pk: int, sporsmaal_pk: int
) -> HttpResponse:
    """Put cards in themes, merge, name, hide, pick for the summary (`fremtidsbilder.views.ledelse.wall`)."""
    fetch = fetch_samling if ledelse.asks_for_wall(request) else fetch_med_tall
    samling = fetch(request, nettverk, pk)
    led = _led(_fetch(request, samling, samtale_pk))
    sporsmaal = ledelse.own_question(led, sporsmaal_pk)
    return ledelse.wall(
        request, led, sporsmaal, _framed(request, samling, "rolu/samtale_vegg.html")
    )


@nettverksside("rolu.view_samling")
@require_POST
@told_when_locked
def samtale_papir(
    request: PortalRequest, nettverk: Nettverk, pk: int, samtale_pk: int, sporsmaal_pk: int
) -> HttpResponse:
    """Type what a table wrote on paper."""
    samling = fetch_med_tall(request, nettverk, pk)
    led = _led(_fetch(request, samling, samtale_pk))
    sporsmaal = ledelse.own_question(led, sporsmaal_pk)
    return ledelse.typed_in(
        request, led, sporsmaal, _framed(request, samling, "rolu/samtale_vegg.html")
    )
