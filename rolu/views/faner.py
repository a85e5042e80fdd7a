"""What every page of a gathering has in common: the gathering, as this person may see it, and the tabs."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from nettverk.filer.utlevering import note_export, send_regneark
from nettverk.models import Mottakere, Nettverk
from nettverk.mottakere.regneark import people_rows, people_sheet
from nettverk.sikkerhet.fersk import fersk_for_fil
from nettverk.tilgang.sider import PortalRequest
from nettverk.tilgang.tillatelser import kan, krev
from rolu.models import Samling
from rolu.samlinger.skinne import rail, with_counts
from rolu.samlinger.svar import has_attendance

# Pages whose own act is the one to see: beside it the next step of the gathering is said with less weight.
_HAR_EGET_STEG = {"samling_oppdrag", "samling_oppsummering", "paamelding"}


def fetch_samling(request: PortalRequest, nettverk: Nettverk, pk: int) -> Samling:
    """The gathering, 404 when this person may not see it: for an act, a file, a page without the rail. One
    query; the network comes with it."""
    return _fetch(Samling.objects.visible_to(request.roller), nettverk, pk)


def fetch_med_tall(request: PortalRequest, nettverk: Nettverk, pk: int) -> Samling:
    """The gathering with the counts that its pages show (`samlingsside`); else as `fetch_samling`."""
    synlige = Samling.objects.visible_to(request.roller).with_har_oppsummering().with_uten_leder()
    return _fetch(with_counts(synlige, request.roller), nettverk, pk)


def _fetch(samlinger: QuerySet[Samling], nettverk: Nettverk, pk: int) -> Samling:
    samling: Samling = get_object_or_404(samlinger.select_related("laeringsloype"), pk=pk)
    samling.nettverk = nettverk
    return samling


def samlingsside(request: PortalRequest, samling: Samling, her: str) -> dict[str, Any]:
    """Context of every page of a gathering: the gathering (`fetch_med_tall`), its tabs and rail, and what
    this person may do."""
    return {
        "samling": samling,
        **_rail(request, samling),
        "skinnen_er_kort": her != "samling",
        "faner": _tabs(request, samling, her),
        "kan_endre": kan(request.user, "rolu.change_samling", samling),
        "kan_sjekke_inn": samling.er_publisert
        and kan(request.user, "rolu.change_innsjekk", samling),
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
        "viser_steg": bool(steg) and not leder_hit and side != "samling_purr",
        "siden_har_eget_steg": side in _HAR_EGET_STEG,
    }


def _tabs(request: PortalRequest, samling: Any, her: str) -> list[dict[str, Any]]:
    faner = [
        ("samling", _("Oversikt"), "", True),
        ("samling_program", _("Program"), samling.antall_poster or "", True),
        ("samling_deltakere", _("Deltakere"), _answered(samling), not samling.er_utkast),
        (
            "samling_oppdrag",
            _("Oppdrag"),
            samling.antall_oppdrag or "",
            samling.nettverk.uses("mellomarbeid"),
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
    """198/562: who comes, or after the day who came; nothing to who sees only the own place."""
    antall = samling.moett_antall if has_attendance(samling) else samling.paameldte
    return f"{antall}/{samling.inviterte}" if samling.inviterte > 1 else ""


def _about_answered(samling: Any) -> str:
    return (
        _("av de inviterte møtte") if has_attendance(samling) else _("av de inviterte er påmeldt")
    )


@fersk_for_fil
def people_file(request: PortalRequest, samling: Samling, mottakere: Mottakere) -> HttpResponse:
    """Whom the gathering would be for, as XLSX."""
    krev(request.user, "rolu.export_deltakelser", samling)
    rader = people_rows(mottakere, samling.dato)
    note_export(request, hva="rolu.mottakere", antall=len(rader), nettverk=samling.nettverk)
    navn = f"{_('mottakere')}-{samling.dato.isoformat()}.xlsx"
    return send_regneark(navn, people_sheet(rader))
