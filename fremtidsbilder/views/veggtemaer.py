"""Themes on the walls of a tankesmie, for those who lead it: those that its cards suggest, and which theme of the network
each is part of."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fremtidsbilder.forms.tema import NYTT, ForslagForm, LoeftForm, read_keys
from fremtidsbilder.models import Klynge, Samtalesporsmaal, Tema
from fremtidsbilder.tankesmier import forslag, temastemmer
from fremtidsbilder.views.stemmer import fetch_tankesmie
from nettverk.models import Nettverk
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import whole_number
from nettverk.skriving.konflikt import Borte
from nettverk.skriving.svar import Angring, told
from nettverk.tilgang.sider import PortalRequest, nettverksside


@nettverksside("fremtidsbilder.hold_tankesmie")
@require_http_methods(["GET", "HEAD", "POST"])
def temaforslag(
    request: PortalRequest, nettverk: Nettverk, pk: int, sporsmaal_pk: int
) -> HttpResponse:
    """The themes that the cards suggest; POST takes one, or undoes it."""
    tankesmie = fetch_tankesmie(request, pk)
    # The wall of a gathering is arranged from the gathering, which may be locked.
    sporsmaal: Samtalesporsmaal = get_object_or_404(
        tankesmie.sporsmaal.filter(tankesmie__frittstaaende=True), pk=sporsmaal_pk
    )
    sporsmaal.tankesmie = tankesmie
    if "angre" in request.POST:
        with told(request, _("Det er angret.")):
            forslag.undo(
                sporsmaal,
                tema=whole_number(request.POST["angre"]) or 0,
                kort=read_keys(request.POST.get("kort", "")),
            )
        return redirect(request.path)
    form = ForslagForm(**sent(request))
    if form.is_valid():
        with told(request, form=form) as utfall:
            klynge, kort = forslag.take(sporsmaal, **form.cleaned_data)
            utfall.takk = _taken(klynge, len(kort), nettverk)
            felt = {"angre": str(klynge.pk), "kort": "-".join(map(str, kort))}
            utfall.angre = Angring(request.path, felt)
        if not utfall.nei:
            return redirect(request.path)
    return render(
        request,
        "fremtidsbilder/temaforslag.html",
        {
            "tankesmie": tankesmie,
            "sporsmaal": sporsmaal,
            "form": form,
            "forslagene": [
                {"nr": nr, "forslag": f, "kort": "-".join(str(k.pk) for k in f.kort)}
                for nr, f in enumerate(forslag.suggest(sporsmaal), start=1)
            ],
            "uten_tema": sporsmaal.bidrag.shown().filter(klynge__isnull=True).count(),
        },
        status=form_status(form),
    )


def _taken(klynge: Klynge, n: int, nettverk: Nettverk) -> str:
    setning = ngettext(
        "Temaet «%(navn)s» har fått %(n)s bidrag.", "Temaet «%(navn)s» har fått %(n)s bidrag.", n
    )
    return fill_in(setning, navn=innhold(klynge.navn, nettverk), n=n)


@nettverksside("fremtidsbilder.hold_tankesmie")
@require_http_methods(["GET", "HEAD", "POST"])
def veggtemaer(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Which theme of the network each theme on the walls is part of; POST says one."""
    tankesmie = fetch_tankesmie(request, pk)
    klynger = temastemmer.on_walls(tankesmie)
    for klynge in klynger:
        klynge.sporsmaal.tankesmie = tankesmie
    if request.method == "POST":
        _lift(request, klynger)
        return redirect("fremtidsbilder:veggtemaer", nettverk.slug, pk)
    temaer = list(nettverk.temaer.all())
    like = {tema.navn.casefold(): tema for tema in temaer}
    return render(
        request,
        "fremtidsbilder/veggtemaer.html",
        {
            "tankesmie": tankesmie,
            "rader": [_row(klynge, like.get(klynge.navn.casefold())) for klynge in klynger],
            "sporsmaalene": list(tankesmie.sporsmaal.all()),
            "flere_sporsmaal": len({klynge.sporsmaal_id for klynge in klynger}) > 1,
            "temaer": temaer,
            "nytt": NYTT,
        },
    )


def _row(klynge: Klynge, lik: Any) -> dict[str, Any]:
    """With the theme of the same name as the likely one, where none is chosen."""
    return {"klynge": klynge, "valgt": klynge.tema or lik, "finnes": lik is not None}


def _chosen(nettverk: Nettverk, valg: str) -> Tema | None:
    """None when none is chosen. Raises Borte when it is no more."""
    if not valg:
        return None
    tema = nettverk.temaer.filter(pk=whole_number(valg) or 0).first()
    if tema is None:
        raise Borte(_("Temaet er slått sammen med et annet. Velg på nytt."))
    return tema


def _lift(request: PortalRequest, klynger: list[Klynge]) -> None:
    form = LoeftForm(request.POST)
    valg = form.cleaned_data if form.is_valid() else {}
    klynge = next((k for k in klynger if k.pk == valg.get("klynge")), None)
    if klynge is None:
        messages.error(request, _("Temaet er fjernet fra veggen."))
        return
    nettverk, tidligere = request.nettverk, klynge.tema_id
    with told(request) as utfall:
        if valg["tema"] == NYTT:
            temastemmer.lift_to_new(klynge, navn=klynge.navn)
        else:
            temastemmer.lift(klynge, tema=_chosen(nettverk, valg["tema"]))
        utfall.takk = fill_in(_("«%(navn)s» er lagret."), navn=innhold(klynge.navn, nettverk))
        felt = {"klynge": str(klynge.pk), "tema": str(tidligere or "")}
        utfall.angre = Angring(
            reverse(
                "fremtidsbilder:veggtemaer", args=[nettverk.slug, klynge.sporsmaal.tankesmie_id]
            ),
            felt,
        )
