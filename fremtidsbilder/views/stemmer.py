"""The voices of a tankesmie, for those who lead it: read them, and say what may be shown outside it."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fremtidsbilder import lister
from fremtidsbilder.forms.moderering import AngreForm, AvgjoerelseForm, StemmefilterForm
from fremtidsbilder.models import Bidrag, Tankesmie
from fremtidsbilder.tankesmier import moderering
from fremtidsbilder.tankesmier.moderering import GODKJENN, HOLD, SKJUL
from fremtidsbilder.tankesmier.vegg import may_name_a_child
from nettverk.models import Nettverk
from nettverk.side.liste import Brikke, chips, chosen, read_liste
from nettverk.side.utenfra import own_path
from nettverk.skriving.navnesjekk import look_for_staff
from nettverk.skriving.svar import Angring, told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev

ALLE = "alle"


def fetch_tankesmie(request: PortalRequest, pk: int) -> Tankesmie:
    """A tankesmie that the person leads, held for itself or at a gathering."""
    synlige = Tankesmie.objects.visible_to(request.roller)
    tankesmie: Tankesmie = get_object_or_404(
        synlige.select_related("kommune", "enhet", "gruppe").defer("kommune__grense"), pk=pk
    )
    tankesmie.nettverk = request.nettverk
    krev(request.user, "fremtidsbilder.lead_tankesmie", tankesmie)
    return tankesmie


def fetch_own_tankesmie(request: PortalRequest, pk: int) -> Tankesmie:
    """The same, held for itself: what is said at a gathering is brought in from its own page, which may be locked."""
    tankesmie = fetch_tankesmie(request, pk)
    if not tankesmie.frittstaaende:
        raise Http404
    return tankesmie


@nettverksside("fremtidsbilder.hold_tankesmie")
@require_http_methods(["GET", "HEAD", "POST"])
def stemmer(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The queue of those that nobody has read, and the others by how they stand. POST decides, or undoes."""
    tankesmie = fetch_tankesmie(request, pk)
    if request.method == "POST":
        return _undo(request, tankesmie) if "angre" in request.POST else _decide(request, tankesmie)
    form = StemmefilterForm(request.GET, tankesmie=tankesmie)
    alle = form.filter(moderering.cards(tankesmie))
    tall = moderering.counts(alle)
    stand = chosen(request, "stand", {*tall}) or moderering.ULEST
    valgte = moderering.in_state(alle, stand)
    i_koe = stand == moderering.ULEST
    liste = read_liste(
        request,
        lister.STEMMER,
        moderering.queue(nettverk, valgte)
        if i_koe
        else valgte.order_by("-pk").values_list("pk", flat=True),
        form=form if form.fields else None,
        brikker=[_state_chips(request, tall, stand)],
        antall=tall[stand],
    )
    rader = _rows(nettverk, list(liste.side.object_list))
    mal = "fremtidsbilder/stemmer.html"
    return render(
        request,
        f"{mal}#liste" if request.htmx else mal,
        {
            "tankesmie": tankesmie,
            "liste": liste,
            "rader": rader,
            "har_merkede": any(rad["nevner_barn"] or rad["nevner"] for rad in rader),
            "i_koe": i_koe,
            "flere_sporsmaal": "sporsmaal" in form.fields,
            "alt_er_lest": not tall[moderering.ULEST],
            "har_stemmer": bool(tall[ALLE]) or liste.er_filtrert,
        },
    )


def _state_chips(request: PortalRequest, tall: dict[str, int], stand: str) -> list[Brikke]:
    """«Ikke lest» is what one comes to, so it is no choice."""
    valg = [
        ("", _("Ikke lest"), tall[moderering.ULEST]),
        (moderering.GODKJENT, _("Godkjent"), tall[moderering.GODKJENT]),
        (moderering.HOLDT, _("Holdt tilbake"), tall[moderering.HOLDT]),
        (moderering.SKJULT, _("Skjult"), tall[moderering.SKJULT]),
        (ALLE, _("Alle"), tall[ALLE]),
    ]
    return chips(request, "stand", valg)


