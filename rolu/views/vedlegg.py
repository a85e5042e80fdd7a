"""Files of a unit's log: added, described, ordered, removed, and served to those who may see them.

Each act works as an ordinary form. static/js/bilder.js sends the same with the header of what the page itself sends
(`saves_itself`), and gets JSON: `html`, the file's row drawn anew, or `feil`, why not.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nettverk.filer.bilder import FORMATER
from nettverk.filer.filtyper import FILM, TILLATTE_TYPER
from nettverk.filer.opplasting import takes_film
from nettverk.filer.utlevering import send_fil, send_opptak
from nettverk.models import Nettverk
from nettverk.side.filfelt import hva_som_kan_ligge_i_loggen
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.autolagring import saves_itself
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from rolu.forms.mellomarbeid import AnsikterForm, BeskrivelseForm, FilflyttForm, VedleggForm
from rolu.mellomarbeid import logg
from rolu.mellomarbeid import vedlegg as handling
from rolu.mellomarbeid.faser import phase
from rolu.models import Loggpost, Mellomarbeid, Vedlegg
from rolu.views.mellomarbeid import fetch, removable

# --- the file itself


@nettverksside("rolu.view_oppdrag")
@require_safe
def vedlegg(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponseBase:
    """The file itself, for those who may see it. Film and sound a part at a time, when the browser asks so."""
    fil = get_object_or_404(Vedlegg.objects.visible_to(request.roller), pk=pk)
    return send_opptak(request, fil.fil, navn=fil.navn, mimetype=fil.mimetype)


@nettverksside("rolu.view_oppdrag")
@require_safe
def vedlegg_liten(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponseBase:
    """A picture's smaller copy; the picture itself where there is none."""
    fil = get_object_or_404(Vedlegg.objects.visible_to(request.roller).pictures(), pk=pk)
    if not fil.liten:
        return send_fil(fil.fil, navn=fil.navn, mimetype=fil.mimetype)
    return send_fil(fil.liten, navn="liten.webp", mimetype="image/webp")


# --- added


