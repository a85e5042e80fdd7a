"""The check-in desk. The same address searches (GET) and ticks (POST), with htmx and without; two more serve a desk
that works without network."""

import datetime
import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nettverk.filer.utlevering import note_export
from nettverk.innlogging.nettleserlager import LAGRER_I_NETTLESEREN
from nettverk.models import Nettverk
from nettverk.side.bunke import answered, key_of, no_rows, no_store, read_rows
from nettverk.side.portalform import form_status
from nettverk.side.utenfra import one_line, whole_number
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from rolu.forms.innsjekk import (
    HendelseForm,
    InnsjekkForm,
    InnsjekksokForm,
    NyGjestForm,
    SkrankelisteForm,
)
from rolu.forms.program import NotatForm
from rolu.models import Gjest, Programpost, Samling
from rolu.samlinger import innsjekk as skranken
from rolu.samlinger import skrankenoekkel, skrankerull, skrankesok, skranketall
from rolu.samlinger.dagen import now_and_next
from rolu.samlinger.dager import days
from rolu.samlinger.programplan import times_mark
from rolu.samlinger.skrankebok import Skrankehendelse, StaarPaaLista, first_day, opens_on
from rolu.views.faner import day_page, day_side, fetch_samling, told_when_locked
from rolu.views.notat import carried_to, outcomes_of

MINST = 2  # letters before the list is searched
FAA = 4  # hits under which others in the network are looked for