def _rows(nettverk: Nettverk, pk_er: list[int]) -> list[dict[str, object]]:
    """The cards of the page in their order, with what to look at once more and who decided each. Five queries."""
    funnet = (
        Bidrag.objects.filter(pk__in=pk_er)
        .select_related("gruppe", "sporsmaal", "klynge", "kommune")
        .defer("kommune__grense")
        .prefetch_related("bilder")
        .in_bulk()
    )
    kortene = [funnet[pk] for pk in pk_er if pk in funnet]
    hvem = moderering.decided_by(kortene)
    ansatte = look_for_staff(
        nettverk, [moderering.said(kort.tekst, kort.om_hvem) for kort in kortene]
    )
    return [
        {
            "kort": kort,
            "merke": f"{kort.pk}.{moderering.seen(kort)}",
            "nevner_barn": may_name_a_child(moderering.said(kort.tekst, kort.om_hvem)),
            "nevner": ", ".join(folk),
            "avgjort": hvem.get(kort.pk),
        }
        for kort, folk in zip(kortene, ansatte, strict=True)
    ]


def queue_address(tankesmie: Tankesmie) -> str:
    """Where those who lead the tankesmie read what is written."""
    return reverse("fremtidsbilder:stemmer", args=[tankesmie.nettverk.slug, tankesmie.pk])


def _back(request: PortalRequest, tankesmie: Tankesmie) -> str:
    return own_path(request, request.POST.get("tilbake", "")) or queue_address(tankesmie)


def _decide(request: PortalRequest, tankesmie: Tankesmie) -> HttpResponse:
    data = request.POST.copy()
    if en := data.get("en"):
        # One card's own button: what else is ticked, waits.
        handling, _skille, kort = en.partition(":")
        data["handling"] = handling
        data.setlist("valgt", [kort])
    form = AvgjoerelseForm(data)
    if not form.is_valid():
        messages.error(request, form.why_not())
        return redirect(_back(request, tankesmie))
    valg, lest = form.cleaned_data["handling"], form.cleaned_data["valgt"]
    with told(request) as utfall:
        avgjort = moderering.decide(tankesmie, lest, valg=valg, grunn=form.cleaned_data["grunn"])
        if avgjort.antall:
            utfall.takk = _said(valg, avgjort.antall, avgjort.skjulte)
            tilbake = request.POST.get("tilbake", "")
            utfall.angre = how_undone(tankesmie, valg, avgjort.foer, tilbake=tilbake)
        if avgjort.endret:
            messages.warning(request, _left_alone(avgjort.endret))
    return redirect(_back(request, tankesmie))


def _said(valg: str, n: int, skjulte: int) -> str:
    ord_ = {
        GODKJENN: ngettext("%(n)s bidrag er godkjent.", "%(n)s bidrag er godkjent.", n),
        HOLD: ngettext("%(n)s bidrag er holdt tilbake.", "%(n)s bidrag er holdt tilbake.", n),
        SKJUL: ngettext("%(n)s bidrag er skjult.", "%(n)s bidrag er skjult.", n),
    }
    sagt = ord_[valg] % {"n": n}
    if not skjulte:
        return sagt
    ogsaa = ngettext("%(n)s er skjult på veggen også.", "%(n)s er skjult på veggen også.", skjulte)
    return f"{sagt} {ogsaa % {'n': skjulte}}"


def _left_alone(n: int) -> str:
    return ngettext(
        "%(n)s bidrag er endret eller avgjort av noen andre mens du leste. Les det en gang til.",
        "%(n)s bidrag er endret eller avgjort av noen andre mens du leste. Les dem en gang til.",
        n,
    ) % {"n": n}


def how_undone(
    tankesmie: Tankesmie, valg: str, foer: Mapping[int, str], *, tilbake: str
) -> Angring:
    """How what was decided of these cards is undone; from there one comes back to `tilbake`."""
    felt = {
        "angre": valg,
        "foer": "-".join(f"{pk}.{stod}" for pk, stod in foer.items()),
        "tilbake": tilbake,
    }
    return Angring(queue_address(tankesmie), felt)


def _undo(request: PortalRequest, tankesmie: Tankesmie) -> HttpResponse:
    form = AngreForm(request.POST)
    if form.is_valid():
        with told(request) as utfall:
            n = moderering.undo(
                tankesmie, form.cleaned_data["foer"], valg=form.cleaned_data["angre"]
            )
            utfall.takk = (
                _("Det er angret.")
                if n
                else _("Noen andre har avgjort det på nytt, så ingenting er angret.")
            )
    return redirect(_back(request, tankesmie))
