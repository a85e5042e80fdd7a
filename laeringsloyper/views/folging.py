"""Which units follow which track: many at once, one by one, and by file."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kommuner.gyldighet import idag
from kommuner.models import Enhet
from kommuner.sortering import norsk_nokkel
from laeringsloyper.folgefil import Filrad, Lestrad, interpret
from laeringsloyper.folging import (
    Folgeutfall,
    Folging,
    changeable_by,
    follow,
    foresee,
    foresee_stop,
    stop,
)
from laeringsloyper.forms.folging import (
    EnhetsloypeForm,
    FlereEnheterForm,
    FolgefilForm,
    LestFilForm,
    SluttForm,
    UtvalgForm,
    period_name,
)
from laeringsloyper.models import Enhetsloype, Laeringsloype, Periode
from laeringsloyper.rules import kommuner_changeable_by
from nettverk import importlop
from nettverk.filer.regneark import make_regneark
from nettverk.filer.utlevering import send_regneark
from nettverk.models import Nettverk
from nettverk.register import enheter_visible_to
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import INettverk, kan, krev

_NAVN = {
    Folgeutfall.NY: gettext_lazy("Begynner"),
    Folgeutfall.ENDRET: gettext_lazy("Endres"),
    Folgeutfall.UENDRET: gettext_lazy("Uendret"),
}


@dataclass(frozen=True)
class Bunke:
    """The lines of a preview that mean the same, folded under their name."""

    utfall: str
    navn: Any
    linjer: list[dict[str, Any]]


# --- many at once


@nettverksside("laeringsloyper.set_enhetsloyper")
@require_http_methods(["GET", "HEAD", "POST"])
def enhetsloyper(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Filter, tick, say which track and period; then a page that shows what changes, and does it."""
    enheter = changeable_by(request.roller)
    perioder = _open_periods(request)
    alle = list(enheter.with_kommune())
    kommunene = list(kommuner_changeable_by(request.roller).defer("grense"))
    filter_ = UtvalgForm(request.GET, kommuner=kommunene, loyper=_loyper(request))
    igjen = set(filter_.filter(enheter, nettverk).values_list("pk", flat=True))
    utvalg = sorted(
        (e for e in alle if e.pk in igjen),
        key=lambda e: (norsk_nokkel(_kommune(e)), norsk_nokkel(str(e))),
    )
    form = FlereEnheterForm(
        **sent(request),
        nettverk=nettverk,
        perioder=perioder,
        utvalg=utvalg,
        kan_endres=[e.pk for e in alle],
        initial={"periode": _asked_for(request, perioder)},
    )
    if form.is_bound and "rett" not in request.POST:
        if "lagre" in request.POST:
            with told(request, form=form):
                if adresse := form.once(request.user, lambda: _set(request, form, alle)):
                    return redirect(adresse)
        elif form.is_valid():
            return _preview(request, form, alle)
    kommuner = _by_kommune(form, _followed_now(nettverk))
    return render(
        request,
        "laeringsloyper/enhetsloyper.html",
        {
            "filter": filter_,
            "form": form,
            # Which track it began with goes along when one filters.
            "velg": request.GET.get("velg", ""),
            "har_perioder": bool(perioder),
            "kan_lage": kan(request.user, "laeringsloyper.arrange_loyper", nettverk),
            "kommuner": kommuner,
            # A short list is not folded.
            "aapen": len(utvalg) <= 12 or len(kommuner) == 1,
        },
        status=200 if "rett" in request.POST else form_status(form),
    )


def _by_kommune(form: FlereEnheterForm, naa: dict[int, list[Enhetsloype]]) -> list[dict[str, Any]]:
    """The units to choose among: each with what it follows now, and whether it was ticked."""
    krysset = set(form["enheter"].value() or []) if form.is_bound else set()
    return [
        {
            "navn": navn,
            "enheter": [
                {"enhet": e, "naa": naa.get(e.pk, []), "krysset": str(e.pk) in krysset}
                for e in gruppe
            ],
        }
        for navn, gruppe in groupby(form.utvalg, _kommune)
    ]


def _folginger(form: FlereEnheterForm, alle: Iterable[Enhet]) -> list[Folging]:
    valgt = set(form.cleaned_data["enheter"])
    return [form.folging(enhet) for enhet in alle if enhet.pk in valgt]


