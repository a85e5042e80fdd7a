"""What every page of a gathering has in common: the gathering, as this person may see it, and the tabs."""

from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nettverk.filer.filnavn import made_name
from nettverk.filer.utlevering import note_export, send_regneark
from nettverk.models import Mottakere, Nettverk
from nettverk.mottakere.regneark import people_rows, people_sheet
from nettverk.sikkerhet.fersk import fersk_for_fil
from nettverk.skriving.konflikt import Lukket
from nettverk.tilgang.sider import PortalRequest, View
from nettverk.tilgang.tillatelser import kan, krev
from rolu.models import Programpost, Samling
from rolu.models.deltakelse import sees_all
from rolu.samlinger import doer
from rolu.samlinger.bord.eget import with_own_table
from rolu.samlinger.skinne import rail, with_counts
from rolu.samlinger.svar import has_attendance
from rolu.samlinger.tilstandslinje import state_line

# Pages whose own act is the one to see: beside it the next step of the gathering is said with less weight.
_HAR_EGET_STEG = {
    "samling_oppdrag",
    "samling_oppsummering",
    "paamelding",
    "samling_bord",
    "bord_oppsett",
    "bord_plass",
    "bord_del",
}

# Pages where one is about to send something.
_MIDT_I_NOE = {"samling_purr", "oppsummering_publiser"}


def fetch_samling(request: PortalRequest, nettverk: Nettverk, pk: int) -> Samling:
    """The gathering, 404 when this person may not see it: for an act, a file, a page without the rail. One
    query; the network comes with it."""
    return _fetch(Samling.objects.visible_to(request.roller), nettverk, pk)


def fetch_med_tall(request: PortalRequest, nettverk: Nettverk, pk: int) -> Samling:
    """The gathering with the counts that its pages show (`samlingsside`); else as `fetch_samling`."""
    synlige = Samling.objects.visible_to(request.roller).with_har_oppsummering().with_uten_leder()
    synlige = synlige.with_etterfoelger(request.roller)
    med_tall = with_counts(synlige, request.roller)
    return _fetch(with_own_table(med_tall, request.user), nettverk, pk)


def fetch_item(samling: Samling, post_pk: int) -> Programpost:
    """The item of the gathering's programme, with the one it was carried on from; 404 when it is not there."""
    poster = Programpost.objects.select_related("fra__samling")
    post: Programpost = get_object_or_404(poster, samling=samling, pk=post_pk)
    post.samling = samling
    return post


# The pages one has open on the day, by what their forms say that one came from.
_DAGSSIDER = {"skranken": "rolu:innsjekk", "salen": "rolu:dagen"}


def day_side(request: PortalRequest) -> str:
    """Which of the pages of the day the request came from, «skranken» or «salen»; "" when it came from elsewhere."""
    fra = request.POST.get("dagen") or request.GET.get("dagen")
    return (fra if fra in _DAGSSIDER else "skranken") if fra else ""


def day_page(request: PortalRequest) -> str:
    """The name of that page, which the request leads back to; "" when it came from elsewhere."""
    return _DAGSSIDER.get(day_side(request), "")


def told_when_locked(view: View) -> View:
    """Decorate a view that changes something of a gathering: what a locked one refuses, is told on the
    gathering's own page. Inside it may ask `require_unlocked` before a form is shown."""

    @wraps(view)
    def side(request: PortalRequest, nettverk: Nettverk, pk: int, **mer: Any) -> HttpResponseBase:
        try:
            return view(request, nettverk, pk, **mer)
        except Lukket as nei:
            messages.error(request, str(nei))
            return redirect("rolu:samling", nettverk.slug, pk)

    return side


def _fetch(samlinger: QuerySet[Samling], nettverk: Nettverk, pk: int) -> Samling:
    samling: Samling = get_object_or_404(
        samlinger.select_related("laeringsloype", "serie", "forrige"), pk=pk
    )
    samling.nettverk = nettverk
    return samling


def samlingsside(request: PortalRequest, samling: Samling, her: str) -> dict[str, Any]:
    """Context of every page of a gathering: the gathering (`fetch_med_tall`), its tabs and rail, and what
    this person may do."""
    rail = _rail(request, samling)
    steg = rail["skinne"].steg
    forrige = samling.forrige
    return {
        "samling": samling,
        **rail,
        "tilstandslinje": state_line(samling, request.roller, neste=steg.url if steg else "")
        if her == "samling" and side_is(request, "samling")
        else None,
        "neste": _next_one(request, samling),
        # How it was made is for those who make the next one.
        "forrige": forrige if request.roller.er_kog or request.roller.er_pro else None,
        **_own(request, samling, rail["skinne"].egne),
        "skinnen_er_kort": her != "samling",
        "faner": _tabs(request, samling, her),
        "kan_endre": kan(request.user, "rolu.change_samling", samling),
        "kan_skrive_ut": samling.er_publisert
        and kan(request.user, "rolu.change_innsjekk", samling),
        "kan_sjekke_inn": samling.er_publisert
        and not samling.er_avsluttet
        and kan(request.user, "rolu.change_innsjekk", samling),
    }


