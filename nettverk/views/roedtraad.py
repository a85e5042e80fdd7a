"""The red thread of a thing: all that it came from and has led to, and the choosing of a link."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kommuner.sortering import named, ranked, search_words
from nettverk.flater import Traadslag, Treff
from nettverk.forms.roedtraad import FRA, TIL, KoblingForm, TraadsokForm
from nettverk.models import Nettverk
from nettverk.roedtraad import koblinger
from nettverk.roedtraad.lesing import VISES, Roedtraad, count, read
from nettverk.roedtraad.slag import kinds
from nettverk.skriving.svar import Angring, told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev

# Of the one kind that one asks to see all of; a browser draws no more at ease.
_ALLE = 500
_TREFF = 6


@nettverksside("nettverk.view_nettverk")
@require_http_methods(["GET", "HEAD", "POST"])
def roedtraad(request: PortalRequest, nettverk: Nettverk, noekkel: str, pk: int) -> HttpResponse:
    """The thread, and for those who may change the thing: look for something, and say which way it goes."""
    slagene = kinds(nettverk)
    slag = slagene.get(noekkel)
    if slag is None:
        raise Http404
    ting = get_object_or_404(slag.synlige(request.roller), pk=pk)
    if request.method == "POST":
        krev(request.user, slag.tillatelse, slag.spoer_om(ting))
        return _change(request, nettverk, slag, pk)
    kan_koble = kan(request.user, slag.tillatelse, slag.spoer_om(ting))
    delen = request.GET.get("del")
    if delen == "side":
        return _on_the_page(request, slag, pk, kan_koble=kan_koble)
    if delen in (FRA, TIL):
        traaden = read(slag, pk, request.roller, bare="opp" if delen == FRA else "ned")
        grupper = traaden.kommer_fra or traaden.har_foert_til
        return render(
            request,
            "nettverk/roedtraad.html#grupper",
            {"grupper": grupper, "adresse": request.path},
        )
    alle = slagene.get(request.GET.get("alle", ""))
    traaden = read(slag, pk, request.roller, vises=_ALLE if alle else VISES, slaget=alle)
    sok = TraadsokForm(request.GET if "q" in request.GET else None)
    q = sok.cleaned_data["q"] if kan_koble and sok.is_valid() else ""
    return render(
        request,
        "nettverk/roedtraad.html",
        {
            "traad": traaden,
            "alle": alle,
            "adresse": request.path,
            "slag": slag,
            "ting": slag.vis(ting, nettverk),
            "kan_koble": kan_koble,
            "kan_lete": kan_koble and not alle,
            "sok": sok,
            "retninger": [(FRA, _("Kommer fra dette")), (TIL, _("Har ført til dette"))],
            "q": q,
            "treff": _found(request, slagene, traaden, q) if q else [],
        },
    )


def _on_the_page(
    request: PortalRequest, slag: Traadslag, pk: int, *, kan_koble: bool
) -> HttpResponse:
    """What stands at the end of the thing's own page; nothing when there is no thread and the person cannot make one."""
    fra, til = count(slag, pk, request.roller)
    if not (fra or til or kan_koble):
        return HttpResponse("")
    return render(
        request,
        "nettverk/roedtraad.html#side",
        {"adresse": request.path, "fra": fra, "til": til, "kan_koble": kan_koble},
    )


def _change(request: PortalRequest, nettverk: Nettverk, slag: Traadslag, pk: int) -> HttpResponse:
    form = KoblingForm(request.POST)
    adresse = reverse("nettverk:roedtraad", args=[nettverk.slug, slag.noekkel, pk])
    if not form.is_valid():
        messages.error(request, _("Velg det du vil koble til, på nytt."))
        return redirect(adresse)
    valg = form.cleaned_data
    annet = kinds(nettverk).get(valg["slag"])
    if annet is None:
        raise Http404
    get_object_or_404(annet.synlige(request.roller), pk=valg["pk"])
    her, der = (slag, pk), (annet, valg["pk"])
    fra, til = (der, her) if valg["retning"] == FRA else (her, der)
    omvendt = "loes" if valg["handling"] == "koble" else "koble"
    felt = {navn: str(verdi) for navn, verdi in (valg | {"handling": omvendt}).items()}
    with told(request) as utfall:
        if valg["handling"] == "koble":
            koblinger.link(nettverk, fra=fra, til=til, by=request.user)
            utfall.takk = _("Koblingen er laget.")
            utfall.angre = Angring(adresse, felt)
        elif koblinger.unlink(nettverk, fra=fra, til=til):
            utfall.takk = _("Koblingen er tatt bort.")
            utfall.angre = Angring(adresse, felt)
    q = request.GET.get("q", "")
    return redirect(f"{adresse}?{urlencode({'q': q})}#koble" if q else adresse)


def _found(
    request: PortalRequest, slagene: dict[str, Traadslag], traaden: Roedtraad, q: str
) -> list[tuple[Traadslag, list[tuple[int, Treff]]]]:
    """What `q` finds of each kind, but the thing itself and what it is linked to. One query for each kind."""
    if not search_words(q):
        return []
    alt_koblet: dict[str, set[int]] = {traaden.slag.noekkel: {traaden.pk}}
    for gruppe in [*traaden.kommer_fra, *traaden.har_foert_til]:
        naere = {rad.pk for rad in gruppe.rader if rad.steg == 1}
        alt_koblet.setdefault(gruppe.slag.noekkel, set()).update(naere)
    funnet: list[tuple[Traadslag, list[tuple[int, Treff]]]] = []
    for noekkel, slag in slagene.items():
        synlige: Any = slag.synlige(request.roller).exclude(pk__in=alt_koblet.get(noekkel, ()))
        rader = ranked(named(synlige, q, *slag.navngitt), q, slag.navngitt[0])[:_TREFF]
        if treff := [(rad.pk, slag.vis(rad, request.nettverk)) for rad in rader]:
            funnet.append((slag, treff))
    return funnet
