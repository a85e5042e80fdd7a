"""«Salen»: the page of whoever leads the day. What goes on, what the big screen shows, what the other parts have for
the hall, and the note. The desk is a page of its own (`innsjekk`), so that neither is in the other's way."""

from collections.abc import Callable
from functools import partial
from itertools import zip_longest
from typing import Any

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nettverk.models import Nettverk
from nettverk.skriving.laas import mark
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from rolu.forms.storskjerm import (
    FERDIGE,
    NEDTELLINGER,
    BeskjedForm,
    FerdigForm,
    NedtellingForm,
    SkjermbildeForm,
)
from rolu.models import Samling
from rolu.samlinger import skjermbilder
from rolu.samlinger import storskjerm as skjermen
from rolu.samlinger.skrankesok import the_day
from rolu.samlinger.skranketall import totals
from rolu.views.innsjekk import note_beside, now_beside
from rolu.views.storskjerm import fetch_hall, to_gathering


@nettverksside("rolu.view_samling")
@require_safe
def dagen(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The whole page; with `etter` what of it is new, 204 when nothing is."""
    samling = fetch_hall(request, nettverk, pk)
    if borte := to_gathering(request, samling):
        return borte
    if request.htmx and "etter" in request.GET:
        return _news(request, samling)
    return _page(request, samling)


def _page(
    request: PortalRequest, samling: Samling, *, status: int = 200, **skjemaer: Any
) -> HttpResponse:
    poster = list(samling.programposter.all())
    kontekst = now_beside(request, samling, poster)
    kontekst |= note_beside(
        request, samling, poster, kontekst["dagen"].post_for_notat, dagen="salen"
    )
    kontekst |= {
        "samling": samling,
        # The day has the whole window: no menu, and no way to somewhere else by mistake.
        "meny": None,
        "dagsside": "salen",
        **_pieces(request, samling),
        **_forms(),
        **skjemaer,
    }
    return render(request, "rolu/dagen.html", kontekst, status=status)


# --- what asks for itself


def _pieces(request: PortalRequest, samling: Samling) -> dict[str, Any]:
    """The parts of the page that follow the day, drawn: how many have come, the screen in small, how it is steered,
    and what other parts of the portal have for whoever leads the day. `merker` has a mark of each, in order."""
    # The same in all of them, and no part of how they stand.
    token = get_token(request)
    felles = {"samling": samling, "nettverk": samling.nettverk, "csrf_token": token}
    standing = felles | _standing(samling)
    deler: dict[str, str] = {
        navn: render_to_string(f"rolu/dagen.html#{navn}", standing, request)
        for navn in ("oppmoete", "skjermen", "stand")
    }
    paneler = []
    for nr, panel in enumerate(skjermbilder.DAGPANELER):
        data = panel.data(samling)
        paneler.append(f"panel{nr}")
        deler[f"panel{nr}"] = (
            "" if data is None else render_to_string(panel.mal, felles | {"data": data}, request)
        )
    merker = [mark(tekst.replace(token, "")) for tekst in deler.values()]
    return {
        "deler": deler,
        "paneler": [(navn, deler[navn]) for navn in paneler],
        "merker": merker,
        "etter": "-".join(merker),
        "tidspunkt": timezone.now(),
    }


def _news(request: PortalRequest, samling: Samling) -> HttpResponse:
    """Those parts that stand otherwise than when they were last asked for."""
    naa = _pieces(request, samling)
    if request.GET["etter"] == naa["etter"]:
        return HttpResponse(status=204)
    kjente = request.GET["etter"].split("-")
    nye = {
        navn: tekst
        for (navn, tekst), merke, kjent in zip_longest(
            naa["deler"].items(), naa["merker"], kjente[: len(naa["merker"])]
        )
        if merke != kjent
    }
    return render(request, "rolu/dagen.html#nytt", {"samling": samling, **naa, "nye": nye})


def _standing(samling: Samling) -> dict[str, Any]:
    """What the screen shows, what it can show, and how many have come."""
    stand = skjermen.state_of(skjermen.screen_of(samling))
    valgt = skjermbilder.find(stand.bilde)
    bilde, data = skjermbilder.picture_of(samling, stand.bilde)
    kan_vises = skjermbilder.pictures_now(samling)
    return {
        "stand": stand,
        "bilde": bilde,
        "valgt": valgt,
        "valg": [b for b in skjermbilder.SKJERMBILDER if b is valgt or b in kan_vises],
        "tegnet": skjermbilder.draw(samling, bilde, data, stand),
        # What goes on, when that is what is shown.
        "vises": data["dagen"] if bilde is skjermbilder.NAA else None,
        "totalt": totals(samling, dag=the_day(samling)),
    }


def _forms() -> dict[str, Any]:
    return {
        "beskjedform": BeskjedForm(),
        "nedtellingform": NedtellingForm(auto_id="nedtelling_%s"),
        "ferdige": [(noekkel, tekst) for noekkel, (tekst, _minutter) in FERDIGE.items()],
        "nedtellinger": NEDTELLINGER,
    }


# --- steering


@nettverksside("rolu.view_samling")
@require_POST
def storskjerm_bilde(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Show another picture."""
    samling = fetch_hall(request, nettverk, pk)
    form = SkjermbildeForm(request.POST)
    if not form.is_valid():
        return _page(request, samling, status=422)
    bilde = form.cleaned_data["bilde"]
    takk = _("Storskjermen viser «%(bilde)s».") % {"bilde": skjermbilder.find(bilde).navn}
    return _steer(request, samling, "stand", takk, partial(skjermen.show, bilde=bilde))


@nettverksside("rolu.view_samling")
@require_POST
def storskjerm_beskjed(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Say something over the picture: one that is at hand, or one's own. Or take it away."""
    samling = fetch_hall(request, nettverk, pk)
    if "bort" in request.POST:
        return _steer(request, samling, "stand", _("Beskjeden er fjernet."), skjermen.unsay)
    takk = _("Beskjeden står på storskjermen.")
    if "ferdig" in request.POST:
        ferdig = FerdigForm(request.POST)
        if not ferdig.is_valid():
            return _page(request, samling, status=422)
        tekst, minutter = FERDIGE[ferdig.cleaned_data["ferdig"]]
        # The hall reads it, not whoever sends it.
        with translation.override(nettverk.maalform):
            beskjed = str(tekst)
        say = partial(skjermen.say, beskjed=beskjed, minutter=minutter)
        return _steer(request, samling, "stand", takk, say)
    form = BeskjedForm(request.POST)
    if not form.is_valid():
        return _refused(request, samling, "beskjed", beskjedform=form)
    return _steer(request, samling, "beskjed", takk, partial(skjermen.say, **form.cleaned_data))


@nettverksside("rolu.view_samling")
@require_POST
def storskjerm_nedtelling(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Count down so many minutes from now, or stop."""
    samling = fetch_hall(request, nettverk, pk)
    if "stopp" in request.POST:
        takk = _("Nedtellingen er stoppet.")
        return _steer(request, samling, "stand", takk, skjermen.stop_counting)
    form = NedtellingForm(request.POST, auto_id="nedtelling_%s")
    if not form.is_valid():
        return _refused(request, samling, "nedtelling", nedtellingform=form)
    # The buttons stand outside the form.
    del_ = "stand" if request.htmx.target == "skjermstand" else "nedtelling"
    act = partial(skjermen.count_down, **form.cleaned_data)
    return _steer(request, samling, del_, _("Nedtellingen er i gang."), act)


def _refused(request: PortalRequest, samling: Samling, del_: str, **skjema: Any) -> HttpResponse:
    """The form with what is wrong at its field: alone to htmx, else on the page."""
    if not request.htmx:
        return _page(request, samling, status=422, **skjema)
    kontekst = {"samling": samling, **_forms(), **skjema}
    return render(request, f"rolu/dagen.html#{del_}", kontekst, status=422)


def _steer(
    request: PortalRequest, samling: Samling, del_: str, takk: str, act: Callable[[Samling], None]
) -> HttpResponse:
    """Do it, and answer how the screen stands: to htmx with the form made ready again, else the page anew."""
    with told(request, "" if request.htmx else takk) as utfall:
        act(samling)
    if not request.htmx:
        adresse = reverse("rolu:dagen", args=[samling.nettverk.slug, samling.pk])
        return redirect(f"{adresse}#skjerm")
    # As it stands now, not as it was fetched.
    naa = Samling.objects.select_related("nettverk", "storskjerm").get(pk=samling.pk)
    sagt = {"sagt": "" if utfall.nei else takk, "nei": utfall.nei}
    kontekst = {"samling": naa, **_standing(naa), **_forms(), **sagt}
    return render(request, f"rolu/dagen.html#{del_}_svar", kontekst)