def side_is(request: PortalRequest, navn: str) -> bool:
    """Whether the page that is asked for is the one of that name."""
    return bool(request.resolver_match and request.resolver_match.url_name == navn)


def _next_one(request: PortalRequest, samling: Samling) -> dict[str, Any] | None:
    """The gathering that was made from this one, to those who run the network, and to all when this one is
    locked: then else the next in the series. At most one query."""
    roller = request.roller
    if not (samling.er_laast or roller.er_kog or roller.er_pro):
        return None
    if samling.etterfoelger_pk:
        return {"pk": samling.etterfoelger_pk, "tittel": samling.etterfoelger_tittel}
    if not samling.er_laast or samling.serie_id is None:
        return None
    i_serien = Samling.objects.visible_to(roller).filter(serie=samling.serie_id)
    etter = i_serien.filter(start__gt=samling.start).exclude(status=Samling.Status.AVLYST)
    rad = etter.order_by("start", "pk").values_list("pk", "tittel").first()
    return {"pk": rad[0], "tittel": rad[1]} if rad else None


def _own(request: PortalRequest, samling: Samling, egne: list[Any]) -> dict[str, Any]:
    """What the participant has of their own: the code for the door, whether it is open to them and they are in; and
    when it is over the proof of having been there. Two queries on the days of the code, none on others."""
    moett = any(d.moett is not None for d in egne)
    kommer = moett or doer.lets_in(d.status for d in egne)
    kode = doer.own_code(samling, request.user) if kommer else ""
    stand = doer.own_door(samling, request.user, kode) if kode else None
    return {
        "egen_kode": kode,
        "doera_er_aapen": stand == doer.Doerstand.AAPEN,
        "er_registrert": stand == doer.Doerstand.INNE,
        "eget_kursbevis": samling.er_publisert and samling.er_over and moett,
    }


def _rail(request: PortalRequest, samling: Samling) -> dict[str, Any]:
    """The rail, and what of it this page shows: not the answer where one answers, and not the step that leads
    to the page itself, or to whom it writes to."""
    skinne = rail(samling, request.roller)
    match = request.resolver_match
    side = match.url_name if match else None
    steg = skinne.steg
    leder_hit = steg and (request.get_full_path() == steg.url or request.path == steg.adresse)
    return {
        "skinne": skinne,
        "viser_svar": side != "paamelding" and bool(skinne.grupper or skinne.egne),
        "viser_steg": bool(steg) and not leder_hit and side not in _MIDT_I_NOE,
        "siden_har_eget_steg": side in _HAR_EGET_STEG,
    }


def _tabs(request: PortalRequest, samling: Any, her: str) -> list[dict[str, Any]]:
    faner = [
        ("samling", _("Oversikt"), "", True),
        ("samling_program", _("Program"), samling.antall_poster or "", True),
        (
            "samling_deltakere",
            _("Deltakere"),
            _answered(samling),
            # Who may see nobody there, is not led there.
            not samling.er_utkast and (samling.inviterte or sees_all(request.roller)),
        ),
        (
            "samling_bord",
            _("Bordkart"),
            "",
            samling.er_publisert
            and (samling.bordkart_er_delt or kan(request.user, "rolu.change_bordkart", samling)),
        ),
        (
            "samtaler",
            _("Tankesmier"),
            "",
            kan(request.user, "rolu.run_samtaler", samling),
        ),
        (
            "samling_oppdrag",
            _("Oppdrag"),
            samling.antall_oppdrag or "",
            samling.nettverk.uses("mellomarbeid"),
        ),
        (
            "samling_evaluering",
            _("Evaluering"),
            "",
            not samling.er_avlyst and kan(request.user, "rolu.view_evaluering", samling),
        ),
        (
            "samling_oppsummering",
            _("Oppsummering"),
            "",
            samling.har_oppsummering
            or (
                samling.er_publisert and kan(request.user, "rolu.view_oppsummering_utkast", samling)
            ),
        ),
    ]
    return [
        {
            "label": label,
            "url": reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk]),
            "aktiv": navn == her,
            "antall": antall,
            "om_antallet": _about_answered(samling) if navn == "samling_deltakere" else "",
        }
        for navn, label, antall, vises in faner
        if vises
    ]


def _answered(samling: Any) -> str:
    """198/562: who comes, or from the day on who came; nothing to who sees only the own place."""
    antall = samling.moett_antall if has_attendance(samling) else samling.paameldte
    return f"{antall}/{samling.inviterte}" if samling.inviterte > 1 else ""


def _about_answered(samling: Any) -> str:
    if not has_attendance(samling):
        return _("av de inviterte er påmeldt")
    return _("av de inviterte møtte") if samling.er_over else _("av de inviterte har møtt")


@fersk_for_fil
def people_file(request: PortalRequest, samling: Samling, mottakere: Mottakere) -> HttpResponse:
    """Whom the gathering would be for, as XLSX."""
    krev(request.user, "rolu.export_deltakelser", samling)
    rader = people_rows(mottakere, samling.dato)
    note_export(request, hva="rolu.mottakere", antall=len(rader), nettverk=samling.nettverk)
    navn = made_name(_("mottakere"), samling.tittel, samling.dato.isoformat(), endelse="xlsx")
    return send_regneark(navn, people_sheet(rader))
