"""The programme of a gathering, with what is noted and came of each item."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nettverk.filer.utlevering import send_fil
from nettverk.models import Nettverk
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import whole_number
from nettverk.skriving.konflikt import Konflikt
from nettverk.skriving.laas import locked
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from rolu.forms.program import (
    ProgramDagerForm,
    ProgrampostFlyttForm,
    ProgrampostForm,
    SaksvedleggForm,
)
from rolu.models import Programpost, Samling, Utfall
from rolu.samlinger import programplan, programrute, programutskrift
from rolu.samlinger.programplan import VANLIG_VARIGHET, make_plan
from rolu.samlinger.tilstand import require_unlocked, writing
from rolu.samlinger.utfall import add_outcomes
from rolu.views.faner import (
    fetch_item,
    fetch_med_tall,
    fetch_samling,
    samlingsside,
    told_when_locked,
)
from rolu.views.innsjekk import the_day
from rolu.views.utfall import can_give

_skriver = require_http_methods(["GET", "HEAD", "POST"])


@nettverksside("rolu.view_samling")
@_skriver
@told_when_locked
def samling_program(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The programme; those who may, add the next item at its end. With `?lag=kjoereplan` those who hold the
    gathering see the other layer."""
    samling = fetch_med_tall(request, nettverk, pk)
    if _shows_kjoereplan(request):
        krev(request.user, "rolu.view_kjoereplan", samling)
    form = None
    if request.method == "POST":
        krev(request.user, "rolu.change_program", samling)
        form = ProgrampostForm(request.POST, samling=samling)
        adresse = None
        with told(request, form=form):
            adresse = form.once(request.user, partial(_add, request, form, nettverk))
        if adresse:
            return redirect(adresse)
    return _program_page(request, samling, form, valgt=whole_number(request.GET.get("post")))


def _program_page(
    request: PortalRequest,
    samling: Samling,
    form: ProgrampostForm | None = None,
    *,
    valgt: int | None = None,
    flyttet: dict[str, Any] | None = None,
) -> HttpResponse:
    """The programme with the item `valgt` opened. An htmx request is answered with the programme alone, and
    with what was just moved (`_what_moved`)."""
    kan_endre_program = not samling.er_laast and kan(request.user, "rolu.change_program", samling)
    ser_kjoereplan = kan(request.user, "rolu.view_kjoereplan", samling)
    poster: list[Any] = programplan.items(samling, med_kjoereplan=ser_kjoereplan)
    uten_post = add_outcomes(samling, poster, request.roller)
    plan = make_plan(samling, poster)
    if kan_endre_program and form is None and not request.htmx:
        form = ProgrampostForm(
            samling=samling, start=plan.neste_start, initial={"varighet": VANLIG_VARIGHET}
        )
    return render(
        request,
        "rolu/samling_program.html#svar" if request.htmx else "rolu/samling_program.html",
        {
            **samlingsside(request, samling, "samling_program"),
            "plan": plan,
            "ruter": programrute.draw(plan),
            "former": _forms_in_use(plan),
            "lag": _layers(request) if ser_kjoereplan else [],
            "viser_kjoereplan": ser_kjoereplan and _shows_kjoereplan(request),
            "valgt": valgt,
            "flyttet": flyttet,
            "har_notater": bool(uten_post) or any(post.notat or post.utfallene for post in poster),
            "uten_post": uten_post,
            "form": form,
            "kan_endre_program": kan_endre_program,
            "kan_flytte": kan_endre_program and not samling.er_avlyst,
            "kan_notere": not samling.er_laast and kan(request.user, "rolu.change_notat", samling),
            "kan_gi_oppdrag": can_give(request, samling),
        },
        status=form_status(form),
    )


def _shows_kjoereplan(request: PortalRequest) -> bool:
    return request.GET.get("lag") == "kjoereplan"


def _layers(request: PortalRequest) -> list[dict[str, Any]]:
    """The two layers, as tabs."""
    valgt = _shows_kjoereplan(request)
    return [
        {"label": _("Program"), "url": request.path, "aktiv": not valgt},
        {"label": _("Kjøreplan"), "url": f"{request.path}?lag=kjoereplan", "aktiv": valgt},
    ]


