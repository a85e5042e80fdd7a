"""Give an assignment from a gathering's page, and change its text or deadline."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from laeringsloyper.models import Laeringsloype, Modul
from nettverk.arbeid.gjelder import gjelder
from nettverk.arbeid.utsending import UTSENDING
from nettverk.models import Brev, Jobb, Nettverk
from nettverk.mottakere.skjema import MottakereForm, answer, asks_for_count, in_words
from nettverk.mottakere.utvalg import gone
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.portalform import form_status, posted_fields, sent
from nettverk.side.utenfra import one_line, whole_number
from nettverk.skriving.laas import locked
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from nettverk.views.jobber import jobb_context
from rolu.forms.oppdrag import OppdragForm
from rolu.mellomarbeid.oppdrag import (
    add_own_answers,
    answers,
    audience,
    bound_to,
    change,
    delete,
    followers_of,
    foresee,
    give,
    give_to_new,
    is_within,
    letters,
    newcomers,
    require_deletable,
    require_own_audience,
    units_of,
)
from rolu.models import Mellomarbeid, Oppdrag, Samling, Utfall
from rolu.samlinger.utfall import became
from rolu.views.faner import fetch_med_tall, samlingsside
from rolu.views.utfall import to_become


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def samling_oppdrag(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The tab «Oppdrag» of a gathering: those given here, and the form for a new one."""
    samling = fetch_med_tall(request, nettverk, pk)
    kan_gi = kan(request.user, "rolu.give_oppdrag", nettverk)
    utfall = to_become(request, samling) if kan_gi else None
    form = _form(request, _proposed(samling, utfall)) if kan_gi else None
    velger = _picker(request, samling) if kan_gi else None
    if request.method == "POST":
        krev(request.user, "rolu.give_oppdrag", nettverk)
    if (
        request.method == "POST"
        and form
        and velger
        and (svar := _ask_or_give(request, samling, form, velger, utfall))
    ):
        return svar
    alle = Mellomarbeid.objects.filter(oppdrag__nettverk=nettverk)
    oppdragene: list[Any] = list(
        samling.oppdrag.with_status(alle).select_related("laeringsloype", "mottakere")
    )
    add_own_answers(oppdragene, request.roller)
    for oppdrag in oppdragene:
        oppdrag.nettverk = nettverk
    kan_endres = {o.pk for o in oppdragene if kan(request.user, "rolu.give_oppdrag_i_loype", o)}
    bundet = bound_to(request.roller) if kan_endres else {}
    return render(
        request,
        "rolu/oppdrag_list.html",
        {
            **samlingsside(request, samling, "samling_oppdrag"),
            "oppdragene": oppdragene,
            "ser_flere": request.roller.er_kog or bool(request.roller.kommuner_ansvar),
            **(_letters(request, oppdragene) if kan_gi else {}),
            "form": form,
            "velger": velger,
            "utfall": utfall,
            "kan_endres": kan_endres,
            # Of those, the ones that are for no more units than the person may write to.
            "kan_gis_nye": {
                o.pk for o in oppdragene if o.pk in kan_endres and is_within(audience(o), bundet)
            },
        },
        status=form_status(form, velger),
    )


