"""The tankesmier of a gathering, for those who hold it: make one, start and freeze its questions, see the tables fill,
arrange what was written, type what came on paper, and take it all out."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fremtidsbilder.models import Samtalesporsmaal, Tankesmie
from fremtidsbilder.tankesmier import bidrag, inngang, klynger, stand, styring
from fremtidsbilder.tankesmier.vegg import read_wall
from nettverk.filer.filnavn import made_name
from nettverk.filer.utlevering import send_regneark
from nettverk.models import Nettverk
from nettverk.side.jinja import draw
from nettverk.side.kode import shown, whole
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import own_path, whole_number
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from nettverk.views.jobber import jobb_context
from rolu.forms.samtaler import (
    ArkForm,
    PapirForm,
    SamtaleEndreForm,
    SamtaleForm,
    SamtalesporsmaalForm,
    SporsmaalEndreForm,
    StyringForm,
    VeggForm,
)
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


# --- one of them: its questions, its tables, its code


@nettverksside("rolu.view_samling")
@_leser_og_skriver
@told_when_locked
def samtale(request: PortalRequest, nettverk: Nettverk, pk: int, samtale_pk: int) -> HttpResponse:
    """Start and freeze its questions, and see the tables fill. `?etter=` is asked again and again for what has come;
    POST adds a question."""
    if "etter" in request.GET:
        samling = fetch_samling(request, nettverk, pk)
        denne = _fetch(request, samling, samtale_pk)
        if whole_number(request.GET["etter"]) == denne.tankesmie.versjon:
            return HttpResponse(status=204)
        return render(request, "rolu/samtale.html#stand", _stand(denne))
    samling = fetch_med_tall(request, nettverk, pk)
    denne = _fetch(request, samling, samtale_pk)
    form = SamtalesporsmaalForm(**sent(request))
    if form.is_valid():
        with told(request, form=form) as utfall, samtaler.changing(samling):
            styring.add_question(denne.tankesmie, tekst=form.cleaned_data["tekst"])
        if not utfall.nei:
            return redirect(_address(denne))
    return render(
        request,
        "rolu/samtale.html",
        {
            **samlingsside(request, samling, "samtaler"),
            **_stand(denne),
            **_prints(request, denne),
            "form": form,
            "bordform": SamtaleEndreForm(initial={"antall_bord": denne.tankesmie.antall_bord}),
            "styring": StyringForm(),
            "navn": samtaler.name_of(denne),
            "kan_slettes": not samtaler.is_begun(denne),
            "qr": inngang.pad_qr(denne.tankesmie),
            "kode": shown(denne.tankesmie.kode),
            "hele_adressen": whole(inngang.pad_path(denne.tankesmie)),
        },
        status=form_status(form),
    )


def _stand(denne: Samtale) -> dict[str, Any]:
    """The questions with their counts, and the tables of the one that is open."""
    tankesmie = denne.tankesmie
    sporsmaalene = bidrag.with_counts(tankesmie)
    for sporsmaal in sporsmaalene:
        sporsmaal.tankesmie = tankesmie
    aapent = next((s for s in sporsmaalene if s.er_aapent), None)
    bordene = samtaler.tables(aapent) if aapent else []
    return {
        "samling": denne.samling,
        "nettverk": denne.nettverk,
        "samtale": denne,
        "tankesmie": tankesmie,
        "sporsmaalene": sporsmaalene,
        "aapent": aapent,
        "neste_sporsmaal": next((s for s in sporsmaalene if s.er_kommende), None),
        "bordene": bordene,
        "tomme_bord": [bord.nummer for bord in bordene if not bord.antall],
        "naa": timezone.now(),
        "laast": denne.samling.er_laast,
    }


def _prints(request: PortalRequest, denne: Samtale) -> dict[str, Any]:
    jobber = samtaleark.latest_jobs(denne)
    return {
        "arkene": [
            {
                "ark": ark,
                "jobb": jobb_context(jobber[navn], denne.nettverk, request.user)
                if navn in jobber
                else None,
            }
            for navn, ark in samtaleark.ARK.items()
        ]
    }


@nettverksside("rolu.view_samling")
@require_POST
@told_when_locked
def samtale_styr(
    request: PortalRequest, nettverk: Nettverk, pk: int, samtale_pk: int
) -> HttpResponse:
    """Start, freeze, two minutes left, dots, close: then back to where one was (`neste`)."""
    samling = fetch_samling(request, nettverk, pk)
    denne = _fetch(request, samling, samtale_pk)
    form = StyringForm(request.POST)
    tilbake = own_path(request, request.POST.get("neste", "")) or _address(denne)
    if tilbake == reverse("rolu:dagen", args=[nettverk.slug, pk]):
        tilbake += "#dagen-samtaler"  # one goes on where one pressed
    if not form.is_valid():
        for feil in form.errors.values():
            messages.error(request, str(feil[0]))
        return redirect(tilbake)
    felt = form.cleaned_data
    with told(request) as utfall, samtaler.changing(samling):
        utfall.takk = _steer(denne, felt)
    if felt["handling"] == "fjern" and not utfall.nei:
        return redirect("rolu:samtaler", nettverk.slug, pk)
    return redirect(tilbake)


def _steer(denne: Samtale, felt: dict[str, Any]) -> str:
    """Do it; what is said of it."""
    match felt["handling"]:
        case "lukk":
            styring.close(denne.tankesmie)
            takk = _("Tankesmia er stengt. Koden virker ikke lenger.")
        case "gjenaapne":
            styring.reopen(denne.tankesmie)
            takk = _("Tankesmia er åpen igjen.")
        case "fjern":
            samtaler.delete(denne)
            takk = _("Tankesmia er slettet.")
        case _:
            takk = _steer_question(denne, felt)
    return takk


def _steer_question(denne: Samtale, felt: dict[str, Any]) -> str:
    sporsmaal = _question(denne, felt["sporsmaal"])
    match felt["handling"]:
        case "start":
            stengt = samtaler.start(denne, sporsmaal, minutter=felt["minutter"])
            takk = " ".join(
                [
                    _("Spørsmålet er åpent. Telefonene viser det nå."),
                    *(_("«%(tekst)s» er stengt.") % {"tekst": annet} for annet in stengt),
                ]
            )
        case "steng":
            styring.freeze_question(sporsmaal)
            takk = _("Spørsmålet er stengt.")
        case "snart":
            styring.soon_over(sporsmaal)
            takk = _("Telefonene og skjermen teller ned to minutter.")
        case "prikker":
            styring.give_dots(sporsmaal, prikker=felt["prikker"] or 0)
            aapen = bool(felt["prikker"])
            takk = _("Telefonene kan gi prikker nå.") if aapen else _("Prikkene er stengt.")
        case "opp" | "ned":
            styring.move_question(sporsmaal, opp=felt["handling"] == "opp")
            takk = _("Spørsmålet er flyttet.")
        case _:
            styring.delete_question(sporsmaal)
            takk = _("Spørsmålet er slettet.")
    return takk


def _question(denne: Samtale, sporsmaal_pk: int | None) -> Samtalesporsmaal:
    sporsmaal = denne.tankesmie.sporsmaal.filter(pk=sporsmaal_pk or 0).first()
    if sporsmaal is None:
        raise KanIkke(_("Spørsmålet finnes ikke lenger."))
    sporsmaal.tankesmie = denne.tankesmie
    return sporsmaal


@nettverksside("rolu.view_samling")
@_leser_og_skriver
@told_when_locked
def samtalesporsmaal_endre(
    request: PortalRequest, nettverk: Nettverk, pk: int, samtale_pk: int, sporsmaal_pk: int
) -> HttpResponse:
    """A question in other words; the phones that show it get them at once."""
    samling = fetch_med_tall(request, nettverk, pk)
    denne = _fetch(request, samling, samtale_pk)
    sporsmaal = _own_question(denne, sporsmaal_pk)
    require_unlocked(samling)
    form = SporsmaalEndreForm(instance=sporsmaal)
    if request.method == "POST":
        with told(request) as utfall, samtaler.changing(samling), stand.arranging(sporsmaal) as naa:
            form = SporsmaalEndreForm(request.POST, instance=naa)
            if form.is_valid():
                styring.reword_question(form.instance)
                utfall.takk = _("Spørsmålet er lagret.")
        if utfall.nei or form.is_valid():
            return redirect(_address(denne))
    return render(
        request,
        "rolu/samtalesporsmaal_endre.html",
        {
            **samlingsside(request, samling, "samtaler"),
            "form": form,
            "sporsmaal": sporsmaal,
            "navn": samtaler.name_of(denne),
            "samtale_url": _address(denne),
        },
        status=form_status(form),
    )


@nettverksside("rolu.view_samling")
@require_POST
@told_when_locked
def samtale_bord(
    request: PortalRequest, nettverk: Nettverk, pk: int, samtale_pk: int
) -> HttpResponse:
    """How many tables there are."""
    samling = fetch_samling(request, nettverk, pk)
    denne = _fetch(request, samling, samtale_pk)
    form = SamtaleEndreForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["antall_bord"][0]))
        return redirect(_address(denne))
    with told(request, _("Antall bord er lagret.")), samtaler.changing(samling):
        styring.set_tables(denne.tankesmie, antall_bord=form.cleaned_data["antall_bord"])
    return redirect(_address(denne))


@nettverksside("rolu.view_samling")
@require_POST
def samtale_ark(
    request: PortalRequest, nettverk: Nettverk, pk: int, samtale_pk: int
) -> HttpResponse:
    """Ask for the pads or the slips on paper."""
    samling = fetch_samling(request, nettverk, pk)
    denne = _fetch(request, samling, samtale_pk)
    form = ArkForm(request.POST)
    if form.is_valid():
        with told(request):
            samtaleark.order(denne, ark=samtaleark.ARK[form.cleaned_data["ark"]], by=request.user)
    return redirect(f"{_address(denne)}#papir")


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
    """Put cards in themes, merge, name, hide, pick for the summary. POST does one of it, from a button or from a card
    that was dragged; `?etter=` is asked again and again."""
    # The wall alone, else the whole page with its tabs.
    if request.htmx and (request.method == "POST" or "etter" in request.GET):
        samling = fetch_samling(request, nettverk, pk)
    else:
        samling = fetch_med_tall(request, nettverk, pk)
    denne = _fetch(request, samling, samtale_pk)
    sporsmaal = _own_question(denne, sporsmaal_pk)
    if request.method == "POST":
        return _arrange(request, denne, sporsmaal)
    if "etter" in request.GET:
        if whole_number(request.GET["etter"]) == denne.tankesmie.versjon:
            return HttpResponse(status=204)
        return render(request, "rolu/samtale_vegg.html#vegg", _wall(denne, sporsmaal))
    return _wall_page(request, denne, sporsmaal)


def _own_question(denne: Samtale, sporsmaal_pk: int) -> Samtalesporsmaal:
    sporsmaal: Samtalesporsmaal = get_object_or_404(denne.tankesmie.sporsmaal, pk=sporsmaal_pk)
    sporsmaal.tankesmie = denne.tankesmie
    return sporsmaal


def _wall_address(denne: Samtale, sporsmaal: Samtalesporsmaal) -> str:
    sted = [denne.nettverk.slug, denne.samling_id, denne.pk, sporsmaal.pk]
    return reverse("rolu:samtale_vegg", args=sted)


def _wall_page(
    request: PortalRequest,
    denne: Samtale,
    sporsmaal: Samtalesporsmaal,
    *,
    papirform: PapirForm | None = None,
    veggform: VeggForm | None = None,
) -> HttpResponse:
    return render(
        request,
        "rolu/samtale_vegg.html",
        {
            **samlingsside(request, denne.samling, "samtaler"),
            **_wall(denne, sporsmaal, form=veggform),
            "navn": samtaler.name_of(denne),
            "samtale_url": _address(denne),
            "sporsmaalene": bidrag.with_counts(denne.tankesmie),
            "papirform": papirform or PapirForm(antall_bord=denne.tankesmie.antall_bord),
        },
        status=form_status(papirform, veggform),
    )


def _wall(
    denne: Samtale, sporsmaal: Samtalesporsmaal, *, sagt: str = "", form: VeggForm | None = None
) -> dict[str, Any]:
    """The wall as it stands; with `form`, that was refused, why, and what was ticked and typed in it."""
    vegg = read_wall(sporsmaal, med_skjulte=True)
    beholdt = form.kept() if form else None
    return {
        "samling": denne.samling,
        "nettverk": denne.nettverk,
        "samtale": denne,
        "tankesmie": denne.tankesmie,
        "sporsmaal": sporsmaal,
        "vegg": vegg,
        "laast": denne.samling.er_laast,
        "adresse": _wall_address(denne, sporsmaal),
        "sagt": sagt,
        "feil": form.why_not() if form else "",
        "beholdt": beholdt,
        "kortene": draw(
            "rolu/samtale_vegg.jinja",
            vegg=vegg,
            krysset=beholdt.kort if beholdt else (),
            maalform=denne.nettverk.maalform,
            laast=denne.samling.er_laast,
            ord={
                "bord": _("Bord"),
                "prikk": _("prikk"),
                "prikker": _("prikker"),
                "valgt": _("Til oppsummeringen"),
                "barn": _("Kan nevne et barn"),
                "uten": _("Uten tema"),
                "skjulte": _("Skjult"),
                "tomt": _("Dra bidrag hit, eller kryss av og velg temaet under."),
            },
        ),
    }


def _arrange(request: PortalRequest, denne: Samtale, sporsmaal: Samtalesporsmaal) -> HttpResponse:
    form = VeggForm(request.POST)
    sagt = ""
    if form.is_valid():
        with told(request, form=form), writing(denne.samling):
            sagt = _do(denne.samling, sporsmaal, form.cleaned_data)
    refusert = None if form.is_valid() else form
    if request.htmx:
        denne.tankesmie.refresh_from_db(fields=["versjon"])
        kontekst = _wall(denne, sporsmaal, sagt=sagt, form=refusert)
        return render(
            request, "rolu/samtale_vegg.html#vegg", kontekst, status=form_status(refusert)
        )
    if refusert:
        return _wall_page(request, denne, sporsmaal, veggform=refusert)
    messages.success(request, sagt)
    return redirect(request.path)


def _do(samling: Samling, sporsmaal: Samtalesporsmaal, felt: dict[str, Any]) -> str:
    """Do it; what is said of it."""
    kort, tema = felt["kort"], felt["tema"]
    match felt["handling"]:
        case "flytt":
            n = klynger.place(sporsmaal, kort, tema=tema)
            sagt = ngettext("%(n)s bidrag er flyttet.", "%(n)s bidrag er flyttet.", n) % {"n": n}
        case "nytt":
            klynge = klynger.make(sporsmaal, navn=felt["navn"], kort=kort)
            sagt = _("Temaet «%(navn)s» er laget.") % {"navn": klynge.navn}
        case "navn":
            klynger.rename(sporsmaal, tema, navn=felt["navn"])
            sagt = _("Temaet har fått nytt navn.")
        case "slaa":
            klynger.merge(sporsmaal, tema, inn_i=felt["inn_i"])
            sagt = _("Temaene er slått sammen.")
        case "del":
            klynger.part(sporsmaal, tema)
            sagt = _("Temaene er delt igjen.")
        case "fjern":
            klynger.remove(sporsmaal, tema)
            sagt = _("Temaet er fjernet. Bidragene står uten tema.")
        case _:
            sagt = _with_cards(samling, sporsmaal, felt["handling"], kort)
    return sagt


def _erased(samling: Samling, sporsmaal: Samtalesporsmaal, kort: list[int]) -> str:
    tekster = list(sporsmaal.bidrag.filter(pk__in=kort).values_list("tekst", flat=True))
    n = sletting.erase(samling, sporsmaal, kort)
    sagt = ngettext("%(n)s tekst er slettet.", "%(n)s tekster er slettet.", n) % {"n": n}
    if sletting.quoted(samling, tekster):
        sagt += " " + _(
            "Oppsummeringen som er laget, siterer teksten. Lag oppsummeringen på nytt, og del den igjen."
        )
    return sagt


def _with_cards(
    samling: Samling, sporsmaal: Samtalesporsmaal, handling: str, kort: list[int]
) -> str:
    match handling:
        case "skjul":
            n = bidrag.hide(sporsmaal, kort)
            return ngettext("%(n)s bidrag er skjult.", "%(n)s bidrag er skjult.", n) % {"n": n}
        case "vis":
            n = bidrag.hide(sporsmaal, kort, skjult=False)
            return ngettext("%(n)s bidrag vises igjen.", "%(n)s bidrag vises igjen.", n) % {"n": n}
        case "slett":
            return _erased(samling, sporsmaal, kort)
        case "velg":
            bidrag.pick(sporsmaal, kort)
            return _("Valgt ut til oppsummeringen.")
        case _:
            bidrag.pick(sporsmaal, kort, valgt=False)
            return _("Ikke lenger valgt ut til oppsummeringen.")


@nettverksside("rolu.view_samling")
@require_POST
@told_when_locked
def samtale_papir(
    request: PortalRequest, nettverk: Nettverk, pk: int, samtale_pk: int, sporsmaal_pk: int
) -> HttpResponse:
    """Type what a table wrote on paper."""
    samling = fetch_med_tall(request, nettverk, pk)
    denne = _fetch(request, samling, samtale_pk)
    sporsmaal = _own_question(denne, sporsmaal_pk)
    form = PapirForm(request.POST, antall_bord=denne.tankesmie.antall_bord)
    adresse = None
    with told(request, form=form, filfelt=""):
        adresse = form.once(request.user, lambda: _type_in(request, denne, sporsmaal, form))
    return redirect(adresse) if adresse else _wall_page(request, denne, sporsmaal, papirform=form)


def _type_in(
    request: PortalRequest, denne: Samtale, sporsmaal: Samtalesporsmaal, form: PapirForm
) -> str:
    felt = form.cleaned_data
    with samtaler.changing(denne.samling):
        kort = bidrag.type_in(sporsmaal, tekst=felt["tekst"], bord=felt.get("bord"))
    messages.success(
        request,
        ngettext("%(n)s bidrag er skrevet inn.", "%(n)s bidrag er skrevet inn.", len(kort))
        % {"n": len(kort)},
    )
    return f"{_wall_address(denne, sporsmaal)}#papir"