def _preview(request: PortalRequest, form: FlereEnheterForm, alle: list[Enhet]) -> HttpResponse:
    """What would change, unit by unit. Nothing is saved: the page carries what was chosen on."""
    folginger = _folginger(form, alle)
    utfall = (foresee_stop if form.skal_slutte else foresee)(folginger)
    return render(
        request,
        "laeringsloyper/enhetsloyper_vis.html",
        {
            "periode": period_name(form.perioden, request.nettverk),
            "fra": form.cleaned_data["fra"],
            "grunn": form.cleaned_data["grunn"],
            "skal_slutte": form.skal_slutte,
            "antall": sum(u is not Folgeutfall.UENDRET for u in utfall),
            "bunker": _heaps(
                zip(utfall, map(_line, folginger), strict=True), slutter=form.skal_slutte
            ),
            "felt": [
                *((navn, request.POST.get(navn, "")) for navn in _BAERES),
                *(("enheter", f.enhet.pk) for f in folginger),
            ],
            "tilbake": reverse("laeringsloyper:enhetsloyper", args=[request.nettverk.slug]),
        },
    )


_BAERES = ("engang", "handling", "periode", "fra", "grunn")


def _set(request: PortalRequest, form: FlereEnheterForm, alle: list[Enhet]) -> str:
    folginger = _folginger(form, alle)
    if form.skal_slutte:
        antall = stop(folginger)
        _thank_for_stopping(request, antall)
    else:
        gjort = follow(folginger, by=request.user)
        _thank(request, gjort[Folgeutfall.NY], gjort[Folgeutfall.ENDRET])
    return reverse("laeringsloyper:loype", args=[request.nettverk.slug, form.perioden.loype.slug])


def _thank(request: PortalRequest, nye: int, endret: int) -> None:
    if nye:
        tekst = ngettext(
            "%(n)s enhet følger læringsløypa fra dagen du valgte.",
            "%(n)s enheter følger læringsløypa fra dagen du valgte.",
            nye,
        ) % {"n": nye}
    else:
        tekst = "" if endret else _("Ingenting ble endret. Alt var slik fra før.")
    if endret:
        tekst += " " + ngettext("%(n)s enhet er endret.", "%(n)s enheter er endret.", endret) % {
            "n": endret
        }
    messages.success(request, tekst.strip())


def _thank_for_stopping(request: PortalRequest, antall: int) -> None:
    messages.success(
        request,
        ngettext(
            "%(n)s enhet slutter å følge læringsløypa.",
            "%(n)s enheter slutter å følge læringsløypa.",
            antall,
        )
        % {"n": antall}
        if antall
        else _("Ingenting ble endret. Alt var slik fra før."),
    )


def _line(f: Folging) -> dict[str, Any]:
    return {"navn": str(f.enhet), "kommune": _kommune(f.enhet)}


def _kommune(enhet: Enhet) -> str:
    """Where it lies, of a unit `with_kommune`."""
    return getattr(enhet, "kommune_navn", "") or ""


def _heaps(
    rader: Iterable[tuple[Folgeutfall, dict[str, Any]]], *, slutter: bool = False
) -> list[Bunke]:
    """Who begins, then who is changed, then those that are so already; each by kommune."""
    per: dict[Folgeutfall, list[dict[str, Any]]] = defaultdict(list)
    for utfall, linje in rader:
        per[utfall].append(linje)
    navn = {**_NAVN, Folgeutfall.ENDRET: _("Slutter"), Folgeutfall.UENDRET: _("Følger ikke løypa")}
    return [
        Bunke(
            utfall,
            (navn if slutter else _NAVN)[utfall],
            sorted(
                per[utfall], key=lambda l_: (norsk_nokkel(l_["kommune"]), norsk_nokkel(l_["navn"]))
            ),
        )
        for utfall in Folgeutfall
        if per[utfall]
    ]


# --- one by one