def _forms_in_use(plan: programplan.Plan) -> list[Programpost.Arbeidsform]:
    i_bruk = {linje.post.arbeidsform for linje in plan.linjer if not linje.post.er_pause}
    return [arbeidsform for arbeidsform in Programpost.Arbeidsform if arbeidsform in i_bruk]


def _add(request: PortalRequest, form: ProgrampostForm, nettverk: Nettverk) -> str:
    post = programplan.add_item(form.instance)
    adresse = reverse("rolu:samling_program", args=[nettverk.slug, post.samling_id])
    # Into the title of the next one: a browser gives the focus to the field that an address ends in.
    return f"{adresse}{'?lag=kjoereplan' if _shows_kjoereplan(request) else ''}#id_tittel"


_ACTS = {
    "post": programplan.move_item,
    "resten": programplan.move_from,
    "forleng": programplan.extend_item,
}


@nettverksside("rolu.view_samling")
@require_POST
def programpost_flytt(
    request: PortalRequest, nettverk: Nettverk, pk: int, post_pk: int
) -> HttpResponse:
    """Move an item, or it and the rest, or let it last longer; from the programme, or on the day."""
    fetch = fetch_samling if "dagen" in request.POST else fetch_med_tall
    samling = fetch(request, nettverk, pk)
    krev(request.user, "rolu.change_program", samling)
    post = fetch_item(samling, post_pk)
    form = ProgrampostFlyttForm(request.POST)
    antall = 0
    if not form.is_valid():
        messages.error(request, _not_understood())
    else:
        antall = _moved(request, post, **form.cleaned_data)
    if "dagen" in request.POST:
        return the_day(request, samling)
    flyttet = _what_moved(post, form.cleaned_data, antall) if antall else None
    if request.htmx:
        # What is dragged need not be what is open.
        aapen = whole_number(request.POST["aapen"]) if "aapen" in request.POST else post_pk
        return _program_page(request, samling, valgt=aapen, flyttet=flyttet)
    if flyttet:
        messages.success(request, flyttet["tekst"])
    adresse = reverse("rolu:samling_program", args=[nettverk.slug, pk])
    return redirect(f"{adresse}?post={post_pk}#post-{post_pk}")


def _moved(
    request: PortalRequest, post: Programpost, *, hva: str, minutter: int, stand: str
) -> int:
    """How many items went; 0 when none did, and then the person is told why."""
    try:
        with told(request):
            return _ACTS[hva](post, minutter=minutter, stand=stand)
    except Konflikt:
        messages.warning(request, _moved_meanwhile())
    return 0


def _not_understood() -> str:
    return _("Vi forstod ikke hva som skulle flyttes. Prøv igjen.")


def _moved_meanwhile() -> str:
    return _(
        "Noen andre har endret programmet mens du hadde siden åpen. "
        "Nå ser du programmet slik det er. Flytt en gang til hvis det trengs."
    )


def _what_moved(post: Programpost, valg: dict[str, Any], antall: int) -> dict[str, Any]:
    """When it goes on now, in words that are said aloud, and the act that takes it back."""
    post.refresh_from_db(fields=["start", "varighet"])
    tekst = programplan.moved_in_words(post, antall=antall)
    return {"tekst": tekst, "post": post, "hva": valg["hva"], "minutter": -valg["minutter"]}


@nettverksside("rolu.view_samling")
@require_POST
def program_til_dagene(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Move what stands on other days than the gathering's, to its days."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_program", samling)
    form = ProgramDagerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _not_understood())
        return redirect("rolu:samling_program", nettverk.slug, pk)
    try:
        with told(request) as utfall:
            antall = programplan.move_to_days(samling, stand=form.cleaned_data["stand"])
        if not utfall.nei:
            tekst = ngettext(
                "%(n)s post er flyttet til samlingens dager.",
                "%(n)s poster er flyttet til samlingens dager.",
                antall,
            )
            messages.success(request, tekst % {"n": antall})
    except Konflikt:
        messages.warning(request, _moved_meanwhile())
    return redirect("rolu:samling_program", nettverk.slug, pk)


