"""The images of the future: all of them for members, the published ones for everyone."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from fremtidsbilder.bilder.temaer import published, themes_of
from fremtidsbilder.models import Fremtidsbilde, Innspill, Maal
from fremtidsbilder.portal import page_title
from fremtidsbilder.sted import Hjemsted, places
from fremtidsbilder.views.bilderedigering import fetch_bilde, places_to_take
from kommuner.gyldighet import idag
from nettverk.flater import seksjoner_paa
from nettverk.models import Nettverk
from nettverk.roedtraad.flate import section
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan


@nettverksside("fremtidsbilder.view_fremtidsbilde")
@require_safe
def fremtidsbilde_list(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The images by level, the goals and the priority areas."""
    har_bilder, har_maal = nettverk.uses("fremtidsbilder"), nettverk.uses("maal")
    stand = _images(request) if har_bilder else Bildestand()
    synlige = Maal.objects.visible_to(request.roller).exclude(tilstand=Maal.Tilstand.AVSLUTTET)
    maal = list(synlige) if har_maal else []
    felles = [m for m in maal if m.nivaa == Maal.Nivaa.NETTVERK]
    return render(
        request,
        "fremtidsbilder/fremtidsbilde_list.html",
        {
            "tittel": page_title(nettverk),
            "har_bilder": har_bilder,
            "stand": stand,
            "nivaaer": stand.nivaaer,
            "kan_skrive_bilder": har_bilder
            and kan(request.user, "fremtidsbilder.write_fremtid", nettverk),
            "kan_holde_tankesmie": har_bilder
            and kan(request.user, "fremtidsbilder.hold_tankesmie", nettverk),
            "kan_endre_temaer": kan(request.user, "fremtidsbilder.change_tema", nettverk),
            "temasider": published(nettverk) if har_bilder else [],
            # Those of the network; all of them have a page of their own.
            "effektmaal": [m for m in felles if m.type == Maal.Type.EFFEKT],
            "prinsipper": [m for m in felles if m.type == Maal.Type.PRINSIPP],
            "antall_maal": sum(m.type != Maal.Type.PRINSIPP for m in maal),
            "omraader": nettverk.utviklingsomraader.all() if har_maal else [],
        },
    )


@dataclass(frozen=True)
class Bildestand:
    """The images of the list: those of one's own places first, then by level; where the network's image can be taken
    in use next; and how many arenas there are to print."""

    egne: list[Fremtidsbilde] = field(default_factory=list)
    nivaaer: list[dict[str, Any]] = field(default_factory=list)
    neste: list[tuple[Hjemsted, Fremtidsbilde | None]] = field(default_factory=list)
    antall_arenaer: int = 0


def _images(request: PortalRequest) -> Bildestand:
    bilder: list[Any] = list(
        Fremtidsbilde.objects.visible_to(request.roller)
        .select_related("kommune", "enhet")
        .defer("kommune__grense")
        .annotate(antall_tegn=Count("tegn"))
        .with_picture()
        .with_themes()
        # A count takes the model's own order away.
        .order_by("rekkefolge", "pk")
    )
    felles = [b for b in bilder if b.nivaa == Fremtidsbilde.Nivaa.NETTVERK]
    if not all(b.temanavn for b in felles):
        alle = [tema.navn for tema in request.nettverk.temaer.all()]
        for bilde in felles:
            bilde.temanavn = bilde.temanavn or alle
    steder = places(request.roller)
    enheter = request.roller.enheter
    kommuner = {s.kommune.pk for s in steder if s.kommune}
    egne = [b for b in bilder if b.enhet_id in enheter or b.kommune_id in kommuner]
    har = {(b.kommune_id, b.enhet_id) for b in bilder}
    neste = [
        (sted, next(iter(felles), None))
        for sted in steder
        if (sted.kommune or sted.enhet) and sted.ider not in har
    ]
    orden = Fremtidsbilde.Nivaa.values
    andre = sorted((b for b in bilder if b not in egne), key=lambda b: orden.index(b.nivaa))
    return Bildestand(
        egne,
        [
            {"nivaa": Fremtidsbilde.Nivaa(n), "bilder": list(gruppe)}
            for n, gruppe in groupby(andre, lambda b: b.nivaa)
        ],
        neste,
        sum(b.nivaa == Fremtidsbilde.Nivaa.ARENA for b in bilder),
    )


@nettverksside(offentlig=True)
@require_safe
def fremtidsbilde(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """One image with its signs and method, the network's themes, and the images beside it."""
    bilde = fetch_bilde(request, pk)
    synlige = Fremtidsbilde.objects.visible_to(request.roller)
    utgaver = list(bilde.utgaver.all())
    innspill = list(bilde.innspill.all())
    stemmer = _voices(innspill)
    antall = sum(stemme.antall for stemme in stemmer)
    temaer = themes_of(bilde)
    return render(
        request,
        "fremtidsbilder/fremtidsbilde.html",
        {
            "bilde": bilde,
            # Bars that are all as long tell nothing.
            "stemmer": stemmer if len({stemme.antall for stemme in stemmer}) > 1 else [],
            "stemmetittel": _voices_title(antall, len(stemmer)),
            "liste": page_title(nettverk),
            "kan_se_alle": kan(request.user, "fremtidsbilder.view_fremtidsbilde", nettverk),
            "tegn": bilde.tegn.all(),
            "innspill": innspill,
            "antall_innspill": antall,
            "temaer": temaer,
            "temasider": [tema for tema in temaer if tema.offentlig],
            "illustrasjoner": list(bilde.illustrasjoner.all()),
            "foerste": utgaver[0] if utgaver else None,
            "siste": utgaver[-1] if utgaver else None,
            "flere_utgaver": len(utgaver) > 1,
            "utgaver": utgaver,
            "bygger_paa": synlige.filter(bygget_videre=bilde).first(),
            "bygget_videre": list(
                synlige.filter(bygger_paa=bilde)
                .select_related("kommune", "enhet")
                .defer("kommune__grense")[:50]
            ),
            "kan_endre": kan(request.user, "fremtidsbilder.change_fremtidsbilde", bilde),
            "er_medlem": request.roller.er_medlem,
            "kan_ta_i_bruk": bool(places_to_take(request, bilde)),
            "andre": synlige.filter(nivaa=bilde.nivaa).exclude(pk=pk).with_picture()[:6],
            "seksjoner": [
                *seksjoner_paa(bilde, roller=request.roller, dato=idag()),
                *section(bilde, request.roller),
            ],
        },
    )


class Stemme(NamedTuple):
    """A group and how much it put forward; `lengde` is its bar's, of 100."""

    fra: str
    antall: int
    lengde: int


def _voices(innspill: list[Innspill]) -> list[Stemme]:
    """Whose voices."""
    antall: Counter[str] = Counter()
    for rad in innspill:
        antall[rad.fra] += len(rad.punkter)
    stoerst = max(antall.values(), default=1)
    return [Stemme(fra, n, round(100 * n / stoerst)) for fra, n in antall.items()]


def _voices_title(innspill: int, grupper: int) -> str:
    return _("%(innspill)s fra %(grupper)s") % {
        "innspill": ngettext("%(n)s innspill", "%(n)s innspill", innspill) % {"n": innspill},
        "grupper": ngettext("%(n)s gruppe", "%(n)s grupper", grupper) % {"n": grupper},
    }
