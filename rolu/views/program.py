"""The programme of a gathering, and what is noted and decided under each item."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nettverk.models import Nettverk
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import whole_number
from nettverk.skriving.autolagring import is_discarded, posted, save_text, saves_itself
from nettverk.skriving.konflikt import Konflikt
from nettverk.skriving.laas import locked
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from rolu.forms.samling import NotatForm, ProgrampostFlyttForm, ProgrampostForm
from rolu.models import Programpost, Samling
from rolu.samlinger import programplan, programrute
from rolu.samlinger.programplan import VANLIG_VARIGHET, make_plan
from rolu.views.faner import fetch_med_tall, fetch_samling, samlingsside
from rolu.views.innsjekk import the_day

_skriver = require_http_methods(["GET", "HEAD", "POST"])


@nettverksside("rolu.view_samling")
@_skriver
def samling_program(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The programme; those who may, add the next item at its end."""
    samling = fetch_med_tall(request, nettverk, pk)
    form = None
    if request.method == "POST":
        krev(request.user, "rolu.change_program", samling)
        form = ProgrampostForm(request.POST, samling=samling)
        if adresse := form.once(request.user, partial(_add, form, nettverk)):
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
    kan_endre_program = kan(request.user, "rolu.change_program", samling)
    plan = make_plan(samling, list(samling.programposter.all()))
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
            "valgt": valgt,
            "flyttet": flyttet,
            "har_notater": any(li.post.notat or li.post.vedtak for li in plan.linjer),
            "form": form,
            "kan_endre_program": kan_endre_program,
            "kan_flytte": kan_endre_program and not samling.er_avlyst,
            "kan_notere": kan(request.user, "rolu.change_notat", samling),
        },
        status=form_status(form),
    )


def _forms_in_use(plan: programplan.Plan) -> list[Programpost.Arbeidsform]:
    i_bruk = {linje.post.arbeidsform for linje in plan.linjer if not linje.post.er_pause}
    return [arbeidsform for arbeidsform in Programpost.Arbeidsform if arbeidsform in i_bruk]


def _add(form: ProgrampostForm, nettverk: Nettverk) -> str:
    post = programplan.add_item(form.instance)
    # Into the title of the next one: a browser gives the focus to the field that an address ends in.
    return reverse("rolu:samling_program", args=[nettverk.slug, post.samling_id]) + "#id_tittel"


def _fetch_item(samling: Samling, post_pk: int) -> Programpost:
    post = get_object_or_404(Programpost, samling=samling, pk=post_pk)
    post.samling = samling
    return post


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
    post = _fetch_item(samling, post_pk)
    form = ProgrampostFlyttForm(request.POST)
    antall = 0
    if not form.is_valid():
        messages.error(request, _("Vi forstod ikke hva som skulle flyttes. Prøv igjen."))
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
        messages.warning(
            request,
            _(
                "Noen andre har endret programmet mens du hadde siden åpen. "
                "Nå ser du programmet slik det er. Flytt en gang til hvis det trengs."
            ),
        )
    return 0


def _what_moved(post: Programpost, valg: dict[str, Any], antall: int) -> dict[str, Any]:
    """When it goes on now, in words that are said aloud, and the act that takes it back."""
    post.refresh_from_db(fields=["start", "varighet"])
    tekst = programplan.moved_in_words(post, antall=antall)
    return {"tekst": tekst, "post": post, "hva": valg["hva"], "minutter": -valg["minutter"]}


@nettverksside("rolu.view_samling")
@_skriver
def programpost_rediger(
    request: PortalRequest, nettverk: Nettverk, pk: int, post_pk: int
) -> HttpResponse:
    """Change an item."""
    samling = fetch_med_tall(request, nettverk, pk)
    krev(request.user, "rolu.change_program", samling)
    post = _fetch_item(samling, post_pk)
    with locked(post) as naa:
        form = ProgrampostForm(**sent(request), instance=naa, samling=samling)
        if request.method == "POST" and form.is_valid():
            programplan.change_item(form.instance, felt=["start", *form.Meta.fields])
            messages.success(request, _("«%(tittel)s» er lagret.") % {"tittel": form.instance})
            adresse = reverse("rolu:samling_program", args=[nettverk.slug, pk])
            return redirect(f"{adresse}?post={post_pk}#post-{post_pk}")
    return render(
        request,
        "rolu/programpost_form.html",
        {
            **samlingsside(request, samling, "samling_program"),
            "form": form,
            "post": post,
            "tittel": innhold(post.tittel, nettverk),
        },
        status=form_status(form),
    )


