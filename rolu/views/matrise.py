"""Units × assignments, and units × the modules of a track: to read, to filter, to fetch as a sheet."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nettverk.filer.utlevering import send_regneark
from nettverk.models import Nettverk
from nettverk.side.liste import FORMAT, address, chips, chosen, fetched, read_liste
from nettverk.side.utenfra import whole_number
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan
from rolu import lister
from rolu.forms.matrise import MODULER, OPPDRAG, MatriseFilter
from rolu.mellomarbeid import matrise as matrisen
from rolu.mellomarbeid.matrise import KOLONNER_VIST, Matrisekolonne
from rolu.mellomarbeid.mellomarbeidsliste import MERKE, states
from rolu.models import Mellomarbeid

# What says which matrix it is, and which of its columns.
_VIS, _ELDRE = "vis", "eldre"


@nettverksside("rolu.view_mangler")
@require_safe
def matrise(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Where every unit is with every assignment, or with every module of a track."""
    loyper = matrisen.tracks(request.roller)
    vis = (chosen(request, _VIS, {MODULER}) if loyper else "") or OPPDRAG
    form = MatriseFilter(request.GET, roller=request.roller, loyper=loyper, vis=vis)
    loype = form.valgt_loype or (loyper[0][0] if vis == MODULER else None)
    felt = "oppdrag__modul" if vis == MODULER else "oppdrag"
    kolonner = (
        matrisen.modules(request.roller, loype)
        if vis == MODULER and loype
        else matrisen.assignments(request.roller, loype)
    )
    som_regneark = request.GET.get(FORMAT) == "xlsx"
    synlige = kolonner if som_regneark else _columns_shown(request, kolonner)
    foelges = Mellomarbeid.objects.followed_by(request.roller)
    spurt = foelges.asked()
    her = spurt.filter(**{f"{felt}__in": [k.nokkel for k in synlige]})
    funnet = form.filter(matrisen.units(request.roller, alle=request.roller.er_kog), loype)
    valgte = matrisen.in_state(funnet, her, form.valgt_stand) if form.valgt_stand else funnet
    i_orden = matrisen.in_order(valgte, form.rekkefolge, foelges)
    if som_regneark:
        rader = matrisen.rows(i_orden, spurt, kolonner, felt=felt)
        tittel = _("Moduler") if vis == MODULER else _("Oppdrag")
        ark = matrisen.as_sheet(rader, kolonner, tittel=tittel, nettverk=nettverk)
        return send_regneark(f"enheter-{vis}-{nettverk.slug}.xlsx", ark)
    antall = matrisen.count(funnet, her)
    standene = states(nettverk)
    liste = read_liste(
        request,
        lister.MATRISE,
        i_orden,
        form=form,
        brikker=[
            chips(
                request,
                "stand",
                [
                    ("", _("Alle"), None),
                    *((s.value, capfirst(str(s.label)), antall[s]) for s in standene),
                ],
                stand={s.value: MERKE[s] for s in standene},
            )
        ],
        lenker=[fetched(request, "xlsx")],
        beholdes=[_VIS, _ELDRE],
    )
    rader = matrisen.rows(liste.side.object_list, spurt, synlige, felt=felt)
    kontekst = {
        "vis": vis,
        "kan_stoette": kan(request.user, "rolu.view_stoette", nettverk),
        "faner": _tabs(vis) if loyper else [],
        "kolonner": synlige,
        "loype": dict(loyper).get(loype, "") if loype else "",
        "flere_kommuner": form.flere_kommuner,
        "antall_rader": len(rader),
        "rader": matrisen.draw_rows(rader, nettverk=nettverk, kommune=form.flere_kommuner),
        "forklaring": [(MERKE[s], s.label) for s in standene],
        "liste": liste,
        **_more_columns(request, kolonner),
    }
    mal = "rolu/matrise.html" + ("#liste" if request.htmx else "")
    return render(request, mal, kontekst)


def _tabs(vis: str) -> list[dict[str, Any]]:
    return [
        {"label": _("Oppdrag"), "url": "?", "aktiv": vis == OPPDRAG},
        {
            "label": _("Moduler i en læringsløype"),
            "url": "?" + urlencode({_VIS: MODULER}),
            "aktiv": vis == MODULER,
        },
    ]


def _page_of_columns(request: PortalRequest, kolonner: list[Matrisekolonne]) -> int:
    sider = max(0, (len(kolonner) - 1) // KOLONNER_VIST)
    return min(whole_number(request.GET.get(_ELDRE)) or 0, sider)


def _columns_shown(request: PortalRequest, kolonner: list[Matrisekolonne]) -> list[Matrisekolonne]:
    fra = _page_of_columns(request, kolonner) * KOLONNER_VIST
    return kolonner[fra : fra + KOLONNER_VIST]


def _more_columns(request: PortalRequest, kolonner: list[Matrisekolonne]) -> dict[str, Any]:
    """Where the columns before and after stand, when there are more than have room."""
    naa = _page_of_columns(request, kolonner)
    flere = (naa + 1) * KOLONNER_VIST < len(kolonner)
    return {
        "kolonner_foer": address(request, **{_ELDRE: naa - 1 or ""}) if naa else "",
        "kolonner_etter": address(request, **{_ELDRE: naa + 1}) if flere else "",
    }
