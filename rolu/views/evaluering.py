"""The evaluation of a gathering: its questions before it is opened, the way in, and what came of it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluering.forms import NyttSporsmaalForm, PlassForm, SporsmaalForm, TekstvisningForm
from evaluering.models import Sporsmaal, Undersokelse
from evaluering.undersokelser import resultat, runder, skjemaer, tegninger
from evaluering.undersokelser.svarskjema import SvarForm
from nettverk.filer.filnavn import made_name
from nettverk.filer.utlevering import send_pdf, send_regneark
from nettverk.models import Nettverk
from nettverk.roedtraad.flate import section
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.kode import shown
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import whole_number
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from rolu.forms import evaluering as skjemaet
from rolu.forms.evaluering import EvalueringForm
from rolu.models import Samling
from rolu.samlinger import evaluering
from rolu.views.faner import fetch_med_tall, fetch_samling, samlingsside, told_when_locked

_ENDRE, _SE = "rolu.change_evaluering", "rolu.view_evaluering"


@nettverksside("rolu.view_samling")
@require_http_methods(["GET", "HEAD", "POST"])
@told_when_locked
def samling_evaluering(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """How it stands, and the results; a POST makes, opens, closes and shows. While it is open the page asks for
    itself again (`?etter=`)."""
    if request.method == "POST":
        return _act(request, fetch_samling(request, nettverk, pk))
    if request.htmx and "etter" in request.GET:
        return _anew(request, fetch_samling(request, nettverk, pk))
    samling = fetch_med_tall(request, nettverk, pk)
    krev(request.user, _SE, samling)
    undersokelse = evaluering.of(samling)
    spurt = undersokelse and not undersokelse.er_kladd
    return render(
        request,
        "rolu/samling_evaluering.html",
        {
            **samlingsside(request, samling, "samling_evaluering"),
            **_standing(request, samling, undersokelse),
            "sporsmaal": skjemaer.questions(undersokelse.skjema)
            if undersokelse and undersokelse.er_kladd
            else [],
            "qr": runder.qr(undersokelse) if undersokelse else "",
            "kode": shown(undersokelse.kode) if undersokelse else "",
            "koden": evaluering.KODEN,
            "adresse": runder.address(undersokelse) if undersokelse else "",
            "seksjoner": section(samling.evaluering, request.roller) if spurt else [],
        },
    )


def _standing(
    request: PortalRequest, samling: Samling, undersokelse: Undersokelse | None
) -> dict[str, Any]:
    """The results as they may be shown, each question with its chart."""
    kan_styre = kan(request.user, _ENDRE, samling)
    felles = {
        "samling": samling,
        "undersokelse": undersokelse,
        "kan_styre": kan_styre,
        "minst": resultat.MINST,
    }
    if undersokelse is None or undersokelse.er_kladd:
        return felles
    svarene = resultat.results(undersokelse, med_skjulte=kan_styre)
    return {
        **felles,
        "resultat": svarene,
        "resultater": [
            {
                "ett": ett,
                "data": (data := tegninger.question_data(ett)),
                "om": tegninger.about(data),
                "diagram": None if ett.sporsmaal.er_tekst else tegninger.chart(data),
            }
            for ett in svarene.sporsmaal
        ],
    }


def _anew(request: PortalRequest, samling: Samling) -> HttpResponse:
    krev(request.user, _SE, samling)
    undersokelse = evaluering.of(samling)
    if undersokelse is None or undersokelse.er_kladd:
        return HttpResponse(status=204)
    if undersokelse.versjon == whole_number(request.GET["etter"]):
        return HttpResponse(status=204)
    staar = _standing(request, samling, undersokelse)
    # The charts only when they are others: somebody is reading them.
    nye = staar["resultat"].med != whole_number(request.GET.get("bilde"))
    kontekst = {"nettverk": samling.nettverk, **staar, "oob": nye}
    return render(request, "rolu/samling_evaluering.html#nytt", kontekst)


def _act(request: PortalRequest, samling: Samling) -> HttpResponse:
    krev(request.user, _ENDRE, samling)
    form = EvalueringForm(request.POST)
    if form.is_valid():
        _do(request, samling, form.cleaned_data["handling"])
        if form.cleaned_data["tilbake"]:
            return redirect("rolu:dagen", samling.nettverk.slug, samling.pk)
    return _back(samling)


def _do(request: PortalRequest, samling: Samling, handling: str) -> None:
    if handling == skjemaet.LAG:
        with told(request, _("Evalueringen er laget. Se over spørsmålene før du åpner den.")):
            evaluering.make(samling)
        return
    undersokelse = evaluering.of(samling)
    if undersokelse is None:
        return
    acts: dict[str, tuple[Callable[[Undersokelse], None], str]] = {
        skjemaet.AAPNE: (
            partial(evaluering.start, samling),
            _("Evalueringen er åpen. Vis koden, så kan alle svare."),
        ),
        skjemaet.STENG: (evaluering.stop, _("Evalueringen er stengt.")),
        skjemaet.VIS: (
            partial(evaluering.show, samling, vis=True),
            _("Resultatene vises på storskjermen."),
        ),
        skjemaet.SKJUL: (
            partial(evaluering.show, samling, vis=False),
            _("Resultatene vises ikke lenger på storskjermen."),
        ),
    }
    act, takk = acts[handling]
    with told(request, takk):
        act(undersokelse)


def _back(samling: Samling, side: str = "samling_evaluering") -> HttpResponse:
    return redirect(f"rolu:{side}", samling.nettverk.slug, samling.pk)


def _survey(
    request: PortalRequest,
    nettverk: Nettverk,
    pk: int,
    tillatelse: str = _ENDRE,
    *,
    hent: Callable[..., Samling] = fetch_samling,
) -> tuple[Samling, Undersokelse]:
    """The gathering and its survey, for who may; 404 when it has none."""
    samling = hent(request, nettverk, pk)
    krev(request.user, tillatelse, samling)
    undersokelse = evaluering.of(samling)
    if undersokelse is None:
        raise Http404
    return samling, undersokelse


@nettverksside("rolu.view_samling")
@require_safe
def evaluering_forhaandsvis(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The survey as a phone shows it; it cannot be answered here."""
    samling, undersokelse = _survey(request, nettverk, pk, _SE, hent=fetch_med_tall)
    form = SvarForm(sporsmaal=skjemaer.questions(undersokelse.skjema))
    return render(
        request,
        "rolu/evaluering_forhaandsvis.html",
        {
            **samlingsside(request, samling, "samling_evaluering"),
            "undersokelse": undersokelse,
            "form": form,
            "minst": resultat.MINST,
            "kan_styre": kan(request.user, _ENDRE, samling),
        },
    )