@nettverksside("rolu.view_samling")
@_skriver
def programpost_slett(
    request: PortalRequest, nettverk: Nettverk, pk: int, post_pk: int
) -> HttpResponse:
    """Ask, naming what goes, then delete an item."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_program", samling)
    post = _fetch_item(samling, post_pk)
    if request.method == "POST":
        with told(request, _("«%(tittel)s» er slettet.") % {"tittel": post.tittel}):
            programplan.delete_item(post)
        return redirect("rolu:samling_program", nettverk.slug, pk)
    gaar = [
        tekst
        for tekst, finnes in ((_("Notatet"), post.notat), (_("Beslutningen"), post.vedtak))
        if finnes
    ]
    return render(
        request,
        "bekreft.html",
        {
            "tittel": fill_in(_("Slette «%(tittel)s»?"), tittel=innhold(post.tittel, nettverk)),
            "tekst": _("Dette blir også slettet:") if gaar else _("Posten tas ut av programmet."),
            "konsekvenser": gaar,
            "knapp": _("Slett posten"),
            "avbryt_url": reverse("rolu:samling_program", args=[nettverk.slug, pk]),
        },
    )


@nettverksside("rolu.view_samling")
@_skriver
def notat(request: PortalRequest, nettverk: Nettverk, pk: int, post_pk: int) -> HttpResponse:
    """Write the note and the decision. With X-Autolagre the answer is JSON (static/js/autolagre.js)."""
    # What saves itself shows nothing.
    fetch = fetch_samling if saves_itself(request) else fetch_med_tall
    samling = fetch(request, nettverk, pk)
    krev(request.user, "rolu.change_notat", samling)
    post = _fetch_item(samling, post_pk)
    if request.method == "POST" and is_discarded(request):
        return redirect("rolu:samling_program", nettverk.slug, pk)
    if request.method == "POST":
        return _save_note(request, samling, post)
    form = NotatForm(initial={"notat": post.notat, "vedtak": post.vedtak, "versjon": post.versjon})
    return _note_page(request, samling, post, form)


def _save_note(request: PortalRequest, samling: Samling, post: Programpost) -> HttpResponse:
    def done(lagret: Programpost) -> HttpResponse:
        messages.success(request, _("Notatet er lagret."))
        if "dagen" in request.POST:
            return redirect("rolu:innsjekk", samling.nettverk.slug, samling.pk)
        adresse = reverse("rolu:samling_program", args=[samling.nettverk.slug, samling.pk])
        return redirect(f"{adresse}?post={lagret.pk}#post-{lagret.pk}")

    return save_text(
        request,
        NotatForm(posted(request)),
        save=lambda felt: programplan.write_note(post, **felt),
        page=partial(_note_page, request, samling, post),
        done=done,
    )


def _note_page(
    request: PortalRequest,
    samling: Samling,
    post: Programpost,
    form: NotatForm,
    *,
    status: int = 200,
    konflikt: dict[str, Any] | None = None,
) -> HttpResponse:
    poster = list(samling.programposter.exclude(arbeidsform=Programpost.Arbeidsform.PAUSE))
    her = next((nr for nr, p in enumerate(poster) if p.pk == post.pk), None)
    return render(
        request,
        "rolu/notat.html",
        {
            **samlingsside(request, samling, "samling_program"),
            "post": post,
            "form": form,
            "forrige": poster[her - 1] if her else None,
            "neste": poster[her + 1] if her is not None and her + 1 < len(poster) else None,
            "konflikt": konflikt,
        },
        status=status,
    )
