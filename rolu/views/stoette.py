"""The support lens: the units with a signal, one unit's own page, its answer, and what others do."""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Case, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kommuner.models import Enhet
from kommuner.models.enhet import EnhetQuerySet
from nettverk.ledige import in_order
from nettverk.models import Nettverk
from nettverk.register import enheter_visible_to
from nettverk.side.liste import Brikke, chips, read_liste
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import INettverk, kan, krev
from rolu import lister
from rolu.forms.stoette import (
    HilsenForm,
    StoetteFilter,
    StoettesamtaleForm,
    StoettesvarForm,
    VeiledningForm,
)
from rolu.mellomarbeid.matrise import units
from rolu.models import Stoettehandling
from rolu.stoette import handlinger
from rolu.stoette.signaler import Slag, Vist, meaning, seen_by

PER_SIDE = 12
# What was done lately stands in the list; all of it on the unit's own page.
_SISTE = 2


@nettverksside("rolu.view_stoette")
@require_safe
def stoette_list(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The units that a signal is shown of, with an act beside each: those that have asked for help themselves, then the
    others, both by kommune and name. Nothing is added up."""
    form = StoetteFilter(request.GET, roller=request.roller)
    roller = request.roller
    vises = seen_by(roller, form.narrow(units(roller, alle=roller.er_koordinator)))
    slag = form.valgt_slag
    valgte = [pk for pk, viste in vises.items() if not slag or any(v.slag == slag for v in viste)]
    liste = read_liste(
        request,
        lister.STOETTE,
        _asked_first(Enhet.objects.filter(pk__in=valgte), vises),
        form=form,
        brikker=[_chips(request, vises)],
        antall=len(valgte),
        per_side=PER_SIDE,
    )
    enhetene: list[Any] = list(liste.side.object_list)
    gjort = _done(request, enhetene)
    kontekst = {
        "liste": liste,
        "rader": [
            {
                "enhet": e,
                "kommune": e.kommune_navn,
                "viste": vises[e.pk],
                "gjort": gjort[e.pk][:_SISTE],
            }
            for e in enhetene
        ],
        "ordene": [(capfirst(str(s.label)), meaning(s)) for s in Slag],
    }
    mal = "rolu/stoette_list.html" + ("#liste" if request.htmx else "")
    return render(request, mal, kontekst)


def _asked_first(enheter: EnhetQuerySet, vises: dict[int, list[Vist]]) -> EnhetQuerySet:
    ba = [pk for pk, viste in vises.items() if any(v.slag == Slag.BA_OM_HJELP for v in viste)]
    i_orden = in_order(enheter)
    if not ba:
        return i_orden
    return i_orden.order_by(
        Case(When(pk__in=ba, then=Value(0)), default=Value(1)), *i_orden.query.order_by
    )


def _chips(request: PortalRequest, vises: dict[int, list[Vist]]) -> list[Brikke]:
    antall = Counter(v.slag.value for viste in vises.values() for v in viste)
    return chips(
        request,
        "slag",
        [
            ("", _("Alle"), len(vises)),
            *((s.value, capfirst(str(s.label)), antall[s.value]) for s in Slag),
        ],
    )


def _done(request: PortalRequest, enheter: list[Enhet]) -> dict[int, list[Stoettehandling]]:
    """What is done for each of the units, the newest first. One query."""
    gjort: dict[int, list[Stoettehandling]] = defaultdict(list)
    synlige = Stoettehandling.objects.visible_to(request.roller).filter(enhet__in=enheter)
    for handling in synlige.select_related("laget_av"):
        gjort[handling.enhet_id].append(handling)
    return gjort


# --- one unit


def _fetch(
    request: PortalRequest, referanse: str, tillatelse: str = "rolu.view_stoette_enhet"
) -> Enhet:
    enhet: Enhet = get_object_or_404(enheter_visible_to(request.roller), referanse=referanse)
    krev(request.user, tillatelse, INettverk(request.nettverk, enhet_id=enhet.pk))
    return enhet


@nettverksside("rolu.view_oppdrag")
@require_safe
def stoette_enhet(request: PortalRequest, nettverk: Nettverk, referanse: str) -> HttpResponse:
    """One unit's signals, what it has said of them, and what is done: the same to the unit and to those who follow
    up, but that the unit has each for a week first."""
    enhet = _fetch(request, referanse)
    return render(request, "rolu/stoette_enhet.html", _unit_page(request, enhet))


def _unit_page(request: PortalRequest, enhet: Enhet, **mer: Any) -> dict[str, Any]:
    her = INettverk(request.nettverk, enhet_id=enhet.pk)
    kan_stoette = kan(request.user, "rolu.support_enhet", her)
    gjort: list[Any] = _done(request, [enhet])[enhet.pk]
    for handling in gjort:
        er_hilsen = handling.slag == Stoettehandling.Slag.HILSEN
        handling.kan_fjernes = kan_stoette and not er_hilsen
    return {
        "enhet": enhet,
        "viste": seen_by(request.roller, [enhet.pk]).get(enhet.pk, []),
        "gjort": gjort,
        "er_egen": enhet.pk in request.roller.enheter,
        "kan_svare": kan(request.user, "rolu.answer_stoette", her),
        "kan_stoette": kan_stoette,
        "kan_se_alle": kan(request.user, "rolu.view_stoette", request.nettverk),
        "svarskjema": StoettesvarForm(auto_id=False),
        **mer,
    }


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def stoette_svar(
    request: PortalRequest, nettverk: Nettverk, referanse: str, slag: str
) -> HttpResponse:
    """The unit says how it is."""
    if slag not in Slag.values:
        raise Http404
    enhet = _fetch(request, referanse, "rolu.answer_stoette")
    viste = seen_by(request.roller, [enhet.pk]).get(enhet.pk, [])
    vist = next((v for v in viste if v.slag == slag), None)
    form = StoettesvarForm(**sent(request), initial={"svar": vist.svar if vist else ""})
    if form.is_valid():
        with told(request, _("Svaret er lagret. Kommunen og koordinatoren ser det nå.")):
            handlinger.answer(
                nettverk, enhet, slag=Slag(slag), by=request.user, **form.cleaned_data
            )
        return redirect("rolu:stoette_enhet", nettverk.slug, referanse)
    return render(
        request,
        "rolu/stoette_svar.html",
        {"enhet": enhet, "vist": vist, "slag": slag, "form": form},
        status=form_status(form),
    )


# --- what others do


@nettverksside("rolu.view_oppdrag")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stoette_hilsen(request: PortalRequest, nettverk: Nettverk, referanse: str) -> HttpResponse:
    """Write a greeting, see the letter and who gets it, send it once."""
    enhet = _fetch(request, referanse, "rolu.support_enhet")
    form = HilsenForm(**sent(request))
    ledere = handlinger.leaders(nettverk, enhet)
    vis = "se" in request.POST
    if not vis:
        adresse = None
        with told(request, form=form) as utfall:
            adresse = form.once(request.user, lambda: _greeted(request, enhet, form))
            utfall.takk = _("Hilsenen blir sendt.") if adresse else ""
        if adresse:
            return redirect(adresse)
    eposten = None
    if ledere and form.is_bound and form.is_valid():
        eposten = handlinger.preview(
            nettverk, enhet, til=ledere[0], by=request.user, tekst=form.cleaned_data["tekst"]
        )
    kontekst = {"enhet": enhet, "form": form, "ledere": ledere, "eposten": eposten}
    return render(request, "rolu/stoette_hilsen.html", kontekst, status=form_status(form))


def _address(request: PortalRequest, enhet: Enhet) -> str:
    return reverse("rolu:stoette_enhet", args=[request.nettverk.slug, enhet.referanse])


def _greeted(request: PortalRequest, enhet: Enhet, form: forms.Form) -> str:
    handlinger.greet(request.nettverk, enhet, by=request.user, **_written(form))
    return _address(request, enhet)


def _written(form: forms.Form) -> dict[str, Any]:
    return {navn: verdi for navn, verdi in form.cleaned_data.items() if navn != "engang"}


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def stoette_veiledning(request: PortalRequest, nettverk: Nettverk, referanse: str) -> HttpResponse:
    """Agree on guidance: when, and by whom."""
    enhet = _fetch(request, referanse, "rolu.support_enhet")
    form = VeiledningForm(**sent(request))
    return _write(request, enhet, form, handlinger.agree, _("Den avtalte veiledningen er notert."))


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def stoette_samtale(request: PortalRequest, nettverk: Nettverk, referanse: str) -> HttpResponse:
    """Note a talk."""
    enhet = _fetch(request, referanse, "rolu.support_enhet")
    form = StoettesamtaleForm(**sent(request))
    return _write(request, enhet, form, handlinger.note_talk, _("Samtalen er notert."))


def _write(
    request: PortalRequest, enhet: Enhet, form: Any, act: Callable[..., Any], takk: str
) -> HttpResponse:
    def make() -> str:
        act(request.nettverk, enhet, by=request.user, **_written(form))
        return _address(request, enhet)

    if adresse := form.once(request.user, make):
        with told(request, takk):
            return redirect(adresse)
    return render(
        request,
        "rolu/stoette_skriv.html",
        {"enhet": enhet, "form": form, "er_samtale": isinstance(form, StoettesamtaleForm)},
        status=form_status(form),
    )


@nettverksside("rolu.view_oppdrag")
@require_POST
def stoette_fjern(
    request: PortalRequest, nettverk: Nettverk, referanse: str, pk: int
) -> HttpResponse:
    """Take away what was written by mistake."""
    enhet = _fetch(request, referanse, "rolu.support_enhet")
    synlige = Stoettehandling.objects.visible_to(request.roller).filter(enhet=enhet)
    handling = get_object_or_404(synlige, pk=pk)
    with told(request, _("Det som var notert, er fjernet.")):
        handlinger.remove(handling)
    return redirect("rolu:stoette_enhet", nettverk.slug, referanse)


@nettverksside("rolu.view_oppdrag")
@require_POST
def stoette_aapne(
    request: PortalRequest, nettverk: Nettverk, referanse: str, pk: int
) -> HttpResponse:
    """Open a greeting to one's own unit: it is read on the unit's page of support."""
    enhet = _fetch(request, referanse)
    egne = Stoettehandling.objects.visible_to(request.roller).filter(
        enhet=enhet, enhet__in=request.roller.enheter
    )
    hilsen = get_object_or_404(egne, pk=pk)
    handlinger.open_greeting(hilsen)
    return redirect(_address(request, enhet) + f"#gjort-{hilsen.pk}")