@nettverksside("rolu.view_samling")
@require_safe
def program_utskrift(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponseBase:
    """The programme as those who come read it, on paper."""
    samling = fetch_samling(request, nettverk, pk)
    navn, innhold_ = programutskrift.programme(samling)
    return send_fil(ContentFile(innhold_), navn=navn)


@nettverksside("rolu.view_samling")
@require_safe
def kjoereplan_utskrift(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponseBase:
    """The kjøreplan of those who hold the gathering, on paper."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.view_kjoereplan", samling)
    navn, innhold_ = programutskrift.running_order(samling)
    return send_fil(ContentFile(innhold_), navn=navn)


@nettverksside("rolu.view_samling")
@_skriver
@told_when_locked
def programpost_rediger(
    request: PortalRequest, nettverk: Nettverk, pk: int, post_pk: int
) -> HttpResponse:
    """Change an item."""
    samling = fetch_med_tall(request, nettverk, pk)
    krev(request.user, "rolu.change_program", samling)
    post = fetch_item(samling, post_pk)
    # The gathering first, as every act of the programme does.
    with writing(samling), locked(post) as naa:
        form = ProgrampostForm(**sent(request), instance=naa, samling=samling)
        if request.method == "POST" and form.is_valid():
            with told(request, _("«%(tittel)s» er lagret.") % {"tittel": form.instance}):
                programplan.change_item(form.instance, felt=["start", *form.Meta.fields])
            adresse = reverse("rolu:samling_program", args=[nettverk.slug, pk])
            her = "lag=kjoereplan#plan-" if _shows_kjoereplan(request) else f"post={post_pk}#"
            return redirect(f"{adresse}?{her}post-{post_pk}")
    return edit_page(request, samling, post, form)


def edit_page(
    request: PortalRequest,
    samling: Samling,
    post: Programpost,
    form: ProgrampostForm,
    *,
    dokumentskjema: SaksvedleggForm | None = None,
) -> HttpResponse:
    """Where an item and its documents are changed. The two forms are sent each to its own address."""
    adresse = reverse("rolu:programpost_rediger", args=[samling.nettverk.slug, samling.pk, post.pk])
    return render(
        request,
        "rolu/programpost_form.html",
        {
            **samlingsside(request, samling, "samling_program"),
            "form": form,
            "lagre_url": f"{adresse}?lag=kjoereplan" if _shows_kjoereplan(request) else adresse,
            "dokumentskjema": dokumentskjema or SaksvedleggForm(),
            "post": post,
            "vedlegg": post.vedlegg.select_related("lastet_opp_av"),
            "tittel": innhold(post.tittel, samling.nettverk),
        },
        status=form_status(form, dokumentskjema),
    )


@nettverksside("rolu.view_samling")
@_skriver
@told_when_locked
def programpost_slett(
    request: PortalRequest, nettverk: Nettverk, pk: int, post_pk: int
) -> HttpResponse:
    """Ask, naming what goes, then delete an item."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_program", samling)
    post = fetch_item(samling, post_pk)
    if request.method == "POST":
        with told(request, _("«%(tittel)s» er slettet.") % {"tittel": post.tittel}):
            programplan.delete_item(post)
        return redirect("rolu:samling_program", nettverk.slug, pk)
    require_unlocked(samling)
    blir = Utfall.objects.filter(programpost=post).exists()
    dokumenter = post.vedlegg.count()
    return render(
        request,
        "bekreft.html",
        {
            "tittel": fill_in(_("Slette «%(tittel)s»?"), tittel=innhold(post.tittel, nettverk)),
            "tekst": _("Posten tas ut av programmet."),
            "konsekvenser": [
                *([_("Notatet blir slettet.")] if post.notat else []),
                *([_documents_go(dokumenter)] if dokumenter else []),
                *([_("Det som kom ut av posten, blir stående på samlingen.")] if blir else []),
            ],
            "knapp": _("Slett posten"),
            "avbryt_url": reverse("rolu:samling_program", args=[nettverk.slug, pk]),
        },
    )


def _documents_go(antall: int) -> str:
    tekst = ngettext(
        "%(n)s saksdokument blir slettet.", "%(n)s saksdokumenter blir slettet.", antall
    )
    return tekst % {"n": antall}