@nettverksside("rolu.view_samling")
@require_http_methods(["GET", "HEAD", "POST"])
@told_when_locked
def innsjekk(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Type three letters, tap: met. Undo. Add one who was not invited.

    With JavaScript the desk keeps its own names and sends what it ticks (static/js/skranke.js, the two addresses
    below); then only the clock and the note of this page are asked for again.
    """
    samling = _desk(request, nettverk, pk)
    if not samling.er_publisert:
        messages.info(request, _("Innsjekken er bare åpen når samlingen er publisert."))
        return redirect("rolu:samling", nettverk.slug, pk)
    dag = skrankesok.the_day(samling, _day_of(request))
    if request.method == "POST":
        return _add_guest(request, samling) if "navn" in request.POST else _tick(request, samling)
    if request.htmx and "sett" in request.GET:
        return _counts(request, samling, dag)
    if request.htmx and "naa" in request.GET:
        return the_day(request, samling)
    return _answer(
        request,
        samling,
        request.GET.get("q", ""),
        dag=dag,
        sist=whole_number(request.GET.get("sist")),
    )


def _desk(request: PortalRequest, nettverk: Nettverk, pk: int) -> Samling:
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.change_innsjekk", samling)
    return samling


def _day_of(request: PortalRequest) -> datetime.date | None:
    form = SkrankelisteForm({"dag": request.GET.get("dag", "")})
    return form.cleaned_data.get("dag") if form.is_valid() else None


@nettverksside("rolu.view_samling")
@require_safe
def innsjekk_navn(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """What a desk keeps to work without network: the names, and the key they lie encrypted under there. With
    `etter` only what has changed since, 204 when that is nothing; with `q` others in the network."""
    samling = _desk(request, nettverk, pk)
    form = SkrankelisteForm(request.GET)
    form.is_valid()
    valgt = form.cleaned_data
    dag = skrankesok.the_day(samling, valgt.get("dag"))
    if valgt.get("q"):
        treff = skrankesok.search_walk_ins(samling, valgt["q"])
        return no_store({"folk": [_line(t, {}) for t in treff]})
    if etter := valgt.get("etter"):
        return _changes(request, samling, etter, dag)
    # Before the names: what comes between is told again.
    nr, rull = skranketall.last_change(samling), skranketall.roll_mark(samling)
    folk = skrankesok.everybody(samling, dag=dag)
    per_dag = skrankesok.by_day(samling, folk)
    note_export(request, hva="rolu.skranke", antall=len(folk), nettverk=nettverk)
    # Signing out empties what the browser keeps (nettverk.innlogging.views.logg_ut).
    if not request.session.get(LAGRER_I_NETTLESEREN):
        request.session[LAGRER_I_NETTLESEREN] = True
    get_token(request)  # sets the cookie that the desk sends back with what it has ticked
    return no_store(
        {
            "noekkel": skrankenoekkel.key_of(request.user, samling),
            "tittel": samling.tittel,
            "sted": samling.sted,
            "dag": dag.isoformat() if dag else "",
            "dager": _days(samling),
            "nr": _iso(nr),
            "rull": rull,
            "naa": _iso(timezone.now()),
            **_opening(samling),
            "folk": [_line(t, per_dag) for t in folk],
        }
    )


def _days(samling: Samling) -> list[list[str]]:
    """The days a desk may be changed to, of several: the date, in words, and what is said before it has come."""
    if not samling.varer_flere_dager:
        return []
    return [
        [d.dato.isoformat(), date_format(d.dato, "l j. F"), opens_on(d.dato)] for d in days(samling)
    ]


def _opening(samling: Samling) -> dict[str, Any]:
    """When a desk is open: what shuts it whatever the day, the day before which it is not open and what is then
    said; and a mark of all that the desk keeps of the gathering, which is another when anything of it is."""
    dag = first_day(samling)
    aapning = {
        "stengt": skranken.shut(samling),
        "aapner": [dag.isoformat(), opens_on(dag)] if dag else [],
    }
    tider = [[_iso(samling.start), _iso(samling.slutt)]]
    if samling.varer_flere_dager:
        tider += [[str(d.dato), f"{d.fra}–{d.til}"] for d in days(samling)]
    alt = json.dumps([samling.tittel, samling.sted, get_language(), tider, aapning])
    return {**aapning, "stand": hashlib.sha256(alt.encode()).hexdigest()[:16]}


def _changes(
    request: PortalRequest, samling: Samling, etter: datetime.datetime, dag: datetime.date | None
) -> HttpResponse:
    """What has been done at the desks after `etter`. When a desk sends the mark of the people it keeps (`rull`), it
    is told how that is now, and fetches its names anew when it is another."""
    endret = skranketall.changed_since(samling, etter, dag=dag)
    merker = _opening(samling)
    if "rull" in request.GET:
        merker["rull"] = skranketall.roll_mark(samling)
    som_foer = all(merker[m] == request.GET.get(m) for m in ("stand", "rull") if m in merker)
    if som_foer and not (endret.treff or endret.borte):
        return HttpResponse(status=204)
    per_dag = skrankesok.by_day(samling, endret.treff)
    return no_store(
        {
            "nr": _iso(endret.nr),
            "folk": [_line(t, per_dag) for t in endret.treff],
            "borte": endret.borte,
            **merker,
        }
    )


def _line(treff: skrankesok.Skranketreff, per_dag: Mapping[str, skrankesok.Dagsvis]) -> list[Any]:
    """A person or a guest as the desk keeps them; a list, for there may be thousands. Last, of a gathering over
    several days, what is so on each of them."""
    dager = [[_iso(moett), kommer] for moett, kommer in per_dag.get(treff.noekkel, ())]
    return [
        treff.noekkel,
        treff.navn,
        treff.steder,
        treff.kommuner,
        treff.status if treff.er_invitert else "ny",
        _iso(treff.moett),
        treff.vara_for,
        treff.kommer,
        *([dager] if dager else []),
    ]


def _iso(tid: datetime.datetime | None) -> str:
    return tid.isoformat() if tid else ""


@nettverksside("rolu.view_samling")
@require_POST
def innsjekk_hendelser(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """What a desk has done since it last reached us: a list of at most `MAKS_RADER`. Answers for each key: ""
    when it is taken, else why it was not. The same list again gets the same answer."""
    samling = _desk(request, nettverk, pk)
    rader = read_rows(request)
    if rader is None:
        return no_rows()
    svar: dict[str, str] = {}
    hendelser = []
    for rad in rader:
        form = HendelseForm(rad)
        if form.is_valid():
            hendelser.append(Skrankehendelse(**form.cleaned_data))
        elif rad:
            # What a person can mend is told; the rest was made by no desk of ours.
            navnefeil = form.errors.get("navn") if set(form.errors) == {"navn"} else None
            svar[key_of(rad)] = (
                str(navnefeil[0]) if navnefeil else _("Registreringen kunne ikke brukes.")
            )
    if hendelser:
        utfall = skranken.register(samling, hendelser, by=request.user)
        svar |= {str(noekkel): nei for noekkel, nei in utfall.items()}
    sagt = {str(n): ord_ for n, ord_ in skranken.written_elsewhere(samling, hendelser).items()}
    return answered(svar, sagt=sagt) if sagt else answered(svar)


def _counts(request: PortalRequest, samling: Samling, dag: datetime.date | None) -> HttpResponse:
    """What other desks have ticked since this one last saw the counts; 204 when that is nothing."""
    gjester = skrankesok.guests(samling, dag=dag)
    totalt = skranketall.totals(samling, dag=dag, gjester=gjester)
    if request.GET["sett"] == str(totalt["moett_antall"]):
        return HttpResponse(status=204)
    return render(
        request,
        "rolu/innsjekk.html#oppmoete",
        {**_per_kommune(samling, dag, gjester, totalt), "dag": dag},
    )


def _per_kommune(
    samling: Samling,
    dag: datetime.date | None,
    gjester: list[skrankesok.Skranketreff],
    totalt: dict[str, int],
) -> dict[str, Any]:
    """The figures, and why the kommuner may hold more than all."""
    per_kommune = skranketall.counts(samling, dag=dag, gjester=gjester)
    return {
        "totalt": totalt,
        "per_kommune": per_kommune,
        "i_flere": skranketall.in_several(samling, per_kommune, totalt, dag=dag),
    }


def the_day(request: PortalRequest, samling: Samling) -> HttpResponse:
    """What goes on and what comes, alone; the whole page to who came by a form."""
    if not request.htmx:
        side = day_page(request) or "rolu:innsjekk"
        return redirect(reverse(side, args=[samling.nettverk.slug, samling.pk]) + "#naa")
    return render(
        request,
        "rolu/innsjekk.html#naa_svar",
        {"samling": samling, **now_beside(request, samling, list(samling.programposter.all()))},
    )


def now_beside(
    request: PortalRequest, samling: Samling, poster: list[Programpost]
) -> dict[str, Any]:
    """What goes on and what comes, of a page one has open on the day."""
    return {
        "dagen": now_and_next(samling, poster),
        "stand": times_mark(poster),
        "kan_endre_program": kan(request.user, "rolu.change_program", samling),
        "dagsside": day_side(request),
    }


def note_beside(
    request: PortalRequest,
    samling: Samling,
    poster: list[Programpost],
    forslag: Programpost | None,
    *,
    dagen: str,
) -> dict[str, Any]:
    """The note of the item one asked for (`?notat=`), else of `forslag`; it leads back to `dagen` (`day_side`)."""
    if not kan(request.user, "rolu.change_notat", samling):
        return {}
    noteres = [p for p in poster if not p.er_pause]
    valgt = whole_number(request.GET.get("notat"))
    sist = noteres[-1] if noteres else None
    post = next((p for p in noteres if p.pk == valgt), forslag or sist)
    if post is None:
        return {}
    felt = {"notat": post.notat, "versjon": post.versjon}
    return {
        "notatpost": post,
        "notatform": NotatForm(initial=felt),
        "noteres": noteres,
        "utfall": outcomes_of(request, samling, post, dagen=dagen),
        "videre": carried_to(post),
    }


def _tick(request: PortalRequest, samling: Samling) -> HttpResponse:
    form = InnsjekkForm(request.POST)
    form.fields["person"].queryset = skrankesok.known_people(samling)
    form.fields["gjest"].queryset = Gjest.objects.filter(samling=samling)
    q = request.POST.get("q", "")[:80]
    if not form.is_valid():
        feil = _("Vi fant ikke personen. Søk på nytt.")
        return _ticked(request, samling, q=q, feil=feil, dag=form.cleaned_data.get("dag"))
    felt = form.cleaned_data
    person, gjest, dag = felt["person"], felt["gjest"], felt["dag"]
    sagt, feil = "", ""
    try:
        if felt["handling"] == "angre":
            if gjest:
                skranken.undo_guest(samling, gjest=gjest, by=request.user, dag=dag)
            else:
                skranken.undo(samling, person=person, by=request.user, dag=dag)
            sagt = _("%(navn)s er ikke lenger registrert som møtt.")
        elif (
            skranken.check_in_guest(samling, gjest=gjest, by=request.user, dag=dag)
            if gjest
            else skranken.check_in(samling, person=person, by=request.user, dag=dag)
        ):
            sagt = _("%(navn)s er registrert som møtt.")
        else:
            sagt = _("%(navn)s var allerede registrert.")
        sagt %= {"navn": (gjest or person).navn}
    except KanIkke as problem:
        feil = str(problem)
    hvem: dict[str, Any] = {"gjest": gjest.pk} if gjest else {"sist": person.pk}
    return _ticked(request, samling, q=q, sagt=sagt, feil=feil, dag=dag, **hvem)


def _ticked(
    request: PortalRequest,
    samling: Samling,
    *,
    q: str = "",
    sagt: str = "",
    feil: str = "",
    dag: datetime.date | None = None,
    sist: int | None = None,
    gjest: int | None = None,
) -> HttpResponse:
    """The desk after a tick: the piece to htmx, the page anew to a form."""
    if request.htmx:
        return _answer(
            request,
            samling,
            q if feil else "",
            dag=skrankesok.the_day(samling, dag),
            sagt=sagt,
            feil=feil,
            sist=sist,
            gjest=gjest,
        )
    if feil:
        messages.error(request, feil)
    else:
        messages.success(request, sagt)
    videre = {"q": q} if feil else {"sist": sist, "gjest": gjest}
    return redirect(_address(samling, dag=dag, **videre))


def _address(samling: Samling, **valg: Any) -> str:
    adresse = reverse("rolu:innsjekk", args=[samling.nettverk.slug, samling.pk])
    valg = {navn: verdi for navn, verdi in valg.items() if verdi}
    return f"{adresse}?{urlencode(valg)}" if valg else adresse


def _add_guest(request: PortalRequest, samling: Samling) -> HttpResponse:
    """A walk-in without a Verv, or a substitute: written down and met in one."""
    form = NyGjestForm(request.POST)
    if form.is_valid():
        felt = form.cleaned_data
        with told(request, form=form) as utfall:
            try:
                gjest = skranken.add_guest(samling, by=request.user, **felt)
            except StaarPaaLista:
                form.alt_paa_lista = True
                raise
            utfall.takk = _("%(navn)s er registrert som møtt.") % {"navn": gjest.navn}
        if not utfall.nei:
            return redirect(_address(samling, dag=felt["dag"], gjest=gjest.pk))
    dag = skrankesok.the_day(samling, form.cleaned_data.get("dag"))
    return _answer(request, samling, "", dag=dag, gjesteform=form)


def _guest_form(request: PortalRequest, dag: datetime.date | None) -> NyGjestForm:
    return NyGjestForm(
        initial={
            "noekkel": uuid.uuid4(),
            "dag": dag,
            "vara_for": whole_number(request.GET.get("vara")),
        }
    )


def _today_instead(samling: Samling, dag: datetime.date | None) -> datetime.date | None:
    """Today, when it is one of the days and the desk works for one that has been."""
    idag = timezone.localdate()
    return idag if dag and dag < idag and skrankesok.the_day(samling) == idag else None


def _recently(
    samling: Samling,
    dag: datetime.date | None,
    sist: int | None,
    gjest: int | None,
) -> skrankesok.Skranketreff | None:
    """Who was ticked, or undone, just now."""
    if gjest:
        return next(iter(skrankesok.guests(samling, dag=dag, pk=gjest)), None)
    return skrankesok.expected(samling, sist, dag=dag) if sist else None


def _answer(
    request: PortalRequest,
    samling: Samling,
    q: str,
    *,
    dag: datetime.date | None,
    sagt: str = "",
    feil: str = "",
    sist: int | None = None,
    gjest: int | None = None,
    gjesteform: NyGjestForm | None = None,
) -> HttpResponse:
    """The desk: what `q` finds, and who was ticked, or undone, just now. A letter more is answered with what it
    finds alone; a tick with the figures too."""
    q = one_line(q)
    form = InnsjekksokForm({"q": q})
    q = form.cleaned_data["q"] if form.is_valid() else q[:80].strip()
    gjest = gjest or whole_number(request.GET.get("gjest"))
    stengt = skranken.closed(samling, dag)
    bare_treff = bool(request.htmx) and request.method != "POST"
    gjester = None if bare_treff else skrankesok.guests(samling, dag=dag)
    ventes = []
    if len(q) < MINST and not stengt:
        ventes = skrankesok.few_expected(samling, dag=dag, gjester=gjester)
    sok = len(q) >= (1 if ventes else MINST)  # among few one letter is enough
    treff = skrankerull.search(samling, q, maks=skrankesok.MAKS_TREFF + 1, dag=dag) if sok else []
    nylig = None if feil else _recently(samling, dag, sist, gjest)
    kontekst: dict[str, Any] = {
        "samling": samling,
        "form": form,
        "q": q,
        "sok": sok,
        "treff": treff[: skrankesok.MAKS_TREFF],
        "flere": len(treff) > skrankesok.MAKS_TREFF,
        "utenfor": skrankesok.search_walk_ins(samling, q)
        if len(q) >= MINST and len(treff) < FAA
        else [],
        "sagt": sagt,
        "feil": feil,
        "nylig": nylig,
        "ventes": [] if sok else [t for t in ventes if not nylig or t.noekkel != nylig.noekkel],
        "dag": dag,
        "stengt": stengt,
    }
    if gjester is not None:
        kontekst |= {
            "siste": skrankesok.last_met(samling, dag=dag, gjester=gjester),
            **_per_kommune(
                samling, dag, gjester, skranketall.totals(samling, dag=dag, gjester=gjester)
            ),
        }
    if request.htmx:
        del_ = "treff" if bare_treff else "svar"
        return render(request, f"rolu/innsjekk.html#{del_}", kontekst)
    poster = list(samling.programposter.all())
    kontekst |= now_beside(request, samling, poster)
    forslag = kontekst["dagen"].post_for_notat
    kontekst |= note_beside(request, samling, poster, forslag, dagen="skranken")
    gjesteform = gjesteform or _guest_form(request, dag)
    vara = whole_number(request.GET.get("vara"))
    kontekst |= {
        # The day has the whole window: no menu, and no way to somewhere else by mistake.
        "meny": None,
        "gjesteform": gjesteform,
        "vara_for": skrankesok.expected(samling, vara, dag=dag) if vara else None,
        "per_dag": skranketall.per_day(samling),
        "annen_dag": "" if stengt else _today_instead(samling, dag),
        "language": get_language(),
    }
    return render(request, "rolu/innsjekk.html", kontekst, status=form_status(gjesteform))
