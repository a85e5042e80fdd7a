"""The check-in desk. The same address searches (GET) and ticks (POST), with htmx and without."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nettverk.models import Nettverk
from nettverk.side.utenfra import one_line, whole_number
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from rolu.forms.samling import InnsjekkForm, InnsjekksokForm, NotatForm
from rolu.models import Programpost, Samling
from rolu.samlinger import innsjekk as skranken
from rolu.samlinger.dagen import now_and_next
from rolu.samlinger.programplan import times_mark
from rolu.views.faner import fetch_samling

MINST = 2  # letters before the list is searched


@nettverksside("rolu.view_samling")
@require_http_methods(["GET", "HEAD", "POST"])
def innsjekk(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Type three letters, tap: met. Undo. Add one who was not invited."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_innsjekk", samling)
    if not samling.er_publisert:
        messages.info(request, _("Innsjekken er bare åpen når samlingen er publisert."))
        return redirect("rolu:samling", nettverk.slug, pk)
    if request.method == "POST":
        return _tick(request, samling)
    if request.htmx and "sett" in request.GET:
        return _counts(request, samling)
    if request.htmx and "naa" in request.GET:
        return the_day(request, samling)
    return _answer(
        request,
        samling,
        request.GET.get("q", ""),
        sist=whole_number(request.GET.get("sist")),
    )


def _counts(request: PortalRequest, samling: Samling) -> HttpResponse:
    """What other desks have ticked since this one last saw the counts; 204 when that is nothing."""
    totalt = skranken.totals(samling)
    if request.GET["sett"] == str(totalt["moett_antall"]):
        return HttpResponse(status=204)
    return render(
        request,
        "rolu/innsjekk.html#oppmoete",
        {"totalt": totalt, "per_kommune": skranken.counts(samling)},
    )


def the_day(request: PortalRequest, samling: Samling) -> HttpResponse:
    """What goes on and what comes, alone; the whole page to who came by a form."""
    if not request.htmx:
        adresse = reverse("rolu:innsjekk", args=[samling.nettverk.slug, samling.pk])
        return redirect(f"{adresse}#naa")
    return render(
        request,
        "rolu/innsjekk.html#naa_svar",
        {"samling": samling, **_now(request, samling, list(samling.programposter.all()))},
    )


def _now(request: PortalRequest, samling: Samling, poster: list[Programpost]) -> dict[str, Any]:
    return {
        "dagen": now_and_next(samling, poster),
        "stand": times_mark(poster),
        "kan_endre_program": kan(request.user, "rolu.change_program", samling),
    }


def _note(
    request: PortalRequest, samling: Samling, poster: list[Programpost], forslag: Programpost | None
) -> dict[str, Any]:
    """The note of the item one asked for (`?notat=`), else of `forslag`."""
    if not kan(request.user, "rolu.change_notat", samling):
        return {}
    noteres = [p for p in poster if not p.er_pause]
    valgt = whole_number(request.GET.get("notat"))
    sist = noteres[-1] if noteres else None
    post = next((p for p in noteres if p.pk == valgt), forslag or sist)
    if post is None:
        return {}
    felt = {"notat": post.notat, "vedtak": post.vedtak, "versjon": post.versjon}
    return {"notatpost": post, "notatform": NotatForm(initial=felt), "noteres": noteres}


def _tick(request: PortalRequest, samling: Samling) -> HttpResponse:
    form = InnsjekkForm(request.POST)
    form.fields["person"].queryset = skranken.known_people(samling)
    q = request.POST.get("q", "")[:80]
    sagt, feil, sist = "", "", None
    if form.is_valid():
        person = form.cleaned_data["person"]
        sist = person.pk
        try:
            if form.cleaned_data["handling"] == "angre":
                skranken.undo(samling, person=person)
                sagt = _("%(navn)s er ikke lenger registrert som møtt.") % {"navn": person.navn}
            elif skranken.check_in(samling, person=person, by=request.user):
                sagt = _("%(navn)s er registrert som møtt.") % {"navn": person.navn}
            else:
                sagt = _("%(navn)s var allerede registrert.") % {"navn": person.navn}
        except KanIkke as problem:
            feil = str(problem)
    else:
        feil = _("Vi fant ikke personen. Søk på nytt.")
    if request.htmx:
        return _answer(request, samling, q if feil else "", sagt=sagt, feil=feil, sist=sist)
    if feil:
        messages.error(request, feil)
    else:
        messages.success(request, sagt)
    adresse = reverse("rolu:innsjekk", args=[samling.nettverk.slug, samling.pk])
    videre: dict[str, Any] = {"q": q} if feil else {"sist": sist}
    return redirect(f"{adresse}?{urlencode(videre)}")


def _answer(
    request: PortalRequest,
    samling: Samling,
    q: str,
    *,
    sagt: str = "",
    feil: str = "",
    sist: int | None = None,
) -> HttpResponse:
    """The desk: what `q` finds, and the person who was ticked, or undone, just now, `sist`."""
    q = one_line(q)
    form = InnsjekksokForm({"q": q})
    q = form.cleaned_data["q"] if form.is_valid() else q[:80].strip()
    sok = len(q) >= MINST
    treff = skranken.search(samling, q, maks=skranken.MAKS_TREFF + 1) if sok else []
    flere = len(treff) > skranken.MAKS_TREFF
    dag: dict[str, Any] = {}
    if not request.htmx:
        poster = list(samling.programposter.all())
        dag = _now(request, samling, poster)
        dag |= _note(request, samling, poster, dag["dagen"].post_for_notat)
    return render(
        request,
        "rolu/innsjekk.html#svar" if request.htmx else "rolu/innsjekk.html",
        {
            "samling": samling,
            # The day has the whole window: no menu, and no way to somewhere else by mistake.
            "meny": None,
            **dag,
            "form": form,
            "q": q,
            "sok": sok,
            "treff": treff[: skranken.MAKS_TREFF],
            "flere": flere,
            "utenfor": skranken.search_walk_ins(samling, q) if sok and not flere else [],
            "siste": skranken.last_met(samling),
            "per_kommune": skranken.counts(samling),
            "totalt": skranken.totals(samling),
            "sagt": sagt,
            "feil": feil,
            "nylig": skranken.expected(samling, sist) if sist and not feil else None,
        },
    )
