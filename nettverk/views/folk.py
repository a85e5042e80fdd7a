"""The people of the network, and each of them: what they are, have been, and how to reach them."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kommuner.gyldighet import idag
from nettverk import folkeliste, lister
from nettverk.filer.utlevering import note_export, send_regneark
from nettverk.flater import seksjoner_paa
from nettverk.folkeliste import Folkerad
from nettverk.forms.folk import FolkesokForm
from nettverk.models import Medlemskap, Nettverk, Person, Rolle, Verv
from nettverk.models.gruppe import VervQuerySet
from nettverk.register import medlemskap_per
from nettverk.side.innhold import rolle_i
from nettverk.side.liste import (
    FORMAT,
    Brikke,
    address,
    chips,
    chosen,
    fetched,
    file_link,
    read_liste,
)
from nettverk.side.perdato import read_per
from nettverk.side.utenfra import whole_number
from nettverk.sikkerhet.fersk import fersk_for_fil, fersk_innlogging
from nettverk.tilgang.roller import Roller
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev

# As many roles as one row of chips has room for.
_AAPNE_ROLLER = 5


@dataclass(frozen=True)
class _Funnet:
    """What the address chooses of the people of a day."""

    per: datetime.date
    medlemskap: list[Medlemskap]
    form: FolkesokForm
    verv: VervQuerySet
    rolle: str
    roller: Roller

    @property
    def personer(self) -> QuerySet[Person]:
        verv = self.verv.filter(rolle=self.rolle) if self.rolle else self.verv
        return folkeliste.people(verv, self.roller, self.per)

    def rows(self, personer: Iterable[Person]) -> list[Folkerad]:
        return folkeliste.rows(personer, self.roller, self.medlemskap, self.per, rolle=self.rolle)


def _find(request: PortalRequest, nettverk: Nettverk) -> _Funnet:
    per = read_per(request)
    medlemskap = list(medlemskap_per(per).filter(nettverk=nettverk))
    form = FolkesokForm(request.GET, medlemskap=medlemskap)
    return _Funnet(
        per=per,
        medlemskap=medlemskap,
        form=form,
        verv=form.filter(folkeliste.verv_on(request.roller, per), per),
        rolle=chosen(request, "rolle", Rolle.values),
        roller=request.roller,
    )


@nettverksside("nettverk.view_gruppe")
@require_safe
def folk(request: PortalRequest, nettverk: Nettverk) -> HttpResponseBase:
    """Everyone with a Verv on the day, each once; addresses for those who may see them."""
    funnet = _find(request, nettverk)
    kan_hente = kan(request.user, "nettverk.view_eposter", nettverk)
    if request.GET.get(FORMAT) == "xlsx":
        krev(request.user, "nettverk.view_eposter", nettverk)
        return _sheet(request, lambda: funnet.rows(funnet.personer))
    verv, rolle = funnet.verv, funnet.rolle
    alle, per_rolle = folkeliste.count_all(verv), folkeliste.per_role(verv)
    adresser = reverse("nettverk:folk_epost", args=[nettverk.slug])
    liste = read_liste(
        request,
        lister.FOLK,
        funnet.personer,
        form=funnet.form,
        brikker=[_role_chips(request, alle, per_rolle, rolle)],
        lenker=[fetched(request, "xlsx"), fetched(request, "epost", adresser)] if kan_hente else [],
        antall=per_rolle[rolle] if rolle else alle,
        beholdes=["per"],
    )
    rader = funnet.rows(liste.side.object_list)
    mal = "nettverk/folk.html"
    return render(
        request,
        f"{mal}#liste" if request.htmx else mal,
        {
            "per": funnet.per,
            "er_idag": funnet.per == idag(),
            "liste": liste,
            "rader": rader,
            # Whoever sees one address may have more on the next page.
            "ser_adresser": kan_hente or any(rad.epost for rad in rader),
            # What is ticked is taken, whatever is chosen since the page came.
            "knapper": [
                file_link("epost", adresser + address(request, q="", kommune="", rolle=""))
            ],
        },
    )


@nettverksside("nettverk.view_gruppe")
@fersk_innlogging
@require_http_methods(["GET", "HEAD", "POST"])
def folk_epost(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The addresses, to be put into a letter of one's own: of those who are ticked, or of the list as it is
    chosen. Never one that the person does not see otherwise."""
    funnet = _find(request, nettverk)
    personer = funnet.personer
    if request.method == "POST":
        valgt = map(whole_number, request.POST.getlist("valgt"))
        personer = personer.filter(pk__in=[pk for pk in valgt if pk is not None])
    rader = funnet.rows(personer)
    adresser = [rad.epost for rad in rader if rad.epost]
    note_export(request, hva="nettverk.epostadresser", antall=len(adresser), nettverk=nettverk)
    return render(
        request,
        "nettverk/folk_epost.html",
        {
            "adresser": adresser,
            # To others it is not said that somebody has none: they may not see it.
            "uten": len(rader) - len(adresser)
            if kan(request.user, "nettverk.view_eposter", nettverk)
            else 0,
        },
    )


def _role_chips(
    request: PortalRequest, alle: int, per_rolle: Mapping[str, int], valgt: str
) -> list[Brikke]:
    """The roles that somebody has, by the network's names for them, and the one that is chosen. The largest
    stand open, the rest behind «Flere roller»."""
    roller = sorted(
        (r for r in Rolle if per_rolle.get(r) or r == valgt), key=lambda r: -per_rolle.get(r, 0)
    )
    alle_brikker = chips(
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
    # One more than the open ones needs no fold.
    if len(roller) <= _AAPNE_ROLLER + 1:
        return alle_brikker
    aapne, resten = alle_brikker[: _AAPNE_ROLLER + 1], alle_brikker[_AAPNE_ROLLER + 1 :]
    return [
        *aapne,
        *(b for b in resten if b.valgt),
        *(replace(b, bak=_("Flere roller")) for b in resten if not b.valgt),
    ]


@fersk_for_fil
def _sheet(request: PortalRequest, hent: Callable[[], list[Folkerad]]) -> HttpResponse:
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