@nettverksside("rolu.give_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def oppdrag_ny(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Give an assignment between gatherings; `?loype=` and `?modul=` fill in what it is from."""
    forslag = _from_track(request, nettverk)
    form = _form(request, forslag)
    velger = MottakereForm(
        **sent(request),
        nettverk=nettverk,
        valgt=followers_of(nettverk, forslag.laeringsloype, request.roller),
        bare_enheter=True,
        bundet=bound_to(request.roller),
    )
    if request.method == "POST" and (svar := _ask_or_give(request, None, form, velger, None)):
        return svar
    return render(
        request,
        "rolu/oppdrag_ny.html",
        {"form": form, "velger": velger, "tilbake": _list(nettverk)},
        status=form_status(form, velger),
    )


def _from_track(request: PortalRequest, nettverk: Nettverk) -> Oppdrag:
    """A new assignment with the track of the address, and the module with what it proposes."""
    forslag = Oppdrag(nettverk=nettverk)
    if not nettverk.uses("laeringsloyper"):
        return forslag
    loyper = Laeringsloype.objects.visible_to(request.roller)
    if not request.roller.er_koordinator:
        loyper = loyper.filter(ansvarlig_gruppe__in=request.roller.fagmiljo)
    nummer = whole_number(request.GET.get("modul", ""))
    modul = (
        Modul.objects.filter(pk=nummer, periode__loype__in=loyper)
        .select_related("periode__loype")
        .first()
        if nummer
        else None
    )
    if modul:
        forslag.modul, forslag.laeringsloype = modul, modul.periode.loype
        forslag.tittel, forslag.tekst = modul.tittel, modul.oppdragsforslag
    else:
        forslag.laeringsloype = loyper.filter(slug=one_line(request.GET.get("loype", ""))).first()
    return forslag


def _ask_or_give(
    request: PortalRequest,
    samling: Samling | None,
    form: OppdragForm,
    velger: MottakereForm,
    utfall: Utfall | None,
) -> HttpResponse | None:
    """Count, ask, or give, as the button says; None when there is something to mend or write more of."""
    if request.htmx and asks_for_count(request):
        return answer(request, velger)
    skriver_mer = asks_for_count(request) or "rett" in request.POST
    if form.is_valid() and velger.is_valid() and not skriver_mer:
        krev(request.user, "rolu.give_oppdrag_i_loype", form.instance)
        if "gi" not in request.POST:
            return _ask(request, samling, form, velger)
    if "gi" in request.POST and velger.is_valid() and not skriver_mer:
        # A form that is not right gives nothing here, but what it gave before is found.
        with told(request, form=form):
            give_it = partial(_given, request, samling, form, velger, utfall)
            adresse = form.once(request.user, give_it)
            if adresse:
                return redirect(adresse)
    return None


def _picker(request: PortalRequest, samling: Samling) -> MottakereForm:
    """Begins with the units that the gathering is for."""
    bundet = bound_to(request.roller)
    return MottakereForm(
        **sent(request),
        nettverk=samling.nettverk,
        valgt=units_of(samling, bundet),
        bare_enheter=True,
        bundet=bundet,
    )


def _letters(request: PortalRequest, oppdragene: list[Oppdrag]) -> dict[str, Any]:
    """The letters to the leaders, while they are on their way or when they could not be sent."""
    jobb = (
        Jobb.objects.visible_to(request.roller)
        .filter(slag=UTSENDING, gjelder__in=[gjelder(o) for o in oppdragene])
        .exclude(status=Jobb.Status.FERDIG)
        .first()
    )
    return jobb_context(jobb, request.nettverk, request.user) if jobb else {}


def _form(request: PortalRequest, oppdrag: Oppdrag) -> OppdragForm:
    return OppdragForm(
        **sent(request), instance=oppdrag, nettverk=oppdrag.nettverk, roller=request.roller
    )


def _ask(
    request: PortalRequest, samling: Samling | None, form: OppdragForm, velger: MottakereForm
) -> HttpResponse:
    """How many get the assignment, how many an e-mail, and the e-mail. Nothing is saved yet: the page
    carries what was written on."""
    form.instance.mottakere = velger.mottakere
    return render(
        request,
        "rolu/oppdrag_gi.html",
        {
            "samling": samling,
            "tilbake": reverse("rolu:samling_oppdrag", args=[request.nettverk.slug, samling.pk])
            if samling
            else _list(request.nettverk),
            "oppdrag": form.instance,
            "mottakere": in_words(velger.mottakere),
            "opptelling": velger.opptelling,
            "forespeil": foresee(form.instance, til=request.user),
            "felt": posted_fields(request, uten={"gi", "rett"}),
        },
    )


def _proposed(samling: Samling, utfall: Utfall | None) -> Oppdrag:
    """A new assignment, with what was decided filled in."""
    tekst = utfall.tekst if utfall else ""
    tittel = Truncator(" ".join(tekst.split())).chars(80)
    return Oppdrag(nettverk=samling.nettverk, samling=samling, tittel=tittel, tekst=tekst)


def _given(
    request: PortalRequest,
    samling: Samling | None,
    form: OppdragForm,
    velger: MottakereForm,
    utfall: Utfall | None,
) -> str:
    oppdrag = give(
        nettverk=request.nettverk,
        samling=samling,
        by=request.user,
        mottakere=velger.mottakere,
        **form.felt,
    )
    if utfall:
        became(utfall, oppdrag)
    antall = oppdrag.mellomarbeid.count()
    messages.success(
        request,
        ngettext(
            "Oppdraget er gitt til %(n)s enhet. Lederen får beskjed på e-post.",
            "Oppdraget er gitt til %(n)s enheter. Lederne får beskjed på e-post.",
            antall,
        )
        % {"n": antall},
    )
    return home(oppdrag)


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def oppdrag_rediger(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Change the text or the deadline. What the units have written stays as it is."""
    oppdrag = get_object_or_404(
        Oppdrag.objects.visible_to(request.roller).select_related(
            "samling", "laeringsloype", "modul__periode", "mottakere"
        ),
        pk=pk,
    )
    oppdrag.nettverk = nettverk
    krev(request.user, "rolu.give_oppdrag_i_loype", oppdrag)
    with locked(oppdrag) as naa:
        form = _form(request, naa)
        if request.method == "POST" and form.is_valid():
            krev(request.user, "rolu.give_oppdrag_i_loype", form.instance)
            change(naa, **form.felt)
            messages.success(request, _("Oppdraget er lagret."))
            return redirect(home(oppdrag))
    return render(
        request,
        "rolu/oppdrag_form.html",
        {
            "oppdrag": oppdrag,
            "form": form,
            "tilbake": home(oppdrag),
            "kan_slettes": not answers(oppdrag).exists(),
            "kan_endre_hvem": not oppdrag.er_forfalt
            and is_within(audience(oppdrag), bound_to(request.roller)),
        },
        status=form_status(form),
    )


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def oppdrag_nye(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Give it to the units that have come since: how many, which, and the letter first."""
    oppdrag = get_object_or_404(
        Oppdrag.objects.visible_to(request.roller).select_related("samling", "mottakere"), pk=pk
    )
    oppdrag.nettverk = nettverk
    krev(request.user, "rolu.give_oppdrag_i_loype", oppdrag)
    if request.method == "POST":
        with told(request) as utfall:
            utfall.takk = _given_to_new(give_to_new(oppdrag, by=request.user))
        return redirect(home(oppdrag))
    with told(request) as utfall:
        require_own_audience(oppdrag, request.roller)
    if utfall.nei:
        return redirect(home(oppdrag))
    nye = newcomers(oppdrag)
    return render(
        request,
        "rolu/oppdrag_nye.html",
        {
            "oppdrag": oppdrag,
            "tilbake": home(oppdrag),
            "enheter": [gruppe.enhet for gruppe, _kommune in nye],
            "mottakere": in_words(audience(oppdrag)),
            "borte": gone(audience(oppdrag)),
            "forespeil": foresee(oppdrag, til=request.user, enheter=nye) if nye else None,
        },
    )


def _given_to_new(antall: int) -> str:
    if not antall:
        return _("Alle har allerede fått oppdraget.")
    return ngettext(
        "%(n)s ny enhet har fått oppdraget. Lederen får beskjed på e-post.",
        "%(n)s nye enheter har fått oppdraget. Lederne får beskjed på e-post.",
        antall,
    ) % {"n": antall}


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def oppdrag_slett(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Ask, saying what the units and those who got a letter will see; then delete it."""
    oppdrag = get_object_or_404(
        Oppdrag.objects.visible_to(request.roller).select_related("samling", "laeringsloype"),
        pk=pk,
    )
    oppdrag.nettverk = nettverk
    krev(request.user, "rolu.give_oppdrag_i_loype", oppdrag)
    tilbake = home(oppdrag)
    if request.method == "POST":
        takk = fill_in(_("«%(tittel)s» er slettet."), tittel=innhold(oppdrag.tittel, nettverk))
        with told(request, takk) as utfall:
            delete(oppdrag)
        return redirect(tilbake if utfall.nei or oppdrag.samling_id else _list(nettverk))
    with told(request) as utfall:
        require_deletable(oppdrag)
    if utfall.nei:
        return redirect(tilbake)
    return render(
        request,
        "bekreft.html",
        {
            "tittel": fill_in(_("Slette «%(tittel)s»?"), tittel=innhold(oppdrag.tittel, nettverk)),
            "tekst": _("Ingen enhet har begynt på oppdraget. Dette kan ikke angres. Dette skjer:"),
            "konsekvenser": _what_goes(oppdrag),
            "knapp": _("Slett oppdraget"),
            "avbryt_url": tilbake,
        },
    )


def _what_goes(oppdrag: Oppdrag) -> list[str]:
    enheter = oppdrag.mellomarbeid.count()
    tilstander = letters(oppdrag).values_list("tilstand", flat=True)
    sendt = sum(tilstand == Brev.Tilstand.SENDT for tilstand in tilstander)
    venter = sum(tilstand == Brev.Tilstand.VENTER for tilstand in tilstander)
    linjer = [
        ngettext(
            "Oppdraget blir borte for %(n)s enhet.",
            "Oppdraget blir borte for %(n)s enheter.",
            enheter,
        )
        % {"n": enheter}
    ]
    if sendt:
        linjer.append(
            ngettext(
                "%(n)s leder har fått e-post om oppdraget. Lenken i e-posten slutter å virke, og portalen sender ikke ny beskjed.",
                "%(n)s ledere har fått e-post om oppdraget. Lenken i e-posten slutter å virke, og portalen sender ikke ny beskjed.",
                sendt,
            )
            % {"n": sendt}
        )
    if venter:
        linjer.append(
            ngettext(
                "%(n)s e-post som venter, blir ikke sendt.",
                "%(n)s e-poster som venter, blir ikke sendt.",
                venter,
            )
            % {"n": venter}
        )
    return linjer


def _list(nettverk: Nettverk) -> str:
    return reverse("rolu:mellomarbeid_list", args=[nettverk.slug])


def home(oppdrag: Oppdrag) -> str:
    """The page where the assignment stands."""
    slug = oppdrag.nettverk.slug
    if oppdrag.samling_id:
        return reverse("rolu:samling_oppdrag", args=[slug, oppdrag.samling_id])
    return reverse("rolu:mellomarbeid_list", args=[slug]) + f"?oppdrag={oppdrag.pk}"