@takes_film
@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def vedlegg_ny(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Add one or several files to the whole."""
    arbeid = fetch(request, nettverk, pk)
    krev(request.user, "rolu.write_mellomarbeid", arbeid)
    if lukket := logg.closed(arbeid):
        return _closed(request, arbeid, lukket)
    form = VedleggForm(**sent(request))
    if request.method == "POST" and form.is_valid():
        filer = form.cleaned_data["filer"]
        with told(request, _thanks(len(filer)), form=form, filfelt="filer"):
            handling.add(
                mellomarbeid=arbeid,
                filer=filer,
                beskrivelse=form.cleaned_data["beskrivelse"],
                by=request.user,
            )
        if form.is_valid():
            return _back_to_files(nettverk, pk)
    return render(
        request,
        "rolu/mellomarbeid_vedlegg.html",
        {"arbeid": arbeid, "enhet": arbeid.gruppe.enhet, "form": form},
        status=form_status(form),
    )


@takes_film
@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def loggpost_filer(
    request: PortalRequest, nettverk: Nettverk, pk: int, noekkel: uuid.UUID
) -> HttpResponse:
    """The files of one entry, and the form that adds some; also before the entry has its first word."""
    arbeid = fetch(request, nettverk, pk)
    krev(request.user, "rolu.write_mellomarbeid", arbeid)
    if lukket := logg.closed(arbeid):
        return _closed(request, arbeid, lukket)
    post = arbeid.loggposter.filter(noekkel=noekkel).first()
    form = VedleggForm(**sent(request), initial={"beskrivelse": handling.proposal(post)})

    def save() -> list[Vedlegg]:
        nye = handling.add_to_entry(
            mellomarbeid=arbeid,
            noekkel=noekkel,
            fase=phase(request.POST.get("fase", "")),
            filer=form.cleaned_data["filer"],
            beskrivelse=form.cleaned_data["beskrivelse"],
            by=request.user,
        )
        if saves_itself(request):
            # The answer may have been lost on its way: what lies there already is answered as what is new.
            return handling.those_of(form.cleaned_data["filer"], noekkel=noekkel)
        return nye

    try:
        if request.method == "POST" and saves_itself(request):
            return _added(request, arbeid, form, save)
        if request.method == "POST" and form.is_valid():
            with told(request, form=form, filfelt="filer") as utfall:
                utfall.takk = _thanks(len(save()))
            if form.is_valid():
                return redirect(request.path)
    except Loggpost.DoesNotExist:
        raise Http404 from None
    filer = list(post.vedlegg.select_related("lastet_opp_av", "ansikter_av")) if post else []
    return render(
        request,
        "rolu/loggpost_filer.html",
        {
            "arbeid": arbeid,
            "enhet": arbeid.gruppe.enhet,
            "noekkel": noekkel,
            "filer": filer,
            "kan_slettes": removable(request, arbeid, filer),
            "kan_skrive": True,
            "kan_svare": True,
            "form": form,
        },
        status=form_status(form),
    )


def _added(
    request: PortalRequest,
    arbeid: Mellomarbeid,
    form: VedleggForm,
    save: Callable[[], list[Vedlegg]],
) -> JsonResponse:
    """The answer to the page: a row for each file."""
    if not form.is_valid():
        return _refused(form)
    try:
        filer = save()
    except KanIkke as feil:
        return _cannot(feil)
    return _rows(request, arbeid, filer)


def _closed(request: PortalRequest, arbeid: Mellomarbeid, hvorfor: str) -> HttpResponse:
    """Said before the files are looked into."""
    if request.method == "POST" and saves_itself(request):
        return JsonResponse({"feil": hvorfor}, status=409)
    messages.info(request, hvorfor)
    return redirect("rolu:mellomarbeid", request.nettverk.slug, arbeid.pk)


def _thanks(antall: int) -> str:
    if not antall:
        return _("Fila er allerede lagt ved.")
    takk = ngettext("Fila er lagt ved.", "%(n)s filer er lagt ved.", antall)
    return takk % {"n": antall}


# --- changed


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def vedlegg_beskriv(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Say what a picture shows."""
    fil = _own_file(request, nettverk, pk)
    forslag = fil.alternativ_tekst or handling.proposal(fil.loggpost)
    form = BeskrivelseForm(**sent(request), initial={"beskrivelse": forslag})
    return _changed(
        request,
        fil,
        form,
        lambda: handling.describe(fil, **form.cleaned_data),
        takk=_("Beskrivelsen er lagret."),
        hva="beskriv",
    )


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def vedlegg_ansikter(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Say whether there are faces in a picture or a film, and that those who are seen have consented."""
    fil = _own_file(request, nettverk, pk)
    if not fil.viser_folk:
        raise Http404
    form = AnsikterForm(**sent(request), initial={"ansikter": fil.ansikter})
    return _changed(
        request,
        fil,
        form,
        lambda: handling.answer(fil, ansikter=form.svar, by=request.user),
        takk=_("Svaret er lagret."),
        hva="ansikter",
    )


@nettverksside("rolu.view_oppdrag")
@require_POST
def vedlegg_flytt(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Move a file one place in the order."""
    fil = _own_file(request, nettverk, pk)
    form = FilflyttForm(request.POST)
    if not form.is_valid():
        return _refused(form)
    return _done(request, fil, lambda: handling.move(fil, **form.cleaned_data))


def _done(
    request: PortalRequest, fil: Vedlegg, save: Callable[[], object], *, takk: str = ""
) -> HttpResponse:
    """What leaves no row to draw: done, and back to where the file is seen."""
    sted = _place_of(request.nettverk, fil)
    if saves_itself(request):
        try:
            save()
        except KanIkke as feil:
            return _cannot(feil)
        return JsonResponse({"html": ""})
    with told(request, takk):
        save()
    return redirect(sted)


def _changed(
    request: PortalRequest,
    fil: Vedlegg,
    form: Any,
    save: Callable[[], object],
    *,
    takk: str,
    hva: str,
) -> HttpResponse:
    """A page with one question about a file, and the answer to it."""
    if request.method == "POST" and saves_itself(request):
        if not form.is_valid():
            return _refused(form)
        try:
            save()
            fil.refresh_from_db()
        except KanIkke as feil:
            return _cannot(feil)
        except Vedlegg.DoesNotExist:
            return _cannot(KanIkke(handling.ER_SLETTET))
        return _rows(request, fil.mellomarbeid, [fil])
    if request.method == "POST" and form.is_valid():
        with told(request, takk):
            save()
        return redirect(_place_of(request.nettverk, fil))
    return render(
        request,
        "rolu/mellomarbeid_vedlegg.html",
        {
            "arbeid": fil.mellomarbeid,
            "enhet": fil.mellomarbeid.gruppe.enhet,
            "form": form,
            "fil": fil,
            "hva": hva,
            "tilbake_url": _place_of(request.nettverk, fil),
        },
        status=form_status(form),
    )


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def vedlegg_slett(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Ask, then remove a file."""
    fil = _visible_file(request, nettverk, pk)
    krev(request.user, "rolu.remove_vedlegg", fil)
    if request.method == "POST":
        return _done(request, fil, lambda: handling.remove(fil), takk=_("Fila er slettet."))
    return render(
        request,
        "bekreft.html",
        {
            "tittel": _("Slette «%(fil)s»?") % {"fil": fil.navn},
            "tekst": _("Fila blir borte for godt."),
            "knapp": _("Slett fila"),
            "avbryt_url": _place_of(nettverk, fil),
        },
    )


# --- the answers


def files_of(request: PortalRequest, arbeid: Mellomarbeid, post: Loggpost | None) -> dict[str, Any]:
    """What templates/rolu/_loggpost_filer.html needs, in the page where an entry is written."""
    filer = list(post.vedlegg.select_related("lastet_opp_av", "ansikter_av")) if post else []
    noekkel = request.resolver_match.kwargs["noekkel"] if request.resolver_match else ""
    return {
        "filer": filer,
        "filer_url": reverse(
            "rolu:loggpost_filer", args=[request.nettverk.slug, arbeid.pk, noekkel]
        ),
        "filgrenser": Filgrenser(),
        "kan_slettes": removable(request, arbeid, filer),
        "kan_skrive": True,
        "kan_svare": True,
    }


class Filgrenser:
    """What may be added, as the page says it and its script asks before anything is sent."""

    maks = settings.OPPLASTING_MAKS
    film = settings.OPPLASTING_FILM_MAKS
    film_typer = ",".join(FILM)
    bilder = ",".join(FORMATER)
    bilder_og_film = ",".join([*FORMATER, *dict.fromkeys(FILM.values())])
    alle = ",".join([*TILLATTE_TYPER, *FILM])

    @property
    def tekst(self) -> str:
        return str(hva_som_kan_ligge_i_loggen(self.maks, self.film))


def _rows(request: PortalRequest, arbeid: Mellomarbeid, filer: list[Vedlegg]) -> JsonResponse:
    """The files as they stand in the page of an entry."""
    kontekst = {
        "nettverk": request.nettverk,
        "kan_slettes": removable(request, arbeid, filer),
        "kan_skrive": not logg.closed(arbeid),
        "kan_svare": True,
        "i_notatet": True,
    }
    rader = [
        render_to_string("rolu/_vedleggsrad.html", {**kontekst, "fil": fil}, request)
        for fil in filer
    ]
    return JsonResponse({"html": "".join(rader)})


def _refused(form: Any) -> JsonResponse:
    feil = [str(melding) for meldinger in form.errors.values() for melding in meldinger]
    return JsonResponse({"feil": " ".join(feil)}, status=422)


def _cannot(feil: KanIkke) -> JsonResponse:
    return JsonResponse({"feil": str(feil)}, status=422 if feil.om_fila else 409)


def _own_file(request: PortalRequest, nettverk: Nettverk, pk: int) -> Vedlegg:
    """A file the person may see, in a mellomarbeid that they write in."""
    fil = _visible_file(request, nettverk, pk)
    krev(request.user, "rolu.write_mellomarbeid", fil.mellomarbeid)
    return fil


def _visible_file(request: PortalRequest, nettverk: Nettverk, pk: int) -> Vedlegg:
    fil = get_object_or_404(
        Vedlegg.objects.visible_to(request.roller).select_related(
            "mellomarbeid__oppdrag", "mellomarbeid__gruppe__enhet", "loggpost", "ansikter_av"
        ),
        pk=pk,
    )
    fil.mellomarbeid.oppdrag.nettverk = nettverk
    return fil


def _place_of(nettverk: Nettverk, fil: Vedlegg) -> str:
    """Where the file is seen: with its entry, or among those of the whole."""
    sted = f"#notat-{fil.loggpost_id}" if fil.loggpost_id else "#vedlegg"
    return reverse("rolu:mellomarbeid", args=[nettverk.slug, fil.mellomarbeid_id]) + sted


def _back_to_files(nettverk: Nettverk, pk: int) -> HttpResponse:
    return redirect(reverse("rolu:mellomarbeid", args=[nettverk.slug, pk]) + "#vedlegg")
