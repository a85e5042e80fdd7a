"""The programme of a gathering, and what is noted and decided under each item."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nettverk.models import Nettverk
from nettverk.skriving.barnesjekk import look_for_children
from nettverk.templatetags.portal import klokke
from nettverk.tilgang.sider import nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from rolu.forms.samling import NotatForm, ProgrampostForm
from rolu.models import Programpost, Samling
from rolu.samlinger import programplan
from rolu.samlinger.programplan import VANLIG_VARIGHET, make_plan
from rolu.views.faner import fetch_samling, samlingsside

_skriver = require_http_methods(["GET", "HEAD", "POST"])


@nettverksside("rolu.view_samling")
@_skriver
def samling_program(request: HttpRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The programme; those who may, add the next item at its end."""
    samling = fetch_samling(request, nettverk, pk)
    kan_endre_program = kan(request.user, "rolu.change_program", samling)
    form = None
    if request.method == "POST":
        krev(request.user, "rolu.change_program", samling)
        form = ProgrampostForm(request.POST, samling=samling)
        if form.is_valid():
            form.save()
            svar = redirect("rolu:samling_program", nettverk.slug, pk)
            svar["Location"] += "#ny"
            return svar
    plan = make_plan(samling, list(samling.programposter.all()))
    if kan_endre_program and form is None:
        form = ProgrampostForm(
            samling=samling, start=plan.neste_start, initial={"varighet": VANLIG_VARIGHET}
        )
    return render(
        request,
        "rolu/samling_program.html",
        {
            **samlingsside(request, samling, "samling_program"),
            "plan": plan,
            "form": form,
            "kan_endre_program": kan_endre_program,
            "kan_notere": kan(request.user, "rolu.change_notat", samling),
        },
        status=422 if form is not None and form.is_bound else 200,
    )


def _fetch_item(samling: Samling, post_pk: int, *, lock: bool = False) -> Programpost:
    poster = Programpost.objects.filter(samling=samling)
    post = get_object_or_404(poster.select_for_update() if lock else poster, pk=post_pk)
    post.samling = samling
    return post


@nettverksside("rolu.view_samling")
@_skriver
def programpost_rediger(
    request: HttpRequest, nettverk: Nettverk, pk: int, post_pk: int
) -> HttpResponse:
    """Change an item."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_program", samling)
    with transaction.atomic():
        post = _fetch_item(samling, post_pk, lock=request.method == "POST")
        tittel = post.tittel
        form = ProgrampostForm(request.POST or None, instance=post, samling=samling)
        if request.method == "POST" and form.is_valid():
            # Only what the form shows: somebody may be writing the note at the same time.
            form.instance.save(update_fields=["start", *ProgrampostForm.Meta.fields])
            messages.success(request, _("«%(tittel)s» er lagret.") % {"tittel": form.instance})
            return redirect("rolu:samling_program", nettverk.slug, pk)
    status = 200 if not form.is_bound else 409 if form.forskjeller else 422
    return render(
        request,
        "rolu/programpost_form.html",
        {
            **samlingsside(request, samling, "samling_program"),
            "form": form,
            "post": post,
            "tittel": tittel,
        },
        status=status,
    )


@nettverksside("rolu.view_samling")
@_skriver
def programpost_slett(
    request: HttpRequest, nettverk: Nettverk, pk: int, post_pk: int
) -> HttpResponse:
    """Ask, naming what goes, then delete an item."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_program", samling)
    post = _fetch_item(samling, post_pk)
    if request.method == "POST":
        try:
            programplan.delete_item(post)
        except ValidationError as feil:
            messages.error(request, feil.messages[0])
        else:
            messages.success(request, _("«%(tittel)s» er slettet.") % {"tittel": post.tittel})
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
            "tittel": _("Slette «%(tittel)s»?") % {"tittel": post.tittel},
            "tekst": _("Dette blir også slettet:") if gaar else _("Posten tas ut av programmet."),
            "konsekvenser": gaar,
            "knapp": _("Slett programposten"),
            "avbryt_url": reverse("rolu:samling_program", args=[nettverk.slug, pk]),
        },
    )


@nettverksside("rolu.view_samling")
@_skriver
def notat(request: HttpRequest, nettverk: Nettverk, pk: int, post_pk: int) -> HttpResponse:
    """Write the note and the decision. With X-Autolagre the answer is JSON (static/js/autolagre.js)."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_notat", samling)
    post = _fetch_item(samling, post_pk)
    if request.method == "POST" and "forkast" in request.POST:
        return redirect("rolu:samling_program", nettverk.slug, pk)
    if request.method == "POST":
        return _save_note(request, samling, post)
    form = NotatForm(initial={"notat": post.notat, "vedtak": post.vedtak, "versjon": post.versjon})
    return _note_page(request, samling, post, form)


def _save_note(request: HttpRequest, samling: Samling, post: Programpost) -> HttpResponse:
    autolagrer = "X-Autolagre" in request.headers
    data: Any = request.POST.copy()
    if "behold" in data:  # after a conflict: decided with their text in view
        data["versjon"] = data["behold"]
    form = NotatForm(data)
    if not form.is_valid():
        if autolagrer:
            return JsonResponse({"status": "feil", "feil": form.errors}, status=422)
        return _note_page(request, samling, post, form, status=422)
    try:
        post = programplan.write_note(post, **form.cleaned_data)
    except programplan.Konflikt as konflikt:
        return _conflict(request, samling, konflikt.naa, form)
    if autolagrer:
        return JsonResponse(
            {"status": "lagret", "versjon": post.versjon, "lagret": klokke(timezone.localtime())}
        )
    for advarsel in look_for_children(f"{post.notat} {post.vedtak}"):
        messages.warning(request, advarsel)
    messages.success(request, _("Notatet er lagret."))
    svar = redirect("rolu:samling_program", samling.nettverk.slug, samling.pk)
    svar["Location"] += f"#post-{post.pk}"
    return svar


def _conflict(
    request: HttpRequest, samling: Samling, deres: Programpost, form: NotatForm
) -> HttpResponse:
    """409 with both texts: theirs beside, the person's own still in the fields."""
    if "X-Autolagre" in request.headers:
        html = render_to_string("rolu/notat.html#konflikt", {"deres": deres}, request=request)
        return JsonResponse({"status": "konflikt", "html": html}, status=409)
    deres.samling = samling
    return _note_page(request, samling, deres, form, status=409, deres=deres)


def _note_page(
    request: HttpRequest,
    samling: Samling,
    post: Programpost,
    form: NotatForm,
    *,
    status: int = 200,
    **mer: Any,
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
            **mer,
        },
        status=status,
    )