@nettverksside("laeringsloyper.view_laeringsloype")
@require_http_methods(["GET", "HEAD", "POST"])
def enhetsloype_ny(request: PortalRequest, nettverk: Nettverk, referanse: str) -> HttpResponse:
    """Let one unit follow a track."""
    enhet = _fetch_enhet(request, nettverk, referanse)
    perioder = _open_periods(request)
    form = EnhetsloypeForm(
        **sent(request),
        nettverk=nettverk,
        perioder=perioder,
        initial={"periode": _asked_for(request, perioder)},
    )
    with told(request, form=form):
        if adresse := form.once(request.user, lambda: _set_one(request, form, enhet)):
            return redirect(adresse)
    return render(
        request,
        "laeringsloyper/enhetsloype_ny.html",
        {
            "enhet": enhet,
            "form": form,
            "har_perioder": bool(perioder),
            "kan_lage": kan(request.user, "laeringsloyper.arrange_loyper", nettverk),
        },
        status=form_status(form),
    )


def _set_one(request: PortalRequest, form: EnhetsloypeForm, enhet: Enhet) -> str:
    gjort = follow([form.folging(enhet)], by=request.user)
    loype = innhold(form.perioden.loype.navn, request.nettverk)
    if gjort[Folgeutfall.UENDRET]:
        tekst = _("Enheten følger allerede «%(loype)s».")
    else:
        tekst = _("Enheten følger «%(loype)s» fra dagen du valgte.")
    messages.success(request, fill_in(tekst, loype=loype))
    return reverse("nettverk:enhet", args=[request.nettverk.slug, enhet.referanse])


