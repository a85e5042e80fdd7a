"""A unit's log, and the list of where every unit is."""

import datetime
from collections import Counter
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kommuner.gyldighet import idag
from nettverk.filer.utlevering import note_export, send_regneark
from nettverk.flater import menyen
from nettverk.models import Nettverk, Rolle, Verv
from nettverk.roedtraad.flate import section
from nettverk.side.liste import FORMAT, PER_SIDE, Brikke, chips, fetched, read_liste
from nettverk.side.utenfra import whole_number
from nettverk.sikkerhet.fersk import fersk_for_fil, fersk_innlogging
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from rolu import lister
from rolu.forms.mellomarbeid import MellomarbeidFilter, VedleggForm
from rolu.forms.praksis import proposed_day
from rolu.mellomarbeid import innlevering, logg, mangelliste, mellomarbeidsliste
from rolu.mellomarbeid.faser import LEDETEKSTER, covered, left, phase, proposed
from rolu.mellomarbeid.framdrift import progress
from rolu.mellomarbeid.frister import is_waited_for, nearest, waits_first
from rolu.mellomarbeid.logg import new_key
from rolu.mellomarbeid.mangelliste import Mangler, as_sheet, as_text, mangler_i
from rolu.mellomarbeid.mellomarbeidsliste import UTEN_SVAR
from rolu.mellomarbeid.oppdrag import audience, bound_to, is_within
from rolu.mellomarbeid.praksis import with_ideas
from rolu.mellomarbeid.tilbakemelding import of_use
from rolu.mellomarbeid.utdrag import after_first, first_sentence
from rolu.mellomarbeid.vedlegg import hang
from rolu.models import Loggpost, Mellomarbeid, Oppdrag, Praksisfortelling, Vedlegg
from rolu.models.mellomarbeid import SIER_MEST, MellomarbeidQuerySet
from rolu.models.oppdrag import OppdragQuerySet
from rolu.views.praksis import may_use, more, told_of
from rolu.views.traad import thread_context

# A list that is printed is all of it.
MAKS_PAA_PAPIR = 2000


def fetch(
    request: PortalRequest, nettverk: Nettverk, pk: int, *, hele: bool = False
) -> Mellomarbeid:
    """The mellomarbeid, if the person may see it; 404 otherwise. `hele`: with all that its own page says."""
    synlige = Mellomarbeid.objects.visible_to(request.roller)
    arbeid = get_object_or_404(
        (with_ideas(synlige.with_stage().with_told()) if hele else synlige).select_related(
            "oppdrag__samling",
            "oppdrag__laeringsloype",
            "oppdrag__modul",
            "gruppe__enhet",
            "kommune",
            "levert_av",
        ),
        pk=pk,
    )
    arbeid.oppdrag.nettverk = nettverk
    return arbeid


def fetch_to_save(request: PortalRequest, nettverk: Nettverk, pk: int) -> Mellomarbeid:
    """As `fetch`, for a page that saves itself: no more than whose it is and what is asked. What is not of the person's
    own units is found, or not, as any other."""
    egne = Mellomarbeid.objects.of_own_units(request.roller).select_related("oppdrag", "gruppe")
    arbeid = egne.filter(pk=pk).first()
    if arbeid is None:
        return fetch(request, nettverk, pk)
    arbeid.oppdrag.nettverk = nettverk
    return arbeid