@nettverksside("rolu.view_samling")
@require_safe
def evaluering_regneark(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The figures as XLSX; 404 before there are any to show."""
    samling, undersokelse = _survey(request, nettverk, pk, _SE)
    svarene = resultat.results(undersokelse)
    if not svarene.har_tall:
        raise Http404
    navn = made_name(_("evaluering"), samling.tittel, samling.dato.isoformat(), endelse="xlsx")
    return send_regneark(navn, tegninger.workbook(svarene))


@nettverksside("rolu.view_samling")
@require_safe
def evaluering_utskrift(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """A poster, and slips for the tables, with the code."""
    samling, undersokelse = _survey(request, nettverk, pk)
    return send_pdf(*evaluering.slips(samling, undersokelse))


@nettverksside("rolu.view_samling")
@require_POST
def evaluering_tekst(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Take a text out of what others see, or bring it back."""
    samling, undersokelse = _survey(request, nettverk, pk)
    form = TekstvisningForm(request.POST)
    if form.is_valid():
        skjul = form.cleaned_data["skjul"] == "ja"
        takk = _("Teksten er skjult.") if skjul else _("Teksten vises igjen.")
        with told(request) as utfall:
            if resultat.hide(undersokelse, str(form.cleaned_data["tekst"]), skjul=skjul):
                utfall.takk = takk
    return _back(samling)


# --- the questions, until it is opened


@nettverksside("rolu.view_samling")
@require_http_methods(["GET", "HEAD", "POST"])
@told_when_locked
def evaluering_sporsmaal(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The questions in order, and a new one of the kind that is asked for (`?type=`)."""
    samling, undersokelse = _survey(request, nettverk, pk, hent=fetch_med_tall)
    if not undersokelse.er_kladd:
        return _back(samling)
    valgt = NyttSporsmaalForm(request.GET)
    form = None
    if valgt.is_valid():
        form = SporsmaalForm(
            **sent(request),
            type_=valgt.cleaned_data["type"],
            initial={"valg": _steps_of_before(undersokelse)}
            if valgt.cleaned_data["type"] == Sporsmaal.Type.SKALA
            else None,
        )
    elif request.method == "POST":
        return _back(samling, "evaluering_sporsmaal")

    def add() -> str:
        assert form is not None
        with evaluering.changing(samling):
            skjemaer.add(undersokelse, felt={**form.felt, "type": form.type})
        return reverse("rolu:evaluering_sporsmaal", args=[nettverk.slug, pk])

    if form is not None:
        with told(request, form=form):
            if videre := form.once(request.user, add):
                return redirect(videre)
    return _questions_page(request, samling, undersokelse, form)


def _steps_of_before(undersokelse: Undersokelse) -> str:
    """Another scale most often has the steps that the first has, a line each."""
    skala = undersokelse.skjema.sporsmaal.filter(type=Sporsmaal.Type.SKALA).first()
    return "\n".join(skala.valg) if skala else ""


def _questions_page(
    request: PortalRequest,
    samling: Samling,
    undersokelse: Undersokelse,
    form: SporsmaalForm | None,
    ett: Sporsmaal | None = None,
) -> HttpResponse:
    alle = skjemaer.questions(undersokelse.skjema)
    return render(
        request,
        "rolu/evaluering_sporsmaal.html",
        {
            **samlingsside(request, samling, "samling_evaluering"),
            "undersokelse": undersokelse,
            "sporsmaal": alle,
            "form": form,
            "ett": ett,
            "typen": Sporsmaal.Type(form.type).label if form else "",
            "typer": Sporsmaal.Type.choices,
        },
        status=form_status(form),
    )


@nettverksside("rolu.view_samling")
@require_http_methods(["GET", "HEAD", "POST"])
@told_when_locked
def sporsmaal_rediger(
    request: PortalRequest, nettverk: Nettverk, pk: int, noekkel: str
) -> HttpResponse:
    """Write a question otherwise."""
    samling, undersokelse = _survey(request, nettverk, pk, hent=fetch_med_tall)
    if not undersokelse.er_kladd:
        return _back(samling)
    ett = _question(undersokelse, noekkel)
    form = SporsmaalForm(**sent(request), instance=ett, type_=ett.type)
    if request.method == "POST" and form.is_valid():
        takk = _("Spørsmålet er lagret.")
        with told(request, takk, form=form) as utfall, evaluering.changing(samling):
            skjemaer.change(undersokelse, noekkel, felt=form.felt)
        if not utfall.nei:
            return _back(samling, "evaluering_sporsmaal")
    return _questions_page(request, samling, undersokelse, form, ett)


def _question(undersokelse: Undersokelse, noekkel: str) -> Sporsmaal:
    if ett := _find(undersokelse, noekkel):
        return ett
    raise Http404


def _find(undersokelse: Undersokelse, noekkel: str) -> Sporsmaal | None:
    alle = skjemaer.questions(undersokelse.skjema)
    return next((ett for ett in alle if ett.noekkel == noekkel), None)


@nettverksside("rolu.view_samling")
@require_POST
@told_when_locked
def sporsmaal_flytt(
    request: PortalRequest, nettverk: Nettverk, pk: int, noekkel: str
) -> HttpResponse:
    """Let a question stand in another place."""
    samling, undersokelse = _survey(request, nettverk, pk)
    ett = _question(undersokelse, noekkel)
    form = PlassForm(request.POST)
    if form.is_valid():
        takk = fill_in(_("«%(tekst)s» er flyttet."), tekst=innhold(ett.tekst, nettverk))
        with told(request, takk), evaluering.changing(samling):
            skjemaer.move(undersokelse, noekkel, plass=form.cleaned_data["plass"])
    return _back(samling, "evaluering_sporsmaal")


@nettverksside("rolu.view_samling")
@require_POST
@told_when_locked
def sporsmaal_fjern(
    request: PortalRequest, nettverk: Nettverk, pk: int, noekkel: str
) -> HttpResponse:
    """Ask it no more. Nobody has answered it, so nothing is lost but its words."""
    samling, undersokelse = _survey(request, nettverk, pk)
    ett = _find(undersokelse, noekkel)
    if ett is None:  # pressed twice
        return _back(samling, "evaluering_sporsmaal")
    takk = fill_in(_("«%(tekst)s» er fjernet."), tekst=innhold(ett.tekst, nettverk))
    with told(request, takk), evaluering.changing(samling):
        skjemaer.remove(undersokelse, noekkel)
    return _back(samling, "evaluering_sporsmaal")
