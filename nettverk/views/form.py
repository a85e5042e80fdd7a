"""How the network is in the portal: one page that leads to all that its koordinator may shape."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kommuner.gyldighet import idag
from nettverk import omslag, rollenavn
from nettverk.flater import Sideinnhold, handlingene, menyen, sideinnholdet
from nettverk.forms.form import RollerForm, UtseendeForm
from nettverk.ledige import count_without_role
from nettverk.models import Nettverk, Person
from nettverk.register import medlemskap_per, register_figures
from nettverk.side.kart import draw_kart
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.laas import locked
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan


@dataclass(frozen=True)
class Valg:
    """One line of the page."""

    navn: str
    om: str
    url: str


@nettverksside("nettverk.view_nettverk")
@require_safe
def nettverket(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """What the network is: the pages of the menu that stand below it, and what this person may shape,
    the network's own things first and then the apps'."""
    former = kan(request.user, "nettverk.change_samarbeid", nettverk)
    medlemskap = list(medlemskap_per(idag()).filter(nettverk=nettverk))
    innhold = sideinnholdet(request.roller)
    innhold["kommuner"] = Sideinnhold(
        "kommuner",
        tuple(register_figures(nettverk, idag(), kommuner=len(medlemskap))),
        _("Kommunene kommer når koordinatoren har tatt dem inn."),
    )
    return render(
        request,
        "nettverk/nettverket.html",
        {
            "kart": draw_kart(medlemskap, nettverk=nettverk, skjematisk=True),
            "sider": [
                (punkt, innhold.get(punkt.noekkel))
                for punkt in menyen(request.roller).under_nettverket
            ],
            "valg": list(_choices(request, nettverk)) if former else [],
            "andre": handlingene(request.roller, nettverk) if former else [],
        },
    )


def _choices(request: PortalRequest, nettverk: Nettverk) -> Iterator[Valg]:
    def url(navn: str) -> str:
        return reverse(f"nettverk:{navn}", args=[nettverk.slug])

    if kan(request.user, "nettverk.change_nettverk", nettverk):
        yield Valg(
            _("Teksten om nettverket"),
            _("Visjon, mål og fokusområder, på den offentlige siden."),
            url("nettverk_rediger"),
        )
        yield Valg(
            _("Utseende"),
            _("Fargen på sidene, tegningen bak navnet, og et bilde."),
            url("utseende"),
        )
        yield Valg(
            _("Grupper"),
            _("Lag en gruppe, gi den et nytt navn, eller avslutt den."),
            url("gruppe_list"),
        )
        yield Valg(
            _("Roller og navn"),
            _("Hva rollene heter hos dere, og hvilke hver utviklingsgruppe må ha."),
            url("roller"),
        )
        yield Valg(
            _("Årlig bekreftelse"),
            _("Når lederne blir spurt om utviklingsgruppa fortsatt stemmer."),
            url("bekreftes_fra"),
        )
        yield Valg(
            _("Deler av portalen"),
            _("Velg hva dere bruker. Det dere ikke bruker, vises ikke for noen."),
            url("portaldeler"),
        )
        yield Valg(
            _("Kommunene i nettverket"),
            _("Ta inn en kommune, eller la en gå ut."),
            url("medlemskap"),
        )
    yield Valg(
        _("Samarbeid og deling"),
        _("Samarbeidspartnere, og hvor dere har delt erfaringene deres."),
        url("samarbeid"),
    )
    if kan(request.user, "nettverk.change_nettverk", nettverk):
        yield Valg(
            _("Sikker innlogging"),
            _("Om de som koordinerer, må ha passnøkkel eller app."),
            url("nettverk_sikkerhet"),
        )


@nettverksside("nettverk.change_nettverk")
@require_http_methods(["GET", "HEAD", "POST"])
def utseende(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The network's colour, horizon and photograph. Two at once: 409, and nothing lost."""
    with locked(nettverk) as naa:
        bildet = omslag.cover_of(naa)
        form = UtseendeForm(**sent(request), instance=naa, omslag=bildet)
        if request.method == "POST" and form.is_valid():
            with told(request, _("Utseendet er lagret."), form=form, filfelt="bilde"):
                _save_look(form, by=request.user)
            if form.is_valid():
                return redirect("nettverk:nettverket", nettverk.slug)
    return render(
        request,
        "nettverk/utseende.html",
        {"form": form, "omslag": bildet},
        status=form_status(form),
    )


@transaction.atomic
def _save_look(form: UtseendeForm, *, by: Person) -> None:
    """All of it or nothing: there may be no room for the picture."""
    nettverk = form.save()
    beskrivelse = form.cleaned_data["beskrivelse"]
    if bilde := form.cleaned_data["bilde"]:
        omslag.put(nettverk, bilde=bilde, beskrivelse=beskrivelse, by=by)
    elif form.omslag:
        omslag.describe(nettverk, beskrivelse=beskrivelse)


@nettverksside("nettverk.change_nettverk")
@require_http_methods(["GET", "HEAD", "POST"])
def omslag_slett(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Ask, then take the photograph away."""
    utseendet = reverse("nettverk:utseende", args=[nettverk.slug])
    if request.method == "POST":
        omslag.remove(nettverk)
        messages.success(request, _("Bildet er tatt bort."))
        return redirect(utseendet)
    return render(
        request,
        "bekreft.html",
        {
            "tittel": _("Ta bort omslagsbildet?"),
            "tekst": _("Bildet blir borte for godt. Horisonten står igjen."),
            "knapp": _("Ta bort bildet"),
            "avbryt_url": utseendet,
        },
    )


@nettverksside("nettverk.change_nettverk")
@require_http_methods(["GET", "HEAD", "POST"])
def roller(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The roles' names here, and which of them are required. Two at once: 409, and nothing lost."""
    with locked(nettverk) as naa:
        form = RollerForm(**sent(request), instance=naa)
        if request.method == "POST" and form.is_valid():
            rollenavn.change_roles(naa, **form.roller)
            messages.success(request, _saved(naa))
            return redirect("nettverk:nettverket", nettverk.slug)
    return render(request, "nettverk/roller.html", {"form": form}, status=form_status(form))


def _saved(nettverk: Nettverk) -> str:
    """With how many groups have a vacant role now: that is what a required role changes."""
    antall = count_without_role(nettverk)
    if not antall:
        return _("Rollene er lagret.")
    return ngettext(
        "Rollene er lagret. %(n)s utviklingsgruppe har en ledig rolle.",
        "Rollene er lagret. %(n)s utviklingsgrupper har en ledig rolle.",
        antall,
    ) % {"n": antall}
