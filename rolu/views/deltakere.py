"""The participants of a gathering: the whole list with filters, as a spreadsheet, and on paper."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nettverk.filer.utlevering import note_export, send_regneark
from nettverk.models import Nettverk
from nettverk.sikkerhet.fersk import fersk_for_fil, fersk_innlogging
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from rolu.forms.samling import DeltakerfilterForm
from rolu.models import Deltakelse, Samling
from rolu.models.deltakelse import sees_all
from rolu.samlinger import deltakerliste
from rolu.views.faner import fetch_samling, samlingsside


def _filter(request: PortalRequest, per_kommune: list[dict[str, Any]]) -> DeltakerfilterForm:
    kommuner = {r["kommune"]: r["kommune__navn"] for r in per_kommune if r["kommune"]}
    return DeltakerfilterForm(request.GET, kommuner=kommuner)


def _chosen(form: DeltakerfilterForm) -> dict[str, Any]:
    valg = form.cleaned_data if form.is_valid() else {}
    return {"kommune": valg.get("kommune"), "status": valg.get("status", "")}


@nettverksside("rolu.view_samling")
@require_safe
def samling_deltakere(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Everyone who is expected, as this person may see them; figures per kommune above."""
    samling = fetch_samling(request, nettverk, pk)
    synlige = Deltakelse.objects.visible_to(request.roller).filter(samling=samling)
    per_kommune = list(synlige.per_kommune())
    form = _filter(request, per_kommune)
    deltakere = deltakerliste.rows(deltakerliste.filtered(synlige, **_chosen(form)))
    side = samlingsside(request, samling, "samling_deltakere")
    endre = reverse("rolu:paamelding", args=[nettverk.slug, pk]) + "?gruppe="
    return render(
        request,
        "rolu/samling_deltakere.html#tabell" if request.htmx else "rolu/samling_deltakere.html",
        {
            **side,
            "form": form,
            "er_filtrert": any(_chosen(form).values()),
            "personer": len({d.person for d in deltakere}),
            "plasser": len(deltakere),
            "ser_alle": sees_all(request.roller),
            "bare_egne": all(d.person == request.user.pk for d in deltakere),
            "rader": deltakerliste.draw_rows(
                deltakere,
                samling=samling,
                endre_url=endre if side["kan_endre"] and samling.er_forestaaende else "",
            ),
            "vis_moett": samling.dato <= timezone.localdate(),
            "per_kommune": per_kommune if len(per_kommune) > 1 else [],
            "kan_eksportere": kan(request.user, "rolu.export_deltakelser", samling),
            "parametre": request.GET.urlencode(),
        },
    )


def _all(request: PortalRequest, samling: Samling) -> list[deltakerliste.Deltaker]:
    """The list as it is filtered, for those who may take it out of the portal."""
    krev(request.user, "rolu.export_deltakelser", samling)
    synlige = Deltakelse.objects.visible_to(request.roller).filter(samling=samling)
    valg = _chosen(_filter(request, list(synlige.per_kommune())))
    return deltakerliste.rows(deltakerliste.filtered(synlige, **valg))


@nettverksside("rolu.view_samling")
@fersk_for_fil
@require_safe
def deltakere_regneark(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The list, as it is filtered, as XLSX."""
    samling = fetch_samling(request, nettverk, pk)
    deltakere = _all(request, samling)
    note_export(request, hva="rolu.deltakere", antall=len(deltakere), nettverk=nettverk)
    innhold = deltakerliste.spreadsheet(deltakere, samling=samling)
    navn = f"{_('deltakere')}-{samling.dato.isoformat()}.xlsx"
    return send_regneark(navn, innhold)


@nettverksside("rolu.view_samling")
@fersk_innlogging
@require_safe
def deltakere_utskrift(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The list for the door, with a box to tick, for when the network is gone."""
    samling = fetch_samling(request, nettverk, pk)
    deltakere = _all(request, samling)
    note_export(request, hva="rolu.utskrift", antall=len(deltakere), nettverk=nettverk)
    liste = deltakerliste.door_list(deltakere)
    return render(
        request,
        "rolu/deltakere_utskrift.html",
        {
            "samling": samling,
            "kommuner": [
                {
                    "navn": kommune,
                    "steder": list(steder.items()),
                    "antall": sum(map(len, steder.values())),
                }
                for kommune, steder in liste.items()
            ],
        },
    )