@nettverksside("rolu.view_oppdrag")
@require_safe
def mellomarbeid_list(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Where every unit is with one assignment, for those who follow up; for others where the own unit is.

    `?oppdrag=` chooses the assignment, on both.
    """
    if request.GET.get("vis") == "mine" or not kan(
        request.user, "rolu.follow_mellomarbeid", nettverk
    ):
        return _own(request, nettverk)
    foelges = Mellomarbeid.objects.followed_by(request.roller)
    oppdragene, valgt = _to_follow(request, nettverk, foelges)
    kontekst: dict[str, Any] = {
        "oppdragene": [(o, is_waited_for(o)) for o in oppdragene],
        "valgt": valgt,
        "faner": _tabs(request),
        "kan_gi": kan(request.user, "rolu.give_oppdrag", nettverk),
        "kan_stoette": kan(request.user, "rolu.view_stoette", nettverk),
    }
    if valgt:
        kontekst |= _units(request, nettverk, foelges.filter(oppdrag=valgt), valgt)
        kontekst["framdrift"] = progress(valgt, kontekst["per_kommune"], slug=nettverk.slug)
        kontekst["mangler"] = 0 if valgt.trukket else valgt.antall - valgt.levert
        kontekst |= _may_do(request, nettverk, valgt)
        kontekst["seksjoner"] = section(valgt, request.roller)
    mal = "rolu/mellomarbeid_list.html" + ("#liste" if request.htmx else "")
    return render(request, mal, kontekst)


def _may_do(request: PortalRequest, nettverk: Nettverk, valgt: Oppdrag) -> dict[str, bool]:
    """Whether the person may change the assignment, and give it to units that have come since."""
    valgt.nettverk = nettverk
    if not kan(request.user, "rolu.give_oppdrag_i_loype", valgt):
        return {"kan_endre": False}
    return {
        "kan_endre": True,
        "kan_gis_nye": is_within(audience(valgt), bound_to(request.roller)),
    }


def _to_follow(
    request: PortalRequest, nettverk: Nettverk, foelges: MellomarbeidQuerySet
) -> tuple[list[Any], Any]:
    """The assignments with how many of `foelges` have delivered, and the one in the address; else the one
    that waits most, and None when there are none."""
    alle = (
        Oppdrag.objects.filter(nettverk=nettverk)
        .with_status(foelges)
        .select_related("laeringsloype", "mottakere")
    )
    oppdragene = waits_first(alle[:30])
    return oppdragene, _asked_for(request, alle, oppdragene) or next(iter(oppdragene), None)


def _units(
    request: PortalRequest,
    nettverk: Nettverk,
    arbeidene: MellomarbeidQuerySet,
    valgt: Oppdrag,
) -> dict[str, Any]:
    """The units of one assignment: how many have come how far, and a page of them; all of them on paper."""
    per_kommune = mellomarbeidsliste.per_kommune(arbeidene, request.roller)
    form = MellomarbeidFilter(
        request.GET, kommuner=[(r["kommune"], r["kommune__navn"]) for r in per_kommune]
    )
    flere_kommuner = len(per_kommune) > 1
    paa_papir = request.GET.get(FORMAT) == "utskrift"
    funnet = form.filter(arbeidene)
    antall = (
        mellomarbeidsliste.how_many(funnet, request.roller)
        if form.cleaned_data.get("q")
        else mellomarbeidsliste.sum_up(per_kommune, form.cleaned_data.get("kommune"))
    )
    stander = mellomarbeidsliste.states_seen_by(request.roller)
    alle = sum(antall[stand] for stand in Mellomarbeid.Stand.values)
    valgte = mellomarbeidsliste.in_state(funnet, form.valgt_status, request.roller)
    liste = read_liste(
        request,
        lister.MELLOMARBEID,
        mellomarbeidsliste.as_rows(valgte),
        form=form,
        brikker=[
            chips(
                request,
                "status",
                [
                    ("", _("Alle"), alle),
                    *((s.value, capfirst(s.label), antall[s.value]) for s in stander),
                    (UTEN_SVAR, _("Uten tilbakemelding"), antall[UTEN_SVAR]),
                ],
                stand=mellomarbeidsliste.chip_marks(valgt),
            )
        ],
        lenker=[fetched(request, "utskrift")],
        antall=antall[form.valgt_status] if form.valgt_status else alle,
        beholdes=["oppdrag", FORMAT],
        per_side=MAKS_PAA_PAPIR if paa_papir else PER_SIDE,
    )
    return {
        "per_kommune": per_kommune,
        "liste": liste,
        "rader": mellomarbeidsliste.draw_rows(
            liste.side.object_list, nettverk=nettverk, frist=valgt.frist, kommune=flere_kommuner
        ),
        "flere_kommuner": flere_kommuner,
        "viser_framdrift": kan(request.user, "rolu.view_mangler", nettverk),
        "paa_papir": paa_papir,
    }


def _asked_for(
    request: PortalRequest, alle: OppdragQuerySet, oppdragene: list[Oppdrag]
) -> Oppdrag | None:
    """The assignment in the address; 404 when there is none such. None when the address names none."""
    oensket = request.GET.get("oppdrag", "")
    if not oensket:
        return None
    for oppdrag in oppdragene:
        if str(oppdrag.pk) == oensket:
            return oppdrag
    nummer = whole_number(oensket)
    if nummer is None:
        raise Http404
    return get_object_or_404(alle, pk=nummer)  # older than the list


def _tabs(request: PortalRequest) -> list[dict[str, Any]]:
    """Only those who both follow up and sit in a unit have two lists to choose between."""
    if not request.roller.enheter or not kan(
        request.user, "rolu.follow_mellomarbeid", request.nettverk
    ):
        return []
    mine = request.GET.get("vis") == "mine"
    return [
        {"label": _("Alle enheter"), "url": "?", "aktiv": not mine},
        {"label": _("Hos oss"), "url": "?vis=mine", "aktiv": mine},
    ]


def _own(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The assignments and how far the own unit has come; the current one, or the one asked for, first."""
    alle = Oppdrag.objects.filter(nettverk=nettverk).select_related("laeringsloype")
    oppdragene = list(alle[:30])
    spurt = _asked_for(request, alle, oppdragene)
    egne = (
        Mellomarbeid.objects.filter(
            oppdrag__in=[*oppdragene, spurt] if spurt else oppdragene,
            gruppe__enhet__in=request.roller.enheter,
        )
        .with_stage()
        .select_related("gruppe__enhet")
        .order_by("gruppe__enhet__sortering", "pk")
    )
    per_oppdrag: dict[int, list[Mellomarbeid]] = {}
    for arbeid in egne:
        per_oppdrag.setdefault(arbeid.oppdrag_id, []).append(arbeid)
    valgt = spurt or _current(oppdragene, per_oppdrag)
    valgte = per_oppdrag.get(valgt.pk, []) if valgt else []
    return render(
        request,
        "rolu/mellomarbeid_mine.html",
        {
            "valgt": valgt,
            "valgte": valgte,
            "venter": any(not (m.er_levert or m.trukket) for m in valgte),
            "andre": [
                {"oppdrag": oppdrag, "egne": per_oppdrag.get(oppdrag.pk, [])}
                for oppdrag in oppdragene
                if oppdrag != valgt
            ],
            "har_enhet": bool(request.roller.enheter),
            "flere_enheter": len(request.roller.enheter) > 1,
            "faner": _tabs(request),
        },
    )


def _current(
    oppdragene: list[Oppdrag], per_oppdrag: dict[int, list[Mellomarbeid]]
) -> Oppdrag | None:
    """What the unit has left to deliver: the nearest deadline ahead, else the last that passed."""
    spurt = [oppdrag for oppdrag in oppdragene if not oppdrag.trukket] or oppdragene
    venter = [o for o in spurt if any(not m.er_levert for m in per_oppdrag.get(o.pk, []))]
    egne = [oppdrag for oppdrag in spurt if oppdrag.pk in per_oppdrag]
    return nearest(venter) or nearest(egne or spurt)


@nettverksside("rolu.view_mangler")
@require_safe
def mellomarbeid_mangler(request: PortalRequest, nettverk: Nettverk) -> HttpResponseBase:
    """The units that have not delivered: to read, to copy as text, to fetch as a sheet, to print."""
    foelges = Mellomarbeid.objects.followed_by(request.roller)
    _oppdragene, valgt = _to_follow(request, nettverk, foelges)
    if valgt is None:
        return render(request, "rolu/mellomarbeid_mangler.html", {"valgt": None})
    alle_mangler = mangler_i(foelges.filter(oppdrag=valgt))
    form = MellomarbeidFilter(request.GET, kommuner=mangelliste.kommuner(alle_mangler))
    funnet = mangelliste.search(
        alle_mangler,
        q=form.cleaned_data.get("q") or "",
        kommune=form.cleaned_data.get("kommune"),
    )
    status = form.valgt_status
    mangler = [m for m in funnet if not status or m.stand_naa == status]
    if request.GET.get(FORMAT) == "xlsx":
        return _mangler_regneark(request, valgt, mangler)
    if request.GET.get(FORMAT) == "epost":
        return _mangler_epost(request, valgt, mangler)
    paa_papir = request.GET.get(FORMAT) == "utskrift"
    mal = "rolu/mellomarbeid_mangler.html"
    return render(
        request,
        f"{mal}#liste" if request.htmx else mal,
        {
            "valgt": valgt,
            "antall": len(alle_mangler),
            "liste": read_liste(
                request,
                lister.MANGLER,
                mangler,
                form=form,
                brikker=[_missing_chips(request, funnet, valgt)],
                lenker=[fetched(request, fil) for fil in ("xlsx", "utskrift", "epost")],
                beholdes=["oppdrag", FORMAT],
                per_side=MAKS_PAA_PAPIR if paa_papir else PER_SIDE,
            ),
            "som_tekst": as_text(mangler),
            "paa_papir": paa_papir,
        },
    )


def _missing_chips(
    request: PortalRequest, mangler: list[Mangler], oppdrag: Oppdrag
) -> list[Brikke]:
    """Those who have begun, those who have planned, and those who have done neither."""
    antall = Counter(m.stand_naa for m in mangler)
    return chips(
        request,
        "status",
        [
            ("", _("Alle"), len(mangler)),
            *(
                (s.value, capfirst(s.label), antall[s])
                for s in (
                    Mellomarbeid.Stand.IKKE_BEGYNT,
                    Mellomarbeid.Stand.PLANLAGT,
                    Mellomarbeid.Stand.I_GANG,
                )
            ),
        ],
        stand=mellomarbeidsliste.chip_marks(oppdrag),
    )


@fersk_for_fil
def _mangler_regneark(
    request: PortalRequest, oppdrag: Oppdrag, mangler: list[Mangler]
) -> HttpResponse:
    note_export(request, hva="rolu.mangler", antall=len(mangler), nettverk=request.nettverk)
    return send_regneark(f"mangler-{oppdrag.pk}.xlsx", as_sheet(mangler))


@fersk_innlogging
def _mangler_epost(
    request: PortalRequest, oppdrag: Oppdrag, mangler: list[Mangler]
) -> HttpResponse:
    """The leaders' addresses, to be put into a letter of one's own."""
    adresser = mangelliste.addresses(mangler)
    note_export(request, hva="rolu.lederadresser", antall=len(adresser), nettverk=request.nettverk)
    kontekst = {"oppdrag": oppdrag, "adresser": adresser}
    return render(request, "rolu/mangler_epost.html", kontekst)


@nettverksside("rolu.view_oppdrag")
@require_safe
def mellomarbeid(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """One unit's log: the assignment, the phases with their entries, the files, and delivery.

    Who neither writes in it nor follows it up reads what the unit has shared.
    """
    arbeid = fetch(request, nettverk, pk, hele=True)
    kan_skrive = kan(request.user, "rolu.write_mellomarbeid", arbeid)
    followed = Mellomarbeid.objects.followed_by(request.roller)
    if not kan_skrive and not followed.filter(pk=pk).exists():
        return _read(request, nettverk, arbeid)
    aapent = not logg.closed(arbeid)
    kan_levere = kan(request.user, "rolu.submit_mellomarbeid", arbeid)
    kan_aapne = kan(request.user, "rolu.reopen_mellomarbeid", arbeid)
    poster = list(
        arbeid.loggposter.select_related("skrevet_av").prefetch_related("lenker", "nestesteg__hos")
    )
    filer = list(
        Vedlegg.objects.visible_to(request.roller)
        .filter(mellomarbeid=arbeid)
        .select_related("lastet_opp_av", "ansikter_av")
    )
    vedlegg = hang(poster, filer)
    return render(
        request,
        "rolu/mellomarbeid.html",
        {
            "arbeid": arbeid,
            "oppdrag": arbeid.oppdrag,
            "loype": arbeid.oppdrag.laeringsloype if nettverk.uses("laeringsloyper") else None,
            "enhet": arbeid.gruppe.enhet,
            "faser": _phases(poster),
            "ledetekster": arbeid.oppdrag.ledetekster,
            "neste_fase": proposed(poster),
            "stegene": _steps(request, arbeid, poster),
            "venter": [post for post in poster if post.venter_paa_svar],
            "har_innhold": any(post.tekst for post in poster),
            "vedlegg": vedlegg,
            "kan_slettes": removable(request, arbeid, filer),
            "kan_svare": kan_skrive,
            "vedleggskjema": VedleggForm() if kan_skrive and aapent else None,
            "kan_skrive": kan_skrive and aapent,
            "kan_levere": kan_levere,
            "hele_runden": left(poster) is None,
            "ideer": arbeid.ideer if kan_skrive and aapent and nettverk.uses("praksis") else [],
            "idedato": proposed_day(),
            "uten_svar": [fil for fil in filer if fil.venter_paa_svar],
            "levert_i_dag": arbeid.levert and timezone.localdate(arbeid.levert) == idag(),
            "kan_aapne": arbeid.er_levert
            and kan_aapne
            and innlevering.may_reopen(arbeid, by=request.user),
            **told_of(request, arbeid),
            "ledere": [] if kan_levere or not kan_skrive else _leaders(arbeid),
            **thread_context(request, arbeid, poster=poster),
            "seksjoner": section(arbeid, request.roller),
        },
    )


def _read(request: PortalRequest, nettverk: Nettverk, arbeid: Mellomarbeid) -> HttpResponse:
    """What a unit has shared, for the rest of the network: its words first, the assignment last."""
    poster = list(arbeid.loggposter.exclude(tekst="").order_by(SIER_MEST))
    setning = ""
    if poster:
        setning, _resten = first_sentence(poster[0].tekst)
        poster[0].tekst = after_first(poster[0].tekst)  # the sentence is the page's heading
    resten = sorted((p for p in poster if p.tekst), key=lambda p: (p.dato, p.pk))
    praksis_url = reverse("rolu:praksis", args=[nettverk.slug])
    vedlegg = list(Vedlegg.objects.visible_to(request.roller).filter(mellomarbeid=arbeid))
    loype = arbeid.oppdrag.laeringsloype if nettverk.uses("laeringsloyper") else None
    fortelling = _story(request, arbeid)
    return render(
        request,
        "rolu/praksis_les.html",
        {
            "fortelling": fortelling,
            "kan_bruke": fortelling and may_use(request, fortelling),
            "arbeid": arbeid,
            "oppdrag": arbeid.oppdrag,
            "enhet": arbeid.gruppe.enhet,
            "loype": loype,
            "flere": more(request, arbeid, loype),
            "setning": setning,
            # What they wrote to share first, then the way there.
            "faser": sorted(_phases(resten), key=lambda f: f["fase"] != Loggpost.Fase.DELE),
            "bilder": [fil for fil in vedlegg if fil.er_bilde],
            "filmer": [fil for fil in vedlegg if fil.er_film or fil.er_lyd],
            "filer": [fil for fil in vedlegg if not (fil.viser_folk or fil.er_lyd)],
            # One has come from Praksis, and is below it in the menu.
            "nytte": of_use(arbeid, request.roller),
            "meny": menyen(request.roller).drawn_at(f"{praksis_url}{arbeid.pk}/"),
        },
    )


def _story(request: PortalRequest, arbeid: Mellomarbeid) -> Praksisfortelling | None:
    """What is told of it that one has come from (`?fra=`); else of all that the unit wrote, or the first."""
    fra = whole_number(request.GET.get("fra", ""))
    fortalt = list(arbeid.fortellinger.shown().defer("tekst", "sok").order_by("-om_alt", "pk"))
    for rad in fortalt:
        rad.mellomarbeid = arbeid
    return next((rad for rad in fortalt if rad.pk == fra), next(iter(fortalt), None))


def removable(request: PortalRequest, arbeid: Mellomarbeid, vedlegg: list[Vedlegg]) -> set[int]:
    """The files this person may remove now; nothing is removed from what is closed."""
    if logg.closed(arbeid):
        return set()
    for fil in vedlegg:
        fil.mellomarbeid = arbeid
    return {fil.pk for fil in vedlegg if kan(request.user, "rolu.remove_vedlegg", fil)}


def _phases(poster: list[Loggpost]) -> list[dict[str, Any]]:
    """The five phases in the order of the circle, the empty ones too; `gjort` those that something is written in,
    also within an entry of another."""
    dekket = covered(poster)
    return [
        {
            "fase": fase,
            "navn": fase.label,
            "ledetekst": LEDETEKSTER[fase],
            "poster": [post for post in poster if post.fase == fase],
            "gjort": fase in dekket,
        }
        for fase in Loggpost.Fase
    ]


def _steps(
    request: PortalRequest, arbeid: Mellomarbeid, poster: list[Loggpost]
) -> list[dict[str, Any]]:
    """What comes next: the unit's own steps, and what others are asked for; those that are done last."""
    alle = [steg for post in poster for steg in post.nestesteg.all()]
    for steg in alle:
        steg.loggpost.mellomarbeid = arbeid
    alle.sort(key=lambda s: (s.gjort is not None, s.frist or datetime.date.max, s.pk))
    kan_krysse = kan(request.user, "rolu.write_mellomarbeid", arbeid)
    egne = request.roller.grupper
    lister = (
        ("oss", _("Oss"), [s for s in alle if s.hos_id is None]),
        ("andre", _("Dem vi trenger"), [s for s in alle if s.hos_id is not None]),
    )
    return [
        {
            "id": navn,
            "tittel": tittel,
            "steg": [(s, kan_krysse or s.hos_id in egne) for s in stegene],
        }
        for navn, tittel, stegene in lister
        if stegene
    ]


def _leaders(arbeid: Mellomarbeid) -> list[str]:
    verv = Verv.objects.filter(gruppe=arbeid.gruppe_id, rolle=Rolle.FORMELL_LEDER).gyldig()
    return list(verv.values_list("person__navn", flat=True))


@nettverksside("rolu.view_oppdrag")
@require_POST
def lever(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    arbeid = fetch(request, nettverk, pk)
    krev(request.user, "rolu.submit_mellomarbeid", arbeid)
    with told(request):
        innlevering.submit(arbeid, by=request.user)
    return redirect("rolu:mellomarbeid", nettverk.slug, pk)


@nettverksside("rolu.view_oppdrag")
@require_POST
def aapne(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    arbeid = fetch(request, nettverk, pk)
    krev(request.user, "rolu.reopen_mellomarbeid", arbeid)
    with told(request, _("Mellomarbeidet er åpnet igjen. Dere kan skrive mer.")):
        innlevering.reopen(arbeid, by=request.user)
    return redirect("rolu:mellomarbeid", nettverk.slug, pk)


@nettverksside("rolu.view_oppdrag")
@require_safe
def loggpost_ny(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Send the person to the address of the new entry; of what comes next, when no phase is named."""
    arbeid = fetch(request, nettverk, pk)
    krev(request.user, "rolu.write_mellomarbeid", arbeid)
    oensket = request.GET.get("fase") or proposed(arbeid.loggposter.all())
    fase = phase(oensket)
    noekkel = new_key(arbeid, fase=fase, by=request.user)
    adresse = reverse("rolu:loggpost", args=[nettverk.slug, pk, noekkel])
    return redirect(f"{adresse}?fase={fase}")
