"""The pages that lead a tankesmie, without their frame: whoever holds it gives the frame and the `Ledelse`."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fremtidsbilder.forms.ledelse import (
    ArkForm,
    BordtallForm,
    NyttSamtalesporsmaalForm,
    PapirForm,
    SporsmaalEndreForm,
    StyringForm,
    VeggForm,
)
from fremtidsbilder.forms.moderering import MANGE
from fremtidsbilder.models import Samtalesporsmaal
from fremtidsbilder.tankesmier import bidrag, inngang, stand, styring
from fremtidsbilder.tankesmier.ark import ARK
from fremtidsbilder.tankesmier.egne import counts_by_group, next_step
from fremtidsbilder.tankesmier.ledelse import Ledelse, Ordnet, arrange, is_begun, steer, tables
from fremtidsbilder.tankesmier.vegg import read_wall
from fremtidsbilder.views.stemmer import how_undone, queue_address
from nettverk.arbeid.jobber import slag
from nettverk.roedtraad.flate import section
from nettverk.side.jinja import draw
from nettverk.side.kode import shown, whole
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import own_path, whole_number
from nettverk.skriving.svar import Angring, told
from nettverk.tilgang.sider import PortalRequest
from nettverk.tilgang.tillatelser import kan
from nettverk.views.jobber import jobb_context

# Draws what a page shows in the frame of those who hold it, with this status.
Ramme = Callable[[dict[str, Any], int], HttpResponse]


# --- its questions, its tables, its code


def stand_again(request: PortalRequest, ledelse: Ledelse) -> HttpResponse:
    """What has come, when something has."""
    if whole_number(request.GET["etter"]) == ledelse.tankesmie.versjon:
        return HttpResponse(status=204)
    return render(request, "fremtidsbilder/_ledelsestand.html", stand_context(ledelse))


def stand_context(ledelse: Ledelse) -> dict[str, Any]:
    """The questions with their counts, and the tables of the one that is open."""
    tankesmie = ledelse.tankesmie
    sporsmaalene: list[Any] = questions(ledelse)
    aapent = next((s for s in sporsmaalene if s.er_aapent), None)
    bordene = tables(aapent) if aapent else []
    egen = (
        {
            "steg": next_step(tankesmie, sporsmaalene),
            "aapnet_foer": any(not s.er_kommende for s in sporsmaalene),
            "grupper": counts_by_group(tankesmie),
        }
        if tankesmie.frittstaaende
        else {}
    )
    return {
        **egen,
        "ledelse": ledelse,
        "nettverk": tankesmie.nettverk,
        "tankesmie": tankesmie,
        "sporsmaalene": sporsmaalene,
        # What is written is read; how much nobody has read yet.
        "har_svar": any(s.antall or s.venter or s.skjulte for s in sporsmaalene),
        "uleste": sum(s.uleste for s in sporsmaalene),
        "aapent": aapent,
        "neste_sporsmaal": next((s for s in sporsmaalene if s.er_kommende), None),
        "bordene": bordene,
        "tomme_bord": [bord.nummer for bord in bordene if not bord.antall],
        "naa": timezone.now(),
        "laast": ledelse.laast,
    }


def questions(ledelse: Ledelse) -> list[Samtalesporsmaal]:
    """Its questions with their counts, each with where its wall and its words are. One query."""
    alle = bidrag.with_counts(ledelse.tankesmie)
    for sporsmaal in alle:
        sporsmaal.tankesmie = ledelse.tankesmie
        sporsmaal.vegg_url = ledelse.adresser.vegg(sporsmaal.pk)  # type: ignore[attr-defined]
        sporsmaal.endre_url = ledelse.adresser.endre(sporsmaal.pk)  # type: ignore[attr-defined]
    return alle


def lead(request: PortalRequest, ledelse: Ledelse, ramme: Ramme) -> HttpResponse:
    """Start and freeze its questions, and see the tables fill. POST adds a question."""
    tankesmie = ledelse.tankesmie
    form = NyttSamtalesporsmaalForm(**sent(request), med_hjelp=tankesmie.frittstaaende)
    if form.is_valid():
        with told(request, form=form) as utfall, ledelse.changing():
            styring.add_question(tankesmie, **form.felt())
        if not utfall.nei:
            return redirect(ledelse.adresser.lede)
    kontekst = {
        **stand_context(ledelse),
        "arkene": _prints(request, ledelse),
        "form": form,
        "bordform": BordtallForm(initial={"antall_bord": tankesmie.antall_bord}),
        "navn": ledelse.navn,
        "kan_slettes": not is_begun(tankesmie),
        "qr": inngang.pad_qr(tankesmie),
        "kode": shown(tankesmie.kode),
        "hele_adressen": whole(inngang.pad_path(tankesmie)),
        "seksjoner": section(tankesmie, request.roller),
    }
    return ramme(kontekst, form_status(form))


def _prints(request: PortalRequest, ledelse: Ledelse) -> list[dict[str, Any]]:
    nettverk = ledelse.tankesmie.nettverk
    jobber = {
        navn: jobb
        for navn, jobb in ledelse.latest_jobs().items()
        # What another asked for is shown to those who may see it (`jobber.visible_jobs`).
        if jobb.bestilt_av_id == request.user.pk
        or kan(request.user, slag(jobb.slag).bestill_tillatelse, nettverk)
    }
    return [
        {
            "ark": ark,
            "jobb": jobb_context(jobber[navn], nettverk, request.user) if navn in jobber else None,
        }
        for navn, ark in ARK.items()
    ]


def steered(request: PortalRequest, ledelse: Ledelse) -> HttpResponse:
    """Start, freeze, two minutes left, dots, close: then back to where one was (`neste`)."""
    form = StyringForm(request.POST)
    tilbake = own_path(request, request.POST.get("neste", "")) or ledelse.adresser.lede
    tilbake += ledelse.adresser.deler.get(tilbake, "")
    if not form.is_valid():
        for feil in form.errors.values():
            messages.error(request, str(feil[0]))
        return redirect(tilbake)
    felt = form.cleaned_data
    with told(request) as utfall, ledelse.changing():
        utfall.takk = steer(ledelse, felt)
    if felt["handling"] == "fjern" and not utfall.nei:
        return redirect(ledelse.adresser.liste)
    return redirect(tilbake)


def own_question(ledelse: Ledelse, sporsmaal_pk: int) -> Samtalesporsmaal:
    """The question of this tankesmie, 404 when it is not there."""
    sporsmaal: Samtalesporsmaal = get_object_or_404(ledelse.tankesmie.sporsmaal, pk=sporsmaal_pk)
    sporsmaal.tankesmie = ledelse.tankesmie
    return sporsmaal


def reword(
    request: PortalRequest, ledelse: Ledelse, sporsmaal: Samtalesporsmaal, ramme: Ramme
) -> HttpResponse:
    """A question in other words; the phones that show it get them at once."""
    form = SporsmaalEndreForm(instance=sporsmaal)
    if request.method == "POST":
        with told(request) as utfall, ledelse.changing(), stand.arranging(sporsmaal) as naa:
            form = SporsmaalEndreForm(request.POST, instance=naa)
            if form.is_valid():
                styring.reword_question(form.instance)
                utfall.takk = _("Spørsmålet er lagret.")
        if utfall.nei or form.is_valid():
            return redirect(ledelse.adresser.lede)
    kontekst = {
        "form": form,
        "sporsmaal": sporsmaal,
        "navn": ledelse.navn,
        "tilbake_url": ledelse.adresser.lede,
    }
    return ramme(kontekst, form_status(form))


def set_tables(request: PortalRequest, ledelse: Ledelse) -> HttpResponse:
    """How many tables there are."""
    form = BordtallForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["antall_bord"][0]))
        return redirect(ledelse.adresser.lede)
    with told(request, _("Antall bord er lagret.")), ledelse.changing():
        styring.set_tables(ledelse.tankesmie, antall_bord=form.cleaned_data["antall_bord"])
    return redirect(ledelse.adresser.lede)


def order_print(request: PortalRequest, ledelse: Ledelse) -> HttpResponse:
    """Ask for the pads or the slips on paper."""
    form = ArkForm(request.POST)
    if form.is_valid():
        with told(request):
            ledelse.order(ARK[form.cleaned_data["ark"]], request.user)
    return redirect(f"{ledelse.adresser.lede}#papir")


# --- the wall, for those who arrange it


def asks_for_wall(request: PortalRequest) -> bool:
    """The wall alone, else the whole page with its frame."""
    return bool(request.htmx) and (request.method == "POST" or "etter" in request.GET)


def wall(
    request: PortalRequest, ledelse: Ledelse, sporsmaal: Samtalesporsmaal, ramme: Ramme
) -> HttpResponse:
    """Put cards in themes, merge, name, hide, pick for the summary. POST does one of it, from a button or from a card
    that was dragged; `?etter=` is asked again and again."""
    if request.method == "POST":
        return _arranged(request, ledelse, sporsmaal, ramme)
    if "etter" in request.GET:
        if whole_number(request.GET["etter"]) == ledelse.tankesmie.versjon:
            return HttpResponse(status=204)
        kontekst = _wall(ledelse, sporsmaal) | {
            "sporsmaalene": questions(ledelse),
            "i_stedet": True,
        }
        return render(request, "fremtidsbilder/_modvegg.html", kontekst)
    return _wall_page(ledelse, sporsmaal, ramme)


def _wall_page(
    ledelse: Ledelse,
    sporsmaal: Samtalesporsmaal,
    ramme: Ramme,
    *,
    papirform: PapirForm | None = None,
    veggform: VeggForm | None = None,
) -> HttpResponse:
    kontekst = {
        **_wall(ledelse, sporsmaal, form=veggform),
        "navn": ledelse.navn,
        "sporsmaalene": questions(ledelse),
        "papir_url": ledelse.adresser.papir(sporsmaal.pk),
        "papirform": papirform or PapirForm(antall_bord=ledelse.tankesmie.antall_bord),
    }
    return ramme(kontekst, form_status(papirform, veggform))


def _wall(
    ledelse: Ledelse, sporsmaal: Samtalesporsmaal, *, form: VeggForm | None = None
) -> dict[str, Any]:
    """The wall as it stands; with `form`, that was refused, why, and what was ticked and typed in it."""
    vegg = read_wall(sporsmaal, med_skjulte=True)
    beholdt = form.kept() if form else None
    nettverk = ledelse.tankesmie.nettverk
    return {
        "ledelse": ledelse,
        "nettverk": nettverk,
        "tankesmie": ledelse.tankesmie,
        "sporsmaal": sporsmaal,
        "vegg": vegg,
        "laast": ledelse.laast,
        "adresse": ledelse.adresser.vegg(sporsmaal.pk),
        "feil": form.why_not() if form else "",
        "beholdt": beholdt,
        "kortene": draw(
            "fremtidsbilder/modvegg.jinja",
            vegg=vegg,
            krysset=beholdt.kort if beholdt else (),
            maalform=nettverk.maalform,
            laast=ledelse.laast,
            koe=queue_address(ledelse.tankesmie) if nettverk.uses("fremtidsbilder") else "",
            ord={
                "bord": _("Bord"),
                "prikk": _("prikk"),
                "prikker": _("prikker"),
                "valgt": _("Sitat") if ledelse.tankesmie.frittstaaende else _("Til oppsummeringen"),
                "barn": _("Kan nevne et barn"),
                "uten": _("Uten tema"),
                # Hidden by somebody, or waiting to be read.
                "skjulte": _("Ikke på veggen"),
                "les": _("Les bidragene"),
                "tomt": _("Dra bidrag hit, eller kryss av og velg temaet under."),
            },
        ),
    }


def _arranged(
    request: PortalRequest, ledelse: Ledelse, sporsmaal: Samtalesporsmaal, ramme: Ramme
) -> HttpResponse:
    form = VeggForm(request.POST)
    if request.htmx:
        return _arranged_in_place(request, ledelse, sporsmaal, form)
    if form.is_valid():
        with told(request, form=form) as utfall, ledelse.arranging():
            ordnet = arrange(ledelse, sporsmaal, form.cleaned_data)
            utfall.takk, utfall.angre = ordnet.sagt, _undoing(ledelse, sporsmaal, ordnet)
    if not form.is_valid():
        return _wall_page(ledelse, sporsmaal, ramme, veggform=form)
    return redirect(request.path)


def _arranged_in_place(
    request: PortalRequest, ledelse: Ledelse, sporsmaal: Samtalesporsmaal, form: VeggForm
) -> HttpResponse:
    ordnet = None
    if form.is_valid():
        with told(request, form=form), ledelse.arranging():
            ordnet = arrange(ledelse, sporsmaal, form.cleaned_data)
    refusert = None if form.is_valid() else form
    ledelse.tankesmie.refresh_from_db(fields=["versjon"])
    kontekst = {
        **_wall(ledelse, sporsmaal, form=refusert),
        "sagt": ordnet.sagt if ordnet else "",
        "angre": _undoing(ledelse, sporsmaal, ordnet) if ordnet else None,
        "sporsmaalene": questions(ledelse),
        "i_stedet": True,
    }
    return render(request, "fremtidsbilder/_modvegg.html", kontekst, status=form_status(refusert))


def _undoing(ledelse: Ledelse, sporsmaal: Samtalesporsmaal, ordnet: Ordnet) -> Angring | None:
    """How what was hidden or shown again is undone; nothing else is, nor more than a form can hold, nor where the page
    that undoes it is switched off."""
    bruker = ledelse.tankesmie.nettverk.uses("fremtidsbilder")
    if not (bruker and 0 < len(ordnet.foer) <= MANGE):
        return None
    vegg = ledelse.adresser.vegg(sporsmaal.pk)
    return how_undone(ledelse.tankesmie, ordnet.valg, ordnet.foer, tilbake=vegg)


def typed_in(
    request: PortalRequest, ledelse: Ledelse, sporsmaal: Samtalesporsmaal, ramme: Ramme
) -> HttpResponse:
    """Type what a table wrote on paper."""
    form = PapirForm(request.POST, antall_bord=ledelse.tankesmie.antall_bord)
    adresse = None
    with told(request, form=form, filfelt=""):
        adresse = form.once(request.user, lambda: _type_in(request, ledelse, sporsmaal, form))
    if adresse:
        return redirect(adresse)
    return _wall_page(ledelse, sporsmaal, ramme, papirform=form)


def _type_in(
    request: PortalRequest, ledelse: Ledelse, sporsmaal: Samtalesporsmaal, form: PapirForm
) -> str:
    felt = form.cleaned_data
    with ledelse.changing():
        kort = bidrag.type_in(sporsmaal, tekst=felt["tekst"], bord=felt.get("bord"))
    messages.success(
        request,
        ngettext("%(n)s bidrag er skrevet inn.", "%(n)s bidrag er skrevet inn.", len(kort))
        % {"n": len(kort)},
    )
    if skjulte := sum(ett.skjult for ett in kort):
        messages.warning(
            request,
            ngettext(
                "%(n)s bidrag kan nevne noen ved navn, og er skjult på veggen til noen har lest det.",
                "%(n)s bidrag kan nevne noen ved navn, og er skjult på veggen til noen har lest dem.",
                skjulte,
            )
            % {"n": skjulte},
        )
    return f"{ledelse.adresser.vegg(sporsmaal.pk)}#papir"
