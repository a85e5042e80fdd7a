"""The home page of a network: what waits for this person, and how it goes where they belong."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from nettverk.flater import gjoremaalene, seksjonene
from nettverk.models import Gruppe, Nettverk
from nettverk.oppstart.steg import remaining
from nettverk.sikkerhet.tosteg import should_ask
from nettverk.tilgang.roller import Roller
from nettverk.tilgang.sider import PortalRequest, nettverksside

# What waits longer is folded: three things are what one can hold in mind.
_MAKS_SYNLIGE = 3


@nettverksside("nettverk.view_nettverk")
@require_safe
def hjem(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The first thing that waits is the biggest on the page; the apps say what (portal.py)."""
    venter = gjoremaalene(request.roller)
    steg = remaining(request.roller)
    seksjoner = seksjonene(nettverk, lambda portal: portal.hjem(request.roller))
    return render(
        request,
        "nettverk/hjem.html",
        {
            "eget_foerst": _own_step_first(request.roller),
            "foerst": venter[0] if venter else None,
            "foerst_er_stor": not steg,
            "deretter": venter[1:_MAKS_SYNLIGE],
            "senere": venter[_MAKS_SYNLIGE:],
            "egen_gruppe": _own_group(request.roller),
            "oppstartssteg": steg,
            "neste": next((ett for ett in steg if not ett.ferdig), None),
            "spoer_om_passnoekkel": should_ask(request, request.roller),
            "seksjoner": [s for s in seksjoner if not s.smal],
            # To those for whom nothing waits: what will, and when.
            "kommer": next((s.data["kommer"] for s in seksjoner if s.data.get("kommer")), None),
            "smale": [s for s in seksjoner if s.smal],
        },
    )


def _own_step_first(roller: Roller) -> bool:
    """Whether the next step has the wide column: to those who do the work of a unit. Those who follow
    others came to see how it goes with them, which needs the room."""
    foelger = roller.er_kog or roller.er_stg or roller.er_pro
    return bool(roller.enheter) and not (foelger or roller.kommuner_ansvar or roller.fagmiljo)


def _own_group(roller: Roller) -> str:
    """The address of the utviklingsgruppe the person sits in, to see who is in it; "" when in none."""
    egen = next((v for v in roller.verv if v.type == Gruppe.Type.UTVIKLINGSGRUPPE), None)
    return reverse("nettverk:gruppe", args=[roller.nettverk.slug, egen.gruppe]) if egen else ""
