"""The page of an agenda item that has begun: its note, what came of it, and whether it was finished."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nettverk.models import Nettverk
from nettverk.roedtraad.flate import section
from nettverk.side.portalform import form_status
from nettverk.skriving.autolagring import is_discarded, posted, save_text, saves_itself
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from rolu.forms.program import NotatForm
from rolu.forms.utfall import UferdigForm, UtfallForm
from rolu.models import Programpost, Samling, Utfall
from rolu.samlinger import programplan
from rolu.samlinger import utfall as utfallene
from rolu.samlinger.tilstand import require_unlocked
from rolu.samlinger.videre import set_unfinished
from rolu.views.faner import (
    day_page,
    day_side,
    fetch_item,
    fetch_med_tall,
    fetch_samling,
    samlingsside,
    told_when_locked,
)
from rolu.views.utfall import can_give

_skriver = require_http_methods(["GET", "HEAD", "POST"])


@nettverksside("rolu.view_samling")
@_skriver
@told_when_locked
def notat(request: PortalRequest, nettverk: Nettverk, pk: int, post_pk: int) -> HttpResponse:
    """Write the note. With X-Autolagre the answer is JSON (static/js/autolagre.js)."""
    # What saves itself shows nothing.
    selv = request.method == "POST" and saves_itself(request)
    fetch = fetch_samling if selv else fetch_med_tall
    samling = fetch(request, nettverk, pk)
    krev(request.user, "rolu.change_notat", samling)
    post = fetch_item(samling, post_pk)
    if request.method == "POST" and is_discarded(request):
        return redirect("rolu:samling_program", nettverk.slug, pk)
    if request.method == "POST":
        return _save_note(request, samling, post)
    require_unlocked(samling)
    return _note_page(request, samling, post, _note_form(post))


def _note_form(post: Programpost) -> NotatForm:
    return NotatForm(initial={"notat": post.notat, "versjon": post.versjon})


def _save_note(request: PortalRequest, samling: Samling, post: Programpost) -> HttpResponse:
    def done(lagret: Programpost) -> HttpResponse:
        messages.success(request, _("Notatet er lagret."))
        if side := day_page(request):
            return redirect(side, samling.nettverk.slug, samling.pk)
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
    utfallform: UtfallForm | None = None,
    status: int = 200,
    konflikt: dict[str, Any] | None = None,
) -> HttpResponse:
    poster = list(samling.programposter.no_breaks())
    her = next((nr for nr, p in enumerate(poster) if p.pk == post.pk), None)
    return render(
        request,
        "rolu/notat.html",
        {
            **samlingsside(request, samling, "samling_program"),
            "post": post,
            "form": form,
            "utfall": outcomes_of(request, samling, post, utfallform),
            "forrige_post": poster[her - 1] if her else None,
            "neste_post": poster[her + 1] if her is not None and her + 1 < len(poster) else None,
            "konflikt": konflikt,
            "kan_ta_med": kan(request.user, "rolu.change_program", samling),
            "videre": carried_to(post),
            "seksjoner": section(post, request.roller),
        },
        status=status,
    )


# --- what came of the item: on its note page, and on the day


def outcomes_of(
    request: PortalRequest,
    samling: Samling,
    post: Programpost,
    form: UtfallForm | None = None,
    *,
    dagen: str = "",
    **mer: Any,
) -> dict[str, Any]:
    """Context of rolu/_utfall.html: the outcomes of an item, and the form for one more. Three queries.

    `?type=` in the address is what was written last: the next is often of the same kind. `dagen` is the page of the
    day it stands on (`rolu.views.faner.day_side`).
    """
    valgt = request.GET.get("type")
    if form is None:
        form = _form(samling, initial={"type": valgt} if valgt in Utfall.Type.values else {})
    rader = Utfall.objects.visible_to(request.roller).filter(samling=samling, programpost=post)
    return {
        "post": post,
        "liste": list(rader.with_who()),
        "form": form,
        "dagen": dagen,
        "kan_gi_oppdrag": can_give(request, samling),
        **mer,
    }


def _form(samling: Samling, **hva: Any) -> UtfallForm:
    """Its fields have ids of their own, for it stands beside the note."""
    return UtfallForm(nettverk=samling.nettverk, auto_id="utfall_%s", **hva)


@nettverksside("rolu.view_samling")
@require_POST
def utfall_ny(request: PortalRequest, nettverk: Nettverk, pk: int, post_pk: int) -> HttpResponse:
    """Write an outcome of an item. htmx gets the outcomes and a fresh form; the note beside it is left alone."""
    samling = (
        fetch_samling(request, nettverk, pk)
        if request.htmx
        else fetch_med_tall(request, nettverk, pk)
    )
    krev(request.user, "rolu.change_notat", samling)
    post = fetch_item(samling, post_pk)
    form = _form(samling, data=request.POST)
    if form.is_valid():
        try:
            nytt = utfallene.add(
                samling,
                post=post,
                noekkel=form.cleaned_data["noekkel"],
                by=request.user,
                **form.felt,
            )
        except KanIkke as feil:
            form.add_error(None, str(feil))
        else:
            return _written(request, samling, post, nytt, form)
    dagen = day_side(request)
    if request.htmx:
        return _shown(request, samling, outcomes_of(request, samling, post, form, dagen=dagen), 422)
    return _note_page(
        request, samling, post, _note_form(post), utfallform=form, status=form_status(form)
    )


def _written(
    request: PortalRequest, samling: Samling, post: Programpost, nytt: Utfall, form: UtfallForm
) -> HttpResponse:
    sagt, advarsler = _added(nytt), _to_notice(form)
    dagen = day_side(request)
    if request.htmx:
        neste = _form(samling, initial={"type": nytt.type})
        # A browser gives the focus to what asks for it: the text of the next one.
        neste.fields["tekst"].widget.attrs["autofocus"] = True
        alt = outcomes_of(
            request, samling, post, neste, dagen=dagen, sagt=sagt, advarsler=advarsler
        )
        return _shown(request, samling, alt, 200)
    messages.success(request, sagt)
    for advarsel in advarsler:
        messages.warning(request, advarsel)
    valg: dict[str, Any] = {"notat": post.pk, "type": nytt.type} if dagen else {"type": nytt.type}
    side = day_page(request)
    hva = [samling.pk] if side else [samling.pk, post.pk]
    adresse = reverse(side or "rolu:notat", args=[samling.nettverk.slug, *hva])
    return redirect(f"{adresse}?{urlencode(valg)}#utfall_tekst")


def _shown(
    request: PortalRequest, samling: Samling, alt: dict[str, Any], status: int
) -> HttpResponse:
    return render(request, "rolu/_utfall.html", {"samling": samling, "utfall": alt}, status=status)


def _added(nytt: Utfall) -> str:
    if nytt.nummer:
        return _("Beslutning %(nummer)s er lagret.") % {"nummer": nytt.nummer}
    return _("%(type)s er lagret.") % {"type": capfirst(nytt.get_type_display())}


def _to_notice(form: UtfallForm) -> list[str]:
    """What the writer should look at once more; it is saved all the same."""
    sent_late = [_("Fristen du skrev, har gått ut.")] if form.is_late else []
    return [*sent_late, *map(str, form.worth_a_look)]


# --- what was not finished


def carried_to(post: Programpost) -> Programpost | None:
    """The item that one which was not finished goes on in, with its gathering. One query, none for an item that
    was finished. Who writes notes sees drafts too."""
    videre = Programpost.objects.filter(fra=post).select_related("samling")
    return videre.first() if post.uferdig else None


@nettverksside("rolu.view_samling")
@require_POST
def programpost_uferdig(
    request: PortalRequest, nettverk: Nettverk, pk: int, post_pk: int
) -> HttpResponse:
    """Say that an item was not finished, or that it was."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_notat", samling)
    post = fetch_item(samling, post_pk)
    form = UferdigForm(request.POST)
    if form.is_valid():
        uferdig = form.cleaned_data["uferdig"]
        takk = (
            _("Posten er merket «Ble ikke ferdig». Du kan ta posten med til neste samling.")
            if uferdig
            else _("Posten er ikke lenger merket «Ble ikke ferdig».")
        )
        with told(request, takk):
            set_unfinished(post, uferdig=uferdig, by=request.user)
    if side := day_page(request):
        adresse = reverse(side, args=[nettverk.slug, pk])
        return redirect(f"{adresse}?notat={post_pk}#uferdig")
    return redirect(reverse("rolu:notat", args=[nettverk.slug, pk, post_pk]) + "#uferdig")