@nettverksside("laeringsloyper.view_laeringsloype")
@require_http_methods(["GET", "HEAD", "POST"])
def enhetsloype_slutt(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """A unit stops following a track: from when, and why."""
    synlige = Enhetsloype.objects.visible_to(request.roller).select_related(
        "enhet", "periode__loype"
    )
    rad = get_object_or_404(synlige.real(), pk=pk)
    krev(
        request.user,
        "laeringsloyper.change_enhetsloyper",
        INettverk(nettverk, enhet_id=rad.enhet_id),
    )
    form = SluttForm(**sent(request))
    loype = innhold(rad.periode.loype.navn, nettverk)
    if form.is_valid():
        takk = fill_in(_("Enheten slutter å følge «%(loype)s»."), loype=loype)
        data = form.cleaned_data
        with told(request, takk):
            stop([Folging(rad.enhet, rad.periode, data["fra"], data["grunn"])])
        return redirect("nettverk:enhet", nettverk.slug, rad.enhet.referanse)
    return render(
        request,
        "laeringsloyper/enhetsloype_slutt.html",
        {"rad": rad, "form": form},
        status=form_status(form),
    )


def _fetch_enhet(request: PortalRequest, nettverk: Nettverk, referanse: str) -> Enhet:
    enhet = get_object_or_404(enheter_visible_to(request.roller), referanse=referanse)
    krev(
        request.user,
        "laeringsloyper.change_enhetsloyper",
        INettverk(nettverk, enhet_id=enhet.pk),
    )
    return enhet


# --- by file


@nettverksside("laeringsloyper.set_enhetsloyper")
@require_http_methods(["GET", "HEAD", "POST"])
def enhetsloype_fil(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Upload a file; then a page that shows what each row means, and writes the good ones."""
    form = FolgefilForm(**({} if "rader" in request.POST else sent(request)))
    if "rader" in request.POST:
        lest_form = LestFilForm(request.POST)
        with told(request):
            if adresse := lest_form.once(request.user, lambda: _write_file(request, lest_form)):
                return redirect(adresse)
        if lest_form.is_valid():
            return _show_file(request, lest_form.cleaned_data["rader"], lest_form)
        messages.error(request, _("Last opp fila på nytt."))
        return redirect("laeringsloyper:enhetsloype_fil", nettverk.slug)
    if form.is_bound and form.is_valid():
        return _show_file(request, form.rader, form)
    return render(
        request,
        "laeringsloyper/enhetsloype_fil.html",
        {"form": form},
        status=form_status(form),
    )


def _interpret(request: PortalRequest, rader: Sequence[Filrad], fra: Any) -> list[Lestrad]:
    return interpret(
        rader,
        enheter=changeable_by(request.roller).with_kommune(),
        perioder=_periods(request),
        fra=fra,
    )


def _show_file(request: PortalRequest, rader: Sequence[Filrad], form: Any) -> HttpResponse:
    fra = form.cleaned_data["fra"]
    filnavn = form.cleaned_data.get("filnavn") or getattr(form.cleaned_data.get("fil"), "name", "")
    lest = _interpret(request, rader, fra)
    bunker = _heaps(
        (rad.utfall, _file_line(rad, request.nettverk))
        for rad in lest
        if rad.folging and rad.utfall
    )
    avviste = [_file_line(rad, request.nettverk) for rad in lest if not rad.folging]
    ut = LestFilForm(
        initial={
            "rader": [rad.as_json() for rad in rader],
            "fra": fra,
            "filnavn": filnavn[:200],
            "stand": _shown(lest),
        }
    )
    return render(
        request,
        "laeringsloyper/enhetsloype_fil_vis.html",
        {
            "filnavn": filnavn,
            "bunker": [*bunker, *([Bunke("avvist", _("Avvist"), avviste)] if avviste else [])],
            "antall": sum(bool(r.utfall) and r.utfall is not Folgeutfall.UENDRET for r in lest),
            "avviste": len(avviste),
            "form": ut,
        },
    )


def _file_line(rad: Lestrad, nettverk: Nettverk) -> dict[str, Any]:
    if rad.folging is None:
        return {"navn": rad.navn, "kommune": "", "rad": rad.filrad.rad, "avvist": rad.grunn}
    f = rad.folging
    return _line(f) | {
        "rad": rad.filrad.rad,
        "periode": period_name(f.periode, nettverk),
        "fra": f.fra,
        "grunn": f.grunn,
    }


def _shown(lest: Sequence[Lestrad]) -> str:
    return importlop.state_shown((rad.filrad.rad, rad.utfall, rad.grunn) for rad in lest)


def _write_file(request: PortalRequest, form: LestFilForm) -> str:
    lest = _interpret(request, form.cleaned_data["rader"], form.cleaned_data["fra"])
    importlop.require_same(form.cleaned_data["stand"], _shown(lest))
    gjort = follow([rad.folging for rad in lest if rad.folging], by=request.user)
    _thank(request, gjort[Folgeutfall.NY], gjort[Folgeutfall.ENDRET])
    return reverse("laeringsloyper:loype_list", args=[request.nettverk.slug])


@nettverksside("laeringsloyper.set_enhetsloyper")
@require_safe
def enhetsloype_mal(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The units as a spreadsheet to fill in, with what they follow now."""
    naa = _followed_now(nettverk)
    rader = []
    for enhet in changeable_by(request.roller).with_kommune():
        foran = [enhet.referanse, str(enhet), _kommune(enhet)]
        folger = [[r.periode.loype.navn, r.periode.nummer, r.grunn] for r in naa.get(enhet.pk, [])]
        rader += [[*foran, *bak] for bak in folger or [["", "", ""]]]
    kolonner = [
        ("organisasjonsnummer", 22),
        ("navn", 40),
        ("kommune", 20),
        ("læringsløype", 26),
        ("periode", 10),
        ("begrunnelse", 50),
    ]
    return send_regneark("enheter-og-loyper.xlsx", make_regneark(_("Enheter"), kolonner, rader))


# --- what several pages need


def _periods(request: PortalRequest) -> list[Periode]:
    """The periods of the network's tracks in their order."""
    loyper = Laeringsloype.objects.visible_to(request.roller)
    return list(
        Periode.objects.filter(loype__in=loyper, gyldig__isempty=False)
        .select_related("loype")
        .order_by("loype__rekkefolge", "loype__sortering", "nummer")
    )


def _open_periods(request: PortalRequest) -> list[Periode]:
    """Those that are not over."""
    return [p for p in _periods(request) if p.til is None or p.til > idag()]


def _loyper(request: PortalRequest) -> list[Laeringsloype]:
    return list(Laeringsloype.objects.visible_to(request.roller))


def _asked_for(request: PortalRequest, perioder: list[Periode]) -> int | None:
    """The period that a link asks for by its track: the one that runs, else the next."""
    slug = request.GET.get("velg", "")
    return next((p.pk for p in perioder if p.loype.slug == slug), None)


def _followed_now(nettverk: Nettverk) -> dict[int, list[Enhetsloype]]:
    """By unit: what it follows today. One query."""
    svar: dict[int, list[Enhetsloype]] = defaultdict(list)
    rader = Enhetsloype.objects.followed().filter(periode__loype__nettverk=nettverk)
    for rad in rader.select_related("periode__loype").order_by("periode__loype__rekkefolge"):
        svar[rad.enhet_id].append(rad)
    return svar
