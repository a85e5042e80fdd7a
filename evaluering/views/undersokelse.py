"""A survey on a phone: whoever has the code answers, without an account and without a name."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluering.models import Undersokelse
from evaluering.undersokelser import mottak, runder
from evaluering.undersokelser.resultat import MINST
from evaluering.undersokelser.skjemaer import questions
from evaluering.undersokelser.svarskjema import SvarForm, as_sent
from nettverk.mellomvare import choose_spraak
from nettverk.side.bunke import answered, key_of, no_rows, no_store, read_rows
from nettverk.side.kode import keep_private
from nettverk.side.kodeform import InngangskodeForm
from nettverk.side.portalform import form_status
from nettverk.sikkerhet.ettsted import FOR_MYE, has_room
from nettverk.sikkerhet.feilkoder import note_wrong
from nettverk.skriving.barnesjekk import look_for_children
from nettverk.skriving.konflikt import KanIkke, Lukket

# The phone's own key, for this survey alone (its path): the same phone is one answer.
KAPSEL = "svarnokkel"
_HUSKES = 60 * 60 * 24 * 60


@login_not_required
@require_safe
def skriv_kode(request: HttpRequest) -> HttpResponse:
    """Type the code that stands on the screen or on paper."""
    form = InngangskodeForm(request.GET if "kode" in request.GET else None)
    if form.is_valid():
        return redirect("undersokelse", form.cleaned_data["kode"])
    return _page(request, None, "kode", 422 if form.is_bound else 200, kodeform=form)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def undersokelse(request: HttpRequest, kode: str) -> HttpResponse:
    """Read what it is, answer, and see that it came in; the same phone may answer anew until it is closed."""
    rad = runder.by_code(kode)
    if rad is None:
        return _page(request, None, "ukjent", note_wrong(request))
    choose_spraak(request, rad.nettverk)
    if rad.er_kladd:
        return _page(request, rad, "kladd", 404)
    if kode != rad.kode and request.method != "POST":
        # As it was typed: the phone's own key is kept for the one address.
        return redirect("undersokelse", rad.kode)
    return _answer(request, rad) if request.method == "POST" else _shown(request, rad)


def _shown(request: HttpRequest, rad: Undersokelse) -> HttpResponse:
    """The form, or how it stands for this phone."""
    nokkel = _own_key(request)
    svarte = mottak.own_answer(rad, nokkel) if nokkel else None
    if not rad.er_aapen:
        return _page(request, rad, "takk_stengt" if svarte else "stengt", 200 if svarte else 410)
    if svarte is not None and "endre" not in request.GET:
        return _page(request, rad, "takk", 200, varsler=_worth_a_look(svarte))
    return _form(request, rad, nokkel or uuid.uuid4(), svarte)


def _own_key(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.COOKIES.get(KAPSEL, ""))
    except ValueError:
        return None


def _worth_a_look(svarte: dict[int, mottak.Verdi]) -> list[Any]:
    return look_for_children(" ".join(verdi.tekst for verdi in svarte.values()))


def _form(
    request: HttpRequest,
    rad: Undersokelse,
    nokkel: uuid.UUID,
    svarte: dict[int, mottak.Verdi] | None,
) -> HttpResponse:
    form = SvarForm(sporsmaal=questions(rad.skjema), svarte=svarte, initial={"nokkel": str(nokkel)})
    side = _page(request, rad, "aapen", 200, form=form, endrer=svarte is not None)
    return _remember(side, rad, nokkel)


def _remember(side: HttpResponse, rad: Undersokelse, nokkel: uuid.UUID) -> HttpResponse:
    side.set_cookie(
        KAPSEL,
        str(nokkel),
        max_age=_HUSKES,
        path=runder.path(rad),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return side


def _answer(request: HttpRequest, rad: Undersokelse) -> HttpResponse:
    if "en_til" in request.POST:
        # Somebody else answers on this phone.
        svar = redirect("undersokelse", rad.kode)
        svar.delete_cookie(KAPSEL, path=runder.path(rad))
        return svar
    form = SvarForm(request.POST, sporsmaal=questions(rad.skjema))
    if form.is_valid() and not has_room(request, rad):
        form.add_error(None, str(FOR_MYE))
    elif form.is_valid():
        nokkel = form.cleaned_data["nokkel"]
        try:
            # In a plain form nothing counts the editions: what is sent last is newest.
            mottak.receive(rad, nokkel=nokkel, verdier=form.verdier)
        except Lukket:
            return _page(request, rad, "for_sent", 410)
        except KanIkke as nei:
            form.add_error(None, str(nei))
        else:
            return _remember(redirect("undersokelse", rad.kode), rad, nokkel)
    return _page(request, rad, "aapen", form_status(form), form=form)


def _page(
    request: HttpRequest, rad: Undersokelse | None, stand: str, status: int, **mer: Any
) -> HttpResponse:
    kontekst = {
        "undersokelse": rad,
        "nettverk": rad.nettverk if rad else None,
        "stand": "for_mange" if status == 429 else stand,
        "minst": MINST,
        "kodeform": InngangskodeForm() if rad is None else None,
        **mer,
    }
    side = render(request, "evaluering/undersokelse.html", kontekst, status=status)
    return keep_private(side)


@login_not_required
@require_POST
def undersokelse_svar(request: HttpRequest, kode: str) -> JsonResponse:
    """What phones have kept until there was network (static/js/undersokelse.js): for each key "" when it is taken,
    else why it was not."""
    rad = runder.by_code(kode)
    if rad is None:
        return no_store({"svar": {}}, status=note_wrong(request))
    choose_spraak(request, rad.nettverk)
    rader = read_rows(request)
    if rader is None:
        return no_rows()
    if not has_room(request, rad, len(rader)):
        return no_store({"svar": {}}, status=429)
    sporsmaal = questions(rad.skjema)
    return answered({key_of(en): _take(rad, en, sporsmaal) for en in rader})


def _take(rad: Undersokelse, en: dict[str, str], sporsmaal: list[Any]) -> str:
    form = SvarForm(as_sent(en, sporsmaal), sporsmaal=sporsmaal)
    if not form.is_valid():
        return " ".join(str(feil) for alle in form.errors.values() for feil in alle)
    try:
        mottak.receive(
            rad,
            nokkel=form.cleaned_data["nokkel"],
            utgave=form.cleaned_data["utgave"] or 1,
            verdier=form.verdier,
        )
    except KanIkke as nei:
        return str(nei)
    return ""
