"""The people of the network, and each of them: what they are, have been, and how to reach them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kommuner.gyldighet import idag
from nettverk import folkeliste, lister
from nettverk.filer.utlevering import note_export, send_regneark
from nettverk.flater import seksjoner_paa
from nettverk.folkeliste import Rad
from nettverk.forms.folk import FolkesokForm
from nettverk.models import Nettverk, Person, Rolle, Verv
from nettverk.register import medlemskap_per
from nettverk.side.innhold import rolle_i
from nettverk.side.liste import FORMAT, Brikke, chips, fetched, read_liste, wants_rows_only
from nettverk.side.perdato import read_per
from nettverk.sikkerhet.fersk import fersk_for_fil
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev


@nettverksside("nettverk.view_gruppe")
@require_safe
def folk(request: PortalRequest, nettverk: Nettverk) -> HttpResponseBase:
    """Everyone with a Verv on the day, each once; addresses for those who may see them."""
    per = read_per(request)
    medlemskap = list(medlemskap_per(per).filter(nettverk=nettverk))
    form = FolkesokForm(request.GET, medlemskap=medlemskap)
    verv = form.filter(folkeliste.verv_on(request.roller, per), per)
    rolle = _role_asked_for(request)
    personer = folkeliste.people(verv.filter(rolle=rolle) if rolle else verv, request.roller, per)

    def rows(personene: Iterable[Person]) -> list[Rad]:
        return folkeliste.rows(personene, request.roller, medlemskap, per, rolle=rolle)

    kan_hente = kan(request.user, "nettverk.view_eposter", nettverk)
    if request.GET.get(FORMAT) == "xlsx":
        krev(request.user, "nettverk.view_eposter", nettverk)
        return _sheet(request, lambda: rows(personer))
    alle, per_rolle = folkeliste.count_all(verv), folkeliste.per_role(verv)
    liste = read_liste(
        request,
        nettverk,
        lister.FOLK,
        personer,
        form=form,
        brikker=[_role_chips(request, alle, per_rolle, rolle)],
        lenker=[fetched(request, "xlsx")] if kan_hente else [],
        antall=per_rolle[rolle] if rolle else alle,
        beholdes=["per"],
    )
    rader = rows(liste.side.object_list)
    mal = "nettverk/folk.html"
    return render(
        request,
        f"{mal}#liste" if wants_rows_only(request) else mal,
        {
            "per": per,
            "er_idag": per == idag(),
            "liste": liste,
            "side": liste.side,
            "rader": rader,
            # Whoever sees one address may have more on the next page.
            "ser_adresser": kan_hente or any(rad.epost for rad in rader),
        },
    )


def _role_asked_for(request: PortalRequest) -> str:
    rolle = request.GET.get("rolle", "")
    return rolle if rolle in Rolle.values else ""


def _role_chips(
    request: PortalRequest, alle: int, per_rolle: Mapping[str, int], valgt: str
) -> list[Brikke]:
    """The roles that somebody has, by the network's names for them, and the one that is chosen."""
    roller = [r for r in Rolle if per_rolle.get(r) or r == valgt]
    return chips(
        request,
        "rolle",
        [
            ("", _("Alle"), alle),
            *(
                (r.value, rolle_i(r, request.nettverk, stor=True), per_rolle.get(r, 0))
                for r in roller
            ),
        ],
    )


@fersk_for_fil
def _sheet(request: PortalRequest, hent: Callable[[], list[Rad]]) -> HttpResponse:
    rader = hent()
    note_export(request, hva="nettverk.folk", antall=len(rader), nettverk=request.nettverk)
    return send_regneark(f"folk-{request.nettverk.slug}.xlsx", folkeliste.as_sheet(rader))


@nettverksside("nettverk.view_gruppe")
@require_safe
def person(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The person's Verv in this network over time, the address for those who may see it, and what they
    lead. Nothing of other networks, and nobody who has never had a Verv here."""
    verv = list(
        Verv.objects.visible_to(request.roller)
        .filter(person=pk, annullert=None)
        .select_related("person", "gruppe", "representerer", "representerer_partner")
        .order_by("-gyldig", "pk")
    )
    if not verv:
        raise Http404
    naa = [v for v in verv if v.er_gyldig()]
    kommende = [v for v in verv if v.fra and v.fra > idag()]
    personen = verv[0].person
    return render(
        request,
        "nettverk/person.html",
        {
            "person": personen,
            "naa": naa,
            "kommende": kommende,
            "tidligere": [v for v in verv if v.til and v.til <= idag()],
            "vis_epost": any(_shows_address(request, nettverk, v) for v in verv),
            # Who has left is not called any more.
            "vis_telefon": bool(naa or kommende)
            and kan(request.user, "nettverk.view_telefon", nettverk),
            "seksjoner": seksjoner_paa(personen, roller=request.roller, dato=idag()),
        },
    )


def _shows_address(request: PortalRequest, nettverk: Nettverk, verv: Any) -> bool:
    verv.gruppe.nettverk = nettverk
    return kan(request.user, "nettverk.view_epost", verv)
